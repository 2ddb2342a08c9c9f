"""The addresses of the record's pages and files, relative to the site's root.

They are permanent: they do not depend on a document's title or on the address of its page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from engross.corpus import PageType
from engross.model import Version, VersionId

if TYPE_CHECKING:
    from engross.record.history import Record

_SHORT = 12


def versions_page(document: str) -> str:
    """The list of a document's versions."""
    return f"{document}/versions/"


def version_page(version: VersionId) -> str:
    """The page of one version."""
    return f"{version_folder(version)}/"


def version_file(version: VersionId, suffix: str) -> str:
    """A file of one version: its source (".md", ".yml"), its data (".json") or its self-contained copy (".html")."""
    return f"{version_folder(version)}{suffix}"


def version_folder(version: VersionId) -> str:
    """The folder of one version, without a slash at the end."""
    return f"{version.document}/versions/{version.number}"


def version_pictures(version: Version) -> dict[str, str]:
    """The addresses of the pictures that are sealed with a version, by their paths in the docs folder."""
    return {
        one.path: version_file(version.id, f".{one.sha256[:_SHORT]}{PurePosixPath(one.path).suffix.lower()}")
        for one in version.sealed.pictures
    }


def set_file(agreement: str, name: str, suffix: str) -> str:
    """The file with all documents of a set in force, in the folder of the set's agreement."""
    return f"{agreement}/versions/set-{name}{suffix}"


def redline_page(old: VersionId, number: int) -> str:
    """The redline between two versions of a document."""
    return f"{old.document}/versions/{number}/from-{old.number}/"


def redline_data(old: VersionId, number: int) -> str:
    """The redline between two versions of a document as JSON."""
    return f"{old.document}/versions/{number}/from-{old.number}.json"


def versions_data(document: str) -> str:
    """The list of a document's versions as JSON."""
    return f"{document}/versions/versions.json"


def redline_file(old: VersionId, number: int, suffix: str) -> str:
    """The redline between two versions of a document as a file."""
    return f"{redline_page(old, number)[:-1]}{suffix}"


def clauses_page(document: str) -> str:
    """The history of a document's clauses."""
    return f"{document}/versions/clauses/"


def older_clauses(document: str) -> str:
    """The folder of the pages of older parts of the history of a document's clauses."""
    return clauses_page(document)


def older_versions(document: str) -> str:
    """The folder of the pages of older parts of the list of a document's versions."""
    return f"{document}/versions/posted/"


def downloads_file(document: str, year: int) -> str:
    """The ZIP file with the downloads of a document's versions that were posted in a year."""
    return f"{document}/versions/downloads-{year}.zip"


def older_entries(page: str) -> str:
    """The folder of the pages of older parts of a list of posted changes; `page` is the address of the list."""
    return f"{page.removesuffix('.html')}{'' if not page or page.endswith('/') else '/'}posted/"


def compare_page(document: str) -> str:
    """The page that compares any two versions of a document."""
    return f"{document}/versions/compare/"


def clause_lists(document: str) -> str:
    """The clauses of all versions of a document, which the page that compares them reads."""
    return f"{document}/versions/clauses.json"


def change_page(slug: str) -> str:
    """The page of one posted change."""
    return f"changes/{slug}/"


NOT_POSTED = "not-posted/"
"""The folder of what only a preview of the draft has. Nothing posted has an address in it."""


def planned_redline_page(old: VersionId, number: int) -> str:
    """The redline from a version to the draft that would become version `number`."""
    return f"{NOT_POSTED}{old.document}/{number}/from-{old.number}/"


LEDGER_FILE = "record/ledger.jsonl"
"""A copy of the ledger, byte for byte."""

MANIFEST = "manifest.json"
UPCOMING = "upcoming.json"


def feed(name: str, suffix: str) -> str:
    """A feed: "changes" for all, "material", or a document's id; suffix ".xml" for Atom, ".json" for JSON Feed,
    ".ics" for the calendar.
    """
    return f"feeds/{name}{suffix}"


def acceptance(document: str) -> str:
    """The acceptance record of a document."""
    return f"acceptance/{document}.json"


def set_acceptance(name: str) -> str:
    """The acceptance record of a set. A set may have the same id as a document."""
    return f"acceptance/sets/{name}.json"


HASHES = "record/hashes.json"
"""The beginnings of the hashes of the files of all versions."""

OPENAPI = "openapi.json"
"""The description of the files for programs."""


def terms_file(name: str) -> str:
    """The defined terms of a set."""
    return f"sets/{name}/terms.json"


def schema(name: str) -> str:
    """The JSON Schema of one kind of published file."""
    return f"schemas/{name}.schema.json"


GENERATED = {kind.address: kind.source for kind in PageType if kind.permanent}
"""The generated pages with permanent addresses, by address: their sources. A site may replace them with its own."""


def reserved_addresses(record: Record, documents: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the addresses that are kept for the record, each with the beginning of the names of files that would take
    it. `documents` are the ids of documents.yml.
    """
    for address in (*GENERATED, *map(change_page, record.posted_notes)):
        yield address, f"{address}index.html"
    yield NOT_POSTED, NOT_POSTED
    for file in (MANIFEST, UPCOMING, LEDGER_FILE):
        yield f"{file}/", f"{file}/"
    for folder in map(versions_page, dict.fromkeys((*documents, *record.versions)) if record.entries else ()):
        yield folder, folder


def own_files(record: Record, documents: Iterable[str]) -> Iterator[str]:
    """Yield the names of files that Engross publishes of the record, by which a site may call no file of its own."""
    yield from (MANIFEST, UPCOMING, OPENAPI)
    if record.entries:
        yield from (LEDGER_FILE, HASHES)
        for name in ("changes", "material", *documents):
            yield from (feed(name, suffix) for suffix in (".xml", ".json"))
        yield from map(acceptance, documents)
