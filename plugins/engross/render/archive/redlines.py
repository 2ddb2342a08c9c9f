"""What changed from one version to another, as a page between the two."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from html import escape, unescape

from markupsafe import Markup

from engross.corpus.model_facts import labelled
from engross.model import Document, DocumentKind, Source, Version
from engross.record.addresses import change_page, redline_page, version_page, versions_page
from engross.record.history import Record
from engross.record.pictures import changed_between, sealed_hashes
from engross.redline import redline
from engross.redline.labels import labels_of
from engross.redline.page import PageParts, page_parts
from engross.render.archive.frame import Site, archive_page
from engross.render.archive.shelf import Shelf, Standing, files_in_force
from engross.render.archive.text import Links, placed, printed
from engross.render.endnotes import Endnotes

_LINK = re.compile(r'<a href="([^"]*)"((?: title="[^"]*")? rel="nofollow noreferrer")>')
"""A link of the compared texts, as redlines write it, whichever side it is of."""

LATEST = 5
"""So many versions before the one in force have a redline to it."""


def redlines_to(record: Record, version: Version, in_force: Version | None) -> tuple[Version, ...]:
    """The versions from which a redline leads to this one: the one that it supersedes, and where it is the one in
    force, the latest that stood before it.
    """
    versions = record.versions[version.id.document]
    old = [versions[version.post.supersedes - 1]] if version.post.supersedes else []
    if version is in_force:
        before = [one for one in versions[: version.number - 1] if one.withdrawal is None]
        old += [one for one in reversed(before[-LATEST:]) if one not in old]
    return tuple(old)


def redline_html(shelf: Shelf, old: Version, new: Version, site: Site) -> tuple[str, dict[str, str]]:
    """The page of what changed from one version to another, and the docs files it leads to, with their addresses."""
    document, words = new.id.document, site.words
    before, after = _named(shelf, old, site), _named(shelf, new, site)
    standing = Standing(new, shelf.record.entry_of(new, new.effective))
    links = Links(site, standing, files_in_force(shelf.record, new.effective))
    own = links.page(new)
    endnotes = Endnotes(lambda address: "" if address.startswith(own) else printed(site, address))
    parts = None
    if before and after:
        parts = _parts(page_parts(redline(before, after), labels_of(words)), links, endnotes)
    title = words["archive_redline_title"].format(title=new.entry.title, old=old.number, new=new.number)
    current = site.current.get(document, versions_page(document))
    here = redline_page(old.id, new.number)
    html = archive_page(
        site,
        "redline.html",
        here,
        title,
        canonical=current,
        crumbs=[(new.entry.title, current), (words["archive_all_versions"], versions_page(document))],
        old=old,
        new=new,
        old_page=version_page(old.id),
        new_page=version_page(new.id),
        notes=[(note.slug, change_page(note.slug)) for note in new.post.notes],
        parts=parts,
        pictures=changed_between(before, sealed_hashes(old), sealed_hashes(new)) if before else (),
        endnotes=endnotes.listed,
        step=old.number == new.post.supersedes,
    )
    return placed(html, "../" * here.count("/")), links.asked


def _parts(parts: PageParts, links: Links, endnotes: Endnotes) -> PageParts:
    text = endnotes.mark(_LINK.sub(partial(_led, links), parts.text))
    return PageParts(Markup(parts.fold), Markup(parts.about), Markup(text))


def _led(links: Links, found: re.Match[str]) -> str:
    """A link of the text, leading where it led when the new version took effect; its own clauses are on its page."""
    address = links.resolve(unescape(found[1]))
    whole = f"{links.page(links.standing.version)}{address}" if address.startswith("#") else address
    return f'<a href="{escape(whole)}"{found[2]}>'


def _named(shelf: Shelf, version: Version, site: Site) -> Document | None:
    """A version under the name that the redline gives to its side."""
    document = shelf.document(version, shelf.record.entry_of(version, version.effective))
    if document is None or document.source is None:
        return None
    name = site.words["archive_version_title"].format(title=version.entry.title, number=version.number)
    root = document.root
    if document.entry.kind is DocumentKind.CATALOGUE:
        root = labelled(root, site.words)
    return replace(document, root=root, source=Source(name, document.source.text, document.source.data))
