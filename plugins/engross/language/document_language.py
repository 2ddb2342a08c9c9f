"""The language of a document, and the direction in which a language is written.

A document's own front matter names its language; else `documents.yml` does; else it is recognized by its script and
its most common words.
"""

from __future__ import annotations

from typing import Final

import engross.common.lazy_re as re
from engross.common import value_class
from engross.language.detection import frequent_words, recognize
from engross.language.sentences import words
from engross.model import Document, DocumentEntry, Source
from engross.text import front_matter

_TAG: Final = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_WRITTEN: Final = re.compile(r"^(?:language|lang)[ \t]*:[ \t]*[\"']?([\w-]+)[\"']?[ \t]*(?:#.*)?$", re.MULTILINE)

_RIGHT_TO_LEFT: Final = frozenset(words("ar arc ckb dv fa he iw ks ku nqo ps sd syr ug ur yi"))
_RIGHT_TO_LEFT_SCRIPTS: Final = frozenset(words("arab hebr syrc thaa nkoo adlm rohg"))


def language_of(document: Document) -> str:
    """The language of a document as a BCP 47 tag ("de", "de-CH"); "" if it is not known. See `text_language`."""
    return text_language(document.entry, document.source)


def text_language(entry: DocumentEntry, source: Source | None) -> str:
    """The language of a text by its front matter, else the entry in `documents.yml`, else by its script and words."""
    if source is None or entry.kind.has_rows:
        return entry.language  # a model list has the language of the site
    return stated_language(entry, source) or recognize(source.text).code


def stated_language(entry: DocumentEntry, source: Source) -> str:
    """The language of a text by its front matter, else the entry in `documents.yml`; "" if neither has one."""
    return _written_language(source) or entry.language


def _written_language(source: Source) -> str:
    """The `language` or `lang` in the front matter of a source; "" if there is none, or it is no language tag."""
    found = _written(source)
    return found[1] if found else ""


def _written(source: Source) -> re.Match[str] | None:
    found = _WRITTEN.search(front_matter(source)) if source.text.startswith("---") else None
    return found if found and _TAG.fullmatch(found[1]) else None


@value_class(frozen=True, slots=True)
class WrongLanguage:
    """A stated language that is not that of the text: both codes, and where the front matter has the stated one.

    `at` is the offset in the source of the code; None if `documents.yml` states it.
    """

    stated: str
    actual: str
    at: int | None


def wrong_language(document: Document) -> WrongLanguage | None:
    """The language that a document states although its words are certainly those of another; None if it does not."""
    source, entry = document.source, document.entry
    if source is None or entry.kind.has_rows or not (stated := stated_language(entry, source)):
        return None
    actual = recognize(source.text)
    code = stated.partition("-")[0].lower()
    if not actual.code or actual.code == code or code in actual.mixed or code not in frequent_words():
        return None
    written = _written(source)
    return WrongLanguage(stated, actual.code, written.start(1) if written else None)


def direction(language: str) -> str:
    """The direction in which a language is written: "rtl" or "ltr"."""
    first, *rest = language.lower().split("-")
    script = next((part for part in rest if len(part) == 4 and part.isalpha()), "")
    right = script in _RIGHT_TO_LEFT_SCRIPTS if script else first in _RIGHT_TO_LEFT
    return "rtl" if right else "ltr"
