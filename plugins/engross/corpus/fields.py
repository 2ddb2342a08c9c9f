"""The kinds of value that Engross's YAML files hold, with the rules for paths and addresses.

Where a document's file is and where it is published: the rules for paths and addresses, checked as text.

The kinds of value that Engross's YAML files hold, each checked by itself, and the form of their JSON Schemas.

Text is text: pydantic's strict mode refuses the number, date or truth value that YAML made of an unquoted word.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import PurePosixPath
from typing import Annotated, Any
from urllib.parse import quote, urlsplit

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

from engross.common import quoted, shown
from engross.corpus.yaml_errors import mistake
from engross.corpus.yaml_scalars import as_day
from engross.model import DocumentKind

MARKDOWN = (".md", ".markdown")
YAML = (".yml", ".yaml")

_HOST = re.compile(r"[\w-]+(\.[\w-]+)+")
_SEGMENT = re.compile(r"[\w~%-][\w.~%-]*")


def file_mistake(file: str) -> str:
    """Why a path does not name a file inside the docs folder, or an empty string."""
    if "\\" in file:
        return "a path is written with /, not with \\"
    if file.startswith(("/", "~")) or re.match(r"[A-Za-z]:", file):
        return "a path relative to the docs folder is wanted"
    if ".." in file.split("/"):
        return "the file must stay inside the docs folder"
    if any(not part.strip() or part.startswith(".") for part in file.split("/")):
        return "no part of a path may be empty or begin with a dot"
    return ""


def suffix_mistake(file: str, kind: DocumentKind) -> str:
    """Why a file cannot hold a document of that kind, going by its name, or an empty string."""
    suffix = PurePosixPath(file).suffix.lower()
    if kind is DocumentKind.CATALOGUE:
        return "" if suffix in YAML else "a catalogue is a YAML file (.yml or .yaml)"
    return "" if suffix in MARKDOWN else "a document is a Markdown file (.md or .markdown)"


def derived_address(file: str) -> str:
    """The address that MkDocs gives to a docs file: agreement.md → agreement/, x/index.md → x/, index.md → ./."""
    path = PurePosixPath(file)
    parts = path.parts[:-1] if path.stem in ("index", "README") else path.with_suffix("").parts
    return quote("/".join(parts)) + "/" if parts else "./"


def address_mistake(address: str) -> tuple[str, str]:
    """Why a text is no relative address of a page, and the text to paste; both empty where it is one."""
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|//", address):
        return "only a notice-only document is published elsewhere; an address on this site is wanted", ""
    segments = address.removesuffix("/").split("/")
    if address != "./" and not all(_SEGMENT.fullmatch(segment) for segment in segments):
        return "a relative address such as terms/ is wanted", ""
    return ("", "") if address.endswith("/") else ("an address ends in /", f"{address}/")


def https_mistake(value: str) -> str:
    """What is wrong with an address that should begin with https://, or an empty string."""
    wrong = "an address that begins with https:// is wanted"
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return wrong
    sound = parts.scheme == "https" and host and _HOST.fullmatch(host) and not re.search(r"[\s\\<>\"]", value)
    if sound and (parts.username or parts.password):
        return "an address must not hold a user name or password"
    return "" if sound else wrong


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
