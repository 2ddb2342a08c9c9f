"""`engross export`: write a version, a document or a whole set as a file for people or programs."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from engross.cli.printing import say
from engross.cli.site import known_document, known_version, site_here
from engross.common import as_of, meant, shown, write_file
from engross.corpus import Folders, PageType, Project, Settings, derived_address, read_project, ui_strings
from engross.drafting import term_options
from engross.exporting import (
    FORMATS,
    Copy,
    ExportSite,
    draft_copy,
    export_bytes,
    format_of,
    set_copy,
    version_copy,
)
from engross.model import Version, VersionId
from engross.record import Record, open_record, sealed_in, sha256, version_id
from engross.render import SealedTexts, Site, environment

_ENDINGS = ", ".join(one.ending for one in FORMATS.values())


@click.command()
@click.argument("name", metavar="DOC[@N]|SET")
@click.option(
    "--to",
    "path",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help=f"The file to write. Its ending chooses the format: {_ENDINGS}.",
)
@click.option("--set", "of_set", is_flag=True, help="Export the set with this id, if a document has the same id.")
def export(name: str, path: Path, of_set: bool) -> None:
    """Write a version, a document or a whole set as a file.

    agreement@3 is a posted version. agreement alone is the text in the docs: the last version with that text, or a
    draft. The id of a set means its documents in force today, in order of precedence.
    """
    if str(path) == "-":
        raise click.BadParameter("name a file, whose ending chooses the format", param_hint="--to")
    form = format_of(path)
    form.require()
    copy = Exports(site_here(), as_of()).named(name, of_set)
    if path.suffix.lower() == ".md" and not copy.set and any(one.document.entry.kind.has_rows for one in copy.parts):
        raise click.BadParameter("the source of a list or register is YAML; end the name with .yml", param_hint="--to")
    write_file(path, export_bytes(copy, form))
    say(f"wrote {path}: {copy.front.running}")


class Exports:
    """What a site can export, read at an instant."""

    def __init__(self, folders: Folders, at: datetime) -> None:
        self.at = at
        self.record: Record = open_record(folders.record)
        self.project: Project = read_project(folders.docs, folders.settings, sealed_in(folders.record))
        self.options = term_options(self.project.settings)
        self.texts = SealedTexts(self.record, self.options)
        self.around = export_site(folders, self.project.settings)

    def named(self, name: str, of_set: bool) -> Copy:
        """Read what has a name. Raises EngrossError, or click's UsageError if nothing has that name."""
        if "@" in name:
            return self.version(known_version(self.record, _version_id(name)))
        sets = {one.id: one for one in self.project.settings.sets}
        if of_set and name not in sets:
            raise click.UsageError(f"there is no set {shown(name)}{meant(name, sets)} (known: {', '.join(sets)})")
        if of_set or (name in sets and name not in self.project.documents):
            return set_copy(self.texts, self.record.set_at(name, self.at) or sets[name], self.at, self.around)
        known_document(name, (*self.project.documents, *sets))
        return self._document(name)

    def _document(self, name: str) -> Copy:
        document = self.project.documents[name]
        if document.source is None:
            raise click.UsageError(f"{name} is published elsewhere, so there is no text to export")
        same = sha256(document.source.data)
        for version in reversed(self.record.versions.get(name, ())):
            if version.sealed.source == same:
                return self.version(version)
        return draft_copy(self.project, document, self.at, self.around, self.options)

    def version(self, version: Version) -> Copy:
        """Read a posted version."""
        return version_copy(self.texts, version, self.around)


def export_site(folders: Folders, settings: Settings) -> ExportSite:
    """Return what exported files take from a site, as a build of it would have it."""
    site = Site(
        environment(folders.templates),
        ui_strings(folders.language, folders.templates),
        folders.language,
        folders.name,
        ZoneInfo(settings.timezone),
        "",
        url=f"{folders.url.rstrip('/')}/" if folders.url else "",
        current={one.id: one.published.removeprefix("./") for one in settings.documents if one.file},
        pages=_pages(folders, settings),
    )
    return ExportSite(site, settings.publisher.name if settings.publisher else "")


def _pages(folders: Folders, settings: Settings) -> dict[str, str]:
    """Return the addresses of the pages of a site by their path in the docs folder, as MkDocs makes them."""
    names = [path.relative_to(folders.docs).as_posix() for path in sorted(folders.docs.rglob("*.md"))]
    names += [kind.source for kind in PageType]
    names += [one.changes for one in settings.documents if one.changes]
    pages = {name: derived_address(name) for name in names}
    pages |= {one.page: one.published for one in settings.documents if one.file}
    return {name: address.removeprefix("./") for name, address in pages.items()}


def _version_id(name: str) -> VersionId:
    try:
        return version_id(name)
    except ValueError as problem:
        raise click.UsageError(str(problem)) from None
