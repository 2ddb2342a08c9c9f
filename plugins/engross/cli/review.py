"""`engross review`: what a release would post, as Markdown for a summary or a message."""

from __future__ import annotations

from pathlib import Path

import click

from engross.cli.printing import say
from engross.clock import now
from engross.corpus.folders import find_folders
from engross.record import read_state
from engross.record.review import review as reviewed


@click.command()
def review() -> None:
    """Show what a release would post now: the notes, and what changes clause by clause, as Markdown.

    Nothing is checked: `engross check` says what is wrong with it. Exits 0 whether or not anything would be posted, and
    1 where the documents or the record cannot be read.
    """
    say(reviewed(read_state(find_folders(Path.cwd()), now()).plan))
