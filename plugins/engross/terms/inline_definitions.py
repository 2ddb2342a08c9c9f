"""Definitions within sentences and tables: (the “Effective Date”), hereinafter called “X”.

Definitions inside a sentence: (the “Effective Date”), (“Customer,” “You,” “Your”), hereinafter called “X”.

A bracket defines if it holds nothing but names and the words that introduce them. One that points elsewhere ("as
defined in the “Master Agreement”"), gives an example or says how something is marked does not.

Definitions in tables: one row a term, its first cell the term, the next one what it means.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from engross.language import begins_sentence, english, forms, sentence_end, sentence_start
from engross.model import Clause, ClauseKind, Given
from engross.terms.candidates import (
    TITLE_WORDS,
    Named,
    can_be_name,
    clean,
    in_definitions,
    is_proper,
    is_title_name,
    named,
    spoken,
)
from engross.terms.passages import Found, Outline, Passage

_BRACKET = re.compile(r"\(([^()]{2,400})\)|\[([^\[\]()]{2,400})\]")
_NOT_HERE = re.compile(
    r"\b(?:as\s+(?:\w+\s+){0,3}defined|defined\s+(?:in|at|under|by|below|above)|see|such\s+as|e\.g|i\.e|including|includes?"
    r"|for\s+example|examples?|within\s+the\s+meaning|marked|labell?ed|entitled|titled|headed|under\s+(?:section|the"
    r"\s+heading)|clicking|click|not|without|other\s+than|formerly|known\s+by"
    r"|described\s+as|identified\s+as|designated\s+as|so-called|regardless)\b",
    re.IGNORECASE,
)
_INTRODUCES = re.compile(
    r"(?:\A|.*[,:;—–]\s*|.*\b(?:the|a|an|each|either|any|all|our|its|their|his|her|your|these|this|such|that|as|or|and"
    r"|also|called|to|collectively|together|individually|jointly|severally|hereinafter|hereafter|herein|respectively"
    r"|abbreviated|being)[\s,]*)\Z",
    re.IGNORECASE | re.DOTALL,
)
_INTRODUCTORY = re.compile(
    r"(?:\b(?:the|an?|each|either|both|any|all|our|its|their|these|this|such|as|or|and|and/or|also|called|referred|to|with"
    r"|collectively|together|individually|jointly|hereinafter|hereafter|herein|respectively|in|plural|singular|being)\b"
    r"|[\s,;:/&])*",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"[\s.,;:]*(?:(?:as|if|for|which|whether|respectively|hereinafter|hereafter|herein|in\s+each\s+case|in\s+this|and\s+"
    r"(?:their|its|such|any)|or\s+(?:similar|any|such)|where|when|with|effective|being)\b.{0,120})?",
    re.IGNORECASE | re.DOTALL,
)
_CALLED = re.compile(
    r"(?:\b(?:(?:referred\s+to|defined|denominated)\s+(?:\w+,?\s+){0,4}?as"
    r"|(?:hereinafter|hereafter),?(?:\s+(?:called|referred\s+to\s+as|the))?|(?:hereinafter|collectively|jointly|herein)\s+"
    r"(?:called|named|styled)|call(?:ed)?(?:\s+(?:this|these|it|them))?)\s*[,:]?\s*(?:(?:the|a|an|our|each)\s+)?)\Z",
    re.IGNORECASE,
)
_EACH = re.compile(r"\b(?:each|either|both|together|collectively|individually|jointly)\b", re.IGNORECASE)
_KNOWN_AS = re.compile(r"\b(?:called|known\s+as)\s*\Z", re.IGNORECASE)
_ARTICLE = re.compile(r"(?:\A|\s)(?:the|an?|each)\s+\Z", re.IGNORECASE)
_COMMONLY = re.compile(r"\b(?:commonly|generally|sometimes|often|usually|not|previously|formerly)\b", re.IGNORECASE)
_HALF_BRACKET = re.compile(
    rf"\((?:(?:the|a|an|each|our|its|this|these|such|together|collectively|hereinafter|hereafter|individually),?\s+)*"
    rf"(?:[“\"„«‟](?P<opened>{TITLE_WORDS})|(?P<closed>{TITLE_WORDS})[”\"»])[.,]?\)"
)
_HALF_SENTENCE = re.compile(
    rf"(?:(?<=\s)[“„«](?P<opened>{TITLE_WORDS})|(?<=\s)(?P<closed>{TITLE_WORDS})[”»])"
    r"(?=\s+(?:shall\s+mean|means?|has\s+the\s+meaning|shall\s+have\s+the\s+meaning)\b)"
)


def find(passage: Passage, words: list[Named]) -> Iterator[Found]:
    """The definitions inside the sentences of a passage; `words` are those set apart in it."""
    text = passage.text
    if words:
        yield from _called(passage, words)
    if "(" in text or "[" in text:
        for bracket in _BRACKET.finditer(text):
            inside = [named for named in words if bracket.start() < named.start and named.end < bracket.end()]
            yield from _in_bracket(passage, bracket, inside) if inside else _half_bracket(passage, bracket)
    yield from _half_in_sentence(passage, words)


def _in_bracket(passage: Passage, bracket: re.Match[str], words: list[Named]) -> Iterator[Found]:
    text = passage.text
    before = text[bracket.start() + 1 : words[0].start]
    if _NOT_HERE.search(before) or not _INTRODUCES.match(before) or len(before) > 160:
        return
    if text[bracket.start()] == "[" and not words[0].quoted:
        return
    if _verb_inside(text, words, bracket.end()):
        return
    families = _families(text, words, bool(before.strip()))
    last = families[-1][-1] if families else None
    if last is None or not _TAIL.fullmatch(text, last.end, bracket.end() - 1):
        return
    begin = sentence_start(text, bracket.start())
    for family in families:
        yield _found(passage, family, (begin, bracket.end()))


def _verb_inside(text: str, words: list[Named], end: int) -> bool:
    """Whether a verb in the bracket defines its term; such a one is found as any other is."""
    return any((found := english.MEANS.match(text, named.end)) and found.end() < end for named in words)


def _families(text: str, words: list[Named], introduced: bool) -> list[list[Named]]:
    """Names that one bracket gives, those of one thing together; none where one of them cannot be defined so."""
    families: list[list[Named]] = []
    for at, name in enumerate(words):
        alone = not name.quoted
        if not can_be_name(name.name) or (alone and not is_title_name(name.name)):
            return []
        if not is_proper(name.name) and (not introduced or _KNOWN_AS.search(text, 0, words[0].start)):
            return []
        if not families:
            families.append([name])
            continue
        between = text[words[at - 1].end : name.start]
        if _INTRODUCTORY.fullmatch(between) and not _is_another(families[-1], name, between):
            families[-1].append(name)
        elif _INTRODUCES.match(between) and not _NOT_HERE.search(between) and len(between) <= 120:
            families.append([name])
        else:
            return []
    return families


def _is_another(family: list[Named], name: Named, between: str) -> bool:
    """Whether "each a “Party”" after “Crusoe” begins a family of its own; “Parties” after “Party” does not."""
    if not _EACH.search(between) or len(between) < 6:
        return False
    return not any(name.name in forms(one.name) for one in family)


def _called(passage: Passage, words: list[Named]) -> Iterator[Found]:
    """Names given by "referred to as the “X”", "hereinafter called “X” or “Y”"."""
    text = passage.text
    taken = -1
    for at, name in enumerate(words):
        if at <= taken or not name.quoted or not can_be_name(name.name) or not is_title_name(name.name):
            continue
        before = text[max(0, name.start - 100) : name.start]
        cue = _CALLED.search(before)
        if not cue or _COMMONLY.search(before[max(0, cue.start() - 20) :]) or re.search(r"\bas\s+defined\b", before):
            continue
        family = [name]
        taken = at
        while taken + 1 < len(words) and _INTRODUCTORY.fullmatch(text, words[taken].end, words[taken + 1].start):
            taken += 1
            family.append(words[taken])
        yield _found(passage, family, (sentence_start(text, name.start), family[-1].end))


def inside_definition(passage: Passage, words: list[Named], leading: int) -> Iterator[Found]:
    """Names that a listed definition gives on the way: "capital stock, including the **“Common Stock”**".

    They are set apart just as the term that the definition begins with is, `words[leading]`: quoted and bold.
    """
    text = passage.text
    for name in words[leading + 1 :]:
        article = _ARTICLE.search(text, max(0, name.start - 8), name.start)
        if name.quoted and name.bold and article and is_title_name(name.name) and can_be_name(name.name):
            yield _found(passage, [name], (name.start, name.end))


def _half_bracket(passage: Passage, bracket: re.Match[str]) -> Iterator[Found]:
    found = _HALF_BRACKET.fullmatch(passage.text, bracket.start(), bracket.end())
    if found:
        yield from _half(passage, found, sentence_start(passage.text, bracket.start()), bracket.end())


def _half_in_sentence(passage: Passage, words: list[Named]) -> Iterator[Found]:
    text = passage.text
    if not re.search("[“„«”»]", text):
        return
    for found in _HALF_SENTENCE.finditer(text):
        if any(named.start <= found.start() < named.end for named in words) or (
            begins_sentence(text, found.start()) and (not text[: found.start()].strip())
        ):
            continue
        yield from _half(passage, found, found.start(), sentence_end(text, found.end()))


def _half(passage: Passage, found: re.Match[str], start: int, end: int) -> Iterator[Found]:
    which = "opened" if found["opened"] else "closed"
    name = clean(found[which])
    if can_be_name(name) and is_title_name(name):
        words = Named(name, found.start(which), found.end(which), True, False)
        yield _found(passage, [words], (start, end))


def _found(passage: Passage, words: list[Named], own: tuple[int, int]) -> Found:
    """A definition in running text; what explains it is its sentence."""
    text = passage.text
    names = spoken(words)
    body = " ".join(text[sentence_start(text, words[0].start) : sentence_end(text, own[1])].split())
    return Found(names, passage, (words[0].start, words[0].end), own, Given.RUNNING, body)


_TERM = re.compile(
    r"(?:defined\s+|key\s+|capitali[sz]ed\s+)?(?:terms?|expressions?|words?(?:\s+or\s+phrases?)?|phrases?|names?|acronyms?"
    r"|abbreviations?)(?:\s+used)?",
    re.IGNORECASE,
)
_MEANING = re.compile(
    r"(?:\w+\s+)?(?:definitions?|meanings?|means|what\s+(?:it|this)\s+means|explanation)", re.IGNORECASE
)
_OR = re.compile(r"\s*(?:,|/|;|\bor\b)\s*")


def rows(outline: Outline) -> Iterator[list[Found]]:
    """The definitions of each table row that holds any."""
    for index, clause, _ in outline.nodes:
        if clause.kind is ClauseKind.TABLE and clause.children:
            yield from _table(outline, index, clause)


def _table(outline: Outline, index: int, table: Clause) -> Iterator[list[Found]]:
    titled = _is_titled(table.children[0])
    at = index + 1
    for ordinal, row in enumerate(table.children):
        if len(row.children) >= 2:
            first = outline.passage_of.get(at + 1)
            second = outline.passage_of.get(at + 1 + sum(1 for _ in row.children[0].walk()))
            if first is not None and second is not None and (ordinal or not titled):
                yield _row(first, second, titled)
        at += sum(1 for _ in row.walk())


def _is_titled(head: Clause) -> bool:
    cells = [clean(cell.inline.text) for cell in head.children]
    return len(cells) >= 2 and bool(_TERM.fullmatch(cells[0]) and _MEANING.fullmatch(cells[1]))


def _row(first: Passage, second: Passage, titled: bool) -> list[Found]:
    words = named(first.clause.inline)
    verb = bool(english.MEANS.match(second.text)) and not second.text.lower().startswith(("is ", "are "))
    if not (titled or verb or (words and in_definitions(first))):
        return []
    names = _names(first, words)
    if not names:
        return []
    body = " ".join(f"{names[0]} {second.text}".split()) if verb else " ".join(second.text.split())
    return [Found(names, first, (0, len(first.text)), (0, len(first.text)), Given.LISTED, body, below=(second.clause,))]


def _names(cell: Passage, words: list[Named]) -> tuple[str, ...]:
    """The names in a term's cell: those set apart, else all its words."""
    found = [name.name for name in words] if words and words[0].start == 0 else _OR.split(clean(cell.text))
    whole = clean(cell.text)
    if not words and not all(is_title_name(name) for name in found):
        found = [whole]
    names = [name for name in dict.fromkeys(found) if can_be_name(name)]
    return tuple(names) if names and (words or is_proper(names[0])) else ()
