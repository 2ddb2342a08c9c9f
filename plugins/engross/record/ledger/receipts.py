"""Receipts: the instant that the delivery of a notice fixes for the version that waits for it.

A version that awaits its notice has no effective instant in its own entry. The receipt of its last notice fixes it: the
end of the longest rule that was sealed with the post, counted from the last delivery. It is never before the receipt
was posted, and never before an earlier version takes effect.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from engross.model import NOT_FIXED, Entry, EntryKind, NoticeRule
from engross.record.notice_period import NoticePeriod, longest_period


def with_fixed_instants(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Return entries of a ledger, with the effective instants that receipts among them have fixed.

    A post that still waits has NOT_FIXED.
    """
    if not any(entry.awaits for entry in entries):
        return tuple(entries)
    receipts = (one for one in entries if one.kind is EntryKind.RECEIPT and one.effective)
    fixed = {(one.document, one.version): one.effective for one in receipts}
    return tuple(
        replace(one, effective=fixed.get((one.document, one.version), NOT_FIXED)) if one.awaits else one
        for one in entries
    )


def awaited_period(post: Entry, sent: datetime) -> NoticePeriod:
    """Return the notice that a post awaits, if it was delivered at an instant.

    Raises EngrossError if the public holidays of a rule's region are not known here.
    """
    assert post.awaits is not None
    zone, begun = ZoneInfo(post.awaits.zone), post.notice_from or post.posted
    rules = [(rule, sent if rule.from_delivery else begun) for rule in post.awaits.rules]
    periods = filter(None, (longest_period([rule], since, zone) for rule, since in rules))
    return max(periods, key=lambda one: one.ends)


def fixed_instant(post: Entry, sent: datetime, posted: datetime, before: Entry | None) -> datetime:
    """Return when a version takes effect whose last notice was sent at an instant, by a receipt posted at another.

    `before` is the post of the version before it. Raises EngrossError as `awaited_period` does.
    """
    earlier = before.effective if before and before.effective else posted
    return max(awaited_period(post, sent).ends, posted, earlier)


def is_rightly_fixed(receipt: Entry, post: Entry, receipts: Iterable[Entry], before: Entry | None) -> bool:
    """Whether a receipt fixes the instant that the sealed rules give.

    The public holidays of a region are no part of the record. With such rules the instant is not before the one
    without holidays.
    """
    assert post.awaits is not None
    assert receipt.effective is not None
    sent = max(one.delivered.sent for one in receipts if one.delivered)
    plain = replace(post, awaits=replace(post.awaits, rules=tuple(map(without_region, post.awaits.rules))))
    least = fixed_instant(plain, sent, receipt.posted, before)
    return receipt.effective >= least if plain.awaits != post.awaits else receipt.effective == least


def without_region(rule: NoticeRule) -> NoticeRule:
    """Return a rule without the public holidays of its region, which are no part of the record."""
    return replace(rule, region="")
