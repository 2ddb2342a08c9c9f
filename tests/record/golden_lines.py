"""The lines whose bytes must stay, and the forms of entries."""

from collections.abc import Iterator
from pathlib import Path

from engross.model import (
    Entry,
    EntryKind,
)
from engross.record.ledger.file import (
    FORMS,
    Form,
    read_ledger,
)

CASES = Path(__file__).parent / "cases"
BOTH = CASES / "ledger-1-and-2.jsonl"
FORMAT_2 = CASES / "ledger-2.jsonl"


def forms() -> Iterator[tuple[int, EntryKind, Form]]:
    for of_format, kinds in FORMS.items():
        for kind, of_kind in kinds.items():
            yield from ((of_format, kind, form) for form in of_kind)


def golden() -> tuple[Entry, ...]:
    return read_ledger(BOTH.read_bytes(), BOTH.name)[0]


def form_of(entry: Entry) -> Form:
    """The form of an entry, by its subject."""
    forms = FORMS[entry.format][entry.kind]
    given = "awaits" if entry.awaits else ""
    return next(form for form in forms if form.about == given or (not given and getattr(entry, form.about)))
