"""Enumerators in sequence: (a), (b), (c); 1., 2.; (i), (ii). What can follow what."""

from __future__ import annotations

from enum import Enum

from engross.text.enumerators import Reading, read_enumerator
from engross.values import dataclass


class Step(Enum):
    """How one enumerator stands to the one before it."""

    NEXT = "next"
    RESTART = "restart"
    REPEAT = "repeat"
    SKIP = "skip"
    BACK = "back"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Compared:
    """The step from one enumerator to another; `missing` is the first that was left out, as it would be typed, and
    `gap` how many were.
    """

    step: Step
    missing: str = ""
    gap: int = 0


def readings(marker: str) -> tuple[Reading, ...]:
    """What an enumerator may count as; empty where it is none."""
    found = read_enumerator(marker if marker[-1:] in (")", ".") else f"({marker})") if marker else None
    return found.readings if found else ()


def compare(before: str, after: str) -> Compared:
    """How `after` stands to `before`: the kindest reading that both allow."""
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
    return Compared(Step.SKIP, _typed(reading, first + 1, before), second - first - 1)


def _typed(reading: Reading, ordinal: int, like: str) -> str:
    """The enumerator of an ordinal, in the dress of another."""
    inner = _counted(reading.style.value, ordinal)
    stripped = like.strip("().")
    return like.replace(stripped, inner) if stripped else inner


def _counted(style: str, ordinal: int) -> str:
    if style == "1":
        return str(ordinal)
    if style in "iI":
        roman = _roman(ordinal)
        return roman if style == "i" else roman.upper()
    turns, letter = divmod(ordinal - 1, 26)
    word = chr(ord("a") + letter) * (turns + 1)
    return word if style == "a" else word.upper()


def _roman(ordinal: int) -> str:
    words = ""
    for value, numeral in ((50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")):
        count, ordinal = divmod(ordinal, value)
        words += numeral * count
    return words
