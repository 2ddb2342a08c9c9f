"""The digest of posted changes, as part of a page of the site, and the page of each change.

The digest has one row for each change, which opens in place. Filters work without scripts: CSS rules made for the list
use `:has()` to hide rows, and to show a message if none is left. The script only keeps them in the address. Earlier
years are folded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from itertools import groupby

from engross.common import Cache, key_of, value_class
from engross.corpus import PageType
from engross.record import ChangeState, PostedChange, addresses, format_instant
from engross.render.archive.frame import Crumbs, archive_page
from engross.render.archive.paging import WHOLE, Part, split, text_size
from engross.render.changes.feeds import Alerts
from engross.render.changes.posted import Publication, change_title, placed, policies_of
from engross.render.changes.summaries import ChangeSummary, material_changes, shown_day
from engross.render.pages.metadata import Shared
from engross.render.templates import own_templates_hash, source_parts

MARKER = "<!-- engross: posted changes -->"
"""The comment in a page that the list replaces."""

STYLE = "engross-changes"
"""The file name of the style sheet of posted changes, and of the script that keeps filters in the address."""

MATERIAL = "material"
"""The filter key of material changes, and of those that withdraw or correct them."""

_OPEN = 150
"""How many changes are shown before earlier years are folded."""


@value_class(frozen=True, slots=True)
class Row:
    """One change in a list. `when` is the instant of its date: from when it applies, or where `only_posted`, when it
    was posted. `brief` is already placed. `page` is its own page, "" if it is not posted. `pairs` are its filter keys.
    """

    change: PostedChange
    summary: ChangeSummary
    when: datetime
    day: str
    only_posted: bool
    withdrawn: bool
    brief: str
    page: str
    pairs: str

    @property
    def is_material(self) -> bool:
        """Whether the change itself is material."""
        return MATERIAL in self.summary.kinds.split()


@value_class(frozen=True, slots=True)
class Group:
    """The changes of a year or of a part of it, or the announced ones; `pairs` are their filter keys, see `_pairs`.
    `page` is the link to the page that shows them, "" for the page of the list.
    """

    name: str
    anchor: str
    rows: tuple[Row, ...]
    pairs: str
    open: bool = True
    page: str = ""


@value_class(frozen=True, slots=True)
class ChangeList:
    """The list of a page: the HTML, its style rules, and its headings as (text, anchor)."""

    html: str
    headings: tuple[tuple[str, str], ...]


@value_class(frozen=True, slots=True)
class Frame:
    """What a list has around it: its `title` (or ""), the addresses of its style sheets and of its script, and how
    readers are notified.
    """

    title: str
    styles: Sequence[str]
    script: str
    alerts: Alerts


def render_list(
    pub: Publication,
    summaries: Mapping[str, ChangeSummary],
    documents: Sequence[str],
    here: str,
    frame: Frame,
    pending: Sequence[PostedChange] = (),
    undescribed: Sequence[tuple[str, str, str]] = (),
) -> ChangeList:
    """Render the changes of some documents for the page with the address `here`.

    Changes that are not yet posted, `pending`, come first, after the titles, pages and redlines of documents that
    changed without a note (`undescribed`). Only lists about several documents have filters.
    """
    changes = pub.posted.about(documents)
    make = partial(_row, pub, summaries, material_slugs(pub, summaries), here)
    coming = _pending([make(one, pending=True) for one in pending], pub)
    groups = (*coming, *_groups(pub, list(map(make, changes)), here))
    silent = [(name, *(placed(one, here) for one in links)) for name, *links in undescribed]
    html = _list_html(pub, documents, here, frame, groups, silent)
    own: tuple[tuple[str, str], ...] = ((frame.title, LIST),) if frame.title else ()
    own += ((pub.words["posted_undescribed"], UNDESCRIBED),) if undescribed else ()
    return ChangeList(html, (*own, *((group.name, group.anchor) for group in groups)))


def _list_html(
    pub: Publication,
    documents: Sequence[str],
    here: str,
    frame: Frame,
    groups: Sequence[Group],
    undescribed: Sequence[tuple[str, ...]] = (),
    *,
    older: bool = False,
) -> str:
    """Render groups of changes; a page of `older` ones has nothing of today around them."""
    entries = [entry for name in documents if (entry := pub.entries.get(name))]
    return pub.site.templates.get_template("posted-changes.html").render(
        words=pub.words,
        title=frame.title,
        groups=groups,
        undescribed=undescribed,
        styles=[pub.site.link(here, style) for style in frame.styles],
        script=pub.site.link(here, frame.script),
        options=[(name, pub.title_of(name)) for name in documents if len(documents) > 1],
        long=sum(len(group.rows) for group in groups) > _OPEN,
        day=shown_day(pub),
        policies=list(policies_of(entries)) if groups and not older else [],
        several=len(documents) > 1,
        alerts=frame.alerts,
        since="" if older else pub.site.link(here, PageType.SINCE.address),
        sealed=format_instant,
    )


def older_lists(
    pub: Publication, summaries: Mapping[str, ChangeSummary], documents: Sequence[str], main: str, frame: Frame
) -> dict[str, str]:
    """Render the pages of older changes of the list that the page with the address `main` has, by address.

    `frame` has the title of that page. A list that is small enough has no other pages.
    """
    pages = {}
    material = material_slugs(pub, summaries)
    rows = [_row(pub, summaries, material, main, change) for change in pub.posted.about(documents)]
    for part in _parts(pub, rows)[:-1]:
        here = part.address(addresses.older_entries(main))
        placed_here = [_row(pub, summaries, material, here, row.change) for row in reversed(part.items)]
        group = _group((part.title(pub.words), f"{LIST}-{part.name}"), placed_here)
        pages[here] = archive_page(
            pub.site,
            "changes-older.html",
            here,
            pub.words["archive_part_title"].format(title=frame.title, part=part.title(pub.words)),
            crumbs=[(frame.title, main)],
            about=pub.words["posted_older"],
            piece=_list_html(pub, documents, here, replace(frame, title="", alerts=Alerts()), [group], older=True),
        )
    return pages


LIST = "posted"
"""The anchor of the list's heading, and the prefix of the anchors of its groups."""

