"""The schema of `models.yml`, and the table of the facts that are shown.

Only a model's identity and its licence are required. Unknown facts are absent, never guessed.

A fact has two names. `word` is the key of its label in the UI strings. `sealed` is its name in the tree of a model
list; the text hash of every posted list depends on it, so it must never change.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field, Strict, StrictBool, WithJsonSchema
from pydantic.dataclasses import dataclass as pydantic_dataclass

from engross.common import quoted, shown, value_class
from engross.corpus.eula import Eula
from engross.corpus.fields import FORBID, DayOrMonth, Https, ModelId, Price, Text, first_day
from engross.corpus.shown_values import shown_day, shown_month
from engross.corpus.yaml_errors import mistake
from engross.model import Clause, ClauseKind, is_tombstone


def _check_currency(value: str) -> str:
    if not re.fullmatch("[A-Z]{3}", value):
        raise mistake(f"write a currency as three capitals (ISO 4217), such as USD, not {shown(quoted(value))}")
    return value


Count = Annotated[int, Strict(), Field(gt=0)]
Currency = Annotated[Text, AfterValidator(_check_currency), WithJsonSchema({"type": "string", "pattern": "^[A-Z]{3}$"})]


class Task(StrEnum):
    """The use of a model: language, images, or processing of other data (search, speech, documents, masks)."""

    LANGUAGE = "language"
    IMAGE = "image"
    PROCESSING = "processing"


class Modality(StrEnum):
    """A kind of input or output of a model."""

    TEXT = "text"
    IMAGE = "image"
    AUDIO = "audio"
    VIDEO = "video"
    FILE = "file"
    EMBEDDING = "embedding"
    SCORE = "score"
    MASK = "mask"


class Stage(StrEnum):
    """The stage of a model's life on a given day."""

    ANNOUNCED = "announced"
    PREVIEW = "preview"
    AVAILABLE = "available"
    DEPRECATED = "deprecated"
    RETIRED = "retired"


STAGE_FROM = {
    "preview": Stage.PREVIEW,
    "ga": Stage.AVAILABLE,
    "deprecated": Stage.DEPRECATED,
    "retires": Stage.RETIRED,
}
"""The stage that begins on each day of a `Lifecycle`, in the order in which the days must occur."""


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class Lifecycle:
    """The days on which a model enters each stage of its life, in order, and its replacement.

    A month may be given where the day is not known; it counts from its first day.
    """

    preview: DayOrMonth | None = Field(
        default=None, description="The first day on which it is offered as a preview.", examples=["2026-01-31"]
    )
    ga: DayOrMonth | None = Field(
        default=None, description="The first day on which it is generally available.", examples=["2026-03-31"]
    )
    deprecated: DayOrMonth | None = Field(
        default=None, description="The day from which its use is advised against.", examples=["2026-09-30"]
    )
    retires: DayOrMonth | None = Field(
        default=None, description="The first day on which it is no longer offered.", examples=["2026-12-31"]
    )
    replacement: ModelId | None = Field(
        default=None, description="The id of the model to use instead.", examples=["example-2"]
    )

    @property
    def days(self) -> tuple[tuple[str, date], ...]:
        """The known days with their names, in the order in which they must occur; the first day of a month."""
        named: Iterator[tuple[str, date | str | None]] = ((name, getattr(self, name)) for name in STAGE_FROM)
        return tuple((name, first_day(day)) for name, day in named if day is not None)


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class Modalities:
    """The kinds of input and output of a model."""

    takes: tuple[Modality, ...] = Field(
        alias="in", min_length=1, description="The kinds of input.", examples=[["text", "image"]]
    )
    gives: tuple[Modality, ...] = Field(
        alias="out", min_length=1, description="The kinds of output.", examples=[["text"]]
    )


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class Prices:
    """What a model costs, for a million tokens."""

    currency: Currency = Field(description="The currency, by its ISO 4217 code.", examples=["USD"])
    input: Price | None = Field(default=None, description="The price of a million input tokens.", examples=["0.50"])
    output: Price | None = Field(default=None, description="The price of a million output tokens.", examples=["1.50"])
    cached_input: Price | None = Field(
        default=None, description="The price of a million input tokens that are read from a cache.", examples=["0.05"]
    )


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class Model:
    """One model."""

    id: ModelId = Field(
        description="The permanent id of the model: never change it or give it to another model.",
        examples=["example-1"],
    )
    name: Text = Field(description="Its name for people.", examples=["Example 1"])
    provider: Text = Field(description="The company or project that made it.", examples=["Example Ltd"])
    task: Task | None = Field(default=None, description="Its use.", examples=["language"])
    api_id: Text | None = Field(
        default=None, description="Its API model ID, as requests contain it.", examples=["example/example-1"]
    )
    aliases: tuple[Text, ...] = Field(
        default=(), description="Other API model IDs that lead to it.", examples=[["example/latest"]]
    )
    base_model: Text | None = Field(default=None, description="The model it was made from.", examples=["Example 0"])
    version: Text | None = Field(default=None, description="Its version, as text: put it in quotes.", examples=["1.10"])
    released: DayOrMonth | None = Field(
        default=None, description="When its provider released it.", examples=["2025-11"]
    )
    knowledge: DayOrMonth | None = Field(
        default=None, description="The last day or month that its training data covers.", examples=["2025-06"]
    )
    eula: Eula = Field(description="The licence that its provider grants.")
    modalities: Modalities = Field(description="The kinds of input and output.")
    lifecycle: Lifecycle | None = Field(default=None, description="The stages of its life.")
    parameters: tuple[Text, ...] = Field(
        default=(),
        description="The names of the parameters that a request may set.",
        examples=[["temperature", "max_tokens"]],
    )
    context_tokens: Count | None = Field(
        default=None, description="The size of its context window in tokens.", examples=[128000]
    )
    output_tokens: Count | None = Field(
        default=None, description="The maximum number of output tokens.", examples=[8192]
    )
    residency: Text | None = Field(
        default=None, description="Where data sent to it is processed.", examples=["European Union"]
    )
    retention: Text | None = Field(default=None, description="How long data sent to it is kept.", examples=["30 days"])
    trains_on_input: StrictBool | None = Field(
        default=None, description="Whether data sent to it trains models.", examples=[False]
    )
    price: Prices | None = Field(default=None, description="Its price, if it is charged by tokens.")
    pricing: Https | None = Field(
        default=None, description="The address of its price.", examples=["https://example.com/prices"]
    )
    docs: Https | None = Field(
        default=None, description="The address of its documentation.", examples=["https://example.com/docs"]
    )
    source: Https | None = Field(
        default=None,
        description="The address at which its provider publishes it.",
        examples=["https://example.com/models"],
    )


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class CatalogueFile:
    """The models a service offers."""

    illustrative: StrictBool = Field(
        default=False, description="Whether the list is an example and not the service's real offer.", examples=[True]
    )
    note: Text | None = Field(
        default=None, description="A note for readers about the whole list.", examples=["Prices are on another page."]
    )
    models: tuple[Model, ...] = Field(
        min_length=1, description="The models, in the order in which the site shows them."
    )


