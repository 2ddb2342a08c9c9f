"""Reads the grammars of languages from folders of data.

Each language has a folder in `data/`, named by its code: `words.toml`, `definitions.toml`, `references.toml`,
`numbers.toml`. A phrase in them is a regular expression in which a blank means any white space and the apostrophe
’ for any apostrophe. The manual describes every key ("Add a language").
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path

import engross.common.lazy_re as re
from engross.language import english
from engross.language.detection import language_of_part, recognize
from engross.language.grammar import Announcing, Defining, Frame, Grammar, Referring
from engross.language.inflection import inflected
from engross.language.number_words import NumberWords
from engross.language.phrases import (
    FOLDER,
    Data,
    alternatives,
    announcing,
    compiled,
    joined_words,
    labels_around,
    pattern_of,
    read_data,
    referring,
    words_between,
)


def grammar_of_text(text: str) -> Grammar:
    """Return the grammar of the language that a text is certainly in; that of English where this is not clear."""
    return grammar_for(recognize(text).code)


def grammar_of_part(part: str, text: str) -> Grammar | None:
    """Return the grammar of the language of a part of a text in several languages; None in any other text.

    The result is None too where the language of the part is uncertain.
    """
    mixed = recognize(text).mixed
    code = language_of_part(part, mixed) if mixed else ""
    return grammar_for(code) if code else None


def grammar_for(code: str) -> Grammar:
    """Return the grammar of a language by its code ("de", "de-CH"); that of English for a language without data."""
    return _shipped(code.partition("-")[0].lower())


@lru_cache(maxsize=64)
def _shipped(code: str) -> Grammar:
    """Return the grammar of one language: its patterns are slow to compile, so that only those in use are read."""
    return read_grammar(FOLDER / code) if code in _with_data() else english.GRAMMAR


@lru_cache(maxsize=1)
def _with_data() -> frozenset[str]:
    """Return the codes of the languages whose grammar is in a folder."""
    return frozenset(path.parent.name for path in FOLDER.glob("*/definitions.toml")) - {"en"}


def shipped() -> Mapping[str, Grammar]:
    """Return all grammars by code."""
    return {"en": english.GRAMMAR, **{code: _shipped(code) for code in sorted(_with_data())}}


def read_grammar(folder: Path) -> Grammar:
    """Return the grammar of the language whose data are in a folder; the folder's name is its code.

    Raises OSError where a file is missing, KeyError where a key is, and tomllib.TOMLDecodeError or re.error where a
    file or a phrase cannot be read.
    """
    words, defines = read_data(folder / "words.toml"), read_data(folder / "definitions.toml")
    numbers = NumberWords(read_data(folder / "numbers.toml"))
    refers = referring(read_data(folder / "references.toml"), words["units"])
    small, common = frozenset(words["small"].split()), frozenset(words["frequent"].split())
    last = words["capital"] == "last"
    return Grammar(
        code=folder.name,
        defining=_defining(defines, words, refers),
        referring=refers,
        forms=inflected(words, small),
        may_be_name=_name_test(common | small, last=last),
        value_of=numbers.value_of,
        number_word=numbers.pattern,
        number_join=numbers.join,
        common=common,
        pronouns=frozenset(words["pronouns"].lower().split()),
        capitalises_nouns=last,
        indefinite=frozenset(words.get("indefinite", "").split()),
        articles=frozenset(words["determiners"].replace("’", "").split()),
        other_before=compiled(rf"\b(?:{alternatives(words.get('other', ()))})\s+\Z"),
        one_of_many_before=compiled(rf"\b(?:{alternatives(words.get('one_of_many', ()))})\s+\Z"),
        either=alternatives(words.get("either", ())),
        gendered=re.compile(rf"(?P<name>.*[^\W\d_])(?:{alternatives(words.get('gendered', ()))})"),
    )


_MOST_WORDS = 8
# Names within phrases that define them: als vertrauliche Informationen gelten alle; información confidencial.
_SMALL_ADJECTIVE = r"(?:[a-zß-ÿ]{{3,}}e[nrs]?\s+)?{}"
_SMALL_WORDS = r"{}|[a-zß-ÿ]{{4,}}(?:\s+[a-zß-ÿ]{{4,}}){{0,2}}?"


def _name_test(common: frozenset[str], *, last: bool) -> Callable[[str], bool]:
    """Return the test whether words may be a name: a capital first, or `last`, and no small word first."""

    def may_be_name(name: str) -> bool:
        """Whether words may be a name in this language."""
        parts = name.split()
        if not parts or len(parts) > _MOST_WORDS or parts[0].lower() in common:
            return False
        tested = parts[-1 if last else 0]
        return tested[:1].isupper() or tested[:1].isdigit()

    return may_be_name


_QUOTES = '„“”"«»'
_ASIDE_BRACKET = r"(?:\s*+\([^()]{1,120}\))?(?:\s*+[:–—]|\s+-(?=\s))?"
_MARK = r"\s*(?P<mark>[:=]|\s[–—-]\s|\s--\s|[–—]|\s-(?=[^\W\d_]))\s*"


def _defining(data: Data, words: Data, refers: Referring) -> Defining:
    """Return the patterns of definitions."""
    article, aside = joined_words(words["determiners"]), _aside(data)
    between = words_between(data["introductory"])
    announces = _announces(data, words)
    return Defining(
        means=compiled(rf"{aside}(?P<verb>{alternatives(data['means'])})(?!\w)"),
        includes=compiled(rf"{aside}(?P<verb>{alternatives(data['includes'])})(?!\w)"),
        mark=re.compile(_MARK),
        mark_and_article=compiled(rf"{_MARK}(?:{article})"),
        meaning_on_next_line=compiled(rf"\n(?={article})"),
        begins_meaning=compiled(rf"\s*,?\s+(?:{alternatives(data['begins_meaning'])})(?!\w)"),
        negated=compiled(rf"\s*(?:{alternatives(data['negations'])})(?:(?<=['’])|(?!\w))"),
        points=compiled(rf"{aside}(?:{alternatives(data['points'])})"),
        lead=compiled(rf"[\s•·▪◦‣●○■]*(?:(?:{alternatives(data['lead'])})\s+)?(?:{article})?[*_\s]*"),
        frames=tuple(_frame(phrase, article) for phrase in data["frames"]),
        join=compiled(
            rf"\s*[,;/&(]?\s*(?:(?:{alternatives(words['joins'])})\b|\()?[\s,(]*(?:{article}|(?:{alternatives(data['each'])})\b,?\s*)*"
        ),
        introduces=compiled(rf"\s*(?:[^.{_QUOTES}]{{0,160}}[,;:–—]\s*)?{between}\Z"),
        introductory=compiled(between),
        tail=compiled(rf"[\s.,;:]*(?:(?:{alternatives(data['tail'])})(?!\w)[\s.,;:]*)*"),
        not_here=compiled(rf"(?<!\w)(?:{alternatives(data['not_defining'])})(?!\w)"),
        called=compiled(
            rf"(?:(?<!\w)(?:{alternatives(data['called'])})[,:]?\s*|{announces.marked})(?:(?<=['’])|(?<=\s))\Z"
        ),
        apart=compiled(rf"(?:(?<!\w)|(?=[,;–—]))(?:{alternatives(data['apart'])})\s*\Z"),
        announces=announces,
        each=compiled(rf"(?<!\w)(?:{alternatives(data['each'])})(?!\w)"),
        labels=compiled(rf"(?<!\w)(?:{alternatives(data['labels'])})(?!\w)[^.;{_QUOTES}]{{0,30}}\Z"),
        number_before=_number_before(refers),
        **_optional(data),
        titles=compiled(rf"(?:{alternatives(data['titles'])})"),
        listing=compiled(rf"\b(?:{alternatives(data['titles'])})\b"),
        introduces_list=compiled(rf"(?:{alternatives(data['introduces_list'])})\s*\Z"),
        is_a=compiled(rf"{aside}(?:{alternatives(data['includes'])})(?!\w)\s+(?:{article})"),
        article=re.compile(rf"\A(?i:{article})(?=\w)(?=[^a-zß-ÿ])"),
        mark_and_meaning=re.compile(_MARK + (r"(?=[^\W\d_])" if words["capital"] == "last" else "(?=[a-zß-ÿ])")),
    )


def _number_before(refers: Referring) -> re.Pattern[str]:
    """Return the pattern of a number of a part before quoted words, which are its title."""
    numbered = refers.words_of("section", "subsection", "clause", "article", "item")
    return compiled(rf"(?:(?<!\w)(?:{numbered})|§)\s*\d[^;:{_QUOTES}]{{0,50}}\Z")


def _announces(data: Data, words: Data) -> Announcing:
    """Return how a language announces names."""
    small = _SMALL_ADJECTIVE if words["capital"] == "last" else _SMALL_WORDS
    return announcing(data, words["small"], words["joins"], small_words=small)


def _optional(data: Data) -> dict[str, re.Pattern[str]]:
    """Return the patterns of phrases that a language may lack."""
    names = ("in_brackets", "respectively", "for_purposes", "facts", "so_called")
    in_brackets, respectively, for_purposes, facts, so_called = (alternatives(data.get(name, ())) for name in names)
    return {
        **labels_around(data),
        "facts": compiled(facts),
        "so_called": compiled(rf"(?<!\w)(?:{so_called})(?!\w)"),
        "must_be": compiled(rf"(?<!\w)(?:{alternatives(data.get('must_be', ()))})[.;]?\s*\Z"),
        "designates": compiled(rf"\s+(?:{alternatives(data.get('designates', ()))})(?!\w)"),
        "half_bracket": compiled(_half_bracket(words_between(data["introductory"]))),
        "in_brackets": compiled(in_brackets),
        "respectively": compiled(rf",?\s*(?:{respectively})(?!\w)"),
        "for_purposes": compiled(rf"(?:{for_purposes})\s*"),
    }


def _half_bracket(between: str) -> str:
    """Return the pattern of a bracket whose name lacks one quotation mark: (ci-après désignées « Groupe Acme)."""
    name = r"(?-i:[A-ZÀ-Þ0-9])[\w’'&./+-]*(?:\s+[\w’'&./+-]+){0,5}?"
    return rf"\({between}(?:[„“«\"]\s*(?P<opened>{name})|(?P<closed>{name})\s*[“”»\"])[.,]?\)"


def _aside(data: Data) -> str:
    """Return the pattern of what may be between a term and the verb that defines it."""
    return (
        rf"{_ASIDE_BRACKET}(?:,?\s*+(?:{alternatives(data['asides'])})\b[^.;{_QUOTES}]{{0,120}}?,?)?\s*+,?\s*+"
        rf"(?:(?:{alternatives(data['between'])})\s+){{0,3}}"
    )


def _frame(phrase: str, article: str) -> Frame:
    """Return the patterns before and after the term in a phrase such as "unter {term} (ist|versteht)"."""
    before, _, after = phrase.partition("{term}")
    following = pattern_of(after).replace("{determiner}", f"(?:{article})")
    # The term is in quotation marks, which end it without a blank: „Kunde“wird.
    following = r"\s*" + following.removeprefix(r"\s+")
    return compiled(rf"(?<!\w){pattern_of(before)}\Z"), compiled(following + r"(?:(?<=\s)|(?!\w))")
