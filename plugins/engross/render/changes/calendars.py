"""Calendars as iCalendar files (RFC 5545): the days on which announced changes take effect, and other events.

A change that was announced stays in the calendar after its day, and if it is withdrawn before, it is marked as
cancelled: programs that subscribe to a calendar remove what is no longer in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time

import engross.common.lazy_re as re
from engross.record import ChangeState, PostedChange, addresses
from engross.render.changes.calendar_events import CalendarEvent
from engross.render.changes.feeds import NEWEST, item_id
from engross.render.changes.posted import Publication
from engross.render.changes.summaries import ChangeSummary, material_changes

CALENDAR = ".ics"
"""The ending of the file names of calendars (`addresses.feed`)."""

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
    parts, width = [""], 0
    for char in line:
        size = len(char.encode())
        if width + size > _LINE:
            parts.append(" ")
            width = 1
        parts[-1] += char
        width += size
    return "".join(f"{part}\r\n" for part in parts)
