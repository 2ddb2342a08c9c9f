"""The record: the time to verify 1,000 versions, to find the versions in force on a day, and to release one change.

The versions are sealed without being compared with each other, which verifying does not do either; texts, trees and
notes are as long as real ones. A release is of one reworded sentence in a document of 10,000 words, everything
included: reading the docs, verifying the record, the rules, the redline, the tree, and writing.
"""

import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.corpus_maker import make_pages
from bench.figures import Figure, at_most, table
from engross.corpus.folders import Folders
from engross.model import (
    READER,
    ChangeClass,
    Document,
    DocumentEntry,
    DocumentKind,
    Entry,
    EntryKind,
    Tree,
    VersionId,
)
from engross.record import Record, release, verify
from engross.record.encoding import sha256
from engross.record.history import LEDGER
from engross.record.ledger.file import chained, ledger_bytes
from engross.record.posting.sealing import note_files, sealed_files
from engross.record.trees import addressed, first_tree
from engross.text import decode, parse

VERSIONS = 1_000
DOCUMENTS = 10
ROUNDS = 5
BEGIN = datetime(2020, 1, 1, tzinfo=UTC)
NOTE = """\
---
documents: [agreement]
class: substantive
material: false
effective: immediately
approved_by: Counsel
title: A change
---

What changes, number {number}.
"""
SETTINGS = """\
sets:
  - {id: main, title: Main, agreement: agreement}
documents:
  - {id: agreement, title: Agreement, kind: agreement, file: agreement.md}
"""


def run(versions: int = VERSIONS) -> list[Figure]:
    """All figures, in CPU seconds; nothing is asserted."""
    with tempfile.TemporaryDirectory() as folder:
        make_record(Path(folder) / "record", versions)
        verifying = least(lambda: verify(Path(folder) / "record"))
        tenth, whole = (least(asked(verify(Path(folder) / "record")[0], share)) for share in (10, 1))
    with tempfile.TemporaryDirectory() as folder:
        site, change = make_site(Path(folder))
        began = time.process_time()
        change()
        releasing = time.process_time() - began
        assert [entry.kind for entry in verify(site.record)[0].entries].count(EntryKind.POST) == 2
    return [
        at_most(f"verify of {versions:,} versions", verifying, 1.0, "s"),
        Figure(f"what was in force on {versions:,} days", whole, unit="s"),
        at_most("its growth from a tenth of the versions", whole / tenth, 12.0, "×"),
        Figure("release of one change in 10,000 words", releasing, unit="s"),
    ]


def least(work: Callable[[], object]) -> float:
    """The least CPU seconds of several rounds (others only add)."""

    def once() -> float:
        began = time.process_time()
        work()
        return time.process_time() - began

    return min(once() for _ in range(ROUNDS))


def asked(record: Record, share: int) -> Callable[[], object]:
    """Find the versions in force on as many days as there are versions, in the beginning of a record."""
    entries = record.entries[: len(record.entries) // share]

    def ask() -> None:
        again = Record(record.folder, record.shown, entries)
        for entry in entries:
            assert again.in_force(entry.document, entry.posted)

    return ask


def make_record(folder: Path, versions: int) -> None:
    """A record of that many versions of ten documents, each posted on a day of its own."""
    files = dict[str, bytes]()
    pages = make_pages(DOCUMENTS)
    sealed = [_sealed_page(page.id, page.markdown) for page in pages]
    made = [_version(*sealed[number % DOCUMENTS], number, files) for number in range(versions)]
    files[LEDGER] = ledger_bytes(chained((), made))
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _sealed_page(id: str, markdown: str) -> tuple[DocumentEntry, str, Tree]:
    entry = DocumentEntry(id, id.title(), DocumentKind.URL_TERMS, f"{id}.md")
    source = decode(markdown.encode(), f"{id}.md")
    return entry, markdown, first_tree(addressed(Document(entry, source, parse(source))))


def _version(entry: DocumentEntry, markdown: str, tree: Tree, number: int, files: dict[str, bytes]) -> Entry:
    data, note = f"{markdown}\nVersion {number}.\n".encode(), NOTE.format(number=number).encode()
    of = VersionId(entry.id, number // DOCUMENTS + 1)
    hashes, made = sealed_files(of, entry, data, sha256(data), tree)
    ref, noted = note_files(f"note-{number}", note)
    files |= made | noted
    at = BEGIN + timedelta(days=number)
    return Entry(
        0, EntryKind.POST, at, entry.id, "", "", of.number, at, hashes, entry=entry,
        change_class=ChangeClass.SUBSTANTIVE, notes=(ref,), supersedes=of.number - 1, reader=READER,
    )  # fmt: skip


def make_site(root: Path) -> tuple[Folders, Callable[[], object]]:
    """A site with one posted document of 10,000 words and a pending change of it; what releases that."""
    folders = Folders(root, root / "docs", notes=root / "docs/changes", record=root / "record")
    folders.notes.mkdir(parents=True)
    first, *others = (page.markdown for page in make_pages(3))
    words = "\n".join([first, *others]).split(" ")[:10_000]
    (folders.docs / "documents.yml").write_text(SETTINGS)
    (folders.docs / "agreement.md").write_text(" ".join(words))
    (folders.notes / "first.md").write_text(NOTE.format(number=1))
    release(folders, BEGIN)
    words[5_000] += " newly"
    (folders.docs / "agreement.md").write_text(" ".join(words))
    (folders.notes / "second.md").write_text(NOTE.format(number=2))
    return folders, lambda: release(folders, BEGIN + timedelta(days=1))


if __name__ == "__main__":
    print(table(run()))
