"""Turns the main element of a web page into pandoc's blocks: headings, paragraphs, items with their labels, tables.

Inline elements that contain blocks, and blocks that contain plain text, are common on pages; both are read as what they
show. Each list item has the label that a browser shows without style sheets.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import field
from itertools import groupby

import engross.common.lazy_re as re
from engross.common import value_class
from engross.importing.html_inlines import Inlines, marks_of
from engross.importing.html_tables import table_blocks
from engross.importing.html_tree import BLOCKS, HEADINGS, Element, Text
from engross.importing.plain_text import text_blocks
from engross.importing.values import Kind, Node, Remark, item, plain_text
from engross.text import numeral

_BOX = BLOCKS - {"p", "ul", "ol", "menu", "dir", "dl", "table", "blockquote", "pre", "hr", *HEADINGS}
_BREAK = {"t": "LineBreak"}
_STYLES = frozenset("aAiI")
_CSS_STYLES = {
    "lower-alpha": "a", "lower-latin": "a", "upper-alpha": "A", "upper-latin": "A", "lower-roman": "i",
    "upper-roman": "I", "decimal": "1",
}  # fmt: skip
_LIST_STYLE = re.compile(r"list-style(?:-type)?\s*:\s*([^;]*)", re.IGNORECASE)
# A label typed at the start of an item or a line: "(a)", "1.", "5.1", "iv)".
_TYPED = re.compile(
    r"\s*(?:\((?:[A-Za-z]{1,5}|\d{1,3})\)|\d{1,3}(?:\.\d{1,3})+\.?|(?:\d{1,3}|[A-Za-z]|[ivx]{1,5})[.)])(?=\s|$)"
)
_BOXED = re.compile(r"\d{1,3}(?:\.\d{1,3})*\.?")
_MEANS = re.compile(r"\s*(?:shall |will )?(?:means?|has the meaning|have the meaning|includes?|refers? to)\b", re.I)
_MOST_LABEL = 100_000


@value_class(slots=True)
class Blocks:
    """Reads block elements. `anchors` maps the identity of a heading onto the anchor that it gets."""

    inlines: Inlines
    anchors: dict[int, str] = field(default_factory=dict)
    blockish: set[int] = field(default_factory=set)

    def read(self, main: Element) -> list[Node]:
        """Return the blocks of the main element."""
        order = [node for node in main.walk() if isinstance(node, Element)]
        for element in reversed(order):
            if element.name in BLOCKS or any(id(one) in self.blockish for one in element.elements):
                self.blockish.add(id(element))
        return self.inside(main)

    def inside(self, element: Element, around: tuple[Element, ...] = ()) -> list[Node]:
        """Return the blocks of an element's children; `around` are inline elements around the blocks."""
        blocks: list[Node] = []
        running: list[Node] = []
        for within, group in groupby(self._flat(element, ()), key=lambda child: child[0]):
            inlines: list[Node] = []
            for _, child in group:
                if isinstance(child, Text) or id(child) not in self.blockish:
                    inlines += self.inlines.read(child)
                    continue
                blocks += self._paragraphs([*running, *self._within_lines(inlines, within)], around)
                running, inlines = [], []
                blocks += self._block(child, (*around, *within))
            running += self._within_lines(inlines, within)
        return blocks + self._paragraphs(running, around)

    def _flat(
        self, element: Element, within: tuple[Element, ...]
    ) -> Iterator[tuple[tuple[Element, ...], Element | Text]]:
        """Yield the children of an element, and those of inline elements around blocks, each with these elements.

        Text at the edge of such an element is on one line with the text beside it: `0<b>0<p>…</p></b>` shows "00".
        """
        for child in element.children:
            if isinstance(child, Element) and id(child) in self.blockish and child.name not in BLOCKS:
                yield from self._flat(child, (*within, child))
            else:
                yield within, child

    def _within_lines(self, inlines: list[Node], within: tuple[Element, ...]) -> list[Node]:
        """Return inlines with the marks of elements around each of their lines."""
        if not within:
            return inlines
        found: list[Node] = []
        for is_break, line in groupby(inlines, lambda node: bool(node["t"] == "LineBreak")):
            nodes = list(line)
            found += nodes if is_break else self._within(nodes, within)
        return found

    def _block(self, element: Element, around: tuple[Element, ...]) -> list[Node]:
        name = element.name
        if name in HEADINGS:
            return self._heading(element, around)
        if name in ("ul", "menu", "dir"):
            return self._bullets(element, around)
        if name == "ol":
            return self._ordered(element, around)
        if name == "dl":
            return self._definitions(element, around)
        if name == "table":
            return table_blocks(element, lambda cell: self.inside(cell, around), self.inlines)
        if name == "blockquote":
            inside = self.inside(element, around)
            return [{"t": "BlockQuote", "c": inside}] if inside else []
        if name == "hr":
            return [{"t": "HorizontalRule"}]
        if name == "pre":
            return self._preformatted(element)
        if name == "summary":
            return self.inside(element, (*around, Element("b", {}, element.line, element.column)))
        if name == "form":
            self.inlines.styling["form"] += 1
        if name not in _BOX and name != "p":
            return self.inside(element, (*around, element))
        return self.inside(element, around)

    def _heading(self, element: Element, around: tuple[Element, ...]) -> list[Node]:
        blocks = self.inside(element, around)
        words: list[Node] = []
        for block in blocks:
            if block["t"] in ("Para", "Plain"):
                words += [*([{"t": "Space"}] if words else []), *block["c"]]
            else:
                # A list or a table within a heading is a mistake of the page; its text follows the heading.
                message = f"<{element.name}> contains more than text, which follows it now"
                self.inlines.remarks.append(Remark(Kind.CHANGED, element.place, message))
        rest = [block for block in blocks if block["t"] not in ("Para", "Plain")]
        if not words:
            return rest
        words = self._with_number_apart(element, [{"t": "Space"} if one["t"] == "LineBreak" else one for one in words])
        anchor = self.anchors.get(id(element), "")
        header = {"t": "Header", "c": [int(element.name[1]), [anchor, ["anchor"] if anchor else [], []], words]}
        return [header, *rest]

    def _with_number_apart(self, heading: Element, words: list[Node]) -> list[Node]:
        """Separate a number in a box of its own from the heading, which a style sheet shows beside it."""
        if len(words) < 2 or not _BOXED.fullmatch(plain_text(words[:1])) or not plain_text(words[1:])[:1].isalpha():
            return words
        number, first = plain_text(words[:1]), plain_text(words[1:]).split()[0]
        message = f"the number {number} of the heading is separated from “{first}”"
        self.inlines.remarks.append(Remark(Kind.CHANGED, heading.place, message, f"{number}{first}"))
        self.inlines.labels.append(f"{number} {first}")
        return [*words[:1], {"t": "Space"}, *words[1:]]

    def _paragraphs(self, running: list[Node], around: tuple[Element, ...]) -> list[Node]:
        return [{"t": "Para", "c": self._within(part, around)} for part in split_lines(running)]

    def _within(self, inlines: list[Node], around: tuple[Element, ...]) -> list[Node]:
        for element in reversed(around):
            for mark in marks_of(element):
                inlines = [{"t": mark, "c": inlines}]
            if element.name == "a" and (target := self.inlines.target(element)):
                inlines = [{"t": "Link", "c": [["", [], []], inlines, [target, ""]]}]
        return inlines

    def _items(self, listing: Element, around: tuple[Element, ...]) -> list[tuple[Element | None, list[Node]]]:
        """Return the items of a list with their blocks; what is between items belongs to the one before."""
        items: list[tuple[Element | None, list[Node]]] = []
        for is_item, group in groupby(
            listing.children, lambda child: isinstance(child, Element) and child.name == "li"
        ):
            if is_item:
                items += [(one, self.inside(one, around)) for one in group if isinstance(one, Element)]
                continue
            between = Element("div", {}, listing.line, listing.column, listing, list(group))
            if blocks := self.inside(between, around):
                if items:
                    items[-1][1].extend(blocks)
                else:
                    items.append((None, blocks))
        return [(element, blocks) for element, blocks in items if blocks]

    def _bullets(self, listing: Element, around: tuple[Element, ...]) -> list[Node]:
        items = self._items(listing, around)
        plain = _css_style(listing) == "none" or _typed(blocks for _, blocks in items)
        if plain:
            message = "a bulleted list whose items have typed numbers, or no bullets, is written without bullets"
            self.inlines.remarks.append(Remark(Kind.CHANGED, listing.place, message))
            return [block for _, blocks in items for block in blocks]
        return [node for element, blocks in items for node in ([item("-", blocks)] if element is not None else blocks)]

    def _ordered(self, listing: Element, around: tuple[Element, ...]) -> list[Node]:
        count = sum(child.name == "li" for child in listing.elements)
        backwards = "reversed" in listing.attributes
        number = _number(listing.get("start"), count if backwards else 1)
        items, css = self._items(listing, around), _css_style(listing)
        if css == "none" or _typed(blocks for _, blocks in items):
            message = "the items of a numbered list have typed numbers, or none; no further numbers are typed"
            self.inlines.remarks.append(Remark(Kind.GUESSED, listing.place, message))
            return [block for _, blocks in items for block in blocks]
        nodes: list[Node] = []
        for element, blocks in items:
            if element is None:
                nodes += blocks
                continue
            number = _number(element.get("value"), number)
            style = _CSS_STYLES.get(_css_style(element) or css) or element.get("type") or listing.get("type")
            nodes.append(item(_label(number, style), blocks))
            number += -1 if backwards else 1
        return nodes

    def _definitions(self, listing: Element, around: tuple[Element, ...]) -> list[Node]:
        nodes: list[Node] = []
        term: list[Node] = []
        strong = Element("b", {}, listing.line, listing.column)
        for part in _definition_parts(listing):
            blocks = self.inside(part, (*around, strong) if part.name == "dt" else around)
            if part.name == "dt":
                nodes += term
                term = blocks
                continue
            if term and blocks and blocks[0]["t"] == "Para" and _MEANS.match(plain_text(blocks[0]["c"])):
                term[-1]["c"] = [*term[-1]["c"], {"t": "Space"}, *blocks.pop(0)["c"]]
            nodes += [*term, *blocks]
            term = []
        return nodes + term

    def _preformatted(self, element: Element) -> list[Node]:
        lines = "".join(
            node.content if isinstance(node, Text) else "\n" if node.name == "br" else ""
            for node in element.walk()
        ).strip("\n")  # fmt: skip
        blocks, remarks = text_blocks(lines, element.line)
        self.inlines.remarks += remarks
        return blocks


