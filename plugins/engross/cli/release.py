"""`engross release`: adds to the record what changed, with the notes that say so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

import click

from engross.cli.printing import say
from engross.cli.site import INSTANT, print_notes, site_here, zone_of
from engross.common import EngrossError, now, without_collection
from engross.corpus import Folders
from engross.drafting import (
    NAMES,
    Exceptions,
    Links,
    check_own_texts,
    check_subjects,
    let_pass,
    own_documents,
    project_subjects,
)
from engross.model import Entry, EntryKind, Severity
from engross.record import (
    State,
    describe_entry,
    display_instant,
    emergencies,
    posted_terms,
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

    All of it is posted or nothing. The rules of the record and the drafting check are asked before; drafting warnings
    stop it where the site's builds are strict. Exits with 0 also where nothing is to be posted, 1 where something
    stands in the way.
    """
    folders = site_here()
    print_notes(folders, *NAMES)
    zone = zone_of(folders)
    with without_collection():
        check = partial(check_drafting, folders=folders, strict=folders.strict)
        entries = seal(folders, now(), posted, dry_run=dry_run, check=check)
    say(_told(entries, dry_run))
    for entry in entries:
        say(f"  {describe_entry(entry, zone)}")
    if entries:
        say(f"{'would be posted' if dry_run else 'posted'} {display_instant(entries[0].posted, zone)}")


def _told(entries: Sequence[Entry], dry_run: bool) -> str:
    if not entries:
        return "nothing is to be posted"
    what = "1 entry" if len(entries) == 1 else f"{len(entries)} entries"
    return f"{what} would be added to the record:" if dry_run else f"{what} added to the record:"


def check_drafting(state: State, *, folders: Folders, strict: bool) -> None:
    """Ask whether what is about to be posted can be shown, then the drafting check of the site, and print its warnings.

    Raises EngrossError where there are errors; where it is `strict`, for warnings too, but those that an emergency
    lets pass.
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
    settings = state.project.settings
    exceptions = Exceptions(settings.exceptions, settings.file.source.path)
    judged = check_subjects(
        project_subjects(state.project, posted_terms(state.project, state.record)), exceptions=exceptions
    )
    judged += check_own_texts(state.plan, exceptions=exceptions)
    found = let_pass(judged, emergencies(state.plan))
    least = Severity.WARNING if strict else Severity.ERROR
    grave = [one for one in found if one.severity >= least]
    if grave:
        raise EngrossError(grave)
    for one in (*(one for one in found if one.severity is Severity.WARNING), *unrecorded_grounds(state.plan)):
        say(f"{one.severity.word}: {one}", err=True)
