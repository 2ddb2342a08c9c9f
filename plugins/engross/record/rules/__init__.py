"""The rules of the record, and the one table of them. They are never excepted, and no emergency lets one pass."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engross.model import Diagnostic
from engross.record.plan import Plan
from engross.record.rules import anchors, announced, changes, classes, dates, grounds, notes, pictures, promises
from engross.record.rules.rule import RecordRule

RULES: tuple[RecordRule, ...] = (
    changes.UNPOSTED,
    changes.WITHOUT_CHANGE,
    promises.UNPOSTED,
    promises.IMMATERIAL,
    promises.EARLY,
    notes.PLACEHOLDER,
    notes.EDITED,
    notes.STALE,
    grounds.MISSING,
    grounds.UNRECORDED,
    classes.MISMATCH,
    dates.CONFLICTING,
    dates.SHORT_NOTICE,
    dates.OVERTAKES,
    announced.ANNOUNCED_TEXT,
    announced.CONTINUED,
    anchors.REMOVED,
    anchors.REUSED,
    pictures.UNSEALABLE,
)
BY_NAME = {rule.name: rule for rule in RULES}


def check_plan(plan: Plan, rules: Iterable[RecordRule] = RULES) -> Iterator[Diagnostic]:
    """What the rules find in a plan, rule by rule."""
    for rule in rules:
        yield from rule.check(plan)
