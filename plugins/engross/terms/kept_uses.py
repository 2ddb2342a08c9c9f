"""The uses of terms in one document as they are kept in the cache."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from engross.common import value_class
from engross.model import Place, Use
from engross.terms.passages import Bound, Outline

_COMPACT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


@value_class
class KeptUses:
    """The uses in one document: as they were `found`, or as the values of JSON that `use_rows` made of them."""

    key: str
    outline: Outline
    bounds: list[Bound]
    rows: dict[str, Any]
    found: list[Use] | None = None

    @property
    def document(self) -> str:
        """The id of the document."""
        return self.outline.id

    def uses(self) -> list[Use]:
        """Return the uses in the order of the text."""
        if self.found is not None:
            return self.found
        texts, definitions = self.outline.passage_of, [bound.definition for bound in self.bounds]
        every = sorted(
            ((place, definitions[number]) for number, _, make in self.places() for place in make()),
            key=lambda one: (one[0].clause, one[0].start),
        )
        return [Use(texts[place.clause].text[place.start : place.end], place, one) for place, one in every]

    def places(self) -> Iterator[tuple[int, int, Callable[[], list[Place]]]]:
        """Yield for each definition that is used its number, how often it is used, and what makes the places."""
        for number, count, places in self.rows.get("found", ()):
            yield number, count, partial(self._read, places)
        for number, places in _by_number(self.found or (), self.bounds) if not self.rows else ():
            yield number, len(places), partial(list[Place], places)

    def _read(self, places: str) -> list[Place]:
        source, document, clauses = self.outline.document.source, self.outline.id, self.rows["clauses"]
        path = source.path if source else ""
        return [
            Place(document, path, clause, start, end, anchor, label, line, column)
            for at, start, end, line, column in json.loads(places)
            for clause, anchor, label in (clauses[at],)
        ]


def _by_number(uses: Iterable[Use], bounds: list[Bound]) -> Iterable[tuple[int, list[Place]]]:
    numbers = {id(bound.definition): number for number, bound in enumerate(bounds)}
    found: dict[int, list[Place]] = defaultdict(list)
    for use in uses:
        found[numbers[id(use.definition)]].append(use.place)
    return found.items()


def use_rows(uses: list[Use], numbers: Mapping[int, int]) -> dict[str, Any]:
    """The places of each definition as JSON within JSON, because there are tens of thousands and few are read; with
    what those in one clause have in common only once.
    """
    clauses: dict[tuple[int, str, str], int] = {}
    found: dict[int, list[list[int]]] = defaultdict(list)
    for use in uses:
        place = use.place
        at = clauses.setdefault((place.clause, place.anchor, place.label), len(clauses))
        found[numbers[id(use.definition)]].append([at, place.start, place.end, place.line, place.column])
    rows = [(number, len(places), _COMPACT.encode(places)) for number, places in found.items()]
    return {"clauses": list(clauses), "found": rows}
