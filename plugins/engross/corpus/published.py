"""The catalogue as others take it: `models.json` with its JSON Schema, and a tree of clauses like any document's."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any, Literal

from pydantic import Field, TypeAdapter
from pydantic.dataclasses import dataclass

from engross.corpus.catalogue import Catalogue, stage
from engross.corpus.fields import FORBID, Day, Text, json_schema
from engross.corpus.model_facts import FACTS
from engross.corpus.models import Model, Stage
from engross.corpus.yaml import KeyPath, YamlFile
from engross.model import Clause, ClauseKind, Inline, Source

SCHEMA_VERSION = 1
"""Rises when `models.json` changes in a way that a program reading it must know of."""


@dataclass(frozen=True, kw_only=True, config=FORBID)
class PublishedModel(Model):
    """One model, and where it stands in its life."""

    stage: Stage | None = Field(
        default=None, description="Its stage on the day `as_of`; absent where no day of its life is known."
    )


@dataclass(frozen=True, kw_only=True, config=FORBID)
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
