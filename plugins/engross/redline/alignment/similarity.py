"""Computes how similar two blocks are, which pairs are worth comparing, and which blocks moved to another level.

Similarity is the share of words in a longest common subsequence, 0 to 1 (RapidFuzz, one character per word). Unrelated
English legal texts reach about 0.3 because of words such as "the" and "of". In a large gap only pairs with rare words
in common are compared, so that the time is near-linear. Only blocks long enough to be identified count as moved;
shorter ones are a deletion and an insertion.
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
_WITH_LEADS = (ClauseKind.ITEM, ClauseKind.LIST)


def similarity(old: Node, new: Node, at_least: float = 0.0) -> float:
    """Return the similarity of two blocks, 0 to 1; 0 if below `at_least` or if their kinds differ."""
    if old.kind is not new.kind:
        return 0.0
    if old.key == new.key:
        return 1.0
    found = word_similarity(old.words, new.words, at_least)
    if old.kind in _WITH_LEADS:
        # An item may gain or lose long paragraphs, so its own text alone may show what it is.
        return max(found, word_similarity(old.lead_words, new.lead_words, at_least))
    return found


def word_similarity(old: str, new: str, at_least: float = 0.0) -> float:
    """Return the similarity of two sequences of words in the encoding of `Node.words`."""
    if not old or not new:
        return 0.0
    return Indel.normalized_similarity(old, new, score_cutoff=at_least)


def contained_share(part: Sequence[str], whole: Sequence[str]) -> float:
    """Return the share of the words of `part` that `whole` contains in the same order."""
    return LCSseq.similarity(part, whole) / len(part) if part else 0.0


def threshold(node: Node) -> float:
    """Return the similarity from which a block counts as the same clause, edited.

    For lists and tables it is low, because their contents are compared again.
    """
    if node.kind in _CONTAINERS:
        return 0.3
    return 0.6 if node.size < 4 else 0.45


def candidates(old: Sequence[Node], new: Sequence[Node]) -> set[Pair]:
    """Return the pairs of indexes worth comparing: all if they are few, otherwise those with rare words in common."""
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
        indexes = where.get(letter, ())
        if len(indexes) <= _RARE:
            for j in indexes:
                weights[j] += 1 / len(indexes)
    fitting = sorted(((-weight, j) for j, weight in weights.items() if new[j].kind is node.kind))
    yield from (j for _, j in fitting[:_MOST_CANDIDATES])


_MIN_WORDS_IF_EQUAL = 4
_MIN_WORDS_IF_SIMILAR = 8
_MIN_SIMILARITY = 0.75
_NEVER_MOVED = (ClauseKind.SECTION, ClauseKind.CELL, ClauseKind.ROW, ClauseKind.RULE)


def left_over_pairs(old: Sequence[Node], new: Sequence[Node]) -> Iterator[tuple[Node, Node]]:
    """Yield pairs of moved blocks, best first: equal ones by decreasing size, then very similar ones.

    A block may occur more than once, and inside another one; the caller uses pairs that are still free.
    """
    old = [node for node in old if node.kind not in _NEVER_MOVED]
    new = [node for node in new if node.kind not in _NEVER_MOVED]
    yield from _equal(old, new)
    yield from _similar(old, new)


def _equal(old: Sequence[Node], new: Sequence[Node]) -> list[tuple[Node, Node]]:
    times = Counter(node.key for node in old), Counter(node.key for node in new)
    indexes = {node.key: node for node in new if times[1][node.key] == 1}
    pairs = [
        (node, indexes[node.key])
        for node in old
        if node.size >= _MIN_WORDS_IF_EQUAL and times[0][node.key] == 1 and node.key in indexes
    ]
    return sorted(pairs, key=lambda pair: -pair[0].size)


def _similar(old: Sequence[Node], new: Sequence[Node]) -> list[tuple[Node, Node]]:
    left = [node for node in old if node.size >= _MIN_WORDS_IF_SIMILAR]
    right = [node for node in new if node.size >= _MIN_WORDS_IF_SIMILAR]
    scored = []
    for i, j in sorted(candidates(left, right)):
        score = similarity(left[i], right[j], _MIN_SIMILARITY)
        if score >= _MIN_SIMILARITY:
            scored.append((score * (left[i].size + right[j].size), i, j))
    scored.sort(key=lambda entry: (-entry[0], entry[1:]))
    return [(left[i], right[j]) for _, i, j in scored]
