"""Texts from before the record → entries of kind import with their sealed files.

An import records a text and the claims of its source. It has no note unless a person wrote one, and no effective date:
it applies from the instant of its sealing. Clauses keep their ids from one imported text to the next by the same
alignment as in posted ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime
from pathlib import Path

from engross.common import Cache, EngrossError, error, key_of, value_class
from engross.model import (
    READER,
    Change,
    ClaimedDate,
    Document,
    Entry,
    EntryKind,
    Ground,
    ImportSource,
    Tree,
    VersionId,
)
from engross.record.history import Record
from engross.record.journal import Step, locked
from engross.record.posting.sealing import NO_FILES, Sealing, bound, note_files, sealed_files, undo, write
from engross.record.sealed_files import Files, read_tree, tree_bytes
from engross.record.trees import Found, addressed, first_tree, next_tree
from engross.record.verification import open_record
from engross.redline import redline


@value_class(frozen=True, slots=True)
class ImportedText:
    """A text to import: the document as the present parser reads it, its text hash, the date that its source claims,
    that source, the pictures that it shows by their paths in the docs folder, and the note that a person wrote.
    """

    document: Document
    text: str
    claimed: ClaimedDate
    source: ImportSource
    pictures: Files = field(default_factory=lambda: NO_FILES, repr=False)
    note: Change | None = None


def check_importable(record: Record, document: str) -> None:
    """Raise EngrossError if a document has entries already: its history can no longer be put before them."""
    found = next((entry for entry in record.entries if entry.document == document), None)
    if found is None:
        return
    message = (
        f"{document} has entries already, the first is {found.name}. A history is imported before anything else is "
        "recorded of a document, because entries are only ever added; change the document with change notes from now on"
    )
    raise EngrossError([error("import", record.ledger_path, found.seq, 0, message)])


def import_texts(
    folder: Path,
    texts: Sequence[ImportedText],
    grounds: Sequence[Ground],
    posted: datetime,
    cache: Cache,
    step: Callable[[], None] = lambda: None,
    run: Callable[[Step], None] | None = None,
) -> tuple[Entry, ...]:
    """Import the texts of one document into the record in a folder, in one step, and return the new entries.

    The arguments are those of `seal_imported` and `write`. The record is locked from the first read to the last write.
    Raises EngrossError if anything is wrong; the record does not change then.
    """
    with locked(folder):
        record = open_record(folder)
        if record.entries and posted < record.entries[-1].posted:
            message = f"the clock is wrong: it shows a time before {record.entries[-1].name} was posted; set it"
            raise EngrossError([error("import", record.ledger_path, 0, 0, message)])
        sealing = seal_imported(record, texts, grounds, posted, cache, step)
        try:
            write(record, sealing, run)
        except KeyboardInterrupt:
            undo(record)
            raise
    return sealing.entries


def seal_imported(
    record: Record,
    texts: Sequence[ImportedText],
    grounds: Sequence[Ground],
    posted: datetime,
    cache: Cache,
    step: Callable[[], None] = lambda: None,
) -> Sealing:
    """Return the entries and files that import the texts of one document, oldest first.

    `grounds` are those of documents.yml. Trees that an interrupted import computed are taken from the `cache`. `step`
    is called after each text. Raises EngrossError if the document has entries, or if an invariant would break.
    """
    check_importable(record, texts[0].document.id)
    entries: list[Entry] = []
    files: dict[str, bytes] = {}
    for number, (text, tree) in enumerate(zip(texts, _trees(texts, cache), strict=True), 1):
        entry, made = _sealed(text, number, tree, grounds, posted)
        entries.append(entry)
        files |= made
        step()
    return bound(record, entries, files)


def _sealed(
    text: ImportedText, number: int, tree: Tree, grounds: Sequence[Ground], posted: datetime
) -> tuple[Entry, dict[str, bytes]]:
    document, note = text.document, text.note
    assert document.source is not None
    of = VersionId(document.id, number)
    sealed, files = sealed_files(of, document.entry, document.source.data, text.text, tree, text.pictures)
    entry = Entry(
        seq=0,
        kind=EntryKind.IMPORT,
        posted=posted,
        document=document.id,
        previous="",
        hash="",
        version=number,
        effective=posted,
        supersedes=number - 1,
        sealed=sealed,
        entry=replace(document.entry, line=0),
        grounds=tuple(one for one in grounds if one.id in document.entry.grounds),
        reader=READER,
        claimed=text.claimed,
        source=text.source,
    )
    if note is None:
        return entry, files
    ref, written = note_files(note.slug, note.source.data)
    described = replace(entry, notes=(ref,), change_class=note.change_class, material=note.material)
    return described, files | written


def _trees(texts: Sequence[ImportedText], cache: Cache) -> Iterator[Tree]:
    """Yield the tree of each text, made from that of the text before it."""
    addresses = _Addresses()
    before: ImportedText | None = None
    key, tree = "", Tree()
    for number, text in enumerate(texts, 1):
        assert text.document.source is not None
        entry = text.document.entry
        facts = (entry.id, entry.title, str(entry.kind), str(entry.numbering), entry.language)
        key = key_of(__name__, "imported-tree", key, *facts, text.document.source.data)
        known = cache.get(key)
        if known is None:
            tree = _tree(before, text, tree, number, addresses)
            cache.put(key, tree_bytes(tree))
        else:
            tree = read_tree(known, number)
        yield tree
        before = text


def _tree(before: ImportedText | None, text: ImportedText, tree: Tree, number: int, addresses: _Addresses) -> Tree:
    new = addresses.of(text.document)
    if before is None:
        return first_tree(new)
    script = redline(before.document, text.document)
    return next_tree(tree, addresses.of(before.document), new, script, (number - 1, number))


@value_class
class _Addresses:
    """The clauses with addresses of the last two documents, because each is needed twice in a row."""

    known: Mapping[int, tuple[Document, tuple[Found, ...]]] = field(default_factory=dict)

    def of(self, document: Document) -> tuple[Found, ...]:
        """Return the clauses of a document that have an anchor."""
        if id(document) not in self.known:
            last = list(self.known.items())[-1:]
            self.known = dict([*last, (id(document), (document, addressed(document)))])
        return self.known[id(document)][1]
