"""The list of a document's versions: what is in force on the day the site is made for, what was, what will be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from engross.model import Entry, NoteRef, Version
from engross.record.addresses import (
    change_page,
    clauses_page,
    redline_page,
    version_file,
    version_page,
    versions_page,
)
from engross.record.archive import suffix
from engross.record.history import Record
from engross.render.archive.frame import Site, archive_page
from engross.render.archive.redlines import redlines_to


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
