"""`late-definition`: a term that is used before the sentence that defines it in passing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from engross.checks.findings import Finding
from engross.checks.rules.rule import Rule
from engross.checks.subject import Passage, Subject, at_place
from engross.checks.words.listed import groups
from engross.checks.words.uses import families, uses
from engross.model import Clause, ClauseKind, Definition, Given, Severity
from engross.terms.names import key

_FEWEST = 2


def check(subject: Subject) -> Iterator[Finding]:
    """Each definition outside a list of definitions with a use in an earlier paragraph of its document."""
    used = uses(subject)
    listed = _listed(subject)
    together = families(subject.binding.definitions)
    for definition in subject.binding.definitions:
        place = definition.place
        kin = [other for name in definition.names for other in together[key(name)] if other is not definition]
        if (place.document, place.clause) in listed or definition.given is Given.POINTER or kin:
            continue
        earlier = [
            use for use in used.places(definition) if use.document == place.document and use.clause < place.clause
        ]
        if earlier:
            yield _finding(definition, earlier[0].line, len(earlier))


def _listed(subject: Subject) -> set[tuple[str, int]]:
    """The clauses of all definitions that stand together: readers know to look for them wherever the list is."""
    together: dict[int, set[tuple[str, int]]] = defaultdict(set)
    for _, passage in subject.defined:
        if passage.clause.kind is not ClauseKind.PARAGRAPH:
            together[id(_home(passage))].add((passage.document.id, passage.index))
    for reading in subject.readings:
        for group in groups(reading):
            together[id(group)] = {(reading.document.id, found.passage.index) for found in group}
    return {place for places in together.values() if len(places) >= _FEWEST for place in places}


def _home(passage: Passage) -> Clause:
    return passage.around[-2] if passage.clause.kind is ClauseKind.CELL else passage.around[-1]


def _finding(definition: Definition, line: int, count: int) -> Finding:
    first = f", first on line {line}" if line else ""
    times = "once" if count == 1 else f"{count} times"
    message = f"“{definition.term}” is used {times} before it is defined here{first}"
    return at_place(definition.place, message, text=definition.term)


RULE = Rule(
    name="late-definition",
    severity=Severity.NOTE,
    summary="A term that is used before the sentence that defines it in passing.",
    why="Whoever reads from the beginning does not know what the term means, nor that it is one.",
    bad=(
        "# Terms\n\n## Payment\n\nEvery Fee is final, and no Fee is paid back.\n\n## Price\n\n"
        "Customer pays what the order states (the “Fee”)."
    ),
    good=(
        "# Terms\n\n## Price\n\nCustomer pays what the order states (the “Fee”).\n\n## Payment\n\n"
        "Every Fee is final, and no Fee is paid back."
    ),
    check=check,
)
