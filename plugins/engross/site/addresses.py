"""Addresses on a site: those reserved for the record, and redirects from those that documents had before.

Nothing else may be published at the address of a version or a posted change. Each earlier address of a document
leads to where the document is now, or to its versions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from engross.common import error
from engross.corpus import PageType, Settings, shown_path
from engross.drafting import PUBLISHED_ITSELF, RESERVED
from engross.model import Diagnostic, DocumentEntry
from engross.record import GENERATED, Record, reserved_addresses
from engross.render import Publication, Site, archive_page, render_retired
from engross.site.editions import SiteEdition
from engross.site.files import destination


def check_taken(settings: Settings, record: Record, files: Files) -> list[Diagnostic]:
    """Find files of the site that would be written where something of the record is."""
    kept = dict(reserved_addresses(record, [entry.id for entry in settings.documents]))
    documents = {entry.page: at for at, entry in enumerate(settings.documents) if entry.file}
    found = []
    for file in files:
        at = documents.get(file.src_uri)
        taken = next((address for address, begun in kept.items() if file.dest_uri.startswith(begun)), "")
        if not taken or GENERATED.get(taken) == file.src_uri or (at is None and file.generated_by):
            continue
        message = RESERVED.format(address=taken)
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
        message = PUBLISHED_ITSELF.format(file=made.dest_uri)
        found.append(error("file", _shown(other), 0, 0, message))
    return found


def _shown(file: File) -> str:
    """The name of a file in messages."""
    return shown_path(Path(file.abs_src_path)) if file.abs_src_path else file.src_uri


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
            make = partial(_redirect, site.of(name), entries[name].title, now)
            if _written(folder, destination(address, config), make):
                (folder / SCRIPT).write_bytes(script)


def _redirect(site: Site, title: str, target: str, here: str) -> str:
    return archive_page(site, "moved.html", here, title, canonical=target, target=target, script=SCRIPT)


def write_moved_page(kind: PageType, to: PageType, files: Files, folder: Path, site: Site, script: bytes) -> None:
    """Make a generated page, which a later version of Engross replaced, a redirect, unless the site has its own."""
    file = files.get_file_from_path(kind.source)
    if file is None or not file.generated_by:
        return
    path = folder / file.dest_uri
    path.unlink(missing_ok=True)
    if _written(folder, file.dest_uri, partial(_redirect, site, site.words[to.title], to.address)):
        (folder / SCRIPT).write_bytes(script)


def write_retired(edition: SiteEdition, config: MkDocsConfig, pub: Publication) -> None:
    """Write a page at each address of a retired document, unless the site has another page there."""
    record = edition.record
    for name in record.documents:
        there = replace(pub, site=pub.site.of(name))
        state, ended = edition.state(name, there.site.words), record.retired(name)
        if state is None or state.in_force or not ended or not state.retired:
            continue
        entry = record.versions[name][-1].entry
        for address in (entry.published, *earlier_addresses(record, entry)):
            _written(Path(config.site_dir), destination(address, config), partial(render_retired, there, ended, state))


def _written(folder: Path, name: str, make: Callable[[str], str]) -> bool:
    """Write a page into the site's folder unless a file is there; return whether it was written.

    `make` makes it for its address.
    """
    file = folder / name
    if file.exists():
        return False
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(make(name.removesuffix("index.html")), encoding="utf-8", newline="\n")
    return True
