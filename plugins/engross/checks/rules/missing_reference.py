"""`missing-reference`: a cross-reference that leads nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engross.checks.findings import Finding
from engross.checks.rules.rule import Rule
from engross.checks.subject import Subject, at_place
from engross.model import Reference, ReferenceKind, Severity


def check(subject: Subject) -> Iterator[Finding]:
    """Each reference into the edition without a target; one to an instrument outside is never broken."""
    for reference in subject.binding.references:
        broken = reference.target is None and reference.kind is not ReferenceKind.EXTERNAL
        if broken and not _is_typed(subject, reference):
            said = " ".join(reference.text.split())
            problem = reference.problem or "there is no such clause"
            yield at_place(reference.place, f"“{said}” leads nowhere: {problem}", text=said)


def _is_typed(subject: Subject, reference: Reference) -> bool:
    """Whether the number is there after all: its sub-clauses are (13.1 makes a Clause 13), or it begins a paragraph."""
    found = _NUMBER.search(reference.text)
    reading = subject.by_document.get(reference.place.document)
    if not found or reading is None or reference.text[found.end() : found.end() + 1] == "(":
        return False
    number = found[0]
    return number in reading.numbers


_NUMBER = re.compile(r"\d+(?:\.\d+)*")

RULE = Rule(
    name="missing-reference",
    severity=Severity.ERROR,
    summary="A cross-reference to a section, item or document that there is not.",
    why="The rule that was meant to apply cannot be found, and perhaps does not apply.",
    bad="# Terms\n\n## 1. Fees\n\nFees are due as Section 4.2 states.\n\n## 2. Notices\n\nSection 1 holds for notices.",
    good="# Terms\n\n## 1. Fees\n\nFees are due as Section 2 states.\n\n## 2. Notices\n\nSection 1 holds for notices.",
    check=check,
)
