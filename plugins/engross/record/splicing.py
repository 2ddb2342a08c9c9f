"""Replaces stretches of a source, and keeps its every other byte: byte-order mark, line ends, even where mixed."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass

from engross.model import Source
from engross.text import decode

_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Cut:
    """The characters `start` to `end` (offsets in `Source.text`) become `new`, which is one line; `words` are what a
    reader saw of them.
    """

    start: int
    end: int
    new: str
    words: str = ""


def spliced(source: Source, cuts: Iterable[Cut]) -> Source:
    """The source with cuts made; they do not overlap."""
    body = source.data.removeprefix(_BOM)
    raw = body.decode("utf-8")
    ends = [found.start() - before for before, found in enumerate(re.finditer("\r\n", raw))]
    parts, at = [], 0
    for cut in sorted(cuts, key=lambda cut: cut.start):
        # A line end of two characters is one in the text.
        start, end = (offset + bisect_left(ends, offset) for offset in (cut.start, cut.end))
        parts += [raw[at:start], cut.new]
        at = end
    data = "".join([*parts, raw[at:]]).encode("utf-8")
    return decode(source.data[: len(source.data) - len(body)] + data, source.path, sealed=source.sealed)
