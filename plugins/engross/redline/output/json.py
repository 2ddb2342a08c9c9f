"""Converts a script to JSON; redline.schema.json next to the package's files describes the format.

Fields with their default value (no styles, no children, no facts) are left out.
"""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files
from typing import Any

from pydantic import TypeAdapter

from engross.common import value_class
from engross.redline.changes import find_changes
from engross.redline.script import SCHEMA_VERSION, Block, Counts, Fact, Move, Redline, Segment

SCHEMA = "redline.schema.json"


@value_class(frozen=True, slots=True)
class JsonChange:
    """One change in the list of changes. Lines are 1-based: first and last, 0 if there are none."""

    number: int
    where: str
    kinds: tuple[str, ...]
    old: str = ""
    new: str = ""
    facts: tuple[Fact, ...] = ()
    old_lines: tuple[int, int] = (0, 0)
    new_lines: tuple[int, int] = (0, 0)


@value_class(frozen=True, slots=True)
class JsonRedline:
    """A redline between two texts. With `only_changes`, `segments` and `blocks` are left out.

    `unread` names what differs in HTML tags and front matter, which are not compared.
    """

    schema_version: int
    old: str
    new: str
    is_empty: bool
    is_visible: bool
    counts: Counts
    changes: tuple[JsonChange, ...]
    moves: tuple[Move, ...] = ()
    segments: tuple[Segment, ...] = ()
    blocks: tuple[Block, ...] = ()
    unread: tuple[str, ...] = ()


@lru_cache(maxsize=1)
def _adapter() -> TypeAdapter[JsonRedline]:
    return TypeAdapter(JsonRedline)


def to_json(script: Redline, *, only_changes: bool = False) -> dict[str, Any]:
    """Return the script as plain values that match the schema."""
    value = JsonRedline(
        SCHEMA_VERSION,
        script.old,
        script.new,
        script.is_empty,
        script.is_visible,
        script.counts,
        tuple(_changes(script)),
        script.moves,
        () if only_changes else script.segments,
        () if only_changes else script.blocks,
        script.unread,
    )
    plain: dict[str, Any] = _adapter().dump_python(value, mode="json", exclude_defaults=True)
    return plain


def make_schema() -> dict[str, Any]:
    """Return the JSON Schema of `to_json`; a test compares the published file with it."""
    made = _adapter().json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Redline", **made}


def schema() -> dict[str, Any]:
    """Return the published JSON Schema."""
    published: dict[str, Any] = json.loads(files("engross.redline").joinpath(SCHEMA).read_text(encoding="utf-8"))
    return published


def _changes(script: Redline) -> list[JsonChange]:
    return [
        JsonChange(
            change.number,
            change.where,
            tuple(change.kinds),
            change.old,
            change.new,
            tuple(change.facts),
            _lines([block.old.lines for block in change.blocks if block.old]),
            _lines([block.new.lines for block in change.blocks if block.new]),
        )
        for change in find_changes(script)
    ]


def _lines(spans: list[tuple[int, int]]) -> tuple[int, int]:
    return (min(first for first, _ in spans), max(last for _, last in spans)) if spans else (0, 0)
