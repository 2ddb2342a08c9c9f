"""Changes to the HTML of a theme: head elements, fixes of Material, escaped titles, the 404 page, the sitemap.

Themes print titles, descriptions and the site's name as HTML, so they are escaped first. Material's markup is fixed on
the finished page, because a site may override the theme's templates. If a theme has other markup, no pattern matches
and the page does not change.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping
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

import engross.common.lazy_re as re
from engross.corpus import Settings
from engross.model import Document, DocumentEntry
from engross.render import (
    JSON_TYPE,
    NO_ROBOTS,
    Alternate,
    Head,
    Shared,
    Site,
    SiteFacts,
    StateOf,
    card_groups,
    endings,
    linked_data,
    llms_txt,
    render_cards,
    robots_txt,
    sitemap_of,
    with_head,
    with_running_head,
)
from engross.site.editions import SiteEdition
from engross.site.files import beside, rows_files, source_suffix
from engross.site.pages import DocumentPage

_DIALOG = '<div class="md-search" data-md-component="search" role="dialog">'
_PROGRESS = '<div class="md-progress" data-md-component="progress" role="progressbar">'
_SCRIPTS = re.compile(
    r'<script src="(?P<theme>[^"]*assets/javascripts/bundle\.[^"/]*\.js)"></script>(?P<between>\s*)'
    r'(?P<page><script src="[^"]*engross-page\.[^"/]*\.js")>(?P<after>.*)',
    re.DOTALL,
)
_SCRIPT = re.compile(r"<script\b(?P<attributes>(?:[^>\"']|\"[^\"]*\"|'[^']*')*)>\s*(?P<body>[^<]{0,80})", re.IGNORECASE)
_WORKER = re.compile(r'(?P<before>"search": ?"[^"]*?)assets/javascripts/workers/search\.[^"/]+')
_OWN_SCRIPT = re.compile(r'\ssrc="[^"]*assets/engross[^"/]*\.js"')
_DATA_TYPE = re.compile(r"\stype=[\"']?application/(?:ld\+)?json\b")
# The beginnings of the theme's inline scripts that do not use its bundle, such as its analytics script.
_THEME_SCRIPTS = (
    "__md_scope=new URL(",
    'var palette=__md_get("__palette")',
    'var tabs=__md_get("__tabs")',
    'var consent=__md_get("__consent")',
    "var target=document.getElementById(location.hash.slice(1))",
    'var el=document.querySelector("[data-md-component=announce]")',
    'var el=document.querySelector("[data-md-component=outdated]")',
)
_CONTENTS = '<div class="md-sidebar md-sidebar--secondary"'
_BUTTON = '<label class="md-header__button md-icon" for="__{}"'
_REPOSITORY = re.compile(r'(<a [^>]*class="md-source") data-md-component="source">')


def fix_material(html: str, words: Mapping[str, str], search: str) -> str:
    """Fix the markup of a page made by Material; any other page does not change.

    - The search box uses the worker `search`, a file of the site, instead of the theme's. - The search dialog gets a
    name (axe: aria-dialog-name). - The progress bar is hidden from screen readers: it has neither a name nor a value. -
    The labels that open menu and search get names; the page's script makes them buttons. - The table of contents of a
    document is marked: the style sheet folds a long one to the section that is read. - The theme's script is loaded
    after the page can be read, unless the page has other scripts. - The link to the repository loads no star count from
    its host: no request leaves the site.
    """
    if "md-header" not in html:
        return html
    html = _WORKER.sub(rf"\g<before>{search}", html, count=1)
    name = escape(words["search"])
    # Patterns are tried only if they may match, since a page has 150,000 characters.
    for button, label in (("drawer", escape(words["menu"])), ("search", name)):
        html = html.replace(_BUTTON.format(button), f'{_BUTTON.format(button)} data-engross-name="{label}"')
    if "data-engross-text" in html:
        html = html.replace(_CONTENTS, f"{_CONTENTS} data-engross-contents")
    html = html.replace(_DIALOG, f'{_DIALOG[:-1]} aria-label="{name}">')
    html = html.replace(_PROGRESS, _PROGRESS.replace('role="progressbar"', 'aria-hidden="true"'))
    html = _REPOSITORY.sub(r"\1>", html) if 'class="md-source"' in html else html
    return _load_theme_late(html)


def _load_theme_late(html: str) -> str:
    """Have `engross-page.js` load the theme's script after the page can be read.

    That script takes longer than everything else on a long page, and reading needs none of it. It is not deferred on a
    page with other scripts: these may use what it defines, or wait for the same event.
    """
    found = _SCRIPTS.search(html, max(0, html.rfind("<script", 0, html.find("assets/javascripts/bundle."))))
    if not found or any(map(_is_foreign, _SCRIPT.finditer(html[: found.start()] + found["after"]))):
        return html
    return f'{html[: found.start()]}{found["page"]} data-engross-theme="{found["theme"]}">{found["after"]}'


def _is_foreign(script: re.Match[str]) -> bool:
    """Whether a script is neither the theme's nor Engross'; data in a script element is not a script."""
    attributes = script["attributes"]
    if _OWN_SCRIPT.search(attributes) or _DATA_TYPE.search(attributes):
        return False
    return bool(attributes.strip()) or not script["body"].startswith(_THEME_SCRIPTS)


_PAGE_FIELDS = ("title", "subtitle", "description", "author")
_SITE_FIELDS = ("site_name", "site_description", "site_author")


def escape_titles(env: Environment, files: Files, nav: Iterable[StructureItem]) -> None:
    """Escape the titles of pages, sections and links of the navigation, and keep `striptags` from undoing it.

    `Markup` keeps a theme that escapes titles itself from escaping them twice.
    """
    env.filters["striptags"] = _without_tags
    for file in files.documentation_pages():
        if file.page is not None:
            _escape_page(file.page)
    for item in nav:
        _escape_item(item)


def as_printed(config: MkDocsConfig) -> MkDocsConfig:
    """Copy the settings for a theme's templates, with the site's name, description and author escaped."""
    printed = copy.copy(config)
    for name in _SITE_FIELDS:
        printed[name] = _text(config[name])
    return printed


def _escape_page(page: Page) -> None:
    # A title from `nav` is set on the page; a title from a heading is HTML already.
    if "title" in vars(page):
        page.title = _text(page.title)
    page.meta = {name: _text(value) if name in _PAGE_FIELDS else value for name, value in page.meta.items()}


def _escape_item(item: StructureItem) -> None:
    if not isinstance(item, Page) and item.title is not None:
        item.title = _text(item.title)
    if item.is_link:
        item.url = _text(item.url)  # type: ignore[attr-defined]
    for child in getattr(item, "children", None) or ():
        _escape_item(child)


def _text(value: Any) -> Any:
    """Escape a text; HTML, and anything that is not text, does not change."""
    return Markup(escape(value)) if isinstance(value, str) and not hasattr(value, "__html__") else value


def _without_tags(value: Any) -> Markup:
    """Jinja's `striptags` with the result escaped again, since it returns unescaped text."""
    return Markup(escape(Markup(getattr(value, "__html__", lambda: value)()).striptags()))


