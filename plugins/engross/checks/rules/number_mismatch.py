"""`number-mismatch`: “thirty (45) days”."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from engross.checks.findings import Finding
from engross.checks.rules.rule import Rule
from engross.checks.subject import Passage, Subject
from engross.checks.words.numbers import NUMBER_WORDS, value_of
from engross.model import Severity

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


def check(subject: Subject) -> Iterator[Finding]:
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


RULE = Rule(
    name="number-mismatch",
    severity=Severity.WARNING,
    summary="A number given in words and in figures that are not the same.",
    why="Courts let the words prevail over the figures, which may not be what was agreed.",
    bad="Payment is due within thirty (45) days.",
    good="Payment is due within thirty (30) days.",
    check=check,
)
