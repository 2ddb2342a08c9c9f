"""Reads numbers in words by the number words that a language's data give."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

_UNLIMITED: Final = 10**12
_HYPHEN: Final = "[-\u2010\u2011]"


class NumberWords:
    """The number words of one language. `pattern` matches one word, `join` what joins two words of a number."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._units = _values(data["units"], 0, 1)
        self._tens = _values(data["tens"], 20, 10)
        self._small = self._units | self._tens | dict(data.get("values", {}))
        self._hundreds = frozenset(data["hundreds"].split("/"))
        self._large = {
            word: 1000**power
            for power, name in enumerate(("thousands", "millions", "billions"), 1)
            for word in data.get(name, "").split("/")
            if word
        }
        self._joins = frozenset(data["joins"].split())
        self._teens_after = frozenset(data.get("teens_after", "").split())
        if data.get("unit_first"):
            self._add_compounds(data["joins"].split()[0])
        every = {*self._small, *self._hundreds, *self._large}
        self.pattern = "|".join(sorted(map(re.escape, every), key=len, reverse=True)).join(("(?:", r")(?!\w)"))
        joins = "|".join(map(re.escape, self._joins))
        self.join = rf"(?:[ \n\u00a0]+(?:(?:{joins})[ \n\u00a0]+)?|{_HYPHEN}(?:(?:{joins}){_HYPHEN})?)"

    def _add_compounds(self, join: str) -> None:
        """Add the numbers below a million that are written in one word: einundzwanzig, hundertfünfzig."""
        stems = {word: value for word, value in self._units.items() if 0 < value < 10}
        for ten, tens in self._tens.items():
            self._small |= {f"{unit}{join}{ten}": value + tens for unit, value in stems.items()}
        below = dict(self._small)
        hundred, thousand = next(iter(self._hundreds)), next(iter(self._large))
        hundreds = {f"{unit}{hundred}": 100 * value for unit, value in stems.items()} | {hundred: 100}
        for word, value in hundreds.items():
            self._small |= {word: value} | {f"{word}{rest}": value + least for rest, least in below.items() if least}
        self._small |= {f"{word}{thousand}": 1000 * value for word, value in {**below, **hundreds}.items() if value}

    def value_of(self, number_words: str) -> int | None:
        """Return the number that the words express, or None if they are not well formed."""
        total, group, last = 0, 0, _UNLIMITED
        for word in self._split(number_words.lower()):
            if word in self._joins:
                continue
            if word in self._large:
                total, group, last = total + max(group, 1) * self._large[word], 0, _UNLIMITED
            elif word in self._hundreds:
                if group > 99:
                    return None
                group, last = max(group, 1) * 100, 100
            elif word in self._small and self._may_follow(self._small[word], last):
                group, last = group + self._small[word], self._small[word]
            else:
                return None
        return total + group

    def _split(self, text: str) -> list[str]:
        """Return the words of a number; a hyphen joins two, unless both are one word: dix-sept, quatre-vingt."""
        parts: list[str] = []
        for token in re.split(r"[\s\u00a0]+", text):
            pieces = re.split(_HYPHEN, token)
            while pieces:
                count = next((n for n in range(len(pieces), 1, -1) if "-".join(pieces[:n]) in self._small), 1)
                parts.append("-".join(pieces[:count]))
                del pieces[:count]
        return parts

    def _may_follow(self, value: int, last: int) -> bool:
        """Return whether a value can follow another: five after twenty or a hundred, fifteen after soixante."""
        if last >= 100:
            return value < 1000 or last == _UNLIMITED
        limit = 20 if any(self._small.get(word) == last for word in self._teens_after) else 10
        return last >= 20 and 0 < value < limit


def _values(words: str, first: int, step: int) -> dict[str, int]:
    """Return words in the order of their values; several words for one value are separated by slashes."""
    numbered = enumerate(words.split())
    return {word: first + step * at for at, several in numbered for word in several.split("/")}
