"""Rules for dates: notice periods, and conflicting notes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from zoneinfo import ZoneInfo

from engross.common import error
from engross.model import Change, Diagnostic, EntryKind
from engross.record.encoding import days_after, first_day_after, parse_written_instant, written_instant
from engross.record.notes.reader import note_mistake
from engross.record.notes.schema import IMMEDIATELY
from engross.record.posting.announced import (
    Continued,
    Undone,
    continued,
    undone_by,
)
from engross.record.posting.plan import Plan, Posting
from engross.record.rules.rule import RecordRule


def _conflicting(plan: Plan) -> Iterator[Diagnostic]:
    for posting in plan.postings:
        # A document that only moves may have no note.
        if posting.notes and posting.kind in (EntryKind.POST, EntryKind.MOVE, EntryKind.SET):
            yield from _different_days(plan, posting)
        elif posting.kind is EntryKind.RETIRE:
            yield from _more_than_retired(posting)
        if undone := undone_by(plan, posting):
            yield _undoes(posting, undone)


def _different_days(plan: Plan, posting: Posting) -> Iterator[Diagnostic]:
    """Report the notes of a posting that take effect before the last of its notes."""
    last = max(posting.notes, key=plan.effective)
    for note in posting.notes:
        if note.effective != last.effective:
            message = (
                f"{posting.about} is also changed by {last.source.path}, with effect from {_day(plan, last)}. This "
                f"note changes it from {_day(plan, note)}. {_two_ways(plan, posting, note, last)}"
            )
            zone = ZoneInfo(plan.project.settings.timezone)
            fix = f"effective: {written_instant(last.effective, zone) if last.effective else IMMEDIATELY}"
            yield note_mistake(note, "conflicting-notes", ("effective",), message, fix=fix)


def _two_ways(plan: Plan, posting: Posting, note: Change, last: Change) -> str:
    """Describe how two changes of one text with different days can be posted."""
    if posting.kind is not EntryKind.POST or posting.draft is None:
        return "Both are posted as one entry, with one effective day: use the same day, or merge one after the other"
    source = posting.draft.document.source
    own = f"{plan.folder.folder}/{note.slug}.{posting.document}{PurePath(source.path if source else '').suffix}"
    return (
        "The text in the docs has both changes, and takes effect on one day. Either let both take effect on the later "
        f"day, or post this change first: save the text with this change and without that of {last.slug} as {own}, and "
        f"add the line own_text: [{posting.document}] to this note. That text is the file on the "
        "branch of this note, before the other change was merged"
    )


def _more_than_retired(posting: Posting) -> Iterator[Diagnostic]:
    """Report notes about a document that another note retires."""
    for note in posting.notes[1:]:
        others = ", ".join(one.source.path for one in posting.notes if one is not note)
        message = (
            f"{posting.document} is no longer listed in documents.yml, and more than one note names it: also {others}. "
            "One of them retires it, and the change of the other would be lost. Remove "
            f"{posting.document} from that note, or delete the note if it names nothing else; or list the document "
            "again, and retire it when that change is posted"
        )
        yield note_mistake(note, "conflicting-notes", ("documents",), message)


def _undoes(posting: Posting, undone: Undone) -> Diagnostic:
    first, text = undone.changes[0], posting.draft.document.source if posting.draft else None
    assert text is not None
    labels = ", ".join(dict.fromkeys(one.label or "the beginning" for one in undone.changes))
    message = (
        f"this text beside the note {posting.notes[0].slug} was made without {undone.called}, and undoes it: "
        f"{labels}. Merge the two; if git reports a conflict in the file, resolve it. To undo it on purpose, name "
        "the version whose text it is under restores"
    )
    fix = f"git merge-file {text.path} {undone.base} {undone.path}"
    return error("conflicting-notes", text.path, first.line or 1, 1, message, clause=first.label, fix=fix)


def _day(plan: Plan, note: Change) -> str:
    return plan.in_words(note.effective) if note.effective else "its posting"


def _short_notice(plan: Plan) -> Iterator[Diagnostic]:
    for posting in plan.postings:
        continuation = continued(plan, posting)
        if continuation and (plan.folder.gaps or plan.folder.problems):
            # A missing note may change which announcement this one continues.
            continue
        for note in posting.notes:
            ends = _notice_ends(plan, posting, note)
            if ends and plan.posted <= plan.effective(note) < ends:
                yield _too_soon(plan, posting, note, continuation)


@dataclass(frozen=True, slots=True)
class Notice:
    """The promised notice of a material change: how many `days`, counted from when, and when it `ends`."""

    days: int
    since: datetime
    ends: datetime


def promised_notice(plan: Plan, posting: Posting, note: Change) -> Notice | None:
    """Return the notice of a change if it is posted now; None if none is promised, or the change is not material."""
    if not note.material or (posting.kind is not EntryKind.POST and not _has_notice(plan, posting)):
        return None
    continuation = continued(plan, posting)
    since = (continuation and continuation.notice_from) or plan.posted
    days = max(_promised_days(plan, posting), note.notice_days)
    return Notice(days, since, days_after(since, days)) if days else None


def _notice_ends(plan: Plan, posting: Posting, note: Change) -> datetime | None:
    notice = promised_notice(plan, posting, note)
    return notice.ends if notice else None


def _has_notice(plan: Plan, posting: Posting) -> bool:
    return plan.changes_terms(posting) or posting.kind in (EntryKind.NOTICE, EntryKind.RETIRE)


def _promised_days(plan: Plan, posting: Posting) -> int:
    # Nobody had other terms before a first text, so only a promise in the note applies.
    return plan.notice_days(posting) if _has_notice(plan, posting) else 0


def _too_soon(plan: Plan, posting: Posting, note: Change, continuation: Continued | None) -> Diagnostic:
    policy = _promised_days(plan, posting)
    owner = "the note" if note.notice_days > policy else _owner(plan, posting, policy)
    fix = effective_fix(plan, note)
    earliest = parse_written_instant(fix.removeprefix("effective: "), ZoneInfo(plan.project.settings.timezone))
    message = (
        f"{owner} promises {max(policy, note.notice_days)} days' notice of a material change of {posting.about}; "
        f"posted now, it can apply from {plan.in_words(earliest)}{_restarted_notice(continuation)}"
    )
    return note_mistake(note, "short-notice", ("effective",), message, fix=fix)


def effective_fix(plan: Plan, note: Change) -> str:
    """Return the `effective` line to paste: the earliest instant after all notice periods and announced settings.

    The notice ends on a whole day, since the note is posted after the check.
    """
    zone = ZoneInfo(plan.project.settings.timezone)
    found = []
    for posting in plan.postings:
        if note in posting.notes:
            ends = _notice_ends(plan, posting, note)
            # At the end of the calendar no whole day is left after the notice.
            found += [first_day_after(ends, zone), written_instant(ends, zone)] if ends else []
            found += [written_instant(one, zone) for one in announced_promises(plan, posting)]
    return f"effective: {max(found, key=lambda text: parse_written_instant(text, zone), default=IMMEDIATELY)}"


def announced_promises(plan: Plan, posting: Posting) -> Iterator[datetime]:
    """Yield the instants before which a posting cannot take effect, from announced settings of its document or set."""
    posted = posting.draft.posted_entry if posting.draft else None
    if posted and posted.effective and plan.slips(posting):
        yield posted.effective
    last = plan.record.last_set_entry(posting.set) if posting.set_change else None
    if last and last.effective and posting.effective and posting.effective < last.effective:
        yield last.effective


def _owner(plan: Plan, posting: Posting, days: int) -> str:
    """Return the name of what promises this many days of notice: documents.yml, or its last posted settings."""
    entry = plan.entry_of(posting)
    lowered = entry is not None and entry.notice_days < days
    return "the posted version of documents.yml" if lowered else "documents.yml"


def _restarted_notice(continuation: Continued | None) -> str:
    """Explain why the notice of a continued announcement starts again; empty if it does not."""
    if continuation is None or not continuation.changed or continuation.because:
        return ""
    names = ", ".join(continuation.changed)
    return (
        f". The notice of {continuation.version.id} starts again because these changed since the announcement: "
        f"{names}. To count it from the first announcement, explain why under notice_kept_because; customers will read "
        "it"
    )


CONFLICTING = RecordRule(
    "conflicting-notes",
    "Pending notes about one document that cannot be posted together: they have different effective days, one of them "
    "retires the document, or the text beside one of them undoes what another note has changed.",
    "Git merges branches with such notes without a conflict. The text in the docs has the changes of all its notes, "
    "and takes effect at one instant: use the same day, or post the earlier change as a text beside its note. A text "
    "beside a note is a whole text, which git does not merge with another: merge them with the command in the finding.",
    _conflicting,
)
SHORT_NOTICE = RecordRule(
    "short-notice",
    "A material change that takes effect before the notice period promised in documents.yml or in the note ends.",
    "`notice_days` is a promise to customers. A note may promise more days, never fewer.",
    _short_notice,
)
