"""Finds defined terms, their uses and cross-references in an edition; start with `bind`."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
