"""Seal files (format 2): the hashes of what was sealed, and a salt, so that nobody can test guesses of lost words.

The ledger has only the hash of a seal file. A redaction destroys the file, and with it the salt and the hashes of what
the text was before.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, Field, ValidationError

from engross.common import error, one_line
from engross.model import Diagnostic, Entry, NoteRef, Picture, Sealed, VersionId
from engross.record.archive import RESTORE, checked_bytes, note_seal_name, seal_name
from engross.record.encoding import STRICT, Sha, canonical, sha256
from engross.record.ledger.file import RULE
from engross.record.pictures import path_mistake

Read = TypeVar("Read")
_NOT_A_SEAL = "it is no seal file as Engross writes them"


class _Picture(BaseModel):
    model_config = STRICT

    path: str = Field(min_length=1)
    sha256: Sha


class _NoteSeal(BaseModel):
    """The seal file of a change note."""

    model_config = STRICT

    salt: Sha
    source: Sha


class _TextSeal(_NoteSeal):
    """The seal file of a text. `pictures` is absent where the text shows none."""

    text: Sha
    tree: Sha
    pictures: tuple[_Picture, ...] = ()


Seal = TypeVar("Seal", bound=_NoteSeal)


def new_salt() -> str:
    """A salt that nobody can guess: 32 random bytes in hexadecimal. The only place where chance enters a record."""
    return secrets.token_bytes(32).hex()


def seal_text(sealed: Sealed) -> tuple[Sealed, bytes]:
    """The hashes of a text under a new seal, and the bytes of its seal file."""
    pictures = tuple(sorted(sealed.pictures))
    shown = tuple(_Picture(path=one.path, sha256=one.sha256) for one in pictures)
    seal = _TextSeal(salt=new_salt(), source=sealed.source, text=sealed.text, tree=sealed.tree, pictures=shown)
    data = _bytes(seal)
    return replace(sealed, pictures=pictures, seal=sha256(data)), data


def seal_note(slug: str, source: bytes) -> tuple[NoteRef, bytes]:
    """A change note under a new seal, and the bytes of its seal file."""
    seal = _NoteSeal(salt=new_salt(), source=sha256(source))
    data = _bytes(seal)
    return NoteRef(slug, seal.source, sha256(data)), data


def _bytes(seal: _NoteSeal) -> bytes:
    return canonical(seal.model_dump(exclude_defaults=True)) + b"\n"


def read_text_seal(data: bytes) -> Sealed:
    """The hashes in the seal file of a text. Raises ValueError, in words, where the bytes are no such file."""
    seal = _read(data, _TextSeal)
    pictures = tuple(_picture(one.path, one.sha256) for one in seal.pictures)
    if list(pictures) != sorted({one.path: one for one in pictures}.values()):
        raise ValueError(_NOT_A_SEAL)
    return Sealed(seal.source, seal.text, seal.tree, sha256(data), pictures)


def read_note_seal(data: bytes) -> str:
    """The hash of a note's bytes in its seal file. Raises ValueError, in words, where the bytes are no such file."""
    return _read(data, _NoteSeal).source


def _read(data: bytes, model: type[Seal]) -> Seal:
    try:
        seal = model.model_validate_json(data)
    except ValidationError:
        raise ValueError(_NOT_A_SEAL) from None
    # A key that is there twice, blanks and needless escapes are all read, and none of them is written.
    if _bytes(seal) != data:
        raise ValueError(_NOT_A_SEAL)
    return seal


def _picture(path: str, sha: str) -> Picture:
    """A picture as sealed. Raises ValueError where no release writes a picture with such a path."""
    if mistake := path_mistake(path).partition(";")[0]:
        raise ValueError(f"{_NOT_A_SEAL}: of the picture {one_line(path)!r}, {mistake}; {RESTORE}")
    return Picture(path, sha)


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
