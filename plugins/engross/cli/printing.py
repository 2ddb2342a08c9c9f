"""How commands print, and their exit codes. All texts, names and messages reach a terminal or log through here."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence

import click

from engross.common import visible, visible_json
from engross.model import Diagnostic, Severity

CLEAN, FOUND, UNREADABLE, WAITS = 0, 1, 2, 3
INTERRUPTED = 130
"""128 plus the number of SIGINT, as in shells."""

_UNREADABLE = frozenset({"missing-file", "unreadable-file", "encoding", "control-character", "outside"})


def unreadable(findings: Iterable[Diagnostic]) -> bool:
    """Whether any finding reports a file that cannot be read; this decides the exit code before other findings."""
    return any(found.rule in _UNREADABLE for found in findings)


MOST = 10
"""The most findings of one rule that are printed one by one: as many as GitHub shows."""

ALL_PLACES = "run engross check --all to list each place"


def grouped(findings: Sequence[Diagnostic], most: int = MOST) -> Iterator[tuple[str, Diagnostic]]:
    """Yield the findings to print, each with the text before it: of many findings of one rule only the first, with
    their number.
    """
    groups: dict[tuple[str, Severity], list[Diagnostic]] = {}
    for found in findings:
        groups.setdefault((found.rule, found.severity), []).append(found)
    for found in findings:
        group = groups[found.rule, found.severity]
        if len(group) <= most:
            yield "", found
        elif found is group[0]:
            count = len({one.path for one in group})
            documents = "1 document" if count == 1 else f"{count:,} documents"
            yield f"{found.rule}: {len(group):,} places in {documents}; first at ", found


def say(text: str, *, err: bool = False, nl: bool = True) -> None:
    """Print a text for people. All such text goes through here, so that it cannot control the terminal."""
    click.echo(visible(text), err=err, nl=nl)


def say_made(text: str, *, nl: bool = True) -> None:
    """Print a text whose parts went through `visible`, and to which Engross added colours or workflow commands."""
    click.echo(text, nl=nl)


def say_json(text: str) -> None:
    """Print a JSON document, with characters that could control a terminal as escapes."""
    click.echo(visible_json(text))


def write_bytes(data: bytes) -> None:
    """Write a file to standard output: byte for byte, or in a visible form to a terminal."""
    if sys.stdout.isatty():
        say(data.decode("utf-8", "replace"), nl=False)
    else:
        click.echo(data, nl=False)
