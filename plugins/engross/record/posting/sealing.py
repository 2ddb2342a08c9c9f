"""A plan → the entries and the sealed files that it makes; this module alone writes them.

Everything is computed before anything is written, and new entries must fulfil the invariants that `verify` checks: so
no record is written that would not verify.

`planned_record` is for previews: the record as it would be if the pending notes were posted now. It writes nothing, and
its plan may break rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import field, replace
from types import MappingProxyType

from engross.common import EngrossError, error, value_class
from engross.model import NOT_FIXED, READER, DocumentEntry, Entry, EntryKind, NoteRef, Picture, Sealed, Tree, VersionId
from engross.record.encoding import sha256
from engross.record.history import LEDGER, Record
from engross.record.journal import Step, clean, not_written, steps
from engross.record.ledger.file import RULE, chained, ledger_bytes
from engross.record.ledger.invariants import check_invariants
from engross.record.pictures import docs_pictures
from engross.record.posting.announced import continued
from engross.record.posting.drafts import Draft
from engross.record.posting.plan import Plan, Posting
from engross.record.posting.promised_notice import awaited_notice
from engross.record.posting.relations import SetChange
from engross.record.sealed_files import (
    FOR_GIT,
    Files,
    listed,
    note_name,
    note_seal_name,
    picture_name,
    seal_name,
    sound_for_git,
    text_name,
    tree_bytes,
    tree_name,
)
from engross.record.seals import seal_note, seal_text
from engross.record.verification import open_record

NO_FILES: Files = MappingProxyType({})


@value_class(frozen=True, slots=True)
class Sealing:
    """What is added to a record: entries, chained to the existing ones, new files, and files to delete."""

    entries: tuple[Entry, ...]
    files: Files = field(repr=False)
    gone: frozenset[str] = frozenset()


def seal(plan: Plan) -> Sealing:
    """Return the entries and files that a plan makes. Raises EngrossError if they would break an invariant."""
    posted = {note.slug: note for posting in plan.postings for note in posting.notes}
    notes = {slug: note_files(slug, note.source.data) for slug, note in posted.items()}
    files: dict[str, bytes] = {}
    refs = {slug: ref for slug, (ref, _) in notes.items()}
    entries = [_entry(plan, posting, refs, files) for posting in plan.postings]
    for _, made in notes.values():
        files |= made
    return bound(plan.record, entries, files)


def note_files(slug: str, data: bytes) -> tuple[NoteRef, dict[str, bytes]]:
    """Return a change note under a new seal, and its files."""
    note, seal = seal_note(slug, data)
    return note, {note_name(note): data, note_seal_name(note): seal}


def bound(record: Record, entries: Sequence[Entry], files: Mapping[str, bytes], gone: Iterable[str] = ()) -> Sealing:
    """Chain entries to a record. Raises EngrossError if they would break an invariant."""
    new = chained(record.entries, entries)
    problems = list(check_invariants((*record.entries, *new), record.ledger_path))
    if problems:
        raise EngrossError(problems)
    return Sealing(new, dict(files), frozenset(gone))


def write(record: Record, sealing: Sealing, run: Callable[[Step], None] | None = None) -> Record:
    """Add what was sealed to a record, and return the verified result. The caller holds the record's lock.

    Files that an interrupted release has left are deleted first. `run` runs each step, in order; by default at once.
    Raises EngrossError if a file cannot be written; the record does not change then.
    """
    existing = _files_of(record)
    # An earlier version may show the same picture: an existing file is not written again.
    new = {name: data for name, data in {**FOR_GIT, **sealing.files}.items() if name not in existing}
    ledger = ledger_bytes((*record.entries, *sealing.entries))
    try:
        clean(record.folder, existing)
        if not sealing.entries:
            return record
        for step in steps(record.folder, new, ledger, sealing.gone):
            (run or _do)(step)
    except OSError as problem:
        raise _stopped(record, problem) from None
    return open_record(record.folder)


def undo(record: Record) -> Record:
    """Delete the files of a stopped write of which the ledger has no entry yet, and return the record as it is now.

    `record` is the one that was written to; the caller still holds its lock.
    """
    # Without a ledger nothing was released: the files are from this release.
    now = open_record(record.folder) if (record.folder / LEDGER).exists() else record
    with suppress(OSError):
        clean(record.folder, _files_of(now))
    return now


def _files_of(record: Record) -> set[str]:
    """Return the files that belong to a record."""
    return {*listed(record), *sound_for_git(record.folder)}


def _do(step: Step) -> None:
    step[1]()


def _stopped(record: Record, problem: OSError) -> EngrossError:
    """Return the error for a failed write. If the ledger was not replaced yet, the new files are deleted."""
    if undo(record).entries == record.entries:
        return not_written(record.folder, problem)
    message = f"it was released, but {problem.filename or 'a file'} could not be written: {problem.strerror}"
    return EngrossError([error(RULE, record.shown, 0, 0, message)])


def _entry(plan: Plan, posting: Posting, notes: Mapping[str, NoteRef], files: dict[str, bytes]) -> Entry:
    entry = planned_entry(plan, posting, notes)
    return _post(plan, posting, entry, files) if posting.kind is EntryKind.POST else entry


def planned_entry(plan: Plan, posting: Posting, notes: Mapping[str, NoteRef]) -> Entry:
    """Return the entry that a posting makes, without its number, its hashes and what is sealed; `notes` are by slug."""
    entry = Entry(
        seq=0,
        kind=posting.kind,
        posted=plan.posted,
        document=posting.document,
        previous="",
        hash="",
        effective=posting.effective,
        notes=tuple(notes[note.slug] for note in posting.notes),
        corrects=posting.corrects,
        version=posting.version.number if posting.version else 0,
        about=posting.set,
        note=posting.note,
    )
    if posting.set_change:
        return _set(posting, posting.set_change, entry)
    if posting.draft is None:
        return entry
    with_settings = replace(
        entry,
        entry=replace(posting.draft.entry, line=0),
        grounds=tuple(one for one in plan.project.settings.grounds if one.id in posting.draft.entry.grounds),
        change_class=posting.change_class,
        material=posting.material,
    )
    return _version(plan, posting, posting.draft, with_settings) if posting.kind is EntryKind.POST else with_settings


def _set(posting: Posting, change: SetChange, entry: Entry) -> Entry:
    return replace(
        entry,
        about="",
        set=replace(change.entry, line=0),
        ended=change.new is None,
        change_class=posting.change_class,
        material=posting.material,
    )


def _version(plan: Plan, posting: Posting, draft: Draft, entry: Entry) -> Entry:
    continuation = continued(plan, posting)
    awaited = awaited_notice(plan, posting)
    return replace(
        entry,
        awaits=awaited,
        effective=NOT_FIXED if awaited else plan.posted if posting.effective == NOT_FIXED else posting.effective,
        version=posting.number,
        reader=READER,
        supersedes=draft.base.number if draft.base else 0,
        restores=_restored(posting),
        continues=continuation.version.post.seq if continuation else 0,
        notice_from=continuation.notice_from if continuation else None,
    )


def _post(plan: Plan, posting: Posting, entry: Entry, files: dict[str, bytes]) -> Entry:
    draft = posting.draft
    assert draft is not None
    assert draft.document.source is not None
    data = draft.document.source.data
    of = VersionId(posting.document, posting.number)
    pictures = docs_pictures(plan.project.docs, draft.document)
    sealed, made = sealed_files(of, draft.entry, data, draft.text, plan.trees[of], pictures)
    files |= made
    return replace(entry, sealed=sealed)


def sealed_files(
    id: VersionId, entry: DocumentEntry, data: bytes, text: str, tree: Tree, pictures: Files = NO_FILES
) -> tuple[Sealed, dict[str, bytes]]:
    """Return the hashes of a version's text under a new seal, and its files; `text` is its text hash, `pictures` are
    those that it shows, by their paths in the docs folder.
    """
    plain = tree_bytes(tree)
    shown = {Picture(path, sha256(picture)): picture for path, picture in pictures.items()}
    sealed, seal = seal_text(Sealed(sha256(data), text, sha256(plain), pictures=tuple(shown)))
    files = {text_name(id, sealed, entry): data, tree_name(id, sealed): plain, seal_name(id, sealed): seal}
    return sealed, files | {picture_name(one): picture for one, picture in shown.items()}


def _restored(posting: Posting) -> int:
    restored = (note.restores for note in posting.notes)
    return next((version.number for version in restored if version and version.document == posting.document), 0)


def planned_record(plan: Plan) -> Record:
    """Return the record with the entries of a plan. These have no hash, and their texts are not in the folder.

    What the record could not hold, such as the withdrawal of an unknown version, is left out.
    Raises EngrossError if a sealed text that a note continues was altered.
    """
    return replace(plan.record, entries=(*plan.record.entries, *_entries(plan)))


def _entries(plan: Plan) -> Iterator[Entry]:
    notes = {note.slug: NoteRef(note.slug, note.sha256) for note in plan.notes}
    possible = (posting for posting in plan.postings if _is_possible(plan, posting))
    for seq, posting in enumerate(possible, len(plan.record.entries) + 1):
        yield replace(planned_entry(plan, posting, notes), seq=seq, sealed=_sealed(posting))


def _is_possible(plan: Plan, posting: Posting) -> bool:
    version = posting.version
    return version is None or version.number <= len(plan.record.versions.get(version.document, ()))


def _sealed(posting: Posting) -> Sealed | None:
    source = posting.draft.document.source if posting.draft else None
    if posting.kind is not EntryKind.POST or posting.draft is None or source is None:
        return None
    return Sealed(sha256(source.data), posting.draft.text, "")
