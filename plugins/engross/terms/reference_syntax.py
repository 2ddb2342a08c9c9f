"""Reads the words of a numbered reference: "Sections 3, 4.1 and 7", "clause (b)(ii)", "this Section 5", "Annex I(B)".

What they lead to is found elsewhere; here they only become a `Pointer`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from engross.common import value_class
from engross.language import is_title, wordlist

_FAMILIES: Final = {
    "section": "section",
    "sections": "section",
    "sec": "section",
    "secs": "section",
    "§": "§",
    "§§": "§",
    "clause": "clause",
    "clauses": "clause",
    "cl": "clause",
    "article": "article",
    "articles": "article",
    "art": "article",
    "arts": "article",
    "exhibit": "exhibit",
    "exhibits": "exhibit",
    "schedule": "schedule",
    "schedules": "schedule",
    "annex": "annex",
    "annexes": "annex",
    "annexure": "annex",
    "appendix": "appendix",
    "appendices": "appendix",
    "attachment": "attachment",
    "attachments": "attachment",
    "addendum": "addendum",
    "addenda": "addendum",
}
ATTACHED: Final = wordlist("exhibit schedule annex appendix attachment addendum")
"""Families of what is attached to an agreement and mostly stands outside it."""

# The first letter stands in front as a set, so that the search skips from one possible beginning to the next.
_WORD = (
    r"(?P<word>(?:[SsCcAaPpIiEeLl§](?<![\w-].))(?i:(?<=§)§?|(?<=s)(?:ections?|ub-?(?:sections?|clauses?|paragraphs?)"
    r"|ecs?\.|chedules?)|(?<=c)(?:lauses?|l\.|onditions?)|(?<=a)(?:rticles?|rts?\.|nnex(?:es|ures?)?|ppendix|ppendices"
    r"|ttachments?|ddend(?:um|a))|(?<=p)(?:aragraphs?|arts?|oints?)|(?<=i)tems?|(?<=e)xhibits?|(?<=l)imbs?))"
)
_PART = r"\((?:[a-z]|aa|bb|cc|dd|ee|ff|gg|hh|jj|kk|[ivxl]{2,6}|[A-Z]|[IVXL]{2,6}|\d{1,3})\)"
_PARTS = rf"{_PART}(?:\s?{_PART})*"
_DIGITS = (
    rf"\d{{1,5}}(?:\.\d{{1,4}})*(?:(?<=\d\d\d)-\d{{2,6}})?(?:\.?[a-zA-Z](?![\w-]))?(?:\s?{_PART})*(?![\w%])(?!\.\d)"
)
_LETTERS = rf"(?:[IVXLC]{{1,7}}|[A-Z])(?:[.-]\d{{1,3}})*(?:\s?{_PART})*(?![\w’'-])"
_NUMBER = rf"(?:{_DIGITS}|{_LETTERS}|{_PARTS})"
_NUMBERED = re.compile(rf"{_NUMBER}")
_POINTER = re.compile(rf"{_WORD}(?![\w-])(?:(?:(?<=[§.])\s*|\s+)(?:(?i:no\.?|number)\s+)?(?P<number>{_NUMBER}))?")
_MAY_COUNT = re.compile(r"[\d(]|[A-Z](?![a-z])")
_THIS = re.compile(r"\b(?:this|these)\s+\Z", re.IGNORECASE)
_SEPARATOR = re.compile(
    r"\s*,\s*(?:and/or|and|or)?\s*|\s+(?P<to>to|through|thru|until)\s+|\s*[–—-]\s*(?=\d|\()|\s+(?:and/or|and|or|&)\s+",
    re.IGNORECASE,
)
_TITLE = re.compile(r"\s*\((?P<title>[A-Z“\"][^()]{1,90}(?:\([^()]{1,30}\)[^()]{0,40})?)\)")
_COUNTED = re.compile(
    r"[\s-]+(?:\w+[\s-]+)?(?:days?|months?|years?|weeks?|hours?|minutes?|percent|per\s+cent|%|times|copies|of\s+the\s+parties|"
    r"U\.?\s?S\.?\s?C|C\.?\s?F\.?\s?R|(?:million|thousand|dollars|euros|USD|EUR))\b",
    re.IGNORECASE,
)
_AFTER_LAST = re.compile(
    r"\s*(?:[.,;:)\]”\"–—-]|\Z|(?:of|above|below|hereof|herein|inclusive|apply|applies|shall|will|may|must|do|does|did|is|are"
    r"|has|have|survives?|continues?|or|and|to|through|in|under|for|with|without|as|if|unless|where|when|by|on)\b|\()"
)


@value_class(frozen=True, slots=True)
class Point:
    """One number of a pointer: `text[start:end]`. `title` is what stands in brackets after it, which `end` takes in."""

    number: str
    start: int
    end: int
    title: str = ""


@value_class(frozen=True, slots=True)
class Pointer:
    """A word such as "Section" with what it points at.

    `family` is the word without number and case ("section"; "item" for all that only ever count within a clause);
    `points` is empty for a bare "this Section". `start` takes in "this".
    """

    family: str
    this: bool
    start: int
    end: int
    points: tuple[Point, ...]


def pointers(text: str) -> Iterator[Pointer]:
    """All pointers of a text, in order."""
    # Without anything to count with, only "this" and "these" make a pointer; most texts have neither.
    if "his" not in text and "hese" not in text and not _MAY_COUNT.search(text):
        return
    at = 0
    while found := _POINTER.search(text, at):
        at = found.end()
        word = found["word"].lower().rstrip(".").replace("-", "")
        family = _FAMILIES.get(word, "item")
        this = _THIS.search(text, max(0, found.start() - 12), found.start())
        start = this.start() if this else found.start()
        if not found["number"]:
            if this and this[0].lower().startswith("this"):
                yield Pointer(family, True, start, found.end(), ())
        elif _is_numbered(found, family, this is not None):
            points = _points(text, found, plural=word.endswith(("s", "§§", "ces", "da")))
            at = points[-1].end
            yield Pointer(family, this is not None, start, at, points)


def _is_numbered(found: re.Match[str], family: str, this: bool) -> bool:
    """Whether what follows the word counts: not a bare letter after a small word ("part A", "section I")."""
    number, word = found["number"], found["word"]
    if number[0].isdigit() or number[0] == "(":
        return family != "item" or number[0] == "(" or this
    if family == "item" or word[0].islower():
        return False
    return not (number == "I" and re.match(r"\s+(?!\()[a-z]", found.string[found.end() :]) and family not in ATTACHED)


def _points(text: str, found: re.Match[str], *, plural: bool) -> tuple[Point, ...]:
    points = [_point(text, found.start("number"), found.end("number"))]
    while separator := _SEPARATOR.match(text, points[-1].end):
        number = _NUMBERED.match(text, separator.end())
        if number is None or not _goes_on(text, number, points[-1].number, plural):
            break
        points.append(_point(text, number.start(), number.end()))
    return tuple(points)


def _goes_on(text: str, number: re.Match[str], before: str, plural: bool) -> bool:
    """Whether a further number belongs to the list: "Sections 3 and 7", not "Section 3 and 30 days"."""
    if _COUNTED.match(text, number.end()):
        return False
    follows = bool(_AFTER_LAST.match(text, number.end()))
    if number[0][0] == "(":
        return "(" in before and follows
    if number[0][0].isalpha():
        return plural and before[0].isalpha()
    return before[0].isdigit() and (plural or follows)


def _point(text: str, start: int, end: int) -> Point:
    number = "".join(text[start:end].split())
    found = _TITLE.match(text, end)
    if found and is_title(found["title"]):
        return Point(number, start, found.end(), found["title"].strip('“”" ,.'))
    return Point(number, start, end)


def split(number: str) -> tuple[str, tuple[str, ...]]:
    """A number and the enumerators after it: "4.2(b)(ii)" → ("4.2", ("(b)", "(ii)"))."""
    base, *parts = re.split(r"(?=\()", number)
    return base, tuple(parts)
