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
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import field, replace
from typing import Any

from engross.common import Cache, key_of, lazy_value, value_class
from engross.language import Recognized, recognize, remember
from engross.model import Definition, Document, Given, Place, Reference, ReferenceKind, Scope, Use
from engross.terms.acting_names import acting
from engross.terms.headings import OwnHeadings, kept_rows
from engross.terms.instruments import names_for_itself, titles
from engross.terms.passages import Bound, Found, Outline, Passage, grammar_of
from engross.terms.references import Referrer
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
    return hashlib.sha256(f"{facts}\0{source.text}".encode(errors="surrogatepass")).hexdigest()


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
        clauses, own = outline.nodes, json.loads(stored)
        outline.know(_face, own["face"])
        outline.know(names_for_itself, frozenset(own["face"]["itself"]))
        outline.acting = Counter(own["face"]["acting"])
        outline.know(kept_rows, own["headings"])
        code, english, mixed = own["language"]
        remember(_text(outline), Recognized(code, english, frozenset(mixed)))
        return tuple(_read_bound(one, outline, clauses) for one in own["bounds"])
    bounds = make()
    indexes = {id(clause): index for index, clause, _ in outline.nodes}
    fields = [_bound_fields(bound, indexes) for bound in bounds]
    shown = recognize(_text(outline))
    found = {
        "bounds": fields,
        "face": outline.derived(_face),
        "headings": outline.derived(OwnHeadings).rows(indexes),
        "language": [shown.code, shown.english, sorted(shown.mixed)],
    }
    cache.put(key, _json(found))
    return bounds


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
    return [
        found.names, found.passage.index, found.at, found.own, found.given, found.body, found.weak, found.small,
        [indexes[id(clause)] for clause in found.below],
        definition.anchor, definition.scope, [indexes[id(clause)] for clause in bound.reaches],
    ]  # fmt: skip


def _read_bound(fields: list[Any], outline: Outline, clauses: list[Any]) -> Bound:
    names, index, at, own, given, body, weak, small, below, anchor, scope, reaches = fields
    passage = outline.passage_of.get(index) or Passage(outline.document, *outline.nodes[index])
    names = tuple(names)
    limits = tuple(clauses[one][1] for one in reaches)
    inner = tuple(clauses[one][1] for one in below)
    found = Found(names, passage, tuple(at), tuple(own), Given(given), body, weak, inner, small)
    definition = Definition(
        names[0],
        names,
        passage.place(*at),
        anchor,
        Scope(scope),
        Given(given),
        body,
        limits[0].anchor if limits else "",
    )
    return Bound(definition, found, limits)


@value_class(frozen=True, slots=True)
class _Pointed:
    """Definitions with their targets: these as text, and the number of each definition by its identity."""

    bounds: list[Bound]
    targets: str
    numbers: Mapping[int, int]


@value_class
class Kept:
    """The references and uses of an edition's documents in a cache."""

    cache: Cache
    outlines: list[Outline]
    bounds: list[Bound]
    options: TermOptions
    _hashes: dict[str, str] = field(default_factory=dict)
    _pointed: _Pointed | None = None

    def __post_init__(self) -> None:
        for outline in self.outlines:
            self._hashes[outline.id] = document_hash(outline.document) if self.cache.folder else ""

    def references(self, outline: Outline, referrer: Callable[[], Referrer]) -> References:
        """Return the references of a document; `referrer` is called only if they are not in the cache."""
        key = self._references_key(outline)
        stored = self._stored(key)
        if stored and all(self._hashes.get(name) == known for name, known in stored["consulted"].items()):
            return {index: [_read_reference(one, outline) for one in found] for index, *found in stored["found"]}
        finder = referrer()
        finder.consulted.clear()
        found = {one.index: references for one in outline.linked if (references := finder.references(one))}
        consulted = {name: self._hashes[name] for name in finder.consulted - {outline.id}}
        if key and all(consulted.values()):
            fields = [[index, *map(_reference_fields, references)] for index, references in found.items()]
            self.cache.put(key, _json({"consulted": consulted, "found": fields}))
        return found

    def uses(
        self, outline: Outline, bounds: list[Bound], references: References, linker: Callable[[], Linker]
    ) -> list[Use]:
        """Return the uses in a document; `bounds` are the definitions with the targets of those that point elsewhere,
        and `linker` is called only if the uses are not in the cache.
        """
        spans = _spans(references)
        key = self._uses_key(outline, bounds, spans)
        stored = self._stored(key)
        if stored and all((word in self._lower_words) == answer for word, answer in stored["asked"].items()):
            return list(_read_uses(stored["found"], outline, bounds))
        finder = linker()
        finder.asked.clear()
        found = [use for passage in outline.linked for use in finder.uses(passage, spans.get(passage.index, ()))]
        if key:
            fields = _use_fields(found, self._pointed_at(bounds).numbers)
            self.cache.put(key, _json({"asked": finder.asked, "found": fields}))
        return found

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
            numbers = {id(bound.definition): number for number, bound in enumerate(bounds)}
            self._pointed = _Pointed(bounds, targets, numbers)
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
    definition, found = bound.definition, bound.found
    passage, place = found.passage, bound.definition.place
    lines = [(one.anchor, one.lines[1] - one.lines[0]) for one in bound.reaches]
    return (
        (place.document, place.anchor, place.label, definition.anchor, definition.scope, definition.scope_anchor),
        (definition.names, definition.given, definition.body, definition.target, lines),
        (found.at, found.own, found.weak, found.small, len(found.below), passage.text, passage.clause.inline.marks),
    )


def _face(outline: Outline) -> dict[str, Any]:
    """What a document offers to the others of its edition, and its words and names that are counted with theirs."""
    document, own = outline.document, outline.derived(OwnHeadings)
    itself = sorted(outline.derived(names_for_itself))
    offers = repr(
        (
            replace(document.entry, line=0),
            document.source and document.source.reader,
            titles(document),
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
    return [*_place_fields(one.place), one.kind, one.target, one.problem]


def _read_reference(fields: list[Any], outline: Outline) -> Reference:
    *placed, kind, target, problem = fields
    place = _read_place(placed, outline)
    text = outline.passage_of[place.clause].text[place.start : place.end]
    return Reference(text, ReferenceKind(kind), place, tuple(target) if target else None, problem)


def _use_fields(uses: list[Use], numbers: Mapping[int, int]) -> list[list[Any]]:
    """The uses of a document, with what those in one clause have in common only once: there are tens of thousands."""
    groups: list[list[Any]] = []
    for use in uses:
        place = use.place
        common, own = [place.clause, place.anchor, place.label], [place.start, place.end, place.line, place.column]
        if not groups or groups[-1][:3] != common:
            groups.append([*common, []])
        groups[-1][3].append([*own, numbers[id(use.definition)]])
    return groups


def _read_uses(groups: list[list[Any]], outline: Outline, bounds: list[Bound]) -> Iterator[Use]:
    source, document = outline.document.source, outline.id
    path = source.path if source else ""
    for clause, anchor, label, uses in groups:
        text = outline.passage_of[clause].text
        for start, end, line, column, number in uses:
            place = Place(document, path, clause, start, end, anchor, label, line, column)
            yield Use(text[start:end], place, bounds[number].definition)


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(errors="surrogatepass")
