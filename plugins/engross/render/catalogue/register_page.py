"""The page of a register: a table with filters, in which each row has an address; and the files beside the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from markupsafe import Markup

from engross.common import value_class
from engross.corpus import Project, Register, Row, column_label, shown_text
from engross.model import Column, ColumnType, Document, DocumentEntry, is_tombstone
from engross.render.catalogue.filters import Filter, Option, filter_rules
from engross.render.changes.changed_rows import ChangedRows
from engross.render.date_format import ShownDates
from engross.render.pages.document_page import Surroundings, about
from engross.render.pages.inline import render_inline
from engross.render.pages.state import VersionState, row_states
from engross.render.pages.term_links import DocumentUrl, TermIndex, overlays

_FILTERED = (ColumnType.COUNTRY, ColumnType.CHOICE, ColumnType.CURRENCY)
_MOST_OPTIONS = 12
"""A column of text has a filter if its values are so few that they are kinds of rows."""


@value_class(frozen=True, slots=True)
class Cell:
    """A value for the template: its column, its sealed text, and the text as the page writes it, with its links."""

    column: Column
    label: str
    text: str
    shown: str


@value_class(frozen=True, slots=True)
class RowView:
    """A row for the template: `keys` are its values by filter, `deadline` the last day to object."""

    id: str
    title: str
    cells: tuple[Cell, ...]
    keys: Mapping[str, str]
    deadline: date | None


@value_class(frozen=True, slots=True)
class AnnouncedRows:
    """The rows that an announced version of a register changes."""

    version: VersionState
    changed: ChangedRows


_MOST_CHARACTERS = 300_000
"""How long the table of a page may be, about; a longer one is split, so that each page loads fast."""
_OF_ROW, _OF_CELL = 220, 60
"""About how many characters of markup a row and each of its cells need."""


@value_class(frozen=True)
class RegisterPage:
    """A register as its page or pages show it.

    `files` has the addresses of its JSON, its CSV, its schema and its style sheet. `deadlines` are the last days
    on which customers may object to rows, by the row's id. `linked` are the values with links of defined terms, by the
    ids of row and column. Addresses are relative to the page. `announced` are the rows that announced versions change.
    """

    project: Project
    entry: DocumentEntry
    register: Register
    day: date
    around: Surroundings
    files: Mapping[str, str]
    deadlines: Mapping[str, date]
    linked: Mapping[tuple[str, str], Markup]
    announced: Sequence[AnnouncedRows] = ()

    def render(self, parts: Sequence[tuple[str, Sequence[Row]]] = ()) -> str:
        """Render the content of the register's page; of a long one, a list of rows with links to its `parts`.

        These are given as address and rows. Each row keeps its address on the page of the register.
        """
        rows = () if parts else self.register.rows
        return self._render("register.html", rows, parts=parts)

    def render_part(self, rows: Sequence[Row], title: str, whole: str) -> str:
        """Render a part of a long register; `whole` is the address of the register's page."""
        return self._render("register-part.html", rows, title=title, whole=whole)

    def _render(self, template: str, rows: Sequence[Row], **more: object) -> str:
        register, around, words = self.register, self.around, self.around.words
        kinds = row_filters(register, words)
        dates = ShownDates(ZoneInfo(self.project.settings.timezone), words)
        columns = [(one, column_label(register.schema, one, words)) for one in register.schema.columns]
        used = [one for one in columns if any(one[0].id in row.values for row in register.rows)]
        return around.templates.get_template(template).render(
            about(self.project, self.entry, around),
            register=register,
            rows=[self._view(row, used, kinds) for row in rows],
            columns=used,
            filters=kinds,
            with_deadlines=any(row.id in self.deadlines for row in rows),
            announced=self.announced,
            day=self.day,
            date=dates.day,
            files=self.files,
            **row_states(around.state),
            **more,
        )

    def _view(self, row: Row, columns: Sequence[tuple[Column, str]], kinds: Sequence[Filter]) -> RowView:
        cells = (
            Cell(_as_text(column, text), label, text, self._shown(row, column, text))
            for column, label in columns
            for text in (row.values.get(column.id, ""),)
        )
        title, keys = self.register.title(row), _keys(self.register, row, kinds)
        return RowView(row.id, title, tuple(cells), keys, self.deadlines.get(row.id))

    def _shown(self, row: Row, column: Column, text: str) -> str:
        return self.linked.get((row.id, column.id)) or (shown_text(column, text, self.around.words) if text else "")


def linked_values(document: Document, terms: TermIndex, document_url: DocumentUrl) -> dict[tuple[str, str], Markup]:
    """Return the values of a register in which defined terms are used, with links, by the ids of row and column.

    `document_url` returns a document's address relative to the page.
    """
    schema, links = document.entry.register, overlays(terms, document, document_url)
    assert schema is not None
    columns = {column.id for column in schema.columns[1:] if column.has_terms}
    found, row = {}, ""
    for index, clause in enumerate(document.root.walk()):
        row = clause.anchor or row
        if index in links and clause.name in columns:
            found[row, clause.name] = Markup(render_inline(clause.inline, (), str, links[index]))
    return found


def register_parts(register: Register) -> list[tuple[Row, ...]]:
    """Return the rows of each page that a register needs besides its own; none if its table fits on that."""
    parts: list[list[Row]] = [[]]
    length = 0
    for row in register.rows:
        needs = _OF_ROW + sum(len(text) + _OF_CELL for text in row.values.values())
        if parts[-1] and length + needs > _MOST_CHARACTERS:
            parts.append([])
            length = 0
        parts[-1].append(row)
        length += needs
    return [tuple(part) for part in parts] if len(parts) > 1 else []


def _as_text(column: Column, text: str) -> Column:
    """The column of a value; as one of text for a tombstone, which is no address and no day."""
    return replace(column, type=ColumnType.TEXT) if is_tombstone(text) else column


def row_filters(register: Register, words: Mapping[str, str]) -> tuple[Filter, ...]:
    """The filters of a register: columns of few values that differ. Their keys count the values."""
    found = []
    for at, column in enumerate(register.schema.columns[1:]):
        values = _values(register, column)
        few = column.type in _FILTERED or (column.type is ColumnType.TEXT and len(values) <= _MOST_OPTIONS)
        repeats = len(values) < sum(column.id in row.values for row in register.rows)
        if few and len(values) > 1 and (column.type in _FILTERED or repeats):
            options = tuple(Option(f"v{number}", value) for number, value in enumerate(values, 1))
            found.append(Filter(f"c{at}", options, column_label(register.schema, column, words)))
    return tuple(found)


def _values(register: Register, column: Column) -> tuple[str, ...]:
    parts = (part for row in register.rows for part in _parts(row.values.get(column.id, ""), column))
    return tuple(dict.fromkeys(parts))


def _parts(text: str, column: Column) -> tuple[str, ...]:
    """The values in a cell: each country of several."""
    if not text:
        return ()
    return tuple(text.split(", ")) if column.type is ColumnType.COUNTRY else (text,)


def _keys(register: Register, row: Row, kinds: Sequence[Filter]) -> Mapping[str, str]:
    found = {}
    for kind in kinds:
        column = register.schema.columns[int(kind.name[1:]) + 1]
        keys = {option.title: option.key for option in kind.options}
        found[kind.name] = " ".join(keys[part] for part in _parts(row.values.get(column.id, ""), column))
    return found


def register_style(register: Register, words: Mapping[str, str]) -> str:
    """The CSS rules of the filters of a register."""
    kinds = row_filters(register, words)
    return filter_rules(kinds, (_keys(register, row, kinds) for row in register.rows))
