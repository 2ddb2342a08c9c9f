"""Parses numbered references: "Sections 3, 4.1 and 7", "clause (b)(ii)", "this Section 5", "Annex I(B)".

The result is a `Pointer`; `numbered_references` finds the clauses that it refers to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
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
    **dict.fromkeys(("abschnitt", "abschnitte", "abschnitten", "abschnitts", "sección", "secciones"), "section"),
    **dict.fromkeys(("apartado", "apartados"), "section"),
    **dict.fromkeys(("ziffer", "ziffern", "klausel", "klauseln", "cláusula", "cláusulas"), "clause"),
    **dict.fromkeys(("artikel", "artikeln", "artículo", "artículos"), "article"),
    **dict.fromkeys(("anlage", "anlagen", "anhang", "anhänge", "anexo", "anexos"), "annex"),
}
_PARAGRAPHS: Final = wordlist(
    "paragraph paragraphs subsection subsections subclause subclauses subparagraph subparagraphs"
)
BARE: Final = "number"
"""The family of a number without a word: "see 4.4", "F-8.3"."""
ATTACHED: Final = wordlist("exhibit schedule annex appendix attachment addendum")
"""Families of attachments to an agreement, which are often separate documents."""

# The first letter is a character set, so that the search skips to the next possible beginning.
_WORD = (
    r"(?P<word>(?:[SsCcAaPpIiEeLlKkZz§](?<![\w-].))(?i:(?<=§)§?|(?<=s)(?:ections?|ub-?(?:sections?|clauses?|paragraphs?)"
    r"|ecs?\.|chedules?)|(?<=c)(?:lauses?|l\.|onditions?)|(?<=a)(?:rticles?|rts?\.|nnex(?:es|ures?)?|ppendix|ppendices"
    r"|ttachments?|ddend(?:um|a))|(?<=p)(?:aragraphs?|arts?|oints?)|(?<=i)tems?|(?<=e)xhibits?|(?<=l)imbs?"
    r"|(?<=a)(?:bschnitt(?:e[ns]?|s)?|rtikeln?|nlagen?|nh[aä]nge?|rt[ií]culos?|nexos?|partados?)|(?<=z)iffern?|(?<=k)lauseln?"
    r"|(?<=c)l[aá]usulas?|(?<=s)ecci(?:ón|ones)))"
)
_PART = r"\((?:[a-z]|aa|bb|cc|dd|ee|ff|gg|hh|jj|kk|[ivxl]{2,6}|[A-Z]|[IVXL]{2,6}|\d{1,3})\)"
_PARTS = rf"{_PART}(?:\s?{_PART})*"
_DIGITS = (
    rf"\d{{1,5}}(?:\.\d{{1,4}})*(?:(?<=\d\d\d)-\d{{2,6}}|-\d{{3}}(?!\d))?(?:\.?[a-zA-Z](?![\w-]))?(?:\.(?:[a-z]|[ivx]{{2,5}}|\d{{1,2}})(?![\w-]))*"
    rf"(?:\s?{_PART})*(?:\s+(?:Abs\.|Absatz)\s*\d{{1,2}}(?!\w)(?:\s+(?:Buchst\.|lit\.)\s*[a-z](?!\w))?)?(?![\w%])(?!\.\d)"
)
_LETTERS = (
    r"(?:[IVXLC]{1,7}|[A-Z])(?:[.-]\d{1,3})*(?:\.(?:[A-Za-z]|[ivx]{2,4}|\d{1,2})(?!\w))*"
    rf"(?:\s?{_PART})*(?![\w’'-])"
)
_NUMBER = rf"(?:{_DIGITS}|{_LETTERS}|{_PARTS})"
_NUMBERED = re.compile(rf"{_NUMBER}")
_POINTER = re.compile(
    rf"{_WORD}(?:(?<=§)|(?![\w-]))(?:(?:(?<=[§.])\s*|\s+)(?:(?i:no\.?|number)\s+)?(?P<number>{_NUMBER}))?"
)
_BARE_NUMBER = re.compile(
    r"\b(?:[Ss]ee|under|in|per|to|with|of|by|and|or)\s+(?P<number>\d{1,2}(?:(?:\.\d{1,2}){1,3}"
    rf"|(?:\.(?:[a-z]|[ivx]{{2,5}})(?!\w)){{1,3}})(?:\s?{_PART})*)(?![\w%])(?!\.\d)"
    r"|(?<![\w.-])(?P<label>[A-Z]{1,3}-\d{1,3}(?:\.\d{1,3})*)(?![\w-])"
)
# After a word in small letters, letters count only if they can be nothing else: "section D.9", "section IV".
_COUNTS_IN_SMALL = re.compile(r"[A-Z]\.\d|(?:I{2,3}|I?V|VI{1,3}|IX|XI{0,3})(?![A-Za-z])")
# Titles of a code of laws: "17 U.S.C. 512".
_OF_LAWS = re.compile(r"\s+(?:U\.?\s?S\.?\s?C|C\.?\s?F\.?\s?R|Fed\.)\b")
_MAY_COUNT = re.compile(r"[\d(]|[A-Z](?![a-z])")
_OF_ATTACHED = re.compile(
    r"\s+(?:of|in|to)\s+(?:exhibit|schedule|annex|annexure|appendix|attachment|addendum)\s+[A-Z\d]", re.IGNORECASE
)
_RANGE = re.compile(r"\s+(?:to|through|thru|until|bis|a|à)\s+\Z|\s*[–—-]\s*\Z", re.IGNORECASE)
_SUBSECTION = re.compile(r"(?:Abs\.|Absatz|Buchst\.|lit\.)(\d{1,2}|[a-z])")
_THIS = re.compile(r"\b(?:this|these)\s+\Z", re.IGNORECASE)
_SEPARATOR = re.compile(
    r"\s*,\s*(?:and/or|and|or)?\s*|\s+(?P<to>to|through|thru|until|bis|a|à)\s+|\s*[–—-]\s*(?=\d|\()|\s+(?:and/or|and|or|&|und|oder|y|et)\s+",
    re.IGNORECASE,
)
_TITLE = re.compile(
    r"(?:\s+(?:above|below|hereof|herein))?\s*\((?P<title>[A-Z“\"][^()]{1,90}(?:\([^()]{1,30}\)[^()]{0,40})?)\)"
)
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
    """One number of a pointer: `text[start:end]`. `title` is the text in brackets after it; `end` includes it.
    `ends_range` is true for the second number of "4.4 to 4.7".
    """

    number: str
    start: int
    end: int
    title: str = ""
    ends_range: bool = False


@value_class(frozen=True, slots=True)
class Pointer:
    """A word such as "Section" with the numbers after it.

    `family` is the word in the singular and lower case ("section"; "item" for words that only count within a clause;
    BARE without a word).
    `points` is empty for "this Section" without a number. `start` includes "this".
    """

    family: str
    this: bool
    start: int
    end: int
    points: tuple[Point, ...]


def pointers(text: str) -> Iterator[Pointer]:
    """Yield all pointers of a text, in order; those with the family BARE are references only if the number exists."""
    end = 0
    for pointer in _worded(text):
        yield from _bare(text, end, pointer.start)
        yield pointer
        end = pointer.end
    yield from _bare(text, end, len(text))


def _bare(text: str, start: int, end: int) -> Iterator[Pointer]:
    """Yield the numbers that no word precedes between two offsets."""
    at = start
    while found := _BARE_NUMBER.search(text, at, end):
        at = found.end()
        if found["label"] or (_AFTER_LAST.match(text, at) and not _COUNTED.match(text, at)):
            points = _points(text, found, "number" if found["number"] else "label", plural=False)
            at = points[-1].end
            yield Pointer(BARE, False, points[0].start, at, points)


def _worded(text: str) -> Iterator[Pointer]:
    # Without digits, brackets or single capitals, only "this" and "these" form a pointer; most texts have neither.
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
        elif _is_numbered(found, family, this is not None) and not _OF_LAWS.match(text, at):
            if family == "item" and found["number"][0].isdigit() and not this:
                family = "paragraph"
            points = _points(text, found, "number", plural=word.endswith(("s", "§§", "ces", "da", "ern", "eln")))
            at = points[-1].end
            yield Pointer(family, this is not None, start, at, points)


def _is_numbered(found: re.Match[str], family: str, this: bool) -> bool:
    """Return whether the word's number counts: not a single letter after a lower-case word ("part A", "section I")."""
    number, word = found["number"], found["word"]
    if number[0].isdigit() or number[0] == "(":
        if _OF_ATTACHED.match(found.string, found.end()):
            return True
        return family != "item" or number[0] == "(" or this or word.lower().replace("-", "") in _PARAGRAPHS
    if family == "item" or (word[0].islower() and not _COUNTS_IN_SMALL.match(number)):
        return False
    return not (number == "I" and re.match(r"\s+(?!\()[a-z]", found.string[found.end() :]) and family not in ATTACHED)


