"""What an emergency lets pass: drafting warnings in the documents it is about, which become notes that name it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from engross.checks.findings import Judged
from engross.model import Diagnostic, Severity


def let_pass(judged: Iterable[Judged], reasons: Mapping[str, str]) -> list[Diagnostic]:
    """The findings as every output takes them; a warning about a document for which there is a reason is a note."""
    return [_passed(item, reasons.get(item.finding.document, "")) for item in judged]


def _passed(item: Judged, reason: str) -> Diagnostic:
    found = item.diagnostic
    if not reason or found.severity is not Severity.WARNING:
        return found
    return replace(found, severity=Severity.NOTE, message=f"{found.message} (let pass in an emergency: {reason})")
