"""Blocks that left one level of the text and came back on another: which of the left-over ones are the same.

Only what is long enough to be told from its like is called moved; a shorter clause that goes in one place and comes in
another is a deletion and an insertion.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from engross.model import ClauseKind
from engross.redline.likeness import candidates, likeness
from engross.redline.outline import Node

_EQUAL_WORDS = 4
_ALIKE_WORDS = 8
_ALIKE = 0.75
_STAYS = (ClauseKind.SECTION, ClauseKind.CELL, ClauseKind.ROW, ClauseKind.RULE)


def left_over_pairs(old: Sequence[Node], new: Sequence[Node]) -> Iterator[tuple[Node, Node]]:
    """Pairs of moved blocks, best first: equal ones from the largest down, then those that are much alike.

    A block may come up more than once, and within another; the caller takes what is still free.
    """
    old = [node for node in old if node.kind not in _STAYS]
    new = [node for node in new if node.kind not in _STAYS]
    yield from _equal(old, new)
    yield from _alike(old, new)


def _equal(old: Sequence[Node], new: Sequence[Node]) -> list[tuple[Node, Node]]:
    times = Counter(node.key for node in old), Counter(node.key for node in new)
    places = {node.key: node for node in new if times[1][node.key] == 1}
    pairs = [
        (node, places[node.key])
        for node in old
        if node.size >= _EQUAL_WORDS and times[0][node.key] == 1 and node.key in places
    ]
    return sorted(pairs, key=lambda pair: -pair[0].size)


def _alike(old: Sequence[Node], new: Sequence[Node]) -> list[tuple[Node, Node]]:
    left = [node for node in old if node.size >= _ALIKE_WORDS]
    right = [node for node in new if node.size >= _ALIKE_WORDS]
    scored = []
    for i, j in sorted(candidates(left, right)):
        score = likeness(left[i], right[j], _ALIKE)
        if score >= _ALIKE:
            scored.append((score * (left[i].size + right[j].size), i, j))
    scored.sort(key=lambda entry: (-entry[0], entry[1:]))
    return [(left[i], right[j]) for _, i, j in scored]
