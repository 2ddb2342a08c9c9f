"""The schema of `models.yml`, checks of SPDX licence expressions, and the table of the facts that are shown.

Only a model's identity and its licence are required. Unknown facts are absent, never guessed. Licences are SPDX
expressions: `Apache-2.0`, `GPL-2.0-only WITH Classpath-exception-2.0`, `MIT OR LicenseRef-own`. `packaging.licenses`
knows the SPDX licence list and checks expressions (SPDX 2.3, annex D); this module adds the replacements of deprecated
ids and suggestions for unknown names.

A fact has two names. `word` is the key of its label in the UI strings. `sealed` is its name in the tree of a model
list; the text hash of every posted list depends on it, so it must never change.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Annotated

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression
from pydantic import AfterValidator, Field, Strict, StrictBool, WithJsonSchema
from pydantic.dataclasses import dataclass as pydantic_dataclass

from engross.common import nearest, shown
from engross.corpus.fields import FORBID, Day, Https, ModelId, Sha256, Text
from engross.corpus.yaml_errors import mistake
from engross.model import Clause, ClauseKind

CUSTOM = "LicenseRef-"
"""The prefix of a licence that is not on the SPDX list (SPDX 2.3, annex D)."""

_EXAMPLE = "Apache-2.0 WITH LLVM-exception"
_LIST = "https://spdx.org/licenses/"
_CUSTOM_WITHOUT_NAME = re.compile(rf"\b{CUSTOM}(?![A-Za-z0-9.-])")
_OPERATOR = re.compile(r"\s+(?:AND|OR|WITH)\s+|[()]")
_COMMON_LICENCES = (
    *("0BSD", "AFL-3.0", "AGPL-3.0-only", "AGPL-3.0-or-later", "Apache-2.0", "Artistic-2.0", "BSD-2-Clause"),
    *("BSD-3-Clause", "BSL-1.0", "CC-BY-4.0", "CC-BY-NC-4.0", "CC-BY-NC-ND-4.0", "CC-BY-NC-SA-4.0", "CC-BY-ND-4.0"),
    *("CC-BY-SA-4.0", "CC0-1.0", "CDLA-Permissive-2.0", "ECL-2.0", "EPL-2.0", "EUPL-1.2", "GPL-2.0-only"),
    *("GPL-2.0-or-later", "GPL-3.0-only", "GPL-3.0-or-later", "ISC", "LGPL-2.1-only", "LGPL-2.1-or-later"),
    *("LGPL-3.0-only", "LGPL-3.0-or-later", "MIT", "MIT-0", "MPL-2.0", "MS-PL", "ODbL-1.0", "PDDL-1.0"),
    *("Unlicense", "Zlib"),
)
"""The most common licences of models and software; only these are suggested for an unknown id."""

_REPLACEMENTS = {
    "BSD-2-Clause-FreeBSD": "BSD-2-Clause-Views",
    "BSD-2-Clause-NetBSD": "BSD-2-Clause",
    "GPL-2.0-with-autoconf-exception": "GPL-2.0-only WITH Autoconf-exception-2.0",
    "GPL-2.0-with-bison-exception": "GPL-2.0-or-later WITH Bison-exception-2.2",
    "GPL-2.0-with-classpath-exception": "GPL-2.0-only WITH Classpath-exception-2.0",
    "GPL-2.0-with-font-exception": "GPL-2.0-only WITH Font-exception-2.0",
    "GPL-2.0-with-GCC-exception": "GPL-2.0-only WITH GCC-exception-2.0",
    "GPL-3.0-with-autoconf-exception": "GPL-3.0-only WITH Autoconf-exception-3.0",
    "GPL-3.0-with-GCC-exception": "GPL-3.0-only WITH GCC-exception-3.1",
    "Net-SNMP": "",
    "Nunit": "zlib-acknowledgement",
    "StandardML-NJ": "SMLNJ",
    "bzip2-1.0.5": "bzip2-1.0.6",
    "eCos-2.0": "GPL-2.0-or-later WITH eCos-exception-2.0",
    "wxWindows": "LGPL-2.0-or-later WITH WxWindows-exception-3.1",
}
"""Deprecated SPDX ids and their replacements; an empty string if no single licence replaces the id."""
_GNU_ID = re.compile(r"(?P<name>(?:AGPL|GFDL|GPL|LGPL)-\d\.\d)(?P<later>\+?)", re.IGNORECASE)
"""The GNU licences, whose ids SPDX replaced by ids with `-only` and `-or-later` (SPDX licence list 3.0)."""


def replacement(id: str) -> str:
    """Return the SPDX expression that replaces a deprecated id ("" for none), or the id itself if not deprecated."""
    if family := _GNU_ID.fullmatch(id):
        return family["name"].upper() + ("-or-later" if family["later"] else "-only")
    return _REPLACEMENTS_BY_LOWER_CASE.get(id.lower(), id)


_REPLACEMENTS_BY_LOWER_CASE = {old.lower(): new for old, new in _REPLACEMENTS.items()}


def _check_licence(value: str) -> str:
    try:
        canonical = canonicalize_license_expression(_CUSTOM_WITHOUT_NAME.sub("?", value))
    except InvalidLicenseExpression:
        guess = _suggestion(value)
        hint = f'; did you mean "{guess}"?' if guess else f", nor an expression such as {_EXAMPLE}"
        message = f"{shown(value)} is neither on the SPDX licence list nor of the form {CUSTOM}name{hint}"
        raise mistake(message, guess) from None
    if canonical == value:
        return value
    guess = _without_deprecated_ids(canonical)
    hint = f'; did you mean "{guess}"?' if guess else f"; it writes {canonical}, which is deprecated"
    raise mistake(f"{shown(value)} is not how SPDX writes this licence{hint}", guess)


def _suggestion(value: str) -> str:
    """Return a valid expression similar to an invalid one, or an empty string."""
    common = {known.lower(): known for known in _COMMON_LICENCES}
    guess = common.get(nearest(value.strip().lower(), common), "")
    return "" if _OPERATOR.search(value) else guess


def _without_deprecated_ids(expression: str) -> str:
    """Return an expression with each deprecated id replaced, or "" if SPDX names no replacement for one."""
    ids = sorted(set(filter(None, map(str.strip, _OPERATOR.split(expression)))), key=len, reverse=True)
    for old in ids:
        new = replacement(old)
        if not new:
            return ""
        if new != old:
            expression = re.sub(rf"(?<![\w.+-]){re.escape(old)}(?![\w.+-])", new, expression)
    return canonicalize_license_expression(expression)


LicenceId = Annotated[Text, AfterValidator(_check_licence), WithJsonSchema({"type": "string", "minLength": 1})]
"""An SPDX licence expression in its canonical form; it may contain names of the form `LicenseRef-name`.

