"""A release: read a site's record and notes, check what would be posted, and seal it.

The lock is held from the first read to the last write, so that what is sealed is what was checked. A note that names an
emergency suppresses drafting warnings for its documents, but no rule of the record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from engross.common import EngrossError, error
from engross.corpus import Folders, Project, read_project
from engross.model import Change, Diagnostic, Entry, Severity
from engross.record.encoding import format_instant
from engross.record.history import Record
from engross.record.journal import Step, locked
from engross.record.notes.files import with_own_texts
from engross.record.notes.reader import posted_note, read_notes
from engross.record.posting.drafts import Draft
from engross.record.posting.plan import Plan, make_plan
from engross.record.posting.sealing import seal, write
from engross.record.rules import check_plan
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


@dataclass(frozen=True, slots=True)
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

    Raises EngrossError if the docs or the record cannot be read; mistakes in notes are returned by `findings`.
    """
    project = project or read_project(folders.docs, folders.settings, sealed_in(folders.record))
    record = record or open_record(folders.record)
    notes = read_notes(folders.notes, ZoneInfo(project.settings.timezone), record.posted_notes)
    notes = with_own_texts(notes, folders.notes, project, record.posted_notes)
    return State(project, make_plan(project, record, notes, now))


def require_sound(state: State) -> None:
    """Raise EngrossError with every finding of severity error."""
    grave = [found for found in state.findings() if found.severity is Severity.ERROR]
    if grave:
        raise EngrossError(grave)


Check = Callable[[State], None]
"""A check of a state before sealing, besides the rules of the record; raises EngrossError if it fails."""


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
    at = (posted or now).replace(microsecond=0)
    with nullcontext() if dry_run else locked(folders.record):
        state = read_state(folders, at)
        _check_instant(state, at, now)
        require_sound(state)
        if check:
            check(state)
        sealing = seal(state.plan)
        if not dry_run:
            write(state.record, sealing, run)
    return sealing.entries


def _check_instant(state: State, posted: datetime, now: datetime) -> None:
    last = state.record.entries[-1] if state.record.entries else None
    if posted > now:
        raise _wrong(state, f"{format_instant(posted)} is in the future; post it then, or use the present instant")
    if last and posted < last.posted:
        raise _wrong(state, f"{format_instant(posted)} is before {last.name}, posted {format_instant(last.posted)}")


def _wrong(state: State, message: str) -> EngrossError:
    return EngrossError([error("posted", state.record.ledger_path, 0, 0, message)])
