"""A definition as found in a passage, before it is known what it is to the whole edition."""

from __future__ import annotations

from engross.model import Clause, Definition, Given, Scope
from engross.terms.outline import Passage
from engross.values import dataclass


@dataclass(frozen=True, slots=True)
class Found:
    """A definition where it stands.

    `at` is the stretch of the first name with its marks; `own` the stretch of the passage in which no use of the term
    counts, since it is being defined there; `below` are the clauses that go on with the definition. `weak` marks what
    defines only where nothing else does ("X includes …").
    """

    names: tuple[str, ...]
    passage: Passage
    at: tuple[int, int]
    own: tuple[int, int]
    given: Given
    body: str
    weak: bool = False
    below: tuple[Clause, ...] = ()


@dataclass(frozen=True, slots=True)
class Bound:
    """A definition of the edition with what linking needs to know: where it stands and how far it reaches."""

    definition: Definition
    found: Found
    reach: Clause | None

    @property
    def document(self) -> str:
        """The id of the document that it stands in."""
        return self.definition.place.document

    @property
    def rank(self) -> tuple[int, int, int]:
        """Which of several definitions of one name that all hold here prevails: the least."""
        order = {Scope.CLAUSE: 0, Scope.SECTION: 1, Scope.DOCUMENT: 2, Scope.SET: 3}
        lines = self.reach.lines[1] - self.reach.lines[0] if self.reach else 0
        return order[self.definition.scope], lines, self.definition.given is Given.POINTER
