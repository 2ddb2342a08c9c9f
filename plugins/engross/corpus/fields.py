"""Types of values in Engross's YAML files, each with its own checks, and the form of their JSON Schemas.

Paths and addresses are checked as text, without looking for files. Pydantic's strict mode refuses the number, date or
truth value that YAML makes of an unquoted word.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import PurePosixPath
from typing import Annotated, Any
from urllib.parse import quote, urlsplit

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    Strict,
    StringConstraints,
    TypeAdapter,
    WithJsonSchema,
)

import engross.common.lazy_re as re
from engross.common import quoted, shown
from engross.corpus.yaml_errors import mistake
from engross.corpus.yaml_scalars import Unclear, as_day
from engross.model import DocumentKind

MARKDOWN = (".md", ".markdown")
YAML = (".yml", ".yaml")

_HOST = re.compile(r"[\w-]+(\.[\w-]+)+")
_SEGMENT = re.compile(r"[\w~%-][\w.~%-]*")


def file_mistake(file: str) -> str:
    """Return why a path does not name a file inside the docs folder, or an empty string."""
    if "\\" in file:
        return "use / in a path, not \\"
    if file.startswith(("/", "~")) or re.match(r"[A-Za-z]:", file):
        return "write a path relative to the docs folder"
    if ".." in file.split("/"):
        return "the file must stay inside the docs folder"
    if any(not part.strip() or part.startswith(".") for part in file.split("/")):
        return "no part of a path may be empty or begin with a dot"
    return ""


def suffix_mistake(file: str, kind: DocumentKind) -> str:
    """Return why a file with that name cannot contain a document of that kind, or an empty string."""
    suffix = PurePosixPath(file).suffix.lower()
    if kind.has_rows:
        return "" if suffix in YAML else f"a {kind} is a YAML file (.yml or .yaml)"
    return "" if suffix in MARKDOWN else "a document is a Markdown file (.md or .markdown)"


def derived_address(file: str) -> str:
    """Return MkDocs' address for a docs file: agreement.md → agreement/, x/index.md → x/, index.md → ./."""
    path = PurePosixPath(file)
    parts = path.parts[:-1] if path.stem in ("index", "README") else path.with_suffix("").parts
    return quote("/".join(parts)) + "/" if parts else "./"


def address_mistake(address: str) -> tuple[str, str]:
    """Return why a text is not a relative address of a page, and a text to replace it; both empty if it is one."""
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|//", address):
        return "only a notice-only document is published elsewhere; write an address on this site", ""
    segments = address.removesuffix("/").split("/")
    if address != "./" and not all(_SEGMENT.fullmatch(segment) for segment in segments):
        return "write a relative address such as terms/", ""
    return ("", "") if address.endswith("/") else ("an address must end in /", f"{address}/")


def https_mistake(value: str) -> str:
    """Return what is wrong with an https address, or an empty string."""
    problem = "write an address that begins with https://"
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return problem
    is_valid = parts.scheme == "https" and host and _HOST.fullmatch(host) and not re.search(r"[\s\\<>\"]", value)
    if is_valid and (parts.username or parts.password):
        return "an address must not contain a user name or password"
    return "" if is_valid else problem


FORBID = ConfigDict(extra="forbid", defer_build=True)
"""Makes unknown keys an error, so that a misspelt key does not lose a fact."""

DRAFT = "https://json-schema.org/draft/2020-12/schema"

_ID = r"[a-z0-9][a-z0-9-]*"
_MODEL_ID = r"[a-z0-9][a-z0-9._-]*"
_SHA256 = r"[0-9a-f]{64}"
_LANGUAGE = r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*"


def _check_id(value: str) -> str:
    if not re.fullmatch(_ID, value):
        fix = re.sub(r"[^a-z0-9]+", "-", value.lower()).strip("-")
        raise mistake(f"an id may contain only a to z, 0 to 9 and hyphens, not {shown(quoted(value))}", fix)
    return value


def _check_model_id(value: str) -> str:
    if not re.fullmatch(_MODEL_ID, value):
        fix = re.sub(r"[^a-z0-9._-]+", "-", value.lower()).strip("._-")
        raise mistake(
            f"an id may contain only a to z, 0 to 9, hyphens, dots and underscores, not {shown(quoted(value))}", fix
        )
    return value


def _check_sha256(value: str) -> str:
    if not re.fullmatch(_SHA256, value):
        raise mistake(f"a SHA-256 has 64 characters from 0 to 9 and a to f, not {shown(quoted(value))}")
    return value


def _check_language(value: str) -> str:
    if not re.fullmatch(_LANGUAGE, value):
        raise mistake(f"write a language tag, such as de or de-CH, not {shown(quoted(value))}")
    return value


def _check_https(value: str) -> str:
    problem = https_mistake(value)
    if problem:
        raise mistake(
            f"{shown(value)} is not valid: {problem}", "https" + value[4:] if value.startswith("http://") else ""
        )
    return value


Text = Annotated[str, Strict(), StringConstraints(strip_whitespace=True, min_length=1)]


def listed(value: object) -> object:
    """Turn a single value into a list; lists and mappings stay as they are."""
    return value if isinstance(value, tuple | dict) else (value,)


Texts = Annotated[tuple[Text, ...], BeforeValidator(listed, json_schema_input_type=Text | tuple[Text, ...])]
"""One text, or a list of texts."""
"""Text with at least one visible character."""

