"""Writes a review as JSON; review.schema.json next to the package's files describes the format."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files
from typing import Any

from pydantic import TypeAdapter

from engross.review.content import Review

SCHEMA = "review.schema.json"
SCHEMA_VERSION = 1
"""Raise it for changes that programs must know about."""


@lru_cache(maxsize=1)
def _adapter() -> TypeAdapter[Review]:
    return TypeAdapter(Review)


def to_json(review: Review) -> str:
    """Return a review as a JSON document that matches the schema."""
    value = {"schema_version": SCHEMA_VERSION, **_adapter().dump_python(review, mode="json")}
    return json.dumps(value, ensure_ascii=False, indent=2)


def make_schema() -> dict[str, Any]:
    """Return the JSON Schema of `to_json`; a test compares the published file with it."""
    made = _adapter().json_schema(mode="serialization")
    version = {"const": SCHEMA_VERSION, "title": "Schema Version", "type": "integer"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **made,
        "properties": {"schema_version": version, **made["properties"]},
        "required": ["schema_version", *made.get("required", [])],
    }


def schema() -> dict[str, Any]:
    """Return the published JSON Schema."""
    published: dict[str, Any] = json.loads(files("engross.review").joinpath(SCHEMA).read_text(encoding="utf-8"))
    return published
