"""Reads and checks the list of models, and converts it to `models.json` and to a tree of clauses.

`models` is the schema of a single model; this module adds the rules that connect one fact to another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from datetime import date
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, TypeAdapter
from pydantic.dataclasses import dataclass as pydantic_dataclass

from engross.common import meant, nearest, shown, value_class
from engross.corpus.eula import check_copies, copy_path
from engross.corpus.fields import FORBID, Day, Text, json_schema, written_schema
from engross.corpus.licences import CUSTOM
from engross.corpus.models import FACTS, STAGE_FROM, CatalogueFile, Model, Stage
from engross.corpus.yaml import (
    KeyPath,
    YamlFile,
    check_unique,
    named_texts,
    read,
    require,
    value_inline,
    value_paragraph,
)
from engross.model import Clause, ClauseKind, Diagnostic, Source

_FILE = TypeAdapter(CatalogueFile)


@value_class(frozen=True, slots=True)
class Catalogue:
    """The list of models with its note; `file` knows the position of each fact."""

    models: tuple[Model, ...]
    illustrative: bool
    note: str
    file: YamlFile = field(repr=False, compare=False)

    def model(self, id: str) -> Model:
        """Return the model with that id; raise KeyError if there is none."""
        for model in self.models:
            if model.id == id:
                return model
        raise KeyError(id)


@lru_cache(maxsize=64)
def read_catalogue(source: Source) -> Catalogue:
    """Read a list of models from YAML. Raises EngrossError with all mistakes that do not depend on the date."""
    reading = read(source, _FILE)
    findings = list(reading.findings)
    if reading.file:
        findings += _check_names(reading.file)
        known = [model for _, model in named_texts(reading.file, "models", "id")]
        for path in reading.file.items(("models",)):
            findings += _check_licence(reading.file, (*path, "eula"))
            findings += _check_days(reading.file, (*path, "lifecycle"))
            findings += _check_replacement(reading.file, path, known)
    file, catalogue = require(reading, findings)
    return Catalogue(catalogue.models, catalogue.illustrative, catalogue.note or "", file)


def models_schema(*, written: bool = False) -> dict[str, Any]:
    """Return the JSON Schema of the YAML file with the models; with `written`, the form for editors."""
    return (written_schema if written else json_schema)(_FILE, "models.yml")


def stage(model: Model, as_of: date) -> Stage | None:
    """Return a model's stage on a day, or None if no day of its life is known.

    A model with only an end date is AVAILABLE before it.
    """
    life = dict(model.lifecycle.days) if model.lifecycle else {}
    if not life:
        return None
    reached = [name for name, day in life.items() if day <= as_of]
    if reached:
        return STAGE_FROM[reached[-1]]
    return Stage.ANNOUNCED if "preview" in life or "ga" in life else Stage.AVAILABLE


def check_catalogue(catalogue: Catalogue, as_of: date, docs: Path) -> list[Diagnostic]:
    """Return what is wrong with a list on a day, and with its copies of licences in the docs folder.

    A deprecated or retired model must not have a replacement that is itself retired on that day.
    """
    found = list(check_copies(catalogue, docs))
    for index, model in enumerate(catalogue.models):
        replacement = model.lifecycle.replacement if model.lifecycle else None
        leaving = stage(model, as_of) in (Stage.DEPRECATED, Stage.RETIRED)
        if leaving and replacement and stage(catalogue.model(replacement), as_of) is Stage.RETIRED:
            path = ("models", index, "lifecycle", "replacement")
            message = f"{replacement} is itself retired on that day; name a model that is available"
            found.append(catalogue.file.mistake(path, message))
    return found


def _check_names(file: YamlFile) -> Iterator[Diagnostic]:
    """Check that no two models have the same id, and that an API model ID or an alias leads to one model."""
    yield from check_unique(file, named_texts(file, "models", "id"))
    aliases = [alias for path in file.items(("models",)) for alias in file.texts((*path, "aliases"))]
    yield from check_unique(file, [*named_texts(file, "models", "api_id"), *aliases])


def _check_licence(file: YamlFile, path: KeyPath) -> Iterator[Diagnostic]:
    """Check that a licence outside the SPDX list has a name and an address."""
    name = file.text((*path, "spdx"))
    for key in ("name", "url"):
        if CUSTOM in name and file.node((*path, key)) is None:
            message = f"is missing; it is required because {shown(name)} is not on the SPDX list"
            yield file.mistake((*path, key), message)
    copy, sha256 = file.text((*path, "copy")), file.text((*path, "sha256"))
    if copy and not sha256:
        yield file.mistake(
            (*path, "copy"), "names a copy without sha256, the hash of its text; run engross watch --write"
        )
    elif copy and copy != copy_path(sha256):
        yield file.mistake((*path, "copy"), "is not the copy of the text with this sha256", fix=copy_path(sha256))


_LAST_MONTH = "9999-12"


def _check_days(file: YamlFile, path: KeyPath) -> Iterator[Diagnostic]:
    """Check that the stages of a model's life begin in order. A day and a month are compared by their months."""
    written = ((key, file.day((*path, key)) or file.text((*path, key))) for key in STAGE_FROM)
    known = [(key, str(day)) for key, day in written if day]
    if ("retires", _LAST_MONTH) in known and not file.source.sealed:
        message = f"{_LAST_MONTH} has no day after it for the calendar; leave the day out if none is known"
        yield file.mistake((*path, "retires"), message)
    for (before, first), (after, second) in pairwise(known):
        shorter = min(len(first), len(second))
        if second[:shorter] < first[:shorter]:
            yield file.mistake((*path, after), f"{second} is before {before} ({first})")


