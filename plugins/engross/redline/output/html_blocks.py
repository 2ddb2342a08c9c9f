"""Writes blocks as HTML in the structure of the document: headings, lists and tables stay what they are.

A block inserted or deleted as a whole is inside a block-level `ins` or `del`. Where HTML allows none (around an `li`, a
`tr`, a cell), the mark is inside the element, which has `data-only="old"` or `data-only="new"`. Without every `del`,
every `data-only="old"` and what is not text of the document (classes `said`, `note`, `none`), the new document remains,
and the reverse for the old one. `.break` marks changed breaks (see `html_runs`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import field, replace
from html import escape
from itertools import groupby

from engross.common import value_class
from engross.model import ClauseKind, ListKind
from engross.redline.changes import Change, Labels, hidden_kinds
from engross.redline.output.html_runs import hidden_text, plain_html, runs_html
from engross.redline.projection import text_of
from engross.redline.script import Block, Op, Redline, Run, State

_OLD_ONLY = (State.DELETED, State.MOVED_AWAY)
_ONE_SIDED = (State.DELETED, State.INSERTED, State.MOVED_AWAY)
_LABELS = {
    State.DELETED: "deleted",
    State.INSERTED: "inserted",
    State.MOVED_AWAY: "moved_away",
    State.MOVED_HERE: "moved_here",
}
"""The label of a block in each of these states."""
_DEEPEST = 6


@value_class
class BlockWriter:
    """Writes the blocks of one script, with the notes of `changes`.

    Headings are one level deeper than in the document, because the page has a title of its own.
    """

    script: Redline
    changes: Sequence[Change]
    labels: Labels
    _notes: dict[int, Change] = field(init=False)

    def __post_init__(self) -> None:
        # By identity, because equal blocks may occur twice and each change has its own blocks.
        self._notes = {id(change.blocks[0]): change for change in self.changes}

    def document(self) -> str:
        """Return the whole text. Unchanged parts, and parts whose typography alone changed, are in `div.same`, so that
        they can be hidden.
        """
        headings = _headings_with_changes(self.script.blocks)
        parts = []
        for folded, group in groupby(self.script.blocks, _is_folded):
            inner = list(group)
            if not folded:
                parts.append(self.flow(inner))
                continue
            name = "same typographic" if any(block.state is not State.SAME for block in inner) else "same"
            html = "".join(self._folded(block, id(block) in headings) for block in inner)
            parts.append(f'<div class="{name}">{html}</div>\n')
        return "".join(parts)

    def _folded(self, block: Block, context: bool) -> str:
        html = self.block(block)
        if block.state is not State.SAME:
            return f"<div>{html}</div>\n"
        return html.replace(">", ' class="context">', 1) if context else html

    def flow(self, blocks: Sequence[Block], around: State | None = None) -> str:
        """Return blocks where paragraphs are allowed; neighbours changed in the same way share one wrapper."""
        parts = []
        for (state, move), group in groupby(blocks, lambda block: (block.state, block.move)):
            inner = list(group)
            if state in _LABELS and state is not around:
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
        """Return the note at the old place of a move, with a link to the new place."""
        number = next((change.number for change in self.changes if change.blocks[0].move == move), 0)
        moved = escape(self.labels.moved_to.format(place=self.script.moves[move - 1].new))
        return f'<p class="note"><a href="#change-{number}">{number}</a> {moved}{hidden_text(". ")}</p>\n'

    def block(self, block: Block, around: State | None = None) -> str:
        """Return one block; `around` is the state of its wrapper, if any."""
        if block.state is State.RESET and around is not State.RESET:
            return self.reset(block)
        return _WRITERS[block.face.kind](self, block, around)

    def reset(self, block: Block) -> str:
        """Return text whose breaks changed, in its new structure."""
        note = self._note_before(block)
        return f'{note}<div class="reset">{"".join(map(self._reset_inside, block.children))}</div>\n'

    def _reset_inside(self, block: Block) -> str:
        return _WRITERS[block.face.kind](self, block, State.RESET)

    def text(self, block: Block, around: State | None) -> str:
        """Return the text of a block with its marker and the note of its change, if any."""
        note = self.note(block)
        if around in _ONE_SIDED:
            return f"{note}{self.state_text(around)}{_marker(block, self.labels)}{plain_html(block.runs)}"
        here = self.state_text(around) if around is State.MOVED_HERE else ""
        return f"{note}{here}{_marker(block, self.labels)}{runs_html(block.runs, self.labels)}"

    def section(self, block: Block, around: State | None) -> str:
        """Return a heading."""
        levels = [face.level for face in (block.old, block.new) if face]
        if len(set(levels)) < 2:
            return f"{_heading(levels[0], self.text(block, around))}\n"
        # A heading of another level is another element, so both are shown.
        return (
            f"{self._note_before(block)}"
            f'<del class="block">{self.heading(block, State.DELETED)}</del>'
            f'<ins class="block">{self.heading(block, State.INSERTED)}</ins>\n'
        )

    def paragraph(self, block: Block, around: State | None) -> str:
        """Return a paragraph."""
        return f"<p>{self.text(block, around)}</p>\n"

    def code(self, block: Block, around: State | None) -> str:
        """Return a code block."""
        text = self.text(block, around).replace("<br>", "\n")
        return f"<pre><code>{text}</code></pre>\n"

    def rule(self, _block: Block, _around: State | None) -> str:
        """Return a thematic break, which has no text."""
        return "<hr>\n"

    def quote(self, block: Block, around: State | None) -> str:
        """Return a block quote."""
        return f"{self._note_before(block)}<blockquote>{self.flow(block.children, around)}</blockquote>\n"

    def listing(self, block: Block, around: State | None) -> str:
        """Return a list of any kind; markers are text, so that their changes can be marked."""
        kind = block.face.list_kind
        name = "ul" if kind is ListKind.BULLET else "ol"
        marked = any(_has_marker(item) for item in block.children) or name == "ol"
        items = "".join(self.item(item, around) for item in block.children)
        role = ' class="marked" role="list"' if marked else ""
        return f"{self._note_before(block)}<{name}{role}>{items}</{name}>\n"

    def item(self, block: Block, around: State | None, note: str = "") -> str:
        """Return a list item, or the items of a reset; `note` precedes its own note."""
        if block.state is State.RESET and around is not State.RESET:
            notes = [self.note(block), *[""] * len(block.children)]
            return "".join(map(self.item, block.children, [State.RESET] * len(block.children), notes))
        own = block.state if block.state in _LABELS else around
        marker = _item_marker(block, around, self.labels)
        inner = f"{note}{self._note_inside(block)}{marker}{self._item_content(block, own)}"
        if block.state in _LABELS and block.state is not around:
            name, side = ("del", "old") if block.state in _OLD_ONLY else ("ins", "new")
            kind = "block moved" if block.move else "block"
            return f'<li data-only="{side}"><{name} class="{kind}">{inner}</{name}></li>\n'
        if around is State.RESET:
            return f'<li class="reset">{inner}</li>\n'
        same = ' class="same"' if _is_folded(block) and around is None else ""
        return f"<li{same}>{inner}</li>\n"

    def _item_content(self, block: Block, around: State | None) -> str:
        """Return the content of an item; its own text has no paragraph element."""
        if not block.children or not _is_lead(block.children[0], around):
            return self.flow(block.children, around)
        return self.text(block.children[0], around) + self.flow(block.children[1:], around)

    def table(self, block: Block, around: State | None) -> str:
        """Return a table with the rows and columns of both sides, in a scrolling box that the keyboard can reach."""
        head, body = block.children[:1], block.children[1:]
        rows = "".join(self.row(row, around, "th") for row in head)
        more = "".join(self.row(row, around, "td") for row in body)
        parts = (f"<thead>{rows}</thead>" if rows else "") + (f"<tbody>{more}</tbody>" if more else "")
        return f'{self._note_before(block)}<div class="table" tabindex="0"><table>{parts}</table></div>\n'

    def row(self, block: Block, around: State | None, name: str = "td") -> str:
        """Return a row; `name` is the element of its cells."""
        own = block.state if block.state in _LABELS else None
        note = self.note(block)
        cells = []
        for at, cell in enumerate(block.children):
            cells.append(self.cell(cell, around, own, name, note if at == 0 else ""))
        side = ""
        if own and own is not around:
            side = ' data-only="old"' if own in _OLD_ONLY else ' data-only="new"'
        elif _is_folded(block) and around is None and name == "td":
            side = ' class="same"'
        return f"<tr{side}>{''.join(cells)}</tr>\n"

    def cell(self, block: Block, around: State | None, row: State | None, name: str, note: str) -> str:
        """Return a cell; `row` is the state of its row if that was inserted or deleted."""
        if block.old is None and block.new is None:
            # An inserted row has no cell in a deleted column, a deleted row none in an inserted one, and a short row
            # none in a column that only other rows have.
            side = f' data-only="{"new" if row in _OLD_ONLY else "old"}"' if row else ""
            return f'<{name} class="none"{side}></{name}>'
        align = f' class="{block.face.align}"' if block.face.align in ("left", "right", "center") else ""
        if around in _ONE_SIDED:
            return f"<{name}{align}>{note}{plain_html(block.runs)}</{name}>"
        if block.state not in _LABELS:
            return f"<{name}{align}>{note}{self.text(block, None)}</{name}>"
        tag, side = ("del", "old") if block.state in _OLD_ONLY else ("ins", "new")
        data = "" if row else f' data-only="{side}"'
        text = f"<{tag}>{self.state_text(block.state)}{plain_html(block.runs)}</{tag}>"
        return f"<{name}{align}{data}>{note}{text}</{name}>"

    def heading(self, block: Block, state: State) -> str:
        """Return a heading of one side; `state` selects the side."""
        op, face = (Op.DELETED, block.old) if state is State.DELETED else (Op.INSERTED, block.new)
        assert face is not None
        text = plain_html(Run(op, piece.text, piece.styles) for piece in text_of(block.runs, op))
        return _heading(face.level, f"{self.state_text(state)}{_shown_marker(escape(face.marker))}{text}")

    def state_text(self, state: State) -> str:
        """Return the change of a block for screen readers."""
        return hidden_text(f" {getattr(self.labels, _LABELS[state])}: ")

    def note(self, block: Block) -> str:
        """Return the note of the change that begins at a block, for use within text; empty if none begins there."""
        change = self._notes.pop(id(block), None)
        return _note(change, "span", self.labels) if change else ""

    def _note_inside(self, block: Block) -> str:
        """Return the note of an item, or the new place of an item that moved away."""
        if block.state is State.MOVED_AWAY and block.move:
            return self._note_away(block.move).replace("<p ", "<span ").replace("</p>\n", "</span>")
        return self.note(block)

    def _note_before(self, block: Block) -> str:
        change = self._notes.pop(id(block), None)
        return f"{_note(change, 'p', self.labels)}\n" if change else ""


def without_unchanged(script: Redline) -> Redline:
    """Return a script with the blocks that changed and the headings above them, to be shown."""
    headings = _headings_with_changes(script.blocks)
    blocks = tuple(block for block in script.blocks if block.state is not State.SAME or id(block) in headings)
    return replace(script, blocks=blocks)


def _is_folded(block: Block) -> bool:
    """Return whether a block is hidden where only changes are shown."""
    return block.state is State.SAME or block.is_typographic


def _heading(level: int, html: str) -> str:
    """Return a heading of a level of the document; below the deepest element its level is an attribute."""
    if level < _DEEPEST:
        return f"<h{level + 1}>{html}</h{level + 1}>"
    return f'<h{_DEEPEST} aria-level="{level + 1}">{html}</h{_DEEPEST}>'


def _note(change: Change, name: str, labels: Labels) -> str:
    """Return the number of a change as a link to the list, with the kinds that the marked text does not show."""
    unmarked = hidden_kinds(change, labels)
    number = f'<a href="#list-{change.number}">{hidden_text(f"{labels.change} ")}{change.number}</a>'
    words = f" {escape('; '.join(unmarked))}" if unmarked else ""
    rest = [kind for kind in change.kinds if kind not in unmarked]
    hidden = hidden_text(f": {'; '.join(rest)}. ") if rest else hidden_text(". ")
    return f'<{name} class="note" id="change-{change.number}">{number}{words}{hidden}</{name}>'


def _marker(block: Block, labels: Labels) -> str:
    old, new = (face.marker if face else None for face in (block.old, block.new))
    if block.state is State.MOVED_AWAY or block.state is State.DELETED or new is None:
        return _shown_marker(escape(old or ""))
    if old is None or old == new:
        return _shown_marker(escape(new))
    deleted = f"<del>{hidden_text(f'{labels.was} ')}{escape(old)}</del>" if old else ""
    inserted = f"<ins>{hidden_text(f' {labels.now} ')}{escape(new)}</ins>" if new else ""
    return _shown_marker(deleted + inserted)


def _item_marker(item: Block, around: State | None, labels: Labels) -> str:
    """Return an item's marker; in text whose breaks changed, an enumerator is a word of the text."""
    in_text = around is State.RESET and item.face.list_kind is ListKind.ENUMERATED
    return "" if in_text else _marker(item, labels)


def _is_lead(block: Block, around: State | None) -> bool:
    """Return whether the first block of an item is its own text on all sides that have the item."""
    whole = block.state not in _LABELS or block.state is around
    return block.face.kind is ClauseKind.PARAGRAPH and whole and not (block.state is State.RESET and block.children)


def _shown_marker(html: str) -> str:
    return f'<span class="marker">{html} </span>' if html else ""


def _has_marker(item: Block) -> bool:
    return bool((item.old and item.old.marker) or (item.new and item.new.marker))


def _headings_with_changes(blocks: Sequence[Block]) -> set[int]:
    """Return the ids of unchanged headings with changes below them, up to the next heading of the same level."""
    found: set[int] = set()
    above: list[Block] = []
    for block in blocks:
        if block.face.kind is ClauseKind.SECTION and block.new:
            above = [heading for heading in above if heading.face.level < block.face.level]
            above.append(block)
        if not _is_folded(block):
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
