"""What lies in the docs folder: names that can be shown, and no link that leads out of it.

MkDocs publishes every file it finds there, and follows links: what nobody reviewed as a part of the docs would be on
the site.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from engross.characters import CONTROLS, code_point
from engross.errors import error
from engross.model import Diagnostic

RULE = "file"


def check_docs_files(docs: Path, shown: str) -> Iterator[Diagnostic]:
    """A diagnostic for each file or folder whose name holds a line end or a control, and for each link out of `docs`.

    `shown` is how messages call the folder. Names that begin with a dot are passed over, as MkDocs does.
    """
    inside = docs.resolve()
    for folder, folders, files in os.walk(docs):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in [*folders, *sorted(name for name in files if not name.startswith("."))]:
            path = Path(folder, name)
            called = f"{shown}/{path.relative_to(docs).as_posix()}"
            if odd := CONTROLS.search(name):
                message = f"the name of this file holds the character {code_point(odd[0])}; rename the file"
                yield error(RULE, called, 0, 0, message)
            if path.is_symlink() and not _stays(path, inside):
                message = (
                    f"this is a link to {_kind(path)} outside the docs folder, and what it leads to would be "
                    "published; put a copy in its place"
                )
                yield error(RULE, called, 0, 0, message)


def _stays(link: Path, inside: Path) -> bool:
    try:
        return link.resolve().is_relative_to(inside)
    except (OSError, RuntimeError):  # links that lead to one another
        return False


def _kind(link: Path) -> str:
    if link.is_dir():
        return "a folder"
    return "a file" if link.is_file() else "something that is no file"
