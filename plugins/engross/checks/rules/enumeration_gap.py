"""`enumeration-gap`: (a), (b), (d)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from itertools import pairwise

from engross.checks.findings import Finding
from engross.checks.rules.rule import Rule
from engross.checks.subject import Passage, Reading, Subject
from engross.checks.words.sequence import Step, compare
from engross.model import Clause, ClauseKind, ListKind, Severity

_WRONG = {Step.SKIP, Step.REPEAT, Step.BACK}
_ENUMERATOR = re.compile(r"(?<!\S)(\([a-z]{1,4}\)|\(\d{1,2}\))\s+(?=\S+\s+\S+)")
_INTRODUCED = re.compile(r"(?:\A|[,;:—–]|\b(?:and|or|and/or|to|that|will|shall|not|may|by))\s*\Z")
_REFERS = re.compile(
    r"(?:\b(?:(?:sub-?)?(?:sections?|clauses?|paragraphs?)|items?|points?|articles?|parts?|limbs?|exhibits?|annex(?:es)?)"
    r"|§|\([a-z0-9]{1,4}\))[\s,]*(?:and|or|to)?\s*\Z",
    re.IGNORECASE,
)
_WIDEST_GAP = 2
_SENTENCE = re.compile(r"[.?!][”\"’)\]]*\s+(?=[A-Z“])")


def check(subject: Subject) -> Iterator[Finding]:
    """Each enumerator that does not follow the one before it among its siblings, in lists and in running text."""
    for reading in subject.readings:
        for _, clause, _ in reading.nodes:
            if clause.children:
                yield from _in_lists(reading, clause)
        for passage in reading.running:
            if "(" in passage.text:
                yield from _in_sentence(passage)


def _in_lists(reading: Reading, parent: Clause) -> Iterator[Finding]:
    """The items of each list; a list that a paragraph interrupts may go on after it, or begin anew."""
    lists = [child for child in parent.children if _counts(child)]
    for listing in lists:
        for before, item in pairwise(listing.children):
            yield from _wrong(reading, before, item)
    for earlier, later in pairwise(lists):
        if earlier.children and later.children and earlier.list_kind is later.list_kind:
            before, item = earlier.children[-1], later.children[0]
            if compare(before.marker, item.marker).step is Step.SKIP:
                yield from _wrong(reading, before, item)


def _counts(clause: Clause) -> bool:
    return clause.kind is ClauseKind.LIST and clause.list_kind in (ListKind.ENUMERATED, ListKind.ORDERED)


def _wrong(reading: Reading, before: Clause, item: Clause) -> Iterator[Finding]:
    found = compare(before.marker, item.marker)
    if found.step in _WRONG:
        yield reading.finding(item, _message(found.step, before.marker, item.marker, found.missing), text=item.marker)


def _message(step: Step, before: str, marker: str, missing: str) -> str:
    if step is Step.SKIP:
        return f"{marker} comes after {before}: {missing} is left out"
    return f"{marker} comes after {before}" if step is Step.BACK else f"{marker} is given twice"


def _in_sentence(passage: Passage) -> Iterator[Finding]:
    """Enumerators in running text, sentence by sentence, each style by itself: (a) … (i) … (ii) … (b)."""
    items = {
        item.span[0] for child in passage.clause.children for item in child.walk() if item.kind is ClauseKind.RUN_IN
    }
    markers = [found for found in _ENUMERATOR.finditer(passage.text) if _enumerates(passage.text, found, items)]
    if len(markers) < 2:
        return
    ends = [found.start() for found in _SENTENCE.finditer(passage.text)] if not passage.clause.children else []
    yield from _sequence(passage, markers, ends)


def _enumerates(text: str, found: re.Match[str], items: Collection[int]) -> bool:
    """Whether an enumerator enumerates: the parser took it for an item, or it stands as one does."""
    if found.start() in items:
        return True
    before = text[max(0, found.start() - 30) : found.start()]
    begins = found[1] in ("(a)", "(i)")
    return (begins or bool(_INTRODUCED.search(before))) and not _REFERS.search(before)


def _sequence(passage: Passage, markers: Iterable[re.Match[str]], ends: list[int]) -> Iterator[Finding]:
    opened: list[re.Match[str]] = []
    for found in markers:
        if opened and any(opened[-1].start() < end < found.start() for end in ends):
            opened = []
        depth = _depth(opened, found[1])
        if depth is None:
            opened.append(found)
            continue
        before = opened[depth]
        del opened[depth:]
        opened.append(found)
        step, between = compare(before[1], found[1]), passage.text[before.end() : found.start()]
        skips = step.step is Step.SKIP and step.gap <= _WIDEST_GAP and step.missing not in between
        if skips or _is_repeat(step.step, found[1]):
            message = _message(step.step, before[1], found[1], step.missing)
            yield passage.finding(found.start(1), message, text=found[1])


def _is_repeat(step: Step, marker: str) -> bool:
    """Whether an enumerator is given twice; a second (a) rather begins an enumeration of its own."""
    return step is Step.REPEAT and marker.strip("()") not in ("a", "i", "1")


def _depth(opened: list[re.Match[str]], marker: str) -> int | None:
    """The open level that a marker goes on with: the innermost that it follows, else one that it skips from."""
    steps = [compare(found[1], marker).step for found in opened]
    for wanted in ({Step.NEXT}, {Step.RESTART}, {Step.SKIP, Step.REPEAT}, {Step.BACK}):
        for depth in range(len(steps) - 1, -1, -1):
            if steps[depth] in wanted:
                return None if wanted == {Step.RESTART} and not _same(opened[depth][1], marker) else depth
    return None


def _same(before: str, marker: str) -> bool:
    """Whether two markers are of one kind, so that the later one begins a new sequence and not one within."""
    return before.strip("()").isdigit() == marker.strip("()").isdigit() and (
        marker.strip("()") in ("a", "1") or before.strip("()")[:1] in "ivx"
    )


RULE = Rule(
    name="enumeration-gap",
    severity=Severity.WARNING,
    summary="An enumerator that is left out or given twice: (a), (b), (d).",
    why="A reference to the missing item leads nowhere, and readers suspect that an item was struck out.",
    bad="Customer will not\n\n(a) copy the goods;\n(b) sell the goods; or\n(d) break the goods.",
    good="Customer will not\n\n(a) copy the goods;\n(b) sell the goods; or\n(c) break the goods.",
    check=check,
)
