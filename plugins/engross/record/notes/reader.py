"""Read change notes: Markdown files in the notes folder of the docs, which stay there after posting.

The front matter states the change and its grounds, the body is the summary for customers. A note is pending until the
ledger has its name. A note with placeholders (`placeholders`) is refused until people replace them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import Field, field, fields, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter

import engross.common.lazy_re as re
from engross.common import HIDDEN, EngrossError, error, nearest, read_file, shown, value_class
from engross.corpus import (
    Reading,
    YamlFile,
    json_schema,
    read,
    require,
    shown_path,
    written_schema,
)
from engross.model import (
    NOT_FIXED,
    Change,
    ChangeClass,
    Clause,
    Diagnostic,
    Document,
    DocumentEntry,
    GroundGiven,
    NoteRef,
    Source,
    VersionId,
)
from engross.record.encoding import FORMS, parse_written_instant, sha256
from engross.record.notes.placeholders import NOTE_PLACEHOLDER, gaps_of_body, gaps_of_head
from engross.record.notes.recognition import (
    MOST_BYTES,
    ids_exist,
    nearest_ids,
    pasting_mistake,
    second_front_matter,
)
from engross.record.notes.schema import IMMEDIATELY, MOST_OF_TITLE, NoteFile
from engross.record.sealed_files import decode_sealed
from engross.text import (
    CONTROL_CHARACTER as CONTROL,
    blanked,
    front_matter,
    front_matter_yaml,
    hidden_mistake,
    parse,
    read_source,
)

_FILE = TypeAdapter(NoteFile)
SLUG = re.compile(r"[a-z0-9][a-z0-9-]*")
_BESIDE = re.compile(r"([a-z0-9][a-z0-9-]*)\.([a-z0-9][a-z0-9-]*)\.(?:md|ya?ml)")
"""The name of a text beside its note: the names of the note and of the document."""


def note_paths(folder: Path) -> list[Path]:
    """Return the notes of a folder by name, without names that begin with _ or a dot; none if the folder is missing."""
    found = folder.glob("*.md") if folder.is_dir() else ()
    return sorted(filter(is_note, found))


def is_note(path: Path) -> bool:
    """Whether a file of the notes folder is a note, by its name."""
    return path.suffix == ".md" and not path.name.startswith(("_", ".")) and own_text_of(path) is None


def own_text_of(path: Path) -> tuple[str, str] | None:
    """Return the note and the document of a text beside a note, by its name; None for any other file."""
    found = _BESIDE.fullmatch(path.name)
    return (found[1], found[2]) if found else None


@value_class(frozen=True, slots=True)
class Notes:
    """A folder of notes, called `folder` in messages, compared with what was posted.

    `pending` are the notes that were not posted and have no placeholder. `edited` are the names of posted notes that
    changed since, `missing` of those that were deleted. `problems` explain why notes cannot be read, `gaps` are
    placeholders. `texts` are the texts beside pending notes, by note and document; `left` those beside posted ones.
    """

    folder: str
    pending: tuple[Change, ...] = ()
    edited: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    problems: tuple[Diagnostic, ...] = ()
    gaps: tuple[Diagnostic, ...] = ()
    texts: Mapping[tuple[str, str], Document] = field(default_factory=dict)
    left: tuple[Source, ...] = ()


def read_notes(
    folder: Path, zone: ZoneInfo, posted: Mapping[str, NoteRef], documents: Sequence[DocumentEntry] = ()
) -> Notes:
    """Read the notes of a folder. Posted ones are compared by their bytes only: there may be thousands.

    `documents` are those of the site, to suggest the id of one that a note names otherwise.
    """
    pending, edited, problems = list[Change](), list[str](), list[Diagnostic]()
    paths = note_paths(folder)
    for path in paths:
        try:
            if path.is_symlink():
                # The target of a link is not part of a review, and would be sealed.
                problems.append(error("change-note", shown_path(path), 0, 0, "a change note is a file, not a link"))
            elif path.stem not in posted:
                pending.append(read_note(read_source(path, shown_path(path)), zone, documents))
            elif sha256(read_file(path)) != posted[path.stem].sha256:
                edited.append(path.stem)
        except EngrossError as failure:
            problems.extend(failure.diagnostics)
        except OSError as failure:
            message = f"this change note cannot be read: {(failure.strerror or str(failure)).lower()}"
            problems.append(error("change-note", shown_path(path), 0, 0, message))
    missing = sorted(set(posted) - {path.stem for path in paths})
    gaps = tuple(one for one in problems if one.rule == NOTE_PLACEHOLDER)
    left = tuple(one for one in problems if one.rule != NOTE_PLACEHOLDER)
    return Notes(shown_path(folder), tuple(pending), tuple(edited), tuple(missing), left, gaps)


def read_note(source: Source, zone: ZoneInfo, documents: Sequence[DocumentEntry] = ()) -> Change:
    """Return the change note in a source; a day without a time begins at midnight in `zone`. `documents` as in
    `read_notes`.

    Raises EngrossError with every mistake in it, and with each placeholder.
    """
    return _read(source, zone, _gaps(source), documents)


def _gaps(source: Source) -> tuple[Diagnostic, ...]:
    head = front_matter(source)
    if not head:
        return ()
    file = _read_head(source).file
    return (*(gaps_of_head(file) if file else ()), *gaps_of_body(source, len(head)))


@lru_cache(maxsize=256)
def _read_head(source: Source) -> Reading[NoteFile]:
    return read(front_matter_yaml(source), _FILE)


def _read(
    source: Source, zone: ZoneInfo, gaps: Sequence[Diagnostic] = (), documents: Sequence[DocumentEntry] = ()
) -> Change:
    if len(source.data) > MOST_BYTES and not source.sealed:
        raise EngrossError([error("change-note", source.path, 0, 0, _TOO_LONG.format(size=len(source.data)))])
    head = front_matter(source)
    if not head:
        if pasted := pasting_mistake(source):
            raise EngrossError([pasted])
        message = NO_FIRST_KEY if _COMMENT_FIRST.match(source.text) else NO_FACTS
        raise EngrossError([error("change-note", source.path, 1, 1, message)])
    reading = _read_head(source)
    findings = [_with_known_ids(one, reading.file, documents) for one in reading.findings]
    if reading.file:
        findings += _check(reading.file, source, zone)
    findings += _check_body(source, head)
    # A placeholder has no other mistake; "[...]" is a list in YAML, which begins one character earlier.
    places = {(one.line, column) for one in gaps for column in (one.column - 1, one.column)}
    _, row = require(reading, [*gaps, *(one for one in findings if (one.line, one.column) not in places)])
    return _change(row, source, source.text[len(head) :].strip(), zone)


def _with_known_ids(found: Diagnostic, file: YamlFile | None, documents: Sequence[DocumentEntry]) -> Diagnostic:
    """Return a finding about a document that is not named by an id with the ids that exist, the nearest first."""
    named = file.value(("documents",)) if file else None
    paths = [("documents", at) for at in range(len(named))] if isinstance(named, list | tuple) else [("documents",)]
    for path in paths if file and documents and named else ():
        if file and file.text(path) and file.place(path) == (found.line, found.column):
            ids = nearest_ids(file.text(path), documents)
            return replace(found, message=f"{found.message}; {ids_exist(ids)}", fix=ids[0])
    return found


@lru_cache(maxsize=8192)
def posted_note(data: bytes, path: str, slug: str, zone: ZoneInfo) -> Change:
    """Return a sealed note; `slug` is the name it was written under.

    Placeholders are not checked: a posted note stays readable, whatever later versions refuse. The first build of a
    record asks for each note twice: for the summary of its change, and for the redline to its version.
    """
    source = decode_sealed(data, path, f"the sealed change note {slug}", posted_path(path, slug))
    return _read(source, zone)


def posted_path(path: str, slug: str) -> str:
    """Return the path of a sealed note for messages: its original name, in the folder of the file at `path`."""
    return f"{path.rpartition('/')[0]}/{slug}.md"


@lru_cache(maxsize=256)
def summary_tree(source: Source) -> Clause:
    """Return the tree of the summary in a note's source, with the offsets of that source.

    Raises EngrossError if the parser refuses it.
    """
    text, start = source.text, len(front_matter(source))
    start = len(text) - len(text[start:].lstrip())
    # The summary begins on its own line: the indentation of its first line does not count.
    # The record does not store which generation of the parser read a note, so the first one reads all.
    return parse(replace(source, text=f"{blanked(text[:start], start)[:-1]}\n{text[start:]}", reader=1))


def notes_schema(*, written: bool = False) -> dict[str, Any]:
    """Return the JSON Schema of a change note's front matter; with `written`, the form for editors."""
    return (written_schema if written else json_schema)(_FILE, "change note")


