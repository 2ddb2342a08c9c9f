"""Write a release all or not at all, and one release at a time.

Replacing the ledger is one step, and that step is the release. Sealed files are written before it. The journal names
them, so that the next release can remove the files of an interrupted one. The journal is also the lock: the system
releases it when its process ends, however it ends.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from engross.common import MOST, EngrossError, error, read_file
from engross.corpus import shown_path
from engross.record.history import LEDGER
from engross.record.ledger.file import RULE
from engross.record.sealed_files import JOURNAL, NEXT_LEDGER, is_written_name

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_NOT_FOLLOWED = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
Step = tuple[str, Callable[[], None]]
"""A step of a release: its description, and the function that does it."""


def leftovers(folder: Path) -> set[str]:
    """The files that the journal of an interrupted release names; none if there is no journal."""
    try:
        names = json.loads(read_file(folder / JOURNAL) or b"[]")
    except (OSError, ValueError, RecursionError):
        return set()
    # A release wrote no file with another name, so none may remove such a file.
    texts = (name for name in names if isinstance(name, str)) if isinstance(names, list) else ()
    return set(filter(is_written_name, texts))


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Lock the record for one release. Raises EngrossError if another release holds it, or if it cannot be written.

    The journal is deleted at the end, unless it names files that an interrupted release has left.
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
        # A link or a pipe is not a journal: writing to it would change another file, or wait for ever.
        handle = os.open(path, os.O_RDWR | os.O_CREAT | _NOT_FOLLOWED, 0o644)
    except OSError as problem:
        raise not_written(path.parent, problem) from None
    if stat.S_ISREG(os.fstat(handle).st_mode):
        return handle
    os.close(handle)
    raise not_written(path.parent, OSError(0, f"{JOURNAL} is not a regular file; delete it"))


def not_written(folder: Path, problem: OSError) -> EngrossError:
    """The error for a record's folder that cannot be written."""
    reason = (problem.strerror or str(problem)).lower()
    message = f"nothing was released, and the record is unchanged, since it cannot be written: {reason}"
    return EngrossError([error(RULE, shown_path(folder), 0, 0, message)])


def _lock(handle: int, path: Path) -> None:
    try:
        if fcntl:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        else:
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        # The release that held the lock may have deleted the file; a lock on a deleted file guards nothing.
        if os.fstat(handle).st_ino != path.stat().st_ino:
            raise BlockingIOError
    except OSError:
        message = "another release is running; wait for it to end, then release again"
        raise EngrossError([error(RULE, shown_path(path.parent), 0, 0, message)]) from None


def steps(folder: Path, new: Mapping[str, bytes], ledger: bytes, old: frozenset[str] = frozenset()) -> Iterator[Step]:
    """Yield the steps of a release, which holds the lock: write `new` files, replace the ledger, remove `old` files.

    A reader sees the old record until the ledger is replaced, and then the new one. Raises EngrossError before the
    first step if a file is larger than readers accept.
    """
    for name, data in {**new, LEDGER: ledger}.items():
        if len(data) > MOST:
            raise not_written(folder, OSError(0, f"{name} would have more than {MOST:,} bytes"))
    yield "write the journal", lambda: _write(folder / JOURNAL, json.dumps(sorted({*new, *old})).encode())
    for name, data in new.items():
        yield f"write {name}", lambda name=name, data=data: _write(folder / name, data)  # type: ignore[misc]
    yield "prepare the ledger", lambda: _write(folder / NEXT_LEDGER, ledger)
    yield "replace the ledger", lambda: _replace(folder / NEXT_LEDGER, folder / LEDGER)
    for name in sorted(old):
        yield f"remove {name}", (folder / name).unlink
    yield "empty the journal", lambda: os.truncate(folder / JOURNAL, 0)


def clean(folder: Path, listed: Iterable[str]) -> None:
    """Remove the files of an interrupted release: those that its journal names and that no entry lists.

    The caller holds the lock. The journal is empty afterwards.
    """
    for name in sorted(leftovers(folder) - set(listed)):
        (folder / name).unlink(missing_ok=True)
        with suppress(OSError):
            # This fails if the folder has other files.
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
    """Write a folder's entries to disk. Systems that cannot do this need no such call."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
