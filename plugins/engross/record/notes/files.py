"""Files of change notes: texts beside a note, and a cache of posted notes.

`fix-typo.rules.md` is the text of `rules` that the note `fix-typo` posts. The docs have one text of a document, which
is the announced one while a change is announced; a fix of the text in force needs a separate file. Posted notes never
change, so they are parsed once and cached by hash: parsing a thousand notes takes seconds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field, fields, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, get_type_hints
from zoneinfo import ZoneInfo

from pydantic import BaseModel, create_model

from engross.common import Cache, EngrossError, error, key_of, value_class
from engross.corpus import Project, shown_path
from engross.model import Change, Diagnostic, Document, NoteRef, Source
from engross.record.history import Record
from engross.record.notes.reader import Notes, note_mistake, own_text_of, posted_note, posted_path
from engross.record.posting.drafts import read_tree_of
from engross.record.sealed_files import note_name, sealed_note
from engross.text import decode, read_source

_RULE = "change-note"


def own_text_path(folder: Path, slug: str, document: Document) -> Path:
    """Return the path of a document's text beside a note."""
    return folder / f"{slug}.{document.id}{Path(document.entry.file).suffix.lower() or '.md'}"


def with_own_texts(notes: Notes, folder: Path, project: Project, posted: Mapping[str, NoteRef]) -> Notes:
    """Read the notes of a folder with the texts beside them; mistakes in these are added to the problems."""
    paths = [path for path in sorted(folder.iterdir()) if own_text_of(path)] if folder.is_dir() else []
    unread = {Path(found.path).stem for found in (*notes.problems, *notes.gaps)}
    reading = _Reading(project, {note.slug: note for note in notes.pending}, unread)
    for path in paths:
        try:
            reading.read(path, posted)
        except EngrossError as failure:
            reading.problems += failure.diagnostics
    for note in notes.pending:
        reading.problems += reading.missing(note, folder)
    return replace(
        notes, problems=(*notes.problems, *reading.problems), texts=reading.texts, left=tuple(reading.left)
    )  # fmt: skip


@value_class
class _Reading:
    project: Project
    pending: dict[str, Change]
    # Notes that cannot be read, or that have placeholders: their content is not known.
    unread: set[str]
    texts: dict[tuple[str, str], Document] = field(default_factory=dict)
    left: list[Source] = field(default_factory=list)
    problems: list[Diagnostic] = field(default_factory=list)

    def read(self, path: Path, posted: Mapping[str, NoteRef]) -> None:
        """Read one text. Raises EngrossError if it has a mistake."""
        slug, name = own_text_of(path) or ("", "")
        shown = shown_path(path)
        if path.is_symlink():
            raise EngrossError([error(_RULE, shown, 0, 0, "a text beside a note must be a file, not a link")])
        if slug in posted:
            self.left.append(read_source(path, shown))
            return
        if slug in self.unread:
            return
        note = self.pending.get(slug)
        if note is None or name not in note.own_text:
            message = (
                f"this is named as the text of {name} beside the note {slug}, and no pending note of that name has "
                f"own_text: [{name}]. Delete it, or write that line; a note's own name has no dot"
            )
            raise EngrossError([error(_RULE, shown, 0, 0, message)])
        document = self.project.documents.get(name)
        if document is not None and document.source is not None:
            if (slug, name) in self.texts:
                raise EngrossError([error(_RULE, shown, 0, 0, f"{name} has another text beside the note {slug}")])
            self.texts[slug, name] = _document(document, read_source(path, shown))

    def missing(self, note: Change, folder: Path) -> Iterator[Diagnostic]:
        """Yield what is wrong with the texts that a note says are beside it."""
        for at, name in enumerate(note.own_text):
            document = self.project.documents.get(name)
            message = ""
            if name not in note.documents:
                message = f"the note names no document {name}"
            elif note.corrects:
                message = "a correction posts no text"
            elif document is None or document.source is None:
                message = f"documents.yml lists no file for {name}"
            elif not any(folder.glob(f"{note.slug}.{name}.*")):
                path = shown_path(own_text_path(folder, note.slug, document))
                message = f"the text of {name} must be beside this note, and {path} does not exist"
            if message:
                yield note_mistake(note, _RULE, ("own_text", at), message)


def _document(drafted: Document, source: Source) -> Document:
    """Return a text beside a note as its document. Raises EngrossError if it cannot be read, or is empty."""
    root = read_tree_of(source, drafted.entry)
    if not root.children:
        raise EngrossError([error("empty-document", source.path, 1, 1, "the document has no text; write it")])
    return Document(drafted.entry, source, root)


def read_posted(record: Record, note: NoteRef, zone: ZoneInfo, cache: Cache) -> Change:
    """Return a posted note, as it was written. Raises EngrossError if it was altered."""
    note = record.note(note)
    data = sealed_note(record, note)
    path = f"{record.shown}/{note_name(note)}"
    key = key_of(__name__, "note", note.slug, note.sha256, zone.key)
    kept = cache.made(key, lambda: change_bytes(posted_note(data, path, note.slug, zone)))
    return change_from(kept, decode(data, posted_path(path, note.slug), sealed=True), note)


def change_bytes(change: Change) -> bytes:
    """Return every field of a note except its source and its names, as JSON."""
    kept = _kept_fields()
    return kept(**{name: getattr(change, name) for name in kept.model_fields}).model_dump_json().encode()


def change_from(data: bytes, source: Source, note: NoteRef) -> Change:
    """Return the note that `change_bytes` wrote."""
    kept = _kept_fields().model_validate_json(data)
    values = {name: getattr(kept, name) for name in type(kept).model_fields}
    return Change(slug=note.slug, sha256=note.sha256, source=source, **values)


@lru_cache(maxsize=1)
def _kept_fields() -> type[BaseModel]:
    """A model with the fields of `Change`, apart from those that name a note."""
    types = get_type_hints(Change)
    kept: dict[str, Any] = {one.name: (types[one.name], ...) for one in fields(Change) if one.name not in _NAMED}
    return create_model("KeptNote", **kept)


_NAMED = ("slug", "sha256", "source")
