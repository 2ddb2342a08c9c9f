"""Lays out the blocks of an edit script as paragraphs and tables.

In Word the end of a paragraph is a sign of its own: where it is deleted, the paragraph joins the next one and gets the
format of that one. So a block deleted as a whole is a paragraph whose text and end are deleted, and text whose breaks
changed is cut wherever a block of either side ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace

from engross.common import value_class
from engross.exporting.word.paragraphs import Fate, Layout, Notes, Paragraph, Part, Row, Shape, Table, Text
from engross.model import ClauseKind, ListKind
from engross.redline import Block, Face, Line, Op, Run, State, of_blocks

_FATES = {Op.EQUAL: Fate.KEPT, Op.DELETED: Fate.DELETED, Op.INSERTED: Fate.INSERTED}
_MOVED_HERE = {Op.EQUAL: Fate.HERE, Op.DELETED: Fate.HERE_DELETED, Op.INSERTED: Fate.INSERTED}
_STATES = {State.DELETED: Fate.DELETED, State.INSERTED: Fate.INSERTED}
_MOST_HEADINGS = 9
_BULLET = "•"
BULLETS = 1
"""The number of the list of Word's that all bullets belong to."""
Naming = Callable[[Face], tuple[str, ...]]
"""Returns the names of the bookmarks of a block."""


@value_class(frozen=True)
class Around:
    """What is around a block: the fate of all of it, if it has one, and the lists and quotes."""

    fate: Fate = Fate.KEPT
    move: int = 0
    lists: tuple[tuple[int, int], ...] = ()
    quotes: int = 0

    def shaped(self, style: str, *, hangs: bool = False, align: str = "") -> Shape:
        """Return the shape of a paragraph here."""
        return Shape(style, depth=len(self.lists), quotes=self.quotes, hangs=hangs, align=align)


def lay_out(blocks: Sequence[Block], names: Naming = lambda _: (), styles: Mapping[int, str] | None = None) -> Layout:
    """Return the layout of a script. `names` are the names of bookmarks; `styles` are the styles of single faces, by
    their `id`.
    """
    writer = _Layout(has_title(blocks), names, styles or {})
    writer.blocks(blocks, Around())
    return Layout(writer.parts, writer.notes).with_checked_moves()


def lay_out_note(note: Block, fate: Fate) -> list[Part]:
    """Return the parts of a footnote. Unless it is kept, `fate` chooses the side, and all of it has that fate."""
    writer = _Layout(False, lambda _: (), {})
    if fate is Fate.KEPT:
        writer.blocks(note.children, Around())
    else:
        side = Op.DELETED if fate.is_old else Op.INSERTED
        writer.blocks([child for one in _one_side(note, side) for child in one.children], Around())
    return writer.parts


def has_title(blocks: Sequence[Block]) -> bool:
    """Return whether the text has one heading of level 1, at its beginning, on either side."""
    faces = [face for block in blocks for face in (block.old, block.new) if face and face.kind is ClauseKind.SECTION]
    first = [face for face in (blocks[0].old, blocks[0].new) if face] if blocks else []
    tops = [face for face in faces if face.level == 1]
    return bool(tops) and all(any(face is one for one in first) for face in tops)


