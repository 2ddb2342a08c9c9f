"""The words that sentences of each language rightly repeat ("that that"), and those that none repeats ("the the")."""

from __future__ import annotations

from functools import lru_cache

from engross.language.detection import frequent_words, words_of_languages
from engross.language.sentences import words

_FEWEST = 3


@lru_cache(maxsize=1)
def rightly_repeated() -> frozenset[str]:
    """Return the words that can correctly occur twice in a row in some language.

    Texts quote other languages, so the words of all languages are allowed in every document.
    """
    return frozenset(word for data in words_of_languages().values() for word in data.get("repeated", "").split())


@lru_cache(maxsize=32)
def never_repeated(code: str) -> frozenset[str]:
    """Return the words that no sentence of a language repeats; none for a language without data."""
    return frozenset(words_of_languages().get(code, {}).get("never_repeated", "").split())


def is_written_in(code: str, passage: str) -> bool:
    """Return whether a passage has several frequent words of a language, and no more of any other language."""
    written = frozenset(words(passage.lower()))
    counts = {other: len(frequent & written) for other, frequent in frequent_words().items()}
    return counts.get(code, 0) >= max(_FEWEST, *counts.values())
