"""What can be the name of a term, and which words stand in a definitions section."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from engross.model import Clause, ClauseKind
from engross.terms.options import PRONOUNS
from engross.terms.outline import Passage
from engross.terms.quotes import LONGEST_NAME, Named
from engross.terms.sentences import after_number
from engross.terms.wordlist import wordlist

TITLE_WORDS: Final = (
    r"[A-Z0-9][\w’'&./+-]*(?:[ \t\n\u00a0]+(?:[A-Z0-9(][\w’'&./+)-]*|of|and|or|the|for|to|in|on|with|by|as|a|an)){0,9}?"
)
"""A run of words set as a name is set, as short as what follows allows."""

_DEFINITIONS = re.compile(
    r"\b(?:definitions?|defined\s+terms|definitional|glossary|interpretation|meanings?|terms\s+used|dictionary)\b",
    re.IGNORECASE,
)
_INTRODUCES = re.compile(
    r"\b(?:following\b.{0,60}?\b(?:terms?|words?|definitions?|expressions?|meanings?)|definitions?|defined\s+terms"
    r"|meanings?)\b[^.]{0,160}:\s*\Z|\b(?:following|defined)\b[^.]{0,120}\b(?:mean|meanings?|definitions)\b",
    re.IGNORECASE | re.DOTALL,
)
# What is put in quotation marks without being defined.
_SAID = frozenset(
    ("as is", "as-is", "as available", "where is", "where-is", "i accept", "i agree", "agree", "accept", "yes", "no")
)
_SENTENCE_INSIDE = re.compile(r"[;?!]|[.:]\s+[A-Z]|\bhttps?:|\bwww\.|\b(?:means|has the meaning)\b")
_MOST_WORDS = 14


@lru_cache(maxsize=16384)
def can_be_name(name: str) -> bool:
    """Whether words set apart can be the name of a term at all."""
    if not name or len(name) > LONGEST_NAME or len(name.split()) > _MOST_WORDS:
        return False
    if not any(character.isalpha() for character in name) or name.lower() in _SAID:
        return False
    return not _SENTENCE_INSIDE.search(name)


def is_proper(name: str) -> bool:
    """Whether a name is written as defined terms mostly are: with a capital or a figure first, or a pronoun."""
    first = name[:1]
    return first.isupper() or first.isdigit() or name[:1].upper() + name[1:] in PRONOUNS or name != name.lower()


def is_title_name(name: str) -> bool:
    """Whether every word but the small ones begins with a capital or a figure."""
    return all(not word[:1].islower() or word in _SMALL for word in name.split()) and name[:1] not in ("(",)


def spoken(words: Iterable[Named]) -> tuple[str, ...]:
    """The names of a definition, each once and without the article that was set apart with it (“the Company”)."""
    return tuple(dict.fromkeys(_ARTICLE.sub("", named.name) or named.name for named in words))


_ARTICLE = re.compile(r"\A(?:the|an?)\s+(?=[A-Z])", re.IGNORECASE)
_SMALL = wordlist("of and or the for to in on with by as a an")


def clause_title(clause: Clause) -> str:
    """The name of a section, or of an item or paragraph that is headed by a few words."""
    if clause.kind is ClauseKind.SECTION:
        return clause.name or clause.inline.text
    if clause.kind is ClauseKind.ITEM:
        text = clause.inline.text
        return text[after_number(text) :] if len(text) <= LONGEST_NAME else ""
    return ""


def in_definitions(passage: Passage) -> bool:
    """Whether a passage stands in a definitions section, or in a list that is introduced as one of definitions."""
    if any(_is_of_definitions(clause_title(clause)) for clause in passage.around):
        return True
    before = introduction(passage)
    return bool(before and (_INTRODUCES.search(before) or (_DEFINITIONS.search(before[:60]) and before.endswith(":"))))


@lru_cache(maxsize=4096)
def _is_of_definitions(title: str) -> bool:
    return bool(title) and _DEFINITIONS.search(title) is not None


def introduction(passage: Passage) -> str:
    """The text that introduces the list a passage stands in: that of the item around it, or of the paragraph before.

    An empty string where it stands in no list that is introduced so.
    """
    for at in range(len(passage.around) - 1, 0, -1):
        clause, parent = passage.around[at], passage.around[at - 1]
        if clause.kind is ClauseKind.ITEM and clause.inline.text:
            return clause.inline.text
        if clause.kind in (ClauseKind.LIST, ClauseKind.TABLE):
            before = _sibling_before(parent, clause)
            if before is not None and before.kind is ClauseKind.PARAGRAPH:
                return before.inline.text
    return ""


def _sibling_before(parent: Clause, clause: Clause) -> Clause | None:
    previous = None
    for child in parent.children:
        if child is clause:
            return previous
        previous = child
    return None


def continuation(passage: Passage) -> Clause | None:
    """The list that goes on with a paragraph ending in a colon or dash; None where there is none."""
    if not passage.around or passage.clause.kind is not ClauseKind.PARAGRAPH:
        return None
    if not passage.text.rstrip().endswith((":", "–", "—", ",")):
        return None
    following = iter(passage.around[-1].children)
    for child in following:
        if child is passage.clause:
            after = next(following, None)
            return after if after is not None and after.kind is ClauseKind.LIST else None
    return None
