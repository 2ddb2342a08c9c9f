"""How long `engross check` takes on a million words of contracts, in CPU time of a process of its own.

First without a cache, then with the cache of the check before, after one clause was edited.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

from bench.corpus_maker import WORDS_PER_PAGE, edit_clause, make_pages, write_docs
from bench.figures import Figure, at_most

WORDS = 1_000_000
TARGET_SECONDS = 2.5
EDITED_TARGET_SECONDS = 0.7


def run(words: int = WORDS) -> list[Figure]:
    """The CPU seconds of checking that many words as one set, and the same for a tenth of them, for the growth."""
    (tenth, _), (whole, edited) = (measure(count) for count in (words // 10, words))
    return [
        at_most(f"engross check on {words:,} words", whole, TARGET_SECONDS, "s"),
        at_most("the same after one clause was edited", edited, EDITED_TARGET_SECONDS, "s"),
        at_most("its growth from a tenth of the words", whole / tenth, 11.0, "×"),
    ]


def measure(words: int) -> tuple[float, float]:
    """The CPU seconds of a check, and of one after an edit."""
    with tempfile.TemporaryDirectory() as folder:
        pages = make_pages(-(-words // WORDS_PER_PAGE))
        write_docs(pages, Path(folder) / "docs")
        cold = check(folder, f"{words:,} words")
        edit_clause(Path(folder) / "docs", pages[-1], 1)
        return cold, check(folder, f"{words:,} words, one clause edited")


def check(folder: str, name: str) -> float:
    """The CPU seconds of one check; RuntimeError with its output where it fails."""
    before, began = _used(), time.monotonic()
    command = [sys.executable, "-c", "from engross.cli import main; main()", "check", "--format", "json"]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    seconds = _used() - before
    print(f"  {name}: {seconds:.2f} s, on the clock {time.monotonic() - began:.2f} s", file=sys.stderr)
    if result.returncode not in (0, 1) or not result.stdout.startswith("{"):
        raise RuntimeError(f"engross check failed:\n{result.stdout[:2000]}{result.stderr}")
    return seconds


def _used() -> float:
    usage = getrusage(RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
