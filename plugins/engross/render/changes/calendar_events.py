"""What a calendar has besides the days on which changes take effect: retirements of models, days to object until.

An event is made from the record alone, so that each build gives it the same bytes: it carries the instant at which the
record last changed it, and how often that was. Programs that subscribe to a calendar remove an event only if it is
cancelled, so that an event whose day was withdrawn stays with its last day.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import MAXYEAR, date, datetime

from engross.common import Cache, EngrossError, key_of
from engross.corpus import read_catalogue
from engross.model import DocumentKind, Version
from engross.record import Record, last_day_to_object, objection_periods, sealed_source
from engross.render.changes.feeds import permanent_id
from engross.render.changes.posted import Publication


@dataclass(frozen=True, slots=True)
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
            if applies.astimezone(pub.site.zone).date() < _day(events[model].start):
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


def _day(start: datetime | date) -> date:
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
