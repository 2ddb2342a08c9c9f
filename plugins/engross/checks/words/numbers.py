"""Numbers in words: “two hundred and forty-five”, “thirtieth”."""

from __future__ import annotations

import re

from engross.checks.words.lists import words

_UNITS = words(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_TENS = words("twenty thirty forty fifty sixty seventy eighty ninety")
_ORDINALS = words(
    "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth"
)
_SMALL: dict[str, int] = {
    **{word: value for value, word in enumerate(_UNITS)},
    **{word: value for value, word in enumerate(_ORDINALS)},
    **{word: 10 * value for value, word in enumerate(_TENS, start=2)},
    **{word[:-1] + "ieth": 10 * value for value, word in enumerate(_TENS, start=2)},
}
_LARGE = {"thousand": 10**3, "million": 10**6, "billion": 10**9}
_HUNDRED = {"hundred", "hundredth"}

NUMBER_WORDS = "|".join(sorted({*_SMALL, *_LARGE, *_HUNDRED}, key=len, reverse=True)).join(("(?:", r")\b"))
"""A pattern for one word of a number."""


def value_of(said: str) -> int | None:
    """The number that words say; None where they say none that is well formed ("twenty sixty", "five ten")."""
    total, group, last = 0, 0, 10**12
    for word in re.split(r"[\s\u00a0-]+", said.lower()):
        if word == "and":
            continue
        if word in _LARGE:
            total, group, last = total + max(group, 1) * _LARGE[word], 0, 10**12
        elif word in _HUNDRED:
            if group > 99:
                return None
            group, last = max(group, 1) * 100, 100
        elif word in _SMALL:
            value = _SMALL[word]
            if not _may_follow(value, last):
                return None
            group, last = group + value, value
        else:
            return None
    return total + group


def _may_follow(value: int, last: int) -> bool:
    """Whether a word for `value` can come after one for `last`: five after twenty or a hundred, never after five."""
    return last >= 100 or (last >= 20 and 0 < value < 10)