@value_class
class _Layout:
    title: bool
    names: Naming
    styles: Mapping[int, str]
    parts: list[Part] = field(default_factory=list)
    notes: Notes = field(default_factory=Notes)
    _label: tuple[str, str] = ("", "")
    _list: int = 0

    def blocks(self, blocks: Iterable[Block], around: Around) -> None:
        """Add blocks in order."""
        for block in blocks:
            inner = _within(block, around)
            if inner is not None:
                self.block(block, inner)

    def block(self, block: Block, around: Around) -> None:
        """Add one block; `around` has its fate."""
        if block.state is State.RESET:
            made = _Reset(self, around).parts(block)
            _begin_with_labels(made, *self._label, around.fate)
            self.parts += made
            self._label = ("", "")
            return
        match block.face.kind:
            case ClauseKind.LIST:
                self.listing(block, around)
            case ClauseKind.ITEM:
                self.item(block, around)
            case ClauseKind.QUOTE:
                self.empty_label(around)
                self.blocks(block.children, Around(around.fate, around.move, around.lists, around.quotes + 1))
            case ClauseKind.TABLE:
                self.empty_label(around)
                self.parts += self.table(block, around)
            case _:
                self.parts.append(self.paragraph(block, around))

    def listing(self, block: Block, around: Around) -> None:
        """Add a list; footnotes are kept for where the text refers to them."""
        if block.face.list_kind is ListKind.FOOTNOTES:
            self._keep_notes(block)
            return
        self.empty_label(around)
        self._list += 1
        number = self._list
        for at, item in enumerate(block.children, 1):
            lists = (*around.lists, (number, at))
            inner = _within(item, Around(around.fate, around.move, lists, around.quotes))
            if inner is not None:
                self.block(item, inner)

    def _keep_notes(self, block: Block) -> None:
        for item in block.children:
            if item.old and item.state is not State.MOVED_HERE:
                self.notes.old[_digits(item.old.marker)] = item
            if item.new:
                self.notes.new[_digits(item.new.marker)] = item

    def item(self, block: Block, around: Around) -> None:
        """Add an item: its label goes before its first paragraph."""
        self._label = (_label_of(block.old), _label_of(block.new))
        self.blocks(block.children, around)
        self.empty_label(around)

    def empty_label(self, around: Around) -> None:
        """Add a paragraph for the label of an item that has no text before its other blocks."""
        if any(self._label):
            face = Face(ClauseKind.PARAGRAPH)
            self.parts.append(self.paragraph(Block(State.SAME, face, face), around))

    def paragraph(self, block: Block, around: Around) -> Paragraph:
        """Return the paragraph of a block with text of its own."""
        hangs = any(self._label)
        old, new = self._label if hangs else (_label_of(block.old), _label_of(block.new))
        self._label = ("", "")
        was, now = self.shape(block.old, around, hangs, old), self.shape(block.new, around, hangs, new)
        texts = [_text(run, around.fate) for run in block.runs if run.starts is None]
        made = Paragraph(texts, now or was or Shape(), around.fate, lists=around.lists, move=around.move)
        made.names = self.names(block.face)
        made.was = was if around.fate is Fate.KEPT and was and now and was != now else None
        _add_labels(made, old, new)
        return made

    def shape(self, face: Face | None, around: Around, hangs: bool, label: str) -> Shape | None:
        """Return the shape of a block with text of its own on one side."""
        if face is None:
            return None
        style = self.styles.get(id(face)) or self.style(face, around)
        return _with_bullet(around.shaped(style, hangs=hangs, align=face.align), label)

    def style(self, face: Face, around: Around) -> str:
        """Return the style of a block with text of its own."""
        match face.kind:
            case ClauseKind.SECTION:
                level = face.level - self.title
                return f"Heading{min(level, _MOST_HEADINGS)}" if level else "Title"
            case ClauseKind.CODE:
                return "Code"
            case ClauseKind.RULE:
                return "Rule"
            case ClauseKind.CELL:
                return "TableText"
        if around.quotes:
            return "Quote"
        return "ListParagraph" if around.lists else "BodyText"

    def table(self, block: Block, around: Around) -> Iterator[Part]:
        """Yield a table, or the old and the new one: Word cannot track columns, nor tables that move."""
        if around.fate is Fate.KEPT and not _columns_changed(block):
            yield Table([self.row(row, at == 0) for at, row in enumerate(block.children)])
            return
        sides = (Op.DELETED, Op.INSERTED) if around.fate is Fate.KEPT else (_side(around.fate),)
        for op in sides:
            rows = [row for one in _one_side(block, op) for row in one.children]
            yield Table([self.row(row, at == 0) for at, row in enumerate(rows)])

    def row(self, row: Block, is_head: bool) -> Row:
        """Return a row of a table."""
        fate = _STATES.get(row.state, Fate.KEPT)
        cells = [[self.paragraph(cell, Around(fate))] for cell in row.children if cell.old or cell.new]
        return Row(cells, fate, is_head)


