"""`documents.yml`: which documents there are, which sets they form, and what prevails over what.

`rows` says what may be written, `set_rules` what must fit together; `read_settings` gives both kinds of mistake at
once. Whether the files exist is asked last, and only of settings that are sound: see `check_files`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from engross.corpus.addresses import derived_address
from engross.corpus.fields import json_schema
from engross.corpus.posting_rules import check_authority, check_grounds
from engross.corpus.rows import DocumentRow, ExceptionRow, GroundRow, SetRow, SettingsFile, TermsRow
from engross.corpus.set_rules import check_documents, check_exceptions, check_sets, check_timezone
from engross.corpus.words import meant
from engross.corpus.yaml import YamlFile, read, require
from engross.model import Diagnostic, DocumentEntry, Ground, SetEntry, Source

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


def schema() -> dict[str, Any]:
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
