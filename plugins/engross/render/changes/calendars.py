"""Calendars as iCalendar files (RFC 5545): the days on which announced changes take effect, and other events, which are
retirements of models and the days to object until.

An event is made from the record alone, so that each build gives it the same bytes: it carries the instant at which the
record last changed it, and how often that was. Programs that subscribe to a calendar remove an event only if it is
cancelled. So a change that was announced stays after its day, and an event whose day was withdrawn stays with its last
day.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import MAXYEAR, UTC, date, datetime, time

import engross.common.lazy_re as re
from engross.common import Cache, EngrossError, key_of, value_class
from engross.corpus import read_catalogue
from engross.model import DocumentKind, Version
from engross.record import (
    ChangeState,
    PostedChange,
    Record,
    addresses,
    last_day_to_object,
    objection_periods,
    sealed_source,
)
from engross.render.changes.feeds import CALENDAR, NEWEST, item_id, permanent_id
from engross.render.changes.posted import Publication
from engross.render.changes.summaries import ChangeSummary, material_changes

_LINE = 75
"""The most bytes of a line (RFC 5545, 3.1)."""
_SPECIAL = re.compile(r"[\\;,]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_NO_EVENTS = (
    "BEGIN:VTIMEZONE", "TZID:UTC", "BEGIN:STANDARD", "DTSTART:19700101T000000", "TZOFFSETFROM:+0000",
    "TZOFFSETTO:+0000", "END:STANDARD", "END:VTIMEZONE",
)  # fmt: skip
"""A calendar must have at least one component (RFC 5545, 3.6)."""


def calendars(
    pub: Publication, summaries: Mapping[str, ChangeSummary], others: Iterable[CalendarEvent] = ()
) -> Iterator[tuple[str, bytes]]:
    """Yield the calendars of all changes, of material changes and of each document: the address and the file.

    `others` are events besides the effective dates of changes; the calendar of material changes has none of them.
    """
    words, changes, more = pub.words, pub.posted.changes, tuple(others)
    yield _calendar(pub, "changes", words["feed_all"], (*_announced(pub, summaries, changes), *more))
    material = material_changes(pub, summaries)
    yield _calendar(pub, "material", words["feed_material"], tuple(_announced(pub, summaries, material)))
    for name in dict.fromkeys((*pub.entries, *pub.posted.titles)):
        title = words["feed_document"].format(title=pub.title_of(name))
        own = (one for one in more if name in one.documents)
        yield _calendar(pub, name, title, (*_announced(pub, summaries, pub.posted.about([name])), *own))


def _calendar(pub: Publication, name: str, title: str, events: Iterable[CalendarEvent]) -> tuple[str, bytes]:
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Engross//Posted changes//EN",
        f"NAME:{_text(f'{pub.site.name}: {title}')}",
        f"X-WR-CALNAME:{_text(f'{pub.site.name}: {title}')}",
        "REFRESH-INTERVAL;VALUE=DURATION:P1D",
        *([line for event in events for line in _lines(pub, event)] or _NO_EVENTS),
        "END:VCALENDAR",
    ]
    return addresses.feed(name, CALENDAR), "".join(map(_folded, lines)).encode()


def _announced(
    pub: Publication, summaries: Mapping[str, ChangeSummary], changes: Iterable[PostedChange]
) -> Iterator[CalendarEvent]:
    """Yield an event for each day on which one of the newest announced changes takes effect."""
    announced = [change for change in changes if any(at > change.posted for at in change.effective)]
    for change in announced[:NEWEST]:
        summary, never = summaries[change.slug], change.state(pub.at) is ChangeState.WITHDRAWN
        for number, at in enumerate(change.effective):
            yield CalendarEvent(
                f"{item_id(pub, change)}{f'/{number + 1}' if number else ''}",
                change.withdrawn if never and change.withdrawn else change.posted,
                at,
                pub.words["calendar_event"].format(title=summary.title, documents=summary.about),
                change.documents,
                summary.short,
                addresses.change_page(change.slug),
                sequence=int(never),
                cancelled=never,
            )


def _lines(pub: Publication, event: CalendarEvent) -> Iterator[str]:
    page = pub.site.full(event.page) if event.page else ""
    yield "BEGIN:VEVENT"
    yield f"UID:{_text(event.id)}"
    yield f"DTSTAMP:{_utc(event.stamp)}"
    yield _start(pub, event.start)
    if event.end:
        yield f"DTEND;VALUE=DATE:{_day(event.end)}"
    yield f"SUMMARY:{_text(event.title)}"
    if described := "\n".join(filter(None, (event.description, page))):
        yield f"DESCRIPTION:{_text(described)}"
    if page:
        yield f"URL:{page}"
    if event.sequence:
        yield f"SEQUENCE:{event.sequence}"
    yield f"STATUS:{'CANCELLED' if event.cancelled else 'CONFIRMED'}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _start(pub: Publication, at: datetime | date) -> str:
    """The beginning of an event: the whole day if it begins with the day in the site's time zone."""
    if not isinstance(at, datetime):
        return f"DTSTART;VALUE=DATE:{_day(at)}"
    local = at.astimezone(pub.site.zone)
    return f"DTSTART;VALUE=DATE:{_day(local)}" if local.time() == time() else f"DTSTART:{_utc(at)}"


