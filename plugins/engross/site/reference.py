"""The manual's pages about settings and JSON files, made from the code that reads and writes them.

`python -m engross.site.reference settings` and `… json-files` print them. Every sentence about a setting or a field is
written where that setting or field is declared.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
from collections.abc import Iterator, Mapping
from textwrap import dedent
from typing import Any

from engross.corpus import catalogue_schema, documents_schema, models_schema
from engross.drafting import check_example, to_json
from engross.record import notes_schema, published_schemas
from engross.redline import make_schema
from engross.site.options import EngrossConfig

Schema = Mapping[str, Any]

MADE = "<!-- Generated from the code by `make reference`. Edit the text where the code declares it. -->\n\n"
_SETTINGS = """\
# Settings

This page lists every key that Engross reads. Engross refuses a key that is not listed here, and names its line.

## mkdocs.yml

These keys go under `engross:` in the list of plugins. All of them are optional.

| Key | Default | Meaning |
| --- | --- | --- |
"""
_ROWS = "| Key | Required | Value | Meaning |\n| --- | --- | --- | --- |\n"
_JSON = """\
# JSON files

A site that Engross builds publishes these files for programs. Addresses are relative to the site's address. Times are
in UTC. A value that is not known is left out.

Each file has a JSON Schema (draft 2020-12), which the site publishes too. `schema_version` rises when a change of a
file can break a program that reads it.

The ledger itself, `record/ledger.jsonl`, is specified in `RECORD-FORMAT.md` in the repository.
"""
_FILES = {
    "manifest": ("manifest.json", "`manifest.json`"),
    "upcoming": ("upcoming.json", "`upcoming.json`"),
    "acceptance": ("Acceptance record", "`acceptance/<document>.json` and `acceptance/sets/<set>.json`"),
    "version": ("Version", "`<document>/versions/<n>.json`"),
    "clauses": ("Clauses of all versions", "`<document>/versions/clauses.json`"),
    "versions": ("All versions", "`<document>/versions/versions.json`"),
    "redline": ("Changes between two versions", "`<document>/versions/<n>/from-<m>.json`"),
    "terms": ("Defined terms", "`sets/<set>/terms.json`"),
    "hashes": ("Hashes of files", "`record/hashes.json`"),
    "change": ("Change", "the key `_engross` of each item in `feeds/<name>.json` (JSON Feed)"),
}
_SHARED = "\n## Objects in these files\n\nThe files above and `models.json` share these objects.\n"
_EXAMPLE = "Customer pays the the fee.\n"
_FINDINGS = """
## Findings of the check

`engross check --format json` prints an object like this one. A value that does not apply is an empty string or 0.

```json
{json}
```
"""


def settings_page() -> str:
    """Return the page of settings, as Markdown."""
    files = (
        ("documents.yml", documents_schema()),
        ("models.yml", models_schema()),
        ("Change note", notes_schema()),
    )
    return MADE + _SETTINGS + "".join(_options()) + "".join(part for name, file in files for part in _file(name, file))


def json_files_page() -> str:
    """Return the page of JSON files, as Markdown."""
    schemas = {**published_schemas(), "models": catalogue_schema()}
    redline = make_schema()
    findings = to_json([one.diagnostic for one in check_example(_EXAMPLE)])
    parts = [MADE, _JSON]
    for name, (title, where) in _FILES.items():
        about = f"Address: {where}. Schema: `schemas/{name}.schema.json`."
        parts += [f"\n## {title}\n\n{about}\n", *_keys(schemas[name], schemas[name].get("$defs", {}))]
    about = "Address: the page of the model list, with `.json` at its end. Schema: the same, with `.schema.json`."
    parts += [f"\n## models.json\n\n{about}\n", *_keys(schemas["models"], schemas["models"]["$defs"])]
    shared = {name: found for schema in schemas.values() for name, found in schema.get("$defs", {}).items()}
    parts += [_SHARED, *_objects(shared)]
    about = "`engross diff --format json` prints it. Its schema is in the package, beside the module that writes it."
    parts += [f"\n## Redline\n\n{about}\n", *_keys(redline, redline["$defs"]), *_objects(redline["$defs"])]
    return "".join([*parts, _FINDINGS.format(json=findings)])


def _options() -> Iterator[str]:
    """A row for each of the plugin's options; its meaning is the text that follows its declaration."""
    (declared,) = ast.parse(dedent(inspect.getsource(EngrossConfig))).body
    assert isinstance(declared, ast.ClassDef)
    described = {
        target.id: ast.literal_eval(text.value)
        for option, text in zip(declared.body, declared.body[1:], strict=False)
        if isinstance(option, ast.Assign) and isinstance(text, ast.Expr)
        for target in option.targets
        if isinstance(target, ast.Name)
    }
    for name, option in EngrossConfig._schema:
        yield f"| `{name}` | `{_written(option.default)}` | {_cell(described[name])} |\n"


