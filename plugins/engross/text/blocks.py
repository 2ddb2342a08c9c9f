"""Turns block tokens into nodes in text order, each with its source lines and indentation.

Nodes are nested only as Markdown nests them. Enumerated and ordered items are flat; `arrange` finds their levels.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import field
from itertools import pairwise

from markdown_it.token import Token

import engross.common.lazy_re as re
from engross.common import value_class
from engross.model import NO_TEXT, ClauseKind, Inline, ListKind, MarkKind, Source
from engross.text.block_rules import Origins, cells_of
from engross.text.inline import InlineReader
from engross.text.nesting import Node, arrange
from engross.text.numbering import heading_number, lead_in, paragraph_number, read_enumerator
from engross.text.run_in import RunIn, find_run_in

# Attributes at the end of a heading, in pandoc's notation: its anchor, or that it has no number.
_ATTRIBUTES = re.compile(r"\{((?: *(?:#[^\W_][\w-]*|-|\.unnumbered)(?=[ }]))+) *\}\Z")


@value_class(slots=True)
class BlockReader:
    """Reads the block tokens of one document into nodes."""

    source: Source
    inlines: InlineReader
    anchors: set[str] = field(default_factory=set)

    def read(self, tokens: list[Token]) -> list[Node]:
        """Return the nodes of a whole document as a flat list of headings and blocks."""
        return self._blocks(iter(tokens), "")

    def _blocks(self, tokens: Iterator[Token], until: str) -> list[Node]:
        nodes: list[Node] = []
        for token in tokens:
            if token.type == until:
                break
            nodes.extend(_READERS[token.type](self, token, tokens))
        return nodes

    def footnotes(self) -> list[Node]:
        """Return the footnotes as items in the order of their numbers; call it after `read`."""
        notes = self.inlines.footnotes
        items: list[Node] = []
        # A note may refer to further notes, which are then last.
        for label in notes.order if notes else ():
            assert notes is not None
            written = notes.written[label]
            token = Token("footnote", "li", 1, map=[written.lines[0] - 1, written.lines[1]])
            token.info, token.markup = str(len(items) + 1), "."
            item = self._item(token, arrange(self.read(written.tokens), self.source.path, self.source.reader))
            item.list_kind, item.anchor, item.number = ListKind.FOOTNOTES, notes.anchor(label), ""
            items.append(item)
        return items

    def _text(self, token: Token) -> Inline:
        return self.inlines.read(token.content, token.meta["origins"]) if token.content else NO_TEXT

    def _heading(self, token: Token, _tokens: Iterator[Token]) -> list[Node]:
        token.content, attributes = _split_attributes(token.content) if self.source.reader > 1 else (token.content, ())
        inline = self._text(token)
        number, name = heading_number(_one_line(inline.words), self.source.reader)
        node = Node(ClauseKind.SECTION, _lines(token), inline, level=int(token.tag[1]), number=number, name=name)
        for attribute in attributes:
            if attribute.startswith("#"):
                node.anchor = self._own_anchor(attribute[1:], node)
            else:
                node.unnumbered = True
        return [node]

    def _own_anchor(self, anchor: str, heading: Node) -> str:
        if anchor in self.anchors:
            message = f"another heading has the anchor {{#{anchor}}} already; give this heading another one"
            self.inlines.refuse("heading-anchor", self.source.offset(heading.lines[0]), message)
        self.anchors.add(anchor)
        return anchor

    def _paragraph(self, token: Token, _tokens: Iterator[Token]) -> list[Node]:
        inline = self._text(token)
        node = Node(ClauseKind.PARAGRAPH, _lines(token), inline, indent=token.meta["indent"])
        number, start = paragraph_number(inline.text, self.source.reader, _bold_start(inline))
        node.number = number
        node.name, node.quoted = lead_in(inline, start)
        if number and not node.name:
            node.name, node.quoted = self._bold_with_number(inline, number)
        node.children = _run_in_nodes(self.source, inline, start)
        return [node]

    @staticmethod
    def _bold_with_number(inline: Inline, number: str) -> tuple[str, bool]:
        """Return the name in `**5.1 Data.** The …`, where one bold run contains both number and name."""
        name, quoted = lead_in(inline, 0)
        rest = name[name.find(number) + len(number) :].strip(" .:") if number in name else ""
        return rest, quoted

    def _bullet_list(self, token: Token, tokens: Iterator[Token]) -> list[Node]:
        items = self._items(tokens, "bullet_list_close")
        listing = Node(ClauseKind.LIST, _content_lines(items, token), children=items, indent=token.meta["indent"])
        listing.list_kind, listing.tight = ListKind.BULLET, self._is_tight(items)
        return [listing]

    def _ordered_list(self, token: Token, tokens: Iterator[Token]) -> list[Node]:
        """Return the list's items as flat nodes; `arrange` rebuilds the list."""
        items = self._items(tokens, "ordered_list_close")
        typed = [item.marker for item in items]
        if len(items) > 1 and len(set(typed)) == 1:
            # If every item is typed "1.", Markdown counts the items.
            first, form = int(typed[0][:-1]), typed[0][-1]
            typed = [f"{number}{form}" for number in range(first, first + len(items))]
        tight = self._is_tight(items)
        for item, marker in zip(items, typed, strict=True):
            item.marker, item.enumerator, item.list_kind = marker, read_enumerator(marker), ListKind.ORDERED
            item.indent, item.tight = token.meta["indent"], tight
        return items

    def _items(self, tokens: Iterator[Token], until: str) -> list[Node]:
        items = []
        for token in tokens:
            if token.type == until:
                break
            items.append(self._item(token, self._blocks(tokens, "list_item_close")))
        return items

    def _enumerated(self, token: Token, tokens: Iterator[Token]) -> list[Node]:
        item = self._item(token, self._blocks(tokens, "enumerated_close"))
        item.marker, item.enumerator = token.info, read_enumerator(token.info)
        item.indent, item.list_kind = token.meta["indent"], ListKind.ENUMERATED
        return [item]

    def _item(self, token: Token, blocks: list[Node]) -> Node:
        assert token.map is not None
        first = token.map[0] + 1
        last = max((block.lines[1] for block in blocks), default=first)
        item = Node(ClauseKind.ITEM, (first, last), children=blocks, marker=f"{token.info}{token.markup}")
        item.tight = self._is_tight(blocks)
        if blocks and blocks[0].kind is ClauseKind.PARAGRAPH:
            text = blocks.pop(0)
            item.inline, item.name, item.quoted, item.number = text.inline, text.name, text.quoted, text.number
            item.children = text.children + blocks
        return item

    def _is_tight(self, nodes: list[Node]) -> bool:
        """Return whether no empty line separates the nodes, nor the blocks of any item among them."""
        if not all(node.tight for node in nodes if node.kind is ClauseKind.ITEM):
            return False
        gaps = ((before.lines[1] + 1, after.lines[0]) for before, after in pairwise(nodes))
        return all(self.source.line(line).strip(" \t>") for first, last in gaps for line in range(first, last))

    def _quote(self, token: Token, tokens: Iterator[Token]) -> list[Node]:
        blocks = self._blocks(tokens, "blockquote_close")
        return [Node(ClauseKind.QUOTE, _content_lines(blocks, token), children=blocks, indent=token.meta["indent"])]

    def _table(self, token: Token, tokens: Iterator[Token]) -> list[Node]:
        rows = []
        for inner in tokens:
            if inner.type == "table_close":
                break
            if inner.type == "tr_open":
                rows.append(self._row(inner, tokens))
        if rows and len(rows[0].children) < max(len(row.children) for row in rows):
            self._refuse_long_rows(rows)
        return [Node(ClauseKind.TABLE, _content_lines(rows, token), children=rows)]

    def _row(self, token: Token, tokens: Iterator[Token]) -> Node:
        """Read one row. The alignments come from the parser's tokens, the text from the source."""
        aligns = []
        for inner in tokens:
            if inner.type == "tr_close":
                break
            if inner.type in ("th_open", "td_open"):
                aligns.append(str(inner.attrs.get("style", "")).removeprefix("text-align:"))
        lines = _lines(token)
        texts = cells_of(self.source, lines[0], token.meta["begin"])
        while len(texts) > len(aligns) and not texts[-1][0]:
            del texts[-1]
        cells = [
            self._cell(texts[at] if at < len(texts) else ("", ()), lines, aligns[at] if at < len(aligns) else "")
            for at in range(max(len(aligns), len(texts)))
        ]
        return Node(ClauseKind.ROW, lines, children=cells)

    def _cell(self, text: tuple[str, Origins], lines: tuple[int, int], align: str) -> Node:
        inline = self.inlines.read(*text, in_cell=True) if text[0] else NO_TEXT
        return Node(ClauseKind.CELL, lines, inline, _run_in_nodes(self.source, inline, 0), align=align)

    def _refuse_long_rows(self, rows: list[Node]) -> None:
        columns = len(rows[0].children)
        for row in rows:
            if len(row.children) > columns:
                extra = row.children[columns].inline
                message = (
                    f"this row has {len(row.children)} cells, but the head of its table has {columns}; the rest would "
                    "not show (to write a bar in the text, use \\|)"
                )
                at = extra.source_offset(0) if extra.text else self.source.offset(row.lines[0])
                self.inlines.refuse("table-row", at, message)

    def _fence(self, token: Token, _tokens: Iterator[Token]) -> list[Node]:
        first, last = _lines(token)
        words = token.info.split()
        inline = self._code(token.content.removesuffix("\n").split("\n"), first + 1) if token.content else NO_TEXT
        return [Node(ClauseKind.CODE, (first, last), inline, language=words[0] if words else "")]

    def _code(self, lines: list[str], first: int) -> Inline:
        origins, at = [], 0
        for number, line in enumerate(lines, first):
            # Cut off what precedes the code on the line: indentation or quote marks.
            cut = max(0, len(self.source.line(number)) - len(line))
            origins.append((at, self.source.offset(number) + cut))
            at += len(line) + 1
        return Inline("\n".join(lines), (), tuple(origins))

    def _rule(self, token: Token, _tokens: Iterator[Token]) -> list[Node]:
        return [Node(ClauseKind.RULE, _lines(token))]


