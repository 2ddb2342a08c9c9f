"""Rules for headings: repeats, levels, numbers, empty sections.

`duplicate-heading`: two sections of one name beside each other, or a reference that could mean either of two.

`empty-section`: a heading with nothing under it.

`heading-level`: a heading that is deeper than its parent by more than one level.

`heading-number`: numbers typed before headings or paragraphs that repeat or skip.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from engross.drafting.subject import Finding, Passage, Reading, Rule, Subject, at_place
from engross.drafting.words.pairs import Step, compare
from engross.model import Clause, ClauseKind, Reference, ReferenceKind, Severity

_QUOTES = "“”\"«»‘’' "
_MEANT = re.compile(
    r"\W*(?:reserved|intentionally|omitted|deleted|not used|redacted|signatures?|blank"
    r"|.*\b(?:Inc|LLC|Ltd|Limited|GmbH|Corp|PLC)\b\.?\Z)",
    re.IGNORECASE,
)


def _check_duplicate_heading(subject: Subject) -> Iterator[Finding]:
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


DUPLICATE_HEADING = Rule(
    name="duplicate-heading",
    severity=Severity.ERROR,
    summary="Two sections of the same name side by side, or a reference that could mean either of two sections.",
    why="Contracts refer to sections by name; a name that two sections share leads to neither.",
    bad="# Terms\n\n## Fees\n\nFees are due.\n\n## Fees\n\nFees are final.",
    good="# Terms\n\n## Fees\n\nFees are due.\n\n## Taxes\n\nTaxes are extra.",
    check=_check_duplicate_heading,
)


_MEANT_EMPTY_SECTION = re.compile(
    r"\W*(?:reserved|intentionally|omitted|deleted|not used|redacted|repealed|version|dated?\b|effective"
    r"|last (?:updated|modified|revised)|updated|between|table of contents|contents"
    r"|signatures?|accepted|agreed|executed|in witness)"
    r"|.*\b(?:reserved|intentionally (?:omitted|left blank))\W*\Z",
    re.IGNORECASE,
)
_LONGEST_NAME = 80


def _check_empty_section(subject: Subject) -> Iterator[Finding]:
    """Each section without text, and each numbered item that is nothing but its heading among others that are more."""
    for reading in subject.readings:
        opening = True
        for passage in reading.passages:
            if not passage.is_heading:
                opening = False
            elif (
                not passage.clause.children
                and not _in_container(passage)
                and not (opening and _is_title(reading, passage))
                and _wants_text(passage)
            ):
                name = passage.clause.name or passage.text
                yield passage.finding(0, f"the section “{name}” has no text", text=name)
        yield from _empty_items(reading)


def _in_container(passage: Passage) -> bool:
    """Whether a heading stands in a quotation or a list, where what follows it need not be below it."""
    return any(around.kind in (ClauseKind.QUOTE, ClauseKind.LIST) for around in passage.around)


def _is_title(reading: Reading, passage: Passage) -> bool:
    """Whether this is the document's title, set on the same level as its sections."""
    return passage is reading.passages[0] and not passage.clause.number


def _wants_text(passage: Passage) -> bool:
    """Whether the heading is a name, and not a clause set as a heading, or one that says that it is empty."""
    text = " ".join(passage.text.split())
    is_clause = len(text) > _LONGEST_NAME or (text.endswith((".", ";", ":")) and len(text.split()) > 6)
    return bool(text) and not is_clause and not _MEANT_EMPTY_SECTION.match(passage.clause.name or text)


def _empty_items(reading: Reading) -> Iterator[Finding]:
    for _, clause, _ in reading.nodes:
        if clause.kind is not ClauseKind.LIST or len(clause.children) < 2:
            continue
        empty = [item for item in clause.children if _is_bare(item)]
        if empty and 2 * len(empty) < len(clause.children):
            for item in empty:
                name = item.name or item.marker
                yield reading.finding(item, f"the item “{name}” has no text", text=name)


def _is_bare(item: Clause) -> bool:
    """Whether an item is nothing but a bold heading, or nothing at all."""
    if item.children or _MEANT_EMPTY_SECTION.match(item.inline.text):
        return False
    text = item.inline.text.strip(" .:\n")
    return not text or (bool(item.name) and item.name == text and item.marker[:1] not in "-*+")


EMPTY_SECTION = Rule(
    name="empty-section",
    severity=Severity.WARNING,
    summary="A heading with no text under it.",
    why="Readers cannot tell whether text was lost or never written. Say “Reserved” if the place is kept on purpose.",
    bad="# Terms\n\n## Survival\n\n## Notices\n\nNotices are in writing.",
    good="# Terms\n\n## Reserved\n\n## Notices\n\nNotices are in writing.",
    check=_check_empty_section,
)


def _check_heading_level(subject: Subject) -> Iterator[Finding]:
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


HEADING_LEVEL = Rule(
    name="heading-level",
    severity=Severity.WARNING,
    summary="A heading that is deeper than the one above it by more than one level.",
    why="The table of contents and screen readers show a level that is not there.",
    bad="# Terms\n\n## Fees\n\nFees are due.\n\n#### Late payment\n\nInterest is due.",
    good="# Terms\n\n## Fees\n\nFees are due.\n\n### Late payment\n\nInterest is due.",
    check=_check_heading_level,
)


_PARTS = re.compile(r"\d+|[A-Za-z]+")
_NUMBERED = frozenset({ClauseKind.SECTION, ClauseKind.PARAGRAPH})

_MOST = 5

Path = tuple[str, ...]


def _check_heading_number(subject: Subject) -> Iterator[Finding]:
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


HEADING_NUMBER = Rule(
    name="heading-number",
    severity=Severity.WARNING,
    summary="A number typed before a heading or a paragraph that repeats an earlier one, or skips one.",
    why="References by number lead to the wrong clause, or to none.",
    bad="# Terms\n\n## 1. Fees\n\nFees are due.\n\n## 3. Notices\n\nNotices are in writing.",
    good="# Terms\n\n## 1. Fees\n\nFees are due.\n\n## 2. Notices\n\nNotices are in writing.",
    check=_check_heading_number,
)
