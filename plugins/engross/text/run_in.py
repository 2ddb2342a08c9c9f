"""Finds enumerations inside a sentence: "it (a) has authority, (b) has read this, and (c) agrees".

Each item becomes a clause with its span in the sentence; the sentence itself does not change. Text that only looks like
an enumerator is ignored: a reference ("subsections (a) and (b) above", "Section 4.2 (b)"), a figure after its word
("thirty (30)"), a single letter.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import field
from itertools import pairwise
from operator import itemgetter

import engross.common.lazy_re as re
from engross.common import value_class
from engross.text.nesting import Nesting
from engross.text.numbering import Enumerator, read_enumerator

_MARKER = re.compile(r"\((?<![^\s—–(\[“]\()([A-Za-z]{1,6}|\d{1,3})\)(?=\s|$)")
_PART = r"(?:\d+(?:\.\d+)*[ \t]*)?(?:\([A-Za-z0-9]{1,6}\)\s*)+"
_REFERENCE = re.compile(
    r"(?:sections?|clauses?|paragraphs?|articles?|items?|parts?|points?|limbs?|conditions?|§)\s+(?=[\d(])"
    rf"{_PART}(?:(?:,\s*(?:and\s+|or\s+)?|and\s+|or\s+|to\s+|through\s+|and/or\s+|[-–]\s*){_PART})*",
    re.IGNORECASE,
)
_NUMBER_WORD = re.compile(
    r"\b(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|\w+ty(?:-\w+)?|hundred|thousand"
    r"|million|percent|\d+)\s*$",
    re.IGNORECASE,
)
_CONJUNCTIONS = frozenset(("", "and", "or", "and/or", "to", "through", "-", "–", "&"))
_SENTENCE = re.compile(r"[.?!][”\"’)\]]*\s+(?=[A-Z“\"‘(\[])")
_ABBREVIATION = re.compile(r"(?:\b(?:Inc|Ltd|Co|Corp|No|Nos|Art|Sec|St|Mr|Mrs|Ms|Dr|vs?|e\.g|i\.e|cf|et al)|\b[A-Z])\Z")


@value_class(slots=True)
class RunIn:
    """An item inside a sentence: its enumerator, its span in the text, its path of labels, and the items inside it."""

    enumerator: Enumerator
    start: int
    end: int
    path: tuple[str, ...]
    children: list[RunIn] = field(default_factory=list)


@value_class(slots=True)
class _Open:
    siblings: list[RunIn]
    parent: RunIn | None


def find_run_in(text: str, start: int = 0) -> list[RunIn]:
    """Find the outermost run-in items of `text` from offset `start`; each contains the items inside it."""
    if text.count("(", start) < 2:
        return []
    markers = _markers(text, start)
    if len(markers) < 2:
        return []
    items = _nest(text, markers)
    _set_ends(text, items, len(text.rstrip()))
    return items


def _markers(text: str, start: int) -> list[tuple[int, Enumerator]]:
    found = [(found.start(), read_enumerator(found[0])) for found in _MARKER.finditer(text, start)]
    markers = [(at, enumerator) for at, enumerator in found if enumerator and not _is_figure(text, at, enumerator)]
    if len(markers) < 2:
        return []
    references = [found.span() for found in _REFERENCE.finditer(text, start)]
    return _without_lists_of_references(text, [marker for marker in markers if not _is_in(marker[0], references)])


def _is_in(at: int, spans: list[tuple[int, int]]) -> bool:
    before = bisect_right(spans, at, key=itemgetter(0))
    return before > 0 and at < spans[before - 1][1]


def _is_figure(text: str, at: int, enumerator: Enumerator) -> bool:
    """Return whether "(30)" repeats the number word before it."""
    return enumerator.inner.isdigit() and bool(_NUMBER_WORD.search(text[max(0, at - 40) : at]))


def _without_lists_of_references(text: str, markers: list[tuple[int, Enumerator]]) -> list[tuple[int, Enumerator]]:
    """Drop enumerators separated only by a conjunction: "(a) and (b) apply" enumerates nothing."""
    bare: set[int] = set()
    for (at, enumerator), (following, _) in pairwise(markers):
        between = text[at + len(enumerator.text) : following]
        # "(h) (i) …" is an item that begins with its first sub-item, not a list of references.
        if between.strip() and between.strip(" \t\n,;").lower() in _CONJUNCTIONS:
            bare.update((at, following))
    return [marker for marker in markers if marker[0] not in bare]


def _nest(text: str, markers: list[tuple[int, Enumerator]]) -> list[RunIn]:
    """Assign levels to the enumerators; drop those out of sequence and levels with only one item."""
    nesting = Nesting([enumerator for _, enumerator in markers])
    top: list[RunIn] = []
    opened: list[_Open] = []
    before = markers[0][0]
    for at, enumerator in markers:
        if not nesting.fits(enumerator):
            nesting.skip()
            continue
        if nesting.levels and not nesting.awaits_more() and _sentence_end(text, before, at):
            # A new sentence ends the enumeration before it, so the next item is not inside its last item.
            nesting.close_to(-1)
        before = at
        place = nesting.place(enumerator, 0)
        del opened[place.depth + (0 if place.opens else 1) :]
        if place.opens:
            parent = opened[-1].siblings[-1] if opened else None
            opened.append(_Open(parent.children if parent else top, parent))
        level = opened[place.depth]
        path = (*(level.parent.path if level.parent else ()), enumerator.label)
        level.siblings.append(RunIn(enumerator, at, at, path))
    return _without_lone(top)


def _without_lone(items: list[RunIn]) -> list[RunIn]:
    groups: list[list[RunIn]] = []
    for item in items:
        item.children = _without_lone(item.children)
        first = any(reading.ordinal == 1 for reading in item.enumerator.readings)
        if not groups or (first and not _follows(groups[-1][-1], item)):
            groups.append([])
        groups[-1].append(item)
    return [item for group in groups if len(group) > 1 for item in group]


def _follows(before: RunIn, item: RunIn) -> bool:
    after = {(reading.style, reading.ordinal + 1) for reading in before.enumerator.readings}
    return any((reading.style, reading.ordinal) in after for reading in item.enumerator.readings)


def _set_ends(text: str, items: list[RunIn], limit: int) -> None:
    """Set the ends: an item ends where the next begins; the last of a sequence at the end of its sentence.

    If earlier items contain whole sentences, the last one extends to `limit`.
    """
    for at, item in enumerate(items):
        following = items[at + 1].start if at + 1 < len(items) else None
        if following is not None and _follows(item, items[at + 1]):
            item.end = following
        else:
            item.end = _last_end(text, items, at, following if following is not None else limit)
        item.end = len(text[item.start : item.end].rstrip()) + item.start
        _set_ends(text, item.children, item.end)


def _last_end(text: str, items: list[RunIn], at: int, limit: int) -> int:
    if at and _follows(items[at - 1], items[at]) and _sentence_end(text, items[at - 1].start, items[at].start):
        return limit
    return _sentence_end(text, items[at].start, limit) or limit


def _sentence_end(text: str, start: int, limit: int) -> int:
    """Return where the first sentence after `start` ends, including its closing mark; 0 if none ends before `limit`."""
    for found in _SENTENCE.finditer(text, start, limit):
        if not _ABBREVIATION.search(text, max(start, found.start() - 8), found.start()):
            return found.end() - len(found[0]) + len(found[0].rstrip())
    return 0
