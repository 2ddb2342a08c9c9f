"""A rule: what it is called, why it is one, what it finds, and an example of wrong and right."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from engross.checks.findings import Finding
from engross.checks.subject import Subject
from engross.model import Severity
from engross.values import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the drafting check.

    `summary` says in a sentence what is found, `why` what harm it does. `bad` and `good` are Markdown: the check of
    `bad` finds this rule and no other, that of `good` does not find it. `fixes` tells that `--fix` can mend it.
    """

    name: str
    severity: Severity
    summary: str
    why: str
    bad: str
    good: str
    check: Callable[[Subject], Iterable[Finding]]
    fixes: bool = False
