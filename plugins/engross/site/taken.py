"""Addresses that are kept for the record: nothing else may be published where a version or a posted change stands, or
one of the two would be lost without a word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from mkdocs.structure.files import File, Files

from engross.corpus.documents import Settings
from engross.corpus.project import shown_path
from engross.errors import error
from engross.model import Diagnostic
from engross.record import Record
from engross.record.addresses import IN_FORCE, LEDGER_FILE, MANIFEST, SINCE, UPCOMING, change_page, versions_page
from engross.render.archive.frame import file_of
from engross.site.files import page_name
from engross.site.posted import IN_FORCE_PAGE, SINCE_PAGE

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
