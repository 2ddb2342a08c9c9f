"""The list of a document's versions, and the pages of redlines between versions."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property, partial
from html import escape, unescape
from itertools import groupby
from urllib.parse import unquote

from markupsafe import Markup

import engross.common.lazy_re as re
from engross.common import value_class
from engross.corpus import labelled_rows
from engross.model import Document, DocumentEntry, NoteRef, Version
from engross.record import (
    Record,
    change_page,
    changed_between,
    clause_ids,
    clauses_page,
    compare_page,
    note_name,
    older_versions,
    posted_note,
    redline_data,
    redline_page,
    sealed_hashes,
    sealed_note,
    suffix,
    version_file,
    version_page,
    versions_page,
)
from engross.redline import PageParts, Redline, labels_of, page_parts, place_name, redline
from engross.render.archive.frame import Offers, Site, archive_page, file_of
from engross.render.archive.page_cache import Made
from engross.render.archive.paging import IMPORTED, Part, split, text_size
from engross.render.archive.program_files import compact_json, redline_json
from engross.render.archive.sealed_texts import SealedTexts, VersionInForce, files_in_force
from engross.render.archive.version_html import Links, placed, printed
from engross.render.changes.note_html import render_summary
from engross.render.pages.print import Endnotes

_LINK = re.compile(r'<a href="([^"]*)"((?: title="[^"]*")? rel="nofollow noreferrer")>')
"""A link of a compared text in a redline, of either side."""

LATEST = 5
"""The number of versions before the one in force that have a redline to it."""


def redlines_to(record: Record, version: Version, in_force: Version | None) -> tuple[Version, ...]:
    """The versions from which there is a redline to this one: the one that it supersedes and, for the version in force,
    the latest ones before it.
    """
    versions = record.versions[version.id.document]
    old = [versions[version.post.supersedes - 1]] if version.post.supersedes else []
    if version is in_force:
        before = [one for one in versions[: version.number - 1] if one.withdrawal is None]
        old += [one for one in reversed(before[-LATEST:]) if one not in old]
    return tuple(old)


@value_class(frozen=True, slots=True)
class SealedRedline:
    """The redline between two sealed versions, its sides, and the ids of their clauses by anchor."""

    script: Redline
    sides: tuple[Document, Document]
    ids: tuple[Mapping[str, str], Mapping[str, str]]


def sealed_redline(texts: SealedTexts, old: Version, new: Version, site: Site) -> SealedRedline | None:
    """Compare two sealed versions; None if one of them cannot be read as text."""
    # Two texts are compared in one generation of the parser, so that only their words differ.
    reader = max(old.post.reader, new.post.reader)
    before, after = _named(texts, old, site, reader), _named(texts, new, site, reader)
    if not before or not after:
        return None
    pictures = changed_between(before, sealed_hashes(old), sealed_hashes(new))
    ids = clause_ids(texts.record, old, reader), clause_ids(texts.record, new, reader)
    script = replace(redline(before, after, ids=ids, outline=texts.outline(new.id.document)), pictures=pictures)
    return SealedRedline(script, (before, after), ids)


def redline_files(texts: SealedTexts, old: Version, new: Version, site: Site) -> Made:
    """Make the page of the redline between two versions, and its data."""
    document, words = new.id.document, site.words
    version = VersionInForce(new, texts.record.entry_of(new, new.effective))
    links = Links(site, version, files_in_force(texts.record, new.effective))
    own = links.page(new)
    endnotes = Endnotes(lambda address: "" if address.startswith(own) else printed(site, address))
    parts, data = None, {}
    if made := sealed_redline(texts, old, new, site):
        data = redline_json(made.script, old, new, made.ids)
        parts = _parts(page_parts(made.script, labels_of(words), PlaceNames(links, made.sides)), links, endnotes)
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
        notes=list(_notes(texts.record, new, site)),
        parts=parts,
        endnotes=endnotes.listed,
        step=old.number == new.post.supersedes,
    )
    files = {file_of(here): placed(html, "../" * here.count("/")).encode()}
    if data:
        files[redline_data(old.id, new.number)] = compact_json(data)
    return Made(files, asked=links.asked)


def _notes(record: Record, version: Version, site: Site) -> Iterator[tuple[str, str, Markup]]:
    """Yield the change notes of a version: title, address of the change's page, and summary as HTML."""
    for ref in map(record.note, version.post.notes):
        note = posted_note(sealed_note(record, ref), f"{record.shown}/{note_name(ref)}", ref.slug, site.zone)
        summary = render_summary(note, lambda target: target if "://" in target else None)
        yield site.title_of(ref.slug), change_page(ref.slug), Markup(summary)