@value_class(frozen=True, slots=True)
class Fact:
    """A fact: its label's key, its sealed name, its path in `models.yml`, and its text (empty if unknown).

    `form` is how pages show it: as "text", "list", "day", "count", "address", "answer" (yes or no), "model" (the id of
    another model), "licence" or "quotes"; "" if it is shown with another fact.
    """

    word: str
    sealed: str
    path: tuple[str, ...]
    text: Callable[[Model], str]
    form: str = "text"

    def of(self, model: Model) -> object:
        """Return the value itself, or None if it is unknown."""
        value: object = model
        for key in self.path:
            value = getattr(value, {"in": "takes", "out": "gives"}.get(key, key), None)
        return value


def _plain(key: str) -> Callable[[Model], str]:
    return lambda model: str(getattr(model, key) or "")


def _count(key: str) -> Callable[[Model], str]:
    return lambda model: f"{getattr(model, key):,}" if getattr(model, key) else ""


def _of_life(key: str) -> Callable[[Model], str]:
    return lambda model: str(getattr(model.lifecycle, key, None) or "")


def _price(key: str) -> Callable[[Model], str]:
    def text(model: Model) -> str:
        amount = getattr(model.price, key, None)
        return f"{model.price.currency} {amount}" if model.price and amount else ""

    return text


def _trains(model: Model) -> str:
    return {True: "yes", False: "no", None: ""}[model.trains_on_input]


def _quotes(model: Model) -> str:
    return "; ".join(f"{one.about}: “{one.words}” ({one.place})" for one in model.eula.quotes)


