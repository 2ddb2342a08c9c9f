"""Writes pandoc's blocks as contract Markdown: `# title`, `## headings`, items `(a)`, tables, footnotes.

Each paragraph is one line. Items begin after an empty line, so that no line before them can take them in; what belongs
to an item is indented. Lists of pandoc become items with the labels that a reader of the source sees.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import field
from typing import Any

import engross.common.lazy_re as re
from engross.common import value_class
from engross.importing.inline_markdown import InlineWriter, escape_start
from engross.importing.values import Kind, Node, Remark, item
from engross.text import numeral, read_enumerator

_INDENT = 4
_DECIMAL = re.compile(r"\d{1,9}\.")
_LABEL = re.compile(r"(?:(?P<path>\d+(?:\.\d+)+\.?)|\([A-Za-z0-9]{1,6}\)|[A-Za-z0-9]{1,6}[.)])(?:[ \t]|$)")
_STYLES = {"LowerAlpha": "a", "UpperAlpha": "A", "LowerRoman": "i", "UpperRoman": "I"}
_DASHES = {"AlignLeft": ":--", "AlignCenter": ":-:", "AlignRight": "--:"}
_INLINE_BLOCKS = frozenset({"Para", "Plain"})
_STOP = re.compile(r"^( *\d{1,9})\.")


@value_class(frozen=True, slots=True)
class Written:
    """Contract Markdown, the labels that were made of lists of the source, and the lines of the report."""

    markdown: str
    labels: list[str]
    remarks: list[Remark]


def write_markdown(blocks: list[Node]) -> Written:
    """Write pandoc's blocks as contract Markdown. Headings keep their levels: 1 is the title of the document."""
    writer = _BlockWriter()
    writer.inlines.anchors = frozenset(_anchor(block) for block in blocks if block["t"] == "Header") - {""}
    lines = writer.blocks(blocks)
    for at, note in enumerate(writer.notes, 1):
        lines += [f"[^{at}]: {note[0].lstrip() if note else ''}", *note[1:], ""]
    text = "\n".join(lines).strip("\n")
    return Written(f"{text}\n", writer.labels, writer.inlines.remarks)


