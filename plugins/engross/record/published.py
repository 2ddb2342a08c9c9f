"""The record as programs take it: what is in force, what is announced, what was accepted, what a change did.

Each file follows a JSON Schema that is made from its type (`published_types`), and its values are made through it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Literal

from pydantic import TypeAdapter

from engross.corpus.documents import Settings
from engross.corpus.fields import json_schema
from engross.model import ChangeClass, DocumentEntry, EntryKind, SetEntry, Version
from engross.record import addresses
from engross.record.catalogue_changes import FactChange
from engross.record.continued import first_announced
from engross.record.history import Record
from engross.record.instants import sealed_text
from engross.record.posted import Effect, PostedChange, effects, names
from engross.record.published_types import (
    Acceptance,
    Announcement,
    Ledger,
    Manifest,
    PublishedChange,
    PublishedDocument,
    PublishedEffect,
    PublishedFact,
    PublishedPromise,
    PublishedSet,
    PublishedVersion,
    Upcoming,
)
from engross.record.version_types import VersionFacts

SCHEMA_VERSION: Literal[1] = 1
"""Rises when a published file changes in a way that a program reading it must know of."""

_TYPES: Mapping[str, type] = {
    "manifest": Manifest,
    "upcoming": Upcoming,
    "acceptance": Acceptance,
    "change": PublishedChange,
    "version": VersionFacts,
}
_ADAPTERS: Mapping[type, TypeAdapter[Any]] = {type_: TypeAdapter(type_) for type_ in _TYPES.values()}


def published_schemas() -> dict[str, dict[str, Any]]:
    """The JSON Schema (2020-12) of each kind of file, by its name."""
    return {name: json_schema(_ADAPTERS[type_], f"{name}.json") for name, type_ in _TYPES.items()}


def manifest_json(record: Record, settings: Settings, at: datetime, site: str) -> dict[str, Any]:
    """What `manifest.json` holds; `site` is the site's address, empty where it is not known."""
    return _plain(
        Manifest(
            schema_version=SCHEMA_VERSION,
            as_of=sealed_text(at),
            site=site or None,
            ledger=Ledger(entries=len(record.entries), head=record.head or None),
            sets=tuple(_set(entry) for entry in settings.sets),
            documents=tuple(_document(record, entry, at) for entry in settings.documents),
        )
    )


def acceptance_json(
    record: Record, documents: tuple[str, ...], at: datetime, site: str, set_id: str = ""
) -> dict[str, Any] | None:
    """The acceptance record of some documents; None where nothing of the first of them is in force."""
    versions = [version for name in documents if (version := record.in_force(name, at))]
    if not versions or versions[0].id.document != documents[0]:
        return None
    return _plain(
        Acceptance(
            schema_version=SCHEMA_VERSION,
            as_of=sealed_text(at),
            site=site or None,
            set=set_id or None,
            documents=tuple(_version(record, version, at) for version in versions),
            head=record.head,
        )
    )


def upcoming_json(record: Record, at: datetime) -> dict[str, Any]:
    """What `upcoming.json` holds."""
    announced = sorted(_announced(record, at), key=lambda one: (one.effective, one.document or "", one.set or ""))
    return _plain(Upcoming(schema_version=SCHEMA_VERSION, as_of=sealed_text(at), announced=tuple(announced)))


def change_json(
    change: PostedChange,
    change_class: str,
    material: bool | None,
    facts: tuple[FactChange, ...],
    about: str,
    editorial_because: str = "",
) -> dict[str, Any]:
    """A posted change for programs; `about` is the address of the schema."""
    return _plain(
        PublishedChange(
            **{"class": ChangeClass(change_class) if change_class else None},
            about=about,
            change=change.slug,
            material=material,
            editorial_because=editorial_because or None,
            documents=tuple(map(_effect, change.effects)),
            models=tuple(_fact(fact) for fact in facts),
            promises=tuple(one for effect in change.effects for one in _promises(effect)),
            corrects=change.corrects,
            corrected_by=change.corrected_by,
        )
    )


