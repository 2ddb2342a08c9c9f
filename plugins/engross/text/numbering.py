"""Reads enumerators such as `(a)` and `(iv)`, and the numbers and names typed before headings and paragraphs.

An enumerator can have more than one reading: (i) is the ninth letter and the first roman numeral. `readings` contains
all of them; `nesting` chooses by the neighbours. Typed numbers and names, as in `5.1 Data`, `Article IV – Term`,
`**5.1.** **Data.** The …` and `(b) Notices`, are recognised without changing the text shown.
"""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache

import engross.common.lazy_re as re
from engross.common import value_class
from engross.model import READER, Inline, MarkKind

BRACKETED = r"\((?:[A-Za-z]{1,6}|\d{1,3})\)"
"""The pattern of an enumerator in brackets, such as `(iv)` or `(12)`. `read_enumerator` decides what it counts as."""


class Style(StrEnum):
    """The kinds of numeral that an enumerator can use."""

    LOWER_ALPHA = "a"
    LOWER_ROMAN = "i"
    UPPER_ALPHA = "A"
    UPPER_ROMAN = "I"
    DECIMAL = "1"


@value_class(frozen=True, slots=True)
class Reading:
    """One way to read an enumerator: the `ordinal`-th (from 1) in its style."""

    style: Style
    ordinal: int


@value_class(frozen=True, slots=True)
class Enumerator:
    """An enumerator as typed. `form` is its punctuation: "()" for `(a)`, ")" for `a)`, "." for `a.`."""

    text: str
    inner: str
    form: str
    readings: tuple[Reading, ...]

    @property
    def label(self) -> str:
        """The enumerator as labels and references write it: "(iv)", and "2" for an ordered item typed `2.`."""
        return self.inner if self.form != "()" and self.inner.isdigit() else f"({self.inner})"


