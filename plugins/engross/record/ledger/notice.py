"""Notice in the ledger: the day that a delivery fixes, and whether a dated post keeps the promise sealed with it.

A version that awaits its notice has no effective instant in its own entry. The receipt of its last notice fixes it: the
end of the longest rule that was sealed with the post, counted from the last delivery. It is never before the receipt
was posted, and never before an earlier version takes effect.

Of a dated post, only what is certain counts: the grounds of a change are in its note, and the zone of its days is
sealed only with awaited notices. So of several rules that may apply the shortest decides, and days end where they end
first on earth.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from operator import itemgetter
from zoneinfo import ZoneInfo

from engross.model import NOT_FIXED, Entry, EntryKind, NoticeRule, NoticeUnit
from engross.record.encoding import format_instant
from engross.record.notice_period import NoticePeriod, counted, longest_period, notice_period


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


_ZONE = ZoneInfo("UTC")
_OFFSETS = tuple(timedelta(minutes=minutes) for minutes in range(-12 * 60, 14 * 60 + 1, 15))
"""The clocks of all zones, compared with UTC."""
_CLOCK_CHANGES = timedelta(hours=2)
"""The most by which clocks are put forward within a notice."""


def broken_promise(post: Entry, continued: Callable[[Entry], Entry | None]) -> str:
    """Return what is wrong with the day of a dated post of a later version; empty if nothing certainly is.

    `continued` returns the post whose announcement a post continues.
    """
    rules = _possible_rules(post)
    if post.effective in (None, NOT_FIXED) or post.awaits or not rules or not all(rule.count for rule in rules):
        return ""
    assert post.effective is not None
    if fixed := _fixed_by_delivery(post, continued):
        late = post.effective >= fixed
        return (
            "" if late else f"it continues an announcement whose delivery fixed {format_instant(fixed)}, and is sooner"
        )
    posted = [rule for rule in rules if not rule.from_delivery]
    if not posted:
        return f"its document promises {_in_words(rules)} from delivery, and it has a day without awaiting its notice"
    least, rule = min(((_earliest(rule, post.notice_from or post.posted), rule) for rule in posted), key=itemgetter(0))
    if post.effective >= least:
        return ""
    return (
        f"its document promises {counted(rule)} of notice, and it takes effect {format_instant(post.effective)}, "
        f"before they can have passed since {format_instant(post.notice_from or post.posted)}"
    )


def _in_words(rules: tuple[NoticeRule, ...]) -> str:
    return " or ".join(dict.fromkeys(f"{counted(rule)} of notice" for rule in rules))


def _possible_rules(post: Entry) -> tuple[NoticeRule, ...]:
    """The sealed rules one of which at least applies to a post; none if it may have no notice.

    A post by several notes has the highest class among theirs: each has its own class, and one of them is material.
    """
    if post.entry is None or not post.notes:
        return ()
    promise, by_class = post.entry.promise, dict(post.entry.promise.classes)
    usual = promise.rule if post.material else None
    own = by_class.get(post.change_class or "", usual)
    of_class = (usual, *by_class.values()) if len(post.notes) > 1 else (own,)
    certain = [rule for rule in of_class if rule]
    return (*certain, *dict(promise.grounds).values()) if len(certain) == len(of_class) else ()


def _fixed_by_delivery(post: Entry, continued: Callable[[Entry], Entry | None]) -> datetime | None:
    """The day that a delivery has fixed for the announcement that a post continues, if that is still to come."""
    first: Entry | None = post if post.notice_from else None
    while first and first.awaits is None:
        first = continued(first)
    fixed = first.effective if first else None
    return fixed if fixed and post.posted < fixed != NOT_FIXED else None


def _earliest(rule: NoticeRule, since: datetime) -> datetime:
    """The earliest instant at which a notice can end, whatever the zone of its days and the holidays of its region."""
    if rule.unit is NoticeUnit.ELAPSED:
        return notice_period(rule, since, _ZONE).ends
    days = {since.astimezone(timezone(offset)).date(): offset for offset in _OFFSETS}
    plain = without_region(rule)
    ends = (notice_period(plain, _shown(since, offset), _ZONE).ends - offset for offset in days.values())
    return min(ends) - _CLOCK_CHANGES


def _shown(instant: datetime, offset: timedelta) -> datetime:
    """The instant at which clocks in UTC show what others show at an instant."""
    return instant.astimezone(timezone(offset)).replace(tzinfo=UTC)
