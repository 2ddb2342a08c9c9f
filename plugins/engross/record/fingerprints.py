"""The text hash: of what a reader sees of a document, words and structure, and of nothing else.

It decides whether anything changed. Line wraps, comments and the order of YAML keys do not change it; a link's target,
an enumerator and a heading's level do.
"""

from __future__ import annotations

from collections.abc import Iterator

from engross.model import Clause
from engross.record.canonical import hash_of
from engross.redline.outline import Outline
from engross.redline.project import Line, of_nodes


def text_hash(root: Clause) -> str:
    """The hash of what a tree shows."""
    return hash_of(list(_lines(root)))


def _lines(root: Clause) -> Iterator[list[object]]:
    for line in of_nodes(Outline().nodes(root)):
        yield _plain(line)


def _plain(line: Line) -> list[object]:
    text = [
        [piece.text, [[str(style.kind), style.target, style.title] for style in piece.styles]] for piece in line.text
    ]
    setting = [str(line.kind), line.level, line.marker, str(line.list_kind or ""), line.align, line.language]
    return [line.depth, setting, text]
