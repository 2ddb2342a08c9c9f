"""Splits a list that grows with the record into pages that stay small, and whose addresses and content stay.

A list is on one page until it is larger than `LIMIT`. Then it is split by year, and a year that is still larger into
parts. Entries are taken from the oldest on, so a new entry only changes the last part, which is on the main page. All
parts before it have pages of their own below the address of the main page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from typing import Generic, TypeVar

from engross.common import value_class

T = TypeVar("T")

LIMIT = 200_000
"""The most bytes of the entries of one page; with everything around them, no page has more than 500,000."""

WHOLE = ""
"""The group of a list that is not split."""


@value_class(frozen=True, slots=True)
class Part(Generic[T]):
    """The entries of a page, oldest first: part `number` of a `group`, such as the year 2026.

    `divided` if the group has more parts.
    """

    group: str
    number: int
    items: tuple[T, ...]
    divided: bool = False

    @property
    def name(self) -> str:
        """The last part of the page's address: "2026", or "2026-2" for the second part of that year."""
        return self.group if self.number == 1 else f"{self.group}-{self.number}"

    def address(self, folder: str) -> str:
        """The address of the page; `folder` is the address of the folder of all parts, with a slash at its end."""
        return f"{folder}{self.name}/"

    def title(self, words: Mapping[str, str]) -> str:
        """What readers call the part."""
        group = words["archive_state_imported"] if self.group == IMPORTED else self.group
        return part_title(group, self.number, self.divided, words)


def part_title(group: str, number: int, divided: bool, words: Mapping[str, str]) -> str:
    """What readers call part `number` of a group: "2026", or "2026, part 1" if it is `divided` into parts."""
    return words["archive_part"].format(name=group, number=number) if divided else group


IMPORTED = "imported"
"""The group of imported versions."""


def split(
    items: Sequence[T], group: Callable[[T], str], size: Callable[[T], int], limit: int = 0
) -> tuple[Part[T], ...]:
    """Split a list, oldest first, into parts of at most `limit` bytes (0: `LIMIT`); one larger entry is a part alone.

    `size` gives the bytes of an entry. A list that needs no page but the main one is one part of the group `WHOLE`.
    """
    most = limit or LIMIT
    if sum(map(size, items)) <= most:
        return (Part(WHOLE, 1, tuple(items)),)
    parts = []
    for name, found in groupby(items, group):
        runs = _runs(found, size, most)
        parts += [Part(name, number, run, len(runs) > 1) for number, run in enumerate(runs, 1)]
    return tuple(parts)


def _runs(items: Iterable[T], size: Callable[[T], int], most: int) -> list[tuple[T, ...]]:
    """The fewest runs of items, each filled before the next begins."""
    runs: list[list[T]] = [[]]
    filled = 0
    for item in items:
        own = size(item)
        if runs[-1] and filled + own > most:
            runs.append([])
            filled = 0
        runs[-1].append(item)
        filled += own
    return [tuple(run) for run in runs]


def text_size(*texts: str) -> int:
    """The bytes of texts in HTML, nearly: characters that are escaped count once."""
    return sum(len(text.encode()) for text in texts)


def is_large(text: str) -> bool:
    """Whether a text is too large to be a part of a page."""
    return text_size(text) > LIMIT
