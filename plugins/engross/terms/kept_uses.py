"""The uses of terms in one document as they are kept in the cache."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from engross.common import value_class
from engross.model import Definition, Place, Use, UsesInClauses
from engross.terms.passages import Outline

_COMPACT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


@value_class(frozen=True, slots=True)
class NumberedDefinitions:
    """The definitions of an edition, and the number of each by its identity."""

    every: list[Definition]
    numbers: Mapping[int, int]


NO_DEFINITIONS = NumberedDefinitions([], {})


class KeptUses:
    """The uses in one document: as they were `found`, or as the `rows` of JSON that `use_rows` made of them."""

    def __init__(
        self,
        key: str,
        outline: Outline,
        definitions: NumberedDefinitions,
        rows: dict[str, Any],
        found: list[Use] | None = None,
    ) -> None:
        self.key = key
        self.document = outline.id
        self._definitions = definitions
        self._rows = rows
        self._found = found
        # What was found needs no outline, which would stay in memory.
        self._outline = outline if found is None else None

    def uses(self) -> list[Use]:
        """Return the uses in the order of the text."""
        if self._found is None:
            assert self._outline is not None
            texts, every = self._outline.passage_of, self._definitions.every
            placed = [(place, every[number]) for number, _, make in self.places() for place in make()]
            placed.sort(key=lambda one: (one[0].clause, one[0].start))
            self._found = [Use(texts[place.clause].text[place.start : place.end], place, one) for place, one in placed]
            self._outline, self._rows = None, {}
        return self._found

    def places(self) -> Iterator[tuple[int, int, Callable[[], list[Place]]]]:
        """Yield for each definition that is used its number, how often it is used, and what makes the places."""
        if self._found is not None:
            found: dict[int, list[Place]] = defaultdict(list)
            for use in self._found:
                found[self._definitions.numbers[id(use.definition)]].append(use.place)
            yield from ((number, len(places), partial(list[Place], places)) for number, places in found.items())
            return
        assert self._outline is not None
        source, clauses = self._outline.document.source, self._rows["clauses"]
        read = partial(_read, self.document, source.path if source else "", clauses)
        yield from ((number, count, partial(read, places)) for number, count, places, *_ in self._rows["found"])

    def in_clauses(self) -> Iterator[UsesInClauses]:
        """Yield for each definition that is used how often it is used in each clause."""
        if self._found is not None:
            yield from (UsesInClauses.of(number, make()) for number, _, make in self.places())
            return
        yield from (UsesInClauses(number, count, *clauses) for number, count, _, *clauses in self._rows["found"])


def _read(document: str, path: str, clauses: list[Any], places: str) -> list[Place]:
    return [
        Place(document, path, clause, start, end, anchor, label, line, column)
        for at, start, end, line, column in json.loads(places)
        for clause, anchor, label in (clauses[at],)
    ]


def use_rows(uses: list[Use], numbers: Mapping[int, int]) -> dict[str, Any]:
    """The places of each definition as JSON within JSON, because there are tens of thousands and few are read; with
    what those in one clause have in common only once. After them how often each clause uses the definition.
    """
    clauses: dict[tuple[int, str, str], int] = {}
    found: dict[int, list[list[int]]] = defaultdict(list)
    every: dict[int, list[Place]] = defaultdict(list)
    for use in uses:
        place, number = use.place, numbers[id(use.definition)]
        at = clauses.setdefault((place.clause, place.anchor, place.label), len(clauses))
        found[number].append([at, place.start, place.end, place.line, place.column])
        every[number].append(place)
    rows = []
    for number, places in found.items():
        used = UsesInClauses.of(number, every[number])
        rows.append((number, len(places), _COMPACT.encode(places), used.clauses, used.length, used.rows))
    return {"clauses": list(clauses), "found": rows}
