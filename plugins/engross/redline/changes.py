"""Lists the changes of an edit script, and describes them with labels in the site's language.

Neighbouring blocks that were inserted, deleted, moved or renumbered together are one change. The list is in reading
order; each change has its clause and the kinds of change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field, fields
from functools import cache

import engross.common.lazy_re as re
from engross.common import shortened, value_class
from engross.corpus import row_strings, ui_strings
from engross.model import ClauseKind, shown_label
from engross.redline.projection import text_of
from engross.redline.script import Block, Fact, FactKind, Move, Op, Redline, State
from engross.redline.styled_text import plain


@value_class(frozen=True, slots=True)
class Labels:
    """The texts that describe changes. Each field is the UI string of that name with the prefix "redline_"."""

    page_title: str
    page_heading: str
    inserted: str
    deleted: str
    changed: str
    moved: str
    moved_away: str
    moved_here: str
    moved_from: str
    moved_to: str
    words_changed: str
    typography: str
    spacing_changed: str
    row_inserted: str
    row_deleted: str
    column_inserted: str
    column_deleted: str
    definition_added: str
    definition_dropped: str
    emphasis: str
    link_target: str
    link_now: str
    link_added: str
    link_removed: str
    picture_now: str
    picture_added: str
    picture_removed: str
    image: str
    heading_level: str
    renumbered: str
    list_kind: str
    list_level: str
    alignment: str
    code_language: str
    line_break: str
    split: str
    joined: str
    none: str
    opening: str
    old_place: str
    end_of: str
    was: str
    now: str
    change: str
    break_inserted: str
    break_deleted: str
    only_layout: str
    nothing: str
    pictures: str
    source_only: str
    unread: str
    key: str
    key_number: str
    fold: str
    left_out: str
    unchanged: str
    changes: str
    more: str
    typography_folded: str
    previous: str
    next: str
    at: str
    sections_inserted_one: str
    sections_inserted_many: str
    sections_deleted_one: str
    sections_deleted_many: str
    sections_moved_one: str
    sections_moved_many: str
    clauses_changed_one: str
    clauses_changed_many: str
    clauses_inserted_one: str
    clauses_inserted_many: str
    clauses_deleted_one: str
    clauses_deleted_many: str
    clauses_moved_one: str
    clauses_moved_many: str
    clauses_typographic_one: str
    clauses_typographic_many: str
    words_inserted_one: str
    words_inserted_many: str
    words_deleted_one: str
    words_deleted_many: str
    counts_with_words: str
    counts_sentence: str


def labels_of(words: Mapping[str, str]) -> Labels:
    """Return the labels from the UI strings of a language."""
    return Labels(**{one.name: words[f"redline_{one.name}"] for one in fields(Labels)})


@cache
def english(*, has_rows: bool = False) -> Labels:
    """Return the English labels, for registers if `has_rows`; they are loaded when the first redline is made."""
    words = ui_strings("en")
    return labels_of(row_strings(words) if has_rows else words)


_LONGEST_EXTRACT = 90
_NUMBERED = re.compile(r"\d|\(\w+\)")
_WHOLE_STATES = (State.INSERTED, State.DELETED, State.MOVED_HERE, State.RESET)
_LABELS = {State.INSERTED: "inserted", State.DELETED: "deleted"}
"""The label of a block that was inserted or deleted as a whole."""


@value_class
class Change:
    """One change. `blocks` are its blocks in order; `where` is the label of the clause.

    `kinds` describe the change ("inserted", "words changed", "heading level 2 → 3"). `old` and `new` are the text
    before and after; either may be empty.
    """

    number: int
    where: str
    kinds: list[str]
    old: str
    new: str
    facts: list[Fact]
    blocks: list[Block] = field(repr=False)


Naming = Callable[[str], str]
"""Returns the name of what a link's target leads to, for a sentence."""


