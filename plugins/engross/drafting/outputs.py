"""Findings and terms for other programs: JSON, workflow commands of GitHub Actions, Code Quality of GitLab, SARIF."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from engross import __version__
from engross.common import one_line, visible
from engross.drafting.baseline import Key, clauses_by_path, finding_key
from engross.drafting.rules import RULES
from engross.drafting.subject import Rule
from engross.model import Binding, Definition, Diagnostic, Document, Place, Reference, Severity, Use

if TYPE_CHECKING:
    from engross.record import RecordRule


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
    """The text after a finding's message: the fix, and a link to the page where it can be written."""
    link = f"\nOr write it here: {found.link}" if found.link else ""
    if "\n" in found.fix:
        return f":\n\n{found.fix}{link}"
    return (f" (fix: {found.fix})" if found.fix else "") + link


def summary(findings: Sequence[Diagnostic]) -> dict[str, int]:
    """Count the findings of each severity, by the plural of its name."""
    counted = Counter(found.severity for found in findings)
    return {f"{severity.word}s": counted[severity] for severity in sorted(Severity, reverse=True)}


def to_json(findings: Sequence[Diagnostic]) -> str:
    """The findings and their summary as a JSON document."""
    document = {"diagnostics": [record(found) for found in findings], "summary": summary(findings)}
    return json.dumps(document, ensure_ascii=False, indent=2)


_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
# GitHub shows at most ten annotations of each level for a step, and drops the others silently.
_MOST = 10


def to_github(findings: Sequence[Diagnostic]) -> str:
    """The findings as workflow commands, one a line, errors first, with a count of those that GitHub would drop."""
    return "\n".join(line for severity in _COMMANDS for line in _lines(severity, findings))


def _lines(severity: Severity, findings: Sequence[Diagnostic]) -> Iterator[str]:
    chosen = [found for found in findings if found.severity is severity]
    yield from map(_command, chosen[:_MOST])
    if len(chosen) > _MOST:
        yield f"and {len(chosen) - _MOST} more {severity.word}s"


def _command(found: Diagnostic) -> str:
    properties = {"file": found.path, "line": found.line, "col": found.column, "title": found.rule}
    listed = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items() if value)
    clause = f"{found.shown_clause}: " if found.clause else ""
    return f"::{_COMMANDS[found.severity]} {listed}::{_data(f'{clause}{found.message}{written_fix(found)}')}"


def _data(text: str) -> str:
    return visible(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(one_line(text)).replace(":", "%3A").replace(",", "%2C")


_GRADES = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.NOTE: "info"}


def to_gitlab(findings: Iterable[Diagnostic], documents: Iterable[Document] = ()) -> str:
    """The findings as a Code Quality report of GitLab.

    A fingerprint is made of the rule, the document and the words of the clause, so that GitLab knows a finding again
    when lines move; `documents` are the texts that were checked.
    """
    texts, seen = clauses_by_path(documents), Counter[Key]()
    report = []
    for found in findings:
        key = finding_key(found, texts)
        seen[key] += 1
        clause = f"{found.shown_clause}: " if found.clause else ""
        report.append(
            {
                "description": visible(f"{clause}{found.message}{written_fix(found)}"),
                "check_name": found.rule,
                "fingerprint": sha256("\0".join((*key, str(seen[key]))).encode("utf-8", "surrogatepass")).hexdigest(),
                "severity": _GRADES[found.severity],
                "location": {"path": found.path, "lines": {"begin": max(found.line, 1)}},
            }
        )
    return json.dumps(report, ensure_ascii=False, indent=2)


SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}


def to_sarif(findings: Sequence[Diagnostic]) -> str:
    """The findings as a SARIF log of one run."""
    from engross.record import RULES as OF_RECORD

    rules: list[Rule | RecordRule] = [*RULES, *OF_RECORD]
    names = [rule.name for rule in rules]
    driver = {"name": "engross", "version": __version__, "rules": list(map(_rule, rules))}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"ROOT": {"description": {"text": "The folder that the check was run in."}}},
        "results": [_result(found, names) for found in findings],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2)


def _rule(rule: Rule | RecordRule) -> dict[str, Any]:
    return {
        "id": rule.name,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": f"{rule.summary} {rule.why}"},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }


def _result(found: Diagnostic, names: Sequence[str]) -> dict[str, Any]:
    result: dict[str, Any] = {"ruleId": found.rule}
    # Errors of reading a file, such as a wrong encoding, have no rule in the table.
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


def terms_json(bindings: Iterable[Binding], shown: Collection[str] | None = None) -> str:
    """All definitions, uses and references as a JSON document; only of the files `shown`, if set.

    A document that several sets share appears once for each set in which its terms have another meaning.
    """
    document = terms_record(bindings, shown)
    return json.dumps(document, ensure_ascii=False, indent=2)


def terms_record(bindings: Iterable[Binding], shown: Collection[str] | None = None) -> dict[str, list[dict[str, Any]]]:
    """The content of `terms_json` as plain values."""
    found: dict[str, list[dict[str, Any]]] = {"definitions": [], "uses": [], "references": []}
    for binding in bindings:
        found["definitions"] += [_definition(one) for one in binding.definitions if _is_shown(one.place, shown)]
        found["uses"] += [_use(one) for one in binding.uses if _is_shown(one.place, shown)]
        found["references"] += [_reference(one) for one in binding.references if _is_shown(one.place, shown)]
    return {kind: _each_once(records) for kind, records in found.items()}


def _is_shown(place: Place, shown: Collection[str] | None) -> bool:
    return shown is None or place.path in shown


def _each_once(records: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return list({json.dumps(record, sort_keys=True): record for record in records}.values())


def _definition(definition: Definition) -> dict[str, Any]:
    place = definition.place
    return {
        "term": definition.term,
        "names": list(definition.names),
        "document": place.document,
        "clause": place.label,
        "anchor": definition.anchor,
        "scope": definition.scope.value,
        **({"scope_anchors": list(definition.scope_anchors)} if definition.scope_anchors else {}),
        "path": place.path,
        "line": place.line,
    }


def _use(use: Use) -> dict[str, Any]:
    return {"term": use.definition.term, "text": use.text, **_place(use.place), "clause": use.place.label}


def _reference(reference: Reference) -> dict[str, Any]:
    target = None
    if reference.target is not None:
        document, anchor = reference.target
        target = {"document": document, "anchor": anchor}
    return {"text": reference.text, "kind": reference.kind.value, **_place(reference.place), "target": target}


def _place(place: Place) -> dict[str, Any]:
    return {"path": place.path, "line": place.line, "column": place.column}
