"""A model's licence in `models.yml`: the schema of what it is, where it is, and what was kept and quoted of it; checks
of the published copies in the docs folder, and of quotes in the licence's text.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator, Field
from pydantic.dataclasses import dataclass as pydantic_dataclass

from engross.common import quoted, read_file, shown
from engross.corpus.fields import FORBID, Day, Https, Sha256, Text
from engross.corpus.licences import LicenceId, spdx_page
from engross.corpus.yaml_errors import mistake
from engross.model import Diagnostic

if TYPE_CHECKING:
    from engross.corpus.catalogue import Catalogue

COPIES = "licences"
"""The folder of published copies of licences, in the docs folder."""
MOST_OF_COPY = 1 << 23
"""The most bytes of a licence's text: 8 MiB."""

_STRAIGHT = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "–": "-", "—": "-"})


def copy_path(sha256: str) -> str:
    """The path of the published copy of a licence's text, relative to the docs folder, by the hash of the text."""
    return f"{COPIES}/{sha256[:12]}.txt"


def _check_copy(value: str) -> str:
    if not re.fullmatch(rf"{COPIES}/[0-9a-f]{{12}}\.txt", value):
        raise mistake(f"write {COPIES}/, the first 12 characters of sha256, and .txt, not {shown(quoted(value))}")
    return value


LicenceCopy = Annotated[Text, AfterValidator(_check_copy)]


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class LicenceQuote:
    """Words of a licence, letter for letter, on a question that readers ask."""

    about: Text = Field(description="The question, in a few words.", examples=["Commercial use"])
    words: Text = Field(
        description="The words of the licence, as they are; never a summary.",
        examples=["You may use the model for any purpose."],
    )
    place: Text = Field(description="Where the licence says so: its section or file.", examples=["Section 2"])


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
        description="The SHA-256 of the text as retrieved: of its visible text, as `engross watch --write` computes "
        "it, or of the bytes of its file.",
        examples=["0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"],
    )
    copy: LicenceCopy | None = Field(
        default=None,
        description="The file with a copy of its visible text in the docs folder, if the licence permits to publish "
        "one: `licences/`, the first 12 characters of `sha256`, and `.txt`.",
        examples=["licences/0123456789ab.txt"],
    )
    quotes: tuple[LicenceQuote, ...] = Field(
        default=(),
        description="What it says on questions that readers ask, quoted with its place.",
        examples=[
            [{"about": "Commercial use", "words": "You may use the model for any purpose.", "place": "Section 2"}]
        ],
    )

    @property
    def title(self) -> str:
        """The licence's name, or its SPDX expression if it has none."""
        return self.name or self.spdx

    @property
    def address(self) -> str:
        """The address of the licence's text, or of its page at SPDX if none is given."""
        return self.url or spdx_page(self.spdx)


def missing_quotes(eula: Eula, text: str) -> tuple[LicenceQuote, ...]:
    """The quotes of a licence whose words are not in its text, whatever its line ends and forms of quotation marks."""
    words = _folded(text)
    return tuple(one for one in eula.quotes if _folded(one.words) not in words)


def _folded(text: str) -> str:
    return " ".join(text.translate(_STRAIGHT).split())


def check_copies(catalogue: Catalogue, docs: Path) -> Iterator[Diagnostic]:
    """Check that each published copy is there with the hash that the list has, and has what is quoted."""
    for index, model in enumerate(catalogue.models):
        path = ("models", index, "eula")
        if not model.eula.copy:
            continue
        file = docs / model.eula.copy
        try:
            data = read_file(file, MOST_OF_COPY)
        except OSError as problem:
            reason = (
                "there is no such file" if isinstance(problem, FileNotFoundError) else (problem.strerror or "").lower()
            )
            message = f"{reason} in {COPIES}/ of the docs folder; restore it, or run engross watch --write"
            yield catalogue.file.mistake((*path, "copy"), message)
            continue
        if hashlib.sha256(data).hexdigest() != model.eula.sha256:
            message = (
                "this file was altered: its SHA-256 is not that of the list; restore it, or run engross watch --write"
            )
            yield catalogue.file.mistake((*path, "copy"), message)
            continue
        missing = missing_quotes(model.eula, data.decode("utf-8", "replace"))
        for at, quote in enumerate(model.eula.quotes):
            if quote in missing:
                message = f"these words are not in the copy: “{shown(quote.words)}”; quote it word for word"
                yield catalogue.file.mistake((*path, "quotes", at, "words"), message, rule="licence-quote")
