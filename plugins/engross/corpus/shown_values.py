"""Values of registers and model lists as pages write them: days and numbers in the form of the page's language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from engross.model import Column, ColumnType, is_tombstone


def shown_day(day: date, words: Mapping[str, str]) -> str:
    """Return a day as pages write it: "26 October 2026"."""
    number = words["first_day"] if day.day == 1 else day.day
    return words["date_form"].format(day=number, month=words[f"month_{day.month}"], year=day.year)


def shown_month(month: str, words: Mapping[str, str]) -> str:
    """Return a month that is written 2026-10 as pages write it: "October 2026"."""
    year, number = map(int, month.split("-"))
    return words["month_form"].format(month=words[f"month_{number}"], year=year)


def shown_number(number: str, words: Mapping[str, str]) -> str:
    """Return an exact decimal as pages write it, with its digits in groups of three."""
    whole, _, part = number.partition(".")
    shown_whole = f"{int(whole):,}".replace(",", words["digit_group"])
    return f"{shown_whole}{words['decimal_mark']}{part}" if part else shown_whole


def shown_text(column: Column, text: str, words: Mapping[str, str]) -> str:
    """Return the sealed text of a register's value as pages write it; that of a tombstone as it is."""
    if is_tombstone(text):
        return text
    if column.type is ColumnType.DATE:
        return shown_day(date.fromisoformat(text), words)
    if column.type in (ColumnType.NUMBER, ColumnType.MONEY):
        return re.sub(r"[0-9]+(\.[0-9]+)?", lambda found: shown_number(found[0], words), text)
    return text
