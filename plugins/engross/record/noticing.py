"""Whether a reader can notice what a redline shows: what tells a change of format from any other."""

from __future__ import annotations

from engross.redline.changes import find_changes
from engross.redline.script import FactKind, Op, Redline, State

_UNNOTICED = frozenset({FactKind.EMPHASIS, FactKind.ALIGNMENT, FactKind.CODE_LANGUAGE, FactKind.LINE_BREAK})
"""Facts that change the setting of the same words; anything else a reader can notice."""


def what_is_noticed(script: Redline) -> str:
    """The first change of a redline that a reader can notice, in words; empty where only the setting changed."""
    for change in find_changes(script):
        inner = [block for top in change.blocks for block in top.walk()]
        worded = any(run.op is not Op.EQUAL and run.text.strip() for block in inner for run in block.runs)
        placed = any(block.state in (State.INSERTED, State.DELETED, State.MOVED_HERE) for block in inner)
        facts = [fact for block in inner for fact in block.facts if fact.kind not in _UNNOTICED]
        if worded or placed or facts:
            return f"{change.where}: {', '.join(change.kinds)}"
    return ""
