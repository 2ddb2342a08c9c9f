"""`engross batch LIST`: run many commands on many files, on all cores or on a cluster."""

from __future__ import annotations

import base64
import json
import os
import shlex
from codecs import BOM_UTF8
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import field
from itertools import islice
from pathlib import Path
from traceback import format_exc
from typing import TYPE_CHECKING, Any

import click

from engross.cli.batch_jobs import COMMANDS, Job, Result, jobs_hash, keep_result, listed, result_of, run_job, run_jobs
from engross.cli.printing import FOUND, say
from engross.cli.workers import WorkerOptions, with_workers
from engross.common import (
    EngrossError,
    error,
    new_folder,
    noted_failures,
    now,
    put_file,
    read_file,
    shown,
    steps,
    value_class,
    write_file,
)
from engross.model import Source
from engross.record import sha256
from engross.text import ENCODING, unix_lines

if TYPE_CHECKING:
    from engross.site import Workers

BLOCK = 16
"""The number of commands of a task."""
AHEAD = 64
"""The most tasks that wait or run at a time."""
LONGEST = 100_000
"""The most characters of a line. Reading one takes time for each of them."""
_WITHIN = "in"
_OUTPUT, _MESSAGES = "output.txt", "messages.txt"


@click.command()
@click.argument("path", metavar="LIST", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    metavar="FOLDER",
    help="Write the results to FOLDER, which must be new or empty.",
)
@with_workers
@click.pass_context
def batch(ctx: click.Context, path: Path, out: Path, workers: WorkerOptions) -> None:
    """Run redlines, checks and imports of many files: one command for each line of LIST.

    LIST is a text file with one command on each line, as it is typed after "engross": check, diff or import. All paths
    are relative and lead to files below the current folder. "in FOLDER" before a command runs it in that folder, such
    as a site, with all files there. Empty lines and lines that begin with # are left out.

    The commands are run by processes on all cores, or by the workers of a Dask cluster, on copies of their files. The
    results of the third line are in FOLDER/3: output.txt has what was printed, messages.txt the messages, and files has
    the files that were written. FOLDER/results.jsonl lists the exit codes.

    Exits with the highest exit code of the commands, and with 2 for wrong usage.
    """
    lines = [*_lines(path)]
    if out.exists() and any(out.iterdir()):
        raise click.UsageError(f"{out} is not empty; name another folder with --out, or delete it")
    workers.check()
    codes, lost = [0], 0
    with workers.start() as started, new_folder(out) as made, steps("Running commands", len(lines)) as step:
        orders = _Orders(started, path)
        made.mkdir()
        with (made / "results.jsonl").open("w", encoding="utf-8", newline="\n") as summary:
            for line, result, was_lost in orders.results(lines):
                files = _write(made / str(line.number), result)
                facts = {"line": line.number, "command": line.text, "exit": result["exit"], "files": files}
                summary.write(json.dumps(facts, ensure_ascii=False) + "\n")
                codes.append(result["exit"])
                lost += was_lost
                step.advance()
    failed = sum(map(bool, codes))
    say(f"{len(lines):,} commands run, {failed:,} with an exit code other than 0; results in {out}")
    if lost:
        say(f"note: workers did not run {lost:,} of them, which were run here: {orders.reason}", err=True)
    ctx.exit(max(codes))


@value_class(frozen=True, slots=True)
class Line:
    """A command of the list: its line, the folder in which it runs with all files there, and its arguments."""

    number: int
    text: str
    folder: Path | None
    arguments: tuple[str, ...]


