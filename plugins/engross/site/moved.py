"""The addresses that documents had before they moved or were retired: each keeps leading to where the document is now,
or to its versions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from posixpath import relpath
from zoneinfo import ZoneInfo

from jinja2 import Environment
from mkdocs.config.defaults import MkDocsConfig

from engross.model import DocumentEntry
from engross.record import Record
from engross.render.state import document_state
from engross.site.files import destination, language

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
    templates: Environment,
    words: Mapping[str, str],
    script: bytes,
) -> None:
    """Write a page at each earlier address at which nothing else stands. `pages` are the files of documents' pages."""
    site = Path(config.site_dir)
    for name, page in pages.items():
        for address in earlier_addresses(record, entries[name]):
            file = site / destination(address, config)
            if not file.exists():
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(_page(entries[name], file, site, page, config, templates, words), encoding="utf-8")
                (site / SCRIPT).write_bytes(script)


def write_retired(
    record: Record, at: datetime, zone: ZoneInfo, config: MkDocsConfig, templates: Environment, words: Mapping[str, str]
) -> None:
    """Write a page at each address of a document that is retired at an instant, where nothing else stands."""
    site = Path(config.site_dir)
    for name in record.documents:
        state = document_state(record, name, at, zone)
        if state is None or state.in_force or not state.retired:
            continue
        entry = record.versions[name][-1].entry
        for address in (entry.published, *earlier_addresses(record, entry)):
            file = site / destination(address, config)
            if not file.exists():
                target = f"{relpath('.', file.parent.relative_to(site).as_posix())}/{state.versions_page}"
                said = {"title": entry.title, "state": state, "target": target, "language": language(config)}
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(templates.get_template("retired.html").render(said, words=words), encoding="utf-8")


def _page(
    entry: DocumentEntry,
    file: Path,
    site: Path,
    page: str,
    config: MkDocsConfig,
    templates: Environment,
    words: Mapping[str, str],
) -> str:
    here = file.parent.relative_to(site).as_posix()
    root = relpath(".", here)
    address = page.removesuffix("index.html") if config.use_directory_urls else page
    target = f"{root}/{address}"
    return templates.get_template("moved.html").render(
        title=entry.title,
        target=target,
        canonical=f"{config.site_url.rstrip('/')}/{address}" if config.site_url else target,
        script=f"{root}/{SCRIPT}",
        language=language(config),
        words=words,
    )
