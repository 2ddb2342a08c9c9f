"""A docs folder → everything it says: settings, documents read into trees, and the draft edition of each set.

Each file is read and parsed once, however many sets its document belongs to.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from engross.corpus.catalogue import Catalogue, read_catalogue
from engross.corpus.docs_files import check_docs_files
from engross.corpus.documents import Settings, check_files, read_settings
from engross.corpus.published import catalogue_tree
from engross.errors import EngrossError, error
from engross.model import (
    Clause,
    ClauseKind,
    Diagnostic,
    Document,
    DocumentEntry,
    DocumentKind,
    Edition,
    Inline,
    SetEntry,
    Source,
)
from engross.text import parse, read_source


@dataclass(frozen=True, slots=True)
class Project:
    """What a docs folder says now.

    `documents` are all documents by id, in the order of `documents.yml`; `catalogues` the model lists among them;
    `editions` the draft of each set, in order. A document may belong to several sets, or to none.
    """

    docs: Path
    settings: Settings
    documents: Mapping[str, Document]
    catalogues: Mapping[str, Catalogue] = field(default_factory=dict)
    editions: tuple[Edition, ...] = ()

    def lone_editions(self) -> Iterator[Edition]:
        """Each document that belongs to no set and has a text here, as a set of its own."""
        grouped = {name for entry in self.settings.sets for name in entry.documents}
        for document in self.documents.values():
            if document.id not in grouped and document.source is not None:
                entry = document.entry
                yield Edition(SetEntry(entry.id, entry.title, entry.id), (document,))


IsSealed: TypeAlias = Callable[[str, bytes], bool]
"""Tells whether some bytes were posted as a text of a document, by its id."""


def read_project(docs: Path, settings_name: str = "documents.yml", is_sealed: IsSealed = lambda *_: False) -> Project:
    """Read `documents.yml` in the folder `docs`, and every document it lists.

    A text that `is_sealed` is read as it was posted, whatever rules came later; where the parser still refuses it,
    it is verbatim. Raises EngrossError with every mistake found: first those of the names and links in the folder, then
    those of `documents.yml` itself, then those of all documents.
    """
    if problems := list(check_docs_files(docs, shown_path(docs))):
        raise EngrossError(problems)
    settings = read_settings(read_source(docs / settings_name, shown_path(docs / settings_name)))
    problems = check_files(settings, docs)
    if problems:
        raise EngrossError(problems)
    documents: dict[str, Document] = {}
    catalogues: dict[str, Catalogue] = {}
    for entry in settings.documents:
        try:
            documents[entry.id] = _read(entry, docs, catalogues, is_sealed)
        except EngrossError as failure:
            problems.extend(failure.diagnostics)
    if problems:
        raise EngrossError(problems)
    editions = tuple(Edition(entry, tuple(documents[name] for name in entry.documents)) for entry in settings.sets)
    return Project(docs, settings, documents, catalogues, editions)


VERBATIM_ANCHOR = "text"
"""The anchor of the one block that a verbatim document is."""


def as_written(entry: DocumentEntry, source: Source) -> Document:
    """A text as a document that is shown as it was written: one block with the whole source."""
    text = source.text.rstrip("\n")
    last = text.count("\n") + 1
    block = Clause(
        ClauseKind.CODE, (1, last), anchor=VERBATIM_ANCHOR, label=entry.title, inline=Inline(text, (), ((0, 0),))
    )
    return Document(entry, source, Clause(ClauseKind.DOCUMENT, (1, last), children=(block,)), verbatim=True)


def shown_path(path: Path) -> str:
    """How messages call a file: relative to the working folder where it stands below it, with forward slashes."""
    try:
        relative = os.path.relpath(path)
    except ValueError:  # another drive
        return path.as_posix()
    return path.as_posix() if relative.startswith("..") else Path(relative).as_posix()


def _read(entry: DocumentEntry, docs: Path, catalogues: dict[str, Catalogue], is_sealed: IsSealed) -> Document:
    if not entry.file:
        return Document(entry, None, Clause(ClauseKind.DOCUMENT, (1, 1)))
    path = docs / entry.file
    try:
        return _parsed(entry, read_source(path, shown_path(path)), catalogues)
    except EngrossError:
        if not path.is_file() or not is_sealed(entry.id, path.read_bytes()):
            raise
        source = read_source(path, shown_path(path), sealed=True)
    try:
        return _parsed(entry, source, catalogues)
    except EngrossError:
        return as_written(entry, source)


def _parsed(entry: DocumentEntry, source: Source, catalogues: dict[str, Catalogue]) -> Document:
    if entry.kind is DocumentKind.CATALOGUE:
        catalogues[entry.id] = read_catalogue(source)
        return Document(entry, source, catalogue_tree(catalogues[entry.id], source))
    root = parse(source, numbering=entry.numbering)
    if not root.children:
        raise EngrossError([_empty(source)])
    return Document(entry, source, root)


def _empty(source: Source) -> Diagnostic:
    return error(
        "empty-document", source.path, 1, 1, "the document has no text; write it, or take it out of documents.yml"
    )
