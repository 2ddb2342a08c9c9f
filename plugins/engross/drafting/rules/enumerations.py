"""The rule for enumerators: (a), (b), (c) in lists and in running text."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import pairwise

import engross.common.lazy_re as re
from engross.drafting.detectors.enumerators import (
    RANGE_JOIN,
    Compared,
    Step,
    compare,
    is_cited,
    is_first,
    last_in_item,
    last_of_range,
    readings,
)
from engross.drafting.subject import Finding, OfDocument, Passage, Reading, Rule
from engross.model import Clause, ClauseKind, ListKind, MarkKind, Severity

_WRONG_STEPS = {Step.SKIP, Step.REPEAT, Step.BACK}
# "(x) … or (y)" are pairs of cases, and not the end of an alphabet. Converters make "©" of "(c)".
_PAIRED = frozenset({"x", "y", "z"})
_COPYRIGHT = re.compile(r"(?:[;,:]|\b(?:and|or))\s+©\s")
# "(i)(a) is …": two levels begin at once.
_ENUMERATOR = re.compile(
    r"(?<![^\s)])(\([a-z]{1,4}\)|\(\d{1,2}\))(?:\s+(?=\S+\s+\S+)|(?=\((?:[a-z]{1,4}|\d{1,2})\)\s))"
)
_ENUMERATED = re.compile(r"\s*\(?[A-Za-z\d]{1,4}[.)]")
_INTRODUCED = re.compile(r"(?:\A|[,;:—–]|\b(?:and|or|and/or|to|that|will|shall|not|may|by))\s*\Z")
_REFERS = re.compile(
    r"(?:\b(?:(?:sub-?)?(?:sections?|clauses?|paragraphs?)|items?|points?|articles?|parts?|limbs?|exhibits?|annex(?:es)?)"
    r"|(?:items?|those|matters?|described|referred\s+to|set\s+(?:out|forth)|listed|specified|mentioned)\s+(?:in|under|at)"
    r"|§|\([a-z0-9]{1,4}\))[\s,]*(?:and|or|to)?\s*\Z",
    re.IGNORECASE,
)
_OTHER = Compared(Step.OTHER)
_WIDEST_GAP = 2
_WIDEST_LIST_GAP = 5
_MOST_REPEATS = 3
_REGULAR = 4
_PLACE = re.compile(r"\s+(?:(?:immediately\s+)?(?:above|below|hereof)|of\s+(?:this|that|these|those|such))\b")
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
        pairs = pairwise(listing.children)
        found = [one for before, item in pairs for one in _check_step(reading, before, item)]
        # A converter that counts the lines between items leaves many gaps: 5, 7, 9, 11.
        yield from found if len(found) < _REGULAR or any(repeat for _, repeat in found) else ()
    for earlier, later in pairwise(lists):
        if earlier.children and later.children and earlier.list_kind is later.list_kind:
            before, item = earlier.children[-1], later.children[0]
            if compare(before.marker, item.marker).step is Step.SKIP:
                yield from _check_step(reading, before, item)


def _is_numbered_list(clause: Clause) -> bool:
    return clause.kind is ClauseKind.LIST and clause.list_kind in (ListKind.ENUMERATED, ListKind.ORDERED)


def _check_step(reading: Reading, before: Clause, item: Clause) -> Iterator[tuple[Finding, bool]]:
    found, last = _compare_items(before, item)
    # "(f)" and "v." are of different lists, and a list of links is the navigation of a page.
    other_list = before.marker.startswith("(") != item.marker.startswith("(")
    if found.step not in _WRONG_STEPS or other_list or (_is_link(before) and _is_link(item)):
        return
    embedded = reading.embedded
    if found.step is Step.SKIP and (embedded.is_usual or embedded.find(found.missing.strip("().")) is not None):
        return  # the number is in the text of an item
    if found.step is Step.BACK and len(before.marker) != len(item.marker):
        return  # "(b)" after "(ii)" of a list within (a)
    if found.missing and (_is_within(before, found.missing) or _lost_marks(reading, before, item) == found.gap):
        return
    if not (item.children or item.inline.text.strip()):
        return  # the end of a sentence that a converter broke: "under Paragraph", and "11." on the next line
    letter = found.missing.strip("().")
    typed = re.compile(rf"^\s*(?:{re.escape(found.missing)}|{re.escape(letter)}\**[.)])", re.MULTILINE | re.IGNORECASE)
    if last == before.marker and (outer := _outer(reading, item)):
        found, last = compare(outer, item.marker), outer  # "10." after the items of 9
        if found.step not in _WRONG_STEPS:
            return
    between = _between(reading, before, item)
    if letter and any(letter in one.text and typed.search(one.text) for one in between):
        return  # converters lose the blank after a number, and people a bracket: "7.Third parties", "c) Costs"
    if found.step is Step.BACK and _follows_paragraph(between, item):
        return  # "7." after "6." that a no-break space makes a paragraph
    back = found.step in (Step.BACK, Step.REPEAT) and _is_second(item.marker)
    if back and _first_is_joined(reading, before, item):
        return  # "7. a. Term", and "b. Renewal" in the next paragraph
    if found.gap <= _WIDEST_LIST_GAP and not (_is_cited(reading, item) or _is_cited(reading, before)):
        message = _message(found.step, last, item.marker, found.missing)
        yield reading.finding(item, message, text=item.marker), found.step is Step.REPEAT


def _compare_items(before: Clause, item: Clause) -> tuple[Compared, str]:
    """The step from one item to the next, and the enumerator it is from: the last of "(c) – (e) deleted"."""
    found = compare(before.marker, item.marker)
    last = last_in_item(before.inline.text) if found.step in _WRONG_STEPS else ""
    after_range = compare(last, item.marker) if last else _OTHER
    return (after_range, last) if after_range.step in (Step.NEXT, Step.SKIP) else (found, before.marker)


def _outer(reading: Reading, item: Clause) -> str:
    """The enumerator of an outer list that an item continues, after the items of a list that is not indented: 9 before
    1 to 24 and 10. If there is none, the nearest one from which it skips, or "".
    """
    opened: list[str] = []
    for _, clause, _ in reading.nodes:
        marker = clause.marker or (f"{clause.number}." if clause.number.isdigit() else "")
        if not readings(marker):
            continue
        steps = [compare(one, marker) if (one[:1] == "(") == (marker[:1] == "(") else _OTHER for one in opened]
        depth = next((at for at in range(len(steps) - 1, -1, -1) if steps[at].step is Step.NEXT), None)
        if clause is item:
            nearest = min(((step.gap, at) for at, step in enumerate(steps) if step.step is Step.SKIP), default=None)
            depth = nearest[1] if depth is None and nearest else depth
            return "" if depth is None else opened[depth]
        if depth is not None:
            del opened[depth:]
        elif not is_first(marker):
            opened.clear()
        opened.append(marker)
    return ""


def _is_cited(reading: Reading, item: Clause) -> bool:
    """Whether the enumerator of an item is the end of a reference in the passage before it."""
    passage = reading.passage_of(item)
    earlier = next((one for one in reversed(reading.passages) if passage and one.index < passage.index), None)
    return earlier is not None and is_cited(earlier.text, item.inline.text)


def _between(reading: Reading, before: Clause, item: Clause) -> list[Passage]:
    """The passages from one item to another, and all that begin with a typed enumerator."""
    first, last = reading.passage_of(before), reading.passage_of(item)
    start, end = (first.index if first else 0), (last.index if last else 0)
    return [one for one in reading.running if start <= one.index < end or _ENUMERATED.match(one.text)]


def _follows_paragraph(between: Iterable[Passage], item: Clause) -> bool:
    """Whether a paragraph begins with the number right before that of an item."""
    number = item.marker.rstrip(".)")
    return number.isdigit() and any(
        one.text.lstrip().startswith((f"{int(number) - 1}.", f"{int(number) - 1})"))
        for one in between
        if one.clause.kind is ClauseKind.PARAGRAPH
    )


def _is_second(marker: str) -> bool:
    return marker.strip("().") in ("b", "B", "2", "ii", "II")


def _first_is_joined(reading: Reading, before: Clause, item: Clause) -> bool:
    """Whether a paragraph begins with a number and the first enumerator of a list ("7. a. Term"), or the first one is
    joined to the title of a section between two items ("Section 3.07. Compliance. (a) …").
    """
    first = item.marker.translate(str.maketrans("bB2", "aA1")).replace("ii", "i").replace("II", "I")
    joined = re.compile(rf"\W*\d[\d.]*\s+{re.escape(first)}\s")
    titled = re.compile(rf"(?:\w+\s+)?\d[\d.]*\s[^.]{{3,80}}\.\s+{re.escape(first)}\s")
    nodes = [one for _, one, _ in reading.nodes]
    between = nodes[_at(nodes, before) : _at(nodes, item)]
    if first.startswith("(") and any(f" {first} " in one.inline.text for one in between):
        return True  # the first is within the sentence of a paragraph that a converter joined to it
    return any(
        joined.match(one.inline.text) or joined.match(f"{one.marker} {one.inline.text}") for one in nodes
    ) or any(titled.search(one.inline.text) for one in between)


def _at(nodes: Sequence[Clause], clause: Clause) -> int:
    return next(at for at, one in enumerate(nodes) if one is clause)


def _is_within(item: Clause, missing: str) -> bool:
    """Whether the missing enumerator is in an item, or begins one within it: "3 (e) All …", "sold;(b) kept"."""
    written = re.compile(rf"(?<![^\s;.,:]){re.escape(missing)}(?!\S)")
    return any(
        written.search(inner.inline.text) or (inner is not item and inner.marker == missing) for inner in item.walk()
    )


def _lost_marks(reading: Reading, before: Clause, item: Clause) -> int:
    """The number of items with bullets between two items, of which a converter dropped the enumerators."""
    clauses = [clause for _, clause, _ in reading.nodes]
    between = clauses[_at(clauses, before) + 1 : _at(clauses, item)]
    return sum(one.kind is ClauseKind.ITEM and not one.marker.strip("-*+•") for one in between)


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
    markers: list[re.Match[str]] = []
    for found in _ENUMERATOR.finditer(passage.text):
        if passage.text[found.start() - 1 : found.start()] == ")":
            enumerates = bool(markers) and markers[-1].end() == found.start()
        else:
            enumerates = _enumerates(passage.text, found, items)
        markers += [found] if enumerates else []
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
        skips = step.step is Step.SKIP and step.gap <= _WIDEST_GAP and not _is_written(step.missing, between)
        if found[1].strip("()") in _PAIRED or (skips and _ends_range(between, found[1])):
            continue
        if skips or _is_repeat(step.step, found[1]):
            message = _message(step.step, before[1], found[1], step.missing)
            yield passage.finding(found.start(1), message, text=found[1])


def _ends_range(between: str, marker: str) -> bool:
    """Whether an enumerator is the end of a range ("(c) – (e)"), or follows one: "(c) to (e) [reserved], (f)"."""
    last = last_of_range(between)
    return RANGE_JOIN.fullmatch(between) is not None or (last != "" and compare(last, marker).step is Step.NEXT)


def _is_written(missing: str, between: str) -> bool:
    """Whether an enumerator is in the text between two others, be it without a bracket or as the sign of copyright."""
    copied = missing == "(c)" and _COPYRIGHT.search(between) is not None
    return copied or missing.lstrip("(") in between


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
