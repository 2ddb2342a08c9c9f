"""A cache that several machines share: a folder, or any storage that fsspec can address, such as `s3://bucket/folder`.

An entry has a checksum, as in a site's own cache. Only bytes and JSON are stored, so that reading runs no code. But
the entries become part of published pages: only machines that may publish may be able to write to it.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import field
from functools import lru_cache
from pathlib import Path
from typing import Any

from engross.common.cache import Cache, checksum_of
from engross.common.errors import EngrossError, error
from engross.common.values import value_class

OTHER_CODE = "another version of Engross, of Python or of a package; give all workers the same environment"
"""What a worker that is refused has: its results could differ from those of this process."""


def shared_cache(address: str) -> Cache:
    """Return the cache at an address, a folder or a URL. Raises EngrossError if the storage cannot be used."""
    # Commands of a batch run in another folder.
    return _storage_cache(address) if "://" in address else Cache(Path(address).absolute())


@lru_cache(maxsize=1)
def _storage_cache(address: str) -> Cache:
    try:
        from fsspec.core import url_to_fs  # type: ignore[import-untyped]
    except ImportError:
        raise _failure(address, 'addresses of storage need an extra: pip install "engross[cluster]"') from None
    try:
        files, folder = url_to_fs(address)
    except Exception as problem:  # each kind of storage has its own
        raise _failure(address, str(problem) or type(problem).__name__) from None
    return StorageCache(files=files, root=folder.rstrip("/"))


def put_file(cache: Cache, data: bytes, *, check: bool = False) -> str:
    """Store bytes in a shared cache under their SHA-256, unless they are there, and return the SHA-256.

    With `check`, damaged bytes are replaced, and EngrossError is raised if the cache cannot be written to.
    """
    sha = hashlib.sha256(data).hexdigest()
    if not (cache.get(sha) == data if check else cache.has(sha)):
        if not check:
            cache.put(sha, data)
        elif reason := _not_written(cache, sha, data):
            place = cache.root if isinstance(cache, StorageCache) else cache.folder
            raise _failure("--cache", f"{place}: it cannot be written to: {reason.lower()}; {_NAME_ANOTHER}")
    return sha


_NAME_ANOTHER = "name a folder or storage that this machine and all workers can write to"


def _not_written(cache: Cache, key: str, data: bytes) -> str:
    """Store bytes, and return why they cannot be stored; "" if they are."""
    try:
        cache.write(key, data)
    except Exception as problem:  # each kind of storage has its own
        return (problem.strerror if isinstance(problem, OSError) else str(problem)) or type(problem).__name__
    return "" if cache.get(key) == data else "what was written there cannot be read"


def get_file(cache: Cache, sha: str) -> bytes:
    """Return the bytes with a SHA-256 in a shared cache. Raises EngrossError if they are missing or damaged."""
    data = cache.get(sha)
    if data is None or hashlib.sha256(data).hexdigest() != sha:
        raise _failure("--cache", f"the file {sha[:12]} is not in the cache, or damaged there{_AGAIN}")
    return data


_AGAIN = "; delete the cache, and run the command again"


def _failure(address: str, message: str) -> EngrossError:
    return EngrossError([error("outside", address, 0, 0, message)])


@value_class(frozen=True, slots=True)
class StorageCache(Cache):
    """A cache below a folder of a file system of fsspec. Failures to read or write are treated as missing entries."""

    files: Any = field(default=None, kw_only=True)
    root: str = field(default="", kw_only=True)

    def get(self, key: str) -> bytes | None:
        """Return the bytes stored under a key, or None if there are none or they are damaged."""
        try:
            stored: bytes = self.files.cat_file(self._place(key))
        except Exception:  # each kind of storage has its own
            return None
        checksum, data = stored[:32], stored[32:]
        return data if checksum_of(key, data) == checksum else None

    def has(self, key: str) -> bool:
        """Return whether bytes are stored under a key, damaged or not."""
        try:
            return bool(self.files.exists(self._place(key)))
        except Exception:  # each kind of storage has its own
            return False

    def put(self, key: str, data: bytes) -> None:
        """Store bytes under a key; ignore failures."""
        with suppress(Exception):  # each kind of storage has its own
            self.write(key, data)

    def write(self, key: str, data: bytes) -> None:
        """Store bytes under a key. Raises what the storage raises."""
        place = self._place(key)
        self.files.makedirs(place.rpartition("/")[0], exist_ok=True)
        self.files.pipe_file(place, checksum_of(key, data) + data)

    def _place(self, key: str) -> str:
        return f"{self.root}/{key[:2]}/{key[2:]}"
