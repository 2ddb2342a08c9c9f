"""The finished pages of a site against their sources: contracts word by word, model lists fact by fact.

A model list's finished page against its YAML: every fact of every model stands in that model's entry.

The YAML is read here by another parser than the one pages are made with, and the page by a scan for its entries, so
that a fault in either shows.

The finished pages of a site against their sources: contracts word by word, model lists fact by fact.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any, ClassVar

import yaml  # type: ignore[import-untyped]

from engross.common import error
from engross.fidelity.compare import check_page, check_verbatim_page
from engross.model import Diagnostic, Document, DocumentKind, Source

_ENTRY = re.compile(
    r"<section\b[^>]*?\bdata-engross-model=[\"']?(?P<id>[^\"'\s>]+)[^>]*>(?P<body>.*?)</section>", re.DOTALL
)
_ATTRIBUTE = re.compile(r"<a\b[^>]*?\bhref=(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))")
_TAG = re.compile(r"<[^>]*>")
_BOOLEAN = {True: "yes", False: "no"}
_DAYS = frozenset({"eula.retrieved", *(f"lifecycle.{day}" for day in ("preview", "ga", "deprecated", "retires"))})


def check_catalogue_page(source: Source, html: str, words: Mapping[str, str] | None = None) -> Diagnostic | None:
    """The first fact of the YAML that the page leaves out or says otherwise, or the first entry too many; else None.

    `words` are those of the page, which writes truth values and days with them; without them it has both as the YAML.
    """
    entries = [(found["id"], found["body"]) for found in _ENTRY.finditer(html)]
    models = yaml.load(source.text, Loader=_Words).get("models", [])
    if [str(model["id"]) for model in models] != [name for name, _ in entries]:
        return _differs(source, "id", "the page does not list the same models in the same order")
    for model, (name, body) in zip(models, entries, strict=True):
        shown = _shown(body)
        for key, value in _facts(model, words):
            if not _holds(shown, _folded(value)):
                return _differs(source, name, f"the page leaves out, or says otherwise, {key}: {value}")
    return None


class _Words(yaml.SafeLoader):  # type: ignore[misc]
    """Reads every plain scalar but truth values as it is written: a version, a day and a figure are words here."""

    # A table of its own: the one that is inherited is what everyone else in the process reads YAML with.
    yaml_implicit_resolvers: ClassVar = {
        first: [pair for pair in resolvers if pair[0].endswith((":bool", ":null"))]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def _facts(model: dict[str, Any], words: Mapping[str, str] | None, around: str = "") -> Iterator[tuple[str, str]]:
    for key, value in model.items():
        name = f"{around}{key}"
        if isinstance(value, dict):
            yield from _facts(value, words, f"{name}.")
        elif isinstance(value, list):
            yield from ((name, str(item)) for item in value)
        elif isinstance(value, bool):
            yield name, words[_BOOLEAN[value]] if words else _BOOLEAN[value]
        elif value is not None:
            yield name, _day(str(value), words) if words and name in _DAYS else str(value)


def _day(value: str, words: Mapping[str, str]) -> str:
    year, month, day = map(int, value.split("-"))
    return words["date_form"].format(day=day, month=words[f"month_{month}"], year=year)


def _shown(body: str) -> str:
    """The words of an entry and the addresses it links to."""
    addresses = " ".join("".join(found.groups("")) for found in _ATTRIBUTE.finditer(body))
    return _folded(unescape(f"{_TAG.sub(' ', body)} {addresses}"))


def _holds(shown: str, value: str) -> bool:
    """Whether a value is among what is shown, and not the end or the beginning of another: 4 March is not 14 March."""
    at = shown.find(value)
    while at >= 0:
        end = at + len(value)
        if not (_joined(shown[at - 1 : at] + value[:1]) or _joined(value[-1:] + shown[end : end + 1])):
            return True
        at = shown.find(value, at + 1)
    return False


def _joined(two: str) -> bool:
    return len(two) > 1 and two.isalnum()


def _folded(words: str) -> str:
    # Figures are shown in groups of three.
    return " ".join(re.sub(r"(?<=\d),(?=\d{3})", "", words).split())


def _differs(source: Source, words: str, message: str) -> Diagnostic:
    at = max(0, source.text.find(words))
    line, column = source.position(at)
    return error("text-differs", source.path, line, column, message)


def check_site_page(document: Document, html: str, words: Mapping[str, str] | None = None) -> Diagnostic | None:
    """What the finished page of a document says wrongly first, or None. `html` is the whole page, empty if missing.

    `words` are those of a site's own page of a model list (see `check_catalogue_page`).
    """
    assert document.source is not None
    if document.verbatim:
        return check_verbatim_page(document.source, html)
    if document.entry.kind is DocumentKind.CATALOGUE:
        return check_catalogue_page(document.source, html, words)
    return check_page(document.source, html)
