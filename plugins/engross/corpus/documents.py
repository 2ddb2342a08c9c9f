"""`documents.yml`: its schema, and the documents and sets that it describes.

The schema of `documents.yml`: each option is documented where it is declared, and the reference is made from it.

`documents.yml`: which documents there are, which sets they form, and what prevails over what.

`rows` says what may be written, `set_rules` what must fit together; `read_settings` gives both kinds of mistake at
once. Whether the files exist is asked last, and only of settings that are sound: see `check_files`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StrictBool, TypeAdapter
from pydantic.dataclasses import dataclass as pydantic_dataclass

from engross.common import meant
from engross.corpus.document_rules import (
    check_authority,
    check_documents,
    check_exceptions,
    check_grounds,
    check_sets,
    check_timezone,
)
from engross.corpus.fields import FORBID, Days, Id, Text, derived_address, json_schema
from engross.corpus.yaml import YamlFile, read, require
from engross.model import Diagnostic, DocumentEntry, DocumentKind, Ground, SetEntry, Source


def _rank(value: object) -> object:
    """One id is a rank of its own."""
    return value if isinstance(value, tuple | dict) else (value,)


Rank = Annotated[tuple[Text, ...], BeforeValidator(_rank, json_schema_input_type=Text | tuple[Text, ...])]


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class DocumentRow:
    """One document."""

    id: Id = Field(description="Names the document for good: it is never changed and never given to another.")
    title: Text = Field(description="What the document is called, as other documents refer to it.")
    kind: DocumentKind = Field(
        description="What it is to its set. agreement: the contract itself. url-terms: terms that the agreement "
        "incorporates by their address. policy: rules of conduct, whether incorporated or not. catalogue: structured "
        "facts in YAML. notice-only: published elsewhere; only its changes are posted here."
    )
    file: Text | None = Field(
        default=None,
        description="Its source, relative to the docs folder: Markdown (.md, .markdown), or YAML (.yml, .yaml) for a "
        "catalogue. Required unless the kind is notice-only.",
    )
    published: Text | None = Field(
        default=None,
        description="Its address on the site, relative and ending in a slash; by default the one that MkDocs derives "
        "from the file. A notice-only document must have one, which may be an https address elsewhere.",
    )
    changes: Text | None = Field(
        default=None, description="The page on which its changes are posted, relative to the docs folder (.md)."
    )
    numbering: StrictBool = Field(default=False, description="Whether numbers are generated for its clauses.")
    description: Text | None = Field(default=None, description="What the document is about, in a sentence or two.")
    policy: Text | None = Field(
        default=None, description="How its changes are posted, and who promises that; shown with its changes."
    )
    grounds: tuple[Text, ...] = Field(
        default=(), description="The ids of the grounds on which alone it changes; each change rests on one or more."
    )
    notice_days: Days | None = Field(
        default=None, description="How many days before it takes effect a material change is posted, at least."
    )
    text_required: StrictBool = Field(
        default=False,
        description="Whether a change note must name, under `text`, the hash of the text that was approved.",
    )


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class ConditionRow:
    """One of several conditions that must all be met."""

    id: Id = Field(description="Names the condition in change notes.")
    text: Text = Field(description="What must be the case.")


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class GroundRow:
    """A ground on which documents may change that do not change otherwise."""

    id: Id = Field(description="Names the ground in change notes.")
    title: Text = Field(description="What the ground is called where changes are posted.")
    cites: Literal["law", "clause"] | None = Field(
        default=None, description="What a change note must cite for it: a law, or a clause."
    )
    conditions: tuple[ConditionRow, ...] = Field(
        default=(), description="What must all be met; a change note has a sentence for each."
    )


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class SetRow:
    """One set: an agreement, the documents it incorporates, and their order of precedence."""

    id: Id = Field(description="Names the set for good.")
    title: Text = Field(description="What the set is called on the site.")
    agreement: Text = Field(description="The id of its agreement, a document of kind agreement.")
    incorporates: tuple[Text, ...] = Field(
        default=(), description="The ids of the documents that the agreement incorporates."
    )
    precedence: tuple[Rank, ...] = Field(
        default=(),
        description="What prevails where documents conflict, from high to low: ids of documents of the set; a list "
        "holds documents of equal rank.",
    )


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class ExceptionRow:
    """One finding of `engross check`, or several alike, that is allowed."""

    rule: Text = Field(description="The name of the rule that is broken.")
    document: Text = Field(description="The id of the document in which it may be.")
    clause: Text | None = Field(
        default=None, description="The clause in which it may be, by its label or its anchor; by default any."
    )
    text: Text | None = Field(
        default=None, description="The words that the finding is about, such as the undefined term; by default any."
    )
    because: Text = Field(description="Why it is allowed, for whoever asks next.")


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class TermsRow:
    """Which defined terms link where they are used."""

    link: tuple[Text, ...] = Field(
        default=(),
        description="Names that link although by default they do not: pronouns (You) and names without a capital.",
    )
    unlink: tuple[Text, ...] = Field(default=(), description="Names that do not link although by default they do.")
    compounds: StrictBool = Field(
        default=False, description="Whether a term links after a hyphen, as in Non-Customer Data."
    )


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class SettingsFile:
    """The documents a site publishes and the sets they form."""

    timezone: Text = Field(default="UTC", description="The time zone whose days count, by its IANA name.")
    notice: Text | None = Field(
        default=None,
        description="What every document's page says outside the contract text, such as that it is no original.",
    )
    authority: Text | None = Field(
        default=None,
        description="Who names the entries of feeds, as a tag URI has it (RFC 4151): a host name, a comma, and a day "
        "on which that host was the site's, such as terms.example.com,2026. It never changes.",
    )
    grounds: tuple[GroundRow, ...] = Field(
        default=(), description="The grounds on which alone some documents change; a document names its own."
    )
    sets: tuple[SetRow, ...] = Field(min_length=1, description="The sets, in the order in which they are shown.")
    documents: tuple[DocumentRow, ...] = Field(
        min_length=1, description="The documents, in the order in which they are shown."
    )
    exceptions: tuple[ExceptionRow, ...] = Field(
        default=(), description="What `engross check` finds and is allowed to be, each with the reason."
    )
    terms: TermsRow | None = Field(default=None, description="Which defined terms link where they are used.")


_FILE = TypeAdapter(SettingsFile)


@dataclass(frozen=True, slots=True)
class Allowed:
    """A finding of `engross check` that is allowed: of which rule, in which document, and in which clause (its label or
    anchor) and about which words, where that is narrowed down. `place` is the line and column that say so.
    """

    rule: str
    document: str
    because: str
    clause: str = ""
    text: str = ""
    place: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Settings:
    """What `documents.yml` says; `file` knows where it says it."""

    timezone: str
    sets: tuple[SetEntry, ...]
    documents: tuple[DocumentEntry, ...]
    file: YamlFile = field(repr=False, compare=False)
    notice: str = ""
    exceptions: tuple[Allowed, ...] = ()
    terms: TermsRow = field(default_factory=TermsRow)
    grounds: tuple[Ground, ...] = ()
    authority: str = ""

    def document(self, id: str) -> DocumentEntry:
        """The document with that id; KeyError where there is none."""
        for document in self.documents:
            if document.id == id:
                return document
        raise KeyError(id)

    def set(self, id: str) -> SetEntry:
        """The set with that id; KeyError where there is none."""
        for entry in self.sets:
            if entry.id == id:
                return entry
        raise KeyError(id)

    def sets_with(self, document: str) -> tuple[SetEntry, ...]:
        """The sets that the document with that id belongs to, as their agreement or incorporated by it."""
        return tuple(entry for entry in self.sets if document in entry.documents)


def read_settings(source: Source) -> Settings:
    """The settings that a `documents.yml` holds. Raises EngrossError with every mistake in it."""
    reading = read(source, _FILE)
    findings = list(reading.findings)
    if reading.file:
        findings += check_timezone(reading.file)
        findings += check_documents(reading.file)
        findings += check_sets(reading.file)
        findings += check_exceptions(reading.file)
        findings += check_grounds(reading.file)
        findings += check_authority(reading.file)
    file, written = require(reading, findings)
    sets = tuple(_set(file, index, row) for index, row in enumerate(written.sets))
    documents = tuple(_document(file, index, row) for index, row in enumerate(written.documents))
    exceptions = tuple(_allowed(file, index, row) for index, row in enumerate(written.exceptions))
    terms = written.terms or TermsRow()
    grounds = tuple(map(_ground, written.grounds))
    authority = written.authority or ""
    return Settings(
        written.timezone, sets, documents, file, written.notice or "", exceptions, terms, grounds, authority
    )  # fmt: skip


def documents_schema() -> dict[str, Any]:
    """The JSON Schema of `documents.yml`."""
    return json_schema(_FILE, "documents.yml")


def check_files(settings: Settings, docs: Path) -> list[Diagnostic]:
    """A diagnostic for each document whose file does not exist in the docs folder."""
    found = []
    for index, document in enumerate(settings.documents):
        wrong = _file_mistake(docs, document.file) if document.file else ""
        if wrong:
            found.append(settings.file.mistake(("documents", index, "file"), wrong, rule="file"))
    return found


def _file_mistake(docs: Path, file: str) -> str:
    """Why a file cannot be read from the docs folder, or an empty string."""
    path = docs / file
    try:
        if path.is_file():
            return ""
        return f"there is no file {file} in the docs folder{meant(file, _siblings(docs, path))}"
    except (OSError, RuntimeError) as mistake:
        return f"{file} cannot be read: {mistake}"


def _siblings(docs: Path, path: Path) -> Iterator[str]:
    """The files, relative to the docs folder, beside which a missing one would stand."""
    folder = path.parent
    names = sorted(folder.iterdir()) if folder.is_dir() else []
    return (name.relative_to(docs).as_posix() for name in names if name.is_file())


def _set(file: YamlFile, index: int, row: SetRow) -> SetEntry:
    line = file.place(("sets", index))[0]
    return SetEntry(row.id, row.title, row.agreement, row.incorporates, row.precedence, line)


def _allowed(file: YamlFile, index: int, row: ExceptionRow) -> Allowed:
    place = file.place(("exceptions", index))
    return Allowed(row.rule, row.document, row.because, row.clause or "", row.text or "", place)


def _ground(row: GroundRow) -> Ground:
    return Ground(row.id, row.title, row.cites or "", tuple((one.id, one.text) for one in row.conditions))


def _document(file: YamlFile, index: int, row: DocumentRow) -> DocumentEntry:
    return DocumentEntry(
        id=row.id,
        title=row.title,
        kind=row.kind,
        file=row.file or "",
        published=row.published or derived_address(row.file or ""),
        changes=row.changes or "",
        numbering=row.numbering,
        description=row.description or "",
        line=file.place(("documents", index))[0],
        grounds=row.grounds,
        policy=row.policy or "",
        notice_days=row.notice_days or 0,
        text_required=row.text_required,
    )
