"""Inflects the names of terms by the patterns of endings that a language's data give."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from itertools import islice, product
from typing import Any, Final

import engross.common.lazy_re as re

_LAST_WORD = re.compile(r"[^\W\d_]+\Z")
_MOST: Final = 96  # forms of one name
_SHORTEST: Final = 1  # letters of a stem
_LONGEST_ABBREVIATION: Final = 6
_SHORTEST_IN_CAPITALS: Final = 5
"""The fewest letters of a word in capitals that is no abbreviation."""


def inflected(words: Mapping[str, Any], small: frozenset[str]) -> Callable[[str], tuple[str, ...]]:
    """Return the function that gives the other forms of a name by `words.toml`; `small` words keep their form."""
    nouns = _patterns(words["endings"])
    adjectives = _patterns(words["adjective_endings"]) or nouns
    abbreviated = tuple(words.get("abbreviation_endings", "").split())
    irregular = {word: tuple(line.split()) for line in words["irregular"].splitlines() for word in line.split()}
    plain = frozenset(words["names"].split())

    @lru_cache(maxsize=16384)
    def forms(name: str) -> tuple[str, ...]:
        """Return the forms of a name other than itself; only the last word of several is declined as a noun."""
        parts = name.split(" ")
        choices: list[tuple[str, ...]] = []
        for at, word in enumerate(parts):
            if word.lower() in small or word in plain:
                choices.append((word,))
            else:
                endings = nouns if at == len(parts) - 1 else adjectives
                choices.append((word, *_forms(word, endings, irregular)))
                if word.isupper() and word.isalpha() and 1 < len(word) <= _LONGEST_ABBREVIATION:
                    choices[-1] = (*choices[-1], *(word + ending for ending in abbreviated))
        made = (" ".join(parts) for parts in islice(product(*choices), _MOST))
        return tuple(form for form in dict.fromkeys(made) if form != name)

    return forms


def _patterns(lines: str) -> dict[str, tuple[str, ...]]:
    """Return the endings → all endings of their first pattern; "-" is no ending."""
    found: dict[str, tuple[str, ...]] = {}
    for line in lines.splitlines():
        endings = tuple("" if ending == "-" else ending for ending in line.split())
        for ending in endings:
            found.setdefault(ending, endings)
    return found


def _forms(word: str, endings: dict[str, tuple[str, ...]], irregular: dict[str, tuple[str, ...]]) -> list[str]:
    """Return the other forms of one word; none of an abbreviation or of a word with a hyphen or digit at its end.

    Those of a word in capitals are in capitals: KUNDE, KUNDEN.
    """
    # "A2026" is the same with only its first letter as a capital.
    if word.isupper() and len(word) >= _SHORTEST_IN_CAPITALS and (small := word.capitalize()) != word:
        return [form.upper() for form in _forms(small, endings, irregular)]
    for written in (word, word.lower()):
        if written in irregular:
            others = (form for form in irregular[written] if form != written)
            return [form[0].upper() + form[1:] if word[:1].isupper() else form for form in others]
    if not _LAST_WORD.search(word) or (word.isupper() and len(word) > 1):
        return []
    if word.lower() in endings:
        return _whole(word, endings)
    for length in range(len(word) - _SHORTEST, -1, -1):
        ending = word[len(word) - length :]
        if ending in endings:
            stem = word[: len(word) - length]
            return [stem + other for other in endings[ending] if other != ending]
    return []


def _whole(word: str, endings: dict[str, tuple[str, ...]]) -> list[str]:
    """Return the other forms of a word that is itself an ending: Vertrag, Verträge."""
    others = endings[word.lower()]
    return [other.capitalize() if word[:1].isupper() else other for other in others if other != word.lower()]
