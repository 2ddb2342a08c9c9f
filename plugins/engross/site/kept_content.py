"""Contents of pages that are kept from one build to the next: documents, of which no tree is read then, and terms.

The key of a document's page has the text of its document and all that was found in it, everything that its
`Surroundings` hold, and what their functions can return: the addresses of all pages, the words, and the settings. The
addresses of links are asked for again, because MkDocs reports broken links when it is asked. Pages of rows, of texts in
several languages, and of texts that are shown as they are written are made in each build.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, replace
from typing import Any

from mkdocs.structure.pages import Page

from engross.common import key_of
from engross.corpus import languages_of
from engross.render import ContentsEntry, LinkAnswers, Surroundings, TermsPart, term_views
from engross.site.build import Build
from engross.site.kept_pages import finishing_inputs
from engross.site.pages import DocumentPage, PageText
from engross.terms import document_hash

_MADE_BY = (__name__, "engross.render.pages.document_page", "engross.site.page_content", "engross.text.parser")
_MAKES_TERMS = (__name__, "engross.render.pages.defined_terms", "engross.site.generated_pages")
_FUNCTIONS = frozenset({"templates", "resolve", "document_url", "page_url", "site_url", "cache"})
"""The surroundings that are no values: what they return follows from the site and the address of the page."""


def kept_content(
    build: Build, page: DocumentPage, around: Surroundings, make: Callable[[Surroundings], PageText]
) -> PageText:
    """Return the content of a page, from the cache if it was made of the same; `make` makes it otherwise."""
    known = "".join(_document_facts(build, page))
    if not known:
        return make(around)
    key = key_of(_MADE_BY, "content", site_facts(build), known, _facts(page, around))
    answers, stored = LinkAnswers(around.resolve), build.edition.cache.get(key)
    if stored is not None:
        facts, _, html = stored.partition(b"\n")
        title, contents, asked, sha = json.loads(facts)
        if answers.are_same(asked):
            return PageText(html.decode("utf-8", "surrogatepass"), tuple(map(_entry, contents)), title, sha)
    made = make(replace(around, resolve=answers))
    html = made.html.encode("utf-8", "surrogatepass")
    sha = hashlib.sha256(html).hexdigest()
    facts = json.dumps([made.title, list(map(_row, made.contents)), answers.asked, sha]).encode()
    build.edition.cache.put(key, facts + b"\n" + html)
    return replace(made, sha256=sha)


def kept_terms(build: Build, page: Page, part: TermsPart, others: Sequence[object], make: Callable[[], str]) -> str:
    """Return the content of a page with some defined terms, from the cache if it was made of the same; `others` are
    the texts on it that are no terms.
    """
    cache = build.edition.cache
    if not cache.folder:
        return make()
    shown = [(view.key, view.definition, view.uses_hash) for view in part.terms]
    key = key_of(_MAKES_TERMS, "terms", site_facts(build), page.url, repr((others, shown)))
    return cache.made(key, lambda: make().encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass")


def site_facts(build: Build) -> str:
    """Return the hash of what the contents of all document pages are made of; computed once for a build."""
    if not build.site_facts:
        project, record = build.project, build.edition.record
        parts = (
            finishing_inputs(build),
            project.settings,
            [(entry.id, build.languages.of(entry.id).text) for entry in project.settings.documents],
            build.options.link_terms,
            [(name, page.url) for name, page in build.pages.items()],
            [(file.src_uri, file.url) for file in build.files.documentation_pages()],
            hashlib.sha256(record.ledger).hexdigest(),
        )
        build.site_facts = hashlib.sha256(repr(parts).encode(errors="surrogatepass")).hexdigest()
    return build.site_facts


def _document_facts(build: Build, page: DocumentPage) -> Iterator[str]:
    """The text of a document, and all that was found in it; nothing if that is not known by its hash."""
    cache, document = build.edition.cache, page.document
    known = document_hash(document) if cache.folder else ""
    if not known or page.parts or languages_of(build.project.settings, document.id):
        return
    terms = build.terms.documents.get(document.id) if build.terms and build.options.link_terms else None
    if terms is None:
        yield known
    elif found := terms.binding.keys.get(document.id):
        # The page says where the terms that its document defines are used.
        views = term_views(terms, terms.definitions.get(document.id, ()))
        yield repr((known, found, [(view.key, view.uses_hash) for view in views]))


def _facts(page: DocumentPage, around: Surroundings) -> str:
    """Everything that the surroundings of a page hold; of its languages only their tags, as their words are the
    site's, and of its state no tree, because that follows from the record.
    """
    values = {one.name: getattr(around, one.name) for one in fields(around) if one.name not in _FUNCTIONS}
    values["language"] = around.language.words.language, around.language.text
    values["state"] = around.state and (replace(around.state, tree=None), around.state.tree is None)
    return repr((page.url, page.file.src_uri, sorted(values.items())))


def _row(entry: ContentsEntry) -> list[Any]:
    return [entry.anchor, entry.number, entry.title, entry.level, list(map(_row, entry.sections))]


def _entry(stored: list[Any]) -> ContentsEntry:
    anchor, number, title, level, sections = stored
    return ContentsEntry(anchor, number, title, level, tuple(map(_entry, sections)))
