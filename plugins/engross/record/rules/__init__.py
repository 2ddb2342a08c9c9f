"""The rules of the record in one table. They have no exceptions, and an emergency does not suppress them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engross.model import Diagnostic
from engross.record.posting.plan import Plan
from engross.record.rules import (
    announced,
    dates,
    delivery,
    grounds,
    notes,
    promises,
    registers,
    texts,
    translations,
    typed_dates,
)
from engross.record.rules.rule import RecordRule

RULES: tuple[RecordRule, ...] = (
    texts.UNPOSTED,
    texts.EXAMPLE_TEXT,
    texts.WITHOUT_CHANGE,
    promises.UNPOSTED,
    promises.IMMATERIAL,
    promises.EARLY,
    notes.PLACEHOLDER,
    notes.UNTITLED,
    notes.EDITED,
    notes.STALE,
    grounds.MISSING,
    grounds.UNRECORDED,
    notes.MISMATCH,
    dates.CONFLICTING,
    dates.SHORT_NOTICE,
    registers.ROW_ID,
    registers.EARLY_START,
    registers.IMMATERIAL_ROW,
    registers.PRICE_SINCE,
    delivery.DELIVERY,
    promises.CONSUMERS,
    announced.OVERTAKES,
    announced.ANNOUNCED_TEXT,
    announced.CONTINUED,
    announced.LOST,
    texts.REMOVED,
    texts.REUSED,
    translations.UNCHANGED,
    translations.GOVERNING,
    translations.STRUCTURE,
    typed_dates.TYPED_DATE,
    texts.UNSEALABLE,
)
BY_NAME = {rule.name: rule for rule in RULES}


def check_plan(plan: Plan, rules: Iterable[RecordRule] = RULES) -> Iterator[Diagnostic]:
    """What the rules find in a plan, rule by rule."""
    for rule in rules:
        yield from rule.check(plan)
