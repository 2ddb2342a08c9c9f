"""Reads one side of a script as lines, and the same lines from that side's tree.

Both must be equal: this is the self-check of every redline, and tests compare the HTML with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from engross.model import ClauseKind, ListKind
from engross.redline.alignment.outline import Node
from engross.redline.script import Block, Face, Op, Run, State
from engross.redline.styled_text import Piece, Pieces, joined

_NOT_IN_NEW = (State.DELETED, State.MOVED_AWAY)
_NOT_IN_OLD = (State.INSERTED, State.MOVED_HERE)


class Line(NamedTuple):
    """One block: its depth, how it is formatted, and its text."""

    depth: int
    kind: ClauseKind
    level: int
    marker: str
    list_kind: ListKind | None
    align: str
    language: str
    text: Pieces


def of_nodes(nodes: Iterable[Node], depth: int = 0) -> Iterator[Line]:
    """Yield the lines of a tree."""
    for node in nodes:
        yield _line(depth, node.face, node.pieces)
        yield from of_nodes(node.children, depth + 1)


def of_blocks(blocks: Iterable[Block], side: Op, depth: int = 0) -> Iterator[Line]:
    """Yield the lines of one side of a script: DELETED for the old side, INSERTED for the new one."""
    old = side is Op.DELETED
    for block in blocks:
        if block.state in (_NOT_IN_OLD if old else _NOT_IN_NEW) or (block.old is None and block.new is None):
            continue
        if block.state is State.RESET:
            yield from _old_of_reset(block, depth) if old else _new_of_reset(block.children, depth)
            continue
        # A block that moved here also has its old face, but only the new side has it at this place.
        face = block.old if old else block.new
        assert face is not None
        yield _line(depth, face, text_of(block.runs, side))
        yield from of_blocks(block.children, side, depth + 1)


def text_of(runs: Sequence[Run], side: Op) -> Pieces:
    """Return the text of one side of some runs."""
    if len(runs) == 1 and runs[0].op is Op.EQUAL and runs[0].was is None and runs[0].starts is None:
        return (Piece(runs[0].text, runs[0].styles),)
    return joined(_piece(run, side) for run in runs if run.starts is None and run.op in (Op.EQUAL, side))


def _piece(run: Run, side: Op) -> Piece:
    return Piece(run.text, run.was if side is Op.DELETED and run.was is not None else run.styles)


def _line(depth: int, face: Face, text: Pieces) -> Line:
    return Line(depth, face.kind, face.level, face.marker, face.list_kind, face.align, face.language, text)


def _new_of_reset(blocks: Sequence[Block], depth: int, item: Face | None = None) -> Iterator[Line]:
    for block in blocks:
        assert block.new is not None
        text = text_of(block.runs, Op.INSERTED)
        yield _line(depth, block.new, without_marker(item, text) if block.runs else text)
        within = block.new if block.children and block.children[0].runs else None
        yield from _new_of_reset(block.children, depth + 1, within)
        item = None


def _old_of_reset(reset: Block, depth: int) -> Iterator[Line]:
    """Yield the old side of a reset by cutting its stream of words where the old blocks begin."""
    for opens, text in _old_units(reset):
        faces = [face for _, face in opens]
        item = faces[-2] if len(faces) > 1 else None
        for below, face in opens[:-1]:
            yield _line(depth + below, face, ())
        yield _line(depth + opens[-1][0], faces[-1], without_marker(item, text))


def _old_units(reset: Block) -> Iterator[tuple[tuple[tuple[int, Face], ...], Pieces]]:
    opens: tuple[tuple[int, Face], ...] = ()
    runs: list[Run] = []
    for block in reset.walk():
        for run in block.runs:
            if run.starts is None or not run.starts.opens:
                runs.append(run)
                continue
            if opens:
                yield opens, text_of(runs, Op.DELETED)
            opens, runs = run.starts.opens, []
    yield opens, text_of(runs, Op.DELETED)


def without_marker(item: Face | None, text: Pieces) -> Pieces:
    """Return the text of an item's paragraph without the enumerator that `split_join` adds to it."""
    if item is None or item.list_kind is not ListKind.ENUMERATED or not item.marker or not text:
        return text
    mark = f"{item.marker} "
    first = text[0]
    return (Piece(first.text.removeprefix(mark), first.styles), *text[1:]) if first.text != mark else text[1:]
