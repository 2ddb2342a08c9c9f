"""A sealed version's tree as a file, and back. What has its usual value is left out, to keep many of them small."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from engross.model import Alias, Tree, TreeClause
from engross.record.canonical import canonical

FORMAT = 1
Read = TypeVar("Read")


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


def read_tree(data: bytes, number: int) -> Tree:
    """The tree of version `number` that such bytes hold; they were checked against their hash before.

    Raises ValueError, in words, where they hold none: a hash says who wrote the bytes, not that they are a tree.
    """
    try:
        value = json.loads(data.decode("utf-8"))
        # A backslash can stand for half a character, which no page can hold.
        if b"\\" in data and canonical(value) + b"\n" != data:
            raise ValueError
    except (ValueError, RecursionError):
        raise ValueError("it is no canonical JSON") from None
    if not isinstance(value, dict) or type(value.get("format")) is not int or value["format"] != FORMAT:
        raise ValueError(f"it is no tree of format {FORMAT}")
    following = value.get("next")
    if type(following) is not int or following < 1:
        raise ValueError('its "next" is no number from 1')
    return Tree(
        tuple(_read_each(value, "clauses", _read_clause, number)),
        tuple(_read_each(value, "aliases", _read_alias, number)),
        following,
        _read_last(value.get("reused"), "reused", number),
        _read_former(value.get("former", {}), number),
    )


def _read_each(value: dict[str, Any], name: str, read: Callable[[Any, int], Read], number: int) -> Iterator[Read]:
    rows = value.get(name)
    if not isinstance(rows, list):
        raise ValueError(f'its "{name}" is no list')
    for at, row in enumerate(rows, 1):
        try:
            yield read(row, number)
        except (ValueError, KeyError, TypeError, AttributeError):
            raise ValueError(f'item {at} of its "{name}" is not as Engross writes it') from None


def _read_last(value: object, name: str, number: int) -> dict[str, int]:
    if not isinstance(value, dict) or not all(type(last) is int and 0 < last < number for last in value.values()):
        raise ValueError(f'its "{name}" does not give an earlier version for each anchor')
    return value


def _read_former(value: object, number: int) -> dict[str, tuple[str, int]]:
    if not isinstance(value, dict) or not all(
        isinstance(one, list) and len(one) == 2 and type(one[0]) is str for one in value.values()
    ):
        raise ValueError('its "former" does not give a hash and a version for each anchor')
    _read_last({anchor: last for anchor, (_, last) in value.items()}, "former", number)
    return {anchor: (words, last) for anchor, (words, last) in value.items()}


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


def _read_clause(value: dict[str, Any], number: int) -> TreeClause:
    get, since = value.get, value["since"]
    own, anchor, label, kind, words = value["id"], value["anchor"], value["label"], value["kind"], value["words"]
    changed, called, named = get("changed", since), get("called", since), get("named", False)
    if not (type(own) is type(anchor) is type(label) is type(kind) is type(words) is str and type(named) is bool):
        raise ValueError
    if not (type(since) is type(changed) is type(called) is int and 0 < since <= changed <= number >= called >= since):
        raise ValueError
    return TreeClause(own, anchor, label, kind, words, since, changed, called, named)


def _alias_json(alias: Alias) -> dict[str, Any]:
    value: dict[str, Any] = {"anchor": alias.anchor, "gone": alias.gone}
    if alias.clause:
        value["clause"] = alias.clause
    return {**value, "leads": alias.leads} if alias.leads else value


def _read_alias(value: dict[str, Any], number: int) -> Alias:
    anchor, gone, clause, leads = value["anchor"], value["gone"], value.get("clause", ""), value.get("leads", "")
    if not (type(anchor) is type(clause) is type(leads) is str and type(gone) is int and 0 < gone <= number):
        raise ValueError
    return Alias(anchor, gone, clause, leads)
