"""The rules of the record, asked as the drafting check is: of a site, by name, about some of its files."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime

from engross.checks.inputs import Site
from engross.errors import EngrossError
from engross.model import Diagnostic, DocumentEntry, Source
from engross.record.emergencies import emergencies
from engross.record.hosts import new_note_page
from engross.record.plan import Plan
from engross.record.project_record import State, read_state
from engross.record.rules import BY_NAME
from engross.values import dataclass

_UNPOSTED = "unposted-change"


@dataclass(frozen=True, slots=True)
class Standing:
    """What the record says to a check: `findings`, the `reasons` why drafting warnings of a document pass, the sources
    of the pending `notes`, and what would be posted; None where the record cannot be read.
    """

    findings: tuple[Diagnostic, ...] = ()
    reasons: tuple[tuple[str, str], ...] = ()
    notes: tuple[Source, ...] = ()
    plan: Plan | None = None


def check_record(
    site: Site, now: datetime, names: Collection[str] = tuple(BY_NAME), shown: Collection[str] | None = None
) -> Standing:
    """What the record says to a site as it stands at the instant `now`.

    The findings are those of the rules `names`, and about the files `shown` where that is given: in them, or in a note
    about them. What keeps the record itself from being read is told as well.
    """
    try:
        state = read_state(site.folders, now, site.project)
        reasons = tuple(emergencies(state.plan).items())
        found = [_linked(one, site, state) for one in _asked(state.findings(), names)]
    except EngrossError as failure:
        return Standing(failure.diagnostics if names else ())
    notes = tuple(note.source for note in state.plan.notes)
    return Standing(tuple(_about(found, state, shown)), reasons, notes, state.plan)


def _asked(found: Iterable[Diagnostic], names: Collection[str]) -> Iterable[Diagnostic]:
    # What is wrong with a note by itself is told by no rule of the table, and is told where any is asked.
    return (one for one in found if names and (one.rule in names or one.rule not in BY_NAME))


def _linked(found: Diagnostic, site: Site, state: State) -> Diagnostic:
    """A finding that wants a note, with the page on which that note can be written."""
    if found.rule != _UNPOSTED or not found.fix:
        return found
    entry = _by_path(state).get(found.path)
    # What is no longer listed has no text here, and no page that leads to its note.
    return replace(found, link=new_note_page(site.folders, state.plan, entry)) if entry else found


def _by_path(state: State) -> dict[str, DocumentEntry]:
    """The documents whose text is here, by the path of it."""
    return {one.source.path: one.entry for one in state.project.documents.values() if one.source}


def _about(found: Iterable[Diagnostic], state: State, shown: Collection[str] | None) -> Iterable[Diagnostic]:
    if shown is None:
        return found
    documents = {entry.id for path, entry in _by_path(state).items() if path in shown}
    notes = {note.source.path for note in state.plan.notes if documents & set(note.documents)}
    return (one for one in found if one.path in shown or one.path in notes)
