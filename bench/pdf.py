"""A PDF of 8,000 words: the CPU time of all threads in a process of its own, so that Typst has cached nothing.

The text is read and bound before the clock starts. The first figure includes loading the package typst, the second one
does not.
"""

import subprocess
import sys
import time
from datetime import UTC, datetime

from bench.corpus_maker import make_pages
from bench.figures import Figure, at_most
from engross.corpus import ui_strings
from engross.exporting.copies import Copy, Front, Part
from engross.exporting.pdf import pdf_bytes
from engross.model import Document, DocumentEntry, DocumentKind, Edition, SetEntry
from engross.terms import bind
from engross.text import decode, parse

WORDS = 8_000
TARGET_SECONDS = 1.0
ROUNDS = 3


def run() -> list[Figure]:
    """The least CPU seconds of some processes."""
    cold, warm = (min(_seconds(loaded) for _ in range(ROUNDS)) for loaded in (False, True))
    return [
        at_most(f"PDF of {WORDS:,} words, with loading typst", cold, TARGET_SECONDS, "s"),
        at_most("the same without loading typst", warm, TARGET_SECONDS, "s"),
    ]


def _seconds(loaded: bool) -> float:
    command = [sys.executable, "-m", "bench.pdf", *(["loaded"] if loaded else [])]
    return float(subprocess.run(command, capture_output=True, check=True, text=True).stdout)


def copy_of_words(count: int) -> Copy:
    """A copy of a generated contract with that many words, give or take a paragraph."""
    blocks: list[str] = []
    for block in "\n\n".join(page.markdown for page in make_pages(1 + count // 4_000)).split("\n\n"):
        if sum(len(one.split()) for one in blocks) >= count:
            break
        blocks.append(block)
    source = decode("\n\n".join(blocks).encode(), "agreement.md")
    entry = DocumentEntry("agreement", "Agreement", DocumentKind.AGREEMENT, "agreement.md", numbering=True)
    document = Document(entry, source, parse(source, numbering=True))
    binding = bind(Edition(SetEntry("main", "Main", "agreement"), (document,)))
    front = Front("Agreement", "Agreement", "Agreement, version 1", hash="63d587add5d5")
    part = Part(document, front, binding=binding)
    return Copy(front, (part,), ui_strings("en"), datetime(2026, 1, 5, tzinfo=UTC))


def main(arguments: list[str]) -> None:
    """Print the CPU seconds of one PDF."""
    copy = copy_of_words(WORDS)
    if "loaded" in arguments:
        import typst

        typst.compile(b"x")
    began = time.process_time()
    pdf_bytes(copy)
    print(time.process_time() - began)


if __name__ == "__main__":
    main(sys.argv[1:])
