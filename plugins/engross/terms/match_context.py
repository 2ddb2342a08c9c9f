"""Decides by the words around a match whether it is a use: not part of a longer name, an ordinary word or a label."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Final, NamedTuple

import engross.common.lazy_re as re
from engross.language import Grammar, begins_sentence, english, wordlist

AFTER_NAME: Final = re.compile(r"[ \t\n\u00a0]+(No\.|[A-Z][\w’'&/-]*|of\s+(?:19|20)\d\d\b)")
"""A word with a capital, or the year or number of a law, right after a name."""
_PROVISO = re.compile(r"\s+Provided,?\s+(?:[Tt]hat|[Aa]lways|[Ff]urther|[Hh]owever)\b")
_LETTERS: Final = re.compile(r"[A-Z]{2,6}(?![\w-])")
# "the Contracts (Rights of Third Parties) Act 1999"
_LAW_OF_YEAR: Final = re.compile(r"(?:(?<=\bAct)|(?<=\bOrder))[ \t\n\u00a0]+(?:1[6-9]|20)\d\d(?![\w-])")
_NEXT_WORD = re.compile(r"[ \t\n\u00a0]+([a-z]+)")
_WORD_AFTER = re.compile(r"[ \t\n\u00a0]+[^\W\d_]")
_SUBJECTS = wordlist("i you we they he she it who whoever one both each all others neither either")
_OBJECT = re.compile(
    r"\s+(?:an?|the|it|this|that|these|those|any|all|them|him|her|its|his|their|our|your|my|such|each|every|us|me|no)\b"
)
_WITHIN_SENTENCE = re.compile(r"(?:\w|,)\s+\(\w{1,5}\)\s+\Z")
# Months that are words too.
_MONTHS = frozenset(("March", "May", "August"))
_DAY_BEFORE, _YEAR_AFTER = (
    re.compile(r"(?<!\d)\d{1,2}(?:st|nd|rd|th)?\s+\Z"),
    re.compile(r"(?:\s+\d{1,2},)?\s+(?:19|20)\d\d\b"),
)
_WORD_BREAK = re.compile(r"[’'](?:s\b|(?!\w))|[,.;:)”\"]")
_LONG_WORD = re.compile(r"\b[^\W\d_]{2,}\b")
# The GDPR of another territory: its name uses neither term.
_OF_TERRITORY: Final = re.compile(r"(?<![\w-])(?:UK|EU|US|UE|EWR|EEA)[ \u00a0](?:GDPR|RGPD|DSGVO)(?![\w-])")
_WINDOW: Final = 60
_LONGEST_BEFORE: Final = 14
_ABBREVIATED: Final = re.compile(r"(?P<rest>(?:\s+[A-Z][\w-]*){1,4})\s+\((?:the\s+)?[“\"‘]?(?P<short>[A-Z]{2,6})\b")
_LAST_WORDS: Final = re.compile(r"[^\W\d_]+[’']?|[.;:,()]")
_ADDRESS_MARKS: Final = (".", "@")
_OPENING: Final = "“\"‘'«„(["

# Last words of the names of laws and instruments: "National Road Traffic Act" is not an Act of the agreement.
_INSTRUMENTS = wordlist(
    "act acts code codes regulation regulations directive directives statute statutes ordinance ordinances treaty "
    "convention conventions constitution rule rules bill decree law laws agreement agreements"
)
# Capitalised words that are not part of a name: they point, count, or begin a clause after a colon.
_NOT_NAMES = wordlist(
    "a an the this that these those each every any all both either neither no not such if when where while until "
    "unless upon on in at by for from to with within without under of or and but nor as per via is are was were be "
    "been has have had may shall will must can could would should does do did it its he she they we us our you "
    "your their his her my i some most many few several only certain also however therefore once because since "
    "although whether who which what how why please section sections article articles clause clauses paragraph "
    "paragraphs subsection schedule exhibit annex appendix subject notwithstanding except during after before other "
    "said"
)
_PLAIN_FOLLOWERS = wordlist("from by over about to the a an your its their any all each this that such these those")


class Shape(NamedTuple):
    """Properties of a match that do not depend on its context: a single word, the name of a law, all capitals."""

    single: bool
    law: bool
    capitals: bool

    @property
    def is_complete(self) -> bool:
        """Whether no context can make it part of another name or an ordinary word."""
        return not self.single and not self.law


@lru_cache(maxsize=16384)
def match_shape(words: str) -> Shape:
    """Return the shape of a match's words."""
    parts = words.split()
    return Shape(len(parts) == 1, parts[-1].lower() in _INSTRUMENTS, words.isupper())


