"""`unposted-change` and `note-without-change`: texts and notes belong together."""

from __future__ import annotations

from collections.abc import Iterator

from engross.corpus.words import meant, nearest, shown
from engross.errors import error
from engross.model import Change, Diagnostic, DocumentKind
from engross.record.drafts import Draft
from engross.record.note_names import note_slug
from engross.record.note_text import note_for, retiring_note
from engross.record.notes import note_mistake
from engross.record.pictures import shown_pictures
from engross.record.plan import Plan
from engross.record.rules.rule import RecordRule
from engross.redline.changes import find_changes
from engross.redline.counting import counts_in_words


def _unposted(plan: Plan) -> Iterator[Diagnostic]:
    if not plan.record.entries and not plan.notes:
        # A site that posts nothing keeps no record; its first note begins one.
        return
    if plan.folder.problems or plan.folder.gaps:
        # A note that cannot be read, or is not filled in, may be the one that is missed.
        return
    for name, draft in plan.drafts.documents.items():
        retired = plan.record.retired(name)
        if retired:
            message = f"{name} was retired by {retired.name}; its id is never used again, so give this document another"
            yield error("unposted-change", plan.project.settings.file.source.path, draft.entry.line, 1, message)
        elif draft.changed and name not in plan.notes_for:
            yield _silent(plan, draft)
    for name in plan.drafts.gone:
        if name not in plan.notes_for:
            message = (
                f"{name} was posted, and is no longer listed in documents.yml; put it back, or retire it with a change "
                f"note that names it: {_wanted(plan, name)}"
            )
            path = plan.project.settings.file.source.path
            yield error("unposted-change", path, 0, 0, message, fix=retiring_note(plan, name))


def _silent(plan: Plan, draft: Draft) -> Diagnostic:
    source = draft.document.source
    assert source is not None
    name = draft.document.id
    if draft.base is None:
        message = f"this document was never posted; a change note must name it: {_wanted(plan, name)}"
        return error("unposted-change", source.path, 1, 1, message, fix=note_for(plan, [draft]))
    if not draft.words_changed:
        return _silent_picture(plan, draft)
    first = next(iter(find_changes(draft.script)), None)
    line = first.blocks[0].face.lines[0] if first and first.blocks[0].new else 1
    clause = first.where if first else ""
    message = (
        f"the text differs from {draft.base.id}, and no change note names {name}. "
        f"{counts_in_words(draft.script.counts)} The note goes into {_wanted(plan, name)}"
    )
    return error("unposted-change", source.path, line, 1, message, clause=clause, fix=note_for(plan, [draft]))


def _silent_picture(plan: Plan, draft: Draft) -> Diagnostic:
    """That the text is the same and shows another picture, at the place that shows it."""
    source, base = draft.document.source, draft.base
    assert source is not None
    assert base is not None
    shown = next(one for one in shown_pictures(draft.document) if one.path == draft.changed_pictures[0])
    name = draft.document.id
    message = (
        f"picture changed: {', '.join(draft.changed_pictures)} is not as it was sealed with {base.id}, and no change "
        f"note names {name}. `engross restore {base.id}` puts back what was sealed. The note goes into "
        f"{_wanted(plan, name)}"
    )
    fix = note_for(plan, [draft])
    return error("unposted-change", source.path, shown.line, shown.column, message, clause=shown.clause, fix=fix)


def _wanted(plan: Plan, document: str) -> str:
    return f"{plan.folder.folder}/{note_slug(plan, document)}.md"


def _without_change(plan: Plan) -> Iterator[Diagnostic]:
    known = list(plan.project.documents)
    for note in plan.notes:
        for at, name in enumerate(note.documents):
            if name not in known and name not in plan.drafts.gone:
                message = f"there is no document {shown(name)}{meant(name, known)}"
                yield note_mistake(
                    note, "note-without-change", ("documents", at), message, fix=nearest(name, known)
                )  # fmt: skip
            elif not note.corrects and not _does_something(plan, name, note):
                message = f"nothing of {name} differs from what was posted; change its text, or take it out of the note"
                yield note_mistake(note, "note-without-change", ("documents", at), message)


def _does_something(plan: Plan, name: str, note: Change) -> bool:
    if name in plan.drafts.gone or any(version.document == name for version in note.withdraws):
        return True
    draft = plan.draft_of(note, name)
    if draft is None:
        # What is wrong with a text beside its note is said of the note.
        return True
    is_notice = draft.entry.kind is DocumentKind.NOTICE_ONLY
    return is_notice or draft.bytes_changed or draft.changed or bool(draft.moved or draft.promised)


UNPOSTED = RecordRule(
    "unposted-change",
    "A document of which words, structure or pictures differ from its last version and that no pending note names.",
    "Nothing changes in silence: customers are told of each change, and when it applies. The finding holds the note to "
    "paste; `engross change new` writes it as well. A document that was posted and is no longer listed is found, too.",
    _unposted,
)
WITHOUT_CHANGE = RecordRule(
    "note-without-change",
    "A pending change note that names a document of which nothing differs, or that there is not.",
    "A note without a change would tell customers of something that did not happen.",
    _without_change,
)
