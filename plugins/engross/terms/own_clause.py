"""Finds the clause that a passage is in ("this Section"), and paragraphs that only begin with their own number."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import engross.common.lazy_re as re
from engross.model import Clause, ClauseKind
from engross.terms.passages import Passage
from engross.terms.reference_syntax import PARTS_OF_WHOLE, Pointer, is_part_of_number, split
from engross.terms.typed_numbers import BULLET_MARKERS, BULLETS, heading_family

if TYPE_CHECKING:
    from engross.terms.clause_numbers import Numbering

_LONGEST_TITLE, _HIGHEST = 100, 999
_ROMAN = re.compile(r"\([ivx]{2,5}\)")
_LETTER = re.compile(r"\([a-hj-uwyz]\)")
_DIGITS = re.compile(r"\d+")
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
            item = clause.kind is ClauseKind.ITEM and (
                passage.grammar.is_english or clause.marker not in BULLET_MARKERS
            )
            if clause.anchor and (clause.kind is ClauseKind.SECTION or clause.number or item):
                return clause
    title = next((clause for clause in around if clause.kind is ClauseKind.SECTION and clause.level == 1), None)
    sections = [clause for clause in around if clause.kind is ClauseKind.SECTION and clause is not title]
    # "este artículo" in "2º De los socios" of Artículo 7
    every = (one for one in reversed(around) if one.kind is ClauseKind.SECTION)
    if worded := next((one for one in every if heading_family(one, passage.grammar) == pointer.family), None):
        return worded
    if sections:
        return sections[-1]
    numbered = [
        clause for clause in around if clause.anchor and clause.number[:1].isdigit() and "(" not in clause.number
    ]
    return numbered[-1] if numbered else title or passage.clause


def is_own_heading(passage: Passage, pointer: Pointer, clause: Clause | None) -> bool:
    """Return whether a paragraph only begins with its own number: § 3 Preise, Section 2.1 Fees.

    `clause` is what the number means.
    """
    text = passage.text
    if pointer.this or text[: pointer.start].strip(f" #\t\n\u00a0{BULLETS}"):
        return False
    title = clause is None and len(text) <= _LONGEST_TITLE and text.rstrip()[-1] not in ".;,"
    return clause is passage.clause or (title and not passage.grammar.is_english)


def is_of_other_word(passage: Passage, pointer: Pointer, clause: Clause | None) -> bool:
    """Return whether a number means an article that no one calls so: “los puntos 1 y 3” is not “Artículo 1”."""
    part = pointer.family in PARTS_OF_WHOLE and not passage.grammar.is_english
    return part and clause is not None and heading_family(clause, passage.grammar) == "article"


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


def misplaced(numbering: Numbering, clause: Clause, cited: str, passage: Passage) -> str:
    """Return the problem of "this Section 5" in Section 6, or an empty string. `clause` has the cited number.

    Where the order of the numbers is not that of the text, or the text is in a clause with fewer levels, a contents
    list or a number that a converter lost may be the reason.
    """
    around = (*passage.around, passage.clause)
    if any(outer is clause for outer in around) or clause.kind is ClauseKind.RUN_IN:
        return ""
    known = cited[0].isdigit() and bool(numbering.titled(split(cited)[0]))
    if not known or numbering.known.restarts or numbering.embedded.find(cited):
        return ""
    numbers = _numbers_here(numbering, passage)
    # A paragraph after the items of 6(b) is in 6 for the parser, and may be in 6(b) for its author.
    last = _number_before(numbering, passage)
    if not numbers or any(may_be_within(one, cited) for one in (numbers[-1], last) if one):
        return ""
    own, wanted = _levels(numbers[-1]), _levels(cited)
    if len(own) < len(wanted) or any(own[at : at + len(wanted)] == wanted for at in range(len(own))):
        return ""
    at, here = numbering.index(clause), passage.index
    if (wanted < own) != (at < here) or max(own) > _HIGHEST:
        return ""
    if numbering.attachments.around(at) != numbering.attachments.around(here):
        return ""
    return f"“this” refers to {cited}, but the text is in {numbers[-1]}"


def is_elsewhere(numbering: Numbering, passage: Passage, cited: str) -> bool:
    """Return whether "this Section 18.2", which does not exist, is in another section than 18, such as 17.2.

    Inside 18, the number may be there, and only the parser or a converter have lost it.
    """
    numbers = _numbers_here(numbering, passage) if cited[0].isdigit() else []
    return bool(numbers) and _levels(numbers[-1])[0] != _levels(cited)[0]


def _numbers_here(numbering: Numbering, passage: Passage) -> list[str]:
    """Return the numbers of the clauses that a passage is in, the most exact last; those of mere list items are not
    among them.
    """
    around = (*passage.around, passage.clause)
    numbers = [
        one.number
        for one in around
        if one.number[:1].isdigit() and (one.kind is not ClauseKind.ITEM or "." in one.number)
    ]
    lines = (numbering.typed_before(passage), number_above(passage))
    return numbers + [one for one in lines if numbers and one[:1].isdigit()]


def _number_before(numbering: Numbering, passage: Passage) -> str:
    """Return the number of the last paragraph with one before a passage without a number, below the same heading."""
    found = ""
    if passage.clause.number or numbering.is_typed(passage.clause):
        return found
    for sibling in passage.around[-1].children if passage.around else ():
        if sibling is passage.clause:
            return found
        found = sibling.number if sibling.number[:1].isdigit() else found
    return ""


def _levels(number: str) -> tuple[int, ...]:
    """Return the levels of a number that begins with a digit, without letters: 4.2a(b) has 4 and 2."""
    levels = (_DIGITS.match(level) for level in split(number)[0].split("."))
    return tuple(int(level[0]) for level in levels if level)


def may_be_within(number: str, cited: str) -> bool:
    """Return whether a clause with one number may be in that with another: 6(b) in 6, and 4(iv) in 4(c) if a converter
    lost the (c).
    """
    if is_part_of_number(number, cited) or is_part_of_number(cited, number):
        return True
    (base, inner), (outer, letters) = split(number), split(cited)
    lost = bool(inner and letters) and _ROMAN.fullmatch(inner[0]) and _LETTER.fullmatch(letters[0])
    return base == outer and bool(lost)
