"""`engross watch`: check whether providers have changed the licences of their models."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import sleep

import click

from engross import __version__
from engross.cli.output import print_findings
from engross.cli.printing import CLEAN, FOUND, UNREADABLE, say, say_json, say_made
from engross.cli.site import settings_of, site_here
from engross.common import as_of, write_file
from engross.corpus import MOST_OF_COPY, Catalogue, Folders, copy_path, read_catalogue, shown_path
from engross.drafting import to_json as findings_json
from engross.model import DocumentKind, Severity
from engross.monitoring import NEW, PRIVATE, Entry, KeptTexts, State, Watched, Watcher, watched_json, with_facts
from engross.record import AGENT, ask, would_be_added
from engross.redline import terminal_text, to_json
from engross.text import read_source

_SECONDS = 30
"""The longest time for one answer."""
_NOT_IGNORED = (
    "warning: {folder} has private copies of other companies’ texts, and git does not ignore it, so that "
    "`git add --all` would add them; add this line to .gitignore: /{name}/"
)


@click.command()
@click.option("--write", is_flag=True, help="Keep the texts, and write their day and hash into the list of models.")
@click.option(
    "--publish",
    "published",
    multiple=True,
    metavar="MODEL",
    help="With --write: publish the copy of this model's licence, which must permit it; repeatable.",
)
@click.option(
    "--copies",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="ENGROSS_COPIES",
    metavar="FOLDER",
    help="The folder of private copies; by default licences/ beside mkdocs.yml.  [env var: ENGROSS_COPIES]",
)
@click.option("--model", "only", multiple=True, metavar="MODEL", help="Ask only for this model's licence; repeatable.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="The output format.",
)
@click.pass_context
def watch(
    ctx: click.Context, write: bool, published: tuple[str, ...], copies: Path | None, only: tuple[str, ...], form: str
) -> None:
    """Request the licence of each model where its provider publishes it, and show what was changed there.

    The visible text at each `eula.url` is compared with the kept copy, or with the hash in the list. A text that
    differs is requested twice: an address that answers differently each time is unstable, and not reported as changed.
    Addresses are requested one after another. An answer may have 8 MiB and take 30 seconds. No build does this.

    Exits with 0 if no licence was changed, 1 if one was changed, is gone, or no longer has the quoted words, and 2 if
    an address did not answer or is unstable, and nothing else was found.
    """
    folders = site_here()
    lists = {path: read_catalogue(read_source(path, shown_path(path))) for path in _lists(folders)}
    known = [model.id for catalogue in lists.values() for model in catalogue.models]
    for name in (*published, *only):
        if name not in known:
            raise click.UsageError(f"there is no model {name!r} in the lists of this site")
    if published and not write:
        raise click.UsageError("--publish needs --write")
    kept = KeptTexts(folders.docs, copies.resolve() if copies else folders.root / PRIVATE)
    agent = f"{AGENT}-watch/{__version__}" + (f" (+{folders.url})" if folders.url else "")
    asking = partial(ask, most=MOST_OF_COPY, seconds=_SECONDS, headers={"User-Agent": agent})
    watcher = Watcher(kept, asking, sleep)
    found = tuple(watcher.watch(lists.values(), frozenset(only)))
    # It is written before the first line is printed: the program that reads the output may end before.
    done = tuple(_write(lists, found, kept, frozenset(published))) if write else ()
    # What was new is kept now, as the lines about what was written say.
    if write:
        found = tuple(replace(one, findings=tuple(f for f in one.findings if f.rule != NEW)) for one in found)
    if form == "json":
        _print_json(found)
    else:
        _print_text(found)
    for line in done:
        say(line, err=form == "json")
    if kept.private.resolve().is_relative_to(folders.root.resolve()) and would_be_added(kept.private):
        name = kept.private.resolve().relative_to(folders.root.resolve()).as_posix()
        say(_NOT_IGNORED.format(folder=shown_path(kept.private), name=name), err=True)
    ctx.exit(_exit_code(found))


def _lists(folders: Folders) -> Iterator[Path]:
    for entry in settings_of(folders).documents:
        if entry.kind is DocumentKind.CATALOGUE:
            yield folders.docs / entry.file


def _exit_code(found: Sequence[Watched]) -> int:
    findings = [finding for one in found for finding in one.findings]
    unasked = {State.UNREACHABLE, State.UNSTABLE}
    if any(one.severity is Severity.ERROR and one.rule != "licence-unreachable" for one in findings):
        return FOUND
    return UNREADABLE if any(one.state in unasked for one in found) else CLEAN


def _print_text(found: Sequence[Watched]) -> None:
    for one in found:
        if one.script:
            colour = sys.stdout.isatty()
            say(f"{one.address}: what was changed")
            say_made(terminal_text(one.script, only_changes=True, colour=colour))
    counts = {state: sum(one.state is state for one in found) for state in State}
    print_findings([finding for one in found for finding in one.findings], "text", every=True)
    listed = ", ".join(f"{count} {state.value}" for state, count in counts.items() if count)
    say(f"{len(found)} address{'es' * (len(found) != 1)}{': ' * bool(listed)}{listed}")


def _print_json(found: Sequence[Watched]) -> None:
    changes = (to_json(one.script, only_changes=True) if one.script else None for one in found)
    watched = [watched_json(one, changed) for one, changed in zip(found, changes, strict=True)]
    findings = json.loads(findings_json([finding for one in found for finding in one.findings]))
    say_json(json.dumps({"watched": watched, **findings}, ensure_ascii=False, indent=2))


def _write(
    lists: dict[Path, Catalogue], found: Sequence[Watched], kept: KeptTexts, published: frozenset[str]
) -> Iterator[str]:
    """Keep the texts that were read, and write the facts of those that are new or changed; yield what was written."""
    day = str(as_of().date())
    files, texts = [], []
    for path, catalogue in lists.items():
        facts: dict[int, dict[str, str]] = {}
        for one, entry in _readable(found, catalogue):
            publishes = bool(entry.eula.copy) or entry.model in published
            texts.append((one.text, publishes))
            new = {"copy": copy_path(one.sha256)} if publishes and entry.eula.copy != copy_path(one.sha256) else {}
            if entry.eula.sha256 != one.sha256 and (new or one.state is not State.UNCHANGED):
                new |= {"retrieved": day, "sha256": one.sha256}
            if new:
                facts[entry.index] = new
        if facts:
            files.append((path, len(facts), with_facts(catalogue, facts)))
    for text, publishes in texts:
        kept.write(text, published=publishes)
    for path, count, data in files:
        write_file(path, data)
        yield f"{shown_path(path)}: wrote what was found for {count} model{'s' * (count != 1)}; the change needs a note"


def _readable(found: Sequence[Watched], catalogue: Catalogue) -> Iterator[tuple[Watched, Entry]]:
    """Yield the models of a list whose licence was read, with what was found."""
    for one in found:
        if one.state in (State.NEW, State.CHANGED, State.UNCHANGED):
            yield from ((one, entry) for entry in one.entries if entry.catalogue is catalogue)
