"""Numbers and names that people type: `5.1 Data`, `Article IV – Term`, `**5.1.** **Data.** The …`, `(b) Notices`.

A document that carries its own numbers is understood as it stands; nothing here changes what is shown.
"""

from __future__ import annotations

import re

from engross.model import Inline, MarkKind

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
_ABBREVIATION = re.compile(r"\b(?:[A-Z]|Inc|Ltd|Co|Corp|etc)\.$")
_DEFINES = re.compile(r"\s*(?:(?:shall|will)\s+)?(?:means?|has|have|includes?|refers?)\b")
_NAMED_ON = re.compile(rf"{_DEFINES.pattern}|\s*[,:–—(/]|\s+(?:or|and)\s+[“\"„«]")
_QUOTES = "“”\"„‟«»‘’'"
_OPENING_QUOTES = ("“", '"', "„", "«")
_CLOSING_QUOTE = re.compile(r"[”\"“»]")
_BREAKS_OFF = re.compile(r"[.:]|\s*[–—]")
_LONGEST_NAME = 100


def heading_number(text: str) -> tuple[str, str]:
    """Split a heading into its typed number (an empty string where there is none) and its name.

    A heading that is nothing but a number ("Article IV") keeps its text as its name.
    """
    found = _HEADING.match(text)
    if not found:
        return "", _bare(text)
    number = next(value for value in found.groups() if value)
    name = text[found.end() :].strip()
    # Matched regardless of case for the sake of "ARTICLE"; the number itself is not: "a. word" is no heading number.
    if not _CASED.fullmatch(number):
        return "", _bare(text)
    return number, _bare(name or text)


def _bare(name: str) -> str:
    """A heading as it is referred to: without the stop at its end, unless that belongs to an abbreviation."""
    return name[:-1] if name[-1:] in (".", ":") and not _ABBREVIATION.search(name[-6:]) else name


def paragraph_number(text: str) -> tuple[str, int]:
    """The typed number with which a paragraph begins, and where the text after it begins; ("", 0) without one."""
    found = _PARAGRAPH.match(text)
    if not found:
        return "", 0
    end = found.end()
    while end < len(text) and text[end].isspace():
        end += 1
    return found["number"] or found["worded"], end


def lead_in(inline: Inline, start: int) -> tuple[str, bool]:
    """The name with which a clause's text begins at `start`, and whether it is a defined term.

    A bold run is a name if it is in quotes, ends in (or is followed by) a full stop, colon or dash, is the whole text,
    or is defined ("means"); words in quotes without bold only if something is said of them. Otherwise the name is
    empty.
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
    if closing and _NAMED_ON.match(text, closing.end()):
        return _clean(text[start : closing.start()]), True
    return "", False


def _bold_name(text: str, start: int, end: int) -> tuple[str, bool]:
    words = text[start:end].strip()
    if not words or len(words) > _LONGEST_NAME or not any(character.isalnum() for character in words):
        return "", False
    if words[0] in _QUOTES or (start > 0 and text[start - 1] in _QUOTES) or _DEFINES.match(text, end):
        return _clean(words), True
    if words[-1] in ".:–—" or not text[end:] or _BREAKS_OFF.match(text, end):
        return _clean(words), False
    return "", False


def _clean(words: str) -> str:
    return " ".join(words.split()).strip(_QUOTES + " .:,;–—")
