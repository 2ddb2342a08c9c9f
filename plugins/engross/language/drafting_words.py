"""What the drafting check knows of each language: words of blanks in brackets, and of forms that readers fill in.

English has its words of blanks in `drafting/`. A language without `drafting.toml` has none.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import engross.common.lazy_re as re
from engross.common import value_class
from engross.language.detection import words_of_languages
from engross.language.grammar import NOTHING
from engross.language.phrases import FOLDER, Data, alternatives, compiled, joined_words, read_data

_WORDS = r"[^;“”\"«»]{0,110}?"


@value_class(frozen=True, slots=True, eq=False)
class BlankWords:
    """Patterns of whole words in brackets: `blank` asks for something, `left_out` marks what is missing on purpose."""

    blank: re.Pattern[str]
    left_out: re.Pattern[str]


@value_class(frozen=True, slots=True, eq=False)
class FormWords:
    """Words of forms in all languages, because forms quote other languages too.

    `title` is in the title of a form, `line` begins one of its lines, `speaker` is who speaks in it, and `date` a whole
    date to fill in. `to_top` begins the words of a link to the beginning of a page. `signatures` begins the title above
    signatures; `signing` is before a blank that is filled in by hand.
    """

    title: re.Pattern[str]
    line: re.Pattern[str]
    speaker: re.Pattern[str]
    date: re.Pattern[str]
    to_top: re.Pattern[str]
    signatures: re.Pattern[str]
    signing: re.Pattern[str]


@lru_cache(maxsize=32)
def blank_words(code: str) -> BlankWords:
    """Return the words of blanks of a language; they match nothing if it has no data of its own."""
    data = _data().get(code, {})
    if "fields" not in data:
        return BlankWords(NOTHING, NOTHING)
    fields, instructions, yours, of, left_out = (
        alternatives(phrase.replace("{words}", _WORDS) for phrase in data[name])
        for name in ("fields", "instructions", "yours", "of", "left_out")
    )
    words = words_of_languages()[code]
    joins = alternatives(words["joins"])
    # "Name und Anschrift des Kunden", "PLZ Ort", in capitals also "DOMICILIO CLIENTE".
    field = rf"(?:{fields})(?:(?:\s*[,/]\s*|\s+(?:(?:{joins})\s+)?)(?:{fields}))*"
    what = rf"(?:\s+(?:{of})(?!\w)[^;:!?]{{0,50}}|(?-i:(?=[^a-zß-ÿ]*\Z))\s+.{{1,40}})?"
    mine = rf"(?-i:(?=[A-ZÀ-Þ]))(?:{yours})\s+[^;:!?]{{1,50}}"
    article = joined_words(words["determiners"])
    return BlankWords(
        blank=compiled(rf"\W*(?:(?:{article})?{field}{what}|{mine}|{instructions})\W*"),
        left_out=compiled(rf"\W*(?:{left_out})(?!\w).*"),
    )


@lru_cache(maxsize=1)
def form_words() -> FormWords:
    """Return the words of forms in all languages."""
    parts = _of_all("date_parts")
    return FormWords(
        title=compiled(rf"(?<!\w)(?:{_of_all('forms')})(?!\w)"),
        line=compiled(rf"(?<!\w)(?:{_of_all('form_lines')})(?!\w)"),
        speaker=re.compile(rf"(?<![\w.])(?:{_of_all('speakers')})(?!\w)"),
        date=compiled(rf"(?:{parts})(?:[\s,./-]+(?:{parts})){{1,2}}"),
        to_top=compiled(rf"\W*(?:{_of_all('to_top')})(?!\w)"),
        signatures=compiled(rf"(?:{_of_all('signatures')})(?!\w)"),
        signing=compiled(rf"(?<!\w)(?:{_of_all('signing')})(?!\w)[^.;]{{0,200}}\Z"),
    )


def _of_all(name: str) -> str:
    """Return the phrases of all languages under one name, as alternatives of a pattern."""
    phrases: Iterable[str] = (phrase for data in _data().values() for phrase in data.get(name, ()))
    return alternatives(dict.fromkeys(phrases))


@lru_cache(maxsize=1)
def _data() -> dict[str, Data]:
    return {path.parent.name: read_data(path) for path in sorted(FOLDER.glob("*/drafting.toml"))}
