"""The cells of a table's row, each with the places in the source that its characters come from.

The parser finds tables and their columns, but gives cells no positions and drops those beyond the last column; so
the cells are cut from the source line once more, by the same rules (GitHub's: a bar parts cells unless a backslash
stands before it, in code spans too).
"""

from __future__ import annotations

import re
from itertools import pairwise

from engross.model import Source
from engross.text.block_rules import Origins

_BAR = re.compile(r"(?<!\\)\|")
_BLANK = " \t"


def cells_of(source: Source, number: int, begin: int) -> list[tuple[str, Origins]]:
    """The cells of the row that begins at offset `begin` of a line (1-based): each one's inline source and origins."""
    end = source.line_starts[number - 1] + len(source.line(number).rstrip(_BLANK))
    row = source.text[begin:end]
    bars = [found.start() for found in _BAR.finditer(row)]
    edges = [-1, *bars, len(row)]
    spans = [(left + 1, right) for left, right in pairwise(edges)]
    # The bars at both ends of a row are ornament.
    if spans and spans[0] == (0, 0):
        del spans[0]
    if spans and spans[-1] == (len(row), len(row)):
        del spans[-1]
    return [_cell(row[left:right], begin + left) for left, right in spans]


def _cell(raw: str, offset: int) -> tuple[str, Origins]:
    offset += len(raw) - len(raw.lstrip(_BLANK))
    parts: list[str] = []
    origins, at = [], 0
    for part in raw.strip(_BLANK).split("\\|"):
        # Past the first, a part begins with the bar whose backslash was taken away.
        text = f"|{part}" if parts else part
        origins.append((at, offset))
        parts.append(text)
        at += len(text)
        offset += len(text) + 1
    return "".join(parts), tuple(origins)