def _utc(at: datetime) -> str:
    moved = at.astimezone(UTC)
    return f"{_day(moved)}T{moved:%H%M%SZ}"


def _day(at: date) -> str:
    """A day as 20260131. `%Y` would write years before 1000 with fewer than four digits."""
    return f"{at.year:04}{at:%m%d}"


def _text(text: str) -> str:
    """A text as a value: special characters and line breaks escaped (RFC 5545, 3.3.11)."""
    escaped = _SPECIAL.sub(r"\\\g<0>", text.replace("\r\n", "\n"))
    return _CONTROL.sub("", escaped.replace("\n", "\\n"))


def _folded(line: str) -> str:
    """A line with its end, folded after at most 75 bytes and never within a character (RFC 5545, 3.1)."""
    if len(line) <= _LINE and line.isascii():
        return f"{line}\r\n"
    parts, width = [""], 0
    for char in line:
        size = len(char.encode())
        if width + size > _LINE:
            parts.append(" ")
            width = 1
        parts[-1] += char
        width += size
    return "".join(f"{part}\r\n" for part in parts)


@value_class(frozen=True, slots=True)
class CalendarEvent:
    """One event. `id` is permanent. `stamp` is the instant at which the record last changed it, `sequence` how often it
    changed. It is at the instant or on the whole day `start`, or on all days before `end`. `page` is relative to the
    site's root. `documents` are the ids of the documents in whose calendars it is.
    """

    id: str
    stamp: datetime
    start: datetime | date
    title: str
    documents: tuple[str, ...]
    description: str = ""
    page: str = ""
    end: date | None = None
    sequence: int = 0
    cancelled: bool = False


def retirements(pub: Publication, cache: Cache) -> Iterator[CalendarEvent]:
    """Yield the retirement of each model for which a posted list has, or had, a day; in the order of the lists."""
    record = pub.posted.record
    for name, versions in record.versions.items():
        if any(one.entry.kind is DocumentKind.CATALOGUE for one in versions):
            yield from _of_list(pub, record, name, cache)


_Listed = Mapping[str, tuple[str, str]]
"""The name and the day or month of retirement ("" if it has none) of each model of a list, by its id."""


