"""Finds definitions at the start of a passage whose term lacks one quotation mark, or both in a list of definitions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

import engross.common.lazy_re as re
from engross.language import Defining, Grammar, after_number, sentence_end
from engross.model import ClauseKind, Given
from engross.terms.candidates import (
    LONGEST_NAME,
    TITLE_WORDS,
    Named,
    can_be_name,
    clean,
    distinct_names,
)
from engross.terms.definition_bodies import is_definite_word
from engross.terms.names_beside_others import (
    among_alike,
    among_stopped,
    before_colon,
    in_brackets,
    is_apart,
    named_again,
    names_defined_elsewhere,
)
from engross.terms.passage_memory import of_words
from engross.terms.passages import Found, Outline, Passage

_MARKED = re.compile(r"[“”\"„«»‟‘]")
_OPENS = tuple('“"„«‟‘')
_CLOSES = re.compile('[”"»]')
_WORD_END = re.compile(r"(?<=\S)(?=\s)")
_JOIN_HALF = re.compile(r"\s*,?\s*(?:and/or|and|or)\s+")
_MEANS_A_THING = re.compile(r"\s+(?:shall\s+)?means?\b(?!\s+that\b)")
# After a single word, which may be an ordinary one: "Content means profile pictures, photos …".
_MEANS_ITEMS = re.compile(
    r"\s+(?:shall\s+)?means?:?\s+(?!(?:that|you|your|we|our|to|it|they|there|no|not|nothing|more|less|lots|of|[a-z]+ing)\b)[a-z]"
)
_ENDS_IN_SMALL_WORD = re.compile(r"\s(?:an?|the|any|all|no|other|by|of)\Z")
_PURPOSE = re.compile(
    r"(?:[^.;:–—“”\"()\n]{1,60}\s[–—-]|[:–—-])?\s*(?:for\s+(?:the\s+)?purposes?\s+of|as\s+used\s+in|in)\s+(?:this|these)\s+(?:[A-Za-z]+\s+){0,3}[A-Za-z]+,\s+"
    r"(?:the\s+terms?\s+)?",
    re.IGNORECASE,
)
_BEFORE_MARK = re.compile(
    rf"(?P<name>{TITLE_WORDS})(?:\s*:\s*|\s+(?:[–—]|--?)\s+)"
    r"(?=[a-z\[]|(?:An?|Any|The|All|Every|Each|Our|Your|One|Those|Information)\b)"
)


# "Crossing point: your position when …": only the first word has a capital.
_PLAIN_NAME = re.compile(r"(?P<name>[A-Z][\w’'-]*(?:\s(?:[\w’'-]+|\([\w ]{1,30}\))){0,5}?)(?:\s*:|\s+[–—])\s+")
# "working day: a day …", "(b) personne concernée : la personne …": the whole name in small letters.
_SMALL_NAME = re.compile(r"(?P<name>[a-zß-ÿ][\w’'-]+(?:\s[\w’'-]+){0,3}?)\s*:\s+(?=\S)")
# "default: any act that …", also in a paragraph: in small letters, a meaning begins as that of a noun.
_SMALL_MEANING = re.compile(
    r"(?P<name>[a-z][\w’'-]+(?:\s[\w’'-]+){0,2}?)\s*:\s+(?=(?:an?|any|each|every|all|the|has\s+the\s+meaning|in\s+relation\s+to)\s)"
)
_SMALL_VERB = re.compile(r"(?P<name>[a-zß-ÿ][\w’'-]+(?:\s[\w’'-]+){0,3}?)")
# "21.6 Signing Official: The person …" below "21.5 …" in one paragraph.
NUMBERED_LINE = re.compile(r"\n[ \t]*\d+(?:\.\d+)+[.)]?[ \t\u00a0]+(?=\S)")
"""The typed number, such as 1.2, that begins a further line of a paragraph."""
# The definition list of some Markdown dialects: a term, and below it a colon and its meaning.
_LISTED_TERM = re.compile(r"(?:\A|(?<=\n))[ \t]*(?P<name>[A-Z0-9][^\n]{0,98}?)[ \t]*\n[ \t]*:[ \t]+(?=\S)")
_REPEATED = re.compile(r"\s*:\s+(?:(?:The|An?)\s+)?(?P<name>[^\n():]+?)\s+\((?P<short>[A-Z]{2,8})\)")
# "… am Übergabepunkt. Der Übergabepunkt ist der Ausgang …"
_NEXT_SENTENCE = re.compile(
    r"(?<=[a-zß-ÿ)”“»][.:]\s)(?P<article>[A-ZÀ-Þ][a-zß-ÿ]{1,5})\s+(?P<name>[A-ZÀ-Þ][\w-]+(?:\s+(?:[a-z]{2,3}\s+)?[A-ZÀ-Þ][\w-]+){0,2})(?=\s+[a-z])"
)
_RUN_IN = re.compile(r"(?:\A|(?<=[.;]\s))(?P<name>[A-ZÀ-Þ][^.;:()\n]{1,60}):\s")
_FEWEST_RUN_IN = 3
_AFTER_COMMA = re.compile(r",\s+([^\W\d_]+)")
_ELIDED = re.compile(r"[^\W\d_]['’][a-zß-ÿ]")
_IS_WHO = re.compile(r"\s+(?:ist|sind|es|son|est|sont),?\s+(?:wer|quien(?:es)?|qui|ceux\s+qui)\b")
_PLAIN_LEAD = re.compile(
    r"(?:For|In|On|At|By|With|To|From|If|When|Where|While|As|You|We|They|It|This|That|These|Those|The|An?|Any|All|Each|Our"
    r"|Your|Please|How|What|Why|Who|Which|Not|No|Do|There|Here|Other)\Z"
)
OPENS_SENTENCE = re.compile(r"\s*(?:For\s+(?:the\s+)?purposes?\s+of|In\s+(?:this|these)\b|As\s+between)\b")
"""What follows a title and no term: "**Roles of the Parties** - For the purposes of this policy, …"."""
_LINE_END = re.compile(r"[;.]\s+")
_BLANKS = re.compile(r"\s+")
_ENDS_NAME = tuple('.,;:()“”"')
# DIENST(E) bezieht sich auf …
_OPTIONAL_ENDING = re.compile(r"(?<=[^\W\d_])\([A-Za-z]{1,3}\)\Z")
_NO_NAMES = frozenset(("This", "That", "These", "Those", "It", "Which", "What", "Nothing", "Each", "Any", "No", "If"))


def unmarked_definitions(passage: Passage, start: int, *, definitions: bool) -> Iterator[Found]:
    """Yield the definition at the start of a passage whose term lacks one quotation mark or both.

    `start` is where the term begins after an article; `definitions` is whether the passage is in a list of definitions,
    where a colon or dash may replace the verb.
    """
    text = passage.text
    names = _half_names(text, start, passage.grammar)
    if names:
        yield _listed(passage, names, start)
        return
    listed = list(_terms_of_list(passage)) if definitions and "\n" in text else []
    if listed and listed[0].start == start:
        ends = [*(one.start for one in listed[1:]), len(text)]
        for one, end in zip(listed, ends, strict=True):
            yield _listed(passage, [one, *_abbreviation(passage.text, one)], one.start, end)
        return
    begin = after_number(text)
    marked = any(one.start <= begin + 1 < one.end for one in passage.clause.inline.marks)
    if definitions and text[begin : begin + 1] == "[" != text[begin + 1 : begin + 2] and not marked:
        begin += 1  # "[Software: …]", which may be left out
    if several := names_defined_elsewhere(text, begin) if definitions and passage.grammar.is_english else []:
        yield from (replace(_listed(passage, [one], one.start), given=Given.RUNNING) for one in several)
        return
    words = _term(passage, begin, start, definitions) or _after_purpose(passage)
    if not words:
        yield from _run_in(passage) if definitions else ()
        return
    following = [*_on_next_lines(passage, words), *_in_next_sentences(passage, words)] if definitions else []
    ends = [*(one.start for one in following), len(text)]
    for one, end in zip([words, *following], ends, strict=True):
        yield _listed(passage, [one], one.start, end)


def _term(passage: Passage, begin: int, start: int, definitions: bool) -> Named | None:
    text, grammar = passage.text, passage.grammar
    words = in_brackets(text, begin, grammar) or _before_verb(text, begin, definitions, grammar)
    if words or not definitions:
        return words or _before_mark_and_verb(text, begin, grammar)
    return (
        _before_mark(text, begin, grammar)
        or among_alike(passage, begin)
        or named_again(text, begin, grammar)
        or among_stopped(passage, begin)
        or next(filter(None, (_stated_abroad(text, at, grammar) for at in (begin, start))), None)
        or _in_small_letters(passage, begin, start)
    )


def _terms_of_list(passage: Passage) -> Iterator[Named]:
    """Yield the terms of a definition list that the parser reads as a paragraph, each above a colon."""
    for found in _LISTED_TERM.finditer(passage.text) if passage.clause.kind is ClauseKind.PARAGRAPH else ():
        if _is_plain_name(found["name"], passage.grammar.defining):
            yield Named(clean(found["name"]), *found.span("name"), False, False)


def _abbreviation(text: str, term: Named) -> Iterator[Named]:
    """Yield the abbreviation that follows a term where its meaning repeats it: "Fair Use Rules (FUR) say …"."""
    short = _REPEATED.match(text, term.end)
    if short and clean(short["name"]) == term.name:
        yield Named(short["short"], *short.span("short"), False, False)


def _on_next_lines(passage: Passage, first: Named) -> Iterator[Named]:
    """Yield the terms of further lines of the same paragraph, in a list that is typed without empty lines."""
    text, grammar = passage.text, passage.grammar
    for end in _LINE_END.finditer(text, first.end) if passage.clause.kind is ClauseKind.PARAGRAPH else ():
        name = _before_verb(text, end.end(), True, grammar) or _small_before_verb(text, end.end(), grammar)
        name = name or (named_again(text, end.end(), grammar) if "\n" in end[0] else None)
        if name:
            yield name


def _run_in(passage: Passage) -> Iterator[Found]:
    """Yield the definitions that a paragraph in another language lists in a row: Retos: Refiere a … Cupones: Son …"""
    text, defining = passage.text, passage.grammar.defining
    if passage.grammar.is_english or passage.clause.kind is not ClauseKind.PARAGRAPH:
        return
    found = [
        one
        for one in _RUN_IN.finditer(text)
        if is_apart(one["name"], passage.grammar)
        and (defining.means.match(text, one.end("name")) or defining.includes.match(text, one.end("name")))
    ]
    if len(found) >= _FEWEST_RUN_IN:
        for one in found:
            name = Named(clean(one["name"]), *one.span("name"), False, False)
            own = one.start("name"), sentence_end(text, one.end())
            names, body = distinct_names([name], passage.grammar), " ".join(text[slice(*own)].split())
            yield Found(names, passage, one.span("name"), own, Given.RUNNING, body)


def _in_next_sentences(passage: Passage, first: Named) -> Iterator[Named]:
    """Yield the names that further sentences define as the first one does: Gäste sind alle … Mitglieder sind die …"""
    text, grammar = passage.text, passage.grammar
    if _stated_abroad(text, first.start, grammar) is None:
        return
    end = sentence_end(text, first.end)
    while end < len(text.rstrip()):
        start = end + len(text[end:]) - len(text[end:].lstrip())
        name = _stated_abroad(text, start, grammar)
        if name is None:
            return
        yield name
        end = sentence_end(text, name.end)


def _listed(passage: Passage, words: list[Named], start: int, end: int = 0) -> Found:
    at = words[0].start, words[0].end
    body = start, end or len(passage.text)
    return Found(distinct_names(words, passage.grammar), passage, at, body, Given.LISTED, "")


def _half_names(text: str, at: int, grammar: Grammar) -> list[Named]:
    """Return the names from `at` to a verb that defines if each has a quotation mark on one side, otherwise none."""
    opened = text[at : at + 1] in _OPENS
    if not opened and not _CLOSES.search(text, at, at + LONGEST_NAME):
        return []
    for stop in _WORD_END.finditer(text, at, at + LONGEST_NAME):
        end = stop.start()
        words = text[at:end]
        if not opened and not _CLOSES.search(words[-2:]):
            continue
        name = clean(words)
        if _MARKED.search(name) or not can_be_name(name):
            return []
        half = Named(name, at, end, True, False)
        if grammar.defining.means.match(text, end):
            return [half]
        join = _JOIN_HALF.match(text, end)
        rest = _half_names(text, join.end(), grammar) if join else []
        if rest:
            return [half, *rest]
    return []


@of_words
def _before_verb(text: str, start: int, definitions: bool, grammar: Grammar) -> Named | None:
    """Return the term before a verb, recognised only by its capitals ("Confidential Information means …"), or None."""
    for found in _longer_names(text, start):
        name, end = clean(found), start + len(found)
        means = grammar.defining.means.match(text, end) and not text.startswith(" OF ", end)  # DATE OF USE means …
        if not means or not can_be_name(name) or not grammar.may_be_name(name):
            continue
        if _ENDS_IN_SMALL_WORD.search(name):
            return None  # "Provide a means of contact"
        thing = _MEANS_A_THING.match(text, end) if " " in name else _MEANS_ITEMS.match(text, end)
        thing = thing or grammar.defining.designates.match(text, end)
        if grammar.defining.titles.match(name) or not (definitions or thing):
            return None
        return Named(name, start, end, False, False)
    return None


def _after_purpose(passage: Passage) -> Named | None:
    """Return the term of "For the purposes of this Agreement, Downtime means the hours …", or None."""
    _, end = passage.lead
    found = _PURPOSE.match(passage.text, end or after_number(passage.text))
    return _before_verb(passage.text, found.end(), True, passage.grammar) if found else None


def _before_mark(text: str, start: int, grammar: Grammar) -> Named | None:
    """Return the term before a colon or dash ("Affiliate: any entity that …"), or None."""
    found = (_BEFORE_MARK if grammar.is_english else before_colon(grammar)).match(text, start)
    if not found or not is_apart(found["name"], grammar):
        found = _PLAIN_NAME.match(text, start)
        if not found or not grammar.defining.meaning.match(text, found.end()):
            return None
        if not _is_plain_name(found["name"], grammar.defining):
            return None
    if grammar.is_english and OPENS_SENTENCE.match(text, found.end()):
        return None
    if not grammar.is_english and any(word.lower() in grammar.articles for word in _AFTER_COMMA.findall(found["name"])):
        return None  # Lors de la commande, le Client : …
    return Named(clean(found["name"]), found.start("name"), found.end("name"), False, False)


def _before_mark_and_verb(text: str, start: int, grammar: Grammar) -> Named | None:
    """Return the term before a colon and a verb that defines, in any text: Affrètement : désigne …, or None."""
    found = None if grammar.is_english else before_colon(grammar).match(text, start)
    if not found or not is_apart(found["name"], grammar) or not grammar.defining.means.match(text, found.end("name")):
        return None
    if _part_of_text(grammar).fullmatch(found["name"].strip()):
        return None  # PARÁGRAFO 2: Se entenderá …
    return Named(clean(found["name"]), *found.span("name"), False, False)


@lru_cache(maxsize=32)
def _part_of_text(grammar: Grammar) -> re.Pattern[str]:
    """Return the pattern of the label of a part of a text, with its number or without."""
    words = grammar.referring.words_of("section", "clause", "article", "annex", "paragraph")
    return re.compile(rf"(?:{words})(?:\s+(?:\d[\w.º°]*|[IVX]+|[A-Za-z]))?", re.IGNORECASE)


def _stated_abroad(text: str, start: int, grammar: Grammar) -> Named | None:
    """Return the name that a list of definitions begins a sentence with: Inhalte sind alle …, Le Client désigne …

    A question (Quel est le rôle …?) and a thing after an elided article (L’opérateur est la société …) define nothing.
    """
    for found in _longer_names(text, start) if not grammar.is_english else ():
        name, end = clean(found), start + len(found)
        if not grammar.may_be_name(name) or not can_be_name(name) or _ELIDED.match(name):
            continue
        if text[: sentence_end(text, end)].rstrip().endswith("?"):
            return None
        stated = any(one.match(text, end) for one in (grammar.defining.is_a, grammar.defining.means, _IS_WHO))
        if stated and not grammar.defining.titles.match(name):
            return Named(name, start, end, False, False)
    return None


def explained_names(passage: Passage, outline: Outline) -> Iterator[Found]:
    """Yield the names that a sentence mentions first and the next one explains: … am Übergabepunkt. Der Übergabepunkt
    ist der Ausgang des Routers.
    """
    text, grammar = passage.text, passage.grammar
    for found in _NEXT_SENTENCE.finditer(text) if not grammar.is_english else ():
        name = Named(found["name"], *found.span("name"), False, False)
        explains = grammar.defining.is_a.match(text, name.end)
        if not explains or not is_definite_word(explains[0].split()[-1].lower(), grammar):
            continue
        if grammar.defining.must_be.search(text, explains.end(), sentence_end(text, explains.end())):
            continue
        if not is_definite_word(found["article"].lower(), grammar) or not grammar.may_be_name(name.name):
            continue
        forms = {name.name, *grammar.forms(name.name)}
        mentioned = any(form in text[: found.start()] for form in forms)
        before = (one.text for one in outline.passages if one.index < passage.index)
        if mentioned and not any(form in other for other in before for form in forms):
            own = found.start(), sentence_end(text, name.end)
            names, body = distinct_names([name], grammar), " ".join(text[slice(*own)].split())
            yield Found(names, passage, (name.start, name.end), own, Given.RUNNING, body, weak=True)


def definitions_on_numbered_lines(passage: Passage) -> Iterator[Found]:
    """Yield the definitions that begin further lines of a paragraph with a number, in a list of definitions."""
    text, marks = passage.text, passage.clause.inline.marks
    # "**2.1 Definition:** …" is a clause of its own, and so are bold numbers on the next lines.
    titled = passage.grammar.defining.listing.search(text[slice(*passage.lead)]) is not None
    for line in NUMBERED_LINE.finditer(text) if "\n" in text else ():
        if titled and any(one.start < line.end() < one.end for one in marks):
            continue
        name = _before_verb(text, line.end(), True, passage.grammar) or _before_mark(text, line.end(), passage.grammar)
        if name:
            end = text.find("\n", name.end)
            own = name.start, end if end > 0 else len(text)
            body = " ".join(text[slice(*own)].split())
            names = distinct_names([name], passage.grammar)
            yield Found(names, passage, (name.start, name.end), own, Given.RUNNING, body, weak=True)


def _in_small_letters(passage: Passage, start: int, after_article: int) -> Named | None:
    """Return the term in small letters of an item that is not within another one: "working day: a day …", or None.

    An article may be before the term in other languages, also in a paragraph without number and marks: Les vendeurs :
    tout professionnel …
    """
    plain = passage.clause.kind is ClauseKind.PARAGRAPH and not start and not passage.clause.inline.marks
    stated = _SMALL_MEANING.match(passage.text, start) if passage.grammar.is_english else None
    if stated and passage.clause.kind in (ClauseKind.PARAGRAPH, ClauseKind.ITEM):
        return _small(stated, passage.grammar)
    if plain and after_article and not passage.grammar.is_english:
        found = _SMALL_NAME.match(passage.text, after_article)
        return _small(found, passage.grammar) if found else None
    if passage.clause.kind is not ClauseKind.ITEM or any(one.kind is ClauseKind.ITEM for one in passage.around):
        return None
    found = _SMALL_NAME.match(passage.text, start)
    return _small(found, passage.grammar) if found else _small_before_verb(passage.text, start, passage.grammar)


def _small_before_verb(text: str, start: int, grammar: Grammar) -> Named | None:
    """Return the term in small letters before a verb that defines: "processing has the meaning …", or None."""
    verbs = (_SMALL_VERB.fullmatch(text, start, end.start()) for end in _WORD_END.finditer(text, start, start + 60))
    found = next((name for name in verbs if name and grammar.defining.means.match(text, name.end("name"))), None)
    return _small(found, grammar) if found else None


def _small(found: re.Match[str], grammar: Grammar) -> Named | None:
    if _is_small(found["name"].split()[0], grammar) or not can_be_name(clean(found["name"])):
        return None
    return Named(clean(found["name"]), *found.span("name"), False, False)


def _is_small(word: str, grammar: Grammar) -> bool:
    return (
        word in grammar.common or bool(_PLAIN_LEAD.match(word.capitalize())) or word in ("and", "or", "of", "is", "are")
    )


def _is_plain_name(words: str, defining: Defining) -> bool:
    """Return whether words that only begin with a capital can be a term before a colon in a list of definitions."""
    name = clean(words)
    first = name.split()[0] if name else ""
    if not can_be_name(name) or defining.titles.match(name):
        return False
    return not defining.remarks.match(name) and not _PLAIN_LEAD.match(first)


def _longer_names(text: str, start: int) -> Iterator[str]:
    """Yield the first word, the first two words and so on, as long as they look like a name."""
    if not text[start : start + 1].isupper():
        return
    for stop in _BLANKS.finditer(text, start, start + 90):
        words = text[start : stop.start()]
        if (words.endswith(_ENDS_NAME) and not _OPTIONAL_ENDING.search(words)) or words in _NO_NAMES:
            return
        yield words
