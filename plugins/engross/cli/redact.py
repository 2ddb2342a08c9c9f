"""`engross redact`: takes out of sealed versions what a court orders to be taken out."""

from __future__ import annotations

import os
from contextlib import nullcontext
from pathlib import Path

import click

from engross.checks.fixes import write as write_file
from engross.cli.printing import say, say_made
from engross.cli.site import VERSION, known_version, site_here, zone_of
from engross.clock import now
from engross.memory import uncollected
from engross.record import read_state
from engross.record.journal import locked
from engross.record.redacting import Order, Redaction, plan_redaction
from engross.record.sealing import write
from engross.record.told import told
from engross.redline import redline
from engross.redline.terminal import terminal_text


@click.command()
@click.argument("texts", nargs=-1, required=True, metavar="DOC@N [DOC@M]… [DOC]")
@click.option("--clause", required=True, help="The clause, by its anchor (restrictions.h) or its label.")
@click.option("--reason", required=True, help="Why, as readers will see it: order of a court, and of which day.")
@click.option("--only-these", is_flag=True, help="Leave the words where other versions, or the docs, hold them.")
@click.option("--dry-run", is_flag=True, help="Show what would change, and write nothing.")
@click.pass_context
def redact(
    ctx: click.Context, texts: tuple[str, ...], clause: str, reason: str, only_these: bool, dry_run: bool
) -> None:
    """Redact a clause of sealed versions: a tombstone stands in place of its words, for everyone to see.

    DOC@N are versions of one document, such as agreement@3; the document by itself is its text in the docs. What is
    within the clause goes with it; headings, enumerators and defined terms stay. The record gets an entry for each
    version, with the hashes before and after.

    The history of the repository goes on holding the words; the guide for operators says what it needs.
    """
    order = _order(ctx, texts, clause, reason, only_these)
    folders = site_here()
    zone = zone_of(folders)
    with uncollected(), nullcontext() if dry_run else locked(folders.record):
        at = now()
        plan = read_state(folders, at).plan
        for version in order.versions:
            known_version(plan.record, version)
        redaction = plan_redaction(plan, order)
        if not dry_run:
            write(plan.record, redaction.sealing)
    _show(redaction)
    if dry_run:
        say("nothing was written")
        return
    if redaction.draft:
        write_file(Path(redaction.draft.path), redaction.draft.data)
        say(f"wrote {redaction.draft.path}")
    for entry in redaction.sealing.entries:
        say(told(entry, zone))
    say("The history of the repository still holds the words, and so do copies and caches made of the site.")


def _order(ctx: click.Context, texts: tuple[str, ...], clause: str, reason: str, only_these: bool) -> Order:
    versions = tuple(dict.fromkeys(VERSION.convert(text, None, ctx) for text in texts if "@" in text))
    documents = {version.document for version in versions} | {text for text in texts if "@" not in text}
    if not versions:
        raise click.UsageError("name a version to redact, such as agreement@3")
    if len(documents) > 1:
        raise click.UsageError(f"redact one document at a time, and not {' and '.join(sorted(documents))}")
    said = " ".join(reason.split())
    if not said or not clause.strip():
        raise click.UsageError("say which clause is redacted, and why")
    return Order(versions, clause.strip(), said, any("@" not in text for text in texts), only_these)


def _show(redaction: Redaction) -> None:
    for name, before, after in redaction.texts:
        script = redline(before, after)
        say(f"{name}:")
        say_made(terminal_text(script, only_changes=True, colour="NO_COLOR" not in os.environ), nl=False)
    for slug in redaction.notes:
        say(f"note: the change note {slug} was posted with the words in it, and stays as it is", err=True)