# Doubled letters follow z: (aa), (bb). Roman numerals above (xxxix) do not occur in enumerations, and accepting them
# would match words such as (mild). Single letters always have a reading as a letter.
_ROMAN = re.compile(r"(?=[ivx])x{0,3}(?:ix|iv|v?i{0,3})\Z")
_VALUES = {"i": 1, "v": 5, "x": 10}
_NUMERALS = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
    (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


@lru_cache(maxsize=4096)
def read_enumerator(text: str) -> Enumerator | None:
    """Read `(a)`, `a)`, `a.`, `(12)`, `12.` and so on; return None if the text is not an enumerator."""
    if text.startswith("(") and text.endswith(")"):
        inner, form = text[1:-1], "()"
    elif text[-1:] in (")", "."):
        inner, form = text[:-1], text[-1]
    else:
        return None
    readings = _readings(inner)
    return Enumerator(text, inner, form, readings) if readings else None


def _readings(inner: str) -> tuple[Reading, ...]:
    if inner.isascii() and inner.isdigit() and len(inner) <= 9:
        return (Reading(Style.DECIMAL, int(inner)),)
    lower = inner.lower()
    if not (inner.isascii() and inner.isalpha()) or inner not in (lower, inner.upper()):
        return ()
    upper = inner != lower
    readings = []
    if len(inner) == 1 or (len(inner) == 2 and lower[0] == lower[1]):
        ordinal = ord(lower[0]) - 96 + 26 * (len(inner) - 1)
        readings.append(Reading(Style.UPPER_ALPHA if upper else Style.LOWER_ALPHA, ordinal))
    if _ROMAN.match(lower):
        readings.append(Reading(Style.UPPER_ROMAN if upper else Style.LOWER_ROMAN, _roman(lower)))
    return tuple(readings)


def _roman(text: str) -> int:
    values = [_VALUES[letter] for letter in text]
    following = [*values[1:], 0]
    return sum(-value if value < after else value for value, after in zip(values, following, strict=True))


def numeral(style: str, ordinal: int) -> str:
    """Return an ordinal (from 1) in a `Style`: 4 is "4", "d", "D", "iv" or "IV"; after z comes aa, then bb."""
    if style == Style.DECIMAL:
        return str(ordinal)
    shown = ""
    if style in (Style.LOWER_ALPHA, Style.UPPER_ALPHA):
        shown = chr(ord("a") + (ordinal - 1) % 26) * ((ordinal - 1) // 26 + 1)
    else:
        for value, sign in _NUMERALS:
            shown += sign * (ordinal // value)
            ordinal %= value
    return shown.upper() if style.isupper() else shown


_WORD = r"(?:(?:article|section|clause|part|paragraph|§)\s*)"
_HEADING = re.compile(
    rf"(?:{_WORD}(?P<worded>\d+(?:\.\d+)*|[IVXLC]+|[A-Z])(?:\s*[.:)–—-]+\s*|\s+|$)"
    r"|(?P<path>\d+(?:\.\d+)+)[.:)]?\s+"
    r"|(?P<plain>\d{1,3})[.:)]\s+"
    r"|(?P<bare>\d{1,2})\s+(?=[A-Z“\"])"
    r"|(?P<roman>[IVXLC]+|[A-Z])[.)]\s+"
    r"|(?P<enumerator>\([A-Za-z0-9]{1,5}\))\s+)",
    re.IGNORECASE,
)
_CASED = re.compile(r"[IVXLC]+|[A-Z]|[\d.]+|\(.+\)")
_PARAGRAPH = re.compile(
    r"(?:section\s+|clause\s+|§\s*)?(?P<number>\d+(?:\.\d+)+(?:\([a-z]{1,4}\))*)[.:)]?(?=\s|$)|"
    r"(?:section|clause|§)\s*(?P<worded>\d+)[.:)](?=\s|$)",
    re.IGNORECASE,
)
# What follows a number that is an amount, or the first of several numbers: "4.5 million euro", "1.2 and 1.3 survive".
_UNITS = (
    r"thousand|million|billion|trillion|per\s?cent|percentage|basis\s+points?|points?|times|euros?|dollars?|pounds?|cents?"
    r"|USD|EUR|GBP|CHF|JPY|seconds?|minutes?|hours?|days?|weeks?|months?|years?|[KMGT]i?B|[KMG]?Hz|k?m|kg|miles?|met(?:er|re)s?"
)
_AMOUNT = re.compile(rf"[ \t]*[%€$£‰×]|\s+(?:(?:{_UNITS})\b|(?:and|or|to|through)\s+\d)", re.IGNORECASE)
# From generation 5 on, "1.1 Hours" is a title.
_TITLED_UNIT = re.compile(r"\s+(?:Points?|Times|Seconds?|Minutes?|Hours?|Days?|Weeks?|Months?|Years?)\b")
# "5-7 Business Days", unlike "8-1 Orders".
_COUNTED = re.compile(rf"(?:\s+\w+)?{_TITLED_UNIT.pattern}|\s*[%€$£]")
_SMALL = re.compile(r"\s+(?:[a-z]|\()|\s*,")
# From generation 5 on: what has dots as numbers of clauses have them, and is none.
_FIGURE = re.compile(
    r"\d{1,2}\.\d{1,2}\.(?:19|20)\d\d(?!\d)"  # 30.6.2027
    r"|(?:19|20)\d\d\.\d{1,2}\.\d{1,2}(?![\w.])"  # 2027.6.30
    r"|(?:[01]?\d|2[0-4])\.[0-5]\d\s*(?:(?:[AaPp]\.?\s?[Mm]|Uhr|h(?:rs?)?|o[’']clock)\b)"  # 12.30 p.m.
    # 192.168.1.1, 1.1.1.1/24, 1.1.1.1 (resolver)
    r"|(?P<address>\d{1,3}(?:\.\d{1,3}){3})(?!\.?\d)(?P<shown>/\d|:\d|\s+\([a-z]{4,}\))?"
    r"|\d+(?:\.\d+)+\s+(?:(?:release|version|edition|alpha|beta|build|patch|upgrade)s?\b"
    r"|(?:or|and)\s+(?:any\s+)?(?:later|newer|higher|above|earlier|lower|below)\b"  # 2.0 release
    r"|(?:Mio|Mrd|Tsd|Millionen|Milliarden|milliards?|millones|Prozent|pour\s?cent|por\s?ciento)\b)"  # 1.5 Mio.
)
_HIGHEST_OF_ADDRESS, _LOWEST_OF_ADDRESS = 255, 100
# From generation 5 on: numbers with letters, hyphens and brackets, as "4.A", "8-1", "6(a)" and "[11.1]".
_NEWER = re.compile(
    r"(?:(?P<word>(?i:article|section|clause|part|paragraph)\s+|§\s*)?(?P<number>\d{1,3}(?:\.\d{1,3})*\.[A-Z](?:\.\d{1,3})*"
    r"|\d{1,3}-\d{1,3}(?:\.\d{1,3})*|\d{1,2}(?:\((?:[a-z]|[ivx]{2,5}|[A-Z])\))+)(?P<mark>[.:)])?"
    r"|\[(?P<closed>\d{1,3}(?:\.\d{1,3})+)\])(?=(?P<next>\s+\S)|\s*\Z)"
)
_ABBREVIATION = re.compile(r"\b(?:[A-Z]|Inc|Ltd|Co|Corp|etc)\.$")
_DEFINES = re.compile(r"\s*(?:(?:shall|will)\s+)?(?:means?|has|have|includes?|refers?)\b")
_FOLLOWS_NAME = re.compile(rf"{_DEFINES.pattern}|\s*[,:–—(/]|\s+(?:or|and)\s+[“\"„«]")
_QUOTES = "“”\"„‟«»‘’'"
_OPENING_QUOTES = ("“", '"', "„", "«")
_CLOSING_QUOTE = re.compile(r"[”\"“»]")
_BREAKS_OFF = re.compile(r"[.:]|\s*[–—]")
_LONGEST_NAME = 100


def heading_number(text: str, reader: int = READER) -> tuple[str, str]:
    """Split a heading into its typed number (an empty string if there is none) and its name.

    A heading that is only a number ("Article IV") keeps its text as its name.
    """
    if reader > 4 and (newer := _newer_number(text, heading=True)):
        number, end = newer
        return number, _bare(text[end:] or text)
    found = _HEADING.match(text)
    if not found or (reader > 4 and found["path"] and is_amount(text, 0, found.end("path"))):
        return "", _bare(text)
    number = next(value for value in found.groups() if value)
    name = text[found.end() :].strip()
    # The pattern ignores case for "ARTICLE", but the case of the number matters: "a. word" is not a heading number.
    if not _CASED.fullmatch(number):
        return "", _bare(text)
    return number, _bare(name or text)


def _newer_number(text: str, bold: int = 0, *, heading: bool = False) -> tuple[str, int] | None:
    """Return the number with letters, a hyphen or brackets that begins a text, and the offset of the text after it.

    A capital, bold that ends with the number (at `bold`), or nothing must follow: "8-10 days" and "6(a) applies" have
    none. A number with a hyphen is one in a `heading`, in bold, after a word, or before a closing mark: "8-1." or
    "§ 8-1".
    """
    found = _NEWER.match(text)
    if found is None:
        return None
    number = found["number"] or found["closed"]
    start = found.start("number" if found["number"] else "closed")
    end = found.end("next") - 1 if found["next"] else len(text)
    following = text[end : end + 1]
    titled = not following or following.isupper() or following in _OPENING_QUOTES
    if not (titled or start + len(number) <= bold <= end) or is_amount(text, start, start + len(number)):
        return None
    if "-" in number and (
        _COUNTED.match(text, start + len(number)) or not (heading or found["word"] or found["mark"] or bold)
    ):
        return None  # "7-7 Monday to Friday"
    return number, end


def _bare(name: str) -> str:
    """Return a heading as references write it: without a final stop, unless that belongs to an abbreviation."""
    return name[:-1] if name[-1:] in (".", ":") and not _ABBREVIATION.search(name[-6:]) else name


def is_amount(text: str, start: int, end: int, reader: int = READER) -> bool:
    """Return whether the number `text[start:end]` is an amount, or one of several, and not that of a clause.

    From generation 5 on, a date, a time, a version and the address of a computer are none either.
    """
    if reader > 4 and _TITLED_UNIT.match(text, end):
        return False
    return _AMOUNT.match(text, end) is not None or (reader > 4 and _is_figure(text, start))


def _is_figure(text: str, start: int) -> bool:
    found = _FIGURE.match(text, start)
    if found is None or not found["address"]:
        return found is not None
    parts = [int(part) for part in found["address"].split(".")]
    unusual = any(part == 0 or part >= _LOWEST_OF_ADDRESS for part in parts)
    return max(parts) <= _HIGHEST_OF_ADDRESS and (unusual or bool(found["shown"]))


def paragraph_number(text: str, reader: int = READER, bold: int = 0) -> tuple[str, int]:
    """Return the typed number that begins a paragraph and the offset of the text after it; ("", 0) without one.

    `bold` is where a bold run at the beginning ends. A paragraph that begins with an amount ("4.5 million euro") or
    with a reference ("Section 1.2 survives") has no number, except by the rules of generation 1 (`reader`).
    """
    if reader > 4 and (newer := _newer_number(text, bold)):
        return newer
    found = _PARAGRAPH.match(text)
    if not found or (reader > 1 and _begins_sentence(text, found, reader)):
        return "", 0
    end = found.end()
    while end < len(text) and text[end].isspace():
        end += 1
    return found["number"] or found["worded"], end


def _begins_sentence(text: str, found: re.Match[str], reader: int) -> bool:
    end = found.end("number") if found["number"] else found.end()
    start = found.start("number") if found["number"] else found.start()
    worded = not text[0].isdigit()
    return is_amount(text, start, end, reader) or (worded and _SMALL.match(text, end) is not None)


def lead_in(inline: Inline, start: int) -> tuple[str, bool]:
    """Return the name that begins a clause's text at `start`, and whether it is a defined term.

    A bold run is a name if it is in quotes, ends in (or is followed by) a full stop, colon or dash, is the whole text,
    or is defined ("means"). Quoted words that are not bold are a name only if a definition or further names follow.
    The name is empty if there is none.
    """
    text = inline.text
    strong = next((mark for mark in inline.marks if mark.kind is MarkKind.STRONG and mark.end > start), None)
    if strong and strong.start <= start:
        return _bold_name(text, start, strong.end)
    if text[start : start + 1] not in _OPENING_QUOTES:
        return "", False
    if strong and strong.start == start + 1:
        return _bold_name(text, strong.start, strong.end)
    closing = _CLOSING_QUOTE.search(text, start + 1, start + _LONGEST_NAME)
    if closing and _FOLLOWS_NAME.match(text, closing.end()):
        return _trim_name(text[start : closing.start()]), True
    return "", False


def _bold_name(text: str, start: int, end: int) -> tuple[str, bool]:
    words = text[start:end].strip()
    if not words or len(words) > _LONGEST_NAME or not any(character.isalnum() for character in words):
        return "", False
    if words[0] in _QUOTES or (start > 0 and text[start - 1] in _QUOTES) or _DEFINES.match(text, end):
        return _trim_name(words), True
    if words[-1] in ".:–—" or not text[end:] or _BREAKS_OFF.match(text, end):
        return _trim_name(words), False
    return "", False


def _trim_name(words: str) -> str:
    return " ".join(words.split()).strip(_QUOTES + " .:,;–—")
