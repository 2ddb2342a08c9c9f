"""Finds names that lack one quotation mark or both: in brackets (the Carrier), (Supplier), (the “Fee); in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

import engross.common.lazy_re as re
from engross.language import Grammar, begins_sentence, key, sentence_end, sentence_start
from engross.terms.candidates import TITLE_WORDS, Named, can_be_name, clean
from engross.terms.definition_bodies import is_definite_word, running_definition
from engross.terms.passages import Found, Outline, Passage
from engross.terms.vocabulary import PRONOUNS

_MARK = re.compile("[“„«”»]")
_HALF_BRACKET = re.compile(
    rf"\((?:(?:the|a|an|each|our|its|this|these|such|together|collectively|hereinafter|hereafter|individually),?\s+)*"
    rf"(?:[“\"„«‟](?P<opened>{TITLE_WORDS})|(?P<closed>{TITLE_WORDS})[”\"»])[.,]?\)"
)
# "a transporter (the Carrier)": no quotation marks.
_BARE_BRACKET = re.compile(
    r"\((?:(?:collectively|together|hereinafter|hereafter|jointly),?\s+)?(?:the|our|each\s+an?)\s+"
    r"(?P<name>[A-Z][\w’'-]+(?:\s+[A-Z][\w’'-]+){0,3})\)"
)
# "Acme Limited (We, us, ours)", "the person named in the order (you, your)".
_PRONOUNS_BRACKET = re.compile(
    r"\((?:the\s+)?(?P<first>[A-Za-z]{1,5})(?P<others>(?:(?:\s*[,/]\s*|\s+)(?:(?:and|or)\s+)?[A-Za-z]{1,5}){1,4})\)"
)
# A company and its role: "Acme Ltd of 1 High Street (Supplier)".
_ROLE_BRACKET = re.compile(r"\((?P<name>[^\W\d_a-zß-ÿ][\w’'-]+(?:\s+[^\W\d_a-zß-ÿ][\w’'-]+){0,2})\)")
# What a sentence says in small letters, as a name: "you must pay our fees (Fees)".
_ECHO_BRACKET = re.compile(r"\((?P<name>[A-Z][\w’'-]+(?:\s+[A-Z][\w’'-]+){0,4})\)")
# "supply of Services by us to you (Contract)": after a word in small letters, in a text that leaves out all marks.
_PLAIN_BRACKET = re.compile(
    r"(?<=[A-Za-z\])’'][ \n])\((?:(?:the|our|an?|each\s+an?|together,?\s+the)\s+)?"
    r"(?P<name>[A-Z][a-z’'-]+(?:\s+[A-Z][a-z’'-]+){0,4})\)"
)
# A name alone, after a word in small letters.
_NAME_ALONE = re.compile(r"[^\W\d_a-zß-ÿ][\w’'-]+(?:\s+[^\W\d_][\w’'-]+){0,3}|[a-zß-ÿ]+\s+[A-ZÄÖÜ][\w-]+")
_AFTER_SMALL = re.compile(r"(?<!\w)[a-zß-ÿ][\wß-ÿ]+[*_]*[ \n]\Z")
_OF_NUMBER = re.compile(
    r"\b(?:schedule|exhibit|annex|appendix|part|section|clause|article|attachment|module|option)\s+\S+\s+\Z",
    re.IGNORECASE,
)
# "FAR 12.211 (Technical Data)": its title. An amount has two digits after the point: "our fees of 12.50 (Fees)".
_OF_CODE = re.compile(r"\b\d{1,3}\.(?:\d{3,}|\d+-\d+)(?:-\d+)?\s+\Z")
_MARKED_BRACKET = re.compile(r"\([^()“\"]{0,20}[“\"]")
_FEWEST_PLAIN = 3
_FEWEST_USED = 1
_ECHOED = 90
"""How many characters before a bracket may say what it names."""
_SMALL_WORD = re.compile(r"(?<![\w’'-])[a-z]{3,}")
_COMPANY = re.compile(
    r"\b(?:AG|GmbH|UG|KG|OHG|GbR|SE|e\.\s?V\.|Ltd|LTD|L(?:imited|IMITED)|LLC|LLP|Inc|Corp|(?:plc|PLC)|SAS|SARL|SASU|EURL|SA|S\.\s?A\.|S\.\s?L\.|SL|B\.V\.|NV|Pty)(?!\w)"
)
_OFTEN = 4
_SHORT = 3
_USED_ONCE, _USED_TWICE = 2, 3
"""How often a name with several words, and one of one word, is in the text, the bracket included."""
_OPENING = 12
"""The number of passages at the beginning of a document that may name its parties."""
_HALF_SENTENCE = re.compile(
    rf"(?:(?<=\s)[“„«](?P<opened>{TITLE_WORDS})|(?<=\s)(?P<closed>{TITLE_WORDS})[”»])"
    r"(?=\s+(?:shall\s+mean|means?|has\s+the\s+meaning|shall\s+have\s+the\s+meaning)\b)"
)


def may_name_in_bracket(text: str) -> bool:
    """Return whether a text without marked words may have a name in brackets: "a carpenter (the Maker)"."""
    brackets = (_BARE_BRACKET, _ROLE_BRACKET, _ECHO_BRACKET, _PRONOUNS_BRACKET)
    return "(" in text and any(bracket.search(text) is not None for bracket in brackets)


@lru_cache(maxsize=32)
def part_of_text(grammar: Grammar) -> re.Pattern[str]:
    """Return the pattern of a part that another language cites: (**Anexo III**)."""
    words = grammar.referring.words_of("section", "subsection", "clause", "article", "annex", "paragraph", "item")
    number = r"\s*(?:\d[\d.]*|[IVXLC]+|[A-Z])"
    return re.compile("(?!)" if grammar.is_english else rf"(?:{words}|§){number}", re.IGNORECASE)


@lru_cache(maxsize=32)
def counted_thing(grammar: Grammar) -> re.Pattern[str]:
    """Return the pattern of a number word and a noun at the end of a text: "the Second Template"."""
    return re.compile(rf"\b(?i:{grammar.number_word})\s+[A-Z][a-z]+\s*\Z")


def unmarked_bracket(passage: Passage, bracket: re.Match[str], outline: Outline) -> Iterator[Found]:
    """Yield the name in a bracket that lacks one quotation mark, or both where the text uses the name often."""
    text = passage.text
    own = sentence_start(text, bracket.start()), bracket.end()
    defining = passage.grammar.defining
    found = _HALF_BRACKET.fullmatch(text, *bracket.span()) or defining.half_bracket.fullmatch(text, *bracket.span())
    if found:
        yield from _half(passage, found, *own)
        return
    if pronouns := _pronouns(bracket[0]):
        names = [
            Named(name, bracket.start() + at, bracket.start() + at + len(name), False, False) for at, name in pronouns
        ]
        yield replace(running_definition(passage, names, own), weak=True)
        return
    bare = _BARE_BRACKET.fullmatch(text, *bracket.span())
    if bare and can_be_name(bare["name"]) and outline.is_used_as_term(bare["name"]):
        yield running_definition(passage, [Named(bare["name"], *bare.span("name"), False, False)], own)
        return
    echoes = passage.grammar.is_english and not _OF_CODE.search(text, max(0, bracket.start() - 20), bracket.start())
    echo = _ECHO_BRACKET.fullmatch(text, *bracket.span()) if echoes else None
    if echo and can_be_name(echo["name"]) and _is_echo(echo["name"], text[own[0] : bracket.start()], outline):
        yield running_definition(passage, [Named(echo["name"], *echo.span("name"), False, False)], own)
        return
    if bracket.start() in _plain_starts(passage, outline):
        plain = _PLAIN_BRACKET.search(text, max(0, bracket.start() - 2), bracket.end())
        if plain:
            name = Named(clean(plain["name"]), *plain.span("name"), False, False)
            yield replace(running_definition(passage, [name], own), weak=True)
        return
    if _is_first_named(passage, bracket, outline):
        name = Named(clean(bracket[1]), *bracket.span(1), False, False)
        yield replace(running_definition(passage, [name], own), weak=True)
        return
    yield from _role(passage, bracket, own, outline)


def _role(passage: Passage, bracket: re.Match[str], own: tuple[int, int], outline: Outline) -> Iterator[Found]:
    """Yield the role of a party in a bracket after its name: "Acme Ltd of 1 High Street (Supplier)"."""
    text = passage.text
    role = _ROLE_BRACKET.fullmatch(text, *bracket.span())
    article = None if passage.grammar.is_english else passage.grammar.defining.article.match(bracket[0][1:-1])
    if article:
        # (der Auftraggeber), (le Prestataire): after any words, as an article shows that it is a role.
        role = _ROLE_BRACKET.fullmatch(f"({bracket[0][1 + article.end() :]}")
    if (
        role
        and (article or _COMPANY.search(text, own[0], bracket.start()))
        and _is_role(role["name"], passage, outline)
    ):
        start = bracket.end() - 1 - len(role["name"])
        yield running_definition(passage, [Named(role["name"], start, bracket.end() - 1, False, False)], own)


def _pronouns(bracket: str) -> list[tuple[int, str]]:
    """Return the words of a bracket that consists of pronouns, with their offsets: (We, us, ours)."""
    if not _PRONOUNS_BRACKET.fullmatch(bracket):
        return []
    words = [(found.start(), found[0]) for found in re.finditer(r"[A-Za-z]+", bracket)]
    names = [(at, word) for at, word in words if word not in ("the", "and", "or")]
    return names if all(name.capitalize() in PRONOUNS for _, name in names) else []


def _is_first_named(passage: Passage, bracket: re.Match[str], outline: Outline) -> bool:
    """Return whether a bracket of another language names a thing that the sentence describes.

    The name is one that only such brackets have (Kardinalpflicht), or the text has it first there and later with the
    article of one thing: … kündigen (Sonderkündigung). Die Sonderkündigung …
    """
    text, grammar, name = passage.text, passage.grammar, bracket[1] or ""
    if grammar.is_english or not _NAME_ALONE.fullmatch(name):
        return False
    if grammar.defining.in_brackets.fullmatch(name):
        return True
    if not _AFTER_SMALL.search(text, 0, bracket.start()):
        return False
    if name.isupper() or not grammar.may_be_name(name) or name.casefold() in outline.titles:
        return False
    number = grammar.defining.number_before.search(text, max(0, bracket.start() - 60), bracket.start())
    if number:
        return False
    forms = {name, *grammar.forms(name)}
    before = [pair for first in {form.split()[0] for form in forms} for pair in outline.words_before(first)]
    again = sum(count for word, count in before if is_definite_word(word.lower(), grammar))
    if " " in name and max(map(outline.uses, forms)) < _FEWEST_PLAIN:
        return False  # (Reglamento de Servicios Digitales), and other words after "el Reglamento"
    return again >= _FEWEST_PLAIN and _is_first(forms, passage, bracket.start(), outline)


def _is_first(names: set[str], passage: Passage, end: int, outline: Outline) -> bool:
    """Return whether no text before the offset `end` of a passage has one of some names."""
    before = (one.text for one in outline.passages if one.index < passage.index)
    return not any(name in text for text in (*before, passage.text[:end]) for name in names)


def _plain_starts(passage: Passage, outline: Outline) -> frozenset[int]:
    """Return where the brackets of a passage begin that define names without marks, in a text that always does so."""
    if not passage.grammar.is_english:
        return frozenset()
    return outline.derived(_plain_brackets).get(passage.index, frozenset())


def _plain_brackets(outline: Outline) -> dict[int, frozenset[int]]:
    """Return the brackets that hold nothing but a name that the text uses, if there are several: their offsets by the
    index of their passage.
    """
    found: dict[int, frozenset[int]] = {}
    names: dict[str, int] = {}
    for passage in outline.passages:
        for bracket in _PLAIN_BRACKET.finditer(passage.text) if "(" in passage.text else ():
            name = bracket["name"]
            if outline.text.count(name) <= _FEWEST_USED or not can_be_name(name):
                continue
            if _OF_NUMBER.search(passage.text, max(0, bracket.start() - 40), bracket.start()):
                continue  # its title
            # Of several with one name, the first defines it.
            if _has_article(name, passage, outline) and names.setdefault(name, passage.index) == passage.index:
                found[passage.index] = found.get(passage.index, frozenset()) | {bracket.start()}
    marked = len(_MARKED_BRACKET.findall(outline.text))
    return found if len(names) >= _FEWEST_PLAIN and len(names) > marked else {}


def _has_article(name: str, passage: Passage, outline: Outline) -> bool:
    """Return whether a text uses a name with an article, or with "its": places and people have none."""
    if name.startswith(("Our ", "Your ")) or outline.is_named_with_article(name, passage.grammar):
        return True
    return re.search(rf"\b(?:the|an?|any|each|our|your|its|their|such)\s+{re.escape(name)}\b", outline.text) is not None


def _is_echo(name: str, before: str, outline: Outline) -> bool:
    """Return whether a name in brackets has the words of what precedes it, and the text uses it."""
    preceding = {key(word) for word in _SMALL_WORD.findall(before[-_ECHOED:])}
    long = [key(word.lower()) for word in name.split() if len(word) > _SHORT]
    echoed = [word for word in long if word in preceding]
    if name.isupper() or not long or long[-1] not in preceding or 2 * len(echoed) < len(long):
        return False
    return outline.text.count(name) >= (_USED_ONCE if " " in name else _USED_TWICE)


def _is_role(name: str, passage: Passage, outline: Outline) -> bool:
    """Return whether a name in brackets may be the role of a party: the text begins with it, and often uses it."""
    if not can_be_name(name) or not passage.grammar.may_be_name(name) or name.isupper():
        return False
    if passage.index > outline.passages[min(_OPENING, len(outline.passages) - 1)].index:
        return False
    often = outline.count(name.split()[0]) >= _OFTEN
    return often and (outline.is_named_with_article(name, passage.grammar) or outline.acting[name] > 0)


def half_in_sentence(passage: Passage, words: list[Named]) -> Iterator[Found]:
    """Yield the names that lack one quotation mark before a verb; `words` are the marked words of the passage."""
    text = passage.text
    if not _MARK.search(text):
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
    if can_be_name(name) and passage.grammar.may_be_name(name):
        words = Named(name, found.start(which), found.end(which), True, False)
        yield running_definition(passage, [words], (start, end))
