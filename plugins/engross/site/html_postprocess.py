"""What is added to finished pages: head, fixes of the theme, cards, the 404 page.

Mends what Material's markup lacks, on the finished page, so that a site's overrides of the theme stay as they are.

Where a theme or a version of it has other markup, nothing matches and nothing changes. Colours and lines are the style
sheet's part.

What nav, front matter and mkdocs.yml say of pages and of the site is text: themes print it as HTML, and get it so.

Titles are escaped once all pages are read, before a theme prints any of them: in the navigation, the breadcrumbs, the
links to the pages before and after, the head. `Markup` keeps a theme that escapes them itself from doing so twice.

What stands around the text of every page: its head, the mended theme, the cards, and the page for a wrong address.

The hooks of the plugin call these with what MkDocs hands them; what is said is computed in `render/`.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from jinja2 import Environment
from markupsafe import Markup
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure import StructureItem
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

from engross.corpus import Settings
from engross.model import DocumentEntry, DocumentKind
from engross.render import (
    Alternate,
    Head,
    Shared,
    SiteFacts,
    StateOf,
    card_groups,
    llms_txt,
    render_cards,
    robots_txt,
    sitemap_of,
    with_head,
    with_running_head,
)
from engross.site.files import beside, catalogue_files, source_suffix
from engross.site.pages import DocumentPage

_DIALOG = '<div class="md-search" data-md-component="search" role="dialog">'
_PROGRESS = '<div class="md-progress" data-md-component="progress" role="progressbar">'
_SCRIPTS = re.compile(
    r'<script src="(?P<theme>[^"]*assets/javascripts/bundle\.[^"/]*\.js)"></script>(?P<between>\s*)'
    r'(?P<page><script src="[^"]*engross-page\.[^"/]*\.js")>(?P<after>.*)',
    re.DOTALL,
)
_SCRIPT = re.compile(r"<script\b(?P<attributes>(?:[^>\"']|\"[^\"]*\"|'[^']*')*)>\s*(?P<body>[^<]{0,80})", re.IGNORECASE)
_OURS = re.compile(r'\ssrc="[^"]*assets/engross[^"/]*\.js"')
_DATA = re.compile(r"\stype=[\"']?application/(?:ld\+)?json\b")
# How the theme's own inline scripts begin that ask for nothing of its script. That of its analytics does.
_OF_THE_THEME = (
    "__md_scope=new URL(",
    'var palette=__md_get("__palette")',
    'var tabs=__md_get("__tabs")',
    'var consent=__md_get("__consent")',
    "var target=document.getElementById(location.hash.slice(1))",
    'var el=document.querySelector("[data-md-component=announce]")',
    'var el=document.querySelector("[data-md-component=outdated]")',
)
_CONTENTS = '<div class="md-sidebar md-sidebar--secondary"'
_SIGN = '<label class="md-header__button md-icon" for="__{}"'
_FACTS = re.compile(r'(<a [^>]*class="md-source") data-md-component="source">')


def mend_material(html: str, words: Mapping[str, str]) -> str:
    """A page made by Material, mended; any other page as it is.

    - The search dialog gets a name (axe: aria-dialog-name).
    - The line that runs while a page loads is hidden from who hears the page: it has no name and no value to tell.
    - The signs for menu and search get names, by which the page's script makes them buttons.
    - The contents of a document are known as such: the style sheet folds long ones to the section that is read.
    - The theme's script is loaded when the page can be read, unless the page has scripts of others.
    - The link to the repository does not ask the repository's host for its stars: no request leaves the site.
    """
    if "md-header" not in html:
        return html
    name = escape(words["search"])
    # Words are put for words, and patterns only tried where they may match: a page has 150,000 characters.
    for sign, said in (("drawer", escape(words["menu"])), ("search", name)):
        html = html.replace(_SIGN.format(sign), f'{_SIGN.format(sign)} data-engross-name="{said}"')
    if "data-engross-text" in html:
        html = html.replace(_CONTENTS, f"{_CONTENTS} data-engross-contents")
    html = html.replace(_DIALOG, f'{_DIALOG[:-1]} aria-label="{name}">')
    html = html.replace(_PROGRESS, _PROGRESS.replace('role="progressbar"', 'aria-hidden="true"'))
    html = _FACTS.sub(r"\1>", html) if 'class="md-source"' in html else html
    return _theme_last(html)


def _theme_last(html: str) -> str:
    """A page whose theme is set up once the page can be read: `engross-page.js` loads the theme's script then.

    That script takes longer than all the rest of a long page, and nobody needs it to read. Any other script of a page,
    wherever it stands, may ask for what the theme's defines, or wait for the same event as it does: there it stays.
    """
    found = _SCRIPTS.search(html, max(0, html.rfind("<script", 0, html.find("assets/javascripts/bundle."))))
    if not found or any(map(_of_others, _SCRIPT.finditer(html[: found.start()] + found["after"]))):
        return html
    return f'{html[: found.start()]}{found["page"]} data-engross-theme="{found["theme"]}">{found["after"]}'


def _of_others(script: re.Match[str]) -> bool:
    """Whether a script is neither the theme's nor ours; what a page holds as data is no script."""
    attributes = script["attributes"]
    if _OURS.search(attributes) or _DATA.search(attributes):
        return False
    return bool(attributes.strip()) or not script["body"].startswith(_OF_THE_THEME)


