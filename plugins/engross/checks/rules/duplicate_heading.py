"""`duplicate-heading`: two sections of one name beside each other, or a reference that could mean either of two."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engross.checks.findings import Finding
from engross.checks.rules.rule import Rule
from engross.checks.subject import Reading, Subject
from engross.model import Clause, ClauseKind, Severity

_MEANT = re.compile(
    r"\W*(?:reserved|intentionally|omitted|deleted|not used|redacted|signatures?|blank"
    r"|.*\b(?:Inc|LLC|Ltd|Limited|GmbH|Corp|PLC)\b\.?\Z)",
    re.IGNORECASE,
)


def check(subject: Subject) -> Iterator[Finding]:
    """Each heading that repeats one of its siblings."""
    for reading in subject.readings:
        for _, clause, _ in reading.nodes:
            if clause.kind in (ClauseKind.DOCUMENT, ClauseKind.SECTION, ClauseKind.LIST):
                yield from _among(reading, clause)


def _among(reading: Reading, parent: Clause) -> Iterator[Finding]:
    first: dict[tuple[ClauseKind, str], Clause] = {}
    title = reading.headings[0].clause if reading.headings else None
    for clause in parent.children:
        name = _heading(clause)
        # A title is often repeated where the text proper begins.
        if not name or (clause is title and clause.level == 1 and not clause.number):
            continue
        before = first.setdefault((clause.kind, name.casefold()), clause)
        if before is not clause:
            message = (
                f"a section “{name}” stands beside this one, on line {before.lines[0]}; a reference could mean either"
            )
            yield reading.finding(clause, message, text=name)


def _heading(clause: Clause) -> str:
    """The name that a clause goes by among its siblings; an empty string where it has none that must be its own."""
    name = " ".join(clause.name.split())
    if not any(map(str.isalpha, name)) or _MEANT.match(name):
        return ""
    if clause.kind is ClauseKind.SECTION:
        return name
    # "Note." may introduce many paragraphs; a numbered clause has its name to itself.
    numbered = clause.kind is ClauseKind.PARAGRAPH and clause.number and not clause.generated
    listed = clause.kind is ClauseKind.ITEM and clause.marker[:1].isdigit() and clause.label.endswith(f": {name}")
    return name if numbered or listed else ""


RULE = Rule(
    name="duplicate-heading",
    severity=Severity.ERROR,
    summary="Two sections of the same name side by side, or a reference that could mean either of two sections.",
    why="Contracts refer to sections by name; a name that two sections share leads to neither.",
    bad="# Terms\n\n## Fees\n\nFees are due.\n\n## Fees\n\nFees are final.",
    good="# Terms\n\n## Fees\n\nFees are due.\n\n## Taxes\n\nTaxes are extra.",
    check=check,
)