Test = Callable[[str], bool]
"""Answers a question about some words."""


@lru_cache(maxsize=4096)
def is_small(word: str, grammar: Grammar) -> bool:
    """Return whether a word is an article or another small word, whatever its capitals: "La EMPRESA", "Ihr Kunde"."""
    lower = word.lower()
    return lower in _NOT_NAMES or lower in grammar.common or grammar.defining.article.match(f"{word} X") is not None


def is_in_long_form(text: str, start: int, end: int) -> bool:
    """Return whether a name is part of the long form of an abbreviation: "Public Key Infrastructure (PKI)"."""
    found = _ABBREVIATED.match(text, end)
    if found is None:
        return False
    initials = "".join(word[0] for word in f"{text[start:end]}{found['rest']}".split())
    return initials.endswith(found["short"]) and len(found["short"]) > len(found["rest"].split())


def is_another_thing(text: str, start: int, grammar: Grammar, *, itself: bool) -> bool:
    """Return whether a noun means another thing than the one of its name: mit einem anderen Programm.

    `itself` is whether the name is that of the document, der Vertrag: there, “ein Vertrag” is another too.
    """
    before = max(0, start - _LONGEST_BEFORE)
    if itself and grammar.one_of_many_before.search(text, before, start):
        return True
    return grammar.other_before.search(text, before, start) is not None


def is_definite(text: str, start: int, grammar: Grammar) -> bool:
    """Return whether a noun in small letters means the one thing of its name: la licencia, la presente licencia."""
    before = _LAST_WORDS.findall(text, max(0, start - _WINDOW), start)
    if not before or not text[:start].endswith((" ", "\n", "’", "'", "\u00a0")):
        return False
    last = [word.lower().replace("'", "’") for word in before[-2:]]
    if _is_article(last[-1], grammar):
        return last[-1] not in grammar.indefinite
    adjective = len(last) > 1 and last[-1] not in grammar.common and last[-1] not in grammar.indefinite
    return adjective and _is_article(last[0], grammar) and last[0] not in grammar.indefinite


def _is_article(word: str, grammar: Grammar) -> bool:
    return grammar.defining.article.match(f"{word}{'' if word[-1] == '’' else ' '}X") is not None


def is_part_of_name(text: str, start: int, end: int, shape: Shape, known: Test, grammar: Grammar) -> bool:
    """Return whether capitalised words on either side make the match part of a longer name that is not defined.

    `known` returns whether words are a term. A name of several words is complete unless it is the name of a law.
    """
    if shape.is_complete:
        return False
    return _has_name_before(text, start, known, grammar, law=shape.law) or _has_name_after(text, end, known, shape)


def _has_name_before(text: str, start: int, known: Test, grammar: Grammar, *, law: bool) -> bool:
    """Return whether a capitalised word that is not a term comes right before."""
    if not text[start - 1 : start].isspace():
        return False
    words = text[max(0, start - _WINDOW) : start].rsplit(None, 1)
    word = words[-1].lstrip(_OPENING) if words else ""
    if not word[:1].isupper() or _cannot_precede_name(word) or (word.isupper() and not law and len(word) > 1):
        return False
    describes = grammar.defining.describing.fullmatch(word) and _LETTERS.match(text, start)
    if is_small(word, grammar) or describes:
        return False
    begin = text.rindex(word, 0, start)
    return not begins_sentence(text, begin) and not _ends_with_term(text, begin + len(word), known, grammar)