_TOO_LONG = (
    f"this note has {{size:,}} bytes, and a change note has at most {MOST_BYTES:,}. Its summary is a few sentences for "
    "customers; put a longer text into a document, and link to it"
)
_SECOND_HEAD = (
    "this note has two front matters. Write all facts, each once, between the first two lines of ---, and delete the "
    "others"
)
NO_FACTS = (
    "a change note begins with its facts between two lines of ---; see the manual, or let engross change new write it"
)
_COMMENT_FIRST = re.compile(r"---[ \t]*\n[ \t]*(?:#|\n)")
NO_FIRST_KEY = (
    "the facts between the two lines of --- cannot be read: the first line below the first --- must be a key, such as "
    "documents: agreement. Delete empty lines above it, and write each fact as a key, a colon and its value"
)


def _check(file: YamlFile, source: Source, zone: ZoneInfo) -> Iterator[Diagnostic]:
    slug = Path(source.path).stem
    if not SLUG.fullmatch(slug):
        fix = re.sub(r"[^a-z0-9]+", "-", slug.lower()).strip("-")
        message = f"the name of a note can only have a to z, 0 to 9 and hyphens, not {shown(slug)}"
        yield error("change-note", source.path, 0, 0, message, fix=f"{fix}.md")
    length = len(" ".join(file.text(("title",)).split()))
    if length > MOST_OF_TITLE and not source.sealed:
        yield file.mistake(("title",), f"has {length} characters; a title has at most {MOST_OF_TITLE}")
    written = file.node(("effective",))
    text = getattr(written, "text", "")
    # Another check already refuses numbers.
    if text and text != IMMEDIATELY and not isinstance(file.value(("effective",)), int | float):
        try:
            parse_written_instant(text, zone)
        except ValueError as problem:
            guess = nearest(text, [IMMEDIATELY])
            also = f', or "{IMMEDIATELY}"' if FORMS in str(problem) else ""
            message = f"{shown(text)} is not valid: {problem}{also}"
            yield file.mistake(("effective",), message, fix=guess)
    if not file.value(("documents",)) and not file.value(("sets",)):
        message = "is missing; name the documents or the sets that the note changes"
        yield file.mistake(("documents",), message)
    if file.text(("class",)) == ChangeClass.SUBSTANTIVE and file.node(("material",)) is None:
        yield file.mistake(
            ("material",), "is missing, and a substantive change is material or not", fix="material: true"
        )


