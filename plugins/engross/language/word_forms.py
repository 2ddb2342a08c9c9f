"""The forms of a word: singular, plural, participle; text without invisible characters.

Text without the characters that nobody sees: soft hyphens and zero-width ones out, accents composed.

A term is found although its text holds such characters; since few texts do, only those are copied.

The forms in which a name is used: singular, plural, and for a few words the participle.

A possessive is no form: the apostrophe ends the word ("Party’s", "Parties’").
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from engross.common import value_class
from engross.language.sentences import wordlist

_UNSEEN = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_ODD = re.compile(f"[{_UNSEEN}\u0300-\u036f]")
_CLUSTER = re.compile(f"[{_UNSEEN}]+|.[\u0300-\u036f{_UNSEEN}]*", re.DOTALL)
_DROP = dict.fromkeys(map(ord, _UNSEEN))


@value_class(frozen=True, slots=True)
class Plain:
    """A text to match on. `starts[i]` and `ends[i]` are where the character `text[i]` stood; None: just there."""

    text: str
    starts: tuple[int, ...] | None = None
    ends: tuple[int, ...] = ()

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the original text that `text[start:end]` stands for (`end` after `start`)."""
        if self.starts is None:
            return start, end
        return self.starts[start], self.ends[end - 1]


def plain(text: str) -> Plain:
    """The text to match on; it is the text itself where that holds nothing odd."""
    if text.isascii() or not _ODD.search(text):
        return Plain(text)
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for found in _CLUSTER.finditer(text):
        composed = plain_name(found[0])
        parts.append(composed)
        starts.extend([found.start()] * len(composed))
        ends.extend([found.start() + len(found[0].rstrip(_UNSEEN))] * len(composed))
    return Plain("".join(parts), tuple(starts), tuple(ends))


def plain_name(words: str) -> str:
    """Words as they are compared: nothing unseen, accents composed."""
    if words.isascii():
        return words
    return unicodedata.normalize("NFC", words.translate(_DROP))


_IRREGULAR = {
    "person": "people",
    "child": "children",
    "man": "men",
    "woman": "women",
    "addendum": "addenda",
    "memorandum": "memoranda",
    "criterion": "criteria",
    "analysis": "analyses",
    "basis": "bases",
    "thesis": "theses",
    "appendix": "appendices",
    "index": "indices",
    "matrix": "matrices",
}
_SINGULARS = {plural: singular for singular, plural in _IRREGULAR.items()}
# Without a plural, or without a singular of the same meaning: the goods are no good, the terms of a contract no term.
_ONE_FORM = wordlist(
    "data information software hardware firmware equipment feedback personnel goodwill know-how documentation "
    "confidentiality knowledge advice evidence insurance cash staff content research "
    "goods terms means premises proceeds earnings savings arms securities customs damages minutes series species news "
    "politics physics economics logistics analytics metadata ethics headquarters works us this its his "
    "thereof hereof always else"
)
# What one does with the thing: these terms are used as verbs too.
_VERBS = {
    "control": ("Controlled", "Controlling"),
    "process": ("Processed", "Processes"),
    "processing": ("Process", "Processed", "Processes"),
    "suspend": ("Suspended", "Suspends"),
    "transfer": ("Transferred", "Transferring"),
    "affiliate": ("Affiliated",),
}
_SIBILANT = re.compile(r"(?:s|x|z|ch|sh)\Z")
_LAST_WORD = re.compile(r"[^\W\d_]+\Z")


def key(words: str) -> str:
    """Words as they are looked up: one space for any white space, plain hyphens and apostrophes, nothing unseen."""
    words = plain_name(words)
    if not words.isascii():
        words = words.replace("’", "'").replace("‑", "-").replace("‐", "-")
    return " ".join(words.split())


@lru_cache(maxsize=65536)
def forms(name: str) -> tuple[str, ...]:
    """The other forms of a name: of its last word, and of the first one before "of" ("Notice of Breach").

    `name` is a key; so are the forms. The name itself is not among them.
    """
    found = _last_word_forms(name)
    head, of, rest = name.partition(" of ")
    if of and " " not in head:
        found += [f"{form}{of}{rest}" for form in _last_word_forms(head)]
    return tuple(dict.fromkeys(form for form in found if form != name))


def _last_word_forms(name: str) -> list[str]:
    last = _LAST_WORD.search(name)
    if not last or len(last[0]) < 2:
        return []
    word, before = last[0], name[: last.start()]
    found = [before + _like(word, form) for form in _counted(word.lower(), word)]
    if not before:
        found += [form for form in _VERBS.get(word.lower(), ()) if word[:1].isupper()]
    return found


def _counted(word: str, written: str) -> list[str]:
    """The plural of a singular and the singular of a plural; one word may look like both."""
    if word in _ONE_FORM:
        return []
    if written.isupper() and len(written) > 1:
        return [word + "s"] if not word.endswith("s") else []
    if word in _IRREGULAR:
        return [_IRREGULAR[word], *([word + "s"] if word == "person" else [])]
    if word in _SINGULARS:
        return [_SINGULARS[word]]
    return _singulars(word) or [_plural(word)]


def _plural(word: str) -> str:
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return word[:-1] + "ies"
    return word + ("es" if _SIBILANT.search(word) else "s")


def _singulars(word: str) -> list[str]:
    """What a word that looks like a plural may be the plural of; empty where it does not look like one."""
    if not word.endswith("s") or word.endswith(("ss", "us", "is")) or len(word) < 4:
        return []
    if word.endswith("ies") and len(word) > 4:
        return [word[:-3] + "y", word[:-1]]
    if word.endswith(("sses", "xes", "zzes", "ches", "shes")):
        return [word[:-2]]
    return [word[:-1]]


def _like(word: str, form: str) -> str:
    """The form, with the capitals of the word it is made from (EULA → EULAs)."""
    if word.isupper() and len(word) > 1:
        return word + "s" if form == word.lower() + "s" else form.upper()
    return form[:1].upper() + form[1:] if word[:1].isupper() else form
