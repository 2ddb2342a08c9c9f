"""Rules for numbers and references.

`enumeration-gap`: (a), (b), (d).

`number-mismatch`: “thirty (45) days”.

`missing-reference`: a cross-reference that leads nowhere.

`reference-mismatch`: a cross-reference whose number and title lead to different clauses.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal, InvalidOperation
from itertools import pairwise

from engross.drafting.subject import Finding, Passage, Reading, Rule, Subject, at_place
from engross.drafting.words.pairs import Step, compare
from engross.language import NUMBER_WORDS, value_of
from engross.model import Clause, ClauseKind, ListKind, Reference, ReferenceKind, Severity

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


def _check_enumeration_gap(subject: Subject) -> Iterator[Finding]:
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


ENUMERATION_GAP = Rule(
    name="enumeration-gap",
    severity=Severity.WARNING,
    summary="An enumerator that is left out or given twice: (a), (b), (d).",
    why="A reference to the missing item leads nowhere, and readers suspect that an item was struck out.",
    bad="Customer will not\n\n(a) copy the goods;\n(b) sell the goods; or\n(d) break the goods.",
    good="Customer will not\n\n(a) copy the goods;\n(b) sell the goods; or\n(c) break the goods.",
    check=_check_enumeration_gap,
)


_UNIT = (
    r"(?:(?:u\.?s\.?|united states|american|canadian|percent|per cent|percentage points?|dollars?|euros?|pounds?"
    r"|sterling|francs?|yen|rupees?|usd|eur|gbp|business|calendar)[ \n\u00a0]+){0,3}"
)
_FIGURE = (
    r"(?:(?:us|a|c|ca|au|s|hk|nz)?[$€£¥₹]|usd|eur|gbp|inr|rs\.?)?\s*(?P<figure>\d[\d,.’' \u00a0]*)"
    r"(?:st|nd|rd|th)?\s*(?P<scale>thousand|million|billion|[km]\b)?\s*"
    r"(?:%|percent|per cent|usd|eur|dollars|days?|months?|years?|hours?|weeks?|(?:business|calendar)\s+days?)?\s*"
)
_WORDS_FIRST = re.compile(
    rf"(?<![\w-])(?P<words>(?:{NUMBER_WORDS})(?:(?:[ \n\u00a0]+(?:and[ \n\u00a0]+)?|-)(?:{NUMBER_WORDS}))*)[ \n\u00a0]+"
    rf"{_UNIT}\(\s*{_FIGURE}\)",
    re.IGNORECASE,
)
_FIGURES_FIRST = re.compile(
    r"(?<![\w.,-])(?P<figure>\d[\d,.]*)(?P<scale>)\s*%?[ \n\u00a0]+\(\s*"
    rf"(?P<words>(?:{NUMBER_WORDS})(?:(?:[ \n\u00a0]+(?:and[ \n\u00a0]+)?|-)(?:{NUMBER_WORDS}))*)\s*"
    r"(?:percent|%)?\s*\)",
    re.IGNORECASE,
)
_FRACTION = re.compile(r"\b(?:half|halves|quarters?|thirds?|point|or|to|between)(?:\s+(?:and|a))*\s*\Z", re.IGNORECASE)
_ORDINAL_PART = re.compile(r"(?:one|two|three|four)[- ](?:half|third|quarter|fourth|fifth|tenth)s?\b", re.IGNORECASE)
_SCALES = {"thousand": 1000, "k": 1000, "million": 10**6, "m": 10**6, "billion": 10**9}


def _check_number_mismatch(subject: Subject) -> Iterator[Finding]:
    """Each number whose words and figures differ."""
    for passage in subject.passages:
        if "(" not in passage.text:
            continue
        for pattern in (_WORDS_FIRST, _FIGURES_FIRST):
            for found in pattern.finditer(passage.text):
                if _differ(passage.text, found):
                    yield _finding(passage, found)


def _differ(text: str, found: re.Match[str]) -> bool:
    said, written = value_of(found["words"]), _amounts(found["figure"], found["scale"] or "")
    if said is None or not written or said in written:
        return False
    before = text[max(0, found.start("words") - 24) : found.start("words")]
    return not _FRACTION.search(before) and not _ORDINAL_PART.match(found["words"])


def _amounts(figure: str, scale: str) -> set[Decimal]:
    """What a figure may stand for: a comma or full stop may part thousands or decimals."""
    digits = re.sub(r"[’' \u00a0]", "", figure).rstrip(".,")
    factor = _SCALES.get(scale.lower(), 1)
    readings = [digits.replace(",", ""), digits.replace(".", "").replace(",", ".")]
    found = set()
    for reading in readings:
        try:
            found.add(Decimal(reading) * factor)
        except InvalidOperation:
            continue
    return found


def _finding(passage: Passage, found: re.Match[str]) -> Finding:
    said = " ".join(found[0].split())
    value = value_of(found["words"])
    fix = said.replace(found["figure"].strip(), f"{value:,}") if not found["scale"] else ""
    message = f"“{said}”: the words say {value:,}, the figures {found['figure'].strip(' .,')}"
    return passage.finding(found.start(), message, text=said, fix=fix)


NUMBER_MISMATCH = Rule(
    name="number-mismatch",
    severity=Severity.WARNING,
    summary="A number given in words and in figures that are not the same.",
    why="Courts let the words prevail over the figures, which may not be what was agreed.",
    bad="Payment is due within thirty (45) days.",
    good="Payment is due within thirty (30) days.",
    check=_check_number_mismatch,
)


def _check_missing_reference(subject: Subject) -> Iterator[Finding]:
    """Each reference into the edition without a target; one to an instrument outside is never broken."""
    for reference in subject.binding.references:
        broken = reference.target is None and reference.kind is not ReferenceKind.EXTERNAL
        if broken and not _is_typed(subject, reference):
            said = " ".join(reference.text.split())
            problem = reference.problem or "there is no such clause"
            yield at_place(reference.place, f"“{said}” leads nowhere: {problem}", text=said)


def _is_typed(subject: Subject, reference: Reference) -> bool:
    """Whether the number is there after all: its sub-clauses are (13.1 makes a Clause 13), or it begins a paragraph."""
    found = _NUMBER.search(reference.text)
    reading = subject.by_document.get(reference.place.document)
    if not found or reading is None or reference.text[found.end() : found.end() + 1] == "(":
        return False
    number = found[0]
    return number in reading.numbers


_NUMBER = re.compile(r"\d+(?:\.\d+)*")

MISSING_REFERENCE = Rule(
    name="missing-reference",
    severity=Severity.ERROR,
    summary="A cross-reference to a section, item or document that there is not.",
    why="The rule that was meant to apply cannot be found, and perhaps does not apply.",
    bad="# Terms\n\n## 1. Fees\n\nFees are due as Section 4.2 states.\n\n## 2. Notices\n\nSection 1 holds for notices.",
    good="# Terms\n\n## 1. Fees\n\nFees are due as Section 2 states.\n\n## 2. Notices\n\nSection 1 holds for notices.",
    check=_check_missing_reference,
)


def _check_reference_mismatch(subject: Subject) -> Iterator[Finding]:
    """Each reference that finds its clause and says of it what is not so."""
    for reference in subject.binding.references:
        if reference.target is not None and reference.problem:
            said = " ".join(reference.text.split())
            yield at_place(reference.place, f"“{said}”: {reference.problem}", text=said)


REFERENCE_MISMATCH = Rule(
    name="reference-mismatch",
    severity=Severity.ERROR,
    summary="A cross-reference whose title is not that of the section with its number.",
    why="Sections were moved, and the reference now leads to the wrong one.",
    bad="# Terms\n\n## 1. Fees\n\nFees are due.\n\n## 2. Notices\n\nNotices are as Section 1 (Warranties) grants.",
    good="# Terms\n\n## 1. Fees\n\nFees are due.\n\n## 2. Notices\n\nNotices are as Section 1 (Fees) grants.",
    check=_check_reference_mismatch,
)
