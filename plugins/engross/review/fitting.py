"""Fits a report into the limit of its place: the largest parts of the least rank become shorter first."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from heapq import heapify, heappop, heappush

from engross.common import value_class

Measure = Callable[[str], int]
"""The size of a text as its place counts it."""


@value_class(frozen=True, slots=True)
class Part:
    """A part of a report: its text, and shorter texts that can replace it, each shorter than the one before.

    Parts of a lower `rank` become shorter first.
    """

    text: str
    shorter: tuple[str, ...] = ()
    rank: int = 0


def characters(text: str) -> int:
    """The length of a text as GitHub counts it: in units of UTF-16."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def octets(text: str) -> int:
    """The length of a text in bytes of UTF-8."""
    return len(text.encode("utf-8", "surrogatepass"))


def fit(parts: Iterable[Part], most: int, measure: Measure, end: str) -> str:
    """Return the parts as one text of at most `most` units; `end` is the last line if the text had to be cut off."""
    chosen = list(parts)
    sizes = [measure(part.text) for part in chosen]
    total = sum(sizes)
    queue = [(part.rank, -size, at) for at, (part, size) in enumerate(zip(chosen, sizes, strict=True)) if part.shorter]
    heapify(queue)
    while total > most and queue:
        rank, _, at = heappop(queue)
        first, *rest = chosen[at].shorter
        chosen[at] = Part(first, tuple(rest), rank)
        total += measure(first) - sizes[at]
        sizes[at] = measure(first)
        if rest:
            heappush(queue, (rank, -sizes[at], at))
    text = "".join(part.text for part in chosen)
    return text if total <= most else _cut(text, most, measure, end)


def _cut(text: str, most: int, measure: Measure, end: str) -> str:
    """Return whole lines from the beginning, and the last line; an open block of code is closed."""
    kept, size, fence = list[str](), measure(end) + 16, ""
    for line in text.splitlines(keepends=True):
        if size + measure(line) > most:
            break
        kept.append(line)
        size += measure(line)
        stripped = line.strip()
        if stripped.startswith("```"):
            ticks = stripped[: len(stripped) - len(stripped.lstrip("`"))]
            fence = "" if fence == stripped else fence or ticks
    return f"{''.join(kept)}{fence and fence + chr(10)}\n{end}\n"
