"""The review of a branch: what a release would post, what is missing, and which findings are new, as one value.

content.py        the value
documents.py      the plan of a release → what changes in documents and sets
notes.py          pending notes as customers will read them, and when their changes take effect
base.py           the base: which findings it has too, and what the branch did to the record
read.py           all of it, whatever cannot be read
markdown.py, fitting.py, json.py    the outputs
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
