"""Registers: lists of rows with permanent ids, such as sub-processors or prices, and what their columns hold."""

from __future__ import annotations

from enum import StrEnum

import engross.common.lazy_re as re
from engross.common import value_class


class ColumnType(StrEnum):
    """What the values of a column are.

    NUMBER: an exact decimal. MONEY: a currency and an exact decimal, such as EUR 0.50. CURRENCY: a code of ISO 4217.
    COUNTRY: one or several codes of ISO 3166. CHOICE: one of the column's choices.
    """

    TEXT = "text"
    DATE = "date"
    NUMBER = "number"
    MONEY = "money"
    CURRENCY = "currency"
    URL = "url"
    COUNTRY = "country"
    CHOICE = "choice"


@value_class(frozen=True, slots=True)
class Column:
    """One column of a register: its id, its type and its label for people.

    A row must have a value if it is `required`. A change of a `contractual` column needs a change note; one of
    any other column is informational, and is posted without a note. The label of a built-in register's column is empty:
    it is a UI string.
    """

    id: str
    type: ColumnType = ColumnType.TEXT
    label: str = ""
    required: bool = False
    contractual: bool = True
    choices: tuple[str, ...] = ()

    @property
    def has_terms(self) -> bool:
        """Whether defined terms are linked in its values: they are text, and no addresses of places or people."""
        return self.type is ColumnType.TEXT and self.id not in _ADDRESSES


_ADDRESSES = frozenset({"id", "address", "location", "email", "phone", "telephone", "hotline"})


@value_class(frozen=True, slots=True)
class RegisterSchema:
    """The columns of a register. `name` is that of a built-in register, empty for one declared in documents.yml.

    The first column is what a row is called.
    """

    columns: tuple[Column, ...]
    name: str = ""

    @property
    def title(self) -> Column:
        """The column that names a row."""
        return self.columns[0]

    def column(self, id: str) -> Column | None:
        """Return the column with an id; None if there is none."""
        return next((one for one in self.columns if one.id == id), None)


def _column(id: str, type: ColumnType = ColumnType.TEXT, *, required: bool = True, contractual: bool = True) -> Column:
    return Column(id, type, "", required, contractual)


SUBPROCESSORS = "subprocessors"
"""The register whose rows begin after the promised notice of its document."""

PRICES = "prices"
"""The register of prices, each of which applies since a day."""

BUILT_IN = {
    SUBPROCESSORS: RegisterSchema(
        (
            _column("entity"),
            _column("address", required=False, contractual=False),
            _column("activity"),
            _column("data"),
            _column("location"),
            _column("transfer", required=False),
            _column("start", ColumnType.DATE),
            _column("ends", ColumnType.DATE, required=False),
            _column("website", ColumnType.URL, required=False, contractual=False),
        ),
        SUBPROCESSORS,
    ),
    PRICES: RegisterSchema(
        (
            _column("item"),
            _column("unit"),
            _column("amount", ColumnType.NUMBER),
            _column("currency", ColumnType.CURRENCY),
            _column("since", ColumnType.DATE),
        ),
        PRICES,
    ),
}
"""The built-in registers besides the models. Columns may be added to them, never removed: sealed texts have them."""

_TOMBSTONE = re.compile(r"\[Redacted(?: on [0-9]{4}-[0-9]{2}-[0-9]{2}: [^\n]+)?\]")


def is_tombstone(text: str) -> bool:
    """Whether a value of a register is the notice that it was redacted."""
    return _TOMBSTONE.fullmatch(text) is not None
