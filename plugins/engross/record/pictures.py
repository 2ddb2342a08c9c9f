"""The local pictures that a text shows: where they are in the docs folder, and which bytes are sealed with the text.

The parser refuses pictures on other hosts. Of those in texts posted before it did, only the address is sealed.
"""

from __future__ import annotations

import posixpath
import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from engross.characters import CONTROLS, code_point
from engross.errors import EngrossError, error
from engross.model import Diagnostic, Document, MarkKind, Version
from engross.record.canonical import sha256

RULE, MISSING = "picture", "missing-file"
MOST_BYTES = 5_000_000
"""The largest picture that is sealed, in bytes: each is embedded in the self-contained HTML file of its version."""
KINDS: Mapping[str, str] = {
    ".avif": "image/avif",
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
}
"""The media types of the pictures that are sealed, by the suffix of their file."""

_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")


@dataclass(frozen=True, slots=True)
class ShownPicture:
    """A picture that a text shows: its target as written, its path in the docs folder, and where it is first shown.

    `path` leaves the docs folder (`../x.png`) or begins with a slash where the target does.
    """

    target: str
    path: str
    line: int
    column: int
    clause: str


def shown_pictures(document: Document) -> Iterator[ShownPicture]:
    """The local pictures that a document shows, in order, each target once."""
    source, known = document.source, set[str]()
    for clause in document.root.walk() if source else ():
        for mark in clause.inline.marks:
            if source and mark.kind is MarkKind.IMAGE and mark.target not in known and is_local(mark.target):
                known.add(mark.target)
                line, column = source.position(clause.inline.source_offset(mark.start))
                path = picture_path(document.entry.file, mark.target)
                yield ShownPicture(mark.target, path, line, column, clause.label)


def is_local(target: str) -> bool:
    """Whether a picture's target is a path and not the address of another host."""
    return bool(urlsplit(target).path) and not _ABSOLUTE.match(target)


def picture_path(file: str, target: str) -> str:
    """The path, relative to the docs folder, that a target in a document's file leads to."""
    path = unquote(urlsplit(target).path)
    return posixpath.normpath(posixpath.join(posixpath.dirname(file), path))


def leaves_docs(path: str) -> bool:
    """Whether a path, relative to the docs folder and normalized, leads out of it."""
    return path.startswith(("../", "/"))


def path_mistake(path: str) -> str:
    """Why no picture can be sealed under a path, in words, with the fix for a document; empty where one can.

    A path that is sealed is written and linked as it is, on every system: by `engross restore` and by version pages.
    """
    if path.startswith("/"):
        return "its path begins with a slash; write the path relative to the document's file"
    if leaves_docs(path):
        return "it is outside the docs folder; copy it into the folder"
    if posixpath.splitext(path)[1].lower() not in KINDS:
        return f"its file is none of {', '.join(KINDS)}; save it as one of these"
    if odd := CONTROLS.search(path):
        return f"its path holds the character {code_point(odd[0])}; rename the file"
    if "\\" in path or _ABSOLUTE.match(path) or posixpath.normpath(path) != path:
        return "its path is no plain relative path (img/flow.png); rename the file"
    return ""


def read_picture(docs: Path, path: str) -> bytes:
    """The bytes of a picture in the docs folder.

    Raises FileNotFoundError where there is no such file, and ValueError, in words, where it cannot be sealed.
    """
    if mistake := path_mistake(path):
        raise ValueError(mistake)
    file = docs / path
    try:
        if not file.is_file():
            raise FileNotFoundError
        if file.stat().st_size > MOST_BYTES:
            raise ValueError(f"it has more than {MOST_BYTES // 1_000_000} MB; save it smaller")
        return file.read_bytes()
    except FileNotFoundError:
        raise
    except OSError as problem:
        raise ValueError(f"its file cannot be read: {(problem.strerror or str(problem)).lower()}") from None


def docs_pictures(docs: Path, document: Document) -> dict[str, bytes]:
    """The pictures that a document shows, by path. Raises EngrossError with each that cannot be sealed."""
    found, problems = dict[str, bytes](), list[Diagnostic]()
    for shown in shown_pictures(document):
        try:
            found[shown.path] = read_picture(docs, shown.path)
        except FileNotFoundError:
            message = f"there is no file {shown.path} in the docs folder; put it there"
            problems.append(_problem(document, shown, message, MISSING))
        except ValueError as why:
            problems.append(_problem(document, shown, str(why)))
    if problems:
        raise EngrossError(problems)
    return found


def picture_problems(docs: Path, document: Document) -> list[Diagnostic]:
    """Why pictures of a document cannot be sealed; those that are missing are told as broken links, and not here."""
    try:
        docs_pictures(docs, document)
    except EngrossError as refused:
        return [found for found in refused.diagnostics if found.rule != MISSING]
    return []


@dataclass(frozen=True, slots=True)
class PictureHashes:
    """The hashes of the pictures that a text shows, by path, and the text's file, to which targets are relative."""

    file: str
    hashes: Mapping[str, str]


def sealed_hashes(version: Version) -> PictureHashes:
    """The pictures that are sealed with a version."""
    return PictureHashes(version.entry.file, {one.path: one.sha256 for one in version.sealed.pictures})


def docs_hashes(docs: Path, document: Document) -> PictureHashes:
    """The pictures that a document shows, as the docs folder has them."""
    paths = {shown.path for shown in shown_pictures(document)}
    return PictureHashes(document.entry.file, {path: picture_hash(docs, path) for path in paths})


def changed_between(document: Document, old: PictureHashes, new: PictureHashes) -> tuple[str, ...]:
    """The pictures of a document, by path on the new side, that both sides have under one target and that differ.

    A picture that was not sealed cannot be compared; that a target is new is part of the words.
    """
    found = []
    for shown in shown_pictures(document) if old.hashes else ():
        was, path = old.hashes.get(picture_path(old.file, shown.target)), picture_path(new.file, shown.target)
        if was and new.hashes.get(path, was) != was:
            found.append(path)
    return tuple(dict.fromkeys(found))


def changed_pictures(docs: Path, document: Document, version: Version) -> tuple[str, ...]:
    """The pictures that a document shows, by path, that are not those sealed with a version, or are missing."""
    if not version.sealed.pictures:
        return ()
    return changed_between(document, sealed_hashes(version), docs_hashes(docs, document))


def unsealed_pictures(document: Document, version: Version) -> tuple[str, ...]:
    """The pictures, by path, that the text of a version shows and that were not sealed with it."""
    sealed = {one.path for one in version.sealed.pictures}
    paths = (picture_path(version.entry.file, shown.target) for shown in shown_pictures(document))
    return tuple(dict.fromkeys(path for path in paths if path not in sealed))


def data_address(path: str, data: bytes) -> str:
    """A picture as an address that holds its bytes."""
    kind = KINDS.get(posixpath.splitext(path)[1].lower(), "application/octet-stream")
    return f"data:{kind};base64,{b64encode(data).decode()}"


def picture_hash(docs: Path, path: str) -> str:
    """The hash of a picture in the docs folder; empty where it cannot be read."""
    try:
        return sha256(read_picture(docs, path))
    except (OSError, ValueError):
        return ""


def _problem(document: Document, shown: ShownPicture, why: str, rule: str = RULE) -> Diagnostic:
    assert document.source is not None
    message = f"the picture {shown.target} cannot be sealed with the text: {why}"
    return error(rule, document.source.path, shown.line, shown.column, message, clause=shown.clause)
