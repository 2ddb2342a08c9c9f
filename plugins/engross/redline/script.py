"""The edit script of a redline, from which every output is made, so that outputs cannot disagree.

It describes the same change twice. `segments` partition the source texts, character for character; `accept` and
`reject` read them. `blocks` describe the change as readers see it, clause by clause and word by word; `projection`
reads the visible text and structure of either side from them. Clauses that correspond are one block with two faces; a
clause on one side only has one face. Everything is frozen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cached_property
from itertools import zip_longest

from engross.common import value_class
from engross.model import ClauseKind, ListKind, MarkKind
from engross.redline.folding import folded

SCHEMA_VERSION = 1
"""The version of the script's JSON; raise it for changes that programs must know about."""


class Op(StrEnum):
    """The operation on a piece of text between old and new."""

    EQUAL = "equal"
    DELETED = "deleted"
    INSERTED = "inserted"


class State(StrEnum):
    """The state of a block.

    SAME and CHANGED blocks are on both sides in the same place; CHANGED has a change in its own words or formatting, or
    in a block inside. MOVED_AWAY is the old place of a moved clause, MOVED_HERE the new one, with its words compared.
    RESET contains text whose breaks changed (a paragraph split or joined, a sentence turned into a list): its children
    are the new blocks, and their runs contain the breaks.
    """

    SAME = "same"
    CHANGED = "changed"
    DELETED = "deleted"
    INSERTED = "inserted"
    MOVED_AWAY = "moved-away"
    MOVED_HERE = "moved-here"
    RESET = "reset"


class FactKind(StrEnum):
    """A kind of change that the words alone do not show.

    TYPOGRAPHY is the change of a text that differs in blanks, quotation marks and dashes alone. LIST_LEVEL is that of
    items that are now within another item, or no longer. Neither has an old and a new value.
    """

    TYPOGRAPHY = "typography"
    EMPHASIS = "emphasis"
    LINK_TARGET = "link-target"
    IMAGE = "image"
    HEADING_LEVEL = "heading-level"
    RENUMBERED = "renumbered"
    LIST_KIND = "list-kind"
    LIST_LEVEL = "list-level"
    ROW_INSERTED = "row-inserted"
    ROW_DELETED = "row-deleted"
    COLUMN_INSERTED = "column-inserted"
    COLUMN_DELETED = "column-deleted"
    ALIGNMENT = "alignment"
    CODE_LANGUAGE = "code-language"
    LINE_BREAK = "line-break"
    SPLIT = "split"
    JOINED = "joined"
    DEFINITION_ADDED = "definition-added"
    DEFINITION_DROPPED = "definition-dropped"


@value_class(frozen=True, slots=True)
class Segment:
    """A piece of source text, with its line ends, blanks and byte-order mark."""

    op: Op
    text: str


@value_class(frozen=True, slots=True)
class Style:
    """One kind of markup on a piece of text; `target` and `title` as in `Mark`."""

    kind: MarkKind
    target: str = ""
    title: str = ""


@value_class(frozen=True, slots=True)
class Face:
    """The format of a block on one side, without its text.

    `marker` is shown before the text without being part of it: an enumerator ("(c)", "2."), a generated number, the
    name of a fact; it is empty for a bullet. `lines` are the first and last source line, 1-based; `label` is the
    clause's name for people.
    """

    kind: ClauseKind
    lines: tuple[int, int] = (0, 0)
    anchor: str = ""
    label: str = ""
    level: int = 0
    marker: str = ""
    list_kind: ListKind | None = None
    align: str = ""
    language: str = ""


@value_class(frozen=True, slots=True)
class Break:
    """The beginning of a block of either side in text whose breaks changed.

    `op` EQUAL: blocks of both sides begin here; INSERTED: one of the new side only; DELETED: one of the old side only.
    `opens` are the blocks of the old side that begin here, each with its depth below the RESET block, outermost first;
    the last one contains the following text.
    """

    op: Op
    opens: tuple[tuple[int, Face], ...] = ()


@value_class(frozen=True, slots=True)
class Run:
    """A piece of visible text with one set of styles (outermost first).

    For an EQUAL run whose styles changed, `was` contains the old styles, otherwise None. A run with `starts` has no
    text of its own. The text of an image is its alternative text, which may be empty.
    """

    op: Op
    text: str = ""
    styles: tuple[Style, ...] = ()
    was: tuple[Style, ...] | None = None
    starts: Break | None = None


