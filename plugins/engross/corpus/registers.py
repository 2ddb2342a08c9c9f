"""Reads registers: YAML files with rows. A register becomes a tree of clauses, as every document does.

`column_types` checks single values. A model list is a register with a schema of its own (`catalogue`); `rows_tree`
reads either, so that no other module has to know which it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from pydantic import ConfigDict, Field, TypeAdapter, create_model

from engross.common import value_class
from engross.corpus.column_types import sealed_text, type_of
from engross.corpus.fields import DRAFT, ModelId, Text, json_schema, written_schema
from engross.corpus.shown_values import shown_text
from engross.corpus.yaml import (
    KeyPath,
    YamlFile,
    check_unique,
    named_texts,
    plain,
    read,
    require,
    value_inline,
    value_paragraph,
)
from engross.corpus.yaml_nodes import MappingNode, Node, ScalarNode, SequenceNode
from engross.corpus.yaml_scalars import Unclear
from engross.model import (
    SUBPROCESSORS,
    Clause,
    ClauseKind,
    Column,
    Diagnostic,
    Document,
    DocumentEntry,
    Inline,
    RegisterSchema,
    Source,
)

ROWS = "rows"
NOTE = "note"


@value_class(frozen=True, slots=True)
class Row:
    """One row of a register: its permanent id, and the text of each value by the id of its column.

    `index` is its place in the file, from 0.
    """

    id: str
    values: Mapping[str, str]
    index: int


@value_class(frozen=True, slots=True)
class Register:
    """A register as read: its columns, its rows and its note; `file` knows the position of each value."""

    schema: RegisterSchema
    rows: tuple[Row, ...]
    note: str
    file: YamlFile = field(repr=False, compare=False)

    def title(self, row: Row) -> str:
        """Return what a row is called."""
        return row.values[self.schema.title.id]

    def place(self, row: Row, column: str) -> tuple[int, int]:
        """Return the line and column of a value; those of the row if it has none."""
        return self.file.place((ROWS, row.index, column))


@lru_cache(maxsize=64)
def read_register(source: Source, schema: RegisterSchema) -> Register:
    """Read a register from YAML. Raises EngrossError with all mistakes in it, each at its line, column and row."""
    reading = read(source, _file_type(schema), _as_written)
    findings = [_of_row(reading.file, one) for one in reading.findings]
    if reading.file:
        findings += check_unique(reading.file, named_texts(reading.file, ROWS, "id"))
        findings += _check_ends(reading.file) if schema.name == SUBPROCESSORS else ()
    file, value = require(reading, findings)
    names = [(column.id, f"c{at}") for at, column in enumerate(schema.columns)]
    rows = []
    for index, row in enumerate(value.rows):
        values = ((column, getattr(row, name)) for column, name in names)
        rows.append(Row(row.id, {column: sealed_text(one) for column, one in values if one is not None}, index))
    return Register(schema, tuple(rows), value.note or "", file)


def _check_ends(file: YamlFile) -> Iterator[Diagnostic]:
    """Check that no sub-processor ends before it starts."""
    for path in file.items((ROWS,)):
        start, ends = file.day((*path, "start")), file.day((*path, "ends"))
        if start and ends and ends < start:
            yield _of_row(file, file.mistake((*path, "ends"), f"{ends} is before start ({start})"))


def _as_written(node: Node) -> Any:
    """Convert a node to plain values, in which numbers keep their digits."""
    if isinstance(node, MappingNode):
        return {key: _as_written(entry.value) for key, entry in node.entries.items()}
    if isinstance(node, SequenceNode):
        return tuple(_as_written(item) for item in node.items)
    value = plain(node)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return Unclear(node.text) if is_number and isinstance(node, ScalarNode) else value


def _of_row(file: YamlFile | None, found: Diagnostic) -> Diagnostic:
    """Name the row that a mistake is in, by its id: "row acme"."""
    index = found.message.partition(f"{ROWS}[")[2].partition("]")[0] if found.message.startswith(ROWS) else ""
    name = file.text((ROWS, int(index), "id")) if file and index.isdigit() else ""
    return replace(found, clause=f"row {name}") if name else found


@lru_cache(maxsize=64)
def _file_type(schema: RegisterSchema) -> TypeAdapter[Any]:
    forbid = ConfigDict(extra="forbid", frozen=True, defer_build=True)
    fields: dict[str, Any] = {"id": (ModelId, Field(description=_ID))}
    for at, column in enumerate(schema.columns):
        about = column.label or column.id
        wanted = type_of(column) if column.required else type_of(column) | None
        fields[f"c{at}"] = (wanted, Field(... if column.required else None, alias=column.id, description=about))
    row: Any = create_model("Row", __config__=forbid, **fields)
    several: Any = tuple[row, ...]
    rows = (several, Field(min_length=1, description="The rows, in the order in which the site shows them."))
    optional: Any = Text | None
    note = (optional, Field(None, description="A note for readers about the whole register."))
    return TypeAdapter(create_model("RegisterFile", __config__=forbid, note=note, rows=rows))


_ID = "The permanent id of the row: never change it or give it to another row."


def register_tree(register: Register, source: Source) -> Clause:
    """Return a register as a tree: its note, then a SECTION for each row (anchor: its id) with a PARAGRAPH per value.

    The name of a PARAGRAPH is the id of its column: the text hash depends on it, and labels may change.
    """
    note = [value_paragraph(register.file, (NOTE,), "Note", "Note", register.note)] if register.note else []
    sections = (_section(register, row) for row in register.rows)
    last = source.position(len(source.text.rstrip()))[0]
    return Clause(ClauseKind.DOCUMENT, (1, last), children=(*note, *sections))


def _section(register: Register, row: Row) -> Clause:
    path: KeyPath = (ROWS, row.index)
    title, file, columns = register.title(row), register.file, register.schema.columns
    inner = (
        value_paragraph(file, (*path, one.id), f"{title}: {one.label or one.id}", one.id, row.values[one.id])
        for one in columns[1:]
        if one.id in row.values
    )
    lines, inline = file.lines(path), value_inline(file, (*path, columns[0].id), title)
    return Clause(
        ClauseKind.SECTION, lines, row.id, title, inline, children=tuple(inner), level=2, name=title
    )  # fmt: skip


def rows_tree(entry: DocumentEntry, source: Source) -> Clause:
    """Return the tree of a model list or another register. Raises EngrossError with all mistakes in it."""
    if entry.register:
        return register_tree(read_register(source, entry.register), source)
    # Few sites have a model list, and its schema takes long to load.
    from engross.corpus.catalogue import catalogue_tree, read_catalogue

    return catalogue_tree(read_catalogue(source), source)


def register_of(document: Document) -> Register | None:
    """Return a document's register; None for a model list, a verbatim text, and any other kind of document."""
    if document.source is None or document.entry.register is None or document.verbatim:
        return None
    return read_register(document.source, document.entry.register)


