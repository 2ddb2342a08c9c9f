"""Access to git and the network.

Other programs run and addresses are requested only here. Everything has limits: `MOST` bytes; `SECONDS` for an address
with its redirects, and for each question to git. Errors are one line, as for a file that cannot be read.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from email.message import Message
from http import HTTPStatus
from http.client import HTTPException, HTTPMessage
from ipaddress import ip_address
from pathlib import Path
from queue import Empty, SimpleQueue
from socket import getaddrinfo
from threading import Thread
from typing import IO
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from engross.common import MOST, TOO_LARGE, EngrossError, error, read_file, value_class

OUTSIDE = "outside"
"""The rule of errors of addresses and other programs."""
SECONDS = 60
"""The longest time for the whole answer of an address, or one command of git, in seconds."""
_ABSENT = (404, 410)
_ENVIRONMENT = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_LAZY_FETCH": "1",
    # What git would read in place of the objects that the ids name.
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_GRAFT_FILE": f"{os.devnull}/none",
}

Run = Callable[[Sequence[str], Path], bytes]
"""Runs a program in a folder and returns its output."""

AGENT = "engross"
"""The name by which addresses are asked (`User-Agent`)."""


@value_class(frozen=True, slots=True)
class Answer:
    """What an address answered: `address` is where its redirects led, the names of `headers` are in small letters."""

    address: str
    status: int
    headers: Mapping[str, str]
    data: bytes


def run(command: Sequence[str], folder: Path, sent: bytes = b"") -> bytes:
    """Run a program in a folder with the input `sent`, and return its output.

    Raises EngrossError if it is not installed or fails.
    """
    program = command[0]
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=os.environ | _ENVIRONMENT,
            input=sent,
            capture_output=True,
            check=False,
            timeout=SECONDS,
        )
    except FileNotFoundError:
        raise _failure(program, f"{program} is not installed") from None
    except (OSError, ValueError, subprocess.TimeoutExpired) as problem:
        raise _failure(program, str(problem)) from None
    if done.returncode:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise _failure(" ".join(command), lines[0] if lines else f"it exits with {done.returncode}")
    return done.stdout


def run_openly(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> int:
    """Run a program in a folder, with more variables, so that its output is seen. Returns its exit code.

    There is no time limit. Raises EngrossError if it cannot be started.
    """
    try:
        return subprocess.run(
            command, cwd=folder, env=os.environ | environment, stdin=subprocess.DEVNULL, check=False
        ).returncode
    except OSError as problem:
        raise _failure(command[0], problem.strerror or str(problem)) from None


def tracked(path: Path) -> bool:
    """Whether git tracks a file, which need not exist, or any file in a folder.

    False without git and outside a repository. Git is not started where no folder above has a repository, because a
    release asks several times.
    """
    if not _in_repository(path.parent):
        return False
    try:
        return bool(run(("git", "--literal-pathspecs", "ls-files", "--", path.name), path.parent))
    except EngrossError:
        return False


def would_be_added(folder: Path) -> bool:
    """Whether `git add --all` would add files of a folder of which git tracks none; False where git is not used."""
    if not folder.is_dir() or not _in_repository(folder) or tracked(folder):
        return False
    command = ("git", "--literal-pathspecs", "ls-files", "--others", "--exclude-standard", "--", folder.name)
    try:
        return bool(run(command, folder.resolve().parent))
    except EngrossError:
        return False


def _in_repository(folder: Path) -> bool:
    here = folder.resolve()
    return "GIT_DIR" in os.environ or any((one / ".git").exists() for one in (here, *here.parents))


_LATE = "it has not answered within {limit:g} seconds"


class _NotFollowedError(URLError):
    """A redirect that is not followed."""


class _Redirects(HTTPRedirectHandler):
    """Follows a few redirects, but never from https to http, nor from the public network into a private one."""

    max_redirections = 5

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        """The next request.

        Raises _NotFollowedError if it would not be https, or http after http, or would enter a private network.
        """
        there = urlsplit(newurl)
        enters = _is_private(there.hostname or "") and not _is_private(urlsplit(req.full_url).hostname or "")
        if there.scheme not in {"https", req.type} or enters:
            raise _NotFollowedError(f"it redirects to {newurl}, which is not followed")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _is_private(host: str) -> bool:
    """Whether a host has an address within a machine or a private network; False if its address is not known here."""
    try:
        found = {str(one[4][0]).partition("%")[0] for one in getaddrinfo(host, None)}
        return not all(ip_address(one).is_global for one in found)
    except (OSError, ValueError):
        return False


def get(address: str) -> bytes | None:
    """Request an http or https address; None if it answers that there is nothing (404, 410).

    Raises EngrossError if it does not answer in time, or answers with an error.
    """
    answer = ask(address)
    if answer.status in _ABSENT:
        return None
    if answer.status >= HTTPStatus.BAD_REQUEST:
        raise _failure(address, f"it answers {status_text(answer.status)}")
    return answer.data


def status_text(status: int) -> str:
    """The status of an answer with its standard name: "404 Not Found"."""
    known = status in HTTPStatus._value2member_map_
    return f"{status} {HTTPStatus(status).phrase}" if known else str(status)


def ask(
    address: str,
    *,
    method: str = "GET",
    most: int | None = None,
    seconds: float | None = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Request an http or https address, and return its answer, whatever its status.

    `most` is the most bytes that are read, `seconds` the longest time for everything; MOST and SECONDS if not given.
    At most five redirects are followed, none from https to http and none into a private network.

    Raises EngrossError if there is no whole answer.
    """
    limit = SECONDS if seconds is None else seconds
    request = _Request(address, method, MOST if most is None else most, limit, {"User-Agent": AGENT, **(headers or {})})
    answers: SimpleQueue[Answer | EngrossError] = SimpleQueue()
    # A thread, since a timeout of urllib limits each step of a request and not the whole. It ends with the process.
    Thread(target=lambda: answers.put(_answer(request)), daemon=True).start()
    try:
        answer = answers.get(timeout=limit)
    except Empty:
        raise _failure(address, _LATE.format(limit=limit)) from None
    if isinstance(answer, EngrossError):
        raise answer
    return answer


