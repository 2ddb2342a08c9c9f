"""Splits a source text into units: groups of lines that a three-way merge accepts or rejects as a whole.

A unit of Markdown begins with a line on which a clause with words of its own begins (a paragraph, heading, item or
table row) and ends before the next such line. A unit of YAML is one key of one entry. The first unit is everything
before these. The units joined together are exactly the text. Units of Markdown correspond as their clauses do in a
redline (`align`), units of YAML by their keys.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field

import engross.common.lazy_re as re
from engross.common import value_class
from engross.corpus import MappingNode, Node, SequenceNode, compose
from engross.model import Clause, ClauseKind, Source
from engross.redline.alignment.blocks import align
from engross.redline.alignment.outline import Node as Block, Outline
from engross.redline.alignment.sequences import LINES, heaviest_chain
from engross.redline.styled_text import Token, tokens
from engross.text import read_enumerator

_WORDS = re.compile(r"\w+|[^\w\s]")
_WHOLE = (ClauseKind.ROW, ClauseKind.CODE, ClauseKind.RULE)
"""Kinds of clause that are one unit with everything inside them."""


@value_class(frozen=True, eq=False)
class Unit:
    """A group of lines: `body` up to its last line that is not blank, `tail` the blank lines after it.

    `label` is the clause's name for people, `line` the first line, 1-based. `key` identifies a unit of YAML; `blocks`
    are the clauses that begin on the first line of a unit of Markdown.
    """

    body: str
    tail: str
    line: int
    label: str = ""
    key: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = field(default=(), repr=False)

    @property
    def words(self) -> list[Token]:
        """The words that a reader sees."""
        if not self.blocks:
            return [Token(word) for word in _WORDS.findall(self.body)]
        return [word for block in self.blocks for one in block.walk() for word in tokens(one.pieces)]

    @property
    def shown(self) -> tuple[object, ...]:
        """What the unit shows without enumerators; equal for units that show the same."""
        if not self.blocks:
            return (self.key, self.body)
        return tuple(
            (str(one.kind), one.face.level, one.face.align, one.face.language, one.pieces)
            for block in self.blocks
            for one in block.walk()
        )

    @property
    def is_numbered(self) -> bool:
        """Whether the unit begins with an enumerator, which is not part of `shown`."""
        return bool(self.blocks) and read_enumerator(self.body.split()[0]) is not None

    def is_same(self, other: Unit) -> bool:
        """Return whether two units have the same text, except for line breaks, and show the same."""
        if self.body == other.body:
            return True
        return self.shown == other.shown and self.body.split() == other.body.split()


@value_class(frozen=True)
class Text:
    """A text in units; `blocks` is its outline, empty for YAML."""

    units: tuple[Unit, ...]
    blocks: tuple[Block, ...] = field(default=(), repr=False)


@value_class(frozen=True)
class Pairing:
    """The corresponding units of two texts, by index: `all` of them, and those that keep their order."""

    all: dict[int, int]
    in_order: dict[int, int]


@value_class
class UnitReader:
    """Reads texts that are compared with each other; `yaml` is true if they are YAML."""

    yaml: bool = False
    _outline: Outline = field(default_factory=Outline)

    def read(self, source: Source, root: Clause) -> Text:
        """Return the units of a text with the tree `root`."""
        if self.yaml:
            return Text(tuple(_units(source, _keys(source))))
        blocks = self._outline.nodes(root)
        begin: dict[int, list[Block]] = {}
        for leaf in _leaves(blocks):
            begin.setdefault(leaf.face.lines[0], []).append(leaf)
        starts = [(line, leaves[0].face.label, (), tuple(leaves)) for line, leaves in begin.items()]
        return Text(tuple(_units(source, starts)), blocks)

    def pair(self, old: Text, new: Text) -> Pairing:
        """Return the corresponding units of two texts; the first units always correspond."""
        found = _by_key(old, new) if self.yaml else _by_clause(old, new)
        found[0] = 0
        chain = heaviest_chain((i, j, len(old.units[i].body) + 1.0) for i, j in found.items())
        return Pairing(found, dict(chain))


_Start = tuple[int, str, tuple[str, ...], tuple[Block, ...]]


def _units(source: Source, starts: Iterable[_Start]) -> Iterator[Unit]:
    text = source.data.decode("utf-8-sig") if source.data else source.text
    lines = LINES.findall(text)
    ordered = sorted(starts, key=lambda start: start[0])
    ends = [start[0] for start in ordered] + [len(lines) + 1]
    yield _unit(lines[: ends[0] - 1], 1, "", (), ())
    for (line, label, key, blocks), end in zip(ordered, ends[1:], strict=True):
        yield _unit(lines[line - 1 : end - 1], line, label, key, blocks)


def _unit(lines: Sequence[str], line: int, label: str, key: tuple[str, ...], blocks: tuple[Block, ...]) -> Unit:
    last = max((at for at, one in enumerate(lines, 1) if one.strip()), default=0)
    return Unit("".join(lines[:last]), "".join(lines[last:]), line, label, key, blocks)


def _leaves(blocks: Iterable[Block]) -> Iterator[Block]:
    for block in blocks:
        if block.pieces or block.face.kind in _WHOLE:
            yield block
        if block.face.kind not in _WHOLE:
            yield from _leaves(block.children)


def _keys(source: Source) -> Iterator[_Start]:
    """Yield the first line of each top-level key, and of each key of each entry of a top-level list."""
    node, _ = compose(source)
    seen: set[int] = set()
    for start in _top_keys(source, node) if isinstance(node, MappingNode) else ():
        if start[0] not in seen:
            seen.add(start[0])
            yield start


def _top_keys(source: Source, root: MappingNode) -> Iterator[_Start]:
    for name, entry in root.entries.items():
        yield source.position(entry.key_at)[0], name, (name,), ()
        for item in entry.value.items if isinstance(entry.value, SequenceNode) else ():
            called = _entry_name(item)
            yield _dash_line(source, item), called, (name, called), ()
            for key, inner in item.entries.items() if isinstance(item, MappingNode) else ():
                yield source.position(inner.key_at)[0], f"{called}: {key}", (name, called, key), ()


def _dash_line(source: Source, item: Node) -> int:
    """Return the line with the dash of a list item, which may be above the item's content."""
    at = source.text.rfind("-", 0, item.start)
    return source.position(at if at >= 0 and not source.text[at + 1 : item.start].strip() else item.start)[0]


