"""The tables of what applied on a date, and of what changed since a date, as HTML.

A cell spans all rows in which its version was in force, so the table grows with the number of versions, not with that
times the number of documents. A script finds a date in the same data; without scripts, readers find the row.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from engross.corpus import Settings
from engross.model import EntryKind, Version, VersionId
from engross.record import Period, PostedChange, addresses, periods
from engross.render.changes.posted import Publication
from engross.render.changes.summaries import ChangeSummary

SCRIPT = "engross-dates"
"""The file name of the script of these pages."""

PICK = "dates-pick.html"
"""The template of the date form, which the templates of the pages include."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A version and the number of rows in which it was in force; `version` is 0 if none was in force."""

    version: int
    page: str
    rows: int
    recorded: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """A period (`end` None: until further notice), and for each document the cell that begins with it, or None.

    `to_come`: the period has not begun; `now`: it is the current one.
    """

    start: datetime
    end: datetime | None
    cells: tuple[Cell | None, ...]
    to_come: bool
    now: bool


@dataclass(frozen=True, slots=True)
class Table:
    """The documents of a set and their versions in force by period, newest first. `documents` are ids and titles."""

    title: str
    documents: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A change as a row of the table of changes, with its effect on each document."""

    change: PostedChange
    title: str
    page: str
    short: str
    withdrawn: datetime | None
    documents: tuple[tuple[str, int, int, str], ...]


@dataclass(frozen=True, slots=True)
class EarlierVersion:
    """An earlier version of a document, its period in force, and the redline from it to the version in force now."""

    start: datetime
    end: datetime | None
    version: int
    page: str
    redline: str


@dataclass(frozen=True, slots=True)
class DocumentHistory:
    """A document: its version in force now (0: none) and the earlier ones, newest first."""

    document: str
    title: str
    now: int
    page: str
    thens: tuple[EarlierVersion, ...]


Redlines = Mapping[str, frozenset[tuple[int, int]]]
"""The redlines that exist, by document: pairs of versions, from and to."""


_SCRIPT_WORDS = (
    "redline_from_to", "redline_back", "none_in_force", "not_recorded", "unchanged", "no_redline",
    "date_form", "first_day", "date_time", *(f"month_{number}" for number in range(1, 13)),
    "pick_then", "pick_accepted", "pick_changes", "pick_nothing", "pick_wrong", "pick_unknown",
)  # fmt: skip
"""The UI strings that the script shows."""

_HASH = 12
"""The length of the hash prefix that identifies a text, as in the names of sealed files."""


def render_in_force(
    pub: Publication,
    settings: Settings,
    summaries: Mapping[str, ChangeSummary],
    redlines: Redlines,
    here: str,
    styles: Sequence[str],
    script: str,
) -> str:
    """The content of the page "What applied on a date"."""
    known = {name: periods(pub.posted.record, name) for name in pub.posted.record.versions}
    tables = [
        _table(pub, title, [name for name in documents if known.get(name)], known, here)
        for title, documents in _sets(pub, settings)
    ]
    return pub.site.templates.get_template("in-force.html").render(
        _context(pub, here, styles, script),
        tables=[table for table in tables if table.documents],
        sets=[(entry.title, pub.site.link(here, addresses.set_acceptance(entry.id))) for entry in settings.sets],
        data=_data(pub, known, here, summaries, redlines),
    )


def render_since(
    pub: Publication,
    summaries: Mapping[str, ChangeSummary],
    redlines: Redlines,
    here: str,
    styles: Sequence[str],
    script: str,
) -> str:
    """The content of the page "What changed since you agreed"."""
    known = {name: periods(pub.posted.record, name) for name in pub.posted.record.versions}
    return pub.site.templates.get_template("since.html").render(
        _context(pub, here, styles, script),
        steps=[_step(pub, summaries[change.slug], change, here) for change in _by_effect(pub)],
        documents=[_document_history(pub, name, found, redlines, here) for name, found in known.items() if found],
        data=_data(pub, known, here, summaries, redlines),
    )


def _context(pub: Publication, here: str, styles: Sequence[str], script: str) -> dict[str, object]:
    return {
        "words": pub.words,
        "instant": cache(pub.site.instant),
        "zone": pub.site.zone.key,
        "now": pub.at,
        "styles": [pub.site.link(here, style) for style in styles],
        "script": pub.site.link(here, script),
    }


def _sets(pub: Publication, settings: Settings) -> Iterator[tuple[str, Sequence[str]]]:
    """Each set with its documents, and then the documents of no set."""
    grouped = {name for entry in settings.sets for name in entry.documents}
    for entry in settings.sets:
        yield pub.words["documents_of"].format(title=entry.title), entry.documents
    yield pub.words["lone_documents"], [name for name in pub.posted.record.versions if name not in grouped]


def _table(
    pub: Publication, title: str, documents: Sequence[str], known: Mapping[str, tuple[Period, ...]], here: str
) -> Table:
    starts = sorted({period.start for name in documents for period in known[name]}, reverse=True)
    columns = [_column(pub, known[name], starts, here) for name in documents]
    ends = [None, *starts]
    rows = tuple(
        Row(
            start,
            ends[at],
            tuple(column.get(at) for column in columns),
            start > pub.at,
            start <= pub.at and (ends[at] is None or _later(ends[at], pub.at)),
        )
        for at, start in enumerate(starts)
    )
    return Table(title, tuple((name, pub.title_of(name)) for name in documents), rows)


def _later(end: datetime | None, at: datetime) -> bool:
    return end is None or end > at


def _column(pub: Publication, found: Sequence[Period], starts: Sequence[datetime], here: str) -> Mapping[int, Cell]:
    """The cells of a document, by the row in which each begins; rows run backwards in time."""
    place = {start: at for at, start in enumerate(starts)}
    cells = {}
    top = 0
    for period in reversed(found):
        last = place[period.start]
        cells[top] = _cell(pub, period, last - top + 1, here)
        top = last + 1
    if top < len(starts):
        cells[top] = Cell(0, "", len(starts) - top, recorded=False)
    return cells


def _cell(pub: Publication, period: Period, rows: int, here: str) -> Cell:
    if period.version is None:
        return Cell(0, "", rows)
    return Cell(period.version.number, pub.site.link(here, addresses.version_page(period.version.id)), rows)


def _by_effect(pub: Publication) -> list[PostedChange]:
    """All changes by the date of effect, latest first; those of one date by the date of posting, latest first."""
    # The sort is stable, and the record is in the order newest first.
    return sorted(pub.posted.changes, key=_from, reverse=True)


def _from(change: PostedChange) -> datetime:
    """The last instant at which a change takes effect; if it has none, the instant of posting."""
    return max(change.effective, default=change.posted)


def _step(pub: Publication, summary: ChangeSummary, change: PostedChange, here: str) -> Step:
    link = pub.site.link
    documents = tuple(
        (
            effect.document.title,
            effect.superseded.number if effect.superseded else 0,
            effect.entry.version if effect.kind is EntryKind.POST else 0,
            link(here, addresses.redline_page(effect.superseded, effect.entry.version)) if effect.superseded else "",
        )
        for effect in change.effects
    )
    page = link(here, addresses.change_page(change.slug))
    return Step(change, summary.title, page, summary.short, change.withdrawn, documents)


def _document_history(
    pub: Publication, document: str, found: Sequence[Period], redlines: Redlines, here: str
) -> DocumentHistory:
    past = [period for period in found if period.start <= pub.at]
    now = past[-1].version if past else None
    page = pub.site.link(here, addresses.version_page(now.id)) if now else ""
    number = now.number if now else 0
    thens = tuple(_earlier_version(pub, period, number, redlines, here) for period in reversed(past) if period.version)
    return DocumentHistory(document, pub.title_of(document), number, page, thens)


def _earlier_version(pub: Publication, period: Period, now: int, redlines: Redlines, here: str) -> EarlierVersion:
    assert period.version is not None
    of = period.version.id
    there = (of.number, now) in redlines.get(of.document, ())
    redline = pub.site.link(here, addresses.redline_page(of, now)) if there else ""
    return EarlierVersion(period.start, period.end, of.number, pub.site.link(here, addresses.version_page(of)), redline)


def _data(
    pub: Publication,
    known: Mapping[str, tuple[Period, ...]],
    here: str,
    summaries: Mapping[str, ChangeSummary],
    redlines: Redlines,
) -> str:
    """The data of the script as JSON. Times are local times of the site, so that they compare as text."""
    names = {name: at for at, name in enumerate(known)}
    data = {
        "zone": pub.site.zone.key,
        "now": _local_time(pub, _last_effect(pub, known)),
        "words": {name: pub.words[name] for name in _SCRIPT_WORDS},
        "documents": [_document_data(pub, name, found, here, redlines) for name, found in known.items()],
        "changes": [_change_data(pub, summaries[change.slug], change, here, names) for change in _by_effect(pub)],
    }
    # A title must not close the script element.
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def _last_effect(pub: Publication, known: Mapping[str, tuple[Period, ...]]) -> datetime:
    """The last instant at which something took effect: since then nothing has changed."""
    return max((one.start for found in known.values() for one in found if one.start <= pub.at), default=pub.at)


def _document_data(
    pub: Publication, name: str, found: Iterable[Period], here: str, redlines: Redlines
) -> dict[str, object]:
    versions = pub.posted.record.versions[name]
    steps = {(one.post.supersedes, one.number) for one in versions}
    return {
        "id": name,
        "title": pub.title_of(name),
        "page": pub.site.link(here, addresses.version_page(VersionId(name, 0))),
        "redline": pub.site.link(here, addresses.redline_page(VersionId(name, 0), 0)),
        "in_force": [[_local_time(pub, one.start), one.version.number if one.version else 0] for one in found],
        "versions": [[one.post.supersedes, *_hashes(one)] for one in versions],
        "redlines": [list(pair) for pair in sorted(redlines.get(name, frozenset()) - steps)],
    }


def _hashes(version: Version) -> Iterator[str]:
    """The hashes that identify a version: of its source now, and before each redaction (old acceptance records name
    these). If a seal file was destroyed, only the hash of that file is left.
    """
    for sealed in (version.sealed, *(entry.was for entry in version.redactions)):
        if sealed:
            yield from (sha[:_HASH] for sha in (sealed.source, sealed.seal) if sha)


def _change_data(
    pub: Publication, summary: ChangeSummary, change: PostedChange, here: str, names: Mapping[str, int]
) -> tuple[str, str, str, list[int]]:
    """The date, title and address of a change, and the indexes of its documents."""
    last = max(change.posted, _from(change))
    about = [names[name] for name in change.documents if name in names]
    return _local_time(pub, last), summary.title, pub.site.link(here, addresses.change_page(change.slug)), about


def _local_time(pub: Publication, at: datetime) -> str:
    return at.astimezone(pub.site.zone).strftime("%Y-%m-%d %H:%M:%S")
