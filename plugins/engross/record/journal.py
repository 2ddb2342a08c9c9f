"""One release at a time, and all of it or none.

The ledger is replaced in one step, and that step is the release: before it the record is the old one, after it the new
one. Sealed files are written first, under names that no entry lists yet; the journal names them, so that a release that
was killed leaves files that are known to be no one's, and the next release takes them away. The journal's file is the
lock as well: the system lets go of it whenever its process ends, however it ends.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from engross.corpus.project import shown_path
from engross.errors import EngrossError, error
from engross.record.archive import JOURNAL, NEXT_LEDGER, is_written_name
from engross.record.history import LEDGER
from engross.record.ledger import RULE
from engross.record.outside import read_file

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_NOT_FOLLOWED = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
Step = tuple[str, Callable[[], None]]
"""A step of a release: what it does, in words, and how."""


def leftovers(folder: Path) -> set[str]:
    """The files that a release which was stopped named in its journal; none where there is no journal."""
    try:
        said = json.loads(read_file(folder / JOURNAL) or b"[]")
    except (OSError, ValueError, RecursionError):
        return set()
    # Whatever else a journal names was not written by a release, and is not for one to take away.
    return set(filter(is_written_name, filter(_is_text, said))) if isinstance(said, list) else set()


def _is_text(value: object) -> bool:
    return isinstance(value, str)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the record for one release. Raises EngrossError where another holds it, or where nothing can be written.

    The journal goes when all is done; it stays where it names files that a release which was stopped has left.
    """
    path = folder / JOURNAL
    made = not folder.exists()
    handle = _open(path)
    try:
        _lock(handle, path)
        try:
            yield
        finally:
            if not leftovers(folder):
                path.unlink(missing_ok=True)
    finally:
        os.close(handle)
        if made:
            with suppress(OSError):
                folder.rmdir()


def _open(path: Path) -> int:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # What a link leads to, and a pipe, are nobody's journal, and are not written to.
        handle = os.open(path, os.O_RDWR | os.O_CREAT | _NOT_FOLLOWED, 0o644)
    except OSError as problem:
        raise not_written(path.parent, problem) from None
    if stat.S_ISREG(os.fstat(handle).st_mode):
        return handle
    os.close(handle)
    raise not_written(path.parent, OSError(0, f"{JOURNAL} is no regular file; delete it"))


def not_written(folder: Path, problem: OSError) -> EngrossError:
    """That nothing can be written into a record's folder; what it holds is as it was."""
    reason = (problem.strerror or str(problem)).lower()
    message = f"nothing was released, and the record is as it was, for it cannot be written: {reason}"
    return EngrossError([error(RULE, shown_path(folder), 0, 0, message)])


def _lock(handle: int, path: Path) -> None:
    try:
        if fcntl:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        else:
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        # Whoever held it may have taken the file away meanwhile; a lock on a file that is gone guards nothing.
        if os.fstat(handle).st_ino != path.stat().st_ino:
            raise BlockingIOError
    except OSError:
        message = "another release is under way; wait for it to end, then release again"
        raise EngrossError([error(RULE, shown_path(path.parent), 0, 0, message)]) from None


def steps(folder: Path, new: Mapping[str, bytes], ledger: bytes, old: frozenset[str] = frozenset()) -> Iterator[Step]:
    """What a release writes, step by step, while it holds the lock: `new` files, then the ledger; `old` files go last.

    Until the ledger is replaced, a reader sees the old record; from then on the new one.
    """
    yield "write the journal", lambda: _write(folder / JOURNAL, json.dumps(sorted({*new, *old})).encode())
    for name, data in new.items():
        yield f"write {name}", lambda name=name, data=data: _write(folder / name, data)  # type: ignore[misc]
    yield "prepare the ledger", lambda: _write(folder / NEXT_LEDGER, ledger)
    yield "replace the ledger", lambda: _replace(folder / NEXT_LEDGER, folder / LEDGER)
    for name in sorted(old):
        yield f"remove {name}", (folder / name).unlink
    yield "empty the journal", lambda: os.truncate(folder / JOURNAL, 0)


def clean(folder: Path, listed: Iterable[str]) -> None:
    """Take away what a release that was stopped has left: files that its journal names and that no entry lists. The
    caller holds the lock; the journal is empty then.
    """
    for name in sorted(leftovers(folder) - set(listed)):
        (folder / name).unlink(missing_ok=True)
        with suppress(OSError):
            # Only where it was the folder's only file.
            (folder / name).parent.rmdir()
    (folder / NEXT_LEDGER).unlink(missing_ok=True)
    os.truncate(folder / JOURNAL, 0)


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    _sync_folder(path.parent)


def _replace(new: Path, path: Path) -> None:
    os.replace(new, path)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Have the folder's entries on disk too; where a system cannot do that it does it by itself."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
