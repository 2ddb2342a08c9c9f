"""Change notes: Markdown files that people write into the notes folder of the docs, and that stay there for ever.

The front matter says what changes and on what grounds, the body is the summary that customers read. A note is pending
until the ledger holds its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter

from engross.characters import HIDDEN
from engross.corpus.fields import json_schema
from engross.corpus.project import shown_path
from engross.corpus.words import nearest, shown
from engross.corpus.yaml import YamlFile, read, require
from engross.errors import EngrossError, error
from engross.model import Change, ChangeClass, Diagnostic, Document, GroundGiven, NoteRef, Source, VersionId
from engross.record.archive import decode_sealed
from engross.record.canonical import sha256
from engross.record.instants import written_instant
from engross.record.note_gaps import RULE as PLACEHOLDER
from engross.record.note_gaps import gaps_of_body, gaps_of_head
from engross.record.note_rows import IMMEDIATELY, NoteFile
from engross.text import front_matter, parse, read_source
from engross.text.source import RULE as CONTROL
from engross.text.source import hidden_mistake

_FILE = TypeAdapter(NoteFile)
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]*")
_BESIDE = re.compile(r"([a-z0-9][a-z0-9-]*)\.([a-z0-9][a-z0-9-]*)\.(?:md|ya?ml)")
"""The name of a text that lies beside its note: the note's, and that of the document."""
_NOT_LINE_END = re.compile(r"[^\n]")


def note_paths(folder: Path) -> list[Path]:
    """The notes of a folder, in order of name; a name that begins with _ or a dot is no note's. No folder, no notes."""
    found = folder.glob("*.md") if folder.is_dir() else ()
    return sorted(filter(is_note, found))


def is_note(path: Path) -> bool:
    """Whether a file of the notes folder is a note, by its name."""
    return path.suffix == ".md" and not path.name.startswith(("_", ".")) and beside(path) is None


def beside(path: Path) -> tuple[str, str] | None:
    """The note and the document that a text beside a note belongs to, by its name; None for any other file."""
    found = _BESIDE.fullmatch(path.name)
    return (found[1], found[2]) if found else None


@dataclass(frozen=True, slots=True)
class Notes:
    """A folder of notes, called `folder` in messages, against what was posted.

    `pending` are those that were not posted, `edited` the names of those that were and are no longer what was posted,
    `missing` of those that were posted and are gone; `problems` tell why some cannot be read, `gaps` what is still to
    be filled in. A note with a gap is not among the pending ones. `texts` are the texts that lie beside pending notes,
    by note and document; `left` those beside posted ones.
    """

    folder: str
    pending: tuple[Change, ...] = ()
    edited: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    problems: tuple[Diagnostic, ...] = ()
    gaps: tuple[Diagnostic, ...] = ()
    texts: Mapping[tuple[str, str], Document] = field(default_factory=dict)
    left: tuple[Source, ...] = ()


def read_notes(folder: Path, zone: ZoneInfo, posted: Mapping[str, NoteRef]) -> Notes:
    """The notes of a folder. Posted ones are compared by their bytes, and not read: there may be thousands."""
    pending, edited, problems = list[Change](), list[str](), list[Diagnostic]()
    paths = note_paths(folder)
    for path in paths:
        try:
            if path.is_symlink():
                # What it leads to is nobody's to review, and would be sealed.
                problems.append(error("change-note", shown_path(path), 0, 0, "a change note is a file, and no link"))
            elif path.stem not in posted:
                pending.append(read_note(read_source(path, shown_path(path)), zone))
            elif sha256(path.read_bytes()) != posted[path.stem].sha256:
                edited.append(path.stem)
        except EngrossError as failure:
            problems.extend(failure.diagnostics)
    missing = sorted(set(posted) - {path.stem for path in paths})
    gaps = tuple(one for one in problems if one.rule == PLACEHOLDER)
    left = tuple(one for one in problems if one.rule != PLACEHOLDER)
    return Notes(shown_path(folder), tuple(pending), tuple(edited), tuple(missing), left, gaps)


def read_note(source: Source, zone: ZoneInfo) -> Change:
    """The change note that a source holds; a day written without time begins at midnight in `zone`.

    Raises EngrossError with every mistake in it, and with each gap that is still to be filled in.
    """
    return _read(source, zone, _gaps(source))


def _gaps(source: Source) -> tuple[Diagnostic, ...]:
    head = front_matter(source)
    if not head:
        return ()
    file = read(_written_head(source, head), _FILE).file
    return (*(gaps_of_head(file) if file else ()), *gaps_of_body(source, len(head)))


def _written_head(source: Source, head: str) -> Source:
    return Source(source.path, head.rstrip().removesuffix("---"), b"", source.sealed)


def _read(source: Source, zone: ZoneInfo, gaps: Sequence[Diagnostic] = ()) -> Change:
    head = front_matter(source)
    if not head:
        raise EngrossError([error("change-note", source.path, 1, 1, _NO_HEAD)])
    reading = read(_written_head(source, head), _FILE)
    findings = list(reading.findings)
    if reading.file:
        findings += _check(reading.file, source, zone)
    findings += _check_body(source, head)
    # What stands in a gap's place is wrong for no other reason; "[...]" is a list to YAML, which begins one before it.
    places = {(one.line, column) for one in gaps for column in (one.column - 1, one.column)}
    _, row = require(reading, [*gaps, *(one for one in findings if (one.line, one.column) not in places)])
    return _change(row, source, source.text[len(head) :].strip(), zone)


