"""`used-once`: a term that is defined for a single use."""

from __future__ import annotations

from collections.abc import Iterator

from engross.checks.findings import Finding
from engross.checks.rules.rule import Rule
from engross.checks.subject import Subject, at_place
from engross.checks.words.uses import families, uses
from engross.model import Severity
from engross.terms.names import key


def check(subject: Subject) -> Iterator[Finding]:
    """Each definition with one use in all."""
    used = uses(subject)
    together = families(subject.binding.definitions)
    for definition in subject.binding.definitions:
        kin = {id(other): other for name in definition.names for other in together[key(name)]}
        places = [place for other in kin.values() for place in used.places(other)]
        if len(places) == 1 and next(iter(kin.values())) is definition:
            label = next((place.label for place in places if place.label), "")
            where = f", in {label}" if label else ""
            message = f"“{definition.term}” is used only once{where}; the definition could stand there"
            yield at_place(definition.place, message, text=definition.term)


RULE = Rule(
    name="used-once",
    severity=Severity.NOTE,
    summary="A term that is defined and used only once.",
    why="Readers must look up what could be said in place.",
    bad="# Terms\n\n- “Fee” means what Customer pays.\n\nEvery Fee is final.",
    good="# Terms\n\n- “Fee” means what Customer pays.\n\nEvery Fee is final. A Fee is due at once.",
    check=check,
)
