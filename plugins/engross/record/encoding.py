"""How the record writes values: canonical JSON, hashes, and instants in UTC.

JSON has one form only, so that its hash means its content: sorted keys, no blanks, UTF-8, whole numbers. The record
writes instants as `2026-11-23T16:00:00Z`. People write a day, or a day and a time, in change notes.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import ConfigDict, Field, StringConstraints

import engross.common.lazy_re as re
from engross.model import NOT_FIXED

STRICT = ConfigDict(strict=True, extra="forbid", defer_build=True)
"""The configuration of each model of a sealed file: values of other types and unknown fields are errors."""
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$")]
Sha = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Count = Annotated[int, Field(ge=1)]
MOST_MESSAGES = 10_000_000_000
"""The most messages of one notice that a receipt can count."""

SHORT = 12
"""Characters of a hash in file names and messages."""


def canonical(value: object) -> bytes:
    """The canonical JSON of a value. Raises ValueError for NaN and infinity, and for text that UTF-8 cannot hold."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8")


def sha256(data: bytes) -> str:
    """The SHA-256 of bytes, in lower-case hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def hash_of(value: object) -> str:
    """The SHA-256 of the canonical JSON of a value."""
    return sha256(canonical(value))


_SEALED = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
_CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]"
_WRITTEN = re.compile(
    rf"([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})(?:(?:T| +)({_CLOCK}(?::[0-5][0-9])?) ?(Z|UTC|[+-]{_CLOCK})?)?"
)
_LAST = datetime(9999, 12, 30, 23, 59, 59, tzinfo=UTC)
_OUT_OF_REACH = "this day is outside the calendar"
AWAITED = "a date that follows delivery of its notice"
"""The instant, in sentences, of a version that waits for the delivery of its notice."""
FORMS = "a day (2026-01-31) or an instant (2026-01-31T09:00Z)"
"""How people may write an instant, for messages."""


def format_instant(instant: datetime) -> str:
    """Format an aware instant as the record writes it. Raises ValueError for one that is not fixed yet."""
    if instant == NOT_FIXED:
        raise ValueError("the instant is not fixed yet")
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0")


def format_fixed(instant: datetime | None) -> str | None:
    """Format an instant as the record writes it; None if there is none, or if it is not fixed yet."""
    return None if instant is None or instant == NOT_FIXED else format_instant(instant)


def parse_sealed_instant(text: str) -> datetime:
    """Parse an instant that the record wrote.

    Raises ValueError for any other form, for a day that does not exist, and for an instant so early or late that some
    time zone has no day for it.
    """
    if not _SEALED.fullmatch(text):
        raise ValueError(f"{text!r} is not an instant of the form 2026-01-31T09:00:00Z")
    try:
        return _showable(datetime.fromisoformat(text))
    except OverflowError:
        raise ValueError(_OUT_OF_REACH) from None


def parse_written_instant(text: str, zone: ZoneInfo) -> datetime:
    """Parse an instant that a person wrote, to UTC. A day means its midnight in `zone`; so does a time without offset.

    Raises ValueError with a message for people if the text is not an instant, or if clocks in `zone` show that time
    never or twice.
    """
    found = _WRITTEN.fullmatch(text.strip())
    if not found:
        raise ValueError(f"{FORMS} is wanted")
    try:
        day = date.fromisoformat(found[1])
    except ValueError:
        raise ValueError(f"there is no day {found[1]}") from None
    try:
        clock = time.fromisoformat(found[2]) if found[2] else time()
        if found[3]:
            offset = "+00:00" if found[3] in ("Z", "UTC") else found[3]
            return _showable(datetime.fromisoformat(f"{day}T{clock}{offset}").astimezone(UTC))
        return _showable(_local(datetime.combine(day, clock), zone))
    except OverflowError:
        raise ValueError(_OUT_OF_REACH) from None


def _showable(instant: datetime) -> datetime:
    """Return the instant. Raises OverflowError if some time zone has no day for it: pages could not show it."""
    _ = instant - timedelta(days=1), instant + timedelta(days=1)
    return instant


def days_after(instant: datetime, days: int) -> datetime:
    """The instant a number of days later, or the last instant that can be shown if the calendar ends before."""
    try:
        return min(instant + timedelta(days=days), _LAST)
    except OverflowError:
        return _LAST


def beginning_of(day: date, zone: ZoneInfo) -> datetime:
    """Return the instant at which a day begins in a zone, also where clocks show its midnight twice or never.

    At the end of the calendar it is the last instant that can be shown.
    """
    midnight = datetime.combine(day, time(), zone)
    try:
        found = (midnight.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
        return min(_showable(min(one for one in found if one.astimezone(zone).date() == day)), _LAST)
    except (OverflowError, ValueError):
        return _LAST


def first_day_after(instant: datetime, zone: ZoneInfo) -> str:
    """The first whole day in a zone that begins after an instant, as notes write it."""
    day = min(instant.astimezone(zone).date(), date.max - timedelta(days=1)) + timedelta(days=1)
    try:
        parse_written_instant(day.isoformat(), zone)
    except ValueError:
        # Clocks show the midnight of this day twice, so that a note cannot name the day alone; or the calendar ends.
        day = min(day, date.max - timedelta(days=2)) + timedelta(days=1)
    return day.isoformat()


def written_instant(instant: datetime, zone: ZoneInfo) -> str:
    """Return an instant as notes write it: the day alone if it begins then in the zone."""
    day = instant.astimezone(zone).date().isoformat()
    try:
        return day if parse_written_instant(day, zone) == instant else format_instant(instant)
    except ValueError:  # clocks show this midnight twice
        return format_instant(instant)


def _local(clock: datetime, zone: ZoneInfo) -> datetime:
    first, second = (clock.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first != second:
        showing = first.astimezone(zone).replace(tzinfo=None) == clock
        often = "twice" if showing else "never"
        if clock.time() == time() and not showing:
            # Clocks go forward at midnight: the day begins after the change.
            return first
        raise ValueError(f"clocks in {zone.key} show {clock:%H:%M} {often} on that day; add the offset from UTC")
    return first


def instant_in_words(instant: datetime, zone: ZoneInfo) -> str:
    """Return an instant for sentences: "26 October 2026", with the time and the zone if it is not midnight there."""
    if instant == NOT_FIXED:
        return AWAITED
    local = instant.astimezone(zone)
    clock = "" if local.time() == time() else f", {local:%H:%M} {zone.key}"
    return f"{local.day} {local:%B %Y}{clock}"


def display_instant(instant: datetime, zone: ZoneInfo) -> str:
    """Format an instant for people: the day if it is midnight in `zone`, else day and minute, with the zone's name.

    Seconds are left out; callers show the exact instant beside it.
    """
    if instant == NOT_FIXED:
        return AWAITED
    local = instant.astimezone(zone)
    clock = "" if local.time() == time() else f" {local:%H:%M}"
    return f"{local:%Y-%m-%d}{clock} {local.tzname() if zone.key == 'UTC' else zone.key}"
