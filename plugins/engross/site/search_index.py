"""Search entries of documents, for the search plugin that the site uses.

Two kinds of index are known: Material's, a list of entries whose titles and texts are HTML; and MkDocs' own, whose
entries are plain text. MkDocs' own cannot be kept from indexing a page, so its entries for documents are removed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import wraps
from html import escape, unescape
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.pages import Page

import engross.common.lazy_re as re
from engross.common import NO_CACHE, Cache, key_of
from engross.model import Definition
from engross.record import addresses
from engross.render import SearchEntry, search_entries
from engross.site.pages import DocumentPage
from engross.site.posted_changes import PostedSite
from engross.terms import document_hash


def add_search_entries(
    page: DocumentPage, config: MkDocsConfig, definitions: Iterable[Definition] = (), cache: Cache = NO_CACHE
) -> None:
    """Add an entry for every clause of the page to each search index of the site; to be called after their plugins.

    `definitions` are those in the page's document. The `cache` keeps the entries of Material's index.
    """
    defined = tuple(definitions)
    for plugin in config.plugins.values():
        index: Any = getattr(plugin, "search_index", None)
        if isinstance(getattr(index, "entries", None), list):
            index.entries += _kept_for_material(page, defined, cache)
        elif isinstance(getattr(index, "_entries", None), list):
            _add_to_mkdocs(index, page, _entries(page, defined))


def _entries(page: DocumentPage, definitions: Iterable[Definition]) -> list[SearchEntry]:
    if page.search.get("exclude"):
        return []
    return search_entries(page.document.root, page.document.entry.title, definitions)


def search_ordinary_pages_only(config: MkDocsConfig) -> None:
    """Keep Material's search plugin from reading pages that it does not index, such as those of documents.

    Of such a page it removes only the attributes with which an index is controlled, and looks for them longer than it
    takes to render the page's navigation.
    """
    hooks = config.plugins.events["page_context"]
    hooks[:] = [
        _where_indexed(hook) if type(getattr(hook, "__self__", None)).__module__ == _MATERIAL else hook
        for hook in hooks
    ]


_MATERIAL = "material.plugins.search.plugin"


def _where_indexed(hook: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(hook)
    def on_page_context(context: Any, *, page: Page, **others: Any) -> Any:
        """Call the hook of the search plugin unless the page is excluded from search."""
        excluded = (page.meta.get("search") or {}).get("exclude")
        passed = excluded and not _CONTROL.search(page.content or "")
        return None if passed else hook(context, page=page, **others)

    return on_page_context


_CONTROL = re.compile('data-search-\\w+="')

_CHANGE = 0.5
"""The weight of a posted change: the text in force comes first."""


def add_change_entries(posted: PostedSite, config: MkDocsConfig) -> None:
    """Add an entry for every posted change to each search index of the site: its title, documents and summary."""
    for change in posted.pub.posted.changes:
        summary = posted.summaries[change.slug]
        named = dict.fromkeys(effect.entry.document for effect in change.effects if effect.entry.document)
        documents = map(posted.pub.title_of, named)
        text = f"{', '.join(documents)}. {summary.short}"
        location = posted.site.file(addresses.change_page(change.slug))
        for plugin in config.plugins.values():
            index: Any = getattr(plugin, "search_index", None)
            if isinstance(getattr(index, "entries", None), list):
                title, shown = escape(summary.title, quote=False), escape(text, quote=False)
                index.entries.append({"location": location, "title": title, "text": shown, "boost": _CHANGE})
            elif isinstance(getattr(index, "_entries", None), list):
                index._entries.append({"title": summary.title, "text": text, "location": location})


def _kept_for_material(
    page: DocumentPage, definitions: tuple[Definition, ...], cache: Cache
) -> Iterable[dict[str, Any]]:
    """The entries of a page in Material's index, from the cache if it has those of the same text and definitions."""
    known = document_hash(page.document) if cache.folder else ""
    if not known:
        return _for_material(page, _entries(page, definitions))
    defined = [(one.anchor, one.term, one.names, one.body) for one in definitions]
    key = key_of((__name__, "engross.text.parser"), "material", known, repr((page.url, page.search, defined)))
    stored = cache.get(key)
    made: list[dict[str, Any]] = json.loads(stored or b"[]")
    if stored is None:
        made = _for_material(page, _entries(page, definitions))
        cache.put(key, json.dumps(made).encode())
    return made


def _for_material(page: DocumentPage, entries: list[SearchEntry]) -> list[dict[str, Any]]:
    """Material ranks titles a thousand times as high as texts, so further search words are hidden in the title."""
    boost, made = page.search.get("boost", 1), []
    for entry in entries:
        title, text = escape(entry.title, quote=False), escape(entry.text, quote=False)
        if entry.also:
            title += f"<i hidden> {escape(' '.join(entry.also), quote=False)}</i>"
        weight = boost if entry.weight == 1 else round(boost * entry.weight, 3)
        boosted = {} if weight == 1 and "boost" not in page.search else {"boost": weight}
        made.append({"location": _location(page, entry), "title": title, "text": text, **boosted})
    return made


def _add_to_mkdocs(index: Any, page: DocumentPage, entries: list[SearchEntry]) -> None:
    """All entries rank the same in MkDocs' index; further search words follow the text."""
    made = index._entries
    while made and made[-1]["location"].partition("#")[0] == page.url:
        made.pop()
    indexing = index.config.get("indexing", "full")
    for entry in entries[:1] if indexing == "titles" else entries:
        made.append(
            {
                "title": entry.title,
                "text": " ".join([entry.text, *entry.also]) if indexing == "full" else "",
                "location": _location(page, entry),
            }
        )


def unescape_titles(page: Page, config: MkDocsConfig) -> None:
    """Give an ordinary page its title as text in an index of MkDocs' own, whose search escapes what it shows."""
    for plugin in config.plugins.values():
        made = getattr(getattr(plugin, "search_index", None), "_entries", None)
        for entry in reversed(made) if isinstance(made, list) else ():
            if entry["location"].partition("#")[0] != page.url:
                break
            if entry["location"] == page.url and entry["title"] == page.title:
                entry["title"] = unescape(entry["title"])


def _location(page: DocumentPage, entry: SearchEntry) -> str:
    return f"{page.url}#{entry.anchor}" if entry.anchor else page.url
