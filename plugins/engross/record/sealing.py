"""A plan → the entries and the sealed files that it makes, and the one place where they are written.

Everything is computed before anything is written, and what is about to be written is asked the same laws as what is
read: a record that would not verify is never made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from engross.errors import EngrossError, error
from engross.model import Entry, EntryKind, NoteRef, Sealed, SetEntry, VersionId
from engross.record.archive import FOR_GIT, Files, listed, note_name, sound_for_git, text_name, tree_name
from engross.record.canonical import sha256
from engross.record.history import LEDGER, Record
from engross.record.journal import Step, clean, not_written, steps
from engross.record.laws import check_laws
from engross.record.ledger import RULE, chained, ledger_bytes
from engross.record.plan import Plan, Posting
from engross.record.trees_json import tree_bytes
from engross.record.verify import open_record


@dataclass(frozen=True, slots=True)
class Sealing:
    """What is to be added to a record: entries, bound to those there are, the new files, and files that go."""

    entries: tuple[Entry, ...]
    files: Files = field(repr=False)
    gone: frozenset[str] = frozenset()


def seal(plan: Plan) -> Sealing:
    """The entries and files that a plan makes. Raises EngrossError where they would break a law of the record."""
    files: dict[str, bytes] = {}
    entries = [_entry(plan, posting, files) for posting in plan.postings]
    for posting in plan.postings:
        files |= {note_name(note.sha256): note.source.data for note in posting.notes}
    return bound(plan.record, entries, files)


def bound(record: Record, entries: Sequence[Entry], files: Mapping[str, bytes], gone: Iterable[str] = ()) -> Sealing:
    """Entries bound to a record. Raises EngrossError where they would break a law of it."""
    new = chained(record.entries, entries)
    problems = list(check_laws((*record.entries, *new), record.ledger_path))
    if problems:
        raise EngrossError(problems)
    return Sealing(new, dict(files), frozenset(gone))


def write(record: Record, sealing: Sealing, run: Callable[[Step], None] | None = None) -> Record:
    """Add to a record what was sealed for it; the caller holds its lock. The record as it then is, verified.

    What a release that was stopped has left is taken away first. `run` does each step, in order; by default they are
    simply done. Raises EngrossError where nothing can be written; the record is then as it was.
    """
    held = _held(record)
    # The same note may be posted twice, under two names: what is there already is not written again.
    new = {name: data for name, data in {**FOR_GIT, **sealing.files}.items() if name not in held}
    ledger = ledger_bytes((*record.entries, *sealing.entries))
    try:
        clean(record.folder, held)
        if not sealing.entries:
            return record
        for step in steps(record.folder, new, ledger, sealing.gone):
            (run or _do)(step)
    except OSError as problem:
        raise _stopped(record, problem) from None
    return open_record(record.folder)


def _held(record: Record) -> set[str]:
    """The files that a record has, and that stay."""
    return {*listed(record), *sound_for_git(record.folder)}


def _do(step: Step) -> None:
    step[1]()


def _stopped(record: Record, problem: OSError) -> EngrossError:
    """What to tell of a failure to write: before the ledger was replaced, what was written until then goes again."""
    # Without a ledger nothing was released; what lies there is what this release wrote, whose lock it still holds.
    now = open_record(record.folder) if (record.folder / LEDGER).exists() else record
    with suppress(OSError):
        clean(record.folder, _held(now))
    if now.entries == record.entries:
        return not_written(record.folder, problem)
    message = f"it was released, but {problem.filename or 'a file'} could not be written: {problem.strerror}"
    return EngrossError([error(RULE, record.shown, 0, 0, message)])


def _entry(plan: Plan, posting: Posting, files: dict[str, bytes]) -> Entry:
    entry = Entry(
        seq=0,
        kind=posting.kind,
        posted=plan.posted,
        document=posting.document,
        previous="",
        hash="",
        effective=posting.effective,
        notes=tuple(NoteRef(note.slug, note.sha256) for note in posting.notes),
        corrects=posting.corrects,
        version=posting.version.number if posting.version else 0,
    )
    if posting.draft is None:
        return entry
    said = replace(
        entry,
        entry=replace(posting.draft.entry, line=0),
        sets=tuple(_sealed_set(one) for one in plan.project.settings.sets_with(posting.document)),
        change_class=posting.change_class,
        material=posting.material,
    )
    return _post(plan, posting, said, files) if posting.kind is EntryKind.POST else said


def _post(plan: Plan, posting: Posting, entry: Entry, files: dict[str, bytes]) -> Entry:
    draft = posting.draft
    assert draft is not None
    assert draft.document.source is not None
    number = plan.next_number(posting.document)
    data = draft.document.source.data
    tree = tree_bytes(plan.trees[posting.document])
    sealed = Sealed(sha256(data), draft.text, sha256(tree))
    of = VersionId(posting.document, number)
    files[text_name(of, sealed, draft.entry)] = data
    files[tree_name(of, sealed)] = tree
    return replace(
        entry,
        version=number,
        sealed=sealed,
        supersedes=draft.base.number if draft.base else 0,
        restores=_restored(posting),
    )


def _restored(posting: Posting) -> int:
    restored = (note.restores for note in posting.notes)
    return next((version.number for version in restored if version and version.document == posting.document), 0)


def _sealed_set(entry: SetEntry) -> SetEntry:
    return replace(entry, line=0)