_OF_PAGE = ("title", "subtitle", "description", "author")
_OF_SITE = ("site_name", "site_description", "site_author")


def escape_titles(env: Environment, files: Files, nav: Iterable[StructureItem]) -> None:
    """Escape what pages, sections and links of the navigation are called, and keep `striptags` from undoing it."""
    env.filters["striptags"] = _without_tags
    for file in files.documentation_pages():
        if file.page is not None:
            _escape_page(file.page)
    for item in nav:
        _escape_item(item)


def as_printed(config: MkDocsConfig) -> MkDocsConfig:
    """A copy of the settings for a theme's templates, in which what is said of the site is escaped."""
    printed = copy.copy(config)
    for name in _OF_SITE:
        printed[name] = _text(config[name])
    return printed


def _escape_page(page: Page) -> None:
    # What nav gives is set on the page; a title that was taken from a heading is HTML already.
    if "title" in vars(page):
        page.title = _text(page.title)
    page.meta = {name: _text(value) if name in _OF_PAGE else value for name, value in page.meta.items()}


def _escape_item(item: StructureItem) -> None:
    if not isinstance(item, Page) and item.title is not None:
        item.title = _text(item.title)
    if item.is_link:
        item.url = _text(item.url)  # type: ignore[attr-defined]
    for child in getattr(item, "children", None) or ():
        _escape_item(child)


def _text(value: Any) -> Any:
    """A text as HTML that shows it; what is HTML already, or no text, as it is."""
    return Markup(escape(value)) if isinstance(value, str) and not hasattr(value, "__html__") else value


def _without_tags(value: Any) -> Markup:
    """Jinja's `striptags`, which gives what it took out of the tags without escapes, escaped again."""
    return Markup(escape(Markup(getattr(value, "__html__", lambda: value)()).striptags()))


NOT_FOUND = "404.html"
SITEMAP = "sitemap.xml"
_HEADING = re.compile(r"<h1\b[^>]*>.*?</h1>(\s*<p\b[^>]*>\s*<strong>[^<]*</strong>\s*</p>)?", re.DOTALL)


def finish_page(
    html: str,
    page: Page,
    config: MkDocsConfig,
    templates: Environment,
    words: Mapping[str, str],
    feeds: tuple[Alternate, ...] = (),
) -> str:
    """A page as the theme made it, with what its head lacks, `feeds` among it, and mended."""
    said = head(page, config, words)
    said = replace(said, alternates=(*said.alternates, *feeds))
    html = with_running_head(html, f"{said.shared.title} – {said.shared.site}", words)
    return mend_material(with_head(html, said, templates), words)


