"""Finds the definitions, uses and references of an edition.

The steps: outlines (`passages`) → definitions (`definitions`) → scopes; weak definitions dropped (here) → names
(`vocabulary`) → references (`references`) → targets of definitions that point elsewhere (`definition_scope`) → uses
(`uses`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import groupby
from operator import attrgetter, is_
from typing import Final
from weakref import ref

from engross.common import NO_CACHE, Cache, fill, lazy_value, tracked, value_class
from engross.language import key
from engross.model import Binding, Definition, Document, Edition, Given, Scope, StoredBinding
from engross.terms.definition_scope import Addresses, linked_document, points, scope_of, target_of
from engross.terms.definitions import find_definitions
from engross.terms.headings import Headings
from engross.terms.instruments import Instruments
from engross.terms.kept_bindings import Kept, are_bounds_kept, document_hash, kept_bounds
from engross.terms.kept_uses import KeptUses
from engross.terms.passage_memory import PassageMemory
from engross.terms.passages import Bound, Outline
from engross.terms.references import Referrer
from engross.terms.uses import Linker
from engross.terms.vocabulary import DEFAULT_OPTIONS, Names, TermOptions, Vocabulary


class Readings:
    """Caches what was read from single documents, for further editions that contain them.

    A `cache` on disk keeps what is found from one build to the next.
    """

    def __init__(self, cache: Cache = NO_CACHE) -> None:
        self.cache = cache
        self.memory = PassageMemory()
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
            outline, whole = self.outline(document), Scope.SET if first else Scope.DOCUMENT
            self._bounds[key] = kept_bounds(outline, self.cache, whole, lambda: tuple(_bounds(outline, whole)))
            if first:
                _remember(document, self._bounds[key])
        return self._bounds[key]

    def read_ahead(self, documents: Sequence[Document]) -> None:
        """Have all cores find the definitions of documents that the cache on disk does not have."""
        agreement = documents[0]
        fill(
            self.cache,
            documents,
            lambda one: are_bounds_kept(one, self.cache, Scope.SET if one is agreement else Scope.DOCUMENT),
            lambda one: self.bounds(one, first=one is agreement),
            "Finding definitions",
        )

    def linked(self, document: Document, edition: Edition, places: Places) -> tuple[Bound, ...]:
        """Return the definitions of a document, with the targets of those that a link to a document of the edition
        gives; `places` are where these documents are.
        """
        first = document is edition.documents[0]
        bounds, known = self.bounds(document, first=first), self.outline(document).derived(_Linked).known
        if known.get(first, ((), ()))[0] != places:
            known[first] = places, tuple(self.pointed(one, linked_document(one.found, edition)) for one in bounds)
        return known[first][1]

    def pointed(self, bound: Bound, target: tuple[str, str] | None) -> Bound:
        """Turn a definition into one by pointer if it has a target: the same one for the same target."""
        if target is None:
            return bound
        known = self.outline(bound.found.passage.document).derived(_Pointed).known
        if (id(bound), target) not in known:
            definition = replace(bound.definition, given=Given.POINTER, target=target)
            known[id(bound), target] = bound, replace(bound, definition=definition)
        return known[id(bound), target][1]

    def vocabulary(self, bounds: Sequence[Bound], options: TermOptions) -> Vocabulary:
        """Return the names of an edition's definitions; those of a document are collected once."""
        own = (tuple(group) for _, group in groupby(bounds, _DOCUMENT))
        return Vocabulary([self._names(group, options) for group in own], options)

    def _names(self, bounds: tuple[Bound, ...], options: TermOptions) -> Names:
        """Return the names of a document's definitions, which are those of the edition before in most cases."""
        known = self.outline(bounds[0].found.passage.document).derived(_Collected).known
        for names in known:
            if names.options == options and len(names.bounds) == len(bounds) and all(map(is_, names.bounds, bounds)):
                return names
        found = Names(bounds, options)
        known[_MOST_NAMES - 1 :] = []
        known.insert(0, found)
        return found

    def forget(self, document: Document) -> None:
        """Delete everything cached about a document."""
        if outline := self._outlines.pop(id(document), None):
            outline.forget()
        for first in (True, False):
            self._bounds.pop((id(document), first), None)


Places = tuple[tuple[str, str, str], ...]
"""The ids of documents with their files and addresses."""


class _Linked:
    """The definitions of a document with the targets of their links, as the first of an edition or not."""

    def __init__(self, _: Outline) -> None:
        self.known: dict[bool, tuple[Places, tuple[Bound, ...]]] = {}


