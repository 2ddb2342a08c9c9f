"""`announced-text` and `continued-notice`: what is announced applies on its day, and not with another change before."""

from __future__ import annotations

from collections.abc import Iterator

from engross.errors import error
from engross.model import Change, Diagnostic, VersionId
from engross.record.announced import Held, held_changes, in_force_before
from engross.record.continued import continued_version
from engross.record.instants import sealed_text
from engross.record.notes import note_mistake
from engross.record.plan import Plan, Posting
from engross.record.rules.rule import RecordRule

_MOST = 8


def _announced_text(plan: Plan) -> Iterator[Diagnostic]:
    for posting in plan.postings:
        if not any(note.sooner_because for note in posting.notes):
            for held in held_changes(plan, posting):
                yield _holds(plan, posting, held)


def _holds(plan: Plan, posting: Posting, held: Held) -> Diagnostic:
    assert posting.draft is not None
    assert posting.draft.document.source is not None
    assert posting.effective is not None
    first = next((one for one in held.changes if one.line), held.changes[0])
    labels = [one.label or "the beginning" for one in held.changes]
    listed = ", ".join(labels[:_MOST]) + (f" and {len(labels) - _MOST} more" if len(labels) > _MOST else "")
    gone = " (withdrawn)" if held.version.withdrawal else ""
    message = (
        f"the text holds what {held.version.id}{gone} announces for {sealed_text(held.version.effective)}, and the "
        f"note {posting.notes[0].slug} would bring it into force on {sealed_text(posting.effective)}: {listed}. "
        f"{_right_way(plan, posting)}"
    )
    base = in_force_before(plan, posting)
    fix = f"engross restore {base.id}" if base else f"effective: {sealed_text(held.version.effective)}"
    path = posting.draft.document.source.path
    return error("announced-text", path, first.line or 1, 1, message, clause=first.label, fix=fix)


def _right_way(plan: Plan, posting: Posting) -> str:
    """How a change is posted before what is announced, without it."""
    base = in_force_before(plan, posting)
    if base is None:
        return "Let it take effect no sooner than was announced"
    return (
        f"Bring back the text that applies until then, `engross restore {base.id}`, and make only this change in it; "
        f"then `engross change rebase {posting.document}` posts it and announces the rest again, in one release"
    )


def _continued(plan: Plan) -> Iterator[Diagnostic]:
    for note in plan.notes:
        if note.continues:
            message = _not_continued(plan, note)
            if message:
                yield note_mistake(note, "continued-notice", ("continues",), message)
        elif note.notice_kept_because:
            message = "it goes on with no announcement, so that no notice is kept; name its note under continues"
            yield note_mistake(note, "continued-notice", ("notice_kept_because",), message)


def _not_continued(plan: Plan, note: Change) -> str:
    """Why a note cannot go on with the announcement that it names; empty where it can."""
    found = {name: continued_version(plan.record, note.continues, name) for name in note.documents}
    known = {name: version for name, version in found.items() if version is not None}
    withdrawn = {one for other in plan.notes for one in other.withdraws}
    for name, version in known.items():
        if version.effective <= plan.posted:
            return f"{version.id} was announced for {sealed_text(version.effective)}, which has passed"
        if version.withdrawal is None and version.id not in withdrawn:
            return f"{version.id} is still announced; withdraw it with this note (withdraws: {version.id})"
        if not _posts(plan, note, name, version.id):
            return f"this note posts no text of {name}, in which what {version.id} announces could go on"
    return "" if known else f"no posted note {note.continues} announced a text of {' or '.join(note.documents)}"


def _posts(plan: Plan, note: Change, document: str, version: VersionId) -> bool:
    return any(
        one.document == document and one.draft and one.number > version.number and note in one.notes
        for one in plan.postings
    )


ANNOUNCED_TEXT = RecordRule(
    "announced-text",
    "A text that takes effect before an announced change, and that holds words of it.",
    "While a change is announced, the docs hold its words. Posted with another change, they would apply before the day "
    "that customers were told, or although they were told that the change was withdrawn. Bring back the text that "
    "applies until then and make only the other change in it; `engross change rebase` then announces the rest again. "
    "No emergency lets it pass. Where the words are to apply sooner on purpose, or are part of the fix, the note says "
    "why under `sooner_because`, for customers to read.",
    _announced_text,
)
CONTINUED = RecordRule(
    "continued-notice",
    "A note that goes on with an announcement that it cannot go on with.",
    "`continues` names the note of a change that is still to come, and that is withdrawn because this one takes its "
    "place. Customers then read when it was first announced, and when again. Where what is announced, a definition it "
    "uses or a clause it cites no longer reads as it did, the notice begins anew, unless the note says under "
    "`notice_kept_because` why not.",
    _continued,
)
