"""Results for passages, kept in memory, because the editions of a record have most texts in common.

They depend on the words of a passage and on facts about its edition, such as the names that are defined. The facts are
compared once for each edition and get a number, which is part of the key of each passage.
"""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache
from typing import Any, Final

_MOST = 32768
"""The number of passages after which those that were not asked for again are forgotten."""
_FACTS = 64


of_words: Final = lru_cache(maxsize=_MOST)
"""Decorates a function of the words of a passage and of their grammar alone: it is asked again for each edition."""


class PassageMemory:
    """Results by key. At least the last 32,768 that were used are kept."""

    def __init__(self) -> None:
        self._recent: dict[Hashable, Any] = {}
        self._older: dict[Hashable, Any] = {}
        self._numbers: dict[Hashable, int] = {}
        self._count = 0

    def number(self, facts: Hashable) -> int:
        """Return the number of facts. Equal facts have the same number while they are in use."""
        number = self._numbers.pop(facts, None)
        if number is None:
            self._count = number = self._count + 1
            if len(self._numbers) >= _FACTS:
                del self._numbers[next(iter(self._numbers))]
        self._numbers[facts] = number
        return number

    def get(self, key: Hashable) -> Any:
        """Return the result under a key, or None."""
        found = self._recent.get(key)
        if found is None and (found := self._older.get(key)) is not None:
            self.put(key, found)
        return found

    def put(self, key: Hashable, found: Any) -> None:
        """Remember what was found."""
        if len(self._recent) >= _MOST:
            self._older, self._recent = self._recent, {}
        self._recent[key] = found
