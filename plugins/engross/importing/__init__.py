"""Word files, web pages, plain text and histories as contract Markdown and sealed versions."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
