"""The words around a match: whether they show that it is part of another name, or no name at all.

A capital in the middle of a sentence is what tells a term from the ordinary word. At the beginning of a sentence it
tells nothing, and in a paragraph in capitals neither; what follows the word has to tell.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final, NamedTuple

from engross.terms.sentences import begins_sentence
from engross.terms.wordlist import wordlist

_AFTER = re.compile(r"[ \t\n\u00a0]+(No\.|[A-Z][\w’'&/-]*|of\s+(?:19|20)\d\d\b)")
_NEXT_WORD = re.compile(r"[ \t\n\u00a0]+([a-z]+)")
_LOUD_WORD = re.compile(r"\b[^\W\d_]{2,}\b")
_WINDOW: Final = 60
_ADDRESS_MARKS: Final = (".", "@")
_OPENING: Final = "“\"‘'«„(["

# Heads of the names of laws and instruments: "National Road Traffic Act" is no Act of the agreement.
_INSTRUMENTS = wordlist(
    "act acts code codes regulation regulations directive directives statute statutes ordinance ordinances treaty "
    "convention conventions constitution rule rules bill decree law laws agreement agreements"
)
# Capitals that belong to no name: they point, count, or open a clause after a colon.
_PLAIN = wordlist(
    "a an the this that these those each every any all both either neither no not such if when where while until "
    "unless upon on in at by for from to with within without under of or and but nor as per via is are was were be "
    "been has have had may shall will must can could would should does do did it its he she they we us our you "
    "your their his her my i section sections article articles clause clauses paragraph paragraphs subsection schedule "
    "exhibit annex appendix subject notwithstanding except during after before other said"
)
_PLAIN_FOLLOWERS = wordlist("from by over about to the a an your its their any all each this that such these those")


class Shape(NamedTuple):
    """What the words of a match show wherever they stand: one word or several, in capitals, named as a law is."""

    single: bool
    law: bool
    capitals: bool

    @property
    def stands_by_itself(self) -> bool:
        """Whether no words around can make it a part of another name, or an ordinary word."""
        return not self.single and not self.law


@lru_cache(maxsize=16384)
def shape(words: str) -> Shape:
    """The shape of a match's words."""
    parts = words.split()
    return Shape(len(parts) == 1, parts[-1].lower() in _INSTRUMENTS, words.isupper())


def is_part_of_name(text: str, start: int, end: int, shape: Shape, known: Callable[[str], bool]) -> bool:
    """Whether capitals on either side make the match a part of a longer name that is not defined.

    `known` tells whether words are a term. A name of several words stands by itself unless it is that of a law.
    """
    if shape.stands_by_itself:
        return False
    return _continues(text, start, known, shape.law) or _is_continued(text, end, known, shape)


def _continues(text: str, start: int, known: Callable[[str], bool], law: bool) -> bool:
    """Whether a capitalised word that is no term stands right before."""
    if not text[start - 1 : start].isspace():
        return False
    words = text[max(0, start - _WINDOW) : start].rsplit(None, 1)
    word = words[-1].lstrip(_OPENING) if words else ""
    if not word[:1].isupper() or _ends_apart(word) or (word.isupper() and not law and len(word) > 1):
        return False
    begin = text.rindex(word, 0, start)
    return not begins_sentence(text, begin) and not _ends_with_term(text, begin + len(word), known)


def _ends_apart(word: str) -> bool:
    """Whether a word is no part of the name after it: it ends in a mark or ’s, or only points ("Each")."""
    if word[-1] == ".":
        return not re.fullmatch(r"(?:[A-Z]\.)+|No\.", word)
    return not word[-1].isalnum() or word.endswith(("’s", "'s")) or word.lower() in _PLAIN


def _ends_with_term(text: str, end: int, known: Callable[[str], bool]) -> bool:
    """Whether the words right before `end` are a term, however many they are."""
    before = text[max(0, end - _WINDOW) : end].split()
    runs = (" ".join(before[-count:]).lstrip(_OPENING) for count in range(1, min(6, len(before)) + 1))
    return any(map(known, runs))


def _is_continued(text: str, end: int, known: Callable[[str], bool], shape: Shape) -> bool:
    """Whether a capitalised word that is no term stands right after, or the year or number of a law."""
    found = _AFTER.match(text, end)
    if not found:
        return False
    word = found[1]
    if not word[0].isupper() or word == "No.":
        return shape.law
    if not shape.single or word.isupper() or word.lower() in _PLAIN:
        return False
    return not _begins_with_term(text, found.start(1), known)


def _begins_with_term(text: str, start: int, known: Callable[[str], bool]) -> bool:
    words = re.sub(r"[’']s\b|[,.;:)”\"]", " ,", text[start : start + _WINDOW]).split()
    return any(known(" ".join(words[:count])) for count in range(1, min(6, len(words)) + 1))


def is_ordinary(text: str, start: int, end: int, shape: Shape, ordinary: Callable[[str], bool]) -> bool:
    """Whether a single word with which a sentence begins shows itself as the ordinary word.

    "Control of the account stays with …" and "Input from readers is welcome" speak of control and input as such;
    "Models are …" means the term. `ordinary` tells whether a word also occurs in lower case.
    """
    if not shape.single or (shape.capitals and end - start > 1):
        return False
    following = _NEXT_WORD.match(text, end)
    if not following or (following[1] != "of" and following[1] not in _PLAIN_FOLLOWERS):
        return False
    if not begins_sentence(text, start):
        return False
    word = text[start:end]
    if following[1] == "of":
        return not word.endswith("s") or ordinary(word.lower())
    return ordinary(word.lower())


def is_loud(text: str, start: int, end: int) -> bool:
    """Whether the words around are in capitals throughout."""
    around = f"{text[max(0, start - _WINDOW) : start]} {text[end : end + _WINDOW]}"
    words: list[str] = _LOUD_WORD.findall(around)[1 if start > _WINDOW else 0 :]
    loud = sum(word.isupper() for word in words)
    return loud >= 3 and loud * 10 >= len(words) * 6


def is_in_address(text: str, start: int, end: int) -> bool:
    """Whether the match is a piece of an address such as GitHub.com or help@Crusoe."""
    if text[start - 1 : start].isspace() and text[end : end + 1] not in _ADDRESS_MARKS:
        return False
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    if before[-1:] in ("@", "_", "\\") or (before[-1:] == "." and before[:1].isalnum()):
        return True
    return after[:1] in (".", "@") and after[1:].isalpha() and (after[0] == "@" or after[1].islower())
