"""Reads references that a converter split between two paragraphs: "as set out in clauses" and "5.2 and 5.4."."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise

import engross.common.lazy_re as re
from engross.language import Grammar
from engross.model import ClauseKind
from engross.terms.passages import Outline, Passage
from engross.terms.reference_syntax import Pointer, pointers
from engross.terms.typed_numbers import typed_number

_LAST_WORDS = re.compile(
    r"(?<!\S)[^.;:!?]{2,40}\Z|\b(?:in|of|under|with|clauses?|sections?)\s+[\d.()a-z, ]{1,20}\s+(?:and|or|and/or)\Z"
)
_BEGINS = re.compile(r"\d{1,2}(?:\.\d{1,2})*(?:\([a-z]{1,3}\))*(?:\)|[.,]?\s+[a-z]|[.,;]?\s*\Z)")
_PARAGRAPH = ClauseKind.PARAGRAPH
_ALONE = re.compile(r"\s*(?:section|clause|article|§)\s*(\d+(?:\.\d+)*)\.?\s*", re.IGNORECASE)
_CLOSED = re.compile(r"[\d.]+\)\s+[a-z]")


def words_before(outline: Outline) -> dict[int, str]:
    """Return the last words of the paragraph before each one that begins with the rest of a reference, by its index."""
    return {
        two.index: found[0]
        for one, two in pairwise(outline.passages)
        if _continues(two) and (found := _LAST_WORDS.search(one.text.rstrip()))
    }


def lone_references(outline: Outline) -> set[int]:
    """Return the indexes of paragraphs that are a reference to a heading alone, and have no number: "Section 3.1"."""
    found = [(index, _ALONE.fullmatch(one.inline.text)) for index, one, _ in outline.nodes if one.kind is _PARAGRAPH]
    alone = {index: match[1] for index, match in found if match}
    headed = {one.number for _, one, _ in outline.nodes if one.kind is ClauseKind.SECTION} if alone else set()
    return {index for index, number in alone.items() if number in headed}


def _continues(passage: Passage) -> bool:
    clause = passage.clause
    return (
        clause.kind is ClauseKind.PARAGRAPH
        and (not clause.number or _CLOSED.match(passage.text) is not None)
        and _BEGINS.match(passage.text) is not None
        and not typed_number(clause, passage.grammar)
    )


def pointers_after(before: str, text: str, grammar: Grammar) -> Iterator[Pointer]:
    """Yield the pointers of a text whose first may begin in the paragraph before it, without what is there."""
    shift = len(before) + 1
    for pointer in pointers(f"{before} {text}", grammar):
        points = tuple(
            replace(point, start=point.start - shift, end=point.end - shift)
            for point in pointer.points
            if point.start >= shift
        )
        if points:
            start = max(0, pointer.start - shift)
            yield replace(pointer, start=start, end=pointer.end - shift, points=points)


def split_words(outlines: Iterable[Outline]) -> dict[tuple[str, int], str]:
    """Return the words before split references in all documents, by document and index."""
    return {(one.id, index): words for one in outlines for index, words in one.derived(words_before).items()}
