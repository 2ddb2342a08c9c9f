"""What a person writes of imported versions: a YAML file with a title, a class and a summary for commits or files.

An import invents none of these. What the file says becomes a change note of the version, sealed with it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from pydantic import Field, StrictBool, TypeAdapter
from pydantic.dataclasses import dataclass as pydantic_dataclass

from engross.common import EngrossError, value_class
from engross.corpus import FORBID, Text, YamlFile, read, require
from engross.model import ChangeClass, Diagnostic, ImportSource, Source
from engross.record import MOST_OF_TITLE, ImportedText, posted_note

NOT_RECORDED = "not recorded"
_LEAST = 7
"""The fewest characters of a commit's id that name it."""


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class NoteRow:
    """What a person writes of one imported version."""

    title: Text | None = Field(default=None, description="What changed, in at most 80 characters.")
    change_class: ChangeClass = Field(alias="class", description="format, editorial or substantive.")
    material: StrictBool = Field(default=False, description="Whether the change was material.")
    summary: Text = Field(description="What changed, for customers, as Markdown.")
    approved_by: Text = Field(default=NOT_RECORDED, description="Who approved it, as a role, if that is known.")


_ROWS = TypeAdapter(dict[str, NoteRow])


@value_class(frozen=True, slots=True)
class WrittenNotes:
    """The content of the file, by the beginnings of commit ids or the paths of files."""

    file: YamlFile
    rows: Mapping[str, NoteRow]

    def added(self, texts: Sequence[ImportedText], zone: ZoneInfo) -> tuple[ImportedText, ...]:
        """Return texts with the notes about them. Raises EngrossError for notes about none of them or about several."""
        about: dict[int, str] = {}
        problems: list[Diagnostic] = []
        for name in self.rows:
            found = [at for at, text in enumerate(texts) if _names(name, text.source)]
            if len(found) == 1 and found[0] not in about:
                about[found[0]] = name
            else:
                problems.append(self.file.mistake((name,), _MISTAKES[min(len(found), 2)]))
        if problems:
            raise EngrossError(problems)
        return tuple(
            self._with_note(text, at + 1, about[at], zone) if at in about else text for at, text in enumerate(texts)
        )

    def _with_note(self, text: ImportedText, number: int, name: str, zone: ZoneInfo) -> ImportedText:
        slug = f"imported-{text.document.id}-{number}"
        data = _note(self.rows[name], text.document.id)
        try:
            return replace(text, note=posted_note(data, f"/{slug}.md", slug, zone))
        except EngrossError as refusal:
            why = refusal.diagnostics[0].message
            raise EngrossError([self.file.mistake((name,), f"cannot be a change note: {why}")]) from None


_MISTAKES = (
    "names no version that is imported: write at least 7 characters of a commit's id, or the name of a file, as the "
    "table of --dry-run shows them",
    "names a version that another key names too",
    "names several versions that are imported; write more characters of the commit's id",
)


def read_notes_file(source: Source) -> WrittenNotes:
    """Read the file. Raises EngrossError with every mistake in it."""
    reading = read(source, _ROWS)
    file, rows = require(reading, reading.findings)
    long = [name for name, row in rows.items() if len(row.title or "") > MOST_OF_TITLE]
    if long:
        raise EngrossError(
            [file.mistake((name, "title"), f"has more than {MOST_OF_TITLE} characters") for name in long]
        )
    return WrittenNotes(file, rows)


def _names(name: str, source: ImportSource) -> bool:
    if source.commit:
        return len(name) >= _LEAST and source.commit.startswith(name.lower())
    return name == source.path


def _note(row: NoteRow, document: str) -> bytes:
    """The bytes of a change note. JSON strings are YAML strings."""
    title = [f"title: {json.dumps(row.title, ensure_ascii=False)}"] if row.title else []
    lines = [
        "---",
        *title,
        f"documents: {document}",
        f"class: {row.change_class}",
        f"material: {json.dumps(row.material)}",
        "effective: immediately",
        f"approved_by: {json.dumps(row.approved_by, ensure_ascii=False)}",
        "---",
        "",
        row.summary.strip(),
        "",
    ]
    return "\n".join(lines).encode()
