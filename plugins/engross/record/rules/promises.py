"""`unposted-promise`, `immaterial-promise` and `early-promise`: what documents.yml promises changes as texts do."""

from __future__ import annotations

from collections.abc import Iterator

from engross.common import error, meant, nearest, shown
from engross.corpus import KeyPath
from engross.model import Change, ChangeClass, Diagnostic
from engross.record.encoding import format_instant
from engross.record.notes.draft_text import note_for, note_slug, set_note, unposted_sets
from engross.record.notes.reader import note_mistake
from engross.record.posting.drafts import Draft
from engross.record.posting.plan import Plan, Posting
from engross.record.posting.relations import SetChange, shown_value
from engross.record.rules.dates import effective_fix
from engross.record.rules.rule import RecordRule


def _unposted(plan: Plan) -> Iterator[Diagnostic]:
    # As for texts: a site without a record posts nothing, and a note that cannot be read, or is not
    # filled in, may be the one that is missed.
    if (plan.record.entries or plan.notes) and not plan.folder.problems and not plan.folder.gaps:
        yield from unposted_promises(plan)
    known = [entry.id for entry in plan.project.settings.sets]
    for note in plan.notes:
        for at, name in enumerate(note.sets):
            if name not in known and name not in plan.record.sets:
                message = f"there is no set {shown(name)}{meant(name, known)}"
                yield note_mistake(note, "unposted-promise", ("sets", at), message, fix=nearest(name, known))
            elif name not in plan.drafts.sets and not note.corrects:
                message = f"nothing of the set {name} differs from what was posted; take it out of the note"
                yield note_mistake(note, "unposted-promise", ("sets", at), message)


def unposted_promises(plan: Plan) -> Iterator[Diagnostic]:
    """A finding for each document and set of which documents.yml promises something else than what was posted, and that
    no pending note names.
    """
    for name, draft in plan.drafts.documents.items():
        if draft.promised and name not in plan.notes_for:
            yield _of_document(plan, draft)
    for change in unposted_sets(plan):
        yield _of_set(plan, change)


def _of_document(plan: Plan, draft: Draft) -> Diagnostic:
    name, said = draft.document.id, draft.said
    assert said is not None
    message = (
        f"what documents.yml promises of {name} differs from what was posted with {said.name}, and no change note "
        f"names it: {'; '.join(map(str, draft.promised))}. Put it back, or post it: the note goes into "
        f"{_wanted(plan, name)}"
    )
    index = [entry.id for entry in plan.project.settings.documents].index(name)
    path: KeyPath = ("documents", index, draft.promised[0].field)
    return _in_settings(plan, path, message, note_for(plan, [draft]))


def _of_set(plan: Plan, change: SetChange) -> Diagnostic:
    wanted = _wanted(plan, change.id)
    if change.new is None:
        message = f"the set {change.id} was posted, and is no longer listed in documents.yml. Put it back, or"
        path: KeyPath = ("sets",)
    elif change.old is None:
        message = f"the set {change.id} was never posted:"
        path = _set_path(plan, change, "id")
    else:
        message = (
            f"what documents.yml says of the set {change.id} differs from what was posted, and no change note names it "
            f"under `sets`: {change}. Put it back, or"
        )
        path = _set_path(plan, change, change.differences[0].field)
    return _in_settings(plan, path, f"{message} post a change note that names it in {wanted}", set_note(plan, change))


def _set_path(plan: Plan, change: SetChange, field: str) -> KeyPath:
    return "sets", [entry.id for entry in plan.project.settings.sets].index(change.id), field


def _in_settings(plan: Plan, path: KeyPath, message: str, fix: str) -> Diagnostic:
    file = plan.project.settings.file
    return error("unposted-promise", file.source.path, *file.place(path), message, fix=fix)


def _wanted(plan: Plan, about: str) -> str:
    return f"{plan.folder.folder}/{note_slug(plan, about)}.md"


