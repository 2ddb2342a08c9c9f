"""`engross archive SITE…`: make the pages of versions of many sites, on all cores or on a cluster."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engross.cli.printing import CLEAN, FOUND, say
from engross.cli.workers import WorkerOptions, with_workers
from engross.common import EngrossError, error

if TYPE_CHECKING:
    from engross.site import SiteArchive

_PATH = click.Path(path_type=Path, exists=True, file_okay=False)


@click.command()
@click.argument("sites", metavar="SITE...", nargs=-1, required=True, type=_PATH)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    help="Write the pages of each site to FOLDER/NAME, with the name of the site's folder.",
)
@with_workers
@click.pass_context
def archive(
    ctx: click.Context,
    sites: tuple[Path, ...],
    out: Path | None,
    workers: WorkerOptions,
) -> None:
    """Make the pages of the versions of many sites: texts, redlines, lists and downloads.

    SITE is a folder with a mkdocs.yml, or a folder of such folders. The pages are those that a build of each site
    makes, byte for byte. They are made by processes on all cores, or by the workers of a Dask cluster. Each site's
    cache is filled with them, so that its next build only puts them into the site.

    Exits with 0 if all pages were made, 1 if those of a site could not be made (the others are made), and 2 for wrong
    usage.
    """
    from engross.site import make_archives

    workers.check()
    archives, code = [*_archives(sites, out)], CLEAN
    with workers.start() as started:
        for site, failure in make_archives(archives, started):
            if failure is None:
                say(_done(site))
            else:
                code = FOUND
                say(f"{site.config}: its pages were not made:\n{failure}", err=True)
    ctx.exit(code)


def _archives(sites: Iterable[Path], out: Path | None) -> Iterator[SiteArchive]:
    """The archives of sites. Raises EngrossError if a folder has no site, or two would be written to one folder."""
    from engross.site import SiteArchive

    named: dict[str, Path] = {}
    for path in sites:
        found = [folder for folder in (path, *sorted(path.iterdir())) if _config(folder)]
        if not found:
            raise _mistake(path, "there is no mkdocs.yml in this folder or in one directly below it")
        for folder in found[:1] if _config(path) else found:
            name = folder.resolve().name
            if out and name in named:
                raise _mistake(folder, f"its pages would be mixed with those of {named[name]}, which has the same name")
            named[name] = folder
            target = out / name if out else None
            if target and target.exists() and any(target.iterdir()):
                raise _mistake(target, "this folder is not empty; name another with --out, or delete it")
            config = _config(folder)
            assert config is not None
            yield SiteArchive(config, target)


def _config(folder: Path) -> Path | None:
    """The mkdocs.yml of a folder."""
    return next((folder / name for name in ("mkdocs.yml", "mkdocs.yaml") if (folder / name).is_file()), None)


def _mistake(path: Path, message: str) -> EngrossError:
    return EngrossError([error("archive", str(path), 0, 0, message)])


def _done(site: SiteArchive) -> str:
    """What was made of a site."""
    made = f"{site.config.parent}: {site.versions:,} versions"
    if site.lost:
        reason = f": {site.reason}" if site.reason else ""
        made += f"; workers did not make {site.lost:,} of them, which were made here{reason}"
    return f"{made}; written to {site.folder}" if site.folder and site.versions else made
