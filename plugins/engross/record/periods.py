"""From when until when each version of a document was, is and will be in force: every instant answered at once.

The same as `Record.in_force`, asked at every instant at which the answer changes, in one pass.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from engross.model import Version
from engross.record.history import Record


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time, from an instant until another (None: as far as is known), and the version in force throughout;
    None where none was.
    """

    start: datetime
    end: datetime | None
    version: Version | None


def periods(record: Record, document: str) -> tuple[Period, ...]:
    """The periods of a document, in order and without gaps, from when its first version took effect."""
    found = list(_changes(record, document))
    ends = [*(start for start, _ in found[1:]), None][: len(found)]
    return tuple(Period(start, end, version) for (start, version), end in zip(found, ends, strict=True))


def _changes(record: Record, document: str) -> Iterator[tuple[datetime, Version | None]]:
    """Each instant at which another version, or none, is in force from then on."""
    coming = sorted(record.versions.get(document, ()), key=lambda one: (one.effective, one.post.seq), reverse=True)
    last: Version | None = None
    standing: list[Version] = []
    for instant in _instants(record, document):
        while coming and coming[-1].effective <= instant:
            standing.append(coming.pop())
        while standing and (gone := standing[-1].withdrawn) and gone <= instant:
            standing.pop()
        now = None if _is_retired(record, document, instant) else standing[-1] if standing else None
        if now is not last:
            yield instant, now
            last = now


def _instants(record: Record, document: str) -> list[datetime]:
    versions = record.versions.get(document, ())
    found = {version.effective for version in versions}
    found |= {version.withdrawn for version in versions if version.withdrawn}
    retired = record.retired(document)
    if retired and retired.effective:
        found.add(retired.effective)
    return sorted(found)


def _is_retired(record: Record, document: str, at: datetime) -> bool:
    retired = record.retired(document)
    return bool(retired and retired.effective and retired.effective <= at)
