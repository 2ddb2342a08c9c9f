"""How much a script changes: clauses and words, counted from its blocks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from engross.model import ClauseKind
from engross.redline.labels import Labels, english
from engross.redline.script import Block, Counts, Op, State
from engross.redline.tokens import count_words

_CLAUSES = (ClauseKind.PARAGRAPH, ClauseKind.SECTION, ClauseKind.ROW, ClauseKind.CODE)
_AS = {
    State.CHANGED: "clauses_changed",
    State.RESET: "clauses_changed",
    State.INSERTED: "clauses_inserted",
    State.DELETED: "clauses_deleted",
    State.MOVED_HERE: "clauses_moved",
}


def count(blocks: Iterable[Block]) -> Counts:
    """The counts of a script. A moved clause counts once, where it moved to."""
    totals: Counter[str] = Counter()
    for block in blocks:
        _add(block, totals, State.SAME)
    return Counts(**totals)


def _add(block: Block, totals: Counter[str], around: State) -> None:
    state = block.state
    if state is State.MOVED_AWAY or (state is State.SAME and around is not State.MOVED_HERE):
        return
    if state is State.SAME:
        state = State.MOVED_HERE
    # A reset is one clause changed, into however many blocks it was set.
    is_clause = block.face.kind in _CLAUSES or (state is State.RESET and block.new is not None)
    if is_clause and state in _AS and around is not State.RESET:
        totals[_AS[state]] += 1
    for run in block.runs:
        if run.op is not Op.EQUAL and run.text:
            totals["words_inserted" if run.op is Op.INSERTED else "words_deleted"] += count_words(run.text)
    for child in block.children:
        _add(child, totals, state)


def counts_in_words(counts: Counts, labels: Labels | None = None) -> str:
    """The counts as a reader is told them, what is nought left out."""
    labels = labels or english()
    clauses = [
        f"{number} {word}"
        for number, word in (
            (counts.clauses_changed, labels.changed),
            (counts.clauses_inserted, labels.inserted),
            (counts.clauses_deleted, labels.deleted),
            (counts.clauses_moved, labels.moved),
        )
        if number
    ]
    words = [
        f"{number:,} {word}"
        for number, word in ((counts.words_inserted, labels.inserted), (counts.words_deleted, labels.deleted))
        if number
    ]
    said = [labels.clauses.format(counts=", ".join(clauses))] if clauses else []
    said += [labels.words.format(counts=", ".join(words))] if words else []
    return " ".join(said) or labels.only_layout
