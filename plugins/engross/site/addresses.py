"""Reserved addresses, and redirects from the addresses that documents had before.

Addresses that are kept for the record: nothing else may be published where a version or a posted change stands, or

one of the two would be lost without a word.

The addresses that documents had before they moved or were retired: each keeps leading to where the document is now,

or to its versions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from engross.common import error
from engross.corpus import Settings, shown_path
from engross.model import Diagnostic, DocumentEntry
from engross.record import IN_FORCE, LEDGER_FILE, MANIFEST, SINCE, UPCOMING, Record, change_page, versions_page
from engross.render import Site, archive_page, document_state, file_of
from engross.site.files import destination, page_name
from engross.site.posted_changes import IN_FORCE_PAGE, SINCE_PAGE

_OWN_PAGES = {IN_FORCE: IN_FORCE_PAGE, SINCE: SINCE_PAGE}
"""Pages that a site may have in place of those that are made: their addresses, and what they are made from."""


def check_taken(settings: Settings, record: Record, files: Files) -> list[Diagnostic]:
    """A diagnostic for each file of the site that would be written where something of the record is."""
    kept = dict(_kept(record, [entry.id for entry in settings.documents]))
    documents = {page_name(entry): at for at, entry in enumerate(settings.documents) if entry.file}
    found = []
    for file in files:
        at = documents.get(file.src_uri)
        taken = next((address for address, begun in kept.items() if file.dest_uri.startswith(begun)), "")
        if not taken or _OWN_PAGES.get(taken) == file.src_uri or (at is None and file.generated_by):
            continue
        message = f"{taken} is kept for what Engross publishes of the record; publish this elsewhere"
        if at is None:
            found.append(error("file", _shown(file), 0, 0, message))
        else:
            found.append(settings.file.mistake(("documents", at, "published"), message))
    return found


def check_replaced(theirs: Mapping[str, File], files: Files) -> list[Diagnostic]:
    """A diagnostic for each file of the site or its theme that would be written where a file that Engross made is.

    `theirs` are the files before Engross added its own, by the name that they are written under.
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
    """A file as messages call it."""
    return shown_path(Path(file.abs_src_path)) if file.abs_src_path else file.src_uri


def _kept(record: Record, documents: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The addresses that are kept, and how names of files begin that would take them."""
    for address in (*_OWN_PAGES, *map(change_page, record.posted_notes)):
        yield address, file_of(address)
    for file in (MANIFEST, UPCOMING, LEDGER_FILE):
        yield f"{file}/", f"{file}/"
    for folder in map(versions_page, dict.fromkeys((*documents, *record.versions)) if record.entries else ()):
        yield folder, folder


SCRIPT = "assets/moved.js"


def earlier_addresses(record: Record, entry: DocumentEntry) -> Iterator[str]:
    """The addresses on the site that the record tells of a document, without the one it has."""
    told = (one.entry.published for one in record.entries if one.document == entry.id and one.entry)
    for address in dict.fromkeys(told):
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
    """Write a page at each earlier address at which nothing else stands. `pages` are the files of documents' pages."""
    folder = Path(config.site_dir)
    for name, page in pages.items():
        now = page.removesuffix("index.html") if config.use_directory_urls else page
        for address in earlier_addresses(record, entries[name]):
            here = destination(address, config)
            said = {"target": now, "script": SCRIPT}
            if _written(folder, here, site, "moved.html", entries[name].title, now, **said):
                (folder / SCRIPT).write_bytes(script)


def write_retired(record: Record, at: datetime, config: MkDocsConfig, site: Site) -> None:
    """Write a page at each address of a document that is retired at an instant, where nothing else stands."""
    for name in record.documents:
        state = document_state(record, name, at, site.dates)
        if state is None or state.in_force or not state.retired:
            continue
        entry = record.versions[name][-1].entry
        for address in (entry.published, *earlier_addresses(record, entry)):
            here = destination(address, config)
            _written(Path(config.site_dir), here, site, "retired.html", entry.title, None, state=state)


def _written(
    folder: Path, name: str, site: Site, template: str, title: str, canonical: str | None, **said: Any
) -> bool:
    """Write a page into the site's folder, unless another stands there; and whether it was written."""
    file = folder / name
    if file.exists():
        return False
    here = name.removesuffix("index.html")
    html = archive_page(site, template, here, title, canonical=canonical, **said)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(html, encoding="utf-8", newline="\n")
    return True
