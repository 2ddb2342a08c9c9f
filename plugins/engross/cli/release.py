"""`engross release`: adds to the record what changed, with the notes that say so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

import click

from engross.checks.emergencies import let_pass
from engross.checks.engine import Exceptions, check_subjects
from engross.checks.inputs import project_subjects
from engross.checks.own_texts import check_own_texts
from engross.cli.site import INSTANT, site_here, zone_of
from engross.clock import now
from engross.errors import EngrossError
from engross.memory import uncollected
from engross.model import Entry, Severity
from engross.record import State
from engross.record import release as seal
from engross.record.emergencies import emergencies
from engross.record.instants import shown_instant
from engross.record.told import told


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

    All of it is posted or nothing. The rules of the record and the drafting check are asked before; drafting warnings
    stop it where the site's builds are strict. Exits with 0 also where nothing is to be posted, 1 where something
    stands in the way.
    """
    folders = site_here()
    zone = zone_of(folders)
    with uncollected():
        check = partial(check_drafting, strict=folders.strict)
        entries = seal(folders, now(), posted, dry_run=dry_run, check=check)
    click.echo(_told(entries, dry_run))
    for entry in entries:
        click.echo(f"  {told(entry, zone)}")
    if entries:
        click.echo(f"{'would be posted' if dry_run else 'posted'} {shown_instant(entries[0].posted, zone)}")


def _told(entries: Sequence[Entry], dry_run: bool) -> str:
    if not entries:
        return "nothing is to be posted"
    what = "1 entry" if len(entries) == 1 else f"{len(entries)} entries"
    return f"{what} would be added to the record:" if dry_run else f"{what} added to the record:"


def check_drafting(state: State, *, strict: bool) -> None:
    """Ask the drafting check of a site about to be posted, and print its warnings.

    Raises EngrossError where there are errors; where it is `strict`, for warnings too, but those that an emergency
    lets pass.
    """
    if not state.plan.postings:
        return
    settings = state.project.settings
    exceptions = Exceptions(settings.exceptions, settings.file.source.path)
    judged = check_subjects(project_subjects(state.project), exceptions=exceptions)
    judged += check_own_texts(state.plan, exceptions=exceptions)
    found = let_pass(judged, emergencies(state.plan))
    least = Severity.WARNING if strict else Severity.ERROR
    grave = [one for one in found if one.severity >= least]
    if grave:
        raise EngrossError(grave)
    for one in found:
        if one.severity is Severity.WARNING:
            click.echo(f"{one.severity.word}: {one}", err=True)
