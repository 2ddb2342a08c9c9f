"""`register` in `documents.yml`: the name of a built-in register, or columns declared there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StrictBool
from pydantic.dataclasses import dataclass as pydantic_dataclass

from engross.common import shown
from engross.corpus.column_types import PlainText
from engross.corpus.fields import FORBID, Id, Text
from engross.corpus.yaml import KeyPath, YamlFile, check_unique
from engross.model import BUILT_IN, Column, ColumnType, Diagnostic, DocumentKind, RegisterSchema

MODELS = "models"
Name = Literal["models", "subprocessors", "prices"]


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class ColumnRow:
    """One column of a declared register."""

    id: Id = Field(description="The permanent id of the column: the key of its values.", examples=["power"])
    label: Text = Field(description="What pages call it.", examples=["Source of power"])
    type: ColumnType = Field(
        default=ColumnType.TEXT,
        description="What its values are. number: an exact decimal. money: a currency and a decimal, such as EUR 0.50. "
        "currency: a code of ISO 4217. country: a code of ISO 3166 or a list of codes. choice: one of `choices`.",
        examples=["country"],
    )
    required: StrictBool = Field(
        default=False,
        description="Whether each row must have a value. Each row has one in the first column.",
        examples=[True],
    )
    contractual: StrictBool = Field(
        default=True,
        description="true: a change of its values needs a change note. false: its values are for information, and a "
        "change of them alone is posted without a note.",
        examples=[False],
    )
    choices: tuple[PlainText, ...] = Field(
        default=(), description="The values that a column of type choice may have.", examples=[["wind", "water"]]
    )


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class DeclaredRow:
    """A register with columns of its own."""

    columns: tuple[ColumnRow, ...] = Field(
        default=(), description="Its columns, in the order in which pages show them. The first one names a row."
    )


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class RegisterRow(DeclaredRow):
    """A built-in register by its name, or a register with columns of its own."""

    name: Name | None = None


def _named(value: object) -> object:
    """Turn the name of a built-in register into a mapping."""
    return value if isinstance(value, dict) else {"name": value}


Register = Annotated[RegisterRow, BeforeValidator(_named, json_schema_input_type=DeclaredRow | Name)]


def register_schema(row: RegisterRow | None) -> RegisterSchema | None:
    """Return the columns that a row names or declares; None for the model list, whose facts are no columns."""
    if row is None or row.name == MODELS:
        return None
    if row.name:
        return BUILT_IN[row.name]
    columns = (
        Column(one.id, one.type, one.label, one.required or at == 0, one.contractual or at == 0, one.choices)
        for at, one in enumerate(row.columns)
    )
    return RegisterSchema(tuple(columns))


def check_registers(file: YamlFile) -> Iterator[Diagnostic]:
    """Check that each register, and nothing else, says what its columns are, and that these fit together."""
    for path in file.items(("documents",)):
        at, kind = (*path, "register"), file.text((*path, "kind"))
        value = file.value(at)
        if kind == DocumentKind.REGISTER and value is None:
            message = f"is missing; name a built-in register ({MODELS}, {', '.join(BUILT_IN)}), or declare columns"
            yield file.mistake(at, message)
        elif value is not None and kind and kind != DocumentKind.REGISTER:
            yield file.mistake(at, f"only a document of kind register has one, and this one is of kind {shown(kind)}")
        elif isinstance(value, dict):
            yield from _check_columns(file, at)


def _check_columns(file: YamlFile, at: KeyPath) -> Iterator[Diagnostic]:
    if file.node((*at, "name")) is not None:
        yield file.mistake((*at, "name"), "write the name of a built-in register as the value of register itself")
    columns = list(file.items((*at, "columns")))
    if not columns:
        yield file.mistake(at, "declare at least one column under columns")
    yield from check_unique(file, (((*path, "id"), file.text((*path, "id"))) for path in columns))
    for number, path in enumerate(columns):
        kind = file.text((*path, "type")) or ColumnType.TEXT
        if number == 0 and kind != ColumnType.TEXT:
            yield file.mistake((*path, "type"), "the first column names a row, so it must be of type text")
        if file.text((*path, "id")) == "id":
            yield file.mistake((*path, "id"), "each row has an id already; choose another id for this column")
        has_choices = bool(list(file.items((*path, "choices"))))
        if has_choices is not (kind == ColumnType.CHOICE):
            message = "a column of type choice, and no other, has choices"
            yield file.mistake((*path, "choices" if has_choices else "type"), message)
