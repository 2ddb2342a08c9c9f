"""Reads `documents.yml`: the documents and sets that it describes, and their order of precedence.

`settings_file` is its schema. `read_settings` reports mistakes against the schema and against `settings_rules`
together. `docs_files` then checks that the files of valid settings exist.
"""

from __future__ import annotations

from dataclasses import field
from typing import Any

from pydantic import TypeAdapter

from engross.common import NO_CACHE, Cache, value_class
from engross.corpus.fields import derived_address, json_schema, written_schema
from engross.corpus.notice_settings import check_notice, notice_promise
from engross.corpus.register_settings import MODELS, check_registers, register_schema
from engross.corpus.requirement_settings import check_requirements, requirements
from engross.corpus.settings_file import (
    DocumentRow,
    ExceptionRow,
    GroundRow,
    PublisherRow,
    SetRow,
    SettingsFile,
    TermsRow,
)
from engross.corpus.settings_rules import (
    check_authority,
    check_baseline,
    check_documents,
    check_exceptions,
    check_grounds,
    check_sets,
    check_timezone,
    check_translations,
)
from engross.corpus.yaml import YamlFile, read, require
from engross.model import DocumentEntry, DocumentKind, Ground, SetEntry, Source

_FILE = TypeAdapter(SettingsFile)


@value_class(frozen=True, slots=True)
class Allowed:
    """An allowed finding of `engross check`: its rule and document and, if limited to these, its clause (label or
    anchor) and words. `place` is the line and column of the exception in `documents.yml`.
    """

    rule: str
    document: str
    because: str
    clause: str = ""
    text: str = ""
    place: tuple[int, int] = (0, 0)


@value_class(frozen=True, slots=True)
class Settings:
    """The content of `documents.yml`; `file` knows the position of each value."""

    timezone: str
    sets: tuple[SetEntry, ...]
    documents: tuple[DocumentEntry, ...]
    file: YamlFile = field(repr=False, compare=False)
    notice: str = ""
    exceptions: tuple[Allowed, ...] = ()
    terms: TermsRow = field(default_factory=TermsRow)
    grounds: tuple[Ground, ...] = ()
    authority: str = ""
    baseline: str = ""
    publish_reference: bool = True
    synonyms: tuple[tuple[str, ...], ...] = ()
    publisher: PublisherRow | None = None
    email_list: str = ""

    @property
    def first_note_command(self) -> str:
        """The command that writes the first note, which names every set and every document with a text."""
        sets = "".join(f" --set {entry.id}" for entry in self.sets)
        documents = "".join(f" --document {entry.id}" for entry in self.documents if entry.file)
        return (
            f"engross change new{sets}{documents} --class substantive --material --effective immediately "
            '--approved-by "<your role>" --summary "The first version."'
        )

    def document(self, id: str) -> DocumentEntry:
        """Return the document with that id; raise KeyError if there is none."""
        for document in self.documents:
            if document.id == id:
                return document
        raise KeyError(id)

    def set(self, id: str) -> SetEntry:
        """Return the set with that id; raise KeyError if there is none."""
        for entry in self.sets:
            if entry.id == id:
                return entry
        raise KeyError(id)

    def sets_with(self, document: str) -> tuple[SetEntry, ...]:
        """Return the sets that contain the document with that id, as their agreement or incorporated."""
        return tuple(entry for entry in self.sets if document in entry.documents)


def read_settings(source: Source, cache: Cache = NO_CACHE) -> Settings:
    """Read the settings in a `documents.yml`; the `cache` keeps its YAML. Raises EngrossError with its mistakes."""
    reading = read(source, _FILE, cache=cache)
    findings = list(reading.findings)
    if reading.file:
        findings += check_timezone(reading.file)
        findings += check_documents(reading.file)
        findings += check_sets(reading.file)
        findings += check_exceptions(reading.file)
        findings += check_grounds(reading.file)
        findings += check_authority(reading.file)
        findings += check_baseline(reading.file)
        findings += check_translations(reading.file)
        findings += check_notice(reading.file)
        findings += check_requirements(reading.file)
        findings += check_registers(reading.file)
    file, rows = require(reading, findings)
    sets = tuple(_set(file, index, row) for index, row in enumerate(rows.sets))
    documents = tuple(_document(file, index, row) for index, row in enumerate(rows.documents))
    exceptions = tuple(_allowed(file, index, row) for index, row in enumerate(rows.exceptions))
    terms = rows.terms or TermsRow()
    grounds = tuple(map(_ground, rows.grounds))
    authority = rows.authority or ""
    return Settings(
        rows.timezone, sets, documents, file, rows.notice or "", exceptions, terms, grounds, authority,
        rows.baseline or "", rows.publish_reference, rows.synonyms, rows.publisher, rows.email_list or "",
    )  # fmt: skip


def documents_schema(*, written: bool = False) -> dict[str, Any]:
    """Return the JSON Schema of `documents.yml`; with `written`, the form for editors."""
    return (written_schema if written else json_schema)(_FILE, "documents.yml")


def _set(file: YamlFile, index: int, row: SetRow) -> SetEntry:
    line = file.place(("sets", index))[0]
    return SetEntry(row.id, row.title, row.agreement, row.incorporates, row.precedence, line, row.consumer)


def _allowed(file: YamlFile, index: int, row: ExceptionRow) -> Allowed:
    place = file.place(("exceptions", index))
    return Allowed(row.rule, row.document, row.because, row.clause or "", row.text or "", place)


def _ground(row: GroundRow) -> Ground:
    return Ground(row.id, row.title, row.cites or "", tuple((one.id, one.text) for one in row.conditions))


def _document(file: YamlFile, index: int, row: DocumentRow) -> DocumentEntry:
    return DocumentEntry(
        id=row.id,
        title=row.title,
        # A model list is sealed as what it was called before there were other registers.
        kind=DocumentKind.CATALOGUE if row.register and row.register.name == MODELS else row.kind,
        file=row.file or "",
        published=row.published or derived_address(row.file or ""),
        changes=row.changes or "",
        numbering=row.numbering,
        description=row.description or "",
        line=file.place(("documents", index))[0],
        grounds=row.grounds,
        policy=row.policy or "",
        notice_days=row.notice_days or 0,
        notice=notice_promise(row.notice, active=row.delivery is not None),
        delivery=row.delivery or "",
        text_required=row.text_required,
        language=row.language or "",
        translation_of=row.translation_of or "",
        governing=(row.governing.language, row.governing.clause) if row.governing else None,
        requires=requirements(file, ("documents", index), row.checklist, row.verbatim, row.agent),
        register=register_schema(row.register),
    )
