"""Parses numbered references: "Sections 3, 4.1 and 7", "clause (b)(ii)", "this Section 5", "Annex I(B)".

The result is a `Pointer`; `numbered_references` finds the clauses that it refers to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Final

import engross.common.lazy_re as re
from engross.common import value_class
from engross.language import Grammar, is_title, wordlist
from engross.model import ReferenceKind
from engross.terms.reference_patterns import PART, ReferencePatterns, not_itself, patterns_of

BARE: Final = "number"
"""The family of a number without a word: "see 4.4", "F-8.3"."""
ATTACHED: Final = wordlist("exhibit schedule annex appendix attachment addendum")
"""Families of attachments to an agreement, which are often separate documents."""

PART_WORDS: Final = ("Part", "Parts")
"""Words before the letter or number of a part that has a heading: "Part A"."""

OF_HEADINGS: Final = ("bylaw", "rule", "chapter", "division")
"""Families of words that mean parts of a document only where its headings begin with them, or it often cites them."""

PARTS_OF_WHOLE: Final = ("subsection", "paragraph", "item")
"""Families of parts that count within a section or a clause."""
_OUTLINED = re.compile(r"(?<!\w)[A-Z]\.\s?(?:[IVX]{1,5}|\d{1,2})\.?\s*\Z")
_CONDITIONS = ("Condition", "Conditions")
"""Words before the number of a clause of conditions of sale."""

_BARE_NUMBER = re.compile(
    r"\b(?:[Ss]ee|under|in|per|to|with|of|by|at|and|or)\s+(?P<number>\d{1,2}(?:(?:\.\d{1,2}){1,3}"
    rf"|(?:\.(?:[a-z]|[ivx]{{2,5}})(?!\w)){{1,3}})(?:\s?{PART})*|[A-Z](?:\.\d{{1,2}}){{1,3}})(?![\w%])(?!\.\d)"
    r"|(?<![\w.-])(?P<label>[A-Z]{1,3}-\d{1,3}(?:\.\d{1,3})*|\d{1,2}-\d{1,3}(?:\.\d{1,3})+)(?![\w-])"
)
_OWN_FAMILIES: Final = wordlist("section subsection clause article §")
_PLURALS: Final = ("s", "§§", "ces", "da", "ern", "eln", "en", "ätze", "änge")
# After a word in small letters, letters count only if they can be nothing else: "section D.9", "section IV".
_COUNTS_IN_SMALL = re.compile(r"[A-Z]\.\d|(?:I{2,3}|I?V|VI{1,3}|IX|XI{0,3})(?![A-Za-z])")
# Titles of a code of laws: "17 U.S.C. 512"; sections of a state's: "section 6-1-1313".
_OF_LAWS = re.compile(
    r"-\d{4,5}(?![\w-])|\s+(?:U\.?\s?S\.?\s?C|C\.?\s?F\.?\s?R|Fed\.)\b|(?:-\d{1,4}(?:\.\d{1,4})?){2,}(?![\w-])"
)
# What every number without a word has: "4.4", "4.a", "F-8".
_MAY_BE_BARE = re.compile(r"[.-](?:(?<=\d\.)[\da-z]|(?<=[A-Z].)\d)")
_MAY_COUNT = re.compile(r"[\d(A-Z](?:(?<![A-Z])|(?![a-z]))")
# "the article I wrote", not "Article I and Article II".
_WORD_NEXT = re.compile(
    r"\s+(?!(?:and|or|of|to|through|above|below|applies|does|shall|will|must|is|are|states|provides|governs|survives)\b)[a-z]"
)
# "II.2": item 2 of part II
_ROMAN = re.compile(r"[IVX]+(?:\.\d{1,2})?")
_OPENS, _CLOSES = tuple("‘“\"'"), tuple("’”\"'")
_AFTER_HYPHEN = re.compile(rf"-\d{{1,3}}(?:\.\d{{1,3}})*(?![\w-])(?:{PART})*")
_TITLE = re.compile(
    r"(?:\s+(?:above|below|hereof|herein))?\s*\((?P<title>[A-Z“\"][^()]{1,90}(?:\([^()]{1,30}\)[^()]{0,40})?)\)"
)

_QUOTED_TITLE = re.compile(r"\s*(?:“[^“”\n]{2,90}[”“]|«[^«»\n]{2,90}»|„[^„“”\n]{2,90}[“”])")
_QUOTED = re.compile(r"“[A-Z][^“”]*[”“]|\"[A-Z][^\"]*\"")
# "Sections 1, 3 (as to accrued obligations), 4 and 7": what a bracket says of one number of a list.
_LIMITED = re.compile(r"\s+\([a-z]{2,}[\s-][^()]{3,100}\)(?=\s*,\s*(?:and\s+|or\s+)?\d|\s+(?:and|or)\s+\d)")
# "ARTICLE V (EXCLUDING LOSS OF DATA)" is no title.
_ASIDE = re.compile(r"(?:excluding|including|except|other than|as|without|subject to)\b", re.IGNORECASE)


@value_class(frozen=True, slots=True)
class Spot:
    """A reference before it has a place: `text[start:end]` of a passage. For the other fields, see `Reference`."""

    start: int
    end: int
    kind: ReferenceKind
    target: tuple[str, str] | None
    problem: str = ""
    sure: bool = True


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


def pointers(text: str, grammar: Grammar) -> Iterator[Pointer]:
    """Yield all pointers of a text, in order; those with the family BARE are references only if the number exists."""
    end = 0
    for pointer in _worded(text, grammar):
        yield from _bare(text, end, pointer.start, grammar)
        yield pointer
        end = pointer.end
    yield from _bare(text, end, len(text), grammar)


def _bare(text: str, start: int, end: int, grammar: Grammar) -> Iterator[Pointer]:
    """Yield the numbers that no word precedes between two offsets."""
    if not _MAY_BE_BARE.search(text, start, end):
        return
    patterns = patterns_of(grammar)
    at, bare = start, _bare_number(grammar)
    while found := bare.search(text, at, end):
        at = found.end()
        levels = found["number"].count(".") if found["number"] else 0
        if (
            found["label"]
            or levels > 1
            or (patterns.after_last.match(text, at) and not patterns.counted.match(text, at))
        ):
            points = _points(text, found, "number" if found["number"] else "label", patterns, plural=False)
            at = points[-1].end
            yield Pointer(BARE, False, points[0].start, at, points)


@lru_cache(maxsize=32)
def _bare_number(grammar: Grammar) -> re.Pattern[str]:
    if grammar.is_english:
        return _BARE_NUMBER
    number = rf"\d{{1,2}}(?:\.\d{{1,2}}){{1,3}}(?:\s?{PART})*(?![\w%])(?!\.\d)"
    return re.compile(rf"(?<!\w)(?:{grammar.referring.bare})\s+(?P<number>{number})(?P<label>(?!))?", re.IGNORECASE)


def _worded(text: str, grammar: Grammar) -> Iterator[Pointer]:
    patterns = patterns_of(grammar)
    # Without digits, brackets or single capitals, only "this" and "these" form a pointer; most texts have neither.
    if grammar.is_english and "his" not in text and "hese" not in text and not _MAY_COUNT.search(text):
        return
    at = 0
    while found := patterns.pointer.search(text, at):
        at = found.end()
        kind = _kind(found["word"], grammar)
        family = "item" if kind in ("item", "paragraph") else kind
        this = patterns.this.search(text, max(0, found.start() - 16), found.start())
        start = this.start() if this else found.start()
        if not found["number"]:
            if this and _names_itself(this[0], found["word"], family, grammar):
                yield Pointer(family, True, start, found.end(), ())
        elif family in PARTS_OF_WHOLE and _OUTLINED.search(text, max(0, found.start() - 16), found.start()):
            continue  # "A. II. Ziffer 2" is item 2 of another section
        elif _is_numbered(found, kind, this is not None, grammar) and not _OF_LAWS.match(text, at):
            if family == "item" and found["number"][0].isdigit() and not this and found["word"] not in PART_WORDS:
                family = "paragraph"
            points = _points(text, found, "number", patterns, plural=found["word"].lower().endswith(_PLURALS))
            at = points[-1].end
            yield Pointer(family, this is not None, start, at, points)


def _kind(word: str, grammar: Grammar) -> str:
    """Return the kind of part that a word before a number means."""
    families = grammar.referring.families
    return families.get(word.lower()) or families.get(word.lower().replace("-", ""), "item")


def _names_itself(this: str, word: str, family: str, grammar: Grammar) -> bool:
    """Return whether a word without a number means its own clause: "this Section", not "these sections"."""
    if grammar.is_english:
        return this.lower().startswith("this")
    return family in _OWN_FAMILIES and not not_itself(grammar).fullmatch(word)


def _is_numbered(found: re.Match[str], kind: str, this: bool, grammar: Grammar) -> bool:
    """Return whether the word's number counts: not a single letter after a lower-case word ("part A", "section I")."""
    number, word = found["number"], found["word"]
    if number[:1] == "0" and number[1:2].isdigit():
        return False  # of a telephone
    if number[0].isalpha() and number[1:2].isdigit():
        return kind in ATTACHED or kind in _OWN_FAMILIES
    patterns = patterns_of(grammar)
    if word in PART_WORDS and number[0] != "(":
        return number != "I" or not _WORD_NEXT.match(found.string, found.end())
    if number[0].isdigit() or number[0] == "(":
        if patterns.of_attached.match(found.string, found.end()):
            return True
        if not grammar.is_english and _is_of_this(found.string, found.end(), patterns):
            return True
        return kind != "item" or number[0] == "(" or this or "." in number or word in _CONDITIONS
    if patterns.number_of(number):
        return kind in _OWN_FAMILIES
    if number[0].islower():
        if number[1:2] == ")":
            return kind in ("item", "paragraph", "subsection")
        return kind in ("item", "paragraph") and number not in grammar.common
    if not grammar.is_english:
        return kind in ATTACHED or (kind in _OWN_FAMILIES and _ROMAN.fullmatch(number) is not None)
    small = word[0].islower() and kind not in ATTACHED  # "outlined in exhibit B"
    if kind in ("item", "paragraph") or (small and not _COUNTS_IN_SMALL.match(number)):
        return False
    return not (number == "I" and _WORD_NEXT.match(found.string, found.end()) and kind not in ATTACHED)