def _check_body(source: Source, head: str) -> Iterator[Diagnostic]:
    at = None if source.sealed else second_front_matter(source, len(head))
    if at is not None:
        yield error("change-note", source.path, *source.position(at), _SECOND_HEAD)
        return
    for found in () if source.sealed else HIDDEN.finditer(source.text, len(head)):
        # A document may have pairs of isolates; a note may not, since it is also read in feeds and messages.
        yield error(CONTROL, source.path, *source.position(found.start()), hidden_mistake(found[0]))
    missing = not source.text[len(head) :].strip()
    try:
        # For example, a comment shows no words.
        missing = missing or not any(clause.inline.text.strip() for clause in summary_tree(source).walk())
    except EngrossError as refusal:
        yield from refusal.diagnostics
    if missing:
        line = head.count("\n") + 1
        yield error("change-note", source.path, line, 1, "the summary that customers read is missing; write it here")


def _change(row: NoteFile, source: Source, summary: str, zone: ZoneInfo) -> Change:
    """Return the note that a front matter and a summary make.

    The fields named here are converted. Every other field of `Change` is the row's field of the same name.
    """
    converted: dict[str, Any] = {
        "slug": Path(source.path).stem,
        "material": bool(row.material),
        "effective": _effective(row.effective, zone),
        "summary": summary,
        "source": source,
        "sha256": sha256(source.data),
        "grounds": tuple(
            GroundGiven(one.ground, one.cites or "", tuple(one.conditions.items())) for one in row.grounds
        ),
        "text": tuple(row.text.items()),
        "anchors": tuple(row.anchors.items()),
        "replaced_by": tuple(row.replaced_by.items()),
        "withdraws": tuple(dict.fromkeys(map(version_id, row.withdraws))),
        "restores": version_id(row.restores) if row.restores else None,
    }
    return Change(**converted | {one.name: _copied(row, one) for one in fields(Change) if one.name not in converted})


def _effective(written: str | None, zone: ZoneInfo) -> datetime | None:
    if written is None:
        return NOT_FIXED
    return None if written == IMMEDIATELY else parse_written_instant(written, zone)


def _copied(row: NoteFile, one: Field[Any]) -> Any:
    """Return a field of the row, or its default in `Change` if the note does not have it. Lists name each item once."""
    value = getattr(row, one.name)
    if isinstance(value, tuple):
        return tuple(dict.fromkeys(value))
    return value or one.default


def named_in(source: Source) -> tuple[frozenset[str], frozenset[str]]:
    """Return the ids of the documents and of the sets that a note names, whatever else is wrong with it; none if its
    front matter cannot be read.
    """
    file = _read_head(source).file if front_matter(source) else None
    documents, sets = (file.value((key,)) if file else () for key in ("documents", "sets"))
    return _ids(documents), _ids(sets)


def _ids(value: object) -> frozenset[str]:
    values = value if isinstance(value, list | tuple) else (value,)
    return frozenset(one for one in values if isinstance(one, str) and one)


def version_id(text: str) -> VersionId:
    """Return the version that is written `agreement@3`. Raises ValueError for any other form."""
    document, sign, number = text.partition("@")
    if not sign or not SLUG.fullmatch(document) or not re.fullmatch(r"[1-9][0-9]{0,8}", number):
        raise ValueError(f"{text!r} is not a version; write its document, @ and its number: agreement@3")
    return VersionId(document, int(number))


def place_in_note(note: Change, *path: str | int) -> tuple[int, int]:
    """Return the 1-based line and column of a note's value at a path of keys ("grounds", 0)."""
    file = _read_head(note.source).file
    return file.place(path) if file else (1, 1)


def note_mistake(note: Change, rule: str, path: Sequence[str | int], message: str, *, fix: str = "") -> Diagnostic:
    """Return a finding about a note's value at a path of keys."""
    line, column = place_in_note(note, *path)
    return error(rule, note.source.path, line, column, message, fix=fix)
