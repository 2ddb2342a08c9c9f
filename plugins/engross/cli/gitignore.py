"""Adds lines to the .gitignore of a site."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from engross.cli.printing import say
from engross.common import write_file


def ignore(path: Path, lines: Iterable[str], shown: str) -> None:
    """Add those of the lines to a .gitignore that it does not have yet, and print them; `shown` is its name there.

    Raises OSError if the file cannot be read or written.
    """
    text = path.read_text("utf-8", "surrogateescape") if path.exists() else ""
    known = {_plain(line) for line in text.splitlines()}
    added = [line for line in lines if _plain(line) not in known]
    if added:
        write_file(path, "\n".join([*text.splitlines(), *added, ""]).encode("utf-8", "surrogateescape"))
        say(f"added {', '.join(added)} to {shown}")


def _plain(line: str) -> str:
    """A line without the slashes that make no difference for a folder beside the file."""
    return line.strip().strip("/")