def _is_of_this(text: str, at: int, patterns: ReferencePatterns) -> bool:
    """Return whether "of this" and a part follow the list of digits that ends at an offset, or goes on there.

    As in Nr. 2, 3 und 6 dieses § 4.
    """
    while (separator := patterns.separator.match(text, at)) and (
        number := patterns.number.match(text, separator.end())
    ):
        if not number[0].isdigit():
            break
        at = number.end()
    whole = patterns.of_number.match(text, at)
    return whole is not None and bool(whole["this"])


def _points(
    text: str, found: re.Match[str], first: str, patterns: ReferencePatterns, *, plural: bool
) -> tuple[Point, ...]:
    """Return the numbers from the group `first` of a match on."""
    points = [_point(text, found.start(first), _end_of_first(text, *found.span(first), patterns), patterns)]
    while separator := _separator(text, points[-1].end, patterns, plural=plural):
        ranged = patterns.ranged.search(text, points[-1].end, separator.end()) is not None
        if beside := _parts_beside(text, points, separator.end(), patterns, plural=plural):
            if beside.end == separator.end():
                break
            points.append(replace(beside, ends_range=ranged))
            continue
        number = patterns.number.match(text, separator.end())
        if number is not None and _is_second_level(points[-1].number, separator[0], number[0]):
            last = points.pop()
            points.append(_point(text, last.start, number.end(), patterns))
            continue
        listed = number is not None and ranged and number[0][0] == "(" and "(" in points[-1].number
        listed = listed or (number is not None and ranged and _ends_range(text, points[-1], number, patterns))
        if number is None or not (listed or _continues_list(text, number, points[-1].number, patterns, plural)):
            break
        points.append(replace(_point(text, number.start(), number.end(), patterns), ends_range=ranged))
    return tuple(points)


