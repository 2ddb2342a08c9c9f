"""The reference of settings, made from the code that reads them: `python -m engross.site.reference` prints it.

Each sentence in it is written where the setting is declared (`corpus/documents.py`, `corpus/models.py`,
`record/notes/schema.py`, `site/options.py`).
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator, Mapping
from textwrap import dedent
from typing import Any

from engross.corpus import documents_schema as documents_schema, models_schema as models_schema
from engross.record import notes_schema as notes_schema
from engross.site.options import EngrossConfig

Schema = Mapping[str, Any]

_HEAD = """\
---
terms: false
---

<!-- Made from the code by `make reference`. What a setting means is edited where it is declared. -->

# Settings

Every key that may be written, and no other: a key that is not listed here is refused, with the line it stands on.

"""
_OPTIONS = """\
## mkdocs.yml

What may stand under `engross:` in the list of plugins. All of it may be left out.

| key | default | what it is |
| --- | --- | --- |
"""
_ROWS = "| key | must be given | what is written | what it is |\n| --- | --- | --- | --- |\n"


def reference() -> str:
    """The whole page, as Markdown."""
    files = (
        ("documents.yml", documents_schema()),
        ("models.yml", models_schema()),
        ("Change note", notes_schema()),
    )
    return _HEAD + _OPTIONS + "".join(_options()) + "".join(part for name, file in files for part in _file(name, file))


def _options() -> Iterator[str]:
    """A row for each of the plugin's options; what it is, is the text that follows its declaration."""
    (declared,) = ast.parse(dedent(inspect.getsource(EngrossConfig))).body
    assert isinstance(declared, ast.ClassDef)
    said = {
        target.id: ast.literal_eval(text.value)
        for option, text in zip(declared.body, declared.body[1:], strict=False)
        if isinstance(option, ast.Assign) and isinstance(text, ast.Expr)
        for target in option.targets
        if isinstance(target, ast.Name)
    }
    for name, option in EngrossConfig._schema:
        yield f"| `{name}` | `{_written(option.default)}` | {_cell(said[name])} |\n"


def _file(name: str, schema: Schema) -> Iterator[str]:
    yield f"\n## {name}\n"
    yield from _object(schema, schema["$defs"], "")


def _object(schema: Schema, definitions: Schema, path: str) -> Iterator[str]:
    """The table of an object's keys, then those of the objects in it, each under the keys that lead to it."""
    if path:
        yield f"\n### {path}\n"
    yield f"\n{schema['description']}\n\n{_ROWS}"
    inner = []
    for key, value in schema["properties"].items():
        must = "yes" if key in schema.get("required", ()) else ""
        yield f"| `{key}` | {must} | {_kind(value, definitions)} | {_cell(value['description'])} |\n"
        found = _refers(value.get("items", value), definitions)
        if "properties" in found:
            inner.append((found, f"{path} › {key}" if path else key))
    for found, where in inner:
        yield from _object(found, definitions, where)


def _kind(value: Schema, definitions: Schema) -> str:
    """What is written for a value, in words."""
    found = _refers(value, definitions)
    if "anyOf" in found:
        return " or ".join(_kind(option, definitions) for option in found["anyOf"])
    if "enum" in found:
        return " or ".join(f"`{option}`" for option in found["enum"])
    if found["type"] == "array":
        inner = _refers(found["items"], definitions)
        return "a list of entries, see below" if "properties" in inner else f"a list: {_kind(inner, definitions)}"
    if found["type"] == "object" and "properties" not in found:
        return "names, each with its text"
    return _FORMATS.get(found.get("format", "")) or _TYPES[found["type"]]


_TYPES = {
    "string": "text",
    "boolean": "`true` or `false`",
    "integer": "a whole number",
    "object": "keys of its own, see below",
}
_FORMATS = {"date": "a day: `2026-01-31`", "uri": "an address: `https://…`"}


def _refers(value: Schema, definitions: Schema) -> Schema:
    """The definition that a value refers to, or the value itself."""
    found: Schema = definitions[value["$ref"].rpartition("/")[2]] if "$ref" in value else value
    return found


def _written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


if __name__ == "__main__":
    print(reference(), end="")
