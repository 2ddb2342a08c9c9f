"""`engross notices`: write the messages about posted changes, ready to send."""

from __future__ import annotations

from pathlib import Path

import click

from engross.cli.export import export_site
from engross.cli.printing import say
from engross.cli.site import settings_of, site_here
from engross.common import write_file
from engross.drafting import term_options
from engross.exporting import NOTICE_FORMATS, Composer, manifest, notice_files
from engross.record import NoticeKind, notices as notices_of, open_record

_KINDS = tuple(str(kind) for kind in NoticeKind)


@click.command()
@click.option(
    "--since",
    type=click.IntRange(min=0),
    required=True,
    metavar="SEQ",
    help="Write the messages about changes that were posted after this entry of the ledger; 0 for all.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("notices"),
    show_default=True,
    metavar="FOLDER",
    help="The folder to write, with a folder in it for each kind.",
)
@click.option("--kind", "kinds", type=click.Choice(_KINDS), multiple=True, help="Only this kind of messages.")
@click.option(
    "--format", "formats", type=click.Choice(NOTICE_FORMATS), multiple=True, help="Only this format; all by default."
)  # fmt: skip
def notices(since: int, out: Path, kinds: tuple[str, ...], formats: tuple[str, ...]) -> None:
    """Write the messages about posted changes, ready to send: for each change, one to the customers of each set that it
    concerns, or to all customers if its documents are in no set.

    There are two kinds, in two folders that no sender should mix. `contractual` has the notices that the provider has
    promised, without a way to unsubscribe. `subscription` has the messages for readers who have asked for them, with
    placeholders for the sender's own list.

    Each message is written as an e-mail message (.eml) with the new text and its redline attached, as JSON, plain text
    and HTML. manifest.json lists them with the hash of each notice, which a receipt names (`engross receipt`). Engross
    sends nothing. The same record gives the same bytes.

    Exits with 0, also if there is nothing to send.
    """
    folders = site_here()
    settings = settings_of(folders)
    record = open_record(folders.record)
    last = record.entries[-1].seq if record.entries else 0
    if since > last:
        raise click.UsageError(f"--since {since}: the last entry of the ledger is {last}")
    composer = Composer(record, settings, export_site(folders, settings), term_options(settings), folders.templates)
    for kind in NoticeKind:
        if kinds and str(kind) not in kinds:
            continue
        made = {}
        for notice in notices_of(record, kind, since):
            message = composer.message(notice)
            files = dict(notice_files(message, formats or NOTICE_FORMATS))
            made[notice.hash] = message, files
        for _, files in made.values():
            for name, data in files.items():
                write_file(out / kind / name, data)
        write_file(out / kind / "manifest.json", manifest(made, kind))
        say(f"{out / kind}: {len(made)} {'message' if len(made) == 1 else 'messages'}")
        for message, _ in made.values():
            to = message.notice.audience.title or "all customers"
            say(f"  {message.notice.file_name} to the customers of {to}: {message.subject}")
