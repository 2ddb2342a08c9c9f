"""How often a defined term is used, names that do not link included; computed once for all rules that ask."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field

from engross.checks.subject import Passage, Subject
from engross.model import Definition, Place, Scope
from engross.terms.names import forms, key
from engross.terms.trie import compile_names
from engross.values import dataclass

Spot = tuple[str, int, int]
"""Where something stands: document, index of the clause, offset."""

_KEPT = "uses"
_ENOUGH = 3
"""More uses than that make no difference to any rule."""


def spot(place: Place) -> Spot:
    """A place in short: by it a definition is known, which would be slow to compare as a whole."""
    return place.document, place.clause, place.start


@dataclass(frozen=True, slots=True)
class Uses:
    """The places in which each definition is used, in the order of the text, by the definition's spot."""

    of: Mapping[Spot, Sequence[Place]] = field(repr=False)

    def places(self, definition: Definition) -> Sequence[Place]:
        """Where a definition is used."""
        return self.of.get(spot(definition.place), ())


def uses(subject: Subject) -> Uses:
    """The uses in an edition."""
    found = subject.kept.get(_KEPT)
    if not isinstance(found, Uses):
        places: dict[Spot, list[Place]] = defaultdict(list)
        for use in subject.binding.uses:
            places[spot(use.definition.place)].append(use.place)
        _add_unlinked(subject, places)
        found = subject.kept[_KEPT] = Uses(places)
    return found


def _add_unlinked(subject: Subject, places: dict[Spot, list[Place]]) -> None:
    """Add uses of names that do not link (You, including), as far as they matter."""
    owners = _unlinked(subject)
    pattern = compile_names(owners)
    if pattern is None:
        return
    wanted = set(owners)
    for passage in subject.running:
        for found in pattern.finditer(passage.text):
            name = key(found[0])
            if name not in wanted:
                continue
            for definition in owners[name]:
                if _reaches(definition, passage):
                    place = _place(passage.document.id, passage.index, found.start())
                    places[spot(definition.place)].append(place)
            if all(len(places[spot(definition.place)]) > _ENOUGH for definition in owners[name]):
                wanted.discard(name)
        if not wanted:
            return


def _unlinked(subject: Subject) -> Mapping[str, list[Definition]]:
    """The definitions by each form of those of their names that do not link."""
    owners: dict[str, list[Definition]] = defaultdict(list)
    for definition in subject.binding.definitions:
        for name in definition.names:
            if not subject.options.links(name):
                for form in (key(name), *forms(key(name))):
                    owners[form].append(definition)
    return owners


def _reaches(definition: Definition, passage: Passage) -> bool:
    """Whether a passage can use a definition: not the one that gives it."""
    place = definition.place
    if place.document != passage.document.id:
        return definition.scope is Scope.SET
    return place.clause != passage.index


def _place(document: str, clause: int, at: int) -> Place:
    return Place(document, "", clause, at, at, "", "", 0, 0)


def families(definitions: Iterable[Definition]) -> Mapping[str, list[Definition]]:
    """The definitions by each of their names (keys): those of one name stand together."""
    found: dict[str, list[Definition]] = defaultdict(list)
    for definition in definitions:
        for name in dict.fromkeys(map(key, definition.names)):
            found[name].append(definition)
    return found
