"""Aligns two sequences with patience diff: clauses, source lines and words.

Items that occur once on either side are anchors. The heaviest set of anchors in the same order on both sides is kept
and extended to equal neighbours. In the gaps between, other items may now be unique, so the search repeats there.
`segments` partitions two source texts line by line in this way, for `accept` and `reject`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence

import engross.common.lazy_re as re
from engross.redline.script import Op, Segment

Pair = tuple[int, int]
Gap = tuple[int, int, int, int]
"""A span of both sequences: start and end in the old one, start and end in the new one."""

Weigh = Callable[[int], int]


def heaviest_chain(pairs: Iterable[tuple[int, int, float]]) -> list[Pair]:
    """Return the heaviest chain of (old, new, weight) triples that rises on both sides, in order.

    Weights are positive. O(n log n): a Fenwick tree over the new indexes stores the best chain that ends before each.
    """
    ordered = sorted(pairs, key=lambda pair: (pair[0], -pair[1]))
    indexes = sorted({new for _, new, _ in ordered})
    best: list[tuple[float, int]] = [(0.0, -1)] * (len(indexes) + 1)
    before: list[int] = []
    for index, (_, new, weight) in enumerate(ordered):
        rank = bisect_left(indexes, new)
        top = _best_below(best, rank)
        before.append(top[1])
        _raise_from(best, rank + 1, (top[0] + weight, index))
    index = _best_below(best, len(indexes))[1]
    chain: list[Pair] = []
    while index >= 0:
        chain.append(ordered[index][:2])
        index = before[index]
    return chain[::-1]


def _best_below(tree: list[tuple[float, int]], rank: int) -> tuple[float, int]:
    top = tree[0]
    while rank > 0:
        if tree[rank][0] > top[0]:
            top = tree[rank]
        rank -= rank & -rank
    return top


def _raise_from(tree: list[tuple[float, int]], rank: int, entry: tuple[float, int]) -> None:
    while rank < len(tree):
        if entry[0] > tree[rank][0]:
            tree[rank] = entry
        rank += rank & -rank


def match_equal(old: Sequence[Hashable], new: Sequence[Hashable], weigh: Weigh | None = None) -> list[Pair]:
    """Return pairs of equal items in rising order. `weigh` returns the weight of an old index; 0 excludes anchors."""
    found: list[Pair] = []
    gaps: list[Gap] = [(0, len(old), 0, len(new))]
    while gaps:
        gap = gaps.pop()
        matched = _match_in(old, new, gap, weigh)
        found += matched
        if matched:
            gaps += [inner for inner in gaps_between(matched, gap) if inner != gap]
    return sorted(found)


def gaps_between(pairs: Sequence[Pair], within: Gap) -> list[Gap]:
    """Return the spans between neighbouring pairs where both sides have items left."""
    start, end, new_start, new_end = within
    gaps: list[Gap] = []
    for a, b in [*pairs, (end, new_end)]:
        if a > start and b > new_start:
            gaps.append((start, a, new_start, b))
        start, new_start = a + 1, b + 1
    return gaps


def _match_in(old: Sequence[Hashable], new: Sequence[Hashable], gap: Gap, weigh: Weigh | None) -> list[Pair]:
    """Return the equal ends of a gap, and the pairs that its anchors produce."""
    a, a_end, b, b_end = gap
    head: list[Pair] = []
    while a < a_end and b < b_end and old[a] == new[b]:
        head.append((a, b))
        a, b = a + 1, b + 1
    tail: list[Pair] = []
    while a < a_end and b < b_end and old[a_end - 1] == new[b_end - 1]:
        a_end, b_end = a_end - 1, b_end - 1
        tail.append((a_end, b_end))
    anchors = _anchors(old, new, (a, a_end, b, b_end), weigh)
    return [*head, *_extended(old, new, (a, a_end, b, b_end), anchors), *reversed(tail)]


def _anchors(old: Sequence[Hashable], new: Sequence[Hashable], gap: Gap, weigh: Weigh | None) -> list[Pair]:
    a, a_end, b, b_end = gap
    if a == a_end or b == b_end:
        return []
    times = Counter(old[a:a_end])
    new_times = Counter(new[b:b_end])
    indexes = {new[at]: at for at in range(b, b_end) if new_times[new[at]] == 1}
    unique = []
    for at in range(a, a_end):
        weight = weigh(at) if weigh else 1
        if weight and times[old[at]] == 1 and old[at] in indexes:
            unique.append((at, indexes[old[at]], weight))
    return heaviest_chain(unique)


def _extended(old: Sequence[Hashable], new: Sequence[Hashable], gap: Gap, anchors: list[Pair]) -> list[Pair]:
    """Return the anchors with their equal neighbours on both sides."""
    taken: list[Pair] = []
    floor = (gap[0], gap[2])
    for at, (a, b) in enumerate(anchors):
        ceiling = anchors[at + 1] if at + 1 < len(anchors) else (gap[1], gap[3])
        low_a, low_b = a, b
        while low_a > floor[0] and low_b > floor[1] and old[low_a - 1] == new[low_b - 1]:
            low_a, low_b = low_a - 1, low_b - 1
        high_a, high_b = a + 1, b + 1
        while high_a < ceiling[0] and high_b < ceiling[1] and old[high_a] == new[high_b]:
            high_a, high_b = high_a + 1, high_b + 1
        taken += zip(range(low_a, high_a), range(low_b, high_b), strict=True)
        floor = (high_a, high_b)
    return taken


LINES = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


def segments(old: str, new: str) -> tuple[Segment, ...]:
    """Return the segments of two texts; every character of either is in exactly one, with its line end."""
    before, after = _lines(old), _lines(new)
    pairs = match_equal(before, after, lambda at: len(before[at].strip()))
    return tuple(_parts(before, after, pairs))


def _lines(text: str) -> list[str]:
    """Return the lines of a text with their line ends."""
    if "\r" in text:
        return LINES.findall(text)
    *lines, last = text.split("\n")
    return [*(f"{line}\n" for line in lines), *([last] if last else [])]


def _parts(old: list[str], new: list[str], pairs: list[tuple[int, int]]) -> Iterator[Segment]:
    a = b = since = 0
    for i, j in [*pairs, (len(old), len(new))]:
        if a < i or b < j or i == len(old):
            if since < a:
                yield Segment(Op.EQUAL, "".join(old[since:a]))
            since = i
        if a < i:
            yield Segment(Op.DELETED, "".join(old[a:i]))
        if b < j:
            yield Segment(Op.INSERTED, "".join(new[b:j]))
        a, b = i + 1, j + 1
