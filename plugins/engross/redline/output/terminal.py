"""Writes a script as text for a terminal: each block on one or more lines, with changed words in brackets.

`[-deleted-]` and `{+inserted+}` are readable without colour; ANSI codes are added on request. Markup is written as in
Markdown, so that changes of emphasis or of a link's target show.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import engross.common.lazy_re as re
from engross.common import value_class, visible
from engross.model import ClauseKind, ListKind, MarkKind
from engross.redline.changes import Change, english, find_changes
from engross.redline.counts import summary
from engross.redline.script import Block, Op, Redline, Run, State, Style

_RED, _GREEN, _MAGENTA, _BOLD, _FAINT, _PLAIN = "31", "32", "35", "1", "2", "0"
_OPEN = {Op.DELETED: "[-", Op.INSERTED: "{+"}
_CLOSE = {Op.DELETED: "-]", Op.INSERTED: "+}"}
_COLOUR = {Op.DELETED: _RED, Op.INSERTED: _GREEN}
_SIGNS = {
    State.SAME: " ",
    State.CHANGED: "~",
    State.RESET: "~",
    State.DELETED: "-",
    State.INSERTED: "+",
    State.MOVED_AWAY: "<",
    State.MOVED_HERE: ">",
}
_LONGEST_ADDRESS = 60
_KEPT_OF_ADDRESS = 28
_GAP = "⋯ unchanged ⋯"
_MARKS = {
    MarkKind.STRONG: ("**", "**"),
    MarkKind.EMPHASIS: ("*", "*"),
    MarkKind.CODE: ("`", "`"),
    MarkKind.STRIKE: ("~~", "~~"),
    MarkKind.FOOTNOTE: ("", ""),
    MarkKind.SUPERSCRIPT: ("<sup>", "</sup>"),
    MarkKind.SUBSCRIPT: ("<sub>", "</sub>"),
}


def terminal_text(script: Redline, *, only_changes: bool = False, colour: bool = False) -> str:
    """Return the redline as text with a final line end; `only_changes` omits unchanged blocks except their headings."""
    writer = _Writer(find_changes(script), only_changes, colour)
    lines = [writer.paint(f"{visible(script.old)} → {visible(script.new)}", _BOLD)]
    lines.append(summary(script, english(has_rows=script.has_rows), [visible(path) for path in script.pictures]))
    if script.is_visible:
        lines += ["", *_single_gaps(writer.level(script.blocks, ""))]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _single_gaps(lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines without a gap that follows another gap, as at the end of an inner level."""
    before = ""
    for line in lines:
        if not (_GAP in line and _GAP in before):
            yield line
        before = line


