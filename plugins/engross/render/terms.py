"""What binding found, laid over the text: links from uses to definitions, from references to what they name.

Every use is a link, but only the first of a term on a page is in the tab order: the others would make a page of terms a
maze for the keyboard (25 stops in 1,000 words are the most there may be). The first in each section is told from those
after it, for readers who want no more links than that. What a page shows about a definition (where it is used) is
computed once for all pages.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from functools import cache
from typing import TypeVar

from engross.model import Binding, Clause, ClauseKind, Definition, Document, DocumentEntry, Place, Reference, Use
from engross.render.inline import Overlay, escape
from engross.values import dataclass

DocumentUrl = Callable[[DocumentEntry], str]
Address = tuple[str, str]
"""A definition's document and anchor, by which it is known: hashing a whole definition for each use would cost more
than the rest of the work here."""

_Found = TypeVar("_Found", Definition, Use, Reference)


@dataclass(frozen=True, slots=True)
class UsedIn:
    """A clause in which a definition is used, and how often."""

    document: DocumentEntry
    anchor: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class TermIndex:
    """A binding, sorted for pages: by document what is defined, used and referred to in it; by definition its uses."""

    binding: Binding
    definitions: Mapping[str, tuple[Definition, ...]]
    uses: Mapping[str, tuple[Use, ...]]
    references: Mapping[str, tuple[Reference, ...]]
    used_in: Mapping[Address, tuple[UsedIn, ...]] = field(repr=False)
    entries: Mapping[str, DocumentEntry] = field(repr=False)


def address_of(definition: Definition) -> Address:
    """The address of a definition: no two have the same."""
    return definition.place.document, definition.anchor


def index_terms(binding: Binding) -> TermIndex:
    """The index of a binding, in one pass over each list."""
    entries = {document.id: document.entry for document in binding.edition.documents}
    counts: dict[Address, Counter[tuple[str, str, str]]] = defaultdict(Counter)
    for use in binding.uses:
        counts[address_of(use.definition)][use.place.document, use.place.anchor, use.place.label] += 1
    used_in = {
        address: tuple(UsedIn(entries[name], anchor, label, count) for (name, anchor, label), count in found.items())
        for address, found in counts.items()
    }
    return TermIndex(
        binding,
        _by_document(binding.definitions),
        _by_document(binding.uses),
        _by_document(binding.references),
        used_in,
        entries,
    )


def overlays(index: TermIndex, document: Document, document_url: DocumentUrl) -> dict[int, list[Overlay]]:
    """The links and addresses to lay over a document's text, by the index of the clause in the order of the text.

    `document_url` gives a document's address as seen from the page; links within the page have none.
    """
    laid: dict[int, list[Overlay]] = defaultdict(list)

    @cache
    def page(id: str) -> str:
        return "" if id == document.id else document_url(index.entries[id])

    @cache
    def address(id: str, anchor: str) -> str:
        return escape(f"{page(id)}#{anchor}" if anchor else page(id))

    sections = _sections(document.root)
    seen: set[Address] = set()
    seen_here: set[tuple[str, Address]] = set()
    for use in index.uses.get(document.id, ()):
        term = address_of(use.definition)
        here = (sections[use.place.clause], term)
        link = _link(use.place, "eg-term", address(*term), stop=term not in seen, again=here in seen_here)
        laid[use.place.clause].append(link)
        seen.add(term)
        seen_here.add(here)
    for reference in index.references.get(document.id, ()):
        if reference.target:
            link = _link(reference.place, "eg-ref", address(*reference.target), stop=True)
            laid[reference.place.clause].append(link)
    anchors = {clause.anchor for clause in document.root.walk()}
    for definition in index.definitions.get(document.id, ()):
        if definition.anchor not in anchors:
            laid[definition.place.clause].append(_target(definition))
    return laid


def _by_document(found: Iterable[_Found]) -> dict[str, tuple[_Found, ...]]:
    grouped: dict[str, list[_Found]] = defaultdict(list)
    for one in found:
        grouped[one.place.document].append(one)
    return {name: tuple(group) for name, group in grouped.items()}


def _sections(root: Clause) -> list[str]:
    """The anchor of the section around each clause, by the clause's index in the order of the text."""
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
    """A definition in running text has an address of its own, which no clause gives it."""
    place = definition.place
    return Overlay(place.start, place.end, f'<span id="{escape(definition.anchor)}" class="eg-defined">', "</span>")
