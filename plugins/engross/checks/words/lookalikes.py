"""Words that are not what they look like: characters nobody sees, letters of two scripts, letters of another word.

A skeleton of a word has plain Latin letters in place of letters that look like them. Unicode's own list of such letters
is far longer; this one has those that fonts of contracts draw alike, and compatibility forms (full-width letters,
letters of formulas) are resolved by Unicode's own normalisation.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from engross.characters import INVISIBLE, NEVER, escaped
from engross.checks.subject import Passage, Subject
from engross.terms.names import key
from engross.values import dataclass

_WORD = re.compile(rf"[^\W_](?:[^\W_]|[\u0300-\u036f{INVISIBLE}](?=[^\W_]))*")
_ANY = re.compile(f"[{INVISIBLE}{NEVER}]")
_IN_WORD = re.compile(
    rf"(?<=[^\W_])[{INVISIBLE}]+(?=[^\W_])|(?<=\d)[{INVISIBLE}]+(?=[.,’'])|(?<=[.,’'])[{INVISIBLE}]+(?=\d)"
)
# Flags of regions are written with tags after a black flag.
_NEVER = re.compile(f"(?<!\U0001f3f4)(?<![\U000e0000-\U000e007f])[{NEVER}]+")
_UNUSUAL = re.compile(r"[^\x00-\x7f\xa0-\xac\xae-\u024f\u2010-\u2027\u2030-\u205e]")
_DROP = re.compile(f"[{INVISIBLE}]")

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
_KEPT = "look-alikes"
_AROUND = 20
_SCRIPTS = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC")
"""The scripts whose letters look like one another's; words of others may stand beside Latin letters as they do."""

# Scripts in which joiners shape letters, and in which words may be parted by spaces of no width.
_JOINING = re.compile(
    "[\u0590-\u08ff\u0900-\u109f\u1780-\u18af\u1900-\u1cff\ua800-\uabff\ufb1d-\ufdff\ufe70-\ufefc\U00010a00-\U00011fff]"
)


@dataclass(frozen=True, slots=True)
class LookAlike:
    """A word that looks like another: `term` is the word of a defined term that it looks like, or an empty string;
    `scripts` are those whose letters it mixes.
    """

    passage: Passage
    start: int
    text: str
    term: str
    scripts: tuple[str, ...]


def unseen(text: str) -> Iterator[tuple[int, int]]:
    """The stretches of characters that nobody sees within words and numbers, and of those that no text needs."""
    if text.isascii() or not _ANY.search(text):
        return
    for found in _IN_WORD.finditer(text):
        around = text[found.start() - 1], text[found.end()]
        if not any(map(_JOINING.match, around)):
            yield found.span()
    for found in _NEVER.finditer(text):
        yield found.span()


def shown_around(text: str, start: int, end: int) -> str:
    """A stretch with escapes in place of its characters, within the word around it."""
    before = text[max(0, start - _AROUND) : start].split()[-1:] or [""]
    after = text[end : end + _AROUND].split()[:1] or [""]
    return before[0] + "".join(map(escaped, text[start:end])) + after[0]


def mixed_words(text: str) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    """Each word that mixes scripts, where it begins, and the scripts; see `mixed_scripts`."""
    for at, word in _unusual_words(text):
        if scripts := mixed_scripts(word):
            yield at, word, scripts


def _unusual_words(text: str) -> Iterator[tuple[int, str]]:
    if not text.isascii() and _UNUSUAL.search(text):
        yield from ((found.start(), found[0]) for found in _WORD.finditer(text) if _UNUSUAL.search(found[0]))


def look_alikes(subject: Subject) -> Sequence[LookAlike]:
    """The words of an edition that mix scripts or look like a defined term; computed once for the rules that ask."""
    found = subject.kept.get(_KEPT)
    if not isinstance(found, tuple):
        found = subject.kept[_KEPT] = tuple(_look_alikes(subject))
    return found


def _look_alikes(subject: Subject) -> Iterator[LookAlike]:
    names: Mapping[str, Sequence[str]] | None = None
    for passage in subject.passages:
        for at, word in _unusual_words(passage.text):
            names = _names_by_skeleton(subject) if names is None else names
            term, scripts = _meant_term(word, names), mixed_scripts(word)
            if (term or scripts) and passage.is_words(at):
                yield LookAlike(passage, at, word, term, scripts)


def _names_by_skeleton(subject: Subject) -> Mapping[str, Sequence[str]]:
    """The words that names of defined terms are made of, by their skeletons."""
    found: dict[str, list[str]] = defaultdict(list)
    for definition in subject.binding.definitions:
        for name in definition.names:
            for word in _WORD.findall(key(name)):
                found[skeleton(word)].append(word)
    return found


def _meant_term(word: str, names: Mapping[str, Sequence[str]]) -> str:
    """The word of a defined term that a word looks like and is not; an empty string where there is none."""
    alike = names.get(skeleton(word), ())
    folded = key(word).casefold()
    return "" if any(name.casefold() == folded for name in alike) else next(iter(alike), "")


@lru_cache(maxsize=4096)
def skeleton(word: str) -> str:
    """What a word looks like, in plain Latin letters as far as there are any."""
    plain = unicodedata.normalize("NFKC", _DROP.sub("", word)).translate(_ALIKE)
    return unicodedata.normalize("NFC", plain).casefold()


@lru_cache(maxsize=4096)
def mixed_scripts(word: str) -> tuple[str, ...]:
    """The scripts of a word that holds letters of several which look alike; empty otherwise.

    A Greek letter that looks like no Latin one is a sign of a formula or a unit (μm, ΔT, kΩ).
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
    """The word with an escape in place of each letter that is not what it looks like: `<U+0421>ustomer`."""
    common = max(_SCRIPTS, key=lambda script: sum(_script(letter) == script for letter in word))
    return "".join(escaped(letter) if _DROP.match(letter) or _foreign(letter, common) else letter for letter in word)


def _foreign(letter: str, common: str) -> bool:
    return unicodedata.normalize("NFKC", letter) != unicodedata.normalize("NFC", letter) or (
        _script(letter) not in ("", common)
    )