def head(page: Page, config: MkDocsConfig, words: Mapping[str, str]) -> Head:
    """What a page's head says of it. `robots` in its front matter is for search engines ("noindex")."""
    description = page.meta.get("description") or config.site_description or ""
    url = page.canonical_url or ""
    kind = "website" if page.is_homepage else "article"
    return Head(
        shared=Shared(kind, config.site_name, _title(page, config), description, url),
        canonical=url,
        robots=str(page.meta.get("robots") or ""),
        alternates=_alternates(page, words) if isinstance(page, DocumentPage) else (),
    )


def _title(page: Page, config: MkDocsConfig) -> str:
    """What a page is called where it is shared: a document by its own title, which `nav` may have shortened."""
    if isinstance(page, DocumentPage):
        return page.document.entry.title
    return config.site_name if page.is_homepage or not page.title else Markup(page.title).striptags()


def _alternates(page: DocumentPage, words: Mapping[str, str]) -> tuple[Alternate, ...]:
    entry = page.document.entry
    address = get_relative_url(_for_programs(entry, page.file), page.url)
    if entry.kind is DocumentKind.CATALOGUE:
        return (Alternate(address, "application/json", words["machine_readable"]),)
    return (Alternate(address, "text/markdown", words["download_source"]),)


def _for_programs(entry: DocumentEntry, page: File) -> str:
    """Where a document is found in a form for programs, in the site: a model list as JSON, any other as its source."""
    if entry.kind is DocumentKind.CATALOGUE:
        return catalogue_files(entry, page)["json"]
    return beside(entry, source_suffix(entry), page)


def add_machine_files(
    files: Files,
    config: MkDocsConfig,
    settings: Settings,
    words: Mapping[str, str],
    pages: Mapping[str, Page],
    state: StateOf,
) -> None:
    """Put in `llms.txt` and `robots.txt`, each unless the site or its theme has one."""
    base = config.site_url or ""

    def address(entry: DocumentEntry) -> str:
        page = pages.get(entry.id)
        return urljoin(base, _for_programs(entry, page.file)) if page else entry.published

    site = SiteFacts(config.site_name, config.site_description or "", settings.notice)
    made = {
        "llms.txt": llms_txt(site, card_groups(settings, state), words, address, partial(urljoin, base)),
        "robots.txt": robots_txt(urljoin(base, SITEMAP) if base else ""),
    }
    for name, content in made.items():
        if files.get_file_from_path(name) is None:
            files.append(File.generated(config, name, content=content))


def finish_sitemap(sitemap: str, files: Files) -> str:
    """The sitemap without pages that search engines are asked not to list."""
    pages = [file.page for file in files.documentation_pages() if file.page]
    hidden = [page for page in pages if "noindex" in str(page.meta.get("robots") or "")]
    addresses = {address for page in hidden for address in (page.canonical_url, page.abs_url) if address}
    return sitemap_of(sitemap, lambda address: address not in addresses)


def finish_not_found(
    html: str,
    config: MkDocsConfig,
    settings: Settings,
    templates: Environment,
    words: Mapping[str, str],
    url: Callable[[DocumentEntry], str],
    state: StateOf,
) -> str:
    """The theme's page for a wrong address, offering the documents and a search; a site's own page stays as it is.

    `url` gives a document's address within the site: the page is shown at any address, so its links begin at the root.
    `state` gives what the record says of it.
    """
    html = mend_material(html, words)
    if _own_not_found(config):
        return html
    root = urlsplit(config.site_url or "/").path
    content = templates.get_template("missing.html").render(
        words=words,
        search=root if "material/search" in config.plugins else "",
        cards=Markup(render_cards(settings, templates, words, lambda entry: urljoin(root, url(entry)), state)),
    )
    return _HEADING.sub(lambda _: content, html, count=1)


def _own_not_found(config: MkDocsConfig) -> bool:
    custom = config.theme.custom_dir
    return bool(custom) and (Path(str(custom)) / NOT_FOUND).is_file()
