"""What of a plan can be posted if not all of it can: its parts, and a state without the parts that wait.

A part is what must be posted together: documents and sets that pending notes name together, directly or through other
notes. The text of a document in the docs contains the changes of all its notes, so it is posted with all of them or
waits with all of them. What waits is left out as if it had not been merged: its text and settings are the last posted
ones, and everything else is checked against these.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias, TypeVar

from engross.common import EngrossError, value_class
from engross.model import Change, Diagnostic
from engross.record.in_force import project_without
from engross.record.notes.reader import named_in, own_text_of
from engross.record.posting.plan import Plan, make_plan
from engross.record.posting.relations import SetChange
from engross.text import read_source

Node: TypeAlias = tuple[str, str]
"""A document, a set or a note: its kind and its name."""
DOCUMENT, SET, NOTE = "document", "set", "note"
_LAST = datetime.max.replace(tzinfo=UTC)
Made = TypeVar("Made")


@value_class(frozen=True, eq=False)
class Part:
    """Documents, sets and pending notes that are posted together or wait together; `unread` are findings in
    documents and notes of the part that cannot be read.
    """

    documents: tuple[str, ...] = ()
    sets: tuple[str, ...] = ()
    notes: tuple[Change, ...] = ()
    unread: tuple[Diagnostic, ...] = ()

    def order(self, plan: Plan) -> tuple[datetime, str]:
        """The key of the order in which parts are tried: the first effective day, then the first name of a note. Parts
        without a note come last.
        """
        first = min((plan.effective(note) for note in self.notes), default=_LAST)
        return first, min((note.slug for note in self.notes), default="")


@value_class(frozen=True)
class Waiting:
    """A part that cannot be posted: its documents and sets, the paths of its notes, and the findings that stop it.

    With `to_restore`, nothing waits: the notes were posted, and are not as they were.
    """

    about: tuple[str, ...]
    notes: tuple[str, ...]
    because: tuple[Diagnostic, ...] = field(repr=False)
    to_restore: bool = False


def parts_of(plan: Plan) -> list[Part]:
    """Return the parts of a plan, in the order in which they are tried."""
    problems = _problems_by_path(plan)
    named = {path: named_in_file(Path(path)) for path in problems}
    groups = _Groups()
    for group in (*_groups_of_notes(plan), *_groups_of_sets(plan), *_changed(plan), *named.values()):
        groups.join(group or ())
    if None in named.values():
        # A note whose front matter cannot be read may be about any document.
        groups.join(groups.all())
    unread = [(next(iter(group or groups.all()), None), problems[path]) for path, group in named.items()]
    unread = [*(((DOCUMENT, name), list(found)) for name, found in plan.unreadable.items()), *unread]
    parts = [
        Part(
            tuple(name for kind, name in nodes if kind == DOCUMENT),
            tuple(name for kind, name in nodes if kind == SET),
            tuple(note for note in plan.notes if (NOTE, note.slug) in nodes),
            tuple(found for node, mistakes in unread if node in nodes for found in mistakes),
        )
        for nodes in groups.found()
    ]
    if not parts and problems:
        # No document or set is affected, and yet somebody must read it.
        return [Part(unread=tuple(found for of_file in problems.values() for found in of_file))]
    return sorted(parts, key=lambda part: part.order(plan))


def _problems_by_path(plan: Plan) -> dict[str, list[Diagnostic]]:
    found: dict[str, list[Diagnostic]] = {}
    for one in (*plan.folder.problems, *plan.folder.gaps):
        found.setdefault(one.path, []).append(one)
    return found


def named_in_file(path: Path) -> tuple[Node, ...] | None:
    """Return what a note with a mistake, or a text beside a note, is about; None if that cannot be read."""
    if own := own_text_of(path):
        return (NOTE, own[0]), (DOCUMENT, own[1])
    try:
        documents, sets = named_in(read_source(path, str(path)))
    except (EngrossError, OSError):
        return None
    return (*((DOCUMENT, name) for name in sorted(documents)), *((SET, name) for name in sorted(sets))) or None


def _groups_of_notes(plan: Plan) -> Iterator[tuple[Node, ...]]:
    for note in plan.notes:
        # A correction changes no text, so it does not wait for the document that it names.
        about = [] if note.corrects else [(DOCUMENT, name) for name in note.documents]
        about += [] if note.corrects else [(SET, name) for name in note.sets]
        yield ((NOTE, note.slug), *about)


def _groups_of_sets(plan: Plan) -> Iterator[tuple[Node, ...]]:
    for name, change in plan.drafts.sets.items():
        notes = [(NOTE, note.slug) for note in plan.notes_for_set.get(name, ())]
        yield ((SET, name), *notes, *((DOCUMENT, one) for one in _needed_by(plan, change)))


def _needed_by(plan: Plan, change: SetChange) -> Iterator[str]:
    """The documents that must be posted, or retired, with a set: those that begin or cease to exist with it."""
    for name in change.documents:
        if name in plan.drafts.gone or not plan.record.versions.get(name):
            yield name


def _changed(plan: Plan) -> Iterator[tuple[Node, ...]]:
    """The documents that differ from what was posted or cannot be read, each alone: they may have no note."""
    for name, draft in plan.drafts.documents.items():
        if draft.changed or draft.promised or draft.moved:
            yield ((DOCUMENT, name),)
    yield from (((DOCUMENT, name),) for name in (*plan.drafts.gone, *plan.unreadable))


class _Groups:
    """Groups of nodes; groups with a common node become one."""

    def __init__(self) -> None:
        self._group: dict[Node, list[Node]] = {}

    def join(self, nodes: Iterable[Node]) -> None:
        """Put nodes, and all that are with any of them, into one group."""
        nodes = tuple(nodes)
        found = {id(group): group for node in nodes if (group := self._group.get(node))}
        joined = list(dict.fromkeys((*(one for group in found.values() for one in group), *nodes)))
        self._group |= dict.fromkeys(joined, joined)

    def all(self) -> tuple[Node, ...]:
        """All nodes."""
        return tuple(self._group)

    def found(self) -> list[list[Node]]:
        """The groups."""
        return list({id(group): group for group in self._group.values()}.values())


def plan_of(plan: Plan, kept: Sequence[Part], parts: Sequence[Part]) -> Plan:
    """Return the plan of the `kept` ones of its `parts`, as if the changes of the others had not been merged."""
    waiting = [part for part in parts if part not in kept]
    documents = [name for part in waiting for name in part.documents]
    sets = [name for part in waiting for name in part.sets]
    slugs = {note.slug for part in kept for note in part.notes}
    notes = replace(
        plan.folder,
        pending=tuple(note for note in plan.notes if note.slug in slugs),
        texts={key: text for key, text in plan.folder.texts.items() if key[0] in slugs},
        edited=(), missing=(), problems=(), gaps=(), left=(),
    )  # fmt: skip
    project = project_without(plan.project, plan.record, documents, sets)
    return make_plan(project, plan.record, notes, plan.posted, plan.pages, documents)


Attempt: TypeAlias = Callable[[Plan], Made]
"""Makes something of a plan; raises EngrossError if the plan cannot be posted."""


def most_of(plan: Plan, attempt: Attempt[Made]) -> tuple[Made | None, tuple[Waiting, ...]]:
    """Return what `attempt` makes of as many parts of a plan as can be posted together, and the parts that wait.

    Parts are tried in their order; nothing is made if none can be posted. Raises EngrossError if a sealed file was
    altered.
    """
    parts = parts_of(plan)

    def try_parts(kept: Sequence[Part]) -> Made:
        return attempt(plan_of(plan, kept, parts))

    made: Made | None = None
    kept: list[Part] = []
    left = [part for part in parts if not part.unread]
    while left:
        more = list(_added(kept, left, try_parts))
        if not more:
            break
        kept, made = [*kept, *(part for part, _ in more)], more[-1][1]
        # A part that was refused may rest on one that comes later.
        left = [part for part in left if part not in kept]
    return made, tuple(_why(part, kept, try_parts) for part in parts if part not in kept)


def _added(
    kept: Sequence[Part], more: Sequence[Part], try_parts: Callable[[Sequence[Part]], Made]
) -> list[tuple[Part, Made]]:
    """Return the parts that can be added to those kept, each with what was made when it was added.

    All are tried together first, then in halves, since most parts can be posted.
    """
    try:
        made = try_parts([*kept, *more])
    except EngrossError:
        if len(more) == 1:
            return []
    else:
        return [(part, made) for part in more]
    half = len(more) // 2
    first = _added(kept, more[:half], try_parts)
    return [*first, *_added([*kept, *(part for part, _ in first)], more[half:], try_parts)]


def _why(part: Part, kept: Sequence[Part], try_parts: Callable[[Sequence[Part]], Made]) -> Waiting:
    paths = dict.fromkeys((*(note.source.path for note in part.notes), *(found.path for found in part.unread)))
    about = (*part.documents, *(f"the set {name}" for name in part.sets))
    because = part.unread
    try:
        if not because:
            try_parts([*kept, part])
    except EngrossError as failure:
        because = failure.diagnostics
    return Waiting(about, tuple(paths), because)
