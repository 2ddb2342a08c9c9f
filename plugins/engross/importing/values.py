"""The values of an import: the text that a reader of a format found, the report, and the imported document.

A reader (`importer.py` lists them) turns the bytes of a file into a `Reading`. Its blocks are pandoc's JSON AST, as
dictionaries: `markdown_writer` writes them as contract Markdown. A labelled paragraph
is a `Div` of class `item` (see `item`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from enum import StrEnum
from typing import Any, TypeAlias

import engross.common.lazy_re as re
from engross.common import EngrossError, error, value_class

Node: TypeAlias = dict[str, Any]
"""A block or inline of pandoc's AST: `{"t": "Para", "c": [...]}`."""

RULE = "import"
"""The rule of errors of imports."""
WORDS_OF_LINK = "words-of-link"
"""The class of a `Span` of words that were a link, so that they are no number of a paragraph."""


class Kind(StrEnum):
    """What the importer did to the text at a place."""

    CHANGED = "changed"
    DROPPED = "dropped"
    GUESSED = "guessed"


@value_class(frozen=True, slots=True)
class Remark:
    """One line of the report. `place` says where in the source, in words; it is empty for the file as a whole.

    `words` is the visible text that is dropped, which the word check then does not expect.
    """

    kind: Kind
    place: str
    message: str
    words: str = ""


_LINE = re.compile(r"line (\d+)(?:, column (\d+))?")


def by_place(remarks: Iterable[Remark]) -> list[Remark]:
    """Return the lines of a report in the order of their places; those about the whole file come first."""

    def place(remark: Remark) -> tuple[int, int]:
        found = _LINE.match(remark.place)
        return (int(found[1]), int(found[2] or 0)) if found else (0, 0)

    return sorted(remarks, key=place)


@value_class(frozen=True, slots=True)
class Choices:
    """What the user chose: `tracked` is "accept", "reject" or "track", or empty; `select` is a CSS selector.

    `title` is the title of the document if it is not to be found in the source.
    """

    tracked: str = ""
    select: str = ""
    title: str = ""


@value_class(frozen=True, slots=True)
class Reading:
    """The source as a reader of its format understood it.

    `blocks` are pandoc blocks; headings have the levels of the document: 1 is the title. `text` is the visible text of
    the source, extracted by code that shares nothing with the reader. `labels` are the numbers that the reader added
    because the source generates them, in order. `pictures` are the bytes by the address used in an `Image`. `review`
    is the Markdown of a review file. `markdown` is the document itself, if the reader keeps the Markdown of the source;
    then there are no blocks.
    """

    blocks: list[Node]
    text: str
    remarks: list[Remark] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    review: str = ""
    markdown: str = ""


@value_class(frozen=True, slots=True)
class Difference:
    """Words in one text only: `lost` are in the source, `added` in the imported text, after the words `after`."""

    after: str
    lost: str
    added: str


@value_class(frozen=True, slots=True)
class Report:
    """What an import did. `words` counts the words of the source; `labels` the numbers that were typed."""

    source: str
    remarks: tuple[Remark, ...]
    differences: tuple[Difference, ...]
    words: int
    labels: int = 0


@value_class(frozen=True, slots=True)
class Imported:
    """An imported document. `pictures` are by path relative to it; `review` is the text of the review file."""

    title: str
    markdown: str
    pictures: Mapping[str, bytes]
    report: Report
    review: str = ""


def item(label: str, blocks: list[Node], *, depth: int = 0) -> Node:
    """Return a labelled paragraph with what belongs to it: `label` as shown, such as `(a)`, or `-` for a bullet.

    `depth` counts the items around it, for items that do not nest in the AST.
    """
    return {"t": "Div", "c": [["", ["item"], [["label", label], ["depth", str(depth)]]], blocks]}


def plain_text(inlines: Iterable[Node]) -> str:
    """Return the words of inlines without marks."""
    parts: list[str] = []
    for node in inlines:
        kind: str = node["t"]
        content: Any = node.get("c")
        if kind == "Str":
            parts.append(content)
        elif kind in ("Space", "SoftBreak", "LineBreak"):
            parts.append(" ")
        elif kind in ("Link", "Span"):
            parts.append(plain_text(content[1]))
        elif kind not in ("Image", "Note"):
            parts.append(plain_text(content))
    return "".join(parts)


def item_labels(blocks: list[Node]) -> Iterator[str]:
    """Yield the labels of items that were made of lists, in the order of the text."""
    pending: list[object] = list(reversed(blocks))
    while pending:
        part = pending.pop()
        if isinstance(part, list):
            pending.extend(reversed(part))
        elif isinstance(part, dict):
            if part.get("t") == "Div" and "item" in part["c"][0][1]:
                label = dict(part["c"][0][2])["label"]
                if label != "-":
                    yield label
            pending.append(part.get("c"))


def missing_extra(extra: str) -> EngrossError:
    """Return the error for an extra that is not installed."""
    message = f'this needs an extra of Engross; install it: pip install "engross[{extra}]"'
    return EngrossError([error(RULE, "engross", 0, 0, message)])
