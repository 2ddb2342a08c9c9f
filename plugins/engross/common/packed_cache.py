"""The cache of a site, with its entries in a few files, the packs: creating a file for each takes ten times as long.

Each process that writes appends to a pack of its own, so that none waits for another, and one that is killed leaves at
most an incomplete entry at the end. An entry is the length of the rest, its key, its checksum and the bytes. There is
no index on the disk: packs are read through from entry to entry when the cache is first used, and on from there when an
entry is not found. Packs may be deleted or damaged at any time, because each entry is read by name and checked.
"""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from engross.common.cache import FOLDER, LARGEST, Cache, checksum_of
from engross.common.values import value_class

_SUFFIX = ".pack"
_LENGTH = 8
_KEY = 64
_BEFORE = _KEY + 32
"""The bytes of an entry between its length and what is stored: the key in hexadecimal digits, and the checksum."""
_MOST_SMALL = 32
"""With more small packs than this, they are joined to one."""
_SMALL = 4 * 1024 * 1024
_SAFELY = getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0)
_READING = os.O_RDONLY | _SAFELY
_WRITING = os.O_WRONLY | os.O_CREAT | os.O_APPEND | _SAFELY


@value_class(frozen=True, slots=True)
class PackedCache(Cache):
    """Stores bytes by key in packs in `folder`. Keys are those of `key_of`."""

    def get(self, key: str) -> bytes | None:
        """Return the bytes stored under a key, or None if there are none or they are damaged."""
        data = self._packs().read(key) if self.folder is not None else None
        return data[_BEFORE:] if data and checksum_of(key, data[_BEFORE:]) == data[_KEY:_BEFORE] else None

    def has(self, key: str) -> bool:
        """Return whether bytes are stored under a key, damaged or not."""
        return self.folder is not None and self._packs().has(key)

    def write(self, key: str, data: bytes) -> None:
        """Store bytes under a key. Raises OSError where that fails."""
        if self.folder is not None:
            self._packs().append(key, checksum_of(key, data) + data)

    def trim(self, largest: int = LARGEST) -> None:
        """Delete the packs that were not used for longest, until the others take three quarters of `largest` bytes.

        Does nothing up to that size, except that many small packs are joined. Safe while other processes read and
        write: at worst, they do not find an entry, and compute it again.
        """
        if self.folder is not None:
            Cache.trim(self, 0)  # entries in files of their own, as before there were packs
            self._packs().trim(largest)

    def _packs(self) -> _Packs:
        return _packs_in(os.fspath(self.folder or ""), os.getpid())


def site_cache(root: Path) -> Cache:
    """Return the cache of the site whose configuration is in the folder `root`."""
    return PackedCache(root / FOLDER)


class _Packs:
    """What a process knows of the packs in a folder: the pack, the offset and the size of each entry by its key."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.own = _new_name()
        self.places: dict[str, tuple[str, int, int]] = {}
        self.ends: dict[str, int] = {}
        self.used: set[str] = set()

    def has(self, key: str) -> bool:
        place = self._place(key)
        return place is not None and os.path.isfile(f"{self.folder}/{place[0]}")

    def read(self, key: str) -> bytes | None:
        """The key, checksum and bytes of an entry, possibly damaged; None if there is none."""
        place = self._place(key)
        try:
            return place and self._read(*place)
        except OSError:
            return None

    def append(self, key: str, data: bytes) -> None:
        """Write an entry to the pack of this process. Raises OSError where that fails."""
        entry = b"".join(((_KEY + len(data)).to_bytes(_LENGTH, "big"), key.encode("ascii"), data))
        try:
            end = self._append(entry)
        except OSError:
            # The folder is missing, something else is in the place of the pack, or its last entry is incomplete.
            os.makedirs(self.folder, exist_ok=True)
            self.own = _new_name()
            end = self._append(entry)
        self.places[key] = (self.own, end - len(entry) + _LENGTH, _KEY + len(data))
        self.ends[self.own] = end

    def _append(self, entry: bytes) -> int:
        """Append an entry to the pack of this process, and return where it ends. Raises OSError where that fails."""
        file = os.open(f"{self.folder}/{self.own}", _WRITING, 0o666)
        try:
            if os.write(file, entry) != len(entry):
                raise OSError(0, "it was not written completely")
            return os.lseek(file, 0, os.SEEK_CUR)
        finally:
            os.close(file)

    def trim(self, largest: int) -> None:
        """Delete the packs that were not used for longest, and join small ones, as `PackedCache.trim` says."""
        packs = sorted(self._found(), reverse=True)
        total = sum(size for _, size, _ in packs)
        wanted = largest * 3 // 4 if total > largest else total
        while total > wanted:
            _, size, name = packs.pop()
            total -= size
            self._delete(name)
        small = [name for _, size, name in packs if size < _SMALL and name != self.own]
        if len(small) > _MOST_SMALL:
            self._join(small)

    def _join(self, names: list[str]) -> None:
        """Append the entries of packs to that of this process, and delete these packs."""
        for key, place in [*self.places.items()]:
            if place[0] in names:
                with suppress(OSError):
                    entry = self._read(*place)
                    if len(entry) == place[2]:
                        self.append(key, entry[_KEY:])
        for name in names:
            self._delete(name)

    def _delete(self, name: str) -> None:
        with suppress(OSError):
            os.unlink(f"{self.folder}/{name}")

    def _place(self, key: str) -> tuple[str, int, int] | None:
        if key not in self.places:
            for _, size, name in self._found():
                if size > self.ends.get(name, 0):
                    with suppress(OSError):
                        self._read_on(name, size)
        return self.places.get(key)

    def _found(self) -> list[tuple[int, int, str]]:
        """The time of the last use, the size and the name of each pack."""
        found: list[tuple[int, int, str]] = []
        with suppress(OSError):
            for entry in os.scandir(self.folder):
                if entry.name.endswith(_SUFFIX) and entry.is_file(follow_symlinks=False):
                    status = entry.stat(follow_symlinks=False)
                    found.append((status.st_mtime_ns, status.st_size, entry.name))
        return found

    def _read_on(self, name: str, size: int) -> None:
        """Read which entries a pack has from where it was last read to. Raises OSError where that fails."""
        at = self.ends.get(name, 0)
        with open(f"{self.folder}/{name}", "rb", buffering=0) as file:
            while at + _LENGTH + _BEFORE <= size:
                file.seek(at)
                head = file.read(_LENGTH + _KEY)
                length = int.from_bytes(head[:_LENGTH], "big")
                if not _BEFORE <= length <= size - at - _LENGTH:
                    break
                self.places[head[_LENGTH:].decode("ascii", "replace")] = (name, at + _LENGTH, length)
                at += _LENGTH + length
        self.ends[name] = at

    def _read(self, name: str, at: int, length: int) -> bytes:
        """Read an entry, and note that its pack is used. Raises OSError where that fails."""
        path = f"{self.folder}/{name}"
        file = os.open(path, _READING)
        try:
            if not stat.S_ISREG(os.fstat(file).st_mode):
                return b""
            if name not in self.used:
                self.used.add(name)
                os.utime(path)
            os.lseek(file, at, os.SEEK_SET)
            return os.read(file, length)
        finally:
            os.close(file)


def _new_name() -> str:
    return f"{os.getpid()}-{os.urandom(6).hex()}{_SUFFIX}"


@lru_cache(maxsize=64)
def _packs_in(folder: str, process: int) -> _Packs:  # noqa: ARG001 (a fork writes a pack of its own)
    return _Packs(folder)
