"""Helpers of commands about a site: its folders, its time zone, types of arguments, and lines for its .gitignore."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from engross.cli.printing import say
from engross.common import meant, shown, write_file
from engross.corpus import Folders, Settings, find_folders, read_settings, shown_path
from engross.drafting import check_site_setup
from engross.model import Version, VersionId
from engross.record import Record, parse_written_instant, version_id
from engross.text import read_source


def site_here() -> Folders:
    """Return the folders of the site around the working folder. Raises EngrossError if there is none."""
    return find_folders(Path.cwd())


def print_notes(folders: Folders, *names: str) -> None:
    """Print to standard error what the rules `names` find in a site's mkdocs.yml and in the folder of the site."""
    for note in check_site_setup(folders, names):
        say(f"note: {note}", err=True)


def zone_of(folders: Folders) -> ZoneInfo:
    """Return the time zone in which a site counts days. Raises EngrossError if its settings are wrong."""
    return ZoneInfo(settings_of(folders).timezone)


def settings_of(folders: Folders) -> Settings:
    """Return the settings of a site in documents.yml. Raises EngrossError if they are wrong."""
    path = folders.docs / folders.settings
    return read_settings(read_source(path, shown_path(path)))


class Instant(click.ParamType[datetime]):
    """A day or an instant, in the form that change notes use; days begin in the site's time zone."""

    name = "instant"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Return the instant. Fails if the text is not an instant."""
        try:
            return parse_written_instant(value, zone_of(site_here()))
        except ValueError as problem:
            self.fail(f"{shown(value)!r}: {problem}", param, ctx)


class OfVersion(click.ParamType[VersionId]):
    """A version, written `agreement@3`."""

    name = "version"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> VersionId:
        """Return the version, whether it exists or not. Fails if the text has another form."""
        try:
            return version_id(value)
        except ValueError as problem:
            self.fail(str(problem), param, ctx)


INSTANT, VERSION = Instant(), OfVersion()


def known_document(name: str, known: Iterable[str]) -> str:
    """Return the id of a document. Raises click's UsageError, with similar names, if there is none."""
    names = tuple(known)
    if name in names:
        return name
    raise click.UsageError(f"there is no document {shown(name)}{meant(name, names)}{_listed(names)}")


def known_version(record: Record, id: VersionId) -> Version:
    """Return the version with this id. Raises click's UsageError, with similar names, if there is none."""
    versions = record.versions.get(id.document, ())
    if not versions:
        names = tuple(record.versions)
        raise click.UsageError(f"no text of {id.document} was posted{meant(id.document, names)}{_listed(names)}")
    if id.number > len(versions):
        there = f"its only version is {versions[0].id}" if len(versions) == 1 else f"its last is {versions[-1].id}"
        raise click.UsageError(f"there is no {id}; {there}")
    return record.version(id)


def _listed(names: tuple[str, ...]) -> str:
    return f" (known: {', '.join(names)})" if names else ""


def ignore(path: Path, lines: Iterable[str], shown: str) -> None:
    """Add those of the lines to a .gitignore that it does not have yet, and print them; `shown` is its name there.

    Raises OSError if the file cannot be read or written.
    """
    text = path.read_text("utf-8", "surrogateescape") if path.exists() else ""
    known = {_plain(line) for line in text.splitlines()}
    added = [line for line in lines if _plain(line) not in known]
    if added:
        write_file(path, "\n".join([*text.splitlines(), *added, ""]).encode("utf-8", "surrogateescape"))
        say(f"added {', '.join(added)} to {shown}")


def _plain(line: str) -> str:
    """A line without the slashes that make no difference for a folder beside the file."""
    return line.strip().strip("/")