def _of_list(pub: Publication, record: Record, name: str, cache: Cache) -> Iterator[CalendarEvent]:
    entry = record.last_entry(name)
    title, page = (entry.title, entry.published) if entry else (name, "")
    events: dict[str, CalendarEvent] = {}
    for at, version in _last_versions(record, name):
        listed = _read(record, version, cache) if version else {}
        if listed is None:
            continue
        for model, (shown, day) in listed.items():
            words = pub.words["calendar_retires"].format(model=shown, document=title)
            before = events.get(model)
            if day:
                start, end = _days(day)
                event = CalendarEvent(
                    permanent_id(pub, f"documents/{name}/models/{model}/retires"), at, start, words, (name,),
                    page=page, end=end,
                )  # fmt: skip
                events[model] = event if before is None else _changed(before, event)
            elif before:
                events[model] = _cancelled(before, at)
        for model in events.keys() - listed.keys():
            applies = version.effective if version else at
            # A model that left the list on its day was retired as announced.
            if applies.astimezone(pub.site.zone).date() < _first_day(events[model].start):
                events[model] = _cancelled(events[model], at)
    yield from events.values()


def _changed(before: CalendarEvent, after: CalendarEvent) -> CalendarEvent:
    """An event as it is now, with a higher sequence if its days or its title changed or it was cancelled."""
    same = (before.start, before.end, before.title, before.cancelled) == (after.start, after.end, after.title, False)
    return before if same else replace(after, sequence=before.sequence + 1)


def _cancelled(event: CalendarEvent, at: datetime) -> CalendarEvent:
    return event if event.cancelled else replace(event, stamp=at, sequence=event.sequence + 1, cancelled=True)


def _last_versions(record: Record, name: str) -> Iterator[tuple[datetime, Version | None]]:
    """Each instant at which the last version that is not withdrawn became another one, and that version."""
    versions = record.versions[name]
    instants = {one.posted for one in versions} | {one.withdrawn for one in versions if one.withdrawn}
    for at in sorted(instants):
        left = [one for one in versions if one.posted <= at and not (one.withdrawn and one.withdrawn <= at)]
        yield at, left[-1] if left else None


def _read(record: Record, version: Version, cache: Cache) -> _Listed | None:
    """The models of a version of a list; None if it cannot be read, such as after a redaction."""

    def make() -> bytes:
        """Return the name and the day of retirement of each model, by id, as JSON; null if the list cannot be read."""
        try:
            catalogue = read_catalogue(sealed_source(record, version))
        except EngrossError:
            return b"null"
        days = {one.id: str(one.lifecycle.retires or "") if one.lifecycle else "" for one in catalogue.models}
        return json.dumps({one.id: (one.name, days[one.id]) for one in catalogue.models}).encode()

    if version.entry.kind is not DocumentKind.CATALOGUE:
        return {}
    found: _Listed | None = json.loads(cache.made(key_of(__name__, "retirements", version.sealed.source), make))
    return found


def _days(written: str) -> tuple[date, date | None]:
    """The first day of a day or month, and for a month the first day after it; None if no later day can be written."""
    if len(written) == len("2026-10"):
        first = date.fromisoformat(f"{written}-01")
        year, month = first.year + first.month // 12, first.month % 12 + 1
        return first, date(year, month, 1) if year <= MAXYEAR else None
    return date.fromisoformat(written), None


def _first_day(start: datetime | date) -> date:
    return start.date() if isinstance(start, datetime) else start


def objections(pub: Publication) -> Iterator[CalendarEvent]:
    """Yield the last day to object to each row that was added to a register of sub-processors.

    It is cancelled if the version with the row was withdrawn before that day.
    """
    record, zone = pub.posted.record, pub.site.zone
    for name in record.versions:
        for version, row, end in objection_periods(record, name, zone):
            gone = version.withdrawn if version.withdrawn and version.withdrawn < end else None
            yield CalendarEvent(
                permanent_id(pub, f"documents/{name}/rows/{row.anchor}/objection/{version.number}"),
                gone or version.posted,
                last_day_to_object(end, zone),
                pub.words["calendar_objection"].format(row=row.label, document=pub.title_of(name)),
                (name,),
                page=pub.current(name),
                sequence=int(gone is not None),
                cancelled=gone is not None,
            )