def _cannot_precede_name(word: str) -> bool:
    """Return whether a word cannot be part of the name after it: it ends in punctuation or ’s, or is a determiner."""
    if word[-1] == ".":
        return not re.fullmatch(r"(?:[A-Z]\.)+|No\.", word)
    return not word[-1].isalnum() or word.endswith(("’s", "'s")) or word.lower() in _NOT_NAMES


def _ends_with_term(text: str, end: int, known: Test, grammar: Grammar) -> bool:
    """Return whether the words right before `end` are a term that is not itself part of a longer name."""
    before = text[max(0, end - _WINDOW) : end].split()
    for count in range(min(6, len(before)), 0, -1):
        run = " ".join(before[-count:]).lstrip(_OPENING)
        if known(run):
            begin = text.rfind(before[-count].lstrip(_OPENING), 0, end)
            return count > 1 or not _has_name_before(text, begin, known, grammar, law=False)
    return False


def _has_name_after(text: str, end: int, known: Test, shape: Shape) -> bool:
    """Return whether a capitalised word that is not a term comes right after, or the year or number of a law."""
    found = AFTER_NAME.match(text, end)
    if not found:
        return _LAW_OF_YEAR.match(text, end) is not None
    if _PROVISO.match(text, end):
        return False
    word = found[1]
    if not word[0].isupper() or word == "No.":
        return shape.law
    if not shape.single or word.isupper() or word.lower() in _NOT_NAMES:
        return False
    return not begins_with_term(text, found.start(1), known)


def begins_with_term(text: str, start: int, known: Test) -> bool:
    """Return whether the words from `start` are a term that is not itself part of a longer name."""
    while words := _window(text, start):
        count = next((count for count in range(min(6, len(words)), 0, -1) if known(" ".join(words[:count]))), 0)
        following = words[count : count + 1]
        if count != 1 or not following or not following[0][0].isupper():
            return count > 0
        if following[0].isupper() or following[0].lower() in _NOT_NAMES:
            return True
        start = text.index(following[0], start + len(words[0]))
    return False


def _window(text: str, start: int) -> list[str]:
    """Return the words from `start`, as many as a name may have; a mark within or after a word is a word."""
    stop = start + _WINDOW
    words = _WORD_BREAK.sub(" ,", text[start:stop]).split()
    if not text[stop - 1 : stop].isspace() and not text[stop : stop + 1].isspace() and stop < len(text):
        words.pop()  # The last word is cut.
    return words


def _is_month(text: str, start: int, end: int) -> bool:
    """Return whether a word is the month of a date: "12 May 2026", "in March 2026"."""
    if text[start:end] not in _MONTHS:
        return False
    return _DAY_BEFORE.search(text, max(0, start - 6), start) is not None or _YEAR_AFTER.match(text, end) is not None


def _commands(text: str, start: int, end: int) -> bool:
    """Return whether a noun that begins a sentence is the verb there: "Order goods online.", "Contact us at once."."""
    if text[start:end].lower() not in english.COMMANDS or not _WORD_AFTER.match(text, end):
        return False
    # In "… shall (i) Process it", the capital is that of a term.
    within = _WITHIN_SENTENCE.search(text, max(0, start - _WINDOW), start) is not None
    return not within and english.AFTER_SUBJECT.match(text, end) is None and begins_sentence(text, start)


def is_ordinary(
    text: str, start: int, end: int, shape: Shape, ordinary: Callable[[str], bool], grammar: Grammar
) -> bool:
    """Return whether a single word at the beginning of a sentence is the ordinary word.

    "Control of the account stays with …", "Input from readers is welcome" and "Price lists are …" use the ordinary
    words; "Models are …" uses the term. `ordinary` returns whether a word also occurs in lower case.
    """
    if not shape.single or (shape.capitals and end - start > 1):
        return False
    if english.PLURAL_SUBJECT.match(text, end) and begins_sentence(text, start):
        return ordinary(text[start:end].lower())
    if english.NOUN_LIST.match(text, end) and begins_sentence(text, start):
        return True
    if grammar.is_english and (_is_month(text, start, end) or _commands(text, start, end)):
        return True
    following = _NEXT_WORD.match(text, end)
    if not following or (following[1] != "of" and following[1] not in _PLAIN_FOLLOWERS):
        return False
    if not begins_sentence(text, start):
        return False
    word = text[start:end]
    if following[1] == "of" and english.OF_OTHERS.match(text, end):
        return True
    if following[1] == "of":
        return not word.endswith("s") or ordinary(word.lower())
    return ordinary(word.lower())


