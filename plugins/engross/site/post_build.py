"""The end of a build: policies, the pages of the record, the text law, and the exchange of the site."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from mkdocs.exceptions import PluginError

from engross.common import FOLDER, Cache, page_sources
from engross.corpus import PageType, check_catalogue
from engross.drafting import term_options
from engross.fidelity import check_site_page
from engross.render import asset, check_reading, style_sheet
from engross.site.addresses import write_moved_page, write_redirects, write_retired
from engross.site.build import Build, build_errors, report
from engross.site.pages import DocumentPage
from engross.site.policies import write_policies
from engross.site.posted_changes import write_change_pages
from engross.site.preview import hide_pages, write_redlines
from engross.site.record_pages import inlined, write_archive


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
    check_pages(build.pages.values(), build.words)
    if build.staging:
        build.staging.publish(despite_warnings=preview)
    if build.command != "serve" and (wrong := list(_mistaken(build))):
        raise PluginError(_MISTAKEN.format(", ".join(wrong)))


_MISTAKEN = "the site was built, but there are mistakes in these documents: {}; correct the errors above"


def _mistaken(build: Build) -> Iterator[str]:
    """The documents of a preview that cannot be read, and its model lists with mistakes. Other builds have none."""
    project = build.project
    yield from project.unreadable
    yield from (name for name, catalogue in project.catalogues.items() if check_catalogue(catalogue, build.day))


def _write_record(build: Build, folder: Path) -> None:
    """Write the pages of versions and changes, except those that the last build already wrote."""
    before = build.staging.site if build.staging else None
    cache, options = Cache(build.folders.root / FOLDER / "archive"), term_options(build.project.settings)
    record, summaries = build.edition.record, build.posted.summaries
    site = build.posted.site.with_titles({slug: one.title for slug, one in summaries.items()})
    publisher = build.project.settings.publisher
    name = publisher.name if publisher else ""
    versions = write_archive(record, build.moment, site, folder, cache, options, build.own_templates, before, name)
    changes = write_change_pages(build.posted, folder, before)
    if build.staging:
        build.staging.keep([*versions, *changes])


def _write_redirects(build: Build) -> None:
    entries = {entry.id: entry for entry in build.project.settings.documents}
    pages = {name: page.file.dest_uri for name, page in build.pages.items()}
    record, site, script = build.edition.record, build.posted.site, asset("moved.js", build.own_templates)
    write_redirects(record, pages, entries, build.config, site, script)
    write_moved_page(PageType.IN_FORCE, PageType.SINCE, build.files, Path(build.config.site_dir), site, script)
    write_retired(build.edition, build.config, build.posted.pub)


def check_pages(pages: Iterable[DocumentPage], words: Mapping[str, str]) -> None:
    """Compare the documents' pages as they are on disk with their sources, and delete those that differ.

    Nothing may be written to them afterwards. `words` are those that the pages show. Raises PluginError with the first
    difference of each page.
    """
    findings = []
    for page in pages:
        path = Path(page.file.abs_dest_path)
        html = path.read_text(encoding="utf-8") if path.is_file() else ""
        finding = check_site_page(page.document, html, words)
        if finding:
            # Where the source itself can be read in two ways, that is what to report, as `check` and `release` do.
            findings.append(check_reading(page.document) or finding)
            path.unlink(missing_ok=True)
    if findings:
        raise PluginError(report(findings))
