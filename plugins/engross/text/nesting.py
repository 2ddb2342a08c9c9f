"""The levels of clauses: sections by heading, enumerated and ordered items by indentation, style and sequence.

Enumerated items in the order of the text → the levels they stand on.

Lawyers nest by indentation, by style, or by both, and seldom with care; so neither alone is trusted. An enumerator
first *continues* an open level (the (b) after an (a)), else it *starts* a new one ((a), (i), (1)), else it is out of
order and joins the level it resembles. Where an enumerator could do both, as the (i) after an (h), indentation
decides, and where that is silent the next enumerators do: (ii) says it was a roman one, (j) that it was a letter.

Flat nodes → their levels: sections by heading, enumerated and ordered items by `nesting`.

A block between two items belongs to the item it is indented under; one that is not indented ends the list, yet not
the counting: the (c) after it still follows the (b) before it.
"""

from __future__ import annotations

from collections.abc import Sequence

from engross.common import value_class
from engross.model import ClauseKind
from engross.text.block_rules import MAX_DEPTH, too_deep
from engross.text.nodes import Node
from engross.text.numbering import Enumerator, Reading, Style

# How far ahead the neighbours of an ambiguous enumerator are looked for: a bound keeps the pass linear.
_LOOKAHEAD = 64


@value_class(slots=True)
class Level:
    """An open level: its dress and style, the last ordinal seen, and the indentation of its items in columns.

    An `interrupted` level has had a block after its last item that does not belong to the item: counting may go on,
    but nothing more can be put into that item.
    """

    form: str
    reading: Reading
    indent: int
    interrupted: bool = False


@value_class(frozen=True, slots=True)
class Place:
    """Where an item goes: its level (0 is outermost) and whether it opens that level anew."""

    depth: int
    opens: bool


class Nesting:
    """Places one enumerator after another; `levels` are those open after the last."""

    def __init__(self, upcoming: Sequence[Enumerator]) -> None:
        self.levels: list[Level] = []
        self._upcoming = upcoming
        self._at = 0

    def place(self, enumerator: Enumerator, indent: int) -> Place:
        """Place the next enumerator of the sequence, standing `indent` columns in, and open or close levels for it."""
        self._at += 1
        going_on = self._continuing(enumerator, indent)
        starting = next((reading for reading in enumerator.readings if reading.ordinal == 1), None)
        if going_on and starting and self._starts(enumerator, indent, going_on, starting):
            going_on = None
        if going_on:
            return self._go_on(*going_on, indent)
        if starting:
            return self._start(enumerator, starting, indent)
        return self._misfit(enumerator, indent)

    def fits(self, enumerator: Enumerator) -> bool:
        """Whether the enumerator continues an open level or starts one; in a sentence, nothing else counts."""
        starts = any(reading.ordinal == 1 for reading in enumerator.readings)
        return starts or self._continuing(enumerator, 0) is not None

    def awaits_more(self) -> bool:
        """Whether one of the next enumerators continues a level that is open now."""
        wanted = {(level.form, Reading(level.reading.style, level.reading.ordinal + 1)) for level in self.levels}
        later = self._upcoming[self._at : self._at + _LOOKAHEAD]
        return any((other.form, reading) in wanted for other in later for reading in other.readings)

    def skip(self) -> None:
        """Pass over the next enumerator of the sequence without placing it."""
        self._at += 1

    def close_to(self, indent: int) -> int:
        """How many levels stay open around a block that is no item and stands `indent` columns in.

        Those within are interrupted by it.
        """
        depth = len(self.levels)
        while depth and (self.levels[depth - 1].indent + 2 > indent or self.levels[depth - 1].interrupted):
            depth -= 1
        for level in self.levels[depth:]:
            level.interrupted = True
        return depth

    def _continuing(self, enumerator: Enumerator, indent: int) -> tuple[int, Reading] | None:
        """The level (innermost first, one of the same indentation before all) that this enumerator continues."""
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

    def _starts(self, enumerator: Enumerator, indent: int, going_on: tuple[int, Reading], starting: Reading) -> bool:
        level = self.levels[going_on[0]]
        if abs(indent - level.indent) > 1:
            return indent > level.indent
        second = Reading(starting.style, 2)
        following = Reading(going_on[1].style, going_on[1].ordinal + 1)
        for later in self._upcoming[self._at : self._at + _LOOKAHEAD]:
            if later.form == enumerator.form:
                if second in later.readings:
                    return True
                if following in later.readings:
                    return False
        return False

    def _go_on(self, depth: int, reading: Reading, indent: int) -> Place:
        del self.levels[depth + 1 :]
        self.levels[depth].reading = reading
        self.levels[depth].interrupted = False
        self.levels[depth].indent = min(self.levels[depth].indent, indent)
        return Place(depth, opens=False)

    def _start(self, enumerator: Enumerator, reading: Reading, indent: int) -> Place:
        depth = len(self.levels)
        for at, level in enumerate(self.levels):
            again = level.form == enumerator.form and level.reading.style == reading.style
            # `1.` is the outer list of (a), never the other way round.
            outer = reading.style is Style.DECIMAL and enumerator.form != "()" and level.form == "()"
            if indent < level.indent - 1 or ((again or outer) and indent <= level.indent + 1):
                depth = at
                break
        while depth and self.levels[depth - 1].interrupted:
            depth -= 1
        del self.levels[depth:]
        self.levels.append(Level(enumerator.form, reading, indent))
        return Place(depth, opens=True)

    def _misfit(self, enumerator: Enumerator, indent: int) -> Place:
        """Out of order: join the level of the same dress and style, the one of nearest indentation first."""
        styles = {reading.style: reading for reading in enumerator.readings}
        alike = [
            (abs(level.indent - indent), -depth)
            for depth, level in enumerate(self.levels)
            if level.form == enumerator.form and level.reading.style in styles
        ]
        if not alike:
            return self._start(enumerator, enumerator.readings[0], indent)
        depth = -min(alike)[1]
        return self._go_on(depth, styles[self.levels[depth].reading.style], indent)


