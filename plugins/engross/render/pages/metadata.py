"""Metadata for programs: head elements of pages, llms.txt, robots.txt and the sitemap.

Head elements that a theme or another plugin has added already are kept and not repeated.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import unescape

from jinja2 import Environment

import engross.common.lazy_re as re
from engross.common import value_class
from engross.model import DocumentEntry
from engross.record import addresses
from engross.render.pages.state import Card, CardGroup

_END = re.compile(r"</head\s*>", re.IGNORECASE)
_CANONICAL = re.compile(r"<link\b[^>]*\brel=[\"']?canonical\b", re.IGNORECASE)
_SHARED = re.compile(r"<meta\b[^>]*\bproperty=[\"']?og:title\b", re.IGNORECASE)
_ROBOTS = re.compile(r"<meta\b[^>]*\bname=[\"']?robots\b", re.IGNORECASE)


@value_class(frozen=True, slots=True)
class Alternate:
    """An alternative format of a page: its address relative to the page, its media type, and its title."""

    address: str
    type: str
    title: str


@value_class(frozen=True, slots=True)
class Shared:
    """The preview of a shared page, by the Open Graph protocol (ogp.me).

    `type` is "website" for the home page, "article" for others; `url` is "" if the site's address is unknown.
    """

    type: str
    site: str
    title: str
    description: str = ""
    url: str = ""


@value_class(frozen=True, slots=True)
class Head:
    """The head elements of a page; `canonical` is its full address, `robots` its rules for search engines, `data` facts
    about it as JSON-LD.
    """

    shared: Shared
    canonical: str = ""
    robots: str = ""
    alternates: tuple[Alternate, ...] = ()
    data: str = ""


def with_head(html: str, head: Head, templates: Environment) -> str:
    """Add the missing head elements to a finished page."""
    end = _END.search(html)
    if end is None:
        return html
    written = html[: end.start()]
    tags = templates.get_template("head.html").render(
        canonical="" if _CANONICAL.search(written) else head.canonical,
        robots="" if _ROBOTS.search(written) else head.robots,
        data=head.data,
        alternates=head.alternates,
        shared=None if _SHARED.search(written) else head.shared,
    )
    lines = "\n".join(line for line in tags.splitlines() if line)
    return f"{written}{lines}\n{html[end.start() :]}"


_URL = re.compile(r"[ \t]*<url>.*?</url>[ \t]*\n?", re.DOTALL)
_LOCATION = re.compile(r"<loc>(.*?)</loc>", re.DOTALL)


@value_class(frozen=True, slots=True)
class SiteFacts:
    """The facts of a site: its name, its description, and the notice on every document."""

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

    `address` returns where programs find a document's text; `full` makes an address relative to the site's root
    absolute.
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
        line = f"- [{addresses.MANIFEST}]({full(addresses.MANIFEST)}): {words['all_as_json']}"
        parts += [f"## {words['for_programs']}", line]
    return "\n\n".join(parts) + "\n"


def _entry(
    card: Card, words: Mapping[str, str], address: Callable[[DocumentEntry], str], full: Callable[[str], str]
) -> str:
    entry = card.entry
    about = " ".join(filter(None, (f"{words['kind_' + entry.kind]}.", _line(entry.description), _state(card, words))))
    title = re.sub(r"([\\\[\]])", r"\\\1", _line(entry.title))
    line = f"- [{title}]({address(entry)}): {about}"
    version = card.state.in_force if card.state else None
    return f"{line}\n  - [{words['archive_as_json']}]({full(version.file('.json'))})" if version else line


def _state(card: Card, words: Mapping[str, str]) -> str:
    """The version in force and its date, or that none is; empty for documents published elsewhere."""
    version = card.state.in_force if card.state else None
    if version:
        return f"{words['version']} {version.number}, {words[version.since]} {version.effective.shown}."
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


NO_ROBOTS = "User-agent: *\nDisallow: /\n"
"""A robots.txt that forbids everything."""


def robots_txt(sitemap: str) -> str:
    """A robots.txt that allows everything; `sitemap` is the sitemap's full address, "" if unknown."""
    return "User-agent: *\nAllow: /\n" + (f"\nSitemap: {sitemap}\n" if sitemap else "")


def sitemap_of(sitemap: str, keep: Callable[[str], bool]) -> str:
    """A sitemap with only the pages for whose address `keep` returns True."""

    def kept(entry: re.Match[str]) -> str:
        location = _LOCATION.search(entry[0])
        return entry[0] if location is None or keep(unescape(location[1].strip())) else ""

    return _URL.sub(kept, sitemap)
