"""`engross release`: add all changes to the record, with the notes that explain them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path

import click

from engross.cli.printing import ALL_PLACES, WAITS, grouped, say
from engross.cli.site import INSTANT, print_notes, site_here, zone_of
from engross.common import EngrossError, now, without_collection
from engross.corpus import Folders
from engross.drafting import NAMES, RULES, check_pages, check_pending, check_setup, ordinary_pages, pending_documents
from engross.model import Diagnostic, Entry, Severity
from engross.record import (
    LEDGER,
    Released,
    State,
    describe_entry,
    display_instant,
    release_some,
    unrecorded_grounds,
)
from engross.render import check_readings
from engross.text import CONTROL_CHARACTER as CONTROL


@click.command()
@click.option(
    "--posted",
    type=INSTANT,
    metavar="INSTANT",
    help="When it is posted: by default now, not before the last posted entry and not in the future.",
)
@click.option("--dry-run", is_flag=True, help="Show what would be posted and what would wait, and write nothing.")
@click.option("--all-or-nothing", "whole", is_flag=True, help="Post nothing if any change cannot be posted.")
@click.pass_context
def release(ctx: click.Context, posted: datetime | None, dry_run: bool, whole: bool) -> None:
    """Post all changes: seal every changed document in the record, with the change notes that name it.

    The rules of the record and the drafting check run first; warnings stop a change if the site's builds are strict.
    Notes that name the same document or set are posted together or wait together. If two such groups cannot be posted
    together, the one that takes effect first is posted; of the same day, the one whose note comes first by name. A
    changed document without a note waits too, and so does a document that cannot be read. Everything is posted in one
    step.

    Exits with 0 if nothing waits, also if there is nothing to post. Exits with 3 if changes wait, whether or not others
    were posted: the messages say which and why, the record is whole, and the site can be built and published. Exits
    with 1 if nothing was posted because documents.yml or the setup of the site is wrong, the record does not verify, or
    --all-or-nothing is given; with 2 if documents.yml or a page cannot be read.
    """
    if post_changes(site_here(), posted, dry_run=dry_run, whole=whole):
        ctx.exit(WAITS)


def post_changes(
    folders: Folders, posted: datetime | None = None, *, dry_run: bool = False, whole: bool = False
) -> tuple[str, ...]:
    """Post all changes of a site, and print what was posted and what waits.

    The options are those of `engross release`. Returns the messages about what waits, line by line; nothing if nothing
    waits. Raises EngrossError if nothing can be posted.
    """
    print_notes(folders, *NAMES)
    zone = zone_of(folders)
    with without_collection(), _report_outcome(folders.record / LEDGER):
        check = partial(check_drafting, folders=folders, strict=folders.strict)
        before = partial(require_setup, folders=folders)
        done = release_some(folders, now(), posted, dry_run=dry_run, before=before, check=check, whole=whole)
    _print_findings(done.remarks)
    if done.entries or not done.waiting:
        say(_summary(done.entries, dry_run))
    if done.hint:
        say(done.hint, err=True)
    for entry in done.entries:
        say(f"  {describe_entry(entry, zone)}")
    if done.entries:
        say(f"{'would be posted' if dry_run else 'posted'} {display_instant(done.entries[0].posted, zone)}")
    waiting = tuple(_waiting_lines(done, dry_run)) if done.waiting else ()
    for line in waiting:
        say(line, err=True)
    return waiting


def _print_findings(findings: Sequence[Diagnostic]) -> None:
    for line in _finding_lines(findings, severity=True):
        say(line, err=True)


def _finding_lines(findings: Sequence[Diagnostic], *, severity: bool = False) -> Iterator[str]:
    shown = list(grouped(findings))
    for before, one in shown:
        word = f"{one.severity.word}: " if severity else ""
        yield f"{word}{before}{one if before else one.with_rule()}"
    if len(shown) < len(findings):
        yield ALL_PLACES


def _waiting_lines(done: Released, dry_run: bool) -> Iterator[str]:
    for waiting in done.waiting:
        about, notes = ", ".join(waiting.about), ", ".join(waiting.notes)
        verb = "to restore" if waiting.to_restore else "would wait" if dry_run else "waits"
        if about:
            notes = f"{about} ({notes})" if notes else f"{about}, which no note names"
        yield f"{verb}: {notes}"
        yield from _finding_lines(waiting.because)
    if any(one.severity is Severity.WARNING for waiting in done.waiting for one in waiting.because):
        yield _STRICT
    if not done.entries:
        yield "nothing would be posted" if dry_run else "nothing was posted"


_STRICT = (
    "warnings stop a release because mkdocs.yml has strict: true. Correct them; or, if they were in a text when it was "
    "adopted, let them stay: engross check --write-baseline docs/baseline.json, and baseline: baseline.json in "
    "documents.yml; or allow one in documents.yml under exceptions"
)


@contextmanager
def _report_outcome(ledger: Path) -> Iterator[None]:
    """Print at the end whether anything was posted, if a release fails or is interrupted."""
    before = _bytes(ledger)
    try:
        yield
    except (EngrossError, OSError, KeyboardInterrupt) as failure:
        outcome = "nothing was posted" if _bytes(ledger) == before else "it was posted; run engross verify"
        click.get_current_context().find_root().call_on_close(partial(say, outcome, err=True))
        if isinstance(failure, EngrossError):
            raise EngrossError([one.with_rule() for one in failure.diagnostics]) from None
        raise


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _summary(entries: Sequence[Entry], dry_run: bool) -> str:
    if not entries:
        return "there is nothing to post"
    what = "1 entry" if len(entries) == 1 else f"{len(entries)} entries"
    return f"{what} would be added to the record:" if dry_run else f"{what} added to the record:"


def require_setup(state: State, *, folders: Folders) -> None:
    """Raise EngrossError if the site cannot be built, whatever is posted."""
    pages = ordinary_pages(folders, state.project.settings)
    if refused := [*check_setup(folders, state.project, now(), state.record), *check_pages(folders, pages, {CONTROL})]:
        raise EngrossError(refused)


def check_drafting(state: State, *, folders: Folders, strict: bool) -> list[Diagnostic]:
    """Check that the texts to post can be shown, run the drafting check of the site, and return all warnings.

    Raises EngrossError for errors; if `strict`, also for warnings, except drafting warnings under an emergency and
    those that come with time.
    """
    if not state.plan.postings:
        return []
    found = [*check_readings(pending_documents(state)), *check_pending(state, folders), *state.findings()]
    least = Severity.WARNING if strict else Severity.ERROR
    by_day = {rule.name for rule in RULES if rule.by_day}
    grave = [one for one in found if one.severity >= (Severity.ERROR if one.rule in by_day else least)]
    if grave:
        raise EngrossError(grave)
    return [*(one for one in found if one.severity is Severity.WARNING), *unrecorded_grounds(state.plan)]
