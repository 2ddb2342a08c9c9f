"""Two texts of a document → one edit script, exact on both sides. See `engine` for the way through this folder."""

from engross.redline.engine import redline
from engross.redline.script import (
    Block,
    Break,
    Counts,
    Face,
    Fact,
    FactKind,
    Move,
    Op,
    Redline,
    Run,
    Segment,
    State,
    Style,
    accept,
    reject,
)
from engross.redline.sides import Side

__all__ = [
    "Block",
    "Break",
    "Counts",
    "Face",
    "Fact",
    "FactKind",
    "Move",
    "Op",
    "Redline",
    "Run",
    "Segment",
    "Side",
    "State",
    "Style",
    "accept",
    "redline",
    "reject",
]