@value_class(slots=True)
class _BlockWriter:
    """Writes blocks as lines; each block ends with an empty line."""

    notes: list[list[str]] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    inlines: InlineWriter = field(init=False)
    heading: str = ""

    def __post_init__(self) -> None:
        self.inlines = InlineWriter(self._note)

    def blocks(self, blocks: list[Node], indent: int = 0) -> list[str]:
        """Return the lines of blocks, each indented by `indent` blanks."""
        lines: list[str] = []
        for at, block in enumerate(blocks):
            written = self._block(block, indent)
            if _repeats_number(blocks, at):
                # Markdown would count on: two lists that follow each other are one.
                written[0] = _STOP.sub(r"\1\\.", written[0], count=1)
            # Bullets that follow each other are one list without empty lines.
            if at and _is_bullet(block) and _is_bullet(blocks[at - 1]) and lines and not lines[-1]:
                lines.pop()
            lines += written
        return lines

    def _block(self, block: Node, indent: int) -> list[str]:
        writer = _WRITERS.get(block["t"])
        if writer is None:
            self.inlines.remark(Kind.DROPPED, f"what contracts cannot have: {block['t']}")
            return []
        return writer(self, block.get("c"), indent)

    def _heading(self, content: Any, _indent: int) -> list[str]:
        level, (anchor, classes, _), inlines = content
        text = self.inlines.line(inlines, bold=False).replace("\\\n", " ")
        self.inlines.place = f"under “{text[:60]}”"
        own = f" {{#{anchor}}}" if "anchor" in classes else ""
        return [f"{'#' * min(level, 6)} {text}{own}", ""] if text else []

    def _paragraph(self, inlines: Any, indent: int) -> list[str]:
        text = self.inlines.line(inlines)
        return [*_lines(text, indent), ""] if text else []

    def _div(self, content: Any, indent: int) -> list[str]:
        (_, classes, attributes), blocks = content
        if "item" not in classes:
            return self.blocks(blocks, indent)
        known = dict(attributes)
        return self._item(known["label"], blocks, indent + _INDENT * int(known["depth"]))

    def _item(self, label: str, blocks: list[Node], indent: int) -> list[str]:
        if not label:
            return self.blocks(blocks, indent)
        first, rest = (blocks[0], blocks[1:]) if blocks and blocks[0]["t"] in _INLINE_BLOCKS else (None, blocks)
        text = self.inlines.line(first["c"]) if first else ""
        begin = " " * indent + (label if is_marker(label) else escape_start(label))
        inner = indent + (_INDENT if is_marker(label) else 0)
        lines = _lines(text, inner)
        first_line = lines[0].lstrip(" ") if is_marker(label) else text.split("\n")[0]
        return [f"{begin} {first_line}".rstrip(), *lines[1:], "", *self.blocks(rest, inner)]

    def _bullets(self, items: Any, indent: int) -> list[str]:
        return self.blocks([item("-", blocks) for blocks in items], indent)

    def _ordered(self, content: Any, indent: int) -> list[str]:
        (start, style, form), items = content
        lines: list[str] = []
        for number, blocks in enumerate(items, start):
            label = list_label(number, style["t"], form["t"])
            self.labels.append(label)
            lines += self._item(label, blocks, indent)
        return lines

    def _definitions(self, content: Any, indent: int) -> list[str]:
        lines: list[str] = []
        for term, meanings in content:
            lines += self._paragraph([{"t": "Strong", "c": term}], indent)
            for blocks in meanings:
                lines += self.blocks(blocks, indent)
        return lines

    def _quote(self, blocks: Any, indent: int) -> list[str]:
        inside = self.blocks(blocks)[:-1]
        return [*(" " * indent + f"> {line}".rstrip() for line in inside), ""]

    def _line_block(self, lines: Any, indent: int) -> list[str]:
        joined: list[Node] = []
        for line in lines:
            joined += [*([{"t": "LineBreak"}] if joined else []), *line]
        return self._paragraph(joined, indent)

    def _code(self, content: Any, indent: int) -> list[str]:
        """Write preformatted text as a paragraph with its lines: contracts have no program code."""
        return self._line_block([[{"t": "Str", "c": line}] for line in content[1].split("\n")], indent)

    def _rule(self, _content: Any, indent: int) -> list[str]:
        return [" " * indent + "***", ""]

    def _figure(self, content: Any, indent: int) -> list[str]:
        return self.blocks(content[2], indent)

    def _table(self, content: Any, indent: int) -> list[str]:
        _, caption, columns, head, bodies, foot = content
        rows = [*head[1], *(row for body in bodies for row in (*body[2], *body[3])), *foot[1]]
        width = max((sum(cell[3] for cell in row[1]) for row in rows), default=len(columns))
        grid = list(self._rows(rows, max(width, len(columns))))
        if not grid:
            return []
        if not head[1]:
            self.inlines.remark(Kind.GUESSED, "the first row of a table is taken as its head")
        pad = " " * indent
        table = [f"{pad}| {' | '.join(row)} |" for row in grid]
        aligned = [_DASHES.get(column[0]["t"], "---") for column in columns]
        aligned += ["---"] * (len(grid[0]) - len(aligned))
        table.insert(1, f"{pad}| {' | '.join(aligned)} |")
        return [*self.blocks(caption[1], indent), *table, ""]

    def _rows(self, rows: Any, width: int) -> Iterator[list[str]]:
        """Yield the cells of each row; a merged cell has its text in its first place, the others are empty."""
        below: dict[int, int] = {}
        merged = 0
        for row in rows:
            cells = [""] * width
            at = 0
            for _, _, down, across, blocks in row[1]:
                while below.get(at, 0) and at < width:
                    below[at] -= 1
                    at += 1
                if at < width:
                    cells[at] = self._cell(blocks)
                for column in range(at, at + across):
                    below[column] = down - 1
                merged += down > 1 or across > 1
                at += across
            for column in range(at, width):
                below[column] = max(0, below.get(column, 0) - 1)
            yield cells
        if merged:
            self.inlines.remark(Kind.CHANGED, f"{merged} merged cells of a table: the text is in the first place")

    def _cell(self, blocks: list[Node]) -> str:
        return "<br>".join(text for text in self._cell_lines(blocks) if text)

    def _cell_lines(self, blocks: list[Node]) -> Iterator[str]:
        for block in blocks:
            kind: str = block["t"]
            content: Any = block.get("c")
            if kind in _INLINE_BLOCKS:
                yield self.inlines.line(content, cell=True)
            elif kind == "Header":
                yield self.inlines.line(content[2], cell=True)
            elif kind == "Div" and "item" in content[0][1]:
                yield from self._cell_item(dict(content[0][2])["label"], content[1])
            elif kind == "BulletList":
                for blocks_of_item in content:
                    yield from self._cell_item("-", blocks_of_item)
            elif kind == "OrderedList":
                (start, style, form), items = content
                for number, blocks_of_item in enumerate(items, start):
                    self.labels.append(list_label(number, style["t"], form["t"]))
                    yield from self._cell_item(self.labels[-1], blocks_of_item)
            elif kind in ("Div", "BlockQuote"):
                yield from self._cell_lines(content[1] if kind == "Div" else content)
            elif kind == "Table":
                yield from self._nested_table(content)
            else:
                yield from (line.strip() for line in self._block(block, 0))

    def _cell_item(self, label: str, blocks: list[Node]) -> Iterator[str]:
        lines = list(self._cell_lines(blocks))
        # A bullet in a cell has no sign of its own in Markdown; its line is enough.
        shown = "" if label == "-" else f"{label} "
        yield f"{shown}{lines[0] if lines else ''}".strip()
        yield from lines[1:]

    def _nested_table(self, content: Any) -> Iterator[str]:
        self.inlines.remark(Kind.CHANGED, "a table within the cell of a table is written as lines of the cell")
        for row in [*content[3][1], *(row for body in content[4] for row in (*body[2], *body[3])), *content[5][1]]:
            for cell in row[1]:
                yield from self._cell_lines(cell[4])

    def _note(self, blocks: list[Node]) -> str:
        place = len(self.notes)
        self.notes.append([])
        lines = self.blocks(blocks, _INDENT)
        while lines and not lines[-1]:
            lines.pop()
        self.notes[place] = lines
        return f"[^{place + 1}]"


