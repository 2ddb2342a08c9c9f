"""What a release would post, as Markdown for reviewers: notes, and what changes clause by clause."""

from __future__ import annotations

import re
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from engross.model import Change, EntryKind
from engross.record.encoding import display_instant
from engross.record.posting.announced import continued
from engross.record.posting.drafts import Draft
from engross.record.posting.plan import Plan, Posting
from engross.record.rules.grounds import unrecorded_grounds
from engross.record.rules.promises import unposted_promises
from engross.redline import counts_in_words, find_changes

_MOST_CHANGES = 60
_HEADINGS = {
    EntryKind.POST: "posted",
    EntryKind.NOTICE: "notice posted",
    EntryKind.WITHDRAW: "withdrawn",
    EntryKind.CORRECT: "correction posted",
    EntryKind.MOVE: "renamed, moved, or with changed settings",
    EntryKind.SET: "its documents and their order of precedence",
    EntryKind.RETIRE: "retired",
}
_SPECIAL = re.compile(r"([\\`*_\[\]<>|~])")


def review(plan: Plan) -> str:
    """Return the review of a plan, as Markdown."""
    zone = ZoneInfo(plan.project.settings.timezone)
    lines = ["# What would be posted", ""]
    if not plan.postings:
        lines += ["Nothing: no change note is pending.", ""]
    for posting in plan.postings:
        lines += _posting(plan, posting, zone)
    for name, draft in plan.drafts.documents.items():
        if draft.changed and name not in plan.notes_for and plan.record.entries:
            lines += [f"## {_plain(draft.entry.title)}: changed without a note", "", *_changes(draft)]
    for finding in unposted_promises(plan) if plan.record.entries else ():
        lines += ["## Changed in documents.yml without a note", "", _plain(finding.message), ""]
    for finding in unrecorded_grounds(plan):
        lines += ["## To compare by hand", "", f"In documents.yml: {_plain(finding.message)}.", ""]
    return "\n".join(lines)


def _posting(plan: Plan, posting: Posting, zone: ZoneInfo) -> Iterator[str]:
    entry = plan.record.last_entry(posting.document)
    title = posting.draft.entry.title if posting.draft else entry.title if entry else posting.about
    if posting.set_change:
        title = posting.set_change.entry.title
    version = f" {posting.version}" if posting.version else ""
    number = f" as version {posting.number}" if posting.number and posting.document in plan.own else ""
    yield from (f"## {_plain(title)}:{version} {_HEADINGS[posting.kind]}{number}", "")
    for note in posting.notes:
        yield from _note(plan, note, zone)
    if posting.promised or posting.set_change:
        changes = map(str, posting.promised) if posting.promised else [str(posting.set_change)]
        yield from (*(f"- {_plain(one)}" for one in changes), "")
    yield from _continuation(plan, posting, zone)
    if posting.kind is EntryKind.POST and posting.draft:
        yield from _changes(posting.draft)


def _continuation(plan: Plan, posting: Posting, zone: ZoneInfo) -> Iterator[str]:
    """Describe the announcement that a posting continues, and from when its notice counts."""
    announced = continued(plan, posting)
    if announced is None:
        return
    changed = f" Changed since: {_plain(', '.join(announced.changed))}." if announced.changed else ""
    if announced.notice_from:
        why = f" ({_plain(announced.because).rstrip('.')})" if announced.changed else ""
        notice = f"its notice still counts from {display_instant(announced.notice_from, zone)}{why}"
    else:
        notice = "its notice starts again"
    yield from (f"It continues the announcement of {announced.version.id}; {notice}.{changed}", "")


def _note(plan: Plan, note: Change, zone: ZoneInfo) -> Iterator[str]:
    effective = display_instant(note.effective, zone) if note.effective else "when it is posted"
    material = "material" if note.material else "not material"
    approved = _plain(note.approved_by)
    yield f"**{note.slug}**: {note.change_class}, {material}, effective {effective}; approved by {approved}."
    if note.emergency:
        yield f"Emergency: {_plain(note.emergency)}"
    if note.editorial_because:
        yield f"Editorial because: {_plain(note.editorial_because)}"
    titles = {ground.id: ground.title for ground in plan.project.settings.grounds}
    for given in note.grounds:
        cites = f" ({_plain(given.cites)})" if given.cites else ""
        yield f"- Ground: {_plain(titles.get(given.id, given.id))}{cites}"
        yield from (f"  - {name}: {_plain(sentence)}" for name, sentence in given.conditions)
    yield from ("", *(f"> {line}" for line in note.summary.splitlines()), "")


def _changes(draft: Draft) -> Iterator[str]:
    if draft.base is None:
        yield from ("The text is posted for the first time.", "")
        return
    if not draft.changed:
        yield from (f"No reader sees a difference from {draft.base.id}.", "")
        return
    words = counts_in_words(draft.script.counts) if draft.script.is_visible else "No word changed."
    yield from (f"Against {draft.base.id}: {words}", "")
    yield from (f"- picture changed: {_plain(path)}" for path in draft.changed_pictures)
    changes = find_changes(draft.script)
    for change in changes[:_MOST_CHANGES]:
        yield f"- **{_plain(change.where)}**: {_plain(', '.join(change.kinds))}"
        if change.old:
            yield f"  - before: {_plain(' '.join(change.old.split()))}"
        if change.new:
            yield f"  - after: {_plain(' '.join(change.new.split()))}"
    if len(changes) > _MOST_CHANGES:
        yield f"- … and {len(changes) - _MOST_CHANGES} more: `engross diff {draft.base.id} {draft.document.id}`"
    yield ""


def _plain(text: str) -> str:
    """Escape a text so that Markdown shows it unchanged."""
    return _SPECIAL.sub(r"\\\1", text)
