"""How long `engross review` takes on a change of ten clauses in a set of 100,000 words, in CPU time of its process.

The set is posted and committed; the branch changes five clauses in each of two documents, with a note. The time has
everything in it: the start, git, the record, the redlines, and the findings that the base does not have.
"""

import re
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

from bench.corpus_maker import WORDS_PER_PAGE, make_pages, write_docs
from bench.figures import Figure, at_most, table
from engross.corpus.folders import Folders
from engross.record import release

WORDS = 100_000
CLAUSES = 10
DOCUMENTS = 2
ROUNDS = 3
TARGET_SECONDS = 2.0
BEGIN = datetime(2026, 1, 5, tzinfo=UTC)
NOTE = """\
---
documents: [{documents}]
class: substantive
material: false
effective: immediately
approved_by: Counsel
title: A change
---

What changes.
"""


def run(words: int = WORDS) -> list[Figure]:
    """The CPU seconds of a review against the base, and of one without a base; nothing is asserted."""
    with tempfile.TemporaryDirectory() as folder:
        make_branch(Path(folder), words)
        compared = min(measure(Path(folder), "--base", "main") for _ in range(ROUNDS))
        alone = min(measure(Path(folder)) for _ in range(ROUNDS))
    return [
        at_most(f"engross review of {CLAUSES} clauses in {words:,} words", compared, TARGET_SECONDS, "s"),
        Figure("the same without a base", alone, unit="s"),
    ]


def make_branch(root: Path, words: int) -> None:
    """Write a posted site as the branch main of a repository, and a change of it as the work tree."""
    pages = make_pages(-(-words // WORDS_PER_PAGE))
    folders = Folders(root, root / "docs", notes=root / "docs/changes", record=root / "record")
    write_docs(pages, folders.docs)
    folders.notes.mkdir()
    (folders.notes / "first.md").write_text(NOTE.format(documents=", ".join(page.id for page in pages)))
    release(folders, BEGIN)
    for command in ("init -q -b main", "add .", "commit -qm posted", "checkout -qb change"):
        who = ("-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")
        subprocess.run(["git", *who, *command.split()], cwd=root, check=True)
    changed = pages[1 : 1 + DOCUMENTS]
    for page in changed:
        path = folders.docs / f"{page.id}.md"
        path.write_text(_with_changes(path.read_text("utf-8"), CLAUSES // DOCUMENTS), "utf-8")
    (folders.notes / "second.md").write_text(NOTE.format(documents=", ".join(page.id for page in changed)))


def _with_changes(text: str, count: int) -> str:
    """Change a word in that many paragraphs, spread over the text."""
    paragraphs = [found.end() for found in re.finditer(r"(?m)^(?:[A-Z]\w+ ){3}", text)]
    for at in sorted(paragraphs[:: max(1, len(paragraphs) // count)][:count], reverse=True):
        text = f"{text[:at]}newly {text[at:]}"
    return text


def measure(folder: Path, *options: str) -> float:
    """The CPU seconds of one review; RuntimeError with its output where it fails."""
    before, began = _used(), time.monotonic()
    command = [sys.executable, "-c", "from engross.cli import main; main()", "review", *options]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    seconds = _used() - before
    print(f"  {seconds:.2f} s, on the clock {time.monotonic() - began:.2f} s", file=sys.stderr)
    if result.returncode or "5 clauses changed" not in result.stdout:
        raise RuntimeError(f"engross review failed:\n{result.stdout[:2000]}{result.stderr}")
    return seconds


def _used() -> float:
    usage = getrusage(RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    print(table(run()))
