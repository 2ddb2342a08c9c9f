"""`engross release`: adds to the record what changed, with the notes that say so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path

import click

from engross.cli.printing import say
from engross.cli.site import INSTANT, print_notes, site_here, zone_of
from engross.common import EngrossError, now, without_collection
from engross.corpus import Folders
from engross.drafting import NAMES, Links, check_pending, own_documents
from engross.model import Entry, EntryKind, Severity
from engross.record import (
    LEDGER,
    State,
    describe_entry,
    display_instant,
    release as seal,
    unrecorded_grounds,
)
from engross.render import check_readings


@click.command()
@click.option(
    "--posted",
    type=INSTANT,
    metavar="INSTANT",
    help="When it is posted: not before what was posted last, and not after now, which it is by default.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be posted, and write nothing.")
def release(posted: datetime | None, dry_run: bool) -> None:
    """Post what changed: seal every changed document in the record, with the change notes that name it.

    All of it is posted or nothing. The rules of the record and the drafting check are asked before; warnings stop it
    where the site's builds are strict, as they stop those and engross check. Exits with 0 also where nothing is to be
    posted, 1 where something stands in the way.
    """
    folders = site_here()
    print_notes(folders, *NAMES)
    zone = zone_of(folders)
    with without_collection(), _nothing_posted(folders.record / LEDGER):
        check = partial(check_drafting, folders=folders, strict=folders.strict)
        entries = seal(folders, now(), posted, dry_run=dry_run, check=check)
    say(_told(entries, dry_run))
    for entry in entries:
        say(f"  {describe_entry(entry, zone)}")
    if entries:
        say(f"{'would be posted' if dry_run else 'posted'} {display_instant(entries[0].posted, zone)}")


@contextmanager
def _nothing_posted(ledger: Path) -> Iterator[None]:
    """Say last that nothing was posted, where a release fails or is interrupted before it changes the ledger."""
    before = _bytes(ledger)
    try:
        yield
    except (EngrossError, OSError, KeyboardInterrupt):
        said = "nothing was posted" if _bytes(ledger) == before else "it was posted; run engross verify"
        click.get_current_context().find_root().call_on_close(partial(say, said, err=True))
        raise


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _told(entries: Sequence[Entry], dry_run: bool) -> str:
    if not entries:
        return "nothing is to be posted"
    what = "1 entry" if len(entries) == 1 else f"{len(entries)} entries"
    return f"{what} would be added to the record:" if dry_run else f"{what} added to the record:"


def check_drafting(state: State, *, folders: Folders, strict: bool) -> None:
    """Ask whether what is about to be posted can be shown, then the drafting check of the site, and print its warnings
    and those of the record's rules.

    Raises EngrossError where there are errors; where it is `strict`, for warnings too, but drafting warnings that an
    emergency lets pass.
    """
    if not state.plan.postings:
        return
    drafts = [posting.draft for posting in state.plan.postings if posting.kind is EntryKind.POST and posting.draft]
    # A document that is not posted may link to a file that went with what is.
    links = Links(state.project, folders, lambda: state.record).check(
        [*state.project.documents.values(), *own_documents(state.plan)]
    )
    if refused := [*check_readings(draft.document for draft in drafts), *links]:
        raise EngrossError(refused)
    found = [*check_pending(state), *state.findings()]
    least = Severity.WARNING if strict else Severity.ERROR
    grave = [one for one in found if one.severity >= least]
    if grave:
        raise EngrossError(grave)
    for one in (*(one for one in found if one.severity is Severity.WARNING), *unrecorded_grounds(state.plan)):
        say(f"{one.severity.word}: {one}", err=True)
