"""The notice that is promised for a change: which rules apply, when the last of them ends, and the earliest effective
instant that the draft of a new note proposes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from engross.common import EngrossError
from engross.model import (
    NOT_FIXED,
    SUBPROCESSORS,
    AwaitedNotice,
    Change,
    ChangeClass,
    Entry,
    EntryKind,
    NoticePromise,
    NoticeRule,
    NoticeUnit,
    TreeClause,
    Version,
    VersionId,
    elapsed,
)
from engross.record.encoding import first_day_after
from engross.record.history import Record
from engross.record.ledger.notice import awaited_period
from engross.record.notes.schema import IMMEDIATELY
from engross.record.notice_period import NoticePeriod, awaited_in_words, counted, longest_period, sum_of, whole_days
from engross.record.posting.announced import Continued, continued
from engross.record.posting.drafts import Draft
from engross.record.posting.plan import Plan, Posting
from engross.record.posting.relations import SetChange
from engross.record.sealed_files import sealed_tree

Soonest = tuple[str, str]
"""The earliest effective instant of a change, as notes write it, and why it is not earlier."""
FROM_DELIVERY = ""
"""In place of the earliest effective instant, where it follows the delivery of the notice."""


def promised_notice(plan: Plan, posting: Posting, note: Change) -> NoticePeriod | None:
    """Return the notice of a change if it is posted now; None if none is promised for it."""
    if posting.kind is not EntryKind.POST and not _has_notice(plan, posting):
        return None
    if post := _delivered(plan, posting):
        assert post.effective is not None
        return replace(delivered_notice(plan.record, post), ends=post.effective)
    rules = (*promised_rules(plan, posting, note), *_own_rules(note))
    return longest_period(rules, _counted_from(plan, posting), ZoneInfo(plan.project.settings.timezone))


def notice_sums(plan: Plan) -> Iterator[str]:
    """Yield how the promised notice of each pending change is counted if it is posted now, with the path of its note.

    A region whose days off are not known is left to the rules.
    """
    for posting in plan.postings if not plan.unreadable else ():
        for note in posting.notes if posting.kind is not EntryKind.CORRECT else ():
            with suppress(EngrossError):
                if found := _counted(plan, posting, note):
                    yield f"{note.source.path}: notice of {posting.about}: {found}"


def _counted(plan: Plan, posting: Posting, note: Change) -> str:
    if waits := awaited_notice(plan, posting):
        return f"{awaited_in_words(waits)}, counted from the delivery of its notice"
    period = promised_notice(plan, posting, note)
    return sum_of(period, ZoneInfo(plan.project.settings.timezone)) if period else ""


def _counted_from(plan: Plan, posting: Posting) -> datetime:
    continuation = continued(plan, posting)
    return (continuation and continuation.notice_from) or plan.posted


def _delivered(plan: Plan, posting: Posting) -> Entry | None:
    """The post whose announcement a text continues, if the delivery of its notice has fixed its day."""
    continuation = continued(plan, posting)
    post = delivered_post(plan.record, continuation.version.post) if continuation and continuation.notice_from else None
    return post if post and post.effective and post.effective > plan.posted else None


def delivered_post(record: Record, entry: Entry) -> Entry | None:
    """Return the post whose notice was delivered for a text: its own, or that of the announcement that it continues.

    None if its notice counts from its posting, or waits for delivery.
    """
    while entry.awaits is None and entry.continues:
        entry = record.entry(entry.continues)
    return entry if entry.awaits and entry.effective != NOT_FIXED else None


def continued_notice(record: Record, continuation: Continued, shown: Callable[[datetime], str]) -> str:
    """Return how the notice of a continued announcement counts, after "its notice": "still counts from …"."""
    if not continuation.notice_from:
        return "starts again"
    if continuation.version.is_awaiting:
        return "counts from its own delivery"
    if (post := delivered_post(record, continuation.version.post)) and post.effective:
        return f"was delivered, so that it keeps its day: {shown(post.effective)}"
    return f"still counts from {shown(continuation.notice_from)}"


def delivered_notice(record: Record, post: Entry) -> NoticePeriod:
    """Return the notice of a post that waited for it until receipts fixed its day.

    Raises EngrossError if the public holidays of a rule's region are not known here.
    """
    receipts = record.receipts(record.version(VersionId(post.document, post.version)))
    return awaited_period(post, max(one.delivered.sent for one in receipts if one.delivered))


def awaited_notice(plan: Plan, posting: Posting) -> AwaitedNotice | None:
    """Return the notice from whose delivery a text takes effect; None if none of its rules counts from delivery.

    Only texts wait: a change of settings, or of a document published elsewhere, has the day that its note names, and
    its notice counts from the posting. A text that continues an announcement whose notice was delivered has its day.
    """
    if posting.kind is not EntryKind.POST or _delivered(plan, posting):
        return None
    found = (rule for note in posting.notes for rule in (*promised_rules(plan, posting, note), *_own_rules(note)))
    rules = tuple(dict.fromkeys(rule for rule in found if rule.count))
    if not any(rule.from_delivery for rule in rules):
        return None
    return AwaitedNotice(plan.project.settings.timezone, rules)


def _has_notice(plan: Plan, posting: Posting) -> bool:
    return plan.changes_terms(posting) or posting.kind in (EntryKind.NOTICE, EntryKind.RETIRE)


def promised_rules(plan: Plan, posting: Posting, note: Change) -> tuple[NoticeRule, ...]:
    """Return the rules of notice for a change by a note, all of which must be kept: those of its document in
    documents.yml and in force, or for a set those in force of its agreement and the documents whose place changes.
    """
    # Nobody had other terms before a first text, so only a promise in the note applies.
    promises = _promises(plan, posting) if _has_notice(plan, posting) else ()
    return as_counted(posting.kind, _rules(promises, note))


def as_counted(kind: EntryKind, rules: Iterable[NoticeRule]) -> tuple[NoticeRule, ...]:
    """Return rules as they count for a kind of entry: only texts wait for delivery, all else counts from posting."""
    if kind is EntryKind.POST:
        return tuple(rules)
    return tuple(dict.fromkeys(replace(rule, from_delivery=False) for rule in rules))


def _rules(promises: Iterable[NoticePromise], note: Change) -> tuple[NoticeRule, ...]:
    """Return the rules of several promises for a change by a note, each once."""
    grounds = [one.id for one in note.grounds]
    rules = (rule for one in promises for rule in one.rules(note.change_class, grounds, note.material))
    return tuple(dict.fromkeys(rules))


def _own_rules(note: Change) -> tuple[NoticeRule, ...]:
    return (elapsed(note.notice_days),) if note.material and note.notice_days else ()


def _promises(plan: Plan, posting: Posting) -> tuple[NoticePromise, ...]:
    if posting.set_change:
        return set_promises(plan, posting.set_change)
    entry = plan.entry_of(posting)
    if entry is None:
        return ()
    before = plan.promised_before(posting.draft, posting.document)
    # A new promise applies to later changes of the text, and not to the change that makes it.
    now = () if posting.kind is EntryKind.MOVE and before else (entry,)
    return tuple(one.promise for one in (*now, *before))


def register_notice(plan: Plan, posting: Posting) -> NoticePeriod | None:
    """Return the notice of new rows of a register if they are posted now: that of a material change on its grounds."""
    zone = ZoneInfo(plan.project.settings.timezone)
    return longest_period(_rules_of_rows(plan, posting), _counted_from(plan, posting), zone)


def awaits_rows(plan: Plan, posting: Posting) -> bool:
    """Whether new rows of a register are promised notice from delivery, and the posting does not wait for it."""
    promised = any(rule.from_delivery and rule.count for rule in _rules_of_rows(plan, posting))
    return promised and awaited_notice(plan, posting) is None


def _rules_of_rows(plan: Plan, posting: Posting) -> Iterator[NoticeRule]:
    grounds = [one.id for note in posting.notes for one in note.grounds]
    for promise in _promises(plan, posting):
        yield from promise.rules(posting.change_class, grounds, material=True)


def notice_of_entry(record: Record, entry: Entry, note: Change, zone: ZoneInfo) -> NoticePeriod | None:
    """Return the notice that was promised for an entry when it was posted.

    None if none was, for a first text, and if the public holidays of its region are not known here.
    """
    settings = record.settings_entry_at(entry.document, entry.posted - _INSTANT) if entry.document else None
    if entry.kind not in _WITH_NOTICE or settings is None or settings.entry is None:
        return None
    now = entry.entry if entry.entry and entry.kind is not EntryKind.MOVE else settings.entry
    rules = (*as_counted(entry.kind, _rules((now.promise, settings.entry.promise), note)), *_own_rules(note))
    try:
        return longest_period(rules, entry.notice_from or entry.posted, zone)
    except EngrossError:
        return None


def objection_deadlines(record: Record, document: str, at: datetime, zone: ZoneInfo) -> dict[str, datetime]:
    """Return the instants until which customers may object to rows of a register of sub-processors, by the row's id.

    Rows of versions in force and announced count. Those whose notice has ended at an instant have none.
    """
    versions = filter(None, (record.in_force(document, at), *record.announced(document, at)))
    rows = {clause.id for version in versions for clause in sealed_tree(record, version).clauses}
    found = objection_periods(record, document, zone)
    return {clause.anchor: end for _, clause, end in found if clause.id in rows and end > at}


def last_day_to_object(end: datetime, zone: ZoneInfo) -> date:
    """Return the last day on which customers may object, given when the notice ends: the day before a midnight."""
    return (end.astimezone(zone) - _INSTANT).date()


def objection_periods(record: Record, document: str, zone: ZoneInfo) -> Iterator[tuple[Version, TreeClause, datetime]]:
    """Yield each row that a version of a register of sub-processors added, with the end of the time for objections.

    It is the end of the notice, which counts from the posting of that version. If the notice counts from its delivery,
    it is the instant that a receipt has fixed, and until then there is none. Rows of the first version have none.
    """
    for version in record.versions.get(document, ()):
        if end := _end_of_objections(record, version, zone):
            yield from ((version, clause, end) for clause in _new_rows(record, version))


def days_to_object(record: Record, version: Version, zone: ZoneInfo) -> dict[str, date]:
    """Return the last days on which customers may object to rows of a version, by the row's id.

    These are the rows that it added, and those of earlier versions whose notice had not ended when it was posted.
    """
    anchors = {clause.id: clause.anchor for clause in sealed_tree(record, version).clauses}
    found: dict[str, date] = {}
    for one in record.versions[version.id.document][: version.number]:
        end = _end_of_objections(record, one, zone)
        if end and end > version.posted:
            rows = (anchors.get(clause.id) for clause in _new_rows(record, one))
            found |= dict.fromkeys(filter(None, rows), last_day_to_object(end, zone))
    return found


def _end_of_objections(record: Record, version: Version, zone: ZoneInfo) -> datetime | None:
    """The end of the time in which customers may object to the rows that a version added; None if there is none."""
    register = version.entry.register
    if version.number == 1 or register is None or register.name != SUBPROCESSORS:
        return None
    return _end_of_notice(record, version.id, zone)


def _new_rows(record: Record, version: Version) -> Iterator[TreeClause]:
    return (clause for clause in sealed_tree(record, version).clauses if clause.since == version.number)


def _end_of_notice(record: Record, id: VersionId, zone: ZoneInfo) -> datetime | None:
    entry = record.version(id).post
    post = delivered_post(record, entry)
    if post or entry.awaits:
        return post.effective if post else None
    before = record.settings_entry_at(entry.document, entry.posted - _INSTANT)
    settings = (one.entry for one in (entry, before) if one and one.entry)
    rules = (
        rule
        for one in settings
        if one
        for rule in one.promise.rules(entry.change_class or ChangeClass.SUBSTANTIVE, (), material=True)
    )
    promised = tuple(rules)
    if any(rule.from_delivery for rule in promised):
        return None  # nobody was sent the notice from whose delivery the time counts
    try:
        period = longest_period(promised, entry.notice_from or entry.posted, zone)
    except EngrossError:
        return None
    return period.ends if period else None


_INSTANT = timedelta(microseconds=1)
_WITH_NOTICE = (EntryKind.POST, EntryKind.NOTICE, EntryKind.MOVE)


def set_promises(plan: Plan, change: SetChange) -> tuple[NoticePromise, ...]:
    """Return the promises of notice for a change of a set."""
    if change.old is None:
        return ()
    names = dict.fromkeys((change.old.agreement, *change.documents))
    settings = (plan.record.entry_at(name, plan.posted) for name in names if name in change.old.documents)
    return tuple(entry.promise for entry in settings if entry)


def order_of_soonest(soonest: Soonest) -> str:
    """Sort key of proposed instants: a day comes after none."""
    return "" if soonest[0] == IMMEDIATELY else soonest[0]


def soonest_of_texts(plan: Plan, drafts: Sequence[Draft], sets: Sequence[SetChange], *, material: bool) -> Soonest:
    """Return the earliest effective instant: not before an announced change, and for a material change not before the
    promised notice ends.
    """
    based = [draft for draft in drafts if draft.base]
    entries = [one for draft in based for one in plan.promised_before(draft)]
    entries += [draft.entry for draft in based if draft.changed]
    promises = [entry.promise for entry in entries] if material else []
    # Only texts wait for delivery; the notice of changed settings counts from their posting.
    texts = [draft for draft in based if draft.changed]
    awaited = [entry.promise for draft in texts for entry in (*plan.promised_before(draft), draft.entry)]
    if material and any(rule.from_delivery for rule in material_rules(awaited)):
        return FROM_DELIVERY, ""
    instants = [draft.base.effective for draft in based if draft.base]
    instants += [entry.effective for draft in based if (entry := draft.posted_entry) and entry.effective]
    fixed = [one for one in instants if one != NOT_FIXED]
    return max(soonest_after(plan, fixed, promises), soonest_of_sets(plan, sets), key=order_of_soonest)


def soonest_of_sets(plan: Plan, changes: Sequence[SetChange]) -> Soonest:
    """Return the earliest effective instant of a material change of some sets."""
    promises = [promise for change in changes for promise in set_promises(plan, change)]
    entries = (plan.record.last_set_entry(change.id) for change in changes)
    return soonest_after(plan, [entry.effective for entry in entries if entry and entry.effective], promises)


def soonest_after(plan: Plan, instants: Sequence[datetime], promises: Sequence[NoticePromise]) -> Soonest:
    """Return "immediately" if no instant is in the future and no notice of a material change is promised; else the
    midnight after both.
    """
    zone = ZoneInfo(plan.project.settings.timezone)
    rules = [replace(rule, from_delivery=False) for rule in material_rules(promises)]
    announced, notice = max(instants, default=plan.posted), longest_period(rules, plan.posted, zone)
    if notice and notice.ends >= max(announced, plan.posted):
        how = "" if notice.rule.unit is NoticeUnit.ELAPSED else f": {sum_of(notice, zone)}"
        return whole_days(notice, zone)[0], f"notice of {counted(notice.rule)} is promised{how}"
    if announced <= plan.posted:
        return IMMEDIATELY, ""
    return first_day_after(announced, zone), f"a change is announced for {plan.in_words(announced)}"


def material_rules(promises: Sequence[NoticePromise]) -> list[NoticeRule]:
    """Return the rules of notice that some promises have for a material change on no ground in particular."""
    return [rule for one in promises for rule in one.rules(ChangeClass.SUBSTANTIVE, (), material=True)]
