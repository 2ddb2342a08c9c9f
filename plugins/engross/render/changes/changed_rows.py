"""What a change did to a register, row by row and column by column, for the page of the change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from engross.common import EngrossError, value_class
from engross.corpus import Register, Row, column_label, register_of, shown_text, value_changes
from engross.model import NOT_FIXED, SUBPROCESSORS, EntryKind
from engross.record import Effect, Record, last_day_to_object, objection_periods, sealed_document
from engross.render.changes.promises import awaited_objection
from engross.render.date_format import ShownDates

_MOST_ROWS = 50
"""The most rows that are listed: the redline has all."""


@value_class(frozen=True, slots=True)
class ChangedRow:
    """A row that changed, for the template: its title, its id, whether it was "added" or "removed" ("" if it was
    neither), and each changed value as label, old and new text. `objection` is the last day on which customers
    may object to a new sub-processor; the days after delivery while the version waits for that of its notice.
    """

    title: str
    id: str
    did: str
    values: tuple[tuple[str, str, str], ...]
    objection: str = ""


@value_class(frozen=True, slots=True)
class ChangedRows:
    """The rows that changed, and how many more there are."""

    rows: tuple[ChangedRow, ...] = ()
    more: int = 0


def changed_rows(record: Record, effect: Effect, words: Mapping[str, str], zone: ZoneInfo) -> ChangedRows:
    """Return the rows that an entry changed in a register; none for the first version, and for other documents.

    `zone` is that of the site, in which days of notice are counted.
    """
    if effect.kind is not EntryKind.POST or effect.version is None or effect.superseded is None:
        return ChangedRows()
    if effect.version.entry.register is None:
        return ChangedRows()
    try:
        sides = (sealed_document(record, one) for one in (record.version(effect.superseded), effect.version))
        before, after = (register_of(document) for document in sides)
    except EngrossError:
        return ChangedRows()
    if before is None or after is None:
        return ChangedRows()
    found = row_changes(before, after, words)
    periods = objection_periods(record, effect.version.id.document, zone)
    ends = {clause.anchor: end for version, clause, end in periods if version.id == effect.version.id}
    waits = _awaited_objection(effect, words)
    rows = tuple(
        replace(row, objection=_last_day(ends.get(row.id), zone, words) or (waits if row.did == "added" else ""))
        for row in found[:_MOST_ROWS]
    )
    return ChangedRows(rows, max(0, len(found) - _MOST_ROWS))


def _last_day(end: datetime | None, zone: ZoneInfo, words: Mapping[str, str]) -> str:
    return ShownDates(zone, words).day(last_day_to_object(end, zone)) if end else ""


def _awaited_objection(effect: Effect, words: Mapping[str, str]) -> str:
    """Until when customers may object to new rows of a version that waits for the delivery of its notice."""
    assert effect.version is not None
    register, entry = effect.version.entry.register, effect.entry
    if not register or register.name != SUBPROCESSORS or entry.effective != NOT_FIXED or effect.withdrawn:
        return ""
    return awaited_objection(entry.awaits, words) if entry.awaits else ""


def row_changes(before: Register, after: Register, words: Mapping[str, str]) -> tuple[ChangedRow, ...]:
    """Return the rows that differ between two registers, with the labels and the values that pages show."""
    values: dict[str, list[tuple[str, str, str]]] = {}
    for row, name, was, now in value_changes(before, after):
        values.setdefault(row, []).append(_value(before if now is None else after, name, (was, now), words))
    return tuple(_row(before, after, name, tuple(found)) for name, found in values.items())


def _row(before: Register, after: Register, id: str, values: tuple[tuple[str, str, str], ...]) -> ChangedRow:
    old, new = _find(before, id), _find(after, id)
    side, row = (after, new) if new else (before, old)
    assert row is not None
    return ChangedRow(side.title(row), id, "added" if old is None else "removed" if new is None else "", values)


def _find(register: Register, id: str) -> Row | None:
    return next((row for row in register.rows if row.id == id), None)


def _value(
    register: Register, name: str, texts: tuple[str | None, str | None], words: Mapping[str, str]
) -> tuple[str, str, str]:
    column = register.schema.column(name)
    if column is None:
        return name, texts[0] or "", texts[1] or ""
    old, new = (shown_text(column, text, words) if text else "" for text in texts)
    return column_label(register.schema, column, words), old, new
