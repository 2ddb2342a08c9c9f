"""Finds invisible characters in words, words that mix scripts, and words that look like a defined term.

The skeleton of a word has plain Latin letters in place of letters that look like them. The table here is much shorter
than Unicode's list: it has the letters that look alike in the fonts of contracts. Unicode normalisation resolves
compatibility forms (full-width letters, letters of formulas).
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache, partial

import engross.common.lazy_re as re
from engross.common import INVISIBLE, NEVER, escaped, value_class
from engross.drafting.kept_findings import Row, rows_of
from engross.drafting.subject import Passage, Reading, Subject
from engross.language import key

_WORD = re.compile(rf"[^\W_](?:[^\W_]|[\u0300-\u036f{INVISIBLE}](?=[^\W_]))*")
_ANY = re.compile(f"[{INVISIBLE}{NEVER}]")
_IN_WORD = re.compile(
    rf"(?<=[^\W_])[{INVISIBLE}]+(?=[^\W_])|(?<=\d)[{INVISIBLE}]+(?=[.,’'])|(?<=[.,’'])[{INVISIBLE}]+(?=\d)"
)
# Tags after a black flag are part of an emoji: the flag of a region.
_NEVER = re.compile(f"(?<!\U0001f3f4)(?<![\U000e0000-\U000e007f])[{NEVER}]+")
_UNUSUAL = re.compile(r"[^\x00-\x7f\xa0-\xac\xae-\u024f\u2010-\u2027\u2030-\u205e]")
_INVISIBLE = re.compile(f"[{INVISIBLE}]")

_LOOK_ALIKE = {
    # Cyrillic
    **dict(zip("АВЕЅІЈКМНОРСТУХԌԚԜҮӀЁЇ", "ABESIJKMHOPCTYXGQWYIËÏ", strict=True)),
    **dict(zip("аеѕіјорсухһԁԛԝѵүӏьёї", "aesijopcyxhdqwvylbëï", strict=True)),
    # Greek
    **dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹϿ", "ABEZHIKMNOPTYXCC", strict=True)),
    **dict(zip("αγικνορτυχϲϳ", "ayiknoptuxcj", strict=True)),
    # Armenian
    **dict(zip("ՍՕՏՈսօոցհյզ", "UOSnuonghjq", strict=True)),
    # Latin letters of phonetic alphabets
    **dict(zip("ıɑɡɩʏᴄᴏᴠᴡᴢ", "iagiycovwz", strict=True)),
}
_ALIKE = str.maketrans(_LOOK_ALIKE)
_CACHE_KEY = "look-alikes"
_CONTEXT = 20
_SCRIPTS = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC")
"""Scripts with letters that look alike; mixing others with Latin letters is not confusing."""

# Scripts that use joiners to shape letters, or zero-width spaces between words.
_JOINING = re.compile(
    "[\u0590-\u08ff\u0900-\u109f\u1780-\u18af\u1900-\u1cff\ua800-\uabff\ufb1d-\ufdff\ufe70-\ufefc\U00010a00-\U00011fff]"
)


@value_class(frozen=True, slots=True)
class LookAlike:
    """A suspicious word: `term` is the word of a defined term that it looks like, or empty; `scripts` are those
    that it mixes.
    """

    passage: Passage
    start: int
    text: str
    term: str
    scripts: tuple[str, ...]


def invisible_spans(text: str) -> Iterator[tuple[int, int]]:
    """Find spans of invisible characters in words and numbers, and of characters that no text needs."""
    if text.isascii() or not _ANY.search(text):
        return
    for found in _IN_WORD.finditer(text):
        around = text[found.start() - 1], text[found.end()]
        if not any(map(_JOINING.match, around)):
            yield found.span()
    for found in _NEVER.finditer(text):
        yield found.span()


def shown_around(text: str, start: int, end: int) -> str:
    """Show a span as escapes, with the rest of the word around it."""
    before = text[max(0, start - _CONTEXT) : start].split()[-1:] or [""]
    after = text[end : end + _CONTEXT].split()[:1] or [""]
    return before[0] + "".join(map(escaped, text[start:end])) + after[0]


def mixed_words(text: str) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    """Find each word that mixes scripts: its offset, the word, the scripts; see `mixed_scripts`."""
    for at, word in _unusual_words(text):
        if scripts := mixed_scripts(word):
            yield at, word, scripts


def _unusual_words(text: str) -> Iterator[tuple[int, str]]:
    if not text.isascii() and _UNUSUAL.search(text):
        yield from ((found.start(), found[0]) for found in _WORD.finditer(text) if _UNUSUAL.search(found[0]))


def look_alikes(subject: Subject) -> Sequence[LookAlike]:
    """The words of an edition that mix scripts or look like a defined term; computed once."""
    found = subject.kept.get(_CACHE_KEY)
    if not isinstance(found, tuple):
        found = subject.kept[_CACHE_KEY] = tuple(_look_alikes(subject))
    return found


def _look_alikes(subject: Subject) -> Iterator[LookAlike]:
    names: Mapping[str, Sequence[str]] | None = None
    for reading in subject.readings:
        for index, at, word in rows_of(subject, reading, "unusual words", "", partial(_unusual, reading)):
            names = _names_by_skeleton(subject) if names is None else names
            term, scripts = _similar_term(word, names), mixed_scripts(word)
            if (term or scripts) and (passage := reading.passage(index)).is_words(at):
                yield LookAlike(passage, at, word, term, scripts)


def _unusual(reading: Reading) -> list[Row]:
    return [[passage.index, at, word] for passage in reading.passages for at, word in _unusual_words(passage.text)]


def _names_by_skeleton(subject: Subject) -> Mapping[str, Sequence[str]]:
    """The words in the names of defined terms, by skeleton."""
    found: dict[str, list[str]] = defaultdict(list)
    for definition in subject.binding.definitions:
        for name in definition.names:
            for word in _WORD.findall(key(name)):
                found[skeleton(word)].append(word)
    return found


def _similar_term(word: str, names: Mapping[str, Sequence[str]]) -> str:
    """The word of a defined term that a different word looks like; empty if there is none."""
    alike = names.get(skeleton(word), ())
    folded = key(word).casefold()
    return "" if any(name.casefold() == folded for name in alike) else next(iter(alike), "")


@lru_cache(maxsize=4096)
def skeleton(word: str) -> str:
    """The skeleton of a word: letters that look like Latin ones are replaced by those."""
    plain = unicodedata.normalize("NFKC", _INVISIBLE.sub("", word)).translate(_ALIKE)
    return unicodedata.normalize("NFC", plain).casefold()


@lru_cache(maxsize=4096)
def mixed_scripts(word: str) -> tuple[str, ...]:
    """The scripts of a word, if it mixes several that look alike; empty otherwise.

    Greek letters that do not look like Latin ones are ignored: they are used in units and formulas (μm, ΔT, kΩ).
    """
    found: dict[str, None] = {}
    for letter in word:
        script = _script(letter)
        if script and not (script == "GREEK" and letter not in _LOOK_ALIKE):
            found[script] = None
    return tuple(found) if len(found) > 1 else ()


def _script(letter: str) -> str:
    if letter.isascii():
        return "LATIN" if letter.isalpha() else ""
    name = unicodedata.name(unicodedata.normalize("NFKC", letter)[:1] or letter, "").partition(" ")[0]
    return name if name in _SCRIPTS and letter.isalpha() else ""


def shown_letters(word: str) -> str:
    """Show a word with escapes for its foreign letters: `<U+0421>ustomer`."""
    common = max(_SCRIPTS, key=lambda script: sum(_script(letter) == script for letter in word))
    return "".join(
        escaped(letter) if _INVISIBLE.match(letter) or _foreign(letter, common) else letter for letter in word
    )


def _foreign(letter: str, common: str) -> bool:
    return unicodedata.normalize("NFKC", letter) != unicodedata.normalize("NFC", letter) or (
        _script(letter) not in ("", common)
    )