Id = Annotated[Text, AfterValidator(_check_id), WithJsonSchema({"type": "string", "pattern": f"^{_ID}$"})]
"""The id of a document or set, which addresses and file names contain."""

ModelId = Annotated[
    Text, AfterValidator(_check_model_id), WithJsonSchema({"type": "string", "pattern": f"^{_MODEL_ID}$"})
]
"""The id of a model; it may contain dots, as versions do."""

Sha256 = Annotated[Text, AfterValidator(_check_sha256), WithJsonSchema({"type": "string", "pattern": f"^{_SHA256}$"})]
"""A SHA-256 in hexadecimal."""

Https = Annotated[
    Text,
    AfterValidator(_check_https),
    WithJsonSchema({"type": "string", "format": "uri", "pattern": r'^https://[^\s\\<>"]+$'}),
]
"""An absolute address that begins with https://."""

Language = Annotated[
    Text, AfterValidator(_check_language), WithJsonSchema({"type": "string", "pattern": f"^{_LANGUAGE}$"})
]
"""A language as BCP 47 names it."""


def _check_contact(value: str) -> str:
    address = value.removeprefix("mailto:")
    if address == value and "@" in value and "/" not in value:
        raise mistake("write an e-mail address after mailto:", f"mailto:{value}")
    if address == value:
        return _check_https(value)
    if not re.fullmatch(r"[^@\s<>\"]+@[\w-]+(\.[\w-]+)+", address):
        raise mistake(f"{shown(value)} is no e-mail address; write it such as mailto:legal@example.com")
    return value


Contact = Annotated[
    Text,
    AfterValidator(_check_contact),
    WithJsonSchema({"type": "string", "format": "uri", "pattern": r'^(https://|mailto:)[^\s\\<>"]+$'}),
]
"""An address that begins with https://, or an e-mail address after mailto:."""

Days = Annotated[int, Strict(), Field(gt=0, le=1_000_000)]
"""A number of days, small enough that adding it to any date stays within the calendar."""

Day = Annotated[date, Strict(), BeforeValidator(as_day)]
"""A date, written 2026-01-31."""

_MONTH = r"[0-9]{4}-(0[1-9]|1[0-2])"


def _check_day_or_month(value: object) -> date | str:
    day = as_day(value)
    if isinstance(day, date) or (isinstance(day, str) and re.fullmatch(_MONTH, day) and day[:4] != "0000"):
        return day
    written = shown(day.text if isinstance(day, Unclear) else str(day))
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", written):
        raise mistake(f"{written} is not a valid date")
    raise mistake(f"must be a date such as 2026-01-31 or a month such as 2026-01, not {written}")


DayOrMonth = Annotated[
    date | str,
    PlainValidator(_check_day_or_month),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "format": "date"},
                {"type": "string", "format": "month", "pattern": f"^{_MONTH}$"},
            ]
        },
    ),
]
"""A date, or a month written 2026-01 where the day is not known."""


def first_day(value: date | str) -> date:
    """Return the day from which a `DayOrMonth` counts: the first day of a month."""
    return value if isinstance(value, date) else date.fromisoformat(f"{value}-01")


def _check_price(value: str) -> str:
    if not re.fullmatch(r"(0|[1-9][0-9]*)(\.[0-9]+)?", value):
        raise mistake(f'write a price as digits in quotes, such as "0.50", not {shown(quoted(value))}')
    return value


Price = Annotated[
    Text, AfterValidator(_check_price), WithJsonSchema({"type": "string", "pattern": r"^(0|[1-9][0-9]*)(\.[0-9]+)?$"})
]
"""An amount of money as text, because a number would lose digits: "0.50"."""


@cache
def json_schema(schema: TypeAdapter[Any], title: str) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a type. Unknown facts are absent, so no value may be null.

    It is made once in a process, because each takes pydantic milliseconds; nobody may change it.
    """
    return {"$schema": DRAFT, **_without_null(schema.json_schema()), "title": title}


def written_schema(schema: TypeAdapter[Any], title: str) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a file that people write, for editors: as strict as the reader of the file.

    An empty value means that a fact is not known, and the reader removes white space around text.
    """
    return {"$schema": DRAFT, **_with_space(schema.json_schema()), "title": title}


def _with_space(schema: Any) -> Any:
    """Allow white space around the texts of a schema, but not white space alone."""
    if isinstance(schema, list):
        return [_with_space(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: _with_space(value) for key, value in schema.items() if not (key == "default" and value is None)}
    if found.get("format") == "date":
        found["pattern"] = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
    elif "pattern" in found:
        found["pattern"] = _spaced(found["pattern"])
    elif found.pop("minLength", 0):
        found["pattern"] = r"\S"
    if named := found.pop("patternProperties", None):
        found |= {"patternProperties": {_spaced(key): value for key, value in named.items()}}
        found["additionalProperties"] = False
    return found


def _spaced(pattern: str) -> str:
    return rf"^\s*{pattern.removeprefix('^').removesuffix('$')}\s*$"


def _without_null(schema: Any) -> Any:
    """Remove from a schema "or null" and the null that pydantic sets as a default."""
    if isinstance(schema, list):
        return [_without_null(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    rest = {key: _without_null(value) for key, value in schema.items() if not (key == "default" and value is None)}
    options = [option for option in rest.get("anyOf", ()) if option != {"type": "null"}]
    if len(options) == 1:
        return {**options[0], **{key: value for key, value in rest.items() if key != "anyOf"}}
    return {**rest, "anyOf": options} if options else rest
