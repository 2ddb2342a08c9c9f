"""Rules for the levels of headings, and for the numbers typed before headings and paragraphs."""

from __future__ import annotations

from collections.abc import Iterator

import engross.common.lazy_re as re
from engross.drafting.detectors.enumerators import Step, compare, is_cited
from engross.drafting.subject import Finding, OfDocument, Passage, Reading, Rule
from engross.model import Clause, ClauseKind, Severity

_PARTS = re.compile(r"\d+|[A-Za-z]+")
_COUNTED = re.compile(r"\d+")  # "5 years", a heading
_LETTER = re.compile(r"[.)]?\s*\([b-z]\)\s")
_NUMBERED = frozenset({ClauseKind.SECTION, ClauseKind.PARAGRAPH})

# "Section 2.10 is amended to read as follows:" above the text of another contract, with its number.
_AMENDS = re.compile(r"\b(?:amended|added|adding|inserted|inserting|restated|replaced)\b[^;]*:\s*\Z", re.IGNORECASE)
_MOST = 5
_LONGEST_PART = 4
_MOST_IN_SECTION = 60
_FEWEST_BLANKS = 3
# "Article 1648" after "Article 1641" are articles of a law that a text quotes.
_WIDEST_GAP = 5
_MEANT = "meant"

Path = tuple[str, ...]


