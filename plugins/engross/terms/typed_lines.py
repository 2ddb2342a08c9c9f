"""Finds numbers at the start of source lines that the parser did not recognise, before a reference counts as broken."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

import engross.common.lazy_re as re
from engross.common import lazy_value
from engross.model import Clause
from engross.terms.passages import Outline

_LINE = re.compile(
    r"^(?P<markup>[\s>#*_|+-]*(?:<[^>\n]*>[\s*_]*)*)(?P<word>(?i:section|article|clause|§)\s*)?(?P<number>\d+(?:\.\d+)*)"
    r"(?!\w|\.\d)(?P<mark>[.):*_]*)(?=[\s<|]|$)(?P<name>\s+[“\"*_]*[A-Z])?",
    re.MULTILINE,
)


class TypedLines:
    """The numbers at the start of the lines of one document. `unnumbered` are the ids of clauses that have no number,
    whatever they begin with: the items of mere lists.
    """

    def __init__(self, outline: Outline, unnumbered: AbstractSet[int]) -> None:
        self._outline = outline
        self._unnumbered = unnumbered

    def clause(self, number: str) -> Clause | None:
        """Return the clause on the line that begins with the number."""
        line = self._numbers.get(number)
        inside = self._last_on_line.get(line) if line is not None else None
        return inside if inside is not None and id(inside) not in self._unnumbered else None

    @lazy_value
    def _last_on_line(self) -> dict[int, Clause]:
        """The last clause with an anchor that each line is a part of."""
        found: dict[int, Clause] = {}
        for _, clause, _ in self._outline.nodes:
            if clause.anchor:
                found.update(dict.fromkeys(range(clause.lines[0], clause.lines[1] + 1), clause))
        return found

    @lazy_value
    def _numbers(self) -> dict[str, int]:
        """The numbers at the start of source lines, whatever the parser made of them → the first such line."""
        source, found = self._outline.document.source, dict[str, int]()
        for match in _LINE.finditer(source.text) if source is not None else ():
            # A line of running text may begin with "Section 4 applies", or with the "4.2" of a wrapped "Section 4.2".
            if match["mark"] or match["markup"].strip() or (match["name"] and not match["word"]):
                found.setdefault(match["number"], match.start("number"))
        return {number: source.position(at)[0] for number, at in found.items()} if source is not None else {}
