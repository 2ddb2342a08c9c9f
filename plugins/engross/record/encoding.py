"""How the record writes values: canonical JSON, and instants in UTC.

One way to write JSON, so that a hash of it means what it says: sorted keys, no blanks, UTF-8.

The subset of RFC 8785 for what the record holds: objects with ASCII keys, lists, text, whole numbers, truth values.

Instants as the record writes them, and as people write them in change notes.

The record has `2026-11-23T16:00:00Z` only. People write a day, which begins at midnight where the site's days count, or
a day and a time, with or without its offset from UTC.
"""

from __future__ import annotations

import hashlib
import json
import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import ConfigDict, Field, StringConstraints

STRICT = ConfigDict(strict=True, extra="forbid")
"""The configuration of every model of the record: no value of another type and no other field is read."""
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$")]
Sha = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Count = Annotated[int, Field(ge=1)]

SHORT = 12
"""Characters of a hash in file names and messages."""


def canonical(value: object) -> bytes:
    """The bytes of a value. Raises ValueError for a number that is no integer, and for text that UTF-8 cannot hold."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8")


def sha256(data: bytes) -> str:
    """The SHA-256 of some bytes, in lower-case hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def hash_of(value: object) -> str:
    """The SHA-256 of a value's canonical bytes."""
    return sha256(canonical(value))


_SEALED = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
_CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]"
_WRITTEN = re.compile(
    rf"([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})(?:(?:T| +)({_CLOCK}(?::[0-5][0-9])?) ?(Z|UTC|[+-]{_CLOCK})?)?"
)
_LAST = datetime(9999, 12, 30, 23, 59, 59, tzinfo=UTC)
_OUT_OF_REACH = "this day is out of any calendar's reach"
FORMS = "a day (2026-01-31) or an instant (2026-01-31T09:00Z)"
"""What may be written for an instant, in words."""


def format_instant(instant: datetime) -> str:
    """An aware instant as the record writes it."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0")


def parse_sealed_instant(text: str) -> datetime:
    """The instant that the record writes so. Raises ValueError for any other form, for a day that is none, and for one
    that no note can give, since clocks of some zone have no day for it.
    """
    if not _SEALED.fullmatch(text):
        raise ValueError(f"{text!r} is no instant of the form 2026-01-31T09:00:00Z")
    try:
        return _showable(datetime.fromisoformat(text))
    except OverflowError:
        raise ValueError(_OUT_OF_REACH) from None


def parse_written_instant(text: str, zone: ZoneInfo) -> datetime:
    """The instant, in UTC, that a person wrote: a day begins at midnight in `zone`, a time without offset is its time.

    Raises ValueError, in words, where it is none, and where a clock in that zone never or twice shows it.
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
    """The instant. Raises OverflowError where clocks of some zone have no day for it: it could be posted, not shown."""
    _ = instant - timedelta(days=1), instant + timedelta(days=1)
    return instant


def days_after(instant: datetime, days: int) -> datetime:
    """The instant some days later, or the last that can be shown where the calendar ends before."""
    try:
        return min(instant + timedelta(days=days), _LAST)
    except OverflowError:
        return _LAST


def _local(clock: datetime, zone: ZoneInfo) -> datetime:
    first, second = (clock.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first != second:
        showing = first.astimezone(zone).replace(tzinfo=None) == clock
        often = "twice" if showing else "never"
        if clock.time() == time() and not showing:
            # Midnight falls into the gap where clocks go forward at midnight: the day begins when they have.
            return first
        raise ValueError(f"clocks in {zone.key} show {clock:%H:%M} {often} on that day; add the offset from UTC")
    return first


def display_instant(instant: datetime, zone: ZoneInfo) -> str:
    """An instant for people: the day where it is midnight in `zone`, else day and minute, always with the zone's name.

    Seconds are for machines: beside what is shown stands the exact instant.
    """
    local = instant.astimezone(zone)
    clock = "" if local.time() == time() else f" {local:%H:%M}"
    return f"{local:%Y-%m-%d}{clock} {local.tzname() if zone.key == 'UTC' else zone.key}"
