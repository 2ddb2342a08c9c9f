"""The files of a site for programs, described once: as OpenAPI 3.1 and as the page "For programs".

All files are static, and `GET` is all that a program needs. An address is here if and only if a build publishes it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from typing import Any

from engross import __version__
from engross.common import value_class
from engross.record import addresses

JSON = "application/json"
OPENAPI = "3.1.0"


@value_class(frozen=True)
class Published:
    """What a site publishes: its name and address, and the ids of which there are files.

    `documents` have versions in the record, `sealed` seal files; `accepted` have acceptance records, `accepted_sets`
    those of sets; `bound_sets` have terms; `feeds` are the names of feeds. `sources` are the endings of sources with
    the documents that have them, `endings` those of versions' other files. `catalogues` are the addresses of model
    lists as JSON, each with that of its schema, `set_files` those of files with a whole set.
    """

    name: str
    url: str
    documents: tuple[str, ...] = ()
    accepted: tuple[str, ...] = ()
    accepted_sets: tuple[str, ...] = ()
    bound_sets: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    endings: tuple[str, ...] = ()
    sources: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sealed: tuple[str, ...] = ()
    catalogues: tuple[tuple[str, str], ...] = ()
    set_files: tuple[str, ...] = ()


@value_class(frozen=True)
class Address:
    """A kind of file: its address with parameters in braces, and its media type.

    `word` is the UI string that says what it has. `schema` is the name or address of its JSON Schema. `values` are the
    values of each parameter: ids, or none for a number.
    """

    path: str
    word: str
    media: str = JSON
    schema: str = ""
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


_MEDIA = {
    ".md": ("program_file_md", "text/markdown"),
    ".yml": ("program_file_yml", "application/yaml"),
    ".html": ("program_file_html", "text/html"),
    ".pdf": ("program_file_pdf", "application/pdf"),
    ".docx": ("program_file_docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ".akn.xml": ("program_file_akn", "application/akn+xml"),
}


def published_addresses(site: Published) -> tuple[Address, ...]:
    """Return every kind of file that a site publishes for programs, in the order of the page about them."""
    posted = (*_of_versions(site), *_downloads(site)) if site.documents else ()
    return (*_NOW, *posted, *_of_ids(site), *_of_feeds(site), *_of_catalogues(site), *(_RECORD if posted else ()))


_NOW = (
    Address("/manifest.json", "program_file_manifest", schema="manifest"),
    Address("/upcoming.json", "program_file_upcoming", schema="upcoming"),
)
_RECORD = (
    Address("/record/ledger.jsonl", "program_file_ledger", "application/jsonl"),
    Address("/record/hashes.json", "program_file_hashes", schema="hashes"),
)


def _of_versions(site: Published) -> Iterator[Address]:
    document: Mapping[str, tuple[str, ...]] = {"document": site.documents}
    version = {**document, "version": ()}
    at = "/{document}/versions/"
    yield Address(f"{at}versions.json", "program_file_versions", schema="versions", values=document)
    yield Address(f"{at}{{version}}.json", "program_file_version", schema="version", values=version)
    redline = {**version, "old": ()}
    yield Address(f"{at}{{version}}/from-{{old}}.json", "program_file_redline", schema="redline", values=redline)
    yield Address(f"{at}clauses.json", "program_file_clauses", schema="clauses", values=document)


def _downloads(site: Published) -> Iterator[Address]:
    at = "/{document}/versions/{version}"
    for ending, documents in site.sources.items():
        word, media = _MEDIA[ending]
        yield Address(f"{at}{ending}", word, media, values={"document": documents, "version": ()})
    values = {"document": site.documents, "version": ()}
    for ending in site.endings:
        word, media = _MEDIA[ending]
        yield Address(f"{at}{ending}", word, media, values=values)
    for address in site.set_files:
        yield Address(f"/{address}", "program_file_set", "application/pdf")
    if site.sealed:
        values = {"document": site.sealed, "version": ()}
        yield Address(f"{at}.seal.json", "program_file_seal", values=values)


def _of_ids(site: Published) -> Iterator[Address]:
    for path, name, word, schema, ids in (
        ("/acceptance/{document}.json", "document", "program_file_acceptance", "acceptance", site.accepted),
        ("/acceptance/sets/{set}.json", "set", "program_file_set_acceptance", "acceptance", site.accepted_sets),
        ("/sets/{set}/terms.json", "set", "program_file_terms", "terms", site.bound_sets),
    ):
        if ids:
            yield Address(path, word, schema=schema, values={name: ids})


def _of_feeds(site: Published) -> Iterator[Address]:
    if site.feeds:
        values = {"feed": site.feeds}
        yield Address("/feeds/{feed}.json", "program_file_json_feed", "application/feed+json", values=values)
        yield Address("/feeds/{feed}.xml", "program_file_atom", "application/atom+xml", values=values)
        yield Address("/feeds/{feed}.ics", "program_file_calendar", "text/calendar", values=values)


def _of_catalogues(site: Published) -> Iterator[Address]:
    for path, schema in site.catalogues:
        yield Address(f"/{path}", "program_file_rows", schema=schema)


def schema_address(schema: str) -> str:
    """The address of a JSON Schema, relative to the site's root, by its name or address."""
    return schema if "/" in schema else addresses.schema(schema)


def openapi(site: Published, words: Mapping[str, str]) -> dict[str, Any]:
    """Return the description of a site's files for programs as OpenAPI 3.1, in the UI strings `words`."""
    return {
        "openapi": OPENAPI,
        "info": {
            "title": f"{site.name}: {words['programs_title']}",
            "version": "1",
            "description": words["programs_intro"],
            "x-engross": __version__,
        },
        "servers": [{"url": site.url or "./"}],
        "paths": {one.path: {"get": _operation(one, words[one.word])} for one in published_addresses(site)},
    }


def _operation(one: Address, summary: str) -> dict[str, Any]:
    content: dict[str, Any] = {"schema": {"$ref": schema_address(one.schema)}} if one.schema else {}
    parameters = [_parameter(name, values) for name, values in one.values.items()]
    return {
        "operationId": _operation_id(one.path),
        "summary": summary,
        **({"parameters": parameters} if parameters else {}),
        "responses": {"200": {"description": summary, "content": {one.media: content}}},
    }


def _operation_id(path: str) -> str:
    """A name from an address: letters, digits and underscores."""
    return "get" + "".join(part if part.isalnum() else "_" for part in path)


def _parameter(name: str, values: Sequence[str]) -> dict[str, Any]:
    known: dict[str, Any] = {"type": "string", "enum": list(values)} if values else {"type": "integer", "minimum": 1}
    return {"name": name, "in": "path", "required": True, "schema": known}


@value_class(frozen=True)
class DocumentPage:
    """The page of a document: its id, title and full address; `row` is what attributes call its rows, if it has any."""

    document: str
    title: str
    address: str
    row: str = ""

    @property
    def selector(self) -> str:
        """The CSS selector of its text, without the parts that have `data-engross-generated`."""
        return f"[data-engross-{self.row}]" if self.row else f'[data-engross-text="{self.document}"]'


def archive_declaration(name: str, pages: Sequence[DocumentPage]) -> dict[str, Any]:
    """Return a declaration for Open Terms Archive, whose crawler then tracks exactly the documents' texts."""
    terms = {
        one.title: {"fetch": one.address, "select": one.selector, "remove": "[data-engross-generated]"} for one in pages
    }
    return {"name": name, "terms": terms}
