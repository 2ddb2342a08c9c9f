"""What is known of languages: common words by which a text's language shows, and words that are rightly repeated."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from engross.checks.words.lists import words

_ENGLISH: Final = frozenset(words("the of and or to is are be by for with any that this it you we not as on from such"))
# Articles, pronouns, prepositions and verbs of other languages that English does not have.
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
_SEVERAL = 2
_MOSTLY, _RATHER = 0.8, 0.6

_REPEATABLE: Final = (
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
RIGHTLY_REPEATED: Final = frozenset(words(" ".join(_REPEATABLE)))
"""Words that are rightly said twice in a row in one language or another. A document's language is not recorded, and
texts quote other languages, so the words of all languages count in every document.
"""


@lru_cache(maxsize=64)
def is_english(document: str) -> bool:
    """Whether a whole text is certainly English: it has several common words of English, and hardly any of others."""
    return len(_ENGLISH.intersection(_WORD.findall(document.lower()))) >= _SEVERAL and _share(document) >= _MOSTLY


def is_english_part(passage: str) -> bool:
    """Whether a part of an English text is English too, names of another language in it notwithstanding."""
    return _share(passage) >= _RATHER


def _share(text: str) -> float:
    """How many of the common words in a text are English, between 0 and 1."""
    said = _WORD.findall(text.lower())
    english = sum(word in _ENGLISH for word in said)
    others = sum(word in _OTHERS and word not in _ENGLISH for word in said)
    return english / (english + others) if english else 0
