"""`definition-quotes`: a term that is set in other quotation marks than its neighbours, or with one missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from engross.checks.findings import Edit, Finding
from engross.checks.rules.rule import Rule
from engross.checks.subject import Subject
from engross.checks.words.listed import Listed, groups, partner
from engross.model import Severity

_MOST = 3

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
    edits = tuple(edit for found in halves for edit in _half(found, habit).edits)
    message = f"{first.message}; so do {len(halves) - 1} other definitions here"
    return replace(first, message=message, edits=edits)


def _half(found: Listed, habit: Pair | None) -> Finding:
    own = (found.open, partner(found.open)) if found.open else (partner(found.close), found.close)
    lacks, mark = ("closing", own[1]) if found.open else ("opening", own[0])
    return _finding(found, habit or own, f"the definition of {found.name} lacks its {lacks} quotation mark {mark}")


def _other(found: Listed, habit: Pair) -> Finding:
    if not found.open:
        message = f"the term {found.name} is not in quotation marks as the other terms defined here are"
    else:
        message = f"{found.open}{found.name}{found.close} is not quoted as the other terms defined here are"
    return _finding(found, habit, message)


def _finding(found: Listed, pair: Pair, message: str) -> Finding:
    opening, closing = pair
    before, after = _open(found, opening), _close(found, closing)
    fix = f"{opening}{found.name}{closing}"
    return found.passage.finding(
        found.start - bool(found.open),
        message,
        text=found.name,
        fix=fix,
        edits=(*before, *after) if before is not None and after is not None else (),
    )


def _open(found: Listed, mark: str) -> tuple[Edit, ...] | None:
    """The edit that makes a mark stand before the name, within its bold; None where it cannot be made."""
    if found.open == mark:
        return ()
    passage = found.passage
    if found.open:
        return passage.edit(found.start - 1, found.start, mark) or None
    first = passage.source_offset(found.start)
    return (Edit(first, first, mark),) if passage.edit(found.start, found.start + 1, "") else None


def _close(found: Listed, mark: str) -> tuple[Edit, ...] | None:
    """The same for the mark after the name."""
    if found.close == mark:
        return ()
    passage = found.passage
    if found.close:
        at = passage.text.find(found.close, found.end, found.end + 3)
        return (passage.edit(at, at + 1, mark) or None) if at >= 0 else None
    last = passage.source_offset(found.end - 1) + 1
    return (Edit(last, last, mark),) if passage.edit(found.end - 1, found.end, "") else None


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
