"""The anchors that a change removes, and what its note answers for them under `anchors`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

import engross.common.lazy_re as re
from engross.common import quoted
from engross.record.posting.drafts import Draft
from engross.record.posting.plan import Plan, next_number
from engross.record.trees import ALL_LOST, lost_anchors

MOST_ANCHORS = 5
"""Up to this many removed anchors, a note answers for each; for more it answers for all together."""
LostAnchors: TypeAlias = tuple[tuple[str, str], ...]
"""Removed anchors with the labels of their clauses."""

_PLAIN = re.compile(r"[a-z0-9][\w#.-]*")


def lost_anchors_of(plan: Plan, draft: Draft) -> LostAnchors:
    """Return the permanent anchors that a draft removes and that no clause keeps; `lost_anchors` without answers."""
    if not draft.changed or draft.base is None:
        return ()
    labels = {clause.anchor: clause.label for clause in draft.base_tree.clauses}
    lost = lost_anchors(draft.base_tree, draft.tree(next_number(plan.record, draft.document.id)), {})
    return tuple((anchor, labels.get(anchor, anchor)) for anchor in lost)


def answers(document: str, lost: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return what a new note answers for removed anchors: each leads to the beginning of the document."""
    anchors = lost if len(lost) <= MOST_ANCHORS else [ALL_LOST]
    return tuple((f"{document}#{anchor}", document) for anchor in anchors)


def answer_yaml(answer: tuple[str, str]) -> str:
    """Return an answer as YAML: `agreement#old: agreement`."""
    return ": ".join(text if _PLAIN.fullmatch(text) else quoted(text) for text in answer)


def answer_lines(lost: Sequence[tuple[str, LostAnchors]]) -> Iterator[str]:
    """Yield the lines of a new note with the answers for the removed anchors of its documents, with comments."""
    yield from ["anchors:"] if lost else []
    for document, anchors in lost:
        given = answers(document, [anchor for anchor, _ in anchors])
        labels = [f"“{' '.join(label.split())}” is removed; or another anchor" for _, label in anchors]
        whole = [
            f"all {len(anchors)} removed headings and definitions; a line of its own can lead one to another anchor"
        ]
        for answer, comment in zip(given, labels if len(given) == len(labels) else whole, strict=True):
            yield f"  {answer_yaml(answer)}  # {comment}, or an empty text for nowhere"
