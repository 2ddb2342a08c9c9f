"""The types of further JSON files for programs: versions of a document, redlines, defined terms, hashes of files.

Addresses are relative to the site's root. Instants are in UTC. Unknown values are absent.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field
from pydantic.dataclasses import dataclass as pydantic_dataclass

from engross.corpus import FORBID, Id
from engross.model import ChangeClass, ReferenceKind, Scope
from engross.record.views.json_types import Address, Instant, Number


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class ListedVersion:
    """A version in the list of a document's versions."""

    version: Number = Field(description="The version's number; a document's versions count from 1.")
    posted: Instant = Field(description="When it was posted, or sealed if it was imported.")
    effective: Instant | None = Field(
        default=None,
        description="From when it applies, unless it is withdrawn before; if imported, from when it is on record. "
        "Absent while it waits for the delivery of its notice: it is not in force before.",
    )
    imported: Literal[True] | None = Field(
        default=None, description="True if its text is from before the record; its data says where it is from."
    )
    withdrawn: Instant | None = Field(default=None, description="From when it no longer applies, if it was withdrawn.")
    change_class: ChangeClass | None = Field(default=None, alias="class", description="The class of the change.")
    material: bool | None = Field(default=None, description="Whether the change was material.")
    supersedes: Number | None = Field(default=None, description="The version before.")
    redacted: bool | None = Field(default=None, description="True where words were redacted from it.")
    address: Address = Field(description="Its own page, a permanent address.")
    data: Address = Field(description="Its data as JSON.")
    redline: Address | None = Field(default=None, description="Its changes from the version before, as JSON.")


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class VersionsFile:
    """All versions of a document, by number. The version in force at an instant is the one with the latest `effective`
    not after it, of equals the highest number, that is not withdrawn by then; none from the instant `retired` on.
    """

    schema_version: Literal[1] = Field(description="The version of this schema.")
    document: Id = Field(description="The document's id, which never changes.")
    retired: Instant | None = Field(default=None, description="From when the document is no longer published.")
    versions: tuple[ListedVersion, ...] = Field(description="The versions, by number.")


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class ChangedClause:
    """A clause that a change is about, in one of the two versions."""

    id: str | None = Field(default=None, description="The clause's id, which it keeps from version to version.")
    anchor: str = Field(description="Its anchor within the page of that version.")
    side: Literal["from", "to"] = Field(description="The version: the new one, or the old one for a removed clause.")


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class RedlineChange:
    """One change. Neighbouring clauses that were added, removed or moved together are one."""

    where: str = Field(description="The label of the clause, as people cite it.")
    clauses: tuple[ChangedClause, ...] = Field(description="The clauses that it is about.")
    kinds: tuple[str, ...] = Field(description="What changed, in English.")
    old: str | None = Field(default=None, description="The words before; absent if there are none.")
    new: str | None = Field(default=None, description="The words after; absent if there are none.")


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class RedlineFile:
    """What changed from one version of a document to another."""

    schema_version: Literal[1] = Field(description="The version of this schema.")
    document: Id = Field(description="The document's id.")
    old: Number = Field(alias="from", description="The old version.")
    new: Number = Field(alias="to", description="The new version.")
    affected: tuple[str, ...] = Field(description="The ids of all clauses that changed, in order.")
    changes: tuple[RedlineChange, ...] = Field(description="The changes, in reading order.")
    pictures: tuple[str, ...] = Field(default=(), description="The paths of the pictures that changed.")


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class TermsDocument:
    """A document whose terms the file has."""

    id: Id = Field(description="The document's id.")
    title: str = Field(description="What it is called.")
    version: Number | None = Field(default=None, description="The version that was read; absent for a draft.")
    address: Address = Field(description="The page of that version, to which anchors belong.")
    clauses: dict[str, tuple[str, str]] = Field(
        description="Clauses that the file names, by anchor: the permanent id (empty if there is none) and the label."
    )


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class Term:
    """A term that a document of the set defines."""

    term: str = Field(description="The term.")
    names: tuple[str, ...] = Field(description="All its names.")
    document: Id = Field(description="The document that defines it.")
    anchor: str = Field(description="The anchor of the definition.")
    clause: str = Field(description="The anchor of the clause with the definition; empty before the first clause.")
    scope: Scope = Field(description="The part of the text that the definition applies to.")
    scope_anchors: tuple[str, ...] = Field(
        default=(), description="The anchors of the sections or clauses that a narrower scope is limited to."
    )
    body: str = Field(description="The text of the definition.")
    target: tuple[str, str] | None = Field(
        default=None, description="What a definition by pointer points at: document and anchor."
    )
    uses: dict[str, dict[str, int]] = Field(
        description="How often it is used, by document and by the anchor of the clause."
    )


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class TermReference:
    """A cross-reference."""

    text: str = Field(description="The words of the reference.")
    kind: ReferenceKind = Field(description="How it names its target.")
    document: Id = Field(description="The document that has it.")
    clause: str = Field(description="The anchor of the clause that has it; empty before the first clause.")
    target: tuple[str, str] | None = Field(
        default=None, description="Document and anchor (empty for the whole document); absent if outside the set."
    )


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class TermsFile:
    """The defined terms of a set, their uses, and its cross-references, as the site shows the set."""

    schema_version: Literal[1] = Field(description="The version of this schema.")
    set: Id = Field(description="The set's id.")
    title: str = Field(description="What the set is called.")
    documents: tuple[TermsDocument, ...] = Field(description="The documents, the agreement first.")
    terms: tuple[Term, ...] = Field(description="The defined terms, in the order of the text.")
    references: tuple[TermReference, ...] = Field(description="The cross-references, in the order of the text.")


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class DocumentHashes:
    """The hashes of the files of a document's versions."""

    title: str = Field(description="What the document is called.")
    files: dict[str, str] = Field(
        description="By ending (`.md`, `.html`): the beginnings of the SHA-256 of the file of version 1, version 2 and "
        "so on, one after another; hyphens where there is no such file."
    )


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class HashesFile:
    """The beginnings of the hashes of all files of versions, to find a file by its hash.

    Compare the whole hash with that of the published file.
    """

    schema_version: Literal[1] = Field(description="The version of this schema.")
    length: Number = Field(description="How many characters of each hash there are.")
    documents: dict[str, DocumentHashes] = Field(description="The documents, by id.")
    sets: dict[str, str] = Field(
        default_factory=dict, description="The beginnings of the hashes of files with a whole set in force, by address."
    )
