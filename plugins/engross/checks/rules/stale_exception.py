"""`stale-exception`: an exception in `documents.yml` that allows nothing. The engine finds it, once all rules have."""

from __future__ import annotations

from engross.checks.findings import Finding
from engross.checks.rules.rule import Rule
from engross.checks.subject import Subject
from engross.model import Severity


def check(_subject: Subject) -> tuple[Finding, ...]:
    """Nothing: whether an exception is stale shows when all rules have been asked, see `engine`."""
    return ()


RULE = Rule(
    name="stale-exception",
    severity=Severity.WARNING,
    summary="An exception in documents.yml that no finding needs any more, or whose rule there is not.",
    why="It would hide the next mistake at the same place.",
    bad="",
    good="",
    check=check,
)
