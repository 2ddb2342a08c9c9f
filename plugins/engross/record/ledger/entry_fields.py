"""The values in an entry of the ledger as JSON has them, and back: what each field may hold, in each format.

A reader raises ValueError, KeyError, TypeError or AttributeError at whatever is not as it should be.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from engross.model import ChangeClass, DocumentEntry, DocumentKind, Entry, Ground, NoteRef, Sealed, SetEntry
from engross.record.encoding import format_instant, parse_sealed_instant

Writers = Mapping[str, Callable[[Entry], Any]]
Readers = Mapping[str, Callable[[Any], dict[str, Any]]]

_ID = re.compile(r"[a-z0-9][a-z0-9-]*")
_SHA = re.compile(r"[0-9a-f]{64}")

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
_SET = ("id", "title", "agreement", "incorporates", "precedence")
IN_OBJECTS: Mapping[str, frozenset[str]] = {"entry": frozenset(_DOCUMENT), "set": frozenset(_SET)}
"""The names in the two objects of an entry that may hold names which this version does not know."""


class NotReadError(ValueError):
    """What a later version of Engross wrote, and this one does not read; the words go on after "entry 7"."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what}, which this version of Engross does not read; update Engross")


def document_json(entry: DocumentEntry) -> dict[str, Any]:
    """What documents.yml says of a document, as format 1 seals it; what it leaves out is left out."""
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


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else str(value) if isinstance(value, DocumentKind) else value


def _grounded_json(entry: Entry) -> dict[str, Any]:
    assert entry.entry is not None
    said = document_json(entry.entry)
    return {**said, "grounds": [_ground_json(ground) for ground in entry.grounds]} if entry.grounds else said


def _ground_json(ground: Ground) -> dict[str, Any]:
    said: dict[str, Any] = {"id": ground.id, "title": ground.title}
    if ground.cites:
        said["cites"] = ground.cites
    if ground.conditions:
        said["conditions"] = [{"id": name, "text": words} for name, words in ground.conditions]
    return said


def _read_ground(value: Mapping[str, Any]) -> Ground:
    if not {"id", "title"} <= set(value) <= {"id", "title", "cites", "conditions"}:
        raise ValueError
    conditions = [_exactly(one, "id", "text") for one in _list(value.get("conditions", []))]
    pairs = tuple((_id(one["id"]), _text(one["text"])) for one in conditions)
    return Ground(_id(value["id"]), _text(value["title"]), _text(value.get("cites", "")), pairs)


def _read_document(value: Mapping[str, Any]) -> DocumentEntry:
    if not set(value) <= set(_DOCUMENT) or any(type(value[name]) is not _DOCUMENT[name] for name in value):
        raise ValueError
    fields: dict[str, Any] = {
        name: tuple(map(_text, one)) if isinstance(one, list) else one for name, one in value.items()
    }
    return DocumentEntry(**{**fields, "kind": DocumentKind(value["kind"]), "id": _id(value["id"])})


def _read_grounded(value: Mapping[str, Any]) -> dict[str, Any]:
    grounds = tuple(map(_read_ground, _list(value.get("grounds", []))))
    known, extra = _known(value, "entry")
    if grounds:
        known["grounds"] = [ground.id for ground in grounds]
    return {"entry": _read_document(known), "grounds": grounds, **extra}


def _read_set(value: Mapping[str, Any]) -> SetEntry:
    _exactly(value, *_SET)
    ranks = tuple(tuple(map(_text, _list(rank))) for rank in _list(value["precedence"]))
    incorporates = tuple(map(_text, _list(value["incorporates"])))
    return SetEntry(_id(value["id"]), _text(value["title"]), _id(value["agreement"]), incorporates, ranks)


def _read_open_set(value: Mapping[str, Any]) -> dict[str, Any]:
    known, extra = _known(value, "set")
    return {"set": _read_set(known), **extra}