UNDESCRIBED = f"{LIST}-undescribed"
"""The anchor of the documents that changed without a complete note."""

PENDING = f"{LIST}-pending"
"""The anchor of the changes that are not yet posted."""


def material_slugs(pub: Publication, summaries: Mapping[str, ChangeSummary]) -> frozenset[str]:
    """The names of the changes that the filter for material ones shows; a pending one only if it is material itself."""
    known = {slug: one for slug, one in summaries.items() if slug in pub.posted.by_slug}
    own = {slug for slug, one in summaries.items() if MATERIAL in one.kinds.split()}
    return frozenset({*own, *(change.slug for change in material_changes(pub, known))})


def _pending(rows: Sequence[Row], pub: Publication) -> Iterator[Group]:
    if rows:
        yield _group((pub.words["posted_pending"], PENDING), rows)


def _groups(pub: Publication, rows: Sequence[Row], here: str) -> Iterator[Group]:
    """Announced changes, the next to take effect first; then the others by year, newest first. Those that have a page
    of their own are led to.
    """
    announced = _announced(pub, rows)
    if announced:
        announced.sort(key=lambda row: row.when)
        yield _group((pub.words["posted_announced"], f"{LIST}-announced"), announced)
    *older, last = _parts(pub, rows)
    if last.group == WHOLE:
        yield from _years(pub, last.items[::-1])
        return
    for part in (last, *reversed(older)):
        group = _group((part.title(pub.words), f"{LIST}-{part.name}"), part.items[::-1])
        page = "" if part is last else pub.site.link(here, part.address(addresses.older_entries(here)))
        yield replace(group, page=page)


def _announced(pub: Publication, rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if row.change.state(pub.at) is ChangeState.ANNOUNCED]


def _parts(pub: Publication, rows: Sequence[Row]) -> tuple[Part[Row], ...]:
    """The changes that are not announced, oldest first, in the parts that have a page each; the list has the last."""
    announced = {row.change.slug for row in _announced(pub, rows)}
    # The sort is stable: of one day, what was posted last comes first in the list.
    past = sorted((row for row in rows if row.change.slug not in announced), key=lambda row: row.when, reverse=True)
    return split(past[::-1], partial(_year, pub), _size)


def _year(pub: Publication, row: Row) -> str:
    return f"{row.when.astimezone(pub.site.zone).year}"


_ROW = 900
"""The most bytes of a row without its text."""


def _size(row: Row) -> int:
    return _ROW + text_size(row.brief, row.pairs, row.summary.title, row.summary.about, row.change.slug)


def _years(pub: Publication, rows: Sequence[Row]) -> Iterator[Group]:
    """The changes of each year, newest first; earlier years are folded."""
    shown = 0
    for year, found in groupby(rows, partial(_year, pub)):
        listed = tuple(found)
        yield _group((year, f"{LIST}-{year}"), listed, is_open=not shown or shown + len(listed) <= _OPEN)
        shown += len(listed)


def _group(heading: tuple[str, str], rows: Sequence[Row], *, is_open: bool = True) -> Group:
    pairs = dict.fromkeys(pair for row in rows for pair in row.pairs.split(" "))
    return Group(*heading, tuple(rows), " ".join(pairs), is_open)


