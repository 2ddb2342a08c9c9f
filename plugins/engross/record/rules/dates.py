"""`conflicting-notes`, `short-notice` and `overtakes-announced`: when changes apply."""

from __future__ import annotations

from collections.abc import Iterator

from engross.model import Change, Diagnostic, EntryKind
from engross.record.announced import held_changes
from engross.record.continued import Continued, continued
from engross.record.instants import days_after, sealed_text
from engross.record.notes import note_mistake
from engross.record.plan import Plan, Posting
from engross.record.rules.rule import RecordRule


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
    return sealed_text(note.effective) if note.effective else "its posting"


def _short(plan: Plan) -> Iterator[Diagnostic]:
    for posting in plan.postings:
        if plan.changes_terms(posting) or posting.kind in (EntryKind.NOTICE, EntryKind.RETIRE):
            yield from _too_soon(plan, posting, plan.notice_days(posting))
        elif posting.kind is EntryKind.POST:
            # Nobody had other terms before; only what the note itself promises holds.
            yield from _too_soon(plan, posting, 0)


def _too_soon(plan: Plan, posting: Posting, policy: int) -> Iterator[Diagnostic]:
    goes_on = continued(plan, posting)
    if goes_on and (plan.folder.gaps or plan.folder.problems):
        # What it goes on with cannot be told while a note about it may be missing.
        return
    since = (goes_on and goes_on.notice_from) or plan.posted
    for note in posting.notes:
        days = max(policy, note.notice_days)
        earliest = days_after(since, days)
        if note.material and plan.posted <= plan.effective(note) < earliest:
            owner = "the note" if note.notice_days > policy else _owner(plan, posting, policy)
            can = sealed_text(earliest)
            message = (
                f"{owner} promises {days} days' notice of a material change of {posting.about}; posted now, it can "
                f"apply from {can}{_anew(goes_on)}"
            )
            yield note_mistake(note, "short-notice", ("effective",), message, fix=f"effective: {can}")


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
                f"{base.id} is announced for {sealed_text(base.effective)}, and would take the place of this change "
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
