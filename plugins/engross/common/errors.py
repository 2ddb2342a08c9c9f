"""The one exception of Engross, which carries diagnostics.

The command line (`cli/`) prints the diagnostics and exits 1; the site adapter (`site/`) raises MkDocs' own error.
"""

from __future__ import annotations

from collections.abc import Iterable

from engross.model import Diagnostic, Severity


class EngrossError(Exception):
    """Something is wrong with what people wrote. `diagnostics` are all the findings of the step that failed."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__("\n".join(str(diagnostic) for diagnostic in self.diagnostics))


def error(rule: str, path: str, line: int, column: int, message: str, *, clause: str = "", fix: str = "") -> Diagnostic:
    """Return a diagnostic of severity error; line and column are 1-based, 0 for the file as a whole."""
    return Diagnostic(rule, Severity.ERROR, path, line, column, message, clause, fix)
