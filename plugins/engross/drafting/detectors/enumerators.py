"""Compares consecutive enumerators: (a), (b); 1., 2.; (i), (ii)."""

from __future__ import annotations

from enum import Enum
from typing import Final

import engross.common.lazy_re as re
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


# The end of a line that a converter broke within a reference: "in accordance with", "Sections 4.1(a) and".
_LEADS = re.compile(
    r"\b(?:of|in|under|with|by|per|see|this|sections?|clauses?|paragraphs?|articles?)\s*\Z", re.IGNORECASE
)
_JOINS = re.compile(
    r"(?:\b(?:to|through)|\([a-z0-9]{1,4}\)|\d|(?:\A|[^\s;,:.]\s+)(?:and|or)|\)\s*,)\s*\Z", re.IGNORECASE
)
_GOES_ON = re.compile(r"[\W_]*[a-zà-ÿ]|\s*[);,]")
_NEARBY = 40


def is_cited(before: str, text: str) -> bool:
    """Whether an enumerator is part of a reference that a converter broke: the text before it leads on to it, as in
    "Sections 2.10(a) and" above "(b) state", where the text after it goes on with the sentence.
    """
    start = max(0, len(before) - _NEARBY)
    return bool(_LEADS.search(before, start) or (_JOINS.search(before, start) and _GOES_ON.match(text)))


# "(c) – (e) deleted", "10. through 12. intentionally omitted": an item that is several at once.
_RANGE = re.compile(
    r"\s*(?:[–—-]|\b(?:to|through|until|and|bis|und|à|et|al?|y)\b|[,&])\s*(?P<last>\(?(?:[A-Za-z]{1,4}|\d{1,3})[.)])(?![^\W_])"
)
_TYPED = re.compile(r"\s*(\((?:[A-Za-z]{1,4}|\d{1,3})\))(?=\s)")
RANGE_JOIN: Final = re.compile(r"\s*(?:[–—-]|to|through|until)\s*")
"""What is between the two ends of a range in running text: "(c) – (e)"."""


def last_of_range(text: str) -> str:
    """The last enumerator of an item that begins with a range or a pair of them; "" if it does not.

    `text` is that of the item after its own enumerator.
    """
    last, at = "", 0
    while found := _RANGE.match(text, at):
        last, at = found["last"], found.end()
    return last


def last_in_item(text: str) -> str:
    """The last enumerator that an item has besides its own: at the end of a range, or in a line that is no item itself
    ("(f) and (g): intentionally omitted" below "(c) – (e) deleted"); "" if there is none.
    """
    first, *lines = text.split("\n")
    last = last_of_range(first)
    for line in lines:
        if found := _TYPED.match(line):
            last = last_of_range(line[found.end() :]) or found[1]
    return last


def is_first(marker: str) -> bool:
    """Whether an enumerator can be the first of a list: 1., (a), (i)."""
    return any(reading.ordinal == 1 for reading in readings(marker))


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
    if is_first(after):
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
