"""The results of binding for each document of an edition, kept in the cache between builds.

Definitions depend on their document alone. References and uses depend also on what the documents of an edition offer to
each other: titles, headings, definitions, and the names that act in sentences. Every other fact about another document
is noted when it is looked up: documents whose numbers were read, by the hash of their text, and words, with the result.
A kept result is used only while all of this is the same.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import field, replace
from typing import Any

from engross.common import Cache, key_of, lazy_value, value_class
from engross.language import Recognized, recognize, remember
from engross.model import Definition, Document, Given, Mark, MarkKind, Place, Reference, ReferenceKind, Scope
from engross.terms.acting_names import acting
from engross.terms.headings import OwnHeadings, kept_rows
from engross.terms.instruments import names_for_itself, titles
from engross.terms.kept_uses import NO_DEFINITIONS, KeptUses, NumberedDefinitions, use_rows
from engross.terms.passages import Bound, KnownFound, Outline, Passage, grammar_of
from engross.terms.references import Referrer
from engross.terms.split_references import words_before
from engross.terms.uses import Linker
from engross.terms.vocabulary import TermOptions

MADE_BY = ("engross.terms.binding", "engross.text.parser")

References = dict[int, list[Reference]]
"""The references of a document by the index of their clause."""


def document_hash(document: Document) -> str:
    """Return the hash of everything that binding reads of a document; "" if its tree is made from other sources."""
    source, entry = document.source, document.entry
    if source is None or document.verbatim or entry.kind.has_rows:
        return ""
    facts = repr((replace(entry, line=0), source.path, source.sealed, source.reader))
    return hashlib.sha256(f"{facts}\0{source.text_sha256}".encode(errors="surrogatepass")).hexdigest()


def kept_bounds(
    outline: Outline, cache: Cache, whole: Scope, make: Callable[[], tuple[Bound, ...]]
) -> tuple[Bound, ...]:
    """Return the definitions of a document, from the cache if they are there; `whole` is their widest scope.

    What the document offers to others, its headings and the language of its text are kept with them.
    """
    known = document_hash(outline.document) if cache.folder else ""
    if not known:
        return make()
    key = _definitions_key(known, whole)
    stored = cache.get(key)
    if stored is not None:
        return _read_bounds(json.loads(stored), outline)
    bounds = make()
    indexes = {id(clause): index for index, clause, _ in outline.nodes}
    fields = [_bound_fields(bound, indexes) for bound in bounds]
    shown = recognize(_text(outline))
    defining = {bound.found.passage.index: bound.found.passage for bound in bounds}
    found = {
        "bounds": fields,
        "passages": [[index, one.text, _link_fields(one)] for index, one in defining.items()],
        "titles": outline.derived(titles),
        "split": list(outline.derived(words_before).items()),
        "opening": outline.opening,
        "face": outline.derived(_face),
        "headings": outline.derived(OwnHeadings).rows(indexes),
        "language": [shown.code, shown.english, sorted(shown.mixed)],
    }
    cache.put(key, _json(found))
    return bounds


def _read_bounds(own: dict[str, Any], outline: Outline) -> tuple[Bound, ...]:
    """Return the definitions of a document and have its outline know what else was kept, without reading its tree."""
    face = own["face"]
    outline.know(_face, face)
    outline.know(names_for_itself, frozenset(face["itself"]))
    outline.know(titles, own["titles"])
    outline.know(words_before, dict(own["split"]))
    outline.know(kept_rows, own["headings"])
    outline.acting = Counter(face["acting"])
    outline.lower_words = frozenset(face["lower"])
    outline.opening = own["opening"]
    code, english, mixed = own["language"]
    remember(_text(outline), Recognized(code, english, frozenset(mixed)))
    passages = {index: outline.known_passage(index, text, _links(links)) for index, text, links in own["passages"]}
    return tuple(_read_bound(one, outline, passages) for one in own["bounds"])


def _link_fields(passage: Passage) -> list[Any]:
    return [[mark.start, mark.end, mark.target] for mark in passage.links]


def _links(fields: list[Any]) -> tuple[Mark, ...]:
    return tuple([Mark(start, end, MarkKind.LINK, target) for start, end, target in fields])


def _text(outline: Outline) -> str:
    source = outline.document.source
    return source.text if source else ""


def are_bounds_kept(document: Document, cache: Cache, whole: Scope) -> bool:
    """Return whether `kept_bounds` need not find the definitions of a document."""
    return cache.has(_definitions_key(document_hash(document), whole))


def _definitions_key(known: str, whole: Scope) -> str:
    return key_of(MADE_BY, "definitions", whole, known)


def _bound_fields(bound: Bound, indexes: Mapping[int, int]) -> list[Any]:
    found, definition = bound.found, bound.definition
    place = definition.place
    return [
        found.names, found.passage.index, found.at, found.own, found.given, found.body, found.weak, found.small,
        [indexes[id(clause)] for clause in found.below],
        [place.anchor, place.label, place.line, place.column, definition.anchor, definition.scope],
        [indexes[id(clause)] for clause in bound.reaches],
        _offered_here(bound),
    ]  # fmt: skip


def _read_bound(fields: list[Any], outline: Outline, passages: Mapping[int, Passage]) -> Bound:
    names, index, at, own, given, body, weak, small, below, addressed, reaches, offered = fields
    passage, names, given, (start, end) = passages[index], tuple(names), Given(given), at
    anchor, label, line, column, address, scope = addressed
    limits = tuple(outline.nodes[one][1] for one in reaches)
    found = KnownFound.of(
        outline, below, offered,
        {
            "names": names, "passage": passage, "at": (start, end), "own": tuple(own), "given": given, "body": body,
            "weak": weak, "small": small,
        },
    )  # fmt: skip
    source = outline.document.source
    place = Place(outline.id, source.path if source else "", index, start, end, anchor, label, line, column)
    definition = Definition(
        names[0], names, place, address, Scope(scope), given, body, tuple(one.anchor for one in limits)
    )  # fmt: skip
    return Bound(definition, found, limits)


@value_class(frozen=True, slots=True)
class _Pointed:
    """Definitions with their targets: these as text, and the number of each definition by its identity."""

    bounds: list[Bound]
    targets: str
    definitions: NumberedDefinitions


@value_class
class Kept:
    """The references and uses of an edition's documents in a cache."""

    cache: Cache
    outlines: list[Outline]
    bounds: list[Bound]
    options: TermOptions
    _hashes: dict[str, str] = field(default_factory=dict)
    _consulted: dict[str, dict[str, str]] = field(default_factory=dict)
    _pointed: _Pointed | None = None

    def __post_init__(self) -> None:
        for outline in self.outlines:
            self._hashes[outline.id] = document_hash(outline.document) if self.cache.folder else ""

    def references(self, outline: Outline, referrer: Callable[[], Referrer]) -> References:
        """Return the references of a document; `referrer` is called only if they are not in the cache."""
        key = self._references_key(outline)
        stored = self._stored(key)
        if stored and all(self._hashes.get(name) == known for name, known in stored["consulted"].items()):
            self._consulted[outline.id] = stored["consulted"]
            return {index: [_read_reference(one, outline) for one in found] for index, *found in stored["found"]}
        finder = referrer()
        finder.consulted.clear()
        found = {one.index: references for one in outline.linked if (references := finder.references(one))}
        consulted = {name: self._hashes[name] for name in finder.consulted - {outline.id}}
        if key and all(consulted.values()):
            self._consulted[outline.id] = consulted
            fields = [[index, *map(_reference_fields, references)] for index, references in found.items()]
            self.cache.put(key, _json({"consulted": consulted, "found": fields}))
        return found

    def uses(
        self, outline: Outline, bounds: list[Bound], references: References, linker: Callable[[], Linker]
    ) -> KeptUses:
        """Return the uses in a document; `bounds` are the definitions with the targets of those that point elsewhere,
        and `linker` is called only if the uses are not in the cache.
        """
        spans = _spans(references)
        key = self._uses_key(outline, bounds, spans)
        stored = self._stored(key)
        if stored and all((word in self._lower_words) == answer for word, answer in stored["asked"].items()):
            known = self._found_key(outline, key, stored["asked"])
            return KeptUses(known, outline, self._pointed_at(bounds).definitions, stored)
        finder = linker()
        finder.asked.clear()
        found = [use for passage in outline.linked for use in finder.uses(passage, spans.get(passage.index, ()))]
        if self.cache.folder is None:
            return KeptUses("", outline, NO_DEFINITIONS, {}, found)
        definitions = self._pointed_at(bounds).definitions
        if key:
            self.cache.put(key, _json({"asked": finder.asked, **use_rows(found, definitions.numbers)}))
        return KeptUses(key and self._found_key(outline, key, finder.asked), outline, definitions, {}, found)

    def _found_key(self, outline: Outline, key: str, asked: Mapping[str, bool]) -> str:
        """Return the hash of the text of a document and of all that was found in it."""
        if outline.id not in self._consulted:
            return ""
        facts = repr((key, sorted(self._consulted[outline.id].items()), sorted(asked.items())))
        return hashlib.sha256(facts.encode(errors="surrogatepass")).hexdigest()

    def has_references(self, outline: Outline) -> bool:
        """Return whether the references of a document are in the cache, of this set or of others."""
        return self.cache.has(self._references_key(outline))

    def _references_key(self, outline: Outline) -> str:
        own = self._hashes[outline.id]
        return own and key_of(MADE_BY, "references", self._context, own)

    def has_uses(self, outline: Outline, bounds: list[Bound], references: References) -> bool:
        """Return whether the uses in a document are in the cache."""
        return self.cache.has(self._uses_key(outline, bounds, _spans(references)))

    def _uses_key(self, outline: Outline, bounds: list[Bound], spans: Mapping[int, object]) -> str:
        own = self._hashes[outline.id]
        return own and key_of(MADE_BY, "uses", self._context, self._pointed_at(bounds).targets, repr(spans), own)

    def _pointed_at(self, bounds: list[Bound]) -> _Pointed:
        """Return the facts about definitions that all documents need; computed once for all of them."""
        if self._pointed is None or self._pointed.bounds is not bounds:
            targets = repr([bound.definition.target for bound in bounds])
            every = [bound.definition for bound in bounds]
            numbers = {id(definition): number for number, definition in enumerate(every)}
            self._pointed = _Pointed(bounds, targets, NumberedDefinitions(every, numbers))
        return self._pointed

    def _stored(self, key: str) -> dict[str, Any] | None:
        data = self.cache.get(key) if key else None
        stored: dict[str, Any] | None = None if data is None else json.loads(data)
        return stored

    @lazy_value
    def _faces(self) -> list[dict[str, Any]]:
        return [outline.derived(_face) for outline in self.outlines]

    @lazy_value
    def _lower_words(self) -> frozenset[str]:
        return frozenset().union(*(face["lower"] for face in self._faces))

    @lazy_value
    def _context(self) -> str:
        """The hash of what the documents of the edition offer to each other."""
        parts = (
            [sorted(self.options.link), sorted(self.options.unlink), self.options.compounds, self.options.verbatim],
            [(outline.id, face["offers"]) for outline, face in zip(self.outlines, self._faces, strict=True)],
            sorted(acting(face["acting"] for face in self._faces)),
            list(map(_offered, self.bounds)),
        )
        return hashlib.sha256(repr(parts).encode(errors="surrogatepass")).hexdigest()


