"""Checks the published copies of licences in the docs folder, and that quotes of a licence are in its text."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from engross.common import read_file, shown
from engross.corpus.eula import COPIES, Eula, LicenceQuote
from engross.model import Diagnostic

if TYPE_CHECKING:
    from engross.corpus.catalogue import Catalogue

MOST_OF_COPY = 1 << 23
"""The most bytes of a licence's text: 8 MiB."""

_STRAIGHT = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "–": "-", "—": "-"})


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
