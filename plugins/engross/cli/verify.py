"""`engross verify`: whether the record is what was posted."""

from __future__ import annotations

import click

from engross.cli.output import print_findings
from engross.cli.printing import CLEAN, FOUND, say
from engross.cli.site import print_notes, site_here
from engross.common import now
from engross.drafting import PUBLISHED
from engross.record import Record, check_against, format_instant, interruption, reparsed, verify as verify_record


@click.command()
@click.option(
    "--against",
    multiple=True,
    metavar="FILE|URL|REF",
    help="Another copy of the ledger, of which this one must be a continuation: a file, an http(s) address, or a ref "
    "of git such as origin/main; repeatable.",
)
@click.option(
    "--first-time", is_flag=True, help="Let a copy be missing (an address that answers 404, a commit without a ledger)."
)
@click.option("--reparse", is_flag=True, help="Tell too what the parser of today would read otherwise.")
@click.pass_context
def verify(ctx: click.Context, against: tuple[str, ...], first_time: bool, reparse: bool) -> None:
    """Verify the record: the bytes of every sealed file, the chain of entries, their order, their dates.

    Nothing is parsed anew. A ledger that was cleanly cut after an entry, its files with it, is whole in itself, and
    shows only --against another copy; a copy that is empty, that has more than 256 MiB or that takes longer than a
    minute is none. Exits with 0 where the record is what was posted, 1 where it is not, 2 where something cannot be
    read.
    """
    folders = site_here()
    print_notes(folders, PUBLISHED)
    record, problems = verify_record(folders.record, now())
    for name in against if not problems else ():
        problems += check_against(record, name, folders.root, may_lack=first_time)
    if problems:
        print_findings(problems, "text")
        ctx.exit(FOUND)
    _say_whole(record, against)
    if reparse:
        _say_reparsed(record)
    ctx.exit(CLEAN)


def _say_whole(record: Record, against: tuple[str, ...]) -> None:
    stopped = interruption(record)
    if stopped:
        say(f"note: {stopped}", err=True)
    if not record.entries:
        say(f"nothing was posted yet: there is no {record.ledger_path}")
        return
    versions = sum(map(len, record.versions.values()))
    last = record.entries[-1]
    say(f"{record.ledger_path}: {len(record.entries)} entries and {versions} versions are as they were posted")
    say(f"the last is {last.name}, posted {format_instant(last.posted)}; the chain's head is {record.head}")
    if against:
        say(f"it continues {', '.join(against)}")
    else:
        say("entries cut off cleanly at the end would not show here; compare with another copy: --against")


def _say_reparsed(record: Record) -> None:
    found = list(reparsed(record))
    for line in found:
        say(line)
    if not found:
        say("the parser of today reads every version as it was read when it was posted")
