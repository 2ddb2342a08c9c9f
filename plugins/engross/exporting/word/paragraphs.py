"""The content of a Word file: paragraphs and tables in a row, each piece of text with its change."""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum
from typing import TypeAlias

from engross.common import value_class
from engross.model import MarkKind
from engross.redline import Block, Style

INDENT = 567
"""The indentation of one level of a list, in twentieths of a point: 1 cm."""


class Fate(StrEnum):
    """The change of a piece of text, of the end of a paragraph, or of a row.

    AWAY and HERE are the old and the new place of a move. HERE_DELETED was moved here, and is deleted in its new place.
    """

    KEPT = "kept"
    DELETED = "deleted"
    INSERTED = "inserted"
    AWAY = "away"
    HERE = "here"
    HERE_DELETED = "here-deleted"

    @property
    def is_old(self) -> bool:
        """Whether only the old text has it."""
        return self in (Fate.DELETED, Fate.AWAY)


@value_class(frozen=True, slots=True)
class Text:
    """A piece of text in one set of styles; `was` are its old styles, if they changed."""

    text: str
    styles: tuple[Style, ...] = ()
    fate: Fate = Fate.KEPT
    was: tuple[Style, ...] | None = None


@value_class(frozen=True, slots=True)
class Shape:
    """The format of a paragraph.

    `style` is the id of a Word style. `numbering` is the number of a Word list, 0 for none, and `level` the level in
    it, from 0. `depth` counts the lists around the paragraph, `quotes` the block quotes; `hangs` is true for the first
    paragraph of an item, whose label hangs before its text. `align` is "left", "center", "right" or empty.
    """

    style: str = "BodyText"
    numbering: int = 0
    level: int = 0
    depth: int = 0
    quotes: int = 0
    hangs: bool = False
    align: str = ""


@value_class
class Paragraph:
    """A paragraph; `mark` is the change of its end, `was` its old shape if that changed.

    `label` is the number or sign before the text that is not part of it, `lists` the lists around it, outermost first,
    each with the number of the item in it. `names` are the names of its bookmarks. `move` is the number of its move.
    `number` is the number that Word generates, and `path` the same with those of the items around it; `faces` are the
    typefaces of the number.
    """

    texts: list[Text]
    shape: Shape
    mark: Fate = Fate.KEPT
    was: Shape | None = None
    label: str = ""
    lists: tuple[tuple[int, int], ...] = ()
    names: tuple[str, ...] = ()
    move: int = 0
    number: str = ""
    path: str = ""
    faces: tuple[MarkKind, ...] = ()


@value_class
class Row:
    """A row of a table, each cell with its paragraphs."""

    cells: list[list[Paragraph]]
    fate: Fate = Fate.KEPT
    is_head: bool = False


@value_class
class Table:
    """A table."""

    rows: list[Row]


Part: TypeAlias = "Paragraph | Table"


@value_class
class Notes:
    """The footnotes of either side by their number, as blocks of the script."""

    old: dict[str, Block] = field(default_factory=dict)
    new: dict[str, Block] = field(default_factory=dict)


@value_class
class Layout:
    """A text as Word has it: its parts in order, and its footnotes."""

    parts: list[Part]
    notes: Notes

    def with_checked_moves(self) -> Layout:
        """Make each move that has not one old and one new place, as Word needs, a deletion and an insertion."""
        places: dict[int, list[Fate]] = {}
        last: tuple[int, Fate] | None = None
        for part in self.parts:
            this = (part.move, part.mark) if isinstance(part, Paragraph) and part.move else None
            if this and this != last:
                places.setdefault(this[0], []).append(this[1])
            last = this
        for paragraph in (part for part in self.parts if isinstance(part, Paragraph)):
            if paragraph.move and sorted(places[paragraph.move]) != [Fate.AWAY, Fate.HERE]:
                paragraph.move = 0
                paragraph.mark = _UNMOVED.get(paragraph.mark, paragraph.mark)
                paragraph.texts = [
                    Text(text.text, text.styles, _UNMOVED.get(text.fate, text.fate))
                    for text in paragraph.texts
                    if text.fate is not Fate.HERE_DELETED
                ]
        return self


_UNMOVED = {Fate.AWAY: Fate.DELETED, Fate.HERE: Fate.INSERTED}
