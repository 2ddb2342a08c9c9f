"""The record: change notes, the entries of the ledger, and the versions they make.

Instants are aware datetimes in UTC, to the second. Hashes are SHA-256 in lower-case hexadecimal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from enum import StrEnum
from typing import Any

from engross.common import value_class
from engross.model.sets import DocumentEntry, Ground, SetEntry
from engross.model.text import Source


class ChangeClass(StrEnum):
    """How far a change goes. FORMAT: only what no reader can notice; EDITORIAL: words, not meaning; SUBSTANTIVE."""

    FORMAT = "format"
    EDITORIAL = "editorial"
    SUBSTANTIVE = "substantive"


class EntryKind(StrEnum):
    """What an entry of the ledger says happened.

    POST: a text was posted. NOTICE: a change to what is published elsewhere was posted. WITHDRAW: a version will not
    be, or is no longer, in force. CORRECT: what was said of a change was put right; no text and no day changes.
    REDACT: words were taken out of a sealed version or a posted note. MOVE: what documents.yml says of a document
    changed, its text did not. SET: what documents.yml says of a set changed. RETIRE: a document is no longer published.
    """

    POST = "post"
    NOTICE = "notice"
    WITHDRAW = "withdraw"
    CORRECT = "correct"
    REDACT = "redact"
    MOVE = "move"
    SET = "set"
    RETIRE = "retire"


@value_class(frozen=True, slots=True, order=True)
class VersionId:
    """A version by document and number; written `agreement@3`."""

    document: str
    number: int

    def __str__(self) -> str:
        return f"{self.document}@{self.number}"


@value_class(frozen=True, slots=True)
class GroundGiven:
    """A ground on which a change rests: its id in documents.yml, what it cites, and a sentence for each condition."""

    id: str
    cites: str = ""
    conditions: tuple[tuple[str, str], ...] = ()


@value_class(frozen=True, slots=True)
class Change:
    """A change note, as people wrote it.

    `effective` is an instant, or None for "immediately" (the instant of posting). `text` are beginnings of text hashes
    by document. `corrects` is the number of a ledger entry, 0 for none. `anchors` say where removed anchors lead:
    "document#anchor" → the same, "" for nowhere; `reuses` names enumerators that knowingly come to mean other words.
    `sets` are those whose entry in documents.yml it is about. `own_text` names the documents whose text lies beside the
    note and not in the docs. `continues` is the name of the note whose announcement goes on with this one. What ends in
    `_because` are answers to rules, for customers to read. `summary` is the body's Markdown. `source` are its bytes as
    written.
    """

    slug: str
    documents: tuple[str, ...]
    change_class: ChangeClass
    material: bool
    effective: datetime | None
    approved_by: str
    summary: str
    source: Source = field(repr=False)
    sha256: str
    grounds: tuple[GroundGiven, ...] = ()
    text: tuple[tuple[str, str], ...] = ()
    withdraws: tuple[VersionId, ...] = ()
    restores: VersionId | None = None
    corrects: int = 0
    emergency: str = ""
    notice_days: int = 0
    reference: str = ""
    anchors: tuple[tuple[str, str], ...] = ()
    reuses: tuple[str, ...] = ()
    editorial_because: str = ""
    sets: tuple[str, ...] = ()
    not_material_because: str = ""
    own_text: tuple[str, ...] = ()
    continues: str = ""
    notice_kept_because: str = ""
    sooner_because: str = ""


@value_class(frozen=True, slots=True)
class NoteRef:
    """A posted note: the name it was written under, the hash of its bytes, and in format 2 the hash of its seal file.

    `sha256` is empty where the seal file that says it was not read, or is gone.
    """

    slug: str
    sha256: str
    seal: str = ""

    @property
    def ledger_hash(self) -> str:
        """The hash in the ledger, by whose beginning the note's files are named."""
        return self.seal or self.sha256


@value_class(frozen=True, slots=True, order=True)
class Picture:
    """A picture that a sealed text shows: its path relative to the docs folder, and the hash of its bytes."""

    path: str
    sha256: str


@value_class(frozen=True, slots=True)
class Sealed:
    """The hashes of a sealed text: `source` of its bytes, `text` of its visible words and structure, `tree` of the
    bytes of its tree.

    In format 2 the ledger holds `seal` alone, the hash of the seal file that holds the others and the pictures. The
    others are empty where the seal file was not read, or was destroyed by a redaction. In format 1 `seal` is empty.
    """

    source: str
    text: str
    tree: str
    seal: str = ""
    pictures: tuple[Picture, ...] = ()

    @property
    def ledger_hash(self) -> str:
        """The hash in the ledger, by whose beginning the files of the text are named."""
        return self.seal or self.source

    def is_same(self, other: Sealed | None) -> bool:
        """Whether the ledger says the same of two, however much of it was read from seal files."""
        if other is None or self.seal or other.seal:
            return other is not None and self.seal == other.seal
        return self == other


