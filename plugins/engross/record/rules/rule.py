"""A rule of the record: what may not be posted, asked of a plan."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from engross.model import Diagnostic, Severity
from engross.record.posting.plan import Plan


@dataclass(frozen=True, slots=True)
class RecordRule:
    """A rule: `check` gives a finding, of its `severity`, for each place where a plan breaks it.

    `summary` says what it finds, `why` what harm that does and what to do, for the page about the rules.
    """

    name: str
    summary: str
    why: str
    check: Callable[[Plan], Iterator[Diagnostic]]
    severity: Severity = Severity.ERROR
