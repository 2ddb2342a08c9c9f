"""Where definitions are used: the short list beside each definition, and the page of all defined terms, A to Z."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import groupby

from jinja2 import Environment

from engross.model import Definition, Document, DocumentEntry, SetEntry
from engross.render.terms import DocumentUrl, TermIndex, UsedIn, address_of
from engross.values import dataclass

# Beside a definition only its first uses are listed; the page of defined terms lists all.
_FIRST_USES = 8


@dataclass(frozen=True, slots=True)
class TermView:
    """A definition as the templates are given it. `key` is its anchor on the page of defined terms."""

    definition: Definition
    entry: DocumentEntry
    used_in: tuple[UsedIn, ...]
    key: str

    @property
    def count(self) -> int:
        """In how many places it is used."""
        return sum(used.count for used in self.used_in)


@dataclass(frozen=True, slots=True)
class SetTerms:
    """The defined terms of one set: letters in order, each with its terms."""

    set: SetEntry
    letters: tuple[tuple[str, tuple[TermView, ...]], ...]


def term_views(index: TermIndex, definitions: Iterable[Definition]) -> Iterator[TermView]:
    """Some definitions of a set, with where they are used."""
    for definition in definitions:
        document = definition.place.document
        used_in = index.used_in.get(address_of(definition), ())
        key = f"{index.binding.edition.set.id}.{document}.{definition.anchor}"
        yield TermView(definition, index.entries[document], used_in, key)


def set_terms(index: TermIndex) -> SetTerms:
    """The terms of a set from A to Z, however they are capitalised or accented; same names in the order of the text."""
    views = sorted(term_views(index, index.binding.definitions), key=lambda view: _sorting(view.definition.term))
    letters = groupby(views, key=lambda view: _letter(view.definition.term))
    return SetTerms(index.binding.edition.set, tuple((letter, tuple(group)) for letter, group in letters))


def used_in_notes(
    index: TermIndex, document: Document, templates: Environment, context: Mapping[str, object]
) -> dict[int, str]:
    """For each clause of a document that defines something, the HTML that says where that is used.

    `context` has what the template needs besides: words and addresses.
    """
    notes: dict[int, list[TermView]] = {}
    for view in term_views(index, index.definitions.get(document.id, ())):
        notes.setdefault(view.definition.place.clause, []).append(view)
    template = templates.get_template("used-in.html")
    return {
        clause: template.render(context, terms=views, first=_FIRST_USES, many=len(views) > 1)
        for clause, views in notes.items()
    }


def render_defined_terms(
    indexes: list[TermIndex],
    templates: Environment,
    words: Mapping[str, str],
    document_url: DocumentUrl,
) -> str:
    """The content of the page of defined terms, each set in turn."""
    url = cache(document_url)

    def places(term: TermView) -> Iterator[tuple[str, str, int]]:
        """Where a term is used: address, name, how often. A site has tens of thousands: the template only sets them."""
        for used in term.used_in:
            yield f"{url(used.document)}#{used.anchor}", f"{used.document.title}: {used.label}", used.count

    return templates.get_template("defined-terms.html").render(
        sets=[set_terms(index) for index in indexes], words=words, document_url=url, places=places
    )


def _letter(term: str) -> str:
    return _sorting(term)[:1].upper()


def _sorting(term: str) -> str:
    plain = unicodedata.normalize("NFKD", term)
    return "".join(character for character in plain if not unicodedata.combining(character)).casefold()
