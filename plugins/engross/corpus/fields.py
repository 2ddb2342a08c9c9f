"""The kinds of value that Engross's YAML files hold, each checked by itself, and the form of their JSON Schemas.

Text is text: pydantic's strict mode refuses the number, date or truth value that YAML made of an unquoted word.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    StringConstraints,
    TypeAdapter,
    WithJsonSchema,
)

from engross.corpus.addresses import https_mistake
from engross.corpus.mistakes import mistake
from engross.corpus.scalars import as_day
from engross.corpus.words import quoted, shown

FORBID = ConfigDict(extra="forbid")
"""Unknown keys are mistakes: a slip of the pen must not make a fact disappear."""

DRAFT = "https://json-schema.org/draft/2020-12/schema"

_ID = r"[a-z0-9][a-z0-9-]*"
_MODEL_ID = r"[a-z0-9][a-z0-9._-]*"
_SHA256 = r"[0-9a-f]{64}"


def _check_id(value: str) -> str:
    if not re.fullmatch(_ID, value):
        fix = re.sub(r"[^a-z0-9]+", "-", value.lower()).strip("-")
        raise mistake(f"an id is made of a to z, 0 to 9 and hyphens, not {shown(quoted(value))}", fix)
    return value


def _check_model_id(value: str) -> str:
    if not re.fullmatch(_MODEL_ID, value):
        fix = re.sub(r"[^a-z0-9._-]+", "-", value.lower()).strip("._-")
        raise mistake(
            f"an id is made of a to z, 0 to 9, hyphens, dots and underscores, not {shown(quoted(value))}", fix
        )
    return value


def _check_sha256(value: str) -> str:
    if not re.fullmatch(_SHA256, value):
        raise mistake(f"a SHA-256 is 64 of 0 to 9 and a to f, not {shown(quoted(value))}")
    return value


def _check_https(value: str) -> str:
    wrong = https_mistake(value)
    if wrong:
        raise mistake(
            f"{shown(value)} will not do: {wrong}", "https" + value[4:] if value.startswith("http://") else ""
        )
    return value


Text = Annotated[str, Strict(), StringConstraints(strip_whitespace=True, min_length=1)]
"""Text that is not empty."""

Id = Annotated[Text, AfterValidator(_check_id), WithJsonSchema({"type": "string", "pattern": f"^{_ID}$"})]
"""The id of a document or set, which stands in addresses and file names."""

ModelId = Annotated[
    Text, AfterValidator(_check_model_id), WithJsonSchema({"type": "string", "pattern": f"^{_MODEL_ID}$"})
]
"""The id of a model; versions in it keep their dots."""

Sha256 = Annotated[Text, AfterValidator(_check_sha256), WithJsonSchema({"type": "string", "pattern": f"^{_SHA256}$"})]
"""A SHA-256 in hexadecimal."""

Https = Annotated[
    Text, AfterValidator(_check_https), WithJsonSchema({"type": "string", "format": "uri", "pattern": "^https://"})
]
"""An absolute address that begins with https://."""

Days = Annotated[int, Strict(), Field(gt=0, le=1_000_000)]
"""A number of days, from any of which a calendar still has a day that many days later."""

Day = Annotated[date, Strict(), BeforeValidator(as_day)]
"""A day of the calendar, written 2026-01-31."""


def json_schema(schema: TypeAdapter[Any], title: str) -> dict[str, Any]:
    """The JSON Schema (2020-12) of a type. What is not known is absent, so that no value may be null."""
    return {"$schema": DRAFT, **_without_null(schema.json_schema()), "title": title}


def _without_null(schema: Any) -> Any:
    """The schema without "or null", and without the null that pydantic gives as a default."""
    if isinstance(schema, list):
        return [_without_null(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    rest = {key: _without_null(value) for key, value in schema.items() if not (key == "default" and value is None)}
    options = [option for option in rest.get("anyOf", ()) if option != {"type": "null"}]
    if len(options) == 1:
        return {**options[0], **{key: value for key, value in rest.items() if key != "anyOf"}}
    return rest
