"""The import of a history: a git repository with 200 commits of a document of 4,700 words, each of which changes some.

Everything is included: reading the commits, parsing, alignment, the trees, and writing the record.
"""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from bench.corpus_maker import make_pages
from bench.figures import Figure, at_most, table
from engross.common import Cache
from engross.importing import git_history, plan_history
from engross.model import DocumentEntry, DocumentKind
from engross.record import import_texts

COMMITS = 200
DAY = 86_400
ENTRY = DocumentEntry("terms", "Terms", DocumentKind.AGREEMENT, "terms.md", "terms/")
EDITS = 6
"""How many words each commit replaces, adds or deletes."""


def run(commits: int = COMMITS) -> list[Figure]:
    """The CPU time of the import, that of git included; nothing is asserted."""
    with tempfile.TemporaryDirectory() as folder:
        repository = make_repository(Path(folder) / "repository", commits)
        began = cpu_seconds()
        plan = plan_history(git_history(repository, "terms.md"), ENTRY, ZoneInfo("UTC"))
        entries = import_texts(Path(folder) / "record", plan.texts, (), datetime(2026, 1, 5, tzinfo=UTC), Cache())
        seconds = cpu_seconds() - began
    return [at_most(f"import of a history of {len(entries)} versions", seconds, 60, "s")]


def cpu_seconds() -> float:
    """The CPU time of this process and of the programs that it has run."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def make_repository(folder: Path, commits: int) -> Path:
    """A bare repository with a file terms.md that each commit changes."""
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", folder], check=True)
    stream = b"".join(_commit(number, text.encode()) for number, text in enumerate(_texts(commits)))
    subprocess.run(["git", "fast-import", "--quiet"], cwd=folder, input=stream, check=True)
    return folder


def _commit(number: int, data: bytes) -> bytes:
    who = f"A <a@example.com> {1_577_836_800 + number * DAY} +0000"
    head = f"commit refs/heads/main\ncommitter {who}\ndata 1\nx\nM 100644 inline terms.md\ndata {len(data)}\n"
    return head.encode() + data + b"\n"


def _texts(count: int) -> Iterator[str]:
    """Texts that differ in a few words, and sometimes in a paragraph."""
    rng, paragraphs = Random(1), make_pages(1)[0].markdown.split("\n\n")
    for number in range(count):
        for _ in range(EDITS):
            at = rng.randrange(len(paragraphs))
            words = paragraphs[at].split(" ")
            words[-1:] = [f"word{number}", words[-1]]
            paragraphs[at] = " ".join(words)
        if number % 5 == 0:
            paragraphs.insert(rng.randrange(len(paragraphs)), f"A new paragraph, the {number}th of them.")
        yield "\n\n".join(paragraphs)


if __name__ == "__main__":
    print(table(run()))
