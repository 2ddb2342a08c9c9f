"""Promises of notice: how many days pass between telling customers of a change and its effect, and how they count."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum

from engross.common import value_class


class NoticeUnit(StrEnum):
    """What is counted.

    CALENDAR: whole days of the site's time zone. BUSINESS: those that are not Saturday, Sunday or a day off. ELAPSED:
    periods of 24 hours from the instant of posting, as `notice_days` counts.
    """

    CALENDAR = "calendar"
    BUSINESS = "business"
    ELAPSED = "elapsed"


@value_class(frozen=True, slots=True)
class NoticeRule:
    """How many days of notice are promised, and how they are counted.

    `region` is the region whose public holidays are days off, such as DE or DE-BY; `days_off` are listed days off
    (2026-12-24). Both matter for business days only. With `from_first_day`, the day of posting is the first day counted
    if it is one of the days that count; otherwise counting begins with the day after it. With `from_delivery`, the
    days count from the instant at which the notice was sent to customers, not from the posting.
    """

    count: int
    unit: NoticeUnit = NoticeUnit.CALENDAR
    region: str = ""
    days_off: tuple[str, ...] = ()
    from_first_day: bool = False
    from_delivery: bool = False


@value_class(frozen=True, slots=True)
class NoticePromise:
    """The notice of a document's changes: the rule for material changes, and the rules of classes and grounds.

    `rule` is None if only some classes or grounds have notice. The rule of a class or ground is for each change of that
    class or on that ground, material or not, in place of `rule`; that of a ground comes before that of a class.
    """

    rule: NoticeRule | None = None
    classes: tuple[tuple[str, NoticeRule], ...] = ()
    grounds: tuple[tuple[str, NoticeRule], ...] = ()

    @property
    def all_rules(self) -> tuple[NoticeRule, ...]:
        """The rules for any change."""
        return (*filter(None, [self.rule]), *(rule for _, rule in (*self.classes, *self.grounds)))

    def rules(self, change_class: str, grounds: Sequence[str], material: bool) -> Iterator[NoticeRule]:
        """Yield the rules for a change; a change on several grounds has the rule of each, and the longest applies."""
        of_class = dict(self.classes).get(change_class, self.rule if material else None)
        of_grounds = dict(self.grounds)
        for name in grounds or ("",):
            if rule := of_grounds.get(name, of_class):
                yield rule


@value_class(frozen=True, slots=True)
class AwaitedNotice:
    """The notice that a version waits for, as it is sealed with its post: the rules, and the zone of their days.

    One of `rules` at least counts from delivery; the one that ends last decides.
    """

    zone: str
    rules: tuple[NoticeRule, ...]


def elapsed(days: int) -> NoticeRule:
    """Return the rule that `notice_days` is."""
    return NoticeRule(days, NoticeUnit.ELAPSED)
