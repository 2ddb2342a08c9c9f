"""Compares the title in a reference, "Section 7 (Parties)", with that of the clause it leads to."""

from __future__ import annotations

from collections.abc import Sequence

import engross.common.lazy_re as re
from engross.model import Clause, ClauseKind

_MARK = re.compile(r"\W+")
_AFTER_DASH = re.compile(r"\s+[–—-]\s+(?P<title>[^\W\d_][^.;:()\n]{5,90})")
_LONG = 5
_ONLY_NUMBER = re.compile(r"[^\W\d_]+\.?\s+(?:[IVXLC]+|\d+|[A-Z])\.?", re.IGNORECASE)


def is_title_inside(title: str, clause: Clause) -> bool:
    """Return whether a part of the clause has the title: "Section 13 (Assignment)" of several provisions."""
    wanted = title_words(title)
    return any(title_words(inner.name) == wanted for inner in clause.walk() if inner.name and inner is not clause)


def heading_title(clause: Clause, following: Sequence[tuple[int, Clause, tuple[Clause, ...]]]) -> str:
    """Return the title of a section. `following` has the node after it: "ARTICLE V" may have its title below it.

    The result is empty if the heading is only a number and no other heading follows it.
    """
    if not _ONLY_NUMBER.fullmatch(clause.name):
        return clause.name
    below = next((one for _, one, _ in following), None)
    return below.name if below is not None and below.kind is ClauseKind.SECTION and not below.number else ""


def has_other_title(text: str, end: int, clause: Clause) -> bool:
    """Return whether a title after a reference has no word in common with that of a clause: "Annex II – Measures"."""
    found = _AFTER_DASH.match(text, end)
    if found is None or not clause.name:
        return False
    titles = (found["title"], clause.name)
    wanted, own = ({word for word in title_words(title) if len(word) >= _LONG} for title in titles)
    return len(wanted) > 1 and len(own) > 1 and wanted.isdisjoint(own)


def same_title(one: str, other: str) -> bool:
    """Return whether two titles are equal, ignoring "&", quotation marks, punctuation and abbreviations ("IP")."""
    left, right = (title_words(title) for title in (one, other))
    short, long = sorted((left, right), key=len)
    return (
        {word.removesuffix("s") for word in short} <= {word.removesuffix("s") for word in long}
        or _stems(one) == _stems(other)
        or set(title_words(_abbreviated(other, one))) == set(left)
        or (set(title_words(_abbreviated(one, other))) == set(right))
    )


def _stems(title: str) -> frozenset[str]:
    """Return the beginnings of the longer words, which all their forms have."""
    words = title_words(title)
    return frozenset(word[:_LONG] for word in words if len(word) >= _LONG - 1) or frozenset(words)


def title_words(title: str) -> list[str]:
    """Return the words of a title in small letters, with "&" as a word."""
    return _MARK.sub(" ", title.casefold().replace("&", " and ")).split()


def _abbreviated(title: str, like: str) -> str:
    """Return the title with runs of words shortened to the initials that `like` contains."""
    for initials in re.findall(r"\b[A-Z]{2,6}\b", like):
        run = r"\W+".join(rf"{letter}\w+" for letter in initials)
        title = re.sub(rf"\b{run}", initials, title)
    return title
