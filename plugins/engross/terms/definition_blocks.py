"""Finds terms in definitions sections that are a block of their own, before the block of their meaning.

`### Affiliate` or `**Affiliate**` on a line of its own, and below it: "Any entity that …".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby, takewhile

import engross.common.lazy_re as re
from engross.language import Grammar, after_number
from engross.model import Clause, ClauseKind, Given, MarkKind
from engross.terms.candidates import (
    LONGEST_NAME,
    TITLE_WORDS,
    Named,
    clean,
    distinct_names,
    named,
)
from engross.terms.names_beside_others import is_apart
from engross.terms.passages import Found, Outline, Passage, grammar_of

_OF_DEFINITIONS = re.compile(r"\b(?:definitions?|defined\s+terms|glossary|dictionary)\b", re.IGNORECASE)
_MOST_WORDS = 6
_TYPED = re.compile(r"\d+\.\d")
# "[Excluded Causes:" above "a) a defect …", in a list of definitions.
_ABOVE_ITEMS = re.compile(rf"\[?(?P<name>{TITLE_WORDS})\s*:\s*")
_ITEM = re.compile(r"\(?(?:[a-z]{1,2}|[ivx]{1,4}|\d{1,2})\)\s")
_FEWEST_ABOVE = 3  # lines of a list above a line that ends it
_MOST_RULES = 2
# What follows the title of a clause, and no term: "**1.1 Acceptance**" above "In order to use the service, …".
_OPENS_RULE = re.compile(r"(?:In\s+order|If|When|You|We|By|To|Subject|Unless|Except|Upon|Please|It|There|This|These)\s")


def term_of_title(passage: Passage) -> Iterator[Found]:
    """Yield the term in quotation marks of which a title says that the text below defines it."""
    text = passage.text
    end = len(text) if passage.clause.kind is ClauseKind.SECTION else passage.lead[1] or _first_line_in_bold(passage)
    of_term = passage.grammar.defining.of_term  # "**2.3 Definition of “Working Day”**"
    for words in named(passage) if end else ():
        if words.quoted and words.start < end and of_term.fullmatch(text, after_number(text), words.start):
            if not text[words.end : end].strip(" \t\n\u00a0:.*_"):
                names, at = distinct_names([words], passage.grammar), (words.start, words.end)
                yield Found(names, passage, at, (0, end), Given.LISTED, " ".join(text.split()))
            return


def _first_line_in_bold(passage: Passage) -> int:
    """Return where the first line ends if all of it is bold, else 0."""
    end = passage.text.find("\n")
    strong = (mark for mark in passage.clause.inline.marks if mark.kind is MarkKind.STRONG and mark.start == 0)
    return end if end > 0 and any(not passage.text[mark.end : end].strip() for mark in strong) else 0


def term_on_own_line(passage: Passage, outline: Outline, *, definitions: bool) -> Found | None:
    """Return the definition whose term is a whole paragraph and whose meaning is the next one, or None.

    Outside `definitions`, the term is in quotation marks and the meaning begins with a verb that defines.
    """
    words, meaning = _alone(passage), _paragraph_below(passage, outline)
    if not words or meaning is None:
        return None
    body = " ".join(meaning.inline.text.split())
    if _TYPED.match(passage.text) and _TYPED.match(body):
        return None  # "**10.1 Insurance**" above "10.1.1 The User …" is the title of a clause
    if len(body) <= len(words[0].name) or not is_apart(words[0].name, passage.grammar):
        return None
    if definitions and passage.grammar.is_english and not words[0].quoted and _OPENS_RULE.match(body):
        return None
    if not definitions and not (words[0].quoted and passage.grammar.defining.means.match(body)):
        return None
    names, at = distinct_names(words, passage.grammar), (words[0].start, words[0].end)
    return Found(names, passage, at, (0, len(passage.text)), Given.LISTED, body, below=(meaning,))


def term_above_items(passage: Passage) -> Found | None:
    """Return the definition of which a paragraph is only the term, and the items or the list below it the meaning."""
    text, grammar = passage.text, passage.grammar
    found = _ABOVE_ITEMS.fullmatch(text, after_number(text)) if len(text) <= LONGEST_NAME else None
    if not found or passage.clause.kind is not ClauseKind.PARAGRAPH or not is_apart(found["name"], grammar):
        return None
    siblings = passage.around[-1].children
    at = next(at for at, one in enumerate(siblings) if one is passage.clause)
    items = tuple(takewhile(lambda one: _ITEM.match(one.inline.text), siblings[at + 1 :]))
    items = items or tuple(one for one in siblings[at + 1 : at + 2] if one.kind is ClauseKind.LIST)
    if not items:
        return None
    name = Named(clean(found["name"]), *found.span("name"), False, False)
    body = " ".join([text, *(part.inline.text for one in items for part in one.walk())])
    own = (0, len(text))
    names = distinct_names([name], grammar)
    return Found(names, passage, found.span("name"), own, Given.LISTED, " ".join(body.split()), below=items)


def _alone(passage: Passage) -> list[Named]:
    """Return the only name of a paragraph that consists of it, or none."""
    if len(passage.text) > LONGEST_NAME or passage.clause.kind is not ClauseKind.PARAGRAPH:
        return []
    words = named(passage)
    return words if len(words) == 1 and _is_whole(passage, words[0]) else []


def _paragraph_below(passage: Passage, outline: Outline) -> Clause | None:
    """Return the paragraph right below one in the same section, or None."""
    following = passage.index + sum(1 for _ in passage.clause.walk())
    if following >= len(outline.nodes):
        return None
    _, clause, around = outline.nodes[following]
    return clause if clause.kind is ClauseKind.PARAGRAPH and around[-1] is passage.around[-1] else None


def is_above_definition(passage: Passage, outline: Outline) -> bool:
    """Return whether a paragraph is only the name that the one below defines: “Rent” above "1.2 Rent means …"."""
    words = _alone(passage)
    below = _paragraph_below(passage, outline) if words else None
    if below is None:
        return False
    body, name = below.inline.text, words[0].name
    at = after_number(body)
    return body.startswith(name, at) and passage.grammar.defining.means.match(body, at + len(name)) is not None


def _is_whole(passage: Passage, words: Named) -> bool:
    """Return whether a paragraph consists of one name, without the number before it."""
    text = passage.text
    return words.start <= after_number(text) and not text[words.end :].strip(" \t\n\u00a0:.*_")


def terms_in_headings(outline: Outline, defined: Callable[[Passage], list[Found]]) -> Iterator[Found]:
    """Yield the terms that are headings within a section of definitions, where most headings there look like terms, and
    those above a text that begins with a verb: "## Fee Letter" above "means a letter …".

    `defined` returns the definitions of a passage: a term that the text below a heading defines is not repeated.
    """
    grammar = grammar_of(outline.document)
    inside = [
        (index, clause, around)
        for index, clause, around in outline.nodes
        if clause.kind is ClauseKind.SECTION and _is_of_definitions(around[-1], grammar)
    ]
    below = {index for index, clause, _ in outline.nodes if _is_above_verb(clause, grammar)}
    for index in below:
        yield from _in_heading(Passage(outline.document, *outline.nodes[index]), outline, defined)
    inside = [node for node in inside if node[0] not in below]
    for _, group in groupby(inside, key=lambda node: id(node[2][-1])):
        sections = list(group)
        terms = [(index, clause, around) for index, clause, around in sections if _may_be_term(clause, grammar)]
        if len(terms) >= 2 and len(terms) * 3 >= len(sections) * 2:
            for index, clause, around in terms:
                yield from _in_heading(Passage(outline.document, index, clause, around), outline, defined)


def _in_heading(heading: Passage, outline: Outline, defined: Callable[[Passage], list[Found]]) -> Iterator[Found]:
    clause = heading.clause
    name = clause.name or heading.text
    first = outline.passage_of.get(heading.index + 1)
    below = {name for found in defined(first) for name in found.names} if first else set()
    if first is None or clean(name).casefold() in map(str.casefold, below):
        return
    quoted = [words for words in named(heading) if words.quoted]
    if any(words.name in below for words in quoted):
        # “Rights” or “R” above "“Rights” means …": the other name has the same meaning.
        body = " ".join(first.text.split())
        for words in quoted:
            if words.name not in below:
                own = words.start, words.end
                yield Found((words.name,), heading, own, own, Given.LISTED, body, below=clause.children)
        return
    at = heading.text.rfind(name)
    span = (max(0, at), max(0, at) + len(name))
    words = Named(clean(name), *span, False, False)
    body = " ".join(first.text.split())
    yield Found(
        # ### “Mortgage” and “Mortgagee”
        distinct_names(quoted if len(quoted) > 1 else [words], heading.grammar),
        heading,
        span,
        (0, len(heading.text)),
        Given.LISTED,
        body,
        below=clause.children,
    )


def is_imprint(passage: Passage, outline: Outline) -> bool:
    """Return whether a paragraph is below a line that ends the list of the last section: **Stand:** Januar 2025."""
    section = passage.around[-1]
    _, _, around = outline.nodes[-1]
    if passage.clause.kind is not ClauseKind.PARAGRAPH or not around or around[-1] is not section:
        return False
    rules = [at for at, child in enumerate(section.children) if child.kind is ClauseKind.RULE]
    at = next((at for at, child in enumerate(section.children) if child is passage.clause), 0)
    if not rules or len(rules) > _MOST_RULES or at < rules[0]:
        return False
    return sum(1 + child.inline.text.count("\n") for child in section.children[: rules[0]]) >= _FEWEST_ABOVE


def _is_of_definitions(section: Clause, grammar: Grammar) -> bool:
    title = section.name or section.inline.text
    listing = _OF_DEFINITIONS if grammar.is_english else grammar.defining.listing
    return section.kind is ClauseKind.SECTION and len(title.split()) <= _MOST_WORDS and bool(listing.search(title))


def _is_above_verb(section: Clause, grammar: Grammar) -> bool:
    """Return whether a heading is a term, and the text below it begins with a verb that defines."""
    if section.kind is not ClauseKind.SECTION or not _may_be_term(section, grammar):
        return False
    text = section.children[0].inline.text
    return text[:1].islower() and grammar.defining.means.match(text) is not None


def _may_be_term(section: Clause, grammar: Grammar) -> bool:
    """Return whether the heading of a section looks like a term, and a paragraph follows it."""
    first = next(iter(section.children), None)
    return (
        first is not None
        and first.kind is ClauseKind.PARAGRAPH
        and is_apart(section.name or section.inline.text, grammar)
    )
