"""What nav, front matter and mkdocs.yml say of pages and of the site is text: themes print it as HTML, and get it so.

Titles are escaped once all pages are read, before a theme prints any of them: in the navigation, the breadcrumbs, the
links to the pages before and after, the head. `Markup` keeps a theme that escapes them itself from doing so twice.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable
from html import escape
from typing import Any

from jinja2 import Environment
from markupsafe import Markup
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure import StructureItem
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

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
