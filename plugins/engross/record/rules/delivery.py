"""Rules for notice that counts from its delivery: which notes name no day, and what waits until the day is fixed."""

from __future__ import annotations

from collections.abc import Iterator

from engross.model import Change, Diagnostic, EntryKind
from engross.record.notes.reader import note_mistake
from engross.record.notes.schema import IMMEDIATELY
from engross.record.notice_period import counted
from engross.record.posting.announced import continued
from engross.record.posting.plan import Plan, Posting
from engross.record.posting.promised_notice import awaited_notice
from engross.record.rules.dates import effective_fix
from engross.record.rules.rule import RecordRule

_RULE = "delivery-date"
_NOT_YET = {
    EntryKind.POST: "no later version of {document} can be posted yet",
    EntryKind.RETIRE: "{document} cannot be retired yet: the version would never apply",
    EntryKind.NOTICE: "{document} cannot be published elsewhere yet: the version would apply to a text that has left",
}
"""What cannot be posted while a version waits, and why."""


def _delivery(plan: Plan) -> Iterator[Diagnostic]:
    for note in plan.notes:
        postings = [posting for posting in plan.postings if note in posting.notes]
        if note.is_undated:
            yield from _undated(plan, note, postings)
        elif not note.corrects:
            yield from _dated(plan, note, postings)
        yield from _overtaken(plan, note, postings)
    yield from _while_awaiting(plan)


def _undated(plan: Plan, note: Change, postings: list[Posting]) -> Iterator[Diagnostic]:
    waiting = [posting for posting in postings if awaited_notice(plan, posting)]
    if not waiting:
        fix = f"effective: {IMMEDIATELY}" if note.corrects else effective_fix(plan, note)
        message = "is missing: the notice of this change does not count from delivery, so the note says when it applies"
        yield note_mistake(note, _RULE, ("effective",), f"effective {message}", fix=fix)
        return
    coming = {one.id for name in note.documents for one in plan.record.scheduled(name, plan.posted)}
    if gone := [str(one) for one in note.withdraws if one not in coming]:
        message = (
            f"{' and '.join(gone)} cannot be withdrawn by a note without a day; the new text replaces it when the "
            "delivery of the notice has fixed its day. Remove it from withdraws"
        )
        yield note_mistake(note, _RULE, ("withdraws",), message)
    others = [one for one in postings if one not in waiting and one.kind is not EntryKind.WITHDRAW]
    if others:
        names = " and ".join(dict.fromkeys(posting.about for posting in others))
        message = (
            f"the day of {waiting[0].about} follows the delivery of its notice, and {names} needs a day in its note; "
            "write a note for each"
        )
        yield note_mistake(note, _RULE, ("documents",), message)


def _dated(plan: Plan, note: Change, postings: list[Posting]) -> Iterator[Diagnostic]:
    for posting in postings:
        awaited = awaited_notice(plan, posting)
        # A missing note may change which announcement this one continues, and so whether its day is fixed.
        is_unsure = (plan.folder.gaps or plan.folder.problems) and continued(plan, posting)
        if awaited and not is_unsure and not _after(plan, posting):
            rule = next(rule for rule in awaited.rules if rule.from_delivery)
            message = (
                f"{posting.about} promises {counted(rule)} of notice from its delivery, so its day is not known yet. "
                "Delete the line effective: the effective date follows delivery, and engross receipt fixes it"
            )
            yield note_mistake(note, _RULE, ("effective",), message)
            return


def _overtaken(plan: Plan, note: Change, postings: list[Posting]) -> Iterator[Diagnostic]:
    """Report a text that would wait although another text of its document would be posted after it: often a fix of the
    text in force, while a change is announced.
    """
    for posting in postings:
        after = _after(plan, posting)
        if after is None or not awaited_notice(plan, posting):
            continue
        hardly = (
            "If it hardly matters to customers, write material: false and effective: immediately, and explain why "
            "under not_material_because. Otherwise post"
        )
        message = (
            f"{posting.document}@{posting.number} would wait for the delivery of its notice, so that the later text of "
            f"{after.notes[0].slug} cannot be posted with it. {hardly if note.material else 'Post'} both changes as "
            "one text, or post the later one when the receipt has fixed the day"
        )
        where = ("material",) if note.material else ("documents",)
        yield note_mistake(note, _RULE, where, message, fix="material: false" if note.material else "")
        return


def _after(plan: Plan, posting: Posting) -> Posting | None:
    """The text of the same document that would be posted next."""
    texts = (one for one in plan.postings if one.kind is EntryKind.POST and one.document == posting.document)
    return next((one for one in texts if one.number > posting.number), None)


def _while_awaiting(plan: Plan) -> Iterator[Diagnostic]:
    withdrawn = {one for note in plan.notes for one in note.withdraws}
    waits: dict[str, str] = {}
    for name in plan.record.documents:
        version = plan.record.awaiting(name)
        if version and version.id not in withdrawn:
            waits[name] = str(version.id)
    for posting in plan.postings:
        if posting.kind not in _NOT_YET:
            continue
        if of := waits.get(posting.document):
            what = _NOT_YET[posting.kind].format(document=posting.document)
            message = (
                f"{of} waits for the delivery of its notice, so that {what}. Deliver its notice (engross notices) and "
                "add the receipt (engross receipt), or withdraw it with this note"
            )
            where = ("withdraws",) if posting.notes[0].withdraws else ("documents",)
            yield note_mistake(posting.notes[0], _RULE, where, message, fix=f"withdraws: [{of}]")


DELIVERY = RecordRule(
    _RULE,
    "A note without `effective` although its notice does not count from delivery, a note with `effective` although it "
    "does, or a change of a document whose last version still waits for the delivery of its notice.",
    "Where documents.yml says `from: delivered`, a change applies when the promised days have passed since customers "
    "were informed. Until that day is fixed, only a text that withdraws the waiting one can follow.",
    _delivery,
)
