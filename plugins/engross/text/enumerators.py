"""Enumerators: `(a)`, `(iv)`, `(A)`, `(I)`, `(1)`, `a)`, `a.`, `1.`: what each may count as.

One enumerator can be read in more than one way: (i) is the ninth letter and the first roman numeral. `readings` gives
all of them; which one holds is settled by its neighbours, in `nesting`.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache

from engross.values import dataclass


class Style(StrEnum):
    """What an enumerator counts with."""

    LOWER_ALPHA = "a"
    LOWER_ROMAN = "i"
    UPPER_ALPHA = "A"
    UPPER_ROMAN = "I"
    DECIMAL = "1"


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read an enumerator: the `ordinal`-th (from 1) in its style."""

    style: Style
    ordinal: int


@dataclass(frozen=True, slots=True)
class Enumerator:
    """An enumerator as typed. `form` is its dress: "()" for `(a)`, ")" for `a)`, "." for `a.`."""

    text: str
    inner: str
    form: str
    readings: tuple[Reading, ...]

    @property
    def spoken(self) -> str:
        """How a label or a reference says it: "(iv)", and "2" for an ordered item typed `2.`."""
        return self.inner if self.form != "()" and self.inner.isdigit() else f"({self.inner})"


# Two doubled letters follow z: (aa), (bb). Romans beyond (xxxix) do not occur in enumerations, and a wider net would
# catch words such as (mild); single letters are read as letters anyway.
_ROMAN = re.compile(r"(?=[ivx])x{0,3}(?:ix|iv|v?i{0,3})\Z")
_VALUES = {"i": 1, "v": 5, "x": 10}


@lru_cache(maxsize=4096)
def read_enumerator(text: str) -> Enumerator | None:
    """Read `(a)`, `a)`, `a.`, `(12)`, `12.` and so on; None where the text is no enumerator."""
    if text.startswith("(") and text.endswith(")"):
        inner, form = text[1:-1], "()"
    elif text[-1:] in (")", "."):
        inner, form = text[:-1], text[-1]
    else:
        return None
    readings = _readings(inner)
    return Enumerator(text, inner, form, readings) if readings else None


def _readings(inner: str) -> tuple[Reading, ...]:
    if inner.isascii() and inner.isdigit() and len(inner) <= 9:
        return (Reading(Style.DECIMAL, int(inner)),)
    lower = inner.lower()
    if not (inner.isascii() and inner.isalpha()) or inner not in (lower, inner.upper()):
        return ()
    upper = inner != lower
    readings = []
    if len(inner) == 1 or (len(inner) == 2 and lower[0] == lower[1]):
        ordinal = ord(lower[0]) - 96 + 26 * (len(inner) - 1)
        readings.append(Reading(Style.UPPER_ALPHA if upper else Style.LOWER_ALPHA, ordinal))
    if _ROMAN.match(lower):
        readings.append(Reading(Style.UPPER_ROMAN if upper else Style.LOWER_ROMAN, _roman(lower)))
    return tuple(readings)


def _roman(text: str) -> int:
    values = [_VALUES[letter] for letter in text]
    following = [*values[1:], 0]
    return sum(-value if value < after else value for value, after in zip(values, following, strict=True))
