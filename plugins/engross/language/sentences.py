"""Finds the beginning and end of sentences and the lead-in before the first one; reads word lists."""

from __future__ import annotations

from collections.abc import Iterator

import engross.common.lazy_re as re
from engross.model import Inline, MarkKind


def wordlist(text: str) -> frozenset[str]:
    """Return the set of words in a text, separated by white space."""
    return frozenset(text.split())


def words(text: str) -> tuple[str, ...]:
    """Return the words of a text in order."""
    return tuple(text.split())


_END = re.compile(r"[.?!][”\"’»)\]]*\s+(?=[A-Z“\"‘«(\[])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:Inc|Ltd|LLC|Co|Corp|No|Nos|Art|Sec|Secs|Cl|Para|St|Mr|Mrs|Ms|Dr|vs?|e\.g|i\.e|cf|et al|approx|incl)"
    r"|\b[A-Z]|\b[A-Z]\.[A-Z]\.?[A-Z]?)\Z"
)
_BEGINS = re.compile(
    r"(?:\A|[.?!:;…][”\"’»)\]]*\s+|(?:\A|\s)\(?(?:[a-z]|[ivxl]{2,5}|\d{1,3}(?:\.\d+)*|[A-Z])[).]\s+|\|\s*)\Z"
)
_CLAUSE_NUMBER = re.compile(r"\s*\d{1,3}(?:\.\d{1,3})+\s+")
_OPENING = " \t\n\u00a0“\"‘'«„(["
_NUMBER = re.compile(
    r"\s*(?:(?:section|clause|article|§)\s*)?(?:\d+(?:\.\d+)*(?:\([a-z]{1,4}\))*|[IVXLC]+|[A-Z])[.):]*(?=\s)\s*"
    r"|\s*\([A-Za-z0-9]{1,4}\)\s+",
    re.IGNORECASE,
)
# "See Section 2.", which is no title.
_CITES = re.compile(
    r"(?:See|Per|Under|In|Pursuant|Subject|Notwithstanding|Siehe|Nach|Gemäß|Voir|Selon|Véase|Según)\b.*(?:\b[IVXLC]+|\d[\w().]*)[.:]?\s*\Z"
)
_TITLE = re.compile(r"[A-Z][^.!?:;()“”\"\n]{1,90}?[.:]\s+(?=[A-Z“\"(])")
_ENDS_IN_NUMBER = re.compile(r"(?:\S+\s+){3}\S+\s+\d+\.\s*\Z")
_SMALL = wordlist(
    "a an and as at by for from in into no not of on or the to under upon with without & / – — vs per its"
)
_CLAUSE = re.compile(r"; | [–—] |: (?=[^\W_A-Z])|, (?P<opener>[^\W\d_]+) ")
_OPENERS = wordlist(
    "and but so as because although while where which who whose in"
    " und aber sodass weil wobei deren dessen"
    " y pero porque cuyo cuya mientras"
    " et mais car dont ainsi tandis"
)
"""Words that begin a clause after a comma, in the languages of contracts."""
_ADDS = wordlist("and und y et")
"""Those that end a list as well, as in "water, power, and food"."""
_ITEM = re.compile(r", (?:\S+ ){0,3}\S+\Z")
"""The last item of a list, at the end of a text."""
_LONGEST_LEAD_IN = 12
_CLOSES_LEAD_IN = ".:–—"


def sentence_start(text: str, at: int) -> int:
    """Return the offset at which the sentence that contains `at` begins."""
    start = 0
    for found in _END.finditer(text, max(0, at - 4000), at):
        if not _ABBREVIATION.search(text, max(0, found.start() - 10), found.start()):
            start = found.end()
    return start


def sentence_end(text: str, at: int) -> int:
    """Return the offset at which the sentence that contains `at` ends, including its closing mark."""
    for found in _END.finditer(text, at):
        if not _ABBREVIATION.search(text, max(0, found.start() - 10), found.start()):
            return found.end() - len(found[0]) + len(found[0].rstrip())
    return len(text.rstrip())


def clause_ends(sentence: str) -> Iterator[int]:
    """Yield the offsets at which the first clauses of a sentence end so that they make sense without the rest: before
    a colon, a semicolon, a dash, or a comma and a word that begins another clause.
    """
    for found in _CLAUSE.finditer(sentence):
        opener = (found["opener"] or "").lower()
        if opener and (opener not in _OPENERS or (opener in _ADDS and _ITEM.search(sentence[: found.start()]))):
            continue
        yield found.start()


def begins_sentence(text: str, at: int) -> bool:
    """Return whether a sentence or an enumerated item begins at `at`, ignoring quotes and brackets before it."""
    while at and text[at - 1] in _OPENING and not text[at - 1].isspace():
        at -= 1
    before = text[max(0, at - 24) : at]
    if at <= len(before) and _CLAUSE_NUMBER.fullmatch(before):
        return True
    found = _BEGINS.search(before)
    if not found or (at > 24 and found.start() == 0 and not before.strip()):
        return not text[:at].strip()
    stop = max(0, at - 24) + found.start()
    return not (text[stop : stop + 1] == "." and _ABBREVIATION.search(text, max(0, stop - 10), stop))


def is_title(words: str, small: frozenset[str] = frozenset()) -> bool:
    """Return whether words are written as a title: each except small words begins with a capital or a digit.

    `small` are small words besides those of English.
    """
    parts = words.replace("/", " ").split()
    if not parts or len(parts) > _LONGEST_LEAD_IN:
        return False
    first = parts[0].lstrip("“\"‘'(")[:1]
    return (first.isupper() or first.isdigit()) and all(
        part.lower() in _SMALL or part in small or not part.lstrip("“\"‘'(")[:1].islower() for part in parts
    )


def after_number(text: str) -> int:
    """Return the offset after the number at the start of a text, or 0 if there is none."""
    found = _NUMBER.match(text)
    return found.end() if found else 0


def lead_in(inline: Inline, name: str) -> tuple[int, int]:
    """Return the span of the lead-in, including its closing mark; an empty span if there is none.

    `name` is the lead-in that the parser recognised. A quoted term is never a lead-in.
    """
    text = inline.text
    start = after_number(text)
    if text[start : start + 1] in ("“", '"', "„", "«", "‘"):
        return 0, 0
    strong = next((mark for mark in inline.marks if mark.kind is MarkKind.STRONG and mark.end > start), None)
    if strong and strong.start <= start:
        return _bold_lead_in(text, start, strong.end)
    found = _TITLE.match(text, start)
    if found and _ENDS_IN_NUMBER.search(found[0]) and found[0].isupper():
        return 0, 0  # "IF THE TERMS OF SECTION 5. AND …": the full stop belongs to the number
    if found and not _CITES.match(found[0]) and is_title(found[0].rstrip(" .:\n")) and (start or ":" not in found[0]):
        return start, len(found[0].rstrip()) + found.start()
    if name and text[start:].rstrip(" .:") == name:
        return start, len(text)
    return 0, 0


def _bold_lead_in(text: str, start: int, end: int) -> tuple[int, int]:
    words = text[start:end].strip()
    if not words or words[0] in '“"„«‘' or len(words.split()) > _LONGEST_LEAD_IN:
        return 0, 0
    if words[-1] in _CLOSES_LEAD_IN:
        return start, end
    if text[end : end + 1] and text[end] in _CLOSES_LEAD_IN:
        return start, end + 1
    if text[end : end + 2] in (" :", "\u00a0:", "\u202f:"):
        return start, end + 2  # as French writes a colon
    whole = end >= len(text.rstrip()) and is_title(words)
    return (start, end) if whole else (0, 0)
