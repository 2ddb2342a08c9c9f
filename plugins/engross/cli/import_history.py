"""`engross import-history`: seal earlier texts of a document, from a repository or a folder, as imported versions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from engross.cli.printing import say
from engross.cli.site import known_document, settings_of, site_here
from engross.common import FOLDER, Cache, EngrossError, error, now, steps, without_collection
from engross.corpus import Folders, Settings, shown_path
from engross.importing import (
    History,
    HistoryPlan,
    Outcome,
    Row,
    archive_history,
    clean_text,
    folder_history,
    git_history,
    plan_history,
    read_notes_file,
)
from engross.model import DateKind, DocumentEntry, Entry
from engross.record import check_importable, display_instant, import_texts, open_record, read_tree_of, text_hash
from engross.text import read_source

_HEADS = ("version", "date", "source", "what")


@click.command()
@click.argument("document", metavar="DOC")
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@click.option("--path", metavar="PATH", help="The path of the document's file in the git repository SOURCE.")
@click.option("--terms", metavar="NAME", help='The terms in an Open Terms Archive: "Service/Terms of Service".')
@click.option("--revision", metavar="REV", default="HEAD", help="The branch, tag or commit to read; by default HEAD.")
@click.option(
    "--first-parent/--all-commits", default=True, help="Read the commits of the branch itself (default), or all."
)
@click.option("--follow/--no-follow", default=True, help="Follow the file to the names that it had before (default).")
@click.option("--one-a-day", is_flag=True, help="Of several texts of one day, make a version of the last only.")
@click.option(
    "--dates",
    type=click.Choice([DateKind.PUBLISHED.value, DateKind.EFFECTIVE.value]),
    help="What the dates of files in a folder mean; by default published.",
)
@click.option("--clean", is_flag=True, help="Read Markdown with HTML tags, web pages and Word files as Markdown.")
@click.option("--notes", type=click.Path(path_type=Path), help="A YAML file with what you write of some versions.")
@click.option("--dry-run", is_flag=True, help="Show what each text would become, and write nothing.")
def import_history(
    document: str, source: Path, one_a_day: bool, clean: bool, notes: Path | None, dry_run: bool, **reading: Any
) -> None:
    """Import the earlier texts of a document as versions that were not recorded at the time.

    SOURCE is a file in a git repository, a repository with --path, a versions repository of Open Terms Archive with
    --terms, or a folder of files with dates in their names. Each text that readers would see differently becomes a
    version, numbered from 1. Readers see where it was imported from and the date that its source claims; the record
    has the instant at which it was sealed. The last one applies, as recorded, from then on.

    Only a document without entries can be imported. An import needs no change note and is no change: no class and no
    approval are invented. A text that cannot be read is left out, unless --clean turns it into Markdown without losing
    a word; the table says which. Everything is written in one
    step. If the command is stopped, run it again: it continues with the work that it has done.
    """
    folders = site_here()
    settings = settings_of(folders)
    entry = _entry(settings, document)
    check_importable(open_record(folders.record), document)
    zone, written = ZoneInfo(settings.timezone), read_notes_file(read_source(notes)) if notes else None
    history = _read(source, **reading)
    with without_collection(), steps("Reading texts", len(history.states)) as texts:
        cleaning = clean_text if clean else None
        step = texts.advance
        plan = plan_history(history, entry, zone, one_a_day=one_a_day, notes=written, clean=cleaning, step=step)
    for line in _table(plan.rows, zone):
        say(line)
    if dry_run:
        say(f"{_versions(len(plan.texts))} of {document} would be imported; nothing was written")
        if not clean and any(row.outcome is Outcome.REFUSED and row.state.data for row in plan.rows):
            say("texts that cannot be read may be Markdown with HTML tags, web pages or Word files: try --clean")
        return
    entries = _import(folders, plan, settings)
    say(_done(document, plan, entries, zone))
    for line in (*_next(folders, entry, plan), *_sets(folders, settings, document)):
        say(line)


def _entry(settings: Settings, document: str) -> DocumentEntry:
    """The entry of a document that has a text. Raises click's UsageError, or EngrossError if it has none."""
    entries = {one.id: one for one in settings.documents}
    entry = entries[known_document(document, entries)]
    if not entry.file:
        message = f"{document} has no file in documents.yml, so it has no text whose history could be imported"
        raise EngrossError([error("import", settings.file.source.path, entry.line, 0, message)])
    return entry


