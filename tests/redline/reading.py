"""Reads the HTML of a redline back, with a parser of its own: what is left of it when one side's changes are removed.

The rules are those that `page_blocks` states. A page that breaks a rule of HTML's nesting fails here.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import NamedTuple

from engross.model import Clause, ClauseKind, MarkKind
from engross.redline.alignment.outline import Node, Outline
from engross.redline.styled_text import Pieces

VOID = {"br", "hr", "input", "meta"}
BLOCKS = {"p", "ul", "ol", "table", "blockquote", "pre", "div", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "nav"}
FLOW = {"main", "body", "div", "blockquote", "li", "td", "th", "ins", "del", "details", "header", "nav"}
ONLY_IN = {
    "li": {"ul", "ol"},
    "tr": {"thead", "tbody"},
    "td": {"tr"},
    "th": {"tr"},
    "thead": {"table"},
    "tbody": {"table"},
}
ONLY_HOLDS = {"ul": {"li"}, "ol": {"li"}, "tr": {"td", "th"}, "table": {"thead", "tbody"}, "tbody": {"tr"}}
STYLES = {
    "strong": MarkKind.STRONG,
    "em": MarkKind.EMPHASIS,
    "code": MarkKind.CODE,
    "s": MarkKind.STRIKE,
    "sup": MarkKind.SUPERSCRIPT,
    "sub": MarkKind.SUBSCRIPT,
}


@dataclass
class Element:
    name: str
    attributes: dict[str, str]
    inside: list["Element | str"] = field(default_factory=list)

    @property
    def classes(self) -> set[str]:
        return set(self.attributes.get("class", "").split())

    def elements(self) -> Iterator["Element"]:
        yield self
        for child in self.inside:
            if isinstance(child, Element):
                yield from child.elements()

    def words(self) -> str:
        return "".join(child if isinstance(child, str) else child.words() for child in self.inside)


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("root", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"an attribute twice on <{tag}>"
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.check(tag)
        self.open[-1].inside.append(element)
        if tag not in VOID:
            self.open.append(element)

    def check(self, tag: str) -> None:
        parent = self.open[-1].name
        if tag in ONLY_IN:
            assert parent in ONLY_IN[tag], f"<{tag}> in <{parent}>"
        if parent in ONLY_HOLDS:
            assert tag in ONLY_HOLDS[parent], f"<{tag}> in <{parent}>"
        if tag in BLOCKS:
            assert parent in FLOW, f"<{tag}> in <{parent}>"
            outer = [element.name for element in self.open]
            assert not {"p", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "span", "a"} & set(outer), f"<{tag}> in {outer}"
        assert not (tag == "a" and "a" in [element.name for element in self.open]), "a link in a link"

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].name == tag, f"</{tag}> closes <{self.open[-1].name}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if self.open[-1].name in ONLY_HOLDS:
            assert not data.strip()
        self.open[-1].inside.append(data)


def read_page(html: str) -> Element:
    """The page as elements; AssertionError where its nesting is wrong or something is left open."""
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == [reader.root]
    ids = [element.attributes["id"] for element in reader.root.elements() if "id" in element.attributes]
    assert len(ids) == len(set(ids))
    assert sum(element.name == "h1" for element in reader.root.elements()) == 1
    return reader.root


def find(root: Element, name: str) -> Element:
    return next(element for element in root.elements() if element.name == name)


Style = tuple[str, str, str]
Text = tuple[tuple[str, tuple[Style, ...]], ...]


class Line(NamedTuple):
    """One block: depth, kind ("section 2", "item" …), text in pieces. A marker begins the text after it."""

    depth: int
    kind: str
    text: Text


# ---- what the tree says


def lines_of(root: Clause) -> list[Line]:
    return list(_with_markers(_of_nodes(Outline().nodes(root), 0)))


def _of_nodes(nodes: Iterable[Node], depth: int) -> Iterator[Line]:
    for node in nodes:
        kind = f"section {node.face.level}" if node.kind is ClauseKind.SECTION else str(node.kind)
        if node.face.marker and node.kind is ClauseKind.ITEM:
            yield Line(depth, "item", ())
            yield Line(depth + 1, "marker", ((node.face.marker, ()),))
        elif node.face.marker:
            yield Line(depth, "marker", ((node.face.marker, ()),))
            yield Line(depth, kind, _of_pieces(node.pieces))
        else:
            yield Line(depth, kind, _of_pieces(node.pieces))
        yield from _of_nodes(node.children, depth + 1)


def _of_pieces(shown: Pieces) -> Text:
    return tuple((piece.text, tuple((str(s.kind), s.target, s.title) for s in piece.styles)) for piece in shown)


def _with_markers(lines: Iterable[Line]) -> Iterator[Line]:
    marker = ""
    waiting: Line | None = None
    for line in lines:
        if waiting:
            joins = line.depth == waiting.depth and (line.kind == "paragraph" or line.kind.startswith("section"))
            if joins:
                line = line._replace(text=_joined((((f"{marker} "), ()), *line.text)))
            else:
                yield Line(waiting.depth, "paragraph", ((marker, ()),))
            waiting = None
        if line.kind == "marker":
            waiting, marker = line, line.text[0][0]
        else:
            yield line
    if waiting:
        yield Line(waiting.depth, "paragraph", ((marker, ()),))


def _joined(parts: Iterable[tuple[str, tuple[Style, ...]]]) -> Text:
    out: list[tuple[str, tuple[Style, ...]]] = []
    for text, styles in parts:
        image = bool(styles) and styles[-1][0] == "image"
        if out and out[-1][1] == styles and not image:
            out[-1] = (out[-1][0] + text, styles)
        elif text or image:
            out.append((text, styles))
    return tuple(out)


# ---- what the page says


def lines_left(main: Element, side: str) -> list[Line]:
    """The lines of one side, "old" or "new"."""
    return list(_with_markers(_Side(side).flow(main.inside, 0)))


@dataclass
class _Side:
    side: str

    def keeps(self, element: Element) -> bool:
        other = {"old": "new", "new": "old"}[self.side]
        gone = {"old": "ins", "new": "del"}[self.side]
        return not (
            {"said", "note", "none"} & element.classes
            or element.attributes.get("data-only") == other
            or (element.name == gone and "break" not in element.classes)
        )

    def kept(self, inside: Iterable[Element | str]) -> Iterator[Element | str]:
        """What is left, block-level `ins`, `del` and `div` opened."""
        for child in inside:
            if isinstance(child, str):
                yield child
            elif self.keeps(child):
                wraps = child.name in ("ins", "del") and "block" in child.classes
                if wraps or (child.name == "div" and "reset" not in child.classes):
                    yield from self.kept(child.inside)
                else:
                    yield child

    def flow(self, inside: Iterable[Element | str], depth: int) -> Iterator[Line]:
        inline: list[Element | str] = []
        for child in self.kept(inside):
            if isinstance(child, Element) and child.name in BLOCKS:
                yield from self.paragraph(inline, depth)
                inline = []
                yield from self.block(child, depth)
            else:
                inline.append(child)
        yield from self.paragraph(inline, depth)

    def paragraph(self, inline: list[Element | str], depth: int) -> Iterator[Line]:
        marker = "".join(self.text_of(child) for child in inline if _is_marker(child)).strip()
        if marker:
            yield Line(depth, "marker", ((marker, ()),))
        rest = [child for child in inline if not _is_marker(child)]
        text = self.pieces(rest)
        if text:
            yield Line(depth, "paragraph", text)

    def block(self, element: Element, depth: int) -> Iterator[Line]:
        name = element.name
        if name == "div" and self.side == "old":
            yield from self.stream([element], depth)
        elif name == "div":
            yield from self.flow(element.inside, depth)
        elif name == "hr":
            yield Line(depth, "rule", ())
        elif name in ("ul", "ol"):
            yield Line(depth, "list", ())
            yield from self.items(
                [child for child in self.kept(element.inside) if isinstance(child, Element)], depth + 1
            )
        elif name == "blockquote":
            yield Line(depth, "quote", ())
            yield from self.flow(element.inside, depth + 1)
        elif name == "table":
            yield Line(depth, "table", ())
            yield from self.rows(element, depth + 1)
        elif name == "pre":
            text = self.pieces(find(element, "code").inside, verbatim=True)
            yield Line(depth, "code", text)
        else:
            yield from self.leaf(element, depth)

    def leaf(self, element: Element, depth: int) -> Iterator[Line]:
        # The title of the page is its only heading of the first level.
        level = int(element.attributes.get("aria-level", element.name[1:] or 0)) - 1
        kind = "paragraph" if element.name == "p" else f"section {level}"
        lines = list(self.paragraph(list(self.kept(element.inside)), depth))
        if not any(line.kind == "paragraph" for line in lines) and kind != "paragraph":
            lines.append(Line(depth, "paragraph", ()))
        for line in lines:
            yield line if line.kind == "marker" else line._replace(kind=kind)

    def items(self, items: list[Element], depth: int) -> Iterator[Line]:
        group: list[Element] = []
        for item in items:
            if self.side == "old" and "reset" in item.classes:
                group.append(item)
                continue
            if group:
                yield from self.stream(group, depth)
                group = []
            yield Line(depth, "item", ())
            yield from self.flow(item.inside, depth + 1)
        if group:
            yield from self.stream(group, depth)

    def rows(self, table: Element, depth: int) -> Iterator[Line]:
        for row in (element for element in table.elements() if element.name == "tr" and self.keeps(element)):
            yield Line(depth, "row", ())
            for cell in row.inside:
                if isinstance(cell, Element) and self.keeps(cell):
                    yield Line(depth + 1, "cell", self.pieces(list(self.kept(cell.inside))))

    def stream(self, elements: list[Element], depth: int) -> Iterator[Line]:
        """Text whose breaks changed, cut where the blocks of the old side began."""
        opens: list[list[object]] = []
        parts: list[tuple[str, tuple[Style, ...]]] = []
        for part in self.parts(elements, (), in_stream=True):
            if isinstance(part, str):
                yield from _unit(opens, parts, depth)
                opens, parts = json.loads(part), []
            else:
                parts.append(part)
        yield from _unit(opens, parts, depth)

    def text_of(self, child: Element | str) -> str:
        return "".join(text for text, _ in self.pieces([child]))

    def pieces(self, inside: Iterable[Element | str], *, verbatim: bool = False) -> Text:
        found = (part for part in self.parts(inside, (), verbatim=verbatim) if not isinstance(part, str))
        return _joined(found) if verbatim else _stripped(_joined(found))

    def parts(
        self,
        inside: Iterable[Element | str],
        styles: tuple[Style, ...],
        *,
        verbatim: bool = False,
        in_stream: bool = False,
    ) -> Iterator[tuple[str, tuple[Style, ...]] | str]:
        """Text with its styles; where a block of the old side begins, the JSON that says which."""
        for child in inside:
            if isinstance(child, str):
                # Line ends of the HTML itself; those of the text are <br>.
                yield child if verbatim else child.replace("\n", ""), styles
            elif not self.keeps(child) or (in_stream and _is_marker(child)):
                continue
            elif "break" in child.classes:
                if "data-opens" in child.attributes:
                    yield child.attributes["data-opens"]
            elif child.name == "br":
                yield "\n", styles
            elif "image" in child.classes:
                image = ("image", child.attributes["data-source"], child.attributes.get("title", ""))
                yield child.words(), (*styles, image)
            else:
                yield from self.parts(child.inside, (*styles, *_style(child)), verbatim=verbatim, in_stream=in_stream)


def _style(element: Element) -> Iterator[Style]:
    if "note-number" in element.classes:
        yield str(MarkKind.FOOTNOTE), "", ""
    elif element.name in STYLES:
        yield str(STYLES[element.name]), "", ""
    elif element.name == "a":
        yield "link", element.attributes.get("href", ""), element.attributes.get("title", "")


def _is_marker(child: Element | str) -> bool:
    return isinstance(child, Element) and "marker" in child.classes


def _unit(opens: list[list[object]], parts: list[tuple[str, tuple[Style, ...]]], depth: int) -> Iterator[Line]:
    if not opens:
        return
    for below, kind, list_kind, marker in opens[:-1]:
        yield Line(depth + int(str(below)), str(kind), ())
        if kind == "item" and marker and list_kind != "enumerated":
            yield Line(depth + int(str(below)) + 1, "marker", ((str(marker), ()),))
    below, kind, _, _ = opens[-1]
    yield Line(depth + int(str(below)), str(kind), _stripped(_joined(parts)))


def _stripped(parts: Text) -> Text:
    """Without the line ends of the HTML itself at the ends of a block."""
    out = list(parts)
    while out and out[0][0].strip(" \n") == "" and not out[0][1]:
        out.pop(0)
    while out and out[-1][0].strip(" \n") == "" and not out[-1][1]:
        out.pop()
    if out:
        out[0] = (out[0][0].lstrip(" \n"), out[0][1])
        out[-1] = (out[-1][0].rstrip(" \n"), out[-1][1])
    return tuple(out)
