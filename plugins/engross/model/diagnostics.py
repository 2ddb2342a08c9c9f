"""Diagnostics: the results of every check, which every output prints."""

from __future__ import annotations

from dataclasses import replace
from enum import IntEnum

from engross.common import one_line, shortened, value_class, visible

_LONGEST_CLAUSE = 100
"""The most characters of a clause's label in a message: a heading may be a whole clause."""


class Severity(IntEnum):
    """The severity of a finding; without options, only errors make a check fail."""

    NOTE = 1
    WARNING = 2
    ERROR = 3

    @property
    def word(self) -> str:
        """The lower-case name, as printed and as written to JSON."""
        return self.name.lower()


@value_class(frozen=True, slots=True)
class Diagnostic:
    """One finding: where it is, what is wrong, and a text to paste that fixes it (or an empty string).

    `line` and `column` are 1-based; 0 means the file as a whole. A `fix` of several lines is a text to save. `link` is
    the page on which the fix can be made, if any.
    """

    rule: str
    severity: Severity
    path: str
    line: int
    column: int
    message: str
    clause: str = ""
    fix: str = ""
    link: str = ""

    @property
    def place(self) -> str:
        """The location with a colon at its end, `docs/fees.md:3:1:`; empty if there is no path."""
        place = ":".join(str(part) for part in (one_line(self.path), self.line, self.column) if part)
        return place and f"{place}:"

    @property
    def shown_clause(self) -> str:
        """The label of the clause as messages show it: one that is a whole clause set as a heading is cut."""
        return shortened(self.clause, _LONGEST_CLAUSE)

    def __str__(self) -> str:
        named = self.clause and not self.message.startswith(self.clause)
        clause = f"{self.shown_clause}:" if named else ""
        link = f"\n    or write it here: {self.link}" if self.link else ""
        return visible(" ".join(filter(None, (self.place, clause, f"{self.message}{format_fix(self.fix)}{link}"))))

    def with_rule(self) -> Diagnostic:
        """Return the finding with the name of its rule, which an exception in documents.yml needs, in the message."""
        return replace(self, message=f"{self.message} [{self.rule}]")


def format_fix(fix: str) -> str:
    """Return a fix as it follows the message: on the same line, or below it if it has several lines.

    Several lines are not indented: what is pasted would be indented too.
    """
    if "\n" in fix:
        return "\n    fix:\n" + "\n".join(line.rstrip() for line in fix.splitlines())
    return f" (fix: {fix})" if fix else ""
