"""Finds and compares text with other breaks: a paragraph split or joined, a sentence turned into a list.

On one side there is a single paragraph or item, on the other a run of neighbours with the same words; both together are
a reset. Its block has the new structure, with runs that mark where the old blocks began. Both sides become one stream
of words, in which the enumerator of a list item is a word, as it is in a sentence: turning "it may (a) copy" into a
list changes no word.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import field
from itertools import accumulate

from engross.common import value_class
from engross.model import ClauseKind, ListKind
from engross.redline.alignment.outline import Node
from engross.redline.alignment.sequences import Gap
from engross.redline.alignment.similarity import contained_share, word_similarity
from engross.redline.alignment.word_diff import kept_runs, kept_words, merged, replaced_runs
from engross.redline.script import LISTS, Block, Break, Face, Fact, FactKind, Op, Run, State
from engross.redline.styled_text import Piece, Pieces, Token, tokens

_MIN_SIMILARITY = 0.75
# A longer run cannot be similar enough: twice the shorter text divided by both is less than the minimum.
_MAX_EXTRA = 2 / _MIN_SIMILARITY - 1
_BETTER_THAN_ONE = 0.1
_MIN_CONTAINED = 0.6
_FEWEST_WORDS = 4
_LARGE_GAP = 400
_LONGEST_RUN = 60
_FIRST_WORDS = 3
_MAX_BEGINNINGS = 4
_INSIDE = {
    ClauseKind.PARAGRAPH: (ClauseKind.PARAGRAPH, ClauseKind.LIST),
    ClauseKind.ITEM: (ClauseKind.ITEM,),
}
_TEXT = (ClauseKind.PARAGRAPH, ClauseKind.LIST, ClauseKind.ITEM)


@value_class(frozen=True, slots=True)
class Reset:
    """Neighbours on the old and on the new side with the same text; one of the two is a single block."""

    old: tuple[Node, ...]
    new: tuple[Node, ...]


def find_resets(old: Sequence[Node], new: Sequence[Node]) -> list[Gap]:
    """Return the resets in one gap in order, as spans; none shares a block with another or crosses it."""
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
    """Yield (one, start, end): a block, and the run of neighbours on the other side that it became."""
    large = len(ones) * len(many) > _LARGE_GAP
    begins = _beginnings(many) if large else {}
    for at, one in enumerate(ones):
        if one.kind in _INSIDE and one.size >= _FEWEST_WORDS and _only_text(one):
            starts = begins.get(one.words[:_FIRST_WORDS], []) if large else range(len(many))
            run = next(filter(None, (_run_from(one, many, start) for start in starts)), None)
            if run:
                yield (at, *run)


def _beginnings(many: Sequence[Node]) -> dict[str, list[int]]:
    """Return where runs may begin in a large gap, by their first words; at most a few places for each."""
    found: dict[str, list[int]] = {}
    for at, node in enumerate(many):
        places = found.setdefault(node.words[:_FIRST_WORDS], [])
        if len(places) < _MAX_BEGINNINGS:
            places.append(at)
    return found


def _run_from(one: Node, many: Sequence[Node], start: int) -> tuple[int, int] | None:
    """Return the most similar run that begins at `start`, if it is similar enough and better than any single block.

    A single block counts as a run if it has another kind: a paragraph that became a list with one item.
    """
    run = _candidate_run(one, many, start)
    least = 1 if run and run[0].kind is one.kind else 0
    if len(run) <= least:
        return None
    scores = [word_similarity(one.words, words, _MIN_SIMILARITY) for words in accumulate(node.words for node in run)]
    best = max(range(least, len(scores)), key=lambda at: scores[at])
    alone = max((word_similarity(one.words, node.words) for node in run if node.kind is one.kind), default=0.0)
    good = scores[best] >= max(_MIN_SIMILARITY, alone + min(_BETTER_THAN_ONE, (1 - alone) / 2))
    return (start, start + best + 1) if good else None


def _candidate_run(one: Node, many: Sequence[Node], start: int) -> list[Node]:
    """Return the neighbours from `start` on whose words are mostly contained in `one`."""
    run: list[Node] = []
    room = len(one.words) * _MAX_EXTRA
    for node in many[start : start + _LONGEST_RUN]:
        room -= len(node.words)
        fits = room >= 0 and node.kind in _INSIDE[one.kind] and _only_text(node)
        if not fits or contained_share(node.words, one.words) < _MIN_CONTAINED:
            break
        run.append(node)
    return run


def _only_text(node: Node) -> bool:
    return all(inner.kind in _TEXT and (inner.children or inner.text) for inner in node.walk())


Opens = tuple[tuple[int, Face], ...]


@value_class(frozen=True, slots=True)
class _Unit:
    """A block with text: the blocks that begin with it, outermost first, and its words."""

    opens: Opens
    words: list[Token]


@value_class
class _Stream:
    """The words of one side, and the indexes at which units begin."""

    units: list[_Unit]
    words: list[Token] = field(init=False)
    starts: dict[int, _Unit] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.words = []
        for unit in self.units:
            self.starts[len(self.words)] = unit
            self.words += unit.words


def in_stream(face: Face | None, shown: Pieces) -> Pieces:
    """Return a block's text as part of the stream; `face` is that of its item, if it is the text of one."""
    if face is None or face.list_kind is not ListKind.ENUMERATED or not face.marker:
        return shown
    return (Piece(f"{face.marker} "), *shown)


