"""How long `engross check` takes on a million words of contracts, in CPU time of a process of its own."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

from bench.corpus_maker import WORDS_PER_PAGE, make_pages, write_docs
from bench.figures import Figure, at_most

WORDS = 1_000_000
TARGET_SECONDS = 15.0


def run(words: int = WORDS) -> list[Figure]:
    """The CPU seconds of checking that many words as one set, and the same for a tenth of them, for the growth."""
    tenth, whole = (measure(count) for count in (words // 10, words))
    return [
        at_most(f"engross check on {words:,} words", whole, TARGET_SECONDS, "s"),
        at_most("its growth from a tenth of the words", whole / tenth, 11.0, "×"),
    ]


def measure(words: int) -> float:
    """The CPU seconds of one check; RuntimeError with its output where it fails."""
    with tempfile.TemporaryDirectory() as folder:
        write_docs(make_pages(-(-words // WORDS_PER_PAGE)), Path(folder) / "docs")
        before, began = _used(), time.monotonic()
        command = [sys.executable, "-c", "from engross.cli import main; main()", "check", "--format", "json"]
        result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        seconds = _used() - before
        print(f"  {words:,} words: {seconds:.2f} s, on the clock {time.monotonic() - began:.2f} s", file=sys.stderr)
    if result.returncode not in (0, 1) or not result.stdout.startswith("{"):
        raise RuntimeError(f"engross check failed:\n{result.stdout[:2000]}{result.stderr}")
    return seconds


def _used() -> float:
    usage = getrusage(RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
