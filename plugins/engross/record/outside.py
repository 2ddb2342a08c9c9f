"""The doors to what is outside: git and the network. Only here are other programs run and addresses asked.

Both are asked for one thing, another copy of the ledger. What they cannot give is said in one line, as of any file that
cannot be read.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Sequence
from http.client import HTTPException
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

from engross.errors import EngrossError, error

OUTSIDE = "outside"
"""The rule of what is wrong with something outside: an address, another program."""

_SECONDS = 60
_MOST = 1 << 28
"""Bytes of a ledger that are read from an address, at most."""

Run = Callable[[Sequence[str], Path], bytes]
"""Runs a program in a folder: its output."""
Get = Callable[[str], bytes]
"""Asks an address: what it answers."""


def run(command: Sequence[str], folder: Path) -> bytes:
    """The output of a program that is run in a folder. Raises EngrossError where it is not there, or fails."""
    program = command[0]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, check=False, timeout=_SECONDS)
    except FileNotFoundError:
        raise _cannot(program, f"{program} is not installed") from None
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise _cannot(program, str(problem)) from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise _cannot(" ".join(command), said[0] if said else f"it exits with {done.returncode}")
    return done.stdout


def get(address: str) -> bytes:
    """What an http or https address answers. Raises EngrossError where it does not answer, or says that it cannot."""
    try:
        request = Request(address, headers={"User-Agent": "engross"})
        with urlopen(request, timeout=_SECONDS) as answer:
            data: bytes = answer.read(_MOST + 1)
    except (URLError, HTTPException, OSError, ValueError) as problem:
        reason = getattr(problem, "reason", "") or problem
        code = getattr(problem, "code", "")
        raise _cannot(address, f"it answers {code} {reason}" if code else f"it does not answer: {reason}") from None
    if len(data) > _MOST:
        raise _cannot(address, "it answers with more than a ledger can be")
    return data


def other_ledger(name: str, folder: Path, ledger: Path, *, run: Run = run, get: Get = get) -> tuple[bytes, str]:
    """Another copy of a ledger, and how messages call it. `name` is a file, an http(s) address, or a ref of git.

    `folder` is the site's; a ref's ledger is where `ledger` is in the repository around. Raises EngrossError where
    there is none.
    """
    if name.startswith(("https://", "http://")):
        return get(name), name
    path = Path(name)
    if path.is_file():
        return path.read_bytes(), name
    if name.startswith("-") or path.is_dir():
        raise _cannot(name, "it is no file, no address and no ref of git")
    beside = f"./{ledger.relative_to(folder).as_posix()}" if ledger.is_relative_to(folder) else ledger.as_posix()
    try:
        return run(("git", "show", f"{name}:{beside}"), folder), name
    except EngrossError as failure:
        why = failure.diagnostics[0].message
        raise _cannot(name, f"it is no file, no address, and git has no ledger of that ref: {why}") from None


def _cannot(what: str, why: str) -> EngrossError:
    return EngrossError([error(OUTSIDE, what, 0, 0, why)])
