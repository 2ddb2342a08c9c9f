"""The doors to what is outside: git and the network. Only here are other programs run and addresses asked.

Git is asked for another copy of the ledger and for what it tracks, an address for another copy of the ledger. Whatever
is asked has limits, so that no answer is waited for without end: `MOST` bytes; `SECONDS` for an address, redirects
included, and for each question to git. What cannot be given is said in one line, as of any file that cannot be read.
"""

from __future__ import annotations

import os
import stat
import subprocess
from collections.abc import Callable, Sequence
from http.client import HTTPException, HTTPMessage
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import IO
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from engross.common import EngrossError, error

OUTSIDE = "outside"
"""The rule of what is wrong with something outside: an address, another program."""
SECONDS = 60
"""How long an address may take to answer, all of it; and git, to answer one question."""
MOST = 1 << 28
"""The most bytes that a file of a record may have, a ledger among them: 256 MiB, more than 150,000 entries."""

_ABSENT = (404, 410)
_ENVIRONMENT = {"GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1"}

Run = Callable[[Sequence[str], Path], bytes]
"""Runs a program in a folder: its output."""
Get = Callable[[str], bytes | None]
"""Asks an address: what it answers, None where it says that there is nothing."""


def run(command: Sequence[str], folder: Path) -> bytes:
    """The output of a program that is run in a folder. Raises EngrossError where it is not there, or fails."""
    program = command[0]
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=os.environ | _ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=SECONDS,
        )
    except FileNotFoundError:
        raise _cannot(program, f"{program} is not installed") from None
    except (OSError, ValueError, subprocess.TimeoutExpired) as problem:
        raise _cannot(program, str(problem)) from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise _cannot(" ".join(command), said[0] if said else f"it exits with {done.returncode}")
    return done.stdout


def tracked(path: Path, *, run: Run = run) -> bool:
    """Whether git tracks a file, which need not be there; False without git, and outside a repository."""
    try:
        return bool(run(("git", "--literal-pathspecs", "ls-files", "--", path.name), path.parent))
    except EngrossError:
        return False


def read_file(path: Path, most: int = MOST) -> bytes:
    """The bytes of a regular file. Raises OSError where it cannot be read, is another kind of file, such as a pipe that
    would be waited for, or has more than `most` bytes.
    """
    with open(path, "rb", buffering=0, opener=_without_waiting) as file:
        kind = os.fstat(file.fileno())
        if not stat.S_ISREG(kind.st_mode):
            raise OSError(0, "it is no regular file")
        data = (file.read(most + 1) if kind.st_size <= most else None) or b""
    if max(kind.st_size, len(data)) > most:
        raise OSError(0, _TOO_LARGE.format(most=most))
    return data


_TOO_LARGE = "it has more than {most:,} bytes, which no file of a record has"


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


class _Redirects(HTTPRedirectHandler):
    """Follows a few redirects, to addresses that are as safe as the first."""

    max_redirections = 5

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        """The request that follows. Raises URLError where it would leave http and https, or leave https."""
        if urlsplit(newurl).scheme not in {"https", req.type}:
            raise URLError(f"it redirects to {newurl}, which is not followed")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def get(address: str) -> bytes | None:
    """What an http or https address answers; None where it says that there is nothing (404, 410).

    Raises EngrossError where it does not answer in time, or answers with anything else.
    """
    answers: SimpleQueue[bytes | EngrossError | None] = SimpleQueue()
    # A thread, since each of a name's look-up, a connection, a line of a head and a piece of an answer can take as long
    # as it likes; it ends with the process.
    Thread(target=lambda: answers.put(_answer(address)), daemon=True).start()
    try:
        answer = answers.get(timeout=SECONDS)
    except Empty:
        raise _cannot(address, f"it has not answered within {SECONDS} seconds") from None
    if isinstance(answer, EngrossError):
        raise answer
    return answer


def _answer(address: str) -> bytes | EngrossError | None:
    try:
        request = Request(address, headers={"User-Agent": "engross"})
        with build_opener(_Redirects).open(request, timeout=SECONDS) as answer:
            data: bytes = answer.read(MOST + 1)
            missing = answer.length
    except HTTPError as problem:
        if problem.code in _ABSENT:
            return None
        return _cannot(address, f"it answers {problem.code} {problem.reason}")
    except (URLError, HTTPException, OSError, ValueError) as problem:
        return _cannot(address, f"it does not answer: {getattr(problem, 'reason', '') or problem}")
    if len(data) > MOST:
        return _cannot(address, _TOO_LARGE.format(most=MOST))
    return _cannot(address, f"its answer was cut off, {missing} bytes before its end") if missing else data


def other_ledger(name: str, folder: Path, ledger: Path, *, run: Run = run, get: Get = get) -> tuple[bytes | None, str]:
    """Another copy of a ledger, and how messages call it. `name` is a file, an http(s) address, or a ref of git.

    `folder` is the site's; a ref's ledger is where `ledger` is in the repository around. The copy is None where an
    address, or a commit, can be asked and has none. Raises EngrossError where it cannot be read.
    """
    if name.startswith(("https://", "http://")):
        return get(name), name
    path = Path(name)
    if path.exists() and not path.is_dir():
        try:
            return read_file(path, MOST), name
        except OSError as problem:
            raise _cannot(name, (problem.strerror or str(problem)).lower()) from None
    if not name or name.startswith("-") or path.is_dir():
        raise _cannot(name, "it is no file, no address and no ref of git")
    return _of_commit(name, folder, Path(os.path.relpath(ledger, folder)).as_posix(), run), name


def _of_commit(name: str, folder: Path, ledger: str, run: Run) -> bytes | None:
    """The ledger that a ref of git has; None where it has none."""
    try:
        commit = run(("git", "rev-parse", "--verify", f"{name}^{{commit}}"), folder).decode().strip()
    except EngrossError as failure:
        why = failure.diagnostics[0].message
        raise _cannot(name, f"it is no file, no address, and git has no ledger of that ref: {why}") from None
    listed = run(("git", "--literal-pathspecs", "ls-tree", "--long", commit, "--", ledger), folder).split()
    if not listed:
        return None
    kind, blob, size = listed[1], listed[2].decode(), listed[3]
    if kind != b"blob" or listed[0] == b"120000":
        raise _cannot(name, f"what it has as {ledger} is no file")
    if int(size) > MOST:
        raise _cannot(name, _TOO_LARGE.format(most=MOST))
    return run(("git", "cat-file", "blob", blob), folder)


def _cannot(what: str, why: str) -> EngrossError:
    return EngrossError([error(OUTSIDE, what, 0, 0, why)])
