"""Announced changes: texts that contain announced words too early, and announcements that another version continues.

While a change is announced, the docs contain its words, so an urgent fix could post them before the announced day.
The notice of a continued announcement counts from its first date if the announced clauses, the definitions they use and
the clauses they cite are unchanged. Otherwise it starts again, unless the note explains why not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from engross.common import EngrossError, value_class
from engross.corpus import Project
from engross.model import (
    Binding,
    Definition,
    Document,
    Edition,
    Entry,
    EntryKind,
    Place,
    SetEntry,
    Version,
    VersionId,
)
from engross.record.history import Record
from engross.record.in_force import edition_of, in_force_project
from engross.record.pictures import changed_between, docs_hashes, sealed_hashes
from engross.record.posting.drafts import comparable_document
from engross.record.posting.plan import Plan, Posting
from engross.redline import Shared, Sided, Unit, UnitReader, shared_changes, source_and_tree
from engross.terms import bind


@value_class(frozen=True)
class EarlyChanges:
    """The changes of an announced version that are in a text which takes effect before it."""

    version: Version
    changes: tuple[Shared, ...]


def early_changes(plan: Plan, posting: Posting) -> tuple[EarlyChanges, ...]:
    """Return what a text to be posted contains of versions that are, or were, announced for a later day."""
    if posting.kind is not EntryKind.POST or posting.draft is None or posting.effective is None:
        return ()
    found = []
    labels: set[str] = set()
    for version in coming(plan, posting.document, posting.effective):
        shared = (*_pictures(plan, posting, version), *_shared(plan, posting, version))
        changes = tuple(one for one in shared if one.label not in labels)
        labels |= {one.label for one in changes}
        if changes:
            found.append(EarlyChanges(version, changes))
    return tuple(found)


@value_class(frozen=True)
class Undone:
    """The changes of an earlier text that a text undoes: how the earlier one is called, the path of its text, and the
    path of the text that it has changed.
    """

    called: str
    path: str
    base: str
    changes: tuple[Shared, ...]


def undone_by(plan: Plan, posting: Posting) -> Undone | None:
    """Return what a text beside a note undoes of the text that it follows; None if it undoes nothing, or on purpose.

    Two branches may each have such a text, made without the other's change.
    """
    own = next((one for one in plan.own.get(posting.document, ()) if one.draft is posting.draft), None)
    if own is None or own.note.restores or (before := in_force_before(plan, posting)) is None:
        return None
    follows = own.draft.follows
    if follows:
        last, base = follows.draft.document, follows.draft.base
    else:
        last, base = comparable_document(plan.record, before), _superseded(plan.record, before)
    if base is None:
        return None
    first = follows.draft.base_document if follows else comparable_document(plan.record, base)
    yaml = own.draft.entry.kind.has_rows
    changes = tuple(
        shared_changes(source_and_tree(last), source_and_tree(first), source_and_tree(own.draft.document), yaml=yaml)
    )
    if not changes or last.source is None or first.source is None:
        return None
    called = f"the change of {before.id}" if follows is None else f"the change in {last.source.path}"
    return Undone(called, last.source.path, first.source.path, changes)


def _superseded(record: Record, version: Version) -> Version | None:
    number = version.post.supersedes
    return record.version(VersionId(version.id.document, number)) if number else None


def coming(plan: Plan, document: str, after: datetime) -> Iterator[Version]:
    """Yield the versions announced for later than an instant, withdrawn ones last; these were never in force."""
    versions = [one for one in plan.record.versions.get(document, ()) if one.effective > after]
    never = (one for one in versions if one.withdrawn is None or one.withdrawn <= one.effective)
    yield from sorted(never, key=lambda one: (one.withdrawal is not None, one.effective, one.number))


def in_force_before(plan: Plan, posting: Posting) -> Version | None:
    """Return the version that a text replaces: the last one, not withdrawn, that takes effect before it."""
    assert posting.effective is not None
    base = posting.draft.base if posting.draft else None
    if base is not None and base.effective <= posting.effective:
        return base
    withdrawn = {one for note in plan.notes for one in note.withdraws}
    standing = (one for one in plan.record.standing(posting.document) if one.id not in withdrawn)
    before = [one for one in standing if one.effective <= posting.effective]
    return max(before, key=lambda one: (one.effective, one.number), default=None)


def _shared(plan: Plan, posting: Posting, version: Version) -> list[Shared]:
    """Return the changes of an announced version that a text contains, except those announced for the same day."""
    assert posting.draft is not None
    try:
        announced = source_and_tree(comparable_document(plan.record, version))
        bases: list[Sided | None] = list(_bases(plan, posting))
    except EngrossError:
        # A text that the present parser cannot read has no clauses to compare.
        return []
    yaml = posting.draft.entry.kind.has_rows
    found = [
        shared_changes(base, announced, source_and_tree(posting.draft.document), yaml=yaml) for base in bases or [None]
    ]
    return [one for one in found[0] if all(one in other for other in found[1:])]


def not_announced_again(plan: Plan, version: Version) -> tuple[str, ...]:
    """Return the labels of the clauses that an announced version changes, and that the docs have as before it.

    None if its document is no longer listed, if it is the first version, or if a text cannot be read.
    """
    draft, base = plan.drafts.documents.get(version.id.document), _superseded(plan.record, version)
    if draft is None or not draft.has_text or base is None:
        return ()
    try:
        old, new = comparable_document(plan.record, base), comparable_document(plan.record, version)
    except EngrossError:
        return ()
    yaml = draft.entry.kind.has_rows
    before, announced, now = (source_and_tree(one) for one in (old, new, draft.document))
    undone = {one.label for one in shared_changes(announced, before, now, yaml=yaml)}
    other = {unit.label for pair in _changes(old, draft.document) for unit in pair if unit}
    other |= {one.label for one in shared_changes(before, announced, now, yaml=yaml)}
    labels = [one.label for one in shared_changes(before, announced, announced, yaml=yaml)]
    lost = (one for one in dict.fromkeys((*labels, *undone)) if one in undone or one not in other)
    return tuple(one or "the beginning" for one in lost)


def _pictures(plan: Plan, posting: Posting, version: Version) -> Iterator[Shared]:
    """Yield the pictures that a text shows as in an announced version, and not as in the version before it."""
    draft, base = posting.draft, in_force_before(plan, posting)
    if draft is None or base is None or not version.sealed.pictures:
        return
    ours, announced = docs_hashes(draft.docs, draft.document), sealed_hashes(version)
    others = changed_between(draft.document, announced, ours)
    for path in changed_between(draft.document, sealed_hashes(base), ours):
        if path not in others and ours.hashes[path] in announced.hashes.values():
            yield Shared(f"the picture {path}", 0)


def _bases(plan: Plan, posting: Posting) -> Iterator[Sided]:
    """Return the text that a posting replaces, and the announced versions in between that are withdrawn with it."""
    draft, base = posting.draft, in_force_before(plan, posting)
    assert draft is not None
    assert posting.effective is not None
    if base is not None:
        yield source_and_tree(draft.base_document if base == draft.base else comparable_document(plan.record, base))
    withdrawn = {one for note in plan.notes for one in note.withdraws}
    for version in plan.record.scheduled(posting.document, plan.posted):
        if version.id in withdrawn and version.effective <= posting.effective:
            yield source_and_tree(comparable_document(plan.record, version))


Key = tuple[object, ...]
Content = dict[Key, str]
"""The content of an announcement by its words: announced clauses and what they rely on, with their names."""


@value_class(frozen=True)
class Continued:
    """The announcement that a posting continues: the withdrawn `version`, and `changed`, what it relies on and has
    changed.

    `because` is the reason to keep its notice nevertheless.
    """

    version: Version
    changed: tuple[str, ...]
    because: str = ""

    @property
    def notice_from(self) -> datetime | None:
        """The instant from which the notice counts; None if it starts again."""
        if self.changed and not self.because:
            return None
        return self.version.post.notice_from or self.version.posted


def continued(plan: Plan, posting: Posting) -> Continued | None:
    """Return the announcement that a posting continues; None if its notes name none."""
    for note in posting.notes if posting.kind is EntryKind.POST else ():
        version = continued_version(plan.record, note.continues, posting.document)
        if version is not None and posting.draft is not None and posting.effective is not None:
            because = next((one.notice_kept_because for one in posting.notes if one.notice_kept_because), "")
            return Continued(version, _changed(plan, posting, version), because)
    return None


def continued_version(record: Record, slug: str, document: str) -> Version | None:
    """Return the version of a document that a posted note announced."""
    posted = (one for one in record.versions.get(document, ()) if slug in {note.slug for note in one.post.notes})
    return max(posted, key=lambda one: one.number, default=None) if slug else None


def first_announced(record: Record, entry: Entry) -> datetime | None:
    """Return when the announcement that an entry continues was first posted; None if it continues none."""
    first = entry
    while first.continues:
        first = record.entry(first.continues)
    return first.posted if first is not entry else None


def _changed(plan: Plan, posting: Posting, version: Version) -> tuple[str, ...]:
    draft = posting.draft
    assert draft is not None
    if version.withdrawn is not None:
        # Customers have read meanwhile that it will not apply.
        return (f"{version.id}, which was withdrawn before",)
    supersedes = version.post.supersedes
    known = plan.record.as_known(version.posted)
    record = plan.record.versions[posting.document]
    before = comparable_document(plan.record, record[supersedes - 1]) if supersedes else None
    old = _content(before, comparable_document(plan.record, version), _as_announced(plan, known, version))
    base = draft.base_document if draft.base else None
    new = _content(base, draft.document, _as_posted(plan, posting))
    return tuple(sorted({(old | new)[key] for key in old.keys() ^ new.keys()}))


def _as_announced(plan: Plan, known: Record, version: Version) -> Project:
    """Return the project that customers saw as in force together with a version when it was announced."""
    return in_force_project(plan.project, known, version.effective)


def _as_posted(plan: Plan, posting: Posting) -> Project:
    """Return the project that would be in force together with a text to be posted."""
    assert posting.effective is not None
    project = in_force_project(plan.project, plan.record, posting.effective)
    documents = dict(project.documents)
    for one in plan.postings:
        if one.kind is EntryKind.POST and one.draft and one.effective and one.effective <= posting.effective:
            documents[one.document] = one.draft.document
    sets = (one for one in project.settings.sets if one.agreement in documents)
    editions = tuple(edition_of(entry, documents, posting.effective) for entry in sets)
    return Project(project.docs, project.settings, documents, project.catalogues, editions)


def _content(base: Document | None, text: Document, project: Project) -> Content:
    changes = list(_changes(base, text))
    content = {_key("clause", old, new): _label(new or old) for old, new in changes}
    units = [new for _, new in changes if new is not None]
    lines = {line for unit in units for line in range(unit.line, unit.line + unit.body.count("\n") + 1)}
    for edition in _editions(text, project) if not text.entry.kind.has_rows else ():
        content |= _Reliance(bind(edition)).of(text.id, lines)
    return content


def _label(unit: Unit | None) -> str:
    return (unit.label if unit else "") or "the beginning"


def _key(kind: str, *parts: Unit | str | None) -> Key:
    return (kind, *(one.shown if isinstance(one, Unit) else one for one in parts))


def _changes(base: Document | None, text: Document) -> Iterator[tuple[Unit, Unit | None] | tuple[None, Unit]]:
    """Yield the clauses that a text changes, moves, adds or deletes, before and after."""
    reader = UnitReader(text.entry.kind.has_rows)
    new = reader.read(*source_and_tree(text))
    if base is None:
        yield from ((None, unit) for unit in new.units)
        return
    old = reader.read(*source_and_tree(base))
    pairing = reader.pair(old, new)
    for at, unit in enumerate(old.units):
        there = pairing.all.get(at)
        if there is None or at not in pairing.in_order or unit.shown != new.units[there].shown:
            yield unit, new.units[there] if there is not None else None
    known = set(pairing.all.values())
    yield from ((None, unit) for at, unit in enumerate(new.units) if at not in known)


def _editions(text: Document, project: Project) -> list[Edition]:
    """Return the sets with a text in place of its document; the text alone if it is in no set."""
    found = [one for one in project.editions if any(document.id == text.id for document in one.documents)]
    alone = Edition(SetEntry(text.id, text.entry.title, text.id), (text,))
    return [
        replace(one, documents=tuple(text if document.id == text.id else document for document in one.documents))
        for one in found or [alone]
    ]


class _Reliance:
    """What clauses of an edition rely on: definitions they use, definitions that these use, and clauses they cite."""

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
        """Return what the clauses on some lines of a document rely on."""
        used = [one.definition for one in self.binding.uses if _is_at(one.place, document, lines)]
        content: dict[Key, str] = {}
        seen: set[tuple[str, int]] = set()
        while used:
            definition = used.pop()
            place = definition.place.document, definition.place.clause
            if place in seen:
                continue
            seen.add(place)
            content[_key("definition", definition.term, self.words(*place))] = f"the definition of “{definition.term}”"
            if definition.target:
                content |= self.cited(definition.target)
            used += [inner for at in self.within(*place) for inner in self.uses[place[0], at]]
        for reference in self.binding.references:
            if reference.target and _is_at(reference.place, document, lines):
                content |= self.cited(reference.target)
        return content

    def cited(self, target: tuple[str, str]) -> dict[Key, str]:
        """Return a cited clause; a citation of a whole document has none."""
        at = self.places.get(target)
        if at is None:
            return {}
        return {_key("cited", self.words(target[0], at)): self.clauses[target[0]][at].label}

    def within(self, document: str, at: int) -> range:
        """The places of a clause and of everything within it."""
        return range(at, at + sum(1 for _ in self.clauses[document][at].walk()))

    def words(self, document: str, at: int) -> str:
        """The words of a clause and of everything within it."""
        inner = (self.clauses[document][one].inline.text for one in self.within(document, at))
        return " ".join(" ".join(inner).split())


def _is_at(place: Place, document: str, lines: set[int]) -> bool:
    return place.document == document and place.line in lines