def _entry_name(item: Node) -> str:
    """Return the name of a list entry: its id, or its whole text."""
    if isinstance(item, MappingNode):
        named = item.entries.get("id")
        return getattr(named.value, "text", "") if named else ""
    return getattr(item, "text", "")


def _by_key(old: Text, new: Text) -> dict[int, int]:
    places = {unit.key: at for at, unit in enumerate(new.units)}
    return {at: places[unit.key] for at, unit in enumerate(old.units) if unit.key and unit.key in places}


def _by_clause(old: Text, new: Text) -> dict[int, int]:
    places = {block: at for at, unit in enumerate(new.units) for block in unit.blocks}
    partners = _partners(old.blocks, new.blocks)
    found: dict[int, int] = {}
    taken: set[int] = set()
    for at, unit in enumerate(old.units):
        there = next((places[partners[one]] for one in unit.blocks if partners.get(one) in places), None)
        if there is not None and there not in taken:
            found[at] = there
            taken.add(there)
    return found


def _partners(old: Sequence[Block], new: Sequence[Block]) -> dict[Block, Block]:
    """Return the corresponding blocks at any depth, including moved ones."""
    matching = align(old, new)
    found: dict[Block, Block] = {}
    for one, other in (*matching.paired.items(), *matching.moved.items()):
        found[one] = other
        if one.full == other.full:
            # Blocks inside equal blocks were not compared.
            found.update(zip(one.walk(), other.walk(), strict=True))
        elif one.face.kind is ClauseKind.TABLE:
            found.update(_partners(one.children, other.children))
    return found
