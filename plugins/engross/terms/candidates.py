"""What can be the name of a term: quoted and bold words, and where definitions sections are.

Quoted and bold words: what a definition may name.

All styles of quotation marks are read: “ ”, " ", ‘ ’, « », „ “. The straight mark and the single ones count as opening
or closing by what stands around them, so that one missing mark does not turn all that follow inside out.

What can be the name of a term, and which words stand in a definitions section.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from engross.common import value_class
from engross.language import after_number, wordlist
from engross.model import Clause, ClauseKind, Inline, MarkKind
from engross.terms.passages import Passage
from engross.terms.vocabulary import PRONOUNS

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


@value_class(frozen=True, slots=True)
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


TITLE_WORDS: Final = (
    r"[A-Z0-9][\w’'&./+-]*(?:[ \t\n\u00a0]+(?:[A-Z0-9(][\w’'&./+)-]*|of|and|or|the|for|to|in|on|with|by|as|a|an)){0,9}?"
)
"""A run of words set as a name is set, as short as what follows allows."""

_DEFINITIONS = re.compile(
    r"\b(?:definitions?|defined\s+terms|definitional|glossary|interpretation|meanings?|terms\s+used|dictionary)\b",
    re.IGNORECASE,
)
_INTRODUCES = re.compile(
    r"\b(?:following\b.{0,60}?\b(?:terms?|words?|definitions?|expressions?|meanings?)|definitions?|defined\s+terms"
    r"|meanings?)\b[^.]{0,160}:\s*\Z|\b(?:following|defined)\b[^.]{0,120}\b(?:mean|meanings?|definitions)\b",
    re.IGNORECASE | re.DOTALL,
)
# What is put in quotation marks without being defined.
_SAID = frozenset(
    ("as is", "as-is", "as available", "where is", "where-is", "i accept", "i agree", "agree", "accept", "yes", "no")
)
_SENTENCE_INSIDE = re.compile(r"[;?!]|[.:]\s+[A-Z]|\bhttps?:|\bwww\.|\b(?:means|has the meaning)\b")
_MOST_WORDS = 14


@lru_cache(maxsize=16384)
def can_be_name(name: str) -> bool:
    """Whether words set apart can be the name of a term at all."""
    if not name or len(name) > LONGEST_NAME or len(name.split()) > _MOST_WORDS:
        return False
    if not any(character.isalpha() for character in name) or name.lower() in _SAID:
        return False
    return not _SENTENCE_INSIDE.search(name)


def is_proper(name: str) -> bool:
    """Whether a name is written as defined terms mostly are: with a capital or a figure first, or a pronoun."""
    first = name[:1]
    return first.isupper() or first.isdigit() or name[:1].upper() + name[1:] in PRONOUNS or name != name.lower()


def is_title_name(name: str) -> bool:
    """Whether every word but the small ones begins with a capital or a figure."""
    return all(not word[:1].islower() or word in _SMALL for word in name.split()) and name[:1] not in ("(",)


def spoken(words: Iterable[Named]) -> tuple[str, ...]:
    """The names of a definition, each once and without the article that was set apart with it (“the Company”)."""
    return tuple(dict.fromkeys(_ARTICLE.sub("", named.name) or named.name for named in words))


_ARTICLE = re.compile(r"\A(?:the|an?)\s+(?=[A-Z])", re.IGNORECASE)
_SMALL = wordlist("of and or the for to in on with by as a an")


def clause_title(clause: Clause) -> str:
    """The name of a section, or of an item or paragraph that is headed by a few words."""
    if clause.kind is ClauseKind.SECTION:
        return clause.name or clause.inline.text
    if clause.kind is ClauseKind.ITEM:
        text = clause.inline.text
        return text[after_number(text) :] if len(text) <= LONGEST_NAME else ""
    return ""


def in_definitions(passage: Passage) -> bool:
    """Whether a passage stands in a definitions section, or in a list that is introduced as one of definitions."""
    if any(_is_of_definitions(clause_title(clause)) for clause in passage.around):
        return True
    before = introduction(passage)
    return bool(before and (_INTRODUCES.search(before) or (_DEFINITIONS.search(before[:60]) and before.endswith(":"))))


@lru_cache(maxsize=4096)
def _is_of_definitions(title: str) -> bool:
    return bool(title) and _DEFINITIONS.search(title) is not None


def introduction(passage: Passage) -> str:
    """The text that introduces the list a passage stands in: that of the item around it, or of the paragraph before.

    An empty string where it stands in no list that is introduced so.
    """
    for at in range(len(passage.around) - 1, 0, -1):
        clause, parent = passage.around[at], passage.around[at - 1]
        if clause.kind is ClauseKind.ITEM and clause.inline.text:
            return clause.inline.text
        if clause.kind in (ClauseKind.LIST, ClauseKind.TABLE):
            before = _sibling_before(parent, clause)
            if before is not None and before.kind is ClauseKind.PARAGRAPH:
                return before.inline.text
    return ""


def _sibling_before(parent: Clause, clause: Clause) -> Clause | None:
    previous = None
    for child in parent.children:
        if child is clause:
            return previous
        previous = child
    return None


def continuation(passage: Passage) -> Clause | None:
    """The list that goes on with a paragraph ending in a colon or dash; None where there is none."""
    if not passage.around or passage.clause.kind is not ClauseKind.PARAGRAPH:
        return None
    if not passage.text.rstrip().endswith((":", "–", "—", ",")):
        return None
    following = iter(passage.around[-1].children)
    for child in following:
        if child is passage.clause:
            after = next(following, None)
            return after if after is not None and after.kind is ClauseKind.LIST else None
    return None
