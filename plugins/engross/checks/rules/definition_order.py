"""`definition-order`: a definition out of alphabetical order in a list that keeps it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engross.checks.findings import Finding
from engross.checks.rules.rule import Rule
from engross.checks.subject import Subject
from engross.checks.words.listed import Listed, groups
from engross.checks.words.order import Key, misplaced
from engross.model import Severity

_FEWEST = 4


def check(subject: Subject) -> Iterator[Finding]:
    """The fewest definitions that must move, in each list of which most are in order."""
    for reading in subject.readings:
        for group in groups(reading):
            group = list({found.name.casefold(): found for found in reversed(group)}.values())[::-1]
            names = [found.name for found in group]
            outside, key = misplaced(names)
            # With more than one in five out of place, the list is not meant to be in alphabetical order.
            if len(group) < _FEWEST or not outside or 5 * len(outside) > max(5, len(group)):
                continue
            for at in outside:
                yield _finding(group, at, key)


def _finding(group: Sequence[Listed], at: int, key: Key) -> Finding:
    found = group[at]
    before = [other for other in group if other is not found and key(other.name) <= key(found.name)]
    place = f"after {max(before, key=lambda other: key(other.name)).name}" if before else "first"
    return found.passage.finding(
        max(0, found.start - bool(found.open)),
        f"{found.name} is out of alphabetical order; its place is {place}",
        text=found.name,
    )


RULE = Rule(
    name="definition-order",
    severity=Severity.WARNING,
    summary="A definition out of alphabetical order in a list that is otherwise in order.",
    why="Readers look a term up where the alphabet says it is, and conclude that it is not defined.",
    bad=(
        "# Terms\n\n- “Fee” means what Customer pays.\n- “Site” means where Goods arrive.\n"
        "- “Goods” means what Provider sells.\n- “Tax” means what the state takes.\n\n"
        "Customer pays the Fee and each Tax at the Site. The Fee holds no Tax on Goods. No Site may change."
    ),
    good=(
        "# Terms\n\n- “Fee” means what Customer pays.\n- “Goods” means what Provider sells.\n"
        "- “Site” means where Goods arrive.\n- “Tax” means what the state takes.\n\n"
        "Customer pays the Fee and each Tax at the Site. The Fee holds no Tax on Goods. No Site may change."
    ),
    check=check,
)
