"""Recognise change notes that Engross cannot read: saved in another place or format, or changed by pasting.

Such a file would otherwise be ignored, or published as a page before the change is posted.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from itertools import pairwise
from pathlib import Path, PurePosixPath

import engross.common.lazy_re as re
from engross.common import error
from engross.corpus import Folders, Project, shown_path
from engross.model import Diagnostic, Document, DocumentEntry, Source
from engross.text import front_matter, unix_lines

_RULE = "change-note"
MOST_BYTES = 100_000
"""The most bytes of a pending note; its summary is read in feeds and messages."""
_MOST_READ = 8192
"""The bytes at the beginning of a file that show whether it is a note."""
_MOST_SHOWN = 20_000
"""The most characters of a corrected note that a message has."""
_SUFFIXES = frozenset({"", ".md", ".markdown", ".mdown", ".mkd", ".txt", ".text", ".yml", ".yaml"})
"""The suffixes under which editors save a text."""
_OPENING = re.compile(r"\s*(?:(?:```|~~~)[^\n]*\n\s*)?---[ \t]*\n")
_KEYS = re.compile(
    r"^[ \t]*(documents|sets|class|material|effective|approved_by|grounds|anchors|reference|text|corrects)[ \t]*:",
    re.MULTILINE | re.IGNORECASE,
)
_CODE_FENCE = re.compile(r"(?P<mark>```+|~~~+)[^`\n]*\n(?P<text>.*?)\n?(?:(?P=mark)[`~]*\s*)?\Z", re.DOTALL)


def looks_like_note(path: Path) -> bool:
    """Whether a file begins with the facts of a change note, however it is indented or fenced."""
    # Opening a pipe could wait for ever.
    if path.suffix.lower() not in _SUFFIXES or not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_READ)
    except OSError:
        return False
    text = data.decode("utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig", "replace")
    text = unix_lines(text)
    opening = _OPENING.match(text)
    if opening is None:
        return False
    return _has_facts(re.split(r"\n[ \t]*---", text[opening.end() :])[0])


def _has_facts(head: str) -> bool:
    """Whether a text has the keys of a change note."""
    keys = {found.lower() for found in _KEYS.findall(head)}
    return "effective" in keys and bool(keys & {"documents", "sets"}) and bool(keys & {"class", "approved_by"})


def is_misplaced(path: Path, folders: Folders) -> bool:
    """Whether a file is a note in another place or format than Engross reads."""
    if path.name.startswith("."):
        return False
    if path.parent != folders.notes:
        return looks_like_note(path) and path.parent.resolve() != folders.notes.resolve()
    if path.stem.lower().endswith((".md", ".markdown")):
        return looks_like_note(path)
    # Notes, texts beside them (<note>.<document>.md), and names that are left out on purpose.
    return path.suffix != ".md" and not path.name.startswith("_") and "." not in path.stem and looks_like_note(path)


def misplaced_notes(folders: Folders, project: Project) -> Iterator[Diagnostic]:
    """Yield an error for each note in the docs, or beside mkdocs.yml, that Engross does not read, with its new path."""
    listed = {folders.docs / entry.file for entry in project.settings.documents if entry.file}
    documents = {path.resolve() for path in listed}
    for document in project.documents.values():
        yield from _note_within(document, folders)
    for path in _candidates(folders):
        if path not in listed and is_misplaced(path, folders) and path.resolve() not in documents:
            wanted = _wanted_path(path, folders)
            how = "rename" if wanted.parent == path.parent else "move"
            message = (
                "this is a change note, and Engross reads change notes only from "
                f"{shown_path(folders.notes)}/<name>.md. {how.capitalize()} it to {shown_path(wanted)}"
            )
            yield error(_RULE, shown_path(path), 0, 0, message, fix=shown_path(wanted))


def _note_within(document: Document, folders: Folders) -> Iterator[Diagnostic]:
    """Yield an error if a note was pasted into the text of a document, which would be posted as a part of it."""
    source = document.source
    # A note ends with such a line. The pattern takes a hundred times as long as to look for its beginning.
    if source is None or document.entry.kind.has_rows or "\n---" not in source.text:
        return
    # Front matter ends at the next such line, so that each part of a text is read once.
    for found, closing in pairwise(re.finditer(r"^---[ \t]*$", source.text, re.MULTILINE)):
        if _has_facts(front_matter(replace(source, text=source.text[found.start() : closing.end() + 1]))):
            message = (
                f"this document has the facts of a change note, between two lines of ---. Move the note to a file "
                f"of its own, {shown_path(folders.notes)}/<name>.md, and delete it here"
            )
            yield error(_RULE, source.path, *source.position(found.start()), message)
            return


def _candidates(folders: Folders) -> Iterator[Path]:
    own = {folders.record.resolve(), folders.site.resolve()}
    for folder, inside, names in os.walk(folders.docs):
        inside[:] = sorted(one for one in inside if not one.startswith(".") and Path(folder, one).resolve() not in own)
        yield from (Path(folder, name) for name in sorted(names))
    for outside in (folders.root, folders.root / folders.notes.name):
        if outside.is_dir() and not {outside, *outside.parents} & {folders.docs, folders.notes}:
            yield from sorted(path for path in outside.iterdir() if path.is_file())


def _wanted_path(path: Path, folders: Folders) -> Path:
    stem = re.sub(r"(?:\.(?:md|markdown|txt))+\Z", "", path.stem, flags=re.IGNORECASE)
    slug = re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-") or "change"
    names = (slug if number == 1 else f"{slug}-{number}" for number in range(1, 1000))
    free = (folders.notes / f"{name}.md" for name in names)
    return next(one for one in free if not one.exists() or one.samefile(path))


def pasting_mistake(source: Source) -> Diagnostic | None:
    """Return what pasting changed in a note without readable front matter, with the corrected note; None if the note
    cannot be recognised.
    """
    text, done = source.text, list[str]()
    for _ in range(_MOST_STEPS):
        if done and front_matter(replace(source, text=text)):
            break
        text = _step(text, done)
    if not done or not front_matter(replace(source, text=text)):
        return None
    fix = text.rstrip() + "\n" if len(text) <= _MOST_SHOWN else ""
    whole = "the facts of a change note are between two lines of ---"
    rule = whole if done == [_CLOSE] else "the first line of a change note is ---"
    return error(_RULE, source.path, 1, 1, f"{rule}. {'. '.join(done)}", fix=fix)


def second_front_matter(source: Source, start: int) -> int | None:
    """Return the offset after `start` at which a note has facts again; None if it has none."""
    for found in re.finditer(r"^---[ \t]*$", source.text[start:], re.MULTILINE):
        at = start + found.start()
        if _KEYS.search(front_matter(replace(source, text=source.text[at:]))):
            return at
    return None


_MOST_IDS = 12


def nearest_ids(written: str, documents: Sequence[DocumentEntry]) -> list[str]:
    """Return the ids of some documents; first those whose id, title or file is most like a text that people wrote."""

    def likeness(entry: DocumentEntry) -> float:
        """Return how like the written text the nearest name of a document is, from 0 to 1."""
        names = (entry.id, entry.title, entry.file, PurePosixPath(entry.file).stem)
        wanted = written[:_MOST_COMPARED].casefold()
        return max(SequenceMatcher(None, name[:_MOST_COMPARED].casefold(), wanted).ratio() for name in names)

    return [entry.id for entry in sorted(documents, key=likeness, reverse=True)]


_MOST_COMPARED = 100


def ids_exist(ids: Sequence[str]) -> str:
    """Return a sentence part that lists the ids of documents.yml."""
    more = f" and {len(ids) - _MOST_IDS} more" if len(ids) > _MOST_IDS else ""
    return f"name a document by its id in documents.yml: {', '.join(ids[:_MOST_IDS])}{more}"


_MOST_STEPS = 6
_CLOSE = "Add a line of --- after the facts"
_QUOTED = re.compile(r"(?:>[^\n]*(?:\n|\Z)|[ \t]*\n)+")
# What editors make of ---, and other thematic breaks.
_OTHER_LINE = re.compile(r"^(?!---[ \t]*$)(?:[-—–]+|\*{3,}|_{3,})[ \t]*$", re.MULTILINE)
_FACTS = re.compile(r"(?:---[ \t]*\n)?(?P<facts>(?:[a-z_]+:[^\n]*\n|[ \t]+\S[^\n]*\n|-[ \t][^\n]*\n|#[^\n]*\n)+)")


def _without_lines(text: str, done: list[str]) -> str:
    """Undo what happened to the lines of --- around the facts: written otherwise, or left out."""
    if other := _OTHER_LINE.search(text.partition("\n\n")[0]):
        done.append(f"Write --- instead of {other[0].strip()} in line {text.count(chr(10), 0, other.start()) + 1}")
        return f"{text[: other.start()]}---{text[other.end() :]}"
    facts = _FACTS.match(text)
    if facts and _has_facts(facts["facts"]):
        if not text.startswith("---"):
            done.append("Add a line of --- before the facts")
            return f"---\n{text}"
        done.append(_CLOSE)
        return f"{text[: facts.end()]}---\n{text[facts.end() :]}"
    return text


def _step(text: str, done: list[str]) -> str:
    """Undo one thing that pasting does to a text; add what to do to `done`."""
    if _QUOTED.fullmatch(text) and ">" in text:
        done.append("Delete the > at the beginning of each line")
        return re.sub(r"^>[ ]?", "", text, flags=re.MULTILINE)
    if text != text.lstrip("\n"):
        done.append("Delete the empty lines at its beginning")
        return text.lstrip("\n")
    if fence := _CODE_FENCE.match(text):
        done.append(f"Delete the line {fence['mark']} at its beginning, and the one at its end")
        return fence["text"] + "\n"
    first, _, rest = text.partition("\n")
    lines = [line for line in rest.splitlines() if line.strip()]
    depth = min((len(line) - len(line.lstrip(" \t")) for line in lines), default=0)
    if depth:
        done.append(f"Delete the {'blank' if depth == 1 else f'{depth} blanks'} at the beginning of each line")
        dedented = (line[depth:] if line.strip() else "" for line in rest.split("\n"))
        return "\n".join([first.strip(" \t"), *dedented])
    return _without_lines(text, done)
