"""A reference in a passage, before it has a place."""

from __future__ import annotations

from dataclasses import dataclass

from engross.model import ReferenceKind


@dataclass(frozen=True, slots=True)
class Spot:
    """`text[start:end]` of a passage refers to `target`: (document id, anchor), or None (outside, or broken)."""

    start: int
    end: int
    kind: ReferenceKind
    target: tuple[str, str] | None
    problem: str = ""
