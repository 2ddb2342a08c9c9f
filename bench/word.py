"""Word files: a clean copy and a redline of 100,000 words, in CPU seconds, from texts to bytes."""

import sys
from datetime import UTC, datetime

from bench.figures import Figure, at_most, table
from bench.redline import scattered, timed
from engross.corpus import ui_strings
from engross.exporting import Copy, Front, Part, docx_bytes
from engross.exporting.word.package import About
from engross.exporting.word.redline_file import tracked_changes
from engross.model import Document, DocumentEntry, DocumentKind
from engross.redline import redline
from engross.text import decode, parse

WORDS = 100_000
AT = datetime(2026, 1, 2, tzinfo=UTC)
ROUNDS = 3


def run() -> list[Figure]:
    """All figures; nothing is asserted."""
    old, new = scattered(WORDS)
    seconds, data = timed(lambda: redline_file(old, new), ROUNDS)
    clean, copied = timed(lambda: docx_bytes(copy_of(old)), ROUNDS)
    return [
        at_most("Word redline of 100,000 words, with reading and comparing", seconds, 3.0, "s"),
        Figure("its size", len(data) / 1e6, unit="MB"),
        Figure("clean Word file of 100,000 words, with reading", clean, unit="s"),
        Figure("its size", len(copied) / 1e6, unit="MB"),
    ]


def redline_file(old: str, new: str) -> bytes:
    """A redline between two texts as a Word file."""
    return tracked_changes(redline(old, new), About("Terms", "en", AT), "Engross", AT)


def copy_of(text: str) -> Copy:
    """A text as a copy of a document, without its set."""
    source = decode(text.encode(), "terms.md")
    document = Document(DocumentEntry("terms", "Terms", DocumentKind.AGREEMENT, "terms.md"), source, parse(source))
    front = Front("Agreement", "Terms", "Terms")
    return Copy(front, (Part(document, front, language="en"),), ui_strings("en"), AT)


if __name__ == "__main__":
    sys.stdout.write(table(run()) + "\n")
