"""Finds the levels of clauses: sections by heading level; items by indentation, style and sequence.

Authors nest items by indentation, by style or by both, often inconsistently, so `Nesting` trusts neither alone. An
enumerator first *continues* an open level (the (b) after an (a)); otherwise it *starts* a new one ((a), (i), (1));
otherwise it is out of order and joins the most similar level. Where it could do both, as the (i) after an (h),
indentation decides. If indentation is equal, the next enumerators decide: (ii) makes it a roman numeral, (j) a letter.

A block between two items belongs to the item it is indented under. A block that is not indented ends the list but not
the count: the (c) after it still follows the (b) before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field

from engross.common import value_class
from engross.model import NO_TEXT, READER, ClauseKind, Inline, ListKind
from engross.text.block_rules import MAX_DEPTH, too_deep
from engross.text.numbering import Enumerator, Reading, Style

# How many of the next enumerators to read for an ambiguous one: a limit keeps the time linear.
_LOOKAHEAD = 64


@value_class(slots=True)
class Node:
    """A clause under construction; `Freezer` turns nodes into `Clause`s at the end.

    `lines` are 1-based and inclusive; `indent` is in columns, from 0. `path` contains the labels of an enumerated item
    and the items around it in the same container, outermost first: ("(h)", "(iv)"). `quoted` is true if `name` is a
    quoted term, false if it is a lead-in. `anchor` is the anchor that a heading sets for itself; a heading that is
    `unnumbered` gets no generated number.
    """

    kind: ClauseKind
    lines: tuple[int, int]
    inline: Inline = NO_TEXT
    children: list[Node] = field(default_factory=list)
    indent: int = 0
    level: int = 0
    marker: str = ""
    enumerator: Enumerator | None = None
    path: tuple[str, ...] = ()
    list_kind: ListKind | None = None
    tight: bool = False
    span: tuple[int, int] = (0, 0)
    number: str = ""
    generated: bool = False
    name: str = ""
    quoted: bool = False
    align: str = ""
    language: str = ""
    anchor: str = ""
    unnumbered: bool = False

    def moved(self, lines: int, offset: int) -> Node:
        """Return a copy of the node and of those within that is so many lines and characters further on."""
        inline = self.inline
        if inline.origin and offset:
            inline = Inline(inline.text, inline.marks, tuple([(at, source + offset) for at, source in inline.origin]))
        return Node(
            self.kind, (self.lines[0] + lines, self.lines[1] + lines), inline,
            [child.moved(lines, offset) for child in self.children], self.indent, self.level, self.marker,
            self.enumerator, self.path, self.list_kind, self.tight, self.span, self.number, self.generated, self.name,
            self.quoted, self.align, self.language, self.anchor, self.unnumbered,
        )  # fmt: skip


@value_class(slots=True)
class Level:
    """An open level: its form and style, the last ordinal, and the indentation of its items in columns.

    A level is `interrupted` by a block after its last item that does not belong to that item: counting may continue,
    but nothing more can go into the item.
    """

    form: str
    reading: Reading
    indent: int
    interrupted: bool = False


@value_class(frozen=True, slots=True)
class Place:
    """The place of an item: its level (0 is outermost) and whether it opens that level."""

    depth: int
    opens: bool


class Nesting:
    """Assigns levels to enumerators one after another; `levels` are the levels open after the last one."""

    def __init__(self, upcoming: Sequence[Enumerator], reader: int = READER) -> None:
        self.levels: list[Level] = []
        self._upcoming = upcoming
        self._reader = reader
        self._at = 0
        self._introduced = False

    def place(self, enumerator: Enumerator, indent: int, *, introduced: bool = False) -> Place:
        """Place the next enumerator, indented by `indent` columns, and open or close levels for it.

        `introduced`: a colon ends the item right before it.
        """
        self._at += 1
        self._introduced = introduced
        continuing = self._continuing(enumerator, indent)
        starting = next((reading for reading in enumerator.readings if reading.ordinal == 1), None)
        if continuing and starting and self._starts(enumerator, indent, continuing, starting):
            continuing = None
        if continuing:
            return self._continue(*continuing, indent)
        if starting:
            return self._start(enumerator, starting, indent)
        return self._place_out_of_order(enumerator, indent)

    def fits(self, enumerator: Enumerator) -> bool:
        """Return whether the enumerator continues an open level or starts one; in a sentence, no other is an item."""
        starts = any(reading.ordinal == 1 for reading in enumerator.readings)
        return starts or self._continuing(enumerator, 0) is not None

    def awaits_more(self) -> bool:
        """Return whether one of the next enumerators continues a level that is open now."""
        wanted = {(level.form, Reading(level.reading.style, level.reading.ordinal + 1)) for level in self.levels}
        later = self._upcoming[self._at : self._at + _LOOKAHEAD]
        return any((other.form, reading) in wanted for other in later for reading in other.readings)

    def skip(self) -> None:
        """Skip the next enumerator of the sequence without placing it."""
        self._at += 1

    def close_to(self, indent: int) -> int:
        """Return how many levels stay open around a block that is not an item and is indented by `indent` columns.

        The deeper levels are marked as interrupted.
        """
        depth = len(self.levels)
        while depth and (self.levels[depth - 1].indent + 2 > indent or self.levels[depth - 1].interrupted):
            depth -= 1
        for level in self.levels[depth:]:
            level.interrupted = True
        return depth

    def _continuing(self, enumerator: Enumerator, indent: int) -> tuple[int, Reading] | None:
        """Return the level that this enumerator continues: one of equal indentation, otherwise the innermost."""
        found: tuple[int, Reading] | None = None
        for depth in range(len(self.levels) - 1, -1, -1):
            level = self.levels[depth]
            if level.form != enumerator.form:
                continue
            after = Reading(level.reading.style, level.reading.ordinal + 1)
            if after in enumerator.readings:
                if level.indent == indent:
                    return depth, after
                found = found or (depth, after)
        return found

    def _starts(self, enumerator: Enumerator, indent: int, continuing: tuple[int, Reading], starting: Reading) -> bool:
        level = self.levels[continuing[0]]
        if abs(indent - level.indent) > 1:
            return indent > level.indent
        second = Reading(starting.style, 2)
        following = Reading(continuing[1].style, continuing[1].ordinal + 1)
        for later in self._upcoming[self._at : self._at + _LOOKAHEAD]:
            if later.form == enumerator.form:
                if second in later.readings:
                    return True
                if following in later.readings:
                    return False
        return False

    def _continue(self, depth: int, reading: Reading, indent: int) -> Place:
        del self.levels[depth + 1 :]
        self.levels[depth].reading = reading
        self.levels[depth].interrupted = False
        self.levels[depth].indent = min(self.levels[depth].indent, indent)
        return Place(depth, opens=False)

    def _start(self, enumerator: Enumerator, reading: Reading, indent: int) -> Place:
        depth = len(self.levels)
        for at, level in enumerate(self.levels):
            again = level.form == enumerator.form and level.reading.style == reading.style
            # A list `1.` can contain (a), but not the reverse, unless a colon introduces it or a (b) follows it.
            outer = reading.style is Style.DECIMAL and enumerator.form != "()" and level.form == "()"
            outer = outer and not (self._reader > 2 and self._contains_next(level))
            if indent < level.indent - 1 or ((again or outer) and indent <= level.indent + 1):
                depth = at
                break
        while depth and self.levels[depth - 1].interrupted:
            depth -= 1
        del self.levels[depth:]
        self.levels.append(Level(enumerator.form, reading, indent))
        return Place(depth, opens=True)

    def _contains_next(self, level: Level) -> bool:
        """Return whether a list is in the last item of a level: after a colon, or if the level counts on after it.

        Recitals, (A) and (B), may end with "the parties agree:" before the first clause.
        """
        if self._introduced and level is self.levels[-1] and level.reading.style is not Style.UPPER_ALPHA:
            return True
        following = Reading(level.reading.style, level.reading.ordinal + 1)
        first = Reading(level.reading.style, 1)
        later = (one for one in self._upcoming[self._at : self._at + _LOOKAHEAD] if one.form == level.form)
        return next((following in one.readings for one in later if {following, first} & {*one.readings}), False)

    def _place_out_of_order(self, enumerator: Enumerator, indent: int) -> Place:
        """Place an enumerator that is out of order on the level with its form and style and nearest indentation."""
        styles = {reading.style: reading for reading in enumerator.readings}
        similar = [
            (abs(level.indent - indent), -depth)
            for depth, level in enumerate(self.levels)
            if level.form == enumerator.form and level.reading.style in styles
        ]
        if not similar:
            return self._start(enumerator, enumerator.readings[0], indent)
        depth = -min(similar)[1]
        return self._continue(depth, styles[self.levels[depth].reading.style], indent)


_ENDS_NOTE = (ClauseKind.RULE, ClauseKind.SECTION)
_CONTAINERS = (ClauseKind.LIST, ClauseKind.QUOTE)


def arrange(nodes: list[Node], path: str, reader: int = READER) -> list[Node]:
    """Arrange the nodes of a document into sections and lists; `path` names the file in messages.

    `reader` is the generation of the parser whose rules apply.
    Raises EngrossError where lists, quotes and items nest more than MAX_DEPTH deep.
    """
    return _Arrangement(path, reader).sections(nodes)


@value_class(slots=True)
class _OpenLevel:
    """An open level of items: the container of its list, the list, its last item, and the path around it."""

    home: list[Node]
    listing: Node | None
    item: Node | None
    outer_path: tuple[str, ...]


@value_class(frozen=True, slots=True)
class _Arrangement:
    path: str
    reader: int

    def sections(self, nodes: list[Node]) -> list[Node]:
        """Move what follows each heading into its section, up to the next heading of the same or a higher level.

        In generation 1, text after the last thematic break, with no heading after it, is a note to the document and not
        part of its last section.
        """
        root = Node(ClauseKind.DOCUMENT, (1, 1))
        opened, plain = [root], list[Node]()
        nodes, note = _closing_note(nodes) if self.reader == 1 else (nodes, [])
        for node in nodes:
            if node.kind is not ClauseKind.SECTION:
                plain.append(node)
                continue
            opened[-1].children.extend(self.items(plain, (), 0))
            plain = []
            while opened[-1].level >= node.level:
                _close(opened.pop())
            opened[-1].children.append(node)
            opened.append(node)
        opened[-1].children.extend(self.items(plain, (), 0))
        for node in reversed(opened):
            _close(node)
        return root.children + self.items(note, (), 0)

    def items(self, nodes: list[Node], outer_path: tuple[str, ...], depth: int) -> list[Node]:
        """Arrange the nodes of one container, `depth` containers deep and inside the items of the path `outer_path`.

        The contents of a block are arranged separately, after the block has its place.
        """
        out: list[Node] = []
        nesting = Nesting([node.enumerator for node in nodes if node.enumerator], self.reader)
        opened: list[_OpenLevel] = []
        introduced = False
        for node in nodes:
            if node.enumerator is None:
                levels = nesting.close_to(node.indent)
                _place_block(node, levels, opened, out)
                self._inside(node, _path_at(opened, levels, outer_path), depth + levels)
            else:
                place = nesting.place(node.enumerator, node.indent, introduced=introduced)
                self._inside(node, _place_item(node, place, opened, out, outer_path), depth + place.depth)
            introduced = node.enumerator is not None and node.inline.text.rstrip().endswith(":")
        return out

    def _inside(self, node: Node, outer_path: tuple[str, ...], depth: int) -> None:
        """Arrange the contents of a node that is itself `depth` lists and quotes deep."""
        if node.enumerator or node.kind in _CONTAINERS:
            if depth >= MAX_DEPTH:
                raise too_deep(self.path, node.lines[0], node.indent + 1)
            depth += 1
        if node.kind is ClauseKind.TABLE or not node.children:
            return
        if node.kind in _CONTAINERS or (node.kind is ClauseKind.ITEM and node.enumerator is None):
            # Bullets and quotations have anchors of their own, so enumerations inside them start a new path.
            outer_path = ()
        inline = [child for child in node.children if child.kind is ClauseKind.RUN_IN]
        # Items placed under this one are already arranged; only its own blocks remain.
        if blocks := node.children[len(inline) :]:
            node.children = inline + self.items(blocks, outer_path, depth)


def _closing_note(nodes: list[Node]) -> tuple[list[Node], list[Node]]:
    at = next((at for at in range(len(nodes) - 1, -1, -1) if nodes[at].kind in _ENDS_NOTE), 0)
    if nodes and nodes[at].kind is ClauseKind.RULE and at + 1 < len(nodes):
        return nodes[:at], nodes[at:]
    return nodes, []


def _close(section: Node) -> None:
    if section.children:
        section.lines = (section.lines[0], max(section.lines[1], section.children[-1].lines[1]))


def _path_at(opened: list[_OpenLevel], levels: int, outer_path: tuple[str, ...]) -> tuple[str, ...]:
    item = opened[levels - 1].item if levels else None
    return item.path if item else outer_path


def _place_block(node: Node, levels: int, opened: list[_OpenLevel], out: list[Node]) -> None:
    owner = opened[levels - 1].item if levels else None
    home = owner.children if owner else out
    home.append(node)
    for open_level in opened[:levels]:
        _extend(open_level, node)
    # The deeper levels continue counting, but in new lists after this block.
    for level in opened[levels:]:
        level.home, level.listing = home, None


def _place_item(
    node: Node, place: Place, opened: list[_OpenLevel], out: list[Node], outer_path: tuple[str, ...]
) -> tuple[str, ...]:
    """Put an item on its level, into the level's open list or a new one, and return its path."""
    del opened[place.depth + (0 if place.opens else 1) :]
    if place.opens:
        above = opened[-1].item if opened else None
        opened.append(_OpenLevel(above.children if above else out, None, None, above.path if above else outer_path))
    level = opened[place.depth]
    assert node.enumerator is not None
    node.path = (*level.outer_path, node.enumerator.label)
    if level.listing is None:
        level.listing = Node(ClauseKind.LIST, node.lines, list_kind=node.list_kind, tight=True, indent=node.indent)
        level.home.append(level.listing)
    elif node.lines[0] > level.listing.lines[1] + 1:
        level.listing.tight = False
    level.listing.tight = level.listing.tight and node.tight
    level.listing.children.append(node)
    level.item = node
    for open_level in opened:
        _extend(open_level, node)
    return node.path


def _extend(level: _OpenLevel, node: Node) -> None:
    """Extend the lines of a list and its last item to include a node that was put inside."""
    for grown in (level.listing, level.item):
        if grown is not None and grown.lines[1] < node.lines[1]:
            grown.lines = (grown.lines[0], node.lines[1])
