"""The record: what was posted when, sealed; what is in force; and how it is added to.

people write      notes (`notes`) and texts  →  drafts against what stands (`drafts`)  →  what a release would post
                  (`plan`), asked the rules of the record (`rules/`)
the tool seals    entries and files (`sealing`), written all or none (`journal`), chained (`ledger`, `laws`)
everyone asks     the record (`history`), verified (`verify`) from its folder (`archive`)
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
