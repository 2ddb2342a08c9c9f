"""Finds the clause that a passage is in ("this Section"), and paragraphs that only begin with their own number."""

from __future__ import annotations

from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

import engross.common.lazy_re as re
from engross.language import Grammar
from engross.model import Clause, ClauseKind
from engross.terms.passages import Passage
from engross.terms.reference_syntax import Pointer, is_part_of_number, split
from engross.terms.typed_numbers import BULLETS

if TYPE_CHECKING:
    from engross.terms.clause_numbers import Numbering

_LONGEST_TITLE = 100
_BULLETS = ("*", "-", "+")
_ROMAN = re.compile(r"\([ivx]{2,5}\)")
_LETTER = re.compile(r"\([a-hj-uwyz]\)")
_ALONE = re.compile(r"\s*(?P<number>\d{1,2}(?:\.\d{1,2})*)\.?\s*")


def clause_around(passage: Passage, pointer: Pointer) -> Clause:
    """Return the clause that "this Section" or "this clause" means in a passage."""
    around = (*passage.around, passage.clause)
    if pointer.family in ("item", "clause"):
        inner = passage.innermost(pointer.start)
        if inner is not None and inner.anchor:
            return inner
        for clause in reversed(around):
            # "esta cláusula" below a bullet is the clause that has the list.
            item = clause.kind is ClauseKind.ITEM and (passage.grammar.is_english or clause.marker not in _BULLETS)
            if clause.anchor and (clause.kind is ClauseKind.SECTION or clause.number or item):
                return clause
    title = next((clause for clause in around if clause.kind is ClauseKind.SECTION and clause.level == 1), None)
    sections = [clause for clause in around if clause.kind is ClauseKind.SECTION and clause is not title]
    if sections:
        heads = None if passage.grammar.is_english else heading_of(passage.grammar, pointer.family)
        named = [section for section in sections if heads and heads.match(section.inline.text)]
        return (named or sections)[-1]  # "este artículo" in "2º De los socios" of Artículo 7
    numbered = [
        clause for clause in around if clause.anchor and clause.number[:1].isdigit() and "(" not in clause.number
    ]
    return numbered[-1] if numbered else title or passage.clause


@lru_cache(maxsize=64)
def heading_of(grammar: Grammar, family: str) -> re.Pattern[str]:
    """Return the pattern of a heading that begins with a word of one kind: Artículo 7, ARTÍCULO 14."""
    return re.compile(rf"[\W_]*(?:{grammar.referring.words_of(family)})(?!\w)", re.IGNORECASE)


def is_own_heading(passage: Passage, pointer: Pointer, clause: Clause | None) -> bool:
    """Return whether a paragraph only begins with its own number: § 3 Preise, Section 2.1 Fees.

    `clause` is what the number means.
    """
    text = passage.text
    if pointer.this or text[: pointer.start].strip(f" #\t\n\u00a0{BULLETS}"):
        return False
    title = clause is None and len(text) <= _LONGEST_TITLE and text.rstrip()[-1] not in ".;,"
    return clause is passage.clause or (title and not passage.grammar.is_english)


def number_above(passage: Passage) -> str:
    """Return the nearest number before a passage that a converter left alone on its line, or an empty string."""
    found = ""
    for sibling in passage.around[-1].children if passage.around else ():
        if sibling is passage.clause:
            return found
        alone = _ALONE.fullmatch(sibling.inline.text) if sibling.kind is ClauseKind.PARAGRAPH else None
        found = alone["number"] if alone else found
    return ""


def shorter_number_around(passage: Passage, number: str) -> str:
    """Return the whole number that "this Section 1(a)" means in 2.1, 2.1(a); "" if no clause around has number 1 so."""
    base, parts = split(number)
    numbers = [one.number for one in reversed((*passage.around, passage.clause))]
    if base in numbers:
        return ""
    whole = next((one for one in numbers if one.endswith(f".{base}") and not one.startswith(f"{base}.")), "")
    return whole + "".join(parts) if whole else ""


def paragraph_below(numbering: Numbering, passage: Passage, part: str) -> Clause | None:
    """Return the paragraph "(2)" below the typed number of a passage, in a text without headings: Absatz 2."""
    owner = numbering.preceding(passage)
    if owner is None:
        return None
    for _, clause, _ in islice(numbering.outline.nodes, numbering.index(owner) + 1, None):
        if numbering.is_typed(clause):
            return None
        if clause.marker == part:
            return clause
    return None


def contains(whole: Clause, clause: Clause | None) -> bool:
    """Return whether a clause is another one or a part of it."""
    return any(inner is clause for inner in whole.walk())


def may_be_within(number: str, cited: str) -> bool:
    """Return whether a clause with one number may be in that with another: 6(b) in 6, and 4(iv) in 4(c) if a converter
    lost the (c).
    """
    if is_part_of_number(number, cited) or is_part_of_number(cited, number):
        return True
    (base, inner), (outer, letters) = split(number), split(cited)
    lost = bool(inner and letters) and _ROMAN.fullmatch(inner[0]) and _LETTER.fullmatch(letters[0])
    return base == outer and bool(lost)
