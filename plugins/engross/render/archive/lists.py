"""The list of a document's versions, and the redlines between them.

What changed from one version to another, as a page between the two.

The list of a document's versions: what is in force on the day the site is made for, what was, what will be.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from html import escape, unescape
from itertools import groupby

from markupsafe import Markup

from engross.corpus import labelled
from engross.model import Document, DocumentKind, Entry, NoteRef, Source, Version
from engross.record import (
    Record,
    change_page,
    changed_between,
    clauses_page,
    redline_page,
    sealed_hashes,
    suffix,
    version_file,
    version_page,
    versions_page,
)
from engross.redline import PageParts, labels_of, page_parts, redline
from engross.render.archive.frame import Site, archive_page
from engross.render.archive.sealed_texts import Shelf, Standing, files_in_force
from engross.render.archive.text import Links, placed, printed
from engross.render.pages.print import Endnotes

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


@dataclass(frozen=True, slots=True)
class Row:
    """A version in the list. `states` are those that hold, the first being what it is to the day; `redlines` lead from
    a version's number to the address of the redline, `notes` and `corrections` from a note's name to its page.
    """

    version: Version
    states: tuple[str, ...]
    redlines: tuple[tuple[int, str], ...]
    notes: tuple[tuple[str, str], ...]
    corrections: tuple[tuple[str, str], ...]

    @property
    def page(self) -> str:
        """The address of its page."""
        return version_page(self.version.id)

    @property
    def downloads(self) -> tuple[tuple[str, str], ...]:
        """What can be downloaded of it: what it is called, and its address."""
        kinds = (
            ("HTML", ".html"),
            (_SOURCES[suffix(self.version.entry)], suffix(self.version.entry)),
            ("JSON", ".json"),
        )
        return tuple((name, version_file(self.version.id, ending)) for name, ending in kinds)


_SOURCES = {".md": "Markdown", ".yml": "YAML"}


def states(record: Record, version: Version, at: datetime) -> tuple[str, ...]:
    """What a version is at an instant: "in-force", "announced", "superseded" or "withdrawn"; and whether "redacted"."""
    withdrawn = version.withdrawn
    if withdrawn is not None and (withdrawn <= at or withdrawn <= version.effective):
        state = "withdrawn"
    elif version.effective > at:
        state = "announced"
    else:
        state = "in-force" if version is record.in_force(version.id.document, at) else "superseded"
    return (state, "redacted") if version.redactions else (state,)


def rows(record: Record, document: str, at: datetime) -> tuple[Row, ...]:
    """A document's versions for its list, newest first."""
    current = record.in_force(document, at)
    return tuple(_row(record, version, current, at) for version in reversed(record.versions[document]))


def _row(record: Record, version: Version, current: Version | None, at: datetime) -> Row:
    old = redlines_to(record, version, current)
    seqs = [version.post.seq, *([version.withdrawal.seq] if version.withdrawal else [])]
    corrections = [entry for seq in seqs for entry in record.corrections.get(seq, ())]
    said = [*version.post.notes, *(version.withdrawal.notes if version.withdrawal else ())]
    return Row(
        version,
        states(record, version, at),
        tuple((one.number, redline_page(one.id, version.number)) for one in old),
        tuple(_pages(said)),
        tuple(_pages(note for entry in corrections for note in entry.notes)),
    )


def _pages(notes: Sequence[NoteRef] | Iterator[NoteRef]) -> Iterator[tuple[str, str]]:
    return ((note.slug, change_page(note.slug)) for note in notes)


def list_html(record: Record, document: str, at: datetime, site: Site) -> str:
    """The page of a document's versions at an instant."""
    listed = rows(record, document, at)
    entry = record.last_entry(document) or listed[0].version.entry
    years = [
        (str(year), list(group))
        for year, group in groupby(listed, lambda row: row.version.posted.astimezone(site.zone).year)
    ]
    current = record.in_force(document, at)
    return archive_page(
        site,
        "versions.html",
        versions_page(document),
        site.words["archive_versions_title"].format(title=entry.title),
        crumbs=[(entry.title, site.current[document])] if document in site.current else [],
        document=entry,
        years=years,
        count=len(listed),
        day=at.astimezone(site.zone).date(),
        date=site.dates.day,
        in_force=current,
        in_force_page=version_page(current.id) if current else "",
        current=site.current.get(document),
        clauses=clauses_page(document),
        retired=_retired(record, document),
    )


def _retired(record: Record, document: str) -> Entry | None:
    return record.retired(document)
