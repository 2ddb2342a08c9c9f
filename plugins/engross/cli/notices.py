"""`engross notices`: write the messages about posted changes, ready to send."""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Iterable, Mapping
from itertools import chain
from pathlib import Path

import click

from engross.cli.export import export_site
from engross.cli.printing import say
from engross.cli.site import settings_of, site_here
from engross.common import write_file
from engross.drafting import term_options
from engross.exporting import NOTICE_FORMATS, Composer, Message, manifest, notice_files
from engross.record import Notice, NoticeKind, Record, is_withdrawn, notices as notices_of, open_record, receipt_of

Messages = dict[str, tuple[Message, dict[str, bytes]]]
"""Messages and their files, by the hash of their notice."""
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
@click.option("--delivered", is_flag=True, help="Write the notices that have a receipt too.")
def notices(since: int, out: Path, kinds: tuple[str, ...], formats: tuple[str, ...], delivered: bool) -> None:
    """Write the messages about posted changes, ready to send: for each change, one to the customers of each set that it
    concerns, or to all customers if its documents are in no set.

    There are two kinds, in two folders that no sender should mix. `contractual` has the notices that the provider has
    promised, without a way to unsubscribe. `subscription` has the messages for readers who have asked for them, with
    placeholders for the sender's own list.

    Each message is written as an e-mail message (.eml) with the new text and its redline attached, as JSON, plain text
    and HTML. manifest.json lists them with the hash of each notice, which a receipt names (`engross receipt`). Engross
    sends nothing. The same record gives the same bytes. A folder of an earlier run is never written into.

    Messages that nobody needs are named and not written: those that have a receipt, and those of changes that were
    withdrawn. If the description of a change was corrected, its message has the correction too.

    Exits with 0, also if there is nothing to send, and with 2 if the folder of a kind exists.
    """
    folders = site_here()
    settings = settings_of(folders)
    record = open_record(folders.record)
    chosen = [kind for kind in NoticeKind if not kinds or str(kind) in kinds]
    _require(record, since, [out / kind for kind in chosen])
    composer = Composer(record, settings, export_site(folders, settings), term_options(settings), folders.templates)
    judged = {
        kind: [(one, _why_unneeded(record, one, delivered=delivered)) for one in notices_of(record, kind, since)]
        for kind in chosen
    }
    made = {
        kind: _messages(composer, [one for one, why in found if not why], formats or NOTICE_FORMATS)
        for kind, found in judged.items()
    }
    for kind, messages in made.items():
        _write_kind(out / kind, kind, messages)
    for one, why in chain.from_iterable(judged.values()):
        if why:
            say(f"{one.kind}/{one.file_name} is not written: {why}")


def _require(record: Record, since: int, folders: Iterable[Path]) -> None:
    """Raise UsageError if the ledger has no such entry yet, or if a folder to write exists."""
    last = record.entries[-1].seq if record.entries else 0
    if since > last:
        raise click.UsageError(f"--since {since}: the last entry of the ledger is {last}")
    for folder in folders:
        if folder.exists():
            message = f"{folder} exists, and messages of two runs must not be mixed; remove it, or choose another --out"
            raise click.UsageError(message)


def _write_kind(folder: Path, kind: NoticeKind, messages: Messages) -> None:
    """Write the messages of a kind, and print a line for each."""
    files = {name: data for _, files in messages.values() for name, data in files.items()}
    _write_folder(folder, files | {"manifest.json": manifest(messages, kind)})
    say(f"{folder}: {len(messages)} {'message' if len(messages) == 1 else 'messages'}")
    for one, _ in messages.values():
        of = one.notice.audience.title
        say(f"  {one.notice.file_name} to {f'the customers of {of}' if of else 'all customers'}: {one.subject}")


def _why_unneeded(record: Record, notice: Notice, *, delivered: bool) -> str:
    """Return why nobody needs the message about a notice; empty if it is written."""
    if is_withdrawn(notice):
        return "the change was withdrawn, and the notice of its withdrawal says so"
    receipt = receipt_of(record, notice)
    return f"it was delivered: {receipt.name}; --delivered writes it again" if receipt and not delivered else ""


def _messages(composer: Composer, found: Iterable[Notice], formats: Collection[str]) -> Messages:
    """Return the message about each notice and its files, by the hash of the notice."""
    made = ((notice.hash, composer.message(notice)) for notice in found)
    return {name: (message, dict(notice_files(message, formats))) for name, message in made}


def _write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write a folder that does not exist: with all its files, or not at all."""
    beside = folder.with_name(f".{folder.name}.{os.getpid()}")
    try:
        for name, data in files.items():
            write_file(beside / name, data)
        beside.rename(folder)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
