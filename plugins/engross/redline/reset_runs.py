"""A reset → its block: the new structure, with runs that tell where the blocks of the old side began.

Both sides become one stream of words. The enumerator of a list item is a word of that stream, as it is in a sentence:
"it may (a) copy" broken out into a list then has changed no word.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import field

from engross.model import ListKind
from engross.redline.facts import LISTS
from engross.redline.outline import Node
from engross.redline.pieces import Piece, Pieces
from engross.redline.reset import Reset
from engross.redline.runs import merged, replaced, stayed
from engross.redline.script import Block, Break, Face, Fact, FactKind, Op, Run, State
from engross.redline.tokens import Token, tokens
from engross.redline.words import kept_words
from engross.values import dataclass

Opens = tuple[tuple[int, Face], ...]


@dataclass(frozen=True, slots=True)
class _Unit:
    """A block with text: the blocks that begin with it, outermost first, and its words."""

    opens: Opens
    words: list[Token]


@dataclass
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


@dataclass
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
