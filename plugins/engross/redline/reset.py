"""Text that is the same but broken otherwise: a paragraph split or joined, a sentence broken out into a list.

On one side there is a single paragraph or item, on the other a run of neighbours that together say the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate

from engross.model import ClauseKind
from engross.redline.likeness import contained, like
from engross.redline.outline import Node
from engross.redline.sequences import Gap
from engross.values import dataclass

_ALIKE = 0.75
# A run longer than this cannot be that much alike: twice the shorter text over both is less.
_LONGER = 2 / _ALIKE - 1
_BETTER_THAN_ONE = 0.1
_CONTAINED = 0.6
_FEWEST_WORDS = 4
_LARGE_GAP = 400
_LONGEST_RUN = 60
_BEGINNING = 3
_FEW = 4
_INSIDE = {
    ClauseKind.PARAGRAPH: (ClauseKind.PARAGRAPH, ClauseKind.LIST),
    ClauseKind.ITEM: (ClauseKind.ITEM,),
}
_TEXT = (ClauseKind.PARAGRAPH, ClauseKind.LIST, ClauseKind.ITEM)


@dataclass(frozen=True, slots=True)
class Reset:
    """Neighbours on the old side and on the new side that hold the same text; one of the two is a single block."""

    old: tuple[Node, ...]
    new: tuple[Node, ...]


def find_resets(old: Sequence[Node], new: Sequence[Node]) -> list[Gap]:
    """The resets within one gap, in order, as stretches of either side; none shares a block or crosses another."""
    if not old or not new or (len(old) == len(new) == 1 and old[0].kind is new[0].kind):
        return []
    split = [(i, i + 1, j, end) for i, j, end in _runs(old, new)]
    joined = [(i, end, j, j + 1) for j, i, end in _runs(new, old)]
    found: list[Gap] = []
    reached = (0, 0)
    for start, end, new_start, new_end in sorted(split + joined):
        if start >= reached[0] and new_start >= reached[1]:
            found.append((start, end, new_start, new_end))
            reached = (end, new_end)
    return found


def _runs(ones: Sequence[Node], many: Sequence[Node]) -> Iterator[tuple[int, int, int]]:
    """(one, start, end): a block, and the run of at least two neighbours on the other side that it became."""
    large = len(ones) * len(many) > _LARGE_GAP
    begins = _beginnings(many) if large else {}
    for at, one in enumerate(ones):
        if one.kind in _INSIDE and one.size >= _FEWEST_WORDS and _only_text(one):
            starts = begins.get(one.words[:_BEGINNING], []) if large else range(len(many))
            run = next(filter(None, (_run_from(one, many, start) for start in starts)), None)
            if run:
                yield (at, *run)


def _beginnings(many: Sequence[Node]) -> dict[str, list[int]]:
    """Where a run may begin in a large gap: at a block that begins with the same words. A few for each is enough."""
    found: dict[str, list[int]] = {}
    for at, node in enumerate(many):
        places = found.setdefault(node.words[:_BEGINNING], [])
        if len(places) < _FEW:
            places.append(at)
    return found


def _run_from(one: Node, many: Sequence[Node], start: int) -> tuple[int, int] | None:
    """The run that begins at `start` and is most alike, if that is alike enough and no single block does as well.

    A single block counts as a run where it could not be paired: a paragraph that became a list of one item.
    """
    run = _candidate_run(one, many, start)
    least = 1 if run and run[0].kind is one.kind else 0
    if len(run) <= least:
        return None
    scores = [like(one.words, words, _ALIKE) for words in accumulate(node.words for node in run)]
    best = max(range(least, len(scores)), key=lambda at: scores[at])
    alone = max((like(one.words, node.words) for node in run if node.kind is one.kind), default=0.0)
    good = scores[best] >= max(_ALIKE, alone + min(_BETTER_THAN_ONE, (1 - alone) / 2))
    return (start, start + best + 1) if good else None


def _candidate_run(one: Node, many: Sequence[Node], start: int) -> list[Node]:
    """The neighbours from `start` on whose words all stand in `one`."""
    run: list[Node] = []
    room = len(one.words) * _LONGER
    for node in many[start : start + _LONGEST_RUN]:
        room -= len(node.words)
        fits = room >= 0 and node.kind in _INSIDE[one.kind] and _only_text(node)
        if not fits or contained(node.words, one.words) < _CONTAINED:
            break
        run.append(node)
    return run


def _only_text(node: Node) -> bool:
    return all(inner.kind in _TEXT and (inner.children or inner.text) for inner in node.walk())
