"""Versions, sets and redlines as files for people and programs; start with `Copy` in `copies` and `FORMATS`."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
