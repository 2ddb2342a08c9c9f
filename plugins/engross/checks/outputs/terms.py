"""What binding found, as plain values and JSON: definitions, uses, references."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from typing import Any

from engross.model import Binding, Definition, Place, Reference, Use


def terms_json(bindings: Iterable[Binding], shown: Collection[str] | None = None) -> str:
    """All definitions, uses and references as a JSON document; of the files `shown` only, where that is given.

    A document that several sets share is told once for each set in which its words mean something else.
    """
    document = terms_record(bindings, shown)
    return json.dumps(document, ensure_ascii=False, indent=2)


def terms_record(bindings: Iterable[Binding], shown: Collection[str] | None = None) -> dict[str, list[dict[str, Any]]]:
    """The same as plain values."""
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
