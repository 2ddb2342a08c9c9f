"""Rules for texts: every change has a note, published anchors keep working, and pictures can be sealed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from engross.common import error, nearest, shown
from engross.model import Change, Diagnostic, DocumentKind, EntryKind, MarkKind, Severity, Source, Tree, VersionId
from engross.record.notes.anchor_answers import MOST_ANCHORS, answer_yaml, answers
from engross.record.notes.draft_text import note_for, retiring_note
from engross.record.notes.new_note import changed_languages, note_of_languages, wanted_path, with_note
from engross.record.notes.reader import note_mistake, summary_tree
from engross.record.notes.recognition import ids_exist, nearest_ids
from engross.record.pictures import KINDS, MOST_BYTES, PICTURE, picture_problems, shown_pictures
from engross.record.posting.drafts import Draft
from engross.record.posting.plan import Plan, Posting
from engross.record.rules.rule import RecordRule
from engross.record.trees import ALL_LOST, lost_anchors
from engross.redline import counts_in_words, english, find_changes


def _unposted(plan: Plan) -> Iterator[Diagnostic]:
    if not plan.record.entries and not plan.notes:
        # A site that posts nothing has no record; its first note starts one.
        return
    if plan.folder.problems or plan.folder.gaps:
        # A note that cannot be read or is incomplete may be the missing one.
        return
    for name, draft in plan.drafts.documents.items():
        retired = plan.record.retired(name)
        if retired:
            message = f"{name} was retired by {retired.name}; its id is never used again, so give this document another"
            yield error("unposted-change", plan.project.settings.file.source.path, draft.entry.line, 1, message)
        elif draft.changed and not draft.informational and name not in plan.notes_for:
            yield _without_note(plan, draft)
    for name in plan.drafts.gone:
        if name not in plan.notes_for:
            message = (
                f"{name} was posted, and is no longer listed in documents.yml; list it again, or retire it with a "
                f"change note that names it: {wanted_path(plan, name)}"
            )
            found = error("unposted-change", plan.project.settings.file.source.path, 0, 0, message)
            yield with_note(found, plan, name, retiring_note(plan, name))


def _without_note(plan: Plan, draft: Draft) -> Diagnostic:
    if note := note_of_languages(plan, draft):
        return _silent(plan, draft, f"Name it in {note.source.path}, because a note names all languages that change")
    changed = changed_languages(plan, draft)
    about = changed[0].document.id
    found = _silent(plan, draft, f"The note goes into {wanted_path(plan, about)}")
    return with_note(found, plan, about, note_for(plan, changed))


def _silent(plan: Plan, draft: Draft, then: str) -> Diagnostic:
    """Report a document without a note; `then` is the sentence about the note to write."""
    source = draft.document.source
    assert source is not None
    name = draft.document.id
    if draft.base is None:
        message = f"this document was never posted; a change note must name it: {wanted_path(plan, name)}"
        return error("unposted-change", source.path, 1, 1, message)
    if not draft.words_changed:
        return _silent_picture(draft, then)
    first = next(iter(find_changes(draft.script)), None)
    line = first.blocks[0].face.lines[0] if first and first.blocks[0].new else 1
    clause = first.where if first else ""
    before = draft.follows.draft.document.source if draft.follows else None
    counts = counts_in_words(draft.script.counts, english(has_rows=draft.document.entry.kind.has_rows))
    message = (
        f"the text differs from {before.path if before else draft.base.id}, and no change note names {name}. "
        f"{counts} {then}"
    )
    return error("unposted-change", source.path, line, 1, message, clause=clause)


def _silent_picture(draft: Draft, then: str) -> Diagnostic:
    """Report a changed picture of an unchanged text, at the place that shows the picture."""
    source, base = draft.document.source, draft.base
    assert source is not None
    assert base is not None
    shown = next(one for one in shown_pictures(draft.document) if one.path == draft.changed_pictures[0])
    name = draft.document.id
    message = (
        f"picture changed: {', '.join(draft.changed_pictures)} differs from the one sealed with {base.id}, and no "
        f"change note names {name}. `engross restore {base.id}` restores the sealed picture. {then}"
    )
    return error("unposted-change", source.path, shown.line, shown.column, message, clause=shown.clause)


def _without_change(plan: Plan) -> Iterator[Diagnostic]:
    known = list(plan.project.documents)
    for note in plan.notes:
        for at, name in enumerate(note.documents):
            if name not in known and (retired := plan.record.retired(name)):
                message = (
                    f"{name} was retired by {retired.name} and no longer changes; remove it from this note, or delete "
                    "the note if it names nothing else"
                )
                yield note_mistake(note, "note-without-change", ("documents", at), message, fix=_rest(note, name))
            elif name not in known and name not in plan.drafts.gone:
                ids = nearest_ids(name, plan.project.settings.documents)
                message = f"there is no document {shown(name)}; {ids_exist(ids)}"
                yield note_mistake(note, "note-without-change", ("documents", at), message, fix=nearest(name, known))
            elif not note.corrects and not _does_something(plan, name, note):
                last = plan.record.latest(name)
                by = f" as {last.id} by {' and '.join(one.slug for one in last.post.notes)}" if last else ""
                message = (
                    f"nothing of {name} differs from what was posted{by}; change its text, or remove it from the note. "
                    "If the same change was posted by another note, delete this one"
                )
                yield note_mistake(note, "note-without-change", ("documents", at), message, fix=_rest(note, name))
        yield from _not_replaced(plan, note)


def _not_replaced(plan: Plan, note: Change) -> Iterator[Diagnostic]:
    """Report what a note states about replacements, where a document is not retired or its replacement is unknown."""
    known = [entry.id for entry in plan.project.settings.documents]
    for old, new in note.replaced_by:
        if old not in note.documents or old not in plan.drafts.gone:
            message = (
                f"this note does not end {shown(old)}; replaced_by is only for a document that the note names and that "
                "documents.yml no longer lists"
            )
            yield note_mistake(note, "note-without-change", ("replaced_by", old), message)
        elif new not in known:
            message = f"{old} is replaced by {shown(new)}, and documents.yml has no such document"
            yield note_mistake(note, "note-without-change", ("replaced_by", old), message, fix=nearest(new, known))


def _rest(note: Change, name: str) -> str:
    """The line, or the command, that removes a document from a note."""
    left = ", ".join(one for one in note.documents if one != name)
    return f"documents: [{left}]" if left else "" if note.sets else f"rm {note.source.path}"


def _does_something(plan: Plan, name: str, note: Change) -> bool:
    if name in plan.drafts.gone or any(version.document == name for version in note.withdraws):
        return True
    draft = plan.draft_of(note, name)
    if draft is None:
        # Another check reports what is wrong with a text beside its note.
        return True
    is_notice = draft.entry.kind is DocumentKind.NOTICE_ONLY
    return is_notice or draft.bytes_changed or draft.changed or bool(draft.moved or draft.promised)


UNPOSTED = RecordRule(
    "unposted-change",
    "A document whose words, structure or pictures differ from its last version, and that no pending note names.",
    "Every change has a note, which explains to customers what changes and when it applies. The finding contains a "
    "note to paste; `engross change new` writes it too. The rule also finds posted documents that are no longer "
    "listed.",
    _unposted,
)
WITHOUT_CHANGE = RecordRule(
    "note-without-change",
    "A pending change note that names an unchanged or unknown document.",
    "A note without a change would announce something that did not happen. Change the document, or remove it from the "
    "note. The rule also checks `replaced_by`: it names a document that the note retires, and one that exists.",
    _without_change,
)


def _changed(plan: Plan) -> Iterator[tuple[Posting, Tree, Tree]]:
    """Yield each posting that replaces an earlier text, with the trees before and after.

    A text without a note changes only informational columns of a register, and so removes no anchor.
    """
    for posting in plan.postings:
        if posting.kind is EntryKind.POST and posting.notes and posting.draft and posting.draft.base:
            yield posting, posting.draft.base_tree, plan.trees[VersionId(posting.document, posting.number)]


def _removed(plan: Plan) -> Iterator[Diagnostic]:
    yield from _strange(plan)
    for posting, before, after in _changed(plan):
        lost = lost_anchors(before, after, posting.leads)
        if lost and ALL_LOST not in posting.leads:
            yield _unanswered(posting, before, lost)
        if lost and posting.leads.get(ALL_LOST) == "":
            yield _nowhere(posting, lost)
        yield from _wrong_targets(plan, posting, after, lost)


def _unanswered(posting: Posting, before: Tree, lost: Sequence[str]) -> Diagnostic:
    """Report the anchors of a document that lead nowhere after a change; the fix answers for all of them."""
    name, note, labels = posting.document, posting.notes[0], {clause.anchor: clause.label for clause in before.clauses}
    named = ", ".join(f"#{anchor} (“{labels.get(anchor, anchor)}”)" for anchor in lost[:MOST_ANCHORS])
    which = "it" if len(lost) == 1 else "each of them"
    more = f" and {len(lost) - MOST_ANCHORS} more headings or definitions" if len(lost) > MOST_ANCHORS else ""
    message = (
        f"{name} no longer has {named}{more}, which customers may have cited. Write under anchors where {which} leads "
        f"now: another anchor, a document ({name}), or an empty text for nowhere"
    )
    if more:
        message += f'. "{name}#*" stands for all that have no line of their own'
    if note.anchors:
        message += ". The fix replaces the present anchors of the note, and has them too"
    fix = f"anchors: {{{', '.join(map(answer_yaml, (*note.anchors, *answers(name, lost))))}}}"
    return note_mistake(note, "removed-anchor", ("anchors",), message, fix=fix)


def _nowhere(posting: Posting, lost: Sequence[str]) -> Diagnostic:
    """Describe what an empty text means that answers for all removed anchors."""
    name = posting.document
    many = "1 removed heading or definition" if len(lost) == 1 else f"{len(lost)} removed headings and definitions"
    message = (
        f'"{name}#*": "" lets links to {many} lead nowhere: the page of {name} says of each that it was removed, and '
        f"links to all versions. To let them lead to the document, write {name} instead of the empty text"
    )
    found = note_mistake(posting.notes[0], "removed-anchor", ("anchors",), message)
    return replace(found, severity=Severity.NOTE)


def _strange(plan: Plan) -> Iterator[Diagnostic]:
    """Report anchors of documents that the note does not change."""
    changed = {posting.document for posting, _, _ in _changed(plan)}
    for note in plan.notes:
        for old, _ in note.anchors:
            owner, sign, _ = old.rpartition("#")
            if (sign or len(note.documents) > 1) and owner not in changed:
                message = (
                    f"{old} is not an anchor of a text that this note changes; write the document, # and its anchor"
                )
                yield note_mistake(note, "removed-anchor", ("anchors", old), message)


def _wrong_targets(plan: Plan, posting: Posting, after: Tree, lost: Sequence[str]) -> Iterator[Diagnostic]:
    here = {clause.anchor for clause in after.clauses}
    dropped = {alias.anchor for alias in after.aliases}
    note = posting.notes[0]
    for anchor, target in posting.leads.items():
        document, _, there = target.partition("#")
        other = plan.drafts.documents.get(document)
        exists = other is not None and (not there or there in {one.anchor for one in other.found})
        if anchor == ALL_LOST and not lost:
            message = f"each anchor that this change removes from {posting.document} has a line; delete the one of * "
            yield note_mistake(note, "removed-anchor", ("anchors",), f"{message}from anchors")
        elif anchor not in dropped and anchor != ALL_LOST:
            message = f"this change does not remove {posting.document}#{anchor}; delete it from anchors"
            yield note_mistake(note, "removed-anchor", ("anchors",), message)
        elif target and target not in here and not exists:
            message = f"{posting.document}#{anchor} leads to {target}, which does not exist"
            yield note_mistake(note, "removed-anchor", ("anchors",), message)


def _reused(plan: Plan) -> Iterator[Diagnostic]:
    for posting, before, after in _changed(plan):
        draft = posting.draft
        assert draft is not None
        assert draft.document.source is not None
        lines = {clause.anchor: clause.lines[0] for clause in draft.document.root.walk()}
        enumerated = {one.anchor for one in draft.found if one.enumerated}
        for clause in after.clauses:
            last = after.reused.get(clause.anchor)
            named = f"{posting.document}#{clause.anchor}"
            known = any(named in note.reuses for note in posting.notes)
            if last and last != before.reused.get(clause.anchor) and clause.anchor in enumerated and not known:
                message = (
                    f"{clause.label} has other words than in {posting.document}@{last}. The page shows this; "
                    "check the references to it, and name it under reuses in the change note"
                )
                path, line = draft.document.source.path, lines.get(clause.anchor, 1)
                fix = f"reuses: [{named}]"
                yield Diagnostic("reused-anchor", Severity.WARNING, path, line, 1, message, clause.label, fix)


REMOVED = RecordRule(
    "removed-anchor",
    "A removed heading or definition whose published address would no longer lead anywhere.",
    "Customers link to these addresses and cite them. A renamed heading keeps its old address automatically. For a "
    'removed one, write under `anchors` in the note where it leads. After a rewrite, `"agreement#*": agreement` '
    "answers for all removed anchors of a document that have no line of their own.",
    _removed,
)
REUSED = RecordRule(
    "reused-anchor",
    "An enumerator that gets another meaning: (c) is now what (d) was.",
    "People who cited the enumerator meant the old words. This is a warning: versions are cited by permanent links, "
    "and the page shows from which version on the enumerator has its present meaning. Mark a deleted item as reserved "
    "to avoid it, or name the enumerator under `reuses` in the note to confirm the change.",
    _reused,
    Severity.WARNING,
)


def _unsealable(plan: Plan) -> Iterator[Diagnostic]:
    for posting in plan.postings:
        if posting.kind is EntryKind.POST and posting.draft:
            yield from picture_problems(plan.project.docs, posting.draft.document)
    for note in plan.notes:
        yield from _in_note(note.source)


def _in_note(source: Source) -> Iterator[Diagnostic]:
    for clause in summary_tree(source).walk():
        for mark in clause.inline.marks:
            if mark.kind is MarkKind.IMAGE:
                line, column = source.position(clause.inline.source_offset(mark.start))
                message = (
                    f"the picture {mark.target} is in a change note, and pictures are not sealed with notes; show it "
                    "in a document, and link to the document here"
                )
                yield error(PICTURE, source.path, line, column, message)


UNSEALABLE = RecordRule(
    PICTURE,
    "A picture that cannot be sealed with the text that shows it, or any picture in a pending note.",
    "A version shows its pictures as they were posted, so their files are sealed with it. A picture must be a file in "
    "the docs folder, referred to by its path relative to the document's file, of at most "
    f"{MOST_BYTES // 1_000_000} MB, and one of {', '.join(KINDS)}. Save a picture that a tool generates during the "
    "build as a file in the docs folder. Only texts and notes that are about to be posted are checked.",
    _unsealable,
)


EXAMPLE = "<!-- The text below is an example."
"""The beginning of the comment that `engross init` writes at the beginning of its example."""


def _example(plan: Plan) -> Iterator[Diagnostic]:
    for posting in plan.postings:
        source = posting.draft.document.source if posting.draft else None
        if posting.kind is EntryKind.POST and posting.draft and posting.draft.base is None and source:
            at = source.text.find(EXAMPLE)
            if at >= 0:
                message = (
                    "this is the example that engross init wrote, and a text that is posted stays in the record for "
                    "good. Replace it with your own text, and delete this line; to post the example itself, delete "
                    "only this line"
                )
                yield error("example-text", source.path, *source.position(at), message)


EXAMPLE_TEXT = RecordRule(
    "example-text",
    "A first version that is still the example of `engross init`.",
    "What is posted cannot be taken back, only replaced or redacted. Replace the example with your own text, and "
    "delete the comment above it.",
    _example,
)
