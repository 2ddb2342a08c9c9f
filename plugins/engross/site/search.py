"""Hands the search entries of document pages to whichever search plugin the site uses.

Two kinds of index are known: Material's, a list of entries whose titles and texts are HTML; and MkDocs' own, whose
entries are plain text. MkDocs' own has no way to be told to pass over a page, so what it made of one is taken out.
"""

from __future__ import annotations

from html import escape
from typing import Any

from mkdocs.config.defaults import MkDocsConfig

from engross.render.search import SearchEntry, search_entries
from engross.site.pages import DocumentPage


def add_search_entries(page: DocumentPage, config: MkDocsConfig) -> None:
    """Add an entry for every clause of the page to each search index of the site; to be called after their plugins."""
    entries = [] if page.search.get("exclude") else search_entries(page.document.root, page.document.entry.title)
    for plugin in config.plugins.values():
        index: Any = getattr(plugin, "search_index", None)
        if isinstance(getattr(index, "entries", None), list):
            _add_to_material(index, page, entries)
        elif isinstance(getattr(index, "_entries", None), list):
            _add_to_mkdocs(index, page, entries)


def _add_to_material(index: Any, page: DocumentPage, entries: list[SearchEntry]) -> None:
    boost = {"boost": page.search["boost"]} if "boost" in page.search else {}
    for entry in entries:
        title, text = escape(entry.title, quote=False), escape(entry.text, quote=False)
        index.entries.append({"location": _location(page, entry), "title": title, "text": text, **boost})


def _add_to_mkdocs(index: Any, page: DocumentPage, entries: list[SearchEntry]) -> None:
    made = index._entries
    while made and made[-1]["location"].partition("#")[0] == page.url:
        made.pop()
    indexing = index.config.get("indexing", "full")
    for entry in entries[:1] if indexing == "titles" else entries:
        made.append(
            {
                "title": entry.title,
                "text": entry.text if indexing == "full" else "",
                "location": _location(page, entry),
            }
        )


def _location(page: DocumentPage, entry: SearchEntry) -> str:
    return f"{page.url}#{entry.anchor}" if entry.anchor else page.url
