"""The list of models: read, checked, and in the forms that are published.

The catalogue of models: read from YAML, checked, and each model's stage on a given day.

`models` says what may be written; here stand the rules that tie one fact to another. `published` makes the JSON and
the tree of clauses from it.

The catalogue as others take it: `models.json` with its JSON Schema, and a tree of clauses like any document's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise
from typing import Any, Literal

from pydantic import Field, TypeAdapter
from pydantic.dataclasses import dataclass as pydantic_dataclass

from engross.common import meant, nearest, shown
from engross.corpus.fact_table import FACTS
from engross.corpus.fields import FORBID, Day, Text, json_schema
from engross.corpus.models import CUSTOM, CatalogueFile, Model, Stage
from engross.corpus.yaml import KeyPath, YamlFile, read, repeated, require, written
from engross.model import Clause, ClauseKind, Diagnostic, Inline, Source

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


def models_schema() -> dict[str, Any]:
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


SCHEMA_VERSION = 1
"""Rises when `models.json` changes in a way that a program reading it must know of."""


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class PublishedModel(Model):
    """One model, and where it stands in its life."""

    stage: Stage | None = Field(
        default=None, description="Its stage on the day `as_of`; absent where no day of its life is known."
    )


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class PublishedCatalogue:
    """The models a service offers, as of a day. What is not known is absent."""

    schema_version: Literal[1] = Field(description="The version of this schema.")
    as_of: Day = Field(description="The day for which the stages hold.")
    illustrative: bool = Field(description="Whether the list is an example, and not what the service really offers.")
    note: Text | None = Field(default=None, description="What a reader must know about the list as a whole.")
    models: tuple[PublishedModel, ...] = Field(description="The models.")


_MODEL = TypeAdapter(Model)
_PUBLISHED = TypeAdapter(PublishedCatalogue)


def catalogue_json(catalogue: Catalogue, as_of: date) -> dict[str, Any]:
    """What `models.json` holds: plain values that follow `catalogue_schema`, in a fixed order."""
    note = {"note": catalogue.note} if catalogue.note else {}
    return {
        "schema_version": SCHEMA_VERSION,
        "as_of": as_of.isoformat(),
        "illustrative": catalogue.illustrative,
        **note,
        "models": [_model_json(model, as_of) for model in catalogue.models],
    }


def model_facts(model: Model) -> dict[str, Any]:
    """What is published of a model, but for its stage, which hangs on the day."""
    eula = replace(model.eula, name=model.eula.title, url=model.eula.address)
    facts: dict[str, Any] = _MODEL.dump_python(
        replace(model, eula=eula), mode="json", by_alias=True, exclude_defaults=True
    )
    return facts


def _model_json(model: Model, as_of: date) -> dict[str, Any]:
    facts = model_facts(model)
    reached = stage(model, as_of)
    return {**facts, "stage": reached.value} if reached else facts


def catalogue_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of `models.json`."""
    return json_schema(_PUBLISHED, "models.json")


def catalogue_tree(catalogue: Catalogue, source: Source) -> Clause:
    """The catalogue as a tree: its note, then a SECTION for each model (anchor: its id), a PARAGRAPH for each fact."""
    note = (_note(catalogue),) if catalogue.note else ()
    sections = (_section(catalogue.file, index, model) for index, model in enumerate(catalogue.models))
    last = source.position(len(source.text.rstrip()))[0]
    return Clause(ClauseKind.DOCUMENT, (1, last), children=(*note, *sections))


def _note(catalogue: Catalogue) -> Clause:
    path: KeyPath = ("note",)
    inline = _inline(catalogue.file, path, catalogue.note)
    return Clause(ClauseKind.PARAGRAPH, catalogue.file.lines(path), label="Note", inline=inline, name="Note")


def _section(file: YamlFile, index: int, model: Model) -> Clause:
    path: KeyPath = ("models", index)
    facts = []
    for fact in FACTS:
        text = fact.text(model)
        if text:
            facts.append(_fact(file, (*path, *fact.path), model, fact.sealed, text))
    return Clause(
        ClauseKind.SECTION,
        file.lines(path),
        anchor=model.id,
        label=model.name,
        inline=_inline(file, (*path, "name"), model.name),
        children=tuple(facts),
        level=2,
        name=model.name,
    )


def _fact(file: YamlFile, path: KeyPath, model: Model, name: str, text: str) -> Clause:
    return Clause(
        ClauseKind.PARAGRAPH,
        file.lines(path),
        label=f"{model.name}: {name}",
        inline=_inline(file, path, text),
        name=name,
    )


def _inline(file: YamlFile, path: KeyPath, text: str) -> Inline:
    """A fact's text; what is shown may be worded otherwise than it is written, so that only its start is placed."""
    return Inline(text, origin=((0, file.source.offset(*file.place(path))),))
