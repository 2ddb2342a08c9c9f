"""Data types of the record: change notes, ledger entries, and the versions they create.

Instants are timezone-aware datetimes in UTC, to the second. Hashes are SHA-256 in lower-case hexadecimal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from engross.common import value_class
from engross.model.notice import AwaitedNotice
from engross.model.sets import DocumentEntry, Ground, SetEntry
from engross.model.text import Source


class ChangeClass(StrEnum):
    """The extent of a change. FORMAT: nothing a reader can notice; EDITORIAL: words but not meaning; SUBSTANTIVE."""

    FORMAT = "format"
    EDITORIAL = "editorial"
    SUBSTANTIVE = "substantive"

    @property
    def extent(self) -> int:
        """A number that is larger for a class of larger changes."""
        return list(ChangeClass).index(self)


class EntryKind(StrEnum):
    """The event that a ledger entry records.

    POST: a text was posted. NOTICE: a change to a document published elsewhere was posted. WITHDRAW: a version ceases
    to apply or will never apply. CORRECT: the description of a change was corrected; no text and no day changes.
    REDACT: words were removed from a sealed version or a posted note. IMPORT: a text from before the record was sealed;
    nobody recorded it when it was published. RECEIPT: a notice was sent to
    customers. MOVE: a document's entry in documents.yml
    changed, its text did not. SET: a set's entry in documents.yml changed. RETIRE: a document is no longer published.
    """

    POST = "post"
    NOTICE = "notice"
    WITHDRAW = "withdraw"
    CORRECT = "correct"
    REDACT = "redact"
    MOVE = "move"
    SET = "set"
    RETIRE = "retire"
    IMPORT = "import"
    RECEIPT = "receipt"


NOT_FIXED = datetime(9999, 12, 31, tzinfo=UTC)
"""The effective instant of a version that waits for the delivery of its notice: later than any instant that can be
written. It is never shown; `Version.is_awaiting` says that there is none."""

MAKING = frozenset((EntryKind.POST, EntryKind.IMPORT))
"""The kinds of entries that make a version."""


class DateKind(StrEnum):
    """What the date of an imported text is the date of: its commit, its publication, or its effect."""

    COMMITTED = "committed"
    PUBLISHED = "published"
    EFFECTIVE = "effective"


class SourceKind(StrEnum):
    """Where an imported text came from: a git repository, a folder of files, or an archive of Open Terms Archive."""

    GIT = "git"
    FOLDER = "folder"
    OPEN_TERMS_ARCHIVE = "open-terms-archive"


@value_class(frozen=True, slots=True, order=True)
class VersionId:
    """A version by document and number, written `agreement@3`."""

    document: str
    number: int

    def __str__(self) -> str:
        return f"{self.document}@{self.number}"


@value_class(frozen=True, slots=True)
class GroundGiven:
    """A ground for a change: its id in documents.yml, what it cites, and a sentence for each condition."""

    id: str
    cites: str = ""
    conditions: tuple[tuple[str, str], ...] = ()


@value_class(frozen=True, slots=True)
class Change:
    """A change note as written by its author.

    * `effective`: the instant at which it takes effect, or None for "immediately" (the instant of posting). NOT_FIXED
      if the note names neither, since the instant follows the delivery of the notice.
    * `title`: empty in older notes; `title_of` gives the title of any.
    * `text`: beginnings of text hashes by document.
    * `corrects`: the number of the ledger entry that it corrects, 0 for none.
    * `anchors`: where removed anchors redirect to: "document#anchor" → the same form, or "" for nowhere.
    * `replaced_by`: the documents that replace those that it retires: (retired, replacement).
    * `reuses`: enumerators that are deliberately reused for other words.
    * `sets`: the sets whose entry in documents.yml it is about.
    * `own_text`: the documents whose text is in a file next to the note and not in the docs folder.
    * `continues`: the name of the note whose announcement it continues.
    * fields ending in `_because`: answers to rules, shown to customers.
    * `summary`: the Markdown of the body. `source`: the note's file.
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
    title: str = ""
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
    one_language_because: str = ""
    at_once_because: str = ""
    if_you_disagree: str = ""
    replaced_by: tuple[tuple[str, str], ...] = ()

    @property
    def is_undated(self) -> bool:
        """Whether the note leaves its effective instant to the delivery of the notice."""
        return self.effective == NOT_FIXED


@value_class(frozen=True, slots=True)
class NoteRef:
    """A posted note: its file name, the hash of its bytes, and in format 2 the hash of its seal file.

    `sha256` is empty if the seal file that contains it was not read or no longer exists.
    """

    slug: str
    sha256: str
    seal: str = ""

    @property
    def ledger_hash(self) -> str:
        """The hash in the ledger; the names of the note's files begin with part of it."""
        return self.seal or self.sha256


@value_class(frozen=True, slots=True, order=True)
class Picture:
    """A picture in a sealed text: its path relative to the docs folder, and the hash of its bytes."""

    path: str
    sha256: str


