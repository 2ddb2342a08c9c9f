"""The record as a list of posted changes: each note with the entries it made, newest first.

A redaction or a move without a note is a change of its own. Changes are computed from the ledger alone; the text of a
note is read only when it is needed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import field
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from engross.common import value_class
from engross.model import (
    MAKING,
    NOT_FIXED,
    ChangeClass,
    DocumentEntry,
    DocumentKind,
    Entry,
    EntryKind,
    Ground,
    NoteRef,
    SetEntry,
    Version,
    VersionId,
)
from engross.record.history import Record
from engross.record.posting.relations import Difference, promise_differences, set_differences

Slugs = Mapping[str, tuple[str, ...]]
"""For the name of a change, the names of related changes."""


class ChangeState(StrEnum):
    """The state of a change at an instant."""

    ANNOUNCED = "announced"
    IN_EFFECT = "in-effect"
    WITHDRAWN = "withdrawn"


@value_class(frozen=True, slots=True)
class Effect:
    """What a change did to one document: an entry, and the document's settings in documents.yml at that time.

    For an entry about a set or a note, `document` has no id, and the title of the set or of the note's subject.
    `version` is the one that was made, withdrawn or redacted, in its present state; None if there is none. `promised`
    are the settings that changed; `members` are the documents of a set, before or after; `grounds` are those on which
    the document could change, in their sealed words.
    """

    entry: Entry
    document: DocumentEntry
    version: Version | None = None
    promised: tuple[Difference, ...] = ()
    members: tuple[str, ...] = ()
    grounds: tuple[Ground, ...] = ()

    @property
    def documents(self) -> tuple[str, ...]:
        """The ids of the documents that it is about."""
        return self.members or ((self.entry.document,) if self.entry.document else ())

    @property
    def kind(self) -> EntryKind:
        """What happened to the document."""
        return self.entry.kind

    @property
    def superseded(self) -> VersionId | None:
        """The version before the one that was made; None for the first version, and if none was made."""
        return VersionId(self.entry.document, self.entry.supersedes) if self.entry.supersedes else None

    @property
    def withdrawn(self) -> datetime | None:
        """The instant from which the version that was made is withdrawn; None if none was made or withdrawn."""
        return self.version.withdrawn if self.version and self.kind in MAKING else None


@value_class(frozen=True, slots=True)
class PostedChange:
    """One posted change: what a note did, entry by entry in the order of the ledger.

    `slug` is the note's name, or `entry.7` for an entry without a note: no note has a dot in its name. `corrects` are
    the changes that this one corrects, `corrected_by` those that correct this one, by slug in ledger order.
    """

    slug: str
    note: NoteRef | None
    effects: tuple[Effect, ...]
    corrects: tuple[str, ...] = ()
    corrected_by: tuple[str, ...] = ()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The ledger entries of the change."""
        return tuple(effect.entry for effect in self.effects)

    @property
    def posted(self) -> datetime:
        """When it was posted."""
        return self.effects[0].entry.posted

    @property
    def effective(self) -> tuple[datetime, ...]:
        """The instants from which it applies, in order: one, unless its documents differ; none for corrections and
        imports.

        The date of a version that it withdraws in favour of another is not included.
        """
        dated = [one for one in self.effects if one.entry.effective and one.kind is not EntryKind.IMPORT]
        counted = [effect for effect in dated if effect.kind is not EntryKind.WITHDRAW] or dated
        counted = [effect for effect in counted if effect.entry.effective != NOT_FIXED]
        return tuple(sorted({effect.entry.effective for effect in counted if effect.entry.effective}))

    @property
    def is_awaiting(self) -> bool:
        """Whether any of it waits for the delivery of its notice, and was not withdrawn meanwhile."""
        made = (effect for effect in self.effects if effect.version and not effect.withdrawn)
        return any(effect.entry.effective == NOT_FIXED for effect in made)

    @property
    def documents(self) -> tuple[str, ...]:
        """The ids of the documents it is about, each once."""
        return tuple(dict.fromkeys(name for effect in self.effects for name in effect.documents))

    def versions(self, kind: EntryKind) -> tuple[VersionId, ...]:
        """The versions to which the change did something of a kind."""
        return tuple(one.version.id for one in self.effects if one.version and one.kind is kind)

    @property
    def change_class(self) -> ChangeClass | None:
        """The highest class of its entries; None if none has a class (a redaction, a correction)."""
        classes = [effect.entry.change_class for effect in self.effects if effect.entry.change_class]
        return max(classes, key=lambda one: one.extent, default=None)

    @property
    def material(self) -> bool:
        """Whether any of its entries is material."""
        return any(effect.entry.material for effect in self.effects)

    @property
    def kinds(self) -> frozenset[EntryKind]:
        """All effects of the change."""
        return frozenset(effect.kind for effect in self.effects)

    @property
    def is_import(self) -> bool:
        """Whether it imports versions from before the record, and changes nothing."""
        return self.kinds == {EntryKind.IMPORT}

    @property
    def withdrawn(self) -> datetime | None:
        """The instant from which all versions it made are withdrawn; None if it made none, or one is not withdrawn."""
        made = [effect.withdrawn for effect in self.effects if effect.kind in MAKING]
        last = [at for at in made if at]
        return max(last) if last and len(last) == len(made) else None

    def state(self, at: datetime) -> ChangeState:
        """Return its state at an instant: announced while any of it is to come, withdrawn once all its versions are."""
        posts = [effect for effect in self.effects if effect.kind in MAKING]
        if posts and all(_withdrawn_by(effect, at) for effect in posts):
            return ChangeState.WITHDRAWN
        coming = (
            effect.entry.effective and effect.entry.effective > at
            for effect in self.effects
            if not _withdrawn_by(effect, at)
        )
        return ChangeState.ANNOUNCED if any(coming) else ChangeState.IN_EFFECT


