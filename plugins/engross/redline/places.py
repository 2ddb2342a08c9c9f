"""Moved blocks → moves: neighbours that went together count once, with words for where from and where to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from engross.model import ClauseKind
from engross.redline.outline import Node
from engross.redline.script import Move


@dataclass
class Places:
    """The moves of a matching, numbered in the order in which they show on the new side."""

    moves: tuple[Move, ...] = ()
    _numbers: dict[Node, int] = field(default_factory=dict)

    def number(self, node: Node) -> int:
        """The number of the move that brought a block of the new side to its place."""
        return self._numbers[node]


def find_moves(old: Sequence[Node], new: Sequence[Node], moved: dict[Node, Node]) -> Places:
    """The moves of two documents; `moved` goes from old to new."""
    if not moved:
        return Places()
    origins = {node: origin for origin, node in moved.items()}
    before_old, before_new = _neighbours(old), _neighbours(new)
    places, moves = Places(), list[Move]()
    for node in _walk(new):
        if node not in origins:
            continue
        origin, neighbour = origins[node], before_new.get(node)
        along = neighbour in origins and neighbour is not None and origins[neighbour] is before_old.get(origin)
        if not along:
            moves.append(Move(len(moves) + 1, _spoken(origin, before_old), _spoken(node, before_new)))
        places._numbers[node] = len(moves)
    places.moves = tuple(moves)
    return places


def _walk(nodes: Iterable[Node]) -> Iterable[Node]:
    for node in nodes:
        yield from node.walk()


def _neighbours(nodes: Sequence[Node]) -> dict[Node, Node]:
    """For every block the one before it on its level."""
    found: dict[Node, Node] = {}
    stack = [nodes]
    while stack:
        siblings = stack.pop()
        found.update(zip(siblings[1:], siblings, strict=False))
        stack += [node.children for node in siblings if node.children]
    return found


def _spoken(node: Node, before: dict[Node, Node]) -> str:
    """Where a block stands, as people would say it: a section by what it follows, other clauses by their label."""
    if node.kind is not ClauseKind.SECTION:
        return node.face.label or "the beginning"
    previous = before.get(node)
    while previous is not None and previous.kind is not ClauseKind.SECTION:
        previous = before.get(previous)
    return f"after {previous.face.label}" if previous else "the beginning"
