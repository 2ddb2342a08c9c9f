"""A folder beside the site in which it is built: it takes the place of the site only when the build has succeeded.

MkDocs empties the site's folder before it writes, and counts warnings only after everything is written. So the build is
given a folder of its own, and what a strict build would fail on is counted along the way, as MkDocs does.

The finished folder and the site are exchanged in one step where the system can do that, else by two renames. What
stays as it is, such as the folders of thousands of versions, is moved from the site into the new one just before: to
link or write the files took longer than the rest of a build. So for some milliseconds the site lacks them.

A build that is killed leaves its folders behind, under hidden names beside the site, with a list of what it has moved.
The next build removes them, and restores the site where the build was killed between these steps. A running build holds
a lock on its folder, which the system releases however the process ends.
"""

from __future__ import annotations

import ctypes
import logging
import os
import secrets
import shutil
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from glob import escape
from pathlib import Path

from mkdocs import utils
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File

import engross.common.lazy_re as re
from engross.common import EngrossError, error, mode_of_files, value_class, write_file
from engross.corpus import shown_path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_NEW, _OLD, _MOVED = ".new", ".old", ".moved"
_HERE, _EXCHANGE = -100, 2
"""AT_FDCWD and RENAME_EXCHANGE of Linux's renameat2(2)."""


class _Counter(logging.Handler):
    """Counts what a strict build fails on."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.count = 0

    def emit(self, record: logging.LogRecord) -> None:  # noqa: ARG002 (the signature is logging's)
        self.count += 1


@value_class(frozen=True, slots=True)
class _Kept:
    """Folders and files of a site, by their names in it, and what writes them elsewhere; `site` is its `_identity`."""

    names: tuple[str, ...]
    write: Callable[[], object]
    site: tuple[int, int] | None


def _identity(folder: Path) -> tuple[int, int] | None:
    """What a folder keeps when it is renamed; None if there is none."""
    try:
        status = os.stat(folder)
    except OSError:
        return None
    return status.st_dev, status.st_ino


class Staging:
    """The folder that a build is written to until it has succeeded."""

    def __init__(self, config: MkDocsConfig) -> None:
        self._config = config
        self._named = config.site_dir
        # A link to a folder stays a link: the folder itself is exchanged.
        self.site = Path(os.path.realpath(config.site_dir))
        self._kept: list[_Kept] = []
        self.site.parent.mkdir(parents=True, exist_ok=True)
        with _alone(self.site):
            recover(self.site)
            # Not the number of the process: numbers are used again, and are the same in two containers.
            self._folder = self.site.with_name(f".{self.site.name}.{secrets.token_hex(8)}{_NEW}")
            self._folder.mkdir()
            self._lock = _locked(self._folder)
        self._counter = _Counter()
        # The name of the logger differs between MkDocs and its forks.
        self._log = logging.getLogger(utils.log.name.split(".")[0])
        self._log.addHandler(self._counter)
        config.site_dir = str(self._folder)

    def keep(self, names: Sequence[str], write: Callable[[], object]) -> None:
        """Keep these folders and files, relative to the site, from the last build: new ones would have the same bytes.

        `write` writes all of them; it is called if they are no longer there when the build is published, because
        another build has replaced the site.
        """
        if names:
            self._kept.append(_Kept(tuple(names), write, _identity(self.site)))

    def keep_files(self, files: Iterable[File]) -> None:
        """Keep files from the last build that MkDocs would copy, if they have the same bytes there: to make a file and
        to delete the old one costs more than to read it. To be called before MkDocs copies files.
        """
        kept: list[File] = []
        for file in files:
            name = file.dest_uri
            if file.is_documentation_page() or type(file).copy_file is not File.copy_file:
                continue
            if file.dest_dir == self._config.site_dir and _has(f"{self.site}/{name}", file):
                file.copy_file = _copy_nothing  # type: ignore[method-assign]
                # Others write files into folders that MkDocs has made.
                os.makedirs(f"{self._config.site_dir}/{os.path.dirname(name)}", exist_ok=True)
                kept.append(file)
        self.keep([file.dest_uri for file in kept], lambda: [*map(File.copy_file, kept)])

    def publish(self, *, despite_warnings: bool = False) -> None:
        """Replace the site with the finished build; hidden files stay.

        A strict build that is about to fail on warnings replaces it only if `despite_warnings`.
        """
        if despite_warnings or not (self._config.strict and self._counter.count):
            with _alone(self.site):
                try:
                    self._move_kept()
                    _swap(self._folder, self.site)
                except BaseException:
                    _restore(self._folder, self.site)
                    raise
                # Under the lock: another build would read the list of a folder that is no longer locked.
                self._folder.with_suffix(_MOVED).unlink(missing_ok=True)
        self.discard()

    def _move_kept(self) -> None:
        """Move what is kept from the site into the new one; write it where it is no longer there."""
        here = _identity(self.site)
        hidden = [path.name for path in self.site.glob(".*")] if self.site.is_dir() else []
        names = [*hidden, *(name for one in self._kept if one.site == here for name in one.names)]
        if names:
            # Who stops this build, or a later one, finds here what to put back.
            write_file(self._folder.with_suffix(_MOVED), os.fsencode("\0".join(names)))
        for name in hidden:
            with suppress(FileNotFoundError):
                _move_one(f"{self.site}/{name}", f"{self._folder}/{name}")
        for one in self._kept:
            if one.site != here or not _move(one.names, self.site, self._folder):
                one.write()

    def discard(self) -> None:
        """Remove the folder and restore the setting of the site's folder. Calling it again does nothing."""
        self._log.removeHandler(self._counter)
        for folder in (self._folder, self._folder.with_suffix(_OLD)):
            shutil.rmtree(folder, ignore_errors=True)
        self._folder.with_suffix(_MOVED).unlink(missing_ok=True)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None
        self._config.site_dir = self._named


