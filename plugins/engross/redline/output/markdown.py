"""Writes one change of a script as Markdown: `~~deleted~~` and **inserted** words within the clause.

Every text is escaped for the hosts of repositories, whose comments this is for. Markup of the texts themselves is left
out; where it changes, the kinds of the change name it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from engross.common import escape_markdown, marked_markdown, value_class
from engross.model import ClauseKind
from engross.redline.changes import Change
from engross.redline.script import Block, Op, Run, State

_SIGNS = {Op.DELETED: "~~", Op.INSERTED: "**"}
_WHOLE = (State.INSERTED, State.DELETED, State.RESET)


@value_class(frozen=True, slots=True)
class Marked:
    """A piece of text of a clause: kept, deleted or inserted."""

    op: Op
    text: str


MarkedText = tuple[Marked, ...]
"""The text of one block, in the order in which it is shown."""


def marked_texts(change: Change) -> tuple[MarkedText, ...]:
    """Return the text of each block of a change, with its enumerator; a row of a table is one text."""
    texts = (_merged(pieces) for block in change.blocks for pieces in _of_block(block))
    return tuple(text for text in texts if text)


def _of_block(block: Block, before: tuple[Marked, ...] = ()) -> Iterator[list[Marked]]:
    """Yield the pieces of a block and of the blocks inside it; `before` is the enumerator of the item it begins."""
    if block.face.kind is ClauseKind.ROW:
        yield _row(block)
        return
    marker = (*before, *_marker(block))
    if block.runs:
        yield [*marker, *_of_runs(block.runs)]
        marker = ()
    for child in block.children if block.state in _WHOLE else ():
        yield from _of_block(child, marker)
        marker = ()


def _row(row: Block) -> list[Marked]:
    pieces: list[Marked] = []
    for cell in row.children:
        pieces += [Marked(Op.EQUAL, " | ")] if pieces else []
        pieces += _of_runs(cell.runs)
    return pieces


def _marker(block: Block) -> Iterator[Marked]:
    if block.face.marker:
        op = {State.INSERTED: Op.INSERTED, State.DELETED: Op.DELETED}.get(block.state, Op.EQUAL)
        yield Marked(op, f"{block.face.marker} ")


def _of_runs(runs: Iterable[Run]) -> Iterator[Marked]:
    for run in runs:
        if run.starts and run.op is not Op.EQUAL:
            yield Marked(run.op, "¶")
        elif run.starts:
            yield Marked(Op.EQUAL, " ")
        elif run.text:
            yield Marked(run.op, run.text)


def _merged(pieces: Iterable[Marked]) -> MarkedText:
    """Return pieces with neighbours of one kind joined, on one line."""
    merged: list[Marked] = []
    for piece in pieces:
        text = piece.text.replace("\n", " ").replace("\ufffc", "")
        if merged and merged[-1].op is piece.op:
            merged[-1] = Marked(piece.op, merged[-1].text + text)
        elif text:
            merged.append(Marked(piece.op, text))
    return tuple(merged)


def marked_as_markdown(text: MarkedText, around: int = 0) -> str:
    """Return a text as one line of Markdown; with `around`, only so many words of what is kept beside each change."""
    parts = []
    for at, piece in enumerate(text):
        if piece.op is Op.EQUAL:
            kept = _shortened(piece.text, around, first=at == 0, last=at == len(text) - 1) if around else piece.text
            parts.append(_spaced(kept))
        else:
            parts.append(marked_markdown(_SIGNS[piece.op], _spaced(piece.text)))
    return "".join(parts).strip(" ")


def _spaced(text: str) -> str:
    """Escape a text, and keep that there are blanks at its ends."""
    if not text.strip():
        return " " if text else ""
    before, after = " " * text[0].isspace(), " " * text[-1].isspace()
    return f"{before}{escape_markdown(text)}{after}"


def _shortened(text: str, around: int, *, first: bool, last: bool) -> str:
    words = text.split()
    keep = around * (2 - first - last)
    if len(words) <= keep + 1:
        return text
    head: Sequence[str] = () if first else words[:around]
    tail: Sequence[str] = () if last else words[-around:]
    blank = " " if text[-1].isspace() else ""
    return f"{' ' if text[0].isspace() else ''}{' '.join([*head, '…', *tail])}{blank}"
