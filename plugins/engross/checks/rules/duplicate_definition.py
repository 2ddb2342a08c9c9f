"""`duplicate-definition`: a term that is given two meanings for the same text."""

from __future__ import annotations

from collections.abc import Iterator

from engross.checks.findings import Finding
from engross.checks.rules.rule import Rule
from engross.checks.subject import Subject, at_place
from engross.checks.words.repeats import repeats
from engross.model import Severity


def check(subject: Subject) -> Iterator[Finding]:
    """Each definition of a term that another defines outright, in the same document and for the same part of it."""
    for repeat in repeats(subject):
        if repeat.slip:
            first = repeat.first.place
            where = f"line {first.line}" + (f" ({first.label})" if first.label else "")
            message = f"“{repeat.name}” is already defined on {where}"
            yield at_place(repeat.again.place, message, text=repeat.again.term)


RULE = Rule(
    name="duplicate-definition",
    severity=Severity.ERROR,
    summary="A term that is defined twice for the same text.",
    why="Nobody can tell which of the two meanings applies.",
    bad=(
        "# Terms\n\n- “Fee” means what Customer pays.\n- “Fee” means what Provider asks.\n\n"
        "Every Fee is final. A Fee is due at once. No Fee is paid back."
    ),
    good=(
        "# Terms\n\n- “Fee” means what Customer pays.\n- “Price” means what Provider asks.\n\n"
        "Every Fee is final. A Fee is the Price. No Price is fixed."
    ),
    check=check,
)
