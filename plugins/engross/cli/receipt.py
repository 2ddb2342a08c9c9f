"""`engross receipt`: record that notices were delivered."""

from __future__ import annotations

from pathlib import Path

import click

from engross.cli.printing import say
from engross.cli.site import site_here, zone_of
from engross.common import now
from engross.record import add_receipts, describe_entry, display_instant


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Show what would be recorded, and write nothing.")
def receipt(files: tuple[Path, ...], dry_run: bool) -> None:
    """Record that notices were delivered: add receipts, which the sender of the messages wrote, to the record.

    Each FILE is JSON or YAML with `notice` (the hash in manifest.json, which `engross notices` writes), `sent` (an
    instant), `count` (how many messages were sent) and `failures` (how many of them failed). It holds numbers only; a
    file with anything that looks like an address is refused.

    Where a version waits for the delivery of its notice, the receipt of its last notice fixes the day from which it
    applies. Otherwise a receipt is proof, and changes no day. All files are recorded in one step, or none.

    Exits with 0 if the receipts were recorded, with 1 if any was refused.
    """
    folders = site_here()
    zone = zone_of(folders)
    done = add_receipts(folders, files, zone, now(), dry_run=dry_run)
    for remark in done.remarks:
        say(f"{remark.severity.word}: {remark}", err=True)
    what = "1 entry" if len(done.entries) == 1 else f"{len(done.entries)} entries"
    say(f"{what} would be added to the record:" if dry_run else f"{what} added to the record:")
    for entry in done.entries:
        say(f"  {describe_entry(entry, zone)}")
    for line in done.sums:
        say(f"  {line}")
    say(f"{'would be posted' if dry_run else 'posted'} {display_instant(done.entries[0].posted, zone)}")
