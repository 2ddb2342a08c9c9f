"""Blocks → HTML in the structure of the document: a heading is a heading, a list a list, a table a table.

What came or went as a whole stands in a block-level `ins` or `del`. Where HTML allows none (around an `li`, a `tr`, a
cell), it stands within, and the element says with `data-only="old"` or `data-only="new"` to which side it belongs.
Take away every `del`, every `data-only="old"` and what is no text of the document (`said`, `note`), and the new
document is left; the old one the other way round. Breaks that changed are told by `.break` (see `page_runs`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import groupby

from engross.model import ClauseKind, ListKind
from engross.redline.changes import Change, Labels, untold
from engross.redline.output.html_runs import plain_html, runs_html, said
from engross.redline.projection import text_of
from engross.redline.script import Block, Op, Redline, Run, State

_OLD_ONLY = (State.DELETED, State.MOVED_AWAY)
_ALL_OF_ONE_SIDE = (State.DELETED, State.INSERTED, State.MOVED_AWAY)
_SAID = {
    State.DELETED: "deleted",
    State.INSERTED: "inserted",
    State.MOVED_AWAY: "moved_away",
    State.MOVED_HERE: "moved_here",
}
"""Which label a block has in each of these states."""


@dataclass
class BlockWriter:
    """Writes the blocks of one script; `changes` tell where their notes go."""

    script: Redline
    changes: Sequence[Change]
    labels: Labels
    _notes: dict[int, Change] = field(init=False)

    def __post_init__(self) -> None:
        # By identity: equal blocks may occur twice, and each change has blocks of its own.
        self._notes = {id(change.blocks[0]): change for change in self.changes}

    def document(self) -> str:
        """The whole text, what is unchanged in `div.same`, so that it can be folded away."""
        headings = _headings_with_changes(self.script.blocks)
        parts = []
        for same, group in groupby(self.script.blocks, lambda block: block.state is State.SAME):
            if not same:
                parts.append(self.flow(list(group)))
                continue
            inner = [self._unchanged(block, id(block) in headings) for block in group]
            parts.append(f'<div class="same">{"".join(inner)}</div>\n')
        return "".join(parts)

    def _unchanged(self, block: Block, context: bool) -> str:
        html = self.block(block)
        return html.replace(">", ' class="context">', 1) if context else html

    def flow(self, blocks: Sequence[Block], around: State | None = None) -> str:
        """Blocks where paragraphs may stand; neighbours that came, went or moved together share one wrapper."""
        parts = []
        for (state, move), group in groupby(blocks, lambda block: (block.state, block.move)):
            inner = list(group)
            if state in _SAID and state is not around:
                parts.append(self._wrapped(inner, state, move))
            else:
                parts += [self.block(block, around) for block in inner]
        return "".join(parts)

    def _wrapped(self, blocks: Sequence[Block], state: State, move: int) -> str:
        name = "del" if state in _OLD_ONLY else "ins"
        kind = "block moved" if move else "block"
        inner = "".join(self.block(block, state) for block in blocks)
        note = self._note_away(move) if state is State.MOVED_AWAY else self._note_before(blocks[0])
        return f'{note}<{name} class="{kind}">{inner}</{name}>\n'

    def _note_away(self, move: int) -> str:
        """What stands at the old place of a move: where to, with a link to it."""
        number = next((change.number for change in self.changes if change.blocks[0].move == move), 0)
        moved = escape(self.labels.moved_to.format(place=self.script.moves[move - 1].new))
        return f'<p class="note"><a href="#change-{number}">{number}</a> {moved}{said(". ")}</p>\n'

    def block(self, block: Block, around: State | None = None) -> str:
        """One block; `around` is the state of the wrapper it stands in, if any."""
        if block.state is State.RESET and around is not State.RESET:
            return self.reset(block)
        return _WRITERS[block.face.kind](self, block, around)

    def reset(self, block: Block) -> str:
        """Text whose breaks changed, in its new structure."""
        note = self._note_before(block)
        return f'{note}<div class="reset">{"".join(map(self._reset_inside, block.children))}</div>\n'

    def _reset_inside(self, block: Block) -> str:
        return _WRITERS[block.face.kind](self, block, State.RESET)

    def text(self, block: Block, around: State | None) -> str:
        """The text of a block with its marker, and with the note of its change, if it has one."""
        note = self.note(block)
        if around in _ALL_OF_ONE_SIDE:
            return f"{note}{self.said(around)}{_marker(block, self.labels)}{plain_html(block.runs)}"
        here = self.said(around) if around is State.MOVED_HERE else ""
        return f"{note}{here}{_marker(block, self.labels)}{runs_html(block.runs, self.labels)}"

    def section(self, block: Block, around: State | None) -> str:
        """A heading."""
        levels = [face.level for face in (block.old, block.new) if face]
        if len(set(levels)) < 2:
            return f"<h{levels[0]}>{self.text(block, around)}</h{levels[0]}>\n"
        # A heading of another level is another element: both are shown, since one cannot be drawn within the other.
        return (
            f"{self._note_before(block)}"
            f'<del class="block">{self.heading(block, State.DELETED)}</del>'
            f'<ins class="block">{self.heading(block, State.INSERTED)}</ins>\n'
        )

    def paragraph(self, block: Block, around: State | None) -> str:
        """A paragraph."""
        return f"<p>{self.text(block, around)}</p>\n"

    def code(self, block: Block, around: State | None) -> str:
        """A block of code."""
        text = self.text(block, around).replace("<br>", "\n")
        return f"<pre><code>{text}</code></pre>\n"

    def rule(self, _block: Block, _around: State | None) -> str:
        """A thematic break, which has no text."""
        return "<hr>\n"

    def quote(self, block: Block, around: State | None) -> str:
        """A block quote."""
        return f"{self._note_before(block)}<blockquote>{self.flow(block.children, around)}</blockquote>\n"

    def listing(self, block: Block, around: State | None) -> str:
        """A list of either kind; markers are text, so that a change of them can be marked."""
        kind = block.face.list_kind
        name = "ul" if kind is ListKind.BULLET else "ol"
        marked = any(_has_marker(item) for item in block.children) or name == "ol"
        items = "".join(self.item(item, around) for item in block.children)
        role = ' class="marked" role="list"' if marked else ""
        return f"{self._note_before(block)}<{name}{role}>{items}</{name}>\n"

    def item(self, block: Block, around: State | None, note: str = "") -> str:
        """A list item, or those of a reset; `note` comes before its own note."""
        if block.state is State.RESET and around is not State.RESET:
            notes = [self.note(block), *[""] * len(block.children)]
            return "".join(map(self.item, block.children, [State.RESET] * len(block.children), notes))
        own = block.state if block.state in _SAID else around
        marker = _item_marker(block, around, self.labels)
        inner = f"{note}{self._note_inside(block)}{marker}{self._item_content(block, own)}"
        if block.state in _SAID and block.state is not around:
            name, side = ("del", "old") if block.state in _OLD_ONLY else ("ins", "new")
            kind = "block moved" if block.move else "block"
            return f'<li data-only="{side}"><{name} class="{kind}">{inner}</{name}></li>\n'
        if around is State.RESET:
            return f'<li class="reset">{inner}</li>\n'
        same = ' class="same"' if block.state is State.SAME and around is None else ""
        return f"<li{same}>{inner}</li>\n"

    def _item_content(self, block: Block, around: State | None) -> str:
        """What an item holds, its own text without a paragraph of its own around it."""
        if not block.children or not _is_lead(block.children[0], around):
            return self.flow(block.children, around)
        return self.text(block.children[0], around) + self.flow(block.children[1:], around)

    def table(self, block: Block, around: State | None) -> str:
        """A table with the rows and columns of both sides, in a box that scrolls and that keys can reach."""
        head, body = block.children[:1], block.children[1:]
        rows = "".join(self.row(row, around, "th") for row in head)
        more = "".join(self.row(row, around, "td") for row in body)
        parts = (f"<thead>{rows}</thead>" if rows else "") + (f"<tbody>{more}</tbody>" if more else "")
        return f'{self._note_before(block)}<div class="table" tabindex="0"><table>{parts}</table></div>\n'

    def row(self, block: Block, around: State | None, name: str = "td") -> str:
        """A row; `name` is the element of its cells."""
        own = block.state if block.state in _SAID else None
        note = self.note(block)
        cells = []
        for at, cell in enumerate(block.children):
            cells.append(self.cell(cell, around, own, name, note if at == 0 else ""))
        side = ""
        if own and own is not around:
            side = ' data-only="old"' if own in _OLD_ONLY else ' data-only="new"'
        elif block.state is State.SAME and around is None and name == "td":
            side = ' class="same"'
        return f"<tr{side}>{''.join(cells)}</tr>\n"

    def cell(self, block: Block, around: State | None, row: State | None, name: str, note: str) -> str:
        """A cell; `row` is the state of its row where that came or went."""
        if block.old is None and block.new is None:
            # An inserted row has no cell in a deleted column, nor a deleted row in an inserted one.
            side = "new" if row in _OLD_ONLY else "old"
            return f'<{name} class="none" data-only="{side}"></{name}>'
        align = f' class="{block.face.align}"' if block.face.align in ("left", "right", "center") else ""
        if around in _ALL_OF_ONE_SIDE:
            return f"<{name}{align}>{note}{plain_html(block.runs)}</{name}>"
        if block.state not in _SAID:
            return f"<{name}{align}>{note}{self.text(block, None)}</{name}>"
        tag, side = ("del", "old") if block.state in _OLD_ONLY else ("ins", "new")
        data = "" if row else f' data-only="{side}"'
        text = f"<{tag}>{self.said(block.state)}{plain_html(block.runs)}</{tag}>"
        return f"<{name}{align}{data}>{note}{text}</{name}>"

    def heading(self, block: Block, state: State) -> str:
        """A heading as one side has it, the state being that of its element."""
        op, face = (Op.DELETED, block.old) if state is State.DELETED else (Op.INSERTED, block.new)
        assert face is not None
        text = plain_html(Run(op, piece.text, piece.styles) for piece in text_of(block.runs, op))
        return f"<h{face.level}>{self.said(state)}{_shown_marker(escape(face.marker))}{text}</h{face.level}>"

    def said(self, state: State) -> str:
        """What happened to a block, for those who do not see it."""
        return said(f"{getattr(self.labels, _SAID[state])}: ")

    def note(self, block: Block) -> str:
        """The note of the change that begins at a block, for use within text; nothing where none does."""
        change = self._notes.pop(id(block), None)
        return _note(change, "span", self.labels) if change else ""

    def _note_inside(self, block: Block) -> str:
        """The note of an item; at the old place of one that moved, where to."""
        if block.state is State.MOVED_AWAY and block.move:
            return self._note_away(block.move).replace("<p ", "<span ").replace("</p>\n", "</span>")
        return self.note(block)

    def _note_before(self, block: Block) -> str:
        change = self._notes.pop(id(block), None)
        return f"{_note(change, 'p', self.labels)}\n" if change else ""


def _note(change: Change, name: str, labels: Labels) -> str:
    """The number of a change, a link back to the list; then what the marked text does not show by itself."""
    told = untold(change, labels)
    number = f'<a href="#list-{change.number}">{said(f"{labels.change} ")}{change.number}</a>'
    words = f" {escape('; '.join(told))}" if told else ""
    rest = [kind for kind in change.kinds if kind not in told]
    hidden = said(f": {'; '.join(rest)}. ") if rest else said(". ")
    return f'<{name} class="note" id="change-{change.number}">{number}{words}{hidden}</{name}>'


def _marker(block: Block, labels: Labels) -> str:
    old, new = (face.marker if face else None for face in (block.old, block.new))
    if block.state is State.MOVED_AWAY or block.state is State.DELETED or new is None:
        return _shown_marker(escape(old or ""))
    if old is None or old == new:
        return _shown_marker(escape(new))
    gone = f"<del>{said(f'{labels.was} ')}{escape(old)}</del>" if old else ""
    come = f"<ins>{said(f'{labels.now} ')}{escape(new)}</ins>" if new else ""
    return _shown_marker(gone + come)


def _item_marker(item: Block, around: State | None, labels: Labels) -> str:
    """An item's marker; in text whose breaks changed, an enumerator is a word of the text."""
    in_text = around is State.RESET and item.face.list_kind is ListKind.ENUMERATED
    return "" if in_text else _marker(item, labels)


