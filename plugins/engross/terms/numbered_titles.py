"""The titles of the numbered clauses of a document, as references write them in brackets: "Section 7 (Parties)"."""

from __future__ import annotations

import engross.common.lazy_re as re
from engross.common import lazy_value
from engross.model import Clause, ClauseKind
from engross.terms.clause_numbers import Numbering
from engross.terms.enumerators import has_items
from engross.terms.passages import Outline
from engross.terms.title_comparison import heading_title, title_words
from engross.terms.typed_numbers import title_after_number

_LONGEST = 60
_NUMBER = re.compile(r"\A[\d.\s]+")


class NumberedTitles:
    """The titles of one document's clauses, and the number of the clause with a title."""

    def __init__(self, outline: Outline) -> None:
        self._outline = outline
        self._numbering = outline.derived(Numbering)

    def of(self, clause: Clause) -> str:
        """Return the title of a clause: of a heading, of a lead-in, or a short paragraph; empty if it has none."""
        index = self._numbering.index(clause)
        if clause.kind is ClauseKind.SECTION:
            return heading_title(clause, self._outline.nodes[index + 1 : index + 2])
        found = self._outline.passage_of.get(index)
        if found is None:
            return ""
        if self._numbering.is_typed(clause) and (title := title_after_number(clause, found.grammar)):
            return title
        is_short = len(found.text) <= _LONGEST and (has_items(clause) or not found.text.rstrip().endswith("."))
        return _NUMBER.sub("", found.title or (found.text if is_short else "")).strip(" .:")

    def number_of(self, title: str) -> str:
        """Return the number of the only clause with a title; empty if none or several have it."""
        numbers = self._numbers.get(tuple(title_words(title)), ())
        return numbers[0] if len(numbers) == 1 else ""

    @lazy_value
    def _numbers(self) -> dict[tuple[str, ...], list[str]]:
        numbers: dict[tuple[str, ...], list[str]] = {}
        for number, clause in self._numbering.sections():
            if words := tuple(title_words(self.of(clause))):
                numbers.setdefault(words, []).append(number)
        return numbers
