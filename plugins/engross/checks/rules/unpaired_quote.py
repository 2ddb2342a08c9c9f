"""`unpaired-quote`: a quotation mark without its partner."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from engross.checks.findings import Finding
from engross.checks.rules.rule import Rule
from engross.checks.subject import Passage, Subject
from engross.checks.words.listed import half_quoted
from engross.checks.words.pairs import Lone, lone_quotes, unpaired
from engross.model import Severity

_PARTNERS = {"“": "”", "”": "“", "„": "“", '"': '"', "«": "»", "»": "«", "‘": "’"}


def check(subject: Subject) -> Iterator[Finding]:
    """Each lone mark; one that is missing around the term of a definition is a matter of `definition-quotes`."""
    for reading in subject.readings:
        lone = [
            mark for passage in reading.passages for mark in lone_quotes(passage) if mark.at not in half_quoted(passage)
        ]
        following = {passage.index: after for passage, after in pairwise(reading.running)}
        for mark in unpaired(lone, '”"“»'):
            if not _goes_on(mark, following.get(mark.passage.index)):
                yield _finding(mark)


def _goes_on(mark: Lone, following: Passage | None) -> bool:
    """Whether a quotation goes on in the next paragraph, which then begins with a mark of its own."""
    if not mark.opens or mark.passage.text[: mark.at].strip() or following is None:
        return False
    return following.section is mark.passage.section and following.text.startswith(mark.mark)


def _finding(mark: Lone) -> Finding:
    text = mark.passage.text
    words = text[mark.at : mark.at + 40] if mark.opens else text[max(0, mark.at - 39) : mark.at + 1]
    around = " ".join(words.split())
    does, lacks = ("opens", "closing") if mark.opens else ("closes", "opening")
    message = (
        f"a quotation mark {does} here (“{around.strip('“”')}”) and its {lacks} mark {_PARTNERS[mark.mark]} is missing"
    )
    return mark.passage.finding(mark.at, message, text=mark.mark)


RULE = Rule(
    name="unpaired-quote",
    severity=Severity.WARNING,
    summary="A quotation mark that opens and never closes, or closes and never opened.",
    why="Quotation marks tell which words are a term, or another’s; nobody can tell where these end.",
    bad="Provider sells its goods “as is and gives no warranty.",
    good="Provider sells its goods “as is” and gives no warranty.",
    check=check,
)
