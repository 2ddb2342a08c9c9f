"""The JSON Schemas for editors: current, complete, and as strict as the reader of the files."""

import copy
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from pydantic import TypeAdapter, ValidationError
from ruamel.yaml import YAML

from engross.common import EngrossError
from engross.corpus.catalogue import CatalogueFile
from engross.corpus.fields import DRAFT
from engross.corpus.settings_file import SettingsFile
from engross.corpus.ui_text import read_own
from engross.record.notes.schema import NoteFile
from engross.record.source_schemas import FOLDER, schema_files, source_schemas

ROOT = Path(__file__).parents[2]
SCHEMAS = source_schemas()
TYPES: dict[str, TypeAdapter[Any]] = {
    "documents": TypeAdapter(SettingsFile),
    "models": TypeAdapter(CatalogueFile),
    "note": TypeAdapter(NoteFile),
}
VALUES: tuple[Any, ...] = (
    None, "", " ", "x", " agreement ", "Agreement", "agreement@3", " a@1 ", "a@0", "2026-01-31", "0123456789ab",
    "https://example.com", " https://example.com/a?b#c ", "http://example.com", "true", 0, 1, -1, 2_000_000, 2.5, True,
    False, [], {}, ["x"], [" "], ["x", "x"], [["x"]], [1], [None], {"x": "y"}, {"x": ""}, {" ": "y"}, {"x": 1}, [{}],
)  # fmt: skip


def files(name: str) -> list[Any]:
    """Files of the tests and of the project, as the values of their YAML."""
    if name == "note":
        texts = [path.read_text("utf-8").split("---\n")[1] for path in sorted((ROOT / "docs" / "changes").glob("*.md"))]
        texts += [path.read_text("utf-8").split("---\n")[1] for path in _tour("changes/*.md")]
    else:
        paths = [ROOT / "docs" / f"{name}.yml", *_tour(f"{name}.yml"), *sorted(_CASES.glob(f"{name}-*.yml"))]
        texts = [path.read_text("utf-8") for path in paths]
    found = []
    for text in texts:
        try:
            found.append(YAML(typ="safe", pure=True).load(text))
        except Exception:  # a case of broken YAML, or of a day that is none
            continue
    return [one for one in found if isinstance(one, dict)]


_CASES = ROOT / "tests" / "corpus" / "cases"


def _tour(pattern: str) -> list[Path]:
    return sorted((ROOT / "tests/released/0.1/tour/docs").glob(pattern))


def mutations(value: Any) -> Iterator[Any]:
    """The value with each part replaced, removed, or given a key that there is not."""
    for path in paths(value):
        *above, last = path
        for new in VALUES:
            changed = copy.deepcopy(value)
            part = changed
            for step in above:
                part = part[step]
            part[last] = copy.deepcopy(new)
            yield changed
        changed = copy.deepcopy(value)
        part = changed
        for step in above:
            part = part[step]
        del part[last]
        yield changed


def paths(value: Any) -> Iterator[tuple[Any, ...]]:
    """Each key and the first item of each list, each with the path to it."""
    steps = value.items() if isinstance(value, dict) else enumerate(value[:1]) if isinstance(value, list) else ()
    for step, below in steps:
        yield (step,)
        yield from ((step, *rest) for rest in paths(below))


def as_read(value: Any) -> Any:
    """A value as Engross reads it from YAML: lists do not change."""
    if isinstance(value, dict):
        return {key: as_read(below) for key, below in value.items()}
    return tuple(map(as_read, value)) if isinstance(value, list) else value


def as_json(value: Any) -> Any:
    """A value as an editor reads it from YAML: a day is text."""
    return json.loads(json.dumps(value, default=lambda day: day.isoformat() if isinstance(day, date) else str(day)))


def own_rules(name: str, value: Any) -> list[str] | None:
    """The errors of the reader that a schema can express; None if the value is read without any error."""
    try:
        TYPES[name].validate_python(as_read(value))
    except ValidationError as found:
        # A mistake has a message of its own: an unknown licence, a day that is no day, an address without a host.
        return [one["type"] for one in found.errors() if one["type"] != "mistake"]
    return None


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[] if name == "documents" else [pytest.mark.long]) for name in TYPES]
)
def test_a_schema_is_as_strict_as_the_reader(name: str, whole: bool) -> None:
    validator = Draft202012Validator(SCHEMAS[name])
    given = files(name)
    # Each key once: from the file that has the most.
    tried = [*given, *mutations(max(given, key=lambda one: len(list(paths(one)))))]
    tried += [{**given[0], key: value} for key in SCHEMAS[name]["properties"] for value in VALUES]
    assert len(tried) > 500
    wrong = []
    for value in tried if whole else tried[::4]:
        errors, valid = own_rules(name, value), validator.is_valid(as_json(value))
        if (errors is None and not valid) or (errors and valid):
            wrong.append((errors, value))
    assert wrong == []


@pytest.mark.parametrize("name", TYPES)
def test_each_example_is_accepted(name: str) -> None:
    definitions = SCHEMAS[name]["$defs"]
    for table in (SCHEMAS[name], *definitions.values()):
        for key, part in table.get("properties", {}).items():
            assert part["description"]
            if "$ref" in json.dumps(part) and "examples" not in part:
                continue  # an object, whose keys have examples
            validator = Draft202012Validator({**part, "$defs": definitions})
            assert part["examples"], key
            for example in part["examples"]:
                validator.validate(example)


def test_the_words_of_pages() -> None:
    shape = SCHEMAS["words"]
    assert shape["properties"]["link_to"]["examples"] == ["Link to {label}"]
    assert shape["properties"]["link_to"]["description"].startswith("Read out for the ¶ link beside a clause")
    assert all(part.get("description") for part in shape["properties"].values())


@pytest.mark.parametrize(
    "text",
    [
        "link_to: Zu {label}", "link_to: Zu", "link_to: Zu {name}", "link_to: Zu {label", "link_to: 1", "link_to: ''",
        "no_such_key: x", "documents: x", "search: 'a {label}'", "search:", "search: [x]",
    ],
)  # fmt: skip
def test_the_words_are_read_as_strictly(text: str, tmp_path: Path) -> None:
    path = tmp_path / "words.yml"
    path.write_text(text, encoding="utf-8")
    try:
        read_own(path)
        read = True
    except EngrossError:
        read = False
    assert Draft202012Validator(SCHEMAS["words"]).is_valid(YAML(typ="safe", pure=True).load(text)) is read


@pytest.mark.parametrize("name", SCHEMAS)
def test_schemas_are_valid(name: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[name])
    assert SCHEMAS[name]["$schema"] == DRAFT


def test_the_package_has_the_schemas_of_this_version() -> None:
    assert {
        path.relative_to(FOLDER).as_posix(): path.read_text("utf-8") for path in FOLDER.rglob("*.json")
    } == schema_files(), "run make reference"
