"""Alphabetical order as lists of definitions keep it, and which items of a list are out of it."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Sequence

Key = Callable[[str], str]


def _plain(name: str) -> str:
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def by_letter(name: str) -> str:
    """Letter by letter, as a dictionary sorts: blanks and hyphens do not count."""
    return re.sub(r"[^a-z0-9\u0100-\uffff]+", "", _plain(name))


def by_word(name: str) -> str:
    """Word by word, as a telephone book sorts: a blank comes before every letter, and a hyphen is a blank."""
    return re.sub(r"[^a-z0-9\u0100-\uffff]+", " ", _plain(name)).strip()


def by_word_hyphen_kept(name: str) -> str:
    """Word by word, a hyphenated word being one."""
    return re.sub(r"[^a-z0-9\u0100-\uffff ]+", "", _plain(name))


ORDERS: tuple[Key, ...] = (by_word, by_letter, by_word_hyphen_kept)


def misplaced(names: Sequence[str]) -> tuple[list[int], Key]:
    """The fewest positions that must move to bring the names in order, and the order in which that is so."""
    found = [(_outside(list(map(key, names))), key) for key in ORDERS]
    return min(found, key=lambda pair: len(pair[0]))


def _outside(keys: Sequence[str]) -> list[int]:
    """The positions outside a longest run in order, found in time n log n (patience sorting).

    Of two that stand the wrong way round it is the later that is outside, so the run is sought from the end.
    """
    ranks = {key: rank for rank, key in enumerate(sorted(set(keys)))}
    tops: list[int] = []
    ends: list[int] = []
    before: dict[int, int] = {}
    for at in range(len(keys) - 1, -1, -1):
        rank = -ranks[keys[at]]
        pile = bisect_right(tops, rank)
        before[at] = ends[pile - 1] if pile else -1
        tops[pile : pile + 1] = [rank]
        ends[pile : pile + 1] = [at]
    inside = set()
    at = ends[-1] if ends else -1
    while at >= 0:
        inside.add(at)
        at = before[at]
    return [at for at in range(len(keys)) if at not in inside]
