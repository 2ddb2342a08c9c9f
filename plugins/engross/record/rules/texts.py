"""Rules for texts: each change has its note; anchors and pictures are kept.

`unposted-change` and `note-without-change`: texts and notes belong together.

`removed-anchor` and `reused-anchor`: what customers have cited goes on leading where it led.

`picture`: a picture of a text to be posted that cannot be sealed with it.
"""

from __future__ import annotations

from collections.abc import Iterator

from engross.common import error, meant, nearest, shown
from engross.model import Change, Diagnostic, DocumentKind, EntryKind, MarkKind, Severity, Source, Tree, VersionId
from engross.record.notes.draft_text import note_for, note_slug, retiring_note
from engross.record.notes.reader import note_mistake, summary_tree
from engross.record.pictures import KINDS, MOST_BYTES, PICTURE, picture_problems, shown_pictures
from engross.record.posting.drafts import Draft
from engross.record.posting.plan import Plan, Posting
from engross.record.rules.rule import RecordRule
from engross.record.trees import lost_anchors
from engross.redline import counts_in_words, find_changes


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


def _changed(plan: Plan) -> Iterator[tuple[Posting, Tree, Tree]]:
    """Each text to be posted that follows another, with the tree before and after."""
    for posting in plan.postings:
        if posting.kind is EntryKind.POST and posting.draft and posting.draft.base:
            yield posting, posting.draft.base_tree, plan.trees[VersionId(posting.document, posting.number)]


def _removed(plan: Plan) -> Iterator[Diagnostic]:
    yield from _strange(plan)
    for posting, before, after in _changed(plan):
        labels = {clause.anchor: clause.label for clause in before.clauses}
        note = posting.notes[0]
        for anchor in lost_anchors(before, after, posting.leads):
            called = labels.get(anchor, anchor)
            message = (
                f"{posting.document} no longer has #{anchor} (“{called}”), which customers may have cited. Say under "
                "anchors where it leads now, or with an empty text that it leads nowhere"
            )
            fix = f'anchors: {{{posting.document}#{anchor}: ""}}'
            yield note_mistake(note, "removed-anchor", ("anchors",), message, fix=fix)
        yield from _wrong_targets(plan, posting, after)


def _strange(plan: Plan) -> Iterator[Diagnostic]:
    """What notes say of anchors of documents that they do not change."""
    changed = {posting.document for posting, _, _ in _changed(plan)}
    for note in plan.notes:
        for old, _ in note.anchors:
            owner, sign, _ = old.rpartition("#")
            if (sign or len(note.documents) > 1) and owner not in changed:
                message = f"{old} is no anchor of a text that this note changes; write the document, # and its anchor"
                yield note_mistake(note, "removed-anchor", ("anchors", old), message)


def _wrong_targets(plan: Plan, posting: Posting, after: Tree) -> Iterator[Diagnostic]:
    here = {clause.anchor for clause in after.clauses}
    dropped = {alias.anchor for alias in after.aliases}
    note = posting.notes[0]
    for anchor, target in posting.leads.items():
        document, sign, there = target.partition("#")
        other = plan.drafts.documents.get(document) if sign else None
        if anchor not in dropped:
            message = f"{posting.document}#{anchor} is no anchor that this change removes"
            yield note_mistake(note, "removed-anchor", ("anchors",), message)
        elif target and target not in here and not (other and there in {one.anchor for one in other.found}):
            message = f"there is no {target} for {posting.document}#{anchor} to lead to"
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
                    f"{clause.label} now means other words than in {posting.document}@{last}. The page says so; "
                    "look through the references to it, and name it under reuses in the change note"
                )
                path, line = draft.document.source.path, lines.get(clause.anchor, 1)
                fix = f"reuses: [{named}]"
                yield Diagnostic("reused-anchor", Severity.WARNING, path, line, 1, message, clause.label, fix)


REMOVED = RecordRule(
    "removed-anchor",
    "A heading or definition whose address was published and would lead nowhere.",
    "Customers link to it, and others cite it. A heading that is renamed keeps its old address by itself; for one that "
    "is removed the note says under `anchors` where it leads.",
    _removed,
)
REUSED = RecordRule(
    "reused-anchor",
    "An enumerator that comes to mean other words: (c) is now what (d) was.",
    "Whoever cited it means the old words. It is a warning: versions are cited by permanent links, and the page says "
    "from which version on the enumerator means what it means now. Reserving the place of what was deleted avoids "
    "it; a note that names the enumerator under `reuses` says that it is meant.",
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
                    f"the picture {mark.target} is in a change note, with which no picture is sealed; show it in a "
                    "document, and link to the document here"
                )
                yield error(PICTURE, source.path, line, column, message)


UNSEALABLE = RecordRule(
    PICTURE,
    "A picture of a text that is to be posted, which cannot be sealed with the text; any picture in a pending note.",
    "A version shows its pictures as they were posted, so that their files are sealed with it. A picture is a file in "
    "the docs folder, named by its path relative to the document's file, of at most "
    f"{MOST_BYTES // 1_000_000} MB, and one of {', '.join(KINDS)}. Keep a picture that another tool makes during the "
    "build in the docs folder as a file. Only texts and notes that are to be posted are asked.",
    _unsealable,
)
