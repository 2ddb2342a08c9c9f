"""Compares two texts of a document and produces one exact edit script; start with `redline` in `script_builder`."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
