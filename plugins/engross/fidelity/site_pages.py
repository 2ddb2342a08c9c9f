"""Checks finished pages against their sources: contracts word by word, model lists fact by fact.

Another YAML parser than the one that made the page reads the model list, so that a mistake in either is found.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from html import unescape
from typing import Any, ClassVar

import yaml  # type: ignore[import-untyped]

import engross.common.lazy_re as re
from engross.common import error
from engross.fidelity.compare import check_page, check_verbatim_page
from engross.model import Column, ColumnType, Diagnostic, Document, RegisterSchema, Source

_ENTRY = re.compile(
    r"<(?P<element>section|tr)\b[^>]*?\bdata-engross-(?:model|row)=[\"']?(?P<id>[^\"'\s>]+)[^>]*>"
    r"(?P<body>.*?)</(?P=element)>",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"<a\b[^>]*?\bhref=(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))")
_TAG = re.compile(r"<[^>]*>")
_TERM = re.compile(r"<a class=[\"']?eg-term[^>]*>(.*?)</a>", re.DOTALL)
_BOOLEAN = {True: "yes", False: "no"}
_DAYS = frozenset(
    {
        "eula.retrieved",
        "released",
        "knowledge",
        *(f"lifecycle.{day}" for day in ("preview", "ga", "deprecated", "retires")),
    }
)


def check_rows_page(
    source: Source, html: str, words: Mapping[str, str] | None = None, register: RegisterSchema | None = None
) -> Diagnostic | None:
    """Compare the page of a model list or another register with its YAML; return the first difference, else None.

    `words` are the UI strings with which the page writes booleans, dates and numbers; if None, it has all as in the
    YAML. `register` are the columns of a register that is no model list.
    """
    entries = [(found["id"], found["body"]) for found in _ENTRY.finditer(html)]
    written = _read(source.text)
    rows = written.get("models") or written.get("rows") or []
    if [str(row["id"]) for row in rows] != [name for name, _ in entries]:
        return _difference(source, "id", "the page does not list the same rows in the same order")
    group = words["digit_group"] if words else ","
    note = written.get("note")
    if note and not _contains(_folded(_shown(html), group), _folded(str(note), group)):
        return _difference(source, "note", f"the page does not show the note: {note}")
    for row, (name, body) in zip(rows, entries, strict=True):
        # The id of a row is its address.
        shown = _folded(f"{_shown(body)} {name}", group)
        for key, value in _facts(row, words):
            form = _form(value, register.column(key), words) if register else value
            if not _contains(shown, _folded(form, group)):
                return _difference(source, name, f"the page does not show {key}: {value}")
    return None


@lru_cache(maxsize=4)
def _read(text: str) -> dict[str, Any]:
    """Read a register. A rebuild checks the same one again; nobody may change what is returned."""
    read: dict[str, Any] = yaml.load(text, Loader=_PlainLoader)
    return read


def _form(value: str, column: Column | None, words: Mapping[str, str] | None) -> str:
    """A value of a register as a page in these words must write it."""
    if words is None or column is None or value.startswith("[Redacted"):
        return value
    if column.type is ColumnType.DATE:
        return _day(value, words)
    if column.type in (ColumnType.NUMBER, ColumnType.MONEY):
        return value.replace(".", words["decimal_mark"])
    return value


_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""In C where PyYAML was installed with it: it takes a sixth of the time."""


class _PlainLoader(_LOADER):  # type: ignore[misc]
    """Reads every plain scalar except booleans as text: versions, dates and numbers too."""

    # A copy: all other YAML in the process is read with the inherited table.
    yaml_implicit_resolvers: ClassVar = {
        first: [pair for pair in resolvers if pair[0].endswith((":bool", ":null"))]
        for first, resolvers in _LOADER.yaml_implicit_resolvers.items()
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
    # The link of a defined term is in the middle of a text; other elements divide texts.
    body = _TERM.sub(r"\1", body)
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

    `html` is the whole page, empty if missing. `words` is for model lists (see `check_rows_page`).
    """
    assert document.source is not None
    if document.verbatim:
        return check_verbatim_page(document.source, html)
    if document.entry.kind.has_rows:
        return check_rows_page(document.source, html, words, document.entry.register)
    return check_page(document.source, html)
