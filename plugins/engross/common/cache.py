"""A cache on disk for results that are slow to compute, kept from one build to the next.

The key is a hash of all inputs and of the code that computes the result, so results of other code are never found.
Nothing depends on the cache: missing or damaged entries are computed again, and a failure to write is
ignored. It may be deleted at any time, and processes may share it: an entry is written beside its place and renamed.

Entries are files, as those of the archive must be, which sites have by hard links. A site's own cache has many small
entries, and keeps them in packs (`packed_cache`).
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from engross.common.files import MOST, NOT_REGULAR
from engross.common.fingerprint import fingerprint
from engross.common.values import value_class

FOLDER = ".cache/engross"
"""The cache folder, relative to the folder of the site's configuration."""

LARGEST = 512 * 1024 * 1024
"""The size in bytes that a cache may grow to; `trim` then deletes the entries that were not used for longest."""


@value_class(frozen=True, slots=True)
class Cache:
    """Stores bytes by key in `folder`; without a folder it stores nothing."""

    folder: Path | None = None

    def get(self, key: str) -> bytes | None:
        """Return the bytes stored under a key, or None if there are none or they are damaged."""
        if self.folder is None:
            return None
        # A build reads thousands of entries: paths as texts and file numbers take half of the time of objects.
        path = f"{self.folder}/{key[:2]}/{key[2:]}"
        try:
            stored = _read(path)
        except OSError:
            return None
        checksum, data = stored[:32], stored[32:]
        return data if checksum_of(key, data) == checksum else None

    def has(self, key: str) -> bool:
        """Return whether bytes are stored under a key, damaged or not."""
        return self.folder is not None and self._path(self.folder, key).is_file()

    def put(self, key: str, data: bytes) -> None:
        """Store bytes under a key; ignore failures. Safe while other processes read and write."""
        with suppress(OSError):
            self.write(key, data)

    def write(self, key: str, data: bytes) -> None:
        """Store bytes under a key. Raises OSError where that fails."""
        if self.folder is not None:
            write_file(self._path(self.folder, key), checksum_of(key, data) + data)

    def made(self, key: str, make: Callable[[], bytes]) -> bytes:
        """The bytes stored under a key; where there are none, those that `make` computes, which are then stored."""
        data = self.get(key)
        if data is None:
            data = make()
            self.put(key, data)
        return data

    def trim(self, largest: int = LARGEST) -> None:
        """Delete the entries that were not used for longest, until the others take three quarters of `largest` bytes.

        Does nothing up to that size. Safe while other processes read and write.
        """
        entries = sorted(_entries(self.folder), reverse=True) if self.folder else []
        total = sum(size for _, size, _ in entries)
        wanted = largest * 3 // 4 if total > largest else total
        while total > wanted:
            _, size, path = entries.pop()
            total -= size
            with suppress(OSError):
                os.unlink(path)

    @staticmethod
    def _path(folder: Path, key: str) -> Path:
        return folder / key[:2] / key[2:]


NO_CACHE = Cache()
"""A cache that stores nothing."""


def _entries(folder: Path) -> Iterator[tuple[int, int, str]]:
    """Yield the time of the last use, the size and the path of each entry."""
    with suppress(OSError):
        for group in os.scandir(folder):
            if len(group.name) == 2 and group.is_dir(follow_symlinks=False):
                for entry in os.scandir(group):
                    with suppress(OSError):
                        status = entry.stat()
                        yield status.st_mtime_ns, status.st_size, entry.path


def write_file(path: Path, data: bytes) -> None:
    """Write a file in one step, so that other processes read the old or the new one, and make its folder.

    Raises OSError where that fails.
    """
    # Thousands of files are written, and paths as texts take half of the time.
    beside = f"{path}.{os.getpid()}"
    try:
        try:
            _write(beside, data)
        except FileNotFoundError:
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(beside, data)
        os.replace(beside, path)
    except OSError:
        with suppress(FileNotFoundError):
            os.unlink(beside)
        raise


def _read(path: str) -> bytes:
    """Read a regular file as `read_file` does, and note that it was used."""
    number = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    try:
        status = os.fstat(number)
        if not stat.S_ISREG(status.st_mode) or status.st_size > MOST:
            raise OSError(0, NOT_REGULAR)
        os.utime(number if os.utime in os.supports_fd else path)
        data = os.read(number, status.st_size + 1)
    finally:
        os.close(number)
    if len(data) != status.st_size:
        raise OSError(0, "it was written meanwhile")
    return data


def _write(path: str, data: bytes) -> None:
    with open(path, "wb", buffering=0) as file:
        view = memoryview(data)
        while view:
            view = view[file.write(view) :]


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
            _empty(folder)
        folder.mkdir(parents=True, exist_ok=True)
        mark.write_text(redactions, encoding="ascii")


def delete_cache(root: Path) -> None:
    """Delete what is in a site's cache. Raises OSError if that fails."""
    if (root / FOLDER).is_dir():
        _empty(root / FOLDER)


def _empty(folder: Path) -> None:
    """Delete all that is in a folder, which may be a link. Raises OSError if that fails.

    Other processes may delete it at the same time, or write there.
    """
    for _ in range(_ATTEMPTS):
        with suppress(FileNotFoundError):
            for path in list(folder.iterdir()):
                if path.is_dir() and not path.is_symlink():
                    import shutil  # hardly any command deletes a cache

                    shutil.rmtree(path, ignore_errors=True)
                else:
                    path.unlink(missing_ok=True)
    left = next(folder.iterdir(), None) if folder.is_dir() else None
    if left is not None:
        raise OSError(0, f"{left} is still there")


_ATTEMPTS = 3


def checksum_of(key: str, data: bytes) -> bytes:
    """The checksum of what is stored under a key: another key’s bytes do not have it."""
    return hashlib.sha256(key.encode() + data).digest()


def key_of(maker: str | tuple[str, ...], *parts: str | bytes) -> str:
    """Return the cache key for what a module, or several, compute from these parts; the first part names the kind.

    `maker` names the modules whose code decides the result, the caller's own as `__name__` (see `fingerprint`).
    """
    hasher = hashlib.sha256(fingerprint(*((maker,) if isinstance(maker, str) else maker)))
    for part in parts:
        data = part.encode(errors="surrogatepass") if isinstance(part, str) else part
        hasher.update(len(data).to_bytes(8, "big") + data)
    return hasher.hexdigest()