@value_class(frozen=True)
class PlaceNames:
    """Names for what the links of a text lead to: the titles of documents, the labels of clauses."""

    links: Links
    documents: Sequence[Document]

    def __call__(self, target: str) -> str:
        """Return the name of a link's target as written."""
        path, _, anchor = target.partition("#")
        own = self.links.own.entry
        name = posixpath.normpath(posixpath.join(posixpath.dirname(own.file), unquote(path))) if path else own.file
        if name == own.file:
            return self._labels.get(anchor) or place_name(target)
        found = None if "://" in target else self.links.files.get(name)
        return found.entry.title if found else place_name(target)

    @cached_property
    def _labels(self) -> dict[str, str]:
        clauses = (clause for document in self.documents for clause in document.root.walk())
        return {clause.anchor: clause.label for clause in clauses if clause.anchor and clause.label}


def _parts(parts: PageParts, links: Links, endnotes: Endnotes) -> PageParts:
    text = endnotes.mark(_LINK.sub(partial(_led, links), parts.text))
    return PageParts(Markup(parts.fold), Markup(parts.about), Markup(text))


def _led(links: Links, found: re.Match[str]) -> str:
    """A link with its target when the new version took effect; anchors lead to the page of that version."""
    address = links.resolve(unescape(found[1]))
    whole = f"{links.page(links.own.version)}{address}" if address.startswith("#") else address
    return f'<a href="{escape(whole)}"{found[2]}>'


def _named(texts: SealedTexts, version: Version, site: Site, reader: int) -> Document | None:
    """A version as a document; its source has the name that the redline shows for its side."""
    document = texts.document(version, texts.record.entry_of(version, version.effective), reader)
    if document is None or document.source is None:
        return None
    name = site.words["archive_version_title"].format(title=version.entry.title, number=version.number)
    root = labelled_rows(document.entry, document.root, site.words)
    return replace(document, root=root, source=replace(document.source, path=name))


@value_class(frozen=True, slots=True)
class Row:
    """A version in the list. `states` are its states, the main one first (see `states`). `redlines` maps a version's
    number to the address of the redline from it; `notes` and `corrections` map a change's title to its page. `offers`
    as in `Site`; `packed` is the address of the file that has them, "" if each has its own.
    """

    version: Version
    states: tuple[str, ...]
    redlines: tuple[tuple[int, str], ...]
    notes: tuple[tuple[str, str], ...]
    corrections: tuple[tuple[str, str], ...]
    offers: Offers
    packed: str = ""

    @property
    def page(self) -> str:
        """The address of the version's page."""
        return version_page(self.version.id)

    @property
    def downloads(self) -> tuple[tuple[str, str], ...]:
        """The downloads of the version: name and address."""
        offers = () if self.packed else ((name.upper(), ending) for name, ending in self.offers)
        kinds = (*offers, (_SOURCES[suffix(self.version.entry)], suffix(self.version.entry)), ("JSON", ".json"))
        packed = (("ZIP", self.packed),) if self.packed else ()
        return (*packed, *((name, version_file(self.version.id, ending)) for name, ending in kinds))


_SOURCES = {".md": "Markdown", ".yml": "YAML"}


def states(record: Record, version: Version, at: datetime) -> tuple[str, ...]:
    """The state of a version at an instant: "in-force", "announced", "superseded" or "withdrawn"; then "redacted".

    An imported version that is not in force is "imported": whether it ever was is not recorded.
    """
    withdrawn = version.withdrawn
    if withdrawn is not None and (withdrawn <= at or withdrawn <= version.effective):
        state = "withdrawn"
    elif version.effective > at:
        announced = version.posted > at or version in record.announced(version.id.document, at)
        state = "announced" if announced else "superseded"
    elif version is record.in_force(version.id.document, at):
        state = "in-force"
    else:
        state = "imported" if version.imported else "superseded"
    imported = ("imported",) if version.imported and state != "imported" else ()
    return (state, *imported, "redacted") if version.redactions else (state, *imported)


