"""`engross redact`: takes out of sealed versions what a court orders to be taken out."""

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
    help="The clause, by its anchor (restrictions.h) or its label; of a note, another part of it.",
)
@click.option("--reason", required=True, help="Why, as readers will see it: order of a court, and of which day.")
@click.option("--only-these", is_flag=True, help="Leave the words where other versions, or the docs, hold them.")
@click.option("--dry-run", is_flag=True, help="Show what would change, and write nothing.")
@click.pass_context
def redact(
    ctx: click.Context, texts: tuple[str, ...], slug: str, clause: str, reason: str, only_these: bool, dry_run: bool
) -> None:
    """Redact a clause of sealed versions: a tombstone stands in place of its words, for everyone to see.

    DOC@N are versions of one document, such as agreement@3; the document by itself is its text in the docs. What is
    within the clause goes with it; headings, enumerators and defined terms stay. The record gets an entry for each
    version, with the hashes before and after.

    --note SLUG takes out the summary of a posted change note, or with --clause another part of it: approved_by,
    editorial_because, emergency, grounds or reference. The copy in docs/ is changed as well.

    A text that still lies beside its posted note (own_text) and has the words is deleted, and so is what is kept in
    .cache/engross. The history of the repository still holds the words; the manual explains how to remove them there
    ("Redact words").
    """
    order = _order(ctx, texts, slug, clause, reason, only_these)
    folders = site_here()
    zone = zone_of(folders)
    with without_collection(), nullcontext() if dry_run else locked(folders.record):
        at = now()
        plan = read_state(folders, at).plan
        redaction = _planned(plan, order)
        record = plan.record if dry_run else write(plan.record, redaction.sealing)
    _show(redaction)
    if dry_run:
        say("nothing was written")
        return
    if redaction.draft:
        _write(redaction.draft)
    for path in redaction.copies:
        _delete(Path(path))
    for entry in redaction.sealing.entries:
        say(describe_entry(entry, zone))
    _forget(folders.root, record)
    say(
        "Build and publish the site anew: until then it shows the words. The history of the repository still holds "
        "them, and so do copies and caches made of the site."
    )


def _write(source: Source) -> None:
    path = Path(source.path)
    # The copy of a note may be gone.
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    write_file(path, source.data)
    say(f"wrote {source.path}")


def _delete(path: Path) -> None:
    """Delete a copy of what a version was. Raises EngrossError where the system refuses: the words would stay."""
    try:
        path.unlink(missing_ok=True)
    except OSError as problem:
        message = f"this file holds the words; delete it: {(problem.strerror or '').lower()}"
        raise EngrossError([error("redact", path.as_posix(), 0, 0, message)]) from None
    say(f"deleted {path.as_posix()}, a copy of what was posted")


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
        message = f"what builds keep may hold the words; delete this folder: {(problem.strerror or '').lower()}"
        raise EngrossError([error("redact", FOLDER, 0, 0, message)]) from None


def _order(
    ctx: click.Context, texts: tuple[str, ...], slug: str, clause: str, reason: str, only_these: bool
) -> Order | NoteOrder:
    said = " ".join(reason.split())
    if slug:
        if texts or only_these:
            raise click.UsageError("redact a note by itself: --note goes with no document and not with --only-these")
        if not said:
            raise click.UsageError("say why the note is redacted")
        return NoteOrder(slug, clause.strip() or SUMMARY, said)
    if not texts or not clause:
        raise click.UsageError(f"Missing {'option' if texts else 'argument'} {'--clause' if texts else 'DOC@N'!r}.")
    versions = tuple(dict.fromkeys(VERSION.convert(text, None, ctx) for text in texts if "@" in text))
    documents = {version.document for version in versions} | {text for text in texts if "@" not in text}
    if not versions:
        raise click.UsageError("name a version to redact, such as agreement@3")
    if len(documents) > 1:
        raise click.UsageError(f"redact one document at a time, and not {' and '.join(sorted(documents))}")
    if not said or not clause.strip():
        raise click.UsageError("say which clause is redacted, and why")
    return Order(versions, clause.strip(), said, any("@" not in text for text in texts), only_these)


def _show(redaction: Redaction) -> None:
    for name, before, after in redaction.texts:
        script = redline(before, after)
        say(f"{name}:")
        say_made(terminal_text(script, only_changes=True, colour="NO_COLOR" not in os.environ), nl=False)
    for left in redaction.left:
        say(f"note: {_told_left(left)}", err=True)


def _told_left(left: str) -> str:
    """What to do about something that holds words as well, as `others_with` names it."""
    if left.startswith(NOTE):
        said = f"engross redact {left} --reason …"
        return f"the change note {left.removeprefix(NOTE)} holds words of it as well; {said} takes them out"
    if "@" in left:
        said = f"engross redact {left} --clause … --reason …"
        return f"{left} holds words of it as well; {said} takes them out"
    return f"{left} holds words of it as well; take them out there"
