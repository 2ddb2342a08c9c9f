"""A script -> the list of its changes, their counts, and the words that name them.

The words that a redline says of its own, in English unless others are handed in: every page in a site's language has

them from the site's catalogue of words.

A script → the list of its changes, as a person would go through them: each with where it is and what kind it is.

Neighbouring blocks that came, went, moved or were renumbered together are one change.

How much a script changes: clauses and words, counted from its blocks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cache

from engross.corpus import ui_strings
from engross.model import ClauseKind
from engross.redline.projection import text_of
from engross.redline.script import Block, Counts, Fact, FactKind, Move, Op, Redline, State
from engross.redline.styled_text import count_words, plain


@dataclass(frozen=True, slots=True)
class Labels:
    """What is said of changes. Each field is a word of the catalogue, where its name begins with "redline_"."""

    inserted: str
    deleted: str
    changed: str
    moved: str
    moved_away: str
    moved_here: str
    moved_from: str
    moved_to: str
    words_changed: str
    spacing_changed: str
    row_inserted: str
    row_deleted: str
    column_inserted: str
    column_deleted: str
    definition_added: str
    definition_dropped: str
    emphasis: str
    link_target: str
    image: str
    heading_level: str
    renumbered: str
    list_kind: str
    alignment: str
    code_language: str
    line_break: str
    split: str
    joined: str
    none: str
    opening: str
    end_of: str
    was: str
    now: str
    change: str
    break_inserted: str
    break_deleted: str
    clauses: str
    words: str
    only_layout: str
    nothing: str
    source_only: str
    key: str
    key_number: str
    fold: str
    unchanged: str
    changes: str
    count_one: str
    count_many: str


def labels_of(words: Mapping[str, str]) -> Labels:
    """The labels as a catalogue of words has them."""
    return Labels(**{one.name: words[f"redline_{one.name}"] for one in fields(Labels)})


@cache
def english() -> Labels:
    """The labels in English; read only when a redline is first made."""
    return labels_of(ui_strings("en"))


_LONGEST_EXTRACT = 90
_WHOLE = (State.INSERTED, State.DELETED, State.MOVED_HERE, State.RESET)
_SAID = {State.INSERTED: "inserted", State.DELETED: "deleted"}
"""Which label a block has that came or went."""


@dataclass
class Change:
    """One change. `blocks` are those it consists of, in order; `where` is the clause, as people call it.

    `kinds` say what happened, in words ("inserted", "words changed", "heading level 2 → 3"); `old` and `new` are the
    text before and after, as far as this change has any.
    """

    number: int
    where: str
    kinds: list[str]
    old: str
    new: str
    facts: list[Fact]
    blocks: list[Block] = field(repr=False)


def find_changes(script: Redline, labels: Labels | None = None) -> list[Change]:
    """All changes of a script, in the order in which it shows them; the old place of a move is none of its own."""
    return _Finder(script.moves, labels or english()).find(script.blocks)


@dataclass
class _Finder:
    moves: Sequence[Move]
    labels: Labels
    changes: list[Change] = field(default_factory=list)
    _heading: str = ""
    # What a next block must be to belong to the change before it: its state and move, or a mere renumbering.
    _open: tuple[object, ...] = ()

    def find(self, blocks: Sequence[Block]) -> list[Change]:
        self._level(blocks, "")
        for change in self.changes:
            change.kinds = _without_series(change.kinds, f"{self.labels.renumbered}: ")
        return self.changes

    def _level(self, blocks: Sequence[Block], where: str) -> None:
        self._open = ()
        for block in blocks:
            if block.face.kind is ClauseKind.SECTION and block.state is not State.MOVED_AWAY:
                self._heading = plain(text_of(block.runs, Op.INSERTED)) or plain(text_of(block.runs, Op.DELETED))
            self._block(block, block.face.label or where)

    def _block(self, block: Block, where: str) -> None:
        key = _group(block)
        if key and key == self._open:
            self._join(block)
        elif block.state in _WHOLE or (block.state is State.CHANGED and _changed_itself(block)):
            self._add(block, where)
        if block.state in (State.CHANGED, State.MOVED_HERE):
            # A column that came or went is told once, for its table.
            self._level([child for child in block.children if not _in_column(child)], where)
        self._open = key

    def _add(self, block: Block, where: str) -> None:
        number = len(self.changes) + 1
        change = Change(number, where or self._heading or self.labels.opening, [], "", "", [], [])
        self.changes.append(change)
        self._join(block)

    def _join(self, block: Block) -> None:
        change = self.changes[-1]
        change.blocks.append(block)
        change.facts += [fact for inner in _told(block) for fact in inner.facts]
        change.kinds += [kind for kind in self._kinds(block) if kind not in change.kinds]
        for side, op in (("old", Op.DELETED), ("new", Op.INSERTED)):
            text = "\n".join(filter(None, (getattr(change, side), side_text(block, op))))
            setattr(change, side, text)

    def _kinds(self, block: Block) -> Iterator[str]:
        if block.state is State.MOVED_HERE:
            yield self.labels.moved_from.format(place=self.moves[block.move - 1].old)
        if block.state in _SAID and block.face.kind is not ClauseKind.ROW:
            yield getattr(self.labels, _SAID[block.state])
        marked = [run.text for inner in _told(block) for run in inner.runs if run.op is not Op.EQUAL and run.text]
        if marked and block.state in (State.CHANGED, State.RESET, State.MOVED_HERE):
            if any(text.strip(" \n") for text in marked):
                yield self.labels.words_changed
            elif not any(inner.facts for inner in _told(block)):
                yield self.labels.spacing_changed
        yield from (fact_in_words(fact, self.labels) for inner in _told(block) for fact in inner.facts)


def _without_series(kinds: list[str], renumbering: str) -> list[str]:
    """The kinds, with a row of renumberings told by its first and last."""
    renumbered = [kind for kind in kinds if kind.startswith(renumbering)]
    if len(renumbered) < 3:
        return kinds
    series = f"{renumbered[0]} … {renumbered[-1].removeprefix(renumbering)}"
    return [*(kind for kind in kinds if kind not in renumbered), series]


def _told(block: Block) -> Iterator[Block]:
    """The blocks whose facts and words a change tells: all that came or went as a whole, else the block itself."""
    return block.walk() if block.state in (State.INSERTED, State.DELETED, State.RESET) else iter((block,))


def _group(block: Block) -> tuple[object, ...]:
    if block.state in (State.INSERTED, State.DELETED):
        return (block.state,)
    if block.state is State.MOVED_HERE:
        return (block.state, block.move)
    renumbered = block.facts and all(fact.kind is FactKind.RENUMBERED for fact in block.facts)
    inside = all(child.state is State.SAME for child in block.children)
    return ("renumbered",) if renumbered and not block.runs and inside else ()


def _changed_itself(block: Block) -> bool:
    """Whether a block that stands on both sides has a change of its own, and not only within."""
    return bool(block.facts) or any(run.op is not Op.EQUAL or run.was is not None for run in block.runs)


def _in_column(block: Block) -> bool:
    return block.face.kind is ClauseKind.CELL and block.state in (State.INSERTED, State.DELETED)


def side_text(block: Block, op: Op) -> str:
    """The text that one side has of a block and all within, one block to a line."""
    gone = (State.DELETED, State.MOVED_AWAY) if op is Op.INSERTED else (State.INSERTED,)
    lines = [plain(text_of(inner.runs, op)) for inner in block.walk() if inner.state not in gone and inner.runs]
    return "\n".join(filter(None, lines)).replace("\ufffc", "")


def untold(change: Change, labels: Labels) -> list[str]:
    """What the text of a change does not itself show, once what went and what came is marked in it."""
    evident = {getattr(labels, name) for name in _EVIDENT}
    return [kind for kind in change.kinds if kind not in evident and not kind.startswith(f"{labels.renumbered}: ")]


def extract(change: Change) -> str:
    """A few words of a change, to know it by in a list."""
    if change.old and change.new and len(change.blocks) == 1:
        text = _differing(change.blocks[0])
    else:
        text = " ".join((change.new or change.old).split())
    return text if len(text) <= _LONGEST_EXTRACT else f"{text[: _LONGEST_EXTRACT - 1].rstrip()}…"


def _differing(block: Block) -> str:
    """The first words that differ, as "old" → "new"."""
    old = new = ""
    for run in block.runs:
        if run.op is Op.EQUAL and (old.strip() or new.strip()):
            break
        if run.op is Op.DELETED:
            old += run.text
        elif run.op is Op.INSERTED:
            new += run.text
    old, new = old.strip(), new.strip()
    if old and new:
        return f"“{old}” → “{new}”"
    return f"“{old or new}”" if old or new else ""


def fact_in_words(fact: Fact, labels: Labels) -> str:
    """A fact as a reader is told it."""
    if fact.kind in _ROWS:
        said: str = getattr(labels, _ROWS[fact.kind])
        return said
    if fact.kind in _PLAIN:
        return f"{getattr(labels, _PLAIN[fact.kind])}: {fact.new or fact.old}"
    return f"{getattr(labels, _FROM_TO[fact.kind])}: {fact.old or labels.none} → {fact.new or labels.none}"


# The label of each kind of fact, by its name.
_ROWS = {FactKind.ROW_INSERTED: "row_inserted", FactKind.ROW_DELETED: "row_deleted"}
_PLAIN = {
    FactKind.COLUMN_INSERTED: "column_inserted",
    FactKind.COLUMN_DELETED: "column_deleted",
    FactKind.DEFINITION_ADDED: "definition_added",
    FactKind.DEFINITION_DROPPED: "definition_dropped",
}
_EVIDENT = {"words_changed", *_SAID.values(), *_ROWS.values()}
_FROM_TO = {
    FactKind.EMPHASIS: "emphasis",
    FactKind.LINK_TARGET: "link_target",
    FactKind.IMAGE: "image",
    FactKind.HEADING_LEVEL: "heading_level",
    FactKind.RENUMBERED: "renumbered",
    FactKind.LIST_KIND: "list_kind",
    FactKind.ALIGNMENT: "alignment",
    FactKind.CODE_LANGUAGE: "code_language",
    FactKind.LINE_BREAK: "line_break",
    FactKind.SPLIT: "split",
    FactKind.JOINED: "joined",
}


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