def check_site(site: str) -> None:
    """Raise EngrossError if a site cannot be written to a folder, because its name is that of something else."""
    try:
        if os.path.isdir(site) or not os.path.lexists(os.path.realpath(site)):
            return
        os.stat(site)
        reason = "it is no folder"
    except OSError as problem:  # a link to itself, for example
        reason = (problem.strerror or str(problem)).lower()
    message = f"the site cannot be written there: {reason}; remove it, or name another folder as site_dir in mkdocs.yml"
    raise EngrossError([error("site-setup", shown_path(Path(site)), 0, 0, message)])


def recover(site: Path) -> None:
    """Remove the folders that killed builds left beside a site, and restore the site if it was being moved.

    The caller holds the lock of the folder around the site.
    """
    for new in _left(site, _NEW):
        lock = _locked(new)
        if lock is None:
            continue
        _restore(new, site)
        shutil.rmtree(new, ignore_errors=True)
        os.close(lock)
    for old in _left(site, _OLD):
        # A build that is still running has its new folder beside the old one, locked.
        if site.exists() and not old.with_suffix(_NEW).exists():
            shutil.rmtree(old, ignore_errors=True)
    for moved in _left(site, _MOVED):
        if not moved.with_suffix(_NEW).exists():
            moved.unlink(missing_ok=True)


def _left(site: Path, suffix: str) -> list[Path]:
    """The folders, or lists, with a suffix that builds of a site have made beside it."""
    return sorted(site.parent.glob(f".{escape(site.name)}.{'[0-9a-f]' * 16}{suffix}"))


def in_site(path: str) -> str:
    """The path of a file of a staged build, as it will be in the site; other paths as they are."""
    return re.sub(rf"(^|/)\.([^/]+)\.[0-9a-f]{{16}}{re.escape(_NEW)}(?=/|$)", r"\1\2", path)


@contextmanager
def _alone(site: Path) -> Iterator[None]:
    """Lock the folder around a site, so that no other build makes, removes or exchanges folders there meanwhile."""
    handle = os.open(site.parent, os.O_RDONLY) if fcntl else None
    try:
        if handle is not None:
            with suppress(OSError):  # a file system without locks
                fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        if handle is not None:
            os.close(handle)