NOT_FOUND = "404.html"
SITEMAP = "sitemap.xml"
_HEADING = re.compile(r"<h1\b[^>]*>.*?</h1>(\s*<p\b[^>]*>\s*<strong>[^<]*</strong>\s*</p>)?", re.DOTALL)


def finish_page(
    html: str, meta: Head, templates: Environment, words: Mapping[str, str], search: str, printed: Mapping[str, str]
) -> str:
    """Add missing elements to a page's head, and fix the theme's markup (see `fix_material`).

    `printed` are the words of the running head, which may be in the language of a document.
    """
    html = with_running_head(html, f"{meta.shared.title} – {meta.shared.site}", printed)
    return fix_material(with_head(html, meta, templates), words, search)


def head(
    page: Page, config: MkDocsConfig, words: Mapping[str, str], feeds: tuple[Alternate, ...] = (), data: str = ""
) -> Head:
    """Describe a page for its head, with links to `feeds`, and `data` as JSON-LD.

    `robots` in its front matter is for search engines ("noindex").
    """
    description = page.meta.get("description") or config.site_description or ""
    url = page.canonical_url or ""
    kind = "website" if page.is_homepage else "article"
    return Head(
        shared=Shared(kind, config.site_name, _title(page, config), description, url),
        canonical=url,
        robots=str(page.meta.get("robots") or ""),
        alternates=(*(_alternates(page, words) if isinstance(page, DocumentPage) else ()), *feeds),
        data=data,
    )


