"""What pages and the site tell programs: head elements, llms.txt, robots.txt, the sitemap.

What the head of a page says to programs: its address, its other forms, and how it is shown where it is shared.

What a theme or another plugin has put there already stays, and is not said twice.

What a site says to programs as a whole: `llms.txt`, `robots.txt`, and a sitemap of what is to be found.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import unescape

from jinja2 import Environment

from engross.model import DocumentEntry
from engross.record import addresses
from engross.render.pages.state import Card, CardGroup

_END = re.compile(r"</head\s*>", re.IGNORECASE)
_CANONICAL = re.compile(r"<link\b[^>]*\brel=[\"']?canonical\b", re.IGNORECASE)
_SHARED = re.compile(r"<meta\b[^>]*\bproperty=[\"']?og:title\b", re.IGNORECASE)
_ROBOTS = re.compile(r"<meta\b[^>]*\bname=[\"']?robots\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Alternate:
    """Another form of a page: its address as seen from the page, its media type, and what it is called."""

    address: str
    type: str
    title: str


@dataclass(frozen=True, slots=True)
class Shared:
    """How a page is shown where it is shared, in the terms of the Open Graph protocol (ogp.me).

    `type` is "website" for a site's home page, "article" for any other; `url` is "" where the site's address is not
    known.
    """

    type: str
    site: str
    title: str
    description: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """What a page says of itself; `canonical` is its whole address, `robots` what search engines may do with it."""

    shared: Shared
    canonical: str = ""
    robots: str = ""
    alternates: tuple[Alternate, ...] = ()


def with_head(html: str, head: Head, templates: Environment) -> str:
    """A finished page with what it lacks in its head."""
    end = _END.search(html)
    if end is None:
        return html
    written = html[: end.start()]
    tags = templates.get_template("head.html").render(
        canonical="" if _CANONICAL.search(written) else head.canonical,
        robots="" if _ROBOTS.search(written) else head.robots,
        alternates=head.alternates,
        shared=None if _SHARED.search(written) else head.shared,
    )
    lines = "\n".join(line for line in tags.splitlines() if line)
    return f"{written}{lines}\n{html[end.start() :]}"


_URL = re.compile(r"[ \t]*<url>.*?</url>[ \t]*\n?", re.DOTALL)
_LOCATION = re.compile(r"<loc>(.*?)</loc>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """What is said of a site: its name, its description, and the notice that stands on every document."""

    name: str
    description: str = ""
    notice: str = ""


def llms_txt(
    site: SiteFacts,
    groups: tuple[CardGroup, ...],
    words: Mapping[str, str],
    address: Callable[[DocumentEntry], str],
    full: Callable[[str], str] = str,
) -> str:
    """The documents of a site for language models, as llmstxt.org proposes: a list of links in Markdown.

    `address` gives where a document's text is found in a form for programs; `full` makes an address relative to the
    site's root a whole one.
    """
    parts = [f"# {_line(site.name)}"]
    parts += [f"> {_line(site.description)}"] if site.description else []
    parts += [_line(site.notice)] if site.notice else []
    for group in groups:
        parts.append(f"## {_line(group.set.title if group.set else words['other_documents'])}")
        parts.append("\n".join(_entry(card, words, address, full) for card in group.cards))
        if group.set and group.set.precedence:
            parts.append(_precedence(group, words))
    if any(card.state for group in groups for card in group.cards):
        said = f"- [{addresses.MANIFEST}]({full(addresses.MANIFEST)}): {words['all_as_json']}"
        parts += [f"## {words['for_programs']}", said]
    return "\n\n".join(parts) + "\n"


def _entry(
    card: Card, words: Mapping[str, str], address: Callable[[DocumentEntry], str], full: Callable[[str], str]
) -> str:
    entry = card.entry
    said = " ".join(filter(None, (f"{words['kind_' + entry.kind]}.", _line(entry.description), _state(card, words))))
    title = re.sub(r"([\\\[\]])", r"\\\1", _line(entry.title))
    line = f"- [{title}]({address(entry)}): {said}"
    version = card.state.in_force if card.state else None
    return f"{line}\n  - [{words['archive_as_json']}]({full(version.file('.json'))})" if version else line


def _state(card: Card, words: Mapping[str, str]) -> str:
    """Which version is in force since when, or that none is; nothing of what is published elsewhere."""
    version = card.state.in_force if card.state else None
    if version:
        return f"{words['version']} {version.number}, {words['in_force_since_lower']} {version.effective.shown}."
    if card.state:
        return f"{words['not_in_force']}."
    return f"{words['draft']}. {words['draft_unposted']}" if card.entry.file else ""


def _precedence(group: CardGroup, words: Mapping[str, str]) -> str:
    ranked: dict[int, list[str]] = {}
    for card in group.cards:
        if card.rank:
            ranked.setdefault(card.rank, []).append(_line(card.entry.title))
    lines = (f"{place}. {', '.join(titles)}" for place, titles in sorted(ranked.items()))
    return f"{words['precedence_order']}\n\n" + "\n".join(lines)


def _line(text: str) -> str:
    return " ".join(text.split())


def robots_txt(sitemap: str) -> str:
    """The robots.txt of a site that may be read whole; `sitemap` is the sitemap's whole address, "" where unknown."""
    return "User-agent: *\nAllow: /\n" + (f"\nSitemap: {sitemap}\n" if sitemap else "")


def sitemap_of(sitemap: str, keep: Callable[[str], bool]) -> str:
    """A sitemap with those pages only whose address `keep` says yes to."""

    def kept(entry: re.Match[str]) -> str:
        location = _LOCATION.search(entry[0])
        return entry[0] if location is None or keep(unescape(location[1].strip())) else ""

    return _URL.sub(kept, sitemap)