def _is_lead(block: Block, around: State | None) -> bool:
    """Whether the first block of an item is its own text, on the side or sides that the item itself is on."""
    whole = block.state not in _SAID or block.state is around
    return block.face.kind is ClauseKind.PARAGRAPH and whole and not (block.state is State.RESET and block.children)


def _shown_marker(html: str) -> str:
    return f'<span class="marker">{html} </span>' if html else ""


def _has_marker(item: Block) -> bool:
    return bool((item.old and item.old.marker) or (item.new and item.new.marker))


def _headings_with_changes(blocks: Sequence[Block]) -> set[int]:
    """The unchanged headings, by identity, under which something changed, down to the next of the same level."""
    found: set[int] = set()
    above: list[Block] = []
    for block in blocks:
        if block.face.kind is ClauseKind.SECTION and block.new:
            above = [heading for heading in above if heading.face.level < block.face.level]
            above.append(block)
        if block.state is not State.SAME:
            found.update(id(heading) for heading in above)
    return found


Writer = Callable[[BlockWriter, Block, State | None], str]
_WRITERS: dict[ClauseKind, Writer] = {
    ClauseKind.SECTION: BlockWriter.section,
    ClauseKind.PARAGRAPH: BlockWriter.paragraph,
    ClauseKind.CODE: BlockWriter.code,
    ClauseKind.RULE: BlockWriter.rule,
    ClauseKind.QUOTE: BlockWriter.quote,
    ClauseKind.LIST: BlockWriter.listing,
    ClauseKind.ITEM: BlockWriter.item,
    ClauseKind.TABLE: BlockWriter.table,
    ClauseKind.ROW: BlockWriter.row,
}
