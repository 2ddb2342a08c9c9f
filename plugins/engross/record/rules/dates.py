"""Rules for dates: notice periods, conflicting notes, and texts that contain announced changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from zoneinfo import ZoneInfo

from engross.common import error
from engross.model import Change, Diagnostic, EntryKind, Version, VersionId
from engross.record.encoding import days_after, first_day_after, format_instant, parse_written_instant, sha256
from engross.record.notes.reader import note_mistake
from engross.record.notes.schema import IMMEDIATELY
from engross.record.posting.announced import (
    Continued,
    EarlyChanges,
    Undone,
    continued,
    continued_version,
    early_changes,
    in_force_before,
    undone_by,
)
from engross.record.posting.plan import Plan, Posting
from engross.record.rules.rule import RecordRule

_MOST = 8


def _announced_text(plan: Plan) -> Iterator[Diagnostic]:
    for posting in plan.postings:
        # What a text undoes is in announced texts, too.
        if not any(note.sooner_because for note in posting.notes) and not undone_by(plan, posting):
            for early in early_changes(plan, posting):
                yield _announced_too_early(plan, posting, early)


def _announced_too_early(plan: Plan, posting: Posting, early: EarlyChanges) -> Diagnostic:
    assert posting.draft is not None
    assert posting.draft.document.source is not None
    assert posting.effective is not None
    first = next((one for one in early.changes if one.line), early.changes[0])
    labels = [one.label or "the beginning" for one in early.changes]
    listed = ", ".join(labels[:_MOST]) + (f" and {len(labels) - _MOST} more" if len(labels) > _MOST else "")
    gone = " (withdrawn)" if early.version.withdrawal else ""
    message = (
        f"the text contains changes that {early.version.id}{gone} announces for "
        f"{format_instant(early.version.effective)}. The note {posting.notes[0].slug} would bring them into force on "
        f"{format_instant(posting.effective)}: {listed}. {_way_out(plan, posting)}"
    )
    base = in_force_before(plan, posting)
    fix = _restore(plan, posting, base) if base else f"effective: {format_instant(early.version.effective)}"
    path = posting.draft.document.source.path
    return error("announced-text", path, first.line or 1, 1, message, clause=first.label, fix=fix)


def _way_out(plan: Plan, posting: Posting) -> str:
    """Describe how to post a change before the announced changes and without them."""
    base = in_force_before(plan, posting)
    if base is None:
        return "Let it take effect no sooner than was announced"
    restore = _restore(plan, posting, base)
    copy = "Keep a copy of your text, because restoring replaces it. " if restore.endswith("--force") else ""
    return (
        f"{copy}Bring back the text that applies until then, `{restore}`, and make only this change in it; "
        f"then `engross change rebase {posting.document}` posts it and announces the rest again, in one release"
    )


def _restore(plan: Plan, posting: Posting, base: Version) -> str:
    """The command that puts a version's text into the docs; --force where a text that was never posted is replaced."""
    source = posting.draft.document.source if posting.draft else None
    follows = posting.draft.follows if posting.draft else None
    before = follows.draft.document.source if follows else None
    if before and source and base.id.number > len(plan.record.versions.get(posting.document, ())):
        # That version is posted in the same release.
        return f"cp {before.path} {source.path}"
    posted = {version.sealed.source for version in plan.record.versions.get(posting.document, ())}
    is_posted = source is None or sha256(source.data) in posted
    return f"engross restore {base.id}{'' if is_posted else ' --force'}"


def _continued(plan: Plan) -> Iterator[Diagnostic]:
    for note in plan.notes:
        if note.continues:
            message = _not_continued(plan, note)
            if message:
                fix = f"rm {note.source.path}" if message.endswith(_NOT_AT_ALL) else ""
                yield note_mistake(note, "continued-notice", ("continues",), message, fix=fix)
        elif note.notice_kept_because:
            message = (
                "the note continues no announcement, so no notice is kept; name the note that announced it under "
                "continues"
            )
            yield note_mistake(note, "continued-notice", ("notice_kept_because",), message)