def _check_heading_number(reading: Reading) -> Iterator[Finding]:
    """Each typed number that does not follow the one before it under the same parent."""
    found = [
        finding
        for _, clause, _ in reading.nodes
        if clause.kind in (ClauseKind.DOCUMENT, ClauseKind.SECTION)
        for finding in _check_children(reading, clause)
    ]
    # A text in two languages side by side has nearly every number twice; joined lines hide most numbers.
    if not reading.embedded.is_usual and len(found) <= max(_MOST, len(reading.numbers) // 4):
        yield from found
    yield from _check_typed_among_generated(reading)


def _check_typed_among_generated(reading: Reading) -> Iterator[Finding]:
    """The first of a few headings with a typed number where `numbering: true` asks for generated ones, of which there
    are none then. A text that numbers at least half of its headings by itself needs no others.
    """
    if not reading.document.entry.numbering:
        return
    headings = [one for one in reading.headings if one.clause.level > 1 or one.clause.number]
    typed = [one for one in headings if one.clause.number and not one.clause.generated]
    if typed and 2 * len(typed) < len(headings):
        number, others, without = typed[0].clause.number, len(typed) - 1, len(headings) - len(typed)
        more = f" (as in {others} more heading{'s' if others > 1 else ''})" if others else ""
        message = (
            f"the number {number} is typed{more}, so `numbering: true` generates none for the {without} headings "
            "without one; delete it, or number all headings"
        )
        yield typed[0].finding(0, message, text=number)


def _check_children(reading: Reading, parent: Clause) -> Iterator[Finding]:
    """Check the typed numbers of the children of one clause. A heading without a number, such as an annex, restarts."""
    last: dict[Path, tuple[str, int]] = {}
    seen: dict[Path, int] = {}
    passage: Passage | None = None
    follows = _texts_before(reading)
    for child in parent.children:
        before, passage = passage, reading.passage_of(child) if child.kind in _NUMBERED else None
        if passage is None or passage.index in reading.contents or passage.index in reading.amounts:
            continue
        if not child.number or child.generated:
            if child.kind is ClauseKind.SECTION:
                last, seen = {}, {}
            continue
        if _is_lettered(passage):
            continue
        if before is not None and _AMENDS.search(before.text):
            continue
        if child.kind is ClauseKind.PARAGRAPH and _goes_on(before, follows[passage.index], passage):
            continue
        yield from _check_number(reading, passage, parent, last, seen)


def _goes_on(before: Passage | None, text: str, passage: Passage) -> bool:
    """Whether a number is part of a sentence in which a converter broke the line: "under clause", "4.1.3 (Orders)"."""
    if is_cited(text, passage.text.partition(passage.clause.number)[2]):
        return True
    broken = before is not None and before.text == text and text.count(" ") >= _FEWEST_BLANKS
    return broken and (text[-1].islower() or text[-1] == ",")


def _is_lettered(passage: Passage) -> bool:
    """Whether a number is an amount, a date, or that of several paragraphs with a letter each: "3.1.7 (b)"."""
    number = passage.clause.number
    after = passage.text.partition(number)[2]
    parts = _PARTS.findall(number)
    dated = len(parts) == 3 and parts[-1].isdigit() and int(parts[-1]) > _MOST_IN_SECTION  # "4.7.98"
    counted = _COUNTED.fullmatch(number) is not None and after[:2].strip().islower()
    lettered = passage.clause.kind is ClauseKind.PARAGRAPH and _LETTER.match(after) is not None
    return dated or counted or lettered or any(len(part) > _LONGEST_PART for part in parts)


def _texts_before(reading: Reading) -> dict[int, str]:
    """The text before each passage, by the index of the passage."""
    found = reading.kept.get(__name__)
    if not isinstance(found, dict):
        texts = ["", *(passage.text for passage in reading.passages)]
        found = reading.kept[__name__] = {one.index: text for one, text in zip(reading.passages, texts, strict=False)}
    return found


def _check_number(
    reading: Reading, passage: Passage, parent: Clause, last: dict[Path, tuple[str, int]], seen: dict[Path, int]
) -> Iterator[Finding]:
    path = tuple(_PARTS.findall(passage.clause.number))
    if not path:
        return
    before, number = last.get(path[:-1]), passage.clause.number
    if path in seen and _restarts(reading, passage, path, before, seen):
        seen.clear()
        last.clear()
    elif path in seen:
        yield passage.finding(0, f"the number {number} appears twice", text=number)
        # The numbers after it are compared with this one: a text that is pasted twice is one mistake.
        seen.clear()
        last.clear()
        if before and before[0].isdigit() and path[-1].isdigit() and int(before[0]) != int(path[-1]):
            # "1.5" between "1.14" and "1.16": only this number is wrong.
            last[_MEANT, *path[:-1]] = str(int(before[0]) + 1), passage.index
    elif (above := _foreign_parent(path, parent)) is not None:
        if not _is_lost(reading, ".".join(path[:-1]), 0, passage.index):
            yield passage.finding(0, f"the number {number} is under number {above}", text=number)
    elif before is not None:
        meant = last.pop((_MEANT, *path[:-1]), None)
        if meant is None or compare(meant[0], path[-1]).step is not Step.NEXT:
            yield from _check_step(reading, passage, path, *before)
    seen[path] = passage.index
    last[path[:-1]] = path[-1], passage.index


def _restarts(
    reading: Reading, passage: Passage, path: Path, before: tuple[str, int] | None, seen: dict[Path, int]
) -> bool:
    """Whether a number that was seen begins another part of the text: a second 1 after several numbers, a second 1.1
    after 3.2, or a second 5.2 of which the 5.1 before it is part of a paragraph.
    """
    first = reading.by_index.get(seen[path])
    if first is not None and first.text != passage.text and _squeezed(first.text) == _squeezed(passage.text):
        return True  # "1.01 Prior Agreements" in the contents, and 1.01 PRIOR AGREEMENTS
    if path[-1] == "1":
        return (before or ("",))[0] not in ("1", "2") or _is_past(path, seen)
    if path[-1] == "0" and path[0] == "1":
        return ("3", "0") in seen  # "1.0" after "11.0" begins an appendix
    if not path[-1].isdigit() or path[-1] == "0":
        return False
    earlier = ".".join((*path[:-1], str(int(path[-1]) - 1)))
    return _is_lost(reading, earlier, seen[path], passage.index)


def _squeezed(text: str) -> str:
    return " ".join(text.split()).casefold()


def _is_lost(reading: Reading, number: str, start: int, end: int) -> bool:
    """Whether a converter left the heading with a number as a paragraph between two clauses, or within a paragraph."""
    below = f"{number}."
    own = ((at, one) for at, one in reading.own_numbers if one == number or one.startswith(below))
    if any(start < at < end for at, _ in own) or reading.embedded.find(number):
        return True
    between = [clause for _, clause, _ in reading.nodes[start:end]]
    if any(clause.kind is ClauseKind.CELL and clause.inline.text.strip(" .\n") == number for clause in between):
        return True
    if number.startswith("("):
        return any(clause.marker == number for clause in between)
    # "… erklärt.6.2. Der Verkäufer …": the blank before the number is lost too.
    glued = re.compile(rf"(?<=[^\W\d_][.;:)”“»]){re.escape(number)}[.)]?\s*(?=[^\W\da-z])")
    begins = re.compile(rf"\s*{re.escape(number)}[.)]?\s*[^\W\d]")
    # "… of the employment. ARTICLE VII “Management” …"
    titled = re.compile(rf"[.;:”\"]\s+(?i:article|section|chapter|part)\s+{re.escape(number)}[.:]?\s+[“\"A-Z]")
    texts = [clause.inline.text for clause in between if number in clause.inline.text]
    if _is_typed(reading, number, start, end):
        return True
    return any(pattern.search(text) for text in texts for pattern in (glued, titled)) or any(map(begins.match, texts))


def _is_typed(reading: Reading, number: str, start: int, end: int) -> bool:
    """Whether a number begins a line or a sentence of the source between two clauses, whatever marks are around it."""
    source, first, last = reading.document.source, reading.by_index.get(start), reading.by_index.get(end)
    if source is None or first is None or last is None:
        return False
    # "3.02" is 3.2, too.
    written = re.escape(number).replace(r"\.", r"\.0?")
    # "Section 3.03 Services" below the number of a page.
    begins = re.compile(
        rf"(?:^|[^\W\d][).;:”»]{{1,3}})[\u200b*_# \t\u00a0]*+{written}(?!\d|[.)]\d)"
        rf"|^[ \t]*+(?i:section|article)[ \t]+{written}[.:]?[ \t]+[A-Z]",
        re.MULTILINE,
    )
    return begins.search(source.text, first.source_offset(0) + len(number), last.source_offset(0)) is not None


def _is_past(path: Path, seen: dict[Path, int]) -> bool:
    """Whether the numbers before are those of sections at least two later than that of a number."""
    first = path[0]
    return len(path) > 1 and first.isdigit() and (str(int(first) + 2),) in {one[:1] for one in seen}


def _check_step(reading: Reading, passage: Passage, path: Path, before: str, start: int) -> Iterator[Finding]:
    number = passage.clause.number
    found = compare(before, path[-1])
    cut = number.rfind(path[-1])
    earlier = f"{number[:cut]}{before}{number[cut + len(path[-1]) :]}"
    if found.step is Step.SKIP and found.gap <= _WIDEST_GAP:
        # "3.03" is missing between "3.02" and "3.04".
        width = next((len(one) for one in (before, path[-1]) if one[0] == "0"), 0)
        missing = f"{number[:cut]}{found.missing.zfill(width)}{number[cut + len(path[-1]) :]}"
        if not _is_lost(reading, missing.rstrip("."), start, passage.index):
            yield passage.finding(0, f"{number} comes after {earlier}: {missing} is missing", text=number)
    elif found.step is Step.BACK and number[:1] != "(":
        yield passage.finding(0, f"{number} comes after {earlier}", text=number)


def _foreign_parent(path: Path, parent: Clause) -> str | None:
    """The number of the parent, if a number one part longer does not begin with it; else None."""
    above = tuple(_PARTS.findall(parent.number)) if parent.number and not parent.generated else ()
    if not above or len(path) != len(above) + 1 or path[: len(above)] == above:
        return None
    return parent.number if all(part.isdigit() for part in (*above, *path)) else None


HEADING_NUMBER = Rule(
    name="heading-number",
    severity=Severity.WARNING,
    summary=(
        "A number typed before a heading or a paragraph that repeats an earlier one, or skips one; or one that "
        "prevents the numbers that `numbering: true` generates."
    ),
    why=(
        "References by number lead to the wrong clause, or to none. A number that a converter left in a "
        "paragraph or in an "
        "item is not missing."
    ),
    bad="# Terms\n\n## 1. Fees\n\nFees are due.\n\n## 3. Notices\n\nNotices are in writing.",
    good="# Terms\n\n## 1. Fees\n\nFees are due.\n\n## 2. Notices\n\nNotices are in writing.",
    check=OfDocument(_check_heading_number),
)


def _check_heading_level(reading: Reading) -> Iterator[Finding]:
    """The first heading of each skipped level; only one finding if the whole document skips that level."""
    levels = {passage.clause.level for passage in reading.headings}
    leaps: set[object] = set()
    for passage in reading.headings:
        level, above = passage.clause.level, passage.section
        if above.kind is not ClauseKind.SECTION or level <= above.level + 1:
            continue
        # A level that the document never uses is a habit: report it once. One that it uses elsewhere is a slip.
        missing = levels.isdisjoint(range(above.level + 1, level))
        leap = (above.level, level) if missing else above.anchor
        if leap not in leaps:
            leaps.add(leap)
            yield _level_finding(reading, passage.index, above.level + 1)


def _level_finding(reading: Reading, index: int, wanted: int) -> Finding:
    passage = reading.by_index[index]
    return passage.finding(
        0,
        f"a heading of level {passage.clause.level} under one of level {wanted - 1}: level {wanted} is skipped",
        text=passage.text,
        fix=f"{'#' * wanted} {passage.text}",
    )


HEADING_LEVEL = Rule(
    name="heading-level",
    severity=Severity.WARNING,
    summary="A heading that is deeper than the one above it by more than one level.",
    why="The table of contents and screen readers then announce a level that does not exist.",
    bad="# Terms\n\n## Fees\n\nFees are due.\n\n#### Late payment\n\nInterest is due.",
    good="# Terms\n\n## Fees\n\nFees are due.\n\n### Late payment\n\nInterest is due.",
    check=OfDocument(_check_heading_level),
)
