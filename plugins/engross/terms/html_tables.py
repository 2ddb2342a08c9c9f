"""Finds the definitions in HTML tables, which a file that is read alone may contain.

The tags are not part of the text: a table is one passage whose cells follow each other without a mark. Only the source
says where its cells begin.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

import engross.common.lazy_re as re
from engross.common import value_class
from engross.model import Given
from engross.terms.candidates import can_be_name, clean, in_definitions, is_proper, names_within
from engross.terms.passages import Found, Outline, Passage
from engross.terms.table_definitions import defines, titled_columns

_TABLE = re.compile(r"<table\b", re.IGNORECASE)
_ROW = re.compile(r"<tr\b", re.IGNORECASE)
_CELL = re.compile(r"<t[dh]\b[^>]*>", re.IGNORECASE)
_MARKED = re.compile(r"\s*(?:<(?:b|strong)\b|[“\"‘'*])", re.IGNORECASE)


@value_class(frozen=True, slots=True)
class _Cell:
    """A cell: its span in the text of the passage, its words, and whether it begins with bold or quoted words."""

    start: int
    end: int
    words: str
    marked: bool


def html_rows(outline: Outline) -> Iterator[Found]:
    """Yield the definitions in the HTML tables of a document, one a row at most."""
    source = outline.document.source
    if source is None or not _TABLE.search(source.text):
        return
    starts = (*source.line_starts, len(source.text))
    for passage in outline.passages:
        first, last = passage.clause.lines
        begin, end = starts[first - 1], starts[min(last, len(starts) - 1)]
        rows = [row for row in _rows(passage, source.text[begin:end], begin) if len(row) >= 2]
        if rows:
            yield from _definitions(passage, rows, outline)


def _rows(passage: Passage, text: str, begin: int) -> Iterator[list[_Cell]]:
    """Yield the cells of each row in a passage; `text` is its source, which begins at the offset `begin`."""
    if not _ROW.search(text):
        return
    places = [passage.source_offset(at) for at in range(len(passage.text))]
    starts = [found.start() for found in _ROW.finditer(text)]
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        opened = [*_CELL.finditer(text, start, end)]
        stops = [*(found.start() for found in opened[1:]), end]
        yield [
            _cell(passage, places, begin + cell.end(), begin + stop, bool(_MARKED.match(text, cell.end())))
            for cell, stop in zip(opened, stops, strict=True)
        ]


def _cell(passage: Passage, places: list[int], start: int, end: int, marked: bool) -> _Cell:
    """Return the cell from `start` to `end` of the source; `places` are the offsets of the characters of the text."""
    first, last = bisect_left(places, start), bisect_left(places, end)
    return _Cell(first, last, " ".join(passage.text[first:last].split()), marked)


def _definitions(passage: Passage, rows: list[list[_Cell]], outline: Outline) -> Iterator[Found]:
    columns = titled_columns([cell.words for cell in rows[0]])
    term, meaning = columns or (0, 1)
    listing = in_definitions(passage, outline)
    for row in rows[1:] if columns else rows:
        if len(row) <= meaning or not (
            columns or defines(row[meaning].words, passage.grammar) or (listing and row[term].marked)
        ):
            continue
        name, body = clean(row[term].words), row[meaning].words
        if body and can_be_name(name) and is_proper(name):
            at = row[term].start, row[term].end
            whole = f"{name} {body}" if defines(body, passage.grammar) else body
            yield Found(
                names_within(name, passage.grammar), passage, at, (at[0], row[meaning].end), Given.LISTED, whole
            )
