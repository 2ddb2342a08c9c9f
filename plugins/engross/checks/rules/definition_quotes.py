"""`definition-quotes`: a term that is set in other quotation marks than its neighbours, or with one missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from engross.checks.findings import Edit, Finding
from engross.checks.rules.rule import Rule
from engross.checks.subject import Subject
from engross.checks.words.listed import Listed, groups, partner
from engross.model import Severity

_MOST = 3
_DOUBLE: Final = '“”„"«»'
"""Marks that are nothing else: a single one may be an apostrophe, or the marks of a quotation in a quotation."""
_JOINING: Final = frozenset(("or", "and", "of", "for", "the", "in", "to", "by", "on", "with"))

Pair = tuple[str, str]


def check(subject: Subject) -> Iterator[Finding]:
    """Each definition whose quotation marks are incomplete, or not those of most definitions beside it."""
    for reading in subject.readings:
        for group in groups(reading):
            habit, strong = _habit(group)
            halves = [found for found in group if found.half]
            if len(halves) > _MOST and 2 * len(halves) > len(group):
                yield _all_halves(halves, habit if strong else None)
                halves = []
            for found in group:
                if found in halves:
                    yield _half(found, habit if strong else None)
                elif not found.half and strong and (found.open, found.close) != habit:
                    yield _other(found, habit)


def _habit(group: list[Listed]) -> tuple[tuple[str, str], bool]:
    """The pair that most definitions of a group have, and whether it is a habit: three of four have it."""
    pairs = Counter((found.open, found.close) for found in group if not found.half)
    if not pairs:
        return ("“", "”"), False
    pair, count = pairs.most_common(1)[0]
    return pair, count >= 3 and 4 * count >= 3 * sum(pairs.values()) and pair != ("", "")


def _all_halves(halves: Sequence[Listed], habit: Pair | None) -> Finding:
    """One finding for a list that lacks the same mark throughout, as conversion from other formats leaves it."""
    first = _half(halves[0], habit)
    message = f"{first.message}; so do {len(halves) - 1} other definitions here"
    return replace(first, message=message, fix="", edits=())


def _half(found: Listed, habit: Pair | None) -> Finding:
    own = (found.open, partner(found.open)) if found.open else (partner(found.close), found.close)
    lacks, mark = ("closing", own[1]) if found.open else ("opening", own[0])
    message = f"the definition of {found.name} lacks its {lacks} quotation mark {mark}"
    if not _is_certain(found, own, habit):
        opening, closing = habit or own
        return _finding(found, f"{message}; the term would be written {opening}{found.name}{closing}")
    # One of the two is there: the other is put in, and nothing else is touched.
    edits = (_close(found, own[1]) if found.open else _open(found, own[0])) or ()
    return replace(_finding(found, message), fix=f"{own[0]}{found.name}{own[1]}", edits=edits)


def _is_certain(found: Listed, own: Pair, habit: Pair | None) -> bool:
    """Whether a mark is missing, and where: it is a double one and the only one around, its neighbours have the same
    pair, and the name ends where the mark would stand.
    """
    mark, text = found.open or found.close, found.passage.text
    if mark not in _DOUBLE or own != (habit or ("“", "”") if mark in "“”" else habit):
        return False
    if sum(map(text.count, _DOUBLE)) > 1:
        return False
    if found.bold:
        return _is_marked(found)
    # "The term Fee” means": where a name begins in running text is not certain, nor is its end after an "or".
    return bool(found.open) and _JOINING.isdisjoint(found.name.split())


def _is_marked(found: Listed) -> bool:
    """Whether bold shows where the name begins and ends, but for its marks."""
    marks = found.passage.clause.inline.marks
    ends = {(mark.start, mark.end) for mark in marks}
    return any((found.start - a, found.end + b) in ends for a in (0, 1) for b in (0, 1))


def _other(found: Listed, habit: Pair) -> Finding:
    if not found.open:
        message = f"the term {found.name} is not in quotation marks as the other terms defined here are"
    else:
        message = f"{found.open}{found.name}{found.close} is not quoted as the other terms defined here are"
    return _finding(found, f"{message}; they would have it {habit[0]}{found.name}{habit[1]}")


def _finding(found: Listed, message: str) -> Finding:
    return found.passage.finding(found.start - bool(found.open), message, text=found.name)


def _open(found: Listed, mark: str) -> tuple[Edit, ...]:
    """The edit that puts a mark before the name, within its bold; none where it cannot be made."""
    first = found.passage.source_offset(found.start)
    return (Edit(first, first, mark),) if found.passage.edit(found.start, found.start + 1, "") else ()


def _close(found: Listed, mark: str) -> tuple[Edit, ...]:
    """The same for the mark after the name."""
    last = found.passage.source_offset(found.end - 1) + 1
    return (Edit(last, last, mark),) if found.passage.edit(found.end - 1, found.end, "") else ()


RULE = Rule(
    name="definition-quotes",
    severity=Severity.WARNING,
    summary="A defined term with one of its quotation marks missing, or set otherwise than the terms beside it.",
    why="The marks show what exactly the term is, and that it is one.",
    bad="# Terms\n\n- “Fee means what Customer pays.\n\nCustomer pays the Fee. The Fee is final.",
    good="# Terms\n\n- “Fee” means what Customer pays.\n\nCustomer pays the Fee. The Fee is final.",
    check=check,
    fixes=True,
)
