"""What is announced for a day after a text takes effect, and whether that text holds any of it already.

While a change is announced the docs hold its words. Whoever mends something that cannot wait may post them with it by
mistake, before the day that customers were told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from engross.errors import EngrossError
from engross.model import Document, DocumentKind, EntryKind, Version
from engross.record.drafts import sealed_document
from engross.record.pictures import changed_between, docs_hashes, sealed_hashes
from engross.record.plan import Plan, Posting
from engross.redline.shared import Shared, Sided, shared_changes


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
    for version in plan.record.announced(posting.document, plan.posted):
        if version.id in withdrawn and version.effective <= posting.effective:
            yield _sided(sealed_document(plan.record, version))


def _sided(document: Document) -> Sided:
    assert document.source is not None
    return document.source, document.root
