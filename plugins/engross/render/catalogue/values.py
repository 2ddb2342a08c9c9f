"""Values of registers as pages write them: days and numbers in the form of the page's language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from zoneinfo import ZoneInfo

from engross.model import Column, ColumnType, is_tombstone
from engross.render.date_format import ShownDates

_ANY = ZoneInfo("UTC")
"""A day is the same in every zone."""


def shown_text(column: Column, text: str, words: Mapping[str, str]) -> str:
    """Return a sealed text as pages write it: dates and numbers in the form of their language."""
    if is_tombstone(text):
        return text
    if column.type is ColumnType.DATE:
        return ShownDates(_ANY, words).day(date.fromisoformat(text))
    if column.type in (ColumnType.NUMBER, ColumnType.MONEY):
        return re.sub(r"[0-9]+(\.[0-9]+)?", lambda found: _grouped(found[0], words), text)
    return text


def _grouped(number: str, words: Mapping[str, str]) -> str:
    whole, _, part = number.partition(".")
    shown_whole = f"{int(whole):,}".replace(",", words["digit_group"])
    return f"{shown_whole}{words['decimal_mark']}{part}" if part else shown_whole
