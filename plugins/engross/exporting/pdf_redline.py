"""A redline as the data that `templates/pdf/redline.typ` reads: every word of both texts, those that changed marked.

Each change has a number in the text and in the list of changes, which links to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engross.exporting.pdf_content import DEEPEST, Data, Runs, table_data
from engross.model import ClauseKind, ListKind, MarkKind
from engross.redline import Block, Change, Face, Op, Redline, Run, State, Style, find_changes, labels_of, summary

_MARKED = {
    State.DELETED: "deleted",
    State.MOVED_AWAY: "deleted",
    State.INSERTED: "inserted",
}
"""The mark on all text of a block in each of these states."""
_OPS = {Op.DELETED: "deleted", Op.INSERTED: "inserted"}


class RedlineComposer:
    """Composes the blocks of one script; `moved` is the sentence at the old place of what moved."""

    def __init__(self, script: Redline, changes: Sequence[Change], moved: str) -> None:
        self.script, self.moved = script, moved
        self._numbers = {id(change.blocks[0]): change.number for change in changes}
        self._levels: list[int] = []
        self._depth = 0

    def blocks(self, blocks: Sequence[Block], mark: str = "") -> list[Data]:
        """Return blocks as data; `mark` is the mark of the block around them."""
        return [made for block in blocks for made in self._block(block, mark)]

    def _block(self, block: Block, around: str) -> Iterator[Data]:
        mark = around or _MARKED.get(block.state, "")
        if block.state is State.RESET:
            yield from self._note(block)
            yield from self.blocks(block.children, mark)
            return
        if block.state is State.MOVED_AWAY and not around:
            move = self.script.moves[block.move - 1]
            yield {"is": "notice", "runs": [self.moved.format(place=move.new)]}
        yield from _BLOCKS.get(block.face.kind, RedlineComposer._text)(self, block, mark)

    def _note(self, block: Block) -> Iterator[Data]:
        if number := self._number(block):
            yield {"is": "paragraph", "runs": number, "together": False}

    def _number(self, block: Block) -> Runs:
        """Return the number of the change that begins at a block; empty if none does."""
        number = self._numbers.pop(id(block), 0)
        return [{"a": f"change-{number}"}, {"t": f"[{number}]", "s": ["change"]}, " "] if number else []

    def _text(self, block: Block, mark: str) -> Iterator[Data]:
        runs = [*self._number(block), *_marker(block, mark), *runs_of(block.runs, mark)]
        yield {"is": "paragraph", "runs": runs, "together": False}
        yield from self.blocks(block.children, mark)

    def _heading(self, block: Block, mark: str) -> Iterator[Data]:
        runs = [*self._number(block), *_marker(block, mark), *runs_of(block.runs, mark)]
        while self._levels and self._levels[-1] >= block.face.level:
            self._levels.pop()
        self._levels.append(block.face.level)
        yield {"is": "heading", "level": len(self._levels), "runs": runs}
        yield from self.blocks(block.children, mark)

    def _list(self, block: Block, mark: str) -> Iterator[Data]:
        yield from self._note(block)
        self._depth += 1
        items = [item for child in block.children for item in self._items(child, mark)]
        self._depth -= 1
        bullets = block.face.list_kind is ListKind.BULLET and not any(marker for marker, _ in items)
        if self._depth >= DEEPEST:
            for marker, blocks in items:
                yield {"is": "paragraph", "runs": marker or ["• "], "together": False}
                yield from blocks
            return
        yield {
            "is": "list", "kind": str(block.face.list_kind), "tight": True, "anchors": [],
            "markers": [] if bullets else [marker for marker, _ in items],
            "items": [{"blocks": blocks} for _, blocks in items],
        }  # fmt: skip

    def _items(self, item: Block, around: str) -> Iterator[tuple[Runs, list[Data]]]:
        """Yield the marker and the blocks of an item, or of each item of a list whose breaks changed."""
        if item.state is State.RESET:
            for child in item.children:
                yield from self._items(child, around)
            return
        mark = around or _MARKED.get(item.state, "")
        blocks: list[Data] = []
        if item.state is State.MOVED_AWAY and not around:
            moved = self.moved.format(place=self.script.moves[item.move - 1].new)
            blocks.append({"is": "notice", "runs": [moved]})
        number = self._number(item)
        inside = self.blocks(item.children, mark)
        if item.runs:
            inside = [{"is": "paragraph", "runs": runs_of(item.runs, mark), "together": False}, *inside]
        if number and inside and inside[0]["is"] == "paragraph":
            inside[0]["runs"] = [*number, *inside[0]["runs"]]
        elif number:
            blocks.append({"is": "paragraph", "runs": number, "together": False})
        yield _marker(item, mark), [*blocks, *inside]

    def _quote(self, block: Block, mark: str) -> Iterator[Data]:
        yield from self._note(block)
        self._depth += 1
        blocks = self.blocks(block.children, mark)
        self._depth -= 1
        if self._depth >= DEEPEST:
            yield from blocks
        else:
            yield {"is": "quote", "anchors": [], "blocks": blocks}

    def _table(self, block: Block, mark: str) -> Iterator[Data]:
        yield from self._note(block)
        if block.children:
            yield table_data([], [self._row(row, mark) for row in block.children])

    def _row(self, row: Block, around: str) -> list[Data]:
        mark, number = around or _MARKED.get(row.state, ""), self._number(row)
        cells = []
        for cell in row.children:
            own = mark or _MARKED.get(cell.state, "")
            cells.append({"runs": [*number, *self._number(cell), *runs_of(cell.runs, own)], "align": cell.face.align})
            number = []
        return cells

    def _code(self, block: Block, mark: str) -> Iterator[Data]:
        runs = [*self._number(block), *runs_of(block.runs, mark)]
        yield {"is": "code-text", "runs": runs}

    def _rule(self, block: Block, mark: str) -> Iterator[Data]:
        del block, mark
        yield {"is": "rule"}


_BLOCKS = {
    ClauseKind.SECTION: RedlineComposer._heading,
    ClauseKind.LIST: RedlineComposer._list,
    ClauseKind.QUOTE: RedlineComposer._quote,
    ClauseKind.TABLE: RedlineComposer._table,
    ClauseKind.CODE: RedlineComposer._code,
    ClauseKind.RULE: RedlineComposer._rule,
}


def _marker(block: Block, mark: str) -> Runs:
    """Return the number or enumerator of a block, the old and the new one where they differ."""
    old, new = _marker_of(block.old), _marker_of(block.new)
    if mark or not block.old or not block.new or old == new:
        shown = new or old
        return [_marked(f"{shown} ", (), mark)] if shown else []
    return [_marked(f"{text} ", (), side) for text, side in ((old, "deleted"), (new, "inserted")) if text]


def _marker_of(face: Face | None) -> str:
    return face.marker if face else ""


def runs_of(runs: Sequence[Run], mark: str = "") -> Runs:
    """Return the runs of a block as data; with `mark`, all are marked so."""
    found: Runs = []
    for run in runs:
        own = mark or _OPS.get(run.op, "")
        if run.starts:
            found.append(_marked("¶ ", (), own) if own else " ")
        elif run.was is not None and not mark:
            found += [_marked(run.text, run.was, "deleted"), _marked(run.text, run.styles, "inserted")]
        else:
            found += _broken(run, own)
    return found


def _broken(run: Run, mark: str) -> Iterator[Any]:
    """Yield the lines of a run, with hard line breaks between them."""
    for at, line in enumerate(run.text.split("\n")):
        if at:
            yield {"br": True}
        if line or any(style.kind is MarkKind.IMAGE for style in run.styles):
            yield _marked(line, run.styles, mark)


def _marked(text: str, styles: Sequence[Style], mark: str) -> Any:
    image = next((style for style in styles if style.kind is MarkKind.IMAGE), None)
    shown = f"[{text or image.target}]" if image else text
    names = [str(style.kind) for style in styles if style.kind not in (MarkKind.IMAGE, MarkKind.LINK)]
    names = ["superscript" if name == MarkKind.FOOTNOTE else name for name in names]
    if not names and not mark:
        return shown
    return {"t": shown, "s": [*names, *([mark] if mark else [])]}


def redline_data(script: Redline, words: Mapping[str, str]) -> Data:
    """Return what the template of a redline reads: its blocks, the list of changes, and sentences about the whole."""
    labels, changes = labels_of(words), find_changes(script, labels_of(words))
    composer = RedlineComposer(script, changes, labels.moved_to)
    blocks = composer.blocks(script.blocks)
    listed = [{"number": change.number, "where": change.where, "kinds": "; ".join(change.kinds)} for change in changes]
    return {
        "blocks": blocks, "changes": listed, "summary": summary(script, labels, script.pictures),
        "inserted": labels.inserted, "deleted": labels.deleted, "key": labels.key, "title": labels.changes,
    }  # fmt: skip