def _withdrawn_by(effect: Effect, at: datetime) -> bool:
    """Whether what was made is withdrawn, or will be before it takes effect."""
    if effect.withdrawn is None or effect.entry.effective is None:
        return False
    return effect.withdrawn <= max(at, effect.entry.effective)


@value_class(frozen=True)
class Posted:
    """All posted changes of a record, newest first."""

    record: Record
    changes: tuple[PostedChange, ...]

    @cached_property
    def by_slug(self) -> Mapping[str, PostedChange]:
        """The changes by their names."""
        return {change.slug: change for change in self.changes}

    def about(self, documents: Iterable[str]) -> tuple[PostedChange, ...]:
        """The changes of any of some documents."""
        names = set(documents)
        if len(names) == 1:
            return tuple(self._about.get(names.pop(), ()))
        found = {change.slug for name in names for change in self._about.get(name, ())}
        return tuple(change for change in self.changes if change.slug in found)

    @cached_property
    def _about(self) -> Mapping[str, Sequence[PostedChange]]:
        """The changes of each document."""
        found: dict[str, list[PostedChange]] = defaultdict(list)
        for change in self.changes:
            for name in change.documents:
                found[name].append(change)
        return found

    def telling_of(self, wanted: Set[str]) -> tuple[PostedChange, ...]:
        """Return the changes with some names, and those that withdraw their versions or correct them.

        A reader of these changes alone would otherwise not see what no longer applies.
        """
        made = {one for name in wanted for one in self.by_slug[name].versions(EntryKind.POST)}
        return tuple(
            change
            for change in self.changes
            if change.slug in wanted
            or wanted & set(change.corrects)
            or not made.isdisjoint(change.versions(EntryKind.WITHDRAW))
        )

    @cached_property
    def titles(self) -> Mapping[str, DocumentEntry]:
        """The last settings in documents.yml of every document that was ever posted."""
        return {name: _said(self.record, name) for name in self.record.documents}


def posted_changes(record: Record) -> Posted:
    """Return the changes that the entries of a record made."""
    grouped: dict[str, list[Effect]] = defaultdict(list)
    notes: dict[str, NoteRef] = {}
    for effect in effects(record):
        for slug, note in names(effect.entry):
            grouped[slug].append(effect)
            if note:
                notes[slug] = note
    corrects, corrected = _corrections(record)
    changes = [
        PostedChange(slug, notes.get(slug), tuple(found), corrects.get(slug, ()), corrected.get(slug, ()))
        for slug, found in grouped.items()
    ]
    changes.sort(key=lambda change: change.entries[-1].seq, reverse=True)
    return Posted(record, tuple(changes))


