"""Reads the body of a Word document into paragraphs and tables; a paragraph has its number and what it looks like."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import field
from typing import TypeAlias

from lxml import etree

from engross.common import value_class
from engross.importing.values import Kind, Node, Remark
from engross.importing.word.numbering import Label, Numbering
from engross.importing.word.package import MC, W, refusal
from engross.importing.word.revisions import own_words, place_of
from engross.importing.word.runs import Context, RunReader, plain_text
from engross.importing.word.styles import Styles, number, value

_ATTR: list[object] = ["", [], []]
_ALIGNED = {
    "left": "AlignLeft",
    "start": "AlignLeft",
    "center": "AlignCenter",
    "right": "AlignRight",
    "end": "AlignRight",
}


@value_class(frozen=True, slots=True)
class Paragraph:
    """A paragraph: `outline` is its outline level from 0, None for body text; `left` its indentation in twentieths of a
    point; `is_bold` whether all of its text is; `number` counts the paragraphs of the part from 1.
    """

    number: int
    place: str
    inlines: list[Node]
    text: str
    style: str
    outline: int | None
    label: Label | None
    left: int
    is_bold: bool
    is_centered: bool


@value_class(frozen=True, slots=True)
class Table:
    """A table as a block of pandoc, or the entries of a table that has one cell only."""

    block: Node
    place: str


Entry: TypeAlias = Paragraph | Table
Arrange = Callable[[list[Entry]], list[Node]]


@value_class(slots=True)
class BodyReader:
    """Reads the blocks of a part; `arrange` turns the entries of a cell or note into blocks."""

    name: str
    context: Context
    numbering: Numbering
    arrange: Arrange
    labels: list[str] = field(default_factory=list)
    numbered: dict[int, Label] = field(default_factory=dict)
    contents: list[str] = field(default_factory=list)
    drop_cap: list[Node] = field(default_factory=list)

    def read(self, parent: etree._Element) -> list[Entry]:
        """Return the paragraphs and tables within an element, in order."""
        return list(self._entries(parent))

    def _entries(self, parent: etree._Element) -> Iterator[Entry]:
        for child in parent:
            if child.tag == f"{W}p":
                yield from self._paragraph(child)
            elif child.tag == f"{W}tbl":
                yield from self._table(child)
            elif child.tag == f"{W}sdt":
                yield from self._content_control(child)
            elif child.tag in (f"{W}customXml", f"{W}ins", f"{W}moveTo", f"{W}smartTag"):
                yield from self._entries(child)
            elif child.tag == f"{MC}AlternateContent":
                for part in child:
                    yield from self._entries(part)
            elif child.tag in (f"{W}altChunk", f"{W}subDoc"):
                message = "it includes the text of another file; open it in Word, save it, and import it again"
                raise refusal(self.name, message)

    def _content_control(self, one: etree._Element) -> Iterator[Entry]:
        inner = one.find(f"{W}sdtContent")
        if inner is None:
            return
        gallery = one.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
        if gallery is not None and "contents" in str(gallery.get(f"{W}val", "")).lower():
            for entry in self._entries(inner):
                if isinstance(entry, Paragraph):
                    self.contents.append(entry.text)
            return
        yield from self._entries(inner)

    def _paragraph(self, one: etree._Element) -> Iterator[Entry]:
        context, styles = self.context, self.context.styles
        context.number += 1
        properties = one.find(f"{W}pPr")
        style = value(properties, "pStyle") or styles.default
        context.place = place_of(context.number, own_words(one))
        number_, place = context.number, context.place
        # Word shows no number before the mark that ends a section.
        ends_section = properties is not None and properties.find(f"{W}sectPr") is not None
        is_mark = ends_section and next(one.iter(f"{W}r"), None) is None
        label = None if is_mark else self._label(properties, style)
        # The instruction of a field ends with its paragraph, and contents before the next heading, even if damaged.
        is_heading = _named_level(styles, style) is not None and not styles.name(style).startswith("toc ")
        context.fields = [one for one in context.fields if one.has_result and not is_heading]
        before = context.in_contents
        inlines = RunReader(context, style).read(one)
        if properties is not None and properties.find(f"{W}framePr[@{W}dropCap]") is not None:
            self.drop_cap += inlines
            return
        inlines, self.drop_cap = [*self.drop_cap, *inlines], []
        text = plain_text(inlines)
        boxes, context.boxes = context.boxes, []
        if before or context.in_contents or styles.name(style).startswith(("toc ", "table of ")):
            self.contents.append(text)
        elif text.strip() or _has_more(inlines):
            if label:
                self.numbered[number_] = label
            yield self._entry(number_, place, inlines, text, style, label, properties)
        elif label and label.text != "-":
            context.remark(Kind.DROPPED, f"an empty paragraph with the number {label.text}")
        for box in boxes:
            context.remark(Kind.CHANGED, "the text of a text box follows the paragraph to which the box is fixed")
            yield from self._entries(box)

    def _entry(
        self,
        number_: int,
        place: str,
        inlines: list[Node],
        text: str,
        style: str,
        label: Label | None,
        properties: etree._Element | None,
    ) -> Paragraph:
        styles = self.context.styles
        outline = styles.paragraph_property(properties, style, "outlineLvl")
        level = number(outline.get(f"{W}val"), 9) if outline is not None else _named_level(styles, style)
        indent = properties.find(f"{W}ind") if properties is not None else None
        left = label.left if label else 0
        if indent is None and not left:
            indent = styles.paragraph_property(properties, style, "ind")
        if indent is not None and (indent.get(f"{W}left") or indent.get(f"{W}start")):
            left = number(indent.get(f"{W}left") or indent.get(f"{W}start"))
        justified = styles.paragraph_property(properties, style, "jc")
        centered = justified is not None and justified.get(f"{W}val") == "center"
        outline_level = level if level is not None and level < 9 else None
        name, bold = styles.name(style), is_bold(inlines)
        return Paragraph(number_, place, inlines, text, name, outline_level, label, left, bold, centered)

    def _label(self, properties: etree._Element | None, style: str) -> Label | None:
        """Count a paragraph if it is numbered, directly or by its style, and return its number."""
        styles = self.context.styles
        mark = properties.find(f"{W}rPr") if properties is not None else None
        if mark is not None and mark.find(f"{W}vanish") is not None and styles.is_on(mark, style, "vanish"):
            return None
        own = properties.find(f"{W}numPr") if properties is not None else None
        list_id, level = value(own, "numId"), value(own, "ilvl")
        if not list_id:
            for key, one in styles.chain(style):
                found = one.paragraph.find(f"{W}numPr") if one.paragraph is not None else None
                if found is not None and value(found, "numId"):
                    list_id = value(found, "numId")
                    level = level or self._linked_level(list_id, style, key) or value(found, "ilvl")
                    break
        label = self.numbering.next_label(list_id, number(level)) if list_id and list_id != "0" else None
        if label and label.text != "-":
            self.labels.append(label.text)
        return label

    def _linked_level(self, list_id: str, style: str, holder: str) -> str:
        """Return the level that names a style as its own; an empty string if none does."""
        one = self.numbering.lists.get(list_id)
        for wanted in (style, holder):
            for at, level in enumerate(one.levels if one else ()):
                if level.style == wanted:
                    return str(at)
        return ""

    def _table(self, one: etree._Element) -> Iterator[Entry]:
        first = next(one.iter(f"{W}p"), None)
        place = place_of(self.context.number + 1, own_words(first) if first is not None else "")
        rows = [list(self._cells(row)) for row in _rows(one)]
        if len(rows) == 1 and len(rows[0]) == 1:
            self.context.remark(Kind.CHANGED, "a table of one cell is written as paragraphs")
            yield from rows[0][0].entries
            return
        _span_rows(rows)
        written = [[_ATTR, [cell.node(self.arrange) for cell in row if not cell.continues]] for row in rows]
        widths = [sum(cell.across for cell in row) for row in rows]
        if written and any(widths):
            aligned = [cell.align for cell in rows[0] for _ in range(cell.across)]
            aligned += ["AlignDefault"] * (max(widths) - len(aligned))
            columns = [[{"t": align}, {"t": "ColWidthDefault"}] for align in aligned]
            table = [_ATTR, [None, []], columns, [_ATTR, written[:1]], [[_ATTR, 0, [], written[1:]]], [_ATTR, []]]
            if one.find(f"{W}tr/{W}trPr/{W}tblHeader") is None:
                self.context.remarks.append(
                    Remark(Kind.GUESSED, place, "the first row of a table is taken as its head")
                )
            yield Table({"t": "Table", "c": table}, place)

    def _cells(self, row: etree._Element) -> Iterator[_Cell]:
        before = number(value(row.find(f"{W}trPr"), "gridBefore"))
        if before:
            yield _Cell([], min(before, 60), False)
        for one in row.iter(f"{W}tc"):
            if next(one.iterancestors(f"{W}tr"), None) is not row:
                continue
            properties = one.find(f"{W}tcPr")
            merge = properties.find(f"{W}vMerge") if properties is not None else None
            across = min(max(1, number(value(properties, "gridSpan"), 1)), 60)
            cell = _Cell(self.read(one), across, merge is not None and merge.get(f"{W}val") != "restart")
            cell.align = _ALIGNED.get(value(one.find(f"{W}p/{W}pPr"), "jc"), cell.align)
            yield cell


@value_class(slots=True)
class _Cell:
    """A cell: `continues` the one above it, or is `down` rows high; `align` is its first paragraph's, as in pandoc."""

    entries: list[Entry]
    across: int
    continues: bool
    down: int = 1
    align: str = "AlignDefault"

    def node(self, arrange: Arrange) -> list[object]:
        return [_ATTR, {"t": "AlignDefault"}, self.down, self.across, arrange(self.entries)]


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    for row in table.iter(f"{W}tr"):
        if next(row.iterancestors(f"{W}tbl"), None) is table:
            yield row


