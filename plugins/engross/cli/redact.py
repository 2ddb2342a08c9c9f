"""`engross redact`: remove words from sealed versions, for example after a court order."""

from __future__ import annotations

import os
from contextlib import nullcontext
from pathlib import Path

import click

from engross.cli.printing import say, say_made
from engross.cli.site import VERSION, known_version, site_here, zone_of
from engross.common import FOLDER, EngrossError, error, forget_erased, now, without_collection
from engross.drafting import write as write_file
from engross.model import Source
from engross.record import (
    NOTE,
    SUMMARY,
    NoteOrder,
    Order,
    Plan,
    Record,
    Redaction,
    describe_entry,
    locked,
    plan_note_redaction,
    plan_redaction,
    read_state,
    write,
)
from engross.redline import redline, terminal_text


@click.command()
@click.argument("texts", nargs=-1, metavar="DOC@N [DOC@M]… [DOC]")
@click.option("--note", "slug", default="", help="Redact the summary of this posted change note, and no text.")
@click.option(
    "--clause",
    default="",
    help="The clause, by its anchor (restrictions.h) or its label; with --note, another part of the note.",
)
@click.option("--reason", required=True, help="Why, for readers: order of a court, with its date.")
@click.option("--only-these", is_flag=True, help="Leave the words in other versions and in the docs.")
@click.option("--dry-run", is_flag=True, help="Show what would change, and write nothing.")
@click.pass_context
def redact(
    ctx: click.Context, texts: tuple[str, ...], slug: str, clause: str, reason: str, only_these: bool, dry_run: bool
) -> None:
    """Redact a clause of sealed versions: a visible tombstone replaces its words.

    DOC@N are versions of one document, such as agreement@3; the document alone is its text in the docs. Everything
    within the clause is redacted too; headings, enumerators and defined terms stay. Of a register, name a value (zebra:
    location), or a row by its id for what it is called; ids stay. The record gets an entry for each version, with the
    hashes before and after.

    --note SLUG redacts the summary and the title of a posted change note, or with --clause one other part of it: title,
    approved_by, editorial_because, emergency, grounds or reference. The copy in docs/ is changed too.

    A text beside its posted note (own_text) that has the words is deleted, and so are the caches in .cache/engross. The
    history of the repository still has the words; the manual explains how to remove them there ("Redact words").
    """
    order = _order(ctx, texts, slug, clause, reason, only_these)
    folders = site_here()
    zone = zone_of(folders)
    with without_collection(), nullcontext() if dry_run else locked(folders.record):
        at = now()
        plan = read_state(folders, at).plan
        redaction = _planned(plan, order)
        record = plan.record if dry_run else write(plan.record, redaction.sealing)
    # Everything is written before the first line is printed: the program that reads the output may end before.
    done = [] if dry_run else _finish(redaction, folders.root, record)
    _show(redaction)
    if dry_run:
        say("nothing was written")
        return
    for line in (*done, *(describe_entry(entry, zone) for entry in redaction.sealing.entries)):
        say(line)
    say(
        "Build and publish the site again: until then it shows the words. The history of the repository still has "
        "them, and so do copies and caches of the site."
    )


def _finish(redaction: Redaction, root: Path, record: Record) -> list[str]:
    """Remove the words from the docs, copies and caches, and return what was done."""
    done = [_write(redaction.draft)] if redaction.draft else []
    done += [_delete(Path(path)) for path in redaction.copies]
    _forget(root, record)
    return done


def _write(source: Source) -> str:
    path = Path(source.path)
    # The copy of a note may be missing.
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    write_file(path, source.data)
    return f"wrote {source.path}"


def _delete(path: Path) -> str:
    """Delete a copy of a redacted version. Raises EngrossError if the system refuses, since the words would stay."""
    try:
        path.unlink(missing_ok=True)
    except OSError as problem:
        message = f"this file has the words; delete it: {(problem.strerror or '').lower()}"
        raise EngrossError([error("redact", path.as_posix(), 0, 0, message)]) from None
    return f"deleted {path.as_posix()}, a copy of what was posted"


def _planned(plan: Plan, order: Order | NoteOrder) -> Redaction:
    if isinstance(order, NoteOrder):
        return plan_note_redaction(plan, order)
    for version in order.versions:
        known_version(plan.record, version)
    return plan_redaction(plan, order)


def _forget(root: Path, record: Record) -> None:
    try:
        forget_erased(root, record.redactions)
    except OSError as problem:
        message = f"the build cache may have the words; delete this folder: {(problem.strerror or '').lower()}"
        raise EngrossError([error("redact", FOLDER, 0, 0, message)]) from None


def _order(
    ctx: click.Context, texts: tuple[str, ...], slug: str, clause: str, reason: str, only_these: bool
) -> Order | NoteOrder:
    why = " ".join(reason.split())
    if slug:
        if texts or only_these:
            raise click.UsageError("redact a note separately: use --note without a document and without --only-these")
        if not why:
            raise click.UsageError("write the reason why the note is redacted (--reason)")
        return NoteOrder(slug, clause.strip() or SUMMARY, why)
    if not texts or not clause:
        raise click.UsageError(f"Missing {'option' if texts else 'argument'} {'--clause' if texts else 'DOC@N'!r}.")
    versions = tuple(dict.fromkeys(VERSION.convert(text, None, ctx) for text in texts if "@" in text))
    documents = {version.document for version in versions} | {text for text in texts if "@" not in text}
    if not versions:
        raise click.UsageError("name a version to redact, such as agreement@3")
    if len(documents) > 1:
        raise click.UsageError(f"redact one document at a time, and not {' and '.join(sorted(documents))}")
    if not why or not clause.strip():
        raise click.UsageError("write which clause is redacted (--clause), and why (--reason)")
    return Order(versions, clause.strip(), why, any("@" not in text for text in texts), only_these)


def _show(redaction: Redaction) -> None:
    for name, before, after in redaction.texts:
        script = redline(before, after)
        say(f"{name}:")
        say_made(terminal_text(script, only_changes=True, colour="NO_COLOR" not in os.environ), nl=False)
    for left in redaction.left:
        say(f"note: {_describe_leftover(left)}", err=True)


def _describe_leftover(left: str) -> str:
    """Describe what to do about something that also has the words; `left` is a name from `others_with`."""
    if left.startswith(NOTE):
        command = f"engross redact {left} --reason …"
        return f"the change note {left.removeprefix(NOTE)} also has words of it; {command} removes them"
    if "@" in left:
        command = f"engross redact {left} --clause … --reason …"
        return f"{left} also has words of it; {command} removes them"
    return f"{left} also has words of it; remove them there"
