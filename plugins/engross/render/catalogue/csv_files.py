"""Registers and model lists as CSV (RFC 4180), for spreadsheets.

Every value is in quotes, so that no other separator of a spreadsheet splits it, and none begins like a formula.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from io import StringIO

from engross.corpus import (
    FACTS,
    LAST_DAY_TO_OBJECT,
    NO_DEADLINES,
    Catalogue,
    Fact,
    Model,
    Register,
    formula_sign,
    stage,
)
from engross.model import SUBPROCESSORS


def register_csv(register: Register, deadlines: Mapping[str, date] = NO_DEADLINES) -> str:
    """Return a register as CSV with the ids of its columns, each value as it was written.

    A register of sub-processors has the last days on which customers may object to rows, `deadlines`, in a column.
    Registers cannot hold text that begins like a formula.
    """
    columns = [column.id for column in register.schema.columns]
    more = [LAST_DAY_TO_OBJECT] if register.schema.name == SUBPROCESSORS else []
    rows: list[list[object]] = [["id", *columns, *more]]
    for row in register.rows:
        values = [row.id, *(row.values.get(name, "") for name in columns)]
        last = deadlines.get(row.id) if more else None
        rows.append([*values, last or ""] if more else list(values))
    return _written(rows)


def models_csv(catalogue: Catalogue, day: date) -> str:
    """Return a model list as CSV: a column for each fact, called as in `models.json`, and the stage on a day.

    Items of lists are separated by "; " or ", ". An apostrophe is put before a text that begins like a formula.
    """
    rows: list[list[object]] = [["id", "name", *(".".join(fact.path) for fact in FACTS), "stage"]]
    for model in catalogue.models:
        values = [model.id, model.name, *(_value(fact, model) for fact in FACTS), stage(model, day) or ""]
        rows.append([f"'{value}" if formula_sign(value) else value for value in map(str, values)])
    return _written(rows)


def _value(fact: Fact, model: Model) -> str:
    """The text of a fact; numbers and prices without what pages add to them."""
    if fact.form == "count" or fact.path[0] == "price":
        return str(fact.of(model) or "")
    return fact.text(model)


def _written(rows: Iterable[Sequence[object]]) -> str:
    written = StringIO()
    csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(rows)
    return written.getvalue()
