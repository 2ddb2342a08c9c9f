"""Rules for announced changes: texts that contain them too early, replace them or withdraw them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from zoneinfo import ZoneInfo

from engross.common import error
from engross.model import NOT_FIXED, Change, Diagnostic, EntryKind, Severity, Version, VersionId
from engross.record.encoding import parse_written_instant, sha256, written_instant
from engross.record.notes.reader import note_mistake
from engross.record.notes.schema import IMMEDIATELY
from engross.record.posting.announced import (
    EarlyChanges,
    coming,
    continued_version,
    early_changes,
    in_force_before,
    not_announced_again,
    undone_by,
)
from engross.record.posting.plan import Plan, Posting
from engross.record.rules.dates import effective_fix
from engross.record.rules.rule import RecordRule

_MOST = 8


def _announced_text(plan: Plan) -> Iterator[Diagnostic]:
    for posting in plan.postings:
        # What a text undoes is in announced texts, too.
        if (
            not _has_passed(plan, posting)
            and not any(note.sooner_because for note in posting.notes)
            and not undone_by(plan, posting)
        ):
            for early in early_changes(plan, posting):
                yield _announced_too_early(plan, posting, early)


def _has_passed(plan: Plan, posting: Posting) -> bool:
    """Whether the day of a note has passed, so that the posting has another effective day once that is corrected."""
    return any(note.effective and note.effective < plan.posted for note in posting.notes)


def _announced_too_early(plan: Plan, posting: Posting, early: EarlyChanges) -> Diagnostic:
    assert posting.draft is not None
    assert posting.draft.document.source is not None
    assert posting.effective is not None
    first = next((one for one in early.changes if one.line), early.changes[0])
    labels = [one.label or "the beginning" for one in early.changes]
    listed = ", ".join(labels[:_MOST]) + (f" and {len(labels) - _MOST} more" if len(labels) > _MOST else "")
    gone = " (withdrawn)" if early.version.withdrawal else ""
    fix = _later_day(plan, posting)
    message = (
        f"the text contains changes that {early.version.id}{gone} announces for "
        f"{plan.in_words(early.version.effective)}. The note {posting.notes[0].slug} would bring them into force on "
        f"{plan.in_words(posting.effective)}: {listed}. {_ways_out(plan, posting, early.version, fix)}"
    )
    path = posting.draft.document.source.path
    return error("announced-text", path, first.line or 1, 1, message, clause=first.label, fix=fix)


def _later_day(plan: Plan, posting: Posting) -> str:
    """The `effective` line with which the whole text takes effect no sooner than what it contains was announced."""
    zone = ZoneInfo(plan.project.settings.timezone)
    instants = [early.version.effective for early in early_changes(plan, posting)]
    instants += [posting.draft.base.effective] if posting.draft and posting.draft.base else []
    for note in posting.notes:
        soonest = effective_fix(plan, note).removeprefix("effective: ")
        instants += [parse_written_instant(soonest, zone)] if soonest not in ("", IMMEDIATELY) else []
    return "" if NOT_FIXED in instants else f"effective: {written_instant(max(instants), zone)}"


def _ways_out(plan: Plan, posting: Posting, early: Version, later: str) -> str:
    """Describe how to post a change with the announced changes, instead of them, or before them."""
    wait = f"Let the whole change wait until then: write `{later}` in the note"
    if not later:
        wait = f"Post the change once the receipt of its notice has fixed the day of {early.id} (engross receipt)"
    base = in_force_before(plan, posting)
    if base is None:
        return wait
    value = _withdraws(plan, posting)
    needs = early.withdrawal is None and f"withdraws: {value}" != _withdraws_line(posting.notes[0].withdraws)
    withdraw = f", and write `withdraws: {value}` in the note" if needs else ""
    restore = _restore(plan, posting, base)
    copy = "keep a copy of your text, because restoring replaces it; " if restore.endswith("--force") else ""
    return (
        f"{wait}. Or, if what was announced is not to apply at all, remove its words from the text{withdraw}. Or post "
        f"this change now and announce the rest again, on the command line: {copy}run `{restore}`, which brings back "
        f"the text that applies until then; make only this change in it; then run `engross change rebase "
        f"{posting.document}`. On a branch, merge the base branch first, because its record may lack the announcement"
    )


def _withdraws(plan: Plan, posting: Posting) -> str:
    """The value of `withdraws` with which a text that takes effect earlier replaces all announced ones."""
    assert posting.effective is not None
    note = posting.notes[0]
    announced = (one.id for one in coming(plan, posting.document, posting.effective) if one.withdrawal is None)
    return _withdraws_line((*note.withdraws, *announced)).removeprefix("withdraws: ")


def _withdraws_line(versions: Iterable[VersionId]) -> str:
    names = list(dict.fromkeys(map(str, versions)))
    return f"withdraws: [{', '.join(names)}]" if len(names) > 1 else f"withdraws: {''.join(names)}"


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
            return f"{version.id} was announced for {plan.in_words(version.effective)}, which has passed"
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


def _lost(plan: Plan) -> Iterator[Diagnostic]:
    for posting in plan.postings:
        if posting.kind is EntryKind.WITHDRAW and _replaces(plan, posting.document):
            announced = plan.record.scheduled(posting.document, plan.posted)
            for version in (one for one in announced if one.id == posting.version):
                if clauses := not_announced_again(plan, version):
                    yield _not_again(plan, posting, version, clauses)


def _replaces(plan: Plan, document: str) -> bool:
    """Whether another text of a document is posted too: a withdrawal alone is on purpose."""
    return any(one.document == document and one.kind is EntryKind.POST for one in plan.postings)


def _not_again(plan: Plan, posting: Posting, version: Version, clauses: tuple[str, ...]) -> Diagnostic:
    note = posting.notes[0]
    day = plan.in_words(version.effective)
    listed = ", ".join(clauses[:_MOST]) + (f" and {len(clauses) - _MOST} more" if len(clauses) > _MOST else "")
    message = (
        f"withdrawn and not announced again: {version.id}, which was announced for {day}, changes {listed}. If these "
        "changes are not to apply, nothing is left to do. Otherwise put them back into the text once this note is "
        "posted, and announce them with a note of their own"
    )
    found = note_mistake(note, "lost-announcement", ("withdraws", note.withdraws.index(version.id)), message)
    return replace(found, severity=Severity.NOTE)


LOST = RecordRule(
    "lost-announcement",
    "A note that withdraws an announced version, with a text that does not contain its changes.",
    "Customers were informed of these changes, and nothing announces them any more. That may be intended, so this "
    "finding never stops a release. If it is not, announce the changes again in a note of their own; `engross change "
    "rebase` posts a fix and announces the rest again in one release.",
    _lost,
    Severity.NOTE,
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


def _overtakes(plan: Plan) -> Iterator[Diagnostic]:
    for posting in plan.postings:
        base = posting.draft.base if posting.draft else None
        if base is None or base.effective <= plan.posted or _has_passed(plan, posting):
            # A version in force is no longer announced; another check reports an effective day in the past.
            continue
        if posting.kind is EntryKind.POST and posting.effective and posting.effective < base.effective:
            message = (
                f"{base.id} is announced for {plan.in_words(base.effective)}, and would replace this change then. "
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
                fix = f"withdraws: {_withdraws(plan, posting)}"
            yield note_mistake(posting.notes[0], "overtakes-announced", ("effective",), message, fix=fix)


OVERTAKES = RecordRule(
    "overtakes-announced",
    "A change that takes effect before an announced change of the same document and does not withdraw it.",
    "On the announced day, the announced text would replace this change, which would be lost.",
    _overtakes,
)
