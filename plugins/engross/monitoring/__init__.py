"""Checks from outside: the live site (`live_site`), and the licences of models (`watch`)."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