def _definition_parts(listing: Element) -> Iterator[Element]:
    """Yield the terms and meanings of a list of definitions; text beside them is a part of its own."""
    for child in listing.children:
        if (
            isinstance(child, Element)
            and child.name == "div"
            and any(one.name in ("dt", "dd") for one in child.elements)
        ):
            yield from _definition_parts(child)
        elif isinstance(child, Element) and child.name in ("dt", "dd"):
            yield child
        elif isinstance(child, Element) or child.content.strip():
            yield Element("dd", {}, child.line, child.column, listing, [child])


def split_lines(inlines: list[Node]) -> list[list[Node]]:
    """Split running text into paragraphs: at empty lines, and at line breaks before a typed label or a bullet."""
    parts: list[list[Node]] = [[]]
    breaks = 0
    flat = [*inlines, _BREAK]
    for at, node in enumerate(flat):
        if node["t"] == "LineBreak":
            breaks += 1
            continue
        if not _shows(node):
            parts[-1].append(node)
            continue
        if breaks and parts[-1]:
            if breaks > 1 or _TYPED.match(plain_text(flat[at : at + 4])):
                parts.append([])
            else:
                parts[-1].append(_BREAK)
        breaks = 0
        parts[-1].append(node)
    return [trimmed for part in parts if (trimmed := _trimmed(part))]


