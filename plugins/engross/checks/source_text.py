"""What a Markdown source says: its visible text, and where in the source each character of it stands.

The source is read a second time here, with no code of the parser's (see `fidelity`): `source_blocks` finds what runs
together, `source_inline` what is markup in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from engross.checks.blanks import BLANKS, fold
from engross.checks.source_blocks import Blocks, Leaf, LeafKind
from engross.checks.source_inline import inline_edits

_ENUMERATOR = r"\([A-Za-z0-9]{1,6}\)|[A-Za-z]{1,6}[.)]|[0-9]+(?:\.[0-9]+)+\.?|[0-9]{1,9}[.)]"
_ITEM_LINE = re.compile(rf"\n(?=(?:\*\*|__)?(?:{_ENUMERATOR})(?:\*\*|__)?(?:[ \t]|$))", re.M)
_BRACKET = re.compile(r"\A((?:[A-Za-z0-9(]++[.)][ \t]++)*?[0-9]{1,9})\)(?=[ \t]|\Z)")


def visible_text(blocks: Blocks) -> str:
    """All that the leaves show, blanks folded."""
    return fold(" ".join([shown(leaf, blocks) for leaf in blocks.leaves]))


def shown(leaf: Leaf, blocks: Blocks) -> str:
    """What one leaf shows; its blanks are as they were typed."""
    text = _raw(leaf)
    return _shown(text, blocks) if leaf.kind is LeafKind.RUNNING else text


def other_readings(leaf: Leaf, blocks: Blocks) -> Iterator[str]:
    """What a leaf shows where its enumerated lines are items of a list.

    Whether `(b)` at a line's start begins an item or goes on with a sentence is for the parser to say, by rules of
    its own. The words are the same either way, but markup cannot reach from one item into the next, and a `2)` may
    show as the number of an item. A mark after an enumerator is never let go: "(b) > 50 percent" must keep its sign.
    """
    if leaf.kind is not LeafKind.RUNNING:
        return
    lines = _ITEM_LINE.split(_raw(leaf))
    if len(lines) > 1:
        yield "\n".join(_shown(line, blocks) for line in lines)
    numbered = [_BRACKET.sub(r"\1.", line) for line in lines]
    if numbered != lines:
        yield "\n".join(_shown(line, blocks) for line in numbered)


def offsets(leaf: Leaf, blocks: Blocks) -> list[int]:
    """The source offset of each character of `fold(shown(leaf, blocks))`, and one more for its end."""
    text = _raw(leaf)
    places = [start + at for start, piece in leaf.pieces for at in range(len(piece))]
    end = places[-1] + 1 if places else leaf.pieces[0][0]
    edits = inline_edits(text, blocks.references) if leaf.kind is LeafKind.RUNNING else []
    out: list[int] = []
    characters: list[str] = []
    reached = 0
    for start, stop, instead in [*edits, (len(text), len(text), "")]:
        characters += text[reached:start] + instead
        out += places[reached:start] + [places[start] if start < len(places) else end] * len(instead)
        reached = stop
    kept = [
        place
        for place, character, before in zip(out, characters, [" ", *characters], strict=False)
        if character not in BLANKS or before not in BLANKS
    ]
    return [*kept, end]


def _raw(leaf: Leaf) -> str:
    pieces = leaf.pieces
    return pieces[0][1] if len(pieces) == 1 else "".join([text for _, text in pieces])


def _shown(text: str, blocks: Blocks) -> str:
    edits = inline_edits(text, blocks.references)
    if not edits:
        return text
    parts: list[str] = []
    reached = 0
    for start, end, instead in edits:
        parts += (text[reached:start], instead)
        reached = end
    parts.append(text[reached:])
    return "".join(parts)
