"""Reads the data of languages and turns their phrases into patterns."""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import engross.common.lazy_re as re
from engross.language.grammar import Announcing, Referring

FOLDER: Final = Path(__file__).parent / "data"
"""The folders of data, each named by the code of its language."""

Data = Mapping[str, Any]


def read_data(path: Path) -> Data:
    """Return the content of a file of data; raises OSError or tomllib.TOMLDecodeError."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


_WORDS: Final = r"(?:[^.;:„“”\"«»]|\.(?=\S)|(?<=\w\w)\.(?=\s\d)){0,100}?"
"""Some words of the same sentence, with the numbers of clauses in them: "hat die in Ziffer 4.1 festgelegte"."""


def alternatives(phrases: Iterable[str]) -> str:
    """Return phrases as alternatives of a pattern, the longest first; without any, a pattern that never matches."""
    ordered = sorted(phrases, key=len, reverse=True)
    return "|".join(pattern_of(phrase) for phrase in ordered) or "(?!)"


def pattern_of(phrase: str) -> str:
    """Return the pattern of a phrase: groups do not capture, blanks and apostrophes match all of their kind."""
    pattern = re.sub(r"(?<!\\)\((?!\?)", "(?:", phrase)
    pattern = pattern.replace(" ", r"\s+").replace("’", "['’]")
    return pattern.replace("{words}", _WORDS)


def joined_words(names: str) -> str:
    """Return words as alternatives; one that ends in an apostrophe is joined to the word after it."""
    parts = sorted(names.split(), key=len, reverse=True)
    return "|".join(pattern_of(part) if part.endswith("’") else rf"{pattern_of(part)}\s+" for part in parts) or "(?!)"


def compiled(pattern: str) -> re.Pattern[str]:
    """Compile a pattern that ignores case."""
    return re.compile(pattern, re.IGNORECASE)


def _ordinals(data: Data) -> dict[str, str]:
    """Return number words → numbers: those of `ordinals`, from 1, and those that the words of `tens`, from 10, make
    with the first nine, in two words (décima cuarta) or in one (decimocuarta). Accents may be missing.
    """
    ones, tens = (
        [(at, word) for at, words in enumerate(data.get(name, "").split(), start=1) for word in words.split("/")]
        for name in ("ordinals", "tens")
    )
    found = {word: str(at) for at, word in ones} | {word: str(10 * at) for at, word in tens}
    for ten, before in tens:
        for one, after in ones:
            if one < 10:
                found[f"{before} {after}"] = found[f"{_without_accents(before)}{after}"] = str(10 * ten + one)
    return {_without_accents(word): number for word, number in found.items()} | found


def _without_accents(word: str) -> str:
    return "".join(one for one in unicodedata.normalize("NFD", word) if not unicodedata.combining(one))


_AROUND = ("joins", "to", "more", "of", "this", "here", "own", "bare", "suffixes", "not_itself")


def referring(data: Data, units: Iterable[str] = ()) -> Referring:
    """Return how a language refers by the content of `references.toml`; what it does not name matches nothing.

    `units` are the words after an amount.
    """
    families = {word.lower(): family for family, words in data["words"].items() for word in words}
    around, parts, outside = (data.get(table, {}) for table in ("around", "parts", "outside"))
    return Referring(
        families={**families, "§": "§", "§§": "§"},
        ordinals=_ordinals(data),
        parts=alternatives(parts.get("words", ())),
        ignored=alternatives(parts.get("ignored", ())),
        laws=alternatives(outside.get("laws", ())),
        units=alternatives(units),
        contracts=alternatives(outside.get("contracts", ())),
        such=alternatives(outside.get("such", ())),
        earlier=alternatives(outside.get("earlier", ())),
        policies=alternatives(outside.get("policies", ())),
        previous="|".join(map(pattern_of, around.get("previous", ()))),
        next="|".join(map(pattern_of, around.get("next", ()))),
        owner=alternatives(around.get("owner", around.get("of", ()))),
        **{name: alternatives(around.get(name, ())) for name in _AROUND},
    )


def labels_around(data: Data) -> dict[str, re.Pattern[str]]:
    """Return the patterns of labels and titles that are near names, by the content of `definitions.toml`."""
    names = ("remarks", "of_term", "signs_for", "describing")
    remarks, of_term, signs_for, describing = (alternatives(data.get(name, ())) for name in names)
    party = r"(?-i:[A-ZÀ-Þ])[\w-]*"
    return {
        "remarks": compiled(rf"(?-i:{remarks})\Z"),
        "of_term": compiled(rf"(?:{of_term})\s*:?\s*[*_]*"),
        "signs_for": compiled(rf"\s*(?:{signs_for})(?:(?<=[’'])|\s)\s*{party}\s*:?\s*"),
        "describing": re.compile(describing),
    }


def announcing(data: Data, small: str, joins: Iterable[str], *, small_words: str = "") -> Announcing:
    """Return how a language announces names by the content of `definitions.toml`.

    `small` are words within a name, `joins` words before an abbreviation of it; `small_words` is the pattern of a name
    in phrases around it if it may have small letters, with {} for words with capitals.
    """
    here, naming, lead, defined = (alternatives(data[name]) for name in ("here", "naming", "lead", "defined"))
    words = rf"(?<!\w)(?:{here})(?!\w){words_between(data['introductory'], marks=',:/&–—-')}"
    name = rf"(?P<name>(?-i:{_capitals(small)}))"
    framed = rf"(?P<name>(?-i:{small_words.format(_capitals(small)) if small_words else _capitals(small)}))"
    short = rf"(?P<short>\s+(?:{alternatives(joins)})\s+(?-i:[A-Z]{{2,8}})(?!\w))?"
    close = alternatives([*data["naming"], *data["tail"]])
    return Announcing(
        triggers=_of_small_letters(
            rf"(?<!\w)(?:{here}|{lead}|{defined}|{alternatives(_before(data['bare_frames']))})(?!\w)"
        ),
        marked=words,
        unmarked=compiled(rf"{words}(?<![^\W_]){name}{short}(?P<close>\s+(?:{close})(?!\w))*"),
        after_lead=compiled(rf"(?<!\w)(?:{lead})\s+{name}(?!\w)"),
        framed=tuple(compiled(_framed(phrase, framed)) for phrase in data["bare_frames"]),
        defined=compiled(rf"\s+(?:{defined})(?!\w)"),
        naming=compiled(rf"(?<!\w)(?:{naming})(?!\w)"),
        usual=compiled(rf"(?<!\w)(?:{alternatives(data.get('usual', ()))})\s+\Z"),
    )


def _before(frames: Iterable[str]) -> Iterable[str]:
    return (phrase.partition("{term}")[0].strip() for phrase in frames)


def _framed(phrase: str, name: str) -> str:
    before, _, after = phrase.partition("{term}")
    return rf"(?<!\w){pattern_of(before)}{name}(?!\w){pattern_of(after)}(?!\w)"


def _of_small_letters(pattern: str) -> re.Pattern[str]:
    """Compile a pattern for texts in small letters; it is twice as fast where the pattern has no capitals either."""
    literal = re.sub(r"\\.", "", pattern)
    return re.compile(pattern) if literal == literal.lower() else compiled(pattern)


def words_between(phrases: Iterable[str], *, marks: str = ",;:/&") -> str:
    """Return the pattern of any number of words, with the marks and optional endings between them: dénommé(e) le."""
    return rf"(?:(?:(?:{alternatives(phrases)})(?:(?<=['’])|(?!\w))|\([a-z]{{1,2}}\)|[\s{marks}])*)"


def _capitals(small: str) -> str:
    """Return the pattern of up to five words with capitals, with small words between them."""
    words = sorted(small.split(), key=len, reverse=True)
    between = "|".join(re.escape(word) for word in words if not word.endswith("’"))
    joined = "".join(f"(?:{pattern_of(word)})?" for word in words if word.endswith("’"))  # Conditions d’Utilisation
    return rf"[A-ZÀ-Þ][\w’'&-]*(?:\s+(?:(?:{between})\s+){{0,2}}{joined}[A-ZÀ-Þ][\w’'&-]*){{0,4}}"
