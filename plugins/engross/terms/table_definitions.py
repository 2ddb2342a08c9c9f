"""Finds definitions in tables: each row defines a term; the first cell is the term, the second its meaning.

A file that is read alone may contain HTML tables. Their tags are not part of the text: such a table is one passage
whose cells follow each other without a mark. Only the source says where its cells begin.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

import engross.common.lazy_re as re
from engross.common import value_class
from engross.language import Grammar
from engross.model import Clause, ClauseKind, Given
from engross.terms.candidates import Named, can_be_name, clean, in_definitions, is_proper, named, names_within
from engross.terms.passages import Found, Outline, Passage

_TERM = re.compile(
    r"(?:defined\s+|key\s+|capitali[sz]ed\s+)?(?:terms?|expressions?|words?(?:\s+or\s+phrases?)?|phrases?|names?|acronyms?"
    r"|abbreviations?)(?:\s+used)?"
    r"|(?:definierter?\s+)?(?:begriffe?|ausdr[uü]ck(?:e)?|abkürzung(?:en)?)|termes?(?:\s+définis?)?|expressions?|sigles?|acronymes?"
    r"|abréviations?|términos?(?:\s+definidos?)?|conceptos?|expresi(?:ón|ones)|siglas?|acrónimos?|abreviaturas?",
    re.IGNORECASE,
)
_MEANING = re.compile(
    r"(?:\w+\s+)?(?:definitions?|meanings?|means|what\s+(?:it|this)\s+means|explanation)"
    r"|bedeutung(?:en)?|definition(?:en)?|(?:begriffs)?(?:erklärung|erläuterung|bestimmung)(?:en)?|définitions?|significations?|sens"
    r"|definici(?:ón|ones)|significados?",
    re.IGNORECASE,
)
# "Description" heads the meanings of terms, and the properties of what only has a name.
_DESCRIPTION = re.compile(
    r"descriptions?|descripci(?:ón|ones)|beschreibung(?:en)?|full\s+(?:name|form)|expansion", re.IGNORECASE
)
_NAMES = re.compile(r"names?", re.IGNORECASE)
_ROW_NUMBER = re.compile(r"\(?(?:\d+(?:\.\d+)*|[a-z]|[ivx]+)[.)]?", re.IGNORECASE)
_OR = re.compile(r"\s*(?:,|;|\bor\b|(?<=[^\W\d_]{3})\s*/\s*(?=[^\W\d_]{3}))\s*")
_TABLE = re.compile(r"<table\b", re.IGNORECASE)
_ROW = re.compile(r"<tr\b", re.IGNORECASE)
_CELL = re.compile(r"<t[dh]\b[^>]*>", re.IGNORECASE)
_MARKED = re.compile(r"\s*(?:<(?:p|div|span)\b[^<>]*>\s*)*(?:<(?:b|strong)\b|[“\"‘'„«*])", re.IGNORECASE)
_COLUMNS, _FEW_WORDS = 2, 2


def rows(outline: Outline) -> Iterator[list[Found]]:
    """Yield the definitions of each table row that contains any."""
    for index, clause, _ in outline.nodes:
        if clause.kind is ClauseKind.TABLE and clause.children:
            yield from _table(outline, index, clause)


def _table(outline: Outline, index: int, table: Clause) -> Iterator[list[Found]]:
    columns = titled_columns([clean(cell.inline.text) for cell in table.children[0].children])
    term, meaning = columns or _columns_after_number(table)
    at = index + 1
    glossary = not columns and _is_blank_glossary(outline, index, table)
    for ordinal, row in enumerate(table.children):
        sizes = [sum(1 for _ in cell.walk()) for cell in row.children]
        if len(sizes) > meaning and (ordinal or not columns):
            first = outline.passage_of.get(at + 1 + sum(sizes[:term]))
            second = outline.passage_of.get(at + 1 + sum(sizes[:meaning]))
            if first is not None and second is not None:
                yield _row(first, second, outline, titled=glossary or columns is not None)
        at += 1 + sum(sizes)


def _is_blank_glossary(outline: Outline, index: int, table: Clause) -> bool:
    """Return whether a table with an empty head explains terms."""
    rows = [row.children for row in table.children]
    if any(cell.inline.text.strip() for cell in rows[0]) or any(len(row) != _COLUMNS for row in rows):
        return False
    inside = (outline.passage_of.get(at) for at in range(index + 1, index + 1 + sum(1 for _ in table.walk())))
    passage = next((one for one in inside if one is not None), None)
    pairs = [
        (term.inline.text, meaning.inline.text, any(mark.start == 0 for mark in term.inline.marks))
        for term, meaning in rows[1:]
    ]
    return passage is not None and _is_glossary(passage, pairs, outline)


def _is_glossary(passage: Passage, rows: Sequence[tuple[str, str, bool]], outline: Outline) -> bool:
    """Return whether the rows of a table without titles explain terms: each is a cell with words that can be a name,
    one with its meaning, and whether the words are marked.

    Below a heading such as "Definitions", all do. Elsewhere the words are in quotes, or in bold and the meanings begin
    with an article: "**Depot** | the place where …", unlike "**Address** | 1 Long Road".
    """
    rows = [(clean(term), meaning.strip(), marked) for term, meaning, marked in rows if term.strip()]
    if not rows or not all(can_be_name(term) and is_proper(term) and meaning for term, meaning, _ in rows):
        return False
    long = sum(len(meaning.split()) > _FEW_WORDS for _, meaning, _ in rows)
    if in_definitions(passage, outline):
        return 2 * long > len(rows)
    explains = passage.grammar.defining.mark_and_article.match
    begun = sum(explains(f": {meaning}") is not None for _, meaning, _ in rows)
    marked = all(marked for _, _, marked in rows)
    return len(rows) > 1 and marked and long == len(rows) and 3 * begun >= 2 * len(rows)


def titled_columns(cells: list[str]) -> tuple[int, int] | None:
    """Return the columns of a head that are titled as terms and as meanings, or None."""
    term = next((at for at, cell in enumerate(cells) if _TERM.fullmatch(cell)), None)
    if term is None:
        return None
    described = not _NAMES.fullmatch(cells[term])
    meaning = next(
        (
            at
            for at, cell in enumerate(cells)
            if at > term and (_MEANING.fullmatch(cell) or (described and _DESCRIPTION.fullmatch(cell)))
        ),
        None,
    )
    return None if meaning is None else (term, meaning)


def _columns_after_number(table: Clause) -> tuple[int, int]:
    """Return the first two columns; after a column of numbers, the second and third."""
    rows = [row.children for row in table.children[1:] if len(row.children) > 2]
    numbered = bool(rows) and all(_ROW_NUMBER.fullmatch(row[0].inline.text.strip()) for row in rows)
    return (1, 2) if numbered else (0, 1)


def _row(first: Passage, second: Passage, outline: Outline, *, titled: bool) -> list[Found]:
    words = named(first)
    verb = defines(second.text, second.grammar)
    if not (titled or verb or (words and in_definitions(first, outline))):
        return []
    names = _names(first, words)
    if not names:
        return []
    body = " ".join(f"{names[0]} {second.text}".split()) if verb else " ".join(second.text.split())
    return [Found(names, first, (0, len(first.text)), (0, len(first.text)), Given.LISTED, body, below=(second.clause,))]


def defines(meaning: str, grammar: Grammar) -> bool:
    """Return whether the text of a cell begins with a verb that defines ("means a person …")."""
    return bool(grammar.defining.means.match(meaning)) and not meaning.lower().startswith(("is ", "are "))


def _names(cell: Passage, words: list[Named]) -> tuple[str, ...]:
    """Return the names in a term's cell: the marked words, or all its words if none is marked."""
    found = [name.name for name in words] if words and words[0].start == 0 else _OR.split(clean(cell.text))
    whole = clean(cell.text)
    if not words and not all(cell.grammar.may_be_name(name) for name in found):
        found = [whole]
    names = [
        name
        for words_found in dict.fromkeys(found)
        for name in names_within(words_found, cell.grammar)
        if can_be_name(name)
    ]
    return tuple(names) if names and (words or is_proper(names[0])) else ()


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
        stops = [*(found.start() for found in opened[1:]), end] if opened else []
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
    pairs = [(row[0].words, row[1].words, row[0].marked) for row in rows if len(row) == _COLUMNS]
    glossary = not columns and len(pairs) == len(rows) and _is_glossary(passage, pairs, outline)
    for row in rows[1:] if columns else rows:
        if len(row) <= meaning or not (
            columns or glossary or defines(row[meaning].words, passage.grammar) or (listing and row[term].marked)
        ):
            continue
        name, body = clean(row[term].words), row[meaning].words
        if body and can_be_name(name) and is_proper(name):
            at = row[term].start, row[term].end
            whole = f"{name} {body}" if defines(body, passage.grammar) else body
            yield Found(
                names_within(name, passage.grammar), passage, at, (at[0], row[meaning].end), Given.LISTED, whole
            )
