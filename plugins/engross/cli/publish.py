"""`engross publish`: the three steps by which a host publishes a site, and the check before them (`--due`).

Each step is a job of its own. The first runs the site's packages, so its job has no key. The others are the programs of
`hosting/`, which load nothing else of Engross.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

import engross.common.lazy_re as re
from engross.cli.printing import CLEAN, FOUND, WAITS, say
from engross.common import EngrossError, delete_cache, visible
from engross.hosting import check_live, due as due_program, push_record

if TYPE_CHECKING:
    from engross.corpus import Folders

_ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]+(?::[0-9]+)?(?:/[A-Za-z0-9._~:/%@+-]*)?")
_PACK = Path("build/record.tar")
_WAITING = "waiting.txt"
"""The file beside the pack with the messages about the changes that wait."""
_NO_ADDRESS = (
    "the address of the site is not known, so the record cannot be compared with the published ledger. Set SITE_URL "
    "(or --url) to the public address; add --first-time if nothing was published before"
)

_NEEDS_ADDRESS = "needs the public address of the site: set SITE_URL, or --url"
_NOT_YET = (
    "if the site does not exist yet, leave SITE_URL (or --url) unset for this first run, and set it afterwards: with "
    "an address, the published ledger must be read, or the address must answer that there is none (404)"
)


def _address(_context: click.Context, _option: click.Parameter, value: str | None) -> str:
    if value and not _ADDRESS.fullmatch(value):
        raise click.BadParameter(f"an http or https address is needed, not {value!r}")
    return value or ""


@click.command()
@click.option(
    "--url", envvar="SITE_URL", callback=_address, help="The public address of the site.  [env var: SITE_URL]"
)
@click.option(
    "--first-time",
    envvar="FIRST_TIME",
    type=click.Choice(["true", "false", "1", "0", ""]),
    is_flag=False,
    flag_value="true",
    default="false",
    metavar="[true|false]",
    help="Nothing was published before, so there may be no ledger to compare with.  [env var: FIRST_TIME]",
)
@click.option(
    "--pack",
    type=click.Path(path_type=Path, dir_okay=False),
    default=_PACK,
    show_default=True,
    help="Where to write what changed in record/.",
)
@click.option(
    "--keep-cache",
    is_flag=True,
    help="Read .cache/engross instead of deleting it first. Only where no unreviewed change can write to it.",
)
@click.option("--due", is_flag=True, help="Only look whether the site at --url must be built now.")
@click.option("--push", metavar="PACK", help="Check a pack, and push it to the branch. Runs only git.")
@click.option("--branch", default="main", show_default=True, help="With --push: the branch.")
@click.option("--output", default="", metavar="FILE", help="With --push: a file to add the result to (moved, head).")
@click.option("--live", is_flag=True, help="Wait until the site at --url shows the record that was pushed.")
@click.option("--head", default="", help="With --live: the hash of the last entry of the record.")
@click.pass_context
def publish(
    ctx: click.Context,
    url: str,
    first_time: str,
    pack: Path,
    keep_cache: bool,
    due: bool,
    push: str | None,
    branch: str,
    output: str,
    live: bool,
    head: str,
) -> None:
    """Publish what was merged: verify, release, build, verify, and pack what changed in record/.

    The cache of the site is deleted first, because whoever can write to it decides what is built from it.

    The record is compared with the published ledger before anything is sealed and at the end, so that a ledger that was
    cut short or rewritten is never published. The site of the versions in force is in the site's folder then, and the
    pack is ready for --push, which commits it and pushes it. Deploy the site afterwards.

    Exits with 0 if all went well, 1 if something is wrong, and 2 if something cannot be read. Exits with 3 if changes
    wait, as `engross release` does: everything else is done, so push and deploy it all the same. The messages say which
    changes wait and why, and are in waiting.txt beside the pack. Exits with 75 if the branch has moved since the build:
    nothing was pushed then, and the next build begins again.

    With --due, exits with 0 if an announced instant has passed since the site was built, if it was built 23 hours ago
    or more, if it does not show the last entry of the record, or if this cannot be determined; else with 75.
    """
    if (due or live) and not url:
        raise click.UsageError(f"--{'due' if due else 'live'} {_NEEDS_ADDRESS}")
    if due:
        ctx.exit(due_program.main([url]))
    if live:
        ctx.exit(check_live.main([url, head]))
    if push is not None:
        ctx.exit(push_record.main(["--branch", branch, "--output", output, "--", push]))
    if not url and first_time not in {"true", "1"}:
        raise click.UsageError(_NO_ADDRESS)
    ctx.exit(_build(url, first_time in {"true", "1"}, pack, keep_cache=keep_cache))


def _build(url: str, first_time: bool, pack: Path, *, keep_cache: bool) -> int:
    """Verify, release, build, verify and pack. Returns the exit code; a pack is written unless something is wrong."""
    # The other steps need none of this, and run next to a key.
    from engross.cli.release import post_changes
    from engross.cli.site import site_here
    from engross.cli.verify import verify_here
    from engross.record import built_commit, pack_changes, refuse_committed_cache

    folders = site_here()
    built_commit(folders.root, folders.record)
    refuse_committed_cache(folders.root)
    if not keep_cache:
        delete_cache(folders.root)
    messages = pack.with_name(_WAITING)
    for path in (pack, messages):
        path.unlink(missing_ok=True)
    against: Sequence[str] = [f"{url.rstrip('/')}/record/ledger.jsonl"] if url else []
    try:
        if not verify_here(folders, against, first_time=first_time):
            return FOUND
    except EngrossError:
        if first_time and url:
            say(_NOT_YET, err=True)
        raise
    waiting = post_changes(folders)
    if not _is_built(folders):
        return FOUND
    if not verify_here(folders, against, first_time=first_time):
        return FOUND
    pack_changes(folders.root, pack)
    say(f"the site is in {folders.site.name}/; what to push of the record is in {pack}")
    if waiting:
        messages.write_text(visible("\n".join(waiting)) + "\n", encoding="utf-8", newline="\n")
        say(
            f"changes wait, which is why this exits with {WAITS}; push and deploy the rest. {messages} says why",
            err=True,
        )
        return WAITS
    return CLEAN


def _is_built(folders: Folders) -> bool:
    """Build the site of the versions in force. Returns whether that succeeded."""
    from engross.record import run_openly

    config = ("--config-file", str(folders.configs[0])) if folders.configs else ()
    build = (sys.executable, "-m", "mkdocs", "build", "--strict", *config)
    sys.stdout.flush()
    return not run_openly(build, folders.root, {"ENGROSS_EDITION": "in-force", "NO_MKDOCS_2_WARNING": "1"})
