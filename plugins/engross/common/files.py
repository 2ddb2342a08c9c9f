"""Reads files that somebody else may have written, regular files only, up to a limit; makes folders as a whole."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

MOST = 1 << 28
"""The maximum size of a file that is read, of a ledger for example: 256 MiB, more than 150,000 entries."""
NOT_REGULAR = "it is not a regular file"
TOO_LARGE = "it has more than {most:,} bytes, the most that is read"


def read_file(path: Path, most: int = MOST) -> bytes:
    """Read a regular file. Raises OSError if it cannot be read, is another kind of file, or has more than `most` bytes.

    Reading a pipe or a device could wait for ever.
    """
    try:
        return _read(path, most)
    except OSError as problem:
        note_failure(problem)
        raise


def _read(path: Path, most: int) -> bytes:
    with open(path, "rb", buffering=0, opener=_without_waiting) as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise OSError(0, NOT_REGULAR)
        data = (file.read(most + 1) if status.st_size <= most else None) or b""
    if max(status.st_size, len(data)) > most:
        raise OSError(0, TOO_LARGE.format(most=most))
    return data


_NAMES = "ENOENT EEXIST ENOTDIR EISDIR ENOTEMPTY EINVAL ELOOP ENAMETOOLONG ENXIO"
_OF_FILES = frozenset((None, 0, *(getattr(errno, name) for name in _NAMES.split())))
"""The errors that follow from which files there are. All others are those of a machine: it is full, or broken."""

_NOTED: list[list[OSError]] = []


def note_failure(problem: OSError) -> None:
    """Note an error of the system for `noted_failures`, if it is one of this machine."""
    if is_of_machine(problem):
        for noted in _NOTED:
            noted.append(problem)


def is_of_machine(problem: OSError) -> bool:
    """Whether an error of the system is one of this machine, and does not follow from which files there are."""
    return problem.errno not in _OF_FILES


@contextmanager
def noted_failures() -> Iterator[list[OSError]]:
    """Give the list to which errors of this machine are added in the block, also those that become messages.

    What is made in the block is not a result that other machines, or this one later, would have.
    """
    noted: list[OSError] = []
    _NOTED.append(noted)
    try:
        yield noted
    finally:
        _NOTED[:] = [one for one in _NOTED if one is not noted]


@cache
def mode_of_files() -> int:
    """The permissions of files that this process makes, without those that its umask takes away."""
    # It can only be read by setting it; meanwhile other threads make files that are private.
    mask = os.umask(0o077)
    os.umask(mask)
    return 0o666 & ~mask


@contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """Give the path of a folder to make, which gets the name `folder` when the block has ended well.

    `folder` may be there, and is empty then. Otherwise nothing is left of it, also where the user interrupts.
    """
    from tempfile import TemporaryDirectory  # few commands make folders

    folder = folder.resolve()  # a link to an empty folder stays
    folder.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=f".{folder.name}.", dir=folder.parent) as beside:
        made = Path(beside) / "new"
        yield made
        if made.is_dir():
            if folder.is_dir():
                folder.rmdir()
            made.rename(folder)


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
