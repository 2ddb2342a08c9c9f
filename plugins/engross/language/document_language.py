"""The language of a document, and the direction in which a language is written.

A document's own front matter names its language; else `documents.yml` does; else it is recognized by its script and
its most common words.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import Final

from engross.language.sentences import words
from engross.model import Document, DocumentEntry, DocumentKind, Source
from engross.text import front_matter

_TAG: Final = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_WRITTEN: Final = re.compile(r"^(?:language|lang)[ \t]*:[ \t]*[\"']?([\w-]+)[\"']?[ \t]*(?:#.*)?$", re.MULTILINE)

_COMMON: Final = {
    "de": "der die das und oder ist sind nicht mit für von zu auf durch sich wird werden auch bei nach dem des eine "
    "einer eines im zur zum kann dieser diese dieses",
    "en": "the of and or to is are be by for with any that this it you we not as on from such shall may will your our",
    "es": "el los las y es una por con del se su al lo para como que de la en un no este esta o puede",
    "fr": "le les des du et ou est sont ne pas que qui pour par sur dans avec aux il nous vous ce la une un de au peut",
    "it": "il gli della di che per non sono nel alla con dei delle e è una un la del questo può",
    "nl": "het een en van niet zijn dat deze voor met op bij door te wordt worden aan ook naar de is of",
    "pl": "w nie jest na oraz lub z się przez do i o że być dla",
    "pt": "os uma não em ao dos das do da na o a que de e para por com se um ou este esta",
    "sv": "och att det som är för med till ett av inte en den på eller kan",
}
_LANGUAGES_OF: Final = {
    word: tuple(code for code, common in _COMMON.items() if word in words(common))
    for word in words(" ".join(_COMMON.values()))
}
_SCRIPTS: Final = (
    ("ar", re.compile("[\u0600-\u06ff\u0750-\u077f]")),
    ("he", re.compile("[\u0590-\u05ff]")),
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("ko", re.compile("[\uac00-\ud7af]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
    ("el", re.compile("[\u0370-\u03ff]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
)
_PERSIAN: Final = re.compile("[\u067e\u0686\u0698\u06af\u06cc]")
_LETTER: Final = re.compile(r"[^\W\d_]")
_WORD: Final = re.compile(r"[^\W\d_]+")
_READ: Final = 6_000
"""The number of characters that are enough to recognize a language."""
_MIN_COMMON, _MIN_SHARE, _MIN_LEAD = 4, 0.1, 1.2
_MIN_OF_SCRIPT = 0.3
_RIGHT_TO_LEFT: Final = frozenset(words("ar arc ckb dv fa he iw ks ku nqo ps sd syr ug ur yi"))
_RIGHT_TO_LEFT_SCRIPTS: Final = frozenset(words("arab hebr syrc thaa nkoo adlm rohg"))


def language_of(document: Document) -> str:
    """The language of a document as a BCP 47 tag ("de", "de-CH"); "" if it is not known. See `text_language`."""
    return text_language(document.entry, document.source)


def text_language(entry: DocumentEntry, source: Source | None) -> str:
    """The language of a text by its front matter, else the entry in `documents.yml`, else by its script and words."""
    if source is None or entry.kind is DocumentKind.CATALOGUE:
        return entry.language  # a model list has the language of the site
    return stated_language(entry, source) or recognized(source.text)


def stated_language(entry: DocumentEntry, source: Source) -> str:
    """The language of a text by its front matter, else the entry in `documents.yml`; "" if neither has one."""
    return _written_language(source) or entry.language


def _written_language(source: Source) -> str:
    """The `language` or `lang` in the front matter of a source; "" if there is none, or it is no language tag."""
    found = _WRITTEN.search(front_matter(source)) if source.text.startswith("---") else None
    return found[1] if found and _TAG.fullmatch(found[1]) else ""


@lru_cache(maxsize=256)
def recognized(text: str) -> str:
    """The language of a text by its script and its most common words; "" if it is uncertain."""
    start = text[:_READ]
    return _by_script(start) or _by_words(start)


def direction(language: str) -> str:
    """The direction in which a language is written: "rtl" or "ltr"."""
    first, *rest = language.lower().split("-")
    script = next((part for part in rest if len(part) == 4 and part.isalpha()), "")
    right = script in _RIGHT_TO_LEFT_SCRIPTS if script else first in _RIGHT_TO_LEFT
    return "rtl" if right else "ltr"


def _by_script(text: str) -> str:
    if text.isascii():
        return ""
    letters = len(_LETTER.findall(text))
    for code, script in _SCRIPTS:
        if letters and len(script.findall(text)) / letters >= _MIN_OF_SCRIPT:
            return "fa" if code == "ar" and _PERSIAN.search(text) else code
    return ""


def _by_words(text: str) -> str:
    """The language with the most common words, if it leads the others clearly."""
    found = _WORD.findall(text.lower())
    counted: Counter[str] = Counter()
    for word, count in Counter(found).items():
        for code in _LANGUAGES_OF.get(word, ()):
            counted[code] += count
    (first, most), (_, second) = (*counted.most_common(2), ("", 0), ("", 0))[:2]
    certain = most >= _MIN_COMMON and most >= _MIN_SHARE * len(found) and most >= _MIN_LEAD * second
    return first if certain else ""
