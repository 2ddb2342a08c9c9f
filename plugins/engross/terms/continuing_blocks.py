"""Finds the blocks that belong to a numbered clause but are beside it in the tree, such as paragraphs after "5.1"."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import islice, takewhile

from engross.common import lazy_value
from engross.model import Clause, ClauseKind
from engross.terms.passages import Outline
from engross.terms.typed_numbers import typed_enumerator


class ContinuingBlocks:
    """The blocks of one document that continue its numbered clauses.

    The arguments are ids of clauses: items that are typed titles, clauses that have no number whatever they begin with,
    and those with a typed number. `bracketed` are the indexes of sections with a number in brackets, in order.
    """

    def __init__(
        self,
        outline: Outline,
        titles: Collection[int],
        unnumbered: Collection[int],
        typed: Collection[int],
    ) -> None:
        self._nodes = outline.nodes
        self.bracketed: Sequence[int] = ()
        self._titles = titles
        self._unnumbered = unnumbered
        self._typed = typed

    @lazy_value
    def indexes(self) -> dict[int, int]:
        """The indexes of the clauses, by their ids."""
        return {id(clause): index for index, clause, _ in self._nodes}

    def _parent(self, clause: Clause) -> Clause:
        return self._nodes[self.indexes[id(clause)]][2][-1]

    def continuing(self, clause: Clause) -> list[Clause]:
        """Return the blocks after a numbered paragraph up to the next numbered paragraph."""
        if self.bracketed and (index := self.indexes[id(clause)]) in self.bracketed:
            end = next((one for one in self.bracketed if one > index), len(self._nodes))
            return [one for _, one, _ in islice(self._nodes, index + 1, end) if one.kind is ClauseKind.ITEM]
        if id(clause) not in self._siblings:
            return []
        siblings, at = self._siblings[id(clause)]
        if clause.kind is ClauseKind.SECTION and self._parent(clause).kind is ClauseKind.ITEM:
            return list(siblings[at + 1 :])  # "* ### 2. Payments" with the list below it in the same item
        if clause.kind is ClauseKind.SECTION:
            # "## d. Disability" on the level of "## 5. Termination".
            following = takewhile(lambda one: not one.number and bool(typed_enumerator(one)), siblings[at + 1 :])
            return [] if clause.number.startswith("(") else list(following)
        listed = clause.kind is ClauseKind.ITEM
        if listed and at + 1 == len(siblings) and (clause.number.isdigit() or id(clause) in self._titles):
            # "3. Procedures." is a list of its own, and what belongs to it follows.
            parent = self._parent(clause)
            siblings, at = self._siblings.get(id(parent), ((), 0))
        elif clause.kind is not ClauseKind.PARAGRAPH:
            return []
        return list(takewhile(lambda one: not self._begins_another(one, lists=listed), siblings[at + 1 :]))

    def _begins_another(self, clause: Clause, *, lists: bool) -> bool:
        """Return whether another section begins with a clause; with `lists`, the items of lists may be sections."""
        if lists and clause.kind is ClauseKind.LIST and clause.children:
            first = clause.children[0]
            if first.number.isdigit() or id(first) in self._titles:
                return True
        if lists and clause.kind is ClauseKind.SECTION:
            return bool(clause.number) or not typed_enumerator(clause)
        numbered = (clause.number and id(clause) not in self._unnumbered) or id(clause) in self._typed
        return clause.kind is ClauseKind.SECTION or (clause.kind is ClauseKind.PARAGRAPH and bool(numbered))

    @lazy_value
    def _siblings(self) -> dict[int, tuple[tuple[Clause, ...], int]]:
        """The blocks next to each clause, and its position among them."""
        return {
            id(child): (clause.children, at) for _, clause, _ in self._nodes for at, child in enumerate(clause.children)
        }