def _not_continued(plan: Plan, note: Change) -> str:
    """Return why a note cannot continue the announcement that it names; empty if it can."""
    found = {name: continued_version(plan.record, note.continues, name) for name in note.documents}
    known = {name: version for name, version in found.items() if version is not None}
    withdrawn = {one for other in plan.notes for one in other.withdraws}
    for name, version in known.items():
        if version.effective <= plan.posted:
            return f"{version.id} was announced for {format_instant(version.effective)}, which has passed"
        if version.withdrawal is None and version.id not in withdrawn:
            return f"{version.id} is still announced; withdraw it with this note (withdraws: {version.id})"
        if not _posts(plan, note, name, version.id):
            others = [one.slug for one in plan.notes if one is not note and version.id in one.withdraws]
            others += [one.slug for one in version.withdrawal.notes] if version.withdrawal else []
            message = f"this note posts no text of {name} in which the announcement of {version.id} could continue"
            return f"{message}; {' and '.join(others)} withdraws it too. {_NOT_AT_ALL}" if others else message
    return "" if known else f"no posted note {note.continues} announced a text of {' or '.join(note.documents)}"


_NOT_AT_ALL = "If it is not to apply at all, delete this note"


def _posts(plan: Plan, note: Change, document: str, version: VersionId) -> bool:
    return any(
        one.document == document and one.draft and one.number > version.number and note in one.notes
        for one in plan.postings
    )


ANNOUNCED_TEXT = RecordRule(
    "announced-text",
    "A text that takes effect before an announced change and contains words of that change.",
    "While a change is announced, the docs contain its words. If they were posted with another change, they would "
    "apply before the announced day, or after the announcement was withdrawn. Restore the text that applies until "
    "then, make only the other change in it, and run `engross change rebase` to announce the rest again. No emergency "
    "suppresses this rule. If the words are to apply sooner on purpose, or are part of the fix, explain why under "
    "`sooner_because`; customers will read it.",
    _announced_text,
)
CONTINUED = RecordRule(
    "continued-notice",
    "A note that continues an announcement that it cannot continue.",
    "`continues` names the note of an announced change that is withdrawn because this note replaces it. Customers then "
    "see both dates: when the change was first announced and when it was announced again. If the announced text, a "
    "definition that it uses or a clause that it cites has changed, the notice period starts again. To keep the first "
    "date, explain why under `notice_kept_because`.",
    _continued,
)


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
                f"{posting.about} is also changed by {last.source.path}, with effect from {_effective_day(last)}. This "
                f"note changes it from {_effective_day(note)}. {_two_ways(plan, posting, note, last)}"
            )
            fix = f"effective: {_effective_day(last)}" if last.effective else f"effective: {IMMEDIATELY}"
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
        f"add the line own_text: [{posting.document}] to this note"
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


def _effective_day(note: Change) -> str:
    return format_instant(note.effective) if note.effective else "its posting"


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
    message = (
        f"{owner} promises {max(policy, note.notice_days)} days' notice of a material change of {posting.about}; "
        f"posted now, it can apply from {fix.removeprefix('effective: ')}{_restarted_notice(continuation)}"
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
            found += [first_day_after(ends, zone), format_instant(ends)] if ends else []
            found += map(format_instant, announced_promises(plan, posting))
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


def _overtakes(plan: Plan) -> Iterator[Diagnostic]:
    for posting in plan.postings:
        base = posting.draft.base if posting.draft else None
        if base is None or base.effective <= plan.posted:
            # A version in force is no longer announced; another check reports an effective day in the past.
            continue
        if posting.kind is EntryKind.POST and posting.effective and posting.effective < base.effective:
            message = (
                f"{base.id} is announced for {format_instant(base.effective)}, and would replace this change then. "
            )
            sooner = any(note.sooner_because for note in posting.notes)
            if early_changes(plan, posting) and not sooner and not undone_by(plan, posting):
                # Withdrawing it would post its words with this note, which the rule announced-text refuses.
                message += (
                    "The text also contains words of it; the rule announced-text explains how to post this change alone"
                )
                fix = ""
            else:
                message += (
                    "Withdraw it with this note, and announce it again with this change in its text; "
                    f"`engross change rebase {posting.document}` does both in one release"
                )
                fix = f"withdraws: {base.id}"
            yield note_mistake(posting.notes[0], "overtakes-announced", ("effective",), message, fix=fix)


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
OVERTAKES = RecordRule(
    "overtakes-announced",
    "A change that takes effect before an announced change of the same document and does not withdraw it.",
    "On the announced day, the announced text would replace this change, which would be lost.",
    _overtakes,
)