FACTS: tuple[Fact, ...] = (
    Fact("provider", "Provider", ("provider",), _plain("provider")),
    Fact("task", "Task", ("task",), _plain("task")),
    Fact("api_id", "Name in requests", ("api_id",), _plain("api_id")),
    Fact("aliases", "Aliases", ("aliases",), lambda model: ", ".join(model.aliases), "list"),
    Fact("base_model", "Base model", ("base_model",), _plain("base_model")),
    Fact("version", "Version", ("version",), _plain("version")),
    Fact("released", "Released", ("released",), _plain("released"), "day"),
    Fact("knowledge", "Knowledge", ("knowledge",), _plain("knowledge"), "day"),
    Fact("licence", "Licence", ("eula", "name"), lambda model: model.eula.title, "licence"),
    Fact("licence_id", "Licence id", ("eula", "spdx"), lambda model: model.eula.spdx, ""),
    Fact("licence_text", "Licence text", ("eula", "url"), lambda model: model.eula.address, ""),
    Fact(
        "restrictions",
        "Restrictions",
        ("eula", "restrictions"),
        lambda model: "; ".join(model.eula.restrictions),
        "list",
    ),
    Fact("retrieved", "Licence retrieved", ("eula", "retrieved"), lambda model: str(model.eula.retrieved or ""), "day"),
    Fact("sha256", "Licence SHA-256", ("eula", "sha256"), lambda model: model.eula.sha256 or ""),
    Fact("licence_copy", "Licence copy", ("eula", "copy"), lambda model: model.eula.copy or "", ""),
    Fact("licence_quotes", "Licence quotes", ("eula", "quotes"), _quotes, "quotes"),
    Fact("takes", "Takes", ("modalities", "in"), lambda model: ", ".join(model.modalities.takes)),
    Fact("gives", "Gives", ("modalities", "out"), lambda model: ", ".join(model.modalities.gives)),
    Fact("day_preview", "Preview", ("lifecycle", "preview"), _of_life("preview"), "day"),
    Fact("day_ga", "Generally available", ("lifecycle", "ga"), _of_life("ga"), "day"),
    Fact("day_deprecated", "Deprecated", ("lifecycle", "deprecated"), _of_life("deprecated"), "day"),
    Fact("day_retires", "Retires", ("lifecycle", "retires"), _of_life("retires"), "day"),
    Fact("replacement", "Replacement", ("lifecycle", "replacement"), _of_life("replacement"), "model"),
    Fact("parameters", "Parameters", ("parameters",), lambda model: ", ".join(model.parameters)),
    Fact("context_tokens", "Context, tokens", ("context_tokens",), _count("context_tokens"), "count"),
    Fact("output_tokens", "Output, tokens", ("output_tokens",), _count("output_tokens"), "count"),
    Fact("residency", "Residency", ("residency",), _plain("residency")),
    Fact("retention", "Retention", ("retention",), _plain("retention")),
    Fact("trains_on_input", "Trains on input", ("trains_on_input",), _trains, "answer"),
    Fact(
        "price_currency",
        "Currency",
        ("price", "currency"),
        lambda model: model.price.currency if model.price else "",
        "",
    ),
    Fact("price_input", "Price of input", ("price", "input"), _price("input")),
    Fact("price_output", "Price of output", ("price", "output"), _price("output")),
    Fact("price_cached_input", "Price of cached input", ("price", "cached_input"), _price("cached_input")),
    Fact("pricing", "Pricing", ("pricing",), _plain("pricing"), "address"),
    Fact("docs", "Documentation", ("docs",), _plain("docs"), "address"),
    Fact("source", "Source", ("source",), _plain("source"), "address"),
)
"""Every fact that a model list shows of a model, in the order of its sealed tree."""

WORDS: Mapping[str, str] = {".".join(fact.path): fact.word for fact in FACTS}
"""The key of a fact's label, by the name that `models.json` has for it, with dots: "eula.url"."""

_BY_SEALED = {fact.sealed: fact for fact in FACTS}


def label(sealed: str, words: Mapping[str, str]) -> str:
    """What pages call the fact that a tree names so; the name itself where no fact has it."""
    fact = _BY_SEALED.get(sealed)
    return words[fact.word] if fact else sealed


def labelled(root: Clause, words: Mapping[str, str]) -> Clause:
    """The tree of a model list with the names and values of its facts as pages write them: to be shown, never to be
    hashed.
    """
    return replace(root, children=tuple(_labelled(one, words) for one in root.children))


def _labelled(section: Clause, words: Mapping[str, str]) -> Clause:
    if section.kind is not ClauseKind.SECTION:
        return section
    facts = []
    for one in section.children:
        name, fact = label(one.name, words), _BY_SEALED.get(one.name)
        text = _shown_fact(fact, one.inline.text, words) if fact else one.inline.text
        inline = replace(one.inline, text=text)
        facts.append(replace(one, name=name, label=f"{section.label}: {name}", inline=inline))
    return replace(section, children=tuple(facts))


def _shown_fact(fact: Fact, text: str, words: Mapping[str, str]) -> str:
    """The sealed text of a fact as pages write it; that of a tombstone as it is."""
    if is_tombstone(text):
        return text
    if fact.form == "day":
        return shown_day(date.fromisoformat(text), words) if text.count("-") > 1 else shown_month(text, words)
    if fact.form == "answer":
        return words[text]
    return text.replace(",", words["digit_group"]) if fact.form == "count" else text
