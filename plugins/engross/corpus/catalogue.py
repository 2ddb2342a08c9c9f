"""The catalogue of models: read from YAML, checked, and each model's stage on a given day.

`models` says what may be written; here stand the rules that tie one fact to another. `published` makes the JSON and
the tree of clauses from it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any

from pydantic import TypeAdapter

from engross.corpus.fields import json_schema
from engross.corpus.licences import CUSTOM
from engross.corpus.models import CatalogueFile, Model, Stage
from engross.corpus.repeats import repeated, written
from engross.corpus.words import meant, nearest, shown
from engross.corpus.yaml import KeyPath, YamlFile, read, require
from engross.model import Diagnostic, Source

_FILE = TypeAdapter(CatalogueFile)
_DAYS = ("preview", "ga", "deprecated", "retires")


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The models, and what is said of the list as a whole; `file` knows where each fact stands."""

    models: tuple[Model, ...]
    illustrative: bool
    note: str
    file: YamlFile = field(repr=False, compare=False)

    def model(self, id: str) -> Model:
        """The model with that id; KeyError where there is none."""
        for model in self.models:
            if model.id == id:
                return model
        raise KeyError(id)


def read_catalogue(source: Source) -> Catalogue:
    """The catalogue that a YAML text holds. Raises EngrossError with every mistake in it that no date decides."""
    reading = read(source, _FILE)
    findings = list(reading.findings)
    if reading.file:
        findings += _check_names(reading.file)
        known = [model for _, model in written(reading.file, "models", "id")]
        for path in reading.file.items(("models",)):
            findings += _check_licence(reading.file, (*path, "eula"))
            findings += _check_days(reading.file, (*path, "lifecycle"))
            findings += _check_replacement(reading.file, path, known)
    file, catalogue = require(reading, findings)
    return Catalogue(catalogue.models, catalogue.illustrative, catalogue.note or "", file)


def schema() -> dict[str, Any]:
    """The JSON Schema of the catalogue's YAML file."""
    return json_schema(_FILE, "models.yml")


def stage(model: Model, as_of: date) -> Stage | None:
    """Where a model stands on a day; None where no day of its life is known. Before its end, one is available."""
    life = dict(model.lifecycle.days) if model.lifecycle else {}
    if not life:
        return None
    reached = [name for name, day in life.items() if day <= as_of]
    if reached:
        return _STAGES[reached[-1]]
    return Stage.ANNOUNCED if "preview" in life or "ga" in life else Stage.AVAILABLE


_STAGES = {
    "preview": Stage.PREVIEW,
    "ga": Stage.AVAILABLE,
    "deprecated": Stage.DEPRECATED,
    "retires": Stage.RETIRED,
}


def check_catalogue(catalogue: Catalogue, as_of: date) -> list[Diagnostic]:
    """A diagnostic for each model that is to be replaced, on that day, by one that is retired itself."""
    found = []
    for index, model in enumerate(catalogue.models):
        replacement = model.lifecycle.replacement if model.lifecycle else None
        leaving = stage(model, as_of) in (Stage.DEPRECATED, Stage.RETIRED)
        if leaving and replacement and stage(catalogue.model(replacement), as_of) is Stage.RETIRED:
            path = ("models", index, "lifecycle", "replacement")
            found.append(catalogue.file.mistake(path, f"{replacement} is retired itself; name one that is live"))
    return found


def _check_names(file: YamlFile) -> Iterator[Diagnostic]:
    """That no two models have one id, or one name in requests."""
    yield from repeated(file, written(file, "models", "id"))
    yield from repeated(file, written(file, "models", "api_id"))


def _check_licence(file: YamlFile, path: KeyPath) -> Iterator[Diagnostic]:
    """That a licence outside the SPDX list says what it is called and where it can be read."""
    name = file.text((*path, "spdx"))
    for key in ("name", "url"):
        if CUSTOM in name and file.node((*path, key)) is None:
            yield file.mistake((*path, key), f"is missing, and {shown(name)} is a licence that SPDX does not list")


def _check_days(file: YamlFile, path: KeyPath) -> Iterator[Diagnostic]:
    """That no stage of a model's life begins before the one that precedes it."""
    known = [(key, day) for key in _DAYS if (day := file.day((*path, key)))]
    for (before, first), (after, second) in pairwise(known):
        if second < first:
            yield file.mistake((*path, after), f"{second} is before {before}, {first}")


def _check_replacement(file: YamlFile, path: KeyPath, known: list[str]) -> Iterator[Diagnostic]:
    """That a model is replaced by another model of the catalogue."""
    at = (*path, "lifecycle", "replacement")
    name = file.text(at)
    if name and name == file.text((*path, "id")):
        yield file.mistake(at, f"{shown(name)} is this model itself")
    elif name and name not in known:
        yield file.mistake(at, f"there is no model {shown(name)}{meant(name, known)}", fix=nearest(name, known))
