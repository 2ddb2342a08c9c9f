"""The schema of `models.yml`: what can be said of a model, with SPDX licence expressions.

SPDX licence expressions: `Apache-2.0`, `GPL-2.0-only WITH Classpath-exception-2.0`, `MIT OR LicenseRef-own`.

`packaging.licenses` knows the SPDX licence list and checks expressions (SPDX 2.3, annex D). This module adds what it
lacks: which ids SPDX has deprecated, and what to suggest for a name that is not on the list.

The schema of the catalogue of models: what may be said of a model, each fact documented where it is declared.

Only what identifies a model and under which licence it stands is required. What is not known is absent, never guessed.
"""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from typing import Annotated

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression
from pydantic import AfterValidator, Field, Strict, StrictBool, WithJsonSchema
from pydantic.dataclasses import dataclass as pydantic_dataclass

from engross.common import nearest, shown
from engross.corpus.fields import FORBID, Day, Https, ModelId, Sha256, Text
from engross.corpus.yaml_errors import mistake

CUSTOM = "LicenseRef-"
"""The prefix of a licence that is not on the SPDX list (SPDX 2.3, annex D)."""

_EXAMPLE = "Apache-2.0 WITH LLVM-exception"
_LIST = "https://spdx.org/licenses/"
_NAMELESS = re.compile(rf"\b{CUSTOM}(?![A-Za-z0-9.-])")
_OPERATOR = re.compile(r"\s+(?:AND|OR|WITH)\s+|[()]")
_COMMON = (
    *("0BSD", "AFL-3.0", "AGPL-3.0-only", "AGPL-3.0-or-later", "Apache-2.0", "Artistic-2.0", "BSD-2-Clause"),
    *("BSD-3-Clause", "BSL-1.0", "CC-BY-4.0", "CC-BY-NC-4.0", "CC-BY-NC-ND-4.0", "CC-BY-NC-SA-4.0", "CC-BY-ND-4.0"),
    *("CC-BY-SA-4.0", "CC0-1.0", "CDLA-Permissive-2.0", "ECL-2.0", "EPL-2.0", "EUPL-1.2", "GPL-2.0-only"),
    *("GPL-2.0-or-later", "GPL-3.0-only", "GPL-3.0-or-later", "ISC", "LGPL-2.1-only", "LGPL-2.1-or-later"),
    *("LGPL-3.0-only", "LGPL-3.0-or-later", "MIT", "MIT-0", "MPL-2.0", "MS-PL", "ODbL-1.0", "PDDL-1.0"),
    *("Unlicense", "Zlib"),
)
"""The licences that models and software most often have: only these are suggested for an id that is not on the list."""

_REPLACED = {
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
"""Deprecated ids of the SPDX list and what replaces each; an empty string where no single licence does."""
_FAMILY = re.compile(r"(?P<name>(?:AGPL|GFDL|GPL|LGPL)-\d\.\d)(?P<later>\+?)", re.IGNORECASE)
"""The GNU licences, whose ids SPDX replaced by `-only` and `-or-later` (SPDX licence list 3.0)."""


def replacement(id: str) -> str:
    """The SPDX id or expression that replaces a deprecated id, "" for none; the id itself if it is not deprecated."""
    if family := _FAMILY.fullmatch(id):
        return family["name"].upper() + ("-or-later" if family["later"] else "-only")
    return _REPLACED_FOLDED.get(id.lower(), id)


_REPLACED_FOLDED = {old.lower(): new for old, new in _REPLACED.items()}


def _check_licence(value: str) -> str:
    try:
        canonical = canonicalize_license_expression(_NAMELESS.sub("?", value))
    except InvalidLicenseExpression:
        guess = _suggestion(value)
        hint = f'; did you mean "{guess}"?' if guess else f", nor an expression such as {_EXAMPLE}"
        what = f"{shown(value)} is neither on the SPDX licence list nor of the form {CUSTOM}name{hint}"
        raise mistake(what, guess) from None
    if canonical == value:
        return value
    guess = _current(canonical)
    hint = f'; did you mean "{guess}"?' if guess else f", but {canonical}, which is deprecated"
    raise mistake(f"SPDX does not write a licence {shown(value)}{hint}", guess)


def _suggestion(value: str) -> str:
    """The expression that a mistaken one may have meant: a valid one, or an empty string."""
    common = {known.lower(): known for known in _COMMON}
    guess = common.get(nearest(value.strip().lower(), common), "")
    return "" if _OPERATOR.search(value) else guess


def _current(expression: str) -> str:
    """A valid expression with each deprecated id in it replaced; "" where SPDX names no replacement."""
    ids = sorted(set(filter(None, map(str.strip, _OPERATOR.split(expression)))), key=len, reverse=True)
    for old in ids:
        new = replacement(old)
        if not new:
            return ""
        if new != old:
            expression = re.sub(rf"(?<![\w.+-]){re.escape(old)}(?![\w.+-])", new, expression)
    return canonicalize_license_expression(expression)


LicenceId = Annotated[Text, AfterValidator(_check_licence), WithJsonSchema({"type": "string", "minLength": 1})]
"""An SPDX licence expression in its canonical form, which may name licences as `LicenseRef-` and a name.

Deprecated ids are read as they are, since sealed lists may hold them.
"""


def spdx_page(expression: str) -> str:
    """The page at SPDX with a licence's text; the SPDX list for several licences; "" for one that is not on it."""
    if CUSTOM in expression:
        return ""
    licence, *more = expression.split(" WITH ")
    return _LIST if _OPERATOR.search(licence) or len(more) > 1 else f"{_LIST}{licence.removesuffix('+')}.html"


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


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
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


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
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


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class Modalities:
    """What a model takes and gives."""

    takes: tuple[Modality, ...] = Field(alias="in", min_length=1, description="What it takes.")
    gives: tuple[Modality, ...] = Field(alias="out", min_length=1, description="What it gives.")


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
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


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class CatalogueFile:
    """The models a service offers."""

    illustrative: StrictBool = Field(
        default=False, description="Whether the list is an example, and not what the service really offers."
    )
    note: Text | None = Field(default=None, description="What a reader must know about the list as a whole.")
    models: tuple[Model, ...] = Field(min_length=1, description="The models, in the order in which they are shown.")
