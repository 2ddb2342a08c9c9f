"""The record: every posted version, sealed; which are in force; and how it grows.

notes/, posting/    people write notes and texts → drafts → the plan of a release → sealed files and entries
rules/              what a release must fulfil
ledger/, seals.py, trees.py, sealed_files.py, journal.py    the sealed files
history.py, in_force.py, verification.py    the record as it is read
redact/, views/     redactions; posted changes as pages and files show them
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
