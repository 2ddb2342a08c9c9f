"""Compares consecutive enumerators: (a), (b); 1., 2.; (i), (ii)."""

from __future__ import annotations

from enum import Enum

from engross.common import value_class
from engross.text import Reading, numeral, read_enumerator


class Step(Enum):
    """The step from one enumerator to the next."""

    NEXT = "next"
    RESTART = "restart"
    REPEAT = "repeat"
    SKIP = "skip"
    BACK = "back"
    OTHER = "other"


@value_class(frozen=True, slots=True)
class Compared:
    """The step from one enumerator to another; `missing` is the first skipped enumerator as it would be typed,
    and `gap` the number of skipped ones.
    """

    step: Step
    missing: str = ""
    gap: int = 0


def readings(marker: str) -> tuple[Reading, ...]:
    """The possible readings of an enumerator; empty if the text is not one."""
    found = read_enumerator(marker if marker[-1:] in (")", ".") else f"({marker})") if marker else None
    return found.readings if found else ()


def compare(before: str, after: str) -> Compared:
    """The step from `before` to `after`, in the reading with the smallest mistake.

    "05." after "1." counts something else: numbers of one list are all written with a zero, or none.
    """
    typed = sorted((before.strip("()."), after.strip("().")), key=len)
    if typed[0].isdigit() and len(typed[0]) == 1 and typed[1].isdigit() and typed[1][0] == "0":
        return Compared(Step.OTHER)
    pairs = [
        (first.ordinal, second.ordinal, first)
        for first in readings(before)
        for second in readings(after)
        if first.style is second.style
    ]
    if any(second == first + 1 for first, second, _ in pairs):
        return Compared(Step.NEXT)
    if any(reading.ordinal == 1 for reading in readings(after)):
        return Compared(Step.REPEAT if before == after else Step.RESTART)
    if not pairs:
        return Compared(Step.OTHER)
    first, second, reading = min(pairs, key=lambda pair: abs(pair[1] - pair[0]))
    if second == first:
        return Compared(Step.REPEAT)
    if second < first:
        return Compared(Step.BACK)
    return Compared(Step.SKIP, _as_typed(reading, first + 1, before), second - first - 1)


def _as_typed(reading: Reading, ordinal: int, like: str) -> str:
    """The enumerator of an ordinal, in the punctuation of another."""
    inner = numeral(reading.style, ordinal)
    stripped = like.strip("().")
    return like.replace(stripped, inner) if stripped else inner
