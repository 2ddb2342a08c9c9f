"""The results of binding an edition: definitions, their uses, and references."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from functools import partial
from typing import Protocol

from engross.common import lazy_value, value_class
from engross.model.sets import Edition


@value_class(frozen=True, slots=True)
class Place:
    """A span of text: the characters `start` to `end` of a clause's `inline.text` in one document.

    `clause` is the index of the clause that contains the text, in the order of `root.walk()`. `anchor` and `label`
    belong to the nearest clause that has an anchor. `line` and `column` are 1-based in the file `path`.
    """

    document: str
    path: str
    clause: int
    start: int
    end: int
    anchor: str
    label: str
    line: int
    column: int


class Scope(StrEnum):
    """The part of the text that a definition applies to."""

    SET = "set"
    DOCUMENT = "document"
    SECTION = "section"
    CLAUSE = "clause"


class Given(StrEnum):
    """The form of a definition: in a list, inside a sentence, or by pointing at another definition."""

    LISTED = "listed"
    RUNNING = "running"
    POINTER = "pointer"


@value_class(frozen=True, slots=True)
class Definition:
    """A term that the text defines.

    `names` are all names of the term; `term` is the first. `place` is the position of the first name, `anchor` the
    address of the definition in its document. `scope_anchors` are the sections or clauses that a narrower scope is
    limited to. `body` is the text of the definition, for popovers. `target` is what a definition by pointer points at:
    (document id, anchor), or None.
    """

    term: str
    names: tuple[str, ...]
    place: Place
    anchor: str
    scope: Scope
    given: Given
    body: str = ""
    scope_anchors: tuple[str, ...] = ()
    target: tuple[str, str] | None = None


@value_class(frozen=True, slots=True)
class Use:
    """A place in the text that refers to a definition; `text` is the text there (it may contain a line break)."""

    text: str
    place: Place
    definition: Definition


class ReferenceKind(StrEnum):
    """The means by which a reference identifies its target. ATTACHMENT: an exhibit, schedule … that does not exist."""

    HEADING = "heading"
    NUMBER = "number"
    DOCUMENT = "document"
    SELF = "self"
    ATTACHMENT = "attachment"
    EXTERNAL = "external"


@value_class(frozen=True, slots=True)
class Reference:
    """A cross-reference. `target` is (document id, anchor; "" for the whole document) or None. With None, an EXTERNAL
    reference points outside the set and any other is broken. `problem` describes what is wrong, or is empty; an
    EXTERNAL reference with a problem names no other document and may be a mistake. `sure` is false for a broken
    reference where the numbers of the document do not show that the one cited is missing.
    """

    text: str
    kind: ReferenceKind
    place: Place
    target: tuple[str, str] | None
    problem: str = ""
    sure: bool = True


class Places:
    """The places in which a definition is used, in the order of the text; they are made when they are asked for."""

    def __init__(self, parts: Iterable[tuple[str, int, Callable[[], Sequence[Place]]]] = ()) -> None:
        self._parts = list(parts)

    def __len__(self) -> int:
        return sum(count for _, count, _ in self._parts)

    def __iter__(self) -> Iterator[Place]:
        return (place for _, _, make in self._parts for place in make())

    def within(self, document: str) -> Iterator[Place]:
        """Yield the places in one document."""
        return (place for name, _, make in self._parts if name == document for place in make())

    def add(self, document: str, count: int, make: Callable[[], Sequence[Place]]) -> None:
        """Add places in a document: how many there are, and what makes them."""
        self._parts.append((document, count, make))

    def append(self, place: Place) -> None:
        """Add a place."""
        self.add(place.document, 1, partial(_only, place))

    def extend(self, others: Places) -> None:
        """Add other places after these."""
        self._parts += others._parts


UsesOfDefinition = tuple[int, int, Callable[[], Sequence[Place]]]
"""The number of a definition, how often it is used, and what makes the places."""


@value_class(frozen=True, slots=True)
class UsesInClauses:
    """How often the definition with a `number` is used in each clause of a document, and how often in all of them.

    `rows` are these clauses as JSON: anchor, label and count. There are tens of thousands, and pages that are kept read
    none. `length` is that of all anchors and labels.
    """

    number: int
    uses: int
    clauses: int
    length: int
    rows: str

    @staticmethod
    def of(number: int, places: Iterable[Place]) -> UsesInClauses:
        """Return the uses of a definition in the clauses of a document, in the order of their places."""
        found: dict[tuple[str, str], int] = {}
        for place in places:
            clause = place.anchor, place.label
            found[clause] = found.get(clause, 0) + 1
        rows = _COMPACT.encode([[anchor, label, count] for (anchor, label), count in found.items()])
        length = sum(len(anchor) + len(label) for anchor, label in found)
        return UsesInClauses(number, sum(found.values()), len(found), length, rows)

    def read(self) -> Iterator[tuple[str, str, int]]:
        """Yield the anchor and the label of each clause, and how often it uses the definition."""
        yield from json.loads(self.rows)


_COMPACT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


@value_class(frozen=True)
class Binding:
    """An edition with everything found in it, in the order of the documents and their text."""

    edition: Edition
    definitions: tuple[Definition, ...]
    references: tuple[Reference, ...]
    uses: tuple[Use, ...]

    @lazy_value
    def places(self) -> Mapping[int, Places]:
        """The places in which each definition is used, by its index among the definitions."""
        found: dict[int, Places] = defaultdict(Places)
        for document, used in self.used_in.items():
            for number, count, make in used:
                found[number].add(document, count, make)
        return found

    @lazy_value
    def used_in(self) -> Mapping[str, Sequence[UsesOfDefinition]]:
        """The definitions that are used in each document, by its id."""
        numbers = {id(definition): number for number, definition in enumerate(self.definitions)}
        found: dict[str, dict[int, list[Place]]] = defaultdict(lambda: defaultdict(list))
        for use in self.uses:
            found[use.place.document][numbers[id(use.definition)]].append(use.place)
        return {
            document: [(number, len(places), partial(list[Place], places)) for number, places in used.items()]
            for document, used in found.items()
        }

    def uses_in_clauses(self) -> Iterator[tuple[str, Iterable[UsesInClauses]]]:
        """Yield the id of each document with the clauses in which definitions are used there."""
        for document, used in self.used_in.items():
            yield document, (UsesInClauses.of(number, make()) for number, _, make in used)

    @lazy_value
    def keys(self) -> Mapping[str, str]:
        """By document, the hash of its text and of all that was found in it; none if they are not known."""
        return {}

    def uses_in(self, document: str) -> Sequence[Use]:
        """Return the uses in a document, in the order of the text."""
        return [use for use in self.uses if use.place.document == document]

    def used_at(self, document: str) -> list[tuple[Place, Definition]]:
        """Return the places of the uses in a document, in the order of the text, and what each means."""
        every = ((place, self.definitions[at]) for at, _, make in self.used_in.get(document, ()) for place in make())
        return sorted(every, key=lambda one: (one[0].clause, one[0].start))

    def without(self, documents: Collection[str]) -> Binding:
        """Return this binding without what was found in some documents, which are the last of its edition."""
        return Binding(*self._except(documents), tuple(one for one in self.uses if one.place.document not in documents))

    def _except(self, documents: Collection[str]) -> tuple[Edition, tuple[Definition, ...], tuple[Reference, ...]]:
        left = tuple(one for one in self.edition.documents if one.id not in documents)
        return (
            replace(self.edition, documents=left),
            tuple(one for one in self.definitions if one.place.document not in documents),
            tuple(one for one in self.references if one.place.document not in documents),
        )


class StoredBinding(Binding):
    """A binding whose uses are read from a cache when they are needed. `parts` are those of each document."""

    _parts: Sequence[UsesOfDocument]

    @staticmethod
    def of(
        edition: Edition,
        definitions: tuple[Definition, ...],
        references: tuple[Reference, ...],
        parts: Sequence[UsesOfDocument],
    ) -> StoredBinding:
        """Return a binding with the uses of each document, as `parts`."""
        made = StoredBinding.__new__(StoredBinding)
        values = {"edition": edition, "definitions": definitions, "references": references, "_parts": parts}
        for name, value in values.items():
            setattr(made, name, value)
        return made

    @lazy_value
    def uses(self) -> tuple[Use, ...]:
        """All uses."""
        return tuple(use for part in self._parts for use in part.uses())

    def uses_in(self, document: str) -> Sequence[Use]:
        """Return the uses in a document, in the order of the text."""
        return [use for part in self._parts if part.document == document for use in part.uses()]

    @lazy_value
    def used_in(self) -> Mapping[str, Sequence[UsesOfDefinition]]:
        """The definitions that are used in each document, by its id."""
        return {part.document: list(part.places()) for part in self._parts}

    def uses_in_clauses(self) -> Iterator[tuple[str, Iterable[UsesInClauses]]]:
        """Yield the id of each document with the clauses in which definitions are used there."""
        return ((part.document, part.in_clauses()) for part in self._parts)

    def without(self, documents: Collection[str]) -> Binding:
        """Return this binding without what was found in some documents, which are the last of its edition."""
        left = [part for part in self._parts if part.document not in documents]
        return StoredBinding.of(*self._except(documents), left)

    @lazy_value
    def keys(self) -> Mapping[str, str]:
        """By document, the hash of its text and of all that was found in it."""
        return {part.document: part.key for part in self._parts if part.key}


class UsesOfDocument(Protocol):
    """The uses in one document."""

    @property
    def document(self) -> str:
        """The id of the document."""

    @property
    def key(self) -> str:
        """The hash of its text and of all that was found in it."""

    def uses(self) -> Iterable[Use]:
        """The uses in the order of the text."""

    def places(self) -> Iterable[UsesOfDefinition]:
        """For each definition that is used: its number, how often it is used, and what makes the places."""

    def in_clauses(self) -> Iterable[UsesInClauses]:
        """For each definition that is used, how often it is used in each clause."""


def _only(place: Place) -> Sequence[Place]:
    return (place,)
