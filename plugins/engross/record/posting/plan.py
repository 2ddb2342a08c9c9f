"""Drafts and pending notes → what a release would post.

Withdrawals come first, then texts in the order of documents.yml, then notices, moves, sets, retirements and
corrections. What the plan may not hold is for the rules (`rules/`); a plan is made of whatever there is, so that all of
it can be told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

from engross.corpus import Project
from engross.model import Change, ChangeClass, DocumentEntry, EntryKind, Ground, Tree, VersionId
from engross.record.history import Record
from engross.record.notes.reader import Notes
from engross.record.pictures import changed_pictures
from engross.record.posting.drafts import Draft, Drafts, Following, read_drafts, sealed_document
from engross.record.posting.relations import Difference, SetChange, promise_differences
from engross.record.trees import text_hash

_RANK = (ChangeClass.FORMAT, ChangeClass.EDITORIAL, ChangeClass.SUBSTANTIVE)


@dataclass(frozen=True, slots=True)
class Posting:
    """One entry to be: what happens to which document, and the notes that say so.

    `draft` is the text of a post, `number` that of the version it becomes; `version` is the version that is withdrawn,
    `corrects` the entry that is corrected. `set` is the id of the set that it is about, `set_change` what changes of
    it; `document` is then empty. `note` is the name of the note whose redaction is corrected.
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
        """The document or the set that it is about, as messages call it."""
        return f"the set {self.set}" if self.set else self.document

    @property
    def promised(self) -> tuple[Difference, ...]:
        """What documents.yml promises otherwise than before."""
        return self.draft.promised if self.draft else self.set_change.differences if self.set_change else ()

    @property
    def change_class(self) -> ChangeClass:
        """The class of what is posted: that of the note that goes furthest."""
        return max((note.change_class for note in self.notes), key=_RANK.index, default=ChangeClass.FORMAT)

    @property
    def material(self) -> bool:
        """Whether any of the notes says so."""
        return any(note.material for note in self.notes)

    @property
    def leads(self) -> dict[str, str]:
        """Where removed anchors of the document lead, as the notes say: "anchor" here or "document#anchor"."""
        return leads(self.notes, self.document)


@dataclass(frozen=True, slots=True)
class OwnText:
    """A text that lies beside its note, as the draft that the note posts."""

    note: Change
    draft: Draft


