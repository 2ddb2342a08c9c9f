"""The versions in force at an instant: the state of each version, the periods of a document, and the site as a project.

Pages, binding and checks take a `Project` and need not know whether its texts are drafts or sealed. The record provides
texts, names, addresses, kinds, sets and the rules for changes (grounds, notice, policy). Descriptions, the page of
changes and the order of documents come from today's `documents.yml`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from engross.common import value_class
from engross.corpus import Catalogue, Project, read_catalogue
from engross.model import (
    NOT_FIXED,
    Document,
    DocumentEntry,
    DocumentKind,
    Edition,
    EntryKind,
    Ground,
    SetEntry,
    Version,
)
from engross.record.encoding import sha256
from engross.record.history import Record
from engross.record.posting.drafts import sealed_document


class Standing(StrEnum):
    """The state of a version. RETIRED: the last version of a document that is no longer published. IMPORTED: an
    imported version that is not in force; whether it ever was is not recorded.
    """

    IN_FORCE = "in force"
    ANNOUNCED = "announced"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
    RETIRED = "retired"
    IMPORTED = "imported"


def standing(record: Record, version: Version, at: datetime) -> Standing:
    """The state of a version at an instant. `record` may have later entries than the instant."""
    document = version.id.document
    if version in record.announced(document, at):
        return Standing.ANNOUNCED
    # A version withdrawn before it took effect counts as withdrawn from the posting of the withdrawal.
    withdrawn = version.withdrawn
    if withdrawn and (withdrawn <= at or withdrawn <= version.effective):
        return Standing.WITHDRAWN
    current = record.in_force(document, at)
    if current and current.id == version.id:
        return Standing.IN_FORCE
    latest = record.latest(document)
    if current is None and latest and latest.id == version.id:
        return Standing.RETIRED
    return Standing.IMPORTED if version.imported else Standing.SUPERSEDED


@value_class(frozen=True, slots=True)
class Period:
    """A period in which one version was in force, or none (`version` is None). `end` is None if it has no known end."""

    start: datetime
    end: datetime | None
    version: Version | None


def periods(record: Record, document: str) -> tuple[Period, ...]:
    """The periods of a document, in order and without gaps, from when its first version took effect."""
    found = list(_changes(record, document))
    ends = [*(start for start, _ in found[1:]), None][: len(found)]
    return tuple(Period(start, end, version) for (start, version), end in zip(found, ends, strict=True))


def _changes(record: Record, document: str) -> Iterator[tuple[datetime, Version | None]]:
    """Each instant at which another version, or none, is in force from then on."""
    coming = sorted(record.versions.get(document, ()), key=lambda one: (one.effective, one.post.seq), reverse=True)
    last: Version | None = None
    standing: list[Version] = []
    for instant in _instants(record, document):
        while coming and coming[-1].effective <= instant:
            standing.append(coming.pop())
        while standing and (gone := standing[-1].withdrawn) and gone <= instant:
            standing.pop()
        now = None if _is_retired(record, document, instant) else standing[-1] if standing else None
        if now is not last:
            yield instant, now
            last = now


def _instants(record: Record, document: str) -> list[datetime]:
    versions = record.versions.get(document, ())
    found = {version.effective for version in versions}
    found |= {version.withdrawn for version in versions if version.withdrawn}
    retired = record.retired(document)
    if retired and retired.effective:
        found.add(retired.effective)
    return sorted(found - {NOT_FIXED})


def _is_retired(record: Record, document: str, at: datetime) -> bool:
    retired = record.retired(document)
    return bool(retired and retired.effective and retired.effective <= at)


def in_force_project(project: Project, record: Record, at: datetime) -> Project:
    """The project in force at an instant. Its `documents` are those in force; `settings.documents` has all, as posted.

    A text that today's parser refuses is shown verbatim. Raises EngrossError if a sealed file was altered.
    """
    documents: dict[str, Document] = {}
    catalogues: dict[str, Catalogue] = {}
    entries = []
    for entry in project.settings.documents:
        version = record.in_force(entry.id, at)
        posted = posted_entry(entry, record.entry_at(entry.id, at) or record.last_entry(entry.id))
        entries.append(posted)
        if version and posted.file:
            documents[entry.id] = _document(project, record, version, posted, catalogues)
        elif not entry.file and not posted.file:
            # A document that was posted with a text keeps its page, whatever documents.yml has now.
            documents[entry.id] = project.documents[entry.id]
    for name in record.versions:
        # A document that documents.yml no longer lists stays in force, in its sets, until it is retired.
        if name not in project.documents and (version := record.in_force(name, at)):
            entry = record.entry_at(name, at) or version.entry
            entries.append(entry)
            documents[name] = _sealed(record, version, entry, catalogues)
    settings = replace(
        project.settings,
        documents=tuple(entries),
        sets=tuple(_sets(project, record, entries, at)),
        grounds=_grounds(project, record, entries, at),
    )
    editions = tuple(edition_of(entry, documents, at) for entry in settings.sets if entry.agreement in documents)
    return Project(project.docs, settings, documents, catalogues, editions)


def project_without(project: Project, record: Record, documents: Collection[str], sets: Collection[str]) -> Project:
    """The draft of a project without the changes of some documents and sets: these are as they were last posted.

    Documents without a version that could replace their draft are left out; those that are no longer listed are there
    again. Raises EngrossError if a sealed file was altered.
    """
    drafted = {entry.id: entry for entry in project.settings.documents}
    texts = {name: text for name, text in project.documents.items() if name not in documents}
    catalogues = {name: one for name, one in project.catalogues.items() if name not in documents}
    for name in documents:
        version, posted = record.latest(name), record.last_entry(name)
        shown = posted_entry(drafted[name], posted) if name in drafted else posted
        if shown and version:
            texts[name] = (
                _document(project, record, version, shown, catalogues)
                if name in drafted
                else _sealed(record, version, shown, catalogues)
            )
        elif shown and not shown.file and name in drafted:
            texts[name] = replace(project.documents[name], entry=shown)
    texts = {name: texts[name] for name in (*drafted, *documents) if name in texts}
    before = (record.last_set(name) for name in sets)
    kept = (*(one for one in project.settings.sets if one.id not in sets), *(one for one in before if one))
    editions = tuple(_drafted_edition(entry, texts) for entry in kept if entry.agreement in texts)
    listed = tuple(document.entry for document in texts.values())
    return Project(project.docs, replace(project.settings, documents=listed, sets=kept), texts, catalogues, editions)


def _drafted_edition(entry: SetEntry, documents: Mapping[str, Document]) -> Edition:
    """The draft of a set with those of its documents that exist."""
    return Edition(entry, tuple(documents[name] for name in entry.documents if name in documents))


def edition_of(entry: SetEntry, documents: dict[str, Document], at: datetime) -> Edition:
    """The edition of a set with those of its documents that exist."""
    known = tuple(name for name in entry.incorporates if name in documents)
    ranks = tuple(tuple(name for name in rank if name in documents) for rank in entry.precedence)
    shown = replace(entry, incorporates=known, precedence=tuple(rank for rank in ranks if rank))
    return Edition(shown, tuple(documents[name] for name in shown.documents), at.isoformat())


def _sets(project: Project, record: Record, entries: Sequence[DocumentEntry], at: datetime) -> Iterator[SetEntry]:
    """The sets in force at an instant, in the order of documents.yml, without documents that are not shown."""
    known = {entry.id for entry in entries}
    for name in dict.fromkeys((*(one.id for one in project.settings.sets), *record.sets)):
        found = record.set_at(name, at)
        if found and found.agreement in known:
            found = _with_retiring(record, found, known, at)
            ranks = (tuple(one for one in rank if one in known) for rank in found.precedence)
            incorporates = tuple(one for one in found.incorporates if one in known)
            yield replace(found, incorporates=incorporates, precedence=tuple(rank for rank in ranks if rank))


def _with_retiring(record: Record, found: SetEntry, known: Iterable[str], at: datetime) -> SetEntry:
    """A set of format 1 with its unlisted documents, which belong to it until their retirement takes effect."""
    if record.last_set_entry(found.id):
        return found
    in_force = ((name, record.in_force(name, at)) for name in known if name not in found.documents)
    retiring = (
        name
        for name, version in in_force
        if version and record.retired(name) and any(found.id == one.id for one in version.post.sets)
    )
    return replace(found, incorporates=(*found.incorporates, *sorted(retiring)))


def _grounds(project: Project, record: Record, entries: Iterable[DocumentEntry], at: datetime) -> tuple[Ground, ...]:
    """The grounds in force in their sealed words; grounds that were never sealed, as in documents.yml."""
    found = (record.settings_entry_at(entry.id, at) for entry in entries)
    sealed = {ground.id: ground for one in found if one for ground in one.grounds}
    return tuple(({ground.id: ground for ground in project.settings.grounds} | sealed).values())


def posted_entry(entry: DocumentEntry, posted: DocumentEntry | None) -> DocumentEntry:
    """A document's posted settings, with today's values of those that change without a post."""
    if posted is None:
        return entry
    return replace(
        posted,
        description=entry.description,
        changes=entry.changes,
        line=entry.line,
        language=entry.language,
        translation_of=entry.translation_of,
        governing=entry.governing,
        requires=entry.requires,
    )


def _document(
    project: Project, record: Record, version: Version, entry: DocumentEntry, catalogues: dict[str, Catalogue]
) -> Document:
    draft = project.documents[entry.id]
    if draft.source and sha256(draft.source.data) == version.sealed.source and _read_alike(draft, version, entry):
        # The draft has the sealed bytes: it is parsed already, and messages name the file in docs.
        if entry.id in project.catalogues:
            catalogues[entry.id] = project.catalogues[entry.id]
        return replace(draft, entry=entry)
    return _sealed(record, version, entry, catalogues)


def _sealed(record: Record, version: Version, entry: DocumentEntry, catalogues: dict[str, Catalogue]) -> Document:
    document = sealed_document(record, version, entry)
    if document.source and entry.kind is DocumentKind.CATALOGUE and not document.verbatim:
        catalogues[entry.id] = read_catalogue(document.source)
    return document


def _read_alike(draft: Document, version: Version, entry: DocumentEntry) -> bool:
    """Whether the parser reads a draft as it read the version, if both have the same bytes."""
    assert draft.source is not None
    settings = ((one.numbering, one.kind, one.register) for one in (draft.entry, entry))
    return len(set(settings)) == 1 and (entry.kind.has_rows or draft.source.reader == version.post.reader)


def announced_instants(record: Record, documents: Iterable[str], at: datetime) -> tuple[datetime, ...]:
    """The later instants at which announced versions and settings take effect, in order."""
    found = {version.effective for name in documents for version in record.announced(name, at)}
    kinds = (EntryKind.MOVE, EntryKind.SET)
    found |= {one.effective for one in record.entries if one.kind in kinds and one.effective and one.effective > at}
    return tuple(sorted(found))


def announced_projects(project: Project, record: Record, at: datetime) -> Iterator[Project]:
    """The project in force at each announced instant, if nothing more is posted."""
    for instant in announced_instants(record, (entry.id for entry in project.settings.documents), at):
        yield in_force_project(project, record, instant)