def effects(record: Record) -> Iterator[Effect]:
    """Yield what each entry of a record did, in the order of the ledger; receipts belong to what was posted."""
    known: dict[str, DocumentEntry] = {}
    sets: dict[str, str] = {}
    of_notes: dict[str, list[Effect]] = defaultdict(list)
    settings = _Settings()
    for entry in record.entries:
        if entry.kind is EntryKind.RECEIPT:
            continue  # It is part of what it reports, and changes nothing else.
        if entry.entry:
            known[entry.document] = entry.entry
        if entry.set:
            sets[entry.set.id] = entry.set.title
        if entry.document:
            about = known.get(entry.document) or _unknown(entry.document)
        else:
            about = _titled(sets.get(entry.set_id) or _titles(of_notes.get(entry.note, ())) or entry.note)
        effect = Effect(entry, about, _version(record, entry), *settings.follow(entry))
        for note in entry.notes:
            of_notes[note.slug].append(effect)
        yield effect


@value_class(frozen=True, slots=True)
class _Settings:
    """The settings that the entries so far have sealed: by document, without withdrawn entries; by set."""

    documents: dict[str, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    sets: dict[str, SetEntry] = field(default_factory=dict)

    def follow(self, entry: Entry) -> tuple[tuple[Difference, ...], tuple[str, ...], tuple[Ground, ...]]:
        """Return what the next entry changes in settings, the documents of its set, and the grounds of its document.

        The grounds are those promised before, otherwise the entry's own.
        """
        if entry.kind is EntryKind.WITHDRAW:
            before = self.documents[entry.document]
            self.documents[entry.document] = [one for one in before if one.version != entry.version]
        for one in entry.sets:
            self.sets[one.id] = one
        if entry.set:
            return (*self._set(entry.set), ())
        about = self.sets.get(entry.about)
        if about:
            return (), about.documents, ()
        before = self.documents[entry.document]
        grounds = before[-1].grounds if before and before[-1].grounds else entry.grounds
        return (self._document(entry) if entry.entry else ()), (), grounds

    def _document(self, entry: Entry) -> tuple[Difference, ...]:
        assert entry.entry is not None
        before = self.documents[entry.document]
        found = promise_differences(before[-1], entry.entry, entry.grounds) if before else ()
        before.append(entry)
        return found

    def _set(self, new: SetEntry) -> tuple[tuple[Difference, ...], tuple[str, ...]]:
        old = self.sets.get(new.id)
        self.sets[new.id] = new
        members = dict.fromkeys((*new.documents, *(old.documents if old else ())))
        return set_differences(old, new) if old else (), tuple(members)


def names(entry: Entry) -> Iterator[tuple[str, NoteRef | None]]:
    """The changes that an entry belongs to, by their names, each with its note."""
    for note in entry.notes:
        yield note.slug, note
    if not entry.notes:
        # The imports of a document follow one another; those without a note are one change.
        first = entry.seq - entry.version + 1 if entry.kind is EntryKind.IMPORT else entry.seq
        yield f"entry.{first}", None


def _version(record: Record, entry: Entry) -> Version | None:
    return record.version(VersionId(entry.document, entry.version)) if entry.version else None


def _corrections(record: Record) -> tuple[Slugs, Slugs]:
    """Return which changes each one corrects, and which correct it."""
    pairs = [
        (slug, about)
        for entry in record.entries
        if entry.kind is EntryKind.CORRECT
        for slug, _ in names(entry)
        for about, _ in names(record.entry(entry.corrects))
    ]
    return _grouped(pairs), _grouped((about, slug) for slug, about in pairs)


def _grouped(pairs: Iterable[tuple[str, str]]) -> Slugs:
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for one, other in pairs:
        found[one][other] = None
    return {slug: tuple(others) for slug, others in found.items()}


def _said(record: Record, document: str) -> DocumentEntry:
    return record.last_entry(document) or _unknown(document)


def _titles(effects: Iterable[Effect]) -> str:
    return ", ".join(dict.fromkeys(effect.document.title for effect in effects))


def _titled(title: str) -> DocumentEntry:
    """Return a document entry for an effect on a set or a note; its kind is never read."""
    return DocumentEntry("", title, DocumentKind.POLICY)


def _unknown(document: str) -> DocumentEntry:
    """Return an entry for a document of which the ledger has only the id."""
    return DocumentEntry(document, document, DocumentKind.NOTICE_ONLY)
