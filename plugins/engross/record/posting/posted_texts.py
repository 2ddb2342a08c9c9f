"""Facts about posted texts for the drafting check: deleted terms, removed clauses, text to keep letter for letter.

Only documents that differ from their last version are compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from engross.common import EngrossError, read_file, value_class
from engross.corpus import Project, shown_path
from engross.model import READER, Document, Verbatim, Version, kept_hash, kept_text
from engross.record.encoding import sha256
from engross.record.history import LEDGER, Record
from engross.record.ledger.file import read_ledger
from engross.record.posting.drafts import Draft, clause_ids, comparable_document, sealed_document
from engross.record.seals import with_seals
from engross.terms import definitions_of


@value_class(frozen=True, slots=True)
class PostedTerm:
    """A term as a posted version of a document defines it: its names, the version, the label of the clause."""

    document: str
    names: tuple[str, ...]
    version: str
    label: str


@value_class(frozen=True, slots=True)
class MovedClause:
    """A clause of a posted version that has another anchor in the draft: `now`, or "" if it is not in the draft.

    `number` is that of the version; `is_first` is whether it is the first clause with its label there.
    """

    document: str
    anchor: str
    label: str
    version: str
    now: str
    number: int = 1
    is_first: bool = True


@value_class(frozen=True, slots=True)
class Original:
    """The lines of a part of a posted version that has the hash which `documents.yml` states for it."""

    document: str
    part: Verbatim
    version: str
    lines: tuple[str, ...]


@value_class(frozen=True, slots=True)
class PostedTexts:
    """What posted texts say that the drafts no longer do."""

    terms: tuple[PostedTerm, ...] = ()
    moved: tuple[MovedClause, ...] = ()
    originals: tuple[Original, ...] = ()


def posted_texts(project: Project, record: Record) -> PostedTexts:
    """Return what the last version says of each document that changed or is no longer listed.

    A version that the present parser refuses, or that was altered, is left out.
    """
    changed = tuple(_changed(project, record))
    mapped = frozenset(_mapped(project))
    return PostedTexts(
        tuple(term for version in changed for term in _terms(record, version)),
        tuple(one for version in changed if version.id.document in mapped for one in _moved(project, record, version)),
        tuple(one for version in changed for one in _originals(project, record, version.id.document)),
    )


def texts_of_folder(project: Project, folder: Path) -> PostedTexts:
    """The same for the record in a folder, without verification; nothing if it cannot be read."""
    try:
        data = read_file(folder / LEDGER)
    except OSError:
        return PostedTexts()
    entries, problems = read_ledger(data, shown_path(folder / LEDGER))
    entries, wrong = with_seals(folder, shown_path(folder), entries)
    return PostedTexts() if problems or wrong else posted_texts(project, Record(folder, shown_path(folder), entries))


def _changed(project: Project, record: Record) -> Iterator[Version]:
    for name in record.versions:
        version, document = record.latest(name), project.documents.get(name)
        source = document.source if document else None
        same = source is not None and version is not None and sha256(source.data) == version.sealed.source
        if version and not same and not version.entry.kind.has_rows:
            yield version


def _terms(record: Record, version: Version) -> Iterator[PostedTerm]:
    try:
        document = comparable_document(record, version)
    except EngrossError:
        return
    for definition in definitions_of(document):
        yield PostedTerm(document.id, definition.names, str(version.id), definition.place.label)


def _mapped(project: Project) -> Iterator[str]:
    """The documents whose clauses a checklist names."""
    for entry in project.settings.documents:
        for clause in (name for one in entry.requires.checklists for item in one.items for name in item.clauses):
            yield clause.partition("#")[0] or entry.id
        if entry.requires.checklists:
            yield entry.id


def _moved(project: Project, record: Record, version: Version) -> Iterator[MovedClause]:
    document = project.documents.get(version.id.document)
    if document is None or document.source is None or document.verbatim:
        return
    try:
        draft = Draft(document, version, record, project.docs)
        before = clause_ids(record, version, READER)
        labels = {one.anchor: one.label for one in draft.base_tree.clauses}
        first = {one.label: one.anchor for one in reversed(draft.base_tree.clauses)}
        now = {one.id: one.anchor for one in draft.tree(version.number + 1).clauses}
    except EngrossError:
        return
    for anchor, clause in before.items():
        if (here := now.get(clause, "")) != anchor:
            label = labels.get(anchor, anchor)
            is_first = first.get(label) == anchor
            yield MovedClause(document.id, anchor, label, str(version.id), here, version.number, is_first)


def _originals(project: Project, record: Record, name: str) -> Iterator[Original]:
    document = project.documents.get(name)
    if document is None or document.source is None or document.verbatim:
        return
    for part in document.entry.requires.verbatim:
        if part.hash and kept_hash(document, part) != part.hash:
            versions = reversed(record.versions.get(name, ()))
            found = (one for version in versions if (one := _original(record, version, document, part)))
            yield from filter(None, [next(found, None)])


def _original(record: Record, version: Version, draft: Document, part: Verbatim) -> Original | None:
    try:
        document = sealed_document(record, version, draft.entry)
    except EngrossError:
        return None
    if kept_hash(document, part) != part.hash:
        return None
    return Original(draft.id, part, str(version.id), tuple(line for _, line in kept_text(document, part)))
