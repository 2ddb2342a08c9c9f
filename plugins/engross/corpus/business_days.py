"""Days off: weekends, public holidays of a region, listed days."""

from __future__ import annotations

from collections.abc import Callable, Container
from datetime import date
from functools import cache
from importlib.util import find_spec

from engross.common import EngrossError, error
from engross.model import NoticeRule

_SATURDAY = 5
_INSTALL = 'pip install "engross[notice]"'


def region_mistake(region: str) -> str:
    """Return why the public holidays of a region are not known, or an empty string."""
    if find_spec("holidays") is None:
        return f"public holidays are in an extra that is not installed: {_INSTALL}"
    import holidays

    country, _, part = region.partition("-")
    parts = holidays.list_supported_countries(include_aliases=False)
    if country not in parts:
        return "no public holidays are known of it; write a country (DE), a part of one (DE-BY), or list the days off"
    if part and part not in parts[country]:
        known = ", ".join(f"{country}-{name}" for name in parts[country])
        return f"{country} has no part {part} with public holidays of its own; known are {known or 'none'}"
    return ""


def holidays_of(region: str) -> Callable[[date], bool]:
    """Return whether a day is a public holiday of a region such as DE or DE-BY.

    Raises EngrossError if they are not known.
    """
    if mistake := region_mistake(region):
        raise EngrossError([error("notice", "documents.yml", 0, 0, f"{region}: {mistake}")])
    return _holidays(region).__contains__


@cache
def _holidays(region: str) -> Container[date]:
    import holidays

    country, _, part = region.partition("-")
    return holidays.country_holidays(country, subdiv=part or None)


def is_off(rule: NoticeRule) -> Callable[[date], bool]:
    """Return whether a day is off for a rule that counts business days."""
    listed = frozenset(map(date.fromisoformat, rule.days_off))
    public = holidays_of(rule.region) if rule.region else frozenset().__contains__
    return lambda day: day.weekday() >= _SATURDAY or day in listed or public(day)