def _lines(path: Path) -> Iterator[Line]:
    """The commands of a list. Raises EngrossError with all lines that are none."""
    mistakes = []
    for number, text in enumerate(_text_of(path).split("\n"), 1):
        if not text.strip() or text.lstrip().startswith("#"):
            continue
        try:
            words = _words(text)
            within = words[0] == _WITHIN
            folder, arguments = (Path(words[1]) if len(words) > 1 else None, words[2:]) if within else (None, words)
            if within and not arguments:
                raise ValueError(
                    _MISSING.format("a command is" if folder else "a folder and a command are", text.strip())
                )
            _check(folder, arguments)
        except ValueError as problem:
            mistakes.append(error("batch", str(path), number, 1, str(problem)))
            continue
        yield Line(number, text.strip(), folder, tuple(arguments))
    if mistakes:
        raise EngrossError(mistakes)


_MISSING = "{} missing after {}; write: in FOLDER COMMAND, such as in sites/acme check --strict"


def _text_of(path: Path) -> str:
    """The text of a list, with lines that end as in editors. Raises EngrossError if it is not UTF-8, or no file."""
    try:
        data = read_file(path).removeprefix(BOM_UTF8)
    except OSError as problem:
        reason = (problem.strerror or str(problem)).lower()
        raise EngrossError([error("unreadable-file", str(path), 0, 0, reason)]) from None
    try:
        return unix_lines(data.decode())
    except UnicodeDecodeError as problem:
        before = unix_lines(data[: problem.start].decode())
        line, column = Source(str(path), before, b"").position(len(before))
        message = "this is not UTF-8; save the file as UTF-8"
        raise EngrossError([error(ENCODING, str(path), line, column, message)]) from None


def _words(text: str) -> list[str]:
    if len(text) > LONGEST:
        raise ValueError(f"this line has {len(text):,} characters, and at most {LONGEST:,} are read; split it")
    try:
        return shlex.split(text)
    except ValueError:
        raise ValueError("a quotation mark has no partner; write one that is meant as text with a backslash") from None


def _check(folder: Path | None, arguments: list[str]) -> None:
    if arguments[0] not in COMMANDS:
        raise ValueError(f'"{shown(arguments[0])}" is none of the commands of a batch: {", ".join(COMMANDS)}')
    if folder and not folder.is_dir():
        raise ValueError(f"there is no folder {folder}")
    for word in (str(folder or ""), *arguments):
        name = Path(word.rpartition("=")[2])
        if name.is_absolute() or ".." in name.parts:
            raise ValueError(f"{word} leads out of the folder; name files below it")
        _refuse_link(name)


def _refuse_link(path: Path) -> None:
    """Raise ValueError where links lead to a place that is not below the current folder."""
    with suppress(OSError, RuntimeError):  # a name that no file can have, or a link to itself
        if not path.resolve().is_relative_to(Path.cwd().resolve()):
            raise ValueError(f"{path} is a link that leads out of the folder; name files below it, or copy them there")


def environment() -> dict[str, str]:
    """Return the variables for a command: what `check` says of a change may depend on the day, so that one names it."""
    instant = os.environ.get("SOURCE_DATE_EPOCH")
    when = {"SOURCE_DATE_EPOCH": instant} if instant else {"ENGROSS_BATCH_DAY": f"{now():%Y-%m-%d}"}
    return {"COLUMNS": "100", "NO_COLOR": "1", **when}


