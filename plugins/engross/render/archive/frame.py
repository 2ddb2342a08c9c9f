"""What all pages of the record share: a light template, a style sheet, one way to write addresses and instants.

They are no pages of MkDocs: plain functions make them, thousands of them, through `archive/base.html`, and
say so little around their text that nothing but the text makes them change. `archive_page(site, template, here, title,
…)` makes one. `template` extends `archive/base.html` and fills its blocks:

    head      more for the <head> (feeds; a style of its own)
    banner    stands before the page's <main>, in its column; to be an <aside> with a label
    main      the page's content, from its <h1> on

and finds there, besides what is handed in by name:

    words         the catalogue of words                 site          the `Site`
    title         what the page is called                here          its address, relative to the site's root
    link(address, anchor="")    from this page to an address relative to the root ("changes/x/"; "" for home)
    instant(at)   a <time> that people read in the site's time zone, and programs in UTC
    crumbs        (text, address) of what leads here     canonical     the full address this page stands for, or ""

Addresses are those of `record/addresses.py`: they end in "/" and are written to `…/index.html` (`file_of`), whether the
site's other pages have folders of their own or not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from jinja2 import Environment
from markupsafe import Markup, escape

from engross.common import secured
from engross.record import format_instant
from engross.render.date_format import ShownDates
from engross.render.pages.print import root_attributes

Crumbs = Sequence[tuple[str, str]]
"""What leads to a page, from the outside in: the text and the address of each."""


@dataclass(frozen=True)
class Site:
    """What the site lends the pages of the record.

    `url` is its public address with a closing "/", empty where it is not known. `style` is the style sheet's address.
    `directory_urls` tells whether links to folders will do, or must name `index.html`. `current` are the addresses
    of the documents' pages by id, `pages` those of all other files by their path in the docs folder. All addresses are
    relative to the site's root. `policies` tells whether each page has its Content-Security-Policy in it.
    """

    templates: Environment = field(repr=False)
    words: Mapping[str, str] = field(repr=False)
    language: str
    name: str
    zone: ZoneInfo
    style: str
    url: str = ""
    directory_urls: bool = True
    current: Mapping[str, str] = field(default_factory=dict)
    pages: Mapping[str, str] = field(default_factory=dict)
    policies: bool = True

    def file(self, address: str) -> str:
        """An address as links must write it: with `index.html` where folders will not do."""
        bare = not self.directory_urls and (not address or address.endswith("/"))
        return f"{address}index.html" if bare else address

    def link(self, here: str, address: str, anchor: str = "") -> str:
        """The way from one address to another, and to an anchor there."""
        end = f"#{anchor}" if anchor else ""
        if address == here and end:
            return end
        return f"{'../' * here.count('/')}{self.file(address)}{end}" or "./"

    def full(self, address: str) -> str:
        """The full address, or an empty string where the site's own is not known."""
        return f"{self.url}{self.file(address)}" if self.url else ""

    @property
    def dates(self) -> ShownDates:
        """How the site writes dates."""
        return ShownDates(self.zone, self.words)

    def instant(self, at: datetime) -> Markup:
        """An instant as HTML."""
        shown = Markup('<time datetime="{}">{}</time>')
        return shown.format(format_instant(at), self.dates.instant(at))


def file_of(address: str) -> str:
    """The file, relative to the site's folder, that a page's address is written to."""
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
    """A whole page, made from a template of `templates/archive/`.

    `here` is the page's address; `canonical` that of the page it stands for (None: no such link is made); `index` tells
    whether search engines may list it. With a style sheet `inline` the page asks for nothing and has no frame: it is a
    file to keep. `proof` is a short hash for every printed sheet.
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
        root=Markup(root_attributes(escape(title), escape(proof), site.words)),
        link=link,
        instant=site.instant,
    )
    return secured(html) if site.policies else html
