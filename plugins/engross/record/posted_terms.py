"""The terms that posted texts define, for the check that a definition which is deleted leaves no use behind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from engross.corpus.project import Project, shown_path
from engross.errors import EngrossError
from engross.model import DocumentKind, Edition, SetEntry, Version
from engross.record.canonical import sha256
from engross.record.drafts import sealed_document
from engross.record.history import LEDGER, Record
from engross.record.ledger import read_ledger
from engross.record.seals import with_seals
from engross.terms import bind
from engross.values import dataclass


@dataclass(frozen=True, slots=True)
class PostedTerm:
    """A term as a posted version of a document defines it: its names, the version, the label of the clause."""

    document: str
    names: tuple[str, ...]
    version: str
    label: str


def posted_terms(project: Project, record: Record) -> tuple[PostedTerm, ...]:
    """The terms that the last version of each document defines whose text differs now, or that is no longer listed.

    A version that today's parser refuses gives none.
    """
    return tuple(term for version in _changed(project, record) for term in _terms(record, version))


def terms_of_folder(project: Project, folder: Path) -> tuple[PostedTerm, ...]:
    """The same for the record of a folder, of which nothing is verified here; none where it cannot be read."""
    try:
        data = (folder / LEDGER).read_bytes()
    except OSError:
        return ()
    entries, problems = read_ledger(data, shown_path(folder / LEDGER))
    entries, wrong = with_seals(folder, shown_path(folder), entries)
    return () if problems or wrong else posted_terms(project, Record(folder, shown_path(folder), entries))


def _changed(project: Project, record: Record) -> Iterator[Version]:
    for name in record.versions:
        version, document = record.latest(name), project.documents.get(name)
        source = document.source if document else None
        same = source is not None and version is not None and sha256(source.data) == version.sealed.source
        if version and not same and version.entry.kind is not DocumentKind.CATALOGUE:
            yield version


def _terms(record: Record, version: Version) -> Iterator[PostedTerm]:
    try:
        document = sealed_document(record, version)
    except EngrossError:
        return
    alone = Edition(SetEntry(document.id, document.entry.title, document.id), (document,))
    for definition in bind(alone).definitions:
        yield PostedTerm(document.id, definition.names, str(version.id), definition.place.label)
