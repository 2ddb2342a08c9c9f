"""An entry of the ledger as JSON, and back: which fields each kind has, and what each may hold.

An entry is written once and read for ever, so that nothing is read leniently: unknown fields, missing ones
and values of another type are mistakes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from engross.model import (
    ChangeClass,
    DocumentEntry,
    DocumentKind,
    Entry,
    EntryKind,
    NoteRef,
    Sealed,
    SetEntry,
)
from engross.record.canonical import hash_of
from engross.record.instants import from_sealed, sealed_text

FORMAT = 1
"""Rises when an entry is written in a way that older tools cannot read."""

FIRST = "0" * 64
"""The `previous` of the first entry."""

_ALWAYS = ("document", "format", "hash", "kind", "posted", "previous", "seq")
FIELDS: Mapping[EntryKind, tuple[str, ...]] = {
    EntryKind.POST: (
        "version", "effective", "sealed", "entry", "sets", "class", "material", "notes", "supersedes", "restores",
    ),
    EntryKind.NOTICE: ("effective", "entry", "class", "material", "notes"),
    EntryKind.WITHDRAW: ("version", "effective", "notes"),
    EntryKind.CORRECT: ("corrects", "notes"),
    EntryKind.REDACT: ("version", "clause", "reason", "sealed", "was"),
    EntryKind.MOVE: ("effective", "entry", "sets", "notes"),
    EntryKind.RETIRE: ("effective", "notes"),
}  # fmt: skip
"""What an entry of each kind holds besides what all hold."""

_ID = re.compile(r"[a-z0-9][a-z0-9-]*")
_SHA = re.compile(r"[0-9a-f]{64}")


def entry_json(entry: Entry, *, hashed: bool = True) -> dict[str, Any]:
    """An entry as plain values; without its own hash where `hashed` is false."""
    written = {name: _WRITE[name](entry) for name in (*_ALWAYS, *FIELDS[entry.kind])}
    if not hashed:
        del written["hash"]
    return written


def entry_hash(entry: Entry) -> str:
    """The hash that an entry should have: of all it holds but the hash itself."""
    return hash_of(entry_json(entry, hashed=False))


def read_entry(value: object) -> Entry:
    """The entry that plain values hold. Raises ValueError, in words, at the first that is not as it should be."""
    if not isinstance(value, dict):
        raise ValueError("it is no JSON object")
    if value.get("format") != FORMAT:
        raise ValueError(f"its format is {value.get('format')!r}, and this Engross reads format {FORMAT}")
    try:
        kind = EntryKind(str(value.get("kind")))
    except ValueError:
        raise ValueError(f"its kind, {value.get('kind')!r}, is none") from None
    wanted = {*_ALWAYS, *FIELDS[kind]}
    for name in sorted(wanted ^ set(value)):
        raise ValueError(f"it has no {name}" if name in wanted else f"it has a {name}, which no {kind} has")
    fields = {}
    for name in wanted - {"format", "kind"}:
        try:
            fields.update(_READ[name](value[name]))
        except (ValueError, KeyError, TypeError, AttributeError):
            raise ValueError(f"its {name} is not as it should be") from None
    return Entry(kind=kind, **fields)


def document_json(entry: DocumentEntry) -> dict[str, Any]:
    """What documents.yml says of a document, as it is sealed; what it leaves out is left out."""
    return {name: value for name in _DOCUMENT if (value := _plain(getattr(entry, name))) not in ("", False, 0, [])}


def set_json(entry: SetEntry) -> dict[str, Any]:
    """What documents.yml says of a set, as it is sealed."""
    return {
        "id": entry.id,
        "title": entry.title,
        "agreement": entry.agreement,
        "incorporates": list(entry.incorporates),
        "precedence": [list(rank) for rank in entry.precedence],
    }


_DOCUMENT: Mapping[str, type] = {
    "id": str,
    "title": str,
    "kind": str,
    "file": str,
    "published": str,
    "changes": str,
    "numbering": bool,
    "description": str,
    "grounds": list,
    "policy": str,
    "notice_days": int,
    "text_required": bool,
}


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else str(value) if isinstance(value, DocumentKind) else value


def _read_document(value: Mapping[str, Any]) -> DocumentEntry:
    if not set(value) <= set(_DOCUMENT) or any(type(value[name]) is not _DOCUMENT[name] for name in value):
        raise ValueError
    fields: dict[str, Any] = {
        name: tuple(map(_text, one)) if isinstance(one, list) else one for name, one in value.items()
    }
    return DocumentEntry(**{**fields, "kind": DocumentKind(value["kind"]), "id": _id(value["id"])})


def _read_set(value: Mapping[str, Any]) -> SetEntry:
    if set(value) != {"id", "title", "agreement", "incorporates", "precedence"}:
        raise ValueError
    ranks = tuple(tuple(map(_text, _list(rank))) for rank in _list(value["precedence"]))
    incorporates = tuple(map(_text, _list(value["incorporates"])))
    return SetEntry(_id(value["id"]), _text(value["title"]), _id(value["agreement"]), incorporates, ranks)


def _sealed_json(sealed: Sealed | None) -> dict[str, str]:
    assert sealed is not None
    return {"source": sealed.source, "text": sealed.text, "tree": sealed.tree}


def _read_sealed(value: Mapping[str, Any]) -> Sealed:
    if set(value) != {"source", "text", "tree"}:
        raise ValueError
    return Sealed(_sha(value["source"]), _sha(value["text"]), _sha(value["tree"]))


def _read_notes(value: object) -> tuple[NoteRef, ...]:
    notes = []
    for note in _list(value):
        if set(note) != {"slug", "sha256"}:
            raise ValueError
        notes.append(NoteRef(_id(note["slug"]), _sha(note["sha256"])))
    return tuple(notes)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError
    return value


def _list(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError
    return value


def _id(value: object) -> str:
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise ValueError
    return value


def _sha(value: object) -> str:
    if not isinstance(value, str) or not _SHA.fullmatch(value):
        raise ValueError
    return value


def _number(value: object, least: int) -> int:
    if type(value) is not int or value < least:
        raise ValueError
    return value


def _truth(value: object) -> bool:
    if type(value) is not bool:
        raise ValueError
    return value


def _instant(value: datetime | None) -> str:
    assert value is not None
    return sealed_text(value)


_WRITE: Mapping[str, Callable[[Entry], Any]] = {
    "format": lambda _entry: FORMAT,
    "seq": lambda entry: entry.seq,
    "kind": lambda entry: str(entry.kind),
    "posted": lambda entry: _instant(entry.posted),
    "document": lambda entry: entry.document,
    "previous": lambda entry: entry.previous,
    "hash": lambda entry: entry.hash,
    "version": lambda entry: entry.version,
    "effective": lambda entry: _instant(entry.effective),
    "sealed": lambda entry: _sealed_json(entry.sealed),
    "was": lambda entry: _sealed_json(entry.was),
    "entry": lambda entry: document_json(entry.entry),  # type: ignore[arg-type]
    "sets": lambda entry: [set_json(one) for one in entry.sets],
    "class": lambda entry: str(entry.change_class),
    "material": lambda entry: entry.material,
    "notes": lambda entry: [{"slug": note.slug, "sha256": note.sha256} for note in entry.notes],
    "supersedes": lambda entry: entry.supersedes,
    "restores": lambda entry: entry.restores,
    "corrects": lambda entry: entry.corrects,
    "clause": lambda entry: entry.clause,
    "reason": lambda entry: entry.reason,
}

_READ: Mapping[str, Callable[[Any], dict[str, Any]]] = {
    "seq": lambda value: {"seq": _number(value, 1)},
    "posted": lambda value: {"posted": from_sealed(_text(value))},
    "document": lambda value: {"document": _id(value)},
    "previous": lambda value: {"previous": _sha(value)},
    "hash": lambda value: {"hash": _sha(value)},
    "version": lambda value: {"version": _number(value, 1)},
    "effective": lambda value: {"effective": from_sealed(_text(value))},
    "sealed": lambda value: {"sealed": _read_sealed(value)},
    "was": lambda value: {"was": _read_sealed(value)},
    "entry": lambda value: {"entry": _read_document(value)},
    "sets": lambda value: {"sets": tuple(map(_read_set, _list(value)))},
    "class": lambda value: {"change_class": ChangeClass(value)},
    "material": lambda value: {"material": _truth(value)},
    "notes": lambda value: {"notes": _read_notes(value)},
    "supersedes": lambda value: {"supersedes": _number(value, 0)},
    "restores": lambda value: {"restores": _number(value, 0)},
    "corrects": lambda value: {"corrects": _number(value, 1)},
    "clause": lambda value: {"clause": _text(value)},
    "reason": lambda value: {"reason": _text(value)},
}
