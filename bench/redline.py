"""The redline: time, memory and readability, parsing apart, on contracts of made-up text.

* scattered: 100,000 words with a few hundred edits strewn over them.
* rewrite: 31,000 words replaced by 47,000 others on the same matters.

Readability is counted alike for Engross and for diff-match-patch with its semantic clean-up, on the visible text: hunks
are stretches that changed, stray islands unchanged stretches of at most two words between two of them. Its time limit
is off, since beyond it it gives up and replaces the whole; its time grows with the square of a rewrite (four minutes
for 30,000 letters), so the pair is short.
"""

import sys
import time
import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from random import Random
from typing import Any

from diff_match_patch import diff_match_patch

from bench.corpus_maker import make_pages
from bench.figures import Figure, at_most, table
from engross.redline import Block, Op, Redline, Side, State, redline
from engross.text import decode, parse

PAGE = 4_700
ROUNDS = 5
MEGABYTE = 1 << 20
Marked = list[tuple[int, str]]
"""Text in stretches, as diff-match-patch has it: -1 deleted, 0 unchanged, 1 inserted."""


def run() -> list[Figure]:
    """All figures; nothing is asserted."""
    parsing, (old, new) = timed(lambda: sides(*scattered(100_000)), 1)
    seconds, _ = timed(lambda: redline(old, new))
    half, _ = timed(_redline_of(sides(*scattered(50_000))))
    rewriting, _ = timed(_redline_of(sides(*rewrite())))
    return [
        Figure("parsing 2 × 100,000 words", parsing, unit="s"),
        at_most("redline of 100,000 words, scattered edits", seconds, 0.5, "s"),
        at_most("memory of it above the trees", memory(old, new), 64, "MB"),
        at_most("time for twice the words", seconds / half, 2.5, "×"),
        at_most("redline of a rewrite, 31,000 into 47,000 words", rewriting, 1.0, "s"),
        *readability("scattered edits", *scattered(20_000)),
        *readability("a rewrite of 10,000 letters", *(text[:10_000] for text in rewrite())),
    ]


def timed(work: Callable[[], Any], rounds: int = ROUNDS) -> tuple[float, Any]:
    """The least CPU seconds of several rounds (others only add), and what the work gives."""
    best, result = float("inf"), None
    for _ in range(rounds):
        # The last round's result is let go before the clock starts.
        result = None
        start = time.process_time()
        result = work()
        best = min(best, time.process_time() - start)
    assert result is not None
    return best, result


def sides(old: str, new: str) -> tuple[Side, Side]:
    """Both texts parsed."""
    return tuple(Side(name, text, parse(decode(text.encode(), name))) for name, text in (("old", old), ("new", new)))


def memory(old: Side, new: Side) -> float:
    """The most megabytes that a redline takes at one time beyond what was there before."""
    tracemalloc.start()
    redline(old, new)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / MEGABYTE


def scattered(words: int) -> tuple[str, str]:
    """A text of so many words, and the same with one edit to about 500 words: replaced, dropped, added, negated."""
    text = "\n".join(page.markdown for page in make_pages(words // PAGE + 1))
    rng = Random(1)
    parts = text.split(" ")[:words]
    edited = list(parts)
    for _ in range(words // 500):
        at = rng.randrange(len(edited))
        if edited[at].isalpha():
            edited[at] = rng.choice(["amended", f"not {edited[at]}", "", f"{edited[at]} and all related matters"])
    return " ".join(parts), " ".join(edited)


def rewrite() -> tuple[str, str]:
    """Two texts on the same matters that share hardly a sentence."""
    return tuple("\n".join(page.markdown for page in make_pages(count, seed)) for count, seed in ((7, 3), (10, 4)))


def readability(name: str, old: str, new: str) -> list[Figure]:
    """Hunks and stray islands of Engross, held against those of diff-match-patch."""
    script = redline(*sides(old, new))
    ours = list(marked(script.blocks))
    texts = ["".join(text for op, text in ours if op != gone) for gone in (1, -1)]
    theirs = diff_match_patch()
    theirs.Diff_Timeout = 0
    diffs = theirs.diff_main(*texts)
    theirs.diff_cleanupSemantic(diffs)
    limits = hunks_and_islands(diffs)
    found = hunks_and_islands(ours)
    return [
        at_most(f"hunks in {name}", found[0], limits[0]),
        at_most(f"stray islands in {name}", found[1], limits[1]),
    ]


def hunks_and_islands(stretches: Marked) -> tuple[int, int]:
    """How many stretches changed, and how many unchanged ones of at most two words lie between two of them."""
    joined: list[tuple[bool, str]] = []
    for op, text in stretches:
        if joined and joined[-1][0] == bool(op):
            joined[-1] = (bool(op), joined[-1][1] + text)
        elif text:
            joined.append((bool(op), text))
    islands = [text for changed, text in joined[1:-1] if not changed and len(text.split()) <= 2]
    return sum(changed for changed, _ in joined), len(islands)


def marked(blocks: Iterable[Block], around: int = 0) -> Iterator[tuple[int, str]]:
    """The visible text of a script in stretches, a line for each block; what moved is deleted here, inserted there."""
    one_sided = {State.DELETED: -1, State.MOVED_AWAY: -1, State.INSERTED: 1, State.MOVED_HERE: 1}
    numbers = {Op.DELETED: -1, Op.EQUAL: 0, Op.INSERTED: 1}
    for block in blocks:
        whole = around or one_sided.get(block.state, 0)
        for run in block.runs:
            if not whole or numbers[run.op] in (0, whole):
                yield whole or numbers[run.op], run.text
        if block.runs:
            yield whole, "\n"
        yield from marked(block.children, whole)


def _redline_of(pair: tuple[Side, Side]) -> Callable[[], Redline]:
    return lambda: redline(*pair)


if __name__ == "__main__":
    sys.stdout.write(table(run()) + "\n")
