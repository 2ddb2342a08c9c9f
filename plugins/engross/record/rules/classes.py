"""`class-mismatch`: a note says no less, and no more, than what the redline shows."""

from __future__ import annotations

from collections.abc import Iterator

from engross.model import Change, ChangeClass, Diagnostic, EntryKind
from engross.record.notes import note_mistake
from engross.record.noticing import what_is_noticed
from engross.record.plan import Plan, Posting
from engross.record.rules.rule import RecordRule


def _mismatch(plan: Plan) -> Iterator[Diagnostic]:
    for note in plan.notes:
        if note.material and note.change_class is not ChangeClass.SUBSTANTIVE:
            message = f"a material change is substantive, and this note says {note.change_class}"
            yield note_mistake(note, "class-mismatch", ("class",), message, fix="class: substantive")
    for posting in plan.postings:
        if posting.kind is EntryKind.POST and posting.draft and posting.draft.base:
            yield from _of_text(posting)


def _of_text(posting: Posting) -> Iterator[Diagnostic]:
    draft = posting.draft
    assert draft is not None
    if posting.change_class is ChangeClass.FORMAT and draft.changed:
        noticed = what_is_noticed(draft.script)
        if noticed:
            yield _finding(
                posting.notes[0], posting.document, "format", f"readers can notice it: {noticed}", "editorial"
            )
    elif posting.change_class is ChangeClass.SUBSTANTIVE and not draft.changed:
        said = "no reader sees any change: only line wraps, comments or the order of keys differ"
        note = next(note for note in posting.notes if note.change_class is ChangeClass.SUBSTANTIVE)
        yield _finding(note, posting.document, "substantive", said, "format")


def _finding(note: Change, document: str, said: str, why: str, fix: str) -> Diagnostic:
    message = f"the change of {document} is said to be {said}, and {why}"
    return note_mistake(note, "class-mismatch", ("class",), message, fix=f"class: {fix}")


MISMATCH = RecordRule(
    "class-mismatch",
    "A change that is said to be of a class that the redline shows it is not.",
    "Changed words, link targets, kinds of list or enumerators are never format; a change that no reader sees is never "
    "substantive; a material change always is.",
    _mismatch,
)
