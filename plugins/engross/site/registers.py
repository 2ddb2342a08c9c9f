"""The page of a register, and the further pages of a long one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from zoneinfo import ZoneInfo

from mkdocs.structure.files import InclusionLevel
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

from engross.corpus import Register, register_of
from engross.model import Document
from engross.record import last_day_to_object, objection_deadlines
from engross.render import (
    AnnouncedRows,
    DocumentState,
    RegisterPage,
    Surroundings,
    changed_rows,
    linked_values,
    register_parts,
    worded,
)
from engross.site.build import Build
from engross.site.files import GeneratedPage, destination, generated_file, rows_files
from engross.site.pages import DocumentPage, from_root


def register_content(build: Build, page: DocumentPage, register: Register, around: Surroundings) -> str:
    """Render the content of a register's page."""
    parts = [
        (get_relative_url(part.url, page.url), rows)
        for part, rows in zip(page.parts, register_parts(register), strict=True)
    ]
    return _shown(build, page, page, register, around).render(parts)


def _shown(build: Build, page: DocumentPage, here: Page, register: Register, around: Surroundings) -> RegisterPage:
    entry = page.document.entry
    addresses = {kind: get_relative_url(name, here.url) for kind, name in rows_files(entry, page.file).items()}
    terms = build.terms.documents.get(entry.id) if build.terms and build.options.link_terms else None
    linked = linked_values(page.document, terms, around.document_url) if terms else {}
    last = deadlines(build, entry.id)
    coming = tuple(_announced(build, entry.id, around.state)) if around.state and not build.edition.draft else ()
    return RegisterPage(build.project, entry, register, build.day, around, addresses, last, linked, coming)


def _announced(build: Build, document: str, state: DocumentState) -> Iterator[AnnouncedRows]:
    """Yield the rows that each announced version of a register changes."""
    pub, coming = build.posted.pub, {version.number: version for version in state.announced}
    for change in reversed(pub.posted.about([document])):
        for effect in change.effects:
            version = coming.get(effect.entry.version)
            if version and effect.entry.document == document:
                changed = changed_rows(pub.posted.record, effect, pub.words, pub.site.dates.zone)
                if changed.rows:
                    yield AnnouncedRows(version, changed)


def deadlines(build: Build, document: str) -> dict[str, date]:
    """Return the last days on which customers may object to rows of a register, by the row's id."""
    edition, zone = build.edition, ZoneInfo(build.project.settings.timezone)
    found = {} if edition.draft else objection_deadlines(edition.record, document, edition.at, zone)
    return {row: last_day_to_object(end, zone) for row, end in found.items()}


def add_parts(build: Build, page: DocumentPage, document: Document) -> None:
    """Add the further pages of a long register; `page` is its own."""
    register = register_of(document)
    for number, _ in enumerate(register_parts(register) if register else (), 1):
        title = _title(build, document, number)
        stem = page.file.src_uri.removesuffix(".md")
        file = generated_file(build.config, f"{stem}/rows/{number}.md", title, build.settings_path)
        folder = page.url.removeprefix("./").removesuffix(".html").removesuffix("/")
        file.dest_uri = destination(f"{folder}/rows/{number}/".removeprefix("/"), build.config)
        file.inclusion = InclusionLevel.NOT_IN_NAV
        build.files.append(file)
        make = partial(_part_content, build, page, number)
        page.parts.append(GeneratedPage(title, file, build.config, make))


def _title(build: Build, document: Document, number: int) -> str:
    words = build.languages.of(document.id).words
    return words["register_part"].format(title=document.entry.title, number=number)


def _part_content(build: Build, page: DocumentPage, number: int, here: Page) -> str:
    from engross.site.page_content import surroundings  # it makes the content of documents with this module

    document = page.document
    register = register_of(document)
    assert register is not None
    around = surroundings(build, page, str)
    around = replace(around, site_url=partial(from_root, here), document_url=partial(build.document_url, here))
    shown = _shown(build, page, here, register, around)
    whole = get_relative_url(page.url, here.url)
    content = shown.render_part(register_parts(register)[number - 1], _title(build, document, number), whole)
    return worded(build.within, content)
