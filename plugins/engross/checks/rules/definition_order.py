"""`definition-order`: a definition out of alphabetical order in a list that keeps it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engross.checks.findings import Edit, Finding
from engross.checks.rules.rule import Rule
from engross.checks.subject import Subject
from engross.checks.words.listed import Listed, groups
from engross.checks.words.order import Key, misplaced
from engross.model import ClauseKind, Severity, Source

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
            edits = _sorted(reading.document.source, group, key)
            for number, at in enumerate(outside):
                yield _finding(group, at, key, edits if number == 0 else ())


def _finding(group: Sequence[Listed], at: int, key: Key, edits: tuple[Edit, ...]) -> Finding:
    found = group[at]
    before = [other for other in group if other is not found and key(other.name) <= key(found.name)]
    place = f"after {max(before, key=lambda other: key(other.name)).name}" if before else "first"
    return found.passage.finding(
        max(0, found.start - bool(found.open)),
        f"{found.name} is out of alphabetical order; its place is {place}",
        text=found.name,
        edits=edits,
    )


def _sorted(source: Source | None, group: Sequence[Listed], key: Key) -> tuple[Edit, ...]:
    """The edit that sorts the list; none where it holds more than definitions, or its items carry numbers."""
    clauses = [found.passage.clause for found in group]
    parent = group[0].passage.around[-1]
    if source is None or parent.kind is not ClauseKind.LIST or len(parent.children) != len(group):
        return ()
    if any(clause.marker[:1] not in ("-", "*", "+") for clause in clauses):
        return ()
    starts = [source.offset(clause.lines[0]) for clause in clauses]
    end = _end_of_line(source, clauses[-1].lines[1])
    bounds = [*starts, end]
    pieces = [source.text[left:right] for left, right in zip(starts, bounds[1:], strict=True)]
    gaps = [piece[len(piece.rstrip("\n")) :] for piece in pieces]
    order = sorted(range(len(group)), key=lambda at: key(group[at].name))
    # What parts the items stays where it is, whichever items it parts then.
    text = "".join(pieces[at].rstrip("\n") + gap for at, gap in zip(order, gaps, strict=True))
    return (Edit(starts[0], end, text),)


def _end_of_line(source: Source, number: int) -> int:
    return source.offset(number) + len(source.line(number))


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
    fixes=True,
)