def find_changes(script: Redline, labels: Labels | None = None, naming: Naming | None = None) -> list[Change]:
    """Return all changes of a script in display order; a move counts only at its new place.

    With `naming` the kinds of changes name where links lead to; otherwise they have the addresses.
    """
    return _Finder(script.moves, labels or english(), naming).find(script.blocks)


@value_class
class _Finder:
    moves: Sequence[Move]
    labels: Labels
    naming: Naming | None
    changes: list[Change] = field(default_factory=list)
    _heading: str = ""
    # What the next block must share to belong to the last change: state and move, or only a renumbering.
    _open: tuple[object, ...] = ()

    def find(self, blocks: Sequence[Block]) -> list[Change]:
        """Return the changes of blocks in order, with the labels of renumbered series shortened."""
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
        elif block.state in _WHOLE_STATES or (block.state is State.CHANGED and block.changed_itself):
            self._add(block, where)
        if block.state in (State.CHANGED, State.MOVED_HERE):
            # An inserted or deleted column is described once, for its table.
            self._level([child for child in block.children if not _in_column(child)], where)
        self._open = key

    def _add(self, block: Block, where: str) -> None:
        number = len(self.changes) + 1
        where = shown_label(where, {"label_opening": self.labels.opening}) or self._heading or self.labels.opening
        if block.state is State.DELETED and _NUMBERED.search(block.face.label):
            # The number may mean another clause now.
            where = self.labels.old_place.format(place=where)
        change = Change(number, where, [], "", "", [], [])
        self.changes.append(change)
        self._join(block)

    def _join(self, block: Block) -> None:
        change = self.changes[-1]
        change.blocks.append(block)
        change.facts += [fact for inner in _described_blocks(block) for fact in inner.facts]
        change.kinds += [kind for kind in self._kinds(block) if kind not in change.kinds]
        for side, op in (("old", Op.DELETED), ("new", Op.INSERTED)):
            text = "\n".join(filter(None, (getattr(change, side), side_text(block, op))))
            setattr(change, side, text)

    def _kinds(self, block: Block) -> Iterator[str]:
        if block.state is State.MOVED_HERE:
            yield self.labels.moved_from.format(place=self.moves[block.move - 1].old)
        if block.state in _LABELS and block.face.kind is not ClauseKind.ROW:
            yield getattr(self.labels, _LABELS[block.state])
        marked = [
            run.text for inner in _described_blocks(block) for run in inner.runs if run.op is not Op.EQUAL and run.text
        ]
        if marked and block.state in (State.CHANGED, State.RESET, State.MOVED_HERE):
            typographic = any(fact.kind is FactKind.TYPOGRAPHY for fact in block.facts)
            if any(text.strip(" \n") for text in marked) and not typographic:
                yield self.labels.words_changed
            elif not any(inner.facts for inner in _described_blocks(block)):
                yield self.labels.spacing_changed
        facts = (fact for inner in _described_blocks(block) for fact in inner.facts)
        yield from (fact_in_words(fact, self.labels, self.naming) for fact in facts)


def _without_series(kinds: list[str], renumbering: str) -> list[str]:
    """Return the kinds with three or more renumberings replaced by the first and the last."""
    renumbered = [kind for kind in kinds if kind.startswith(renumbering)]
    if len(renumbered) < 3:
        return kinds
    series = f"{renumbered[0]} … {renumbered[-1].removeprefix(renumbering)}"
    return [*(kind for kind in kinds if kind not in renumbered), series]


def _described_blocks(block: Block) -> Iterator[Block]:
    """Yield the blocks whose facts and words belong to a change: all blocks inside if it is whole, else the block."""
    return block.walk() if block.state in (State.INSERTED, State.DELETED, State.RESET) else iter((block,))


