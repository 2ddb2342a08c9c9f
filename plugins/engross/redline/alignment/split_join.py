"""Text that is the same but broken otherwise: split or joined paragraphs, a sentence broken into a list.

Text that is the same but broken otherwise: a paragraph split or joined, a sentence broken out into a list.

On one side there is a single paragraph or item, on the other a run of neighbours that together say the same.

A reset → its block: the new structure, with runs that tell where the blocks of the old side began.

Both sides become one stream of words. The enumerator of a list item is a word of that stream, as it is in a sentence:
"it may (a) copy" broken out into a list then has changed no word.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import field
from itertools import accumulate

from engross.common import value_class
from engross.model import ClauseKind, ListKind
from engross.redline.alignment.outline import Node
from engross.redline.alignment.sequences import Gap
from engross.redline.alignment.similarity import contained, like
from engross.redline.alignment.word_diff import kept_words, merged, replaced, stayed
from engross.redline.script import LISTS, Block, Break, Face, Fact, FactKind, Op, Run, State
from engross.redline.styled_text import Piece, Pieces, Token, tokens

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


@value_class(frozen=True, slots=True)
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


Opens = tuple[tuple[int, Face], ...]


@value_class(frozen=True, slots=True)
class _Unit:
    """A block with text: the blocks that begin with it, outermost first, and its words."""

    opens: Opens
    words: list[Token]


@value_class
class _Stream:
    """The words of one side, and at which of them a unit begins."""

    units: list[_Unit]
    words: list[Token] = field(init=False)
    starts: dict[int, _Unit] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.words = []
        for unit in self.units:
            self.starts[len(self.words)] = unit
            self.words += unit.words


def in_stream(face: Face | None, shown: Pieces) -> Pieces:
    """The text of a block as it stands in the stream; `face` is that of the item it is the text of, if any."""
    if face is None or face.list_kind is not ListKind.ENUMERATED or not face.marker:
        return shown
    return (Piece(f"{face.marker} "), *shown)


def reset_block(reset: Reset) -> Block:
    """The block of a reset; its leaves, taken in order, hold the stream."""
    old, new = _Stream(list(_units(reset.old))), _Stream(list(_units(reset.new)))
    texts = _texts(old, new)
    children = tuple(_new_block(node, texts) for node in reset.new)
    fact = _fact(len(old.units), len(new.units), reset)
    return Block(State.RESET, reset.old[0].face, reset.new[0].face, (), children, (fact,))


def _fact(old: int, new: int, reset: Reset) -> Fact:
    """What happened to the breaks, the counts being those of texts on either side."""
    if old == new:
        return Fact(FactKind.LIST_KIND, _setting(reset.old[0]), _setting(reset.new[0]))
    return Fact(FactKind.SPLIT if old < new else FactKind.JOINED, _blocks(old), _blocks(new))


def _setting(node: Node) -> str:
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
    """The runs of each unit of the new side, in order."""
    pairs = kept_words(old.words, new.words)
    weave = _Weave(old, new)
    a = b = 0
    for i, j in [*pairs, (len(old.words), len(new.words))]:
        weave.replaced(a, i, b, j)
        if i < len(old.words):
            weave.stayed(i, j)
        a, b = i + 1, j + 1
    return iter([merged(runs) for runs in weave.texts])


@value_class
class _Weave:
    """Puts the two streams together, one text after the other."""

    old: _Stream
    new: _Stream
    texts: list[list[Run]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.texts.append([Run(Op.EQUAL, starts=Break(Op.EQUAL, self.old.starts[0].opens))])

    def replaced(self, a: int, a_end: int, b: int, b_end: int) -> None:
        """Words that went, then words that came, each with the breaks before them."""
        if not self._breaks(a, a_end, b, b_end):
            self.texts[-1] += replaced(self.old.words[a:a_end], self.new.words[b:b_end])
            return
        for at in range(a, a_end):
            self._begin_old(at, Op.DELETED)
            self.texts[-1] += replaced([self.old.words[at]], [])
        for at in range(b, b_end):
            self._begin_new(at)
            self.texts[-1] += replaced([], [self.new.words[at]])

    def stayed(self, a: int, b: int) -> None:
        """A word of both sides; blocks of both, or of one of them, may begin with it."""
        if a in self.old.starts and b in self.new.starts and a and b:
            self.texts.append([])
            self._begin_old(a, Op.EQUAL)
        else:
            self._begin_new(b)
            self._begin_old(a, Op.DELETED)
        self.texts[-1] += stayed([self.old.words[a]], [self.new.words[b]])

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
