"""Finished pages that are kept from one build to the next: a page of the same inputs is not rendered again.

The theme takes most of the time of a build after a small edit. The key of a page has everything that the templates read
(`page_inputs`) and everything that is added afterwards. Changes by other plugins before a page is rendered are part of
its key. If another plugin changes finished pages or the templates' environment, nothing is kept. A kept page has no
copy of its content if the finished page has it unchanged, because the content is known before.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from typing import Any

from jinja2 import Environment, Template
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.pages import Page

from engross.common import Cache, key_of
from engross.common.csp import Sources
from engross.corpus import Words
from engross.render import Head, own_files_hash, template_folders
from engross.site.build import Build
from engross.site.html_postprocess import head, page_data
from engross.site.page_inputs import (
    NOT_FOUND_TEMPLATE,
    PAGE_TEMPLATE,
    UnknownInputError,
    files_of,
    other_inputs,
    page_inputs,
    reads_known_values,
    site_inputs,
    theme_version,
)
from engross.site.pages import DocumentPage
from engross.site.policies import SecuredPage, sha256_of
from engross.site.posted_changes import feed_links

_MADE_BY = (
    __name__,
    "engross.site.html_postprocess",
    "engross.site.policies",
    "engross.site.preview",
    "engross.site.theme_navigation",
)
_EVENTS = ("env", "page_context", "post_page")
"""The events in which plugins may change what no key has: how templates read, other pages, what was rendered."""
_KNOWN_HOOKS = ("engross.", "material.plugins.search.", "mkdocs.contrib.search")
"""The beginnings of the modules whose hooks of these events change nothing else."""


def is_settled(config: MkDocsConfig) -> bool:
    """Return whether no other plugin takes part while pages are rendered."""
    return has_known_hooks(config, _EVENTS)


def has_known_hooks(config: MkDocsConfig, events: Iterable[str]) -> bool:
    """Return whether no other plugin takes part in some events."""
    hooks = [getattr(hook, "__module__", "") for event in events for hook in config.plugins.events[event]]
    return all(module.startswith(_KNOWN_HOOKS) for module in hooks)


class FinishedPage(str):
    """The HTML of a page as it was finished in an earlier build, and its bytes as they were read."""

    __slots__ = ("_data",)
    _data: bytes

    @staticmethod
    def of(data: bytes) -> FinishedPage:
        """Return the page with these bytes; they are not made again when it is written."""
        page = FinishedPage(data, "utf-8")
        page._data = data
        return page

    def encode(self, encoding: str = "utf-8", errors: str = "strict") -> bytes:
        """Return the page as bytes."""
        return self._data if encoding == "utf-8" else super().encode(encoding, errors)


class KeptPages:
    """Reads finished pages from the `cache`, and writes them there.

    `finishing` is all that finishing adds to every page, `finishing_page` what it adds to one. `secured` are the
    policies of the pages of this build, by the names of their files.
    """

    def __init__(
        self, cache: Cache, finishing: str, finishing_page: Callable[[Page], str], secured: dict[str, SecuredPage]
    ) -> None:
        self._cache = cache
        self._finishing = finishing
        self._finishing_page = finishing_page
        self._secured = secured
        self._theme = self._site = ""
        self._missed = ("", "", "")

    def keep(self, env: Environment, config: MkDocsConfig) -> None:
        """Have the theme's environment render only pages that are not kept, where all is known that pages depend on."""
        if self._cache.folder is None or not is_settled(config):
            return
        if config.theme.custom_dir:
            return  # its templates may include and compute anything
        self._theme = theme_version(config)
        key = key_of(_MADE_BY, "templates", self._theme)
        known = self._cache.made(key, lambda: b"known" if reads_known_values(env, config) else b"unknown")
        if known == b"known":
            env.template_class = type("KeptTemplate", (_KeptTemplate,), {"pages": self})

    def render(self, render: Callable[[Mapping[str, Any]], str], context: Mapping[str, Any]) -> str:
        """Return the kept page of a context; where there is none, the page that `render` gives, not finished yet."""
        page: Page = context["page"]
        name = page.file.dest_uri
        self._missed = ("", "", "")
        content = page.content or ""
        try:
            key = self._key(context, page)
        except UnknownInputError:
            return render(context)
        stored = self._cache.get(key)
        if stored is None:
            self._missed = (name, key, content)
            return render(context)
        policy, _, around = stored.partition(b"\n")
        html = _with_content(around, content)
        if policy:
            sources = {kind: frozenset(values) for kind, values in json.loads(policy).items()}
            self._secured[name] = SecuredPage(Sources(**sources), sha256_of(html))
        return FinishedPage.of(html)

    def render_not_found(self, render: Callable[[Mapping[str, Any]], str], context: Mapping[str, Any]) -> str:
        """Return what the template of the page 404.html gives, as `render` does; it is finished in each build."""
        try:
            # Plugins may change the navigation after this page and before all others.
            key = key_of(_MADE_BY, "404", self._theme, site_inputs(context), repr(other_inputs(context)))
        except UnknownInputError:
            return render(context)
        kept = self._cache.made(key, lambda: render(context).encode("utf-8", "surrogatepass"))
        return kept.decode("utf-8", "surrogatepass")

    def put(self, name: str, html: str) -> None:
        """Keep the finished page in the file of that name, if it was rendered in this build."""
        rendered, key, content = self._missed
        if rendered != name or not key:
            return
        try:
            data = _without_content(html, content)
        except UnicodeEncodeError:
            return  # MkDocs writes such a page in another way
        secured = self._secured.get(name)
        named = {one.name: sorted(getattr(secured.sources, one.name)) for one in fields(Sources)} if secured else {}
        policy = json.dumps(named) if secured else ""
        self._cache.put(key, policy.encode() + b"\n" + data)

    def _key(self, context: Mapping[str, Any], page: Page) -> str:
        self._site = self._site or key_of(_MADE_BY, "site", self._theme, self._finishing, site_inputs(context))
        inputs, content = page_inputs(context)
        # To encode and hash the contents of all pages again would take as long as to read them.
        known = page.known_hash if isinstance(page, DocumentPage) else ""
        made_of = ("known", known) if known else ("content", content)
        return key_of(_MADE_BY, "page", self._site, inputs, *made_of, self._finishing_page(page))