def _shows(node: Node) -> bool:
    return node["t"] in ("Image", "Note") or bool(plain_text([node]).strip())


def _trimmed(part: list[Node]) -> list[Node]:
    start, end = 0, len(part)
    while start < end and not _shows(part[start]):
        start += 1
    while end > start and not _shows(part[end - 1]):
        end -= 1
    part = part[start:end]
    if part and part[0]["t"] == "Str":
        part[0] = {"t": "Str", "c": part[0]["c"].lstrip(" \xa0")}
    if part and part[-1]["t"] == "Str":
        part[-1] = {"t": "Str", "c": part[-1]["c"].rstrip(" \xa0")}
    return part


def _typed(items: Iterable[list[Node]]) -> bool:
    """Whether most items of a list begin with a label that is typed."""
    found = [
        blocks[0]["t"] == "Para" and _TYPED.match(plain_text(blocks[0]["c"])) is not None for blocks in items
    ]  # fmt: skip
    return bool(found) and sum(found) * 2 > len(found)


def _css_style(element: Element) -> str:
    found = _LIST_STYLE.search(element.get("style"))
    words = found[1].lower().split() if found else []
    return next((word for word in words if word in _CSS_STYLES or word == "none"), "")


def _label(number: int, style: str) -> str:
    """The label of an item; as in browsers, a number that a style cannot write is written in digits."""
    return f"{numeral(style if style in _STYLES and 0 < number < 4000 else '1', number)}."


def _number(text: str, otherwise: int) -> int:
    """Read the attribute of a list as a number; `otherwise` if it is none, or out of all proportion."""
    found = re.fullmatch(r"\s*(-?\d{1,6})\s*", text)
    return int(found[1]) if found and 0 <= int(found[1]) <= _MOST_LABEL else otherwise
