"""What stands around the text of every page: its head, the mended theme, the cards, and the page for a wrong address.

The hooks of the plugin call these with what MkDocs hands them; what is said is computed in `render/`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from jinja2 import Environment
from markupsafe import Markup
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

from engross.corpus.documents import Settings
from engross.model import DocumentEntry, DocumentKind
from engross.render.cards import StateOf, card_groups, render_cards
from engross.render.head import Alternate, Head, Shared, with_head
from engross.render.machines import SiteFacts, llms_txt, robots_txt, sitemap_of
from engross.render.running_head import with_running_head
from engross.site.files import beside, catalogue_files, source_suffix
from engross.site.pages import DocumentPage
from engross.site.theme import mend_material

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
