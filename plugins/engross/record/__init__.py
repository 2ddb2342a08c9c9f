"""The record: what was posted when, sealed; what is in force; and how it is added to.

people write      notes (`notes`) and texts  →  drafts against what stands (`drafts`)  →  what a release would post
                  (`plan`), asked the rules of the record (`rules/`)
the tool seals    entries and files (`sealing`), written all or none (`journal`), chained (`ledger`, `laws`)
everyone asks     the record (`history`), verified (`verify`) from its folder (`archive`)
"""

from engross.record.history import Record
from engross.record.project_record import State, read_state
from engross.record.releasing import release
from engross.record.verify import check_prefix, open_record, verify

__all__ = ["Record", "State", "check_prefix", "open_record", "read_state", "release", "verify"]
