"""`duplicate-heading`: two sections of one name beside each other, or a reference that could mean either of two."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from engross.checks.findings import Finding
from engross.checks.rules.rule import Rule
from engross.checks.subject import Reading, Subject, at_place
from engross.model import Clause, ClauseKind, Reference, ReferenceKind, Severity

_QUOTES = "“”\"«»‘’' "
_MEANT = re.compile(
    r"\W*(?:reserved|intentionally|omitted|deleted|not used|redacted|signatures?|blank"
    r"|.*\b(?:Inc|LLC|Ltd|Limited|GmbH|Corp|PLC)\b\.?\Z)",
    re.IGNORECASE,
)


def check(subject: Subject) -> Iterator[Finding]:
    """Each heading that repeats one of its siblings, and each reference by a name that sections elsewhere share."""
    for reading in subject.readings:
        for _, clause, _ in reading.nodes:
            if clause.kind in (ClauseKind.DOCUMENT, ClauseKind.SECTION, ClauseKind.LIST):
                yield from _among(reading, clause)
    shared = {reading.document.id: _shared(reading) for reading in subject.readings}
    for reference in subject.binding.references:
        if reference.kind is ReferenceKind.HEADING and reference.target:
            yield from _ambiguous(subject, reference, shared.get(reference.target[0], {}))


_Sections = Mapping[str, tuple[tuple[Clause, Clause], ...]]
"""Sections by name, where several that are not beside each other have it; each with the clause it stands in."""


def _shared(reading: Reading) -> _Sections:
    named: dict[str, list[tuple[Clause, Clause]]] = defaultdict(list)
    for _, clause, around in reading.nodes:
        if clause.kind is ClauseKind.SECTION and (name := _heading(clause)):
            named[name.casefold()].append((clause, around[-1]))
    return {
        name: tuple(found)
        for name, found in named.items()
        if len(found) > 1 and len({id(parent) for _, parent in found}) == len(found)
    }


def _ambiguous(subject: Subject, reference: Reference, shared: _Sections) -> Iterator[Finding]:
    """A reference by a bare name is to the section nearby, if there is one of that name; else it could be any."""
    name = " ".join(reference.text.split()).strip(_QUOTES)
    found = shared.get(name.casefold(), ())
    passage = subject.passage(reference.place)
    if not found or passage is None:
        return
    nearby = {id(clause) for clause in passage.around}
    # The title of a document is around all of it, and brings nothing near.
    if any(id(parent) in nearby and parent.level > 1 for _, parent in found):
        return
    lines = " and ".join(str(clause.lines[0]) for clause, _ in found)
    within = " or ".join(f"“{parent.name}: {clause.name}”" for clause, parent in found if parent.name)
    message = f"“{name}” could mean any of the sections of that name, on lines {lines}; say which"
    yield at_place(reference.place, message, text=name, fix=within)


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