def kept_pages(build: Build, config: MkDocsConfig) -> KeptPages:
    """Return the finished pages in the cache of a build; `config` are the settings from which pages are finished."""

    def of_page(page: Page) -> str:
        return repr((page_head(build, page, config), printed_words(build, page).language))

    finishing = (finishing_inputs(build), build.scripts.search, build.policies)
    return KeptPages(build.edition.cache, repr(finishing), of_page, build.secured)


def finishing_inputs(build: Build) -> tuple[object, ...]:
    """Return what is read from files of Engross and of the site's own templates for all pages: words and templates."""
    words = {id(words): words for words in (build.words, *(one.words for one in build.languages.documents.values()))}
    ours = []
    if build.edition.cache.folder:
        ours = [*files_of([template_folders()[-1]], "*.html"), ("", own_files_hash(build.own_templates))]
    return [(one.language, sorted(one.items())) for one in words.values()], build.edition.preview, ours


def page_head(build: Build, page: Page, config: MkDocsConfig) -> Head:
    """Describe a page for its head, as finishing writes it."""
    data = page_data(page, build.edition, build.posted.site)
    return head(page, config, build.words, feed_links(build.posted, page), data)


def printed_words(build: Build, page: Page) -> Words:
    """Return the words of a page's running head: those of its document."""
    return build.languages.of(page.document.id).words if isinstance(page, DocumentPage) else build.words


def _without_content(html: str, content: str) -> bytes:
    """Return a page as bytes without its content, after where that begins; -1 if the page has not exactly it."""
    page, part = html.encode(), content.encode()
    at = page.find(part)
    return b"%d\n" % at + (page if at < 0 else page[:at] + page[at + len(part) :])


def _with_content(around: bytes, content: str) -> bytes:
    """Return the page of which `_without_content` gave `around`, for the same content."""
    at, _, html = around.partition(b"\n")
    return html if int(at) < 0 else html[: int(at)] + content.encode() + html[int(at) :]


class _KeptTemplate(Template):
    """A template of the theme. Only MkDocs calls `render`; templates include each other in another way."""

    pages: KeptPages

    def render(self, *args: Any, **kwargs: Any) -> str:
        """Render a page, or take it from the kept ones if nothing of it changed; other templates as usual."""
        if len(args) != 1 or kwargs:
            return super().render(*args, **kwargs)
        has_page = args[0].get("page") is not None
        if self.name == PAGE_TEMPLATE and has_page:
            return self.pages.render(super().render, args[0])
        if self.name == NOT_FOUND_TEMPLATE and not has_page:
            return self.pages.render_not_found(super().render, args[0])
        return super().render(*args, **kwargs)
