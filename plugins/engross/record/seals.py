"""Seal files (format 2): the hashes of a sealed text or note, and a salt. See RECORD-FORMAT.md.

The ledger has only the hash of a seal file. A redaction destroys the file, and with it the salt and the hashes of the
removed words, so that nobody can test guesses of those words.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field, replace
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, Field, ValidationError

from engross.common import error, one_line, tracked, value_class
from engross.model import Diagnostic, Entry, NoteRef, Picture, Sealed, VersionId
from engross.record.encoding import STRICT, Sha, canonical, sha256
from engross.record.ledger.file import RULE
from engross.record.pictures import path_mistake
from engross.record.sealed_files import RESTORE, checked_bytes, note_seal_name, seal_name

Read = TypeVar("Read")
_NOT_A_SEAL = "it is not a seal file as Engross writes it"


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
    """A salt of 32 random bytes in hexadecimal. Nothing else in a record is random."""
    return secrets.token_bytes(32).hex()


def seal_text(sealed: Sealed) -> tuple[Sealed, bytes]:
    """Seal a text: its hashes with the hash of its new seal file, and the bytes of that file."""
    pictures = tuple(sorted(sealed.pictures))
    shown = tuple(_Picture(path=one.path, sha256=one.sha256) for one in pictures)
    seal = _TextSeal(salt=new_salt(), source=sealed.source, text=sealed.text, tree=sealed.tree, pictures=shown)
    data = _bytes(seal)
    return replace(sealed, pictures=pictures, seal=sha256(data)), data


def seal_note(slug: str, source: bytes) -> tuple[NoteRef, bytes]:
    """Seal a change note: a reference to it, and the bytes of its new seal file."""
    seal = _NoteSeal(salt=new_salt(), source=sha256(source))
    data = _bytes(seal)
    return NoteRef(slug, seal.source, sha256(data)), data


def _bytes(seal: _NoteSeal) -> bytes:
    return canonical(seal.model_dump(exclude_defaults=True)) + b"\n"


def read_text_seal(data: bytes) -> Sealed:
    """Read the seal file of a text. Raises ValueError with a message for people if the bytes are not a seal file."""
    seal = _read(data, _TextSeal)
    pictures = tuple(_picture(one.path, one.sha256) for one in seal.pictures)
    if list(pictures) != sorted({one.path: one for one in pictures}.values()):
        raise ValueError(_NOT_A_SEAL)
    return Sealed(seal.source, seal.text, seal.tree, sha256(data), pictures)


def read_note_seal(data: bytes) -> str:
    """Read the hash of a note's bytes from its seal file. Raises ValueError as `read_text_seal` does."""
    return _read(data, _NoteSeal).source


def _read(data: bytes, model: type[Seal]) -> Seal:
    try:
        seal = model.model_validate_json(data)
    except ValidationError:
        raise ValueError(_NOT_A_SEAL) from None
    # JSON parsers accept repeated keys, blanks and needless escapes. Engross writes none of them.
    if _bytes(seal) != data:
        raise ValueError(_NOT_A_SEAL)
    return seal


def _picture(path: str, sha: str) -> Picture:
    """A sealed picture. Raises ValueError if its path is one that no release seals."""
    if mistake := path_mistake(path).partition(";")[0]:
        raise ValueError(f"{_NOT_A_SEAL}: of the picture {one_line(path)!r}, {mistake}; {RESTORE}")
    return Picture(path, sha)


def with_seals(folder: Path, shown: str, entries: Sequence[Entry]) -> tuple[tuple[Entry, ...], list[Diagnostic]]:
    """Add the hashes in the seal files of a record to its entries; also return what is wrong with those files.

    The hashes stay empty if a file is not the one that was sealed, or if a redaction destroyed it.
    """
    seals = _Seals(folder, shown, {entry.was.seal for entry in entries if entry.was})
    return tuple(map(seals.filled, tracked("Reading the record", entries))), seals.problems


Hashes = Mapping[str, str | list[Any]]
"""What seal files contain, by their hashes, as JSON: that of a note the hash of its bytes, that of a text the hashes of
its bytes, words and tree, and its pictures."""


def hashes_in(entries: Iterable[Entry]) -> Hashes:
    """What `with_seals` has added to entries."""
    known: dict[str, str | list[Any]] = {}
    for entry in (one for one in entries if one.format > 1):
        known |= {note.seal: note.sha256 for note in entry.notes}
        if (sealed := entry.sealed) and sealed.source:
            pictures = [[one.path, one.sha256] for one in sealed.pictures]
            known[sealed.seal] = sealed.source if entry.note else [sealed.source, sealed.text, sealed.tree, pictures]
    return known


def with_hashes(entries: Iterable[Entry], known: Hashes) -> tuple[Entry, ...]:
    """Add to entries what `with_seals` has added before, without reading a file."""
    return tuple(one if one.format == 1 else _with_known(one, known) for one in entries)


def _with_known(entry: Entry, known: Hashes) -> Entry:
    sealed = entry.sealed
    if sealed and (found := known.get(sealed.seal)):
        if isinstance(found, str):
            sealed = replace(sealed, source=found)
        else:
            source, text, tree, pictures = found
            sealed = Sealed(source, text, tree, sealed.seal, tuple(Picture(*one) for one in pictures))
    notes = tuple(NoteRef(note.slug, str(known[note.seal]), note.seal) for note in entry.notes)
    return replace(entry, sealed=sealed, notes=notes)


@value_class
class _Seals:
    """Reads the seal files of a record. `gone` are the hashes of those that redactions destroyed."""

    folder: Path
    shown: str
    gone: set[str]
    problems: list[Diagnostic] = field(default_factory=list)
    notes: dict[str, NoteRef] = field(default_factory=dict)

    def filled(self, entry: Entry) -> Entry:
        """The entry with the hashes in its seal files."""
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
        except ValueError as mistake:
            self.problems.append(error(RULE, f"{self.shown}/{name}", 0, 0, f"{entry.name}: {mistake}"))
            return None
