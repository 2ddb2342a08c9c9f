"""Reads plain YAML scalars only where the versions of YAML agree on their value.

YAML 1.1 (PyYAML, and so MkDocs) reads `NO` as false, `1.10` as 1.1, `012` as ten, `1:30` as ninety; YAML 1.2 reads some
of these as text. The facts of a contract must not depend on the reader. A scalar that readers disagree on is `Unclear`,
which no schema accepts, so its author has to quote it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import engross.common.lazy_re as re
from engross.common import value_class

NUMBER = "a number"
TRUTH = "a truth value"
DATE = "a date"
TIME = "a date and time"
NOTHING = "nothing"
SPECIAL = "a special YAML value"

LONGEST_NUMBER = 18
"""The number of digits that fits a 64-bit integer; no count here is longer. Python refuses 4,300 digits and more."""


@value_class(frozen=True, slots=True)
class Unclear:
    """A scalar without a reliable value: readers disagree, or it is invalid (2026-02-30). No schema accepts it."""

    text: str


def _whole(text: str) -> object:
    return int(text) if len(text) <= LONGEST_NUMBER else Unclear(text)


def _decimal(text: str) -> object:
    return float(text) if len(text) <= LONGEST_NUMBER else Unclear(text)


def _day(text: str) -> object:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return Unclear(text)


def _truth(text: str) -> object:
    return text.lower() == "true"


def _nothing(_text: str) -> object:
    return None


_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

_READINGS: tuple[tuple[str, re.Pattern[str], Callable[[str], object] | None], ...] = (
    (NOTHING, re.compile(r"~|null|Null|NULL|"), _nothing),
    (TRUTH, re.compile(r"true|True|TRUE|false|False|FALSE"), _truth),
    (TRUTH, re.compile(r"yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF"), None),
    (DATE, _DAY, _day),
    (TIME, re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}.*"), None),
    (NUMBER, re.compile(r"[-+]?(0|[1-9][0-9]*)"), _whole),
    (NUMBER, re.compile(r"[-+]?[0-9]+\.[0-9]*([eE][-+][0-9]+)?"), _decimal),
    (NUMBER, re.compile(r"[-+]?[0-9][0-9_]*(\.[0-9_]*)?([eE][-+]?[0-9]+)?"), None),
    (NUMBER, re.compile(r"[-+]?\.[0-9][0-9_]*([eE][-+]?[0-9]+)?"), None),
    (NUMBER, re.compile(r"[-+]?0(b[01_]+|o[0-7_]+|x[0-9a-fA-F_]+)"), None),
    (NUMBER, re.compile(r"[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?"), None),
    (NUMBER, re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"), None),
    (SPECIAL, re.compile(r"=|<<"), None),
)


def read_plain(text: str) -> object:
    """Return the value of a plain scalar: None, bool, int, float, date or str; `Unclear` if readers disagree on it."""
    for _, pattern, value in _READINGS:
        if pattern.fullmatch(text):
            return value(text) if value else Unclear(text)
    return text


def read_as(text: str) -> str:
    """Return how a plain scalar is read, in words: "a truth value", "the number 1.1", "text"."""
    value = read_plain(text)
    if isinstance(value, float) and str(value) != text:
        return f"the number {value}"
    return next((kind for kind, pattern, _ in _READINGS if pattern.fullmatch(text)), "text")


def as_day(value: object) -> object:
    """Return the date for a text of the form 2026-01-31, since quotes make no difference; other values unchanged."""
    # The pattern is needed because Python also reads 2026-W05-3 as a date.
    return _day(value) if isinstance(value, str) and _DAY.fullmatch(value) else value
