"""Reads a site's docs folder into a project: settings, documents as trees, and the draft edition of each set.

Each file is read and parsed once, however many sets its document belongs to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from engross.common import NO_CACHE, Cache, EngrossError, error, fill, read_file, tracked, value_class
from engross.corpus.docs_files import check_docs_files, missing_files, shown_path
from engross.corpus.registers import rows_tree
from engross.corpus.settings import Settings, read_settings
from engross.corpus.translations import lone_editions
from engross.model import (
    Clause,
    ClauseKind,
    Diagnostic,
    Document,
    DocumentEntry,
    DocumentKind,
    Edition,
    Inline,
    Source,
    StoredDocument,
)
from engross.text import decode_for_display, is_tree_kept, parse_cached, read_source

if TYPE_CHECKING:
    from engross.corpus.catalogue import Catalogue


@value_class(frozen=True, slots=True)
class Project:
    """The current content of a docs folder.

    `documents` contains all documents by id, in the order of `documents.yml`; `catalogues` the model lists among them;
    `editions` the draft of each set, in order. A document may belong to several sets, or to none. `unreadable` has the
    mistakes of each document that could not be read, by id; such a document is verbatim, or what was taken instead.
    """

    docs: Path
    settings: Settings
    documents: Mapping[str, Document]
    catalogues: Mapping[str, Catalogue] = field(default_factory=dict)
    editions: tuple[Edition, ...] = ()
    unreadable: Mapping[str, tuple[Diagnostic, ...]] = field(default_factory=dict)

    def lone_editions(self) -> Iterator[Edition]:
        """Yield each document that has a text but belongs to no set, as a set of its own.

        Translations into one language of an agreement and of what it incorporates are one set.
        """
        yield from lone_editions(self.settings, self.documents)


IsSealed: TypeAlias = Callable[[str, bytes], bool]
"""Returns whether the bytes were posted as a text of the document with an id."""


Instead: TypeAlias = Callable[[DocumentEntry, EngrossError], "Document | None"]
"""Returns what to take instead of a document that cannot be read; None for its verbatim text."""


def read_project(
    docs: Path,
    settings_name: str = "documents.yml",
    is_sealed: IsSealed = lambda *_: False,
    *,
    known: Project | None = None,
    instead: Instead | None = None,
    keep_unreadable: bool = False,
    cache: Cache = NO_CACHE,
) -> Project:
    """Read `documents.yml` in the folder `docs` and every document it lists.

    A text for which `is_sealed` is true is read as it was posted; if the parser still refuses it, the document is
    verbatim. Settings and documents with the same bytes are taken from a `known` project, and trees from the `cache`.

    Raises EngrossError with all mistakes of the first of these groups that has any: names and links in the folder,
    `documents.yml` itself, missing documents, texts of documents. With `instead`, a document that cannot be read raises
    nothing; with `keep_unreadable` neither, and its mistakes are in `Project.unreadable`. Without `instead`, it is
    verbatim then.
    """
    if problems := list(check_docs_files(docs, shown_path(docs))):
        raise EngrossError(problems)
    settings = _read_settings(docs / settings_name, known, cache)
    unreadable: dict[str, tuple[Diagnostic, ...]] = {one: (why,) for one, why in missing_files(settings, docs).items()}
    _require_readable(unreadable, kept_anyway := keep_unreadable or instead is not None)
    catalogues: dict[str, Catalogue] = {}
    ahead = _parse_ahead(settings, docs, is_sealed, cache)

    def read_entry(entry: DocumentEntry) -> Document:
        if known and (kept := _same_document(entry, docs, known)):
            return kept
        try:
            return ahead.get(entry.id) or _read(entry, docs, catalogues, is_sealed, cache)
        except EngrossError as failure:
            unreadable.setdefault(entry.id, failure.diagnostics)
            return (instead(entry, failure) if instead else None) or _unread(entry, docs)

    documents = {entry.id: read_entry(entry) for entry in tracked("Reading documents", settings.documents)}
    _require_readable(unreadable, kept_anyway)
    return _project(docs, settings, documents, catalogues, unreadable if keep_unreadable else {})


def _parse_ahead(settings: Settings, docs: Path, is_sealed: IsSealed, cache: Cache) -> Mapping[str, Document]:
    """Have all cores parse texts that the cache does not have; return the documents of this process by id."""

    def is_kept(entry: DocumentEntry) -> bool:
        """Whether the cache has the tree of a text; False for a text that cannot be read."""
        try:
            source = read_source(docs / entry.file, shown_path(docs / entry.file))
        except EngrossError:
            return False
        return is_tree_kept(source, cache, numbering=entry.numbering)

    texts = [entry for entry in settings.documents if entry.file and not entry.kind.has_rows]
    own = fill(cache, texts, is_kept, lambda entry: _read(entry, docs, {}, is_sealed, cache), "Reading documents")
    return {texts[index].id: document for index, document in own.items()}


def _read_settings(path: Path, known: Project | None, cache: Cache) -> Settings:
    source = read_source(path, shown_path(path))
    same = known is not None and known.settings.file.source.data == source.data
    return known.settings if known and same else read_settings(source, cache=cache)


def _project(
    docs: Path,
    settings: Settings,
    documents: Mapping[str, Document],
    catalogues: Mapping[str, Catalogue],
    unreadable: Mapping[str, tuple[Diagnostic, ...]],
) -> Project:
    editions = tuple(Edition(entry, tuple(documents[name] for name in entry.documents)) for entry in settings.sets)
    return Project(docs, settings, documents, catalogues, editions, unreadable)


def _require_readable(unreadable: Mapping[str, tuple[Diagnostic, ...]], kept_anyway: bool) -> None:
    if unreadable and not kept_anyway:
        raise EngrossError(mistake for mistakes in unreadable.values() for mistake in mistakes)


def _same_document(entry: DocumentEntry, docs: Path, known: Project) -> Document | None:
    """Return a document of another project with the same settings and bytes; None for lists of models."""
    document = known.documents.get(entry.id)
    if document is None or document.source is None or replace(document.entry, line=entry.line) != entry:
        return None
    if entry.kind is DocumentKind.CATALOGUE:
        return None
    try:
        return document if read_file(docs / entry.file) == document.source.data else None
    except OSError:
        return None


VERBATIM_ANCHOR = "text"
"""The anchor of the only block of a verbatim document."""


def verbatim_document(entry: DocumentEntry, source: Source) -> Document:
    """Return a document that is shown as written: one block with the whole source."""
    text = source.text.rstrip("\n")
    last = text.count("\n") + 1
    block = Clause(
        ClauseKind.CODE, (1, last), anchor=VERBATIM_ANCHOR, label=entry.title, inline=Inline(text, (), ((0, 0),))
    )
    return Document(entry, source, Clause(ClauseKind.DOCUMENT, (1, last), children=(block,)), verbatim=True)


def _unread(entry: DocumentEntry, docs: Path) -> Document:
    """Return a document that could not be read as far as it can be shown; empty if there is no file."""
    path = docs / entry.file
    try:
        data = read_file(path)
    except (OSError, RuntimeError):
        data = b""
    return verbatim_document(entry, decode_for_display(data, shown_path(path)))


def _read(
    entry: DocumentEntry, docs: Path, catalogues: dict[str, Catalogue], is_sealed: IsSealed, cache: Cache
) -> Document:
    if not entry.file:
        return Document(entry, None, Clause(ClauseKind.DOCUMENT, (1, 1)))
    path = docs / entry.file
    try:
        return _parse_document(entry, read_source(path, shown_path(path)), catalogues, cache)
    except EngrossError:
        with suppress(OSError):
            if is_sealed(entry.id, read_file(path)):
                return _read_sealed(entry, path, catalogues, cache)
        raise


def _read_sealed(entry: DocumentEntry, path: Path, catalogues: dict[str, Catalogue], cache: Cache) -> Document:
    """Read a text as it was posted; if the parser refuses it, it is verbatim."""
    source = read_source(path, shown_path(path), sealed=True)
    try:
        return _parse_document(entry, source, catalogues, cache)
    except EngrossError:
        return verbatim_document(entry, source)


def _parse_document(entry: DocumentEntry, source: Source, catalogues: dict[str, Catalogue], cache: Cache) -> Document:
    if entry.kind.has_rows:
        # Few sites have a model list, and its schema takes long to load.
        from engross.corpus.catalogue import read_catalogue

        document = Document(entry, source, rows_tree(entry, source))
        if entry.kind is DocumentKind.CATALOGUE:
            catalogues[entry.id] = read_catalogue(source)
        return document
    if is_tree_kept(source, cache, numbering=entry.numbering):
        return StoredDocument.of(entry, source, partial(parse_cached, source, cache, numbering=entry.numbering))
    root = parse_cached(source, cache, numbering=entry.numbering)
    if not root.children:
        raise EngrossError([_empty(source)])
    return Document(entry, source, root)


def _empty(source: Source) -> Diagnostic:
    return error(
        "empty-document", source.path, 1, 1, "the document has no text; write it, or remove it from documents.yml"
    )