def _within(block: Block, around: Around) -> Around | None:
    """Return what is around the inside of a block; None if the block is shown in another place alone."""
    if around.fate is Fate.HERE and block.state in (State.DELETED, State.MOVED_AWAY):
        return None
    match block.state:
        case State.DELETED | State.INSERTED if around.fate is not Fate.AWAY:
            return Around(_STATES[block.state], 0, around.lists, around.quotes)
        case State.MOVED_AWAY if around.fate is not Fate.AWAY:
            return Around(Fate.AWAY, block.move, around.lists, around.quotes)
        case State.MOVED_HERE:
            return Around(Fate.HERE, block.move, around.lists, around.quotes)
    return around


def _side(fate: Fate) -> Op:
    return Op.DELETED if fate.is_old else Op.INSERTED


def _text(run: Run, fate: Fate) -> Text:
    if fate is Fate.KEPT:
        return Text(run.text, run.styles, _FATES[run.op], run.was)
    return Text(run.text, run.styles, _MOVED_HERE[run.op] if fate is Fate.HERE else fate)


def _label_of(face: Face | None) -> str:
    if face is None:
        return ""
    if face.kind is ClauseKind.SECTION and face.marker:
        # As a page shows it: "3." at the top level, "3.1" below.
        return face.marker if "." in face.marker else f"{face.marker}."
    return face.marker or (_BULLET if face.kind is ClauseKind.ITEM else "")


def _added_label(item: Face | None) -> str:
    """Return the label of an item in text whose breaks changed, where an enumerator is one of the words."""
    return "" if item is None or item.list_kind is ListKind.ENUMERATED else _label_of(item)


def _digits(marker: str) -> str:
    return marker.strip("[]().")


def _with_bullet(shape: Shape, label: str) -> Shape:
    """Return the shape of a paragraph with a label: a bullet is a list of Word's in every file."""
    return replace(shape, numbering=BULLETS, level=shape.depth - 1) if label == _BULLET else shape


def _label_texts(old: str, new: str) -> list[Text]:
    """Return the labels of both sides as text."""
    if old == new:
        return [] if new in ("", _BULLET) else [Text(f"{new}\t")]
    both = ((old, Fate.DELETED), (new, Fate.INSERTED))
    return [Text(f"{label}\t", (), fate) for label, fate in both if label not in ("", _BULLET)]


def _add_labels(made: Paragraph, old: str, new: str) -> None:
    """Give a paragraph its label: text where the sides differ."""
    if made.mark.is_old:
        made.label = old
    elif made.mark is not Fate.KEPT or old == new:
        made.label = new
    else:
        made.texts[:0] = _label_texts(old, new)
    made.label = made.label.removesuffix(_BULLET)


def _begin_with_labels(parts: Sequence[Part], old: str, new: str, fate: Fate) -> None:
    """Give the labels of an item to the first of its paragraphs, whose breaks changed."""
    first = next((part for part in parts if isinstance(part, Paragraph)), None)
    if first is not None and (old or new):
        if fate is not Fate.KEPT or old == new:
            first.texts[:0] = [Text(f"{new}\t", (), fate)] if new not in ("", _BULLET) else []
        else:
            first.texts[:0] = _label_texts(old, new)
        first.shape = _with_bullet(first.shape, new or old)


def _columns_changed(table: Block) -> bool:
    """Return whether a cell is on one side alone in a row of both."""
    return any(
        cell.state in _STATES or not (cell.old or cell.new)
        for row in table.children
        for cell in row.children
        if row.state not in _STATES or not (cell.old or cell.new)
    )


def _one_side(block: Block, op: Op) -> list[Block]:
    """Return one side of a block, deleted or inserted as a whole."""
    return _nested(list(of_blocks([_standing(block)], op)), op)


def _standing(block: Block) -> Block:
    if block.old and block.new:
        return Block(State.CHANGED, block.old, block.new, block.runs, block.children)
    return block


