"""A release: read a site's record and notes, check what would be posted, and seal it.

The lock is held from the first read to the last write, so that what is sealed is what was checked. If not everything
can be posted, what can be is, in the same one step, and the rest waits (`parts`). A note that names an emergency
suppresses drafting warnings for its documents, but no rule of the record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TypeAlias
from zoneinfo import ZoneInfo

from engross.common import EngrossError, error, site_cache, value_class
from engross.corpus import Folders, Project, read_project
from engross.model import Change, Diagnostic, Entry, Severity
from engross.record.encoding import format_instant
from engross.record.history import Record
from engross.record.host import NotePages
from engross.record.in_force import project_without
from engross.record.journal import Step, locked
from engross.record.notes.draft_text import note_for
from engross.record.notes.files import with_own_texts
from engross.record.notes.new_note import first_note_hint
from engross.record.notes.reader import NO_FACTS, NO_FIRST_KEY, Notes, note_mistake, posted_note, read_notes
from engross.record.notes.recognition import misplaced_notes
from engross.record.posting.drafts import Draft
from engross.record.posting.parts import Waiting, most_of
from engross.record.posting.plan import Plan, make_plan
from engross.record.posting.sealing import Sealing, seal, write
from engross.record.rules import check_plan
from engross.record.rules.notes import EDITED
from engross.record.sealed_files import note_name, sealed_note
from engross.record.verification import open_record, sealed_in


def emergencies(plan: Plan) -> dict[str, str]:
    """Documents → the reason why their drafting warnings are suppressed.

    A pending note gives the reason for its documents, a posted note for the unchanged text that it posted. So a text
    that was posted in an emergency builds as it was posted.
    """
    posted = {name: note.emergency for name, draft in plan.drafts.documents.items() for note in _posted(plan, draft)}
    emergencies = [note for note in plan.notes if note.emergency and not note.corrects]
    pending = {name: note.emergency for note in emergencies for name in note.documents}
    return {name: reason for name, reason in (posted | pending).items() if reason}


def _posted(plan: Plan, draft: Draft) -> Iterator[Change]:
    """Return the notes of the version that a draft still equals."""
    if draft.base is None or draft.bytes_changed:
        return
    zone = ZoneInfo(plan.project.settings.timezone)
    for note in draft.base.post.notes:
        data = sealed_note(plan.record, note)
        # Most notes have no emergency, and are not read here.
        if b"emergency" in data:
            yield posted_note(data, f"{plan.record.shown}/{note_name(note)}", note.slug, zone)


@value_class(frozen=True, slots=True)
class State:
    """A project, what a release of it would post now, and what is wrong with its notes."""

    project: Project
    plan: Plan

    @property
    def record(self) -> Record:
        """The record, verified."""
        return self.plan.record

    def findings(self) -> list[Diagnostic]:
        """The mistakes in notes, and the findings of the record's rules."""
        return [*self.plan.folder.problems, *check_plan(self.plan)]


def read_state(folders: Folders, now: datetime, project: Project | None = None, record: Record | None = None) -> State:
    """Read the state of a site at the instant `now`; `project` and `record` can be passed if they were read already.

    Raises EngrossError if the docs or the record cannot be read; mistakes in notes are returned by `findings`. In a
    project with unreadable documents, these are as they were last posted, and notes about them count as unread.
    """
    project = project or _read_project(folders)
    record = record or open_record(folders.record)
    listed = project.settings.documents
    notes = read_notes(folders.notes, ZoneInfo(project.settings.timezone), record.posted_notes, listed)
    unreadable = project.unreadable
    if unreadable:
        notes, project = _about_readable(notes, project), project_without(project, record, unreadable.keys(), ())
    notes = with_own_texts(notes, folders.notes, project, record.posted_notes)
    notes = replace(notes, problems=(*notes.problems, *misplaced_notes(folders, project)))
    plan = make_plan(project, record, notes, now, NotePages(folders), unreadable.keys())
    return State(project, _with_whole_notes(replace(plan, unreadable=unreadable)))


def _read_project(folders: Folders, *, keep_unreadable: bool = False) -> Project:
    is_sealed, cache = sealed_in(folders.record), site_cache(folders.root)
    return read_project(folders.docs, folders.settings, is_sealed, keep_unreadable=keep_unreadable, cache=cache)


def _with_whole_notes(plan: Plan) -> Plan:
    """Return the plan with the note to paste in the problem of each note without facts: nothing else offers it then."""
    drafts = [one for name, one in plan.drafts.documents.items() if one.changed and name not in plan.notes_for]
    bare = [one for one in plan.folder.problems if one.message in (NO_FACTS, NO_FIRST_KEY) and not one.fix]
    if not drafts or not bare:
        return plan
    text = note_for(plan, drafts)
    message = f"{{}}. This is the whole note for {' and '.join(one.document.id for one in drafts)}"
    problems = [
        replace(one, message=message.format(one.message), fix=text) if one in bare else one
        for one in plan.folder.problems
    ]
    return replace(plan, folder=replace(plan.folder, problems=tuple(problems)))


