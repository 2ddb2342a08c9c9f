"""Two texts of a document → one edit script, exact on both sides. See `engine` for the way through this folder."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
