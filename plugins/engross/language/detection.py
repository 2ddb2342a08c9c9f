"""Recognizes the language of a text, or of a part of it.

The words of a text are counted once, for everything that depends on its language: the attribute `lang` of its page, the
grammar by which it is read, and whether rules for English apply.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

import engross.common.lazy_re as re
from engross.common import value_class
from engross.language.phrases import FOLDER, Data, read_data
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
_ONLY_OTHERS: Final = _OTHERS - _ENGLISH
# A single letter with a mark or a digit after it is a number: "L.1", "a)".
_WORD = re.compile(r"[^\W\d_]{2,}|[^\W\d_](?![.)\]\d:-])")
_SCRIPTS: Final = (
    ("ar", re.compile("[\u0600-\u06ff\u0750-\u077f]")),
    ("he", re.compile("[\u0590-\u05ff]")),
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("ko", re.compile("[\uac00-\ud7af]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
    ("el", re.compile("[\u0370-\u03ff]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
)
_OF_A_SCRIPT: Final = re.compile("[\u0370-\u03ff\u0590-\u077f\u0e00-\u0e7f\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")
_PERSIAN: Final = re.compile("[\u067e\u0686\u0698\u06af\u06cc]")
_LETTER: Final = re.compile(r"[^\W\d_]")
_READ: Final = 6_000
"""The number of characters that are enough to recognize a script."""
_MIN_OF_SCRIPT = 0.3
_FEWEST, _SHARE, _LEAD = 3.0, 0.08, 1.6
_FEWEST_APART, _LEAD_APART = 8, 6
_MIN_ENGLISH_WORDS = 2
_MIN_SHARE, _MIN_SHARE_OF_PART = 0.8, 0.6


@value_class(frozen=True, slots=True)
class Recognized:
    """The language of a text: its code ("" if it is uncertain), and whether the whole text is certainly English.

    `mixed` are the codes of the languages of its parts where these are in several languages, otherwise empty.
    """

    code: str
    english: bool
    mixed: frozenset[str]


_MOST_TEXTS: Final = 1024
_recognized: Final[dict[str, Recognized]] = {}


def recognize(text: str) -> Recognized:
    """Return the language of a whole text by its script, else by its most frequent small words."""
    if text not in _recognized:
        counts = _counted(text)
        code = _by_script(text[:_READ]) or _by_words(counts)
        remember(text, Recognized(code, _is_english(counts), _mixed(counts)))
    return _recognized[text]


def remember(text: str, recognized: Recognized) -> None:
    """Have `recognize` know a text, from an earlier build or for later questions."""
    if len(_recognized) >= _MOST_TEXTS:
        del _recognized[next(iter(_recognized))]
    _recognized[text] = recognized


def is_english(document: str) -> bool:
    """Return whether a whole text is certainly English: several common English words and few others."""
    return recognize(document).english


def _counted(text: str) -> Counter[str]:
    """Return how often each word occurs, in small letters.

    The words are looked for in the distinct tokens between white space, which are far fewer than all tokens of a text.
    """
    counts: Counter[str] = Counter()
    for written, count in Counter(text.split()).items():
        # A text with typographic quotation marks takes four times as long in small letters as its words do.
        token = written.lower()
        for word in (token,) if token.isalpha() else _WORD.findall(token):
            counts[word] = counts.get(word, 0) + count
    return counts


def _is_english(counts: Counter[str]) -> bool:
    present = _ENGLISH & counts.keys()
    english = sum(counts[word] for word in present)
    others = sum(counts[word] for word in _ONLY_OTHERS & counts.keys())
    return len(present) >= _MIN_ENGLISH_WORDS and english >= _MIN_SHARE * (english + others)


def _by_script(text: str) -> str:
    if text.isascii() or not _OF_A_SCRIPT.search(text):
        return ""
    letters = len(_LETTER.findall(text))
    for code, script in _SCRIPTS:
        if letters and len(script.findall(text)) / letters >= _MIN_OF_SCRIPT:
            return "fa" if code == "ar" and _PERSIAN.search(text) else code
    return ""


def _by_words(counts: Counter[str]) -> str:
    """Return the language with the most frequent words, if it leads the others clearly."""
    # A word that several languages have says less.
    scores = dict.fromkeys(frequent_words(), 0.0)
    for word in languages_by_word().keys() & counts.keys():
        codes = languages_by_word()[word]
        for code in codes:
            scores[code] += counts[word] / len(codes)
    ordered = sorted(((score, code) for code, score in scores.items()), reverse=True)
    (best, code), (second, other) = ordered[0], ordered[1]
    leads = best >= second * _LEAD or _has_words_of(code, other, counts)
    return code if best >= _FEWEST and best >= counts.total() * _SHARE and leads else ""


def _has_words_of(code: str, other: str, counts: Mapping[str, int]) -> bool:
    """Return whether a text has many words of one of two languages that the other lacks, and hardly any the other way.

    Spanish and Catalan have most small words in common.
    """
    own, others = (
        sum(counts.get(word, 0) for word in frequent_words()[first] - frequent_words()[second])
        for first, second in ((code, other), (other, code))
    )
    return own >= _FEWEST_APART and own >= _LEAD_APART * others


@lru_cache(maxsize=1)
def frequent_words() -> Mapping[str, frozenset[str]]:
    """Return the most frequent small words of each language by code."""
    return {code: frozenset(data["frequent"].split()) for code, data in words_of_languages().items()}


@lru_cache(maxsize=1)
def words_of_languages() -> Mapping[str, Data]:
    """Return the content of `words.toml` of each language by code."""
    return {path.parent.name: read_data(path) for path in sorted(FOLDER.glob("*/words.toml"))}


@lru_cache(maxsize=1)
def languages_by_word() -> Mapping[str, Sequence[str]]:
    """Return the codes of the languages that have a frequent word, by the word."""
    found: dict[str, list[str]] = {}
    for code, frequent in frequent_words().items():
        for word in frequent:
            found.setdefault(word, []).append(code)
    return found


_FEWEST_OF_PART, _FEWEST_OF_ANOTHER, _SHARE_OF_ANOTHER = 4, 25, 0.1


def _mixed(counts: Counter[str]) -> frozenset[str]:
    """Return the languages of which a text has many words that no other language has; none if only one is."""
    scores = _own_words(counts)
    most = max(scores.values(), default=0)
    found = {code for code, score in scores.items() if score >= max(_FEWEST_OF_ANOTHER, most * _SHARE_OF_ANOTHER)}
    return frozenset(found) if len(found) > 1 else frozenset()


def language_of_part(part: str, codes: frozenset[str]) -> str:
    """Return which of some languages a part of a text is in; "" if it is uncertain."""
    ordered = sorted(
        ((score, code) for code, score in _own_words(_counted(part)).items() if code in codes), reverse=True
    )
    if not ordered or ordered[0][0] < _FEWEST_OF_PART:
        return ""
    return ordered[0][1] if len(ordered) == 1 or ordered[0][0] >= 2 * ordered[1][0] else ""


def _own_words(counts: Mapping[str, int]) -> Mapping[str, int]:
    """Return how often each language with a grammar occurs by words that no other such language has."""
    scores: Counter[str] = Counter()
    for word in _distinct_words().keys() & counts.keys():
        scores[_distinct_words()[word]] += counts[word]
    return scores


@lru_cache(maxsize=1)
def _distinct_words() -> Mapping[str, str]:
    """Return the frequent words of exactly one language with a grammar, and the language's code."""
    codes = {path.parent.name for path in FOLDER.glob("*/definitions.toml")}
    found = ((word, codes.intersection(spoken)) for word, spoken in languages_by_word().items())
    return {word: code for word, spoken in found if len(spoken) == 1 and len(word) > 1 for code in spoken}


def is_english_part(passage: str) -> bool:
    """Return whether a part of an English text is English too, even if it contains names in another language."""
    return _share(passage) >= _MIN_SHARE_OF_PART


def _share(text: str) -> float:
    """Return the share of English words, from 0 to 1, among the common words in a text."""
    found = _WORD.findall(text.lower())
    english = sum(word in _ENGLISH for word in found)
    others = sum(word in _ONLY_OTHERS for word in found)
    return english / (english + others) if english else 0
