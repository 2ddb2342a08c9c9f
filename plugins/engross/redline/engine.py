"""The whole way from two texts to a script that has proved itself.

sides read (`sides`) → outlines (`outline`) → matching (`align`) → blocks (`build`) and segments → the self-check
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

from engross.errors import EngrossError, error
from engross.memory import uncollected
from engross.redline.align import Matching, align
from engross.redline.build import Builder
from engross.redline.counting import count
from engross.redline.definitions import find_terms
from engross.redline.outline import Node, Outline
from engross.redline.places import find_moves
from engross.redline.project import Line, of_blocks, of_nodes
from engross.redline.script import Op, Redline, accept, reject
from engross.redline.segments import segments
from engross.redline.sides import Side, Text, side


def redline(old: Text, new: Text, *, yaml: bool | None = None) -> Redline:
    """The edit script that leads from one text to the other.

    Takes source texts (str), `Source`s, documents that have a source, or `Side`s. `yaml` says how to read texts and
    sources: True as YAML, False as Markdown, None by the ending of their names (a str is Markdown).

    Raises EngrossError where the parser refuses either text, or where the script fails its self-check.
    """
    return compare(side(old, "old", yaml), side(new, "new", yaml))


def compare(old: Side, new: Side) -> Redline:
    """The edit script between two sides; see `redline`."""
    with uncollected():
        return _compare(old, new)


def _compare(old: Side, new: Side) -> Redline:
    outline = Outline()
    before, after = outline.nodes(old.root), outline.nodes(new.root)
    matching = _matching(old, new, before, after)
    places = find_moves(before, after, matching.moved)
    blocks = Builder(matching, find_terms(before, after), places).blocks(before, after)
    parts = segments(old.text, new.text)
    script = Redline(old.name, new.name, parts, blocks, places.moves, count(blocks))
    verify(script, old, new, before, after)
    return script


def _matching(old: Side, new: Side, before: tuple[Node, ...], after: tuple[Node, ...]) -> Matching:
    """What belongs together, found in one orientation whichever side is called old.

    Ties are broken by position, and a tie broken otherwise would mark other amounts in redline(a, b) than in
    redline(b, a).
    """
    if new.text < old.text:
        return align(after, before).mirrored()
    return align(before, after)


def verify(script: Redline, old: Side, new: Side, before: tuple[Node, ...], after: tuple[Node, ...]) -> None:
    """Raise EngrossError unless the script gives back both sides, source and visible tree.."""
    exact = reject(script) == old.text and accept(script) == new.text
    same_old = exact and _equal(of_blocks(script.blocks, Op.DELETED), of_nodes(before))
    if not (same_old and _equal(of_blocks(script.blocks, Op.INSERTED), of_nodes(after))):
        message = "this redline failed its self-check and is not shown; please report the two texts"
        raise EngrossError([error("redline-self-check", new.name, 0, 0, message)])


def _equal(first: Iterator[Line], second: Iterator[Line]) -> bool:
    """Whether both give the same lines, none of which has to be kept."""
    return all(one == other for one, other in zip_longest(first, second))
