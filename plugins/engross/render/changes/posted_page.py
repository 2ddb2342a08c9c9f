"""The list of posted changes, as part of a page of the site, and the page of each change.

Filters work without scripts: each is a `select`, and CSS rules made for the list use `:has()` to hide rows with another
value, and to show a message if none is left. Earlier years are folded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from engross.common import Cache, key_of
from engross.record import ChangeState, PostedChange, addresses
from engross.render.archive.frame import Crumbs, archive_page
from engross.render.changes.posted import Publication, placed
from engross.render.changes.summaries import ChangeSummary, shown_day, template_source

MARKER = "<!-- engross: posted changes -->"
"""The comment in a page that the list replaces."""

STYLE = "engross-changes"
"""The file name of the style sheet of posted changes."""

KINDS = ("material", "substantive", "editorial", "format")
_OPEN = 150
"""How many changes are shown before earlier years are folded."""


@dataclass(frozen=True, slots=True)
class Item:
    """One change in a list; `piece` is already placed."""

    change: PostedChange
    told: ChangeSummary
    piece: str
    page: str
    pairs: str


@dataclass(frozen=True, slots=True)
class Group:
    """The changes of a year, or the announced ones; `pairs` are their filter keys, see `_pairs`."""

    name: str
    anchor: str
    items: tuple[Item, ...]
    pairs: str
    open: bool = True


@dataclass(frozen=True, slots=True)
class ChangeList:
    """The list of a page: the HTML, its style rules, and its headings as (text, anchor)."""

    html: str
    headings: tuple[tuple[str, str], ...]


def render_list(
    pub: Publication,
    told: Mapping[str, ChangeSummary],
    documents: Sequence[str],
    here: str,
    title: str,
    styles: Sequence[str],
    pending: Sequence[PostedChange] = (),
    undescribed: Sequence[tuple[str, str, str]] = (),
) -> ChangeList:
    """Render the changes of some documents for the page with the address `here`; `title` is the heading, or empty.

    `styles` are the addresses of its style sheets. Changes that are not yet posted, `pending`, come first, after the
    titles, pages and redlines of documents that changed without a note (`undescribed`). Only lists about several
    documents have filters.
    """
    changes = pub.posted.about(documents)
    alone = documents[0] if len(documents) == 1 else ""
    groups = (*_pending(pub, told, pending, here, alone), *_groups(pub, told, changes, here, alone))
    html = pub.site.templates.get_template("posted-changes.html").render(
        words=pub.words,
        title=title,
        groups=groups,
        undescribed=[(name, *(placed(one, here) for one in links)) for name, *links in undescribed],
        styles=[pub.site.link(here, style) for style in styles],
        options=[(name, pub.title_of(name)) for name in documents if len(documents) > 1],
        long=len(changes) > _OPEN,
        kinds=KINDS,
        day=shown_day(pub),
        link=lambda address: pub.site.link(here, address),
        # A feed points to the published site, and a preview is not published.
        feeds=() if pub.site.preview else feeds_of(pub, documents),
    )
    own: tuple[tuple[str, str], ...] = ((title, LIST),) if title else ()
    own += ((pub.words["posted_undescribed"], UNDESCRIBED),) if undescribed else ()
    return ChangeList(html, (*own, *((group.name, group.anchor) for group in groups)))


LIST = "posted"
"""The anchor of the list's heading, and the prefix of the anchors of its groups."""

UNDESCRIBED = f"{LIST}-undescribed"
"""The anchor of the documents that changed without a complete note."""

PENDING = f"{LIST}-pending"
"""The anchor of the changes that are not yet posted."""