def _nested(lines: Sequence[Line], op: Op) -> list[Block]:
    """Return the blocks of some lines; those below a line that are deeper are inside its block."""
    made = []
    at = 0
    while at < len(lines):
        end = at + 1
        while end < len(lines) and lines[end].depth > lines[at].depth:
            end += 1
        made.append(_block(lines[at], _nested(lines[at + 1 : end], op), op))
        at = end
    return made


def _block(line: Line, children: list[Block], op: Op) -> Block:
    face = Face(
        line.kind, level=line.level, marker=line.marker, list_kind=line.list_kind, align=line.align,
        language=line.language,
    )  # fmt: skip
    runs = tuple(Run(op, piece.text, piece.styles) for piece in line.text)
    if op is Op.DELETED:
        return Block(State.DELETED, face, None, runs, tuple(children))
    return Block(State.INSERTED, None, face, runs, tuple(children))


@value_class
class _Reset:
    """Cuts text whose breaks changed wherever a block of either side ends."""

    layout: _Layout
    around: Around
    _made: list[Part] = field(default_factory=list)
    _texts: list[Text] = field(default_factory=list)
    # The faces of the old side that are open, by depth, and the shape of its current block.
    _open: list[Face] = field(default_factory=list)
    _old: Shape | None = None
    _new: Shape | None = None

    def parts(self, block: Block) -> list[Part]:
        """Return the paragraphs of a RESET block."""
        for child in block.children:
            self._walk(child, self.around)
        self._end(Fate.KEPT)
        return self._made

    def _walk(self, block: Block, around: Around, item: Face | None = None) -> None:
        """Add a block of the new side; `item` is the face of the item that it begins."""
        face = block.face
        if face.kind is ClauseKind.LIST:
            for at, child in enumerate(block.children, 1):
                self._walk(child, Around(around.fate, around.move, (*around.lists, (0, at)), around.quotes))
        elif face.kind is ClauseKind.ITEM:
            for at, child in enumerate(block.children):
                self._walk(child, around, None if at else face)
        else:
            style = self.layout.style(face, around)
            self._leaf(block, around.shaped(style, hangs=item is not None), _added_label(item))

    def _leaf(self, block: Block, shape: Shape, label: str) -> None:
        """Add the text of a block of the new side; its first run says where the block begins."""
        first = block.runs[0].starts if block.runs else None
        op = first.op if first else Op.INSERTED
        if self._new is not None:
            self._end(_FATES[op])
        self._new = _with_bullet(shape, label)
        old_label = self._opened(first.opens) if first and first.opens else ""
        self._label(old_label, label)
        for run in block.runs[1:] if first else block.runs:
            if run.starts is None:
                self._texts.append(_text(run, self.around.fate))
            elif self.around.fate is Fate.KEPT:
                self._end(Fate.DELETED)
                self._label(self._opened(run.starts.opens), "")

    def _opened(self, opens: Sequence[tuple[int, Face]]) -> str:
        """Open blocks of the old side, and return the label of the item that begins."""
        for depth, face in opens:
            del self._open[depth:]
            self._open.append(face)
        depth = len(self.around.lists) + sum(face.kind is ClauseKind.LIST for face in self._open)
        item = opens[-2][1] if len(opens) > 1 and opens[-2][1].kind is ClauseKind.ITEM else None
        around = Around(lists=((0, 1),) * depth, quotes=self.around.quotes)
        label = _added_label(item)
        style = self.layout.style(self._open[-1], around)
        self._old = _with_bullet(around.shaped(style, hangs=item is not None), label)
        return label

    def _label(self, old: str, new: str) -> None:
        fate = self.around.fate
        if fate is Fate.KEPT:
            self._texts += _label_texts(old, new)
        elif new not in ("", _BULLET):
            self._texts.append(Text(f"{new}\t", (), fate))

    def _end(self, fate: Fate) -> None:
        """End a paragraph; KEPT where blocks of both sides end."""
        old, new = self._old or Shape(), self._new or Shape()
        shape = old if fate is Fate.DELETED else new
        mark = fate if self.around.fate is Fate.KEPT else self.around.fate
        was = old if mark is Fate.KEPT and old != new else None
        self._made.append(Paragraph(self._texts, shape, mark, was, move=self.around.move))
        self._texts = []
