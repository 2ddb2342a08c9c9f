"""Findings as SARIF 2.1.0 (OASIS), the form in which code hosts and editors take the findings of any checker."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

from engross import __version__
from engross.checks.outputs.records import written_fix
from engross.checks.rules import RULES
from engross.checks.rules.rule import Rule
from engross.model import Diagnostic, Severity
from engross.record.rules import RULES as OF_RECORD
from engross.record.rules.rule import RecordRule

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ALL: tuple[Rule | RecordRule, ...] = (*RULES, *OF_RECORD)
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}


def to_sarif(findings: Sequence[Diagnostic]) -> str:
    """The findings as a SARIF log of one run."""
    names = [rule.name for rule in _ALL]
    driver = {"name": "engross", "version": __version__, "rules": list(_rules())}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"ROOT": {"description": {"text": "The folder that the check was run in."}}},
        "results": [_result(found, names) for found in findings],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2)


def _rules() -> Iterator[dict[str, Any]]:
    for rule in _ALL:
        yield {
            "id": rule.name,
            "shortDescription": {"text": rule.summary},
            "fullDescription": {"text": f"{rule.summary} {rule.why}"},
            "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        }


def _result(found: Diagnostic, names: Sequence[str]) -> dict[str, Any]:
    result: dict[str, Any] = {"ruleId": found.rule}
    # What stops the reading of a file (its encoding, say) is told by no rule of the table.
    if found.rule in names:
        result["ruleIndex"] = names.index(found.rule)
    return {
        **result,
        "level": _LEVELS[found.severity],
        "message": {"text": found.message + written_fix(found)},
        "locations": [_location(found)],
    }


def _location(found: Diagnostic) -> dict[str, Any]:
    address = quote(found.path, safe="/~!$&'()*+,;=@")
    uri = address if not found.path.startswith("/") else f"file://{address}"
    artifact = {"uri": uri} if found.path.startswith("/") else {"uri": uri, "uriBaseId": "ROOT"}
    physical: dict[str, Any] = {"artifactLocation": artifact}
    if found.line:
        physical["region"] = {"startLine": found.line, **({"startColumn": found.column} if found.column else {})}
    location: dict[str, Any] = {"physicalLocation": physical}
    if found.clause:
        location["logicalLocations"] = [{"fullyQualifiedName": found.clause}]
    return location
