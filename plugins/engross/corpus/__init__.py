"""What a site publishes: the documents and sets of `documents.yml`, and the catalogue of models.

YAML is read so strictly, and with every mistake placed, because contracts are edited by people who do not program.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
