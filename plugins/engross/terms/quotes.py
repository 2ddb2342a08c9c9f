"""Quoted and bold words: what a definition may name.

All styles of quotation marks are read: “ ”, " ", ‘ ’, « », „ “. The straight mark and the single ones count as opening
or closing by what stands around them, so that one missing mark does not turn all that follow inside out.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from engross.model import Inline, MarkKind
from engross.values import dataclass

LONGEST_NAME = 100

_QUOTED = re.compile(
    rf"(?:[“„«‟]\s*(?P<curly>[^“”„«»‟\"]{{1,{LONGEST_NAME}}}?)\s*[”“»\"]"
    rf"|(?:(?<=[\s(\[—–/“*:,;-])|^)\"(?P<straight>[^\s\"“”][^\"“”„«»]{{0,{LONGEST_NAME}}}?)[\"”](?!\w)"
    rf"|(?:(?<=[\s(\[—–/*])|^)[‘'](?P<single>[^\s‘’'](?:[^‘’'“”\"]|[’'](?=\w)){{0,{LONGEST_NAME}}}?)[’'](?!\w))"
)
_TRIM = "“”\"„‟«»‘’' \t\n\u00a0*_"
_PUNCTUATION = ".,;:"
# A number typed at the start of a clause and set in bold with the name after it: "**1.1. Rent** means …".
_NUMBER = re.compile(r"(?:\d+(?:\.\d+)+[.):]?|\d{1,3}[.)]|\([A-Za-z0-9]{1,4}\))\s+(?=\S)")
_MARKS = tuple('“”„«»‟"')


@dataclass(frozen=True, slots=True)
class Named:
    """Words set apart: `text[start:end]` with quotation marks and inner punctuation, `name` without them."""

    name: str
    start: int
    end: int
    quoted: bool
    bold: bool


def named(inline: Inline) -> list[Named]:
    """All words set apart by quotation marks or in bold, in order; bold words inside quotes count once."""
    text = inline.text
    apart = (mark for mark in inline.marks if mark.kind in (MarkKind.STRONG, MarkKind.EMPHASIS))
    # Each stretch once: words that are both bold and slanted are one name.
    strong = list(dict.fromkeys((mark.start, mark.end) for mark in apart))
    found = [
        Named(name, match.start(), match.end(), True, _within(strong, match.start(), match.end()))
        for match in _quoted(text)
        if (name := clean(match[match.lastgroup or 0]))
    ]
    return sorted([*found, *_bold_alone(text, strong, found)], key=lambda words: words.start) if strong else found


def clean(words: str) -> str:
    """A name as it is spoken: no quotation marks, no punctuation at its end, one space for any white space."""
    return " ".join(words.split()).strip(_TRIM).rstrip(_PUNCTUATION).strip(_TRIM)


def _quoted(text: str) -> list[re.Match[str]]:
    if not re.search("[“„«‟\"‘']", text):
        return []
    return list(_QUOTED.finditer(text))


def _within(spans: list[tuple[int, int]], start: int, end: int) -> bool:
    return any(left < end and start < right for left, right in spans)


def _bold_alone(text: str, strong: list[tuple[int, int]], quoted: list[Named]) -> list[Named]:
    """Bold words that no quotation marks pair around; a single mark beside them belongs to them."""
    starts = [words.start for words in quoted]
    alone = []
    for start, end in strong:
        at = bisect_right(starts, end) - 1
        if at >= 0 and quoted[at].end > start:
            continue
        number = _NUMBER.match(text, 0, end) if start == 0 else None
        start = number.end() if number else start
        name = clean(text[start:end])
        if name and len(name) <= LONGEST_NAME:
            first = start - (text[start - 1 : start] in _MARKS)
            last = end + (text[end : end + 1] in _MARKS)
            half = text[first] in _MARKS or text[last - 1] in _MARKS
            alone.append(Named(name, first, last, half, True))
    return alone
