"""Drafts and pending notes → what a release would post.

Withdrawals come first, then texts in the order of documents.yml, then notices, moves, sets, retirements and
corrections. A plan may break rules: the rules check it afterwards (`rules/`), so that all findings appear together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from engross.common import value_class
from engross.corpus import Project
from engross.model import (
    Change,
    ChangeClass,
    Diagnostic,
    DocumentEntry,
    EntryKind,
    Ground,
    Tree,
    VersionId,
)
from engross.record.encoding import instant_in_words
from engross.record.history import Record
from engross.record.host import NotePages
from engross.record.notes.reader import Notes
from engross.record.pictures import changed_pictures
from engross.record.posting.drafts import Draft, Drafts, Following, comparable_document, read_drafts
from engross.record.posting.relations import Difference, SetChange, promise_differences
from engross.record.trees import text_hash


@value_class(frozen=True, slots=True)
class Posting:
    """One entry to be posted: what happens to which document, and the notes about it.

    `draft` is the text of a post, `number` that of the version it becomes; `version` is the version to withdraw,
    `corrects` the entry to correct. For a set, `set` is its id and `set_change` its changes; `document` is then empty.
    `note` is the name of the note whose redaction is corrected.
    """

    kind: EntryKind
    document: str
    notes: tuple[Change, ...]
    effective: datetime | None = None
    draft: Draft | None = None
    version: VersionId | None = None
    corrects: int = 0
    number: int = 0
    set: str = ""
    set_change: SetChange | None = None
    note: str = ""

    @property
    def about(self) -> str:
        """The name of its document or set in messages."""
        return f"the set {self.set}" if self.set else self.document

    @property
    def promised(self) -> tuple[Difference, ...]:
        """The settings in documents.yml that change."""
        return self.draft.promised if self.draft else self.set_change.differences if self.set_change else ()

    @property
    def change_class(self) -> ChangeClass:
        """The highest class among its notes; a text without one changes only informational columns of a register."""
        without = ChangeClass.EDITORIAL if self.kind is EntryKind.POST else ChangeClass.FORMAT
        return max((note.change_class for note in self.notes), key=lambda one: one.extent, default=without)

    @property
    def material(self) -> bool:
        """Whether any of its notes is material."""
        return any(note.material for note in self.notes)

    @property
    def leads(self) -> dict[str, str]:
        """Where removed anchors of the document lead, by the notes; see `next_tree`."""
        return leads(self.notes, self.document)


@value_class(frozen=True, slots=True)
class OwnText:
    """A text beside its note, as the draft that the note posts."""

    note: Change
    draft: Draft


@value_class(frozen=True)
class Plan:
    """What would be posted at the instant `posted`. `notes` are the pending ones, `folder` the whole folder of notes.

    Drafts are compared with the record after the pending withdrawals. `own` are, by document, the texts beside notes,
    in the order of posting; the text in the docs follows them. `pages` are where notes can be created on the host.
    `unreadable` are the mistakes of documents that cannot be read: here these are as they were last posted.
    """

    project: Project
    record: Record
    drafts: Drafts
    notes: tuple[Change, ...]
    posted: datetime
    folder: Notes
    own: Mapping[str, tuple[OwnText, ...]] = field(default_factory=dict)
    pages: NotePages | None = None
    unreadable: Mapping[str, tuple[Diagnostic, ...]] = field(default_factory=dict)

    @cached_property
    def notes_for(self) -> Mapping[str, tuple[Change, ...]]:
        """The pending notes about each document's text in the docs, by document, without corrections and without notes
        that post a text beside them.
        """
        found: dict[str, list[Change]] = defaultdict(list)
        for note in self.notes:
            for name in () if note.corrects else note.documents:
                if name not in note.own_text:
                    found[name].append(note)
        return {name: tuple(notes) for name, notes in found.items()}

    @cached_property
    def notes_for_set(self) -> Mapping[str, tuple[Change, ...]]:
        """The pending notes about each set, by its id: those that name it, otherwise those that post its agreement for
        the first time, if the set was never posted either.
        """
        found: dict[str, list[Change]] = defaultdict(list)
        for note in self.notes:
            for name in () if note.corrects else note.sets:
                found[name].append(note)
        for name, change in self.drafts.sets.items():
            if name not in found and self.is_first(change):
                found[name].extend(self.notes_for.get(change.entry.agreement, ()))
        return {name: tuple(notes) for name, notes in found.items() if notes}

    @cached_property
    def postings(self) -> tuple[Posting, ...]:
        """What would be posted, in order."""
        return (
            *self._withdrawals(),
            *self._texts(),
            *self._notices(),
            *self._moves(),
            *self._sets(),
            *self._retirements(),
            *self._corrections(),
        )

    def is_first(self, change: SetChange) -> bool:
        """Whether a set is new together with its agreement, so that nobody had agreed to anything before."""
        return change.old is None and not self.record.versions.get(change.entry.agreement)

    def in_words(self, instant: datetime) -> str:
        """Return an instant for messages, in the site's time zone: 26 October 2026."""
        return instant_in_words(instant, ZoneInfo(self.project.settings.timezone))

    def effective(self, note: Change) -> datetime:
        """Return when a note takes effect, if it is posted as planned."""
        return note.effective or self.posted

    def draft_of(self, note: Change, document: str) -> Draft | None:
        """Return the text of a document that a note posts: its own, or the one in the docs; None if there is none."""
        if document not in note.own_text:
            return self.drafts.documents.get(document)
        return next((one.draft for one in self.own.get(document, ()) if one.note is note), None)

    def has_text_of(self, draft: Draft, id: VersionId) -> bool:
        """Whether a draft shows the same as a version."""
        version = self.record.version(id)
        if changed_pictures(draft.docs, draft.document, version):
            return False
        return draft.text in (version.sealed.text, text_hash(comparable_document(self.record, version).root))

    @cached_property
    def trees(self) -> Mapping[VersionId, Tree]:
        """The tree that each text to be posted will have, by the version it becomes."""
        return {
            VersionId(posting.document, posting.number): posting.draft.tree(posting.number, posting.leads)
            for posting in self.postings
            if posting.kind is EntryKind.POST and posting.draft
        }

    def changes_terms(self, posting: Posting) -> bool:
        """Whether the terms of existing customers change: a text replaces another, a version in force is withdrawn
        without a replacement, or promised settings change.
        """
        if posting.kind is EntryKind.POST:
            return posting.draft is not None and posting.draft.base is not None
        if posting.kind is EntryKind.MOVE:
            return bool(posting.promised)
        if posting.kind is EntryKind.SET:
            return posting.set_change is not None and posting.set_change.old is not None
        if posting.kind is not EntryKind.WITHDRAW or posting.effective is None:
            return False
        if any(one.kind is EntryKind.POST and one.document == posting.document for one in self.postings):
            return False
        applies = self.record.in_force(posting.document, posting.effective)
        return applies is not None and applies.id == posting.version

    def promised(self, posting: Posting) -> DocumentEntry | None:
        """Return the promised settings that protect a document's change: those in force when it is posted, and when the
        old text was posted. So no promise can be lowered together with what it protects.
        """
        entry = self.entry_of(posting)
        before = self.promised_before(posting.draft, posting.document)
        if entry is None or not before:
            return entry
        grounds = next((one.grounds for one in before if one.grounds), entry.grounds)
        return replace(
            entry,
            grounds=grounds,
            text_required=entry.text_required or any(one.text_required for one in before),
        )

    def promised_before(self, draft: Draft | None, document: str = "") -> tuple[DocumentEntry, ...]:
        """Return the past promises about a document that changes, or about `document` if it is no longer listed;
        nothing if none of its texts is in force.
        """
        if draft and draft.has_text and draft.base is None:
            return ()
        found = [self.record.settings_entry_at(draft.document.id if draft else document, self.posted)]
        if draft:
            found += [draft.base.post if draft.base else None, draft.posted_entry]
        return tuple(dict.fromkeys(one.entry for one in found if one and one.entry))

    def has_consumers(self, document: str, of_set: str = "") -> bool:
        """Whether a document, or the set with an id, is for consumers: by documents.yml, or as it was posted."""
        known = (*self.project.settings.sets, *filter(None, map(self.record.last_set, self.record.sets)))
        return any(one.consumer and (one.id == of_set or document in one.documents) for one in known)

    def requires_text(self, document: str) -> bool:
        """Whether a note about a document must name the approved text, by documents.yml or by the settings in force."""
        settings = self.record.entry_at(document, self.posted)
        return self.drafts.documents[document].entry.text_required or bool(settings and settings.text_required)

    def promised_grounds(self, document: str) -> Mapping[str, Ground]:
        """Return the grounds by id on which a document may change, in the words that are in force."""
        settings = self.record.settings_entry_at(document, self.posted)
        return {ground.id: ground for ground in (settings.grounds if settings else ())}

    def slips(self, posting: Posting) -> tuple[Difference, ...]:
        """Return the announced settings, already in documents.yml, that an entry would put in force too soon."""
        posted_entry = posting.draft.posted_entry if posting.draft else None
        if posting.draft is None or posted_entry is None or not posted_entry.effective or not posting.effective:
            return ()
        before = self.record.settings_entry_at(posting.document, posting.effective)
        if posted_entry.effective <= posting.effective or before is None or posted_entry.entry is None:
            return ()
        again = {one.field for one in posting.draft.promised}
        return tuple(
            one
            for one in promise_differences(before, posted_entry.entry, posted_entry.grounds)
            if one.field not in again
        )

    def entry_of(self, posting: Posting) -> DocumentEntry | None:
        """Return the settings of a document in documents.yml, or the last posted ones if it is no longer listed."""
        draft = self.drafts.documents.get(posting.document)
        return draft.entry if draft else self.record.last_entry(posting.document)

    def _withdrawals(self) -> Iterator[Posting]:
        for version in dict.fromkeys(version for note in self.notes for version in note.withdraws):
            notes = tuple(note for note in self.notes if version in note.withdraws)
            # An announced version is withdrawn at once, otherwise it might come into force before the note does.
            coming = {one.id for one in self.record.scheduled(version.document, self.posted)}
            effective = self.posted if version in coming else self._dated(notes)
            yield Posting(EntryKind.WITHDRAW, version.document, notes, effective, version=version)

    def _texts(self) -> Iterator[Posting]:
        for name, draft in self.drafts.documents.items():
            number = next_number(self.record, name)
            for own in self.own.get(name, ()):
                yield Posting(EntryKind.POST, name, (own.note,), self.effective(own.note), own.draft, number=number)
                number += 1
            notes = self.notes_for.get(name, ())
            if notes and _is_posted(draft, notes):
                yield Posting(EntryKind.POST, name, notes, self._first(notes), draft, number=number)
            elif not notes and draft.informational and not draft.promised and draft.base:
                # An announced change comes first, because this text has it.
                effective = max(self.posted, draft.base.effective)
                yield Posting(EntryKind.POST, name, (), effective, draft, number=number)

    def _first(self, notes: Sequence[Change]) -> datetime:
        return max(self.effective(note) for note in notes)

    def _dated(self, notes: Sequence[Change]) -> datetime:
        """The last instant of some notes, for what waits for no delivery: a rule reports a note without an instant."""
        return max(self.posted if note.is_undated else self.effective(note) for note in notes)

    def _notices(self) -> Iterator[Posting]:
        for name, draft in self.drafts.documents.items():
            for note in self.notes_for.get(name, ()) if not draft.has_text else ():
                yield Posting(EntryKind.NOTICE, name, (note,), self._dated((note,)), draft)

    def _moves(self) -> Iterator[Posting]:
        texts = {posting.document for posting in self._texts()}
        for name, draft in self.drafts.documents.items():
            notes = self.notes_for.get(name, ())
            if (draft.moved or (draft.promised and notes)) and name not in texts and draft.has_text:
                posting = Posting(EntryKind.MOVE, name, notes, self._dated(notes) if notes else self.posted, draft)
                if not notes and self.slips(posting):
                    # A new name waits for the announced change, since documents.yml has both.
                    posting = replace(posting, effective=draft.posted_entry.effective if draft.posted_entry else None)
                yield posting

    def _sets(self) -> Iterator[Posting]:
        for name, change in self.drafts.sets.items():
            if notes := self.notes_for_set.get(name, ()):
                yield Posting(EntryKind.SET, "", notes, self._dated(notes), set=name, set_change=change)

    def _retirements(self) -> Iterator[Posting]:
        for name in self.drafts.gone:
            if notes := self.notes_for.get(name, ()):
                yield Posting(EntryKind.RETIRE, name, notes, self._dated(notes))

    def _corrections(self) -> Iterator[Posting]:
        for note in self.notes:
            if 1 <= note.corrects <= len(self.record.entries):
                about = self.record.entry(note.corrects)
                yield Posting(
                    EntryKind.CORRECT,
                    about.document,
                    (note,),
                    corrects=note.corrects,
                    set=about.set_id,
                    note=about.note,
                )


