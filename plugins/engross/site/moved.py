"""The addresses that documents had before they moved or were retired: each keeps leading to where the document is now,
or to its versions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig

from engross.model import DocumentEntry
from engross.record import Record
from engross.render.archive.frame import Site, archive_page
from engross.render.state import document_state
from engross.site.files import destination

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
