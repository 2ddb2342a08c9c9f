"""How often a defined term is used, and whether it is defined more than once.

How often a defined term is used, names that do not link included; computed once for all rules that ask.

Terms that are defined more than once, and whether the later definition is a slip or has a reason.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field

from engross.common import value_class
from engross.drafting.subject import Passage, Subject
from engross.language import forms, key
from engross.model import ClauseKind, Definition, Given, Place, Scope
from engross.terms import compile_names

Spot = tuple[str, int, int]
"""Where something stands: document, index of the clause, offset."""

_KEPT = "uses"
_ENOUGH = 3
"""More uses than that make no difference to any rule."""


def spot(place: Place) -> Spot:
    """A place in short: by it a definition is known, which would be slow to compare as a whole."""
    return place.document, place.clause, place.start


@value_class(frozen=True, slots=True)
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


@value_class(frozen=True, slots=True)
class Repeat:
    """A definition of a name that was defined before; `slip` tells that both say what it means, for the same reach."""

    name: str
    first: Definition
    again: Definition
    slip: bool


def repeats(subject: Subject) -> Iterator[Repeat]:
    """Each definition that gives a name again; the one before it that reaches as far counts, else the first."""
    for name, definitions in families(subject.binding.definitions).items():
        for at, again in enumerate(definitions[1:], start=1):
            earlier = definitions[:at]
            same = [one for one in earlier if _reach(one) == _reach(again)]
            slips = [one for one in same if _tells(subject, one) and _tells(subject, again)]
            first = (slips or same or earlier)[0]
            if Given.POINTER not in (first.given, again.given):
                yield Repeat(name, first, again, bool(slips))


def _reach(definition: Definition) -> tuple[str, Scope, str]:
    # A definition for the set and one for a document of its own do not compete: the narrower prevails there.
    return definition.place.document, definition.scope, definition.scope_anchor


def _tells(subject: Subject, definition: Definition) -> bool:
    """Whether a definition says outright what its term means. A row of a cover page rather fills it in."""
    passage = subject.passage(definition.place)
    return (
        definition.given is Given.LISTED
        and passage is not None
        and (passage.clause.kind is not ClauseKind.CELL or passage.text[definition.place.start] in '“"„«')
    )
