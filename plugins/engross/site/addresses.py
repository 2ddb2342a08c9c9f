"""Addresses on a site: those reserved for the record, and redirects from those that documents had before.

Nothing else may be published at the address of a version or a posted change. Each earlier address of a document
leads to where the document is now, or to its versions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from engross.common import error
from engross.corpus import PageType, Settings, shown_path
from engross.model import Diagnostic, DocumentEntry
from engross.record import (
    LEDGER_FILE,
    MANIFEST,
    NOT_POSTED,
    UPCOMING,
    Record,
    change_page,
    versions_page,
)
from engross.render import Site, archive_page, file_of
from engross.site.editions import SiteEdition
from engross.site.files import destination

_GENERATED = {kind.address: kind.source for kind in PageType if kind.permanent}
"""The generated pages with permanent addresses, by address: their sources. A site may replace them with its own."""


def check_taken(settings: Settings, record: Record, files: Files) -> list[Diagnostic]:
    """Find files of the site that would be written where something of the record is."""
    kept = dict(_kept(record, [entry.id for entry in settings.documents]))
    documents = {entry.page: at for at, entry in enumerate(settings.documents) if entry.file}
    found = []
    for file in files:
        at = documents.get(file.src_uri)
        taken = next((address for address, begun in kept.items() if file.dest_uri.startswith(begun)), "")
        if not taken or _GENERATED.get(taken) == file.src_uri or (at is None and file.generated_by):
            continue
        message = f"{taken} is kept for what Engross publishes of the record; publish this elsewhere"
        if at is None:
            found.append(error("file", _shown(file), 0, 0, message))
        else:
            found.append(settings.file.mistake(("documents", at, "published"), message))
    return found


def check_replaced(theirs: Mapping[str, File], files: Files) -> list[Diagnostic]:
    """Find files of the site or its theme that would be written where Engross writes a file.

    `theirs` are the files before Engross added its own, by their names in the site.
    """
    before = set(map(id, theirs.values()))
    found = []
    for made in files:
        other = theirs.get(made.dest_uri)
        if other is None or id(made) in before or other.dest_uri != made.dest_uri or other.inclusion.is_excluded():  # type: ignore[no-untyped-call]
            continue
        message = f"Engross publishes {made.dest_uri} itself, and one of the two would be lost; rename this file"
        found.append(error("file", _shown(other), 0, 0, message))
    return found


def _shown(file: File) -> str:
    """The name of a file in messages."""
    return shown_path(Path(file.abs_src_path)) if file.abs_src_path else file.src_uri


def _kept(record: Record, documents: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The reserved addresses, each with the beginning of the names of files that would take it."""
    for address in (*_GENERATED, *map(change_page, record.posted_notes)):
        yield address, file_of(address)
    yield NOT_POSTED, NOT_POSTED
    for file in (MANIFEST, UPCOMING, LEDGER_FILE):
        yield f"{file}/", f"{file}/"
    for folder in map(versions_page, dict.fromkeys((*documents, *record.versions)) if record.entries else ()):
        yield folder, folder


SCRIPT = "assets/moved.js"


def earlier_addresses(record: Record, entry: DocumentEntry) -> Iterator[str]:
    """The addresses on the site that a document had before, in the order of the record."""
    sealed = (one.entry.published for one in record.entries if one.document == entry.id and one.entry)
    for address in dict.fromkeys(sealed):
        if address and address != entry.published and ":" not in address:
            yield address


def write_redirects(
    record: Record,
    pages: Mapping[str, str],
    entries: Mapping[str, DocumentEntry],
    config: MkDocsConfig,
    site: Site,
    script: bytes,
) -> None:
    """Write a redirect at each earlier address that nothing else has. `pages` are the files of documents' pages."""
    folder = Path(config.site_dir)
    for name, page in pages.items():
        now = page.removesuffix("index.html") if config.use_directory_urls else page
        for address in earlier_addresses(record, entries[name]):
            here = destination(address, config)
            context = {"target": now, "script": SCRIPT}
            if _written(folder, here, site.of(name), "moved.html", entries[name].title, now, **context):
                (folder / SCRIPT).write_bytes(script)


def write_retired(edition: SiteEdition, config: MkDocsConfig, site: Site) -> None:
    """Write a page at each address of a retired document, unless the site has another page there."""
    record = edition.record
    for name in record.documents:
        site_of = site.of(name)
        state = edition.state(name, site_of.words)
        if state is None or state.in_force or not state.retired:
            continue
        entry = record.versions[name][-1].entry
        for address in (entry.published, *earlier_addresses(record, entry)):
            here = destination(address, config)
            _written(Path(config.site_dir), here, site_of, "retired.html", entry.title, None, state=state)


def _written(
    folder: Path, name: str, site: Site, template: str, title: str, canonical: str | None, **context: Any
) -> bool:
    """Write a page into the site's folder unless a file is there; return whether it was written."""
    file = folder / name
    if file.exists():
        return False
    here = name.removesuffix("index.html")
    html = archive_page(site, template, here, title, canonical=canonical, **context)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(html, encoding="utf-8", newline="\n")
    return True
