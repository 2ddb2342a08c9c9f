"""The kept texts of licences: published copies in the docs folder, and private copies that are not published.

A copy is the visible text of a licence, named by its hash. A private copy is for comparing alone: it lies outside the
docs folder, in a folder that git ignores unless its owner decides otherwise.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from engross.common import EngrossError, error, read_file, value_class, write_file
from engross.corpus import MOST_OF_COPY, copy_path

PRIVATE = "licences"
"""The folder of private copies, beside mkdocs.yml."""


def text_sha256(text: str) -> str:
    """The hash of a visible text: that of its copy, byte for byte."""
    return hashlib.sha256(text.encode()).hexdigest()


@value_class(frozen=True, slots=True)
class KeptTexts:
    """The docs folder, and the folder of private copies."""

    docs: Path
    private: Path

    def read(self, sha256: str) -> str | None:
        """The kept text with a hash; None if no copy of it is kept, or if it was altered."""
        for path in (self.docs / copy_path(sha256), self._private(sha256)):
            try:
                data = read_file(path, MOST_OF_COPY)
            except OSError:
                continue
            if hashlib.sha256(data).hexdigest() == sha256:
                return data.decode("utf-8")
        return None

    def write(self, text: str, *, published: bool) -> Path:
        """Keep a text, and return its path. Raises EngrossError if the folder is a link, which may lead anywhere."""
        sha256 = text_sha256(text)
        path = self.docs / copy_path(sha256) if published else self._private(sha256)
        if path.parent.is_symlink():
            message = "this folder is a link; replace it with a folder, or name the folder that it leads to (--copies)"
            raise EngrossError([error("watch", path.parent.as_posix(), 0, 0, message)])
        write_file(path, text.encode())
        return path

    def _private(self, sha256: str) -> Path:
        return self.private / f"{sha256}.txt"
