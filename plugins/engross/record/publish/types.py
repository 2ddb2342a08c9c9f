"""The types of the JSON files about the record, from which their schemas are made.

What is published of the record for programs: one type for each kind of file, from which its JSON Schema is made.

Addresses are relative to the site's root, so that they hold wherever the site moves; instants are in UTC; what is not
known is absent.

What `<n>.json` says of one version, as types from which its JSON Schema is made: its facts, its proof, its clauses.

As in `published_types`, instants are in UTC, and what there is not is absent.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass as pydantic_dataclass

from engross.corpus import FORBID, Id, Sha256
from engross.model import ChangeClass, DocumentKind, EntryKind

Instant = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
"""An instant in UTC, written 2026-01-31T09:00:00Z."""
Address = Annotated[str, Field(json_schema_extra={"format": "uri-reference"})]
Number = Annotated[int, Field(gt=0)]


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class PublishedVersion:
    """One version of one document."""

    document: Id = Field(description="The document's id, which never changes.")
    title: str = Field(description="What the document is called.")
    version: Number = Field(description="The version's number; a document's versions count from 1.")
    posted: Instant = Field(description="When it was posted.")
    effective: Instant = Field(description="From when it applies.")
    source_sha256: Sha256 = Field(description="The SHA-256 of the bytes of its source.")
    text_sha256: Sha256 = Field(description="The hash of its visible words and structure.")
    seal_sha256: Sha256 | None = Field(
        default=None, description="The SHA-256 of its seal file, which the ledger has; absent for versions of format 1."
    )
    address: Address = Field(description="Its own page, which never changes.")


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class PublishedDocument:
    """A document, and its version in force; absent where none is, or where its text is published elsewhere."""

    id: Id = Field(description="The document's id, which never changes.")
    title: str = Field(description="What the document is called.")
    kind: DocumentKind = Field(description="What it is to its set.")
    published: Address = Field(description="Where it is published.")
    in_force: PublishedVersion | None = Field(default=None, description="Its version in force.")


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class PublishedSet:
    """An agreement and what it incorporates."""

    id: Id = Field(description="The set's id, which never changes.")
    title: str = Field(description="What the set is called.")
    documents: tuple[Id, ...] = Field(description="Its documents, the agreement first.")
    precedence: tuple[tuple[Id, ...], ...] = Field(
        description="What prevails where documents conflict, from high to low; those of one rank together."
    )
    acceptance: Address = Field(description="The acceptance record of the set.")


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class Ledger:
    """The ledger that all of this is told from."""

    entries: int = Field(description="How many entries it has.", ge=0)
    head: Sha256 | None = Field(default=None, description="The hash of its last entry, which is bound to all before.")


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class Manifest:
    """What is in force at an instant."""

    schema_version: Literal[1] = Field(description="The version of this schema.")
    as_of: Instant = Field(description="The instant for which it holds.")
    site: str | None = Field(default=None, description="The site's own address, where it is known.")
    ledger: Ledger = Field(description="The ledger, cut at that instant.")
    sets: tuple[PublishedSet, ...] = Field(description="The sets.")
    documents: tuple[PublishedDocument, ...] = Field(description="All documents.")


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class PublishedPromise:
    """What documents.yml promised of a document or a set, besides its text, and what it promises since."""

    document: Id | None = Field(default=None, description="The document's id.")
    set: Id | None = Field(default=None, description="The set's id, where it is about a set.")
    field: str = Field(description="The key in documents.yml: precedence, incorporates, notice_days and others.")
    old: Any = Field(alias="from", description="What it was; ranks of precedence run from high to low.")
    new: Any = Field(alias="to", description="What it is.")
    effective: Instant | None = Field(default=None, description="From when.")


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class Announcement:
    """Something posted that is to take effect."""

    kind: EntryKind = Field(description="What will happen to the document.")
    document: Id | None = Field(default=None, description="The document's id.")
    set: Id | None = Field(default=None, description="The set's id, where it is about a set.")
    title: str = Field(description="What the document or the set is called.")
    posted: Instant = Field(description="When it was posted.")
    first_announced: Instant | None = Field(
        default=None, description="When it was first announced, where it goes on with an earlier announcement."
    )
    effective: Instant = Field(description="When it takes effect, if nothing else is posted.")
    changes: tuple[Address, ...] = Field(description="The pages of the posted changes that say so.")
    change_class: ChangeClass | None = Field(default=None, alias="class", description="How far it goes.")
    material: bool | None = Field(default=None, description="Whether it is material.")
    promises: tuple[PublishedPromise, ...] = Field(
        default=(), description="What documents.yml will promise otherwise, besides the text."
    )
    version: Number | None = Field(default=None, description="The version it makes, or withdraws.")
    address: Address | None = Field(default=None, description="The page of that version.")
    redline: Address | None = Field(default=None, description="What it changes from the version before.")


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class Upcoming:
    """What is announced at an instant, soonest first."""

    schema_version: Literal[1] = Field(description="The version of this schema.")
    as_of: Instant = Field(description="The instant for which it holds.")
    announced: tuple[Announcement, ...] = Field(description="What is announced.")


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class Acceptance:
    """What someone accepts who accepts a document, or a set, at an instant: to be kept by whoever does."""

    schema_version: Literal[1] = Field(description="The version of this schema.")
    as_of: Instant = Field(description="The instant at which these versions were in force.")
    site: str | None = Field(default=None, description="The site's own address, where it is known.")
    set: Id | None = Field(default=None, description="The id of the set, if it is the record of a whole set.")
    documents: tuple[PublishedVersion, ...] = Field(description="The versions, the agreement first.")
    head: Sha256 | None = Field(
        default=None, description="The hash of the ledger's last entry, which proves what came before."
    )


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class PublishedEffect:
    """What a change did to one document, one set, or one change note."""

    entry: Number = Field(description="The number of the ledger's entry.")
    hash: Sha256 = Field(description="The hash of that entry.")
    kind: EntryKind = Field(description="What happened to the document.")
    document: Id | None = Field(default=None, description="The document's id.")
    set: Id | None = Field(default=None, description="The set's id, where it is about a set.")
    note: Id | None = Field(default=None, description="The note's name, where it is about a change note.")
    effective: Instant | None = Field(default=None, description="From when it applies.")
    version: Number | None = Field(default=None, description="The version that was made, withdrawn or redacted.")
    supersedes: Number | None = Field(default=None, description="The version that stood before.")
    source_sha256: Sha256 | None = Field(default=None, description="The SHA-256 of the bytes of the new source.")
    text_sha256: Sha256 | None = Field(default=None, description="The hash of its visible words and structure.")
    seal_sha256: Sha256 | None = Field(default=None, description="The SHA-256 of its seal file.")
    address: Address | None = Field(default=None, description="The page of that version.")
    redline: Address | None = Field(default=None, description="What changed from the version before.")


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class PublishedFact:
    """A fact of a model list that changed; a fact that was not there, or is no more, is null."""

    model: str = Field(description="The model's id.")
    field: str = Field(description="The fact, as models.json names it; dots part the keys that lead to it.")
    old: Any = Field(alias="from", description="What it was.")
    new: Any = Field(alias="to", description="What it is.")
    effective: Instant = Field(description="From when.")


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class PublishedChange:
    """A posted change, as the items of JSON feeds carry it under `_engross`."""

    about: Address = Field(description="The schema of this object.")
    change: str = Field(description="The change's name, which never changes.")
    change_class: ChangeClass | None = Field(default=None, alias="class", description="How far it goes.")
    material: bool | None = Field(default=None, description="Whether it is material.")
    editorial_because: str | None = Field(
        default=None, description="Why it is editorial although it changes a number, a defined term or a clause."
    )
    documents: tuple[PublishedEffect, ...] = Field(description="What it did to each document.")
    models: tuple[PublishedFact, ...] = Field(default=(), description="What it changed in model lists.")
    promises: tuple[PublishedPromise, ...] = Field(
        default=(), description="What it changed of how documents relate, and of how each may change."
    )
    corrects: tuple[str, ...] = Field(default=(), description="The changes of which it puts right what was said.")
    corrected_by: tuple[str, ...] = Field(default=(), description="The changes that put right what it said.")


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class Hashes:
    """What proves a text."""

    source: Sha256 = Field(description="The SHA-256 of the bytes of its source.")
    text: Sha256 = Field(description="The hash of its visible words and structure.")
    seal: Sha256 | None = Field(
        default=None, description="The SHA-256 of its seal file, which the ledger has; absent for versions of format 1."
    )


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class FormerHashes:
    """What proved a text before a redaction. Of a seal file that was destroyed the hash alone is left."""

    source: Sha256 | None = Field(default=None, description="The SHA-256 of the bytes of its source.")
    text: Sha256 | None = Field(default=None, description="The hash of its visible words and structure.")
    seal: Sha256 | None = Field(default=None, description="The SHA-256 of its seal file.")


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class LedgerEntry:
    """The entry of the ledger that says so."""

    seq: Number = Field(description="Its number.")
    hash: Sha256 = Field(description="Its hash.")


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class VersionPicture:
    """A picture that is sealed with the version."""

    path: str = Field(description="Its path in the docs folder when it was sealed.")
    sha256: Sha256 = Field(description="The SHA-256 of its bytes.")
    url: Address = Field(description="The picture as it was posted.")


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class VersionNote:
    """A change note that made the version."""

    slug: str = Field(description="The change's name, which never changes.")
    sha256: Sha256 = Field(description="The SHA-256 of the note's bytes.")
    url: Address = Field(description="The page of the posted change.")


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class VersionRedaction:
    """Words that were taken out of the sealed text."""

    posted: Instant = Field(description="When that was posted.")
    clause: str = Field(description="The clause they stood in.")
    reason: str = Field(description="Why they were taken out.")
    was: FormerHashes = Field(description="What the text was before.")
    ledger: LedgerEntry = Field(description="The entry of the ledger that says so.")


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class VersionClause:
    """A clause of the version."""

    id: str = Field(description="The clause's id, which it keeps from version to version.")
    anchor: str = Field(description="Its anchor within the version's page.")
    label: str = Field(description="What people call it.")
    kind: str = Field(description="What it is: a section, a paragraph, an item…")
    since: Number = Field(description="The first version that had it.")
    changed: Number = Field(description="The last version that changed its words.")
    called: Number = Field(description="The version from which its anchor has meant this clause.")


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class VersionFacts:
    """One version of one document."""

    format: Literal[1] = Field(description="The version of this schema.")
    document: Id = Field(description="The document's id, which never changes.")
    version: Number = Field(description="The version's number; a document's versions count from 1.")
    title: str = Field(description="What the document was called.")
    kind: DocumentKind = Field(description="What it was to its set.")
    url: Address = Field(description="Its own page, which never changes.")
    posted: Instant = Field(description="When it was posted.")
    effective: Instant = Field(description="From when it applies.")
    change_class: ChangeClass | None = Field(default=None, alias="class", description="How far the change went.")
    material: bool | None = Field(default=None, description="Whether it was material.")
    supersedes: Number | None = Field(default=None, description="The version that stood before.")
    restores: Number | None = Field(default=None, description="The version whose text it puts back.")
    sha256: Hashes = Field(description="What proves its text.")
    seal: Address | None = Field(
        default=None, description="Its seal file, which holds the hashes of its source and its words."
    )
    pictures: tuple[VersionPicture, ...] | None = Field(
        default=None, description="The pictures that it shows, sealed with it; absent where none are."
    )
    ledger: LedgerEntry = Field(description="The entry of the ledger that posted it.")
    notes: tuple[VersionNote, ...] = Field(description="The change notes that made it.")
    redactions: tuple[VersionRedaction, ...] = Field(description="What was taken out of it since.")
    clauses: tuple[VersionClause, ...] = Field(description="Its clauses, in their order.")
