"""From when a new note can apply: the earliest effective instant that its draft proposes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from engross.model import NOT_FIXED, ChangeClass, NoticePromise, NoticeRule, NoticeUnit
from engross.record.encoding import first_day_after
from engross.record.notes.schema import IMMEDIATELY
from engross.record.notice_period import counted, longest_period, sum_of, whole_days
from engross.record.posting.drafts import Draft
from engross.record.posting.plan import Plan
from engross.record.posting.promised_notice import set_promises
from engross.record.posting.relations import SetChange

Soonest = tuple[str, str]
"""The earliest effective instant of a change, as notes write it, and why it is not earlier."""
FROM_DELIVERY = ""
"""In place of the earliest effective instant, where it follows the delivery of the notice."""


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
