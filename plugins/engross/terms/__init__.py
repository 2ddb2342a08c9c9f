"""Defined terms, their uses and cross-references. See `bind` for the way through this folder."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
