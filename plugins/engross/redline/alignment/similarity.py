"""How similar two blocks are, and which blocks moved.

How alike two blocks are, and which pairs are worth asking about.

Likeness is the share of words that a longest common subsequence keeps, 0 to 1 (RapidFuzz, over one character a word).
Unrelated English legal texts reach about 0.3, for their "the" and "of". In a large gap only pairs that share rare
words are compared, so that the work stays near-linear.

Blocks that left one level of the text and came back on another: which of the left-over ones are the same.

Only what is long enough to be told from its like is called moved; a shorter clause that goes in one place and comes in
another is a deletion and an insertion.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from rapidfuzz.distance import Indel, LCSseq

from engross.model import ClauseKind
from engross.redline.alignment.outline import Node
from engross.redline.alignment.sequences import Pair

_CONTAINERS = (ClauseKind.LIST, ClauseKind.TABLE, ClauseKind.QUOTE)
_RARE = 12
_MOST_CANDIDATES = 4
_SMALL_GAP = 400


def likeness(old: Node, new: Node, at_least: float = 0.0) -> float:
    """How alike two blocks are, 0 to 1; 0 where it is below `at_least`, or where their kinds do not go together."""
    if old.kind is not new.kind:
        return 0.0
    if old.key == new.key:
        return 1.0
    return like(old.words, new.words, at_least)


def like(old: str, new: str, at_least: float = 0.0) -> float:
    """How alike two sequences of words are, in the encoding of `Node.words`."""
    if not old or not new:
        return 0.0
    return Indel.normalized_similarity(old, new, score_cutoff=at_least)


def contained(part: str, whole: str) -> float:
    """The share of the words of `part` that stand in `whole` in the same order."""
    return LCSseq.similarity(part, whole) / len(part) if part else 0.0


def enough(node: Node) -> float:
    """How alike a block must be to another to be the same clause, edited.

    A list or table is the same although most of it was rewritten, since what is within is compared again.
    """
    if node.kind in _CONTAINERS:
        return 0.3
    return 0.6 if node.size < 4 else 0.45


def candidates(old: Sequence[Node], new: Sequence[Node]) -> set[Pair]:
    """The pairs of places worth comparing: all of them where they are few, else those that share rare words."""
    if len(old) * len(new) <= _SMALL_GAP:
        return {(i, j) for i, a in enumerate(old) for j, b in enumerate(new) if a.kind is b.kind}
    where: dict[str, list[int]] = defaultdict(list)
    for j, node in enumerate(new):
        for letter in set(node.words):
            where[letter].append(j)
    return {(i, j) for i, node in enumerate(old) for j in _best(node, new, where)}


def _best(node: Node, new: Sequence[Node], where: dict[str, list[int]]) -> Iterator[int]:
    weights: dict[int, float] = defaultdict(float)
    for letter in set(node.words):
        places = where.get(letter, ())
        if len(places) <= _RARE:
            for j in places:
                weights[j] += 1 / len(places)
    fitting = sorted(((-weight, j) for j, weight in weights.items() if new[j].kind is node.kind))
    yield from (j for _, j in fitting[:_MOST_CANDIDATES])


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
