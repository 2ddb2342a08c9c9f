"""Calendars of the days on which announced changes take effect, as iCalendar files (RFC 5545).

A change that was announced stays in the calendar after its day, and if it is withdrawn before, it is marked as
cancelled: programs that subscribe to a calendar remove what is no longer in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, time

from engross.record import ChangeState, PostedChange, addresses
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


def calendars(pub: Publication, summaries: Mapping[str, ChangeSummary]) -> Iterator[tuple[str, bytes]]:
    """Yield the calendars of all changes, of material changes and of each document: the address and the file."""
    words, changes = pub.words, pub.posted.changes
    yield _calendar(pub, summaries, "changes", words["feed_all"], changes)
    yield _calendar(pub, summaries, "material", words["feed_material"], material_changes(pub, summaries))
    for name in dict.fromkeys((*pub.entries, *pub.posted.titles)):
        title = words["feed_document"].format(title=pub.title_of(name))
        yield _calendar(pub, summaries, name, title, pub.posted.about([name]))


def _calendar(
    pub: Publication, summaries: Mapping[str, ChangeSummary], name: str, title: str, changes: Iterable[PostedChange]
) -> tuple[str, bytes]:
    announced = [change for change in changes if any(at > change.posted for at in change.effective)][:NEWEST]
    events = [line for change in announced for line in _events(pub, summaries[change.slug], change)]
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Engross//Posted changes//EN",
        f"NAME:{_text(f'{pub.site.name}: {title}')}",
        f"X-WR-CALNAME:{_text(f'{pub.site.name}: {title}')}",
        "REFRESH-INTERVAL;VALUE=DURATION:P1D",
        *(events or _NO_EVENTS),
        "END:VCALENDAR",
    ]
    return addresses.feed(name, CALENDAR), "".join(map(_folded, lines)).encode()


def _events(pub: Publication, summary: ChangeSummary, change: PostedChange) -> Iterator[str]:
    """One event for each day on which a change takes effect."""
    page = pub.site.full(addresses.change_page(change.slug))
    never = change.state(pub.at) is ChangeState.WITHDRAWN
    for number, at in enumerate(change.effective):
        yield "BEGIN:VEVENT"
        yield f"UID:{_text(item_id(pub, change))}{f'/{number + 1}' if number else ''}"
        yield f"DTSTAMP:{_utc(change.withdrawn if never and change.withdrawn else change.posted)}"
        yield _start(pub, at)
        yield f"SUMMARY:{_text(pub.words['calendar_event'].format(title=summary.title, documents=summary.about))}"
        yield f"DESCRIPTION:{_text(chr(10).join(filter(None, (summary.short, page))))}"
        if page:
            yield f"URL:{page}"
        yield f"STATUS:{'CANCELLED' if never else 'CONFIRMED'}"
        yield "TRANSP:TRANSPARENT"
        yield "END:VEVENT"


def _start(pub: Publication, at: datetime) -> str:
    """The beginning of an event: the whole day if it begins with the day in the site's time zone."""
    local = at.astimezone(pub.site.zone)
    return f"DTSTART;VALUE=DATE:{local:%Y%m%d}" if local.time() == time() else f"DTSTART:{_utc(at)}"


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


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
