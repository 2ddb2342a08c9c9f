"""A reference in a passage, before it has a place."""

from __future__ import annotations

from engross.model import ReferenceKind
from engross.values import dataclass


@dataclass(frozen=True, slots=True)
class Spot:
    """`text[start:end]` of a passage refers to `target`: (document id, anchor), or None (outside, or broken)."""

    start: int
    end: int
    kind: ReferenceKind
    target: tuple[str, str] | None
    problem: str = ""
