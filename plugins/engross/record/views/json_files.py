"""The record as JSON for programs: the versions in force, announced and accepted, and the effects of a change.

Each file follows a JSON Schema made from its type in `json_types`, and its values are created through that type. For
model lists, a change is given fact by fact.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from typing import Any, Literal

from pydantic import TypeAdapter

from engross.common import EngrossError, value_class
from engross.corpus import Catalogue, Settings, json_schema, model_facts, read_catalogue, read_register, value_changes
from engross.model import Change, ChangeClass, DocumentEntry, DocumentKind, Entry, EntryKind, SetEntry, Version
from engross.record import addresses
from engross.record.encoding import format_fixed, format_instant
from engross.record.history import Record
from engross.record.notes.titles import title_of
from engross.record.posting.announced import first_announced
from engross.record.sealed_files import sealed_source
from engross.record.views.json_types import (
    Acceptance,
    Announcement,
    ClauseListsFile,
    Ledger,
    Manifest,
    PublishedChange,
    PublishedDocument,
    PublishedEffect,
    PublishedFact,
    PublishedPromise,
    PublishedSet,
    PublishedValue,
    PublishedVersion,
    Upcoming,
    VersionFacts,
)
from engross.record.views.posted_changes import Effect, PostedChange, effects, names
from engross.record.views.program_types import HashesFile, RedlineFile, TermsFile, VersionsFile


@value_class(frozen=True, slots=True)
class FactChange:
    """A fact of a model that changed: `field` as in `models.json`, with dots between nested keys; or a value of a row
    of another register (`of_models` is false): `row` is the id of the row, `field` that of the column.

    `old` is None for a new fact, `new` for a removed one. All facts of a new row are new.
    """

    document: str
    of_models: bool
    row: str
    field: str
    old: Any
    new: Any
    effective: datetime


def fact_changes(record: Record, change: PostedChange) -> tuple[FactChange, ...]:
    """Return what a posted change changed in model lists and other registers; the first posting of one changes
    nothing.
    """
    return tuple(found for effect in change.effects for found in row_changes(record, effect))


def row_changes(record: Record, effect: Effect) -> Iterator[FactChange]:
    """Yield what an entry changed in a model list or register that replaced one with rows of the same kind."""
    if effect.kind is not EntryKind.POST or effect.superseded is None or effect.version is None:
        return
    versions = (record.version(effect.superseded), effect.version)
    kinds = {version.entry.kind for version in versions}
    of_models = kinds == {DocumentKind.CATALOGUE}
    if not of_models and kinds != {DocumentKind.REGISTER}:
        return
    try:
        found = tuple(_compared(record, versions[0], versions[1]))
    except EngrossError:
        return  # a later version of Engross refuses a text that was sealed
    for row, field, old, new in found:
        yield FactChange(effect.entry.document, of_models, row, field, old, new, effect.version.effective)


def _compared(record: Record, before: Version, after: Version) -> Iterator[tuple[str, str, Any, Any]]:
    old, new = (sealed_source(record, version) for version in (before, after))
    if before.entry.register and after.entry.register:
        columns = before.entry.register, after.entry.register
        return value_changes(read_register(old, columns[0]), read_register(new, columns[1]))
    return compare_catalogues(read_catalogue(old), read_catalogue(new))


def compare_catalogues(old: Catalogue, new: Catalogue) -> Iterator[tuple[str, str, Any, Any]]:
    """Yield (model, field, old, new) for each fact that differs: models of the new list in order, then removed ones."""
    before = {model.id: dict(_flat(model_facts(model))) for model in old.models}
    after = {model.id: dict(_flat(model_facts(model))) for model in new.models}
    for model in (*after, *(name for name in before if name not in after)):
        was, now = before.get(model, {}), after.get(model, {})
        for field in sorted(set(was) | set(now)):
            if was.get(field) != now.get(field):
                yield model, field, was.get(field), now.get(field)


def _flat(facts: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in facts.items():
        name = f"{path}.{key}" if path else key
        if isinstance(value, Mapping):
            yield from _flat(value, name)
        else:
            yield name, value


SCHEMA_VERSION: Literal[1] = 1
"""Rises when a published file changes in a way that programs reading it must handle."""

_TYPES: Mapping[str, type] = {
    "manifest": Manifest,
    "upcoming": Upcoming,
    "acceptance": Acceptance,
    "change": PublishedChange,
    "version": VersionFacts,
    "clauses": ClauseListsFile,
    "versions": VersionsFile,
    "redline": RedlineFile,
    "terms": TermsFile,
    "hashes": HashesFile,
}
_ADAPTERS: Mapping[type, TypeAdapter[Any]] = {type_: TypeAdapter(type_) for type_ in _TYPES.values()}


@cache
def published_schemas() -> Mapping[str, dict[str, Any]]:
    """The JSON Schema (2020-12) of each kind of file, by its name. Nobody may change it."""
    return {name: json_schema(_ADAPTERS[type_], f"{name}.json") for name, type_ in _TYPES.items()}


def manifest_json(record: Record, settings: Settings, at: datetime, site: str) -> dict[str, Any]:
    """Return the content of `manifest.json`; `site` is the site's address, empty if it is not known."""
    return published_json(
        Manifest(
            schema_version=SCHEMA_VERSION,
            as_of=format_instant(at),
            site=site or None,
            ledger=Ledger(entries=len(record.entries), head=record.head or None),
            sets=tuple(_set(entry) for entry in settings.sets),
            documents=tuple(_document(record, entry, at) for entry in settings.documents),
        )
    )