def _promises(effect: Effect) -> tuple[PublishedPromise, ...]:
    entry = effect.entry
    about = {"document": entry.document or None, "set": entry.set_id or None}
    effective = sealed_text(entry.effective) if entry.effective else None
    return tuple(
        PublishedPromise(**about, field=one.field, effective=effective, **{"from": one.old, "to": one.new})
        for one in effect.promised
    )


def _fact(fact: FactChange) -> PublishedFact:
    # "from" is a word of Python.
    ends = {"from": fact.old, "to": fact.new}
    return PublishedFact(model=fact.model, field=fact.field, effective=sealed_text(fact.effective), **ends)


def _set(entry: SetEntry) -> PublishedSet:
    address = addresses.set_acceptance(entry.id)
    return PublishedSet(
        id=entry.id, title=entry.title, documents=entry.documents, precedence=entry.precedence, acceptance=address
    )


def _document(record: Record, entry: DocumentEntry, at: datetime) -> PublishedDocument:
    version = record.in_force(entry.id, at)
    said = record.entry_at(entry.id, at) or entry
    return PublishedDocument(
        id=entry.id,
        title=said.title,
        kind=said.kind,
        published=said.published,
        in_force=_version(record, version, at) if version else None,
    )


def _version(record: Record, version: Version, at: datetime) -> PublishedVersion:
    said = record.entry_at(version.id.document, at) or version.entry
    return PublishedVersion(
        document=version.id.document,
        title=said.title,
        version=version.number,
        posted=sealed_text(version.posted),
        effective=sealed_text(version.effective),
        source_sha256=version.sealed.source,
        text_sha256=version.sealed.text,
        seal_sha256=version.sealed.seal or None,
        address=addresses.version_page(version.id),
    )


_DATED = (EntryKind.NOTICE, EntryKind.WITHDRAW, EntryKind.MOVE, EntryKind.SET, EntryKind.RETIRE)


def _announced(record: Record, at: datetime) -> Iterator[Announcement]:
    coming = {version.post.seq for name in record.versions for version in record.announced(name, at)}
    for effect in effects(record):
        entry = effect.entry
        dated = entry.kind in _DATED and entry.effective and entry.effective > at
        if entry.seq in coming or dated:
            yield _announcement(effect, first_announced(record, entry))


def _announcement(effect: Effect, first: datetime | None) -> Announcement:
    entry = effect.entry
    assert entry.effective is not None
    told = _effect(effect)
    return Announcement(
        **{"class": entry.change_class},  # a word of Python
        kind=entry.kind,
        document=told.document,
        set=told.set,
        title=effect.document.title,
        posted=sealed_text(entry.posted),
        first_announced=sealed_text(first) if first else None,
        effective=sealed_text(entry.effective),
        changes=tuple(addresses.change_page(slug) for slug, _ in names(entry)),
        material=entry.material if entry.change_class else None,
        promises=_promises(effect),
        version=told.version,
        address=told.address,
        redline=told.redline,
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
        effective=sealed_text(entry.effective) if entry.effective else None,
        version=entry.version or None,
        supersedes=old.number if old else None,
        source_sha256=(entry.sealed.source or None) if entry.sealed else None,
        text_sha256=(entry.sealed.text or None) if entry.sealed else None,
        seal_sha256=(entry.sealed.seal or None) if entry.sealed else None,
        address=addresses.version_page(effect.version.id) if effect.version else None,
        redline=addresses.redline_page(old, entry.version) if old else None,
    )


_MAY_BE_NULL = ("from", "to")


def _plain(value: object) -> dict[str, Any]:
    """A published value as JSON has it, in the order of its type and without what is not known."""
    dumped = _ADAPTERS[type(value)].dump_python(value, mode="json", by_alias=True)
    plain = _without_null(dumped)
    assert isinstance(plain, dict)
    return plain


def _without_null(value: object) -> object:
    if isinstance(value, dict):
        return {key: _without_null(one) for key, one in value.items() if one is not None or key in _MAY_BE_NULL}
    return [_without_null(one) for one in value] if isinstance(value, list) else value
