"""Finds the items of a clause by their enumerators: "(b)(ii)" in lists, in sentences, and typed before paragraphs."""

from __future__ import annotations

import engross.common.lazy_re as re
from engross.model import Clause, ClauseKind, Source
from engross.terms.typed_numbers import typed_enumerator

_ENUMERATOR = re.compile(r"\(?([A-Za-z]{1,5}|\d{1,3})[.)]\Z")
# "Section 2(e) and clause (e) apply" is no item (e).
_REFERS = re.compile(
    r"(?:[\w)]|\b(?:clauses?|items?|paragraphs?|points?|sections?|sub-?(?:clauses?|sections?|paragraphs?))\s+)\Z",
    re.IGNORECASE,
)
_WIDEST = 24
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv")


def normalize_marker(marker: str) -> str:
    """Return an enumerator as references write it: `a.`, `a)` and `(a)` are all "(a)"."""
    found = _ENUMERATOR.match(marker)
    return f"({found[1]})" if found else marker


def enumerator(clause: Clause) -> str:
    """Return the enumerator of an item, or the one typed before a paragraph, as references write it."""
    return typed_enumerator(clause) or (normalize_marker(clause.marker) if clause.marker else "")


def first_enumerators(part: str) -> frozenset[str]:
    """Return what a list begins with that may contain an enumerator: "(a)" for "(d)", and "(i)" too for "(v)"."""
    inner = part.strip("()")
    if inner.isdigit():
        return frozenset({"(1)"})
    roman = inner.lower() in _ROMAN
    first = ["a"] * (len(inner) == 1 or not roman) + ["i"] * roman
    return frozenset(f"({one.upper() if inner.isupper() else one})" for one in first)


def following_enumerator(part: str) -> str:
    """Return the enumerator after one of a single letter or digits: "(c)" after "(b)"; empty for others."""
    inner = part.strip("()")
    if inner.isdigit():
        return f"({int(inner) + 1})"
    return f"({chr(ord(inner) + 1)})" if len(inner) == 1 and inner.isalpha() else ""


def ordinal_of(part: str, *, inner: bool) -> int | None:
    """Return which item of its list an enumerator is, from 0: 2 for (c) and (iii); with `inner`, (i) is the first."""
    letter = part.strip("()").lower()
    if letter in _ROMAN and (inner or len(letter) > 1):
        return _ROMAN.index(letter)
    return ord(letter) - ord("a") if len(letter) == 1 and letter.isalpha() else None


def has_items(clause: Clause) -> bool:
    """Return whether any enumerated item is below a clause."""
    return any(inner.marker and inner is not clause for inner in clause.walk())


def has_lost_enumerators(clause: Clause, part: str) -> bool:
    """Return whether a list of bullets below a clause is as long as one that has an enumerator, such as "(C)".

    Converters turn the letters of items into bullets.
    """
    letter = part.strip("()").lower()
    positions = [_ROMAN.index(letter) + 1] if letter in _ROMAN else []
    positions += [ord(letter) - ord("a") + 1] if len(letter) == 1 and letter.isalpha() else []
    lists = (inner for inner in clause.walk() if inner.kind is ClauseKind.LIST)
    lengths = (sum(child.marker in ("-", "*", "+") for child in one.children) for one in lists)
    return bool(positions) and max(lengths, default=0) >= min(positions)


def shared_clauses(one: tuple[Clause, ...], other: tuple[Clause, ...]) -> int:
    """Return how many of the enclosing clauses are the same."""
    count = 0
    for mine, theirs in zip(one, other, strict=False):
        if mine is not theirs:
            break
        count += 1
    return count


def is_typed_inside(clause: Clause, part: str, source: Source | None) -> bool:
    """Return whether the text of a clause contains an enumerator that the parser did not turn into an item."""
    text, letter = _all_text(clause), re.escape(part.strip("()"))
    in_text = rf"(?:[.;:,)”\"]|[A-Z]{{3}})\s+(?:(?:and|or)\s+)?{letter}[.)]\s+\S"
    at = (found.start() for found in re.finditer(re.escape(f"{part} "), text))
    listed = any(not _REFERS.search(text[max(0, one - _WIDEST) : one]) for one in at)
    if source is None or listed or re.search(in_text, text):
        return True
    begins = re.compile(rf"[\s>*_-]*\(?{letter}(?:[.)](?!\d)|(?<=\d)\s+(?=[^\W\d_a-z]))")
    return any(begins.match(source.line(line)) for line in range(clause.lines[0], clause.lines[1] + 1))


def _all_text(clause: Clause) -> str:
    return " ".join(inner.inline.text for inner in clause.walk() if inner.kind is not ClauseKind.RUN_IN) + " "


def lists_before(text: str, end: int, parts: tuple[str, ...]) -> bool:
    """Return whether a sentence lists an item before an offset, in a list of which a converter lost the beginning."""
    return re.search(rf"[,;:]\s+(?:(?:and|or)\s+)?{re.escape(parts[0])}\s+[^\W\d_]", text[:end]) is not None