def _known(value: Mapping[str, Any], name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The fields of an object that this version knows, and the others as the entry keeps them."""
    known = {key: one for key, one in value.items() if key in IN_OBJECTS[name]}
    others = {key: one for key, one in value.items() if key not in known}
    return known, {"extra": {name: others}} if others else {}


def _hashes_json(sealed: Sealed | None) -> dict[str, str]:
    assert sealed is not None
    return {"source": sealed.source, "text": sealed.text, "tree": sealed.tree}


def _read_hashes(value: Mapping[str, Any]) -> Sealed:
    _exactly(value, "source", "text", "tree")
    return Sealed(_sha(value["source"]), _sha(value["text"]), _sha(value["tree"]))


def _seal_json(sealed: Sealed | None) -> str:
    assert sealed is not None
    return sealed.seal


def _was_json(entry: Entry) -> str | dict[str, str]:
    return _seal_json(entry.was) or _hashes_json(entry.was)


def _read_seal(value: object) -> Sealed:
    return Sealed("", "", "", _sha(value))


def _read_was(value: Any) -> Sealed:
    return _read_seal(value) if isinstance(value, str) else _read_hashes(value)


def _notes_json(entry: Entry, hash: str) -> list[dict[str, str]]:
    return [{"slug": note.slug, hash: note.ledger_hash} for note in entry.notes]


def _read_notes(value: object, hash: str) -> tuple[tuple[str, str], ...]:
    return tuple((_id(_exactly(note, "slug", hash)["slug"]), _sha(note[hash])) for note in _list(value))


def _exactly(value: Mapping[str, Any], *names: str) -> Mapping[str, Any]:
    if set(value) != set(names):
        raise ValueError
    return value


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


def _instant(value: datetime | None) -> str | None:
    return format_instant(value) if value else None


_WRITE: Writers = {
    "format": lambda entry: entry.format,
    "seq": lambda entry: entry.seq,
    "kind": lambda entry: str(entry.kind),
    "posted": lambda entry: _instant(entry.posted),
    "document": lambda entry: entry.document,
    "previous": lambda entry: entry.previous,
    "hash": lambda entry: entry.hash,
    "version": lambda entry: entry.version,
    "effective": lambda entry: _instant(entry.effective),
    "class": lambda entry: str(entry.change_class),
    "material": lambda entry: entry.material,
    "supersedes": lambda entry: entry.supersedes,
    "restores": lambda entry: entry.restores,
    "corrects": lambda entry: entry.corrects,
    "clause": lambda entry: entry.clause,
    "reason": lambda entry: entry.reason,
}
_READ: Readers = {
    "format": lambda value: {"format": value},
    "seq": lambda value: {"seq": _number(value, 1)},
    "posted": lambda value: {"posted": parse_sealed_instant(_text(value))},
    "document": lambda value: {"document": _id(value)},
    "previous": lambda value: {"previous": _sha(value)},
    "hash": lambda value: {"hash": _sha(value)},
    "version": lambda value: {"version": _number(value, 1)},
    "effective": lambda value: {"effective": parse_sealed_instant(_text(value))},
    "class": lambda value: {"change_class": ChangeClass(value)},
    "material": lambda value: {"material": _truth(value)},
    "corrects": lambda value: {"corrects": _number(value, 1)},
    "clause": lambda value: {"clause": _text(value)},
    "reason": lambda value: {"reason": _text(value)},
}

WRITE: Mapping[int, Writers] = {
    1: {
        **_WRITE,
        "sealed": lambda entry: _hashes_json(entry.sealed),
        "was": lambda entry: _hashes_json(entry.was),
        "entry": lambda entry: document_json(entry.entry),  # type: ignore[arg-type]
        "sets": lambda entry: [set_json(one) for one in entry.sets],
        "notes": lambda entry: _notes_json(entry, "sha256"),
    },
    2: {
        **_WRITE,
        "sealed": lambda entry: _seal_json(entry.sealed),
        "was": _was_json,
        "entry": _grounded_json,
        "set": lambda entry: set_json(entry.set),  # type: ignore[arg-type]
        "ended": lambda entry: entry.ended,
        "about": lambda entry: entry.about,
        "note": lambda entry: entry.note,
        "notes": lambda entry: _notes_json(entry, "sealed"),
        "reader": lambda entry: entry.reader,
        "continues": lambda entry: entry.continues,
        "notice_from": lambda entry: _instant(entry.notice_from),
        "critical": lambda entry: list(entry.critical),
    },
}
"""How each field is written, by format. What a format leaves out where it has no value is written as that."""

READ: Mapping[int, Readers] = {
    1: {
        **_READ,
        "sealed": lambda value: {"sealed": _read_hashes(value)},
        "was": lambda value: {"was": _read_hashes(value)},
        "entry": lambda value: {"entry": _read_document(value)},
        "sets": lambda value: {"sets": tuple(map(_read_set, _list(value)))},
        "notes": lambda value: {"notes": tuple(NoteRef(slug, sha) for slug, sha in _read_notes(value, "sha256"))},
        "supersedes": lambda value: {"supersedes": _number(value, 0)},
        "restores": lambda value: {"restores": _number(value, 0)},
    },
    2: {
        **_READ,
        "sealed": lambda value: {"sealed": _read_seal(value)},
        "was": lambda value: {"was": _read_was(value)},
        "entry": _read_grounded,
        "set": _read_open_set,
        "ended": lambda value: {"ended": _truth(value)},
        "about": lambda value: {"about": _id(value)},
        "note": lambda value: {"note": _id(value)},
        "notes": lambda value: {"notes": tuple(NoteRef(slug, "", sha) for slug, sha in _read_notes(value, "sealed"))},
        "supersedes": lambda value: {"supersedes": _number(value, 1)},
        "restores": lambda value: {"restores": _number(value, 1)},
        "reader": lambda value: {"reader": _number(value, 1)},
        "continues": lambda value: {"continues": _number(value, 1)},
        "notice_from": lambda value: {"notice_from": parse_sealed_instant(_text(value))},
        "critical": lambda value: {"critical": tuple(map(_text, _list(value)))},
    },
}
"""How each field is read, by format: what it says of the entry."""
