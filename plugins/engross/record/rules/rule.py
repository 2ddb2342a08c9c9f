"""The type of a rule of the record, which checks what a plan would post."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from engross.common import value_class
from engross.model import Diagnostic, Severity
from engross.record.posting.plan import Plan


@value_class(frozen=True, slots=True)
class RecordRule:
    """A rule. `check` yields a finding of this `severity` for each place where a plan breaks the rule.

    `summary` describes what the rule finds; `why` explains the harm and the fix, for the page about the rules.
    """

    name: str
    summary: str
    why: str
    check: Callable[[Plan], Iterator[Diagnostic]]
    severity: Severity = Severity.ERROR
