"""Two texts → an edit script that has verified itself.

Both sides are read (`inputs`) and laid out as nodes (`alignment/outline`), the nodes are matched (`alignment/blocks`),
and the builder makes the blocks of the script from the matching. At every level the blocks keep the order of both
sides; in a gap between two blocks that match, deleted blocks come before inserted ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import field, replace
from itertools import zip_longest

from engross.common import EngrossError, error, value_class, without_collection
from engross.model import ClauseKind
from engross.redline.alignment.blocks import ClauseIds, Matching, align
from engross.redline.alignment.outline import Layout, Node, Outline
from engross.redline.alignment.sequences import segments
from engross.redline.alignment.split_join import Reset, reset_block
from engross.redline.alignment.tables import merged_table
from engross.redline.alignment.word_diff import diff_runs, whole
from engross.redline.counts import count
from engross.redline.inputs import Side, Text, read_side, unread
from engross.redline.projection import Line, of_blocks, of_nodes
from engross.redline.script import Block, Fact, FactKind, Move, Op, Redline, Run, State, accept, facts_of, reject
from engross.redline.styled_text import Piece
from engross.terms import DefinedNames


@value_class(frozen=True)
class Terms:
    """The terms that only one side defines."""

    old: DefinedNames
    new: DefinedNames
    added: frozenset[str]
    dropped: frozenset[str]

    def facts(self, old: Node | None, new: Node | None) -> tuple[Fact, ...]:
        """The terms that a block defines on one side only."""
        # An item has its text in a paragraph within.
        gone = self.old.of(old.clause) if old and old.text and self.dropped else ()
        come = self.new.of(new.clause) if new and new.text and self.added else ()
        return (
            *(Fact(FactKind.DEFINITION_DROPPED, term, "") for term in gone if term in self.dropped),
            *(Fact(FactKind.DEFINITION_ADDED, "", term) for term in come if term in self.added),
        )


def find_terms(old: Layout, new: Layout) -> Terms:
    """Compare what two documents define. Text of both sides is read only where it has a term that one side lacks."""
    shared = {node.full for node in old.nodes} & {node.full for node in new.nodes}
    gone, come = _own_terms(old, new, (_texts(n for n in side.nodes if n.full not in shared) for side in (old, new)))
    if not gone and not come:
        return Terms(old.names, new.names, frozenset(), frozenset())
    was, now = _texts(old.nodes), _texts(new.nodes)
    gone, come = _own_terms(old, new, (was, now))
    differing = gone ^ come
    if differing:
        same = (node for number, node in was.items() if number in now and any(term in node.text for term in differing))
        differing -= {term for node in same for term in old.names.of(node.clause)}
    return Terms(old.names, new.names, frozenset(come & differing), frozenset(gone & differing))


def _own_terms(old: Layout, new: Layout, texts: Iterable[dict[int, Node]]) -> tuple[set[str], set[str]]:
    """Return the terms that are defined by texts of one side that the other has not: on the old side, on the new."""
    was, now = texts
    gone = {term for number, node in was.items() if number not in now for term in old.names.of(node.clause)}
    come = {term for number, node in now.items() if number not in was for term in new.names.of(node.clause)}
    return gone, come


def _texts(nodes: Iterable[Node]) -> dict[int, Node]:
    """A block with text for every different content."""
    return {node.full: node for top in nodes for node in top.walk() if node.text}


@value_class
class Moves:
    """The moves of a matching, numbered in the order of the new side."""

    moves: tuple[Move, ...] = ()
    _numbers: dict[Node, int] = field(default_factory=dict)

    def number(self, node: Node) -> int:
        """Return the number of the move that brought a block of the new side to its place."""
        return self._numbers[node]


def find_moves(old: Sequence[Node], new: Sequence[Node], moved: dict[Node, Node]) -> Moves:
    """Return the moves between two documents; `moved` maps old blocks to new ones."""
    if not moved:
        return Moves()
    origins = {node: origin for origin, node in moved.items()}
    before_old, before_new = _neighbours(old), _neighbours(new)
    places, moves = Moves(), list[Move]()
    for node in _walk(new):
        if node not in origins:
            continue
        origin, neighbour = origins[node], before_new.get(node)
        along = neighbour in origins and neighbour is not None and origins[neighbour] is before_old.get(origin)
        if not along:
            moves.append(Move(len(moves) + 1, _describe_place(origin, before_old), _describe_place(node, before_new)))
        places._numbers[node] = len(moves)
    places.moves = tuple(moves)
    return places


def _walk(nodes: Iterable[Node]) -> Iterable[Node]:
    for node in nodes:
        yield from node.walk()


def _neighbours(nodes: Sequence[Node]) -> dict[Node, Node]:
    """Map every block to the block before it on its level."""
    found: dict[Node, Node] = {}
    stack = [nodes]
    while stack:
        siblings = stack.pop()
        found.update(zip(siblings[1:], siblings, strict=False))
        stack += [node.children for node in siblings if node.children]
    return found


def _describe_place(node: Node, before: dict[Node, Node]) -> str:
    """Describe a block's place for people: a section by the section before it, other clauses by their label."""
    if node.kind is not ClauseKind.SECTION:
        return node.face.label or "the beginning"
    previous = before.get(node)
    while previous is not None and previous.kind is not ClauseKind.SECTION:
        previous = before.get(previous)
    return f"after {previous.face.label}" if previous else "the beginning"


