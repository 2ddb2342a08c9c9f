"""Contract Markdown → a tree of clauses. See `parse` for the way through this folder."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