def _run_in_nodes(source: Source, inline: Inline, start: int) -> list[Node]:
    return [_run_in_node(source, inline, item) for item in find_run_in(inline.text, start)]


def _run_in_node(source: Source, inline: Inline, item: RunIn) -> Node:
    first = source.position(inline.source_offset(item.start))[0]
    last = source.position(inline.source_offset(item.end - 1))[0]
    node = Node(ClauseKind.RUN_IN, (first, last), inline.slice(item.start, item.end), span=(item.start, item.end))
    node.marker, node.enumerator, node.path = item.enumerator.text, item.enumerator, item.path
    node.children = [_run_in_node(source, inline, inner) for inner in item.children]
    return node


def _bold_start(inline: Inline) -> int:
    """Return where the bold run ends with which a text begins; 0 if there is none."""
    return next((mark.end for mark in inline.marks if mark.kind is MarkKind.STRONG and mark.start == 0), 0)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _lines(token: Token) -> tuple[int, int]:
    assert token.map is not None
    return token.map[0] + 1, token.map[1]


def _content_lines(nodes: list[Node], token: Token) -> tuple[int, int]:
    """Return the lines of a container's contents, without the trailing empty lines that Markdown counts with it."""
    first, last = _lines(token)
    return (first, max(node.lines[1] for node in nodes)) if nodes else (first, last)


_READERS: dict[str, Callable[[BlockReader, Token, Iterator[Token]], list[Node]]] = {
    "heading": BlockReader._heading,
    "paragraph": BlockReader._paragraph,
    "bullet_list_open": BlockReader._bullet_list,
    "ordered_list_open": BlockReader._ordered_list,
    "enumerated_open": BlockReader._enumerated,
    "blockquote_open": BlockReader._quote,
    "table_open": BlockReader._table,
    "fence": BlockReader._fence,
    "hr": BlockReader._rule,
}


def _split_attributes(heading: str) -> tuple[str, Sequence[str]]:
    """Return a heading without its attributes, and these: `Fees {#fees}` → "Fees" and "#fees"."""
    found = _ATTRIBUTES.match(heading, heading.rfind("{")) if heading.endswith("}") else None
    words = heading[: found.start()].rstrip(" \t\n") if found else ""
    if not found or not words or len(words) == found.start() or words.endswith("\\"):
        return heading, ()
    return words, found[1].split()
