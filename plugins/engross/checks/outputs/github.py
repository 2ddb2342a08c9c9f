"""Findings as workflow commands of GitHub Actions, which shows them beside the lines they are about.

A step may give ten errors, ten warnings and ten notices; what is beyond that GitHub drops without a word, so the tenth
is followed by a line that says how many there are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engross.characters import one_line, visible
from engross.checks.outputs.records import written_fix
from engross.model import Diagnostic, Severity

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
_MOST = 10


def to_github(findings: Sequence[Diagnostic]) -> str:
    """The findings as workflow commands, one a line, the gravest first."""
    return "\n".join(line for severity in _COMMANDS for line in _lines(severity, findings))


def _lines(severity: Severity, findings: Sequence[Diagnostic]) -> Iterator[str]:
    chosen = [found for found in findings if found.severity is severity]
    yield from map(_command, chosen[:_MOST])
    if len(chosen) > _MOST:
        yield f"and {len(chosen) - _MOST} more {severity.word}s"


def _command(found: Diagnostic) -> str:
    properties = {"file": found.path, "line": found.line, "col": found.column, "title": found.rule}
    said = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items() if value)
    clause = f"{found.clause}: " if found.clause else ""
    return f"::{_COMMANDS[found.severity]} {said}::{_data(f'{clause}{found.message}{written_fix(found)}')}"


def _data(text: str) -> str:
    return visible(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(one_line(text)).replace(":", "%3A").replace(",", "%2C")