def _check_replacement(file: YamlFile, path: KeyPath, known: list[str]) -> Iterator[Diagnostic]:
    """Check that a model's replacement is another model of the list."""
    at = (*path, "lifecycle", "replacement")
    name = file.text(at)
    if name and name == file.text((*path, "id")):
        yield file.mistake(at, f"{shown(name)} is this model itself; name another model")
    elif name and name not in known:
        yield file.mistake(at, f"there is no model {shown(name)}{meant(name, known)}", fix=nearest(name, known))


SCHEMA_VERSION = 1
"""The version of the format of `models.json`; raise it for changes that programs must know about."""


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class PublishedModel(Model):
    """One model with its stage."""

    stage: Stage | None = Field(
        default=None, description="Its stage on the day `as_of`; absent if no day of its life is known."
    )


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class PublishedCatalogue:
    """The models a service offers on a day. Unknown facts are absent."""

    schema_version: Literal[1] = Field(description="The version of this schema.")
    as_of: Day = Field(description="The day to which the stages refer.")
    illustrative: bool = Field(description="Whether the list is an example and not the service's real offer.")
    note: Text | None = Field(default=None, description="A note for readers about the whole list.")
    models: tuple[PublishedModel, ...] = Field(description="The models.")


_MODEL = TypeAdapter(Model)
_PUBLISHED = TypeAdapter(PublishedCatalogue)


def catalogue_json(catalogue: Catalogue, as_of: date) -> dict[str, Any]:
    """Return the content of `models.json`: plain values that match `catalogue_schema`, in a fixed order."""
    note = {"note": catalogue.note} if catalogue.note else {}
    return {
        "schema_version": SCHEMA_VERSION,
        "as_of": as_of.isoformat(),
        "illustrative": catalogue.illustrative,
        **note,
        "models": [_model_json(model, as_of) for model in catalogue.models],
    }


def model_facts(model: Model) -> dict[str, Any]:
    """Return the published facts of a model without its stage, which depends on the day."""
    eula = replace(model.eula, name=model.eula.title, url=model.eula.address)
    facts: dict[str, Any] = _MODEL.dump_python(
        replace(model, eula=eula), mode="json", by_alias=True, exclude_defaults=True
    )
    return facts


def _model_json(model: Model, as_of: date) -> dict[str, Any]:
    facts = model_facts(model)
    reached = stage(model, as_of)
    return {**facts, "stage": reached.value} if reached else facts


def models_dev_json(catalogue: Catalogue, as_of: date, id: str, name: str, address: str) -> dict[str, Any]:
    """Return the list in the form of models.dev's `api.json`: one provider with this `id`, which is the service.

    A fact that is not in the list is absent, also where models.dev requires one. What a model can do is known where its
    `parameters` are listed.
    """
    provider = {"id": id, "name": name, **({"doc": address} if address else {})}
    models = (_models_dev(model, as_of) for model in catalogue.models)
    return {id: {**provider, "models": {model["id"]: model for model in models}}}


def _models_dev(model: Model, as_of: date) -> dict[str, Any]:
    takes, gives = model.modalities.takes, model.modalities.gives
    known: Mapping[str, object] = {
        "id": model.api_id or model.id,
        "name": model.name,
        "attachment": any(kind != "text" for kind in takes),
        "tool_call": "tools" in model.parameters if model.parameters else None,
        "temperature": "temperature" in model.parameters if model.parameters else None,
        "knowledge": model.knowledge,
        "release_date": model.released,
        "modalities": {"input": takes, "output": gives},
        "cost": _cost(model),
        "limit": _known({"context": model.context_tokens, "output": model.output_tokens}),
        "status": "deprecated" if stage(model, as_of) in (Stage.DEPRECATED, Stage.RETIRED) else None,
    }
    return _known(known)


def _cost(model: Model) -> dict[str, float]:
    """Return the price of a million tokens; models.dev has prices in US dollars only."""
    if not model.price or model.price.currency != "USD":
        return {}
    named = {"input": model.price.input, "output": model.price.output, "cache_read": model.price.cached_input}
    return {name: float(amount) for name, amount in named.items() if amount}


def _known(facts: Mapping[str, object]) -> dict[str, Any]:
    """Return the facts that are known, with dates as text."""
    return {
        name: str(value) if isinstance(value, date) else value
        for name, value in facts.items()
        if value is not None and value != {}
    }


def catalogue_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of `models.json`."""
    return json_schema(_PUBLISHED, "models.json")


def catalogue_tree(catalogue: Catalogue, source: Source) -> Clause:
    """Return the list as a tree: its note, then a SECTION for each model (anchor: its id) with a PARAGRAPH per fact."""
    note = [value_paragraph(catalogue.file, ("note",), "Note", "Note", catalogue.note)] if catalogue.note else []
    sections = (_section(catalogue.file, index, model) for index, model in enumerate(catalogue.models))
    last = source.position(len(source.text.rstrip()))[0]
    return Clause(ClauseKind.DOCUMENT, (1, last), children=(*note, *sections))


def _section(file: YamlFile, index: int, model: Model) -> Clause:
    path: KeyPath = ("models", index)
    facts = [
        value_paragraph(file, (*path, *fact.path), f"{model.name}: {fact.sealed}", fact.sealed, text)
        for fact in FACTS
        if (text := fact.text(model))
    ]
    return Clause(
        ClauseKind.SECTION,
        file.lines(path),
        anchor=model.id,
        label=model.name,
        inline=value_inline(file, (*path, "name"), model.name),
        children=tuple(facts),
        level=2,
        name=model.name,
    )