@value_class
class Builder:
    """Builds the blocks of a script from the nodes of both sides and their matching."""

    matching: Matching
    terms: Terms
    places: Moves
    _origins: dict[Node, Node] = field(init=False)
    _old_resets: dict[Node, Reset] = field(init=False)
    _new_resets: dict[Node, Reset] = field(init=False)

    def __post_init__(self) -> None:
        self._origins = {new: old for old, new in self.matching.moved.items()}
        self._old_resets = {node: reset for reset in self.matching.resets for node in reset.old}
        self._new_resets = {node: reset for reset in self.matching.resets for node in reset.new}

    def blocks(self, old: Sequence[Node], new: Sequence[Node]) -> tuple[Block, ...]:
        """Return the blocks of one level."""
        return tuple(self._level(old, new))

    def _level(self, old: Sequence[Node], new: Sequence[Node]) -> Iterator[Block]:
        places = {node: at for at, node in enumerate(new)}
        a = b = 0
        while a < len(old) or b < len(new):
            # First the old blocks up to the next one that is on both sides, then the new ones.
            while a < len(old) and (old[a] not in self.matching.paired and old[a] not in self._old_resets):
                yield self.old_block(old[a])
                a += 1
            end, skip = self._next_place(old[a], places) if a < len(old) else (len(new), 0)
            while b < end:
                yield self.new_block(new[b])
                b += 1
            if a < len(old):
                yield self._both(old[a], new[b])
                a, b = a + skip, b + self._width(new[b])

    def _next_place(self, node: Node, places: dict[Node, int]) -> tuple[int, int]:
        """Return the new place of a block on both sides, and how many old blocks it replaces."""
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
        """Return a block that is on both sides."""
        if old.full == new.full:
            return _same(old, new)
        if old.kind is ClauseKind.TABLE:
            return merged_table(old, new)
        runs = diff_runs(old.pieces, new.pieces, verbatim=old.kind is ClauseKind.CODE)
        children = self.blocks(old.children, new.children)
        facts = (*facts_of(old.face, new.face, runs), *self.terms.facts(old, new))
        return Block(State.CHANGED, old.face, new.face, runs, children, facts)

    def old_block(self, node: Node) -> Block:
        """Return a block of the old side: deleted or moved away."""
        target = self.matching.moved.get(node)
        if target:
            block = one_sided(node, State.MOVED_AWAY, self.old_block)
            return replace(block, move=self.places.number(target))
        return replace(one_sided(node, State.DELETED, self.old_block), facts=self.terms.facts(node, None))

    def new_block(self, node: Node) -> Block:
        """Return a block of the new side: inserted, or moved here and compared with the original."""
        origin = self._origins.get(node)
        if origin is None:
            return replace(one_sided(node, State.INSERTED, self.new_block), facts=self.terms.facts(None, node))
        return replace(self.pair(origin, node), state=State.MOVED_HERE, move=self.places.number(node))


def one_sided(node: Node, state: State, within: Callable[[Node], Block]) -> Block:
    """Return a block without a counterpart in its place; `within` builds the blocks inside it."""
    is_old = state in (State.DELETED, State.MOVED_AWAY)
    runs = whole(node.pieces, Op.DELETED if is_old else Op.INSERTED)
    old, new = (node.face, None) if is_old else (None, node.face)
    return Block(state, old, new, runs, tuple(within(child) for child in node.children))


def unchanged(nodes: Iterable[Node]) -> tuple[Block, ...]:
    """Return blocks without changes: a text on its own, for outputs that show texts as they show redlines."""
    return tuple(_same(node, node) for node in nodes)


def _same(old: Node, new: Node) -> Block:
    """Return a block without changes, with everything inside it."""
    children = tuple(_same(a, b) for a, b in zip(old.children, new.children, strict=True))
    return Block(State.SAME, old.face, new.face, new.unchanged, children)


