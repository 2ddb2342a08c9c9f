"""The end of a build: policies, the pages of the record, the text law, and the exchange of the site."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from mkdocs.exceptions import PluginError
from mkdocs.plugins import get_plugin_logger

from engross.common import FOLDER, NO_CACHE, Cache, fill, key_of, page_sources, tracked
from engross.corpus import PageType, check_catalogue
from engross.drafting import term_options
from engross.fidelity import check_site_page
from engross.model import Diagnostic, Document
from engross.record import Record
from engross.render import asset, check_reading, style_sheet
from engross.site.addresses import write_moved_page, write_redirects, write_retired
from engross.site.build import Build, build_errors, report
from engross.site.log import NOTICE
from engross.site.options import ZIP
from engross.site.pages import DocumentPage
from engross.site.policies import write_policies
from engross.site.posted_changes import write_change_pages, write_older_lists
from engross.site.preview import hide_pages, write_redlines
from engross.site.record_pages import RecordPages, inlined

_log = get_plugin_logger(__name__)


@build_errors()
def finish_site(build: Build) -> None:
    """Write policies and the pages of the record, check all documents on disk, and publish a staged build.

    To be called when all other plugins are done. Raises PluginError where a page differs from its source. A preview is
    published whatever is wrong with the draft; PluginError is then raised if there are mistakes in a document itself,
    unless pages are served.
    """
    folder, preview = Path(build.config.site_dir), build.edition.preview
    if preview:
        hide_pages(folder)
        write_redlines(build, folder)
    if build.policies:
        style = style_sheet(build.own_templates)
        others = [page_sources(inlined(style))] if build.edition.record.versions else []
        write_policies(folder, build.secured, others, listed=not preview)
    _write_record(build, folder)
    _write_redirects(build)
    check_pages(build.pages.values(), build.words, build.edition.cache)
    build.edition.cache.trim()
    if build.staging:
        build.staging.publish(despite_warnings=preview)
    if build.command != "serve":
        log_many_files(build.edition.record, Path(build.config.site_dir))
    if build.command != "serve" and (wrong := list(_mistaken(build))):
        raise PluginError(_MISTAKEN.format(", ".join(wrong)))


_MOST_FILES = 20_000
"""The most files that common hosts take."""
_MANY_VERSIONS = 1_000
_MANY = (
    "The site has {:,} files. Some hosts take at most {:,}, such as Cloudflare Pages. Offer fewer formats (the option "
    "formats), or pack the downloads of older versions (older_downloads: zip) if your host reads _redirects."
)


def log_many_files(record: Record, site: Path) -> None:
    """Say if a site has more files than common hosts take; files are counted only where the record is long."""
    if sum(map(len, record.versions.values())) < _MANY_VERSIONS:
        return
    count = _count(os.fspath(site))
    if count > _MOST_FILES:
        _log.log(NOTICE, "%s", _MANY.format(count, _MOST_FILES))


def _count(folder: str) -> int:
    """The number of files in a folder."""
    return sum(_count(one.path) if one.is_dir(follow_symlinks=False) else 1 for one in os.scandir(folder))


_MISTAKEN = "the site was built, but there are mistakes in these documents: {}; correct the errors above"


def _mistaken(build: Build) -> Iterator[str]:
    """The documents of a preview that cannot be read, and its model lists with mistakes. Other builds have none."""
    project = build.project
    yield from project.unreadable
    docs = build.folders.docs
    yield from (name for name, listed in project.catalogues.items() if check_catalogue(listed, build.day, docs))


def _write_record(build: Build, folder: Path) -> None:
    """Write the pages of versions and changes, except those that the last build already wrote."""
    before = build.staging.site if build.staging else None
    versions = record_pages(build).write(folder, archive_cache(build), before)
    changes = write_change_pages(build.posted, folder, before)
    write_older_lists(build.posted, build.files, folder)
    if build.staging:
        build.staging.keep(versions, lambda: record_pages(build).write(folder, archive_cache(build)))
        build.staging.keep(changes, lambda: write_change_pages(build.posted, folder))


def record_pages(build: Build) -> RecordPages:
    """The pages of versions of a build whose files are collected."""
    settings, posted = build.project.settings, build.posted
    site = posted.site.with_titles({slug: one.title for slug, one in posted.summaries.items()})
    return RecordPages(
        build.edition.record,
        build.moment,
        site,
        term_options(settings),
        build.own_templates,
        settings.publisher.name if settings.publisher else "",
        packs=build.options.older_downloads == ZIP,
    )


def archive_cache(build: Build) -> Cache:
    """The cache of the pages of versions."""
    return Cache(build.folders.root / FOLDER / "archive")


def _write_redirects(build: Build) -> None:
    entries = {entry.id: entry for entry in build.project.settings.documents}
    pages = {name: page.file.dest_uri for name, page in build.pages.items()}
    record, site, script = build.edition.record, build.posted.site, asset("moved.js", build.own_templates)
    write_redirects(record, pages, entries, build.config, site, script)
    write_moved_page(PageType.IN_FORCE, PageType.SINCE, build.files, Path(build.config.site_dir), site, script)
    write_retired(build.edition, build.config, build.posted.pub)


def check_pages(pages: Iterable[DocumentPage], words: Mapping[str, str], cache: Cache = NO_CACHE) -> None:
    """Compare the documents' pages as they are on disk with their sources, and delete those that differ.

    Nothing may be written to them afterwards. `words` are those that the pages show. Raises PluginError with the first
    difference of each page. The `cache` knows the pages that had the text of their source, by the bytes of both.
    """
    every, findings, shown = list(pages), [], json.dumps(dict(words))

    def check(page: DocumentPage) -> Diagnostic | None:
        return _check_page(page, words, shown, cache)

    def is_kept(page: DocumentPage) -> bool:
        return cache.has(_page_key(page.document, _html(page), shown))

    own = fill(cache, every, is_kept, check, "Comparing pages")
    for index, page in enumerate(tracked("Comparing pages", every)):
        if finding := own[index] if index in own else check(page):
            # Where the source itself can be read in two ways, that is what to report, as `check` and `release` do.
            findings.append(check_reading(page.document) or finding)
            for path in _paths(page):
                path.unlink(missing_ok=True)
    if findings:
        raise PluginError(report(findings))


def _check_page(page: DocumentPage, words: Mapping[str, str], shown: str, cache: Cache) -> Diagnostic | None:
    """Compare one page with its source; `shown` are the words as text, for the key of the cache."""
    html = _html(page)
    key = _page_key(page.document, html, shown)
    if cache.get(key) is not None:
        return None
    finding = check_site_page(page.document, _as_text(html), words)
    if finding is None:
        cache.put(key, b"equal")
    return finding


def _paths(page: DocumentPage) -> list[Path]:
    return [Path(one.file.abs_dest_path) for one in (page, *page.parts)]


def _html(page: DocumentPage) -> bytes:
    return b"".join(path.read_bytes() for path in _paths(page) if path.is_file())


def _as_text(html: bytes) -> str:
    """Decode a page, its line ends as `\\n`."""
    return html.decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")


def _page_key(document: Document, html: bytes, shown: str) -> str:
    source = document.source
    assert source is not None
    how = f"{document.entry.kind} {document.verbatim} {source.reader}"
    return key_of("engross.fidelity.site_pages", "page", how, source.text, html, shown)