def rows(record: Record, document: str, at: datetime, site: Site) -> tuple[Row, ...]:
    """The rows of a document's versions, oldest first."""
    current = record.in_force(document, at)
    return tuple(_row(record, version, current, at, site) for version in record.versions[document])


def _row(record: Record, version: Version, current: Version | None, at: datetime, site: Site) -> Row:
    old = redlines_to(record, version, current)
    seqs = [version.post.seq, *([version.withdrawal.seq] if version.withdrawal else [])]
    corrections = [entry for seq in seqs for entry in record.corrections.get(seq, ())]
    notes = [*version.post.notes, *(version.withdrawal.notes if version.withdrawal else ())]
    return Row(
        version,
        states(record, version, at),
        tuple((one.number, redline_page(one.id, version.number)) for one in old),
        tuple(_pages(notes, site)),
        tuple(_pages((note for entry in corrections for note in entry.notes), site)),
        site.offers,
    )


def _pages(notes: Iterable[NoteRef], site: Site) -> Iterator[tuple[str, str]]:
    return ((site.title_of(note.slug), change_page(note.slug)) for note in notes)


def list_pages(
    record: Record, document: str, at: datetime, site: Site, packed: Callable[[Version], str] | None = None
) -> dict[str, str]:
    """Render the list of a document's versions at an instant: its pages by address, the main page last.

    `packed` gives the address of the file that has the downloads of a version, "" if they have their own addresses.
    """
    listed = rows(record, document, at, site)
    if packed:
        listed = tuple(replace(row, packed=packed(row.version)) for row in listed)
    parts = split(listed, lambda row: group_of(row.version, site), _size)
    pages = {}
    for part in parts[:-1]:
        here = part.address(older_versions(document))
        entry = part.items[-1].version.entry
        title = site.words["archive_versions_title"].format(title=entry.title)
        pages[here] = archive_page(
            site,
            "versions-older.html",
            here,
            site.words["archive_part_title"].format(title=title, part=part.title(site.words)),
            crumbs=[*_crumbs(entry, document, site), (site.words["archive_all_versions"], versions_page(document))],
            years=[(part, part.items[::-1])],
            document=entry,
        )
    pages[versions_page(document)] = _main_list(record, document, at, site, parts)
    return pages


def _main_list(record: Record, document: str, at: datetime, site: Site, parts: Sequence[Part[Row]]) -> str:
    """Render the main page of a list; it leads to all parts but the last."""
    last = parts[-1]
    entry = record.last_entry(document) or last.items[-1].version.entry
    newest = [
        Part(year, 1, tuple(found)) for year, found in groupby(last.items, lambda row: group_of(row.version, site))
    ]
    years = [last] if len(parts) > 1 else newest
    current = record.in_force(document, at)
    listed = [row for part in parts for row in part.items]
    return archive_page(
        site,
        "versions.html",
        versions_page(document),
        site.words["archive_versions_title"].format(title=entry.title),
        crumbs=_crumbs(entry, document, site),
        document=entry,
        years=[(part, part.items[::-1]) for part in reversed(years)],
        older=[(part, part.address(older_versions(document))) for part in reversed(parts[:-1])],
        count=len(listed),
        imported=sum(row.version.imported for row in listed),
        day=at.astimezone(site.zone).date(),
        date=site.dates.day,
        in_force=current,
        in_force_page=version_page(current.id) if current else "",
        current=site.current.get(document),
        clauses=clauses_page(document),
        compare=compare_page(document),
        retired=record.retired(document),
    )


def _crumbs(entry: DocumentEntry, document: str, site: Site) -> list[tuple[str, str]]:
    return [(entry.title, site.current[document])] if document in site.current else []


_ROW = 1_500
"""The most bytes of a row without what depends on its notes, redlines and downloads."""


def _size(row: Row) -> int:
    """The bytes of a row, nearly."""
    titles = text_size(*(text for pair in (*row.notes, *row.corrections) for text in pair))
    return _ROW + titles + 150 * (len(row.redlines) + len(row.downloads))


def group_of(version: Version, site: Site) -> str:
    """The group of a version in lists: the year of its posting, or that of imported versions."""
    return IMPORTED if version.imported else str(version.posted.astimezone(site.zone).year)
