"""Seal files (format 2): the hashes of what was sealed, and a salt, so that nobody can test guesses of lost words.

The ledger has only the hash of a seal file. A redaction destroys the file, and with it the salt and the hashes of what
the text was before.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from engross.characters import one_line
from engross.errors import error
from engross.model import Diagnostic, Entry, NoteRef, Picture, Sealed, VersionId
from engross.record.archive import RESTORE, checked_bytes, note_seal_name, seal_name
from engross.record.canonical import canonical, sha256
from engross.record.ledger import RULE
from engross.record.pictures import path_mistake

Read = TypeVar("Read")
_SHA = re.compile(r"[0-9a-f]{64}")


def new_salt() -> str:
    """A salt that nobody can guess: 32 random bytes in hexadecimal. The only place where chance enters a record."""
    return secrets.token_bytes(32).hex()


def seal_text(sealed: Sealed) -> tuple[Sealed, bytes]:
    """The hashes of a text under a new seal, and the bytes of its seal file."""
    value: dict[str, Any] = {
        "salt": new_salt(),
        "source": sealed.source,
        "text": sealed.text,
        "tree": sealed.tree,
    }
    if sealed.pictures:
        value["pictures"] = [{"path": one.path, "sha256": one.sha256} for one in sorted(sealed.pictures)]
    data = canonical(value) + b"\n"
    return replace(sealed, pictures=tuple(sorted(sealed.pictures)), seal=sha256(data)), data


def seal_note(slug: str, source: bytes) -> tuple[NoteRef, bytes]:
    """A change note under a new seal, and the bytes of its seal file."""
    sha = sha256(source)
    data = canonical({"salt": new_salt(), "source": sha}) + b"\n"
    return NoteRef(slug, sha, sha256(data)), data


def read_text_seal(data: bytes) -> Sealed:
    """The hashes in the seal file of a text. Raises ValueError, in words, where it is none."""
    value = _value(data, {"salt", "source", "text", "tree"}, {"pictures"})
    pictures = _pictures(value["pictures"]) if "pictures" in value else ()
    return Sealed(value["source"], value["text"], value["tree"], sha256(data), pictures)


def read_note_seal(data: bytes) -> str:
    """The hash of a note's bytes in its seal file. Raises ValueError, in words, where it is none."""
    source = _value(data, {"salt", "source"})["source"]
    assert isinstance(source, str)
    return source


_NOT_A_SEAL = "it is no seal file as Engross writes them"


def _value(data: bytes, required: set[str], optional: Set[str] = frozenset()) -> Mapping[str, Any]:
    try:
        value = json.loads(data)
        if not required <= set(value) <= required | optional or canonical(value) + b"\n" != data:
            raise ValueError
        if not all(_is_sha(value[name]) for name in required):
            raise ValueError
    except (ValueError, TypeError, RecursionError):
        raise ValueError(_NOT_A_SEAL) from None
    assert isinstance(value, dict)
    return value


def _pictures(value: object) -> tuple[Picture, ...]:
    pictures = tuple(map(_picture, value)) if isinstance(value, list) else ()
    if not pictures or list(pictures) != sorted({one.path: one for one in pictures}.values()):
        raise ValueError(_NOT_A_SEAL)
    return pictures


def _picture(value: object) -> Picture:
    if not isinstance(value, dict) or set(value) != {"path", "sha256"} or not _is_sha(value["sha256"]):
        raise ValueError(_NOT_A_SEAL)
    if not isinstance(value["path"], str) or not value["path"]:
        raise ValueError(_NOT_A_SEAL)
    if mistake := path_mistake(value["path"]).partition(";")[0]:
        raise ValueError(f"{_NOT_A_SEAL}: of the picture {one_line(value['path'])!r}, {mistake}; {RESTORE}")
    return Picture(value["path"], value["sha256"])


def _is_sha(value: object) -> bool:
    return isinstance(value, str) and _SHA.fullmatch(value) is not None


def with_seals(folder: Path, shown: str, entries: Sequence[Entry]) -> tuple[tuple[Entry, ...], list[Diagnostic]]:
    """The entries of the ledger in a folder with the hashes that their seal files hold, and what is wrong with those
    files. The hashes stay empty where a file is not what was sealed, and where a redaction destroyed it.
    """
    seals = _Seals(folder, shown, {entry.was.seal for entry in entries if entry.was})
    return tuple(map(seals.filled, entries)), seals.problems


@dataclass
class _Seals:
    """The seal files of a record as they are read; `gone` are the hashes of those that redactions destroyed."""

    folder: Path
    shown: str
    gone: set[str]
    problems: list[Diagnostic] = field(default_factory=list)
    notes: dict[str, NoteRef] = field(default_factory=dict)

    def filled(self, entry: Entry) -> Entry:
        if entry.format == 1:
            return entry
        sealed, of = entry.sealed, VersionId(entry.document, entry.version)
        if sealed and entry.note:
            note = self._note(NoteRef(entry.note, "", sealed.seal), entry)
            sealed = replace(sealed, source=note.sha256)
        elif sealed and (data := self._read(seal_name(of, sealed), sealed.seal, entry, read_text_seal)):
            sealed = data
        return replace(entry, sealed=sealed, notes=tuple(self._note(note, entry) for note in entry.notes))

    def _note(self, note: NoteRef, entry: Entry) -> NoteRef:
        if note.seal not in self.notes:
            source = self._read(note_seal_name(note), note.seal, entry, read_note_seal)
            self.notes[note.seal] = replace(note, sha256=source or "")
        return replace(self.notes[note.seal], slug=note.slug)

    def _read(self, name: str, wanted: str, entry: Entry, read: Callable[[bytes], Read]) -> Read | None:
        if wanted in self.gone:
            return None
        try:
            return read(checked_bytes(self.folder / name, wanted))
        except ValueError as wrong:
            self.problems.append(error(RULE, f"{self.shown}/{name}", 0, 0, f"{entry.name}: {wrong}"))
            return None
