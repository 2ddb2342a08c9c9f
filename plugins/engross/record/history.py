"""The record as it is asked: which versions a document has, what is in force at an instant, what is announced.

A version stands from its effective instant until a later one does or a withdrawal takes effect. What is posted is never
effective before it is posted, so that what was in force on a past day never changes.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path

from engross.model import DocumentEntry, Entry, EntryKind, NoteRef, SetEntry, Version, VersionId
from engross.record.encoding import hash_of

LEDGER = "ledger.jsonl"


@dataclass(frozen=True)
class Record:
    """What a ledger says. `folder` is where it lies, `shown` how messages call that folder.

    An empty record has no entries; its folder need not exist. `redacted` are redactions that came after the entries:
    what was taken out of a version is gone for every reader, whatever day they ask about.
    """

    folder: Path
    shown: str
    entries: tuple[Entry, ...] = ()
    redacted: tuple[Entry, ...] = ()

    @property
    def ledger_path(self) -> str:
        """How messages call the ledger."""
        return f"{self.shown}/{LEDGER}"

    @property
    def head(self) -> str:
        """The hash of the last entry; empty where there is none."""
        return self.entries[-1].hash if self.entries else ""

    def as_known(self, at: datetime) -> Record:
        """The record as it was at an instant: without what was posted later, save for words that were redacted."""
        if not self.entries or self.entries[-1].posted <= at:
            return self
        known = tuple(entry for entry in self.entries if entry.posted <= at)
        made = {(entry.document, entry.version) for entry in known if entry.kind is EntryKind.POST}
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
        """Each document's versions by number; documents in the order in which they were first posted."""
        made: dict[VersionId, Version] = {}
        for entry in (*self.entries, *self.redacted):
            of = VersionId(entry.document, entry.version)
            if not entry.document:
                continue
            if entry.kind is EntryKind.POST:
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
        """The notes that were posted, as they are after redactions, by the name they were written under."""
        posted = {note.slug: note for entry in self.entries for note in entry.notes}
        for slug, entries in self.note_redactions.items():
            if (sealed := entries[-1].sealed) and slug in posted:
                posted[slug] = NoteRef(slug, sealed.source, sealed.seal)
        return posted

    @cached_property
    def note_redactions(self) -> Mapping[str, tuple[Entry, ...]]:
        """The redactions of each note that words were removed from, by its name."""
        found: dict[str, list[Entry]] = defaultdict(list)
        for entry in (*self.entries, *self.redacted):
            if entry.note and entry.kind is EntryKind.REDACT:
                found[entry.note].append(entry)
        return {slug: tuple(entries) for slug, entries in found.items()}

    def note(self, posted: NoteRef) -> NoteRef:
        """A posted note as it is now: a redaction gives it other hashes than those in the entry that posted it."""
        return self.posted_notes.get(posted.slug, posted)

    @cached_property
    def documents(self) -> tuple[str, ...]:
        """The ids of all documents the ledger tells of, in order of appearance."""
        return tuple(dict.fromkeys(entry.document for entry in self.entries if entry.document))

    def version(self, id: VersionId) -> Version:
        """The version with that id; KeyError where there is none."""
        versions = self.versions.get(id.document, ())
        if not 1 <= id.number <= len(versions):
            raise KeyError(id)
        return versions[id.number - 1]

    def standing(self, document: str) -> tuple[Version, ...]:
        """The versions that are not withdrawn, by number."""
        return tuple(version for version in self.versions.get(document, ()) if version.withdrawal is None)

    def latest(self, document: str, withdrawn: frozenset[VersionId] = frozenset()) -> Version | None:
        """The version that will be in force in the end, if nothing more is posted; None where none stands.

        `withdrawn` are left out: those that are about to stand no longer.
        """
        return _latest(tuple(version for version in self.standing(document) if version.id not in withdrawn))

    def in_force(self, document: str, at: datetime) -> Version | None:
        """The standing version with the latest effective instant, ties to the later entry. None before the first, where
        all were withdrawn, and once the document is retired.
        """
        retired = self.retired(document)
        if retired and retired.effective and retired.effective <= at:
            return None
        keys, versions = self._by_effect.get(document, ((), ()))
        # Asked for thousands of versions: what is in force is near the end of those that are effective by then.
        for index in range(bisect_right(keys, (at, len(self.entries))) - 1, -1, -1):
            withdrawn = versions[index].withdrawn
            if withdrawn is None or withdrawn > at:
                return versions[index]
        return None

    @cached_property
    def _by_effect(self) -> Mapping[str, tuple[tuple[tuple[datetime, int], ...], tuple[Version, ...]]]:
        """Each document's versions in the order in which they come into force, and what they are ordered by."""
        ordered = {name: tuple(sorted(versions, key=_effect)) for name, versions in self.versions.items()}
        return {name: (tuple(map(_effect, versions)), versions) for name, versions in ordered.items()}

    def announced(self, document: str, at: datetime) -> tuple[Version, ...]:
        """What will come into force after an instant, in that order.

        Of several versions posted for one instant only the last will be in force; the others are left out.
        """
        last = {version.effective: version for version in self.scheduled(document, at)}
        return tuple(last.values())

    def scheduled(self, document: str, at: datetime) -> tuple[Version, ...]:
        """What was posted for after an instant, in the order of effect: neither withdrawn before it applies nor its
        document retired.
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
        """The entry that retires a document; None while it is published."""
        return self._retired.get(document)

    @cached_property
    def _retired(self) -> Mapping[str, Entry]:
        return {entry.document: entry for entry in self.entries if entry.kind is EntryKind.RETIRE}

    def entry_at(self, document: str, at: datetime) -> DocumentEntry | None:
        """What documents.yml said of a document in force at an instant; None where nothing was posted of it by then."""
        said = self.said_at(document, at)
        return said.entry if said else None

    def said_at(self, document: str, at: datetime) -> Entry | None:
        """The entry of the ledger that holds what documents.yml said of a document in force at an instant: that of its
        version, or of a later move or notice.
        """
        version = self.in_force(document, at)
        if version:
            return self.said_of(version, at)
        notices = (one for one in self._moves.get(document, ()) if one.effective and one.effective <= at)
        return None if self.versions.get(document) else max(notices, key=lambda one: one.seq, default=None)

    def entry_of(self, version: Version, at: datetime) -> DocumentEntry:
        """What documents.yml said of a version's document at an instant: with the version, or when it moved since."""
        said = self.said_of(version, at).entry
        assert said is not None
        return said

    def said_of(self, version: Version, at: datetime) -> Entry:
        """The entry that holds what documents.yml said of a version's document at an instant."""
        found = version.post
        for entry in self._moves.get(version.id.document, ()):
            if entry.seq > version.post.seq and entry.effective and entry.effective <= at:
                found = entry
        return found

    def last_entry(self, document: str) -> DocumentEntry | None:
        """What documents.yml said when a document's text or its place was last posted; None where it never was."""
        said = self.last_said(document)
        return said.entry if said else None

    def last_said(self, document: str, version: Version | None = None) -> Entry | None:
        """The last entry of the ledger that holds what documents.yml said of a document; None where it never was.

        Where a `version` is given, what was said with it or since, whatever was withdrawn meanwhile.
        """
        if version is None:
            return self._last_said.get(document)
        later = (one for one in reversed(self._moves.get(document, ())) if one.seq > version.post.seq)
        return next(later, version.post)

    @cached_property
    def _last_said(self) -> Mapping[str, Entry]:
        return {entry.document: entry for entry in self.entries if entry.entry}

    @cached_property
    def _moves(self) -> Mapping[str, tuple[Entry, ...]]:
        """What was said of each document without a text: its moves and notices."""
        found: dict[str, list[Entry]] = defaultdict(list)
        for entry in self.entries:
            if entry.kind in (EntryKind.MOVE, EntryKind.NOTICE) and entry.entry:
                found[entry.document].append(entry)
        return {name: tuple(moves) for name, moves in found.items()}

    @property
    def sets(self) -> tuple[str, ...]:
        """The ids of all sets that were ever posted, in order of appearance."""
        return tuple(self._sets)

    def set_at(self, id: str, at: datetime) -> SetEntry | None:
        """A set as it was in force at an instant; None before it was, and once it is no longer published."""
        sealed, entries = self._sets.get(id, ((), ()))
        # Asked for thousands of versions; instants never decrease among the entries about a set, nor in the ledger.
        if count := bisect_right(entries, at, key=_instant):
            return None if entries[count - 1].ended else entries[count - 1].set
        count = bisect_right(sealed, at, key=lambda entry: entry.posted)
        return _set_of(sealed[count - 1], id) if count else None

    def last_set(self, id: str) -> SetEntry | None:
        """A set as it was last posted, whether that is in force yet or not; None where it never was, or has ended."""
        sealed, entries = self._sets.get(id, ((), ()))
        last = entries[-1] if entries else sealed[-1] if sealed else None
        return _set_of(last, id) if last and not last.ended else None

    def last_set_entry(self, id: str) -> Entry | None:
        """The last entry that is about a set and no document; None where there is none."""
        return next(reversed(self._sets.get(id, ((), ()))[1]), None)

    @cached_property
    def _sets(self) -> Mapping[str, tuple[Sequence[Entry], Sequence[Entry]]]:
        """The entries that seal each set: those of format 1 about a document in it, and those about the set itself."""
        found: dict[str, tuple[list[Entry], list[Entry]]] = defaultdict(lambda: ([], []))
        for entry in self.entries:
            if entry.set:
                found[entry.set.id][1].append(entry)
            for one in entry.sets:
                found[one.id][0].append(entry)
        return dict(found)

    def entry(self, seq: int) -> Entry:
        """The entry of that number; KeyError where there is none."""
        if not 1 <= seq <= len(self.entries):
            raise KeyError(seq)
        return self.entries[seq - 1]

    @cached_property
    def corrections(self) -> Mapping[int, tuple[Entry, ...]]:
        """The entries that correct another, by the number of that one."""
        found: dict[int, list[Entry]] = defaultdict(list)
        for entry in self.entries:
            if entry.kind is EntryKind.CORRECT:
                found[entry.corrects].append(entry)
        return {seq: tuple(entries) for seq, entries in found.items()}

    @cached_property
    def redactions(self) -> str:
        """The hash of all redactions; empty where there is none."""
        hashes = [entry.hash for entry in self.entries if entry.kind is EntryKind.REDACT]
        return hash_of(hashes) if hashes else ""

    @cached_property
    def instants(self) -> tuple[datetime, ...]:
        """Every instant at which what is in force changes, in order."""
        kinds = (EntryKind.POST, EntryKind.WITHDRAW, EntryKind.RETIRE, EntryKind.MOVE, EntryKind.SET)
        return tuple(sorted({entry.effective for entry in self.entries if entry.kind in kinds and entry.effective}))


def _instant(entry: Entry) -> datetime:
    assert entry.effective is not None
    return entry.effective


def _set_of(entry: Entry, id: str) -> SetEntry | None:
    """What an entry says of a set."""
    return entry.set or next((one for one in entry.sets if one.id == id), None)


def _effect(version: Version) -> tuple[datetime, int]:
    return version.effective, version.post.seq


def _latest(versions: tuple[Version, ...]) -> Version | None:
    return max(versions, key=_effect, default=None)
