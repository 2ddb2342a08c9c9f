"""Law 1: a finished page has the words of its source. Checked by code that shares none of the rules that made it."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
