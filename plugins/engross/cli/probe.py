"""`engross probe`: check the live site from outside, for monitoring."""

from __future__ import annotations

import json
from datetime import timedelta
from functools import partial
from pathlib import Path

import click

from engross.cli.output import print_findings
from engross.cli.printing import CLEAN, FOUND, UNREADABLE, say, say_json
from engross.common import EngrossError, error, now, read_file
from engross.corpus import Folders, find_folders
from engross.drafting import to_json
from engross.model import Diagnostic, Entry, Severity
from engross.monitoring import LIVE_RECORD, Expected, Probed, probe_site
from engross.record import LEDGER, ask, check_invariants, format_instant, other_ledger, read_ledger

_SECONDS = 20
"""The longest time for one answer."""


@click.command()
@click.argument("url", metavar="URL")
@click.option(
    "--against",
    metavar="FILE|URL|REF",
    help="The ledger that the live site must have: a file, an http(s) address, or a ref of git such as origin/main. "
    "Without it, the record of the site in the working folder, if there is one.",
)
@click.option("--quick", is_flag=True, help="Leave out the permanent addresses: a few requests instead of all.")
@click.option(
    "--grace",
    type=click.IntRange(0, 26 * 60),
    default=0,
    show_default=True,
    metavar="MINUTES",
    help="How long after its instant an announced change may still be missing.",
)
@click.option(
    "--strict", is_flag=True, help="Exit with 1 for warnings too, such as headers that the host does not send."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="The output format.",
)
@click.pass_context
def probe(ctx: click.Context, url: str, against: str | None, quick: bool, grace: int, strict: bool, form: str) -> None:
    """Check the live site at URL from outside. Changes nothing; meant for monitoring.

    It checks the following. The chain of the live ledger is whole, and it is the ledger of the record here or of
    --against. The site was built in the last 26 hours. No announced change has passed its instant without taking
    effect. Every permanent address answers. Pages have their content security policy, and the host sends the right
    headers.

    Exits with 0 if all is well, 1 if something is wrong, 2 if the site does not answer or is not made by Engross.
    """
    if not url.startswith(("https://", "http://")):
        raise click.BadParameter(f"an http or https address is needed, not {url!r}", param_hint="URL")
    entries, name = _ledger(against)
    expected = Expected(at=now(), entries=entries, name=name, grace=timedelta(minutes=grace))
    try:
        probed = probe_site(url, expected, partial(ask, seconds=_SECONDS), every_address=not quick)
        code = FOUND if _fails(probed.findings, strict) else CLEAN
    except EngrossError as failure:
        probed, code = Probed(site=url, findings=failure.diagnostics), UNREADABLE
    _print(probed, expected, form)
    ctx.exit(code)


def _fails(findings: tuple[Diagnostic, ...], strict: bool) -> bool:
    return any(found.severity is Severity.ERROR or strict for found in findings)


def _ledger(against: str | None) -> tuple[tuple[Entry, ...] | None, str]:
    """The ledger to compare with, and its name; None if there is none. Raises EngrossError if it cannot be read."""
    folders = _site_around()
    if against:
        root, ledger = (
            (folders.root, folders.record / LEDGER) if folders else (Path.cwd(), Path.cwd() / "record" / LEDGER)
        )
        data, name = other_ledger(against, root, ledger)
    elif folders and (folders.record / LEDGER).is_file():
        data, name = read_file(folders.record / LEDGER), "the record here"
    else:
        return None, ""
    if not data:
        raise EngrossError([error("outside", name, 0, 0, "it has no ledger to compare with")])
    entries, problems = read_ledger(data, name)
    if problems := problems or list(check_invariants(entries, name)):
        raise EngrossError(problems)
    return entries, name


def _site_around() -> Folders | None:
    try:
        return find_folders(Path.cwd())
    except EngrossError:
        return None


def _print(probed: Probed, expected: Expected, form: str) -> None:
    if form == "json":
        facts = {
            "site": probed.site,
            "asked_at": format_instant(expected.at),
            "as_of": probed.as_of,
            "entries": probed.entries,
            "head": probed.head,
            "compared_with": expected.name,
            "addresses": probed.asked,
        }
        say_json(json.dumps({**facts, **json.loads(to_json(probed.findings))}, ensure_ascii=False, indent=2))
        return
    if probed.as_of:
        # Without an entry the ledger could not be read or is no chain, which a finding says.
        same = expected.entries is not None and not any(found.rule == LIVE_RECORD for found in probed.findings)
        state = f"{probed.entries} entries" if probed.entries else "no sound ledger"
        state += f", as in {expected.name}" if same and probed.entries else ""
        addresses = f"; {probed.asked} addresses asked" if probed.asked else ""
        say(f"{probed.site}: built for {probed.as_of}; {state}{addresses}")
    print_findings(probed.findings, "text", every=True)