_ENDS_NOTE = (ClauseKind.RULE, ClauseKind.SECTION)
_CONTAINERS = (ClauseKind.LIST, ClauseKind.QUOTE)


def arrange(nodes: list[Node], path: str) -> list[Node]:
    """The nodes of a document, arranged; `path` names the file in messages.

    Raises EngrossError where lists, quotes and items nest more than MAX_DEPTH deep.
    """
    return _Arrangement(path).sections(nodes)


@value_class(slots=True)
class _OpenLevel:
    """An open level of items: where its list stands (or will), the list, its last item, and the path around it."""

    home: list[Node]
    listing: Node | None
    item: Node | None
    around: tuple[str, ...]


@value_class(frozen=True, slots=True)
class _Arrangement:
    path: str

    def sections(self, nodes: list[Node]) -> list[Node]:
        """Every heading takes what follows it, up to the next of its own level or above.

        What follows a last thematic break, with no heading after it, is a note to the document and not to its last
        section.
        """
        root = Node(ClauseKind.DOCUMENT, (1, 1))
        opened, plain = [root], list[Node]()
        nodes, note = _closing_note(nodes)
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

    def items(self, nodes: list[Node], around: tuple[str, ...], depth: int) -> list[Node]:
        """The nodes of one container, which stands in `depth` others and within the items of the path `around`.

        What stands inside a block is arranged by itself, once the block has its place.
        """
        out: list[Node] = []
        nesting = Nesting([node.enumerator for node in nodes if node.enumerator])
        opened: list[_OpenLevel] = []
        for node in nodes:
            if node.enumerator is None:
                levels = nesting.close_to(node.indent)
                _place_block(node, levels, opened, out)
                self._inside(node, _path_at(opened, levels, around), depth + levels)
            else:
                place = nesting.place(node.enumerator, node.indent)
                self._inside(node, _place_item(node, place, opened, out, around), depth + place.depth)
        return out

    def _inside(self, node: Node, around: tuple[str, ...], depth: int) -> None:
        """Arrange what a node holds, which stands in `depth` lists and quotes itself."""
        if node.enumerator or node.kind in _CONTAINERS:
            if depth >= MAX_DEPTH:
                raise too_deep(self.path, node.lines[0], node.indent + 1)
            depth += 1
        if node.kind is ClauseKind.TABLE or not node.children:
            return
        if node.kind in _CONTAINERS or (node.kind is ClauseKind.ITEM and node.enumerator is None):
            # A bullet or a quotation is addressed by itself: what is enumerated in it begins anew.
            around = ()
        inline = [child for child in node.children if child.kind is ClauseKind.RUN_IN]
        # Items placed under this one have been arranged by whoever placed them; only its own blocks are left.
        if blocks := node.children[len(inline) :]:
            node.children = inline + self.items(blocks, around, depth)


def _closing_note(nodes: list[Node]) -> tuple[list[Node], list[Node]]:
    at = next((at for at in range(len(nodes) - 1, -1, -1) if nodes[at].kind in _ENDS_NOTE), 0)
    if nodes and nodes[at].kind is ClauseKind.RULE and at + 1 < len(nodes):
        return nodes[:at], nodes[at:]
    return nodes, []


def _close(section: Node) -> None:
    if section.children:
        section.lines = (section.lines[0], max(section.lines[1], section.children[-1].lines[1]))


def _path_at(opened: list[_OpenLevel], levels: int, around: tuple[str, ...]) -> tuple[str, ...]:
    item = opened[levels - 1].item if levels else None
    return item.path if item else around


def _place_block(node: Node, levels: int, opened: list[_OpenLevel], out: list[Node]) -> None:
    owner = opened[levels - 1].item if levels else None
    home = owner.children if owner else out
    home.append(node)
    for open_level in opened[:levels]:
        _extend(open_level, node)
    # The levels within go on counting, but in new lists after this block.
    for level in opened[levels:]:
        level.home, level.listing = home, None


def _place_item(
    node: Node, place: Place, opened: list[_OpenLevel], out: list[Node], around: tuple[str, ...]
) -> tuple[str, ...]:
    """Put an item on its level, in the list that stands there or in a new one; gives its path."""
    del opened[place.depth + (0 if place.opens else 1) :]
    if place.opens:
        above = opened[-1].item if opened else None
        opened.append(_OpenLevel(above.children if above else out, None, None, above.path if above else around))
    level = opened[place.depth]
    assert node.enumerator is not None
    node.path = (*level.around, node.enumerator.spoken)
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
    """A list and its last item reach to the end of what was just put within."""
    for grown in (level.listing, level.item):
        if grown is not None and grown.lines[1] < node.lines[1]:
            grown.lines = (grown.lines[0], node.lines[1])