def _group(block: Block) -> tuple[object, ...]:
    if block.state in (State.INSERTED, State.DELETED):
        return (block.state,)
    if block.state is State.MOVED_HERE:
        return (block.state, block.move)
    renumbered = block.facts and all(fact.kind is FactKind.RENUMBERED for fact in block.facts)
    inside = all(child.state is State.SAME for child in block.children)
    return ("renumbered",) if renumbered and not block.runs and inside else ()


def _in_column(block: Block) -> bool:
    return block.face.kind is ClauseKind.CELL and block.state in (State.INSERTED, State.DELETED)


def side_text(block: Block, op: Op) -> str:
    """Return the text of a block and the blocks inside on one side, one block per line."""
    absent = (State.DELETED, State.MOVED_AWAY) if op is Op.INSERTED else (State.INSERTED,)
    lines = [plain(text_of(inner.runs, op)) for inner in block.walk() if inner.state not in absent and inner.runs]
    return "\n".join(filter(None, lines)).replace("\ufffc", "")


def hidden_kinds(change: Change, labels: Labels) -> list[str]:
    """Return the kinds of change that the marked text does not show."""
    evident = {getattr(labels, name) for name in _EVIDENT}
    return [kind for kind in change.kinds if kind not in evident and not kind.startswith(f"{labels.renumbered}: ")]


def is_typographic(change: Change) -> bool:
    """Return whether a change is one of typography alone."""
    return all(block.is_typographic for block in change.blocks)


def extract(change: Change) -> str:
    """Return a few words of a change to identify it in a list."""
    if change.old and change.new and len(change.blocks) == 1:
        return _differing(change.blocks[0])
    text = " ".join((change.new or change.old).split())
    return shortened(text, _LONGEST_EXTRACT)


def _differing(block: Block) -> str:
    """Return the first words that differ, as "old" → "new"."""
    old = new = ""
    for run in block.runs:
        if run.op is Op.EQUAL and (old.strip() or new.strip()):
            break
        if run.op is Op.DELETED:
            old += run.text
        elif run.op is Op.INSERTED:
            new += run.text
    old, new = (shortened(side.strip(), _LONGEST_EXTRACT // 2) for side in (old, new))
    if old and new:
        return f"“{old}” → “{new}”"
    return f"“{old or new}”" if old or new else ""


def fact_in_words(fact: Fact, labels: Labels, naming: Naming | None = None) -> str:
    """Describe a fact for readers; see `find_changes`."""
    if naming and fact.kind in (FactKind.LINK_TARGET, FactKind.IMAGE):
        return _in_sentence(fact, labels, naming)
    if fact.kind in _ALONE:
        label: str = getattr(labels, _ALONE[fact.kind])
        return label
    if fact.kind in _PLAIN:
        return f"{getattr(labels, _PLAIN[fact.kind])}: {fact.new or fact.old}"
    return f"{getattr(labels, _FROM_TO[fact.kind])}: {fact.old or labels.none} → {fact.new or labels.none}"


def _in_sentence(fact: Fact, labels: Labels, naming: Naming) -> str:
    how = "now" if fact.old and fact.new else "added" if fact.new else "removed"
    what = "link" if fact.kind is FactKind.LINK_TARGET else "picture"
    label: str = getattr(labels, f"{what}_{how}")
    return label.format(place=naming((fact.new or fact.old).partition(" “")[0]))


# The label of each kind of fact.
_ROWS = {FactKind.ROW_INSERTED: "row_inserted", FactKind.ROW_DELETED: "row_deleted"}
_ALONE = {**_ROWS, FactKind.TYPOGRAPHY: "typography", FactKind.LIST_LEVEL: "list_level"}
_PLAIN = {
    FactKind.COLUMN_INSERTED: "column_inserted",
    FactKind.COLUMN_DELETED: "column_deleted",
    FactKind.DEFINITION_ADDED: "definition_added",
    FactKind.DEFINITION_DROPPED: "definition_dropped",
}
_EVIDENT = {"words_changed", *_LABELS.values(), *_ROWS.values()}
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
