"""Turns the tables of a web page into pandoc's, without merged cells, and tables that only arrange text into blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import engross.common.lazy_re as re
from engross.common import error
from engross.importing.html_inlines import Inlines
from engross.importing.html_tree import HEADINGS, Element, Text
from engross.importing.values import RULE, Kind, Node, Remark

_MOST_CELLS = 200_000
_MOST_ACROSS = 1000
_LABEL = re.compile(r"(?:\([A-Za-z0-9]{1,5}\)|\d{1,3}(?:\.\d{1,3})*[.)]?|[A-Za-z][.)]|[ivx]{1,5}[.)]|[•·▪■–-])?")
_LONG = 120
"""More words than this in a cell without a head above it are running text."""
_PARTS = frozenset({"thead", "tbody", "tfoot"})


def table_blocks(table: Element, read: Callable[[Element], list[Node]], inlines: Inlines) -> list[Node]:
    """Return the blocks of a table; `read` reads the blocks of a cell.

    A table whose cells are merged to more than a size that no contract has is refused.
    """
    rows = [[cell for cell in row.elements if cell.name in ("td", "th")] for row in _rows(table)]
    rows = [row for row in rows if row]
    captions = [child for child in table.elements if child.name == "caption"]
    before = [block for caption in captions for block in read(caption)] + _stray(table, read)
    if not rows:
        return before
    if _arranges(table, rows):
        inlines.remarks.append(Remark(Kind.CHANGED, table.place, "a table that only arranges text is written as text"))
        return before + [block for row in rows for block in _as_text(row, read)]
    grid = _grid(rows)
    if grid is None:
        message = (
            f"the merged cells of this table make more than {_MOST_CELLS:,} cells; delete the table from a saved copy "
            "of the page, and write it again in the imported document"
        )
        inlines.refused.append(error(RULE, inlines.path, table.line, table.column, message))
        return []
    cells, merged = grid
    if merged:
        message = f"{merged} merged cells of a table have their text in their first place, and are empty elsewhere"
        inlines.remarks.append(Remark(Kind.CHANGED, table.place, message))
    return [*before, _table(cells, read)]


def _rows(table: Element) -> Iterator[Element]:
    """Yield the rows of a table, its head first and its foot last, without those of tables inside it."""
    parts = sorted(
        (child for child in table.elements if child.name in _PARTS or child.name == "tr"),
        key=lambda part: {"thead": 0, "tfoot": 2}.get(part.name, 1),
    )
    for part in parts:
        yield from [part] if part.name == "tr" else (row for row in part.elements if row.name == "tr")


def _stray(table: Element, read: Callable[[Element], list[Node]]) -> list[Node]:
    """Return the text of a table that is in none of its cells; browsers show it before the table."""
    blocks: list[Node] = []
    places = [table, *(child for child in table.elements if child.name in _PARTS or child.name == "tr")]
    places += [row for part in places[1:] for row in part.elements if row.name == "tr"]
    for place in places:
        for child in place.children:
            if (isinstance(child, Text) and child.content.strip()) or (
                isinstance(child, Element) and child.name not in {*_PARTS, "tr", "td", "th", "caption", "colgroup"}
            ):
                blocks += read(Element("div", {}, child.line, child.column, None, [child]))
    return blocks


def _arranges(table: Element, rows: list[list[Element]]) -> bool:
    """Whether a table only arranges text on the page."""
    if table.get("role").lower() in ("presentation", "none") or all(len(row) == 1 for row in rows):
        return True
    if any(cell.name == "th" for row in rows for cell in row):
        return False
    if _labels(rows):
        return True
    return any(
        len(cell.text.split()) > _LONG or any(cell.find("table", *HEADINGS)) for row in rows for cell in row
    )  # fmt: skip


def _labels(rows: list[list[Element]]) -> bool:
    """Whether the first column has only labels: "1." or "(a)" beside the text."""
    labels = [cell.text for row in rows for cell in row[:-1]]
    return (
        any(labels)
        and all(_LABEL.fullmatch(label) for label in labels)
        and not all(label.isdigit() for label in labels)
    )


def _as_text(row: list[Element], read: Callable[[Element], list[Node]]) -> list[Node]:
    """Return the blocks of a row as running text; a label comes before the paragraph beside it."""
    blocks: list[Node] = []
    label: list[Node] = []
    for cell in row:
        inside = read(cell)
        if _LABEL.fullmatch(cell.text) and len(inside) == 1 and inside[0]["t"] == "Para":
            label += [*inside[0]["c"], {"t": "Space"}]
            continue
        if label and inside and inside[0]["t"] in ("Para", "Header"):
            first = inside[0]
            words = first["c"][2] if first["t"] == "Header" else first["c"]
            words[:0] = label
            label = []
        elif label:
            blocks.append({"t": "Para", "c": label[:-1]})
            label = []
        blocks += inside
    return [*blocks, *([{"t": "Para", "c": label[:-1]}] if label else [])]


def _grid(rows: list[list[Element]]) -> tuple[list[list[Element | None]], int] | None:
    """Return the cells by row and column, with None where a merged cell continues, and how many cells are merged.

    None if there would be too many.
    """
    grid: list[list[Element | None]] = []
    below: dict[int, int] = {}
    merged = total = 0
    for at, row in enumerate(rows):
        line: list[Element | None] = []
        for cell in row:
            while below.get(len(line), 0):
                below[len(line)] -= 1
                line.append(None)
            across = min(max(1, _span(cell, "colspan")), _MOST_ACROSS)
            down = min(_span(cell, "rowspan") or len(rows), len(rows) - at)
            merged += across > 1 or down > 1
            for column in range(len(line), len(line) + across):
                below[column] = down - 1
            line += [cell, *[None] * (across - 1)]
        last = max((column for column, left in below.items() if left), default=-1)
        for column in range(len(line), last + 1):
            if below.get(column, 0):
                below[column] -= 1
            line.append(None)
        # Columns that only merged cells continue into.
        total += len(line)
        if total > _MOST_CELLS:
            return None
        grid.append(line)
    width = max(map(len, grid))
    # A column in which no cell begins is only there because of a number of columns that is too high.
    used = [column for column in range(width) if any(column < len(line) and line[column] for line in grid)]
    if width * len(grid) > 50 * _MOST_CELLS:
        return None
    return [[line[column] if column < len(line) else None for column in used] for line in grid], merged


def _span(cell: Element, name: str) -> int:
    found = re.match(r"\d{1,9}", cell.get(name))
    return int(found[0]) if found else 1


def _table(grid: list[list[Element | None]], read: Callable[[Element], list[Node]]) -> Node:
    attributes = ["", [], []]
    first = [cell for cell in grid[0] if cell is not None]
    headed = all(cell.name == "th" or _is_bold(cell) for cell in first) and len(grid) > 1

    def row(cells: list[Element | None]) -> list[object]:
        align = {"t": "AlignDefault"}
        return [attributes, [[attributes, align, 1, 1, read(cell) if cell is not None else []] for cell in cells]]

    rows = [row(cells) for cells in grid]
    head, body = (rows[:1], rows[1:]) if headed else ([], rows)
    columns = [[{"t": "AlignDefault"}, {"t": "ColWidthDefault"}] for _ in grid[0]]
    return {
        "t": "Table",
        "c": [attributes, [None, []], columns, [attributes, head], [[attributes, 0, [], body]], [attributes, []]],
    }


def _is_bold(cell: Element) -> bool:
    """Whether all words of a cell are bold, as those of a head."""
    bold = sum(len(one.text) for one in cell.find("b", "strong"))
    return bool(cell.text) and bold >= len(cell.text)
