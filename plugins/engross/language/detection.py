"""Detects whether a text is English, and lists words that may be repeated ("had had") in several languages."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from engross.language.sentences import words

_ENGLISH: Final = frozenset(words("the of and or to is are be by for with any that this it you we not as on from such"))
# Articles, pronouns, prepositions and verbs of other languages that do not occur in English.
_OTHERS: Final = frozenset(
    words(
        "der die das den dem des ein eine einen einem einer eines und oder ist sind nicht mit für von zu auf durch "
        "sich wird werden auch bei nach wie "
        "le la les un une des du de et ou est sont ne pas que qui pour par sur dans avec aux il elle nous vous ce "
        "het een en van niet zijn dat deze voor met op bij door te wordt worden aan ook naar "
        "el los las y es una por con del se su al lo para no como o "
        "il gli della di che per non sono nel alla con "
        "os uma não em ao dos das do da na "
        "och att det som är för med till ett av inte og der på til som ikke "
        "w nie jest na oraz lub z się przez "
        "ja tai että ei se on ve veya bir bu ile için"
    )
)
_WORD = re.compile(r"[^\W\d_]+")
_MIN_ENGLISH_WORDS = 2
_MIN_SHARE, _MIN_SHARE_OF_PART = 0.8, 0.6

_REPEATED_BY_LANGUAGE: Final = (
    # English, and names of places, firms and people
    "had that so very bye hear now there aye baden bora duran hong humpty johnson pago sing sirhan walla wagga",
    # German: "die, die", which needs no comma where one is an article; "was war, war"
    "der die das den dem sie ihr was war",
    # French: "nous nous engageons"; "de" and "la" before a name that begins so; "en en" as in Dutch
    "nous vous de la le",
    # Dutch: "dat dat", "die die", "het het", "van de De Vries", "zij zij"
    "dat die het de en er ze zij was",
    # Spanish, Portuguese, Italian: "se se", "que que", "lo lo", "si si", "che che"
    "se que lo si che",
    # Danish, Norwegian, Swedish: "det det", "der der", "som som", "att att"
    "det der som att den",
    # Czech, Slovak, Slovene, Croatian, Finnish, Hungarian: "se se", "je je", "az az"
    "se je az ez",
)
RIGHTLY_REPEATED: Final = frozenset(words(" ".join(_REPEATED_BY_LANGUAGE)))
"""Words that can correctly occur twice in a row in some language. A document's language is not recorded, and texts
quote other languages, so the words of all languages are allowed in every document.
"""


@lru_cache(maxsize=64)
def is_english(document: str) -> bool:
    """Return whether a whole text is certainly English: several common English words and few others."""
    return (
        len(_ENGLISH.intersection(_WORD.findall(document.lower()))) >= _MIN_ENGLISH_WORDS
        and _share(document) >= _MIN_SHARE
    )


def is_english_part(passage: str) -> bool:
    """Return whether a part of an English text is English too, even if it contains names in another language."""
    return _share(passage) >= _MIN_SHARE_OF_PART


def _share(text: str) -> float:
    """Return the share of English words, from 0 to 1, among the common words in a text."""
    found = _WORD.findall(text.lower())
    english = sum(word in _ENGLISH for word in found)
    others = sum(word in _OTHERS and word not in _ENGLISH for word in found)
    return english / (english + others) if english else 0
