"""`definition-punctuation`: a definition that does not end as those beside it do."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from engross.checks.findings import Finding
from engross.checks.rules.rule import Rule
from engross.checks.subject import Subject
from engross.checks.words.listed import Listed, groups
from engross.model import Clause, Severity

_LAST = re.compile(r"([.;:,!?])?[”\"’»)\]*]*(?:;?,?\s+(?:and|or))?\s*\Z")
_PARTS = re.compile(r"[;,]?\s*(?:and|or|and/or)?\s*\Z")


def check(subject: Subject) -> Iterator[Finding]:
    """Each definition that ends otherwise than three of four in its list."""
    for reading in subject.readings:
        for group in groups(reading):
            ends = [(found, _end(found.passage.text)) for found in group]
            yield from _odd([(found, end) for found, end in ends if not _goes_on(found.passage.clause, end)])


def _odd(ends: list[tuple[Listed, str]]) -> Iterator[Finding]:
    if len(ends) < 3:
        return
    habit, count = Counter(end for _, end in ends).most_common(1)[0]
    # The last one of a list with semicolons ends with a full stop, the one before it with "and".
    last = ends[-1][0] if habit in (";", ",") else None
    if 4 * count < 3 * (len(ends) - (last is not None)):
        return
    for found, end in ends:
        if end != habit and not (found is last and end == "."):
            yield _finding(found, end, habit)


def _end(text: str) -> str:
    found = _LAST.search(text)
    return found[1] or "" if found else ""


def _goes_on(clause: Clause, end: str) -> bool:
    """Whether the definition goes on with a list or further paragraphs below it."""
    return end == ":" or any(child.kind.value != "run-in" for child in clause.children)


def _finding(found: Listed, end: str, habit: str) -> Finding:
    text = found.passage.text.rstrip()
    body = text.removesuffix(end) if end and text.endswith(end) else text
    last_words = " ".join(body.split()[-5:])
    wanted = f"with “{habit}”" if habit else "without a mark"
    ends = f"with “{end}”" if end else "without a mark"
    return found.passage.finding(
        max(0, len(text) - 1),
        f"the definition of {found.name} ends {ends}; the others here end {wanted}",
        text=found.name,
        fix=f"{last_words}{habit}" if _PARTS.search(text) else "",
    )


RULE = Rule(
    name="definition-punctuation",
    severity=Severity.WARNING,
    summary="A definition that does not end with the mark that the definitions beside it end with.",
    why="A missing full stop makes readers wonder whether the end of the definition was lost.",
    bad=(
        "# Terms\n\n- “Fee” means what Customer pays\n- “Goods” means what Provider sells.\n"
        "- “Order” means a request for Goods.\n- “Site” means where Goods arrive.\n\n"
        "Customer pays the Fee for each Order of Goods at the Site. The Fee of an Order is final at each Site."
    ),
    good=(
        "# Terms\n\n- “Fee” means what Customer pays;\n- “Goods” means what Provider sells;\n"
        "- “Order” means a request for Goods; and\n- “Site” means where Goods arrive.\n\n"
        "Customer pays the Fee for each Order of Goods at the Site. The Fee of an Order is final at each Site."
    ),
    check=check,
)
