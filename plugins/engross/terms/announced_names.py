"""Finds names without marks that a sentence announces: "hereinafter called the Buyer", nachstehend Kunde genannt,
"the term Key Person means", "Working Days are defined as".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Final

import engross.common.lazy_re as re
from engross.language import Grammar, after_number, sentence_end, sentence_start
from engross.model import Given
from engross.terms.candidates import LONGEST_NAME, Named, can_be_name, distinct_names
from engross.terms.passages import Found, Outline, Passage

_WORD: Final = re.compile(r"\w+")
_IN_BRACKET: Final = re.compile(r"\([^()]{0,60}\Z")
# What follows a name that no verb calls so: the end of a line, of a bracket or of the part between commas or dashes.
_SET_OFF: Final = re.compile(r"[ \t\u00a0]*(?:[)\],;.:–—\n]|--?(?:\s|\Z)|\Z)")
# What precedes and what follows a name in the middle of a sentence: the end of a name, and a word in small letters.
_APART: Final = re.compile(r"(?:[,–—]|[)”“»]|[A-ZÀ-Þ][\w.&’'-]*)\s*\Z")
_FIRST_WORDS: Final = re.compile(r"[A-ZÀ-Þ][\w’'&-]*(?:\s+[A-ZÀ-Þ][\w’'&-]*){0,2}")
_SMALL_TAIL: Final = re.compile(r"(?: [a-z][a-z-]+){1,3}(?=\))")
_NEXT_SMALL: Final = re.compile(r"\s+[a-zß-ÿ]")
_NUMBERED: Final = re.compile(
    r"(?:\b(?:sections?|articles?|art\.|clauses?|paragraph\w*|points?|ziff\w*\.?|abschnitte?n?|anlagen?|annexes?|cláusulas?|apartados?"
    r"|anexos?)|§+)\s*[\w.()-]{1,10}\s*\Z",
    re.IGNORECASE,
)
_OPENS_QUOTE: Final = re.compile(r"\s*[*_]*[“\"„«‘]")
_NEXT_CAPITAL: Final = re.compile(r"(?:\s+|-)[A-ZÀ-Þ]")
_SENTENCE_BEGINS: Final = re.compile(r"[\s*_(]*(?P<name>[^\W\d_][^.;:,()“”\"„«»\n]{1,60})")
# "… on Garden Leave, which is a period of notice"
_EXPLAINED: Final = re.compile(
    r"(?<=[a-z] )(?P<name>[A-Z][\w’'-]+(?:\s+[A-Z][\w’'-]+){0,3}),\s+which\s+(?:(?P<means>means?)|is|are)\s+"
    r"(?:an?|any)\s"
)
_FEWEST_SMALL: Final = 5
"""How often a text has a noun in small letters with an article that it announces as a name."""
_FEWEST: Final = 3
"""How often every word of a name occurs that neither a bracket nor a verb distinguishes."""
_MOST_WORDS: Final = 5


def may_announce(text: str, grammar: Grammar) -> bool:
    """Return whether a text has a word that announces a name."""
    found = grammar.defining.announces.triggers.search(text.lower()) is not None
    return found or (grammar.is_english and ", which " in text and _EXPLAINED.search(text) is not None)


def announced_names(passage: Passage, words: list[Named], outline: Outline) -> Iterator[Found]:
    """Yield the definitions of the names without marks that a passage announces; `words` are its marked words."""
    grammar = passage.grammar
    marked = [named for named in words if named.quoted or can_be_name(named.name)]
    ways = (_called, _called_small, _after_lead, _framed, _begins_sentence, _explained)
    for name, own in (one for way in ways for one in way(passage, outline)):
        if not can_be_name(name.name) or any(_is_part_of(name, one, passage.text) for one in marked):
            continue
        body = " ".join(passage.text[own[0] : own[1]].split())
        names = distinct_names(_alternatives(name, passage, outline), grammar)
        # "The Customer is the entity that …" may only describe what another clause defines.
        weak = grammar.defining.includes.match(passage.text, name.end) is not None
        weak = weak or passage.text.startswith(", which", name.end)
        yield Found(names, passage, (name.start, name.end), own, Given.RUNNING, body, weak=weak)


def _is_part_of(name: Named, marked: Named, text: str) -> bool:
    """Return whether marked words contain a name, other than bold words with the bracket that announces it."""
    overlaps = marked.start < name.end and name.start < marked.end
    return overlaps and (marked.quoted or "(" not in text[marked.start : name.start])


def _alternatives(name: Named, passage: Passage, outline: Outline) -> list[Named]:
    """Return the two names of "las Condiciones o Condiciones de Uso", if the text uses both; else the one name."""
    joins = passage.grammar.referring.joins
    parts = re.split(rf"\s+(?:{joins})\s+", name.name) if not passage.grammar.is_english else [name.name]
    parts = [passage.grammar.defining.article.sub("", part) for part in parts]  # Lumo ou l’Application
    if len(parts) != 2 or not all(part[:1].isupper() and outline.uses(part) > _FEWEST for part in parts):
        return [name]
    return [replace(name, name=part) for part in parts]


def _called(passage: Passage, outline: Outline) -> Iterator[tuple[Named, tuple[int, int]]]:
    """Yield the names after "hereinafter called", each with the span in which it is defined."""
    text, grammar = passage.text, passage.grammar
    unmarked = grammar.defining.announces.unmarked
    found = unmarked.search(text)
    while found:
        start, end = found.start("name"), found.end()
        if grammar.may_be_name(found["name"]) and _is_announced(found, passage, outline):
            stop = found.end("short" if found["short"] else "name")
        elif tail := _small_tail(found, passage, outline):
            stop = end = tail
        elif first := _first_words(found, passage, outline):
            stop = end = start + first
        else:
            stop, end = start, start + 1
        if stop > start:
            yield Named(text[start:stop], start, stop, False, False), (sentence_start(text, found.start()), end)
        found = unmarked.search(text, end)


def _is_announced(found: re.Match[str], passage: Passage, outline: Outline) -> bool:
    """Return whether the words around a name without marks, and its use elsewhere, make it a term."""
    text, announces = passage.text, passage.grammar.defining.announces
    before = _before(found, passage)
    if before is None or _joins_only(found, passage):
        return False
    set_off = _SET_OFF.match(text, found.end()) is not None
    if set_off and _IN_BRACKET.search(before):
        return True
    used = _count(found["name"], passage.grammar, outline)
    if found["close"] or announces.naming.search(text, found.start(), found.start("name")):
        return (set_off or not _NEXT_CAPITAL.match(text, found.end())) and used > 1
    begins = found.start() > 0 and sentence_start(text, found.start() + 1) == found.start()
    return set_off and used >= _FEWEST and not begins


def _called_small(passage: Passage, outline: Outline) -> Iterator[tuple[Named, tuple[int, int]]]:
    """Yield the nouns in small letters that a text announces with an article, and often has: en adelante el autor."""
    text, grammar = passage.text, passage.grammar
    if grammar.is_english or grammar.capitalises_nouns:
        return
    for found in _small_pattern(grammar).finditer(text):
        name = found["name"]
        used = sum(count for word, count in outline.words_before(name) if word.lower() in grammar.articles)
        if used >= _FEWEST_SMALL and name not in grammar.common and _before(found, passage) is not None:
            own = sentence_start(text, found.start()), found.end()
            yield Named(name, *found.span("name"), False, False), own


@lru_cache(maxsize=16)
def _small_pattern(grammar: Grammar) -> re.Pattern[str]:
    """Return the pattern of a noun in small letters that words and an article announce, up to what sets it off."""
    article = "|".join(sorted(map(re.escape, grammar.articles - grammar.indefinite), key=len, reverse=True))
    announced = rf"(?:{grammar.defining.announces.marked})(?<=\W)(?:{article})(?:[’']|\s+)"
    return re.compile(rf"(?<=[,(–—])\s*(?i:{announced})(?P<name>[a-zß-ÿ]{{4,}})(?=\s*(?:[,;.)]|\Z))")


def _joins_only(found: re.Match[str], passage: Passage) -> bool:
    """Return whether only a conjunction is between the announcing words and a name: "présenté ci-après et Acme"."""
    between = passage.text[found.start() : found.start("name")].split()
    joins = re.compile(rf"(?:{passage.grammar.referring.joins})\Z", re.IGNORECASE)
    return len(between) > 1 and joins.match(between[-1]) is not None


def _before(found: re.Match[str], passage: Passage) -> str | None:
    """Return the words before those that announce a name, or None if they say that others call a thing so."""
    before = passage.text[max(0, found.start() - LONGEST_NAME) : found.start()]
    defining = passage.grammar.defining
    if defining.introductory.fullmatch(found["name"]) and _OPENS_QUOTE.match(passage.text, found.end()):
        return None  # REFERRED TO AS “SUPPLIERS”
    if _NUMBERED.search(before):
        return None  # "Section (ii) ci-dessous, le Concédant" says where the section is
    return None if defining.announces.usual.search(before) or defining.not_here.search(before[-40:]) else before


def _first_words(found: re.Match[str], passage: Passage, outline: Outline) -> int:
    """Return the length of the first words of a name that are one in the middle of a sentence, 0 if they are none.

    "Alpha GmbH, im Folgenden Kunde und Beta AG": only the words before and the use elsewhere show that Kunde is a name.
    """
    first = _FIRST_WORDS.match(found["name"])
    before = _before(found, passage)
    if (
        first is None
        or before is None
        or _joins_only(found, passage)
        or _APART.search(before) is None
        or passage.grammar.is_english
    ):
        return 0
    following = _NEXT_SMALL.match(passage.text, found.start("name") + first.end())
    often = _count(first[0], passage.grammar, outline) > _FEWEST
    return first.end() if following and often and outline.is_named_with_article(first[0], passage.grammar) else 0


def _small_tail(found: re.Match[str], passage: Passage, outline: Outline) -> int:
    """Return where a name in a bracket ends whose last words are in small letters: (hereinafter: the Acme platform).

    The text must repeat it. 0 if there is no such name.
    """
    tail = _SMALL_TAIL.match(passage.text, found.end("name"))
    before = _before(found, passage)
    if tail is None or before is None or not _IN_BRACKET.search(before) or not passage.grammar.is_english:
        return 0
    return tail.end() if outline.uses(passage.text[found.start("name") : tail.end()]) > _FEWEST else 0


def _count(name: str, grammar: Grammar, outline: Outline) -> int:
    """Return how often a text has the rarest word of a name in any form, for one in capitals also in title case."""
    return min(_count_word(word, grammar, outline) for word in _WORD.findall(name))


def _count_word(word: str, grammar: Grammar, outline: Outline) -> int:
    words = {word} if grammar.is_english else {word, *grammar.forms(word)}
    if word.isupper() and len(word) > 1:
        words.add(word.capitalize())
    return sum(map(outline.count, words))


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
            # Als vertrauliche Angaben gelten alle …: the text also begins sentences with the name.
            words = found["name"][0].upper() + found["name"][1:]
            # Se entiende por usuario la persona …: a text that elsewhere writes it as a name.
            alone = found["name"].islower() and " " not in found["name"]
            often = _count(words if alone else found["name"], passage.grammar, outline) > 1
            if often and passage.grammar.may_be_name(words):
                name = Named(words, *found.span("name"), False, False)
                text = passage.text
                yield name, (sentence_start(text, found.start() + 1), sentence_end(text, found.end()))


def _explained(passage: Passage, outline: Outline) -> Iterator[tuple[Named, tuple[int, int]]]:
    """Yield the names of titles that a sentence explains: "… on Garden Leave, which is a period of notice …"."""
    text = passage.text
    for found in _EXPLAINED.finditer(text) if passage.grammar.is_english else ():
        often = _count(found["name"], passage.grammar, outline) >= _FEWEST
        if often and (found["means"] or found["name"].casefold() in outline.titles):
            name = Named(found["name"], *found.span("name"), False, False)
            yield name, (sentence_start(text, name.start), sentence_end(text, found.end()))


def _begins_sentence(passage: Passage, outline: Outline) -> Iterator[tuple[Named, tuple[int, int]]]:
    """Yield the names that begin a sentence before "is defined as"."""
    text, grammar = passage.text, passage.grammar
    for verb in grammar.defining.announces.defined.finditer(text):
        sentence = sentence_start(text, verb.start())
        start = max(sentence, after_number(text))
        # "A los efectos" begins with no number.
        purposes = next(filter(None, (grammar.defining.for_purposes.match(text, at) for at in (sentence, start))), None)
        start = purposes.end() if purposes else start
        begin = grammar.defining.lead.match(text, start)
        found = _SENTENCE_BEGINS.fullmatch(text, begin.end() if begin else start, verb.start())
        words = found["name"] if found else ""
        if not found or not words[:1].isupper() or len(words.split()) > _MOST_WORDS:
            continue
        if words.lower() in grammar.common:
            continue  # "Que es una persona física que …" in a list of what a party declares
        if (
            outline.repeats(words)
            or outline.repeats(words.lower())
            or ((purposes or not grammar.is_english) and _count(words, grammar, outline) > 1)
        ):
            yield Named(words, *found.span("name"), False, False), (start, sentence_end(text, verb.end()))
