"""The mutable node type that `text/` builds trees from; `Freezer` turns the nodes into `Clause`s at the end."""

from __future__ import annotations

from dataclasses import dataclass, field

from engross.model import NO_TEXT, ClauseKind, Inline, ListKind
from engross.text.numbering import Enumerator


@dataclass(slots=True)
class Node:
    """A clause under construction. `lines` are 1-based and inclusive; `indent` is in columns, from 0.

    `path` contains the labels of an enumerated item and the items around it in the same container, outermost first:
    ("(h)", "(iv)"). `quoted` is true if `name` is a quoted term, false if it is a lead-in.
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
