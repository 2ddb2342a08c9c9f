"""The versions of documents by a ledger: all of them, the one in force at an instant, those that are announced.

A version is in force from its effective instant until a later one is or its withdrawal takes effect. Nothing is
effective before it is posted, so what was in force on a past day never changes.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime
from functools import cached_property
from operator import attrgetter
from pathlib import Path

from engross.common import value_class
from engross.model import MAKING, NOT_FIXED, DocumentEntry, Entry, EntryKind, NoteRef, SetEntry, Version, VersionId
from engross.record.encoding import hash_of
from engross.record.ledger.file import ledger_bytes
from engross.record.ledger.notice import with_fixed_instants

LEDGER = "ledger.jsonl"


@value_class(frozen=True)
class Record:
    """The content of a ledger. `folder` is the record's folder, `shown` its name in messages.

    An empty record has no entries, and its folder need not exist. `redacted` are redactions later than the entries:
    removed words stay removed, for every day. `written` are the bytes of the ledger that was read, which may have
    later entries.
    """

    folder: Path
    shown: str
    entries: tuple[Entry, ...] = ()
    redacted: tuple[Entry, ...] = ()
    written: bytes = field(default=b"", repr=False, compare=False)

    def __post_init__(self) -> None:
        """Give each post that awaited the delivery of its notice the instant that a receipt has fixed."""
        object.__setattr__(self, "entries", with_fixed_instants(self.entries))

    @property
    def ledger_path(self) -> str:
        """The name of the ledger in messages."""
        return f"{self.shown}/{LEDGER}"

    @property
    def ledger(self) -> bytes:
        """The bytes of a ledger with the entries: of a ledger that was read, those lines, since there is one form."""
        lines = self.written.splitlines(keepends=True)[: len(self.entries)]
        # Its hash identifies an entry with all before it.
        is_same = len(lines) == len(self.entries) and (not lines or f'"hash":"{self.head}"'.encode() in lines[-1])
        return b"".join(lines) if is_same else ledger_bytes(self.entries)

    @property
    def head(self) -> str:
        """The hash of the last entry; empty if there is none."""
        return self.entries[-1].hash if self.entries else ""

    def as_known(self, at: datetime) -> Record:
        """The record at an instant: without later entries, but with later redactions."""
        if not self.entries or self.entries[-1].posted <= at:
            return self
        known = tuple(entry for entry in self.entries if entry.posted <= at)
        made = {(entry.document, entry.version) for entry in known if entry.kind in MAKING}
        notes = {note.slug for entry in known for note in entry.notes}
        later = (entry for entry in self.entries[len(known) :] if entry.kind is EntryKind.REDACT)
        redacted = (
            entry
            for entry in (*later, *self.redacted)
            if (entry.document, entry.version) in made or entry.note in notes
        )
        return replace(self, entries=known, redacted=tuple(redacted))

    @cached_property
    def versions(self) -> Mapping[str, tuple[Version, ...]]:
        """Each document's versions, by number; documents in the order of their first post."""
        made: dict[VersionId, Version] = {}
        for entry in (*self.entries, *self.redacted):
            of = VersionId(entry.document, entry.version)
            if not entry.document:
                continue
            if entry.kind in MAKING:
                assert entry.sealed is not None
                made[of] = Version(of, entry, entry.sealed)
            elif entry.kind is EntryKind.WITHDRAW:
                made[of] = replace(made[of], withdrawal=entry)
            elif entry.kind is EntryKind.REDACT:
                assert entry.sealed is not None
                made[of] = replace(made[of], sealed=entry.sealed, redactions=(*made[of].redactions, entry))
        grouped: dict[str, list[Version]] = defaultdict(list)
        for version in made.values():
            grouped[version.id.document].append(version)
        return {name: tuple(versions) for name, versions in grouped.items()}

    @cached_property
    def posted_notes(self) -> Mapping[str, NoteRef]:
        """The posted notes after redactions, by slug."""
        posted = {note.slug: note for entry in self.entries for note in entry.notes}
        for slug, entries in self.note_redactions.items():
            if (sealed := entries[-1].sealed) and slug in posted:
                posted[slug] = NoteRef(slug, sealed.source, sealed.seal)
        return posted

    @cached_property
    def notes_of_imports(self) -> frozenset[str]:
        """The names of the notes that were written for imported versions."""
        imports = (entry for entry in self.entries if entry.kind is EntryKind.IMPORT)
        return frozenset(note.slug for entry in imports for note in entry.notes)

    @cached_property
    def note_redactions(self) -> Mapping[str, tuple[Entry, ...]]:
        """The redactions of each redacted note, by slug."""
        found: dict[str, list[Entry]] = defaultdict(list)
        for entry in (*self.entries, *self.redacted):
            if entry.note and entry.kind is EntryKind.REDACT:
                found[entry.note].append(entry)
        return {slug: tuple(entries) for slug, entries in found.items()}

    def note(self, posted: NoteRef) -> NoteRef:
        """A posted note with its present hashes: a redaction changes those in the entry that posted it."""
        return self.posted_notes.get(posted.slug, posted)

    @cached_property
    def documents(self) -> tuple[str, ...]:
        """The ids of all documents in the ledger, in order of appearance."""
        return tuple(dict.fromkeys(entry.document for entry in self.entries if entry.document))

    def version(self, id: VersionId) -> Version:
        """The version with an id. Raises KeyError if there is none."""
        versions = self.versions.get(id.document, ())
        if not 1 <= id.number <= len(versions):
            raise KeyError(id)
        return versions[id.number - 1]

    def standing(self, document: str) -> tuple[Version, ...]:
        """The versions that are not withdrawn, by number."""
        return tuple(version for version in self.versions.get(document, ()) if version.withdrawal is None)

    def latest(self, document: str, withdrawn: frozenset[VersionId] = frozenset()) -> Version | None:
        """The version that will be in force in the end if nothing more is posted; None if there is none.

        `withdrawn` are versions that are about to be withdrawn, and do not count.
        """
        return _latest(tuple(version for version in self.standing(document) if version.id not in withdrawn))

    def in_force(self, document: str, at: datetime) -> Version | None:
        """The version in force at an instant: the last to take effect that is not withdrawn; the later entry of equals.

        None before the first version, if all are withdrawn, and once the document is retired.
        """
        retired = self.retired(document)
        if retired and retired.effective and retired.effective <= at:
            return None
        keys, versions = self._by_effect.get(document, ((), ()))
        # Called for thousands of versions: the version in force is near the end of those effective by then.
        for index in range(bisect_right(keys, (at, len(self.entries))) - 1, -1, -1):
            withdrawn = versions[index].withdrawn
            if withdrawn is None or withdrawn > at:
                return versions[index]
        return None

    @cached_property
    def _by_effect(self) -> Mapping[str, tuple[tuple[tuple[datetime, int], ...], tuple[Version, ...]]]:
        """Each document's versions in the order in which they take effect, with the keys of that order."""
        ordered = {name: tuple(sorted(versions, key=_effect)) for name, versions in self.versions.items()}
        return {name: (tuple(map(_effect, versions)), versions) for name, versions in ordered.items()}

    def announced(self, document: str, at: datetime) -> tuple[Version, ...]:
        """The versions announced at an instant, in the order in which they take effect.

        Of several versions posted for one instant only the last will be in force; the others are left out.
        """
        last = {version.effective: version for version in self.scheduled(document, at)}
        return tuple(last.values())

    def scheduled(self, document: str, at: datetime) -> tuple[Version, ...]:
        """The versions posted for a later instant, in the order in which they take effect.

        Versions that are withdrawn, or whose document is retired, before they take effect are left out.
        """
        retired = self.retired(document)
        end = retired.effective if retired else None
        coming = (
            version
            for version in self.versions.get(document, ())
            if version.posted <= at < version.effective
            and (version.withdrawn is None or version.withdrawn > version.effective)
            and (end is None or version.effective < end)
        )
        return tuple(sorted(coming, key=_effect))

    def retired(self, document: str) -> Entry | None:
        """The entry that retires a document; None if there is none."""
        return self._retired.get(document)

    @cached_property
    def _retired(self) -> Mapping[str, Entry]:
        return {entry.document: entry for entry in self.entries if entry.kind is EntryKind.RETIRE}

    def entry_at(self, document: str, at: datetime) -> DocumentEntry | None:
        """A document's settings in documents.yml in force at an instant; None if none were posted by then."""
        found = self.settings_entry_at(document, at)
        return found.entry if found else None

    def settings_entry_at(self, document: str, at: datetime) -> Entry | None:
        """The entry with a document's settings at an instant: that of its version, or a later move or notice."""
        version = self.in_force(document, at)
        if version:
            return self.settings_entry_of(version, at)
        notices = (one for one in self._moves.get(document, ()) if one.effective and one.effective <= at)
        return None if self.versions.get(document) else max(notices, key=lambda one: one.seq, default=None)

    def entry_of(self, version: Version, at: datetime) -> DocumentEntry:
        """The settings of a version's document at an instant: those posted with the version, or by a later move."""
        settings = self.settings_entry_of(version, at).entry
        assert settings is not None
        return settings

    def settings_entry_of(self, version: Version, at: datetime) -> Entry:
        """The entry with the settings of a version's document at an instant."""
        found = version.post
        for entry in self._moves.get(version.id.document, ()):
            if entry.seq > version.post.seq and entry.effective and entry.effective <= at:
                found = entry
        return found

    def last_entry(self, document: str) -> DocumentEntry | None:
        """A document's settings as last posted; None if none were."""
        found = self.last_settings_entry(document)
        return found.entry if found else None

    def last_settings_entry(self, document: str, version: Version | None = None) -> Entry | None:
        """The last entry with a document's settings; None if there is none.

        With a `version`, the last of the entries with the settings of that version or of a later move or notice.
        """
        if version is None:
            return self._last_settings_entries.get(document)
        later = (one for one in reversed(self._moves.get(document, ())) if one.seq > version.post.seq)
        return next(later, version.post)

    @cached_property
    def _last_settings_entries(self) -> Mapping[str, Entry]:
        return {entry.document: entry for entry in self.entries if entry.entry}

    @cached_property
    def _moves(self) -> Mapping[str, tuple[Entry, ...]]:
        """Each document's moves and notices: entries with settings and no text."""
        found: dict[str, list[Entry]] = defaultdict(list)
        for entry in self.entries:
            if entry.kind in (EntryKind.MOVE, EntryKind.NOTICE) and entry.entry:
                found[entry.document].append(entry)
        return {name: tuple(moves) for name, moves in found.items()}

    @property
    def sets(self) -> tuple[str, ...]:
        """The ids of all sets in the ledger, in order of appearance."""
        return tuple(self._sets)

    def set_at(self, id: str, at: datetime) -> SetEntry | None:
        """A set in force at an instant; None before its first entry, and once it is no longer published."""
        sealed, entries = self._sets.get(id, ((), ()))
        # Called for thousands of versions. Instants never decrease among the entries about a set, nor in the ledger.
        if count := bisect_right(entries, at, key=attrgetter("applies")):
            return None if entries[count - 1].ended else entries[count - 1].set
        count = bisect_right(sealed, at, key=lambda entry: entry.posted)
        return _set_of(sealed[count - 1], id) if count else None

    def last_set(self, id: str) -> SetEntry | None:
        """A set as last posted, in force or not; None if it never was, or has ended."""
        sealed, entries = self._sets.get(id, ((), ()))
        last = entries[-1] if entries else sealed[-1] if sealed else None
        return _set_of(last, id) if last and not last.ended else None

    def last_set_entry(self, id: str) -> Entry | None:
        """The last entry whose subject is a set; None if there is none."""
        return next(reversed(self._sets.get(id, ((), ()))[1]), None)

    @cached_property
    def _sets(self) -> Mapping[str, tuple[Sequence[Entry], Sequence[Entry]]]:
        """The entries with each set: those of format 1 about its documents, and those about the set itself."""
        found: dict[str, tuple[list[Entry], list[Entry]]] = defaultdict(lambda: ([], []))
        for entry in self.entries:
            if entry.set:
                found[entry.set.id][1].append(entry)
            for one in entry.sets:
                found[one.id][0].append(entry)
        return dict(found)

    def entry(self, seq: int) -> Entry:
        """The entry with a number. Raises KeyError if there is none."""
        if not 1 <= seq <= len(self.entries):
            raise KeyError(seq)
        return self.entries[seq - 1]

    @cached_property
    def corrections(self) -> Mapping[int, tuple[Entry, ...]]:
        """The corrections of each corrected entry, by its number."""
        found: dict[int, list[Entry]] = defaultdict(list)
        for entry in self.entries:
            if entry.kind is EntryKind.CORRECT:
                found[entry.corrects].append(entry)
        return {seq: tuple(entries) for seq, entries in found.items()}

    def receipts(self, version: Version) -> tuple[Entry, ...]:
        """The receipts of the notices about a version, in order."""
        return self._receipts.get(version.id, ())

    @cached_property
    def _receipts(self) -> Mapping[VersionId, tuple[Entry, ...]]:
        found: dict[VersionId, list[Entry]] = defaultdict(list)
        for entry in self.entries:
            if entry.kind is EntryKind.RECEIPT and entry.version:
                found[VersionId(entry.document, entry.version)].append(entry)
        return {about: tuple(entries) for about, entries in found.items()}

    def awaiting(self, document: str) -> Version | None:
        """The version of a document that waits for the delivery of its notice; None if none does."""
        return next((version for version in self.standing(document) if version.is_awaiting), None)

    @cached_property
    def redactions(self) -> str:
        """The hash of all redactions; empty if there are none."""
        hashes = [entry.hash for entry in self.entries if entry.kind is EntryKind.REDACT]
        return hash_of(hashes) if hashes else ""

    @cached_property
    def instants(self) -> tuple[datetime, ...]:
        """The instants at which the versions or settings in force change, in order."""
        kinds = (*MAKING, EntryKind.WITHDRAW, EntryKind.RETIRE, EntryKind.MOVE, EntryKind.SET)
        found = {entry.effective for entry in self.entries if entry.kind in kinds and entry.effective}
        return tuple(sorted(found - {NOT_FIXED}))


def _set_of(entry: Entry, id: str) -> SetEntry | None:
    """A set in an entry."""
    return entry.set or next((one for one in entry.sets if one.id == id), None)


def _effect(version: Version) -> tuple[datetime, int]:
    return version.effective, version.post.seq


def _latest(versions: tuple[Version, ...]) -> Version | None:
    return max(versions, key=_effect, default=None)
