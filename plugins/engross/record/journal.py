"""One release at a time, and all of it or none.

The ledger is replaced in one step, and that step is the release: before it the record is the old one, after it the new
one. Sealed files are written first, under names that no entry lists yet; the journal names them, so that a release that
was killed leaves files that are known to be no one's, and the next release takes them away. The journal's file is the
lock as well: the system lets go of it whenever its process ends, however it ends.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from engross.errors import EngrossError, error
from engross.record.archive import JOURNAL
from engross.record.history import LEDGER
from engross.record.ledger import RULE

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

Step = tuple[str, Callable[[], None]]
"""A step of a release: what it does, in words, and how."""


def leftovers(folder: Path) -> set[str]:
    """The files that a release which was stopped named in its journal; none where there is no journal."""
    try:
        said = json.loads((folder / JOURNAL).read_bytes() or b"[]")
    except (OSError, ValueError):
        return set()
    return {name for name in said if isinstance(name, str)} if isinstance(said, list) else set()


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the record for one release. Raises EngrossError where another holds it.

    What a release that was stopped has left behind is taken away first.
    """
    made = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / JOURNAL
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        _lock(handle, path)
        try:
            yield
        except BaseException:
            # What a release that failed has written is named in its journal, which then stays.
            if not leftovers(folder):
                path.unlink()
            raise
        path.unlink()
    finally:
        os.close(handle)
        if made:
            with suppress(OSError):
                folder.rmdir()


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
        raise EngrossError([error(RULE, path.parent.as_posix(), 0, 0, message)]) from None


def steps(folder: Path, new: Mapping[str, bytes], ledger: bytes, old: frozenset[str] = frozenset()) -> Iterator[Step]:
    """What a release writes, step by step, while it holds the lock: `new` files, then the ledger; `old` files go last.

    Until the ledger is replaced, a reader sees the old record; from then on the new one.
    """
    yield "journal", lambda: _write(folder / JOURNAL, json.dumps(sorted({*new, *old})).encode())
    for name, data in new.items():
        yield f"write {name}", lambda name=name, data=data: _write(folder / name, data)  # type: ignore[misc]
    yield "prepare the ledger", lambda: _write(folder / f"{JOURNAL}.ledger", ledger)
    yield "replace the ledger", lambda: _replace(folder / f"{JOURNAL}.ledger", folder / LEDGER)
    for name in sorted(old):
        yield f"remove {name}", (folder / name).unlink


def clean(folder: Path, listed: Collection[str]) -> None:
    """Take away what a release that was stopped has left: files that its journal names and that no entry lists."""
    for name in leftovers(folder) - set(listed):
        with suppress(FileNotFoundError):
            (folder / name).unlink()
    with suppress(FileNotFoundError):
        (folder / f"{JOURNAL}.ledger").unlink()


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


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
