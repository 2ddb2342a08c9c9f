"""Announced changes: texts that hold announced words early, and notices that continue in another version.

What is announced for a day after a text takes effect, and whether that text holds any of it already.

While a change is announced the docs hold its words. Whoever mends something that cannot wait may post them with it by
mistake, before the day that customers were told.

An announcement that goes on in another version: whether its notice still counts from the day it was first posted.

It does where customers were told the same: where the clauses that are announced, every definition they use and every
clause they cite read the same in the old announcement and in the new one. Else the notice begins anew, unless the note
says why not, for customers to read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from engross.common import EngrossError
from engross.corpus import Project
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
from engross.record.editions import edition_of, in_force_project
from engross.record.history import Record
from engross.record.pictures import changed_between, docs_hashes, sealed_hashes
from engross.record.posting.drafts import sealed_document
from engross.record.posting.plan import Plan, Posting
from engross.redline import Shared, Sided, Unit, UnitReader, shared_changes
from engross.terms import bind


@dataclass(frozen=True)
class Held:
    """The changes of an announced version that a text has which is to take effect before it."""

    version: Version
    changes: tuple[Shared, ...]


def held_changes(plan: Plan, posting: Posting) -> tuple[Held, ...]:
    """What a text to be posted holds of versions that are, or were, announced for later than it takes effect."""
    if posting.kind is not EntryKind.POST or posting.draft is None or posting.effective is None:
        return ()
    found = []
    labels: set[str] = set()
    for version in coming(plan, posting.document, posting.effective):
        held = (*_pictures(plan, posting, version), *_shared(plan, posting, version))
        changes = tuple(one for one in held if one.label not in labels)
        labels |= {one.label for one in changes}
        if changes:
            found.append(Held(version, changes))
    return tuple(found)


def coming(plan: Plan, document: str, after: datetime) -> Iterator[Version]:
    """The versions announced for later than an instant, those that stand first; a withdrawn one was never in force."""
    versions = [one for one in plan.record.versions.get(document, ()) if one.effective > after]
    never = (one for one in versions if one.withdrawn is None or one.withdrawn <= one.effective)
    yield from sorted(never, key=lambda one: (one.withdrawal is not None, one.effective, one.number))


def in_force_before(plan: Plan, posting: Posting) -> Version | None:
    """The version that a text to be posted takes the place of: the last that stands and takes effect before it does."""
    assert posting.effective is not None
    base = posting.draft.base if posting.draft else None
    if base is not None and base.effective <= posting.effective:
        return base
    withdrawn = {one for note in plan.notes for one in note.withdraws}
    standing = (one for one in plan.record.standing(posting.document) if one.id not in withdrawn)
    before = [one for one in standing if one.effective <= posting.effective]
    return max(before, key=lambda one: (one.effective, one.number), default=None)


def _shared(plan: Plan, posting: Posting, version: Version) -> list[Shared]:
    """The changes of an announced version that a text has, but those that are announced for the text's own day."""
    assert posting.draft is not None
    try:
        announced = _sided(sealed_document(plan.record, version))
        bases: list[Sided | None] = list(_bases(plan, posting))
    except EngrossError:
        # What today's parser cannot read is compared by no clause.
        return []
    yaml = posting.draft.entry.kind is DocumentKind.CATALOGUE
    found = [shared_changes(base, announced, _sided(posting.draft.document), yaml=yaml) for base in bases or [None]]
    return [one for one in found[0] if all(one in other for other in found[1:])]


def _pictures(plan: Plan, posting: Posting, version: Version) -> Iterator[Shared]:
    """The pictures that a text would show as an announced version does, and not as the version before it."""
    draft, base = posting.draft, in_force_before(plan, posting)
    if draft is None or base is None or not version.sealed.pictures:
        return
    ours, announced = docs_hashes(draft.docs, draft.document), sealed_hashes(version)
    others = changed_between(draft.document, announced, ours)
    for path in changed_between(draft.document, sealed_hashes(base), ours):
        if path not in others and ours.hashes[path] in announced.hashes.values():
            yield Shared(f"the picture {path}", 0)


def _bases(plan: Plan, posting: Posting) -> Iterator[Sided]:
    """The text that a text to be posted takes the place of, and what is announced until then and withdrawn with it."""
    draft, base = posting.draft, in_force_before(plan, posting)
    assert draft is not None
    assert posting.effective is not None
    if base is not None:
        yield _sided(draft.base_document if base == draft.base else sealed_document(plan.record, base))
    withdrawn = {one for note in plan.notes for one in note.withdraws}
    for version in plan.record.scheduled(posting.document, plan.posted):
        if version.id in withdrawn and version.effective <= posting.effective:
            yield _sided(sealed_document(plan.record, version))


def _sided(document: Document) -> Sided:
    assert document.source is not None
    return document.source, document.root


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
    new = reader.read(*_sided_continued(text))
    if base is None:
        yield from ((None, unit) for unit in new.units)
        return
    old = reader.read(*_sided_continued(base))
    pairing = reader.pair(old, new)
    for at, unit in enumerate(old.units):
        there = pairing.all.get(at)
        if there is None or at not in pairing.in_order or unit.shown != new.units[there].shown:
            yield unit, new.units[there] if there is not None else None
    known = set(pairing.all.values())
    yield from ((None, unit) for at, unit in enumerate(new.units) if at not in known)


def _sided_continued(document: Document) -> tuple[Source, Clause]:
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