def _immaterial(plan: Plan) -> Iterator[Diagnostic]:
    for posting in plan.postings:
        promised = posting.promised
        change = posting.set_change
        whole = change is not None and not plan.is_first(change) and not promised
        meant_otherwise = [one.field for one in promised if not one.is_wording]
        for note in posting.notes if promised or whole else ():
            if meant_otherwise or whole:
                yield from _less_than_substantive(note, posting, meant_otherwise)
            grave = whole or any(one.field != "title" for one in promised)
            if grave and not note.material and not note.not_material_because:
                what = f"{posting.about}: {'; '.join(map(str, promised)) or posting.set_change}"
                message = f"a change of what documents.yml promises is material, unless the note says why not ({what})"
                yield note_mistake(
                    note, "immaterial-promise", ("material",), message, fix="material: true"
                )  # fmt: skip
    for note in plan.notes:
        if note.material and note.not_material_because:
            message = "the note says that the change is material, and why it is not; take one of them out"
            yield note_mistake(note, "immaterial-promise", ("not_material_because",), message)


def _less_than_substantive(note: Change, posting: Posting, fields: list[str]) -> Iterator[Diagnostic]:
    if note.change_class is not ChangeClass.SUBSTANTIVE:
        what = " and ".join(fields) or "what is published"
        message = (
            f"the note calls the change of {posting.about} {note.change_class}, but it changes {what}, which is never "
            "less than substantive"
        )
        yield note_mistake(note, "immaterial-promise", ("class",), message, fix="class: substantive")


def _early(plan: Plan) -> Iterator[Diagnostic]:
    for posting in plan.postings:
        if posting.notes:
            yield from _slips(plan, posting)
            yield from _before_the_last(plan, posting)


def _slips(plan: Plan, posting: Posting) -> Iterator[Diagnostic]:
    slips, said = plan.slips(posting), posting.draft.said if posting.draft else None
    if slips and said and said.effective:
        announced = format_instant(said.effective)
        old = ", ".join(f"{one.field}: {shown_value(one.old)}" for one in slips)
        message = (
            f"documents.yml holds what is announced of {posting.document} for {announced} "
            f"({'; '.join(map(str, slips))}), and this change would put it in force sooner. Let it take effect then, "
            f"or put back {old} in documents.yml with this note, and announce the rest anew"
        )
        note = posting.notes[0]
        yield note_mistake(note, "early-promise", ("effective",), message, fix=effective_fix(plan, note))


def _before_the_last(plan: Plan, posting: Posting) -> Iterator[Diagnostic]:
    last = plan.record.last_set_entry(posting.set) if posting.set_change else None
    if last and last.effective and posting.effective and posting.effective < last.effective:
        announced = format_instant(last.effective)
        message = (
            f"a change of {posting.about} is announced for {announced}, and would take the place of this one then; let "
            "this one take effect with it"
        )
        note = posting.notes[0]
        yield note_mistake(note, "early-promise", ("effective",), message, fix=effective_fix(plan, note))


UNPOSTED = RecordRule(
    "unposted-promise",
    "An order of precedence, a list of incorporated documents, a kind, a policy, grounds or days of notice in "
    "documents.yml that differ from what was posted, and that no pending change note names; or a note that names a set "
    "of which nothing differs.",
    "These are promises to customers as the texts are. The site goes on to show what was posted. Put the old value "
    "back, or post the change: the finding holds the note to paste, which names documents under `documents` and sets "
    "under `sets`. A site whose documents.yml changed under version 0.1 without a note does the same, once.",
    _unposted,
)
IMMATERIAL = RecordRule(
    "immaterial-promise",
    "A change of what documents.yml promises whose note says that it is not material, and not why; or that it is less "
    "than substantive.",
    "Which document prevails, and how much notice customers get, matters to them. `not_material_because` in the note "
    "gives the reason where it does not, and is published with the change.",
    _immaterial,
)
EARLY = RecordRule(
    "early-promise",
    "A change by which something that documents.yml holds already, and that is announced for later, would come into "
    "force sooner; or a change of a set that takes effect before one that is announced.",
    "What is announced applies from its day. Let the change take effect then, or put the old value back first.",
    _early,
)
