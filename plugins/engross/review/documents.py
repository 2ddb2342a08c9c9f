"""The plan of a release → what changes in each document and set."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from engross.common import EngrossError
from engross.corpus import register_of, ui_strings
from engross.language import FIGURES, figures_in
from engross.model import Document, DocumentEntry, EntryKind, NoticeUnit
from engross.record import (
    PLACE,
    Draft,
    Evidence,
    Plan,
    Posting,
    SetChange,
    awaited_in_words,
    awaited_notice,
    continued,
    continued_notice,
    display_instant,
    effective_fix,
    evidence,
    promised_notice,
    sum_of,
)
from engross.redline import find_changes, marked_texts
from engross.render import row_changes
from engross.review.content import Change, ClauseChange, DefinitionChange, Figure, RowChange, Timing
from engross.terms import Readings

UNPOSTED = "unposted"
"""The kind of a change that no note posts."""


def read_changes(plan: Plan, preview: str = "") -> tuple[Change, ...]:
    """Return what would be posted, in order, and then what changed without a note.

    `preview` is the address of a draft site; with it, each document has a link to its page there.
    """
    return (*(_posting(plan, one, preview) for one in plan.postings), *_unposted(plan, preview))


def _posting(plan: Plan, posting: Posting, preview: str) -> Change:
    draft, entry = posting.draft, plan.entry_of(posting)
    if posting.set_change:
        title, about = posting.set_change.entry.title, posting.set
    else:
        title, about = entry.title if entry else posting.about, posting.document or posting.set or posting.note
    text = _of_text(draft if posting.kind is EntryKind.POST else None)
    version = f"{posting.document}@{posting.number}" if posting.number else str(posting.version or "")
    return Change(
        id=about,
        title=title,
        kind=str(posting.kind),
        version=version,
        is_set=bool(posting.set),
        notes=tuple(note.slug for note in posting.notes),
        timings=tuple(_timing(plan, posting)),
        settings=tuple(map(str, posting.promised)),
        remarks=(*text.pop("remarks", ()), *_whole_set(posting.set_change), *_remarks(plan, posting)),
        preview=_page(preview, entry),
        **text,
    )


def _whole_set(change: SetChange | None) -> Iterator[str]:
    if change and change.old is None:
        yield "The set was never posted."
    elif change and change.new is None:
        yield "The set was posted, and documents.yml no longer lists it."


def _unposted(plan: Plan, preview: str) -> Iterator[Change]:
    if not plan.record.entries:
        return
    for name, draft in plan.drafts.documents.items():
        if name in plan.notes_for or not (draft.changed or draft.promised):
            continue
        settings = tuple(map(str, draft.promised))
        yield Change(
            name,
            draft.entry.title,
            UNPOSTED,
            settings=settings,
            preview=_page(preview, draft.entry),
            **_of_text(draft if draft.changed else None),
        )
    for name, change in plan.drafts.sets.items():
        if name not in plan.notes_for_set:
            settings = tuple(map(str, change.differences))
            remarks = tuple(_whole_set(change))
            yield Change(name, change.entry.title, UNPOSTED, is_set=True, settings=settings, remarks=remarks)
    for name in plan.drafts.gone:
        if name not in plan.notes_for:
            entry = plan.record.last_entry(name)
            remark = "It was posted, and documents.yml no longer lists it."
            yield Change(name, entry.title if entry else name, UNPOSTED, remarks=(remark,))


def _page(preview: str, entry: DocumentEntry | None) -> str:
    if not preview or entry is None or not entry.published or "://" in entry.published:
        return ""
    return f"{preview.rstrip('/')}/{entry.published.lstrip('/')}"


def _of_text(draft: Draft | None) -> dict[str, Any]:
    """Return the fields of a change that are about its text."""
    if draft is None or draft.document.source is None:
        return {}
    path = draft.document.source.path
    if draft.base is None:
        return {"path": path, "remarks": ("The text is posted for the first time.",)}
    if not draft.changed:
        return {"path": path, "base": str(draft.base.id), "remarks": ("Readers see no difference.",)}
    old, new, script = draft.base_document, draft.document, draft.script
    found = evidence(old, new, script)
    models = new.entry.kind.has_rows
    return {
        "path": path,
        "base": str(draft.base.id),
        "counts": script.counts,
        "clauses": tuple(
            ClauseChange(one.where, tuple(one.kinds), marked_texts(one)) for one in find_changes(script)
        ),
        "rows": tuple(_rows(old, new)),
        "figures": tuple(_figure(one, whole=models) for one in found if models or one.kind in FIGURES),
        "definitions": () if models else tuple(_definitions(draft)),
        "pictures": draft.changed_pictures,
    }  # fmt: skip


def _rows(old: Document, new: Document) -> Iterator[RowChange]:
    """Yield the rows that differ, if two registers differ in nothing else; none of texts that are no registers."""
    try:
        before, after = register_of(old), register_of(new)
    except EngrossError:
        return
    if before and after and (before.note, before.schema) == (after.note, after.schema):
        for row in row_changes(before, after, ui_strings("en")):
            yield RowChange(row.id, row.title, row.did or "changed", row.values)


def _figure(found: Evidence, *, whole: bool) -> Figure:
    """Return a change of numbers; of a stretch of words only the numbers that differ, unless it is shown as `whole`."""
    old, new = ([found.old], [found.new]) if whole else (figures_in(found.old), figures_in(found.new))
    while old and new and old[0] == new[0]:
        old, new = old[1:], new[1:]
    while old and new and old[-1] == new[-1]:
        old, new = old[:-1], new[:-1]
    if not old and not new:
        old, new = [found.old], [found.new]
    return Figure(found.where, found.kind, "; ".join(old), "; ".join(new))


def _definitions(draft: Draft) -> Iterator[DefinitionChange]:
    readings = Readings()
    old, new = (
        {bound.definition.term: " ".join(bound.definition.body.split()) for bound in readings.bounds(one, first=True)}
        for one in (draft.base_document, draft.document)
    )
    for term, body in new.items():
        if term not in old:
            yield DefinitionChange(term, "added", "", body)
        elif old[term] != body:
            yield DefinitionChange(term, "changed", old[term], body)
    for term, body in old.items():
        if term not in new:
            yield DefinitionChange(term, "removed", body, "")


def _timing(plan: Plan, posting: Posting) -> Iterator[Timing]:
    if posting.kind is EntryKind.CORRECT:
        return
    awaited = awaited_notice(plan, posting)
    for note in posting.notes:
        if awaited:
            yield Timing(note.slug, None, note.material, awaited=awaited_in_words(awaited))
            continue
        notice = promised_notice(plan, posting, note)
        earliest = effective_fix(plan, note).removeprefix("effective: ") if notice else ""
        days, since = (notice.days, notice.since) if notice else (0, None)
        zone = ZoneInfo(plan.project.settings.timezone)
        exact = notice is not None and notice.rule.unit is not NoticeUnit.ELAPSED
        counting = sum_of(notice, zone) if notice and exact else ""
        yield Timing(note.slug, note.effective, note.material, days, since, earliest, counting)


def _remarks(plan: Plan, posting: Posting) -> Iterator[str]:
    """Describe the announcement that a posting continues, and what changes of a document's name and place."""
    announced = continued(plan, posting)
    if announced:
        zone = ZoneInfo(plan.project.settings.timezone)
        why = f" ({announced.because.rstrip('.')})" if announced.notice_from and announced.changed else ""
        counts = f"Its notice {continued_notice(plan.record, announced, lambda at: display_instant(at, zone))}{why}."
        changed = f" Changed since: {', '.join(announced.changed)}." if announced.changed else ""
        yield f"It continues the announcement of {announced.version.id}. {counts}{changed}"
    draft = posting.draft
    posted = draft.posted_entry if draft else None
    if draft and posted and posted.entry:
        for name in draft.moved:
            yield f"Its {PLACE[name]} was {getattr(posted.entry, name)}, and is {getattr(draft.entry, name)}."