def _anchor(heading: Node) -> str:
    """The anchor that a heading is to keep: pandoc gives one to all, a reader the class `anchor` to those it means."""
    anchor, classes, _ = heading["c"][1]
    return anchor if "anchor" in classes else ""


def _lines(text: str, indent: int) -> list[str]:
    """Return the lines of a paragraph. A line that begins with a typed number begins a paragraph of its own."""
    lines: list[str] = []
    for line in text.split("\n"):
        if lines and _begins_item(line):
            lines[-1] = lines[-1].removesuffix("\\")
            lines.append("")
        lines.append(" " * indent + escape_start(line))
    return lines


def _begins_item(line: str) -> bool:
    found = _LABEL.match(line)
    return found is not None and (found["path"] is not None or read_enumerator(found[0].strip()) is not None)


def _repeats_number(blocks: list[Node], at: int) -> bool:
    """Whether a block is an item such as `1.` right after an item with the same number in one list of Markdown.

    An item below a label that Markdown does not know, such as `2.1`, is in the list of that label's level.
    """
    label, depth = _label_of(blocks[at])
    if not _DECIMAL.fullmatch(label):
        return False
    same, inner = False, -1
    for before in reversed(blocks[:at]):
        other, level = _label_of(before)
        if level <= depth:
            return level == depth and (other == label or (same and not is_marker(other)))
        if inner < 0:
            same, inner = other == label, level
        elif level < inner:
            same, inner = same and not is_marker(other), level
    return False


def _label_of(block: Node) -> tuple[str, int]:
    """Return the label of an item and how many items are around it; ("", 0) for other blocks."""
    if block["t"] != "Div" or "item" not in block["c"][0][1]:
        return "", 0
    known = dict(block["c"][0][2])
    return known["label"], int(known["depth"])


def _is_bullet(block: Node) -> bool:
    if block["t"] != "Div":
        return False
    (_, classes, attributes), blocks = block["c"]
    return "item" in classes and dict(attributes)["label"] == "-" and len(blocks) <= 1


def is_marker(label: str) -> bool:
    """Whether Engross reads a label as that of an item, so that more blocks can belong to it."""
    if label == "-" or _DECIMAL.fullmatch(label):
        return True
    read = read_enumerator(label)
    return read is not None and not (read.form == ")" and read.inner.isdigit())


def list_label(number: int, style: str, form: str) -> str:
    """Return the label of an item of pandoc's list as a reader sees it."""
    text = numeral(_STYLES.get(style, "1"), number)
    return {"TwoParens": f"({text})", "OneParen": f"{text})"}.get(form, f"{text}.")


_WRITERS: dict[str, Callable[[_BlockWriter, Any, int], list[str]]] = {
    "Header": _BlockWriter._heading,
    "Para": _BlockWriter._paragraph,
    "Plain": _BlockWriter._paragraph,
    "Div": _BlockWriter._div,
    "BulletList": _BlockWriter._bullets,
    "OrderedList": _BlockWriter._ordered,
    "DefinitionList": _BlockWriter._definitions,
    "BlockQuote": _BlockWriter._quote,
    "LineBlock": _BlockWriter._line_block,
    "CodeBlock": _BlockWriter._code,
    "HorizontalRule": _BlockWriter._rule,
    "Figure": _BlockWriter._figure,
    "Table": _BlockWriter._table,
}
