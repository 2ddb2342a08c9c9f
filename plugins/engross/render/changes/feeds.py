"""Feeds of posted changes: Atom (RFC 4287) and JSON Feed 1.1, from the same items; and how pages offer them.

The id of an item never changes. It is a tag URI (RFC 4151) of the authority in documents.yml, so it does not depend on
the site's address. Without an authority it is a UUID (RFC 9562, version 8) of the hash of the change's first entry.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from engross.common import NOT_XML, value_class
from engross.record import PostedChange, addresses, format_instant
from engross.render.changes.posted import ROOT, Publication, placed
from engross.render.changes.summaries import ChangeSummary, material_changes
from engross.render.pages.inline import escape

ATOM, JSON, CALENDAR = ".xml", ".json", ".ics"
"""The endings of the file names of feeds and calendars (`addresses.feed`)."""
TYPES = {ATOM: "application/atom+xml", JSON: "application/feed+json"}
"""The media types of feeds, by file name ending."""

NEWEST = 100
"""The maximum number of changes in a feed."""

_VERSION = "https://jsonfeed.org/version/1.1"


@value_class(frozen=True, slots=True)
class Item:
    """One change in a feed. `url` and the links in `html` are absolute if the site's address is known.

    `updated` is later than `posted` if a receipt has fixed the day of the change since.
    """

    id: str
    url: str
    title: str
    posted: str
    updated: str
    html: str
    short: str
    kinds: tuple[str, ...]
    facts: Mapping[str, Any]


@value_class(frozen=True, slots=True)
class Feed:
    """A feed: `name` as in `addresses.feed`; `home` is the page of the list; `updated` is that of its newest item."""

    name: str
    id: str
    title: str
    home: str
    site: str
    language: str
    updated: str
    items: tuple[Item, ...]


def feeds(pub: Publication, summaries: Mapping[str, ChangeSummary], home: str) -> Iterator[Feed]:
    """All feeds: of all changes, of material changes, of each document. `home` is the address of the list."""
    words, changes = pub.words, pub.posted.changes
    material = material_changes(pub, summaries)
    yield _feed(pub, summaries, "changes", words["feed_all"], changes, home)
    yield _feed(pub, summaries, "material", words["feed_material"], material, home)
    for name in dict.fromkeys((*pub.entries, *pub.posted.titles)):
        title = words["feed_document"].format(title=pub.title_of(name))
        yield _feed(pub, summaries, name, title, pub.posted.about([name]), home)


def _feed(
    pub: Publication,
    summaries: Mapping[str, ChangeSummary],
    name: str,
    title: str,
    changes: Sequence[PostedChange],
    home: str,
) -> Feed:
    newest = changes[:NEWEST]
    updated = max((_updated(pub, change) for change in newest), default=pub.at)
    return Feed(
        name,
        feed_id(pub, name),
        f"{pub.site.name}: {title}",
        _full(pub, home),
        pub.site.name,
        pub.site.language,
        format_instant(updated),
        tuple(_item(pub, summaries[change.slug], change) for change in newest),
    )


def _item(pub: Publication, summary: ChangeSummary, change: PostedChange) -> Item:
    html = (
        summary.piece.replace(ROOT, pub.site.url) if pub.site.url else placed(summary.piece, addresses.feed("x", ATOM))
    )
    return Item(
        item_id(pub, change),
        _full(pub, addresses.change_page(change.slug)),
        entry_title(pub, summary, change),
        format_instant(change.posted),
        format_instant(_updated(pub, change)),
        html,
        summary.short,
        tuple(summary.kinds.split()),
        summary.facts,
    )


def _updated(pub: Publication, change: PostedChange) -> datetime:
    """When a change was posted, or its day was fixed by the receipt of its notice, so that readers see it again."""
    record = pub.posted.record
    made = (effect.version for effect in change.effects if effect.version and effect.entry.awaits)
    fixed = (one.posted for version in made for one in record.receipts(version) if one.effective)
    return max(fixed, default=change.posted)


def entry_title(pub: Publication, summary: ChangeSummary, change: PostedChange) -> str:
    """The title of a change in a feed: its documents, its own title, and the day from which it applies.

    "Terms of Service: Fees may rise once a year (1 June 2026)".
    """
    at = change.effective[0] if change.effective else change.posted
    day = pub.site.dates.day(at.astimezone(pub.site.zone).date())
    if change.is_awaiting:
        day = pub.words["awaits_short"]
    name = "feed_title_alone" if summary.title == summary.about else "feed_title"
    return pub.words[name].format(documents=summary.about, title=summary.title, day=day)


def _full(pub: Publication, address: str) -> str:
    """The full address; if the site's own is unknown, relative to a feed."""
    return pub.site.full(address) or f"../{pub.site.file(address)}"


