"""What took long to make, kept in a folder from one build to the next, by the hash of everything it was made from.

Nothing depends on it: what is missing, damaged or cannot be written is simply made again. What other code made is never
found, since the package's own sources are part of every key.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = ".cache/engross"
"""Where it lies, below the folder of the site's configuration."""

_PACKAGE = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Cache:
    """Bytes by key, in `folder`; without a folder nothing is kept."""

    folder: Path | None = None

    def get(self, key: str) -> bytes | None:
        """What was put under a key; None where there is nothing, or where it is not whole."""
        if self.folder is None:
            return None
        try:
            kept = self._path(self.folder, key).read_bytes()
        except OSError:
            return None
        seal, data = kept[:32], kept[32:]
        return data if hashlib.sha256(data).digest() == seal else None

    def put(self, key: str, data: bytes) -> None:
        """Keep bytes under a key; where that fails, nothing is kept. Others may read and write at the same time."""
        if self.folder is None:
            return
        with suppress(OSError):
            write_file(self._path(self.folder, key), hashlib.sha256(data).digest() + data)

    def made(self, key: str, make: Callable[[], bytes]) -> bytes:
        """The bytes stored under a key; where there are none, those that `make` computes, which are then stored."""
        data = self.get(key)
        if data is None:
            data = make()
            self.put(key, data)
        return data

    @staticmethod
    def _path(folder: Path, key: str) -> Path:
        return folder / key[:2] / key[2:]


def write_file(path: Path, data: bytes) -> None:
    """Write a file in one step, so that other processes read the old or the new one, and make its folder.

    Raises OSError where that fails.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    beside.write_bytes(data)
    beside.replace(path)


def forget_erased(root: Path, redactions: str) -> None:
    """Delete all that is kept below a site's folder, unless it was made since the last redaction: what was made before
    may hold the words, wherever the cache was kept meanwhile. `redactions` is the hash of all redactions of the record,
    empty where there is none.

    Raises OSError where the system refuses: the words would stay.
    """
    folder = root / FOLDER
    mark = folder / "redactions"
    known = mark.read_text("ascii", "replace") if mark.is_file() else ""
    if known != redactions:
        if folder.is_dir():
            shutil.rmtree(folder)
        folder.mkdir(parents=True, exist_ok=True)
        mark.write_text(redactions, encoding="ascii")


def key_of(*parts: str | bytes) -> str:
    """The key of what is made from some parts by this code, in that order: a name for the kind of thing comes first."""
    made = hashlib.sha256(_code())
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        made.update(len(data).to_bytes(8, "big") + data)
    return made.hexdigest()


@cache
def _code() -> bytes:
    """The hash of the package's sources: a few milliseconds, once a process."""
    made = hashlib.sha256()
    for path in sorted(_PACKAGE.rglob("*.py")):
        made.update(hashlib.sha256(path.read_bytes()).digest())
    return made.digest()