def acceptance_json(
    record: Record, documents: tuple[str, ...], at: datetime, site: str, set_id: str = ""
) -> dict[str, Any] | None:
    """Return the acceptance record of some documents; None if no version of the first one is in force."""
    versions = [version for name in documents if (version := record.in_force(name, at))]
    if not versions or versions[0].id.document != documents[0]:
        return None
    return published_json(
        Acceptance(
            schema_version=SCHEMA_VERSION,
            as_of=format_instant(at),
            site=site or None,
            set=set_id or None,
            documents=tuple(_version(record, version, at) for version in versions),
            head=record.head,
        )
    )


def _soonest_first(one: Announcement) -> tuple[bool, str, str, str]:
    """The order of announcements: those that wait for the delivery of their notice come last."""
    return one.effective is None, one.effective or "", one.document or "", one.set or ""


def upcoming_json(record: Record, at: datetime) -> dict[str, Any]:
    """Return the content of `upcoming.json`."""
    announced = sorted(_announced(record, at), key=_soonest_first)
    return published_json(Upcoming(schema_version=SCHEMA_VERSION, as_of=format_instant(at), announced=tuple(announced)))


def change_json(
    change: PostedChange,
    change_class: str,
    material: bool | None,
    facts: tuple[FactChange, ...],
    about: str,
    note: Change | None = None,
) -> dict[str, Any]:
    """Return a posted change for programs; `about` is the address of the schema, `note` the note of the change."""
    return published_json(
        PublishedChange(
            **{"class": ChangeClass(change_class) if change_class else None},
            about=about,
            change=change.slug,
            material=material,
            title=title_of(note) if note else None,
            editorial_because=(note.editorial_because or None) if note else None,
            documents=tuple(map(_effect, change.effects)),
            models=tuple(_fact(fact) for fact in facts if fact.of_models),
            rows=tuple(_value(fact) for fact in facts if not fact.of_models),
            promises=tuple(one for effect in change.effects for one in _promises(effect)),
            corrects=change.corrects,
            corrected_by=change.corrected_by,
        )
    )


def _promises(effect: Effect) -> tuple[PublishedPromise, ...]:
    entry = effect.entry
    about = {"document": entry.document or None, "set": entry.set_id or None}
    effective = format_fixed(entry.effective)
    return tuple(
        PublishedPromise(**about, field=one.field, effective=effective, **{"from": one.old, "to": one.new})
        for one in effect.promised
    )


def _fact(fact: FactChange) -> PublishedFact:
    # "from" is a Python keyword.
    ends = {"from": fact.old, "to": fact.new}
    return PublishedFact(model=fact.row, field=fact.field, effective=format_fixed(fact.effective), **ends)


def _value(fact: FactChange) -> PublishedValue:
    ends = {"from": fact.old, "to": fact.new}
    effective = format_fixed(fact.effective)
    return PublishedValue(document=fact.document, row=fact.row, field=fact.field, effective=effective, **ends)