def _check_options(path: str | None, terms: str | None, dates: str | None, source: Path) -> None:
    if path and terms:
        raise click.UsageError("use --path for a git repository, or --terms for an Open Terms Archive, not both")
    if source.is_file() and (path or terms):
        raise click.UsageError("SOURCE is a file; with --path or --terms it must be the folder of a repository")
    if dates and (path or terms or source.is_file()):
        raise click.UsageError("--dates is for a folder of dated files; the date of a commit is always that")


def _read(
    source: Path,
    path: str | None,
    terms: str | None,
    revision: str,
    dates: str | None,
    first_parent: bool,
    follow: bool,
) -> History:
    _check_options(path, terms, dates, source)
    if terms:
        return archive_history(source, terms, revision)
    if path or source.is_file():
        folder, name = (source, path) if path else (source.parent, source.name)
        return git_history(folder, name, revision, first_parent=first_parent, follow=follow)
    return folder_history(source, DateKind(dates or DateKind.PUBLISHED))


def _import(folders: Folders, plan: HistoryPlan, settings: Settings) -> tuple[Entry, ...]:
    cache = Cache(folders.root / FOLDER / "imports")
    try:
        with without_collection(), steps("Sealing texts", len(plan.texts)) as sealing:
            return import_texts(folders.record, plan.texts, settings.grounds, now(), cache, sealing.advance)
    except KeyboardInterrupt:
        tell = "nothing was imported, unless engross verify says otherwise; run the command again to continue"
        click.get_current_context().find_root().call_on_close(partial(say, tell, err=True))
        raise


def _table(rows: Sequence[Row], zone: ZoneInfo) -> Iterator[str]:
    """The table of all states, oldest first: columns as wide as their values, the last one open."""
    cells = [_HEADS, *(_cells(row, zone) for row in rows)]
    widths = [max(len(row[at]) for row in cells) for at in range(len(_HEADS) - 1)]
    for row in cells:
        yield "  ".join((*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[-1])).rstrip()


def _cells(row: Row, zone: ZoneInfo) -> tuple[str, ...]:
    source, claimed = row.state.source, row.state.claimed
    day = str(datetime.fromisoformat(claimed.date).astimezone(zone).date()) if "T" in claimed.date else claimed.date
    number = str(row.number) if row.outcome is Outcome.VERSION else "-"
    named = f"{source.commit[:12]} {source.path}" if source.commit else source.path
    what = row.why if row.outcome in (Outcome.VERSION, Outcome.SAME) else f"left out: {row.why}"
    return number, day or "-", named, what


def _versions(count: int) -> str:
    return "1 version" if count == 1 else f"{count} versions"


def _done(document: str, plan: HistoryPlan, entries: Sequence[Entry], zone: ZoneInfo) -> str:
    refused = sum(row.outcome is Outcome.REFUSED for row in plan.rows)
    left = f"; {refused} of {len(plan.rows)} texts could not be read, see above" if refused else ""
    at = display_instant(entries[0].posted, zone)
    return (
        f"{_versions(len(entries))} of {document} imported{left}\n"
        f"{document}@{len(entries)} applies, as recorded, from {at}; nothing is recorded of earlier days"
    )


def _sets(folders: Folders, settings: Settings, document: str) -> Iterator[str]:
    """Say which sets of a document are still to be posted, without which a strict build fails."""
    known = open_record(folders.record).sets
    for one in settings.sets:
        if document in one.documents and one.id not in known:
            yield f"the set {one.id} is not posted yet; engross check prints the change note that posts it"


def _next(folders: Folders, entry: DocumentEntry, plan: HistoryPlan) -> Iterator[str]:
    """Say how the text in the docs follows the last imported one."""
    last, path = f"{entry.id}@{len(plan.texts)}", folders.docs / entry.file
    try:
        source = read_source(path, shown_path(path))
        same = text_hash(read_tree_of(source, entry)) == plan.texts[-1].text
    except EngrossError as refusal:
        yield f"the text in the docs cannot be read: {refusal.diagnostics[0]}"
        return
    if same:
        yield f"{shown_path(path)} shows the same as {last}: there is no text to post"
        return
    yield f"{shown_path(path)} differs from {last}. It is a change like any other, and needs a change note:"
    yield f"  engross change new --document {entry.id}"
    yield f"If {last} is what the docs should say: engross restore {last} --force"
