"""What a worker of `engross batch` does: it runs one command after another, each on files of a shared cache.

A *job* has everything that decides its result: the command with its arguments, the files that it reads, by their
hashes, and the day, or the instant of `SOURCE_DATE_EPOCH`. So the result is the same wherever it is made, and the cache
has it under the hash of the job. A worker runs only commands that need no answers and change nothing but files.
"""

from __future__ import annotations

import base64
import io
import json
import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from functools import cache, lru_cache
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any
from weakref import finalize

from engross.cli.printing import INTERRUPTED
from engross.common import (
    OTHER_CODE,
    Cache,
    EngrossError,
    error,
    get_file,
    key_of,
    noted_failures,
    shared_cache,
)
from engross.common.progress import kept_progress
from engross.record import hash_of

COMMANDS = ("check", "diff", "import")
"""The commands that can be run in a batch."""

Job = Mapping[str, Any]
"""A job: `arguments` of the command line, `files` the key of the list of files, `environment`."""

Result = dict[str, Any]
"""The result of a job: the `exit` code, what it printed (`output`, `messages`), and the `files` it wrote."""

_ONE_AT_A_TIME = threading.Lock()
"""The current folder and the standard streams belong to the whole process."""
_OWN = (".cache", ".git", "__pycache__")
_CODE = (
    "engross.cli",
    __name__,
    "engross.cli.check",
    "engross.cli.site_check",
    "engross.cli.diff",
    "engross.cli.import_",
)


@cache
def jobs_hash() -> str:
    """The hash of all code, templates and packages that decide results."""
    from engross.corpus import shipped_hash

    return key_of(_CODE, "jobs", shipped_hash())


def run_jobs(address: str, code: str, jobs: Sequence[Job]) -> int:
    """Run jobs, and put their results into the cache at an address. Returns how many results are there.

    Raises RuntimeError if this process has other code than the one that gave the jobs, EngrossError if the cache lacks
    files, and OSError if this machine fails, because its disk is full for example: that is no result of the job.
    """
    if code != jobs_hash():
        raise RuntimeError(f"it has {OTHER_CODE}")
    store = shared_cache(address)
    for job in jobs:
        if not store.has(result_key(job)):
            with noted_failures() as noted:
                result = run_job(address, job)
            if noted:
                raise noted[0]
            keep_result(store, job, result)
    return sum(store.has(result_key(job)) for job in jobs)


def keep_result(store: Cache, job: Job, result: Result) -> None:
    """Put the result of a job into a cache."""
    store.put(result_key(job), json.dumps(result).encode())


def result_key(job: Job) -> str:
    """The key of the result of a job."""
    return hash_of([jobs_hash(), "job", job["arguments"], job["files"], sorted(job["environment"].items())])


def result_of(store: Cache, job: Job) -> Result | None:
    """The result of a job in a cache; None if it is not there or damaged."""
    try:
        found: Result = json.loads(store.get(result_key(job)) or b"null")
        sound = isinstance(found["exit"], int) and all(map(is_inside, found["files"]))
    except (ValueError, TypeError, KeyError):
        return None
    return found if sound else None


def is_inside(name: str) -> bool:
    """Whether a name is that of a file below a folder, on every system."""
    return ":" not in name and "\\" not in name and all(part not in ("", ".", "..") for part in name.split("/"))


def run_job(address: str, job: Job) -> Result:
    """Run the command of a job in a folder that has its files, and nothing else."""
    work = _work(address, job["files"])
    with _ONE_AT_A_TIME, _inside(work.root, job["environment"]):
        output, messages = _stream(), _stream()
        with redirect_stdout(output), redirect_stderr(messages), kept_progress():
            code = _run(job["arguments"])
        printed = {"output": _encoded(output), "messages": _encoded(messages)}
        return {"exit": code, **printed, "files": work.take_written()}


def _run(arguments: Sequence[str]) -> int:
    from engross.cli import main

    if not arguments or arguments[0] not in COMMANDS:
        raise EngrossError([error("batch", "", 0, 0, f"a batch runs only these commands: {', '.join(COMMANDS)}")])
    try:
        main(args=list(arguments), prog_name="engross")
    except SystemExit as ended:
        if ended.code == INTERRUPTED:
            raise KeyboardInterrupt from None  # it was meant for the batch
        return ended.code if isinstance(ended.code, int) else int(bool(ended.code))
    return 0


def _stream() -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(), "utf-8", newline="\n", write_through=True)


def _encoded(stream: io.TextIOWrapper) -> str:
    stream.flush()
    assert isinstance(stream.buffer, io.BytesIO)
    return base64.b64encode(stream.buffer.getvalue()).decode()


@contextmanager
def _inside(folder: Path, environment: Mapping[str, str]) -> Iterator[None]:
    """Run a block in a folder, with variables of the environment."""
    here, before = os.getcwd(), {name: os.environ.get(name) for name in environment}
    os.environ |= environment
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(here)
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.__setitem__(name, value)


class _Work:
    """A folder with files of a cache, for jobs one after another."""

    def __init__(self, store: Cache, files: Mapping[str, str]) -> None:
        self.root = Path(mkdtemp(prefix="engross-")).resolve()
        self._store, self._files = store, files
        self._stats: dict[str, tuple[int, int]] = {}
        for name, sha in files.items():
            if not is_inside(name):
                raise EngrossError(
                    [error("outside", "--cache", 0, 0, f"{name} is not the name of a file below the folder")]
                )
            self._place(name, sha)
        finalize(self, rmtree, self.root, ignore_errors=True)

    def _place(self, name: str, sha: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(get_file(self._store, sha))
        self._stats[name] = _stat(path)

    def take_written(self) -> dict[str, str]:
        """The files that a job wrote, encoded, by name; afterwards the folder is as it was before."""
        written = {}
        for path in listed(self.root):
            name = path.relative_to(self.root).as_posix()
            if self._stats.get(name) != _stat(path):
                written[name] = base64.b64encode(path.read_bytes()).decode()
                path.unlink()
        for name in self._files:
            if not (self.root / name).exists():
                self._place(name, self._files[name])
        return written


def listed(folder: Path) -> list[Path]:
    """All files below a folder, and links to folders, but for caches and what git keeps."""
    found = []
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in _OWN)
        links = [name for name in folders if os.path.islink(os.path.join(root, name))]
        found += [Path(root, name) for name in sorted([*names, *links])]
    return found


def _stat(path: Path) -> tuple[int, int]:
    stat = path.stat()
    return stat.st_size, stat.st_mtime_ns


@lru_cache(maxsize=2)
def _work(address: str, files: str) -> _Work:
    store = shared_cache(address)
    return _Work(store, json.loads(get_file(store, files)))