def column_label(schema: RegisterSchema, column: Column, words: Mapping[str, str]) -> str:
    """Return what pages call a column."""
    return column.label or words[f"register_{schema.name}_{column.id}"]


def labelled_rows(entry: DocumentEntry, root: Clause, words: Mapping[str, str]) -> Clause:
    """Return the tree of a model list or register with the names of its facts and their values as pages write them.

    It is to be shown, never to be hashed. Any other tree is returned as it is.
    """
    return shown_rows(root, entry.register, words) if entry.kind.has_rows else root


def shown_rows(root: Clause, schema: RegisterSchema | None, words: Mapping[str, str]) -> Clause:
    """Return the tree of a register as `labelled_rows` does; of a model list without a schema."""
    if schema is None:
        from engross.corpus.models import labelled

        return labelled(root, words)
    return replace(root, children=tuple(_labelled(schema, one, words) for one in root.children))


def _labelled(schema: RegisterSchema, clause: Clause, words: Mapping[str, str]) -> Clause:
    if clause.kind is ClauseKind.SECTION:
        return replace(clause, inline=_shown(clause, schema.title, words), children=_values(schema, clause, words))
    return clause


def _values(schema: RegisterSchema, section: Clause, words: Mapping[str, str]) -> tuple[Clause, ...]:
    found = []
    for one in section.children:
        column = schema.column(one.name)
        if column:
            name = column_label(schema, column, words)
            one = replace(one, name=name, label=f"{section.label}: {name}", inline=_shown(one, column, words))
        found.append(one)
    return tuple(found)


