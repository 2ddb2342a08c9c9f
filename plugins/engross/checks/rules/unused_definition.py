"""`unused-definition`: a term that is defined and used nowhere."""

from __future__ import annotations

from collections.abc import Iterator

from engross.checks.findings import Finding
from engross.checks.rules.rule import Rule
from engross.checks.subject import Subject, at_place
from engross.checks.words.uses import families, uses
from engross.model import Severity
from engross.terms.names import key


def check(subject: Subject) -> Iterator[Finding]:
    """Each definition without uses; of two that give one term, one may point at the other, and both count as used."""
    used = uses(subject)
    together = families(subject.binding.definitions)
    for definition in subject.binding.definitions:
        kin = [other for name in definition.names for other in together[key(name)]]
        if kin[0] is definition and not any(used.places(other) for other in kin):
            names = " or ".join(f"“{name}”" for name in definition.names)
            yield at_place(definition.place, f"{names} is defined and used nowhere", text=definition.term)


RULE = Rule(
    name="unused-definition",
    severity=Severity.WARNING,
    summary="A term that is defined and used nowhere.",
    why="Either the definition is left over, or the rule for which it was written is missing.",
    bad="# Terms\n\n- “Fee” means what Customer pays.\n\nEvery payment is final.",
    good="# Terms\n\n- “Fee” means what Customer pays.\n\nEvery Fee is final. A Fee is due at once.",
    check=check,
)
