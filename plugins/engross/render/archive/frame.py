"""What all pages of the record share: a light template, a style sheet, addresses and formats of instants.

They are not MkDocs pages. Plain functions make thousands of them through `archive/base.html`. They have little content
around their text, so that they change only when the text does. `archive_page(site, template, here, title, …)` makes
one. `template` extends `archive/base.html` and fills its blocks:

    style     the style sheet of lists and redlines, which a page may leave out
    head      more for the <head> (feeds; a style of its own)
    main      the page's content, from its <h1> on

It has these variables, and those passed by name:

    words         the UI strings                         site          the `Site`
    title         the title of the page                  here          its address, relative to the site's root
    link(address, anchor="")    from this page to an address relative to the root ("changes/x/"; "" for home)
    dated(version)  its date within a line           claimed(entry), imported_from(entry)    see `imports`
    instant(at)   a <time> in the site's time zone for readers, and in UTC for programs
    crumbs        (text, address) of the breadcrumbs     canonical     the full canonical address, or ""

Addresses are those of `record/addresses.py`: they end in "/" and are written to `…/index.html` (`file_of`), also on
sites whose other pages have no folders of their own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from jinja2 import Environment
from markupsafe import Markup, escape

from engross.common import secured, value_class
from engross.corpus import Words
from engross.render.archive.imports import template_functions
from engross.render.date_format import ShownDates
from engross.render.languages import language_attributes, root_direction
from engross.render.pages.print import root_attributes

Crumbs = Sequence[tuple[str, str]]
"""The breadcrumbs of a page, from the outside in, or a menu: text and address."""
Offers = tuple[tuple[str, str], ...]
"""Formats for readers: name and ending, ("pdf", ".pdf")."""


@value_class(frozen=True, slots=True)
class Translations:
    """The languages of a document: the BCP 47 tag and the document's id of each text, the original first; the language
    that governs, and the clause of the original that says so.
    """

    languages: tuple[tuple[str, str], ...]
    governing: tuple[str, str] | None = None


@value_class(frozen=True)
class Site:
    """The settings of the site that the pages of the record need.

    `url` is its public address with a closing "/", empty if unknown. `style` is the address of the style sheet of all
    pages of the record, `marks` that of lists and redlines, which has words; `steps` is that of the script of redlines,
    `compare` that of the script that compares versions.
    `directory_urls`: links may end in a folder; otherwise they name `index.html`. `current` are the addresses of the
    documents' pages by id, `pages` those of all other files by their path in the docs folder. All addresses are
    relative to the site's root. `policies`: each page contains its Content-Security-Policy. `preview`: the site shows
    the draft; each page says so, and search engines may list none. `text` is the language of the document that a page
    shows, if it is not `language`; `documents` are the sites of documents whose pages have another language, by id.
    `titles` are those of posted changes, by slug. `offers` are the formats in which each version can be downloaded
    besides its source and data: the key of the UI string after "archive_as_" or "download_", and the ending of files;
    `redline_offers` are those of redlines.

    `translations` are the languages of each document that has several, by its id.

    The frame has the `logo` and the `favicon` of the theme, a `menu` of the documents and the other pages, a `search`
    field if the theme opens its search for an address, and a switch between light and dark if the theme has one:
    `script` is its address, `palettes` the theme's two, as JSON.
    """

    templates: Environment = field(repr=False)
    words: Words = field(repr=False)
    language: str
    name: str
    zone: ZoneInfo
    style: str
    marks: str = ""
    text: str = ""
    steps: str = ""
    compare: str = ""
    url: str = ""
    directory_urls: bool = True
    current: Mapping[str, str] = field(default_factory=dict)
    pages: Mapping[str, str] = field(default_factory=dict)
    policies: bool = True
    preview: bool = False
    translations: Mapping[str, Translations] = field(default_factory=dict)
    logo: str = ""
    favicon: str = ""
    menu: Crumbs = ()
    search: bool = False
    script: str = ""
    palettes: str = ""
    titles: Mapping[str, str] = field(default_factory=dict, repr=False)
    documents: Mapping[str, Site] = field(default_factory=dict, repr=False)
    offers: Offers = (("html", ".html"),)
    redline_offers: Offers = ()

    def of(self, document: str) -> Site:
        """The site with the language of a document's pages."""
        return self.documents.get(document, self)

    @property
    def of_text(self) -> Markup:
        """The attributes of an element with text of the document."""
        return language_attributes(self.text, self.language)

    def with_titles(self, titles: Mapping[str, str]) -> Site:
        """The site with titles of posted changes, for pages in every language."""
        documents = {name: replace(one, titles=titles) for name, one in self.documents.items()}
        return replace(self, titles=titles, documents=documents)

    def title_of(self, slug: str) -> str:
        """The title of a posted change."""
        return self.titles.get(slug, slug)

    @property
    def frame(self) -> tuple[str, ...]:
        """All that the pages made of `archive/base.html` show besides words and what is passed to them."""
        facts = (self.policies, self.preview, self.directory_urls, self.menu, self.search)
        named = (self.style, self.marks, self.name, self.url, self.language, self.text)
        return (*named, self.script, self.palettes, self.logo, self.favicon, repr(facts))

    def file(self, address: str) -> str:
        """An address as written in links: with `index.html` if links may not end in a folder."""
        bare = not self.directory_urls and (not address or address.endswith("/"))
        return f"{address}index.html" if bare else address

    def link(self, here: str, address: str, anchor: str = "") -> str:
        """The relative link from one address to another, with an anchor."""
        end = f"#{anchor}" if anchor else ""
        if address == here and end:
            return end
        return f"{'../' * here.count('/')}{self.file(address)}{end}" or "./"

    def full(self, address: str) -> str:
        """The full address; empty if the site's own is unknown."""
        return f"{self.url}{self.file(address)}" if self.url else ""

    @property
    def dates(self) -> ShownDates:
        """The site's date formats."""
        return ShownDates(self.zone, self.words)

    def instant(self, at: datetime) -> Markup:
        """An instant as HTML."""
        return self.dates.element(at)


def file_of(address: str) -> str:
    """The file of a page's address, relative to the site's folder."""
    return f"{address}index.html" if not address or address.endswith("/") else address


def archive_page(
    site: Site,
    template: str,
    here: str,
    title: str,
    *,
    canonical: str | None = None,
    index: bool = False,
    crumbs: Crumbs = (),
    inline: str = "",
    proof: str = "",
    **context: object,
) -> str:
    """Render a whole page from a template of `templates/archive/`.

    `here` is the page's address; `canonical` its canonical address (None: no such link); `index`: search engines may
    list it. With a style sheet `inline`, the page is a self-contained HTML copy: it has no frame and requests nothing.
    `proof` is a short hash for every printed sheet.
    """

    def link(address: str, anchor: str = "") -> str:
        return site.link(here, address, anchor)

    html = site.templates.get_template(f"archive/{template}").render(
        context,
        site=site,
        words=site.words,
        here=here,
        title=title,
        canonical="" if canonical is None else site.full(canonical),
        index=index,
        crumbs=crumbs,
        inline=Markup(inline),
        root=root_direction(site.language) + Markup(root_attributes(escape(title), escape(proof), site.words)),
        link=link,
        instant=site.instant,
        **template_functions(site.dates),
    )
    return secured(html) if site.policies else html
