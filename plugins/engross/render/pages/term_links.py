"""Links from uses to definitions and from references to clauses.

Every use is a link, but only the first of a term on a page is in the tab order, to keep the number of tab stops low (at
most 25 in 1,000 words). The first use in each section is marked, for readers who want fewer links.

Ordinary pages were made by another renderer, and `link_first_uses` links the first use of each term there. Binding
finds uses in the page's Markdown, and no renderer reports where a character of its source went. So the words of the
source and those of the HTML are aligned: a use is linked where its own words are, not where the same words happen to be
first.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from functools import cache
from typing import NamedTuple, TypeVar

from jinja2 import Environment

import engross.common.lazy_re as re
from engross.common import lazy_value, value_class
from engross.model import (
    Binding,
    Clause,
    ClauseKind,
    Definition,
    Document,
    DocumentEntry,
    Place,
    Reference,
    Source,
    Use,
    UsesInClauses,
)
from engross.redline import match_equal
from engross.render.archive.paging import text_size
from engross.render.pages.inline import Overlay, escape

DocumentUrl = Callable[[DocumentEntry], str]
Address = tuple[str, str]
"""A definition's document and anchor, used as its key: hashing a whole definition for each use would be slow."""

Counts = Sequence[tuple[str, UsesInClauses]]
"""How often a definition is used in the clauses of each document, by its id, in the order of the text."""

_Found = TypeVar("_Found", Definition, Reference)
_TOKEN = re.compile(r"<!--.*?-->|<(?P<closing>/?)(?P<tag>[a-zA-Z][a-zA-Z0-9-]*)?[^>]*>", re.DOTALL)
_WORD = re.compile(r"&#?\w+;|\w+")
_CLOSED = {
    "a", "abbr", "button", "code", "dfn", "h1", "h2", "h3", "h4", "h5", "h6", "kbd", "label", "option", "pre", "samp",
    "script", "select", "style", "summary", "svg", "textarea",
}  # fmt: skip
"""The elements in which nothing is linked."""


@value_class(frozen=True, slots=True)
class UsedIn:
    """A clause in which a definition is used, and how often."""

    document: DocumentEntry
    anchor: str
    label: str
    count: int


@value_class(frozen=True, slots=True)
class TermIndex:
    """A binding, indexed for pages: definitions and references by document; counts of uses by definition."""

    binding: Binding
    definitions: Mapping[str, tuple[Definition, ...]]
    references: Mapping[str, tuple[Reference, ...]]
    counts: Mapping[Address, Counts] = field(repr=False)
    entries: Mapping[str, DocumentEntry] = field(repr=False)
    _views: dict[int, TermView] = field(default_factory=dict, repr=False, compare=False)

    def defining(self, document: str) -> frozenset[int]:
        """The indexes of the clauses of a document that define a term."""
        return frozenset(one.place.clause for one in self.definitions.get(document, ()))

    def view(self, definition: Definition) -> TermView:
        """A definition of the binding with its uses, made once: its page and that of its document show it."""
        known = self._views.get(id(definition))
        if known is None:
            document = definition.place.document
            counts = self.counts.get(address_of(definition), ())
            key = f"{self.binding.edition.set.id}.{document}.{definition.anchor}"
            known = self._views[id(definition)] = TermView(definition, self.entries, counts, key)
        return known


def address_of(definition: Definition) -> Address:
    """The address of a definition, which is unique."""
    return definition.place.document, definition.anchor


def index_terms(binding: Binding) -> TermIndex:
    """Index a binding, in one pass over each list."""
    entries = {document.id: document.entry for document in binding.edition.documents}
    counts: dict[Address, list[tuple[str, UsesInClauses]]] = defaultdict(list)
    for name, used in binding.uses_in_clauses():
        for one in used:
            counts[address_of(binding.definitions[one.number])].append((name, one))
    return TermIndex(
        binding,
        _by_document(binding.definitions),
        _by_document(binding.references),
        counts,
        entries,
    )


def overlays(index: TermIndex, document: Document, document_url: DocumentUrl) -> dict[int, list[Overlay]]:
    """The links and anchors to add to a document's text, by the index of the clause in the order of the text.

    `document_url` returns a document's address relative to the page; links within the page have only an anchor.
    """
    found: dict[int, list[Overlay]] = defaultdict(list)

    @cache
    def page(id: str) -> str:
        return "" if id == document.id else document_url(index.entries[id])

    @cache
    def address(id: str, anchor: str) -> str:
        return escape(f"{page(id)}#{anchor}" if anchor else page(id))

    sections = _sections(document.root)
    seen: set[Address] = set()
    seen_here: set[tuple[str, Address]] = set()
    for place, definition in index.binding.used_at(document.id):
        term = address_of(definition)
        here = (sections[place.clause], term)
        link = _link(place, "eg-term", address(*term), stop=term not in seen, again=here in seen_here)
        found[place.clause].append(link)
        seen.add(term)
        seen_here.add(here)
    for reference in index.references.get(document.id, ()):
        if reference.target:
            link = _link(reference.place, "eg-ref", address(*reference.target), stop=True)
            found[reference.place.clause].append(link)
    anchors = {clause.anchor for clause in document.root.walk()}
    for definition in index.definitions.get(document.id, ()):
        if definition.anchor not in anchors:
            found[definition.place.clause].append(_target(definition))
    return found


def _by_document(found: Iterable[_Found]) -> dict[str, tuple[_Found, ...]]:
    grouped: dict[str, list[_Found]] = defaultdict(list)
    for one in found:
        grouped[one.place.document].append(one)
    return {name: tuple(group) for name, group in grouped.items()}