def _shown(clause: Clause, column: Column, words: Mapping[str, str]) -> Inline:
    return replace(clause.inline, text=shown_text(column, clause.inline.text, words))


SCHEMA_VERSION = 1
"""The version of the format of a register's JSON file; raise it for changes that programs must know about."""


LAST_DAY_TO_OBJECT = "last_day_to_object"
"""What programs call the last day on which customers may object to a new sub-processor."""
NO_DEADLINES: Mapping[str, date] = MappingProxyType({})


def register_json(register: Register, as_of: date, deadlines: Mapping[str, date] = NO_DEADLINES) -> dict[str, Any]:
    """Return a register as plain values that match `register_output_schema`: each value as text, as it was written.

    `deadlines` are the last days on which customers may object to rows, by the row's id.
    """
    named = {"register": register.schema.name} if register.schema.name else {}
    columns = [
        {"id": one.id, "type": str(one.type), "contractual": one.contractual}
        | ({"label": one.label} if one.label else {})
        for one in register.schema.columns
    ]
    note = {NOTE: register.note} if register.note else {}
    last = {name: {LAST_DAY_TO_OBJECT: day.isoformat()} for name, day in deadlines.items()}
    rows = [{"id": row.id, **row.values, **last.get(row.id, {})} for row in register.rows]
    return {
        "schema_version": SCHEMA_VERSION,
        "as_of": as_of.isoformat(),
        **named,
        "columns": columns,
        **note,
        ROWS: rows,
    }


def register_source_schema(schema: RegisterSchema) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a register's YAML file, for editors."""
    return written_schema(_file_type(schema), "register.yml")


def register_output_schema(schema: RegisterSchema) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a register's JSON file."""
    written = json_schema(_file_type(schema), "register.json")
    text = {"type": "string", "minLength": 1}
    values = written["$defs"]["Row"]["properties"]
    row = {name: text | {key: one[key] for key in ("description",) if key in one} for name, one in values.items()}
    if schema.name == SUBPROCESSORS:
        row[LAST_DAY_TO_OBJECT] = {
            "type": "string",
            "format": "date",
            "description": "The last day on which customers may object to the sub-processor, until it has passed.",
        }
    columns = {"type": "array", "items": {"type": "object"}, "description": "The columns, in order."}
    properties = {
        "schema_version": {"const": SCHEMA_VERSION, "description": "The version of this schema."},
        "as_of": {"type": "string", "format": "date", "description": "The day of the file."},
        "register": text | {"description": "The name of a built-in register."},
        "columns": columns,
        NOTE: text | {"description": "A note for readers about the whole register."},
        ROWS: {
            "type": "array",
            "items": {
                "type": "object",
                "properties": row,
                "required": written["$defs"]["Row"]["required"],
                "additionalProperties": False,
            },
        },
    }
    return {
        "$schema": DRAFT,
        "title": "register.json",
        "type": "object",
        "properties": properties,
        "required": ["schema_version", "as_of", "columns", ROWS],
        "additionalProperties": False,
    }


def value_changes(old: Register, new: Register) -> Iterator[tuple[str, str, str | None, str | None]]:
    """Yield (row, column, old, new) for each value that differs: new rows in order, then removed ones."""
    before, after = ({row.id: row.values for row in one.rows} for one in (old, new))
    for row in (*after, *(one for one in before if one not in after)):
        was, now = before.get(row, {}), after.get(row, {})
        for name in dict.fromkeys((*now, *was)):
            if was.get(name) != now.get(name):
                yield row, name, was.get(name), now.get(name)


def is_informational(old: Register, new: Register) -> bool:
    """Whether two registers differ in informational columns alone, or in the order of their rows."""
    ids = [{row.id for row in one.rows} for one in (old, new)]
    if ids[0] != ids[1] or old.note != new.note or old.schema != new.schema:
        return False
    columns = {one.id: one.contractual for one in new.schema.columns}
    return not any(columns[name] for _, name, _, _ in value_changes(old, new))
