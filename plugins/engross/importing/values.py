"""What an import reads and makes: the text that a reader of a format found, the report, and the imported document.

A reader (`formats.py` lists them) turns the bytes of a file into a `Reading`. Its blocks are pandoc's JSON AST, as
dictionaries, whether pandoc made them or not: `markdown_writer` writes them as contract Markdown. A labelled paragraph
is a `Div` of class `item` (see `item`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeAlias

Node: TypeAlias = dict[str, Any]
"""A block or inline of pandoc's AST: `{"t": "Para", "c": [...]}`."""

RULE = "import"
"""The rule of errors of imports."""


class Kind(StrEnum):
    """What the importer did to the text at a place."""

    CHANGED = "changed"
    DROPPED = "dropped"
    GUESSED = "guessed"


@dataclass(frozen=True, slots=True)
class Remark:
    """One line of the report. `place` says where in the source, in words; it is empty for the file as a whole.

    `words` is the visible text that is dropped, which the word check then does not expect.
    """

    kind: Kind
    place: str
    message: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Choices:
    """What the user chose: `tracked` is "accept", "reject" or "track", or empty; `select` is a CSS selector.

    `title` is the title of the document if it is not to be found in the source.
    """

    tracked: str = ""
    select: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """The source as a reader of its format understood it.

    `blocks` are pandoc blocks; headings have the levels of the document: 1 is the title. `text` is the visible text of
    the source, extracted by code that shares nothing with the reader. `labels` are the numbers that the reader added
    because the source generates them, in order. `pictures` are the bytes by the address used in an `Image`. `review`
    is the Markdown of a review file.
    """

    blocks: list[Node]
    text: str
    remarks: list[Remark] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    review: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """Words in one text only: `lost` are in the source, `added` in the imported text, after the words `after`."""

    after: str
    lost: str
    added: str


@dataclass(frozen=True, slots=True)
class Report:
    """What an import did. `words` counts the words of the source; `labels` the numbers that were typed."""

    source: str
    remarks: tuple[Remark, ...]
    differences: tuple[Difference, ...]
    words: int
    labels: int = 0


@dataclass(frozen=True, slots=True)
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
