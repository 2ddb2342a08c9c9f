"""`missing-grounds`: documents that change on certain grounds only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engross.corpus.words import meant
from engross.model import Change, Diagnostic, DocumentEntry, Ground, GroundGiven
from engross.record.note_text import CITES
from engross.record.notes import note_mistake
from engross.record.plan import Plan
from engross.record.rules.rule import RecordRule

_SHORTEST = 3
"""Words of a sentence that says how a condition is met, at least."""


def _missing(plan: Plan) -> Iterator[Diagnostic]:
    for note in plan.notes:
        known = _known(plan, note.documents)
        for at, given in enumerate(note.grounds):
            if given.id not in known:
                message = f"there is no ground {given.id} in documents.yml{meant(given.id, known)}"
                yield note_mistake(note, "missing-grounds", ("grounds", at), message)
            else:
                yield from _incomplete(note, at, given, known[given.id])
    for posting in plan.postings:
        entry = plan.promised(posting)
        if entry and entry.grounds and plan.changes_terms(posting):
            known = _known(plan, [posting.document])
            for note in posting.notes:
                yield from _none_of(note, entry, known)


def _known(plan: Plan, documents: Iterable[str]) -> dict[str, Ground]:
    """The grounds that notes about some documents can give: in the words in force for those, else as documents.yml has
    them.
    """
    found = {ground.id: ground for ground in plan.project.settings.grounds}
    for name in documents:
        found |= plan.promised_grounds(name)
    return found


def _none_of(note: Change, entry: DocumentEntry, known: dict[str, Ground]) -> Iterator[Diagnostic]:
    if {given.id for given in note.grounds} & set(entry.grounds):
        return
    titles = "; ".join(f"{name} ({known[name].title})" for name in entry.grounds if name in known)
    message = f"{entry.title} changes on certain grounds only, and this note gives none of them: {titles}"
    example = next((_example(known[name]) for name in entry.grounds if name in known), "")
    yield note_mistake(note, "missing-grounds", ("grounds",), message, fix=example)


def _example(ground: Ground) -> str:
    cites = f'\n    cites: "{CITES[ground.cites]}"' if ground.cites else ""
    conditions = "".join(f'\n      {name}: "how this is met"' for name, _ in ground.conditions)
    return f"grounds:\n  - ground: {ground.id}{cites}" + (f"\n    conditions:{conditions}" if conditions else "")


def _incomplete(note: Change, at: int, given: GroundGiven, ground: Ground) -> Iterator[Diagnostic]:
    if ground.cites and not given.cites:
        message = f"{ground.title}: {CITES[ground.cites]} is to be cited"
        yield note_mistake(note, "missing-grounds", ("grounds", at), message, fix=f'cites: "{CITES[ground.cites]}"')
    said = dict(given.conditions)
    for name, text in ground.conditions:
        if len(said.get(name, "").split()) < _SHORTEST:
            message = f"{ground.title}: a sentence is wanted that says how this condition is met: {text}"
            yield note_mistake(
                note, "missing-grounds", ("grounds", at, "conditions", name), message, fix=f'{name}: "…"'
            )
    conditions = [name for name, _ in ground.conditions]
    for name in (name for name in said if name not in conditions):
        message = f"{ground.id} has no condition {name}{meant(name, conditions)}"
        yield note_mistake(note, "missing-grounds", ("grounds", at, "conditions", name), message)


MISSING = RecordRule(
    "missing-grounds",
    "A change of a document that changes on certain grounds only, whose note gives none of them, or gives one without "
    "the law or clause it cites or without a sentence for each of its conditions.",
    "Such a document promises that it changes on these grounds only. `grounds` in documents.yml says which there are.",
    _missing,
)
