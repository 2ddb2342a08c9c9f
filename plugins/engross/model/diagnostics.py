"""Findings: what every check gives and every output prints."""

from __future__ import annotations

from enum import IntEnum

from engross.characters import one_line, visible
from engross.values import dataclass


class Severity(IntEnum):
    """How grave a finding is; only an error makes a check fail by itself."""

    NOTE = 1
    WARNING = 2
    ERROR = 3

    @property
    def word(self) -> str:
        """The lower-case name, as printed and as written to JSON."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding: where it is, what is wrong, and the text to paste that would mend it (or an empty string).

    `line` and `column` are 1-based; 0 means "the file as a whole". A `fix` of several lines is a text to save.
    `link` is the page on which it can be made, where there is one.
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
        """Where it is, with the colon that ends it: `docs/fees.md:3:1:`; empty where there is no path."""
        place = ":".join(str(part) for part in (one_line(self.path), self.line, self.column) if part)
        return place and f"{place}:"

    def __str__(self) -> str:
        clause = f"{self.clause}:" if self.clause else ""
        return visible(" ".join(filter(None, (self.place, clause, f"{self.message}{said_fix(self.fix)}"))))


def said_fix(fix: str) -> str:
    """What follows a message to tell its fix: on the same line, or below it where it has several."""
    if "\n" in fix:
        return "\n    fix:\n" + "\n".join(f"        {line}".rstrip() for line in fix.splitlines())
    return f" (fix: {fix})" if fix else ""
