"""The text law: a finished page has the text of its source. It shares no rule with the code that makes pages."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
