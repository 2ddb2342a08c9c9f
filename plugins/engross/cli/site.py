"""What commands about a site have in common: where it is, its zone, and what is named on the command line."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from engross.checks.site_setup import check_site_setup
from engross.cli.printing import say
from engross.corpus.documents import Settings, read_settings
from engross.corpus.folders import Folders, find_folders
from engross.corpus.project import shown_path
from engross.corpus.words import meant, shown
from engross.model import Version, VersionId
from engross.record.history import Record
from engross.record.instants import written_instant
from engross.record.notes import version_id
from engross.text import read_source


def site_here() -> Folders:
    """The folders of the site around the working folder. Raises EngrossError where there is none."""
    return find_folders(Path.cwd())


def print_notes(folders: Folders, *names: str) -> None:
    """Print to standard error what the rules `names` find in a site's mkdocs.yml and in the folder of the site."""
    for note in check_site_setup(folders, names):
        say(f"note: {note}", err=True)


def zone_of(folders: Folders) -> ZoneInfo:
    """The time zone in which a site counts its days. Raises EngrossError where its settings are wrong."""
    return ZoneInfo(settings_of(folders).timezone)


def settings_of(folders: Folders) -> Settings:
    """What a site's documents.yml says. Raises EngrossError where it is wrong."""
    path = folders.docs / folders.settings
    return read_settings(read_source(path, shown_path(path)))


class Instant(click.ParamType[datetime]):
    """A day or an instant, as change notes write it; days begin in the site's zone."""

    name = "instant"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The instant as given. Fails where it is none."""
        try:
            return written_instant(value, zone_of(site_here()))
        except ValueError as problem:
            self.fail(f"{shown(value)!r}: {problem}", param, ctx)


class OfVersion(click.ParamType[VersionId]):
    """A version, written `agreement@3`."""

    name = "version"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> VersionId:
        """The version as given, whether there is one or not. Fails where it is not written so."""
        try:
            return version_id(value)
        except ValueError as problem:
            self.fail(str(problem), param, ctx)


INSTANT, VERSION = Instant(), OfVersion()


def known_document(name: str, known: Iterable[str]) -> str:
    """The id of a document. Raises click's UsageError, with what may be meant, where there is none."""
    names = tuple(known)
    if name in names:
        return name
    raise click.UsageError(f"there is no document {shown(name)}{meant(name, names)}{_listed(names)}")


def known_version(record: Record, id: VersionId) -> Version:
    """The version of that id. Raises click's UsageError, with what may be meant, where there is none."""
    versions = record.versions.get(id.document, ())
    if not versions:
        names = tuple(record.versions)
        raise click.UsageError(f"no text of {id.document} was posted{meant(id.document, names)}{_listed(names)}")
    if id.number > len(versions):
        there = f"its only version is {versions[0].id}" if len(versions) == 1 else f"its last is {versions[-1].id}"
        raise click.UsageError(f"there is no {id}; {there}")
    return record.version(id)


def _listed(names: tuple[str, ...]) -> str:
    return f" (there is {', '.join(names)})" if names else ""
