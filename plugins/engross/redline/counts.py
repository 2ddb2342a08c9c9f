"""Counts the changes of an edit script, and describes them in one sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise

from engross.model import ClauseKind
from engross.redline.changes import Labels, english
from engross.redline.folding import folded
from engross.redline.script import Block, Counts, Op, Redline, Run, State
from engross.redline.styled_text import count_words

_CLAUSES = (ClauseKind.PARAGRAPH, ClauseKind.SECTION, ClauseKind.ROW, ClauseKind.CODE)
_COUNTERS = {
    State.CHANGED: "clauses_changed",
    State.RESET: "clauses_changed",
    State.INSERTED: "clauses_inserted",
    State.DELETED: "clauses_deleted",
    State.MOVED_HERE: "clauses_moved",
}


def count(blocks: Sequence[Block]) -> Counts:
    """Count the changes of a script; what moved counts once, at its new place."""
    totals: Counter[str] = Counter()
    within: set[int] = set()
    for name, section in _whole_sections(blocks):
        totals[name] += 1
        within.update(map(id, section))
    for block in blocks:
        _add(block, totals, State.SAME, id(block) in within)
    return Counts(**totals)


def _whole_sections(blocks: Sequence[Block]) -> Iterator[tuple[str, Sequence[Block]]]:
    """Yield the sections that were deleted, inserted or moved as a whole: the name of their counter, and their blocks.

    A section within such a section is part of it.
    """
    for state, away, here, name in (
        (State.DELETED, State.MOVED_AWAY, (State.INSERTED, State.MOVED_HERE), "sections_deleted"),
        (State.INSERTED, State.MOVED_HERE, (State.DELETED, State.MOVED_AWAY), "sections_inserted"),
    ):
        side = [block for block in blocks if block.state not in here]
        at = 0
        while at < len(side):
            end = _end_of_section(side, at)
            section = side[at:end]
            if side[at].state is state and len(section) > 1 and all(one.state in (state, away) for one in section):
                yield name, [one for one in section if one.state is state]
                at = end
            else:
                at += 1
    moved = [block for block in blocks if block.state is State.MOVED_HERE]
    for _, group in groupby(moved, lambda block: block.move):
        yield from _moved_sections(list(group))


def _end_of_section(side: Sequence[Block], at: int) -> int:
    """Return the index after the section that begins with a heading; for another block, the index after it."""
    heading = side[at].face
    if heading.kind is not ClauseKind.SECTION:
        return at + 1
    following = range(at + 1, len(side))
    ends = (i for i in following if side[i].face.kind is ClauseKind.SECTION and side[i].face.level <= heading.level)
    return next(ends, len(side))


def _moved_sections(moved: Sequence[Block]) -> Iterator[tuple[str, Sequence[Block]]]:
    """Yield the sections in neighbours that moved together, if they begin with a heading."""
    levels = [_levels(block) for block in moved]
    if len(moved) > 1 and levels[0]:
        starts = [at for at, level in enumerate(levels) if level == levels[0]]
        for start, end in pairwise([*starts, len(moved)]):
            yield "sections_moved", moved[start:end]


def _levels(block: Block) -> tuple[int, ...]:
    """Return the levels of a heading on both sides; empty for other blocks."""
    is_heading = block.face.kind is ClauseKind.SECTION
    return tuple(face.level for face in (block.old, block.new) if face) if is_heading else ()


def _add(block: Block, totals: Counter[str], around: State, in_section: bool = False) -> None:
    state = block.state
    if state is State.MOVED_AWAY or (state is State.SAME and around is not State.MOVED_HERE):
        return
    if state is State.SAME:
        state = State.MOVED_HERE
    # A reset counts as one changed clause, however many blocks it became.
    is_clause = block.face.kind in _CLAUSES or (state is State.RESET and block.new is not None)
    if is_clause and state in _COUNTERS and around is not State.RESET and not in_section:
        totals["clauses_typographic" if block.is_typographic else _COUNTERS[state]] += 1
    for run in _with_words(block.runs):
        totals["words_inserted" if run.op is Op.INSERTED else "words_deleted"] += count_words(run.text)
    for child in block.children:
        _add(child, totals, state, in_section)


def _with_words(runs: Sequence[Run]) -> Iterator[Run]:
    """Yield the deleted and inserted runs, except pairs that differ in typography alone."""
    at = 0
    while at < len(runs):
        run, after = runs[at], runs[at + 1] if at + 1 < len(runs) else None
        replaced = run.op is Op.DELETED and after is not None and after.op is Op.INSERTED and bool(run.text.strip())
        if replaced and after is not None and folded(run.text) == folded(after.text):
            at += 2
            continue
        if run.op is not Op.EQUAL and run.text:
            yield run
        at += 1


def summary(script: Redline, labels: Labels, pictures: Sequence[str]) -> str:
    """Describe for readers what changed; `pictures` are the names of pictures whose files changed."""
    parts = [labels.pictures.format(names=", ".join(pictures))] if pictures else []
    if script.is_visible:
        parts.append(counts_in_words(script.counts, labels))
    if script.unread:
        parts.append(labels.unread.format(names=", ".join(script.unread)))
    if not parts:
        parts.append(labels.nothing)
    if not script.is_visible and not script.unread and not script.is_empty:
        parts.append(labels.source_only)
    return " ".join(parts)


_IN_ORDER = (
    *("sections_inserted", "sections_deleted", "sections_moved"),
    *("clauses_changed", "clauses_inserted", "clauses_deleted", "clauses_moved", "clauses_typographic"),
)


def counts_in_words(counts: Counts, labels: Labels | None = None) -> str:
    """Describe the counts for readers in one sentence, without zeros."""
    labels = labels or english()
    clauses = ", ".join(_described(counts, _IN_ORDER, labels))
    words = ", ".join(_described(counts, ("words_inserted", "words_deleted"), labels))
    if clauses and words:
        clauses = labels.counts_with_words.format(clauses=clauses, words=words)
    return labels.counts_sentence.format(counts=clauses or words) if clauses or words else labels.only_layout


def _described(counts: Counts, names: Iterable[str], labels: Labels) -> Iterator[str]:
    for name in names:
        number: int = getattr(counts, name)
        if number:
            yield getattr(labels, f"{name}_{'one' if number == 1 else 'many'}").format(count=f"{number:,}")
