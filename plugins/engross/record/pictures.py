"""The local pictures that a text shows: their paths in the docs folder, and the bytes that are sealed with the text.

The parser refuses pictures on other hosts. Of such pictures in older texts, only the address is sealed.
"""

from __future__ import annotations

import posixpath
from base64 import b64encode
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from engross.common import CONTROLS, EngrossError, code_point, error, read_file, value_class
from engross.model import Diagnostic, Document, MarkKind, Version
from engross.record.encoding import sha256
from engross.text import is_absolute

PICTURE, MISSING = "picture", "missing-file"
MOST_BYTES = 5_000_000
"""The largest picture that can be sealed, in bytes. Each is embedded in the self-contained copy of its version."""
KINDS: Mapping[str, str] = {
    ".avif": "image/avif",
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
}
"""The media types of pictures that can be sealed, by suffix."""


@value_class(frozen=True, slots=True)
class ShownPicture:
    """A picture that a text shows: its target as written, its path in the docs folder, and its first place in the text.

    `path` leads out of the docs folder (`../x.png`) or begins with a slash if the target does.
    """

    target: str
    path: str
    line: int
    column: int
    clause: str


def shown_pictures(document: Document) -> Iterator[ShownPicture]:
    """Yield the local pictures of a document in order, each target once."""
    source, known = document.source, set[str]()
    for clause in document.root.walk() if source else ():
        for mark in clause.inline.marks:
            if source and mark.kind is MarkKind.IMAGE and mark.target not in known and is_local(mark.target):
                known.add(mark.target)
                line, column = source.position(clause.inline.source_offset(mark.start))
                path = picture_path(document.entry.file, mark.target)
                yield ShownPicture(mark.target, path, line, column, clause.label)


def is_local(target: str) -> bool:
    """Whether a picture's target is a path, not an address on another host."""
    return bool(urlsplit(target).path) and not is_absolute(target)


def picture_path(file: str, target: str) -> str:
    """The path of a target in a document's file, relative to the docs folder."""
    path = unquote(urlsplit(target).path)
    return posixpath.normpath(posixpath.join(posixpath.dirname(file), path))


def leaves_docs(path: str) -> bool:
    """Whether a normalized path relative to the docs folder leads out of it."""
    return path.startswith(("../", "/"))


def path_mistake(path: str) -> str:
    """Why a picture with a path cannot be sealed, and the fix; empty if it can.

    `engross restore` writes files with these paths and version pages link to them, so a path must work on every system.
    """
    if path.startswith("/"):
        return "its path begins with a slash; write the path relative to the document's file"
    if leaves_docs(path):
        return "it is outside the docs folder; copy it into the folder"
    if posixpath.splitext(path)[1].lower() not in KINDS:
        return f"its suffix is none of {', '.join(KINDS)}; save it as one of these"
    if odd := CONTROLS.search(path):
        return f"its path has the character {code_point(odd[0])}; rename the file"
    if "\\" in path or is_absolute(path) or posixpath.normpath(path) != path:
        return "its path is not a plain relative path (img/flow.png); rename the file"
    return ""


def is_sealable(path: str, data: bytes) -> bool:
    """Whether a picture with a path relative to the docs folder can be sealed."""
    return not path_mistake(path) and len(data) <= MOST_BYTES


def read_picture(docs: Path, path: str) -> bytes:
    """Read a picture in the docs folder.

    Raises FileNotFoundError if there is no such file, and ValueError with a message for people if it cannot be sealed.
    """
    if mistake := path_mistake(path):
        raise ValueError(mistake)
    file = docs / path
    try:
        if not file.is_file():
            raise FileNotFoundError
        if file.stat().st_size > MOST_BYTES:
            raise ValueError(f"it has more than {MOST_BYTES // 1_000_000} MB; make it smaller")
        return read_file(file)
    except FileNotFoundError:
        raise
    except OSError as problem:
        raise ValueError(f"its file cannot be read: {(problem.strerror or str(problem)).lower()}") from None


def docs_pictures(docs: Path, document: Document) -> dict[str, bytes]:
    """Read the pictures of a document, by path. Raises EngrossError with all that cannot be sealed."""
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
    """Diagnostics of a document's pictures that cannot be sealed, except missing ones: those are broken links."""
    try:
        docs_pictures(docs, document)
    except EngrossError as refused:
        return [found for found in refused.diagnostics if found.rule != MISSING]
    return []


@value_class(frozen=True, slots=True)
class PictureHashes:
    """The hashes of a text's pictures, by path. `file` is the text's file, to which targets are relative."""

    file: str
    hashes: Mapping[str, str]


def sealed_hashes(version: Version) -> PictureHashes:
    """The hashes of the pictures that are sealed with a version."""
    return PictureHashes(version.entry.file, {one.path: one.sha256 for one in version.sealed.pictures})


def docs_hashes(docs: Path, document: Document) -> PictureHashes:
    """The hashes of a document's pictures in the docs folder."""
    paths = {shown.path for shown in shown_pictures(document)}
    return PictureHashes(document.entry.file, {path: picture_hash(docs, path) for path in paths})


def changed_between(document: Document, old: PictureHashes, new: PictureHashes) -> tuple[str, ...]:
    """The new paths of a document's pictures that both sides have under the same target, with different bytes.

    A picture that was not sealed cannot be compared. A new target is a change of the text itself.
    """
    found = []
    for shown in shown_pictures(document) if old.hashes else ():
        was, path = old.hashes.get(picture_path(old.file, shown.target)), picture_path(new.file, shown.target)
        if was and new.hashes.get(path, was) != was:
            found.append(path)
    return tuple(dict.fromkeys(found))


def changed_pictures(docs: Path, document: Document, version: Version) -> tuple[str, ...]:
    """The paths of a document's pictures that differ from those sealed with a version, or are missing."""
    if not version.sealed.pictures:
        return ()
    return changed_between(document, sealed_hashes(version), docs_hashes(docs, document))


def unsealed_pictures(document: Document, version: Version) -> tuple[str, ...]:
    """The paths of the pictures in the text of a version that were not sealed with it."""
    sealed = {one.path for one in version.sealed.pictures}
    paths = (picture_path(version.entry.file, shown.target) for shown in shown_pictures(document))
    return tuple(dict.fromkeys(path for path in paths if path not in sealed))


def data_address(path: str, data: bytes) -> str:
    """A picture as a `data:` address."""
    kind = KINDS.get(posixpath.splitext(path)[1].lower(), "application/octet-stream")
    return f"data:{kind};base64,{b64encode(data).decode()}"


def picture_hash(docs: Path, path: str) -> str:
    """The hash of a picture in the docs folder; empty if it cannot be read."""
    try:
        return sha256(read_picture(docs, path))
    except (OSError, ValueError):
        return ""


def _problem(document: Document, shown: ShownPicture, why: str, rule: str = PICTURE) -> Diagnostic:
    assert document.source is not None
    message = f"the picture {shown.target} cannot be sealed with the text: {why}"
    return error(rule, document.source.path, shown.line, shown.column, message, clause=shown.clause)