def _spans(references: References) -> dict[int, tuple[tuple[int, int], ...]]:
    return {index: tuple((one.place.start, one.place.end) for one in found) for index, found in references.items()}


def _offered(bound: Bound) -> object:
    """The facts that documents read of a definition, without its line."""
    found, definition = bound.found, bound.definition
    here = found.offered if isinstance(found, KnownFound) else _offered_here(bound)
    return bound.document, definition.names, definition.given, definition.target, here


def _offered_here(bound: Bound) -> str:
    """The hash of those facts that depend on the document of the definition alone."""
    definition, found = bound.definition, bound.found
    passage, place = found.passage, bound.definition.place
    lines = [(one.anchor, one.lines[1] - one.lines[0]) for one in bound.reaches]
    facts = (
        (place.anchor, place.label, definition.anchor, definition.scope, definition.scope_anchors),
        (definition.body, lines),
        (found.at, found.own, found.weak, found.small, len(found.below), passage.text, passage.clause.inline.marks),
    )
    return hashlib.sha256(repr(facts).encode(errors="surrogatepass")).hexdigest()


def _face(outline: Outline) -> dict[str, Any]:
    """What a document offers to the others of its edition, and its words and names that are counted with theirs."""
    document, own = outline.document, outline.derived(OwnHeadings)
    itself = sorted(outline.derived(names_for_itself))
    offers = repr(
        (
            replace(document.entry, line=0),
            document.source and document.source.reader,
            outline.derived(titles),
            grammar_of(document).code,
            itself,
            own.facts,
        )
    )
    sha = hashlib.sha256(offers.encode(errors="surrogatepass")).hexdigest()
    return {"offers": sha, "itself": itself, "acting": outline.acting, "lower": sorted(outline.lower_words)}


def _place_fields(place: Place) -> list[Any]:
    return [place.clause, place.start, place.end, place.anchor, place.label, place.line, place.column]


def _read_place(fields: Iterable[Any], outline: Outline) -> Place:
    source = outline.document.source
    return Place(outline.id, source.path if source else "", *fields)


def _reference_fields(one: Reference) -> list[Any]:
    return [*_place_fields(one.place), one.kind, one.target, one.problem, one.text, one.sure]


def _read_reference(fields: list[Any], outline: Outline) -> Reference:
    *placed, kind, target, problem, text, sure = fields
    place = _read_place(placed, outline)
    return Reference(text, _KINDS[kind], place, tuple(target) if target else None, problem, sure)


_KINDS = {str(kind): kind for kind in ReferenceKind}


def _json(value: object) -> bytes:
    return _COMPACT.encode(value).encode(errors="surrogatepass")


_COMPACT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
