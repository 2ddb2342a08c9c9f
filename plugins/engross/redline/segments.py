"""Two source texts → a partition of both, line by line: what `accept` and `reject` give back."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engross.redline.script import Op, Segment
from engross.redline.sequences import match_equal

_LINES = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


def segments(old: str, new: str) -> tuple[Segment, ...]:
    """The segments of two texts; every character of either is in exactly one, with its line end."""
    before, after = _LINES.findall(old), _LINES.findall(new)
    pairs = match_equal(before, after, lambda at: len(before[at].strip()))
    return tuple(_parts(before, after, pairs))


def _parts(old: list[str], new: list[str], pairs: list[tuple[int, int]]) -> Iterator[Segment]:
    a = b = since = 0
    for i, j in [*pairs, (len(old), len(new))]:
        if a < i or b < j or i == len(old):
            if since < a:
                yield Segment(Op.EQUAL, "".join(old[since:a]))
            since = i
        if a < i:
            yield Segment(Op.DELETED, "".join(old[a:i]))
        if b < j:
            yield Segment(Op.INSERTED, "".join(new[b:j]))
        a, b = i + 1, j + 1
