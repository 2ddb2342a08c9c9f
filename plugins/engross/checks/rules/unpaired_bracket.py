"""`unpaired-bracket`: a bracket without its partner."""

from __future__ import annotations

from collections.abc import Iterator

from engross.checks.findings import Finding
from engross.checks.rules.rule import Rule
from engross.checks.subject import Subject
from engross.checks.words.pairs import Lone, lone_brackets, unpaired
from engross.model import Severity

_PARTNERS = {"(": ")", ")": "(", "[": "]", "]": "[", "{": "}", "}": "{"}


def check(subject: Subject) -> Iterator[Finding]:
    """Each bracket that has no partner, in its passage or over a list that it holds."""
    for reading in subject.readings:
        lone = [mark for passage in reading.passages for mark in lone_brackets(passage)]
        for pair in ("()", "[]", "{}"):
            for mark in unpaired((mark for mark in lone if mark.mark in pair), pair[1]):
                yield _finding(mark)


def _finding(mark: Lone) -> Finding:
    text = mark.passage.text
    words = text[mark.at : mark.at + 40] if mark.opens else text[max(0, mark.at - 39) : mark.at + 1]
    does, lacks = ("opens", "closing") if mark.opens else ("closes", "opening")
    message = (
        f"a bracket {does} here (“{' '.join(words.split())}”) and its {lacks} bracket {_PARTNERS[mark.mark]} is missing"
    )
    return mark.passage.finding(mark.at, message, text=mark.mark)


RULE = Rule(
    name="unpaired-bracket",
    severity=Severity.WARNING,
    summary="A bracket that opens and never closes, or closes and never opened.",
    why="Nobody can tell where the aside ends, and so what the sentence says without it.",
    bad="Provider (and its agents may enter the premises.",
    good="Provider (and its agents) may enter the premises, if a) it is day or b) there is fire.",
    check=check,
)
