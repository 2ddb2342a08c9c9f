"""The names of months, and the lines of a contract that give its date: "Last updated: 8 May 2018"."""

from __future__ import annotations

from typing import Final

import engross.common.lazy_re as re
from engross.language.sentences import wordlist

MONTHS: Final = tuple(
    tuple(names.split())
    for names in (
        "January February March April May June July August September October November December",
        "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
        "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    )
)
"""The months as each language writes them."""

_NAMES = frozenset(name.lower() for months in MONTHS for name in months)
_JOINING = wordlist("a as at on of the am den der dem vom de du el en del la le st nd rd th er")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_WORD = re.compile(r"[^\W\d_]+")
_LONGEST = 90
_MOST_WORDS = 6


def dated_line(text: str) -> str:
    """Return what a line that only gives a date says of it, such as "last updated"; empty for all other texts."""
    if len(text) > _LONGEST or not _YEAR.search(text):
        return ""
    words = [word for word in _WORD.findall(text.lower()) if word not in _NAMES and word not in _JOINING]
    return " ".join(words) if len(words) <= _MOST_WORDS else ""