class _Pointed:
    """The definitions of a document that have a target, with that without one, by its identity and the target."""

    def __init__(self, _: Outline) -> None:
        self.known: dict[tuple[int, tuple[str, str]], tuple[Bound, Bound]] = {}


@value_class(frozen=True, slots=True)
class _Target:
    """The target of a definition, by the facts and the documents that it was looked up in."""

    bound: Bound
    facts: int
    consulted: tuple[ref[Outline], ...]
    target: tuple[str, str] | None

    def is_for(self, bound: Bound, facts: int, outlines: Mapping[str, Outline]) -> bool:
        """Return whether the same target would be found for a definition in an edition with these outlines."""
        return bound is self.bound and facts == self.facts and all(map(partial(_is_among, outlines), self.consulted))


def _is_among(outlines: Mapping[str, Outline], known: ref[Outline]) -> bool:
    outline = known()
    return outline is not None and outlines.get(outline.id) is outline


class _Targets:
    """The targets of the definitions of a document, by the identity of each."""

    def __init__(self, _: Outline) -> None:
        self.known: dict[int, _Target] = {}


class _Collected:
    """The names of a document in the last editions, with and without targets of definitions."""

    def __init__(self, _: Outline) -> None:
        self.known: list[Names] = []


_MOST_NAMES = 4
_DOCUMENT = attrgetter("definition.place.document")


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
    if documents:
        known.read_ahead(documents)
    # The names that mean documents must be known before references such as "Section 5 of the AUP" are read.
    places = tuple((one.id, one.entry.file, one.entry.published) for one in documents)
    bounds = _without_weak([bound for document in documents for bound in known.linked(document, edition, places)])
    found = _Finding(outlines, bounds, options, known, only)
    pointed = [known.pointed(bound, found.target(bound)) for bound in bounds]
    uses = found.uses(pointed)
    definitions = tuple(bound.definition for bound in pointed)
    references = tuple(
        reference for references in found.references.values() for one in references.values() for reference in one
    )
    if known.cache.folder:
        return StoredBinding.of(edition, definitions, references, uses)
    binding = Binding(edition, definitions, references, tuple(use for one in uses for use in one.uses()))
    if readings is None:
        for outline in outlines:
            outline.forget()
    return binding


def definitions_of(document: Document) -> tuple[Definition, ...]:
    """Return the definitions of a document without the others of its set, in the order of the text.

    They have the terms, places and anchors that `bind` gives them, but no targets: references are not read. What was
    found of the last documents is remembered: the anchors of a posted text are asked for again and again.
    """
    found = _RECENT.get(document_hash(document))
    return _remember(document, _bounds(Outline(document), Scope.SET)) if found is None else found


def _remember(document: Document, bounds: Iterable[Bound]) -> tuple[Definition, ...]:
    """Return the definitions of a document, with the whole set as their widest scope, and remember them."""
    found = tuple(bound.definition for bound in _without_weak(list(bounds)))
    if len(_RECENT) >= _MOST_RECENT:
        _RECENT.clear()
    if known := document_hash(document):
        _RECENT[known] = found
    return found


_MOST_RECENT: Final = 64
_RECENT: Final[dict[str, tuple[Definition, ...]]] = {}


def _bounds(outline: Outline, whole: Scope) -> Iterable[Bound]:
    addresses = Addresses()
    for found in find_definitions(outline):
        scope, reaches = scope_of(found, whole)
        if not reaches and (kept := outline.kept_within(found.passage)):
            # A part that stays letter for letter defines its terms for itself.
            scope, reaches = Scope.SECTION, (kept,)
        place = found.passage.place(*found.at)
        definition = Definition(
            term=found.names[0],
            names=found.names,
            place=place,
            anchor=addresses.take(outline.document, found, place.anchor),
            scope=scope,
            given=found.given,
            body=found.body,
            scope_anchors=tuple(reach.anchor for reach in reaches),
        )
        yield Bound(definition, found, reaches)


