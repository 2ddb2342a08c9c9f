"""Finds names without marks that a sentence announces: "hereinafter called the Buyer", nachstehend Kunde genannt,
"the term Key Person means", "Working Days are defined as".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from engross.language import Grammar, after_number, sentence_end, sentence_start
from engross.model import Given
from engross.terms.candidates import LONGEST_NAME, Named, can_be_name, distinct_names
from engross.terms.passages import Found, Outline, Passage

_WORD: Final = re.compile(r"\w+")
_IN_BRACKET: Final = re.compile(r"\([^()]{0,60}\Z")
# What follows a name that no verb calls so: the end of a line, of a bracket or of the part between commas or dashes.
_SET_OFF: Final = re.compile(r"[ \t\u00a0]*(?:[)\],;.:–—\n]|--?(?:\s|\Z)|\Z)")
_NEXT_CAPITAL: Final = re.compile(r"(?:\s+|-)[A-ZÀ-Þ]")
_SENTENCE_BEGINS: Final = re.compile(r"[\s*_(]*(?P<name>[^\W\d_][^.;:,()“”\"„«»\n]{1,60})")
_FEWEST: Final = 3
"""How often every word of a name occurs that neither a bracket nor a verb distinguishes."""
_MOST_WORDS: Final = 5


def may_announce(text: str, grammar: Grammar) -> bool:
    """Return whether a text has a word that announces a name."""
    return grammar.defining.announces.triggers.search(text.lower()) is not None


def announced_names(passage: Passage, words: list[Named], outline: Outline) -> Iterator[Found]:
    """Yield the definitions of the names without marks that a passage announces; `words` are its marked words."""
    grammar = passage.grammar
    marked = [named for named in words if named.quoted or can_be_name(named.name)]
    ways = (_called, _after_lead, _framed, _begins_sentence)
    for name, own in (one for way in ways for one in way(passage, outline)):
        if any(one.start < name.end and name.start < one.end for one in marked) or not can_be_name(name.name):
            continue
        body = " ".join(passage.text[own[0] : own[1]].split())
        yield Found(distinct_names([name], grammar), passage, (name.start, name.end), own, Given.RUNNING, body)


def _called(passage: Passage, outline: Outline) -> Iterator[tuple[Named, tuple[int, int]]]:
    """Yield the names after "hereinafter called", each with the span in which it is defined."""
    text, grammar = passage.text, passage.grammar
    for found in grammar.defining.announces.unmarked.finditer(text):
        if grammar.may_be_name(found["name"]) and _is_announced(found, passage, outline):
            span = found.start("name"), found.end("short" if found["short"] else "name")
            yield Named(text[slice(*span)], *span, False, False), (sentence_start(text, found.start()), found.end())


def _is_announced(found: re.Match[str], passage: Passage, outline: Outline) -> bool:
    """Return whether the words around a name without marks, and its use elsewhere, make it a term."""
    text, announces = passage.text, passage.grammar.defining.announces
    before = text[max(0, found.start() - LONGEST_NAME) : found.start()]
    if announces.usual.search(before) or passage.grammar.defining.not_here.search(before[-40:]):
        return False
    set_off = _SET_OFF.match(text, found.end()) is not None
    if set_off and _IN_BRACKET.search(before):
        return True
    used = [_count(word, outline) for word in _WORD.findall(found["name"])]
    if found["close"] or announces.naming.search(text, found.start(), found.start("name")):
        return (set_off or not _NEXT_CAPITAL.match(text, found.end())) and min(used) > 1
    return set_off and min(used) >= _FEWEST


def _count(word: str, outline: Outline) -> int:
    """Return how often a text has a word, for one in capitals also in title case."""
    return outline.count(word) + (outline.count(word.capitalize()) if word.isupper() and len(word) > 1 else 0)


def _after_lead(passage: Passage, outline: Outline) -> Iterator[tuple[Named, tuple[int, int]]]:
    """Yield the names between "the term" and a verb that defines."""
    text, grammar = passage.text, passage.grammar
    for found in grammar.defining.announces.after_lead.finditer(text):
        if grammar.defining.means.match(text, found.end()) and outline.repeats(found["name"]):
            name = Named(found["name"], *found.span("name"), False, False)
            yield name, (found.start(), sentence_end(text, found.end()))


def _framed(passage: Passage, outline: Outline) -> Iterator[tuple[Named, tuple[int, int]]]:
    """Yield the names between words that define them together: unter Störung versteht man."""
    for frame in passage.grammar.defining.announces.framed:
        for found in frame.finditer(passage.text):
            if outline.repeats(found["name"]) and passage.grammar.may_be_name(found["name"]):
                name = Named(found["name"], *found.span("name"), False, False)
                yield name, (found.start(), sentence_end(passage.text, found.end()))


def _begins_sentence(passage: Passage, outline: Outline) -> Iterator[tuple[Named, tuple[int, int]]]:
    """Yield the names that begin a sentence before "is defined as"."""
    text, grammar = passage.text, passage.grammar
    for verb in grammar.defining.announces.defined.finditer(text):
        start = max(sentence_start(text, verb.start()), after_number(text))
        begin = grammar.defining.lead.match(text, start)
        found = _SENTENCE_BEGINS.fullmatch(text, begin.end() if begin else start, verb.start())
        words = found["name"] if found else ""
        if not found or not words[:1].isupper() or len(words.split()) > _MOST_WORDS:
            continue
        if outline.repeats(words) or outline.repeats(words.lower()):
            yield Named(words, *found.span("name"), False, False), (start, sentence_end(text, verb.end()))
