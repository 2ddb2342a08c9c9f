"""An announcement that goes on in another version: whether its notice still counts from the day it was first posted.

It does where customers were told the same: where the clauses that are announced, every definition they use and every
clause they cite read the same in the old announcement and in the new one. Else the notice begins anew, unless the note
says why not, for customers to read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from engross.corpus.project import Project
from engross.model import (
    Binding,
    Clause,
    Definition,
    Document,
    DocumentKind,
    Edition,
    Entry,
    EntryKind,
    Place,
    SetEntry,
    Source,
    Version,
)
from engross.record.drafts import sealed_document
from engross.record.editions import edition_of, in_force_project
from engross.record.history import Record
from engross.record.plan import Plan, Posting
from engross.redline.units import Unit, UnitReader
from engross.terms import bind

Key = tuple[object, ...]
Told = dict[Key, str]
"""What an announcement tells, with what it is called: announced clauses, and what they rely on, by their words."""


@dataclass(frozen=True)
class Continued:
    """The announcement that a posting goes on with: the withdrawn `version`, and `changed`, what it relies on that no
    longer reads the same. `because` is why its notice is kept nevertheless.
    """

    version: Version
    changed: tuple[str, ...]
    because: str = ""

    @property
    def notice_from(self) -> datetime | None:
        """The instant from which the notice counts; None where it begins anew."""
        if self.changed and not self.because:
            return None
        return self.version.post.notice_from or self.version.posted


def continued(plan: Plan, posting: Posting) -> Continued | None:
    """The announcement that a posting goes on with; None where its notes name none."""
    for note in posting.notes if posting.kind is EntryKind.POST else ():
        version = continued_version(plan.record, note.continues, posting.document)
        if version is not None and posting.draft is not None and posting.effective is not None:
            because = next((one.notice_kept_because for one in posting.notes if one.notice_kept_because), "")
            return Continued(version, _changed(plan, posting, version), because)
    return None


def continued_version(record: Record, slug: str, document: str) -> Version | None:
    """The version of a document that a posted note announced."""
    posted = (one for one in record.versions.get(document, ()) if slug in {note.slug for note in one.post.notes})
    return max(posted, key=lambda one: one.number, default=None) if slug else None


def first_announced(record: Record, entry: Entry) -> datetime | None:
    """When an announcement that goes on in an entry was first posted; None where it goes on with no other."""
    first = entry
    while first.continues:
        first = record.entry(first.continues)
    return first.posted if first is not entry else None


def _changed(plan: Plan, posting: Posting, version: Version) -> tuple[str, ...]:
    draft = posting.draft
    assert draft is not None
    if version.withdrawn is not None:
        # Customers were told meanwhile that it will not apply.
        return (f"{version.id}, which was withdrawn before",)
    supersedes = version.post.supersedes
    known = plan.record.as_known(version.posted)
    record = plan.record.versions[posting.document]
    before = sealed_document(plan.record, record[supersedes - 1]) if supersedes else None
    old = _told(before, sealed_document(plan.record, version), _as_announced(plan, known, version))
    base = draft.base_document if draft.base else None
    new = _told(base, draft.document, _as_posted(plan, posting))
    return tuple(sorted({(old | new)[key] for key in old.keys() ^ new.keys()}))


def _as_announced(plan: Plan, known: Record, version: Version) -> Project:
    """What customers could take to be in force together with a version when it was announced."""
    return in_force_project(plan.project, known, version.effective)


def _as_posted(plan: Plan, posting: Posting) -> Project:
    """What would be in force together with a text to be posted."""
    assert posting.effective is not None
    project = in_force_project(plan.project, plan.record, posting.effective)
    documents = dict(project.documents)
    for one in plan.postings:
        if one.kind is EntryKind.POST and one.draft and one.effective and one.effective <= posting.effective:
            documents[one.document] = one.draft.document
    sets = (one for one in project.settings.sets if one.agreement in documents)
    editions = tuple(edition_of(entry, documents, posting.effective) for entry in sets)
    return Project(project.docs, project.settings, documents, project.catalogues, editions)


def _told(base: Document | None, text: Document, project: Project) -> Told:
    changes = list(_changes(base, text))
    told = {_key("clause", old, new): _label(new or old) for old, new in changes}
    units = [new for _, new in changes if new is not None]
    lines = {line for unit in units for line in range(unit.line, unit.line + unit.body.count("\n") + 1)}
    for edition in _editions(text, project) if text.entry.kind is not DocumentKind.CATALOGUE else ():
        told |= _Reliance(bind(edition)).of(text.id, lines)
    return told


def _label(unit: Unit | None) -> str:
    return (unit.label if unit else "") or "the beginning"


def _key(kind: str, *parts: Unit | str | None) -> Key:
    return (kind, *(one.shown if isinstance(one, Unit) else one for one in parts))


def _changes(base: Document | None, text: Document) -> Iterator[tuple[Unit, Unit | None] | tuple[None, Unit]]:
    """The clauses that a text changes, moves, adds or deletes, as they were and as they are."""
    reader = UnitReader(text.entry.kind is DocumentKind.CATALOGUE)
    new = reader.read(*_sided(text))
    if base is None:
        yield from ((None, unit) for unit in new.units)
        return
    old = reader.read(*_sided(base))
    pairing = reader.pair(old, new)
    for at, unit in enumerate(old.units):
        there = pairing.all.get(at)
        if there is None or at not in pairing.in_order or unit.shown != new.units[there].shown:
            yield unit, new.units[there] if there is not None else None
    known = set(pairing.all.values())
    yield from ((None, unit) for at, unit in enumerate(new.units) if at not in known)


def _sided(document: Document) -> tuple[Source, Clause]:
    assert document.source is not None
    return document.source, document.root


def _editions(text: Document, project: Project) -> list[Edition]:
    """The sets that a text is read in, itself in place of the document as it is in them; else itself alone."""
    found = [one for one in project.editions if any(document.id == text.id for document in one.documents)]
    alone = Edition(SetEntry(text.id, text.entry.title, text.id), (text,))
    return [
        replace(one, documents=tuple(text if document.id == text.id else document for document in one.documents))
        for one in found or [alone]
    ]


class _Reliance:
    """What clauses of an edition rely on: the definitions they use, those that these use, and the clauses they cite."""

    def __init__(self, binding: Binding) -> None:
        self.binding = binding
        self.clauses = {one.id: list(one.root.walk()) for one in binding.edition.documents}
        self.places = {
            (name, clause.anchor): at
            for name, clauses in self.clauses.items()
            for at, clause in enumerate(clauses)
            if clause.anchor
        }
        self.uses: dict[tuple[str, int], list[Definition]] = defaultdict(list)
        for use in binding.uses:
            self.uses[use.place.document, use.place.clause].append(use.definition)

    def of(self, document: str, lines: set[int]) -> dict[Key, str]:
        """What the clauses on some lines of a document rely on."""
        used = [one.definition for one in self.binding.uses if _is_at(one.place, document, lines)]
        told: dict[Key, str] = {}
        seen: set[tuple[str, int]] = set()
        while used:
            definition = used.pop()
            place = definition.place.document, definition.place.clause
            if place in seen:
                continue
            seen.add(place)
            told[_key("definition", definition.term, self.words(*place))] = f"the definition of “{definition.term}”"
            if definition.target:
                told |= self.cited(definition.target)
            used += [inner for at in self.within(*place) for inner in self.uses[place[0], at]]
        for reference in self.binding.references:
            if reference.target and _is_at(reference.place, document, lines):
                told |= self.cited(reference.target)
        return told

    def cited(self, target: tuple[str, str]) -> dict[Key, str]:
        """A clause that is cited; a document that is cited as a whole is no clause."""
        at = self.places.get(target)
        if at is None:
            return {}
        return {_key("cited", self.words(target[0], at)): self.clauses[target[0]][at].label}

    def within(self, document: str, at: int) -> range:
        """The places of a clause and all within it."""
        return range(at, at + sum(1 for _ in self.clauses[document][at].walk()))

    def words(self, document: str, at: int) -> str:
        """The words of a clause and all within it."""
        inner = (self.clauses[document][one].inline.text for one in self.within(document, at))
        return " ".join(" ".join(inner).split())


def _is_at(place: Place, document: str, lines: set[int]) -> bool:
    return place.document == document and place.line in lines