Deprecated ids are accepted, because sealed lists may contain them.
"""


def spdx_page(expression: str) -> str:
    """Return the SPDX page of a licence, the SPDX list for several licences, or "" for a licence that is not on it."""
    if CUSTOM in expression:
        return ""
    licence, *more = expression.split(" WITH ")
    return _LIST if _OPERATOR.search(licence) or len(more) > 1 else f"{_LIST}{licence.removesuffix('+')}.html"


Count = Annotated[int, Strict(), Field(gt=0)]


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
class Eula:
    """The licence that a model's provider grants."""

    spdx: LicenceId = Field(
        description="An SPDX licence expression, such as `Apache-2.0` or `MIT OR Apache-2.0`; "
        "`LicenseRef-` and a name for a licence that SPDX does not list.",
        examples=["Apache-2.0"],
    )
    name: Text | None = Field(
        default=None, description="Its name. Required for a LicenseRef.", examples=["Example Community Licence"]
    )
    url: Https | None = Field(
        default=None,
        description="The address of its text. Required for a LicenseRef.",
        examples=["https://example.com/licence"],
    )
    restrictions: tuple[Text, ...] = Field(
        default=(),
        description="Its conditions for users of the model, in our own words; the licence's text prevails.",
        examples=[["No use in weapons."]],
    )
    retrieved: Day | None = Field(
        default=None, description="The day on which its text was retrieved.", examples=["2026-01-31"]
    )
    sha256: Sha256 | None = Field(
        default=None,
        description="The SHA-256 of the text as retrieved.",
        examples=["0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"],
    )

    @property
    def title(self) -> str:
        """The licence's name, or its SPDX expression if it has none."""
        return self.name or self.spdx

    @property
    def address(self) -> str:
        """The address of the licence's text, or of its page at SPDX if none is given."""
        return self.url or spdx_page(self.spdx)


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class Lifecycle:
    """The days on which a model enters each stage of its life, in order, and its replacement."""

    preview: Day | None = Field(
        default=None, description="The first day on which it is offered as a preview.", examples=["2026-01-31"]
    )
    ga: Day | None = Field(
        default=None, description="The first day on which it is generally available.", examples=["2026-03-31"]
    )
    deprecated: Day | None = Field(
        default=None, description="The day from which its use is advised against.", examples=["2026-09-30"]
    )
    retires: Day | None = Field(
        default=None, description="The first day on which it is no longer offered.", examples=["2026-12-31"]
    )
    replacement: ModelId | None = Field(
        default=None, description="The id of the model to use instead.", examples=["example-2"]
    )

    @property
    def days(self) -> tuple[tuple[str, date], ...]:
        """The known days with their names, in the order in which they must occur."""
        named: Iterator[tuple[str, date | None]] = ((name, getattr(self, name)) for name in STAGE_FROM)
        return tuple((name, day) for name, day in named if day is not None)


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
    base_model: Text | None = Field(default=None, description="The model it was made from.", examples=["Example 0"])
    version: Text | None = Field(default=None, description="Its version, as text: put it in quotes.", examples=["1.10"])
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


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact: its label's key, its sealed name, its path in `models.yml`, and its text (empty if unknown).

    `form` is how pages show it: as "text", "list", "day", "address", "answer" (yes or no), "model" (the id of another
    model) or "licence"; "" if it is shown with another fact.
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


