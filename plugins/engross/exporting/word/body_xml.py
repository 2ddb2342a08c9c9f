"""Writes the paragraphs and tables of a layout as WordprocessingML."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import field

from engross.common import value_class
from engross.exporting.word.block_layout import lay_out_note
from engross.exporting.word.numbers import typed_labels
from engross.exporting.word.paragraphs import INDENT, Fate, Paragraph, Part, Row, Shape, Table
from engross.exporting.word.runs_xml import Note, RunWriter, properties as text_properties
from engross.redline import Style

_MARKS = {Fate.DELETED: "del", Fate.INSERTED: "ins", Fate.AWAY: "moveFrom", Fate.HERE: "moveTo"}
_RANGES = {Fate.AWAY: "moveFromRange", Fate.HERE: "moveToRange"}
_SIGN = (
    '<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:footnoteRef/></w:r>'
    '<w:r><w:t xml:space="preserve"> </w:t></w:r>'
)
"""The number of a footnote at its beginning."""
_TABLE = (
    '<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="5000" w:type="pct"/>'
    '<w:tblLook w:val="0020" w:firstRow="1"/></w:tblPr>'
)
_WIDTH = 9072
"""The width of the text, in twentieths of a point: 16 cm."""


@value_class
class BodyWriter:
    """Writes parts one after another; `open` is the number of the move that is open, and its end."""

    runs: RunWriter
    _open: str = ""
    _moving: tuple[int, Fate] = (0, Fate.KEPT)
    _out: list[str] = field(default_factory=list)

    def body(self, parts: Sequence[Part]) -> str:
        """Return the XML of all parts. A text ends with a paragraph whose end is not a change."""
        self._out = []
        last: Part | None = None
        for part in parts:
            self._move(part)
            if isinstance(part, Table):
                if isinstance(last, Table):
                    # Without a paragraph between them, Word joins two tables.
                    self._out.append(self._paragraph(Paragraph([], Shape(), _between(last, part))))
                self._out.append(self._table(part))
            else:
                self._out.append(self._paragraph(part))
            last = part
        self._move(None)
        if not isinstance(last, Paragraph) or last.mark is not Fate.KEPT:
            self._out.append("<w:p/>")
        return "".join(self._out)

    def _move(self, part: Part | None) -> None:
        """End the range of a move and begin the next one, where it changes."""
        moving = (part.move, part.mark) if isinstance(part, Paragraph) and part.move else (0, Fate.KEPT)
        if moving == self._moving:
            return
        if self._open:
            self._out.append(self._open)
            self._open = ""
        self._moving = moving
        if moving[0]:
            name, number = _RANGES[moving[1]], next(self.runs.ids)
            self._out.append(f'<w:{name}Start w:id="{number}"{self.runs.by} w:name="move{moving[0]}"/>')
            self._open = f'<w:{name}End w:id="{number}"/>'

    def _paragraph(self, part: Paragraph) -> str:
        shape = properties(part.shape)
        mark = _MARKS.get(part.mark)
        changed = f"<w:rPr><w:{mark}{self.runs.change()}/></w:rPr>" if mark else ""
        if part.faces:
            # The number of a paragraph looks as the end of the paragraph does.
            changed = f"<w:rPr>{text_properties(tuple(map(Style, part.faces)), linked=False)}</w:rPr>"
        if part.was is not None:
            changed += f"<w:pPrChange{self.runs.change()}><w:pPr>{properties(part.was)}</w:pPr></w:pPrChange>"
        numbers = [next(self.runs.ids) for _ in part.names]
        pairs = list(zip(numbers, part.names, strict=True))
        starts = "".join(f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>' for number, name in pairs)
        ends = "".join(f'<w:bookmarkEnd w:id="{number}"/>' for number, _ in reversed(pairs))
        return f"<w:p><w:pPr>{shape}{changed}</w:pPr>{starts}{self.runs.texts(part.texts)}{ends}</w:p>"

    def _table(self, table: Table) -> str:
        columns = max((len(row.cells) for row in table.rows), default=0) or 1
        width = _WIDTH // columns
        grid = f"<w:tblGrid>{f'<w:gridCol w:w={chr(34)}{width}{chr(34)}/>' * columns}</w:tblGrid>"
        rows = "".join(self._row(row, width, columns) for row in table.rows)
        return f"{_TABLE}{grid}{rows}</w:tbl>"

    def _row(self, row: Row, width: int, columns: int) -> str:
        head = "<w:cantSplit/><w:tblHeader/>" if row.is_head else "<w:cantSplit/>"
        mark = _MARKS.get(row.fate)
        head += f"<w:{mark}{self.runs.change()}/>" if mark else ""
        missing = [[Paragraph([], Shape("TableText"), row.fate)]] * (columns - len(row.cells))
        # A head is grey and not bold: editors would write bold styles into its words.
        shade = '<w:shd w:val="clear" w:color="auto" w:fill="E7E6E6"/>' if row.is_head else ""
        cells = "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{shade}</w:tcPr>'
            f"{''.join(self._cell_paragraph(one, row.is_head) for one in cell)}</w:tc>"
            for cell in (*row.cells, *missing)
        )
        return f"<w:tr><w:trPr>{head}</w:trPr>{cells}</w:tr>"

    def _cell_paragraph(self, part: Paragraph, is_head: bool) -> str:
        xml = self._paragraph(part)
        return xml.replace('w:val="TableText"', 'w:val="TableHeading"', 1) if is_head else xml

    def footnotes(self) -> Iterator[str]:
        """Yield the footnotes that the text refers to; call it when the text is written."""
        done = 0
        while done < len(self.runs.found):
            note = self.runs.found[done]
            done += 1
            yield self._footnote(note)

    def _footnote(self, note: Note) -> str:
        parts = lay_out_note(note.block, note.fate)
        typed_labels(parts)
        for part in parts:
            if isinstance(part, Paragraph) and part.shape.style in ("BodyText", "ListParagraph"):
                part.shape = Shape("FootnoteText", part.shape.numbering, part.shape.level, part.shape.depth)
        if not parts or not isinstance(parts[0], Paragraph):
            parts.insert(0, Paragraph([], Shape("FootnoteText")))
        first = parts[0]
        assert isinstance(first, Paragraph)
        first.mark = Fate.KEPT
        body = self.body(parts).replace("</w:pPr>", f"</w:pPr>{_SIGN}", 1)
        return f'<w:footnote w:id="{note.number}">{body}</w:footnote>'


def _between(before: Table, after: Table) -> Fate:
    """Return the change of the paragraph between two tables: it is moved or deleted with one of them."""
    fates = [{row.fate for row in table.rows} for table in (before, after)]
    gone = next((fate for one in fates if len(one) == 1 for fate in one if fate in _MARKS), None)
    return gone or Fate.KEPT


def properties(shape: Shape) -> str:
    """Return the properties of a paragraph, in the order that the schema asks for."""
    numbering = ""
    if shape.numbering:
        level, number = min(max(shape.level, 0), 8), shape.numbering
        numbering = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
    indent = ""
    if shape.depth or shape.quotes > 1:
        hanging = f' w:hanging="{INDENT}"' if shape.hangs else ""
        indent = f'<w:ind w:left="{INDENT * (shape.depth + shape.quotes)}"{hanging}/>'
    align = f'<w:jc w:val="{shape.align}"/>' if shape.align else ""
    return f'<w:pStyle w:val="{shape.style}"/>{numbering}{indent}{align}'
