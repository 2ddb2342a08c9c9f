"""The readability pass: which matched words to give up, so that a change reads as one change.

* A change that could stand in several places (the second of two equal words) stands where a phrase ends.
* A quoted term is never changed in part.
* One or two unchanged words between two changes, or a short phrase between two longer changes, join them.
* Where hardly anything stayed, nothing did: the text was replaced.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engross.redline.sequences import Pair
from engross.redline.tokens import Token

_STRAY = 2
_LONGEST_ISLAND = 12
_LONGEST_TERM = 10
_LEAST_KEPT = 0.35
_OPENING, _CLOSING = '“"„«', '”"“»'
_STOPS = {".": 4, ";": 4, ":": 3, "\n": 3, ",": 2, ")": 1, "”": 1}


def readable(old: Sequence[Token], new: Sequence[Token], pairs: list[Pair]) -> list[Pair]:
    """The pairs that are left, in order."""
    pairs = _slid(old, new, pairs)
    pairs = _whole_terms(old, pairs, 0)
    pairs = _whole_terms(new, pairs, 1)
    pairs = _joined(old, new, pairs)
    return [] if _is_replacement(old, new, pairs) else pairs


@dataclass(slots=True)
class _Change:
    """A stretch that differs: from and to on either side."""

    a: int
    a_end: int
    b: int
    b_end: int


def _changes(old: Sequence[Token], new: Sequence[Token], pairs: Sequence[Pair]) -> list[_Change]:
    found: list[_Change] = []
    a = b = 0
    for i, j in [*pairs, (len(old), len(new))]:
        if i > a or j > b:
            found.append(_Change(a, i, b, j))
        a, b = i + 1, j + 1
    return found


def _words(tokens: Sequence[Token], start: int, end: int) -> int:
    return sum(tokens[at].is_word for at in range(start, end))


def _pairs_between(changes: Sequence[_Change], length: int) -> Iterator[Pair]:
    """The pairs that the changes leave, `length` being that of the old side."""
    a = b = 0
    for change in [*changes, _Change(length, length, 0, 0)]:
        yield from ((at, at - a + b) for at in range(a, change.a))
        a, b = change.a_end, change.b_end


def _slid(old: Sequence[Token], new: Sequence[Token], pairs: list[Pair]) -> list[Pair]:
    """Pure insertions and deletions put where they end with a phrase."""
    slid: list[_Change] = []
    for change in _changes(old, new, pairs):
        room = change.a - (slid[-1].a_end if slid else 0)
        steps = 0
        if change.a == change.a_end:
            steps = _left_steps(new, change.b, change.b_end, room)
        elif change.b == change.b_end:
            steps = _left_steps(old, change.a, change.a_end, room)
        slid.append(_Change(change.a - steps, change.a_end - steps, change.b - steps, change.b_end - steps))
    return list(_pairs_between(slid, len(old)))


def _left_steps(tokens: Sequence[Token], start: int, end: int, room: int) -> int:
    """How far the stretch is best moved to the left, past at most `room` unchanged words."""
    best, steps, at = _ending(tokens, start, end), 0, 0
    while at < min(room, end - start) and tokens[start - at - 1].key == tokens[end - at - 1].key:
        at += 1
        score = _ending(tokens, start - at, end - at)
        if score > best:
            best, steps = score, at
    return steps


def _ending(tokens: Sequence[Token], start: int, end: int) -> int:
    """How well a stretch stands between phrases: it follows a stop and ends in one of the same kind."""
    before = _STOPS.get(tokens[start - 1].text, 0) if start else 4
    return before + _STOPS.get(tokens[end - 1].text, 0)


def _whole_terms(tokens: Sequence[Token], pairs: list[Pair], side: int) -> list[Pair]:
    """Give up the rest of every quoted term of which a word changed."""
    place = {pair[side]: pair for pair in pairs}
    given_up: set[Pair] = set()
    for start, end in _terms(tokens):
        inside = [place[at] for at in range(start, end) if at in place]
        whole = len(inside) == end - start and inside[-1][1 - side] - inside[0][1 - side] == end - start - 1
        if not whole:
            given_up.update(inside)
    return [pair for pair in pairs if pair not in given_up]


def _terms(tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Quoted stretches of at most _LONGEST_TERM words, the quotation marks included."""
    opened = -1
    for at, token in enumerate(tokens):
        if opened >= 0 and token.text in _CLOSING:
            yield opened, at + 1
            opened = -1
        elif token.text in _OPENING:
            opened = at
        elif at - opened > _LONGEST_TERM:
            opened = -1


def _joined(old: Sequence[Token], new: Sequence[Token], pairs: list[Pair]) -> list[Pair]:
    """Give up islands: what stayed between two changes but is too little to be read for itself."""
    merged: list[_Change] = []
    for change in _changes(old, new, pairs):
        merged.append(change)
        while len(merged) > 1 and _is_island(old, new, merged[-2], merged[-1]):
            after = merged.pop()
            merged[-1] = _Change(merged[-1].a, after.a_end, merged[-1].b, after.b_end)
    within = {at for change in merged for at in range(change.a, change.a_end)}
    return [pair for pair in pairs if pair[0] not in within]


def _is_island(old: Sequence[Token], new: Sequence[Token], before: _Change, after: _Change) -> bool:
    words = _words(old, before.a_end, after.a)
    if words <= _STRAY:
        return True
    if words > _LONGEST_ISLAND:
        return False
    return words <= min(_extent(old, new, before), _extent(old, new, after))


def _extent(old: Sequence[Token], new: Sequence[Token], change: _Change) -> int:
    return max(_words(old, change.a, change.a_end), _words(new, change.b, change.b_end))


def _is_replacement(old: Sequence[Token], new: Sequence[Token], pairs: Sequence[Pair]) -> bool:
    """Whether what stayed is too little to show: no word at all, or few words in more than one place."""
    kept = sum(old[i].is_word for i, _ in pairs)
    fewer = min(_words(old, 0, len(old)), _words(new, 0, len(new)))
    if not kept:
        return fewer > 0
    return kept < fewer * _LEAST_KEPT and len(_changes(old, new, pairs)) > 1