def reset_block(reset: Reset) -> Block:
    """Return the block of a reset; its leaves in order contain the stream."""
    old, new = _Stream(list(_units(reset.old))), _Stream(list(_units(reset.new)))
    texts = _texts(old, new)
    children = tuple(_new_block(node, texts) for node in reset.new)
    fact = _fact(len(old.units), len(new.units), reset)
    return Block(State.RESET, reset.old[0].face, reset.new[0].face, (), children, (fact,))


def _fact(old: int, new: int, reset: Reset) -> Fact:
    """Return the change of the breaks, with the number of texts on either side."""
    if old == new and reset.old[0].kind is reset.new[0].kind is ClauseKind.ITEM:
        return Fact(FactKind.LIST_LEVEL)
    if old == new:
        return Fact(FactKind.LIST_KIND, _list_kind(reset.old[0]), _list_kind(reset.new[0]))
    return Fact(FactKind.SPLIT if old < new else FactKind.JOINED, _blocks(old), _blocks(new))


def _list_kind(node: Node) -> str:
    return "none" if node.face.list_kind is None else LISTS[node.face.list_kind]


def _blocks(count: int) -> str:
    return "1 paragraph" if count == 1 else f"{count} paragraphs or items"


def _units(nodes: Sequence[Node], depth: int = 0, item: Face | None = None, above: Opens = ()) -> Iterator[_Unit]:
    for node in nodes:
        opens = (*above, (depth, node.face))
        above = ()
        if node.text:
            yield _Unit(opens, tokens(in_stream(item, node.pieces)))
        else:
            inner = node.face if node.face.list_kind and node.children and node.children[0].text else None
            yield from _units(node.children, depth + 1, inner, opens)
        item = None


def _new_block(node: Node, texts: Iterator[tuple[Run, ...]]) -> Block:
    runs = next(texts) if node.text else ()
    children = tuple(_new_block(child, texts) for child in node.children)
    return Block(State.RESET, None, node.face, runs, children)


def _texts(old: _Stream, new: _Stream) -> Iterator[tuple[Run, ...]]:
    """Yield the runs of each unit of the new side, in order."""
    pairs = kept_words(old.words, new.words)
    weave = _Weave(old, new)
    a = b = 0
    for i, j in [*pairs, (len(old.words), len(new.words))]:
        weave.add_replaced(a, i, b, j)
        if i < len(old.words):
            weave.add_kept(i, j)
        a, b = i + 1, j + 1
    return iter([merged(runs) for runs in weave.texts])


@value_class
class _Weave:
    """Combines the two streams, one text after the other."""

    old: _Stream
    new: _Stream
    texts: list[list[Run]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.texts.append([Run(Op.EQUAL, starts=Break(Op.EQUAL, self.old.starts[0].opens))])

    def add_replaced(self, a: int, a_end: int, b: int, b_end: int) -> None:
        """Add deleted words, then inserted words, each with the breaks before them."""
        if not self._breaks(a, a_end, b, b_end):
            self.texts[-1] += replaced_runs(self.old.words[a:a_end], self.new.words[b:b_end])
            return
        for at in range(a, a_end):
            self._begin_old(at, Op.DELETED)
            self.texts[-1] += replaced_runs([self.old.words[at]], [])
        for at in range(b, b_end):
            self._begin_new(at)
            self.texts[-1] += replaced_runs([], [self.new.words[at]])

    def add_kept(self, a: int, b: int) -> None:
        """Add a word of both sides; blocks of both sides or of one may begin with it."""
        if a in self.old.starts and b in self.new.starts and a and b:
            self.texts.append([])
            self._begin_old(a, Op.EQUAL)
        else:
            self._begin_new(b)
            self._begin_old(a, Op.DELETED)
        self.texts[-1] += kept_runs([self.old.words[a]], [self.new.words[b]])

    def _breaks(self, a: int, a_end: int, b: int, b_end: int) -> bool:
        return any(at in self.old.starts for at in range(max(a, 1), a_end)) or any(
            at in self.new.starts for at in range(max(b, 1), b_end)
        )

    def _begin_old(self, at: int, op: Op) -> None:
        if at and at in self.old.starts:
            self.texts[-1].append(Run(op, starts=Break(op, self.old.starts[at].opens)))

    def _begin_new(self, at: int) -> None:
        if at and at in self.new.starts:
            self.texts.append([Run(Op.INSERTED, starts=Break(Op.INSERTED))])
