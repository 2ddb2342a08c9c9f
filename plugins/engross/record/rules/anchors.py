"""`removed-anchor` and `reused-anchor`: what customers have cited goes on leading where it led."""

from __future__ import annotations

from collections.abc import Iterator

from engross.model import Diagnostic, EntryKind, Severity, Tree, VersionId
from engross.record.notes import note_mistake
from engross.record.plan import Plan, Posting
from engross.record.rules.rule import RecordRule
from engross.record.trees import lost_anchors


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
