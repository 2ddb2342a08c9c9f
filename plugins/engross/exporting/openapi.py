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

    `documents` have versions in the record; `accepted` and `sets` have acceptance records, `accepted_sets` those of
    sets; `bound_sets` have terms; `feeds` are the names of feeds; `endings` are those of versions' files without the
    source; `catalogues` are the addresses of model lists as JSON, with that of their schema.
    """

    name: str
    url: str
    documents: tuple[str, ...] = ()
    accepted: tuple[str, ...] = ()
    accepted_sets: tuple[str, ...] = ()
    bound_sets: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    endings: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    has_seals: bool = False
    catalogues: tuple[tuple[str, str], ...] = ()


@value_class(frozen=True)
class Address:
    """A kind of file: its address with parameters in braces, what it has, and its media type.

    `schema` is the name or address of its JSON Schema. `values` are the values of each parameter: ids, or none for a
    number. `note` says which combinations exist, if not every one does.
    """

    path: str
    summary: str
    media: str = JSON
    schema: str = ""
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    note: str = ""


_MEDIA = {
    ".md": "text/markdown", ".yml": "application/yaml", ".html": "text/html", ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".akn.xml": "application/akn+xml",
}  # fmt: skip
_FILES = {
    ".md": "The text of a version, byte for byte as sealed",
    ".yml": "A version of a model list, byte for byte as sealed",
    ".html": "A version as a self-contained page",
    ".pdf": "A version as PDF",
    ".docx": "A version as a Word file",
    ".akn.xml": "A version as Akoma Ntoso 3.0",
}
_OF_ENDING = "For documents whose source has this ending."
_ACCEPTED = "What a customer accepts with a {} now"
_TERMS = "Defined terms, their uses and the cross-references of a set"
_CONSECUTIVE = "For a version and the one that it supersedes, and for the version in force and some before it."


def published_addresses(site: Published) -> tuple[Address, ...]:
    """Return every kind of file that a site publishes for programs, in the order of the page about them."""
    posted = (*_of_versions(site), *_downloads(site)) if site.documents else ()
    return (*_NOW, *posted, *_of_ids(site), *_of_feeds(site), *_of_catalogues(site), *(_RECORD if posted else ()))


_NOW = (
    Address("/manifest.json", "The documents, their versions in force and the sets", schema="manifest"),
    Address("/upcoming.json", "The announced changes, soonest first", schema="upcoming"),
)
_RECORD = (
    Address("/record/ledger.jsonl", "The ledger: one entry a line, chained by hashes", "application/jsonl"),
    Address("/record/hashes.json", "The beginnings of the hashes of all files of versions", schema="hashes"),
)


def _of_versions(site: Published) -> Iterator[Address]:
    document: Mapping[str, tuple[str, ...]] = {"document": site.documents}
    version = {**document, "version": ()}
    at = "/{document}/versions/"
    yield Address(
        f"{at}versions.json", "All versions of a document with their dates", schema="versions", values=document
    )
    yield Address(
        f"{at}{{version}}.json",
        "A version: hashes, notes, clauses with permanent ids",
        schema="version",
        values=version,
    )
    yield Address(
        f"{at}{{version}}/from-{{old}}.json",
        "What changed between two versions, by clause",
        schema="redline",
        values={**version, "old": ()},
        note=_CONSECUTIVE,
    )
    yield Address(
        f"{at}clauses.json", "The clauses of all versions, to compare any two", schema="clauses", values=document
    )


def _downloads(site: Published) -> Iterator[Address]:
    values = {"document": site.documents, "version": ()}
    for ending in (*site.sources, *site.endings):
        note = _OF_ENDING if ending in site.sources and len(site.sources) > 1 else ""
        path = f"/{{document}}/versions/{{version}}{ending}"
        yield Address(path, _FILES[ending], _MEDIA[ending], values=values, note=note)
    if site.has_seals:
        path, note = "/{document}/versions/{version}.seal.json", "For versions of format 2 of the record."
        yield Address(path, "The seal file of a version, with its hashes", values=values, note=note)


def _of_ids(site: Published) -> Iterator[Address]:
    for path, name, summary, schema, ids in (
        ("/acceptance/{document}.json", "document", _ACCEPTED.format("document"), "acceptance", site.accepted),
        ("/acceptance/sets/{set}.json", "set", _ACCEPTED.format("set"), "acceptance", site.accepted_sets),
        ("/sets/{set}/terms.json", "set", _TERMS, "terms", site.bound_sets),
    ):
        if ids:
            yield Address(path, summary, schema=schema, values={name: ids})


def _of_feeds(site: Published) -> Iterator[Address]:
    if site.feeds:
        values = {"feed": site.feeds}
        yield Address("/feeds/{feed}.json", "Posted changes as JSON Feed", "application/feed+json", values=values)
        yield Address("/feeds/{feed}.xml", "Posted changes as Atom", "application/atom+xml", values=values)


def _of_catalogues(site: Published) -> Iterator[Address]:
    for path, schema in site.catalogues:
        yield Address(f"/{path}", "A list of models with their facts", schema=schema)


def schema_address(schema: str) -> str:
    """The address of a JSON Schema, relative to the site's root, by its name or address."""
    return schema if "/" in schema else addresses.schema(schema)


def openapi(site: Published) -> dict[str, Any]:
    """Return the description of a site's files for programs as OpenAPI 3.1."""
    return {
        "openapi": OPENAPI,
        "info": {
            "title": f"{site.name}: files for programs",
            "version": "1",
            "description": "Static JSON about contracts, their versions and their changes. Addresses are permanent.",
            "x-engross": __version__,
        },
        "servers": [{"url": site.url or "./"}],
        "paths": {one.path: {"get": _operation(one)} for one in published_addresses(site)},
    }


def _operation(one: Address) -> dict[str, Any]:
    content: dict[str, Any] = {"schema": {"$ref": schema_address(one.schema)}} if one.schema else {}
    parameters = [_parameter(name, values) for name, values in one.values.items()]
    return {
        "operationId": _operation_id(one.path),
        "summary": one.summary,
        **({"description": one.note} if one.note else {}),
        **({"parameters": parameters} if parameters else {}),
        "responses": {"200": {"description": one.summary, "content": {one.media: content}}},
    }


def _operation_id(path: str) -> str:
    """A name from an address: letters, digits and underscores."""
    return "get" + "".join(part if part.isalnum() else "_" for part in path)


def _parameter(name: str, values: Sequence[str]) -> dict[str, Any]:
    known: dict[str, Any] = {"type": "string", "enum": list(values)} if values else {"type": "integer", "minimum": 1}
    return {"name": name, "in": "path", "required": True, "schema": known}


@value_class(frozen=True)
class DocumentPage:
    """The page of a document: its id, title and full address, and whether it is a list of models."""

    document: str
    title: str
    address: str
    is_list: bool = False

    @property
    def selector(self) -> str:
        """The CSS selector of its text, without the parts that have `data-engross-generated`."""
        return "[data-engross-model]" if self.is_list else f'[data-engross-text="{self.document}"]'


def archive_declaration(name: str, pages: Sequence[DocumentPage]) -> dict[str, Any]:
    """Return a declaration for Open Terms Archive, whose crawler then tracks exactly the documents' texts."""
    terms = {
        one.title: {"fetch": one.address, "select": one.selector, "remove": "[data-engross-generated]"} for one in pages
    }
    return {"name": name, "terms": terms}
