"""Posted notes are read once: what was read is kept, by the hash of the note, from one build to the next.

Reading a thousand notes takes seconds, and a posted note never changes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from engross.cache import Cache, key_of
from engross.model import Change, ChangeClass, GroundGiven, NoteRef, Source, VersionId
from engross.record.archive import note_name, sealed_note
from engross.record.history import Record
from engross.record.instants import from_sealed, sealed_text
from engross.record.notes import posted_note, version_id
from engross.text import decode


def read_posted(record: Record, note: NoteRef, zone: ZoneInfo, cache: Cache) -> Change:
    """A posted note, as it was written. Raises EngrossError where it is not what was sealed."""
    note = record.note(note)
    data = sealed_note(record, note)
    path = f"{record.shown}/{note_name(note)}"
    key = key_of("note", note.slug, note.sha256, zone.key)
    kept = cache.get(key)
    if kept is not None:
        return change_from(kept, decode(data, path, sealed=True), note)
    change = posted_note(data, path, note.slug, zone)
    cache.put(key, change_bytes(change))
    return change


def change_bytes(change: Change) -> bytes:
    """Everything a note says but its source and its name, as JSON."""
    plain = {one.name: _plain(getattr(change, one.name)) for one in fields(change) if one.name not in _NAMED}
    return json.dumps(plain, ensure_ascii=False, sort_keys=True).encode()


def change_from(data: bytes, source: Source, note: NoteRef) -> Change:
    """The note that `change_bytes` wrote."""
    said: dict[str, Any] = json.loads(data)
    for name, read in _READ.items():
        said[name] = read(said[name])
    return Change(slug=note.slug, sha256=note.sha256, source=source, **said)


_NAMED = ("slug", "sha256", "source")


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return sealed_text(value)
    if isinstance(value, GroundGiven):
        return [value.id, value.cites, [list(pair) for pair in value.conditions]]
    if isinstance(value, VersionId):
        return str(value)
    return [_plain(one) for one in value] if isinstance(value, tuple) else value


def _pairs(value: list[list[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((one, other) for one, other in value)


_READ: Mapping[str, Callable[[Any], Any]] = {
    "documents": tuple,
    "change_class": ChangeClass,
    "effective": lambda value: from_sealed(value) if value else None,
    "grounds": lambda value: tuple(GroundGiven(name, cites, _pairs(conditions)) for name, cites, conditions in value),
    "text": _pairs,
    "withdraws": lambda value: tuple(map(version_id, value)),
    "restores": lambda value: version_id(value) if value else None,
    "anchors": _pairs,
    "sets": tuple,
    "own_text": tuple,
}
