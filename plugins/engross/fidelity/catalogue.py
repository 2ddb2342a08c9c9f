"""The finished pages of a site against their sources: contracts word by word, model lists fact by fact.

A model list's finished page against its YAML: every fact of every model stands in that model's entry.

The YAML is read here by another parser than the one pages are made with, and the page by a scan for its entries, so
that a fault in either shows.

The finished pages of a site against their sources: contracts word by word, model lists fact by fact.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
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


def check_catalogue_page(source: Source, html: str) -> Diagnostic | None:
    """The first fact of the YAML that the page leaves out or says otherwise, or the first entry too many; else None."""
    entries = [(found["id"], found["body"]) for found in _ENTRY.finditer(html)]
    models = yaml.load(source.text, Loader=_Words).get("models", [])
    if [str(model["id"]) for model in models] != [name for name, _ in entries]:
        return _differs(source, "id", "the page does not list the same models in the same order")
    for model, (name, body) in zip(models, entries, strict=True):
        shown = _shown(body)
        for key, value in _facts(model):
            if _folded(value) not in shown:
                return _differs(source, name, f"the page leaves out, or says otherwise, {key}: {value}")
    return None


class _Words(yaml.SafeLoader):  # type: ignore[misc]
    """Reads every plain scalar but truth values as it is written: a version, a day and a figure are words here."""

    # A table of its own: the one that is inherited is what everyone else in the process reads YAML with.
    yaml_implicit_resolvers: ClassVar = {
        first: [pair for pair in resolvers if pair[0].endswith((":bool", ":null"))]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def _facts(model: dict[str, Any], around: str = "") -> Iterator[tuple[str, str]]:
    for key, value in model.items():
        name = f"{around}{key}"
        if isinstance(value, dict):
            yield from _facts(value, f"{name}.")
        elif isinstance(value, list):
            yield from ((name, str(item)) for item in value)
        elif value is not None:
            yield name, _BOOLEAN[value] if isinstance(value, bool) else str(value)


def _shown(body: str) -> str:
    """The words of an entry and the addresses it links to."""
    addresses = " ".join("".join(found.groups("")) for found in _ATTRIBUTE.finditer(body))
    return _folded(unescape(f"{_TAG.sub(' ', body)} {addresses}"))


def _folded(words: str) -> str:
    # Figures are shown in groups of three.
    return " ".join(re.sub(r"(?<=\d),(?=\d{3})", "", words).split())


def _differs(source: Source, words: str, message: str) -> Diagnostic:
    at = max(0, source.text.find(words))
    line, column = source.position(at)
    return error("text-differs", source.path, line, column, message)


def check_site_page(document: Document, html: str) -> Diagnostic | None:
    """What the finished page of a document says wrongly first, or None. `html` is the whole page, empty if missing."""
    assert document.source is not None
    if document.verbatim:
        return check_verbatim_page(document.source, html)
    if document.entry.kind is DocumentKind.CATALOGUE:
        return check_catalogue_page(document.source, html)
    return check_page(document.source, html)