def _is_second_level(before: str, between: str, number: str) -> bool:
    """Return whether a hyphen is part of a number, because no range goes down: "Section 16-2"."""
    digits = before.isdigit() and number.isdigit()
    return between == "-" and digits and int(number) < int(before)


def _end_of_first(text: str, start: int, end: int, patterns: ReferencePatterns) -> int:
    """Return where the first of several parts of one kind ends: "1 Abs. 1" in "1 Abs. 1, Abs. 3"."""
    kinds = set[str]()
    for part in patterns.part.finditer(text, start, end):
        kind = _kind_of_part(part["word"] or "")
        if kind in kinds and kind:
            return part.start()
        kinds.add(kind)
    return end


def _kind_of_part(word: str) -> str:
    """Return what distinguishes the kinds of parts: "abs" for Abs., Absatz and Absätze."""
    return word.casefold()[:3]


def _parts_beside(
    text: str, points: list[Point], at: int, patterns: ReferencePatterns, *, plural: bool
) -> Point | None:
    """Return a further part of the clause with the last number: "3" in "§ 2 Abs. 1 und 3", "Abs. 3" in "oder Abs. 3".

    It ends where it begins if a sentence or another part is meant that has no number: "2" in "§ 2 Satz 1 und 2". None
    if what follows is a number of its own, as it may be after a word in the plural: "§§ 1 Abs. 2, 2 Abs. 1".
    """
    base, numbers = split(points[-1].number)
    end = points[-1].end
    worded = list(patterns.part.finditer(text, points[0].start, end))
    kinds = [_kind_of_part(part["word"]) for part in worded if part["word"]][-len(numbers) :] if numbers else []
    if following := patterns.part.match(text, at):
        kind = _kind_of_part(following["word"] or "")
        if kind not in kinds:
            return None
        end = _end_of_first(text, at, _end_of_parts(text, at, patterns), patterns)
        kept = "".join(numbers[: kinds.index(kind)])
        return Point(patterns.normalized(base + kept + text[at:end]), at, end)
    value = patterns.value.match(text, at)
    # After "2" in "Abs. 1, 2 und 3", which is 1(2).
    alone = "(" in points[-1].number and text[points[-1].start : end].rstrip(")").isalnum()
    if value is None or plural or not worded or (worded[-1].end() < end and not alone):
        return None
    if not worded[-1]["word"]:
        return Point(points[-1].number, at, at)
    if value["value"].isdigit() != worded[-1]["value"].isdigit() or patterns.counted.match(text, value.end()):
        return None
    return Point(f"{base}{''.join(numbers[:-1])}({value['value']})", at, value.end())


