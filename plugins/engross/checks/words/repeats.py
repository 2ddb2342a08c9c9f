"""Terms that are defined more than once, and whether the later definition is a slip or has a reason."""

from __future__ import annotations

from collections.abc import Iterator

from engross.checks.subject import Subject
from engross.checks.words.uses import families
from engross.model import ClauseKind, Definition, Given, Scope
from engross.values import dataclass


@dataclass(frozen=True, slots=True)
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
