"""`reference-mismatch`: a cross-reference whose number and title lead to different clauses."""

from __future__ import annotations

from collections.abc import Iterator

from engross.checks.findings import Finding
from engross.checks.rules.rule import Rule
from engross.checks.subject import Subject, at_place
from engross.model import Severity


def check(subject: Subject) -> Iterator[Finding]:
    """Each reference that finds its clause and says of it what is not so."""
    for reference in subject.binding.references:
        if reference.target is not None and reference.problem:
            said = " ".join(reference.text.split())
            yield at_place(reference.place, f"“{said}”: {reference.problem}", text=said)


RULE = Rule(
    name="reference-mismatch",
    severity=Severity.ERROR,
    summary="A cross-reference whose title is not that of the section with its number.",
    why="Sections were moved, and the reference now leads to the wrong one.",
    bad="# Terms\n\n## 1. Fees\n\nFees are due.\n\n## 2. Notices\n\nNotices are as Section 1 (Warranties) grants.",
    good="# Terms\n\n## 1. Fees\n\nFees are due.\n\n## 2. Notices\n\nNotices are as Section 1 (Fees) grants.",
    check=check,
)
