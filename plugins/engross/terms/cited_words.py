"""Cites references in messages as their authors wrote them: “Anlage 2”, “Sub-clause 3”, “Klausel 6.2 Buchstabe a”."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from engross.language import Grammar
from engross.terms.passages import Passage
from engross.terms.reference_patterns import patterns_of
from engross.terms.reference_syntax import BARE, Point, Pointer

_ENDINGS = ("s", "es", "n", "en", "e", "er", "ern")


def cited_word(passage: Passage, pointer: Pointer, *, small: bool = False) -> str:
    """Return the word before the number of a pointer, in the singular, with a capital; "" for a number without a word.

    With `small`, an English word has a small letter.
    """
    if pointer.family == BARE:
        return ""
    first = pointer.points[0].start if pointer.points else pointer.end
    words = passage.text[pointer.start : first].strip("“\"‘' \t\n\u00a0").split()
    word = next((one for one in reversed(words) if _is_family(one, passage.grammar)), pointer.family)
    singular = _singular(word.lower(), passage.grammar)
    if small and passage.grammar.is_english:
        return singular
    return singular[:1].upper() + singular[1:]


def cited_number(passage: Passage, point: Point) -> str:
    """Return a number as its author wrote it in a language other than English: "6.2 Buchstabe a" for 6.2(a)."""
    if passage.grammar.is_english:
        return point.number
    patterns = patterns_of(passage.grammar)
    end = point.end if not point.title else passage.text.rfind("(", point.start, point.end)
    written = " ".join(patterns.ignored.sub("", passage.text[point.start : end]).split())
    return written if written and patterns.normalized(written) == point.number else point.number


def cited_parts(passage: Passage, point: Point, base: str, parts: str) -> str:
    """Return the parts after the base of a number as its author wrote them: "Buchstabe a" for (a)."""
    written = cited_number(passage, point)
    return (written[len(base) :] if written.startswith(base) else parts).strip(" ,.")


def _is_family(word: str, grammar: Grammar) -> bool:
    families = grammar.referring.families
    return word.lower() in families or word.lower().replace("-", "") in families


@lru_cache(maxsize=1024)
def _singular(word: str, grammar: Grammar) -> str:
    """Return the word of which another is the plural or a case: "Abschnitt" for Abschnitten; else the word."""
    families = grammar.referring.families
    family = families.get(word, "")
    plain = _without_accents(word)
    others = (one for one, kind in families.items() if kind == family and one[-1].isalpha())
    shorter = [one for one in others if _is_shorter(_without_accents(one), plain)]
    if shorter:
        return min(shorter, key=len)
    return family if word in ("appendices", "addenda") else word.replace("§§", "§")


def _is_shorter(word: str, plural: str) -> bool:
    return len(word) > 1 and plural.startswith(word) and plural[len(word) :] in _ENDINGS


def _without_accents(word: str) -> str:
    return "".join(one for one in unicodedata.normalize("NFD", word) if not unicodedata.combining(one))