def _locked(folder: Path) -> int | None:
    """Lock a folder until the returned handle is closed; None where it cannot be locked."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return None
    try:
        if fcntl:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle


def _has(path: str, file: File) -> bool:
    """Whether the bytes of a file are at a path."""
    try:
        status = os.lstat(path)
        if not stat.S_ISREG(status.st_mode) or status.st_size > _LARGEST:
            return False
        if stat.S_IMODE(status.st_mode) != mode_of_files():
            return False
        if file.abs_src_path and os.path.getsize(file.abs_src_path) != status.st_size:
            return False
        with open(path, "rb", buffering=0) as there:
            return there.read() == file.content_bytes
    except OSError:
        return False


_LARGEST = 1 << 24
"""The size in bytes of the largest file that is compared; larger ones are copied without being read as a whole."""


def _copy_nothing(dirty: bool = False) -> None:
    """Take the place of `File.copy_file`."""


def _move(names: Sequence[str], site: Path, new: Path) -> bool:
    """Move folders and files of a site into a new one, which may have others of these names; link what cannot be moved.

    What a link leads to belongs to somebody else, and is copied. Returns False if anything is no longer there.
    """
    own = _OwnFolders(site)
    for name in names:
        source, target = f"{site}/{name}", f"{new}/{name}"
        try:
            if not own.have(name):
                _copy(source, target)
            else:
                _move_one(source, target)
        except FileNotFoundError:
            return False
    return True


def _move_one(source: str, target: str) -> None:
    if os.path.lexists(target) and not _is_folder(source):
        return
    try:
        _rename(source, target)
    except OSError:  # another file system, or a folder with files of this build
        _link(source, target)


def _is_folder(path: str) -> bool:
    return os.path.isdir(path) and not os.path.islink(path)


def _restore(new: Path, site: Path) -> None:
    """Put the site back in its place, and what a build has moved, as it listed it, into the site."""
    old, moved = new.with_suffix(_OLD), new.with_suffix(_MOVED)
    if old.is_dir() and not site.exists():
        old.rename(site)
    own = _OwnFolders(site)
    for name in os.fsdecode(moved.read_bytes()).split("\0") if moved.is_file() else ():
        if ".." not in name.split("/") and not os.path.lexists(f"{site}/{name}") and own.have(name):
            with suppress(OSError):
                _rename(f"{new}/{name}", f"{site}/{name}")


class _OwnFolders(dict[str, bool]):
    """For each folder of a site whether it is there itself, and not a link or in one."""

    def __init__(self, site: Path) -> None:
        super().__init__()
        self._site = site

    def __missing__(self, folder: str) -> bool:
        path = f"{self._site}/{folder}".rstrip("/")
        self[folder] = os.path.realpath(path) == path
        return self[folder]

    def have(self, name: str) -> bool:
        """Whether a file or folder of the site is one itself, in such a folder."""
        return self[os.path.dirname(name)] and not os.path.islink(f"{self._site}/{name}")


def _copy(source: str, target: str) -> None:
    """Copy a file or all files of a folder, which may be a link."""
    if os.path.isdir(source):
        shutil.copytree(source, target, symlinks=True, dirs_exist_ok=True)
    elif not os.path.lexists(target):
        os.makedirs(os.path.dirname(target), exist_ok=True)
        shutil.copy2(source, target)


def _rename(source: str, target: str) -> None:
    """Rename a folder or file, and make the folder that it goes to."""
    try:
        os.rename(source, target)
    except FileNotFoundError:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        os.rename(source, target)


def _link(source: str, target: str) -> None:
    """Link a file or all files of a folder, so that both sites have them; copy them where links fail.

    Files that are there already are those of this build, and stay.
    """
    if _is_folder(source):
        if not os.path.lexists(target):
            os.makedirs(target)
            shutil.copystat(source, target)
        for name in os.listdir(source) if _is_folder(target) else ():
            _link(f"{source}/{name}", f"{target}/{name}")
    elif not os.path.lexists(target):
        os.makedirs(os.path.dirname(target), exist_ok=True)
        try:
            os.link(source, target, follow_symlinks=False)
        except OSError:
            shutil.copy2(source, target, follow_symlinks=False)


def _swap(new: Path, site: Path) -> None:
    """Put a finished folder in the place of the site; an old site is then beside it."""
    if not site.exists():
        new.rename(site)
        return
    shutil.copymode(site, new)
    if _exchanged(new, site):
        return
    old = new.with_suffix(_OLD)
    try:
        site.rename(old)
    except OSError:
        # A mount point, for example, cannot be renamed: its content is replaced.
        utils.clean_directory(str(site))
        for made in new.iterdir():
            _put_over(str(made), f"{site}/{made.name}")
        return
    new.rename(site)


def _put_over(source: str, target: str) -> None:
    """Move a file or folder, and merge a folder with what is there: hidden ones are."""
    if _is_folder(source) and _is_folder(target):
        for name in os.listdir(source):
            _put_over(f"{source}/{name}", f"{target}/{name}")
        return
    if os.path.lexists(target) and not os.path.samestat(os.lstat(source), os.lstat(target)):
        shutil.rmtree(target) if _is_folder(target) else os.unlink(target)
    if not os.path.lexists(target):
        shutil.move(source, target)


def _exchanged(one: Path, other: Path) -> bool:
    """Exchange the names of two folders in one step; return False where the system cannot do that."""
    try:
        exchange = ctypes.CDLL(None).renameat2
    except (AttributeError, OSError, TypeError):
        return False
    paths = os.fsencode(one), os.fsencode(other)
    return int(exchange(_HERE, paths[0], _HERE, paths[1], _EXCHANGE)) == 0