def is_act(text: str, start: int, end: int) -> bool:
    """Return whether a past form of a verb has a subject: "We Processed it", "If Customer Submitted a file"."""
    if text[start:end].endswith("ing") or begins_sentence(text, start):
        return False
    before = text[max(0, start - _WINDOW) : start].split()
    if not before or not text[start - 1 : start].isspace():
        return False
    return before[-1].lower() in _SUBJECTS or (before[-1].isalpha() and _OBJECT.match(text, end) is not None)


def is_label(text: str, start: int) -> bool:
    """Return whether a form of a verb is capitalised because of its place: "Using the site, …", "Last Updated: …"."""
    if begins_sentence(text, start):
        return True
    before = text[max(0, start - _WINDOW) : start].split()
    return bool(before) and before[-1][:1].isupper() and begins_sentence(text, text.rindex(before[-1], 0, start))


def is_about_words(text: str, start: int, end: int) -> bool:
    """Return whether a word means words of the document: "Terms not defined here", "Capitalised Terms"."""
    if text[start:end].lower() not in english.WORDS_ABOUT_WORDS:
        return False
    if english.DEFINED_BEFORE.search(text, max(0, start - 14), start):
        return True
    return begins_sentence(text, start) and english.ABOUT_WORDS.match(text, end) is not None


def is_in_capitals(text: str, start: int, end: int) -> bool:
    """Return whether the words around are mostly in capitals."""
    around = f"{text[max(0, start - _WINDOW) : start]} {text[end : end + _WINDOW]}"
    words: list[str] = _LONG_WORD.findall(around)[1 if start > _WINDOW else 0 :]
    in_capitals = sum(word.isupper() for word in words)
    return in_capitals >= 3 and in_capitals * 10 >= len(words) * 6


def is_in_law_of_territory(text: str, start: int, end: int) -> bool:
    """Return whether an abbreviation is part of the name of the law of a territory: UK GDPR."""
    return any(
        found.start() <= start and end <= found.end()
        for found in _OF_TERRITORY.finditer(text, max(0, start - 9), end + 9)
    )


def is_in_outside_name(text: str, start: int, end: int) -> bool:
    """Return whether a match is a part of the name of an authority, a day or a law: "Bank of England", "Labor Day"."""
    if text[start:end] not in english.IN_OUTSIDE_NAMES:
        return False
    names = english.OUTSIDE_NAMES.finditer(text, max(0, start - _WINDOW), end + _WINDOW)
    return any(
        found.start() <= start and end <= found.end() and found.end() - found.start() > end - start for found in names
    )


def is_in_stock_phrase(text: str, start: int, end: int) -> bool:
    """Return whether a word in capitals belongs to a phrase of disclaimers: "FITNESS FOR A PARTICULAR PURPOSE"."""
    phrases = english.STOCK_PHRASES.finditer(text, max(0, start - _WINDOW), end + _WINDOW)
    return any(found.start() <= start and end <= found.end() for found in phrases)


def is_in_address(text: str, start: int, end: int) -> bool:
    """Return whether the match is part of an address such as GitHub.com or help@Crusoe."""
    if text[start - 1 : start].isspace() and text[end : end + 1] not in _ADDRESS_MARKS:
        return False
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    if before[-1:] in ("@", "_", "\\") or (before[-1:] == "." and before[:1].isalnum()):
        return True
    return after[:1] in (".", "@") and after[1:].isalpha() and (after[0] == "@" or after[1].islower())
