"""`engross release`: add all changes to the record, with the notes that explain them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path

import click

from engross.cli.printing import ALL_PLACES, grouped, say
from engross.cli.site import INSTANT, print_notes, site_here, zone_of
from engross.common import EngrossError, now, without_collection
from engross.corpus import Folders
from engross.drafting import NAMES, check_pages, check_pending, check_setup, ordinary_pages, pending_documents
from engross.model import Entry, Severity
from engross.record import (
    LEDGER,
    State,
    describe_entry,
    display_instant,
    release as seal,
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
@click.option("--dry-run", is_flag=True, help="Show what would be posted, and write nothing.")
def release(posted: datetime | None, dry_run: bool) -> None:
    """Post all changes: seal every changed document in the record, with the change notes that name it.

    Everything is posted, or nothing. The rules of the record and the drafting check run first; warnings stop the
    release if the site's builds are strict. Exits with 0 also if there is nothing to post, and with 1 if an error stops
    the release.
    """
    folders = site_here()
    print_notes(folders, *NAMES)
    zone = zone_of(folders)
    with without_collection(), _report_outcome(folders.record / LEDGER):
        check = partial(check_drafting, folders=folders, strict=folders.strict)
        entries = seal(folders, now(), posted, dry_run=dry_run, check=check)
    say(_summary(entries, dry_run))
    for entry in entries:
        say(f"  {describe_entry(entry, zone)}")
    if entries:
        say(f"{'would be posted' if dry_run else 'posted'} {display_instant(entries[0].posted, zone)}")


@contextmanager
def _report_outcome(ledger: Path) -> Iterator[None]:
    """Print at the end whether anything was posted, if a release fails or is interrupted."""
    before = _bytes(ledger)
    try:
        yield
    except (EngrossError, OSError, KeyboardInterrupt):
        outcome = "nothing was posted" if _bytes(ledger) == before else "it was posted; run engross verify"
        click.get_current_context().find_root().call_on_close(partial(say, outcome, err=True))
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


def check_drafting(state: State, *, folders: Folders, strict: bool) -> None:
    """Check that the site can be built and that the texts to post can be shown, run the drafting check, and print all
    warnings.

    Raises EngrossError for errors; if `strict`, also for warnings, except drafting warnings under an emergency.
    """
    pages = ordinary_pages(folders, state.project.settings)
    if refused := [*check_setup(folders, state.project, now()), *check_pages(folders, pages, {CONTROL})]:
        raise EngrossError(refused)
    if not state.plan.postings:
        return
    found = [*check_readings(pending_documents(state)), *check_pending(state, folders), *state.findings()]
    least = Severity.WARNING if strict else Severity.ERROR
    grave = [one for one in found if one.severity >= least]
    if grave:
        raise EngrossError(grave)
    told = [*(one for one in found if one.severity is Severity.WARNING), *unrecorded_grounds(state.plan)]
    shown = list(grouped(told))
    for before, one in shown:
        say(f"{one.severity.word}: {before}{one}", err=True)
    if len(shown) < len(told):
        say(ALL_PLACES, err=True)