def posted_note(data: bytes, path: str, slug: str, zone: ZoneInfo) -> Change:
    """A sealed note, which was sound when it was posted; `slug` is the name it was written under.

    It is never asked for gaps: what was posted stays readable, whatever later versions find.
    """
    name = f"{path.rpartition('/')[0]}/{slug}.md"
    return _read(decode_sealed(data, path, f"the sealed change note {slug}", name), zone)


def schema() -> dict[str, Any]:
    """The JSON Schema of a change note's front matter."""
    return json_schema(_FILE, "change note")


_NO_HEAD = (
    "a change note begins with its facts between two lines of ---; see the guide, or let engross change new write it"
)


def _check(file: YamlFile, source: Source, zone: ZoneInfo) -> Iterator[Diagnostic]:
    slug = Path(source.path).stem
    if not _SLUG.fullmatch(slug):
        fix = re.sub(r"[^a-z0-9]+", "-", slug.lower()).strip("-")
        message = f"the name of a note is made of a to z, 0 to 9 and hyphens, not {shown(slug)}"
        yield error("change-note", source.path, 0, 0, message, fix=f"{fix}.md")
    written = file.node(("effective",))
    text = getattr(written, "text", "")
    # A number is told to be none already.
    if text and text != IMMEDIATELY and not isinstance(file.value(("effective",)), int | float):
        try:
            written_instant(text, zone)
        except ValueError as problem:
            guess = nearest(text, [IMMEDIATELY])
            message = f'{shown(text)} will not do: {problem}, or "{IMMEDIATELY}"'
            yield file.mistake(("effective",), message, fix=guess)
    if not file.value(("documents",)) and not file.value(("sets",)):
        message = "is missing; a note names the documents or the sets that it changes"
        yield file.mistake(("documents",), message)
    if file.text(("class",)) == ChangeClass.SUBSTANTIVE and file.node(("material",)) is None:
        yield file.mistake(
            ("material",), "is missing, and a substantive change is material or not", fix="material: true"
        )


def _check_body(source: Source, head: str) -> Iterator[Diagnostic]:
    for found in () if source.sealed else HIDDEN.finditer(source.text, len(head)):
        # Pairs of isolates, which a document may hold: a note is read in feeds and messages too.
        yield error(CONTROL, source.path, *source.position(found.start()), hidden_mistake(found[0]))
    missing = not source.text[len(head) :].strip()
    try:
        # A comment, for one, shows no words.
        missing = missing or not any(clause.inline.text.strip() for clause in parse(source).walk())
    except EngrossError as refusal:
        yield from refusal.diagnostics
    if missing:
        line = head.count("\n") + 1
        yield error("change-note", source.path, line, 1, "the summary that customers read is missing; write it here")


def _change(row: NoteFile, source: Source, summary: str, zone: ZoneInfo) -> Change:
    effective = None if row.effective == IMMEDIATELY else written_instant(row.effective, zone)
    return Change(
        slug=Path(source.path).stem,
        documents=tuple(dict.fromkeys(row.documents)),
        change_class=row.change_class,
        material=bool(row.material),
        effective=effective,
        approved_by=row.approved_by,
        summary=summary,
        source=source,
        sha256=sha256(source.data),
        grounds=tuple(GroundGiven(one.ground, one.cites or "", tuple(one.conditions.items())) for one in row.grounds),
        text=tuple(row.text.items()),
        withdraws=tuple(dict.fromkeys(map(version_id, row.withdraws))),
        restores=version_id(row.restores) if row.restores else None,
        corrects=row.corrects or 0,
        emergency=row.emergency or "",
        editorial_because=row.editorial_because or "",
        notice_days=row.notice_days or 0,
        reference=row.reference or "",
        anchors=tuple(row.anchors.items()),
        reuses=row.reuses,
        sets=tuple(dict.fromkeys(row.sets)),
        not_material_because=row.not_material_because or "",
        own_text=tuple(dict.fromkeys(row.own_text)),
        continues=row.continues or "",
        notice_kept_because=row.notice_kept_because or "",
        sooner_because=row.sooner_because or "",
    )


def version_id(text: str) -> VersionId:
    """The version that is written `agreement@3`. Raises ValueError for any other form."""
    document, sign, number = text.partition("@")
    if not sign or not _SLUG.fullmatch(document) or not re.fullmatch(r"[1-9][0-9]{0,8}", number):
        raise ValueError(f"{text!r} is no version; write its document, @ and its number: agreement@3")
    return VersionId(document, int(number))


def place_in_note(note: Change, *path: str | int) -> tuple[int, int]:
    """The line and column, both 1-based, of what a note says at a path of keys ("grounds", 0)."""
    file = read(_written_head(note.source, front_matter(note.source)), _FILE).file
    return file.place(path) if file else (1, 1)


def note_mistake(note: Change, rule: str, path: Sequence[str | int], message: str, *, fix: str = "") -> Diagnostic:
    """A finding about what a note says at a path of keys."""
    line, column = place_in_note(note, *path)
    return error(rule, note.source.path, line, column, message, fix=fix)
