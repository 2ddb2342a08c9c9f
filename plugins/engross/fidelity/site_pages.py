"""Checks finished pages against their sources: contracts word by word, model lists fact by fact.

Another YAML parser than the one that made the page reads the model list, so that a mistake in either is found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
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
_DAYS = frozenset(
    {
        "eula.retrieved",
        "released",
        "knowledge",
        *(f"lifecycle.{day}" for day in ("preview", "ga", "deprecated", "retires")),
    }
)


def check_catalogue_page(source: Source, html: str, words: Mapping[str, str] | None = None) -> Diagnostic | None:
    """Compare the page of a model list with its YAML; return the first difference, else None.

    `words` are the UI strings with which the page writes booleans and dates; if None, it has both as in the YAML.
    """
    entries = [(found["id"], found["body"]) for found in _ENTRY.finditer(html)]
    models = _models(source.text)
    if [str(model["id"]) for model in models] != [name for name, _ in entries]:
        return _difference(source, "id", "the page does not list the same models in the same order")
    for model, (name, body) in zip(models, entries, strict=True):
        group = words["digit_group"] if words else ","
        shown = _folded(_shown(body), group)
        for key, value in _facts(model, words):
            if not _contains(shown, _folded(value, group)):
                return _difference(source, name, f"the page does not show {key}: {value}")
    return None


@lru_cache(maxsize=4)
def _models(text: str) -> list[dict[str, Any]]:
    """Read a model list. A rebuild checks the same one again; nobody may change what is returned."""
    models: list[dict[str, Any]] = yaml.load(text, Loader=_PlainLoader).get("models", [])
    return models


class _PlainLoader(yaml.SafeLoader):  # type: ignore[misc]
    """Reads every plain scalar except booleans as text: versions, dates and numbers too."""

    # A copy: all other YAML in the process is read with the inherited table.
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
            for item in value:
                yield from _facts(item, words, f"{name}.") if isinstance(item, dict) else ((name, str(item)),)
        elif isinstance(value, bool):
            yield name, words[_BOOLEAN[value]] if words else _BOOLEAN[value]
        elif value is not None:
            yield name, _day(str(value), words) if words and name in _DAYS else str(value)


def _day(value: str, words: Mapping[str, str]) -> str:
    year, month, *days = map(int, value.split("-"))
    form = words["date_form"] if days else words["month_form"]
    day = words["first_day"] if days == [1] else "".join(map(str, days))
    return form.format(day=day, month=words[f"month_{month}"], year=year)


def _shown(body: str) -> str:
    """The text of an entry and the addresses of its links."""
    addresses = " ".join("".join(found.groups("")) for found in _ATTRIBUTE.finditer(body))
    return unescape(f"{_TAG.sub(' ', body)} {addresses}")


def _contains(shown: str, value: str) -> bool:
    """Whether a text contains a value as whole words: 4 March is not in 14 March."""
    at = shown.find(value)
    while at >= 0:
        end = at + len(value)
        if not (_same_word(shown[at - 1 : at] + value[:1]) or _same_word(value[-1:] + shown[end : end + 1])):
            return True
        at = shown.find(value, at + 1)
    return False


def _same_word(two: str) -> bool:
    return len(two) > 1 and two.isalnum()


def _folded(text: str, group: str) -> str:
    # Pages show digits in groups of three.
    return " ".join(re.sub(rf"(?<=\d){re.escape(group)}(?=\d{{3}})", "", text).split())


def _difference(source: Source, words: str, message: str) -> Diagnostic:
    at = max(0, source.text.find(words))
    line, column = source.position(at)
    return error("text-differs", source.path, line, column, message)


def check_site_page(document: Document, html: str, words: Mapping[str, str] | None = None) -> Diagnostic | None:
    """Compare the finished page of a document with its source; return the first difference, or None.

    `html` is the whole page, empty if missing. `words` is for model lists (see `check_catalogue_page`).
    """
    assert document.source is not None
    if document.verbatim:
        return check_verbatim_page(document.source, html)
    if document.entry.kind is DocumentKind.CATALOGUE:
        return check_catalogue_page(document.source, html, words)
    return check_page(document.source, html)