@value_class(frozen=True, slots=True)
class _Request:
    address: str
    method: str
    most: int
    seconds: float
    headers: Mapping[str, str]


def _answer(wanted: _Request) -> Answer | EngrossError:
    address = wanted.address
    try:
        request = Request(address, headers=dict(wanted.headers), method=wanted.method)
        with build_opener(_Redirects).open(request, timeout=wanted.seconds) as answer:
            data: bytes = answer.read(wanted.most + 1)
            missing = 0 if wanted.method == "HEAD" else answer.length
            found = Answer(answer.geturl(), answer.status, _lower(answer.headers), data)
    except HTTPError as problem:
        with problem:
            if problem.code < HTTPStatus.BAD_REQUEST:
                # urllib has its own text about a redirect that it does not follow.
                refused = "not allowed" in str(problem.reason)
                where = "to an address that is not https" if refused else "too often, or in a circle"
                return _failure(address, f"it redirects {where}")
            return Answer(problem.geturl(), problem.code, _lower(problem.headers), b"")
    except _NotFollowedError as problem:
        return _failure(address, str(problem.reason))
    except (URLError, HTTPException, OSError, ValueError) as problem:
        if isinstance(problem, TimeoutError) or isinstance(getattr(problem, "reason", None), TimeoutError):
            return _failure(address, _LATE.format(limit=wanted.seconds))
        return _failure(address, f"it does not answer: {getattr(problem, 'reason', '') or problem}")
    if len(data) > wanted.most:
        return _failure(address, TOO_LARGE.format(most=wanted.most))
    return _failure(address, f"its answer was cut off, {missing} bytes before its end") if missing else found


def _lower(headers: Message) -> dict[str, str]:
    """Headers by their names in small letters; those of one name joined with commas."""
    found: dict[str, list[str]] = {}
    for name, value in headers.items():
        found.setdefault(name.lower(), []).append(value)
    return {name: ", ".join(values) for name, values in found.items()}


def other_ledger(name: str, folder: Path, ledger: Path, *, run: Run = run) -> tuple[bytes | None, str]:
    """Read another copy of a ledger; also return its name for messages.

    `name` is a file, an http(s) address or a git ref. `folder` is the site's; in the commit of a ref the ledger has the
    same path as `ledger`. The copy is None if the address or the commit exists and has none. Raises EngrossError if the
    copy cannot be read.
    """
    if name.startswith(("https://", "http://")):
        return get(name), name
    path = Path(name)
    if path.exists() and not path.is_dir():
        try:
            return read_file(path, MOST), name
        except OSError as problem:
            raise _failure(name, (problem.strerror or str(problem)).lower()) from None
    if not name or name.startswith("-") or path.is_dir():
        raise _failure(name, "it is neither a file nor an address nor a git ref")
    return _of_commit(name, folder, Path(os.path.relpath(ledger, folder)).as_posix(), run), name


def _of_commit(name: str, folder: Path, ledger: str, run: Run) -> bytes | None:
    """The ledger in the commit of a git ref; None if it has none."""
    try:
        commit = run(("git", "rev-parse", "--verify", f"{name}^{{commit}}"), folder).decode().strip()
    except EngrossError as failure:
        why = failure.diagnostics[0].message
        raise _failure(name, f"it is neither a file nor an address, and git has no such ref: {why}") from None
    listed = run(("git", "--literal-pathspecs", "ls-tree", "--long", commit, "--", ledger), folder).split()
    if not listed:
        return None
    kind, blob, size = listed[1], listed[2].decode(), listed[3]
    if kind != b"blob" or listed[0] == b"120000":
        raise _failure(name, f"{ledger} is not a file there")
    if not size.isdigit():
        raise _failure(name, f"git has no object {blob}; the clone is not complete")
    if int(size) > MOST:
        raise _failure(name, TOO_LARGE.format(most=MOST))
    return run(("git", "cat-file", "blob", blob), folder)


def _failure(what: str, why: str) -> EngrossError:
    return EngrossError([error(OUTSIDE, what, 0, 0, why)])
