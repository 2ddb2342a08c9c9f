"""The schema of the catalogue of models: what may be said of a model, each fact documented where it is declared.

Only what identifies a model and under which licence it stands is required. What is not known is absent, never guessed.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field, Strict, StrictBool
from pydantic.dataclasses import dataclass

from engross.corpus.fields import FORBID, Day, Https, ModelId, Sha256, Text
from engross.corpus.licences import LicenceId, spdx_page

Count = Annotated[int, Strict(), Field(gt=0)]


class Task(StrEnum):
    """What a model is for: language, images, or processing of other data (search, speech, documents, masks)."""

    LANGUAGE = "language"
    IMAGE = "image"
    PROCESSING = "processing"


class Modality(StrEnum):
    """What a model takes or gives."""

    TEXT = "text"
    IMAGE = "image"
    AUDIO = "audio"
    VIDEO = "video"
    FILE = "file"
    EMBEDDING = "embedding"
    SCORE = "score"
    MASK = "mask"


class Stage(StrEnum):
    """Where a model stands in its life on a given day."""

    ANNOUNCED = "announced"
    PREVIEW = "preview"
    AVAILABLE = "available"
    DEPRECATED = "deprecated"
    RETIRED = "retired"


@dataclass(frozen=True, kw_only=True, config=FORBID)
class Eula:
    """The licence under which a model's maker gives it."""

    spdx: LicenceId = Field(
        description="An SPDX licence expression, such as `Apache-2.0` or `MIT OR Apache-2.0`; "
        "`LicenseRef-` and a name for a licence that SPDX does not list."
    )
    name: Text | None = Field(default=None, description="Its name. Required for a LicenseRef.")
    url: Https | None = Field(default=None, description="Where its text stands. Required for a LicenseRef.")
    restrictions: tuple[Text, ...] = Field(
        default=(),
        description="What it asks of those who use the model, in our own words; the licence's text prevails.",
    )
    retrieved: Day | None = Field(default=None, description="The day on which its text was read.")
    sha256: Sha256 | None = Field(default=None, description="The SHA-256 of the text as it was read.")

    @property
    def title(self) -> str:
        """Its name; the SPDX id where none is given."""
        return self.name or self.spdx

    @property
    def address(self) -> str:
        """Where its text stands; the page at SPDX where no address is given."""
        return self.url or spdx_page(self.spdx)


@dataclass(frozen=True, kw_only=True, config=FORBID)
class Lifecycle:
    """The days on which a model enters each stage of its life, in order, and what replaces it."""

    preview: Day | None = Field(default=None, description="The first day on which it is offered as a preview.")
    ga: Day | None = Field(default=None, description="The first day on which it is generally available.")
    deprecated: Day | None = Field(default=None, description="The day from which its use is advised against.")
    retires: Day | None = Field(default=None, description="The first day on which it is no longer offered.")
    replacement: ModelId | None = Field(default=None, description="The id of the model to use instead.")

    @property
    def days(self) -> tuple[tuple[str, date], ...]:
        """The days that are known, each with its name, in the order in which they must come."""
        named = (
            ("preview", self.preview),
            ("ga", self.ga),
            ("deprecated", self.deprecated),
            ("retires", self.retires),
        )
        return tuple((name, day) for name, day in named if day is not None)


@dataclass(frozen=True, kw_only=True, config=FORBID)
class Modalities:
    """What a model takes and gives."""

    takes: tuple[Modality, ...] = Field(alias="in", min_length=1, description="What it takes.")
    gives: tuple[Modality, ...] = Field(alias="out", min_length=1, description="What it gives.")


@dataclass(frozen=True, kw_only=True, config=FORBID)
class Model:
    """One model."""

    id: ModelId = Field(description="Names the model for good: it is never changed and never given to another.")
    name: Text = Field(description="What people call it.")
    provider: Text = Field(description="Who made it.")
    task: Task | None = Field(default=None, description="What it is for.")
    api_id: Text | None = Field(default=None, description="How a request names it.")
    base_model: Text | None = Field(default=None, description="The model it was made from.")
    version: Text | None = Field(default=None, description="Its version, as text: put it in quotes.")
    eula: Eula = Field(description="The licence under which its maker gives it.")
    modalities: Modalities = Field(description="What it takes and gives.")
    lifecycle: Lifecycle | None = Field(default=None, description="The stages of its life.")
    parameters: tuple[Text, ...] = Field(default=(), description="The names of the parameters that a request may set.")
    context_tokens: Count | None = Field(default=None, description="How many tokens it takes in all.")
    output_tokens: Count | None = Field(default=None, description="How many tokens it gives at most.")
    residency: Text | None = Field(default=None, description="Where what is sent to it is processed.")
    retention: Text | None = Field(default=None, description="How long what is sent to it is kept.")
    trains_on_input: StrictBool | None = Field(default=None, description="Whether what is sent to it trains models.")
    pricing: Https | None = Field(default=None, description="Where its price stands.")
    docs: Https | None = Field(default=None, description="Where its documentation stands.")
    source: Https | None = Field(default=None, description="Where its maker publishes it.")


@dataclass(frozen=True, kw_only=True, config=FORBID)
class CatalogueFile:
    """The models a service offers."""

    illustrative: StrictBool = Field(
        default=False, description="Whether the list is an example, and not what the service really offers."
    )
    note: Text | None = Field(default=None, description="What a reader must know about the list as a whole.")
    models: tuple[Model, ...] = Field(min_length=1, description="The models, in the order in which they are shown.")
