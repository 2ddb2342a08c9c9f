"""The files in a docs folder: their names in messages, which are missing, and which may not be there.

File names must be printable and links must not lead out of the docs folder, because MkDocs publishes every file it
finds there and follows links. Reading a file that is not regular could take for ever.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from engross.common import CONTROLS, code_point, error, meant
from engross.model import Diagnostic

if TYPE_CHECKING:  # many commands need only the names of files
    from engross.corpus.settings import Settings

RULE = "file"


def check_docs_files(docs: Path, shown: str) -> Iterator[Diagnostic]:
    """Yield an error for each name with a line end or control character, for each link out of `docs` or to nothing, and
    for each special file, such as a pipe, which could be read for ever.

    `shown` is the name of the folder in messages. Names that begin with a dot are skipped, as in MkDocs.
    """
    inside = docs.resolve()
    for folder, folders, files in os.walk(docs):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in [*folders, *sorted(name for name in files if not name.startswith("."))]:
            path = Path(folder, name)
            name_in_messages = f"{shown}/{path.relative_to(docs).as_posix()}"
            if forbidden := CONTROLS.search(name):
                message = f"the name of this file contains the character {code_point(forbidden[0])}; rename the file"
                yield error(RULE, name_in_messages, 0, 0, message)
            if path.is_symlink() and not _leads_inside(path, inside):
                message = (
                    f"this is a link to {_kind(path)} outside the docs folder, which would be published; replace "
                    "the link with a copy"
                )
                yield error(RULE, name_in_messages, 0, 0, message)
            elif not path.is_file() and not path.is_dir():
                kind = "a link to nothing" if path.is_symlink() else "a pipe, a device or another special file"
                yield error(RULE, name_in_messages, 0, 0, f"this is {kind}; delete it")


def _leads_inside(link: Path, inside: Path) -> bool:
    try:
        return link.resolve().is_relative_to(inside)
    except (OSError, RuntimeError):  # links that lead to one another
        return False


def _kind(link: Path) -> str:
    if link.is_dir():
        return "a folder"
    return "a file" if link.is_file() else "something that is no file"


def missing_files(settings: Settings, docs: Path) -> dict[str, Diagnostic]:
    """Return a diagnostic for each document whose file does not exist in the docs folder, by id."""
    found = {}
    for index, document in enumerate(settings.documents):
        problem = _file_mistake(docs, document.file) if document.file else ""
        if problem:
            found[document.id] = settings.file.mistake(("documents", index, "file"), problem, rule=RULE)
    return found


def _file_mistake(docs: Path, file: str) -> str:
    """Return why a file in the docs folder cannot be read, or an empty string."""
    path = docs / file
    try:
        if path.is_file():
            return ""
        return f"there is no file {file} in the docs folder{meant(file, _siblings(docs, path))}"
    except (OSError, RuntimeError) as mistake:
        return f"{file} cannot be read: {mistake}"


def _siblings(docs: Path, path: Path) -> Iterator[str]:
    """Return the files in the folder of a missing file, relative to the docs folder."""
    folder = path.parent
    names = sorted(folder.iterdir()) if folder.is_dir() else []
    return (name.relative_to(docs).as_posix() for name in names if name.is_file())


def shown_path(path: Path) -> str:
    """Return a file's name in messages: relative to the working folder if below it, with forward slashes."""
    try:
        relative = os.path.relpath(path)
    except ValueError:  # another drive
        return path.as_posix()
    return path.as_posix() if relative.startswith("..") else Path(relative).as_posix()
