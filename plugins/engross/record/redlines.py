"""Which redlines are published: from each version to the one that superseded it, and from a few to the one in force.

That is as many as there are versions, and a few: those from every version to every other would be their square.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from engross.model import VersionId
from engross.record.history import Record

LATEST = 5
"""How many versions before the one in force have a redline that leads to it."""


def published_redlines(record: Record, document: str, at: datetime) -> tuple[tuple[VersionId, int], ...]:
    """The redlines of a document at an instant: from which version, to which number; in order, each once."""
    return tuple(sorted(set(_redlines(record, document, at)), key=lambda pair: (pair[1], pair[0].number)))


def _redlines(record: Record, document: str, at: datetime) -> Iterator[tuple[VersionId, int]]:
    for version in record.versions.get(document, ()):
        if version.post.supersedes:
            yield VersionId(document, version.post.supersedes), version.number
    now = record.in_force(document, at)
    if now:
        for number in range(max(1, now.number - LATEST), now.number):
            yield VersionId(document, number), now.number
