"""Defined terms of a site: each set is bound once, the first together with the ordinary pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from functools import cached_property

from engross.common import NO_CACHE, Cache, EngrossError, value_class
from engross.corpus import Project
from engross.drafting import Subject, term_options
from engross.model import Binding, Document, DocumentEntry, DocumentKind, Edition, Source, Use
from engross.render import SetTerms, TermIndex, defined_terms, index_terms
from engross.terms import DEFAULT_OPTIONS, Readings, TermOptions, bind
from engross.text import decode, parse


@value_class(frozen=True, slots=True)
class PageTerms:
    """The uses of terms in an ordinary page, in the order of its source."""

    source: Source
    uses: tuple[Use, ...]


@value_class(frozen=True)
class SiteTerms:
    """What binding found: an index for each set, and for each document the index of its first set.

    `pages` are the uses in ordinary pages, by their source path; `options` are those of the binding.
    """

    sets: tuple[TermIndex, ...] = ()
    documents: Mapping[str, TermIndex] = field(default_factory=dict)
    pages: Mapping[str, PageTerms] = field(default_factory=dict)
    options: TermOptions = DEFAULT_OPTIONS
    cache: Cache = NO_CACHE

    @cached_property
    def defined(self) -> tuple[SetTerms, ...]:
        """What the page of defined terms lists."""
        return defined_terms(self.sets)

    def subjects(self) -> list[Subject]:
        """The subjects of the drafting check: every set, and every document that belongs to none."""
        alone = {id(index): index for index in self.documents.values()}
        for index in self.sets:
            alone.pop(id(index), None)
        return [Subject(index.binding, self.options, cache=self.cache) for index in (*self.sets, *alone.values())]


def bind_site(project: Project, pages: Mapping[str, bytes], cache: Cache = NO_CACHE) -> SiteTerms:
    """Bind every set, and each document that belongs to none alone.

    `pages` are the sources of ordinary pages by path. They are bound with the first set; authors link terms of other
    sets by hand. The `cache` keeps what is found in each document.
    """
    options, readings = term_options(project.settings), Readings(cache)
    read = tuple(page for path, data in pages.items() if (page := _page(path, data)))
    indexes: list[TermIndex] = []
    documents: dict[str, TermIndex] = {}
    uses: Mapping[str, PageTerms] = {}
    for edition in project.editions:
        binding, found = _bind(edition, () if indexes else read, options, readings)
        uses = uses or found
        indexes.append(index_terms(binding))
        for document in edition.documents:
            documents.setdefault(document.id, indexes[-1])
    for edition in project.lone_editions():
        documents[edition.set.agreement] = index_terms(bind(edition, options, readings=readings))
    for document in (*project.documents.values(), *read):
        readings.forget(document)
    return SiteTerms(tuple(indexes), documents, uses, options, cache)


def _bind(
    edition: Edition, pages: tuple[Document, ...], options: TermOptions, readings: Readings
) -> tuple[Binding, Mapping[str, PageTerms]]:
    """Bind a set together with ordinary pages, then separate them: a page uses terms, but adds none to the set."""
    whole = bind(replace(edition, documents=edition.documents + pages), options, readings=readings)
    sources = {page.id: page.source for page in pages if page.source}
    terms = {}
    for name, source in sources.items():
        if uses := tuple(use for use in whole.uses_in(name) if use.definition.place.document not in sources):
            terms[source.path] = PageTerms(source, uses)
    return whole.without(sources), terms


def _page(path: str, data: bytes) -> Document | None:
    """Parse an ordinary page, raw HTML included, as a document; None where that is not possible."""
    try:
        source = decode(data, path, sealed=True)
        # No document's id holds a colon.
        entry = DocumentEntry(f"page:{path}", path, DocumentKind.POLICY, path)
        return Document(entry, source, parse(source, through_html=True))
    except EngrossError:
        return None
