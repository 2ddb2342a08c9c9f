"""`redefined-term`: a term that is given again, for a narrower reach or in passing."""

from __future__ import annotations

from collections.abc import Iterator

from engross.checks.findings import Finding
from engross.checks.rules.rule import Rule
from engross.checks.subject import Subject, at_place
from engross.checks.words.repeats import Repeat, repeats
from engross.model import Scope, Severity


def check(subject: Subject) -> Iterator[Finding]:
    """Each definition that repeats or overrides another and may do so."""
    for repeat in repeats(subject):
        if not repeat.slip:
            yield at_place(repeat.again.place, _message(repeat), text=repeat.again.term)


def _message(repeat: Repeat) -> str:
    first, again = repeat.first.place, repeat.again
    where = f"{first.path}:{first.line}" if first.path != again.place.path else f"line {first.line}"
    reach = {
        Scope.SET: "again",
        Scope.DOCUMENT: "again, for this document",
        Scope.SECTION: "again, for this section",
        Scope.CLAUSE: "again, for this clause",
    }[again.scope]
    return f"“{repeat.name}” is defined {reach}; the other definition is on {where}"


RULE = Rule(
    name="redefined-term",
    severity=Severity.NOTE,
    summary="A term that is defined again: for a narrower part of the text, or in passing.",
    why="It may be meant so; whoever reads one definition should know of the other.",
    bad=(
        "# Terms\n\n- “Fee” means what Customer pays.\n\n## Refunds\n\nIn this Section, “Fee” means the sum paid. A "
        "Fee is paid back. A Fee is small.\n\n## Payment\n\nEvery Fee is final. A Fee is due at once."
    ),
    good=(
        "# Terms\n\n- “Fee” means what Customer pays.\n\n## Refunds\n\nA Fee is paid back.\n\n## Payment\n\n"
        "Every Fee is final. A Fee is due at once."
    ),
    check=check,
)