def redline(
    old: Text,
    new: Text,
    *,
    yaml: bool | None = None,
    ids: ClauseIds = ({}, {}),
    outline: Outline | None = None,
) -> Redline:
    """Return the edit script that leads from one text to the other.

    Accepts source texts (str), `Source`s, documents with a source, or `Side`s. `yaml` is how to read texts and sources:
    True as YAML, False as Markdown, None by their names' extension (a str is Markdown). Clauses with `ids`, by anchor
    on each side, are paired by these; without any, the rows of registers by their own. An `outline` knows the clauses
    of earlier redlines.

    Raises EngrossError if the parser refuses either text, or if the script fails its self-check.
    """
    return compare(read_side(old, "old", yaml), read_side(new, "new", yaml), ids, outline)


def compare(old: Side, new: Side, ids: ClauseIds = ({}, {}), outline: Outline | None = None) -> Redline:
    """Return the edit script between two sides; see `redline`."""
    if old.has_rows and new.has_rows and not any(ids):
        ids = _row_ids(old), _row_ids(new)
    with without_collection():
        return _compare(old, new, ids, outline or Outline())


def _row_ids(side: Side) -> dict[str, str]:
    """The ids of a register's rows, which stay, by their anchors, which are these ids."""
    return {row.anchor: row.anchor for row in side.root.children if row.anchor}


def _compare(old: Side, new: Side, ids: ClauseIds, outline: Outline) -> Redline:
    laid_out = outline.layouts(old.root, new.root)
    before, after = (side.nodes for side in laid_out)
    matching = _matching(old, new, before, after, ids)
    places = find_moves(before, after, matching.moved)
    blocks = Builder(matching, find_terms(*laid_out), places).blocks(before, after)
    parts = segments(old.text, new.text)
    differing = unread(old, new, same=all(block.state is State.SAME for block in blocks))
    has_rows = old.has_rows and new.has_rows
    script = Redline(
        old.name, new.name, parts, blocks, places.moves, count(blocks), unread=differing, has_rows=has_rows
    )
    verify(script, old, new, before, after)
    return script


def _matching(old: Side, new: Side, before: tuple[Node, ...], after: tuple[Node, ...], ids: ClauseIds) -> Matching:
    """Align the blocks in the same orientation, whichever side is the old one.

    Ties are broken by position. Otherwise redline(a, b) and redline(b, a) could mark different amounts of text.
    """
    if new.text < old.text:
        return align(after, before, (ids[1], ids[0])).mirrored()
    return align(before, after, ids)


def verify(script: Redline, old: Side, new: Side, before: tuple[Node, ...], after: tuple[Node, ...]) -> None:
    """Raise EngrossError unless both sides, source and visible tree, can be read back from the script."""
    exact = reject(script) == old.text and accept(script) == new.text
    if not (exact and _are_side(script.blocks, before, Op.DELETED) and _are_side(script.blocks, after, Op.INSERTED)):
        message = "this redline failed its self-check and is not shown; please report the two texts"
        raise EngrossError([error("redline-self-check", new.name, 0, 0, message)])


def _are_side(blocks: Sequence[Block], nodes: Sequence[Node], side: Op) -> bool:
    """Return whether blocks are on one side what nodes are. Unchanged blocks at both ends are compared one by one, the
    others as lines, because other breaks make other blocks.
    """
    most, first, last = min(len(blocks), len(nodes)), 0, 0
    while first < most and _is_unchanged(blocks[first], nodes[first], side):
        first += 1
    while last < most - first and _is_unchanged(blocks[-1 - last], nodes[-1 - last], side):
        last += 1
    rest = blocks[first : len(blocks) - last], nodes[first : len(nodes) - last]
    return _equal(of_blocks(rest[0], side), of_nodes(rest[1]))


def _is_unchanged(block: Block, node: Node, side: Op) -> bool:
    """Return whether an unchanged block has the face, the text and the blocks within of a node."""
    return (
        block.state is State.SAME
        and (block.old if side is Op.DELETED else block.new) is node.face
        and len(block.runs) == len(node.pieces)
        and all(map(_shows, block.runs, node.pieces))
        and len(block.children) == len(node.children)
        and all(_is_unchanged(inner, within, side) for inner, within in zip(block.children, node.children, strict=True))
    )


def _shows(run: Run, piece: Piece) -> bool:
    is_plain = run.op is Op.EQUAL and run.was is None and run.starts is None
    return is_plain and run.text == piece.text and run.styles == piece.styles


def _equal(first: Iterator[Line], second: Iterator[Line]) -> bool:
    """Return whether both iterators yield the same lines, without storing them."""
    return all(one == other for one, other in zip_longest(first, second))