def feeds_of(pub: Publication, documents: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """The feeds of all changes, of material ones and of some documents: titles and names (`addresses.feed`)."""
    own = ((pub.words["feed_document"].format(title=pub.title_of(name)), name) for name in documents)
    return (pub.words["feed_all"], "changes"), (pub.words["feed_material"], "material"), *own


def _pending(
    pub: Publication, told: Mapping[str, ChangeSummary], changes: Sequence[PostedChange], here: str, alone: str
) -> Iterator[Group]:
    """The changes that are not yet posted; none has a page of its own."""
    items = [
        replace(_item(pub, told[change.slug], change, here, alone), page=f"#change.{change.slug}") for change in changes
    ]
    if items:
        yield _group((pub.words["posted_pending"], PENDING), items)


def _groups(
    pub: Publication, told: Mapping[str, ChangeSummary], changes: Sequence[PostedChange], here: str, alone: str
) -> Iterator[Group]:
    """Announced changes, then the others by year of posting; `alone` is the document if there is only one."""

    def item(change: PostedChange) -> Item:
        return _item(pub, told[change.slug], change, here, alone)

    years: dict[str, list[PostedChange]] = {}
    announced = []
    for change in changes:
        if change.state(pub.at) is ChangeState.ANNOUNCED:
            announced.append(change)
        else:
            years.setdefault(f"{change.posted.astimezone(pub.site.zone).year}", []).append(change)
    if announced:
        # The next to take effect comes first.
        announced.sort(key=lambda change: change.effective[-1])
        yield _group((pub.words["posted_announced"], f"{LIST}-announced"), [item(one) for one in announced])
    shown = 0
    for year, found in years.items():
        yield _group(
            (year, f"{LIST}-{year}"), [item(one) for one in found], is_open=not shown or shown + len(found) <= _OPEN
        )
        shown += len(found)


def _group(heading: tuple[str, str], items: Sequence[Item], *, is_open: bool = True) -> Group:
    pairs = dict.fromkeys(pair for item in items for pair in _pairs(item.told))
    return Group(*heading, tuple(items), " ".join(pairs), is_open)


def _item(pub: Publication, told: ChangeSummary, change: PostedChange, here: str, alone: str) -> Item:
    page = pub.site.link(here, addresses.change_page(change.slug))
    return Item(change, told, placed(told.piece, here, alone), page, " ".join(_pairs(told)))


def _pairs(told: ChangeSummary) -> Iterator[str]:
    """The filter choices that show a change: each document (or none) with each kind (or none)."""
    for document in ("", *told.documents.split()):
        for kind in ("", *told.kinds.split()):
            yield f"{document}.{kind}"


def filter_rules(told: Iterable[ChangeSummary]) -> str:
    """The CSS rules of the filters: hide changes that do not match, and show a message if none matches."""
    pairs = dict.fromkeys(pair for one in told for pair in _pairs(one))
    documents = dict.fromkeys(pair.partition(".")[0] for pair in pairs)
    hiding = "".join(
        f"{_chosen(document, kind)} :is(.eg-change,.eg-year):not([data-pairs~={_quoted(document, kind)}])"
        "{display:none}\n"
        for document in documents
        for kind in ("", *KINDS)
        if document or kind
    )
    found = "".join(f"{_chosen(*pair.split('.'))} .eg-none.eg-none{{display:none}}\n" for pair in pairs)
    none = f"@supports selector(:has(*)) {{\n.eg-changes .eg-none.eg-none{{display:block}}\n{found}}}\n"
    # Print shows everything, because the filters are not visible there.
    return f"@media screen {{\n{hiding}{none}}}\n"


def _quoted(document: str, kind: str) -> str:
    return f'"{document}.{kind}"'


def _chosen(document: str, kind: str) -> str:
    """The selector of a list with these filters chosen."""
    options = (("document", document), ("kind", kind))
    return ".eg-changes" + "".join(
        f':has(select[name="{name}"] option[value="{value}"]:checked)' for name, value in options
    )


def change_pages(
    pub: Publication, told: Mapping[str, ChangeSummary], crumbs: Crumbs, style: str, cache: Cache
) -> Mapping[str, str]:
    """The whole page of each change, by its address; kept as long as nothing of them changes."""
    changes = pub.posted.changes
    if not changes:
        return {}
    sources = (template_source(pub.site.templates, f"archive/{name}.html") for name in ("base", "change"))
    site = pub.site
    facts = (site.style, site.name, site.url, site.language, repr((site.policies, site.preview)))
    frame = (repr(crumbs), style, *facts, repr(pub.words))
    made_from = (f"{change.slug}{told[change.slug]}" for change in changes)
    key = key_of("change-pages", pub.posted.record.head, *sources, *frame, *made_from)

    def make() -> bytes:
        pages = ((addresses.change_page(change.slug), _page(pub, told, change, crumbs, style)) for change in changes)
        # One text: JSON would take longer to read than to make the pages anew. No page holds a NUL.
        return "\0".join(part for page in pages for part in page).encode()

    parts = cache.made(key, make).decode().split("\0")
    return dict(zip(parts[::2], parts[1::2], strict=True))


def _page(pub: Publication, told: Mapping[str, ChangeSummary], change: PostedChange, crumbs: Crumbs, style: str) -> str:
    here, said = addresses.change_page(change.slug), told[change.slug]
    return archive_page(
        pub.site,
        "change.html",
        here,
        said.title,
        canonical=here,
        index=True,
        crumbs=crumbs,
        change=change,
        said=said,
        piece=placed(said.piece, here),
        style=style,
    )
