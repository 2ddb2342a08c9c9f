"""The pages of the record, kept from one build to the next by the hash of their inputs.

An index in the cache has for each key the files that were made, each by the hash of its bytes, and these lie in the
cache's folder by that hash. A file is put into the site by a hard link. It is trusted while its size and time are those
of the index; otherwise it is hashed, and made again if it differs. So a damaged or missing cache changes no page.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import field
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import Any

from engross.common import NOT_REGULAR, Cache, mode_of_files, read_file, value_class, write_file

_INDEX = hashlib.sha256(b"index of pages, format 4").hexdigest()
"""The key of the index: the same for all versions of the code, so that files of an older one are deleted."""


@value_class(frozen=True)
class Made:
    """The result of making pages: files by name; `kept`, data that is cached but not published; `asked`, the addresses
    that were looked up for them, with the results. If a result changes, the pages are made again. `packed` are files
    that are published only within another one.
    """

    files: Mapping[str, bytes]
    kept: bytes = b""
    asked: Mapping[str, str] = field(default_factory=dict)
    packed: Mapping[str, bytes] = field(default_factory=dict)


def made_bytes(pieces: Sequence[tuple[str, Made]]) -> bytes:
    """Results with their keys as bytes, for a cache that several machines share: a line of JSON, then the files."""
    lines, data = [], bytearray()
    for key, made in pieces:
        sizes = [{name: len(one) for name, one in files.items()} for files in (made.files, made.packed)]
        lines.append([key, *sizes, len(made.kept), dict(made.asked)])
        data += b"".join((*made.files.values(), *made.packed.values(), made.kept))
    return json.dumps(lines).encode() + b"\n" + data


def read_made(data: bytes) -> Iterator[tuple[str, Made]]:
    """The results and keys in what `made_bytes` returns. Raises ValueError if a file would be outside of the site."""
    line, _, rest = data.partition(b"\n")
    content = BytesIO(rest)
    for key, files, packed, kept, asked in json.loads(line):
        if unsafe := [name for name in (*files, *packed) if not _is_inside(name)]:
            raise ValueError(f"{unsafe[0]!r} is not the name of a file in the site")
        read = {name: content.read(size) for name, size in files.items()}
        read_packed = {name: content.read(size) for name, size in packed.items()}
        yield key, Made(read, content.read(kept), asked, read_packed)


def _is_inside(name: str) -> bool:
    return ":" not in name and all(part not in ("", ".", "..") for part in re.split(r"[/\\]", name))


@value_class
class Store:
    """The files in a cache that has a folder. `answer` looks up again what was looked up for a page."""

    cache: Cache
    answer: Callable[[str], str]
    _known: dict[str, dict[str, Any]] = field(default_factory=dict)
    _stats: dict[str, list[int]] = field(default_factory=dict)
    _used: dict[str, dict[str, Any]] = field(default_factory=dict)
    _wholes: dict[str, list[str]] = field(default_factory=dict)
    _sound: set[str] = field(default_factory=set)
    _made: dict[str, bytes] = field(default_factory=dict)
    _folders: set[str] = field(default_factory=set)

    def open(self) -> None:
        """Read the index."""
        index = self.cache.get(_INDEX)
        if index is not None:
            self._known, self._stats, self._wholes, mode = json.loads(index)
            if mode != mode_of_files():
                self._permit()

    def publish(self, key: str, make: Callable[[], Made], site: Path) -> None:
        """Put the files of a key into the site's folder; `make` makes them if they are not cached."""
        entry = self._entry(key)
        if entry is None:
            entry = self._keep(key, make())
        root = os.fspath(site)
        for name, sha in entry["files"].items():
            self._place(sha, f"{root}/{name}")

    def has(self, key: str) -> bool:
        """Whether the files of a key are cached."""
        return self._entry(key) is not None

    def add(self, key: str, made: Made) -> None:
        """Cache the files of a key, which were made elsewhere."""
        self._known[key] = self._put_all(made)

    def made_here(self, pieces: Iterable[tuple[str, Callable[[], Made]]]) -> bytes:
        """Make pieces, put their files into the cache, and return what another process needs to find them there."""
        entries = {key: self._put_all(make()) for key, make in pieces}
        hashes = {sha for entry in entries.values() for sha in (*_files_in(entry), entry["kept"]) if sha}
        return json.dumps([entries, {sha: facts for sha in hashes if (facts := self._stats.get(sha))}]).encode()

    def add_made(self, data: bytes) -> None:
        """Add what another process put into the cache, as it returned it."""
        entries, stats = json.loads(data)
        self._known |= entries
        self._stats |= stats

    def publish_all(self, whole: str, site: Path) -> bool:
        """Publish again everything that was published under the key `whole`.

        Return False, and publish nothing, if a file is lost or an answer has changed.
        """
        keys = self._wholes.get(whole)
        if not keys or not all(map(self._entry, keys)):
            return False
        for key in keys:
            self.publish(key, _never, site)
        return True

    def is_current(self, whole: str, site: Path, folders: Sequence[str]) -> bool:
        """Whether folders of a site have exactly the files that were published under the key `whole`."""
        keys = self._wholes.get(whole)
        if not keys or not all(key in self._known and self._is_answered(self._known[key]) for key in keys):
            return False
        wanted = {name: sha for key in keys for name, sha in self._known[key]["files"].items()}
        root = os.fspath(site)
        there = [file for folder in folders for file in _files(f"{root}/{folder}", folder)]
        try:
            return wanted.keys() == set(there) and all(
                _stat(f"{root}/{name}") == self._stats.get(sha) for name, sha in wanted.items()
            )
        except OSError:
            return False

    def files_of(self, whole: str) -> dict[str, str]:
        """The SHA-256 of each file that was published under the key `whole`, by name, also of packed ones."""
        entries = (self._used.get(key) or self._known[key] for key in self._wholes[whole])
        return {name: sha for entry in entries for name, sha in (entry["files"] | entry["packed"]).items()}

    def remember_all(self, whole: str) -> None:
        """Remember everything published so far under the key `whole`."""
        self._wholes = {whole: list(self._used)}

    def kept(self, key: str) -> bytes | None:
        """The `kept` data of a key that was published; None if it is lost."""
        entry = self._used.get(key)
        return self._read(entry["kept"]) if entry and entry["kept"] else None

    def packed(self, key: str, make: Callable[[], Made]) -> Mapping[str, bytes]:
        """The packed files of a key that was published, by name; `make` makes them again if one is damaged."""
        found = {name: self._read(sha) for name, sha in self._used[key]["packed"].items()}
        sound = {name: data for name, data in found.items() if data is not None}
        if len(sound) == len(found):
            return sound
        made = make()
        self._keep(key, made)
        return made.packed

    def close(self) -> None:
        """Write the index; delete unused entries once they outnumber the used ones."""
        known = self._used if len(self._known) > 2 * len(self._used) else {**self._known, **self._used}
        wanted = {sha for entry in known.values() for sha in (*_files_in(entry), entry["kept"]) if sha}
        stats = {sha: facts for sha in wanted if (facts := self._stats.get(sha))}
        self.cache.put(_INDEX, json.dumps([known, stats, self._wholes, mode_of_files()]).encode())
        with suppress(OSError):
            for sha in set(self._stats) - wanted:
                Path(self._path(sha)).unlink(missing_ok=True)

    def _permit(self) -> None:
        """Give the files the permissions of new ones, and have their folders in the site made again."""
        self._wholes = {}
        for sha in self._stats:
            with suppress(OSError):
                os.chmod(self._path(sha), mode_of_files())

    def _entry(self, key: str) -> dict[str, Any] | None:
        """The entry of a key, if all its files are intact and its answers unchanged."""
        entry = self._used.get(key) or self._known.get(key)
        if entry is None:
            return None
        if not self._is_answered(entry):
            return None
        if not all(map(self._is_sound, _files_in(entry))):
            return None
        self._used[key] = entry
        return entry

    def _is_answered(self, entry: Mapping[str, Any]) -> bool:
        return all(self.answer(name) == answer for name, answer in entry["asked"].items())

    def _is_sound(self, sha: str) -> bool:
        if sha in self._sound:
            return True
        try:
            facts = _stat(self._path(sha))
            if self._stats.get(sha) != facts:
                if hashlib.sha256(read_file(Path(self._path(sha)))).hexdigest() != sha:
                    return False
                self._stats[sha] = facts
        except OSError:
            return False
        self._sound.add(sha)
        return True

    def _keep(self, key: str, made: Made) -> dict[str, Any]:
        self._used[key] = entry = self._put_all(made)
        return entry

    def _put_all(self, made: Made) -> dict[str, Any]:
        return {
            "files": {name: self._put(data) for name, data in made.files.items()},
            "kept": self._put(made.kept) if made.kept else "",
            "asked": dict(made.asked),
            "packed": {name: self._put(data) for name, data in made.packed.items()},
        }

    def _put(self, data: bytes) -> str:
        sha = hashlib.sha256(data).hexdigest()
        if not self._is_sound(sha):
            path = Path(self._path(sha))
            try:
                write_file(path, data)
                self._stats[sha] = _stat(path)
                self._sound.add(sha)
            except OSError:
                # The cache is not writable: publish without caching.
                self._made[sha] = data
        return sha

    def _read(self, sha: str) -> bytes | None:
        if sha in self._made:
            return self._made[sha]
        # What is read is hashed: a file with other bytes may have the size and time of before.
        with suppress(OSError):
            data = read_file(Path(self._path(sha)))
            if hashlib.sha256(data).hexdigest() == sha:
                return data
        self._sound.discard(sha)
        self._stats.pop(sha, None)
        return None

    def _place(self, sha: str, path: str) -> None:
        # There are thousands of files: create each folder once, and join paths as text.
        folder = path.rpartition("/")[0]
        if folder not in self._folders:
            os.makedirs(folder, exist_ok=True)
            self._folders.add(folder)
        if sha in self._made:
            Path(path).write_bytes(self._made[sha])
            return
        try:
            os.link(self._path(sha), path)
        except OSError:
            Path(path).unlink(missing_ok=True)
            shutil.copyfile(self._path(sha), path)

    def _path(self, sha: str) -> str:
        return f"{self._root}/{sha[:2]}/{sha}"

    @cached_property
    def _root(self) -> str:
        assert self.cache.folder is not None
        return os.fspath(self.cache.folder)


def _files_in(entry: Mapping[str, Any]) -> tuple[str, ...]:
    """The hashes of all files of an entry of the index."""
    return (*entry["files"].values(), *entry["packed"].values())


def _stat(path: str | Path) -> list[int]:
    """The size and time of a file, which show whether it was changed. Raises OSError if it is a link, or no file."""
    status = os.lstat(path)
    if not stat.S_ISREG(status.st_mode):
        raise OSError(0, NOT_REGULAR)
    return [status.st_size, status.st_mtime_ns, status.st_ino]


def _files(folder: str, name: str) -> Iterator[str]:
    """Every file below a folder, by its path below `name`."""
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield from _files(entry.path, f"{name}/{entry.name}")
        else:
            yield f"{name}/{entry.name}"


def _never() -> Made:
    raise AssertionError("what is kept is not made")
