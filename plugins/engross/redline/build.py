"""Trees and their matching → the blocks of the script.

At every level the blocks of both sides come in an order that keeps that of either side: what belongs together stands
once, and in each gap between two such blocks what went comes before what came.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from engross.model import ClauseKind
from engross.redline.align import Matching
from engross.redline.definitions import Terms
from engross.redline.facts import facts_of
from engross.redline.outline import Node
from engross.redline.places import Places
from engross.redline.reset import Reset
from engross.redline.reset_runs import reset_block
from engross.redline.runs import compare, whole
from engross.redline.script import Block, Op, State
from engross.redline.tables import merged_table


@dataclass
class Builder:
    """Makes blocks from the nodes of both sides and what belongs together."""

    matching: Matching
    terms: Terms
    places: Places
    _origins: dict[Node, Node] = field(init=False)
    _old_resets: dict[Node, Reset] = field(init=False)
    _new_resets: dict[Node, Reset] = field(init=False)

    def __post_init__(self) -> None:
        self._origins = {new: old for old, new in self.matching.moved.items()}
        self._old_resets = {node: reset for reset in self.matching.resets for node in reset.old}
        self._new_resets = {node: reset for reset in self.matching.resets for node in reset.new}

    def blocks(self, old: Sequence[Node], new: Sequence[Node]) -> tuple[Block, ...]:
        """The blocks of one level."""
        return tuple(self._level(old, new))

    def _level(self, old: Sequence[Node], new: Sequence[Node]) -> Iterator[Block]:
        places = {node: at for at, node in enumerate(new)}
        a = b = 0
        while a < len(old) or b < len(new):
            # Everything of the old side up to the next block that stands on both sides, then of the new side.
            while a < len(old) and (old[a] not in self.matching.paired and old[a] not in self._old_resets):
                yield self.gone(old[a])
                a += 1
            end, skip = self._next_place(old[a], places) if a < len(old) else (len(new), 0)
            while b < end:
                yield self.come(new[b])
                b += 1
            if a < len(old):
                yield self._both(old[a], new[b])
                a, b = a + skip, b + self._width(new[b])

    def _next_place(self, node: Node, places: dict[Node, int]) -> tuple[int, int]:
        """The new place of what stands on both sides, and how many old blocks it takes up."""
        reset = self._old_resets.get(node)
        if reset:
            return places[reset.new[0]], len(reset.old)
        return places[self.matching.paired[node]], 1

    def _width(self, node: Node) -> int:
        reset = self._new_resets.get(node)
        return len(reset.new) if reset else 1

    def _both(self, old: Node, new: Node) -> Block:
        reset = self._old_resets.get(old)
        return reset_block(reset) if reset else self.pair(old, new)

    def pair(self, old: Node, new: Node) -> Block:
        """A block of both sides."""
        if old.full == new.full:
            return _same(old, new)
        if old.kind is ClauseKind.TABLE:
            return merged_table(old, new)
        runs = compare(old.pieces, new.pieces, verbatim=old.kind is ClauseKind.CODE)
        children = self.blocks(old.children, new.children)
        facts = (*facts_of(old.face, new.face, runs), *self.terms.facts(old, new))
        return Block(State.CHANGED, old.face, new.face, runs, children, facts)

    def gone(self, node: Node) -> Block:
        """A block of the old side: deleted, or moved away."""
        target = self.matching.moved.get(node)
        if target:
            block = one_sided(node, State.MOVED_AWAY, self.gone)
            return replace(block, move=self.places.number(target))
        return replace(one_sided(node, State.DELETED, self.gone), facts=self.terms.facts(node, None))

    def come(self, node: Node) -> Block:
        """A block of the new side: inserted, or moved here and compared with what it was."""
        origin = self._origins.get(node)
        if origin is None:
            return replace(one_sided(node, State.INSERTED, self.come), facts=self.terms.facts(None, node))
        return replace(self.pair(origin, node), state=State.MOVED_HERE, move=self.places.number(node))


def one_sided(node: Node, state: State, within: Callable[[Node], Block]) -> Block:
    """A block that has no counterpart in its place; `within` makes those in it."""
    gone = state in (State.DELETED, State.MOVED_AWAY)
    runs = whole(node.pieces, Op.DELETED if gone else Op.INSERTED)
    old, new = (node.face, None) if gone else (None, node.face)
    return Block(state, old, new, runs, tuple(within(child) for child in node.children))


def _same(old: Node, new: Node) -> Block:
    """A block in which nothing changed, with all that is within."""
    children = tuple(_same(a, b) for a, b in zip(old.children, new.children, strict=True))
    return Block(State.SAME, old.face, new.face, whole(new.pieces, Op.EQUAL), children)
