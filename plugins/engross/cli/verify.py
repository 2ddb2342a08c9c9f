"""`engross verify`: verify that the record is unchanged since it was posted, and compare kept files with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from engross.cli.output import print_findings
from engross.cli.printing import CLEAN, FOUND, say
from engross.cli.site import print_notes, site_here
from engross.common import as_of, now
from engross.corpus import Folders, Words, document_strings, ui_strings
from engross.drafting import PUBLISHED
from engross.record import Record, check_against, format_instant, interruption, reparsed, verify as verify_record


@click.command()
@click.argument("files", metavar="[FILE]...", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--against",
    multiple=True,
    metavar="FILE|URL|REF",
    help="Another copy of the ledger, which the ledger here must continue: a file, an http(s) address, or a ref of git "
    "such as origin/main; repeatable.",
)
@click.option(
    "--first-time", is_flag=True, help="Accept a missing copy (an address that answers 404, a commit without a ledger)."
)
@click.option("--reparse", is_flag=True, help="Also report what the present parser would read differently.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="The output format for files.",
)
@click.pass_context
def verify(
    ctx: click.Context, files: tuple[Path, ...], against: tuple[str, ...], first_time: bool, reparse: bool, form: str
) -> None:
    """Verify the record: the bytes of every sealed file, the chain of entries, their order, their dates.

    With files, verify the record, then say of each file which version of which document it is, whether its words are
    those sealed, and what was posted since. A file is what somebody kept: Markdown or YAML, a self-contained HTML copy,
    a PDF with its source attached, a Word file, Akoma Ntoso, or an acceptance record.

    Nothing is parsed again. If entries were removed from the end of the ledger together with their files, only a
    comparison with another copy (--against) shows it. A copy cannot be read if it is empty, has more than 256 MiB or
    takes longer than a minute. Exits with 0 if the record is as it was posted, 1 if it is not, 2 if something cannot be
    read; with files, also with 1 if the record does not confirm every word of each.
    """
    if reparse and files:
        raise click.UsageError("--reparse is about the record; leave out the files")
    if form != "text" and not files:
        raise click.UsageError("--format is about files; name one")
    folders = site_here()
    print_notes(folders, PUBLISHED)
    record = verify_here(folders, against, first_time=first_time, quiet=bool(files))
    if not record:
        ctx.exit(FOUND)
    if files:
        # Only this needs the packages that read and compare files.
        from engross.cli.verify_files import verify_files

        ctx.exit(verify_files(record, files, as_of(), _words_here(folders), as_json=form == "json"))
    if reparse:
        _say_reparsed(record)
    ctx.exit(CLEAN)


def _words_here(folders: Folders) -> Iterator[Words]:
    """Yield the UI strings that the copies of a site may have: its own, and those of documents in other languages."""
    words = ui_strings(folders.language, folders.templates)
    yield words
    for path in sorted(folders.templates.glob("words.*.yml")) if folders.templates else ():
        yield document_strings(path.name.split(".")[1], words, folders.templates)


def verify_here(folders: Folders, against: Sequence[str], *, first_time: bool, quiet: bool = False) -> Record | None:
    """Verify the record of a site, compare it with other copies of the ledger, and print the result.

    If `quiet`, a record that is as it was posted is not mentioned. Returns the record, or None if it is not as it was
    posted. Raises EngrossError if a copy cannot be read.
    """
    record, problems = verify_record(folders.record, now())
    for name in against if not problems else ():
        problems += check_against(record, name, folders.root, may_lack=first_time)
    if problems:
        print_findings(problems, "text")
        return None
    if not quiet:
        _say_whole(record, against)
    return record


def _say_whole(record: Record, against: Sequence[str]) -> None:
    stopped = interruption(record)
    if stopped:
        say(f"note: {stopped}", err=True)
    if not record.entries:
        say(f"nothing was posted yet: there is no {record.ledger_path}")
        return
    versions = sum(map(len, record.versions.values()))
    last = record.entries[-1]
    entries = "1 entry" if len(record.entries) == 1 else f"{len(record.entries)} entries"
    texts = "1 version" if versions == 1 else f"{versions} versions"
    say(f"{record.ledger_path}: {entries} and {texts} are as they were posted")
    say(f"the last is {last.name}, posted {format_instant(last.posted)}; the chain's head is {record.head}")
    if against:
        say(f"it continues {', '.join(against)}")
    else:
        say("this does not detect entries removed from the end; compare with another copy: --against")


def _say_reparsed(record: Record) -> None:
    found = list(reparsed(record))
    for line in found:
        say(line)
    if not found:
        say("the present parser reads every version as it was read when it was posted")
