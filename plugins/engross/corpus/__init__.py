"""Reads what a site publishes: the documents and sets in `documents.yml`, and the list of models.

YAML is read strictly, and every mistake is reported with its line and column, because the people who edit contracts are
not programmers.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
