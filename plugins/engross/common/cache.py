"""A cache on disk for results that are slow to compute, kept from one build to the next.

The key is a hash of all inputs and of the package's own sources, so results of other code are never found. Nothing
depends on the cache: missing or damaged entries are computed again, and a failure to write is ignored.
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
"""The cache folder, relative to the folder of the site's configuration."""

_PACKAGE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Cache:
    """Stores bytes by key in `folder`; without a folder it stores nothing."""

    folder: Path | None = None

    def get(self, key: str) -> bytes | None:
        """Return the bytes stored under a key, or None if there are none or they are damaged."""
        if self.folder is None:
            return None
        try:
            stored = self._path(self.folder, key).read_bytes()
        except OSError:
            return None
        checksum, data = stored[:32], stored[32:]
        return data if hashlib.sha256(data).digest() == checksum else None

    def put(self, key: str, data: bytes) -> None:
        """Store bytes under a key; ignore failures. Safe while other processes read and write."""
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
    try:
        beside.write_bytes(data)
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise


def forget_erased(root: Path, redactions: str) -> None:
    """Delete a site's cache unless it was written after the last redaction, because it may contain redacted words.

    `redactions` is the hash of all redactions in the record, or an empty string if there are none. The cache may have
    been restored from elsewhere, so it carries that hash in a file. Raises OSError if the files cannot be deleted.
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
    """Return the cache key for a result computed from these parts by this code; the first part names the kind."""
    hasher = hashlib.sha256(_code())
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        hasher.update(len(data).to_bytes(8, "big") + data)
    return hasher.hexdigest()


@cache
def _code() -> bytes:
    """Return the hash of the package's sources, computed once per process in a few milliseconds."""
    hasher = hashlib.sha256()
    for path in sorted(_PACKAGE.rglob("*.py")):
        hasher.update(hashlib.sha256(path.read_bytes()).digest())
    return hasher.digest()