@value_class(frozen=True, slots=True)
class Fact:
    """A change that words do not show, from `old` to `new`, as text for readers (either may be empty)."""

    kind: FactKind
    old: str = ""
    new: str = ""


@value_class(frozen=True, slots=True)
class Block:
    """A clause of one side or both; see `State`. `move` is the number of its `Move`, 0 for none.

    A block without a face is a gap in a table: an inserted row has no cell in a deleted column.
    """

    state: State
    old: Face | None
    new: Face | None
    runs: tuple[Run, ...] = ()
    children: tuple[Block, ...] = ()
    facts: tuple[Fact, ...] = ()
    move: int = 0

    @property
    def changed_itself(self) -> bool:
        """Whether a block on both sides has a change of its own and not only inside."""
        return bool(self.facts) or any(run.op is not Op.EQUAL or run.was is not None for run in self.runs)

    @property
    def is_typographic(self) -> bool:
        """Whether the block changed, with all blocks inside it, and only in its typography."""
        if self.state is not State.CHANGED:
            return False
        own = all(fact.kind is FactKind.TYPOGRAPHY for fact in self.facts)
        itself = own and (bool(self.facts) or not self.changed_itself)
        return itself and all(child.state is State.SAME or child.is_typographic for child in self.children)

    @property
    def face(self) -> Face:
        """The face to show: the new one if there is one."""
        face = self.new or self.old
        return face if face is not None else _RESET_FACE

    def walk(self) -> Iterator[Block]:
        """Yield this block and all blocks below it in display order."""
        stack = [self]
        while stack:
            block = stack.pop()
            yield block
            stack.extend(reversed(block.children))


_RESET_FACE = Face(ClauseKind.PARAGRAPH)


@value_class(frozen=True, slots=True)
class Move:
    """Neighbouring clauses that moved together; `old` and `new` describe the two places for people."""

    number: int
    old: str
    new: str


@value_class(frozen=True, slots=True)
class Counts:
    """The amount of change. Clauses are blocks with text of their own; words contain a letter or digit.

    A section that was inserted, deleted or moved with its heading and all its clauses counts as one section, and its
    clauses are not counted. A moved clause counts as moved, and its words only if they were edited as well. Typography
    (see `FactKind`) counts as such, and changes no word.
    """

    clauses_changed: int = 0
    clauses_inserted: int = 0
    clauses_deleted: int = 0
    clauses_moved: int = 0
    words_inserted: int = 0
    words_deleted: int = 0
    sections_inserted: int = 0
    sections_deleted: int = 0
    sections_moved: int = 0
    clauses_typographic: int = 0


@value_class(frozen=True)
class Redline:
    """An edit script between two texts with the names `old` and `new`.

    `pictures` lists the paths of pictures that both texts show and whose files differ, where the record knows them.
    `unread` names what differs in HTML tags and front matter, which are not compared but which a reader may see.
    `has_rows`: they are model lists or other registers.
    """

    old: str
    new: str
    segments: tuple[Segment, ...]
    blocks: tuple[Block, ...]
    moves: tuple[Move, ...]
    counts: Counts
    schema_version: int = SCHEMA_VERSION
    pictures: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    has_rows: bool = False

    @cached_property
    def is_empty(self) -> bool:
        """Whether the two source texts are equal, byte for byte."""
        return all(segment.op is Op.EQUAL for segment in self.segments)

    @cached_property
    def is_visible(self) -> bool:
        """Whether there is anything to show to a reader."""
        return any(block.state is not State.SAME for block in self.blocks)

    @cached_property
    def is_typographic(self) -> bool:
        """Whether all that a reader can see is a change of typography."""
        changed = [block for block in self.blocks if block.state is not State.SAME]
        return bool(changed) and all(block.is_typographic for block in changed)


def accept(script: Redline) -> str:
    """Return the new source text, character for character."""
    return "".join(segment.text for segment in script.segments if segment.op is not Op.DELETED)


def reject(script: Redline) -> str:
    """Return the old source text, character for character."""
    return "".join(segment.text for segment in script.segments if segment.op is not Op.INSERTED)


