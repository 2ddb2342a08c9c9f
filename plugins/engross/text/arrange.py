"""Flat nodes → their levels: sections by heading, enumerated and ordered items by `nesting`.

A block between two items belongs to the item it is indented under; one that is not indented ends the list, yet not
the counting: the (c) after it still follows the (b) before it.
"""

from __future__ import annotations

from engross.model import ClauseKind
from engross.text.block_rules import MAX_DEPTH, too_deep
from engross.text.nesting import Nesting, Place
from engross.text.nodes import Node
from engross.values import dataclass

_ENDS_NOTE = (ClauseKind.RULE, ClauseKind.SECTION)
_CONTAINERS = (ClauseKind.LIST, ClauseKind.QUOTE)


def arrange(nodes: list[Node], path: str) -> list[Node]:
    """The nodes of a document, arranged; `path` names the file in messages.

    Raises EngrossError where lists, quotes and items nest more than MAX_DEPTH deep.
    """
    return _Arrangement(path).sections(nodes)


@dataclass(slots=True)
class _OpenLevel:
    """An open level of items: where its list stands (or will), the list, its last item, and the path around it."""

    home: list[Node]
    listing: Node | None
    item: Node | None
    around: tuple[str, ...]


@dataclass(frozen=True, slots=True)
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
