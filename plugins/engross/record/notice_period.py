"""Computes notice periods: a rule and the instant of posting → the instant from which a change may apply."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from engross.common import value_class
from engross.corpus import is_off
from engross.model import AwaitedNotice, NoticeRule, NoticeUnit
from engross.record.encoding import beginning_of, days_after, first_day_after, instant_in_words, written_instant


@value_class(frozen=True, slots=True)
class NoticePeriod:
    """A promised notice: its `rule`, the instant `since` which it counts, and the instant at which it `ends`.

    `days_off` are the days from Monday to Friday within it that did not count.
    """

    rule: NoticeRule
    since: datetime
    ends: datetime
    days_off: tuple[date, ...] = ()

    @property
    def days(self) -> int:
        """How many days are promised."""
        return self.rule.count


def notice_period(rule: NoticeRule, since: datetime, zone: ZoneInfo) -> NoticePeriod:
    """Count the days of a notice from an instant.

    A notice of whole days ends when the day after its last day begins in `zone`, so that a change applies from a
    midnight. At the end of the calendar it ends at the last instant that can be shown. Raises EngrossError if the
    public holidays of the rule's region are not known.
    """
    if rule.unit is NoticeUnit.ELAPSED or rule.count == 0:
        return NoticePeriod(rule, since, days_after(since, rule.count))
    try:
        first = since.astimezone(zone).date() + timedelta(days=not rule.from_first_day)
        if rule.unit is NoticeUnit.CALENDAR:
            return NoticePeriod(rule, since, beginning_of(first + timedelta(days=rule.count), zone))
        return _business(rule, since, first, zone)
    except OverflowError:
        return NoticePeriod(rule, since, days_after(since, _ALL_DAYS))


def longest_period(rules: Iterable[NoticeRule], since: datetime, zone: ZoneInfo) -> NoticePeriod | None:
    """Return the notice that ends last, of several that are promised; None if none is."""
    periods = (notice_period(rule, since, zone) for rule in rules if rule.count)
    return max(periods, key=lambda one: one.ends, default=None)


_ALL_DAYS = 10_000_000
_WEEKDAYS = 5


def _business(rule: NoticeRule, since: datetime, day: date, zone: ZoneInfo) -> NoticePeriod:
    off, counted, skipped = is_off(rule), 0, []
    while counted < rule.count:
        if not off(day):
            counted += 1
        elif day.weekday() < _WEEKDAYS:
            skipped.append(day)
        day += timedelta(days=1)
    return NoticePeriod(rule, since, beginning_of(day, zone), tuple(skipped))


def whole_days(period: NoticePeriod, zone: ZoneInfo) -> list[str]:
    """Return the instants that a change may apply from, as notes write them; the last of them is the one to propose.

    Periods of 24 hours end within a day: the day after is proposed, since the note is posted later than it is checked.
    At the end of the calendar no day is left after the notice.
    """
    ends = written_instant(period.ends, zone)
    return [first_day_after(period.ends, zone), ends] if period.rule.unit is NoticeUnit.ELAPSED else [ends]


def counted(rule: NoticeRule) -> str:
    """Return the days of a rule in words: 30 days, 1 business day, 20 business days (DE-BY)."""
    days = "1 day" if rule.count == 1 else f"{rule.count} days"
    if rule.unit is not NoticeUnit.BUSINESS:
        return days
    region = f" ({rule.region})" if rule.region else ""
    return days.replace(" ", " business ") + region


def awaited_in_words(awaited: AwaitedNotice) -> str:
    """Return the days of an awaited notice in words; of several rules the one that ends last applies."""
    return " or ".join(map(_with_details, awaited.rules))


def _with_details(rule: NoticeRule) -> str:
    off = f", without {', '.join(rule.days_off)}" if rule.days_off else ""
    return f"{counted(rule)}{off}, first day {'included' if rule.from_first_day else 'excluded'}"


def notice_in_words(promise: Mapping[str, Any]) -> str:
    """Return a promise, as the ledger holds it, in words: 30 days; of a change of class editorial 7 days."""
    parts = [_rule_in_words(promise)]
    parts += [f"of a change of class {name} {_rule_in_words(one)}" for name, one in promise.get("classes", {}).items()]
    parts += [f"on the ground {name} {_rule_in_words(one)}" for name, one in promise.get("grounds", {}).items()]
    return "; ".join(parts)


def _rule_in_words(rule: Mapping[str, Any]) -> str:
    unit = NoticeUnit(rule.get("unit", NoticeUnit.CALENDAR))
    days = counted(NoticeRule(rule["count"], unit, rule.get("region", "")))
    off = f", without {', '.join(rule['days_off'])}" if "days_off" in rule else ""
    first = ", first day included" if rule.get("from_first_day") else ""
    return f"{days}{off}{first}{' from delivery' if rule.get('from_delivery') else ''}"


def sum_of(period: NoticePeriod, zone: ZoneInfo) -> str:
    """Return the arithmetic of a notice.

    "posted 3 November 2026 + 30 days, first day excluded = in force from 4 December 2026, 00:00 UTC"
    """
    whole_days = period.rule.unit is not NoticeUnit.ELAPSED
    since, ends = period.since.astimezone(zone), period.ends.astimezone(zone)
    begun = f"{since.day} {since:%B %Y}" if whole_days else instant_in_words(since, zone)
    counted_from = "delivered" if period.rule.from_delivery else "posted"
    days = f"{counted(period.rule)}{_how_counted(period) if whole_days else ''}"
    return f"{counted_from} {begun} + {days} = in force from {ends.day} {ends:%B %Y}, {ends:%H:%M} {zone.key}"


def _how_counted(period: NoticePeriod) -> str:
    off = ", ".join(f"{day.day} {day:%B}" for day in period.days_off)
    first = "included" if period.rule.from_first_day else "excluded"
    return f"{f' without {off}' if off else ''}, first day {first}"
