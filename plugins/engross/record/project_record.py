"""A site's folders → its record, its notes and what they would post: what every command begins with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from engross.corpus.folders import Folders
from engross.corpus.project import Project, read_project
from engross.errors import EngrossError
from engross.model import Diagnostic, Severity
from engross.record.history import Record
from engross.record.notes import read_notes
from engross.record.own_texts import with_own_texts
from engross.record.plan import Plan, make_plan
from engross.record.rules import check_plan
from engross.record.verify import open_record, sealed_in


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
        """What is wrong with the notes, and what the rules of the record find."""
        return [*self.plan.folder.problems, *check_plan(self.plan)]


def read_state(folders: Folders, now: datetime, project: Project | None = None, record: Record | None = None) -> State:
    """A site as it stands, at the instant `now`; `project` and `record`, where they were read already.

    Raises EngrossError where the docs or the record cannot be read; mistakes in notes are kept for `findings`.
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
