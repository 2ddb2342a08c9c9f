"""Rules for numbers and references: amounts in words and figures, cross-references."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from functools import lru_cache

import engross.common.lazy_re as re
from engross.drafting.detectors.reference_titles import is_right_after_all, mismatch_severity
from engross.drafting.subject import Finding, OfDocument, Passage, Reading, Rule, Subject, at_place
from engross.language import MONTHS, Grammar
from engross.model import ClauseKind, ListKind, MarkKind, Place, Reference, ReferenceKind, Severity

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
        re.compile(rf"(?<![\w\u2010\u2011-]){words}[ \n\u00a0]+{unit}\(\s*{figure}\)", re.IGNORECASE),
        re.compile(
            rf"(?<![\w.,-])(?P<figure>\d[\d,.]*)(?P<scale>)\s*%?[ \n\u00a0]+\(\s*{words}\s*(?:percent|%)?\s*\)",
            re.IGNORECASE,
        ),
    )


_TENS = re.compile(
    r"\b(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)\s*[-\u2010\u2011]?\s+\Z|\b(?:hundred|thousand|[mb]illion),\s+\Z",
    re.IGNORECASE,
)
_FRACTION = re.compile(
    r"\b(?:half|halves|quarters?|thirds?|fourths?|eighths?|tenths?|hundredths?|point|or|to|between)(?:\s+(?:and|a|of))*\s*\Z",
    re.IGNORECASE,
)
# "the first (30) days" lacks a word, and is no number of one.
_FIRST = re.compile(r"(?:first|last|next)\Z", re.IGNORECASE)
_SCALED = re.compile(r"\(\d+\)\s+\Z")  # "three (3) million dollars ($3,000,000)"
_ORDINAL_PART = re.compile(r"(?:one|two|three|four)[- ](?:half|third|quarter|fourth|fifth|tenth)s?\b", re.IGNORECASE)
_COUNT_BEFORE, _IN_COLUMNS = re.compile(r"\d[\d.,]*\s+\Z"), re.compile(r"\s {2,}\(")
_PAGE = re.compile(r"(?:\W|page|\d){0,20}", re.IGNORECASE)
_SCALES = {"thousand": 1000, "k": 1000, "million": 10**6, "m": 10**6, "billion": 10**9}


def _check_number_mismatch(reading: Reading) -> Iterator[Finding]:
    """Each number whose words and figures differ."""
    earlier = ""
    for passage in reading.passages:
        if _PAGE.fullmatch(passage.text):
            continue  # "Three Million Seven", a page, "Hundred and Fifty Thousand Dollars ($3,750,000)"
        for pattern in _both_ways(passage.grammar) if "(" in passage.text else ():
            for found in pattern.finditer(passage.text):
                if _differ(passage, found, earlier):
                    yield _mismatch_finding(passage, found)
        earlier = passage.text


def _differ(passage: Passage, found: re.Match[str], earlier: str) -> bool:
    """Whether words and figures differ; `earlier` is the text of the passage before, where a broken line began."""
    text = passage.text
    value, amounts = passage.grammar.value_of(found["words"]), _amounts(found["figure"], found["scale"] or "")
    if value is None or not amounts or value in amounts:
        return False
    named = found.groupdict()
    if named.get("counted") and named.get("unit") and named["counted"][:3].lower() != named["unit"][:3].lower():
        return False  # the same time in other units: eine Woche (7 Tage)
    start = found.start("words")
    before = text[max(0, start - 24) : start] or f"{earlier[-24:]}\n"
    if _COUNT_BEFORE.search(text, 0, start) or _IN_COLUMNS.search(found[0]):
        return False  # "4 Million ($4,000,000)", and a date beside a number in another column
    if not text[:start].strip() and re.search(rf"(?i)\b{passage.grammar.number_word}\s*\Z", earlier[-24:]):
        return False
    if _FIRST.match(found["words"]) or _TENS.search(before) or _SCALED.search(before):
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
    yield from (finding for rule, finding in subject.refused if rule == "missing-reference")
    for reference, cited in _cited(subject):
        if reference.target is not None or reference.kind is ReferenceKind.ATTACHMENT:
            continue
        external = reference.kind is ReferenceKind.EXTERNAL
        if (external and not reference.problem) or _number_exists(subject, reference) or _is_broken(subject, reference):
            continue
        shown = " ".join(reference.text.split())
        problem = reference.problem or "there is no such clause"
        found = at_place(reference.place, f"“{cited}” leads nowhere: {problem}", text=shown)
        to_other = external or _is_of_history(subject, reference)
        to_other = to_other or (not reference.sure and _is_beside_text(subject, reference))
        to_other = to_other or _may_be_right(subject.by_document.get(reference.place.document))
        # A converter may have dropped the enumerator of an item.
        sure = reference.sure and " has no " not in problem
        severity = Severity.NOTE if to_other else None if sure else Severity.WARNING
        yield replace(found, severity=severity)


def _cited(subject: Subject) -> Iterator[tuple[Reference, str]]:
    """Each reference with its words; the number of a list has those before it: “Sections 2, 4 and 9”."""
    before: Place | None = None
    first: Place | None = None
    for reference in subject.binding.references:
        place, words = reference.place, reference.text
        joined = None
        if before and first and (before.document, before.clause) == (place.document, place.clause):
            passage = subject.passage(place) if _ALONE.match(words) else None
            joined = passage and _BETWEEN.fullmatch(passage.text, before.end, place.start)
        first = first if joined else place
        if joined and first is not None:
            short = place.end - first.start <= _LONGEST_LIST
            begin = joined.string[first.start : place.start if short else first.end]
            words = f"{begin}{words}" if short else f"{begin} … {words}"
        before = place
        yield reference, " ".join(words.split())


_LONGEST_LIST = 80
# A number without a word: "9", "(b)", "B", "IV".
_ALONE = re.compile(r"\d|\(|(?:[A-Z]|[IVXLC]+)(?![^\W\d_])")
_BETWEEN = re.compile(r"\s*[,&/–—-]?\s*(?:[^\W\d_]{1,7}\s+)?")


def _is_broken(subject: Subject, reference: Reference) -> bool:
    """Whether a line was broken beside what looks like a reference: "Section 13 or 15(d)", "of the Act", or the name of
    a heading, as the head of a page, before "(f)".
    """
    passage, reading = subject.passage(reference.place), subject.by_document.get(reference.place.document)
    if passage is None or reading is None:
        return False
    if reference.kind is ReferenceKind.HEADING and not reference.place.start and reference.text[:2].isupper():
        return True
    after = bisect_right(reading.passages, passage.index, key=lambda one: one.index)
    if passage.text[reference.place.end :].strip() or after == len(reading.passages):
        return False
    return _OF_LAW_BELOW.match(reading.passages[after].text) is not None


def _is_of_history(subject: Subject, reference: Reference) -> bool:
    """Whether a reference is in a row or an item with a date: a list of versions cites the numbers of their time."""
    passage = subject.passage(reference.place)
    if passage is not None and passage.clause.kind is ClauseKind.ITEM:
        return _DATE.match(passage.text) is not None
    if passage is None or passage.clause.kind is not ClauseKind.CELL:
        return False
    return any(_DATE.fullmatch(" ".join(cell.inline.text.split())) for cell in passage.around[-1].children)


def _is_beside_text(subject: Subject, reference: Reference) -> bool:
    """Whether a reference is in a table or a footnote, which often cite other texts and reviews of them."""
    passage = subject.passage(reference.place)
    if passage is None:
        return False
    noted = any(outer.list_kind is ListKind.FOOTNOTES for outer in passage.around)
    return noted or passage.clause.kind is ClauseKind.CELL


def _may_be_right(reading: Reading | None) -> bool:
    """Whether numbers without a target may be right: the document amends another, is its schedule, or is plain text."""
    if reading is None:
        return False
    if not reading.headings:
        return True  # plain text does not show its sections
    begin = " ".join(passage.text for passage in reading.passages[:3])[:_LONGEST_TITLE]
    amended = sum(_AMENDED.search(passage.text) is not None for passage in reading.running)
    return _OF_ANOTHER.match(begin) is not None or amended >= _FEWEST_AMENDED


def _number_exists(subject: Subject, reference: Reference) -> bool:
    """Whether the number exists after all: a sub-clause has it (13.1 implies 13), or a paragraph begins with it."""
    found = _NUMBER.search(reference.text)
    reading = subject.by_document.get(reference.place.document)
    if reading is not None and (roman := _ROMAN.search(reference.text)):
        # A line that a text without Markdown has as a heading: "VII. TRANSFER OF LICENSE".
        begins = re.compile(rf"^\W*(?:(?i:article|section)\s+)?{roman[0]}[.:]?\s+[A-Z]", re.MULTILINE)
        source = reading.document.source
        return source is not None and begins.search(source.text) is not None
    if reference.text.endswith(".x"):
        return True  # "one of the methods of Section 3.2.2.4.x": any part of it
    passage = subject.passage(reference.place)
    if passage is not None and _OF_SENTENCE.match(passage.text, reference.place.end):
        return True  # "clause (i) of the third sentence of Section 2.3"
    if passage is not None and _is_of_link(passage, reference.place.end):
        return True
    if not found or reading is None or _LETTER_AFTER.match(reference.text, found.end()):
        return False
    if " has no " in reference.problem or "no item" in reference.problem:
        return False  # the number is that of a part: "paragraph 5 of Schedule 1", "Ziffer 3.2 Buchstabe g", "Absatz 3"
    number = found[0]
    return number in reading.numbers


def _is_of_link(passage: Passage, end: int) -> bool:
    """Whether a reference is to a part of a document that is linked: “sections 15 and 16 of the [licence](LICENSE)”."""
    of = _OF_LINK.match(passage.text, end)
    if of is None:
        return False
    marks = passage.clause.inline.marks
    return any(
        mark.kind is MarkKind.LINK and mark.start == of.end() and not mark.target.startswith("#") for mark in marks
    )


_MONTH = "|".join(dict.fromkeys(name for names in MONTHS for name in names))
_DATE = re.compile(
    rf"\W*(?:\d{{1,4}}[./-]\d{{1,2}}[./-]\d{{2,4}}|(?:\d{{1,2}}(?:st|nd|rd|th|er|\.)?\s+)?(?:de\s+)?(?:{_MONTH})\.?(?:\s+\d{{1,2}},?)?(?:\s+de)?\s+\d{{4}})\W*",
    re.IGNORECASE,
)
_OF_LINK = re.compile(
    r"(?:\s*(?:,|and|or|y|et|und)\s*\d[\d.]*)*\s+(?:of|in|to|de|del|du|des|der|von|zu|zur)\s+(?:(?:the|our|la|las|los|les|l’|der|den)\s*)?"
)
_OF_LAW_BELOW = re.compile(r"\W*(?i:of\s+the)\s+[A-Z]")
_OF_SENTENCE = re.compile(r"\s+of\s+the\s+(?:\w+\s+){1,3}(?:sentence|paragraph)\b")
_OF_ANOTHER = re.compile(
    r"\W*(?:\w+\s+){0,3}(?:schedule|annex|addendum|amendment|supplement)\b[^.]{0,30}\bto\s+(?:the|that)\b[^.]*\b(?:agreement|contract)",
    re.IGNORECASE,
)
_AMENDED = re.compile(r"\b(?:is|are)\s+(?:hereby\s+)?(?:\w+\s+)?(?:amended|deleted|replaced|restated)\b", re.IGNORECASE)
_LONGEST_TITLE, _FEWEST_AMENDED = 300, 2
_ROMAN = re.compile(r"(?<![\w.])[IVX]{1,6}\Z")
_NUMBER = re.compile(r"(?<![\d.(])(?<![A-Z])(?<![A-Z][.-])\d+(?:\.\d+)*")
_LETTER_AFTER = re.compile(r"\(|\.?[A-Za-z]|\s+(?:Abs|(?:bis|ter|quater|quinquies)\b)")

MISSING_REFERENCE = Rule(
    name="missing-reference",
    severity=Severity.ERROR,
    summary="A cross-reference to a section, item or document that does not exist.",
    why=(
        "Readers cannot find the rule that was meant, and it may not apply. It is an error where the numbers of "
        "the text show that the one cited is missing: 4.3 after 4.2 as the last part of 4, or section 14 after 13. "
        "It is a warning where an item is missing, (d) after (c), because a converter may have dropped its letter, "
        "where nothing like it is there (4.1 in a section without such parts, a section by its title), where it is "
        "missing between two others, and where a number is used twice on one level. It is a note where the text may "
        "mean another instrument (it often cites the clauses of another contract, or the reference is in a list of "
        "versions), or does not show its own numbers: a program numbers its headings, a converter joined its lines, "
        "or many numbers that it cites are missing. So is “this Section 2.1(c)” within section 2, because the number "
        "was probably lost in reading, unless 2.1 has items up to (b). "
        "In a lone file, a link to an anchor that the file does not have is a warning."
    ),
    bad="# Terms\n\n## 1. Fees\n\nFees are due as Section 4.2 states.\n\n## 2. Notices\n\nSection 1 holds for notices.",
    good="# Terms\n\n## 1. Fees\n\nFees are due as Section 2 states.\n\n## 2. Notices\n\nSection 1 holds for notices.",
    check=_check_missing_reference,
)


def _check_missing_attachment(subject: Subject) -> Iterator[Finding]:
    """The first citation of each exhibit, schedule or the like that the edition does not contain."""
    seen = set[tuple[str, str]]()
    for reference, cited in _cited(subject):
        if reference.kind is not ReferenceKind.ATTACHMENT or reference.place.document not in subject.by_document:
            continue
        if (reference.place.document, reference.problem) not in seen and not _cites_nothing(subject, reference):
            seen.add((reference.place.document, reference.problem))
            shown = " ".join(reference.text.split())
            message = f"“{cited}” is cited, but {reference.problem}; add it, or name the document it belongs to"
            yield at_place(reference.place, message, text=shown)


# "Schedule I substance" is of a law, and "Addendum 2021" of a year.
_OF_LAW = re.compile(r"(?:-\d|\s*:\s*\Z|\s+(?:or\s+schedule\s+\w+\s+)?(?:controlled\s+)?(?:substance|drug)s?\b)")
# "Annex B to the Standard Contractual Clauses", "Attachment 1 to the “Agreement between …”": of a named document.
_OF_NAMED = re.compile(r"\s+(?:to|of)\s+the\s+(?P<name>[“\"]|[A-Z]\w+\s+(?:[A-Z]\w+|of\s+[A-Z]))")
_OF_CODE = re.compile(r"\b(?:CFR|C\.F\.R\.)\s+(?:Part\s+)?[\d.]+,?\s+\Z")  # "29 CFR Part 471 Appendix A"
_IN_CONTENTS = re.compile(r"\b(?:EXHIBITS|SCHEDULES|APPENDICES|ATTACHMENTS|ANNEXES)\W*\Z")
_OF_YEAR = re.compile(r"\s(?:19|20)\d\d\Z")
_CAPITALIZED, _SMALL_NEXT = re.compile(r"\s+[A-Z][a-z]"), re.compile(r"\s+[a-z]")


def _cites_nothing(subject: Subject, reference: Reference) -> bool:
    """Whether words that look like a citation are a heading which a converter joined to a sentence, or another name."""
    passage = subject.passage(reference.place)
    if passage is None or _OF_YEAR.search(reference.text):
        return passage is not None
    if "\n" in reference.text and reference.text[:1].islower():
        return True  # "the services annexes", and "6." in the next line
    start, end = reference.place.start, reference.place.end
    # "… and research.Annex A –", "OUR COMMITMENTS SCHEDULE 6.1 Upon the signing …".
    joined = passage.text[max(0, start - 1) : start] in tuple(".;")
    alone = not start and not _SMALL_NEXT.match(passage.text, end)
    in_capitals = reference.text[:2].isupper() and (alone or _CAPITALIZED.match(passage.text, end))
    if joined or in_capitals or _OF_LAW.match(passage.text, end) or _is_of_another(passage, end):
        return True
    if any(one.search(passage.text, 0, start) for one in (_IN_CONTENTS, _OF_CODE)):
        return True
    heading = re.compile(rf"(?<=[.;:]){re.escape(reference.text)}(?=[A-Z])")
    return heading.search(passage.text) is not None  # "… within the Services.Exhibit ADisputes1. Claims"


def _is_of_another(passage: Passage, end: int) -> bool:
    """Whether the words after an attachment name a document with another title: "Annex B to the Model Clauses"."""
    found = _OF_NAMED.match(passage.text, end)
    if found is None:
        return False
    name = passage.text[found.start("name") :].lstrip('“"').casefold()
    return not name.startswith(tuple(title.casefold() for title in passage.document.titles))


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
            to_other = _is_of_history(subject, reference)
            yield replace(found, severity=Severity.NOTE if to_other else mismatch_severity(subject, reference))


REFERENCE_MISMATCH = Rule(
    name="reference-mismatch",
    severity=Severity.ERROR,
    summary="A cross-reference whose title is not that of the section with its number.",
    why=(
        "Sections were moved, and the reference now leads to the wrong one. It is an error where another section has "
        "the title. It is a note where none has it, because the title may be a paraphrase and the bracket may hold "
        "something else, where the reference may be to another contract that the text often cites, and where an item "
        "has lost its number. “This Section 5.3” in 5.4 is a warning."
    ),
    bad="# Terms\n\n## 1. Fees\n\nFees are due.\n\n## 2. Law\n\nIt holds.\n\n## 3. Notices\n\nSection 1 (Law) holds.",
    good="# Terms\n\n## 1. Fees\n\nFees are due.\n\n## 2. Notices\n\nNotices are as Section 1 (Fees) grants.",
    check=_check_reference_mismatch,
)
