"""Rules for dates: notice periods, and conflicting notes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import PurePath
from zoneinfo import ZoneInfo

from engross.common import error
from engross.model import NOT_FIXED, Change, Diagnostic, EntryKind, NoticeRule, NoticeUnit
from engross.record.encoding import parse_written_instant, written_instant
from engross.record.notes.reader import note_mistake
from engross.record.notes.schema import IMMEDIATELY
from engross.record.notice_period import NoticePeriod, counted, sum_of, whole_days
from engross.record.posting.announced import (
    Continued,
    Undone,
    continued,
    undone_by,
)
from engross.record.posting.plan import Plan, Posting
from engross.record.posting.promised_notice import as_counted, awaited_notice, promised_notice, promised_rules
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
            when = written_instant(last.effective, zone) if last.effective else IMMEDIATELY
            fix = "" if last.is_undated else f"effective: {when}"
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
            notice = promised_notice(plan, posting, note)
            waits = note.is_undated or awaited_notice(plan, posting)
            if notice and not waits and plan.posted <= plan.effective(note) < notice.ends:
                yield _too_soon(plan, posting, note, notice, continuation)


def _too_soon(
    plan: Plan, posting: Posting, note: Change, notice: NoticePeriod, continuation: Continued | None
) -> Diagnostic:
    promised = promised_rules(plan, posting, note)
    owner = _owner(plan, posting, note, notice.rule) if notice.rule in promised else "the note"
    fix = effective_fix(plan, note)
    zone = ZoneInfo(plan.project.settings.timezone)
    earliest = parse_written_instant(fix.removeprefix("effective: "), zone)
    a_change = "a material change" if note.material else f"a change of class {note.change_class}"
    elapsed_days = notice.rule.unit is NoticeUnit.ELAPSED
    how = f"{notice.days} days' notice" if elapsed_days else f"{counted(notice.rule)} of notice"
    sum_ = "" if elapsed_days else f": {sum_of(notice, zone)}"
    message = (
        f"{owner} promises {how} of {a_change} of {posting.about}{sum_}; posted now, it can apply from "
        f"{plan.in_words(earliest)}{_restarted_notice(continuation)}"
    )
    return note_mistake(note, "short-notice", ("effective",), message, fix=fix)


def effective_fix(plan: Plan, note: Change) -> str:
    """Return the `effective` line to paste: the earliest instant after all notice periods and announced settings.
    Empty if the instant follows the delivery of the notice, so that the note has no such line.

    The notice ends on a whole day, since the note is posted after the check.
    """
    zone = ZoneInfo(plan.project.settings.timezone)
    found = []
    if any(awaited_notice(plan, posting) for posting in plan.postings if note in posting.notes):
        return ""
    for posting in plan.postings:
        if note in posting.notes:
            if notice := promised_notice(plan, posting, note):
                found += whole_days(notice, zone)
            instants = (one for one in announced_promises(plan, posting) if one != NOT_FIXED)
            found += [written_instant(one, zone) for one in instants]
    return f"effective: {max(found, key=lambda text: parse_written_instant(text, zone), default=IMMEDIATELY)}"


def announced_promises(plan: Plan, posting: Posting) -> Iterator[datetime]:
    """Yield the instants before which a posting cannot take effect, from announced settings of its document or set."""
    posted = posting.draft.posted_entry if posting.draft else None
    if posted and posted.effective and plan.slips(posting):
        yield posted.effective
    last = plan.record.last_set_entry(posting.set) if posting.set_change else None
    if last and last.effective and posting.effective and posting.effective < last.effective:
        yield last.effective


def _owner(plan: Plan, posting: Posting, note: Change, rule: NoticeRule) -> str:
    """Return the name of what promises a rule of notice: documents.yml, or its last posted settings."""
    entry, grounds = plan.entry_of(posting), [one.id for one in note.grounds]
    now = entry.promise.rules(note.change_class, grounds, note.material) if entry else ()
    is_here = entry is None or rule in as_counted(posting.kind, now)
    return "documents.yml" if is_here else "the posted version of documents.yml"


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
    "A change that takes effect before the notice period promised in documents.yml or in the note ends.",
    "`notice` and `notice_days` are promises to customers. A note may promise more days, never fewer.",
    _short_notice,
)
