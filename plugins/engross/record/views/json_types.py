"""The types of the JSON files about the record, from which their JSON Schemas are made; `VersionFacts` is `<n>.json`.

Addresses are relative to the site's root, so that they stay valid if the site moves. Instants are in UTC. Unknown
values are absent.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass as pydantic_dataclass

from engross.corpus import FORBID, Id, Sha256
from engross.model import ChangeClass, DateKind, DocumentKind, EntryKind, SourceKind

Instant = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
"""An instant in UTC, written 2026-01-31T09:00:00Z."""
Day = Annotated[str, Field(json_schema_extra={"format": "date"})]
Address = Annotated[str, Field(json_schema_extra={"format": "uri-reference"})]
Number = Annotated[int, Field(gt=0)]


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class PublishedVersion:
    """One version of one document."""

    document: Id = Field(description="The document's id, which never changes.")
    title: str = Field(description="What the document is called.")
    version: Number = Field(description="The version's number; a document's versions count from 1.")
    posted: Instant = Field(description="When it was posted, or sealed if it was imported.")
    effective: Instant | None = Field(
        default=None,
        description="From when it applies; if it was imported, from when it is on record. Absent while it waits for "
        "the delivery of its notice.",
    )
    imported: Literal[True] | None = Field(
        default=None, description="True if its text is from before the record; its page says where it is from."
    )
    source_sha256: Sha256 = Field(description="The SHA-256 of the bytes of its source.")
    text_sha256: Sha256 = Field(description="The hash of its visible words and structure.")
    seal_sha256: Sha256 | None = Field(
        default=None, description="The SHA-256 of its seal file, as in the ledger; absent for versions of format 1."
    )
    address: Address = Field(description="Its own page, a permanent address.")


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class PublishedDocument:
    """A document and its version in force, which is absent if there is none or if the text is published elsewhere."""

    id: Id = Field(description="The document's id, which never changes.")
    title: str = Field(description="What the document is called.")
    kind: DocumentKind = Field(description="Its role in its set.")
    published: Address = Field(description="Where it is published.")
    in_force: PublishedVersion | None = Field(default=None, description="Its version in force.")


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class PublishedSet:
    """An agreement and what it incorporates."""

    id: Id = Field(description="The set's id, which never changes.")
    title: str = Field(description="What the set is called.")
    documents: tuple[Id, ...] = Field(description="Its documents, the agreement first.")
    precedence: tuple[tuple[Id, ...], ...] = Field(
        description="The order of precedence if documents conflict, from high to low; equal ranks together."
    )
    acceptance: Address = Field(description="The acceptance record of the set.")


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class Ledger:
    """The ledger from which the file was made."""

    entries: int = Field(description="How many entries it has.", ge=0)
    head: Sha256 | None = Field(
        default=None, description="The hash of its last entry, which covers all entries before."
    )


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class Manifest:
    """The versions in force at an instant."""

    schema_version: Literal[1] = Field(description="The version of this schema.")
    as_of: Instant = Field(description="The instant that the file describes.")
    site: str | None = Field(default=None, description="The site's own address, where it is known.")
    ledger: Ledger = Field(description="The ledger up to that instant.")
    sets: tuple[PublishedSet, ...] = Field(description="The sets.")
    documents: tuple[PublishedDocument, ...] = Field(description="All documents.")


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class PublishedPromise:
    """A changed setting of a document or a set in documents.yml, besides its text."""

    document: Id | None = Field(default=None, description="The document's id.")
    set: Id | None = Field(default=None, description="The set's id, where it is about a set.")
    field: str = Field(description="The key in documents.yml: precedence, incorporates, notice_days and others.")
    old: Any = Field(alias="from", description="The old value; ranks of precedence run from high to low.")
    new: Any = Field(alias="to", description="The new value.")
    effective: Instant | None = Field(default=None, description="From when.")


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class Announcement:
    """A posted change that has yet to take effect."""

    kind: EntryKind = Field(description="What will happen to the document.")
    document: Id | None = Field(default=None, description="The document's id.")
    set: Id | None = Field(default=None, description="The set's id, where it is about a set.")
    title: str = Field(description="What the document or the set is called.")
    posted: Instant = Field(description="When it was posted.")
    first_announced: Instant | None = Field(
        default=None, description="When it was first announced, if it continues an earlier announcement."
    )
    effective: Instant | None = Field(
        default=None,
        description="When it takes effect, unless something else is posted. Absent while it waits for the delivery of "
        "its notice, which fixes it.",
    )
    changes: tuple[Address, ...] = Field(description="The pages of the posted changes that announce it.")
    change_class: ChangeClass | None = Field(default=None, alias="class", description="Its class.")
    material: bool | None = Field(default=None, description="Whether it is material.")
    promises: tuple[PublishedPromise, ...] = Field(
        default=(), description="The settings in documents.yml that will change, besides the text."
    )
    version: Number | None = Field(default=None, description="The version that it makes or withdraws.")
    address: Address | None = Field(default=None, description="The page of that version.")
    redline: Address | None = Field(default=None, description="Its changes from the version before.")


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class Upcoming:
    """The announced changes at an instant, soonest first."""

    schema_version: Literal[1] = Field(description="The version of this schema.")
    as_of: Instant = Field(description="The instant that the file describes.")
    announced: tuple[Announcement, ...] = Field(description="The announced changes.")


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class Acceptance:
    """What a customer accepts with a document or a set at an instant. Store it as the proof of acceptance."""

    schema_version: Literal[1] = Field(description="The version of this schema.")
    as_of: Instant = Field(description="The instant at which these versions were in force.")
    site: str | None = Field(default=None, description="The site's own address, where it is known.")
    set: Id | None = Field(default=None, description="The id of the set, if it is the record of a whole set.")
    documents: tuple[PublishedVersion, ...] = Field(description="The versions, the agreement first.")
    head: Sha256 | None = Field(
        default=None, description="The hash of the ledger's last entry, which covers all entries before."
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
    supersedes: Number | None = Field(default=None, description="The version before.")
    source_sha256: Sha256 | None = Field(default=None, description="The SHA-256 of the bytes of the new source.")
    text_sha256: Sha256 | None = Field(default=None, description="The hash of its visible words and structure.")
    seal_sha256: Sha256 | None = Field(default=None, description="The SHA-256 of its seal file.")
    address: Address | None = Field(default=None, description="The page of that version.")
    redline: Address | None = Field(default=None, description="What changed from the version before.")


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class PublishedFact:
    """A fact of a model list that changed; the old value of a new fact and the new value of a removed one are null."""

    model: str = Field(description="The model's id.")
    field: str = Field(description="The fact, as models.json names it; dots separate nested keys.")
    old: Any = Field(alias="from", description="The old value.")
    new: Any = Field(alias="to", description="The new value.")
    effective: Instant | None = Field(
        default=None, description="From when. Absent while it waits for the delivery of its notice."
    )


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class PublishedValue:
    """A value of a register that changed; the old value of a new one and the new value of a removed one are null."""

    document: Id = Field(description="The register's id.")
    row: str = Field(description="The row's id.")
    field: str = Field(description="The column's id.")
    old: str | None = Field(alias="from", description="The old value.")
    new: str | None = Field(alias="to", description="The new value.")
    effective: Instant | None = Field(
        default=None, description="From when. Absent while it waits for the delivery of its notice."
    )


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class PublishedChange:
    """A posted change, as the items of JSON feeds contain it under `_engross`."""

    about: Address = Field(description="The schema of this object.")
    change: str = Field(description="The change's name, which never changes.")
    title: str | None = Field(default=None, description="What changes, in a few words; absent without a note.")
    change_class: ChangeClass | None = Field(default=None, alias="class", description="Its class.")
    material: bool | None = Field(default=None, description="Whether it is material.")
    editorial_because: str | None = Field(
        default=None, description="Why it is editorial although it changes a number, a defined term or a clause."
    )
    documents: tuple[PublishedEffect, ...] = Field(description="What it did to each document.")
    models: tuple[PublishedFact, ...] = Field(default=(), description="What it changed in model lists.")
    rows: tuple[PublishedValue, ...] = Field(default=(), description="What it changed in other registers.")
    promises: tuple[PublishedPromise, ...] = Field(
        default=(), description="The settings that changed: how documents relate, and how each may change."
    )
    corrects: tuple[str, ...] = Field(default=(), description="The changes that it corrects.")
    corrected_by: tuple[str, ...] = Field(default=(), description="The changes that correct it.")


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class Hashes:
    """The hashes that prove a text."""

    source: Sha256 = Field(description="The SHA-256 of the bytes of its source.")
    text: Sha256 = Field(description="The hash of its visible words and structure.")
    seal: Sha256 | None = Field(
        default=None, description="The SHA-256 of its seal file, as in the ledger; absent for versions of format 1."
    )


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class FormerHashes:
    """The hashes of a text before a redaction. If the seal file was destroyed, only its hash is left."""

    source: Sha256 | None = Field(default=None, description="The SHA-256 of the bytes of its source.")
    text: Sha256 | None = Field(default=None, description="The hash of its visible words and structure.")
    seal: Sha256 | None = Field(default=None, description="The SHA-256 of its seal file.")


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class LedgerEntry:
    """The ledger entry that records it."""

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
    title: str | None = Field(default=None, description="What changes, in a few words.")
    sha256: Sha256 = Field(description="The SHA-256 of the note's bytes.")
    url: Address = Field(description="The page of the posted change.")


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class VersionRedaction:
    """Words that were redacted from the sealed text."""

    posted: Instant = Field(description="When the redaction was posted.")
    clause: str = Field(description="The clause of the redacted words.")
    reason: str = Field(description="The reason of the redaction.")
    was: FormerHashes = Field(description="The hashes of the text before.")
    ledger: LedgerEntry = Field(description="The ledger entry of the redaction.")


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class VersionClause:
    """A clause of the version."""

    id: str = Field(description="The clause's id, which it keeps from version to version.")
    anchor: str = Field(description="Its anchor within the version's page.")
    label: str = Field(description="Its label, as people cite it.")
    kind: str = Field(description="Its kind: a section, a paragraph, an item…")
    since: Number = Field(description="The first version that had it.")
    changed: Number = Field(description="The last version that changed its words.")
    called: Number = Field(description="The version from which its anchor has meant this clause.")
    last_day_to_object: Day | None = Field(
        default=None,
        description="The last day on which customers may object to it, if it is a new row of a register of "
        "sub-processors.",
    )


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class ClaimedFacts:
    """The date that the source of an imported text claims."""

    date: str = Field(description="A day, or an instant in UTC.")
    kind: DateKind = Field(description="What it is the date of: the commit, the publication or the effect.")


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class SourceFacts:
    """Where an imported text is from."""

    kind: SourceKind = Field(description="A git repository, a folder of files, or an Open Terms Archive.")
    path: str = Field(description="The path of its file there.")
    commit: str | None = Field(default=None, description="The id of its commit.")
    sha256: Sha256 | None = Field(default=None, description="The hash of its original file, if it was cleaned.")


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class ImportFacts:
    """What is known of an imported text, which nobody recorded when it was published."""

    claimed: ClaimedFacts = Field(description="The date that its source claims.")
    source: SourceFacts = Field(description="Where it is from.")


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class VersionFacts:
    """One version of one document."""

    format: Literal[1] = Field(description="The version of this schema.")
    document: Id = Field(description="The document's id, which never changes.")
    version: Number = Field(description="The version's number; a document's versions count from 1.")
    title: str = Field(description="What the document was called.")
    kind: DocumentKind = Field(description="Its role in its set.")
    language: str | None = Field(default=None, description="The language of its text, as a BCP 47 tag.")
    url: Address = Field(description="Its own page, a permanent address.")
    posted: Instant = Field(description="When it was posted, or sealed if it was imported.")
    effective: Instant | None = Field(
        default=None,
        description="From when it applies; if it was imported, from when it is on record. Absent while it waits for "
        "the delivery of its notice.",
    )
    imported: ImportFacts | None = Field(
        default=None, description="Where an imported version is from; absent if it was posted."
    )
    change_class: ChangeClass | None = Field(default=None, alias="class", description="The class of the change.")
    material: bool | None = Field(default=None, description="Whether it was material.")
    supersedes: Number | None = Field(default=None, description="The version before.")
    restores: Number | None = Field(default=None, description="The version whose text it restores.")
    sha256: Hashes = Field(description="The hashes that prove its text.")
    seal: Address | None = Field(
        default=None, description="Its seal file, which has the hashes of its source and its words."
    )
    pictures: tuple[VersionPicture, ...] | None = Field(
        default=None, description="Its pictures, sealed with it; absent if there are none."
    )
    ledger: LedgerEntry = Field(description="The entry of the ledger that posted it.")
    notes: tuple[VersionNote, ...] = Field(description="The change notes that made it.")
    redactions: tuple[VersionRedaction, ...] = Field(description="Its redactions since.")
    clauses: tuple[VersionClause, ...] = Field(description="Its clauses, in their order.")


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class ClauseListsFile:
    """The clauses of all versions of a document, each once in each wording. Pages that compare versions read it."""

    schema_version: Literal[1] = Field(description="The version of this schema.")
    document: Id = Field(description="The document's id.")
    texts: tuple[str | tuple[str, ...], ...] = Field(
        description="The distinct texts of clauses: the words, or a list of the words and the targets of their links."
    )
    clauses: tuple[tuple[str, str, str, str, int], ...] = Field(
        description="The distinct clauses: permanent id, kind, anchor, label, and the index of the text, from 0."
    )
    versions: dict[str, tuple[int, ...]] = Field(
        description="The clauses of each version, by its number, in order: an index in `clauses`, from 0, and the "
        "count of clauses that follow from there, and so on."
    )
    marks: dict[str, tuple[int, ...]] = Field(
        description="The words that differ, by the indexes of two texts (`3,7`, the smaller first): the lengths of "
        "what is equal, only in the first and only in the second, and so on, in UTF-16 code units. Texts that are many "
        "wordings apart have none."
    )