def page_data(page: Page, edition: SiteEdition, site: Site) -> Markup:
    """Return JSON-LD about the version that the page of a document shows; "" for other pages and for drafts."""
    if not isinstance(page, DocumentPage) or site.preview:
        return Markup()
    entry = page.document.entry
    state, version = edition.state(entry.id, site.words), edition.record.in_force(entry.id, edition.at)
    if state is None or state.draft or version is None:
        return Markup()
    ending = endings(edition.record, entry.id).get(version.number)
    files = rows_files(entry, page.file) if entry.kind.has_rows else {}
    lists = [(files[kind], JSON_TYPE) for kind in ("json", "models_dev") if kind in files]
    return linked_data(version, entry, ending.at if ending else None, site, page.url.removeprefix("./"), lists)


def _title(page: Page, config: MkDocsConfig) -> str:
    """Return the title of a page for sharing: a document's own title, which `nav` may have shortened."""
    if isinstance(page, DocumentPage):
        return page.document.entry.title
    return config.site_name if page.is_homepage or not page.title else Markup(page.title).striptags()


def _alternates(page: DocumentPage, words: Mapping[str, str]) -> tuple[Alternate, ...]:
    document, entry = page.document, page.document.entry
    address = get_relative_url(_machine_file(document, page.file), page.url)
    if entry.kind.has_rows and not document.verbatim:
        return (Alternate(address, "application/json", words["machine_readable"]),)
    return (Alternate(address, "text/markdown", words["download_source"]),)


def _machine_file(document: Document, page: File) -> str:
    """Return the file of a document for programs: the JSON of a readable model list, the source of any other."""
    entry = document.entry
    if entry.kind.has_rows and not document.verbatim:
        return rows_files(entry, page)["json"]
    return beside(entry, source_suffix(entry), page)


def add_machine_files(
    files: Files,
    config: MkDocsConfig,
    settings: Settings,
    words: Mapping[str, str],
    pages: Mapping[str, DocumentPage],
    state: StateOf,
    *,
    preview: bool = False,
) -> None:
    """Add `llms.txt` and `robots.txt`, each unless the site or its theme has one.

    The robots.txt of a preview always forbids everything.
    """
    base = config.site_url or ""

    def address(entry: DocumentEntry) -> str:
        page = pages.get(entry.id)
        return urljoin(base, _machine_file(page.document, page.file)) if page else entry.published

    site = SiteFacts(config.site_name, config.site_description or "", settings.notice)
    made = {
        "llms.txt": llms_txt(site, card_groups(settings, state), words, address, partial(urljoin, base)),
        "robots.txt": NO_ROBOTS if preview else robots_txt(urljoin(base, SITEMAP) if base else ""),
    }
    for name, content in made.items():
        present = files.get_file_from_path(name)
        if present is None:
            files.append(File.generated(config, name, content=content))
        elif preview and name == "robots.txt":
            present.content_string = content


def finish_sitemap(sitemap: str, files: Files) -> str:
    """Remove the pages that search engines must not list."""
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
    search: str,
    url: Callable[[DocumentEntry], str],
    state: StateOf,
    of_text: Callable[[str], Markup],
    *,
    preview: bool = False,
) -> str:
    """Add the documents and a search to the theme's 404 page; a site's own page does not change.

    In a preview it has the banner too. `url` returns a document's address within the site; links begin at the root,
    since the page is shown at any address.
    `state` returns the document's state in the record, `of_text` the attributes of an element with its text.
    """
    html = fix_material(html, words, search)
    if _own_not_found(config):
        return html
    root = urlsplit(config.site_url or "/").path
    content = templates.get_template("missing.html").render(
        words=words,
        preview=preview,
        search=root if "material/search" in config.plugins else "",
        cards=Markup(render_cards(settings, templates, words, lambda entry: urljoin(root, url(entry)), of_text, state)),
    )
    return _HEADING.sub(lambda _: content, html, count=1)


def _own_not_found(config: MkDocsConfig) -> bool:
    custom = config.theme.custom_dir
    return bool(custom) and (Path(str(custom)) / NOT_FOUND).is_file()
