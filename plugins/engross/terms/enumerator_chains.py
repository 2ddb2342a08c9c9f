"""Finds references by enumerators alone: "under (a) or (b)", "in (c) above", "in a. und b. genannten".

A list within a sentence has the same marks, so each enumerator must be that of another item near the passage.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

import engross.common.lazy_re as re
from engross.language import Grammar
from engross.model import Clause, ClauseKind, ReferenceKind
from engross.terms.enumerated_items import ItemIndexes
from engross.terms.passages import Passage
from engross.terms.reference_patterns import PART
from engross.terms.reference_syntax import Spot

_MAY_BE: Final = re.compile(r"\)\s*(?:,\s*)?(?:and|or|to|through|above|below|\()")
_MAY_BE_ABROAD: Final = re.compile(r"[.)],? (?:\w+ )?\(?\w[.)]")
_BEFORE: Final = r"(?:in|under|of|by|to|with|from|at|per|and|or|see|items?|both|either|of|unless|if|than|where|except)"
_ENGLISH: Final = re.compile(
    rf"\b{_BEFORE}\s+(?P<chain>{PART}(?:\s*(?:,\s*)?(?:and/or|and|or|to|through|,)\s*{PART})+"
    rf"|{PART}(?=\s+(?:above|below)\b))(?!\s*(?:[A-Z]\w*\s+)?(?:means|shall\s+mean)\b)"
)
_ONE: Final = re.compile(PART)
_OPEN: Final = re.compile(r"(?<!\w)([a-z])[.)]")


@lru_cache(maxsize=32)
def _abroad(grammar: Grammar) -> re.Pattern[str]:
    words = grammar.referring
    return re.compile(
        rf"(?<!\w)(?:{words.bare})\s+(?P<chain>[a-h][.)]\s*(?:(?:,|(?:{words.joins}|{words.to})(?!\w))\s*[b-z][.)]\s*)+)(?<!\s)"
        rf"|(?<!\w)(?:{words.bare})\s+(?P<closed>{PART}(?:\s*(?:,|(?:{words.joins}|{words.to})(?!\w))\s*{PART})+)"
    )


def enumerator_chains(passage: Passage, items: ItemIndexes) -> Iterator[Spot]:
    """Yield the references of a passage to items by nothing but their enumerators."""
    text, english = passage.text, passage.grammar.is_english
    if not (_MAY_BE if english else _MAY_BE_ABROAD).search(text):
        return
    for found in (_ENGLISH if english else _abroad(passage.grammar)).finditer(text):
        group = "chain" if english or found["chain"] else "closed"
        one = _OPEN if not english and group == "chain" else _ONE
        parts = list(one.finditer(text, *found.span(group)))
        clauses = [_item(passage, items, part[0] if one is _ONE else f"({part[1]})", part.start()) for part in parts]
        targets = [clause for clause in clauses if clause is not None]
        if len(targets) == len(parts) and len({id(clause) for clause in targets}) == len(parts):
            for part, clause in zip(parts, targets, strict=True):
                if clause is not passage.clause:
                    target = passage.document.id, clause.anchor
                    yield Spot(part.start(), part.end(), ReferenceKind.NUMBER, target)


def _item(passage: Passage, items: ItemIndexes, part: str, at: int) -> Clause | None:
    """Return the item with an enumerator near a passage, unless it begins at the offset itself, or None."""
    clause = items.relative(passage, (part,))
    if clause is None or not clause.anchor:
        return None
    begins = clause.kind is ClauseKind.RUN_IN and clause in passage.run_in and clause.span[0] == at
    return None if begins else clause
