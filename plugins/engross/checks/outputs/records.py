"""Findings as JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

from engross.model import Diagnostic, Severity


def record(found: Diagnostic) -> dict[str, Any]:
    """One finding as plain values."""
    return {
        "rule": found.rule,
        "severity": found.severity.word,
        "path": found.path,
        "line": found.line,
        "column": found.column,
        "clause": found.clause,
        "message": found.message,
        "fix": found.fix,
        "link": found.link,
    }


def written_fix(found: Diagnostic) -> str:
    """What follows a finding's message where it is text: the page that mends it, and the fix, whole if it is long."""
    link = f"\nOr write it here: {found.link}" if found.link else ""
    if "\n" in found.fix:
        return f":\n\n{found.fix}{link}"
    return (f" (fix: {found.fix})" if found.fix else "") + link


def summary(findings: Sequence[Diagnostic]) -> dict[str, int]:
    """How many findings there are of each severity, by its plural."""
    counted = Counter(found.severity for found in findings)
    return {f"{severity.word}s": counted[severity] for severity in sorted(Severity, reverse=True)}


def to_json(findings: Sequence[Diagnostic]) -> str:
    """The findings and their summary as a JSON document."""
    document = {"diagnostics": [record(found) for found in findings], "summary": summary(findings)}
    return json.dumps(document, ensure_ascii=False, indent=2)
