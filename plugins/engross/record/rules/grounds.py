"""`missing-grounds` and `unrecorded-grounds`: documents that change on certain grounds only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engross.corpus.words import meant, shown
from engross.model import Change, Diagnostic, Document, DocumentEntry, Entry, Ground, GroundGiven, Severity
from engross.record.cited_clauses import CitedClauses
from engross.record.note_gaps import ASKED, gap
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
                if known[given.id].cites == "clause" and given.cites:
                    yield from _not_a_clause(plan, note, at, known[given.id])
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


def _not_a_clause(plan: Plan, note: Change, at: int, ground: Ground) -> Iterator[Diagnostic]:
    """That no clause is cited which customers have: what permits a change stands in the text before it."""
    documents = _posted(plan, note.documents)
    sets = [entry for name in note.documents for entry in plan.project.settings.sets_with(name)]
    others = _posted(plan, {one for entry in sets for one in entry.documents if one not in note.documents})
    clauses, cited = CitedClauses(documents, others), note.grounds[at].cites
    if not clauses.holds(cited):
        where, nearest = " or ".join(note.documents), ", ".join(clauses.nearest(cited))
        message = (
            f"{ground.title}: there is no clause “{shown(cited)}” in {where}; a clause is cited by its heading, label, "
            f"number or anchor, with its document where that is another of the set; nearest: {nearest or 'none'}"
        )
        yield note_mistake(note, "missing-grounds", ("grounds", at, "cites"), message)


def _posted(plan: Plan, names: Iterable[str]) -> list[Document]:
    """The texts that customers have of some documents: the last posted, else the draft."""
    drafts = [plan.drafts.documents[name] for name in names if name in plan.drafts.documents]
    return [draft.base_document if draft.base else draft.document for draft in drafts if draft.has_text]


def _none_of(note: Change, entry: DocumentEntry, known: dict[str, Ground]) -> Iterator[Diagnostic]:
    if {given.id for given in note.grounds} & set(entry.grounds):
        return
    titles = "; ".join(f"{name} ({known[name].title})" for name in entry.grounds if name in known)
    message = f"{entry.title} changes on certain grounds only, and this note gives none of them: {titles}"
    example = next((_example(known[name]) for name in entry.grounds if name in known), "")
    yield note_mistake(note, "missing-grounds", ("grounds",), message, fix=example)


def _example(ground: Ground) -> str:
    cites = f"\n    cites: {gap(CITES[ground.cites])}" if ground.cites else ""
    conditions = "".join(f"\n      {name}: {gap(ASKED['condition'])}" for name, _ in ground.conditions)
    return f"grounds:\n  - ground: {ground.id}{cites}" + (f"\n    conditions:{conditions}" if conditions else "")


def _incomplete(note: Change, at: int, given: GroundGiven, ground: Ground) -> Iterator[Diagnostic]:
    if ground.cites and not given.cites:
        message = f"{ground.title}: {CITES[ground.cites]} is to be cited"
        yield note_mistake(note, "missing-grounds", ("grounds", at), message, fix=f"cites: {gap(CITES[ground.cites])}")
    said = dict(given.conditions)
    for name, text in ground.conditions:
        if len(said.get(name, "").split()) < _SHORTEST:
            message = f"{ground.title}: a sentence is wanted that says how this condition is met: {text}"
            fix = f"{name}: {gap(ASKED['condition'])}"
            yield note_mistake(note, "missing-grounds", ("grounds", at, "conditions", name), message, fix=fix)
    conditions = [name for name, _ in ground.conditions]
    for name in (name for name in said if name not in conditions):
        message = f"{ground.id} has no condition {name}{meant(name, conditions)}"
        yield note_mistake(note, "missing-grounds", ("grounds", at, "conditions", name), message)


def unrecorded_grounds(plan: Plan) -> Iterator[Diagnostic]:
    """One note about the documents whose grounds were posted without their words, as version 0.1 posted them."""
    drafts = plan.drafts.documents.items()
    names = [name for name, draft in drafts if draft.said and _only_named(draft.said)]
    if names:
        file = plan.project.settings.file
        message = (
            f"the record holds the names of the grounds of {', '.join(names)}, and not yet their words, so that a "
            "change of these words is not noticed. Compare them with what customers were told. The next change that "
            f"is posted of {'each document' if len(names) > 1 else 'it'} records them"
        )
        yield Diagnostic("unrecorded-grounds", Severity.NOTE, file.source.path, *file.place(("grounds",)), message)


def _only_named(said: Entry) -> bool:
    return bool(said.entry and said.entry.grounds and not said.grounds)


UNRECORDED = RecordRule(
    "unrecorded-grounds",
    "Grounds of which the record holds the names only.",
    "Version 0.1 did not record the words of grounds. They are recorded with the next change that is posted of each "
    "document; from then on, a change of the words needs a change note. Until then only people can compare them with "
    "what customers were told. The note stops nothing, also where warnings do.",
    unrecorded_grounds,
    Severity.NOTE,
)
MISSING = RecordRule(
    "missing-grounds",
    "A change of a document that changes on certain grounds only, whose note gives none of them, or gives one without "
    "the law or clause it cites, with a clause that there is not, or without a sentence for each of its conditions.",
    "Such a document promises that it changes on these grounds only. `grounds` in documents.yml says which there are. "
    "Where a ground cites a clause, it is one of the text that customers have: “Restrictions (h)(iv)”, “Section 4.2”, "
    "`#restrictions`, or “Changes of the Agreement” for another document of the set. Posted notes are not asked.",
    _missing,
)
