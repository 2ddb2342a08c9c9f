"""`edited-note` and `stale-note`: what was posted stays as it was, and what is posted is what was approved."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from engross.errors import error
from engross.model import Change, Diagnostic, VersionId
from engross.record import note_gaps
from engross.record.archive import note_name
from engross.record.canonical import SHORT, sha256
from engross.record.continued import continued_version
from engross.record.instants import sealed_text
from engross.record.notes import beside, note_mistake
from engross.record.plan import Plan
from engross.record.rules.rule import RecordRule


def _placeholder(plan: Plan) -> Iterator[Diagnostic]:
    yield from plan.folder.gaps


def _edited(plan: Plan) -> Iterator[Diagnostic]:
    for slug in plan.folder.edited:
        sealed, path = _places(plan, slug)
        message = (
            f"this note was posted, and is no longer what was posted ({sealed}). Put it back; what it said wrongly is "
            "put right by a new note that corrects it. For another change, give the note a name of its own"
        )
        yield error("edited-note", path, 1, 1, message, fix=f"cp {sealed} {path}")
    for slug in plan.folder.missing:
        sealed, path = _places(plan, slug)
        message = f"this note was posted, and is gone; posted notes stay. Put it back: its text is {sealed}"
        yield error("edited-note", path, 0, 0, message, fix=f"cp {sealed} {path}")
    yield from _left(plan)


def _left(plan: Plan) -> Iterator[Diagnostic]:
    """Texts beside posted notes that are not what was posted: they would be taken for it."""
    for source in plan.folder.left:
        slug, name = beside(Path(source.path)) or ("", "")
        version = continued_version(plan.record, slug, name)
        if version is None or version.sealed.source != sha256(source.data):
            what = (
                f"was posted as {version.id}, and is not what is sealed"
                if version
                else f"is no text that {slug} posted"
            )
            message = f"this text beside the posted note {slug} {what}; delete it, the record keeps what was posted"
            yield error("edited-note", source.path, 0, 0, message)


def _places(plan: Plan, slug: str) -> tuple[str, str]:
    """Where a posted note is sealed, and where it was written."""
    sealed = note_name(plan.record.posted_notes[slug])
    return f"{plan.record.shown}/{sealed}", f"{plan.folder.folder}/{slug}.md"


def _stale(plan: Plan) -> Iterator[Diagnostic]:
    for note in plan.notes:
        yield from _past(plan, note)
        yield from _other_text(plan, note)
        yield from _lost_versions(plan, note)
        if note.corrects > len(plan.record.entries):
            message = f"there is no entry {note.corrects} in {plan.record.ledger_path}, which ends with "
            yield note_mistake(note, "stale-note", ("corrects",), f"{message}{len(plan.record.entries)}")
        elif note.corrects:
            yield from _correction(plan, note)


def _correction(plan: Plan, note: Change) -> Iterator[Diagnostic]:
    about = plan.record.entry(note.corrects)
    if about.document not in note.documents and about.set_id not in note.sets:
        message = f"{about.name} is about {about.document or about.set_id}, which this note does not name"
        yield note_mistake(note, "stale-note", ("corrects",), message)
    if note.withdraws or note.restores:
        message = "a correction puts right what was said, and withdraws and restores nothing; write a note of its own"
        yield note_mistake(note, "stale-note", ("corrects",), message)


def _past(plan: Plan, note: Change) -> Iterator[Diagnostic]:
    if note.effective and note.effective < plan.posted:
        message = (
            f"{sealed_text(note.effective)} has passed, and nothing is posted with effect from before it is posted; "
            "write immediately, or an instant to come"
        )
        yield note_mistake(note, "stale-note", ("effective",), message, fix="effective: immediately")


def _other_text(plan: Plan, note: Change) -> Iterator[Diagnostic]:
    said = dict(note.text)
    for name, beginning in said.items():
        draft = plan.draft_of(note, name)
        if name not in note.documents or (draft is None and name not in note.own_text):
            message = f"the note names no document {name}"
            yield note_mistake(note, "stale-note", ("text", name), message)
        elif draft and not draft.text.startswith(beginning):
            message = f"another text of {name} was approved: what it says now has the hash {draft.text[:SHORT]}"
            yield note_mistake(note, "stale-note", ("text", name), message, fix=f'{name}: "{draft.text[:SHORT]}"')
    for name in note.documents:
        draft = plan.draft_of(note, name)
        if draft and plan.requires_text(name) and draft.has_text and name not in said and not note.corrects:
            message = f"documents.yml wants the hash of the text of {name} that was approved"
            yield note_mistake(note, "stale-note", (), message, fix=f'text: {{{name}: "{draft.text[:SHORT]}"}}')


def _lost_versions(plan: Plan, note: Change) -> Iterator[Diagnostic]:
    for at, of in enumerate(note.withdraws):
        standing = {version.id for version in plan.record.standing(of.document)}
        if of not in standing:
            why = "was withdrawn already" if _exists(plan, of) else "is no version"
            yield note_mistake(note, "stale-note", ("withdraws", at), f"{of} {why}")
        elif of.document not in note.documents:
            yield note_mistake(note, "stale-note", ("withdraws", at), f"the note names no document {of.document}")
    if note.restores:
        yield from _not_restored(plan, note, note.restores)


def _not_restored(plan: Plan, note: Change, id: VersionId) -> Iterator[Diagnostic]:
    draft = plan.draft_of(note, id.document)
    if not _exists(plan, id):
        yield note_mistake(note, "stale-note", ("restores",), f"{id} is no version")
    elif id.document not in note.documents:
        yield note_mistake(note, "stale-note", ("restores",), f"the note names no document {id.document}")
    elif draft and not plan.has_text_of(draft, id):
        message = f"the text of {id.document} is not that of {id}; `engross restore {id}` puts it back"
        yield note_mistake(note, "stale-note", ("restores",), message)


def _exists(plan: Plan, id: VersionId) -> bool:
    return id.number <= len(plan.record.versions.get(id.document, ()))


PLACEHOLDER = RecordRule(
    note_gaps.RULE,
    "A gap in a pending note that is still to be filled in: <the role that approved it>, TBD, [...], or … alone.",
    "What the tool writes into a note is a proposal. Who approved a change, when it applies, what it means for "
    "customers and the law it rests on are for people to say. Words of that form that a summary speaks of are put in "
    "quotation marks or in code. Posted notes are not asked.",
    _placeholder,
)
EDITED = RecordRule(
    "edited-note",
    "A change note that was posted and was edited, renamed or deleted since.",
    "What customers were told stays as it was told. A mistake in it is put right by a new note that `corrects` it.",
    _edited,
)
STALE = RecordRule(
    "stale-note",
    "A pending note that time or the text has overtaken: its day has passed, another text was approved than the one "
    "there is, or the version it withdraws or restores is not what it takes it for.",
    "Approval is of a text and of a day. A change is never posted with effect from before it is posted.",
    _stale,
)