def _span_rows(rows: list[list[_Cell]]) -> None:
    """Give the first cell of each vertical merge its height. A cell that has words of its own is not merged."""
    open_cells: dict[int, _Cell] = {}
    for row in rows:
        at = 0
        for cell in row:
            above = open_cells.get(at)
            if cell.continues and above is not None and above.across == cell.across and not cell.entries:
                above.down += 1
            else:
                cell.continues = False
                open_cells[at] = cell
            at += cell.across


def _named_level(styles: Styles, style: str) -> int | None:
    for _, one in styles.chain(style):
        if one.name.startswith("heading ") and one.name[8:].isdigit():
            return int(one.name[8:]) - 1
    return None


def _has_more(inlines: list[Node]) -> bool:
    """Whether inlines have a picture or a note."""
    return any(one["t"] in ("Image", "Note") or (one["t"] == "Link" and _has_more(one["c"][1])) for one in inlines)


def is_bold(inlines: list[Node]) -> bool:
    """Whether all words are bold or underlined, and there are some."""
    found = [bold for words, bold in _weights(inlines, False) if any(map(str.isalnum, words))]
    return bool(found) and all(found)


def _weights(inlines: list[Node], bold: bool, *, linked: bool = False) -> Iterator[tuple[str, bool]]:
    """Yield the words and whether they are bold or underlined; what underlines a link is no emphasis."""
    for one in inlines:
        kind, content = one["t"], one.get("c")
        if kind == "Str":
            yield str(content), bold
        elif kind in ("Strong", "Emph", "Strikeout", "Superscript", "Subscript", "Underline"):
            assert content is not None
            heavy = kind == "Strong" or (kind == "Underline" and not linked)
            yield from _weights(content, bold or heavy, linked=linked)
        elif kind in ("Link", "Span"):
            assert content is not None
            yield from _weights(content[1], bold, linked=linked or kind == "Link")