def _file(name: str, schema: Schema) -> Iterator[str]:
    yield f"\n## {name}\n"
    yield from _nested(schema, schema["$defs"], "")


def _nested(schema: Schema, definitions: Schema, path: str) -> Iterator[str]:
    """The table of an object's keys, then those of the objects in it, each under the keys that lead to it."""
    if path:
        yield f"\n### {path}\n"
    # Here the path names an object, and the name that the code has for it does not matter.
    for row in _keys(schema, definitions):
        yield re.sub(r"(an object|a list of objects): \w+", r"\1, see below", row)
    for key, value in schema["properties"].items():
        for found in _inner(value, definitions):
            yield from _nested(found, definitions, f"{path} › {key}" if path else key)


def _inner(value: Schema, definitions: Schema) -> Iterator[Schema]:
    """The kind of object that a value is, or that it contains in a list or under names; each once."""
    found = _refers(value, definitions)
    if "properties" in found:
        yield found
        return
    options = [*found.get("anyOf", ()), found.get("items"), found.get("additionalProperties")]
    each = (one for option in options if isinstance(option, Mapping) for one in _inner(option, definitions))
    yield from {one["title"]: one for one in each}.values()


def _objects(definitions: Schema) -> Iterator[str]:
    """A section for each object among some definitions."""
    for name, found in sorted(definitions.items()):
        if "properties" in found:
            yield f"\n### {name}\n"
            yield from _keys(found, definitions)


def _keys(schema: Schema, definitions: Schema) -> Iterator[str]:
    """What an object is, and the table of its keys."""
    yield f"\n{_cell(schema['description'])}\n\n{_ROWS}"
    for key, value in schema["properties"].items():
        must = "yes" if key in schema.get("required", ()) else ""
        found = _refers(value, definitions)
        meaning = value.get("description") or found.get("description", "")
        yield f"| `{key}` | {must} | {_kind(value, definitions)} | {_cell(meaning)} |\n"


def _kind(value: Schema, definitions: Schema) -> str:
    """Describe in words which value is written."""
    found = _refers(value, definitions)
    if "anyOf" in found:
        return " or ".join(_kind(option, definitions) for option in found["anyOf"])
    if "enum" in found:
        return " or ".join(f"`{option}`" for option in found["enum"])
    if "const" in found:
        return f"`{found['const']}`"
    if "prefixItems" in found:
        return "a pair: " + " and ".join(_kind(item, definitions) for item in found["prefixItems"])
    if found.get("type") == "array":
        inner = _kind(found["items"], definitions)
        if inner.startswith("an object:"):
            return inner.replace("an object", "a list of objects", 1)
        return f"a list, each item {inner}" if "anyOf" in found["items"] else f"a list: {inner}"
    if "properties" in found:
        return f"an object: {found['title']}"
    if "$ref" in str(found.get("additionalProperties", "")):
        return f"names, each with {_kind(found['additionalProperties'], definitions)}"
    return _FORMATS.get(found.get("format", "")) or _TYPES[found.get("type", "")]


_TYPES = {
    "": "any value",
    "string": "text",
    "boolean": "`true` or `false`",
    "integer": "a whole number",
    "number": "a number",
    "null": "`null`",
    "object": "names, each with its text",
}
_FORMATS = {
    "date": "a day: `2026-01-31`",
    "month": "a month: `2026-01`",
    "date-time": "a time: `2026-01-31T09:00:00Z`",
    "uri": "an address: `https://…`",
    "uri-reference": "an address",
}


def _refers(value: Schema, definitions: Schema) -> Schema:
    """The definition that a value refers to, or that its only object refers to; otherwise the value itself."""
    for one in (value, *value.get("anyOf", ())):
        if "$ref" in one:
            found: Schema = definitions[one["$ref"].rpartition("/")[2]]
            return found
    return value


def _written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


PAGES = {"settings": settings_page, "json-files": json_files_page}
"""The pages, by the name under which the manual has them."""

if __name__ == "__main__":
    print(PAGES[sys.argv[1]](), end="")
