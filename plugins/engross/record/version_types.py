"""What `<n>.json` says of one version, as types from which its JSON Schema is made: its facts, its proof, its clauses.

As in `published_types`, instants are in UTC, and what there is not is absent.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field
from pydantic.dataclasses import dataclass

from engross.corpus.fields import FORBID, Id, Sha256
from engross.model import ChangeClass, DocumentKind
from engross.record.published_types import Address, Instant, Number


@dataclass(frozen=True, kw_only=True, config=FORBID)
class Hashes:
    """What proves a text."""

    source: Sha256 = Field(description="The SHA-256 of the bytes of its source.")
    text: Sha256 = Field(description="The hash of its visible words and structure.")
    seal: Sha256 | None = Field(
        default=None, description="The SHA-256 of its seal file, which the ledger has; absent for versions of format 1."
    )


@dataclass(frozen=True, kw_only=True, config=FORBID)
class FormerHashes:
    """What proved a text before a redaction. Of a seal file that was destroyed the hash alone is left."""

    source: Sha256 | None = Field(default=None, description="The SHA-256 of the bytes of its source.")
    text: Sha256 | None = Field(default=None, description="The hash of its visible words and structure.")
    seal: Sha256 | None = Field(default=None, description="The SHA-256 of its seal file.")


@dataclass(frozen=True, kw_only=True, config=FORBID)
class LedgerEntry:
    """The entry of the ledger that says so."""

    seq: Number = Field(description="Its number.")
    hash: Sha256 = Field(description="Its hash.")


@dataclass(frozen=True, kw_only=True, config=FORBID)
class VersionPicture:
    """A picture that is sealed with the version."""

    path: str = Field(description="Its path in the docs folder when it was sealed.")
    sha256: Sha256 = Field(description="The SHA-256 of its bytes.")
    url: Address = Field(description="The picture as it was posted.")


@dataclass(frozen=True, kw_only=True, config=FORBID)
class VersionNote:
    """A change note that made the version."""

    slug: str = Field(description="The change's name, which never changes.")
    sha256: Sha256 = Field(description="The SHA-256 of the note's bytes.")
    url: Address = Field(description="The page of the posted change.")


@dataclass(frozen=True, kw_only=True, config=FORBID)
class VersionRedaction:
    """Words that were taken out of the sealed text."""

    posted: Instant = Field(description="When that was posted.")
    clause: str = Field(description="The clause they stood in.")
    reason: str = Field(description="Why they were taken out.")
    was: FormerHashes = Field(description="What the text was before.")
    ledger: LedgerEntry = Field(description="The entry of the ledger that says so.")


@dataclass(frozen=True, kw_only=True, config=FORBID)
class VersionClause:
    """A clause of the version."""

    id: str = Field(description="The clause's id, which it keeps from version to version.")
    anchor: str = Field(description="Its anchor within the version's page.")
    label: str = Field(description="What people call it.")
    kind: str = Field(description="What it is: a section, a paragraph, an item…")
    since: Number = Field(description="The first version that had it.")
    changed: Number = Field(description="The last version that changed its words.")
    called: Number = Field(description="The version from which its anchor has meant this clause.")


@dataclass(frozen=True, kw_only=True, config=FORBID)
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
