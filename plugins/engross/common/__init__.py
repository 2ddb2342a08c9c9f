"""What every package may use: errors, messages, the clock, the cache, the content security policy, value classes."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