def _about_readable(notes: Notes, project: Project) -> Notes:
    """Move pending notes about unreadable documents to the problems: the rules cannot check them."""
    found = {note: sorted(project.unreadable.keys() & set(note.documents)) for note in notes.pending}
    problems = tuple(
        note_mistake(
            note,
            "change-note",
            ("documents",),
            f"this note is not checked, because {' and '.join(names)} cannot be read; correct the text first",
        )
        for note, names in found.items()
        if names
    )
    pending = tuple(note for note, names in found.items() if not names)
    return replace(notes, pending=pending, problems=(*notes.problems, *problems))


def require_sound(state: State) -> None:
    """Raise EngrossError with every finding of severity error."""
    grave = [found for found in state.findings() if found.severity is Severity.ERROR]
    if grave:
        raise EngrossError(grave)


Check = Callable[[State], Sequence[Diagnostic]]
"""A check of a state before sealing, besides the rules of the record: returns what people should read, and raises
EngrossError if it fails."""


@value_class(frozen=True)
class Released:
    """What a release has added to the record, the parts that wait, what a check says of what was posted, and how to
    begin if nothing was ever posted.
    """

    entries: tuple[Entry, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    remarks: tuple[Diagnostic, ...] = ()
    hint: str = ""


def release(
    folders: Folders,
    now: datetime,
    posted: datetime | None = None,
    *,
    dry_run: bool = False,
    check: Check | None = None,
    run: Callable[[Step], None] | None = None,
) -> tuple[Entry, ...]:
    """Seal every changed document with its note, and return the new entries; none if there is nothing to post.

    `posted` is the instant of posting, by default `now`: not before the last entry, and not after now. `dry_run` writes
    nothing. Raises EngrossError if anything is wrong; the record does not change then.
    """
    return release_some(folders, now, posted, dry_run=dry_run, check=check, run=run, whole=True).entries


def release_some(
    folders: Folders,
    now: datetime,
    posted: datetime | None = None,
    *,
    dry_run: bool = False,
    check: Check | None = None,
    run: Callable[[Step], None] | None = None,
    before: Callable[[State], None] | None = None,
    whole: bool = False,
) -> Released:
    """Seal what can be posted, in one step, and return what waits; with `whole`, everything or nothing.

    `before` is called first, with the whole state, and raises EngrossError if nothing may be posted. The other
    arguments are those of `release`. A document that cannot be read waits. Raises EngrossError if documents.yml or the
    record cannot be read, and with `whole` if anything waits; the record does not change then.
    """
    at = (posted or now).replace(microsecond=0)
    with nullcontext() if dry_run else locked(folders.record):
        project = _read_project(folders, keep_unreadable=not whole)
        state = read_state(folders, at, project)
        _check_instant(state, at, now)
        if before:
            before(state)
        attempt = partial(_attempt, check)
        made: _Made | None
        waiting: tuple[Waiting, ...] = ()
        try:
            made = None if state.plan.unreadable else attempt(state.plan)
        except EngrossError:
            if whole:
                raise
            made = None
        if made is None:
            made, waiting = most_of(state.plan, attempt)
            waiting = (*waiting, *_of_posted_notes(state))
        sealing, remarks = made or (Sealing((), {}), ())
        if not dry_run:
            write(state.record, sealing, run)
    return Released(sealing.entries, waiting, remarks, first_note_hint(state.plan))


def waiting_parts(plan: Plan, check: Check | None = None) -> tuple[Waiting, ...]:
    """Return the parts of a plan that would wait, as a release with this `check` decides it."""
    try:
        _attempt(check, plan)
    except EngrossError:
        return most_of(plan, partial(_attempt, check))[1]
    return ()


_Made: TypeAlias = tuple[Sealing, tuple[Diagnostic, ...]]


def _attempt(check: Check | None, plan: Plan) -> _Made:
    """Check a plan and seal it, without writing. Raises EngrossError if it cannot be posted."""
    state = State(plan.project, plan)
    require_sound(state)
    remarks = tuple(check(state)) if check else ()
    return seal(plan), remarks


def _of_posted_notes(state: State) -> Iterator[Waiting]:
    """Yield what is wrong with posted notes in the docs: nothing waits for it, and somebody must restore them."""
    if found := tuple(check_plan(state.plan, [EDITED])):
        yield Waiting((), tuple(dict.fromkeys(one.path for one in found)), found, to_restore=True)


def _check_instant(state: State, posted: datetime, now: datetime) -> None:
    last = state.record.entries[-1] if state.record.entries else None
    if posted > now:
        raise _wrong(state, f"{format_instant(posted)} is in the future; post it then, or use the present instant")
    if last and posted < last.posted:
        raise _wrong(state, f"{format_instant(posted)} is before {last.name}, posted {format_instant(last.posted)}")


def _wrong(state: State, message: str) -> EngrossError:
    return EngrossError([error("posted", state.record.ledger_path, 0, 0, message)])