def _without_weak(bounds: list[Bound]) -> list[Bound]:
    """Drop definitions that only add to a term ("Fees also include …") if another definition defines it.

    Where another one defines some of the names, such as an abbreviation, a definition keeps the others.
    """
    if not any(bound.found.weak for bound in bounds):
        return bounds
    strong: dict[str, set[str]] = defaultdict(set)
    whole_set: set[str] = set()
    for bound in bounds:
        if not bound.found.weak:
            own = set(map(key, bound.definition.names))
            strong[bound.document] |= own
            whole_set |= own if bound.definition.scope is Scope.SET else set()
    kept = []
    for bound in bounds:
        if bound.found.weak:
            others = _other_names(bound, strong[bound.document] | whole_set)
            if not others:
                continue
            strong[bound.document].update(map(key, others))
            bound = replace(bound, definition=replace(bound.definition, term=others[0], names=others))
        kept.append(bound)
    return kept


def _other_names(bound: Bound, known: set[str]) -> tuple[str, ...]:
    """Return the names that are no forms of known ones; all or none where no name is an abbreviation."""
    names = bound.definition.names
    if known.isdisjoint(map(key, names)):
        return names
    forms = bound.found.passage.grammar.forms
    others = tuple(name for name in names if known.isdisjoint((key(name), *forms(key(name)))))
    return others if len(others) < len(names) and any(name.isupper() for name in names if name not in others) else ()


class _Finding:
    """The references and uses of an edition, or of the document `only`, and what finds them, made when needed."""

    def __init__(
        self, outlines: list[Outline], bounds: list[Bound], options: TermOptions, known: Readings, only: str
    ) -> None:
        self._outlines = outlines
        self._by_id = {outline.id: outline for outline in outlines}
        self._bounds = bounds
        self._options = options
        self._wanted = [outline for outline in outlines if only in ("", outline.id)]
        self._known = known
        self._kept = Kept(known.cache, outlines, bounds, options)
        find = partial(self._kept.references, referrer=self._referrer)
        own = fill(known.cache, self._wanted, self._kept.has_references, find, "Finding references")
        every = enumerate(tracked("Finding references", self._wanted))
        self.references = {one.id: own[index] if index in own else find(one) for index, one in every}

    @lazy_value
    def _vocabulary(self) -> Vocabulary:
        return self._known.vocabulary(self._bounds, self._options)

    @lazy_value
    def _made_referrer(self) -> Referrer:
        instruments, headings = Instruments(self._outlines, self._bounds), Headings(self._outlines)
        return Referrer(self._outlines, self._vocabulary, instruments, headings, self._known.memory)

    def _referrer(self) -> Referrer:
        return self._made_referrer

    def target(self, bound: Bound) -> tuple[str, str] | None:
        """Return the target of a definition that points elsewhere: that of the references in its passage."""
        passage, references = bound.found.passage, self.references.get(bound.document)
        if references is None:
            return self._target_elsewhere(bound) if points(bound) else None
        # To know what points elsewhere, the language of the text must be recognized: not for nothing.
        own = references.get(passage.index)
        return target_of(bound, own) if own else None

    def _target_elsewhere(self, bound: Bound) -> tuple[str, str] | None:
        """Return the target of a definition of a document whose references are not wanted, as in the last edition."""
        referrer, outline = self._made_referrer, self._by_id[bound.document]
        known = outline.derived(_Targets).known
        before = known.get(id(bound))
        if before is None or not before.is_for(bound, referrer.facts, self._by_id):
            referrer.consulted.clear()
            target = target_of(bound, referrer.references(bound.found.passage))
            consulted = tuple(ref(self._by_id[name]) for name in referrer.consulted)
            before = known[id(bound)] = _Target(bound, referrer.facts, consulted, target)
        return before.target

    def uses(self, pointed: list[Bound]) -> list[KeptUses]:
        """Return the uses of the definitions in each document; definitions have their targets by now."""
        linkers: list[Linker] = []

        def linker() -> Linker:
            """Return the linker of the definitions, made when the first document needs it."""
            if not linkers:
                same = all(one is other for one, other in zip(self._bounds, pointed, strict=True))
                vocabulary = self._vocabulary if same else self._known.vocabulary(pointed, self._options)
                wanted = {outline.id for outline in self._wanted}
                linkers.append(Linker(vocabulary, pointed, self._outlines, wanted, self._known.memory))
            return linkers[0]

        def found(outline: Outline) -> KeptUses:
            return self._kept.uses(outline, pointed, self.references[outline.id], linker)

        def kept(outline: Outline) -> bool:
            return self._kept.has_uses(outline, pointed, self.references[outline.id])

        own = fill(self._kept.cache, self._wanted, kept, found, "Finding uses of terms")
        every = enumerate(tracked("Finding uses of terms", self._wanted))
        return [own[index] if index in own else found(one) for index, one in every]
