"""Lists the permanent addresses of a live site: those of its record, its description for programs, and its sitemap."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlsplit

import engross.common.lazy_re as re
from engross.common import shown
from engross.record import Record, addresses, posted_changes

MOST_ADDRESSES = 100_000
"""The most addresses that a description may list, so that a site cannot make a probe ask without end."""
_LOCATION = re.compile(r"<loc>\s*([^<\s]+)\s*</loc>")


def of_record(record: Record) -> Iterator[str]:
    """Yield the addresses that the record alone promises, relative to the site's root: pages that never go away."""
    yield addresses.MANIFEST
    yield addresses.UPCOMING
    yield addresses.OPENAPI
    for document, versions in record.versions.items():
        yield addresses.versions_page(document)
        yield addresses.clauses_page(document)
        yield addresses.compare_page(document)
        for version in versions:
            yield addresses.version_page(version.id)
            if version.post.supersedes:
                old = record.versions[document][version.post.supersedes - 1]
                yield addresses.redline_page(old.id, version.number)
    for change in posted_changes(record).changes:
        yield addresses.change_page(change.slug)
    for entry in record.entries:
        # A document that moved has a redirect at each earlier address, a retired one a page that says so.
        if entry.entry and entry.document in record.versions and ":" not in entry.entry.published:
            yield entry.entry.published


def of_description(description: Any, record: Record) -> Iterator[str]:
    """Yield the addresses of the files for programs, from the content of `openapi.json`.

    With their JSON Schemas. Redlines and seal files are left out: not every pair of versions has one. What is not
    understood is skipped, since a later Engross may describe more. Raises ValueError if it lists too many.
    """
    left = MOST_ADDRESSES
    paths = description.get("paths") if isinstance(description, dict) else None
    for path, methods in paths.items() if isinstance(paths, dict) else ():
        names = re.findall(r"\{(\w+)\}", path)
        if "old" in names or path.endswith(".seal.json"):
            continue
        known = _values(methods)
        single = [name for name in names if name != "version"]
        if not all(known.get(name) for name in single):
            continue
        left -= math.prod(len(known[name]) for name in single)
        if left < 0:
            raise ValueError(f"it describes more than {MOST_ADDRESSES:,} addresses")
        for values in itertools.product(*(known[name] for name in single)):
            chosen = dict(zip(single, values, strict=True))
            yield from _filled(path.lstrip("/"), chosen, record, numbered="version" in names)
        yield from _schemas(methods)


def _schemas(value: Any) -> Iterator[str]:
    """The addresses of the JSON Schemas in the description of a path."""
    for key, one in value.items() if isinstance(value, dict) else ():
        if key == "$ref" and isinstance(one, str):
            yield one
        yield from _schemas(one)


def _values(methods: Any) -> dict[str, list[str]]:
    """The values of each parameter that has a list of them."""
    found: dict[str, list[str]] = {}
    get = methods.get("get") if isinstance(methods, dict) else None
    listed = get.get("parameters") if isinstance(get, dict) else None
    for one in listed if isinstance(listed, list) else ():
        if isinstance(one, dict) and isinstance(one.get("schema"), dict):
            values = one["schema"].get("enum")
            found[str(one.get("name"))] = [str(value) for value in values] if isinstance(values, list) else []
    return found


def _filled(path: str, values: Mapping[str, str], record: Record, *, numbered: bool) -> Iterator[str]:
    for name, value in values.items():
        path = path.replace(f"{{{name}}}", quote(value, safe="", errors="surrogatepass"))
    if not numbered:
        yield path
    for version in record.versions.get(values.get("document", ""), ()) if numbered else ():
        yield path.replace("{version}", str(version.number))


def of_sitemap(sitemap: str, site: str) -> Iterator[str]:
    """Yield the addresses of a sitemap relative to the site's root, where they are below its own address `site`.

    Raises ValueError after the last of them if something in the sitemap is not an address.
    """
    below, wrong = urlsplit(site).path.rstrip("/") + "/", ""
    for location in _LOCATION.findall(sitemap):
        try:
            path = urlsplit(location).path
        except ValueError:
            wrong = wrong or location
            continue
        if path.startswith(below):
            yield path.removeprefix(below)
    if wrong:
        raise ValueError(f"{shown(wrong)} is not an address")
