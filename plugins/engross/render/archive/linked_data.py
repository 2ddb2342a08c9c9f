"""Facts about a version as JSON-LD, in the terms of schema.org, for a script element that browsers do not run.

A text is a `Legislation`: to schema.org that is "a legal document", and no other type states from which day a version
applies. A model list is a `Dataset`. All dates are absolute, so that a page stays true if it is not built again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from markupsafe import Markup

from engross.model import DateKind, DocumentEntry, Version
from engross.record import format_instant, suffix, version_file, version_page
from engross.render.archive.frame import Site

CONTEXT = "https://schema.org"
JSON_TYPE = "application/json"
_SOURCES = {".md": "text/markdown", ".yml": "application/yaml"}


def linked_data(
    version: Version,
    entry: DocumentEntry,
    ends: datetime | None,
    site: Site,
    here: str,
    files: Sequence[tuple[str, str]] = (),
) -> Markup:
    """Return the JSON-LD of a version, for its own page or for the page of the document that shows it.

    `entry` is the document as the page names it, `ends` the recorded end of the version, `here` the address of the
    page, and `files` are further files of the text: (address, media type). Addresses are relative to the site's root;
    none is stated if the site's own is unknown.
    """
    is_list, permanent = entry.kind.has_rows, version_page(version.id)
    current = site.current.get(entry.id, "")
    facts: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": "Dataset" if is_list else "Legislation",
        "name": entry.title,
        "description": entry.description,
        "identifier": str(version.id),
        "version": str(version.number),
        "inLanguage": site.language,
        **_published(version),
        **_application(version, ends),
    }
    if not is_list and version.imported:
        facts |= {"legislationType": site.words[f"kind_{entry.kind}"]}
    elif not is_list and not version.is_awaiting:
        day = version.effective.astimezone(site.zone).date()
        facts |= {"legislationType": site.words[f"kind_{entry.kind}"], "legislationDateVersion": day.isoformat()}
    if site.url:
        facts["url"] = site.full(here)
        facts |= {"workExample": site.full(permanent)} if here != permanent else {"exampleOfWork": site.full(current)}
        facts["distribution" if is_list else "encoding"] = list(_files(version, entry, site, files))
    return in_script({name: value for name, value in facts.items() if value})


def _published(version: Version) -> Mapping[str, str]:
    """When a version was published; of an imported one, only if its source claims that day."""
    claimed = version.post.claimed
    if claimed is None:
        return {"datePublished": format_instant(version.posted)}
    return {"datePublished": claimed.date} if claimed.kind is DateKind.PUBLISHED else {}


def _application(version: Version, ends: datetime | None) -> Mapping[str, str]:
    """From when to when a version applies; nothing if it was withdrawn before it did."""
    if version.imported or version.is_awaiting or (version.withdrawn and version.withdrawn <= version.effective):
        return {}
    return {"temporalCoverage": f"{format_instant(version.effective)}/{format_instant(ends) if ends else '..'}"}


def _files(
    version: Version, entry: DocumentEntry, site: Site, files: Sequence[tuple[str, str]]
) -> Iterator[dict[str, str]]:
    kind = "DataDownload" if entry.kind.has_rows else "MediaObject"
    for address, media in files:
        yield {"@type": kind, "contentUrl": site.full(address), "encodingFormat": media}
    ending = suffix(version.entry)
    yield {
        "@type": kind,
        "contentUrl": site.full(version_file(version.id, ending)),
        "encodingFormat": _SOURCES[ending],
        "sha256": version.sealed.source,
    }


def in_script(value: Any) -> Markup:
    """Return a value as JSON that can neither end nor open a script element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))