@value_class(frozen=True, slots=True)
class Sealed:
    """The hashes of a sealed text: `source` of its bytes, `text` of its words and structure, `tree` of its tree.

    In format 2 the ledger contains only `seal`, the hash of the seal file with the other hashes and the pictures. The
    others are empty if the seal file was not read or was destroyed by a redaction. In format 1 `seal` is empty.
    """

    source: str
    text: str
    tree: str
    seal: str = ""
    pictures: tuple[Picture, ...] = ()

    @property
    def ledger_hash(self) -> str:
        """The hash in the ledger; the names of the text's files begin with part of it."""
        return self.seal or self.source

    def is_same(self, other: Sealed | None) -> bool:
        """Return whether the ledger has the same hashes for both, however much of each was read from seal files."""
        if other is None or self.seal or other.seal:
            return other is not None and self.seal == other.seal
        return self == other


@value_class(frozen=True, slots=True)
class ClaimedDate:
    """The date that the source of an imported text claims: a day (2019-03-01) or an instant (2019-03-01T09:00:00Z).

    Nobody recorded it at the time, so nothing is decided by it.
    """

    date: str
    kind: DateKind

    @property
    def day(self) -> str:
        """Its day, of an instant in UTC: 2019-03-01."""
        return self.date[:10]


@value_class(frozen=True, slots=True)
class ImportSource:
    """Where an imported text came from.

    `path` is the file's path in the repository or folder. `commit` is the id of the commit, empty for a folder.
    `sha256` is the hash of the file's bytes if the sealed text was cleaned and has other bytes.
    """

    kind: SourceKind
    path: str
    commit: str = ""
    sha256: str = ""


@value_class(frozen=True, slots=True)
class Delivered:
    """What the sender of a notice reported: the notice's hash, when it was sent, how many messages, how many failed."""

    notice: str
    sent: datetime
    count: int
    failures: int = 0


@value_class(frozen=True, slots=True)
class Entry:
    """One entry of the ledger. Its kind decides which fields it has (`record/ledger/file.py`); the others are empty.

    * `seq` counts from 1. `hash` is the entry's own hash, `previous` that of the entry before (64 zeros for the first).
    * `entry`: the document's entry in documents.yml. `grounds`: the grounds that `entry` names, in full (format 2).
    * `sets`: the sets that contained the document (format 1). `set`: the set that an entry of kind SET is about.
      `ended`: whether that set is no longer published.
    * `was`: the hashes before a redaction. `clause`, `reason`: what was redacted and why. `note`: a redacted note.
    * `document` is empty if the entry is about a set or a note. `about` is the set's id if the entry corrects an entry
      about a set.
    * `reader`: the version of the parser that read the text.
    * `claimed`, `source`: the date that the source of an imported text claims, and that source. An import has no
      effective date and no version that it supersedes in the ledger; it is read with the instant of its sealing as
      `effective`, and with the version before it in `supersedes`.
    * `continues`: the number of the withdrawn post whose announcement it continues. `notice_from`: the instant from
      which the notice period counts.
    * `awaits`: the notice from whose delivery a post takes effect. Its `effective` is NOT_FIXED until a receipt
      fixes it (`record/ledger/notice.py`). `delivered`: what a receipt reports.
    * `extra`: fields unknown to this version of Engross, as read; unknown fields of `entry` or `set` are under that
      name. `critical`: names of the fields that a reader must understand.
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
    claimed: ClaimedDate | None = None
    source: ImportSource | None = None
    awaits: AwaitedNotice | None = None
    delivered: Delivered | None = None
    critical: tuple[str, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @property
    def applies(self) -> datetime:
        """The instant at which it takes effect, of an entry that has one."""
        assert self.effective is not None
        return self.effective

    @property
    def set_id(self) -> str:
        """The id of the set that the entry is about; empty if it is about a document or a note."""
        return self.set.id if self.set else self.about

    @property
    def name(self) -> str:
        """The entry's name in messages: "entry 7 (post agreement@3)", "entry 8 (set main)"."""
        about = f"{self.document}@{self.version}" if self.version else self.document or self.set_id or self.note
        return f"entry {self.seq} ({self.kind} {about})"


@value_class(frozen=True, slots=True)
class Version:
    """One sealed text of one document. `sealed` contains its current hashes, after `redactions`.

    `withdrawal` is the entry that withdraws it, `withdrawn` the instant from which it no longer applies; both are None
    if it was not withdrawn.
    """

    id: VersionId
    post: Entry
    sealed: Sealed
    redactions: tuple[Entry, ...] = ()
    withdrawal: Entry | None = None

    @property
    def number(self) -> int:
        """The version's number in its document, from 1."""
        return self.id.number

    @property
    def imported(self) -> bool:
        """Whether its text is from before the record: it was not recorded at the time."""
        return self.post.kind is EntryKind.IMPORT

    @property
    def posted(self) -> datetime:
        """The instant at which it was posted or imported."""
        return self.post.posted

    @property
    def is_awaiting(self) -> bool:
        """Whether it waits for the delivery of its notice, so that nobody knows yet when it takes effect."""
        return self.effective == NOT_FIXED

    @property
    def effective(self) -> datetime:
        """The instant from which it applies, unless it is withdrawn or superseded before that.

        NOT_FIXED, which is later than all others, while it waits for the delivery of its notice.
        """
        return self.post.applies

    @property
    def withdrawn(self) -> datetime | None:
        """The instant from which it no longer applies; None if it was not withdrawn."""
        return self.withdrawal.effective if self.withdrawal else None

    @property
    def entry(self) -> DocumentEntry:
        """The document's entry in documents.yml when this version was posted."""
        assert self.post.entry is not None
        return self.post.entry
