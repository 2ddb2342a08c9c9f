"""The data types of Engross, which all other packages pass to one another.

`text/` parses a source into a tree of clauses, `corpus/` reads documents and sets from `documents.yml`, and later
stages work only on an `Edition`: a set as it was read at one moment. All values are frozen: a stage creates new values
and never changes those it received.

Lines and columns are 1-based, and columns count characters. Offsets are 0-based and count characters of the
normalised source (`Source.text`: no byte-order mark, line ends as `\n`).
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