def _row(
    pub: Publication,
    summaries: Mapping[str, ChangeSummary],
    material: frozenset[str],
    here: str,
    change: PostedChange,
    *,
    pending: bool = False,
) -> Row:
    summary = summaries[change.slug]
    withdrawn = change.state(pub.at) is ChangeState.WITHDRAWN
    # A change that was withdrawn before its day never applied.
    never = bool(withdrawn and change.withdrawn and change.effective and change.withdrawn <= change.effective[-1])
    when = change.posted if never or not change.effective else change.effective[-1]
    return Row(
        change,
        summary,
        when,
        pub.site.dates.day(when.astimezone(pub.site.zone).date()),
        never or not change.effective,
        withdrawn,
        placed(summary.brief, here),
        "" if pending else pub.site.link(here, addresses.change_page(change.slug)),
        " ".join(_pairs(summary, is_material=change.slug in material)),
    )


def _pairs(summary: ChangeSummary, *, is_material: bool) -> Iterator[str]:
    """The filter choices that show a change: each document (or none), with the filter for material ones (or none)."""
    for document in ("", *summary.documents.split()):
        yield f"{document}."
        if is_material:
            yield f"{document}.{MATERIAL}"


def filter_rules(summaries: Mapping[str, ChangeSummary], material: frozenset[str]) -> str:
    """The CSS rules of the filters: hide changes that do not match, and show a message if none matches. `material` are
    the names of the changes that the filter for material ones shows.
    """
    pairs = dict.fromkeys(pair for slug, one in summaries.items() for pair in _pairs(one, is_material=slug in material))
    documents = dict.fromkeys(pair.partition(".")[0] for pair in pairs)
    hiding = "".join(
        f'{_chosen(document, kind)} :is(.eg-change,.eg-year):not([data-pairs~="{document}.{kind}"]){{display:none}}\n'
        for document in documents
        for kind in ("", MATERIAL)
        if document or kind
    )
    found = "".join(f"{_chosen(*pair.split('.'))} .eg-none.eg-none{{display:none}}\n" for pair in pairs)
    none = f"@supports selector(:has(*)) {{\n.eg-changes .eg-none.eg-none{{display:block}}\n{found}}}\n"
    # Print shows everything, because the filters are not visible there.
    return f"@media screen {{\n{hiding}{none}}}\n"


def _chosen(document: str, kind: str) -> str:
    """The selector of a list with these filters chosen."""
    checked = ':has(input[name="material"]:checked)'
    return (
        f'.eg-changes:has(select[name="document"] option[value="{document}"]:checked)'
        f"{checked if kind else f':not({checked})'}"
    )


@value_class(frozen=True)
class ChangePages:
    """The whole page of each change, kept as long as nothing of them changes; `key` is the hash of all that they are
    made from, "" without changes.
    """

    key: str
    make: Callable[[], bytes]
    cache: Cache

    def read(self) -> Mapping[str, str]:
        """The pages by their addresses."""
        parts = self.cache.made(self.key, self.make).decode().split("\0") if self.key else []
        return dict(zip(parts[::2], parts[1::2], strict=True))


def change_pages(
    pub: Publication, summaries: Mapping[str, ChangeSummary], crumbs: Crumbs, style: str, cache: Cache
) -> ChangePages:
    """The pages of all changes, which are made when they are read."""
    changes = pub.posted.changes
    sources = source_parts(pub.site.templates, ["archive/change.html"])
    frame = (own_templates_hash(pub.site.templates), repr(crumbs), style, *pub.site.frame, repr(pub.words))
    made_from = (f"{change.slug}{summaries[change.slug]}" for change in changes)
    key = key_of(__name__, "change-pages", pub.posted.record.head, *sources, *frame, *made_from) if changes else ""

    def make() -> bytes:
        """Return the addresses and pages of all changes as one text for the cache."""
        pages = (
            (addresses.change_page(change.slug), _page(pub, summaries, change, crumbs, style)) for change in changes
        )
        # One text: JSON would take longer to read than to make the pages anew. No page holds a NUL.
        return "\0".join(part for page in pages for part in page).encode()

    return ChangePages(key, make, cache)


def _page(
    pub: Publication, summaries: Mapping[str, ChangeSummary], change: PostedChange, crumbs: Crumbs, style: str
) -> str:
    here, summary = addresses.change_page(change.slug), summaries[change.slug]
    return archive_page(
        pub.site,
        "change.html",
        here,
        change_title(pub, change, whole=True),
        canonical=here,
        index=True,
        crumbs=crumbs,
        shared=Shared("article", pub.site.name, summary.title, summary.short, pub.site.full(here)),
        change=change,
        summary=summary,
        piece=placed(summary.piece, here),
        style=style,
    )
