"""What the code knows of natural language: sentences, word forms, and the words of each language as data."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