def item_id(pub: Publication, change: PostedChange) -> str:
    """The permanent id of a change."""
    if pub.authority:
        return f"tag:{pub.authority}:changes/{change.slug}"
    return _uuid(f"{change.entries[0].hash} {change.slug}")


def feed_id(pub: Publication, name: str) -> str:
    """The permanent id of a feed; without an authority, permanent from the first posting on."""
    if pub.authority:
        return f"tag:{pub.authority}:feeds/{name}"
    entries = pub.posted.record.entries
    return _uuid(f"{entries[0].hash if entries else ''} feed {name}")


def permanent_id(pub: Publication, path: str) -> str:
    """The permanent id of something on a site, given as a path; see `feed_id`."""
    if pub.authority:
        return f"tag:{pub.authority}:{path}"
    entries = pub.posted.record.entries
    return _uuid(f"{entries[0].hash if entries else ''} {path}")


def _uuid(text: str) -> str:
    """A UUID of a text's hash: version 8, whose bits are free."""
    number = int.from_bytes(hashlib.sha256(text.encode()).digest()[:16])
    number = number & ~(0xF << 76) | 8 << 76
    number = number & ~(0x3 << 62) | 2 << 62
    return f"urn:uuid:{UUID(int=number)}"


def atom(feed: Feed, url: str) -> str:
    """A feed as Atom; `url` is its own full address, empty if unknown."""
    own = [f'<link rel="self" type="{TYPES[ATOM]}" href="{_xml(url)}"/>'] if url else []
    return "\n".join(
        [
            '<?xml version="1.0" encoding="utf-8"?>',
            f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{_xml(feed.language)}">',
            f"<id>{_xml(feed.id)}</id>",
            f"<title>{_xml(feed.title)}</title>",
            f"<updated>{feed.updated}</updated>",
            f"<author><name>{_xml(feed.site)}</name></author>",
            *own,
            f'<link rel="alternate" type="text/html" href="{_xml(feed.home)}"/>',
            *map(_entry, feed.items),
            "</feed>\n",
        ]
    )


def _entry(item: Item) -> str:
    categories = "".join(f'<category term="{_xml(kind)}"/>\n' for kind in item.kinds)
    return (
        f"<entry>\n<id>{_xml(item.id)}</id>\n<title>{_xml(item.title)}</title>\n"
        f"<published>{item.posted}</published>\n<updated>{item.updated}</updated>\n"
        f'<link rel="alternate" type="text/html" href="{_xml(item.url)}"/>\n{categories}'
        f"<summary>{_xml(item.short)}</summary>\n"
        f'<content type="html">{_xml(item.html)}</content>\n</entry>'
    )


def _xml(text: str) -> str:
    return escape(NOT_XML.sub("", text))


def json_feed(feed: Feed, url: str) -> dict[str, Any]:
    """A feed as JSON Feed; `_engross` in each item has the facts of the change."""
    own = {"feed_url": url} if url else {}
    return {
        "version": _VERSION,
        "title": feed.title,
        "home_page_url": feed.home,
        **own,
        "language": feed.language,
        "authors": [{"name": feed.site}],
        "items": [_json_item(item) for item in feed.items],
    }


def _json_item(item: Item) -> dict[str, Any]:
    return {
        "id": item.id,
        "url": item.url,
        "title": item.title,
        **({"summary": item.short} if item.short else {}),
        "content_html": item.html,
        "date_published": item.posted,
        **({"date_modified": item.updated} if item.updated != item.posted else {}),
        "tags": list(item.kinds),
        "_engross": item.facts,
    }


@value_class(frozen=True, slots=True)
class FeedLinks:
    """The two forms of a feed: its title, and the addresses of Atom and JSON Feed."""

    title: str
    atom: str
    json: str


@value_class(frozen=True, slots=True)
class Alerts:
    """The ways to be notified that a page offers. `calendar` is an address, `email_list` too; each may be empty."""

    feeds: tuple[FeedLinks, ...] = ()
    calendar: str = ""
    email_list: str = ""

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self.feeds or self.calendar or self.email_list)


def alerts_about(
    documents: Iterable[tuple[str, str]],
    words: Mapping[str, str],
    link: Callable[[str], str],
    email_list: str,
) -> Alerts:
    """The alerts about all changes and about some documents, given as ids and titles.

    `link` gives the address on a page of an address relative to the site's root.
    """
    own = [(name, words["feed_document"].format(title=title)) for name, title in documents]
    named = [("changes", words["feed_all"]), ("material", words["feed_material"]), *own]
    feeds = tuple(
        FeedLinks(title, link(addresses.feed(name, ATOM)), link(addresses.feed(name, JSON))) for name, title in named
    )
    about = own[0][0] if len(own) == 1 else "changes"
    return Alerts(feeds, link(addresses.feed(about, CALENDAR)), email_list)