def _sections(root: Clause) -> list[str]:
    """The anchor of the section that contains each clause, by the clause's index in the order of the text."""
    around: list[str] = []
    stack = [(root, "")]
    while stack:
        clause, section = stack.pop()
        if clause.kind is ClauseKind.SECTION:
            section = clause.anchor
        around.append(section)
        stack.extend((child, section) for child in reversed(clause.children))
    return around


def _link(place: Place, kind: str, href: str, *, stop: bool, again: bool = False) -> Overlay:
    """A link (`href` is HTML) that may be a tab stop; `again` marks a use of a term used before in the same section."""
    marks = ("" if stop else ' tabindex="-1"') + (" data-again" if again else "")
    return Overlay(place.start, place.end, f'<a class="{kind}" href="{href}"{marks}>', "</a>")


def _target(definition: Definition) -> Overlay:
    """The anchor element of a definition in running text, which has no clause of its own."""
    place = definition.place
    return Overlay(place.start, place.end, f'<span id="{escape(definition.anchor)}" class="eg-defined">', "</span>")


# Only the first uses are listed beside a definition; the page of defined terms lists all.
_FIRST_USES = 8


_USE, _DOCUMENT = 35, 30
"""The bytes of a use and of a document that has uses, without their texts and addresses."""


@value_class(frozen=True)
class TermView:
    """A definition for templates. `key` is its anchor on the page of defined terms, `entries` are all documents."""

    definition: Definition
    entries: Mapping[str, DocumentEntry] = field(repr=False)
    counts: Counts
    key: str

    @property
    def entry(self) -> DocumentEntry:
        """The document that defines it."""
        return self.entries[self.definition.place.document]

    @lazy_value
    def used_in(self) -> tuple[UsedIn, ...]:
        """The clauses in which it is used; made for the pages that are not in the cache."""
        return tuple(UsedIn(self.entries[name], *clause) for name, clauses in self.counts for clause in clauses.read())

    @lazy_value
    def count(self) -> int:
        """The number of uses."""
        return sum(one.uses for _, one in self.counts)

    @lazy_value
    def uses_hash(self) -> str:
        """The hash of the clauses in which it is used."""
        facts = "\n".join([f"{name}\n{one.rows}" for name, one in self.counts])
        return hashlib.sha256(facts.encode(errors="surrogatepass")).hexdigest()

    @lazy_value
    def text_size(self) -> int:
        """The bytes of its texts and address, nearly."""
        return text_size(self.definition.body, *self.definition.names) + 2 * text_size(self.key)

    @lazy_value
    def uses_size(self) -> int:
        """The bytes of the list of all uses, nearly."""
        size, before = 0, ""
        for name, one in self.counts:
            entry = self.entries[name]
            size += one.length + one.clauses * (_USE + len(entry.published))
            if name != before:
                size, before = size + _DOCUMENT + text_size(entry.title), name
        return size


def term_views(index: TermIndex, definitions: Iterable[Definition]) -> Iterator[TermView]:
    """Collect definitions of a set with their uses."""
    return map(index.view, definitions)


def used_in_notes(
    index: TermIndex, document: Document, templates: Environment, context: Mapping[str, object]
) -> dict[int, str]:
    """The HTML of the uses of each definition in a document, by the index of its clause.

    `context` has the UI strings and addresses for the template.
    """
    notes: dict[int, list[TermView]] = {}
    for view in term_views(index, index.definitions.get(document.id, ())):
        notes.setdefault(view.definition.place.clause, []).append(view)
    template = templates.get_template("used-in.html")
    return {
        clause: template.render(context, terms=views, first=_FIRST_USES, many=len(views) > 1)
        for clause, views in notes.items()
    }


class _Word(NamedTuple):
    """A word of a page, where it begins in the HTML, and whether it may be in a link."""

    text: str
    start: int
    open: bool


def link_first_uses(html: str, source: Source, uses: Iterable[Use], address: Callable[[Use], str]) -> str:
    """Link the first of a page's uses that leads to each address.

    `html` was made from `source`, the Markdown that the places of the uses are in. Uses in headings, code, links and
    controls are passed over.
    """
    written = [(found[0], found.start()) for found in _WORD.finditer(source.text)]
    shown = list(_words(html))
    pairs = match_equal([word for word, _ in written], [word.text for word in shown])
    word_at = {written[old][1]: shown[new] for old, new in pairs}
    links: dict[str, tuple[int, int]] = {}
    for use in uses:
        target = address(use)
        word = word_at.get(source.offset(use.place.line, use.place.column))
        if target in links or word is None or not word.open:
            continue
        # Its words may be on two lines, but no tag may be between them.
        pattern = r"\s+".join(map(re.escape, escape(use.text).split())) + r"(?![\w-])"
        if found := re.compile(pattern).match(html, word.start):
            links[target] = found.span()
    out, done = [], 0
    for target, (start, end) in sorted(links.items(), key=lambda link: link[1]):
        out.append(f'{html[done:start]}<a class="eg-term" href="{escape(target)}">{html[start:end]}</a>')
        done = end
    return "".join([*out, html[done:]])


def _words(html: str) -> Iterator[_Word]:
    """The words of a page's text, in order; those of tags and comments are none."""
    closed, done = 0, 0
    for token in _TOKEN.finditer(html):
        yield from _words_in(html, done, token.start(), closed == 0)
        done = token.end()
        if token["tag"] and token["tag"].lower() in _CLOSED and not token[0].endswith("/>"):
            closed += -1 if token["closing"] else 1
    yield from _words_in(html, done, len(html), closed == 0)


def _words_in(html: str, start: int, end: int, is_open: bool) -> Iterator[_Word]:
    return (_Word(found[0], found.start(), is_open) for found in _WORD.finditer(html, start, end))