@value_class
class _Orders:
    """Places the files of commands in the cache of workers, and gives commands to them."""

    workers: Workers
    path: Path
    reason: str = ""
    _placed: set[str] = field(default_factory=set)
    _folders: dict[Path, str] = field(default_factory=dict)

    def results(self, lines: Iterable[Line]) -> Iterator[tuple[Line, Result, bool]]:
        """The result of each command, in order, and whether no worker gave it."""
        left, begun = iter(lines), deque[tuple[list[tuple[Line, Job]], Future[int] | None]]()
        while True:
            while len(begun) < AHEAD and (block := list(islice(left, BLOCK))):
                jobs = [(line, self._job(line)) for line in block]
                begun.append((jobs, self._submit([job for _, job in jobs])))
            if not begun:
                return
            jobs, task = begun.popleft()
            if task is not None:
                self._wait(task)
            for line, job in jobs:
                found = result_of(self.workers.cache, job)
                yield line, found or self._run(job), found is None and task is not None

    def _run(self, job: Job) -> Result:
        """Run a command in this process. If it fails with a traceback, that is its result, as it is printed."""
        try:
            with noted_failures() as noted:
                result = run_job(self.workers.address, job)
        except EngrossError:
            raise
        except Exception:
            messages = base64.b64encode(format_exc().encode("utf-8", "backslashreplace")).decode()
            return {"exit": FOUND, "output": "", "messages": messages, "files": {}}
        if not noted:
            keep_result(self.workers.cache, job, result)
        return result

    def _submit(self, jobs: list[Job]) -> Future[int] | None:
        missing = [job for job in jobs if result_of(self.workers.cache, job) is None]
        if not missing or self.workers.executor is None:
            return None
        return self.workers.submit(run_jobs, self.workers.address, jobs_hash(), missing)

    def _wait(self, task: Future[int]) -> None:
        """Wait for a task. What it could not do is done by this process."""
        try:
            task.result()
        except Exception as problem:  # a worker can fail in any way
            self.reason = self.reason or str(problem) or type(problem).__name__

    def _job(self, line: Line) -> Job:
        try:
            files = self._files(line)
        except ValueError as problem:
            raise EngrossError([error("batch", str(self.path), line.number, 1, str(problem))]) from None
        return {"arguments": line.arguments, "files": files, "environment": environment()}

    def _files(self, line: Line) -> str:
        """Place the files that a command reads, and return the key of their list."""
        if line.folder is not None:
            if line.folder not in self._folders:
                self._folders[line.folder] = self._place(line.folder, _of_site(line.folder))
            return self._folders[line.folder]
        named = (Path(word.rpartition("=")[2]) for word in line.arguments[1:])
        return self._place(Path(), [file for one in named for file in _below(one)])

    def _place(self, folder: Path, files: Iterable[Path]) -> str:
        names = {}
        for file in files:
            try:
                data = read_file(file)
            except OSError as problem:
                raise ValueError(f"{file}: {(problem.strerror or str(problem)).lower()}") from None
            names[file.relative_to(folder).as_posix()] = self._put(data)
        return self._put(json.dumps(names, sort_keys=True).encode())

    def _put(self, data: bytes) -> str:
        sha = sha256(data)
        if sha not in self._placed:
            self._placed.add(put_file(self.workers.cache, data, check=True))
        return sha


def _below(path: Path) -> list[Path]:
    """The file, or the files of the folder, that an argument names; none if it names no file.

    Raises ValueError where one is a link that leads out of the current folder.
    """
    try:
        files = _listed(path) if path.is_dir() else [path] if path.exists() else []
    except OSError:
        return []
    for file in files:
        if file.is_symlink():
            _refuse_link(file)
    return files


def _listed(folder: Path) -> list[Path]:
    """All files below a folder, also by links; without links that lead nowhere, or to a folder that they are in."""
    found = []
    for path in listed(folder):
        if path.is_dir():
            _refuse_link(path)
            if path.resolve() not in (one.resolve() for one in path.parents):
                found += _listed(path)
        elif path.exists():
            found.append(path)
    return found


def _of_site(folder: Path) -> list[Path]:
    """The files of a folder, but for the pages that a build has put there."""
    return [path for path in _below(folder) if path.relative_to(folder).parts[0] != "site"]


def _write(folder: Path, result: Result) -> list[str]:
    """Write the result of a command. Returns the names of the files that it wrote."""
    for name, content in _parts(result):
        data = base64.b64decode(content)
        if data or name not in (_OUTPUT, _MESSAGES):
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            write_file(path, data)
    return sorted(result["files"])


def _parts(result: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield _OUTPUT, result["output"]
    yield _MESSAGES, result["messages"]
    yield from ((f"files/{name}", content) for name, content in result["files"].items())
