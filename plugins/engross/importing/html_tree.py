"""Parses a web page into a tree in which every element and text knows its line and column.

Elements whose end tags are left out (`<li>one<li>two`) are closed as browsers do. The time is linear; a page that nests
deeper than `MAX_DEPTH` is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from typing import TypeAlias

from engross.common import EngrossError, error, value_class
from engross.importing.html_tokens import Token, html_tokens
from engross.importing.values import RULE

MAX_DEPTH = 200
"""The maximum number of elements around one another in a page."""
BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dialog", "dir", "div", "dl",
    "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header",
    "hgroup", "hr", "legend", "li", "main", "menu", "nav", "ol", "p", "pre", "search", "section", "summary",
    "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
})  # fmt: skip
"""The names of elements that begin on a line of their own."""
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_VOID = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
})  # fmt: skip
_LISTS = frozenset({"ul", "ol", "menu", "dir"})
_CELLS = frozenset({"td", "th", "caption"})
_EDGES = _CELLS | {"table", "html", "body"}
# A tag that begins → the open elements that it closes, and the elements around which it closes none.
_Rule: TypeAlias = tuple[frozenset[str], frozenset[str]]
_ROWS = frozenset({"tr", "thead", "tbody", "tfoot", "caption", "colgroup"})
_CLOSES: dict[str, _Rule] = {
    "li": (frozenset({"li"}), _LISTS | _EDGES),
    **dict.fromkeys(("dt", "dd"), (frozenset({"dt", "dd"}), _EDGES | {"dl"})),
    **dict.fromkeys(("td", "th"), (_CELLS, frozenset({"table"}))),
    "tr": (_CELLS | {"tr", "caption", "colgroup"}, frozenset({"table"})),
    **dict.fromkeys(("thead", "tbody", "tfoot"), (_CELLS | _ROWS, frozenset({"table"}))),
    "option": (frozenset({"option"}), frozenset({"select"})),
}
_PARAGRAPH: _Rule = (frozenset({"p"}), _EDGES | {"button", "object"})
_CLOSES_PARAGRAPH = BLOCKS - {"body", "td", "th", "tr", "tbody", "thead", "tfoot"}
# What an end tag cannot close: the cell around it, and what is around that.
_TABLE_PARTS = _CELLS | _ROWS | {"table", "html", "body"}


@value_class(slots=True, eq=False)
class Text:
    """Text between tags, with the place of its first character: line and column from 1."""

    content: str
    line: int
    column: int


@value_class(slots=True, eq=False)
class Element:
    """An element.

    `line` and `column` (from 1) and `offset` are those of its tag. The root has the name "" and no parent.
    """

    name: str
    attributes: dict[str, str]
    line: int
    column: int
    parent: Element | None = None
    children: list[Element | Text] = field(default_factory=list)
    offset: int = 0

    def get(self, name: str) -> str:
        """The value of an attribute without blanks around it; an empty string without the attribute."""
        return self.attributes.get(name, "").strip()

    @property
    def classes(self) -> list[str]:
        """The classes, in small letters."""
        return self.get("class").lower().split()

    @property
    def elements(self) -> list[Element]:
        """The children that are elements."""
        return [child for child in self.children if isinstance(child, Element)]

    @property
    def place(self) -> str:
        """The place for reports."""
        return f"line {self.line}, column {self.column}"

    def walk(self) -> Iterator[Element | Text]:
        """Yield this element and everything in it in the order of the text."""
        stack: list[Element | Text] = [self]
        while stack:
            node = stack.pop()
            yield node
            if isinstance(node, Element):
                stack.extend(reversed(node.children))

    def find(self, *names: str) -> Iterator[Element]:
        """Yield the elements with one of these names in and including this one, in the order of the text."""
        return (node for node in self.walk() if isinstance(node, Element) and node.name in names)

    @property
    def text(self) -> str:
        """All text in the element, with single blanks."""
        parts = []
        for node in self.walk():
            if isinstance(node, Text):
                parts.append(node.content)
            elif node.name == "br" or node.name in BLOCKS:
                parts.append(" ")
        return " ".join("".join(parts).split())


def parse_html(text: str, path: str, first: int = 1) -> Element:
    """Parse a page, or a part of a text that begins on line `first`, and return the root, which contains everything.

    `path` is its name in messages. Raises EngrossError where elements nest more than MAX_DEPTH deep.
    """
    builder = _Builder(path)
    for token in html_tokens(text, path, first):
        builder.add(token)
    return builder.root


class _Builder:
    """Builds the tree token by token; `opened` are the open elements, the root first."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.root = Element("", {}, 1, 1)
        self.opened = [self.root]

    def add(self, token: Token) -> None:
        """Add a token to the element that is open: text, the start of an element, or its end."""
        if token.kind == "text":
            self.opened[-1].children.append(Text(token.content, token.line, token.column))
        elif token.kind == "end":
            self._end(token)
        else:
            element = self._element(token)
            if token.kind == "start" and token.content not in _VOID:
                self.opened.append(element)

    def _end(self, token: Token) -> None:
        if token.content == "br":
            # Browsers read the mistake </br> as a line break.
            self._element(token)
        edges = frozenset({"table"}) if token.content in _TABLE_PARTS else _EDGES
        for at in range(len(self.opened) - 1, 0, -1):
            if self.opened[at].name == token.content:
                del self.opened[at:]
                break
            if self.opened[at].name in edges:
                break

    def _element(self, token: Token) -> Element:
        name = token.content
        if name in _CLOSES_PARAGRAPH:
            self._close(*_PARAGRAPH)
        if name in _CLOSES:
            self._close(*_CLOSES[name])
        if name in HEADINGS and self.opened[-1].name in HEADINGS:
            self.opened.pop()
        if len(self.opened) > MAX_DEPTH:
            message = (
                f"elements nest more than {MAX_DEPTH} deep here; copy the text of the page into a word processor, save "
                "it as .docx, and import that file"
            )
            raise EngrossError([error(RULE, self.path, token.line, token.column, message)])
        element = Element(name, token.attributes, token.line, token.column, self.opened[-1], offset=token.offset)
        self.opened[-1].children.append(element)
        return element

    def _close(self, names: frozenset[str], edges: frozenset[str]) -> None:
        """Close the outermost open element of these names that is within the nearest edge."""
        outermost = 0
        for at in range(len(self.opened) - 1, 0, -1):
            if self.opened[at].name in names:
                outermost = at
            elif self.opened[at].name in edges:
                break
        if outermost:
            del self.opened[outermost:]
