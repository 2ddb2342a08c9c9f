"""A cache that several machines share: a folder, or any storage that fsspec can address, such as `s3://bucket/folder`.

An entry has a checksum, as in a site's own cache. Only bytes and JSON are stored, so that reading runs no code. But
what is stored becomes part of published pages: only machines that may publish may be able to write to it.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from engross.common.cache import Cache, checksum_of
from engross.common.errors import EngrossError, error


@lru_cache(maxsize=1)
def shared_cache(address: str) -> Cache:
    """Return the cache at an address, a folder or a URL. Raises EngrossError if the storage cannot be used."""
    if "://" not in address:
        return Cache(Path(address))
    try:
        from fsspec.core import url_to_fs  # type: ignore[import-untyped]
    except ImportError:
        raise _failure(address, 'addresses of storage need an extra: pip install "engross[cluster]"') from None
    try:
        files, folder = url_to_fs(address)
    except Exception as problem:  # each kind of storage has its own
        raise _failure(address, str(problem) or type(problem).__name__) from None
    return StorageCache(files=files, root=folder.rstrip("/"))


def place_in_cache(address: str, key: str, data: bytes) -> None:
    """Store bytes under a key in the cache at an address. Raises EngrossError with the reason if that fails."""
    cache = shared_cache(address)
    try:
        cache.write(key, data)
    except Exception as problem:  # each kind of storage has its own
        reason = problem.strerror if isinstance(problem, OSError) and problem.strerror else str(problem)
        raise _failure("--cache", _NOT_WRITTEN.format(address, (reason or type(problem).__name__).lower())) from None
    if cache.get(key) != data:
        raise _failure("--cache", _NOT_WRITTEN.format(address, "what was written there cannot be read"))


_NOT_WRITTEN = (
    "{}: it cannot be written to: {}; name a folder or storage that this machine and all workers can write to"
)


def _failure(address: str, message: str) -> EngrossError:
    return EngrossError([error("outside", address, 0, 0, message)])


@dataclass(frozen=True, slots=True)
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