@value_class(frozen=True, slots=True)
class Entry:
    """One line of the ledger. Its kind decides which fields it has (`record/ledger/file.py`); the others are empty.

    `seq` counts from 1. `previous` is the hash of the entry before (64 zeros for the first), `hash` its own.
    `entry` is what documents.yml said of the document; `grounds` are those that `entry` names, in their own words
    (format 2). `sets` are the sets that the document belonged to (format 1), `set` is the set that an entry of kind SET
    is about, and `ended` tells that it is no longer published.
    `was` are the hashes before a redaction, `clause` and `reason` what was redacted and why; `note` is the name of a
    redacted note. Entries about a set or a note have an empty `document`; a correction of an entry about a set has the
    set's id as `about`.
    `reader` is the generation of the parser that read the text. `continues` is the number of the withdrawn post whose
    announcement goes on with this one, and `notice_from` the instant from which its notice counts.
    `extra` are fields that this version does not know, as they were read; those in its `entry` or `set` are under that
    name. `critical` names the fields that a reader must understand.
    """

    seq: int
    kind: EntryKind
    posted: datetime
    document: str
    previous: str
    hash: str
    version: int = 0
    effective: datetime | None = None
    sealed: Sealed | None = None
    was: Sealed | None = None
    entry: DocumentEntry | None = None
    sets: tuple[SetEntry, ...] = ()
    change_class: ChangeClass | None = None
    material: bool = False
    notes: tuple[NoteRef, ...] = ()
    supersedes: int = 0
    restores: int = 0
    corrects: int = 0
    clause: str = ""
    reason: str = ""
    format: int = 2
    grounds: tuple[Ground, ...] = ()
    set: SetEntry | None = None
    ended: bool = False
    about: str = ""
    note: str = ""
    reader: int = 0
    continues: int = 0
    notice_from: datetime | None = None
    critical: tuple[str, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @property
    def set_id(self) -> str:
        """The id of the set that it is about; empty where it is about a document or a note."""
        return self.set.id if self.set else self.about

    @property
    def name(self) -> str:
        """How messages call it: "entry 7 (post agreement@3)", "entry 8 (set main)"."""
        about = f"{self.document}@{self.version}" if self.version else self.document or self.set_id or self.note
        return f"entry {self.seq} ({self.kind} {about})"


@value_class(frozen=True, slots=True)
class Version:
    """One sealed text of one document. `sealed` are its hashes as they stand now, after `redactions`.

    `withdrawn` is the instant from which it does not stand, `withdrawal` the entry that says so; None while it stands.
    """

    id: VersionId
    post: Entry
    sealed: Sealed
    redactions: tuple[Entry, ...] = ()
    withdrawal: Entry | None = None

    @property
    def number(self) -> int:
        """Counts the document's versions from 1."""
        return self.id.number

    @property
    def posted(self) -> datetime:
        """When it was posted."""
        return self.post.posted

    @property
    def effective(self) -> datetime:
        """From when it applies, unless it is withdrawn or superseded before."""
        assert self.post.effective is not None
        return self.post.effective

    @property
    def withdrawn(self) -> datetime | None:
        """From when it no longer stands; None while it stands."""
        return self.withdrawal.effective if self.withdrawal else None

    @property
    def entry(self) -> DocumentEntry:
        """What documents.yml said of the document when this version was posted."""
        assert self.post.entry is not None
        return self.post.entry


@value_class(frozen=True, slots=True)
class TreeClause:
    """A clause of a sealed version.

    `id` stays with the clause from version to version, whatever it is called and wherever it stands. `words` is the
    beginning of the hash of its own words. `since`, `changed` and `called` are version numbers: the first that had the
    clause, the last that changed its words, the one from which `anchor` has meant this clause. `named` tells that the
    anchor is one that stays (a heading's or a definition's, and not an enumerator's).
    """

    id: str
    anchor: str
    label: str
    kind: str
    words: str
    since: int
    changed: int
    called: int
    named: bool = False


@value_class(frozen=True, slots=True)
class Alias:
    """Where an anchor that the text no longer has leads: to the `clause` of that id, or to `leads` ("document#anchor"),
    or nowhere. `gone` is the version that dropped it.
    """

    anchor: str
    gone: int
    clause: str = ""
    leads: str = ""


@value_class(frozen=True, slots=True)
class Tree:
    """The tree of a sealed version: its clauses in the order of the text, the anchors that earlier versions had, and
    the labels of enumerated clauses that earlier versions gave to other words (anchor → the last such version).
    `former` are the enumerators that the text no longer has: anchor → the hash of the words that it last stood for, and
    the last version that had it.
    """

    clauses: tuple[TreeClause, ...] = ()
    aliases: tuple[Alias, ...] = ()
    next: int = 1
    reused: Mapping[str, int] = field(default_factory=dict)
    former: Mapping[str, tuple[str, int]] = field(default_factory=dict)
