"""Mistakes in the setup of a site that every build refuses, found without a site engine.

They are about documents that the site would not publish as documents.yml says, about the pages that it names for
posted changes, and about the site's own templates and words. The build calls the same functions with what MkDocs knows.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import TypeAlias
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from engross.common import EngrossError, error
from engross.corpus import (
    EXCLUDING,
    OWN_WORDS,
    Folders,
    Project,
    Settings,
    check_catalogue,
    own_words,
    read_own,
    shipped_templates,
    shown_path,
)
from engross.drafting.check_inputs import site_exceptions
from engross.drafting.engine import unknown_rules
from engross.drafting.site_files import MARKDOWN, ordinary_pages, site_files
from engross.model import Diagnostic
from engross.record import GENERATED, Record, own_files, reserved_addresses

Excludes: TypeAlias = Callable[[str, str], bool]
"""Whether one of these settings, by its name, keeps a file out of the site, by its path in the docs folder."""


def check_setup(folders: Folders, project: Project, now: datetime, record: Record | None = None) -> list[Diagnostic]:
    """Return what every build of a site at an instant refuses besides the texts of documents and the record.

    Addresses are compared with those of the `record`, if it can be read.
    """
    settings = project.settings
    try:
        found = unknown_rules(site_exceptions(project))
    except EngrossError as failure:
        found = list(failure.diagnostics)
    pages = {*ordinary_pages(folders, settings), *(entry.file for entry in settings.documents)}
    day = now.astimezone(ZoneInfo(settings.timezone)).date()
    return [
        *found,
        *check_own_words(folders.templates),
        *check_published(settings, folders.docs, excludes_of(folders)),
        *(one for catalogue in project.catalogues.values() for one in check_catalogue(catalogue, day, folders.docs)),
        *check_own_templates(folders.templates),
        *missing_change_pages(settings, pages),
        *(check_addresses(folders, settings, record) if record else ()),
    ]


RESERVED = "{address} is kept for what Engross publishes of the record; publish this elsewhere"
PUBLISHED_ITSELF = "Engross publishes {file} itself, and one of the two would be lost; rename this file"


def check_addresses(folders: Folders, settings: Settings, record: Record) -> list[Diagnostic]:
    """Find documents and files of the docs folder whose addresses Engross needs for the record."""
    names = [entry.id for entry in settings.documents]
    kept, own = dict(reserved_addresses(record, names)), set(own_files(record, names))
    excludes, found = excludes_of(folders), []
    for index, entry in enumerate(settings.documents):
        if entry.file and (taken := _taken(f"{entry.published.strip('/')}/index.html", kept)):
            mistake = RESERVED.format(address=taken)
            found.append(settings.file.mistake(("documents", index, "published"), mistake))
    for name in site_files(folders, settings):
        published = _published_name(name)
        taken = _taken(published, kept)
        excluded = any(excludes(option, name) for option in EXCLUDING)
        if excluded or not (taken or published in own) or GENERATED.get(taken) == name:
            continue
        message = RESERVED.format(address=taken) if taken else PUBLISHED_ITSELF.format(file=published)
        found.append(error("file", shown_path(folders.docs / name), 0, 0, message))
    return found


def _taken(file: str, kept: Mapping[str, str]) -> str:
    """Return the reserved address that a file of the site would take; empty if none."""
    return next((address for address, begun in kept.items() if file.startswith(begun)), "")


def _published_name(name: str) -> str:
    """Return the name of the file that MkDocs makes from a file of the docs folder."""
    path = PurePosixPath(name)
    if path.suffix.lower() not in MARKDOWN:
        return name
    folder = path.parent if path.stem in ("index", "README") else path.with_suffix("")
    return (folder / "index.html").as_posix()


def check_published(settings: Settings, docs: Path, excludes: Excludes) -> list[Diagnostic]:
    """Find documents that mkdocs.yml keeps out of the site, or whose address a page already has."""
    sources = {entry.file for entry in settings.documents}
    found = []
    for index, entry in enumerate(settings.documents):
        if not entry.file:
            continue
        for option in EXCLUDING:
            if excludes(option, entry.file):
                message = f"{option} in mkdocs.yml keeps {entry.file} out of the site"
                found.append(settings.file.mistake(("documents", index, "file"), message))
        for page in sorted(_pages_at(entry.published, docs) - sources):
            message = f"{entry.published} is the address of the page {page} too; publish one of the two elsewhere"
            found.append(settings.file.mistake(("documents", index, "published"), message))
    return found


def _pages_at(address: str, docs: Path) -> set[str]:
    """The docs files, relative to the docs folder, from which MkDocs makes the page with that address."""
    path = decoded_path(address.removeprefix("./").strip("/"))
    stems = [path, f"{path}/index", f"{path}/README"] if path else ["index", "README"]
    names = (f"{stem}{suffix}" for stem in stems for suffix in MARKDOWN)
    return {name for name in names if (docs / name).is_file()}


def decoded_path(address: str) -> str:
    """An address as a path of files; what would leave its folder once decoded stays as it is written."""
    parts = ((part, unquote(part)) for part in address.split("/"))
    return "/".join(part if set(plain) & set("/\\\0") or plain in (".", "..") else plain for part, plain in parts)


def excludes_of(folders: Folders) -> Excludes:
    """Return what tells which files mkdocs.yml keeps out of the site, by patterns as in .gitignore files."""
    patterns = dict(folders.excludes)
    if not any(patterns.values()):
        return lambda _option, _file: False
    from pathspec import GitIgnoreSpec  # takes long to load, and few sites need it

    specs = {option: GitIgnoreSpec.from_lines(lines.splitlines()) for option, lines in patterns.items()}
    return lambda option, file: option in specs and specs[option].match_file(file)


def missing_change_pages(settings: Settings, pages: Collection[str]) -> list[Diagnostic]:
    """Find pages that documents.yml names for posted changes, and that the site does not have."""
    return [
        settings.file.mistake(
            ("documents", at, "changes"), f"there is no page {entry.changes} on the site", rule="file"
        )
        for at, entry in enumerate(settings.documents)
        if entry.changes and entry.changes not in pages
    ]


def check_own_words(templates: Path) -> Iterable[Diagnostic]:
    """Find mistakes in a site's own words.yml and words.de.yml (and others), in its folder of templates."""
    found: list[Diagnostic] = []
    for path in (templates / OWN_WORDS, *sorted(templates.glob(own_words("*")))):
        try:
            if path.is_file():
                read_own(path)
        except EngrossError as failure:
            found += failure.diagnostics
    return found


@lru_cache(maxsize=256)
def _syntax_mistake(template: str) -> tuple[int, str] | None:
    """Return the line and the message of the first mistake in a template; kept for rebuilds."""
    from jinja2 import Environment, TemplateSyntaxError

    try:
        Environment(autoescape=True).parse(template)
    except TemplateSyntaxError as mistake:
        return mistake.lineno, mistake.message or "this is not a template"
    return None


def check_own_templates(templates: Path) -> Iterator[Diagnostic]:
    """Find mistakes in the syntax of the templates by which a site replaces those of Engross."""
    shipped = shipped_templates()
    found = sorted(templates.rglob("*.html")) if templates.is_dir() else ()
    files = [path for path in found if (shipped / path.relative_to(templates)).is_file()]
    if not files:
        return
    for path in files:
        try:
            if mistake := _syntax_mistake(path.read_text("utf-8")):
                yield error("template", shown_path(path), mistake[0], 0, mistake[1])
        except UnicodeDecodeError:
            yield error("template", shown_path(path), 0, 0, "a template is not UTF-8; save the file as UTF-8")
