"""Rules for dates: notice, conflicts, and texts that are announced.

`announced-text` and `continued-notice`: what is announced applies on its day, and not with another change before.

`conflicting-notes`, `short-notice` and `overtakes-announced`: when changes apply.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from engross.common import error
from engross.model import Change, Diagnostic, EntryKind, VersionId
from engross.record.encoding import days_after, first_day_after, format_instant, parse_written_instant
from engross.record.notes.reader import note_mistake
from engross.record.notes.schema import IMMEDIATELY
from engross.record.posting.announced import (
    Continued,
    Held,
    continued,
    continued_version,
    held_changes,
    in_force_before,
)
from engross.record.posting.plan import Plan, Posting
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
        f"the text holds what {held.version.id}{gone} announces for {format_instant(held.version.effective)}, and the "
        f"note {posting.notes[0].slug} would bring it into force on {format_instant(posting.effective)}: {listed}. "
        f"{_right_way(plan, posting)}"
    )
    base = in_force_before(plan, posting)
    fix = f"engross restore {base.id}" if base else f"effective: {format_instant(held.version.effective)}"
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
            return f"{version.id} was announced for {format_instant(version.effective)}, which has passed"
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


def _conflicting(plan: Plan) -> Iterator[Diagnostic]:
    for posting in plan.postings:
        # A document that only moves may have no note at all.
        if posting.notes and posting.kind in (EntryKind.POST, EntryKind.MOVE, EntryKind.SET, EntryKind.RETIRE):
            first = posting.notes[0]
            for other in posting.notes[1:]:
                if other.effective != first.effective:
                    message = (
                        f"{posting.about} is changed by {first.source.path} as well, with effect from "
                        f"{_said(first)}, and by this note from {_said(other)}; one text has one effective day. Post "
                        "one after the other"
                    )
                    yield note_mistake(other, "conflicting-notes", ("effective",), message)


def _said(note: Change) -> str:
    return format_instant(note.effective) if note.effective else "its posting"


def _short(plan: Plan) -> Iterator[Diagnostic]:
    for posting in plan.postings:
        goes_on = continued(plan, posting)
        if goes_on and (plan.folder.gaps or plan.folder.problems):
            # What it goes on with cannot be told while a note about it may be missing.
            continue
        for note in posting.notes:
            ends = _notice_ends(plan, posting, note)
            if ends and plan.posted <= plan.effective(note) < ends:
                yield _too_soon(plan, posting, note, goes_on)


def _notice_ends(plan: Plan, posting: Posting, note: Change) -> datetime | None:
    """When the notice that is promised of a material change ends, if it is posted now; None where none is promised."""
    if not note.material or (posting.kind is not EntryKind.POST and not _has_notice(plan, posting)):
        return None
    goes_on = continued(plan, posting)
    since = (goes_on and goes_on.notice_from) or plan.posted
    days = max(_promised_days(plan, posting), note.notice_days)
    return days_after(since, days) if days else None


def _has_notice(plan: Plan, posting: Posting) -> bool:
    return plan.changes_terms(posting) or posting.kind in (EntryKind.NOTICE, EntryKind.RETIRE)


def _promised_days(plan: Plan, posting: Posting) -> int:
    # Of a first text nobody had other terms before; only what the note itself promises holds.
    return plan.notice_days(posting) if _has_notice(plan, posting) else 0


def _too_soon(plan: Plan, posting: Posting, note: Change, goes_on: Continued | None) -> Diagnostic:
    policy = _promised_days(plan, posting)
    owner = "the note" if note.notice_days > policy else _owner(plan, posting, policy)
    fix = effective_fix(plan, note)
    message = (
        f"{owner} promises {max(policy, note.notice_days)} days' notice of a material change of {posting.about}; "
        f"posted now, it can apply from {fix.removeprefix('effective: ')}{_anew(goes_on)}"
    )
    return note_mistake(note, "short-notice", ("effective",), message, fix=fix)


def effective_fix(plan: Plan, note: Change) -> str:
    """The line to paste for when a note's change applies: as soon as the notice of all that it posts has ended and all
    that documents.yml holds already applies. The notice ends on a whole day, since the note is posted after the check.
    """
    zone = ZoneInfo(plan.project.settings.timezone)
    found = []
    for posting in plan.postings:
        if note in posting.notes:
            ends = _notice_ends(plan, posting, note)
            # At the end of the calendar no whole day is left after the notice.
            found += [first_day_after(ends, zone), format_instant(ends)] if ends else []
            found += map(format_instant, announced_promises(plan, posting))
    return f"effective: {max(found, key=lambda text: parse_written_instant(text, zone), default=IMMEDIATELY)}"


def announced_promises(plan: Plan, posting: Posting) -> Iterator[datetime]:
    """The instants before which a posting cannot take effect: what is announced of its document's or set's promises."""
    said = posting.draft.said if posting.draft else None
    if said and said.effective and plan.slips(posting):
        yield said.effective
    last = plan.record.last_set_entry(posting.set) if posting.set_change else None
    if last and last.effective and posting.effective and posting.effective < last.effective:
        yield last.effective


def _owner(plan: Plan, posting: Posting, days: int) -> str:
    """What promises so many days of notice: documents.yml, or what it said when that was posted."""
    entry = plan.entry_of(posting)
    lowered = entry is not None and entry.notice_days < days
    return "what was posted of documents.yml" if lowered else "documents.yml"


def _anew(goes_on: Continued | None) -> str:
    """Why the notice of an announcement that goes on begins anew."""
    if goes_on is None or not goes_on.changed or goes_on.because:
        return ""
    names = ", ".join(goes_on.changed)
    return (
        f". The notice of {goes_on.version.id} begins anew, since this no longer reads as it was announced: {names}. "
        "If it is to count from the first announcement nevertheless, say why under notice_kept_because; customers "
        "will read it"
    )


def _overtakes(plan: Plan) -> Iterator[Diagnostic]:
    for posting in plan.postings:
        base = posting.draft.base if posting.draft else None
        if base is None or base.effective <= plan.posted:
            # What is in force already is announced no more: a day before it has passed, which is told as such.
            continue
        if posting.kind is EntryKind.POST and posting.effective and posting.effective < base.effective:
            message = (
                f"{base.id} is announced for {format_instant(base.effective)}, and would take the place of this change "
                "then. "
            )
            sooner = any(note.sooner_because for note in posting.notes)
            if held_changes(plan, posting) and not sooner:
                # Withdrawing it would post its words with this note, which the rule announced-text refuses.
                message += "The text also holds words of it; the rule announced-text says how to post this change alone"
                fix = ""
            else:
                message += (
                    "Withdraw it with this note, and announce it anew with this change in its text; "
                    f"`engross change rebase {posting.document}` does both in one release"
                )
                fix = f"withdraws: {base.id}"
            yield note_mistake(posting.notes[0], "overtakes-announced", ("effective",), message, fix=fix)


CONFLICTING = RecordRule(
    "conflicting-notes",
    "Pending notes about one document that disagree on when it changes.",
    "They are posted as one text, which takes effect at one instant.",
    _conflicting,
)
SHORT_NOTICE = RecordRule(
    "short-notice",
    "A material change that takes effect sooner than documents.yml, or the note itself, promises.",
    "`notice_days` is a promise to customers; a note may promise more, never less.",
    _short,
)
OVERTAKES = RecordRule(
    "overtakes-announced",
    "A change that takes effect before one that is announced for the same document and that it does not withdraw.",
    "On the announced day the announced text would come into force, and this change would be lost in silence.",
    _overtakes,
)
