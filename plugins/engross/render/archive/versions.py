"""A sealed version: its page, itself as one file to keep, its source, and its facts for programs.

Nothing on it can change once it took effect, so that it claims nothing that can: whether it is in force says the list.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from engross.checks.pages import check_site_page
from engross.corpus.project import as_written
from engross.errors import EngrossError
from engross.model import Document, Entry, Sealed, Version, VersionId
from engross.record.addresses import (
    change_page,
    redline_page,
    version_file,
    version_page,
    version_pictures,
    versions_page,
)
from engross.record.archive import SEAL, sealed_pictures, sealed_seal, sealed_source, sealed_tree, suffix
from engross.record.history import Record
from engross.record.instants import sealed_text
from engross.record.pictures import data_address
from engross.render.archive.cover import verify_steps, version_cover
from engross.render.archive.frame import Site, archive_page, file_of
from engross.render.archive.shelf import Shelf, own_sets
from engross.render.archive.text import ROOT, Text, kept, placed, render_text
from engross.render.contents import contents
from engross.render.documents import title_clause
from engross.render.paper import Ending

FORMAT = 1
"""Rises when `<n>.json` changes in a way that a program reading it must know of."""


@dataclass(frozen=True)
class VersionPages:
    """What is published of one version, by file; and the docs files that its text leads to, with their addresses."""

    files: dict[str, bytes]
    asked: dict[str, str]


def version_pages(shelf: Shelf, version: Version, site: Site, style: str, ending: Ending | None = None) -> VersionPages:
    """Everything that is published of a version. `style` is the style sheet that the file to keep carries in itself,
    `ending` what is recorded of the version's end.

    Raises EngrossError where a page would not say what was sealed.
    """
    text = render_text(shelf, version, site)
    source = sealed_source(shelf.record, version)
    shown = Markup(text.html if not text.verbatim else "")
    address, file = version_page(version.id), version_file(version.id, ".html")
    context = _context(version, text, site, source.text if text.verbatim else "")
    context |= _paper(shelf, version, ending, text, site)
    page = archive_page(site, "version.html", address, **context, text=shown)
    alone = archive_page(site, "version.html", file, **context, text=shown, inline=style)
    page = placed(page, "../" * address.count("/"))
    pictures = _pictures(shelf.record, version)
    alone = kept(alone, site.url, {name: data_address(name, data) for name, data in pictures.items()})
    shown_as = text.document or as_written(version.entry, source)
    for made in (page, alone):
        _check(shown_as, made)
    return VersionPages(
        {
            file_of(address): page.encode(),
            file: alone.encode(),
            version_file(version.id, suffix(version.entry)): source.data,
            version_file(version.id, ".json"): _json(version_json(shelf.record, version, site)),
            **pictures,
            **({version_file(version.id, SEAL): sealed_seal(shelf.record, version)} if version.sealed.seal else {}),
        },
        dict(text.asked),
    )


def _pictures(record: Record, version: Version) -> dict[str, bytes]:
    """The pictures that are sealed with a version, by their addresses."""
    addresses = version_pictures(version)
    return {addresses[path]: data for path, data in sealed_pictures(record, version).items()}


def _check(document: Document, html: str) -> None:
    """The law of texts holds for the past as well."""
    if finding := check_site_page(document, html):
        raise EngrossError([finding])


def _context(version: Version, text: Text, site: Site, verbatim: str) -> dict[str, Any]:
    document, post = version.id.document, version.post
    current = site.current.get(document, versions_page(document))
    old = VersionId(document, post.supersedes) if post.supersedes else None
    return {
        "title": site.words["archive_version_title"].format(title=version.entry.title, number=version.number),
        "canonical": current,
        "crumbs": [(version.entry.title, current), (site.words["archive_all_versions"], versions_page(document))],
        "to": lambda address: f"{ROOT}{site.file(address)}",
        "version": version,
        "post": post,
        "list": versions_page(document),
        "address": version_page(version.id),
        "before": version_page(old) if old else "",
        "redline": redline_page(old, version.number) if old else "",
        "restored": version_page(VersionId(document, post.restores)) if post.restores else "",
        "notes": [(note.slug, change_page(note.slug)) for note in post.notes],
        "downloads": list(_downloads(version)),
        "has_title": text.has_title,
        "pictures": list(zip(version.sealed.pictures, version_pictures(version).values(), strict=True)),
        "unsealed": text.unsealed,
        "verbatim": verbatim,
    }


def _downloads(version: Version) -> Iterator[tuple[str, str]]:
    for word, ending in (("as_html", ".html"), ("as_source", suffix(version.entry)), ("as_json", ".json")):
        yield word, version_file(version.id, ending)
    if version.sealed.seal:
        yield "as_seal", version_file(version.id, SEAL)


def _paper(shelf: Shelf, version: Version, ending: Ending | None, text: Text, site: Site) -> dict[str, Any]:
    """What only paper and the file to keep show."""
    root = text.document.root if text.document else None
    sets = [one.title for one in own_sets(shelf.record, version)]
    cover = version_cover(version, sets, ending, site)
    return {
        "cover": cover,
        "proof": site.words["paper_hash"].format(hash=cover.hash),
        "sections": contents(root, title_clause(root)) if root else (),
        "endnotes": text.endnotes,
        "verify": verify_steps(version, site),
    }


def version_json(record: Record, version: Version, site: Site) -> dict[str, Any]:
    """What `<n>.json` holds (`VersionFacts`): plain values, in a fixed order; what there is not is absent."""
    post, tree = version.post, sealed_tree(record, version)
    seal = version_file(version.id, SEAL)
    said = {
        "format": FORMAT,
        "document": version.id.document,
        "version": version.number,
        "title": version.entry.title,
        "kind": str(version.entry.kind),
        "url": site.full(version_page(version.id)) or version_page(version.id),
        "posted": sealed_text(version.posted),
        "effective": sealed_text(version.effective),
        "class": str(post.change_class) if post.change_class else None,
        "material": post.material,
        "supersedes": post.supersedes or None,
        "restores": post.restores or None,
        "sha256": _hashes(version.sealed),
        "seal": (site.full(seal) or seal) if version.sealed.seal else None,
        "pictures": _picture_facts(version, site),
        "ledger": {"seq": post.seq, "hash": post.hash},
        "notes": [
            {"slug": one.slug, "sha256": one.sha256, "url": site.full(change_page(one.slug)) or change_page(one.slug)}
            for one in map(record.note, post.notes)
        ],
        "redactions": [_redaction(entry) for entry in version.redactions],
        "clauses": [
            {"id": one.id, "anchor": one.anchor, "label": one.label, "kind": one.kind, "since": one.since,
             "changed": one.changed, "called": one.called}
            for one in tree.clauses
        ],
    }  # fmt: skip
    return {name: value for name, value in said.items() if value is not None}


def _picture_facts(version: Version, site: Site) -> list[dict[str, str]] | None:
    addresses = version_pictures(version)
    return [
        {"path": one.path, "sha256": one.sha256, "url": site.full(addresses[one.path]) or addresses[one.path]}
        for one in version.sealed.pictures
    ] or None


def _redaction(entry: Entry) -> dict[str, Any]:
    assert entry.was is not None
    return {
        "posted": sealed_text(entry.posted),
        "clause": entry.clause,
        "reason": entry.reason,
        "was": _hashes(entry.was),
        "ledger": {"seq": entry.seq, "hash": entry.hash},
    }


def _hashes(sealed: Sealed) -> dict[str, str]:
    found = {"source": sealed.source, "text": sealed.text, "seal": sealed.seal}
    return {name: sha for name, sha in found.items() if sha}


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()