def _set(entry: SetEntry) -> PublishedSet:
    address = addresses.set_acceptance(entry.id)
    return PublishedSet(
        id=entry.id, title=entry.title, documents=entry.documents, precedence=entry.precedence, acceptance=address
    )


def _document(record: Record, entry: DocumentEntry, at: datetime) -> PublishedDocument:
    version = record.in_force(entry.id, at)
    settings = record.entry_at(entry.id, at) or entry
    return PublishedDocument(
        id=entry.id,
        title=settings.title,
        kind=settings.kind,
        published=settings.published,
        in_force=_version(record, version, at) if version else None,
    )


def _version(record: Record, version: Version, at: datetime) -> PublishedVersion:
    settings = record.entry_at(version.id.document, at) or version.entry
    return PublishedVersion(
        document=version.id.document,
        title=settings.title,
        version=version.number,
        posted=format_instant(version.posted),
        effective=format_fixed(version.effective),
        imported=version.imported or None,
        source_sha256=version.sealed.source,
        text_sha256=version.sealed.text,
        seal_sha256=version.sealed.seal or None,
        address=addresses.version_page(version.id),
    )


_DATED = (EntryKind.NOTICE, EntryKind.WITHDRAW, EntryKind.MOVE, EntryKind.SET, EntryKind.RETIRE)


def _announced(record: Record, at: datetime) -> Iterator[Announcement]:
    coming = {version.post.seq for name in record.versions for version in record.announced(name, at)}
    last = {(entry.document, entry.set_id, entry.effective): entry.seq for entry in record.entries if _relates(entry)}
    for effect in effects(record):
        entry = effect.entry
        dated = entry.kind in _DATED and entry.effective and entry.effective > at
        overtaken = _relates(entry) and last[entry.document, entry.set_id, entry.effective] > entry.seq
        if entry.seq in coming or (dated and not overtaken):
            yield _announcement(effect, first_announced(record, entry))


def _relates(entry: Entry) -> bool:
    """Whether an entry replaces an earlier one about the same set or document at the same instant."""
    return entry.kind in (EntryKind.MOVE, EntryKind.SET)


def _announcement(effect: Effect, first: datetime | None) -> Announcement:
    entry = effect.entry
    published = _effect(effect)
    return Announcement(
        **{"class": entry.change_class},  # a Python keyword
        kind=entry.kind,
        document=published.document,
        set=published.set,
        title=effect.document.title,
        posted=format_instant(entry.posted),
        first_announced=format_instant(first) if first else None,
        effective=format_fixed(entry.effective),
        changes=tuple(addresses.change_page(slug) for slug, _ in names(entry)),
        material=entry.material if entry.change_class else None,
        promises=_promises(effect),
        version=published.version,
        address=published.address,
        redline=published.redline,
    )


def _effect(effect: Effect) -> PublishedEffect:
    entry, old = effect.entry, effect.superseded
    return PublishedEffect(
        entry=entry.seq,
        hash=entry.hash,
        kind=entry.kind,
        document=entry.document or None,
        set=entry.set_id or None,
        note=entry.note or None,
        effective=format_fixed(entry.effective),
        version=entry.version or None,
        supersedes=old.number if old else None,
        source_sha256=(entry.sealed.source or None) if entry.sealed else None,
        text_sha256=(entry.sealed.text or None) if entry.sealed else None,
        seal_sha256=(entry.sealed.seal or None) if entry.sealed else None,
        address=addresses.version_page(effect.version.id) if effect.version else None,
        redline=addresses.redline_page(old, entry.version) if old else None,
    )


_MAY_BE_NULL = ("from", "to")


def published_json(value: object) -> dict[str, Any]:
    """Convert a published value to JSON values, in the order of its type, without unknown values."""
    dumped = _ADAPTERS[type(value)].dump_python(value, mode="json", by_alias=True)
    plain = _without_null(dumped)
    assert isinstance(plain, dict)
    return plain


def _without_null(value: object) -> object:
    if isinstance(value, dict):
        return {key: _without_null(one) for key, one in value.items() if one is not None or key in _MAY_BE_NULL}
    return [_without_null(one) for one in value] if isinstance(value, list) else value
