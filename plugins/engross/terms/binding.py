"""Finds the definitions, uses and references of an edition.

The steps: outlines (`passages`) → definitions (`definitions`) → scopes; weak definitions dropped (here) → names
(`vocabulary`) → references (`references`) → targets of definitions that point elsewhere (`definition_scope`) → uses
(`uses`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from engross.language import key
from engross.model import Binding, Definition, Document, Edition, Given, Reference, Scope, Use
from engross.terms.definition_scope import Addresses, linked_document, points, scope_of, target_of
from engross.terms.definitions import find_definitions
from engross.terms.headings import Headings
from engross.terms.instruments import Instruments
from engross.terms.passages import Bound, Outline, Passage
from engross.terms.references import Referrer
from engross.terms.uses import Linker
from engross.terms.vocabulary import DEFAULT_OPTIONS, TermOptions, Vocabulary

_References = dict[tuple[str, int], list[Reference]]


class Readings:
    """Caches what was read from single documents, for further editions that contain them."""

    def __init__(self) -> None:
        self._outlines: dict[int, Outline] = {}
        self._bounds: dict[tuple[int, bool], tuple[Bound, ...]] = {}

    def outline(self, document: Document) -> Outline:
        """Return a document's outline. It refers to the document, so that its `id` stays unique in memory."""
        if id(document) not in self._outlines:
            self._outlines[id(document)] = Outline(document)
        return self._outlines[id(document)]

    def bounds(self, document: Document, *, first: bool) -> tuple[Bound, ...]:
        """Return the definitions of a document; those of the first document apply to the whole edition."""
        key = (id(document), first)
        if key not in self._bounds:
            self._bounds[key] = tuple(_bounds(self.outline(document), Scope.SET if first else Scope.DOCUMENT))
        return self._bounds[key]

    def forget(self, document: Document) -> None:
        """Delete everything cached about a document."""
        if outline := self._outlines.pop(id(document), None):
            outline.forget()
        for first in (True, False):
            self._bounds.pop((id(document), first), None)


def bind(
    edition: Edition, options: TermOptions = DEFAULT_OPTIONS, *, only: str = "", readings: Readings | None = None
) -> Binding:
    """Find all definitions, uses and cross-references of an edition, in the order of documents and text.

    An edition may have a single document. Nothing is raised: what cannot be resolved becomes a reference with a
    problem, or is not a use. With `only`, the id of a document, the uses and references of that document only are
    returned. `readings` avoids reading a document again that an earlier edition contained. Text that must stay letter
    for letter has neither uses nor references, and what a part of a document defines in it is defined for that part.
    """
    known = readings or Readings()
    documents = edition.documents
    outlines = [known.outline(document) for document in documents]
    bounds = [bound for document in documents for bound in known.bounds(document, first=document is documents[0])]
    # The names that mean documents must be known before references such as "Section 5 of the AUP" are read.
    bounds = [_with_target(bound, linked_document(bound.found, edition)) for bound in _without_weak(bounds)]
    wanted = [passage for outline in outlines if only in ("", outline.id) for passage in outline.linked]
    # A definition that points elsewhere gets its target from the references in its passage.
    pointing = [bound.found.passage for bound in bounds if only not in ("", bound.document) and points(bound.found)]
    vocabulary = Vocabulary(bounds, options)
    references = _references(outlines, bounds, vocabulary, [*wanted, *pointing])
    pointed = [_with_target(bound, _referenced_target(bound, references)) for bound in bounds]
    if any(one is not other for one, other in zip(bounds, pointed, strict=True)):
        vocabulary = Vocabulary(pointed, options)
    uses = _uses(outlines, pointed, references, vocabulary, wanted)
    if readings is None:
        for outline in outlines:
            outline.forget()
    return Binding(
        edition,
        tuple(bound.definition for bound in pointed),
        tuple(uses),
        tuple(reference for (name, _), found in references.items() if only in ("", name) for reference in found),
    )


def definitions_of(document: Document) -> tuple[Definition, ...]:
    """Return the definitions of a document without the others of its set, in the order of the text.

    They have the terms, places and anchors that `bind` gives them, but no targets: references are not read.
    """
    return tuple(bound.definition for bound in _without_weak(list(_bounds(Outline(document), Scope.SET))))


def _bounds(outline: Outline, whole: Scope) -> Iterable[Bound]:
    addresses = Addresses()
    for found in find_definitions(outline):
        scope, reach = scope_of(found, whole)
        if reach is None and (kept := outline.kept_within(found.passage)):
            # A part that stays letter for letter defines its terms for itself.
            scope, reach = Scope.SECTION, kept
        place = found.passage.place(*found.at)
        definition = Definition(
            term=found.names[0],
            names=found.names,
            place=place,
            anchor=addresses.take(outline.document, found, place.anchor),
            scope=scope,
            given=found.given,
            body=found.body,
            scope_anchor=reach.anchor if reach is not None else "",
        )
        yield Bound(definition, found, reach)


def _without_weak(bounds: list[Bound]) -> list[Bound]:
    """Drop definitions that only add to a term ("Fees also include …") if another definition defines it."""
    strong: dict[str, set[str]] = defaultdict(set)
    whole_set: set[str] = set()
    for bound in bounds:
        if not bound.found.weak:
            names = set(map(key, bound.definition.names))
            strong[bound.document] |= names
            whole_set |= names if bound.definition.scope is Scope.SET else set()
    kept = []
    for bound in bounds:
        names = {key(name) for name in bound.definition.names}
        if bound.found.weak:
            if not (names.isdisjoint(strong[bound.document]) and names.isdisjoint(whole_set)):
                continue
            strong[bound.document].update(names)
        kept.append(bound)
    return kept


def _references(
    outlines: list[Outline], bounds: list[Bound], vocabulary: Vocabulary, passages: Iterable[Passage]
) -> _References:
    """Return the references of each passage by document and index of the clause."""
    referrer = Referrer(outlines, vocabulary, Instruments(outlines, bounds), Headings(outlines))
    found: _References = {}
    for passage in passages:
        references = referrer.references(passage)
        if references:
            found[passage.document.id, passage.index] = references
    return found


def _referenced_target(bound: Bound, references: _References) -> tuple[str, str] | None:
    return target_of(bound.found, references.get((bound.document, bound.found.passage.index), []))


def _with_target(bound: Bound, target: tuple[str, str] | None) -> Bound:
    """Turn a definition into one by pointer if it has a target."""
    if target is None:
        return bound
    return replace(bound, definition=replace(bound.definition, given=Given.POINTER, target=target))


def _uses(
    outlines: list[Outline],
    bounds: list[Bound],
    references: _References,
    vocabulary: Vocabulary,
    passages: Iterable[Passage],
) -> list[Use]:
    linker = Linker(vocabulary, bounds, outlines)
    uses: list[Use] = []
    for passage in passages:
        own = references.get((passage.document.id, passage.index), ())
        spans = tuple((reference.place.start, reference.place.end) for reference in own)
        uses.extend(linker.uses(passage, spans))
    return uses
