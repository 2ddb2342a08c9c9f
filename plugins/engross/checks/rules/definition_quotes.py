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


def check(subject: Subject) -> Iterator[Finding]:
    """Each definition whose quotation marks are incomplete, or not those of most definitions beside it."""
    for reading in subject.readings:
        for group in groups(reading):
            habit, strong = _habit(group)
            halves = [found for found in group if found.half]
            if len(halves) > _MOST and 2 * len(halves) > len(group):
                yield _all_halves(halves)
                halves = []
            for found in group:
                if found in halves:
                    yield _half(found)
                elif not found.half and strong and (found.open, found.close) != habit:
                    yield _other(found, habit)


def _habit(group: list[Listed]) -> tuple[tuple[str, str], bool]:
    """The pair that most definitions of a group have, and whether it is a habit: three of four have it."""
    pairs = Counter((found.open, found.close) for found in group if not found.half)
    if not pairs:
        return ("“", "”"), False
    pair, count = pairs.most_common(1)[0]
    return pair, count >= 3 and 4 * count >= 3 * sum(pairs.values()) and pair != ("", "")


def _all_halves(halves: Sequence[Listed]) -> Finding:
    """One finding for a list that lacks the same mark throughout, as conversion from other formats leaves it."""
    first = _half(halves[0])
    edits = tuple(edit for found in halves for edit in _half(found).edits)
    message = f"{first.message}; so do {len(halves) - 1} other definitions here"
    return replace(first, message=message, edits=edits)


def _half(found: Listed) -> Finding:
    if found.open:
        mark, at, lacks = partner(found.open), found.end, "closing"
    else:
        mark, at, lacks = partner(found.close), found.start, "opening"
    name = f"{found.open}{found.name}{mark}" if found.open else f"{mark}{found.name}{found.close}"
    return found.passage.finding(
        found.start - bool(found.open),
        f"the definition of {found.name} lacks its {lacks} quotation mark {mark}",
        text=found.name,
        fix=name,
        edits=_insert(found, at, mark),
    )


def _insert(found: Listed, at: int, mark: str) -> tuple[Edit, ...]:
    """The edit that puts a mark beside the name: before or after a character of it, so that it stays within bold."""
    passage = found.passage
    if at == found.end:
        last = passage.source_offset(at - 1) + 1
        return (Edit(last, last, mark),) if passage.edit(at - 1, at, "") else ()
    first = passage.source_offset(at)
    return (Edit(first, first, mark),) if passage.edit(at, at + 1, "") else ()


def _other(found: Listed, habit: tuple[str, str]) -> Finding:
    opening, closing = habit
    passage = found.passage
    if not found.open:
        edits = (*_insert(found, found.start, opening), *_insert(found, found.end, closing))
        message = f"the term {found.name} is not in quotation marks as the other terms defined here are"
    else:
        before, after = passage.edit(found.start - 1, found.start, opening), _closing(found, closing)
        edits = (*before, *after) if before and after else ()
        message = f"{found.open}{found.name}{found.close} is not quoted as the other terms defined here are"
    fix = f"{opening}{found.name}{closing}"
    return passage.finding(found.start - bool(found.open), message, text=found.name, fix=fix, edits=edits)


def _closing(found: Listed, mark: str) -> tuple[Edit, ...]:
    at = found.passage.text.find(found.close, found.end)
    return found.passage.edit(at, at + 1, mark) if 0 <= at <= found.end + 2 else ()


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