@dataclass(frozen=True)
class Plan:
    """What would be posted at the instant `posted`. `notes` are the pending ones, `folder` all that the folder of notes
    holds. Drafts are compared with what stands after the pending withdrawals. `own` are, by document, the texts that
    lie beside notes, in the order in which they are posted; the text in the docs follows them.
    """

    project: Project
    record: Record
    drafts: Drafts
    notes: tuple[Change, ...]
    posted: datetime
    folder: Notes
    own: Mapping[str, tuple[OwnText, ...]] = field(default_factory=dict)

    @cached_property
    def notes_for(self) -> Mapping[str, tuple[Change, ...]]:
        """The pending notes about each document's text in the docs, by document. Corrections are about no text, and
        some notes have a text of their own.
        """
        found: dict[str, list[Change]] = defaultdict(list)
        for note in self.notes:
            for name in () if note.corrects else note.documents:
                if name not in note.own_text:
                    found[name].append(note)
        return {name: tuple(notes) for name, notes in found.items()}

    @cached_property
    def notes_for_set(self) -> Mapping[str, tuple[Change, ...]]:
        """The pending notes about each set, by its id: those that name it, else those that post its agreement for the
        first time, if it was never posted either.
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
        """What would be posted, in the order in which it would be."""
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

    def effective(self, note: Change) -> datetime:
        """From when what a note says applies, if it is posted as planned."""
        return note.effective or self.posted

    def draft_of(self, note: Change, document: str) -> Draft | None:
        """The text of a document that a note posts: its own, or the one in the docs; None where there is none."""
        if document not in note.own_text:
            return self.drafts.documents.get(document)
        return next((one.draft for one in self.own.get(document, ()) if one.note is note), None)

    def has_text_of(self, draft: Draft, id: VersionId) -> bool:
        """Whether a draft shows what a version shows."""
        version = self.record.version(id)
        if changed_pictures(draft.docs, draft.document, version):
            return False
        return draft.text in (version.sealed.text, text_hash(sealed_document(self.record, version).root))

    @cached_property
    def trees(self) -> Mapping[VersionId, Tree]:
        """The tree that each text to be posted will have, by the version it becomes."""
        return {
            VersionId(posting.document, posting.number): posting.draft.tree(posting.number, posting.leads)
            for posting in self.postings
            if posting.kind is EntryKind.POST and posting.draft
        }

    def changes_terms(self, posting: Posting) -> bool:
        """Whether other words or relations apply to customers who had some before: a text follows another, or one in
        force is withdrawn and none follows, or what documents.yml promises changes.
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
        """What documents.yml promises of how a document changes. What it promised before holds for this change as well:
        in force when it is posted, and when the text was posted that is about to change. So no promise is lowered
        together with what it is about.
        """
        entry = self.entry_of(posting)
        before = self.promised_before(posting.draft, posting.document)
        if entry is None or not before:
            return entry
        # What is promised anew holds for changes of the text, and not for the change that promises it.
        now = () if posting.kind is EntryKind.MOVE else (entry,)
        days = max(one.notice_days for one in (*now, *before))
        grounds = next((one.grounds for one in before if one.grounds), entry.grounds)
        return replace(
            entry,
            notice_days=days,
            grounds=grounds,
            text_required=entry.text_required or any(one.text_required for one in before),
        )

    def promised_before(self, draft: Draft | None, document: str = "") -> tuple[DocumentEntry, ...]:
        """What was promised of a document that is about to change, or of the one with the id `document` where it is no
        longer listed; nothing where no text of it stands.
        """
        if draft and draft.has_text and draft.base is None:
            return ()
        found = [self.record.settings_entry_at(draft.document.id if draft else document, self.posted)]
        if draft:
            found += [draft.base.post if draft.base else None, draft.said]
        return tuple(dict.fromkeys(one.entry for one in found if one and one.entry))

    def requires_text(self, document: str) -> bool:
        """Whether a note about a document must name the text that was approved: as documents.yml has it, or had it in
        force.
        """
        said = self.record.entry_at(document, self.posted)
        return self.drafts.documents[document].entry.text_required or bool(said and said.text_required)

    def promised_grounds(self, document: str) -> Mapping[str, Ground]:
        """The grounds by id on which a document's changes are to rest, in the words that are in force."""
        said = self.record.settings_entry_at(document, self.posted)
        return {ground.id: ground for ground in (said.grounds if said else ())}

    def notice_days(self, posting: Posting) -> int:
        """How many days ahead a material change is to be posted: a document's own, or for a set the most that is in
        force for its agreement and the documents whose place changes.
        """
        if posting.set_change is None:
            entry = self.promised(posting)
            return entry.notice_days if entry else 0
        return self.set_notice_days(posting.set_change)

    def set_notice_days(self, change: SetChange) -> int:
        """How many days ahead a material change of a set is to be posted."""
        if change.old is None:
            return 0
        names = dict.fromkeys((change.old.agreement, *change.documents))
        said = [self.record.entry_at(name, self.posted) for name in names if name in change.old.documents]
        return max((entry.notice_days for entry in said if entry), default=0)

    def slips(self, posting: Posting) -> tuple[Difference, ...]:
        """What an entry would put in force sooner than it is announced: documents.yml holds it already."""
        said = posting.draft.said if posting.draft else None
        if posting.draft is None or said is None or not said.effective or not posting.effective:
            return ()
        before = self.record.settings_entry_at(posting.document, posting.effective)
        if said.effective <= posting.effective or before is None or said.entry is None:
            return ()
        again = {one.field for one in posting.draft.promised}
        return tuple(one for one in promise_differences(before, said.entry, said.grounds) if one.field not in again)

    def entry_of(self, posting: Posting) -> DocumentEntry | None:
        """What documents.yml says of a document, or last said where it no longer lists it."""
        draft = self.drafts.documents.get(posting.document)
        return draft.entry if draft else self.record.last_entry(posting.document)

    def _withdrawals(self) -> Iterator[Posting]:
        for version in dict.fromkeys(version for note in self.notes for version in note.withdraws):
            notes = tuple(note for note in self.notes if version in note.withdraws)
            # What is only announced is withdrawn at once, or it might come into force before the note does.
            coming = {one.id for one in self.record.scheduled(version.document, self.posted)}
            effective = self.posted if version in coming else self._first(notes)
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

    def _first(self, notes: Sequence[Change]) -> datetime:
        return max(self.effective(note) for note in notes)

    def _notices(self) -> Iterator[Posting]:
        for name, draft in self.drafts.documents.items():
            for note in self.notes_for.get(name, ()) if not draft.has_text else ():
                yield Posting(EntryKind.NOTICE, name, (note,), self.effective(note), draft)

    def _moves(self) -> Iterator[Posting]:
        texts = {posting.document for posting in self._texts()}
        for name, draft in self.drafts.documents.items():
            notes = self.notes_for.get(name, ())
            if (draft.moved or (draft.promised and notes)) and name not in texts and draft.has_text:
                posting = Posting(EntryKind.MOVE, name, notes, self._first(notes) if notes else self.posted, draft)
                if not notes and self.slips(posting):
                    # A new name waits for what is announced, since documents.yml holds both.
                    posting = replace(posting, effective=draft.said.effective if draft.said else None)
                yield posting

    def _sets(self) -> Iterator[Posting]:
        for name, change in self.drafts.sets.items():
            if notes := self.notes_for_set.get(name, ()):
                yield Posting(EntryKind.SET, "", notes, self._first(notes), set=name, set_change=change)

    def _retirements(self) -> Iterator[Posting]:
        for name in self.drafts.gone:
            if notes := self.notes_for.get(name, ()):
                yield Posting(EntryKind.RETIRE, name, notes, self._first(notes))

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
    """Whether a document's text becomes a version: where it changed, and where a note posts mere bytes."""
    if not draft.has_text:
        return False
    only_withdraws = all(note.withdraws for note in notes)
    return draft.changed or (draft.bytes_changed and not only_withdraws)


def make_plan(project: Project, record: Record, notes: Notes, posted: datetime) -> Plan:
    """What the docs and their notes would post at an instant."""
    withdrawn = frozenset(version for note in notes.pending for version in note.withdraws)
    drafts = read_drafts(project, record, withdrawn)
    documents, own = dict(drafts.documents), dict[str, tuple[OwnText, ...]]()
    for name in {document for _, document in notes.texts}:
        own[name], documents[name] = _in_a_row(drafts.documents[name], notes, posted)
    return Plan(project, record, replace(drafts, documents=documents), notes.pending, posted, notes, own)


def _in_a_row(last: Draft, notes: Notes, posted: datetime) -> tuple[tuple[OwnText, ...], Draft]:
    """The texts of a document that lie beside notes, each with the version it follows, and the one in the docs, which
    follows them all.
    """
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
    """Where removed anchors of a document lead, as some notes say: "anchor" here or "document#anchor"."""
    said = {}
    for note in notes:
        for old, new in note.anchors:
            owner, _, anchor = old.rpartition("#")
            if (owner or (note.documents[0] if len(note.documents) == 1 else "")) == document:
                said[anchor] = new.removeprefix(f"{document}#").removeprefix("#")
    return said
