"""The tree while it grows: one mutable node type, private to `text/`, frozen into `Clause`s at the end."""

from __future__ import annotations

from dataclasses import dataclass, field

from engross.model import NO_TEXT, ClauseKind, Inline, ListKind
from engross.text.numbering import Enumerator


@dataclass(slots=True)
class Node:
    """A clause in the making. `lines` are 1-based and inclusive; `indent` counts columns from 0.

    `path` holds what an enumerated item and those around it are called, outermost first ("(h)", "(iv)"), as far as
    they stand in the same container. `quoted` tells that `name` is a term in quotes and not a lead-in.
    """

    kind: ClauseKind
    lines: tuple[int, int]
    inline: Inline = NO_TEXT
    children: list[Node] = field(default_factory=list)
    indent: int = 0
    level: int = 0
    marker: str = ""
    enumerator: Enumerator | None = None
    path: tuple[str, ...] = ()
    list_kind: ListKind | None = None
    tight: bool = False
    span: tuple[int, int] = (0, 0)
    number: str = ""
    generated: bool = False
    name: str = ""
    quoted: bool = False
    align: str = ""
    language: str = ""
