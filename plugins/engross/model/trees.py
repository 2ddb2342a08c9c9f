"""The tree of a sealed version: its clauses with their stable ids, and the anchors of earlier versions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from engross.common import value_class


@value_class(frozen=True, slots=True)
class TreeClause:
    """A clause of a sealed version.

    `id` identifies the clause in all versions, whatever its label or position. `words` is the beginning of the hash of
    its own words. Version numbers: `since` is the first with the clause, `changed` the last that changed its words,
    `called` the first in which `anchor` means this clause. `named` is true if the anchor is permanent (a heading's or
    a definition's, not an enumerator's).
    """

    id: str
    anchor: str
    label: str
    kind: str
    words: str
    since: int
    changed: int
    called: int
    named: bool = False


@value_class(frozen=True, slots=True)
class Alias:
    """The target of an anchor that the text no longer has: the clause with id `clause`, `leads` ("document#anchor"), or
    nothing. `gone` is the version that dropped the anchor.
    """

    anchor: str
    gone: int
    clause: str = ""
    leads: str = ""


@value_class(frozen=True, slots=True)
class Tree:
    """The tree of a sealed version.

    * `clauses`: its clauses in text order.
    * `aliases`: the anchors that earlier versions had.
    * `reused`: labels of enumerated clauses that earlier versions had for other words: anchor → the last such version.
    * `former`: enumerators that the text no longer has: anchor → hash of their last words, and the last version.
    """

    clauses: tuple[TreeClause, ...] = ()
    aliases: tuple[Alias, ...] = ()
    next: int = 1
    reused: Mapping[str, int] = field(default_factory=dict)
    former: Mapping[str, tuple[str, int]] = field(default_factory=dict)
