"""A sealed version's tree as a file, and back. What has its usual value is left out, to keep many of them small."""

from __future__ import annotations

import json
from typing import Any

from engross.model import Alias, Tree, TreeClause
from engross.record.canonical import canonical

FORMAT = 1


def tree_bytes(tree: Tree) -> bytes:
    """The bytes of a tree: canonical JSON on one line."""
    value: dict[str, Any] = {
        "format": FORMAT,
        "next": tree.next,
        "clauses": [_clause_json(clause) for clause in tree.clauses],
        "aliases": [_alias_json(alias) for alias in tree.aliases],
        "reused": dict(tree.reused),
    }
    if tree.former:
        value["former"] = {anchor: [words, last] for anchor, (words, last) in tree.former.items()}
    return canonical(value) + b"\n"


def read_tree(data: bytes) -> Tree:
    """The tree that such bytes hold; they were checked against their hash before."""
    value = json.loads(data)
    return Tree(
        tuple(_read_clause(one) for one in value["clauses"]),
        tuple(_read_alias(one) for one in value["aliases"]),
        value["next"],
        value["reused"],
        {anchor: (words, last) for anchor, (words, last) in value.get("former", {}).items()},
    )


def _clause_json(clause: TreeClause) -> dict[str, Any]:
    value: dict[str, Any] = {
        "id": clause.id,
        "anchor": clause.anchor,
        "label": clause.label,
        "kind": clause.kind,
        "words": clause.words,
        "since": clause.since,
    }
    for name in ("changed", "called"):
        if getattr(clause, name) != clause.since:
            value[name] = getattr(clause, name)
    return {**value, "named": True} if clause.named else value


def _read_clause(value: dict[str, Any]) -> TreeClause:
    since = value["since"]
    return TreeClause(
        value["id"],
        value["anchor"],
        value["label"],
        value["kind"],
        value["words"],
        since,
        value.get("changed", since),
        value.get("called", since),
        value.get("named", False),
    )


def _alias_json(alias: Alias) -> dict[str, Any]:
    value: dict[str, Any] = {"anchor": alias.anchor, "gone": alias.gone}
    if alias.clause:
        value["clause"] = alias.clause
    return {**value, "leads": alias.leads} if alias.leads else value


def _read_alias(value: dict[str, Any]) -> Alias:
    return Alias(value["anchor"], value["gone"], value.get("clause", ""), value.get("leads", ""))
