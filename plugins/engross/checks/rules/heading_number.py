"""`heading-number`: numbers typed before headings or paragraphs that repeat or skip."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engross.checks.findings import Finding
from engross.checks.rules.rule import Rule
from engross.checks.subject import Passage, Reading, Subject
from engross.checks.words.sequence import Step, compare
from engross.model import Clause, ClauseKind, Severity

_PARTS = re.compile(r"\d+|[A-Za-z]+")
_NUMBERED = frozenset({ClauseKind.SECTION, ClauseKind.PARAGRAPH})

_MOST = 5

Path = tuple[str, ...]


def check(subject: Subject) -> Iterator[Finding]:
    """Each typed number that does not follow the one before it under the same parent."""
    for reading in subject.readings:
        found = [
            finding
            for _, clause, _ in reading.nodes
            if clause.kind in (ClauseKind.DOCUMENT, ClauseKind.SECTION)
            for finding in _under(reading, clause)
        ]
        # A text in two languages side by side gives nearly every number twice.
        if len(found) <= max(_MOST, len(reading.numbers) // 4):
            yield from found


def _under(reading: Reading, parent: Clause) -> Iterator[Finding]:
    """The typed numbers of the children of one clause. A heading without a number begins the count anew: an annex."""
    last: dict[Path, str] = {}
    seen: set[Path] = set()
    for child in parent.children:
        passage = reading.passage_of(child) if child.kind in _NUMBERED else None
        if passage is None:
            continue
        if not child.number or child.generated:
            if child.kind is ClauseKind.SECTION:
                last, seen = {}, set()
            continue
        yield from _judge(passage, parent, last, seen)


def _judge(passage: Passage, parent: Clause, last: dict[Path, str], seen: set[Path]) -> Iterator[Finding]:
    path = tuple(_PARTS.findall(passage.clause.number))
    if not path:
        return
    before, number = last.get(path[:-1]), passage.clause.number
    if path in seen:
        yield passage.finding(0, f"the number {number} is given twice", text=number)
    elif (above := _stranger(path, parent)) is not None:
        yield passage.finding(0, f"the number {number} stands under {above}", text=number)
    elif before is not None:
        yield from _step(passage, path, before)
    seen.add(path)
    last[path[:-1]] = path[-1]


def _step(passage: Passage, path: Path, before: str) -> Iterator[Finding]:
    number = passage.clause.number
    found = compare(before, path[-1])
    cut = number.rfind(path[-1])
    earlier = f"{number[:cut]}{before}{number[cut + len(path[-1]) :]}"
    if found.step is Step.SKIP:
        missing = f"{number[:cut]}{found.missing}{number[cut + len(path[-1]) :]}"
        yield passage.finding(0, f"{number} comes after {earlier}: {missing} is left out", text=number)
    elif found.step is Step.BACK:
        yield passage.finding(0, f"{number} comes after {earlier}", text=number)


def _stranger(path: Path, parent: Clause) -> str | None:
    """The number of the parent where a number one part longer begins otherwise than it; else None."""
    above = tuple(_PARTS.findall(parent.number)) if parent.number and not parent.generated else ()
    if not above or len(path) != len(above) + 1 or path[: len(above)] == above:
        return None
    return parent.number if all(part.isdigit() for part in (*above, *path)) else None


RULE = Rule(
    name="heading-number",
    severity=Severity.WARNING,
    summary="A number typed before a heading or a paragraph that repeats an earlier one, or skips one.",
    why="References by number lead to the wrong clause, or to none.",
    bad="# Terms\n\n## 1. Fees\n\nFees are due.\n\n## 3. Notices\n\nNotices are in writing.",
    good="# Terms\n\n## 1. Fees\n\nFees are due.\n\n## 2. Notices\n\nNotices are in writing.",
    check=check,
)