def _is_posted(draft: Draft, notes: Sequence[Change]) -> bool:
    """Whether a document's text becomes a version: if it changed, or if a note posts changed bytes."""
    if not draft.has_text:
        return False
    only_withdraws = all(note.withdraws for note in notes)
    return draft.changed or (draft.bytes_changed and not only_withdraws)


def make_plan(
    project: Project,
    record: Record,
    notes: Notes,
    posted: datetime,
    pages: NotePages | None = None,
    waiting: Collection[str] = (),
) -> Plan:
    """Return what the docs and their notes would post at an instant; `pages` as in `Plan`. `waiting` are
    documents whose changes are no part of it: the project has them as they were last posted.
    """
    withdrawn = frozenset(version for note in notes.pending for version in note.withdraws)
    drafts = read_drafts(project, record, withdrawn, waiting)
    documents, own = dict(drafts.documents), dict[str, tuple[OwnText, ...]]()
    for name in {document for _, document in notes.texts}:
        own[name], documents[name] = _in_a_row(drafts.documents[name], notes, posted)
    return Plan(project, record, replace(drafts, documents=documents), notes.pending, posted, notes, own, pages)


def _in_a_row(last: Draft, notes: Notes, posted: datetime) -> tuple[tuple[OwnText, ...], Draft]:
    """Return the texts of a document beside notes, each with the version it follows, and then the one in the docs."""
    name = last.document.id
    with_text = (note for note in notes.pending if (note.slug, name) in notes.texts)
    own: list[OwnText] = []
    number, base, follows = next_number(last.record, name), last.base, last.follows
    for note in sorted(with_text, key=lambda note: (note.effective or posted, note.slug)):
        draft = replace(last, document=notes.texts[note.slug, name], base=base, follows=follows)
        own.append(OwnText(note, draft))
        follows = Following(draft, number, posted, note.effective or posted, leads((note,), name))
        number, base = number + 1, follows.version
    return tuple(own), replace(last, base=base, follows=follows)


def next_number(record: Record, document: str) -> int:
    """The number of a document's next version."""
    return len(record.versions.get(document, ())) + 1


def leads(notes: Iterable[Change], document: str) -> dict[str, str]:
    """Return where removed anchors of a document lead, by some notes, in the form that `next_tree` takes."""
    targets = {}
    for note in notes:
        for old, new in note.anchors:
            owner, _, anchor = old.rpartition("#")
            if (owner or (note.documents[0] if len(note.documents) == 1 else "")) == document:
                targets[anchor] = _target(new, document)
    return targets


def _target(written: str, document: str) -> str:
    """Return a target without the name of its own document, unless it is the beginning of that."""
    owner, sign, anchor = written.partition("#")
    if not sign or (anchor and owner in ("", document)):
        return anchor or written
    return f"{owner or document}#{anchor}"
