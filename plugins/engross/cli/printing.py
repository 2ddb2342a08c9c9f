"""How commands print, and their exit codes.

What commands exit with, and the one list of what cannot be read.

What every command prints with: the one place through which texts, names and messages reach a terminal or a log.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable

import click

from engross.common import visible, visible_json
from engross.model import Diagnostic

CLEAN, FOUND, UNREADABLE = 0, 1, 2
INTERRUPTED = 130
"""128 and the number of SIGINT, as shells have it."""

_UNREADABLE = frozenset({"missing-file", "unreadable-file", "encoding", "control-character", "outside"})


def unreadable(findings: Iterable[Diagnostic]) -> bool:
    """Whether any finding says that a file cannot be read, which weighs more than what is found in others."""
    return any(found.rule in _UNREADABLE for found in findings)


def say(text: str, *, err: bool = False, nl: bool = True) -> None:
    """Print a text for people: the one place through which all of it passes, so that no terminal obeys it."""
    click.echo(visible(text), err=err, nl=nl)


def say_made(text: str, *, nl: bool = True) -> None:
    """Print a text whose parts went through `visible`, and to which Engross added colours or workflow commands."""
    click.echo(text, nl=nl)


def say_json(text: str) -> None:
    """Print a JSON document, in which what no terminal should get is written as escapes."""
    click.echo(visible_json(text))


def give(data: bytes) -> None:
    """Give a file to standard output: byte for byte, but to a terminal as it can be shown."""
    if sys.stdout.isatty():
        say(data.decode("utf-8", "replace"), nl=False)
    else:
        click.echo(data, nl=False)
