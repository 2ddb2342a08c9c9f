"""Decides which lines begin an item, and which begin with "(b)" only because a sentence was wrapped there.

A wrapped sentence with a run-in enumeration, or with a reference such as "Section 4.2 (b)", can place an enumerator at
the start of a line. A line inside a paragraph therefore begins an item only if its neighbours confirm it: the previous
enumerator began an item, or the next one in the sequence does.

One pass decides all lines. Neighbours are looked up in tables or within `_WINDOW` lines, so the time is linear.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection
from dataclasses import field

import engross.common.lazy_re as re
from engross.common import value_class
from engross.model import READER
from engross.text.numbering import BRACKETED, Enumerator, Reading, is_amount, read_enumerator

# What may precede an item's marker on its line: indentation, quote marks, bullets of an outer list.
_CANDIDATE = re.compile(
    r"\n(?P<before>[ \t>]*+(?:[-+*][ \t]+)*)"
    rf"(?:(?P<marker>{BRACKETED}|[A-Za-z]{{1,6}}[.)])(?P<gap>[ \t]+|(?=\n)|\Z)"
    r"|(?P<number>\d{1,4}(?:\.\d{1,4}){1,9})\.?[ \t])",
)
_NEXT_MARKER = re.compile(rf"({BRACKETED})[ \t]+")
_INLINE_MARKER = re.compile(r"(?<=[ \t])\([A-Za-z0-9]{1,6}\)(?=[ \t]|$)")
# A line that no paragraph continues after: heading, table row, fence, thematic break, underline, end of a comment.
_BOUNDARY = re.compile(r"[ \t>]*+(?:#{1,6}(?:[ \t]|$)|\||```|~~~|(?:[-*_=][ \t]*)+$|.*-->[ \t]*$)")
_UNDERLINE = re.compile(r"[ \t>]*+(?:=+|--)[ \t]*$")
_PART = r"(?:[\dIVX]+(?:\.\d+)*(?:\([A-Za-z0-9]{1,6}\))*|(?:\([A-Za-z0-9]{1,6}\))+)"
_WORD = (
    r"(?:sub-?)?(?:sections?|clauses?|paragraphs?|articles?|items?|parts?|points?|exhibits?|schedules?|annex|appendix)"
)
# "Section 4.2" or "§" before the break. A word alone ("a new item") counts only after a preposition or determiner.
_REFERRING = re.compile(
    rf"(?:(?:\b{_WORD}\b|§)[ \t]*{_PART}(?:[ \t]*(?:,|and|or|to|through)[ \t]*{_PART})*[ \t]*(?:and|or|to|through)?"
    rf"|\b(?:in|of|by|to|at|on|under|with|from|per|see|this|that|such|and|or|the)[ \t]+{_WORD}|§)[ \t]*$",
    re.IGNORECASE,
)
_PREPOSITION = re.compile(r"\b(?:in|of|by|to|at|on|under|with|from|per|see|through)[ \t]*$", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?:[.;:,?!”\"’)—–-]|\b(?:and|or|and/or))[ \t]*$", re.IGNORECASE)
_COPYRIGHT = re.compile(r"\([cC]\)[ \t]+(?:copyright\b|(?:19|20)\d\d\b)", re.IGNORECASE)
_WINDOW = 40
_TAIL = 120

Key = tuple[str, Reading]


@value_class(frozen=True, slots=True)
class Marker:
    """An enumerator at the start of a line: its offset in the text, and its width including the blanks after it."""

    enumerator: Enumerator
    offset: int
    width: int


@value_class(slots=True)
class _Candidate:
    """A line (0-based) that looks like an item (with `markers`) or like a numbered paragraph (without).

    `content` is the offset of the text after the markers, in the text with the added leading line end (see `find`);
    `number` is the number of a numbered paragraph ("5.1").
    """

    line: int
    before: str
    markers: tuple[Marker, ...]
    content: int
    number: str = ""


@value_class(frozen=True, slots=True)
class LineStarts:
    """The lines (0-based) of one text at which an item or a numbered paragraph begins; `line in starts` is cheap."""

    _begun: dict[int, tuple[Marker, ...]]

    def __contains__(self, line: int) -> bool:
        return line in self._begun

    def items_at(self, line: int, offset: int) -> tuple[Marker, ...]:
        """Return the markers of the items that begin on the line, if the first is at `offset` of the text."""
        markers = self._begun.get(line)
        return markers if markers and markers[0].offset == offset else ()

    def interrupts(self, line: int, offset: int) -> bool:
        """Return whether the item or number at `offset` of the line ends the paragraph before it."""
        markers = self._begun.get(line)
        return markers is not None and (not markers or markers[0].offset == offset)

    @property
    def lines(self) -> Collection[int]:
        """The lines in their order."""
        return self._begun.keys()


def find(text: str, reader: int = READER) -> LineStarts:
    """Find all lines of a normalised text at which an item, or a paragraph numbered like 5.1, begins.

    `reader` is the generation of the parser whose rules apply: in generation 1 an amount counts as a number.
    """
    # With a leading line end, every line begins after one; that is faster to search for than the start of a line.
    text = f"\n{text}"
    candidates = _candidates(text, reader)
    if not candidates:
        return LineStarts({})
    decision = _Decision(text, text.split("\n")[1:], candidates)
    return LineStarts({found.line: found.markers for found in candidates if decision.begins(found)})


def at_lines(text: str, lines: Collection[int], reader: int) -> LineStarts:
    """Return the starts of a part of a text; `lines` are those of its lines that `find` found in the whole text."""
    return LineStarts({one.line: one.markers for one in _candidates(f"\n{text}", reader) if one.line in lines})


def _candidates(text: str, reader: int) -> list[_Candidate]:
    candidates: list[_Candidate] = []
    line, counted = -1, 0
    for found in _CANDIDATE.finditer(text):
        line += text.count("\n", counted, found.start() + 1)
        counted = found.start() + 1
        markers = _markers(text, found) if found["marker"] else ()
        if markers or (found["number"] and not (reader > 1 and is_amount(text, *found.span("number"), reader))):
            content = markers[-1].offset + markers[-1].width + 1 if markers else found.end()
            candidates.append(_Candidate(line, found["before"], markers, content, found["number"] or ""))
    return candidates


def _markers(text: str, found: re.Match[str]) -> tuple[Marker, ...]:
    """Return the marker of a line and those of sub-items that follow it directly, as in "(a) (i) …"."""
    enumerator = read_enumerator(found["marker"])
    if enumerator is None:
        return ()
    start = found.start("marker")
    markers = [Marker(enumerator, start - 1, found.end() - start)]
    while following := _NEXT_MARKER.match(text, markers[-1].offset + markers[-1].width + 1):
        inner = read_enumerator(following[1])
        if inner is None or not _opens_within(inner, markers):
            break
        markers.append(Marker(inner, following.start() - 1, following.end() - following.start()))
    return tuple(markers)


def _opens_within(inner: Enumerator, markers: list[Marker]) -> bool:
    """Return whether an enumerator after others is the first of a style that none of them certainly has."""
    around = [marker.enumerator for marker in markers]
    taken = {enumerator.readings[0].style for enumerator in around if len(enumerator.readings) == 1}
    firsts = {reading.style for reading in inner.readings if reading.ordinal == 1}
    return bool(firsts - taken) and all(inner.text != enumerator.text for enumerator in around)


@value_class(slots=True)
class _Decision:
    """Decides the candidates one after another, in text order.

    A run is the lines that may form one paragraph: since the last empty line, boundary or beginning of an item.
    """

    text: str
    lines: list[str]
    candidates: list[_Candidate]
    # The candidates with each enumerator, as indexes into `candidates`.
    positions: dict[Key, list[int]] = field(default_factory=lambda: defaultdict(list))
    # The last candidate with each enumerator that began an item.
    begun: dict[Key, int] = field(default_factory=dict)
    at: int = -1
    # The run: whether an item began it, its next line to read, and the enumerators seen inside it.
    in_item: bool = False
    unread: int = 0
    inside: set[Key] = field(default_factory=set)
    # The number at the start of the paragraph, if any.
    number: str = ""

    def __post_init__(self) -> None:
        for index, candidate in enumerate(self.candidates):
            for marker in candidate.markers:
                for key in _keys(marker.enumerator):
                    self.positions[key].append(index)

    def begins(self, candidate: _Candidate) -> bool:
        """Return whether the next candidate begins an item or a numbered paragraph. Call once for each, in order."""
        self.at += 1
        self._read_up_to(candidate)
        fresh = self._is_fresh(candidate)
        found = self._opens_block(candidate) if fresh else self._interrupts(candidate)
        # "(a) Term" above a line of equals signs is a heading.
        found = found and not self._is_underlined(candidate)
        if fresh or found:
            self.number = candidate.number
        if found:
            for marker in candidate.markers:
                self.begun.update(dict.fromkeys(_keys(marker.enumerator), self.at))
            self.in_item, self.inside = bool(candidate.markers), set()
        else:
            for marker in candidate.markers:
                self.inside.update(_keys(marker.enumerator))
        self._add_inside(_INLINE_MARKER.findall(self._after(candidate)))
        self.unread = candidate.line + 1
        return found

    def _read_up_to(self, candidate: _Candidate) -> None:
        """Record the enumerators in the lines between the last candidate and this one that belong to the same run."""
        for number in range(candidate.line - 1, self.unread - 1, -1):
            line = self.lines[number]
            if not line.strip(" \t>") or _BOUNDARY.match(line):
                self.in_item, self.inside, self.number = False, set(), ""
                first = number + 1
                break
        else:
            first = self.unread
        for line in self.lines[first : candidate.line]:
            self._add_inside(_INLINE_MARKER.findall(line))

    def _after(self, candidate: _Candidate) -> str:
        """Return the rest of the line after the markers, with the blank before it."""
        end = self.text.find("\n", candidate.content)
        return self.text[candidate.content - 1 : end if end >= 0 else len(self.text)]

    def _add_inside(self, markers: list[str]) -> None:
        for marker in markers:
            self.inside.update(_read_keys(marker))

    def _is_fresh(self, candidate: _Candidate) -> bool:
        """Return whether the line cannot continue a paragraph."""
        if candidate.line == 0 or candidate.before.strip(" \t>"):
            return True
        before = self.lines[candidate.line - 1]
        if not before.strip(" \t>") or _BOUNDARY.match(before):
            return True
        return ">" in candidate.before and before[: len(candidate.before)].count(">") < candidate.before.count(">")

    def _is_underlined(self, candidate: _Candidate) -> bool:
        following = candidate.line + 1
        return following < len(self.lines) and _UNDERLINE.match(self.lines[following]) is not None

    def _opens_block(self, candidate: _Candidate) -> bool:
        return bool(candidate.markers) and self._is_plausible(candidate) and not self._is_sentence(candidate)

    def _interrupts(self, candidate: _Candidate) -> bool:
        tail = self.lines[candidate.line - 1][-_TAIL:]
        if _REFERRING.search(tail):
            return False
        ended = bool(_SENTENCE_END.search(tail))
        if not candidate.markers:
            return ended or _comes_next(self.number, candidate.number)
        enumerator = candidate.markers[0].enumerator
        before, first = _keys(enumerator, -1), any(reading.ordinal == 1 for reading in enumerator.readings)
        if not self._is_plausible(candidate) or self.inside.intersection(before):
            return False
        if self.in_item:
            return first or not _PREPOSITION.search(tail)
        if ended and self._follows_begun(enumerator):
            return True
        return first and self._successor_begins_line(candidate)

    def _is_plausible(self, candidate: _Candidate) -> bool:
        """Return whether the candidate may be an item at the start of a block.

        `(a)` always is; `a.` and `a)` only near a neighbour of the sequence; "(c) 2026 Acme" only after an item (b).
        """
        marker = candidate.markers[0]
        enumerator = marker.enumerator
        if enumerator.form == "()":
            return not _COPYRIGHT.match(self.text, marker.offset + 1) or self._follows_begun(enumerator)
        return any(self._is_near(key) for step in (-1, 1) for key in _keys(enumerator, step))

    def _is_near(self, key: Key) -> bool:
        indexes = self.positions.get(key, [])
        nearest = bisect_left(indexes, self.at - _WINDOW)
        return nearest < len(indexes) and indexes[nearest] <= self.at + _WINDOW

    def _follows_begun(self, enumerator: Enumerator) -> bool:
        """Return whether the previous enumerator of the sequence recently began an item."""
        return any(self.at - self.begun.get(key, self.at - _WINDOW) < _WINDOW for key in _keys(enumerator, -1))

    def _is_sentence(self, candidate: _Candidate) -> bool:
        """Return whether a block "(a) one; (b) two" is a sentence: its second enumerator occurs only inside lines."""
        enumerator = candidate.markers[-1].enumerator
        if all(reading.ordinal != 1 for reading in enumerator.readings):
            return False
        return self._has_successor_inside(candidate) and not self._has_successor_line(candidate)

    def _has_successor_inside(self, candidate: _Candidate) -> bool:
        second = set(_second(candidate.markers[-1].enumerator))
        rest = self._after(candidate)
        for line in range(candidate.line + 1, candidate.line + _WINDOW):
            if any(second.intersection(_read_keys(marker)) for marker in _INLINE_MARKER.findall(rest)):
                return True
            # Without the indentation, because a marker at the start of the line is not inside it.
            rest = self.lines[line].lstrip(" \t>") if line < len(self.lines) else ""
            if not rest:
                break
        return False

    def _has_successor_line(self, candidate: _Candidate) -> bool:
        """Return whether the second enumerator begins a line soon, before the first one occurs again."""
        enumerator = candidate.markers[-1].enumerator
        again = min((self._next(key) for key in _keys(enumerator)), default=len(self.candidates))
        second = min((self._next(key) for key in _second(enumerator)), default=len(self.candidates))
        if second >= len(self.candidates) or second > again:
            return False
        return self.candidates[second].line <= candidate.line + _WINDOW

    def _next(self, key: Key) -> int:
        indexes = self.positions.get(key, [])
        index = bisect_right(indexes, self.at)
        return indexes[index] if index < len(indexes) else len(self.candidates)

    def _successor_begins_line(self, candidate: _Candidate) -> bool:
        return self._has_successor_line(candidate) and not self._has_successor_inside(candidate)


def _keys(enumerator: Enumerator, step: int = 0) -> list[Key]:
    """Return all readings of an enumerator; with `step`, those of the enumerator that many places later."""
    return [
        (enumerator.form, Reading(reading.style, reading.ordinal + step) if step else reading)
        for reading in enumerator.readings
    ]


def _second(enumerator: Enumerator) -> list[Key]:
    return [(enumerator.form, Reading(reading.style, 2)) for reading in enumerator.readings if reading.ordinal == 1]


def _read_keys(marker: str) -> list[Key]:
    enumerator = read_enumerator(marker)
    return _keys(enumerator) if enumerator else []


def _comes_next(before: str, number: str) -> bool:
    """Return whether a typed number follows another: 1.2 or 1.1.1 after 1.1, and 1.2 after 1.1.3."""
    if not before:
        return False
    parts = [int(part) for part in before.split(".")]
    following = [[*parts[:at], parts[at] + 1] for at in range(1, len(parts))]
    return [int(part) for part in number.split(".")] in [[*parts, 1], *following]
