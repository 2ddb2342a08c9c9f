"""The files for programs that describe the site as a whole: defined terms of each set, OpenAPI."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import splitext

from engross.exporting import DocumentPage, Published, ShownDocument, openapi, terms_file
from engross.model import Document, DocumentEntry, Version
from engross.record import addresses, clause_ids, sha256, suffix, version_page
from engross.render import VERIFY_SCRIPT, TermIndex, compact_json
from engross.site.build import Build
from engross.site.files import json_text, rows_files
from engross.site.record_pages import set_files


def program_files(build: Build) -> Iterator[tuple[str, str | bytes]]:
    """Yield the files for programs, each with its address; none before anything was posted."""
    if not build.edition.record.versions:
        return
    for index in build.terms.sets if build.terms else ():
        name = addresses.terms_file(index.binding.edition.set.id)
        # It has all uses of all terms: indented, it would be half as large again.
        yield name, compact_json(terms_file(index.binding, dict(_shown(build, index))))
    yield addresses.OPENAPI, json_text(openapi(published_site(build), build.words))
    yield build.posted.asset(VERIFY_SCRIPT, "js")


def published_site(build: Build) -> Published:
    """Return what the site publishes for programs."""
    record, at, settings = build.edition.record, build.posted.pub.at, build.project.settings
    in_force = [entry.id for entry in settings.documents if record.in_force(entry.id, at)]
    sources: dict[str, dict[str, None]] = {}
    for name, versions in record.versions.items():
        for version in versions:
            sources.setdefault(suffix(version.entry), {})[name] = None
    sealed = (name for name, versions in record.versions.items() if any(one.sealed.seal for one in versions))
    feeds = ("changes", "material", *(entry.id for entry in settings.documents)) if not build.edition.preview else ()
    return Published(
        name=build.config.site_name,
        url=build.posted.site.url,
        documents=tuple(record.versions),
        accepted=tuple(in_force),
        accepted_sets=tuple(one.id for one in settings.sets if one.agreement in in_force),
        bound_sets=tuple(index.binding.edition.set.id for index in build.terms.sets) if build.terms else (),
        feeds=feeds,
        endings=tuple(ending for _, ending in build.posted.site.offers),
        sources={ending: tuple(names) for ending, names in sources.items()},
        sealed=tuple(sealed),
        catalogues=tuple(_catalogues(build)),
        set_files=tuple(set_files(record, at, build.posted.site.offers).values()),
    )


def document_pages(build: Build) -> list[DocumentPage]:
    """Return the page of each document; its address is full if the site's is known."""
    site = build.posted.site
    return [
        DocumentPage(entry.id, entry.title, site.full(url) or url, _row(entry))
        for page in build.pages.values()
        for entry, url in [(page.document.entry, page.url.removeprefix("./"))]
    ]


def _row(entry: DocumentEntry) -> str:
    """What pages call the rows of a document, in the names of attributes; empty for a document without rows."""
    return ("row" if entry.register else "model") if entry.kind.has_rows else ""


def _catalogues(build: Build) -> Iterator[tuple[str, str]]:
    for page in build.pages.values():
        if page.document.entry.kind.has_rows and not page.document.verbatim:
            files = rows_files(page.document.entry, page.file)
            yield files["json"], files["schema"]


def _shown(build: Build, index: TermIndex) -> Iterator[tuple[str, ShownDocument]]:
    for document in index.binding.edition.documents:
        version = _version(build, document)
        page = build.pages.get(document.id)
        if version is None or document.source is None:
            yield (
                document.id,
                ShownDocument(None, page.url.removeprefix("./") if page else document.entry.published, {}),
            )
        else:
            ids = clause_ids(build.edition.record, version, document.source.reader)
            yield document.id, ShownDocument(version.number, version_page(version.id), ids)


def _version(build: Build, document: Document) -> Version | None:
    """The version in force whose text a page shows; None for a draft with another text."""
    version = build.edition.record.in_force(document.id, build.posted.pub.at)
    if version is None or document.source is None or splitext(document.entry.file)[1] != suffix(version.entry):
        return None
    return version if sha256(document.source.data) == version.sealed.source else None
