"""`engross review`: show what a release would post, as Markdown for a summary or a message."""

from __future__ import annotations

from pathlib import Path

import click

from engross.cli.output import print_findings
from engross.cli.printing import FOUND, say
from engross.common import now
from engross.corpus import find_folders
from engross.record import LEDGER, check_prefix, other_ledger, read_state, review as reviewed

_NO_LEDGER = (
    "**There is no {ledger} in {base} to compare with.** Approve this only if nothing was ever posted there: a change "
    "that moves the record (`record` in mkdocs.yml) looks the same."
)


@click.command()
@click.option(
    "--base",
    metavar="FILE|URL|REF",
    help="The base branch or ledger, which the ledger here must continue: a ref of git, such as origin/main, or HEAD^1 "
    "on a merge made for review; a file or an address of a ledger.",
)
@click.pass_context
def review(ctx: click.Context, base: str | None) -> None:
    """Show what a release would post now: the notes, and what changes clause by clause, as Markdown.

    The documents are not checked; use `engross check` for that. Exits 0 whether or not there is anything to post, 1 if
    the documents or the record cannot be read or the record does not continue the ledger of --base, and 2 if that
    ledger cannot be read.
    """
    folders = find_folders(Path.cwd())
    state = read_state(folders, now())
    say(reviewed(state.plan))
    if not base:
        say("note: the record was not compared with the base branch; name it with --base", err=True)
        return
    copy, name = other_ledger(base, folders.root, folders.record / LEDGER)
    if copy is None:
        say(_NO_LEDGER.format(base=name, ledger=state.record.ledger_path))
    elif problems := check_prefix(state.record, copy, name):
        print_findings(problems, "text")
        ctx.exit(FOUND)
