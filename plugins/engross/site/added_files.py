"""The files that Engross adds to a site: a page for every document, and the files that these pages need."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files

from engross.common import long_lived
from engross.corpus import PageType, register_of, shown_path
from engross.drafting import missing_change_pages
from engross.model import Document, DocumentEntry
from engross.record import LEDGER_FILE
from engross.site.addresses import check_replaced, check_taken
from engross.site.build import ARCHIVE, Build, report
from engross.site.files import (
    NO_ENTRIES,
    GeneratedPage,
    download,
    json_text,
    make_catalogue_files,
    make_register_files,
    page_file,
    put_file,
    remove_own_sources,
    style_name,
)
from engross.site.generated_pages import add_generated_pages
from engross.site.html_postprocess import add_machine_files
from engross.site.log import NOTICE, log
from engross.site.page_content import document_content, not_in_force
from engross.site.pages import DocumentPage
from engross.site.posted_changes import add_posted_files, posted_site
from engross.site.preview import findings_of_pages
from engross.site.program_files import program_files
from engross.site.record_frame import archive_site
from engross.site.registers import add_parts, deadlines
from engross.site.unposted import remove_unposted


def add_documents(build: Build, files: Files) -> None:
    """Give every document its page, and remove sources and notes from what is published.

    Raises PluginError where the address of a file is taken.
    """
    config, settings, edition = build.config, build.project.settings, build.edition
    titles = dict(_nav_titles(config.nav or []))
    build.files = files
    remove_own_sources(files, build.folders, build.own_templates, edition)
    if not edition.shows_drafts:
        remove_unposted(files, edition, build.state.plan, build.folders, config)
    theirs = {file.dest_uri: file for file in files}
    for entry in settings.documents:
        if entry.file:
            _add_page(build, entry, titles)
    if missing := missing_change_pages(settings, {file.src_uri for file in files}):
        raise PluginError(report(missing))
    if taken := check_taken(settings, edition.record, files):
        raise PluginError(report(taken))
    _log_unreadable(build)
    if build.command != ARCHIVE and (build.options.link_terms or build.options.check):
        _bind(build)
    put_file(files, File.generated(config, style_name(build.style), content=build.style))
    if edition.record.entries:
        # Anyone can compare it with the record, which may have been cut or rewritten.
        put_file(files, File.generated(config, LEDGER_FILE, content=edition.record.ledger))
    add_generated_pages(build, titles)
    log_missing_from_nav(config)
    _add_posted_changes(build, titles)
    for name, content in program_files(build):
        put_file(files, File.generated(config, name, content=content))
    put_file(files, File.generated(config, NO_ENTRIES, content=json_text(_NO_ENTRIES)))
    for name, content in build.scripts.files.items():
        put_file(files, File.generated(config, name, content=content))
    add_machine_files(files, config, settings, build.words, build.pages, build.state_of, preview=build.edition.preview)
    if replaced := check_replaced(theirs, files):
        raise PluginError(report(replaced))
    if build.edition.preview:
        build.findings_of_pages = findings_of_pages(build)


# The theme splits the words that it marks on a page by this separator.
_NO_ENTRIES = {"config": {"separator": r"[\s\-]+"}, "docs": []}


def _add_page(build: Build, entry: DocumentEntry, titles: Mapping[str, str]) -> None:
    """Add the page of a document; without a version in force it names the announced one."""
    file = page_file(build.files, entry, build.config, build.settings_path)
    if build.files.get_file_from_path(file.src_uri) is not file:
        build.files.append(file)
    document = build.project.documents.get(entry.id)
    if document is None:
        title = titles.get(file.src_uri, entry.title)
        GeneratedPage(title, file, build.config, partial(not_in_force, build, entry))
        return
    for other in _files_beside(build, document, file):
        put_file(build.files, other)
    content = partial(document_content, build)
    edition = build.edition
    version = None if edition.shows_drafts else edition.record.in_force(entry.id, edition.at)
    page = DocumentPage(
        titles.get(file.src_uri), file, build.config, document, content, imported=bool(version and version.imported)
    )
    build.pages[entry.id] = page
    add_parts(build, page, document)


def _files_beside(build: Build, document: Document, file: File) -> list[File]:
    catalogue = build.project.catalogues.get(document.id)
    if catalogue:
        return make_catalogue_files(document.entry, catalogue, build.day, file, build.config, build.words)
    if register := register_of(document):
        last = deadlines(build, document.id)
        return make_register_files(document.entry, register, build.day, file, build.config, build.words, last)
    return [download(document, file, build.config)]


def _bind(build: Build) -> None:
    """Find terms and drafting mistakes."""
    options, ordinary = build.options, {}
    if options.link_terms and options.link_pages:
        own = {page.file.src_uri for page in build.pages.values()}
        pages = (file for file in build.files.documentation_pages() if file.src_uri not in own)
        ordinary = {file.src_uri: file.content_bytes for file in pages}
    # These take long to load, and a site may do without.
    from engross.site.log import log_findings, log_pages
    from engross.site.term_binding import bind_site

    with long_lived():
        build.terms = bind_site(build.project, ordinary, build.edition.cache)
        if options.check:
            build.findings += log_findings(build.terms, build.edition, build.state, build.folders)
            published = {file.src_uri for file in build.files.documentation_pages()}
            build.findings += log_pages(build.folders, published, build.edition.drafts)


def _log_unreadable(build: Build) -> None:
    """Log why documents of a preview cannot be read, and what is wrong with its model lists."""
    from engross.site.log import log_diagnostics

    log_diagnostics(mistake for mistakes in build.project.unreadable.values() for mistake in mistakes)
    log_diagnostics(build.findings)


def _add_posted_changes(build: Build, titles: Mapping[str, str]) -> None:
    config, files, own = build.config, build.files, build.own_templates
    preview = build.edition.preview
    site = archive_site(build, titles)
    plan = build.state.plan if preview else None
    build.posted = posted_site(build.edition, site, config, files, build.options.notes, own, plan)
    add_posted_files(build.posted, files, config)


def log_missing_from_nav(config: MkDocsConfig) -> None:
    """Log that the site's own navigation leaves out the page that customers look for.

    It fails no strict build: sites of earlier versions have no such line.
    """
    since = PageType.SINCE.source
    if config.nav and since not in set(_nav_sources(config.nav)):
        name, line = (
            shown_path(Path(config.config_file_path or "mkdocs.yml")),
            f"  - What changed since you agreed: {since}",
        )
        message = "%s: nav leaves out %s, where customers see what changed; add this line to nav:\n%s"
        log.log(NOTICE, message, name, since, line)


def _nav_sources(nav: Any) -> Iterator[str]:
    """The paths that `nav` names, with or without titles."""
    if isinstance(nav, str):
        yield nav
    for item in nav.values() if isinstance(nav, dict) else nav if isinstance(nav, list) else ():
        yield from _nav_sources(item)


def _nav_titles(nav: Any) -> Iterator[tuple[str, str]]:
    """The titles that `nav` gives, by source path: MkDocs drops those of pages that exist before it reads them."""
    if isinstance(nav, dict):
        for title, value in nav.items():
            if isinstance(value, str):
                yield value, title
            else:
                yield from _nav_titles(value)
    elif isinstance(nav, list):
        for item in nav:
            yield from _nav_titles(item)
