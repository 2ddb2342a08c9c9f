"""Promises about changes, for readers: settings of documents.yml that changed, and the notice period of a change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from engross.common import EngrossError, value_class
from engross.model import AwaitedNotice, Change, Entry, Ground, NoticeRule, NoticeUnit
from engross.record import Difference, NoticePeriod, Record, delivered_notice, delivered_post, notice_of_entry
from engross.render.date_format import ShownDates


@value_class(frozen=True, slots=True)
class PromiseView:
    """A changed setting of documents.yml, for the templates: its name, and its old and new value as lists of items. For
    an order of precedence the items are the ranks, highest first.
    """

    name: str
    is_order: bool
    old: tuple[str, ...]
    new: tuple[str, ...]


def notice_sum(period: NoticePeriod, effective: datetime, words: Mapping[str, str], dates: ShownDates) -> str:
    """Return the arithmetic of a notice for a change that applies from an instant, in words.

    "posted 3 November 2026 + 30 days, first day excluded = in force from 4 December 2026, 00:00 UTC"
    """
    rule = period.rule
    whole_days = rule.unit is not NoticeUnit.ELAPSED
    begun = words["notice_delivered" if rule.from_delivery else "notice_posted"]
    since = dates.day(period.since.astimezone(dates.zone).date()) if whole_days else dates.instant(period.since)
    off = ", ".join(map(dates.day, period.days_off))
    parts = [
        f"{begun} {since} + {_days(rule.count, rule.unit, rule.region, words)}",
        *([words["notice_without"].format(days=off)] if off else []),
        *([_first_day(rule.from_first_day, words)] if whole_days else []),
    ]
    result = words["notice_in_force" if effective == period.ends else "notice_not_before"]
    return f"{', '.join(parts)} = {result} {dates.exact(period.ends)}"


def kept_notice(
    record: Record, entry: Entry, note: Change | None, *, words: Mapping[str, str], dates: ShownDates
) -> str:
    """Return the arithmetic of the promised notice of an entry, if it was kept; a correction or withdrawal has none.

    Empty also while a version waits for the delivery of its notice, and if the public holidays of its region are not
    known here.
    """
    if entry.effective is None:
        return ""
    try:
        if post := delivered_post(record, entry):
            return notice_sum(delivered_notice(record, post), entry.effective, words, dates)
    except EngrossError:
        return ""
    period = notice_of_entry(record, entry, note, dates.zone) if note and not entry.awaits else None
    kept = period and entry.effective >= period.ends
    return notice_sum(period, entry.effective, words, dates) if period and kept else ""


def awaited_words(awaited: AwaitedNotice, words: Mapping[str, str]) -> str:
    """Return the notice for whose delivery a version waits, in words: "30 days, counted from delivery".

    A rule may count from the posting, and end later.
    """
    return _longest([_rule(asdict(rule), words) for rule in awaited.rules], words)


def awaited_objection(awaited: AwaitedNotice, words: Mapping[str, str]) -> str:
    """Return until when customers may object, before a notice is delivered: "30 days after the notice is delivered"."""
    return _longest([_after(rule, words) for rule in awaited.rules], words)


def _longest(rules: list[str], words: Mapping[str, str]) -> str:
    joined = "; ".join(rules)
    return words["notice_longest"].format(rules=joined) if len(rules) > 1 else joined


def _after(rule: NoticeRule, words: Mapping[str, str]) -> str:
    begins = words["objection_awaited"] if rule.from_delivery else words["objection_posted"]
    days = begins.format(days=_days(rule.count, rule.unit, rule.region, words))
    first = [_first_day(True, words)] if rule.from_first_day else []
    return ", ".join([days, *_days_off(rule.days_off, words), *first])


def promise_view(
    one: Difference, words: Mapping[str, str], grounds: Mapping[str, Ground], title_of: Callable[[str], str]
) -> PromiseView:
    """Return a changed setting; `title_of` gives the title of a document by its id."""
    old, new = (tuple(_items(one.field, value, words, grounds, title_of)) for value in (one.old, one.new))
    return PromiseView(words[f"promise_{one.field}"], one.field == "precedence", old, new)


def _items(
    name: str, value: Any, words: Mapping[str, str], grounds: Mapping[str, Ground], title_of: Callable[[str], str]
) -> Iterator[str]:
    """The value of a setting as text, item by item, with titles in place of document ids."""
    if name == "precedence":
        yield from (", ".join(map(title_of, rank)) for rank in value)
    elif name in ("incorporates", "agreement"):
        yield from map(title_of, [value] if isinstance(value, str) else value)
    elif name == "grounds":
        yield from (_ground_words(one, words, grounds) for one in value)
    elif name == "kind":
        yield words[f"kind_{value}"]
    elif name == "register":
        yield from _columns(value, words)
    elif name == "notice_days":
        yield _days(value, NoticeUnit.ELAPSED, "", words)
    elif name == "notice":
        yield from _rules(value, words, grounds) if value else ()
    elif name in ("text_required", "consumer"):
        yield words["promise_yes" if value else "promise_no"]
    elif name == "delivery":
        yield words["delivery_active" if value else "delivery_none"]
    elif value:
        yield str(value)


def _columns(register: Mapping[str, Any] | None, words: Mapping[str, str]) -> Iterator[str]:
    """The name of a built-in register, or the columns of a declared one with those for information marked."""
    if register is None:
        return
    if name := register.get("name"):
        yield words[f"register_{name}"]
    for column in register.get("columns", ()):
        of = "column_contractual" if column.get("contractual", True) else "column_informational"
        yield f"{column['label']} ({words[of]})"


def _rules(promise: Mapping[str, Any], words: Mapping[str, str], grounds: Mapping[str, Ground]) -> Iterator[str]:
    yield _rule(promise, words)
    for name, rule in promise.get("classes", {}).items():
        yield f"{words[f'class_{name}']}{words['colon']} {_rule(rule, words)}"
    for name, rule in promise.get("grounds", {}).items():
        title = grounds[name].title if name in grounds else name
        yield f"{title}{words['colon']} {_rule(rule, words)}"


def _rule(rule: Mapping[str, Any], words: Mapping[str, str]) -> str:
    unit = NoticeUnit(rule.get("unit", NoticeUnit.CALENDAR))
    count = _days(rule["count"], unit, rule.get("region", ""), words)
    off = _days_off(rule.get("days_off", ()), words)
    first = _first_day(rule.get("from_first_day", False), words)
    return ", ".join([count, *off, *([words["notice_from_delivery"]] if rule.get("from_delivery") else []), first])


def _days_off(listed: Iterable[str], words: Mapping[str, str]) -> list[str]:
    """The listed days off in words, or nothing."""
    dates = ShownDates(_ANY_ZONE, words)
    days = ", ".join(dates.day(date.fromisoformat(one)) for one in listed)
    return [words["notice_without"].format(days=days)] if days else []


_ANY_ZONE = ZoneInfo("UTC")
"""Days have no zone."""


def _days(count: int, unit: NoticeUnit, region: str, words: Mapping[str, str]) -> str:
    one, many = _DAYS[unit is NoticeUnit.BUSINESS]
    days = words[one if count == 1 else many].format(count=count)
    return f"{days} ({region})" if region else days


_DAYS = (("promise_day", "promise_days"), ("notice_business_day", "notice_business_days"))
"""The words for a number of days: days of the calendar, business days."""


def _first_day(counts: bool, words: Mapping[str, str]) -> str:
    return words["notice_first_day_counts" if counts else "notice_first_day_does_not_count"]


def _ground_words(ground: Any, words: Mapping[str, str], grounds: Mapping[str, Ground]) -> str:
    if isinstance(ground, str):
        return grounds[ground].title if ground in grounds else ground
    cites = f" ({words['cites']} {words['promise_cites_' + ground['cites']]})" if "cites" in ground else ""
    conditions = " ".join(one["text"] for one in ground.get("conditions", ()))
    return f"{ground['title']}{cites}{': ' if conditions else ''}{conditions}"
