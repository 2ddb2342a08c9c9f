"""What the record says was in force at an instant → a project like the one that was read from `docs/`.

Pages, binding and checks take a project, and need not know whether its texts are drafts or sealed ones. What is sealed
with a version is its text and what documents.yml said of its name and place; how the documents relate, and what is said
of them outside their texts, is today's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from engross.corpus.catalogue import Catalogue, read_catalogue
from engross.corpus.project import Project
from engross.model import Document, DocumentEntry, DocumentKind, Edition, SetEntry, Version
from engross.record.canonical import sha256
from engross.record.drafts import sealed_document
from engross.record.history import Record


def in_force_project(project: Project, record: Record, at: datetime) -> Project:
    """The documents as they were in force at an instant; those of which nothing was are left out of `documents`.

    `settings.documents` keeps an entry for each, as it was posted. What today's parser does not read is verbatim.
    Raises EngrossError where a sealed text is not what was sealed.
    """
    documents: dict[str, Document] = {}
    catalogues: dict[str, Catalogue] = {}
    entries = []
    for entry in project.settings.documents:
        version = record.in_force(entry.id, at)
        said = posted_entry(entry, record.entry_at(entry.id, at))
        entries.append(said)
        if version and said.file:
            documents[entry.id] = _document(project, record, version, said, catalogues)
        elif not entry.file and not said.file:
            # What was posted with a text keeps its page, whatever is said of it now.
            documents[entry.id] = project.documents[entry.id]
    sets = project.settings.sets
    for name in record.versions:
        # A document that is no longer listed is in force, in its sets, until its retirement is.
        if name not in project.documents and (version := record.in_force(name, at)):
            entry = record.entry_at(name, at) or version.entry
            entries.append(entry)
            documents[name] = _sealed(record, version, entry, catalogues)
            sets = tuple(_with_retiring(one, version) for one in sets)
    settings = replace(project.settings, documents=tuple(entries), sets=sets)
    editions = tuple(edition_of(entry, documents, at) for entry in settings.sets if entry.agreement in documents)
    return Project(project.docs, settings, documents, catalogues, editions)


def edition_of(entry: SetEntry, documents: dict[str, Document], at: datetime) -> Edition:
    """A set of those of its documents that there are."""
    known = tuple(name for name in entry.incorporates if name in documents)
    ranks = tuple(tuple(name for name in rank if name in documents) for rank in entry.precedence)
    told = replace(entry, incorporates=known, precedence=tuple(rank for rank in ranks if rank))
    return Edition(told, tuple(documents[name] for name in told.documents), at.isoformat())


def _with_retiring(entry: SetEntry, version: Version) -> SetEntry:
    """A set with a document that it no longer lists, if it listed it when the version was posted."""
    name = version.id.document
    listed = any(one.id == entry.id and name in one.documents for one in version.post.sets)
    return replace(entry, incorporates=(*entry.incorporates, name)) if listed else entry


def posted_entry(entry: DocumentEntry, posted: DocumentEntry | None) -> DocumentEntry:
    """What documents.yml says, with the name and place that were posted."""
    if posted is None:
        return entry
    return replace(
        entry,
        title=posted.title,
        kind=posted.kind,
        file=posted.file,
        published=posted.published,
        numbering=posted.numbering,
    )


def _document(
    project: Project, record: Record, version: Version, entry: DocumentEntry, catalogues: dict[str, Catalogue]
) -> Document:
    draft = project.documents[entry.id]
    if draft.source and sha256(draft.source.data) == version.sealed.source and _read_alike(draft.entry, entry):
        # The very text that was sealed: it need not be read twice, and messages name the file that people know.
        if entry.id in project.catalogues:
            catalogues[entry.id] = project.catalogues[entry.id]
        return replace(draft, entry=entry)
    return _sealed(record, version, entry, catalogues)


def _sealed(record: Record, version: Version, entry: DocumentEntry, catalogues: dict[str, Catalogue]) -> Document:
    document = sealed_document(record, version, entry)
    if document.source and entry.kind is DocumentKind.CATALOGUE and not document.verbatim:
        catalogues[entry.id] = read_catalogue(document.source)
    return document


def _read_alike(one: DocumentEntry, other: DocumentEntry) -> bool:
    return one.numbering == other.numbering and one.kind == other.kind


def announced_instants(record: Record, documents: Iterable[str], at: datetime) -> tuple[datetime, ...]:
    """The instants to come at which what is announced takes effect, in order."""
    return tuple(sorted({version.effective for name in documents for version in record.announced(name, at)}))


def announced_projects(project: Project, record: Record, at: datetime) -> Iterator[Project]:
    """What will be in force at each announced instant, if nothing more is posted."""
    for instant in announced_instants(record, (entry.id for entry in project.settings.documents), at):
        yield in_force_project(project, record, instant)
