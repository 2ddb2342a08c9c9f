"""Recognizes sentences that only say where a term is defined: "“Fee” has the meaning given in Section 3"."""

from __future__ import annotations

from itertools import islice
from typing import Final

import engross.common.lazy_re as re
from engross.model import ClauseKind
from engross.terms.passages import Passage
from engross.terms.reference_syntax import BARE, pointers

_DEFINED_AT: Final = re.compile(
    r"\s*(?:is|are|shall\s+be|have\s+been)\s+(?:each\s+|both\s+)?defined\s+(?:in|at|by|under)\b"
)
# The other names of a sentence, between the first and the verb: “Holder”, “Issuer” and “Bank” have the meanings …
_OTHER_NAMES: Final = re.compile(r"(?:[\s,;/&]*(?:\w+\s+){0,3}[“\"„«][^“”\"„«»\n]{1,60}[”\"“»])+")
_LEAD: Final = re.compile(r"\s*(?:[a-zß-ÿ]+\s+){0,3}")
# "Section 3 of the Master Agreement" is in another document.
_ENDS: Final = re.compile(r"\s*(?:\([^()]{1,80}\)\s*)?(?:[.;:,)]|\Z|(?:above|below|hereof|of\s+(?:this|these))\b)")
_LONGEST_PLACE: Final = 120


def pointing(passage: Passage, end: int) -> re.Match[str] | None:
    """Return the match of the words that point at another place after a name that ends at `end`, or None.

    The other names of the sentence may be between the name and these words.
    """
    points, text = passage.grammar.defining.points, passage.text
    found = points.match(text, end)
    others = None if found else _OTHER_NAMES.match(text, end)
    return points.match(text, others.end()) if others else found


def only_points(passage: Passage, end: int) -> bool:
    """Return whether a sentence, not in a list of terms, says that the names before `end` are defined elsewhere.

    They are defined in a section of the same document, unless the sentence says "is defined in", whatever follows.
    """
    if passage.clause.kind is ClauseKind.ITEM:
        return False
    return _DEFINED_AT.match(passage.text, end) is not None or _is_in_section(passage, end)


def _is_in_section(passage: Passage, end: int) -> bool:
    found = pointing(passage, end)
    if found is None:
        return False
    place = passage.text[found.end() : found.end() + _LONGEST_PLACE]
    for one in islice(pointers(place, passage.grammar), 1):
        return (
            one.family != BARE
            and bool(one.points)
            and _LEAD.fullmatch(place, 0, one.start) is not None
            and _ENDS.match(place, one.end) is not None
        )
    return False