@value_class
class _Writer:
    changes: Sequence[Change]
    only_changes: bool
    colour: bool

    def __post_init__(self) -> None:
        self.notes = {id(change.blocks[0]): change for change in self.changes}

    def paint(self, text: str, code: str) -> str:
        """Return the text in a colour, if colours are on."""
        return f"\x1b[{code}m{text}\x1b[{_PLAIN}m" if self.colour and text else text

    def level(self, blocks: Sequence[Block], indent: str) -> Iterator[str]:
        """Yield the lines of sibling blocks."""
        headings: list[Block] = []
        skipped = False
        for block in blocks:
            heading = block.face.kind is ClauseKind.SECTION and block.new is not None
            if heading:
                headings = [above for above in headings if above.face.level < block.face.level]
                headings.append(block)
            if block.state is State.SAME and self.only_changes:
                skipped = True
                continue
            if skipped:
                yield f"  {indent}{self.paint(_GAP, _FAINT)}"
                above = [over for over in headings if over is not block and over.state is State.SAME]
                yield from (line for over in above for line in self.block(over, indent))
                headings = [] if not heading else headings
                skipped = False
            yield from self.block(block, indent)

    def block(self, block: Block, indent: str) -> Iterator[str]:
        """Yield the lines of one block and of the blocks inside it."""
        change = self.notes.get(id(block))
        if change:
            yield self.heading(change, indent)
        if block.state is State.RESET and block.old is not None:
            # The blocks inside are those of the new text; it has no marker of its own.
            yield from self.level(block.children, indent)
            return
        if block.face.kind is ClauseKind.ROW:
            yield from (self.heading(self.notes[id(cell)], indent) for cell in block.children if id(cell) in self.notes)
            yield f"{self.sign(block)} {indent}| {' | '.join(self.row(block))} |"
            return
        if block.runs or block.face.kind is ClauseKind.RULE:
            yield from self.text(block, indent, self.lead(block))
        elif block.face.kind is ClauseKind.ITEM:
            yield from self.item(block, indent)
            return
        yield from self.level(block.children, indent)

    def heading(self, change: Change, indent: str) -> str:
        """Return the line above a change: its number, its place and its kinds."""
        where, kinds = visible(change.where), visible("; ".join(map(short_addresses, change.kinds)))
        return self.paint(f"  {indent}── {change.number}. {where}: {kinds}", _FAINT)

    def item(self, block: Block, indent: str) -> Iterator[str]:
        """Yield the lines of an item, with its marker and its own text on the first."""
        children = block.children
        marker = self.marker(block) or "•"
        if children and children[0].runs:
            change = self.notes.get(id(children[0]))
            if change:
                yield self.heading(change, indent)
            # In text whose breaks changed, an enumerator is a word of the text.
            in_text = block.state is State.RESET and block.face.list_kind is ListKind.ENUMERATED
            yield from self.text(children[0], indent, "" if in_text else f"{marker} ", block)
            children = children[1:]
        else:
            yield f"{self.sign(block)} {indent}{marker}"
        yield from self.level(children, indent + "    ")

    def text(self, block: Block, indent: str, lead: str, outer: Block | None = None) -> Iterator[str]:
        """Yield the lines of a block's own text after its lead; a hard line break starts a new line."""
        # The sign of an item also applies to its text, unless only the text was inserted or deleted.
        sign = self.sign(outer if outer and outer.state not in (State.SAME, State.CHANGED) else block)
        if outer and outer.state is State.CHANGED and block.state is State.SAME:
            sign = self.sign(outer)
        lines = f"{lead}{self.runs(block.runs, _is_whole(block))}".split("\n")
        yield f"{sign} {indent}{lines[0]}"
        yield from (f"{sign} {indent}{line}" for line in lines[1:])

    def sign(self, block: Block) -> str:
        """Return the sign at the start of a line for the block's state."""
        sign = _SIGNS[block.state]
        colours = {"-": _RED, "+": _GREEN, "<": _MAGENTA, ">": _MAGENTA}
        return self.paint(sign, colours[sign]) if sign in colours else sign

    def lead(self, block: Block) -> str:
        """Return the text before a heading, a rule or a paragraph with a marker."""
        if block.face.kind is ClauseKind.RULE:
            return "———"
        level = "#" * block.face.level + " " if block.face.kind is ClauseKind.SECTION else ""
        marker = self.marker(block)
        return f"{level}{marker} " if marker else level

    def marker(self, block: Block) -> str:
        """Return a block's marker, or both markers if it changed."""
        old, new = (visible(face.marker) if face else "" for face in (block.old, block.new))
        if not block.old or not block.new or old == new or block.state is State.RESET:
            return new or old
        return self.mark(Op.DELETED, old) + self.mark(Op.INSERTED, new)

    def row(self, block: Block) -> Iterator[str]:
        """Yield the cells of a row."""
        for cell in block.children:
            whole = block.state in (State.DELETED, State.INSERTED) or _is_whole(cell)
            column = cell.state in (State.DELETED, State.INSERTED) and block.state not in _SIGNS_OF_WHOLE
            yield self.runs(cell.runs, whole and not column)

    def runs(self, runs: Iterable[Run], whole: bool) -> str:
        """Return runs as text; those of a whole block have its colour and no brackets."""
        parts: list[str] = []
        begun: Op | None = None
        for run in runs:
            # A blank that corresponds to a break on the other side is not a separate change.
            if begun is not None and run.op is not Op.EQUAL and run.text == " ":
                parts.append(" " if begun is Op.DELETED else "")
                continue
            begun = run.op if run.starts else None
            if run.starts:
                parts.append("" if run.op is Op.EQUAL else self.mark(run.op, "¶"))
            elif run.op is Op.EQUAL and run.was is not None:
                parts.append(self.mark(Op.DELETED, _styled(run.text, run.was, run.styles)))
                parts.append(self.mark(Op.INSERTED, _styled(run.text, run.styles, run.was)))
            elif run.op is Op.EQUAL:
                parts.append(_styled(run.text, run.styles))
            elif whole:
                parts.append(self.paint(_styled(run.text, run.styles), _COLOUR[run.op]))
            else:
                parts.append(self.mark(run.op, _styled(run.text, run.styles)))
        return "".join(parts)

    def mark(self, op: Op, text: str) -> str:
        """Return deleted or inserted text with its brackets."""
        return self.paint(f"{_OPEN[op]}{text}{_CLOSE[op]}", _COLOUR[op]) if text else ""


_LONG_ADDRESS = re.compile(r"[^\s“”,]{61,}")


def short_address(address: str, unlike: str = "") -> str:
    """Return an address of at most 60 characters: its beginning and end; or, where these are also the beginning and end
    of the address `unlike`, the place where the two begin to differ.
    """
    if len(address) <= _LONGEST_ADDRESS:
        return address
    short = f"{address[:_KEPT_OF_ADDRESS]}…{address[-_KEPT_OF_ADDRESS:]}"
    if not unlike or address == unlike or short != short_address(unlike):
        return short
    at = next((i for i, (a, b) in enumerate(zip(address, unlike, strict=False)) if a != b), len(unlike))
    return f"{address[: _KEPT_OF_ADDRESS // 2]}…{address[max(0, at - 4) : at + _KEPT_OF_ADDRESS]}…"


def short_addresses(kind: str) -> str:
    """Return the description of a change with its long addresses shortened."""
    found = [one[0] for one in _LONG_ADDRESS.finditer(kind)]
    for address in found:
        others = [one for one in found if one != address]
        kind = kind.replace(address, short_address(address, others[0] if others else ""), 1)
    return kind


_SIGNS_OF_WHOLE = (State.DELETED, State.INSERTED, State.MOVED_AWAY)


def _is_whole(block: Block) -> bool:
    return block.state in _SIGNS_OF_WHOLE


def _styled(text: str, styles: tuple[Style, ...], others: tuple[Style, ...] = ()) -> str:
    """Return text with its markup as in Markdown, and with blanks at its ends outside the markup; long addresses are
    shortened, so that they differ from those of the `others`.
    """
    unlike = next((style.target for style in others if style.target), "")
    inner = visible(text)
    for style in reversed(styles):
        core = inner.strip(" ")
        before, after = inner[: inner.find(core)], inner[inner.find(core) + len(core) :]
        if style.kind in _MARKS:
            core = core.join(_MARKS[style.kind])
        else:
            sign = "!" if style.kind is MarkKind.IMAGE else ""
            title = f' "{visible(style.title)}"' if style.title else ""
            core = f"{sign}[{core}]({visible(short_address(style.target, unlike))}{title})"
        inner = f"{before}{core}{after}"
    return inner