def _end_of_parts(text: str, at: int, patterns: ReferencePatterns) -> int:
    while part := patterns.part.match(text, at):
        at = part.end()
    return at


def _separator(text: str, end: int, patterns: ReferencePatterns, *, plural: bool) -> re.Match[str] | None:
    """Return what separates a number from the next; a title in quotation marks may follow it: 5 “Fees”, 7 “Term”.

    With `plural`, a bracket may limit it: Sections 3 (as to fees), 4 and 7.
    """
    title = _QUOTED_TITLE.match(text, end) or (_LIMITED.match(text, end) if plural else None)
    return patterns.separator.match(text, title.end() if title else end)


def _ends_range(text: str, first: Point, number: re.Match[str], patterns: ReferencePatterns) -> bool:
    """Return whether a number ends a range in a language other than English: Abs. 2 bis 5 gelten sinngemäß."""
    digits = bool(patterns.small) and first.number.isdigit() and number[0].isdigit()
    return digits and int(first.number) < int(number[0]) and not patterns.counted.match(text, number.end())


def _continues_list(text: str, number: re.Match[str], before: str, patterns: ReferencePatterns, plural: bool) -> bool:
    """Return whether a further number belongs to the list: "Sections 3 and 7", not "Section 3 and 30 days"."""
    if patterns.counted.match(text, number.end()):
        return False
    follows = bool(patterns.after_last.match(text, number.end()))
    if patterns.number_of(number[0]):
        return plural
    if number[0][0] == "(":
        return "(" in before and follows
    if number[0][0].islower():
        return "(" in before and number[0][1:2] == ")"
    if number[0][0].isalpha():
        return plural and before[0].isalpha()
    beside = "." in before and number[0].startswith(f"{before.partition('.')[0]}.")  # 4.1 and 4.2 end
    return before[0].isdigit() and (plural or follows or beside)


def _point(text: str, start: int, end: int, patterns: ReferencePatterns) -> Point:
    number = patterns.normalized(text[start:end])
    if number[0] == "(" and text[start - 1 : start] in _OPENS and text[end : end + 1] in _CLOSES:
        end += 1  # clause ‘(i)’
    found = _TITLE.match(text, end)
    title = found["title"] if found else ""
    if found and (_QUOTED.fullmatch(title) or (is_title(title, patterns.small) and not _ASIDE.match(title))):
        return Point(number, start, found.end(), found["title"].strip('“”" ,.'))
    return Point(number, start, end)


def split(number: str) -> tuple[str, tuple[str, ...]]:
    """Split a number from the enumerators after it: "4.2(b)(ii)" → ("4.2", ("(b)", "(ii)"))."""
    if "(" not in number:
        return number, ()
    base, *parts = re.split(r"(?=\()", number)
    return base, tuple(parts)


def with_hyphens(pointer: Pointer, text: str, has_hyphens: Callable[[str], bool]) -> Pointer:
    """Join numbers with a hyphen between them where a document has such numbers: "Section 8-1" is no range there."""
    points: list[Point] = []
    for point in pointer.points:
        before = points[-1] if points else None
        if before and point.ends_range and text[before.end : point.start] == "-" and has_hyphens(before.number):
            number = f"{points.pop().number}-{point.number}"
            point = replace(point, number=number, start=before.start, ends_range=before.ends_range)
        points.append(point)
    last = points[-1]
    # In "§ 8-1 Orders", no word follows that ends a range.
    if (rest := _AFTER_HYPHEN.match(text, last.end)) and has_hyphens(last.number):
        points[-1] = replace(last, number=last.number + rest[0], end=rest.end())
    return replace(pointer, points=tuple(points), end=max(pointer.end, points[-1].end))


def is_followed(text: str, end: int, grammar: Grammar) -> bool:
    """Return whether what follows a number shows that it is cited, unlike the "10.3.1" of an item in a sentence."""
    return patterns_of(grammar).after_last.match(text, end) is not None


def next_start(pointer: Pointer, point: Point) -> int:
    """Return where the number after a point begins, or where the point ends."""
    following = next((later for later in pointer.points if later.start > point.start), None)
    return following.start if following is not None else point.end


def is_part_of_number(number: str, whole: str) -> bool:
    """Return whether a number is that of a whole or of a part of it: 6(b) and 6.1 are parts of 6, 61 is not."""
    return number.startswith(whole) and not number[len(whole) : len(whole) + 1].isdigit()
