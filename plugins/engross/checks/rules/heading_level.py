"""`heading-level`: a heading that is deeper than its parent by more than one level."""

from __future__ import annotations

from collections.abc import Iterator

from engross.checks.findings import Finding
from engross.checks.rules.rule import Rule
from engross.checks.subject import Reading, Subject
from engross.model import ClauseKind, Severity


def check(subject: Subject) -> Iterator[Finding]:
    """The first heading of each leap, and no more than one where the whole document leaps so."""
    for reading in subject.readings:
        levels = {passage.clause.level for passage in reading.headings}
        leaps: set[object] = set()
        for passage in reading.headings:
            level, above = passage.clause.level, passage.section
            if above.kind is not ClauseKind.SECTION or level <= above.level + 1:
                continue
            # A level that the document never uses is a habit, told once; one that it uses elsewhere is a slip.
            missing = levels.isdisjoint(range(above.level + 1, level))
            leap = (above.level, level) if missing else above.anchor
            if leap not in leaps:
                leaps.add(leap)
                yield _finding(reading, passage.index, above.level + 1)


def _finding(reading: Reading, index: int, wanted: int) -> Finding:
    passage = reading.by_index[index]
    return passage.finding(
        0,
        f"a heading of level {passage.clause.level} under one of level {wanted - 1}: level {wanted} is left out",
        text=passage.text,
        fix=f"{'#' * wanted} {passage.text}",
    )


RULE = Rule(
    name="heading-level",
    severity=Severity.WARNING,
    summary="A heading that is deeper than the one above it by more than one level.",
    why="The table of contents and screen readers show a level that is not there.",
    bad="# Terms\n\n## Fees\n\nFees are due.\n\n#### Late payment\n\nInterest is due.",
    good="# Terms\n\n## Fees\n\nFees are due.\n\n### Late payment\n\nInterest is due.",
    check=check,
)
