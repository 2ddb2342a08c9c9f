"""The types of columns in registers: how a value is checked, and what its JSON Schema is.

A number keeps the digits with which it was written, since a price of 0.50 must not become 0.5.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainValidator,
    ValidatorFunctionWrapHandler,
    WithJsonSchema,
    WrapValidator,
)

import engross.common.lazy_re as re
from engross.common import INVISIBLE, NEVER, meant, nearest, quoted, shown
from engross.corpus.fields import Day, Https, Text
from engross.corpus.yaml_errors import mistake
from engross.corpus.yaml_scalars import Unclear
from engross.model import Column, ColumnType, is_tombstone

_DECIMAL = r"-?(0|[1-9][0-9]{0,29})(\.[0-9]{1,30})?"


def _written(value: object) -> str:
    """Return a value as its author wrote it, for a message."""
    if isinstance(value, tuple | dict):
        return "a list" if isinstance(value, tuple) else "keys and values"
    return value.text if isinstance(value, Unclear) else "nothing" if value is None else str(value)


def _check_number(value: object) -> str:
    text = value.text if isinstance(value, Unclear) else value
    if isinstance(text, str) and re.fullmatch(_DECIMAL, text.strip()):
        return text.strip()
    raise mistake(f"must be a number with digits and at most one point, such as 0.50, not {shown(_written(value))}")


def _check_money(value: str) -> str:
    code, _, amount = value.partition(" ")
    if not re.fullmatch(_DECIMAL, amount):
        raise mistake(f"write money as a currency and a number, such as EUR 0.50, not {shown(quoted(value))}")
    return f"{_check_currency(code)} {amount}"


def _check_currency(value: str) -> str:
    known = _currencies()
    if value not in known:
        upper = value.upper() if value.upper() in known else ""
        raise mistake(f"{shown(quoted(value))} is not a currency of ISO 4217, such as EUR", upper)
    return value


def _check_country(value: str) -> str:
    known = _territories()
    if value not in known:
        upper = value.upper() if value.upper() in known else ""
        raise mistake(f"{shown(quoted(value))} is not a country of ISO 3166, such as IE", upper)
    return value


@cache
def _territories() -> frozenset[str]:
    """The codes of countries, which have two letters."""
    from babel import Locale  # it takes long to load, and most documents are no registers

    unassigned = ("EU", "EZ", "QO", "UN", "XA", "XB", "XK", "ZZ")
    return frozenset(
        code
        for code in map(str, Locale.parse("en").territories)
        if re.fullmatch("[A-Z]{2}", code) and code not in unassigned
    )


_STILL_USED = (2024, 1, 1)
"""A currency that was used on this day or later is accepted for ever, so that sealed registers with it can be read."""


@cache
def _currencies() -> frozenset[str]:
    """The codes of currencies that some territory uses, without those for tests (XTS) and for no currency (XXX)."""
    from babel.core import get_global

    used = (row for rows in get_global("territory_currencies").values() for row in rows)
    return frozenset(code for code, _, end, _ in used if end is None or end >= _STILL_USED) - {"XTS", "XXX"}


def _several(value: object) -> object:
    return value if isinstance(value, tuple) else (value,)


def _schema(pattern: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": f"^{pattern}$"})


_COUNTRY = Annotated[Text, AfterValidator(_check_country), _schema("[A-Z]{2}")]
_COUNTRIES = Annotated[tuple[_COUNTRY, ...], Field(min_length=1)]
_NUMBER = WithJsonSchema({"anyOf": [{"type": "number"}, {"type": "string", "pattern": f"^{_DECIMAL}$"}]})
_FORMULA = re.compile(r"[=@]|[+−-](?![0-9\s()./-]*\Z)")
"""How a text begins that a spreadsheet would run as a formula. A telephone number, +353 1 234, is none."""
_UNSEEN = re.compile(f"[{INVISIBLE}{NEVER}]")


_RUN = "a spreadsheet that opens the CSV would run it as a formula"


def formula_sign(line: str) -> str:
    """Return the sign with which a line begins that a spreadsheet would run as a formula; empty if it would not."""
    # A spreadsheet may drop what is invisible, and read wide and small signs as the usual ones.
    seen = unicodedata.normalize("NFKC", _UNSEEN.sub("", line)).strip()
    return seen[0] if _FORMULA.match(seen) else ""


def _check_plain(value: str) -> str:
    # A spreadsheet may take a line for a cell.
    for line in value.splitlines():
        if sign := formula_sign(line):
            where = "" if value.startswith(line) else " a line"
            raise mistake(f"must not begin{where} with {sign}: {_RUN}")
    return value


PlainText = Annotated[Text, AfterValidator(_check_plain)]
"""Text that no spreadsheet runs as a formula, so that a CSV can hold it as it is."""

_TYPES: Mapping[ColumnType, Any] = {
    ColumnType.TEXT: PlainText,
    ColumnType.DATE: Day,
    ColumnType.NUMBER: Annotated[str, PlainValidator(_check_number), _NUMBER],
    ColumnType.MONEY: Annotated[Text, AfterValidator(_check_money), _schema(f"[A-Z]{{3}} {_DECIMAL}")],
    ColumnType.CURRENCY: Annotated[Text, AfterValidator(_check_currency), _schema("[A-Z]{3}")],
    ColumnType.URL: Https,
    ColumnType.COUNTRY: Annotated[_COUNTRIES, BeforeValidator(_several, json_schema_input_type=_COUNTRY | _COUNTRIES)],
}


def type_of(column: Column) -> Any:
    """Return the type whose values a column has, for pydantic. A tombstone may replace each of them."""
    wanted = _one_of(column.choices) if column.type is ColumnType.CHOICE else _TYPES[column.type]
    return Annotated[wanted, WrapValidator(_or_tombstone)]


def _or_tombstone(value: object, check: ValidatorFunctionWrapHandler) -> Any:
    several = value if isinstance(value, tuple) and value else (value,)
    is_redacted = all(isinstance(one, str) and is_tombstone(one) for one in several)
    return value if is_redacted else check(value)


def _one_of(choices: tuple[str, ...]) -> Any:
    def check(value: str) -> str:
        """Return a value that is a choice; raise pydantic's error with the nearest choice for any other."""
        if value not in choices:
            guess = meant(value, choices)
            raise mistake(f"must be one of {', '.join(choices)}, not {shown(value)}{guess}", nearest(value, choices))
        return value

    return Annotated[Text, AfterValidator(check), WithJsonSchema({"type": "string", "enum": list(choices)})]


def sealed_text(value: object) -> str:
    """Return a value as the text that is sealed and compared: countries with commas, a date as 2026-01-31."""
    return ", ".join(value) if isinstance(value, tuple) else str(value)