LISTS: Mapping[str, str] = {
    "bullet": "bulleted",
    "ordered": "numbered",
    "enumerated": "lettered",
    "footnotes": "footnotes",
}
"""The names of the kinds of lists."""
_EXACT = (MarkKind.CODE, MarkKind.IMAGE)
_TYPEFACES = {
    MarkKind.STRONG: "bold",
    MarkKind.EMPHASIS: "italic",
    MarkKind.CODE: "code",
    MarkKind.STRIKE: "struck through",
    MarkKind.SUPERSCRIPT: "superscript",
    MarkKind.SUBSCRIPT: "subscript",
}


def facts_of(old: Face, new: Face, runs: Sequence[Run]) -> tuple[Fact, ...]:
    """Return the facts about a block on both sides: changes of its typography, format and markup."""
    typography = (Fact(FactKind.TYPOGRAPHY),) if new.kind is not ClauseKind.CODE and _is_typography(runs) else ()
    return (*typography, *_format_facts(old, new), *_markup_facts(runs))


def _is_typography(runs: Sequence[Run]) -> bool:
    """Return whether the text of some runs changed, and only in its typography, outside code and pictures."""
    changed = [run for run in runs if run.op is not Op.EQUAL]
    if not changed or any(style.kind in _EXACT for run in changed for style in run.styles):
        return False
    old, new = ("".join(run.text for run in runs if run.op in (Op.EQUAL, op)) for op in (Op.DELETED, Op.INSERTED))
    # A line break in place of a blank is a fact of its own.
    return old.replace("\n", " ") != new.replace("\n", " ") and folded(old) == folded(new)


def _format_facts(old: Face, new: Face) -> Iterator[Fact]:
    if old.level != new.level:
        yield Fact(FactKind.HEADING_LEVEL, str(old.level), str(new.level))
    # A list that became another kind is described once, not for each item.
    same_list = old.list_kind == new.list_kind or (old.marker and new.marker)
    if old.marker != new.marker and same_list:
        yield Fact(FactKind.RENUMBERED, old.marker, new.marker)
    if old.list_kind != new.list_kind and new.kind is ClauseKind.LIST:
        yield Fact(FactKind.LIST_KIND, LISTS.get(old.list_kind or "", ""), LISTS.get(new.list_kind or "", ""))
    if old.align != new.align:
        yield Fact(FactKind.ALIGNMENT, old.align, new.align)
    if old.language != new.language:
        yield Fact(FactKind.CODE_LANGUAGE, old.language, new.language)


def _markup_facts(runs: Sequence[Run]) -> Iterator[Fact]:
    if any(run.was is not None and _typefaces(run.was) != _typefaces(run.styles) for run in runs):
        before = {name for run in runs if run.was is not None for name in _typefaces(run.was)}
        after = {name for run in runs if run.was is not None for name in _typefaces(run.styles)}
        yield Fact(FactKind.EMPHASIS, ", ".join(sorted(before)) or "plain", ", ".join(sorted(after)) or "plain")
    for mark, kind in ((MarkKind.LINK, FactKind.LINK_TARGET), (MarkKind.IMAGE, FactKind.IMAGE)):
        before_links, after_links = _targets(runs, mark, Op.INSERTED), _targets(runs, mark, Op.DELETED)
        removed = [target for target in before_links if target not in after_links]
        added = [target for target in after_links if target not in before_links]
        yield from (Fact(kind, *pair) for pair in zip_longest(removed, added, fillvalue=""))
    if any(run.op is not Op.EQUAL and "\n" in run.text for run in runs):
        breaks = [sum(run.text.count("\n") for run in runs if run.op is not op) for op in (Op.INSERTED, Op.DELETED)]
        yield Fact(FactKind.LINE_BREAK, str(breaks[0]), str(breaks[1]))


def _typefaces(styles: Iterable[Style]) -> tuple[str, ...]:
    return tuple(_TYPEFACES[style.kind] for style in styles if style.kind in _TYPEFACES)


def _targets(runs: Sequence[Run], mark: MarkKind, without: Op) -> list[str]:
    """Return the addresses of one side's links or images in order; `without` is the operation of the other side."""
    found: dict[str, None] = {}
    for run in runs:
        if run.op is without:
            continue
        styles = run.was if run.was is not None and without is Op.INSERTED else run.styles
        found.update(
            (f"{style.target} “{style.title}”" if style.title else style.target, None)
            for style in styles
            if style.kind is mark
        )
    return list(found)
