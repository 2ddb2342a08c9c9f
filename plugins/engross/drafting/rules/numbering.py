"""Rules for numbers and references: enumerators, amounts in words and figures, cross-references."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from itertools import pairwise

import engross.common.lazy_re as re
from engross.drafting.detectors.enumerators import Step, compare
from engross.drafting.detectors.reference_titles import is_right_after_all
from engross.drafting.subject import Finding, OfDocument, Passage, Reading, Rule, Subject, at_place
from engross.language import Grammar
from engross.model import Clause, ClauseKind, ListKind, MarkKind, Reference, ReferenceKind, Severity

_WRONG_STEPS = {Step.SKIP, Step.REPEAT, Step.BACK}
_ENUMERATOR = re.compile(r"(?<!\S)(\([a-z]{1,4}\)|\(\d{1,2}\))\s+(?=\S+\s+\S+)")
_ENUMERATED = re.compile(r"\(?[A-Za-z\d]{1,4}[.)]")
_INTRODUCED = re.compile(r"(?:\A|[,;:—–]|\b(?:and|or|and/or|to|that|will|shall|not|may|by))\s*\Z")
_REFERS = re.compile(
    r"(?:\b(?:(?:sub-?)?(?:sections?|clauses?|paragraphs?)|items?|points?|articles?|parts?|limbs?|exhibits?|annex(?:es)?)"
    r"|§|\([a-z0-9]{1,4}\))[\s,]*(?:and|or|to)?\s*\Z",
    re.IGNORECASE,
)
_WIDEST_GAP = 2
_WIDEST_LIST_GAP = 5
_MOST_REPEATS = 3
_PLACE = re.compile(r"\s+(?:immediately\s+)?(?:above|below|hereof)\b")
_SENTENCE = re.compile(r"[.?!][”\"’)\]]*\s+(?=[A-Z“])")


def _check_enumeration_gap(reading: Reading) -> Iterator[Finding]:
    """Each enumerator that does not follow the one before it among its siblings, in lists and in running text."""
    found = [
        (finding, repeat)
        for _, clause, _ in reading.nodes
        if clause.children
        for finding, repeat in _in_lists(reading, clause)
    ]
    # A text in two languages side by side has most enumerators twice.
    both = sum(repeat for _, repeat in found) > _MOST_REPEATS
    yield from (finding for finding, repeat in found if not (both and repeat))
    for passage in reading.running:
        if "(" in passage.text:
            yield from _in_sentence(passage)


def _in_lists(reading: Reading, parent: Clause) -> Iterator[tuple[Finding, bool]]:
    """Check the items of each list; with each finding, whether an enumerator appears twice. A list that a paragraph
    interrupts may continue after it, or restart.
    """
    lists = [child for child in parent.children if _is_numbered_list(child)]
    for listing in lists:
        for before, item in pairwise(listing.children):
            yield from _check_step(reading, before, item)
    for earlier, later in pairwise(lists):
        if earlier.children and later.children and earlier.list_kind is later.list_kind:
            before, item = earlier.children[-1], later.children[0]
            if compare(before.marker, item.marker).step is Step.SKIP:
                yield from _check_step(reading, before, item)


def _is_numbered_list(clause: Clause) -> bool:
    return clause.kind is ClauseKind.LIST and clause.list_kind in (ListKind.ENUMERATED, ListKind.ORDERED)


def _check_step(reading: Reading, before: Clause, item: Clause) -> Iterator[tuple[Finding, bool]]:
    found = compare(before.marker, item.marker)
    # "(f)" and "v." are of different lists, and a list of links is the navigation of a page.
    if before.marker.startswith("(") != item.marker.startswith("(") or (_is_link(before) and _is_link(item)):
        return
    embedded = reading.embedded
    if found.step is Step.SKIP and (embedded.is_usual or embedded.find(found.missing.strip("().")) is not None):
        return  # the number is in the text of an item
    if found.step is Step.BACK and len(before.marker) != len(item.marker):
        return  # "(b)" after "(ii)" of a list within (a)
    if found.missing and _is_within(before, found.missing):
        return
    if not (item.children or item.inline.text.strip()):
        return  # the end of a sentence that a converter broke: "under Paragraph", and "11." on the next line
    letter = found.missing.strip("().")
    typed = re.compile(rf"^\s*(?:{re.escape(found.missing)}|{re.escape(letter)}[.)])", re.MULTILINE)
    between = _between(reading, before, item)
    if letter and any(letter in one.text and typed.search(one.text) for one in between):
        return  # converters lose the blank after a number, and people a bracket: "7.Third parties", "c) Costs"
    if found.step is Step.BACK and _is_second(item.marker) and _first_is_joined(reading, item.marker):
        return  # "7. a. Term", and "b. Renewal" in the next paragraph
    if found.step in _WRONG_STEPS and found.gap <= _WIDEST_LIST_GAP:
        message = _message(found.step, before.marker, item.marker, found.missing)
        yield reading.finding(item, message, text=item.marker), found.step is Step.REPEAT


def _between(reading: Reading, before: Clause, item: Clause) -> list[Passage]:
    """The passages from one item to another, and all that begin with a typed enumerator."""
    first, last = reading.passage_of(before), reading.passage_of(item)
    start, end = (first.index if first else 0), (last.index if last else 0)
    return [one for one in reading.running if start <= one.index < end or _ENUMERATED.match(one.text)]


def _is_second(marker: str) -> bool:
    return marker.strip("().") in ("b", "B", "2", "ii", "II")


def _first_is_joined(reading: Reading, marker: str) -> bool:
    """Whether a paragraph begins with a number and the first enumerator of a list: "7. a. Term"."""
    first = marker.translate(str.maketrans("bB2", "aA1")).replace("ii", "i").replace("II", "I")
    joined = re.compile(rf"\W*\d[\d.]*\s+{re.escape(first)}\s")
    return any(
        joined.match(one.inline.text) or joined.match(f"{one.marker} {one.inline.text}") for _, one, _ in reading.nodes
    )


def _is_within(item: Clause, missing: str) -> bool:
    """Whether the missing enumerator is that of an item within another, or in its text: "3 (e) All …"."""
    return any(
        f" {missing} " in inner.inline.text or (inner is not item and inner.marker == missing) for inner in item.walk()
    )


def _is_link(item: Clause) -> bool:
    """Whether an item is only a link, or empty."""
    marks, end = item.inline.marks, len(item.inline.text.rstrip())
    return any(mark.kind is MarkKind.LINK and mark.start == 0 and mark.end >= end for mark in marks)


def _message(step: Step, before: str, marker: str, missing: str) -> str:
    if step is Step.SKIP:
        return f"{marker} comes after {before}: {missing} is missing"
    return f"{marker} comes after {before}" if step is Step.BACK else f"{marker} appears twice"


def _in_sentence(passage: Passage) -> Iterator[Finding]:
    """Check enumerators in running text, sentence by sentence, each style alone: (a) … (i) … (ii) … (b)."""
    items = {
        item.span[0] for child in passage.clause.children for item in child.walk() if item.kind is ClauseKind.RUN_IN
    }
    markers = [found for found in _ENUMERATOR.finditer(passage.text) if _enumerates(passage.text, found, items)]
    if len(markers) < 2:
        return
    ends = [found.start() for found in _SENTENCE.finditer(passage.text)] if not passage.clause.children else []
    yield from _check_sequence(passage, markers, ends)


def _enumerates(text: str, found: re.Match[str], items: Collection[int]) -> bool:
    """Whether an enumerator begins an item: by the parser, or by the words before it."""
    if found.start() in items:
        return not _PLACE.match(text, found.end(1))
    before = text[max(0, found.start() - 30) : found.start()]
    begins = found[1] in ("(a)", "(i)")
    if _PLACE.match(text, found.end(1)):
        return False
    return (begins or bool(_INTRODUCED.search(before))) and not _REFERS.search(before)


def _check_sequence(passage: Passage, markers: Iterable[re.Match[str]], ends: list[int]) -> Iterator[Finding]:
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
        skips = step.step is Step.SKIP and step.gap <= _WIDEST_GAP and step.missing.lstrip("(") not in between
        if skips or _is_repeat(step.step, found[1]):
            message = _message(step.step, before[1], found[1], step.missing)
            yield passage.finding(found.start(1), message, text=found[1])


def _is_repeat(step: Step, marker: str) -> bool:
    """Whether an enumerator appears twice; a second (a) begins another enumeration."""
    return step is Step.REPEAT and marker.strip("()") not in ("a", "i", "1")


def _depth(opened: list[re.Match[str]], marker: str) -> int | None:
    """The open level that a marker continues: the innermost that it follows, else one that it skips from."""
    steps = [compare(found[1], marker).step for found in opened]
    for wanted in ({Step.NEXT}, {Step.RESTART}, {Step.SKIP, Step.REPEAT}, {Step.BACK}):
        for depth in range(len(steps) - 1, -1, -1):
            if steps[depth] in wanted:
                return None if wanted == {Step.RESTART} and not _same_style(opened[depth][1], marker) else depth
    return None


def _same_style(before: str, marker: str) -> bool:
    """Whether two markers have one style, so that the later one starts a new sequence and not a nested one."""
    return before.strip("()").isdigit() == marker.strip("()").isdigit() and (
        marker.strip("()") in ("a", "1") or before.strip("()")[:1] in "ivx"
    )


ENUMERATION_GAP = Rule(
    name="enumeration-gap",
    severity=Severity.WARNING,
    summary="An enumerator that is missing or appears twice: (a), (b), (d).",
    why="A reference to the missing item leads nowhere, and readers suspect that an item was deleted.",
    bad="Customer will not\n\n(a) copy the goods;\n(b) sell the goods; or\n(d) break the goods.",
    good="Customer will not\n\n(a) copy the goods;\n(b) sell the goods; or\n(c) break the goods.",
    check=OfDocument(_check_enumeration_gap),
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
_FOREIGN_FIGURE = r"(?P<figure>\d[\d,.’' \u00a0]*)(?P<scale>)(?P<unit>%|€|EUR|\w+)?\s*"


@lru_cache(maxsize=32)
def _both_ways(grammar: Grammar) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """The patterns of a number in words before its figures ("thirty (30)") and after them, in one language."""
    words = rf"(?P<words>{grammar.number_word}(?:{grammar.number_join}{grammar.number_word})*)"
    unit, figure = (
        (_UNIT, _FIGURE)
        if grammar.is_english
        else (rf"(?:(?P<counted>{grammar.referring.units})[ \n\u00a0]+)?", _FOREIGN_FIGURE)
    )
    return (
        re.compile(rf"(?<![\w-]){words}[ \n\u00a0]+{unit}\(\s*{figure}\)", re.IGNORECASE),
        re.compile(
            rf"(?<![\w.,-])(?P<figure>\d[\d,.]*)(?P<scale>)\s*%?[ \n\u00a0]+\(\s*{words}\s*(?:percent|%)?\s*\)",
            re.IGNORECASE,
        ),
    )


_TENS = re.compile(
    r"\b(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)-\s+\Z|\b(?:hundred|thousand|[mb]illion),\s+\Z",
    re.IGNORECASE,
)
_FRACTION = re.compile(r"\b(?:half|halves|quarters?|thirds?|point|or|to|between)(?:\s+(?:and|a))*\s*\Z", re.IGNORECASE)
_ORDINAL_PART = re.compile(r"(?:one|two|three|four)[- ](?:half|third|quarter|fourth|fifth|tenth)s?\b", re.IGNORECASE)
_SCALES = {"thousand": 1000, "k": 1000, "million": 10**6, "m": 10**6, "billion": 10**9}


def _check_number_mismatch(reading: Reading) -> Iterator[Finding]:
    """Each number whose words and figures differ."""
    for passage in reading.passages:
        if "(" not in passage.text:
            continue
        for pattern in _both_ways(passage.grammar):
            for found in pattern.finditer(passage.text):
                if _differ(passage, found):
                    yield _mismatch_finding(passage, found)


def _differ(passage: Passage, found: re.Match[str]) -> bool:
    text = passage.text
    value, amounts = passage.grammar.value_of(found["words"]), _amounts(found["figure"], found["scale"] or "")
    if value is None or not amounts or value in amounts:
        return False
    named = found.groupdict()
    if named.get("counted") and named.get("unit") and named["counted"][:3].lower() != named["unit"][:3].lower():
        return False  # the same time in other units: eine Woche (7 Tage)
    before = text[max(0, found.start("words") - 24) : found.start("words")]
    if _TENS.search(before):
        return False  # "twenty- four", broken at the end of a line, or "ONE MILLION, TWO HUNDRED"
    return not _FRACTION.search(before) and not _ORDINAL_PART.match(found["words"])


def _amounts(figure: str, scale: str) -> set[Decimal]:
    """The values that a figure may mean: a comma or full stop may separate thousands or decimals."""
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


def _mismatch_finding(passage: Passage, found: re.Match[str]) -> Finding:
    shown = " ".join(found[0].split())
    value = passage.grammar.value_of(found["words"]) or 0
    message = f"“{shown}”: the words say {value:,}, the figures {found['figure'].strip(' .,')}; write the number agreed"
    # No fix: nobody but the parties knows which of the two they agreed on.
    return passage.finding(found.start(), message, text=shown)


NUMBER_MISMATCH = Rule(
    name="number-mismatch",
    severity=Severity.WARNING,
    summary="A number in words and in figures that differ.",
    why="Courts let the words prevail over the figures, and the parties may have agreed on the figures.",
    bad="Payment is due within thirty (45) days.",
    good="Payment is due within thirty (30) days.",
    check=OfDocument(_check_number_mismatch),
)


def _check_missing_reference(subject: Subject) -> Iterator[Finding]:
    """Each numbered or named reference without a target, unless it belongs to another instrument.

    A note if the sentence names no instrument and the document may not be meant.
    """
    for reference in subject.binding.references:
        if reference.target is not None or reference.kind is ReferenceKind.ATTACHMENT:
            continue
        external = reference.kind is ReferenceKind.EXTERNAL
        if (external and not reference.problem) or _number_exists(subject, reference):
            continue
        shown = " ".join(reference.text.split())
        problem = reference.problem or "there is no such clause"
        found = at_place(reference.place, f"“{shown}” leads nowhere: {problem}", text=shown)
        yield replace(found, severity=Severity.NOTE) if external else found


def _number_exists(subject: Subject, reference: Reference) -> bool:
    """Whether the number exists after all: a sub-clause has it (13.1 implies 13), or a paragraph begins with it."""
    found = _NUMBER.search(reference.text)
    reading = subject.by_document.get(reference.place.document)
    if not found or reading is None or _LETTER_AFTER.match(reference.text, found.end()):
        return False
    number = found[0]
    return number in reading.numbers


_HAS_NO_ITEM = re.compile(r" has no \S+")
_NUMBER = re.compile(r"\d+(?:\.\d+)*")
_LETTER_AFTER = re.compile(r"\(|\.?[A-Za-z]|\s+Abs")

MISSING_REFERENCE = Rule(
    name="missing-reference",
    severity=Severity.ERROR,
    summary="A cross-reference to a section, item or document that does not exist.",
    why=(
        "Readers cannot find the rule that was meant, and it may not apply. It is a note where the text may "
        "mean another "
        "instrument, or does not show its own numbers: a program numbers its headings, a converter joined "
        "its lines, or "
        "most numbers that it cites are missing."
    ),
    bad="# Terms\n\n## 1. Fees\n\nFees are due as Section 4.2 states.\n\n## 2. Notices\n\nSection 1 holds for notices.",
    good="# Terms\n\n## 1. Fees\n\nFees are due as Section 2 states.\n\n## 2. Notices\n\nSection 1 holds for notices.",
    check=_check_missing_reference,
)


def _check_missing_attachment(subject: Subject) -> Iterator[Finding]:
    """The first citation of each exhibit, schedule or the like that the edition does not contain."""
    seen = set[tuple[str, str]]()
    for reference in subject.binding.references:
        if reference.kind is not ReferenceKind.ATTACHMENT or reference.place.document not in subject.by_document:
            continue
        if (reference.place.document, reference.problem) not in seen:
            seen.add((reference.place.document, reference.problem))
            shown = " ".join(reference.text.split())
            message = f"“{shown}” is cited, but {reference.problem}; add it, or name the document it belongs to"
            yield at_place(reference.place, message, text=shown)


MISSING_ATTACHMENT = Rule(
    name="missing-attachment",
    severity=Severity.WARNING,
    summary="An exhibit, schedule, annex or the like that is cited and that neither the document nor its set contains.",
    why=(
        "The agreement refers to terms that readers are not given, or that were never written. Exhibits and "
        "schedules of a "
        "report to an authority (“Exhibit 10.2”, “Schedule 13D”) and those still to be attached are not found."
    ),
    bad="# Terms\n\n## 1. Fees\n\nThe fees are those of Schedule 3.\n\n## 2. Notices\n\nNotices are in writing.",
    good="# Terms\n\n## 1. Fees\n\nThe fees are those of Schedule 3 to the Order Form.\n\n## 2. Notices\n\nNone.",
    check=_check_missing_attachment,
)


def _check_reference_mismatch(subject: Subject) -> Iterator[Finding]:
    """Each reference that has a target but describes it wrongly."""
    for reference in subject.binding.references:
        if reference.target is not None and reference.problem and not is_right_after_all(subject, reference):
            shown = " ".join(reference.text.split())
            found = at_place(reference.place, f"“{shown}”: {reference.problem}", text=shown)
            # It leads to the section, whose item has lost its number.
            yield replace(found, severity=Severity.NOTE) if _HAS_NO_ITEM.search(reference.problem) else found


REFERENCE_MISMATCH = Rule(
    name="reference-mismatch",
    severity=Severity.ERROR,
    summary="A cross-reference whose title is not that of the section with its number.",
    why="Sections were moved, and the reference now leads to the wrong one.",
    bad="# Terms\n\n## 1. Fees\n\nFees are due.\n\n## 2. Notices\n\nNotices are as Section 1 (Warranties) grants.",
    good="# Terms\n\n## 1. Fees\n\nFees are due.\n\n## 2. Notices\n\nNotices are as Section 1 (Fees) grants.",
    check=_check_reference_mismatch,
)