def _points(text: str, found: re.Match[str], first: str, *, plural: bool) -> tuple[Point, ...]:
    """Return the numbers from the group `first` of a match on."""
    points = [_point(text, found.start(first), found.end(first))]
    while separator := _SEPARATOR.match(text, points[-1].end):
        number = _NUMBERED.match(text, separator.end())
        if number is None or not _continues_list(text, number, points[-1].number, plural):
            break
        point = _point(text, number.start(), number.end())
        ranged = _RANGE.search(text, points[-1].end, number.start()) is not None
        points.append(replace(point, ends_range=ranged))
    return tuple(points)


def _continues_list(text: str, number: re.Match[str], before: str, plural: bool) -> bool:
    """Return whether a further number belongs to the list: "Sections 3 and 7", not "Section 3 and 30 days"."""
    if _COUNTED.match(text, number.end()):
        return False
    follows = bool(_AFTER_LAST.match(text, number.end()))
    if number[0][0] == "(":
        return "(" in before and follows
    if number[0][0].isalpha():
        return plural and before[0].isalpha()
    return before[0].isdigit() and (plural or follows)


def _point(text: str, start: int, end: int) -> Point:
    number = _SUBSECTION.sub(r"(\1)", "".join(text[start:end].split()))
    found = _TITLE.match(text, end)
    if found and is_title(found["title"]):
        return Point(number, start, found.end(), found["title"].strip('“”" ,.'))
    return Point(number, start, end)


def split(number: str) -> tuple[str, tuple[str, ...]]:
    """Split a number from the enumerators after it: "4.2(b)(ii)" → ("4.2", ("(b)", "(ii)"))."""
    base, *parts = re.split(r"(?=\()", number)
    return base, tuple(parts)