def _day(key: str) -> Callable[[Model], str]:
    return lambda model: str(dict(model.lifecycle.days).get(key, "")) if model.lifecycle else ""


def _replacement(model: Model) -> str:
    return (model.lifecycle.replacement or "") if model.lifecycle else ""


def _trains(model: Model) -> str:
    return {True: "yes", False: "no", None: ""}[model.trains_on_input]


FACTS: tuple[Fact, ...] = (
    Fact("provider", "Provider", ("provider",), _plain("provider")),
    Fact("task", "Task", ("task",), _plain("task")),
    Fact("api_id", "Name in requests", ("api_id",), _plain("api_id")),
    Fact("base_model", "Base model", ("base_model",), _plain("base_model")),
    Fact("version", "Version", ("version",), _plain("version")),
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
    Fact("takes", "Takes", ("modalities", "in"), lambda model: ", ".join(model.modalities.takes)),
    Fact("gives", "Gives", ("modalities", "out"), lambda model: ", ".join(model.modalities.gives)),
    Fact("day_preview", "Preview", ("lifecycle", "preview"), _day("preview"), "day"),
    Fact("day_ga", "Generally available", ("lifecycle", "ga"), _day("ga"), "day"),
    Fact("day_deprecated", "Deprecated", ("lifecycle", "deprecated"), _day("deprecated"), "day"),
    Fact("day_retires", "Retires", ("lifecycle", "retires"), _day("retires"), "day"),
    Fact("replacement", "Replacement", ("lifecycle", "replacement"), _replacement, "model"),
    Fact("parameters", "Parameters", ("parameters",), lambda model: ", ".join(model.parameters)),
    Fact("context_tokens", "Context, tokens", ("context_tokens",), _count("context_tokens")),
    Fact("output_tokens", "Output, tokens", ("output_tokens",), _count("output_tokens")),
    Fact("residency", "Residency", ("residency",), _plain("residency")),
    Fact("retention", "Retention", ("retention",), _plain("retention")),
    Fact("trains_on_input", "Trains on input", ("trains_on_input",), _trains, "answer"),
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
    """The tree of a model list with its facts called as pages call them: to be shown, never to be hashed."""
    return replace(root, children=tuple(_labelled(one, words) for one in root.children))


def _labelled(section: Clause, words: Mapping[str, str]) -> Clause:
    if section.kind is not ClauseKind.SECTION:
        return section
    facts = []
    for one in section.children:
        name = label(one.name, words)
        facts.append(replace(one, name=name, label=f"{section.label}: {name}"))
    return replace(section, children=tuple(facts))
