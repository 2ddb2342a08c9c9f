"""Finds names that are in quotation marks and bold, as all terms of their document are: a “**Starter**” plan.

Words that nothing introduces are a term only by their marks, and only in a document that marks its terms so.
"""

from __future__ import annotations

from collections.abc import Iterator

import engross.common.lazy_re as re
from engross.language import Grammar, sentence_end, sentence_start
from engross.model import Clause, ClauseKind, Given, MarkKind
from engross.terms.candidates import Named, can_be_name, clean, distinct_names, is_proper, named
from engross.terms.passages import Found, Outline, Passage

_FEWEST = 6
_OFTEN = 4
_OPENS = re.compile(r"(?:\b(?:an?|the|our|your|its|their)|[:;)]|\A\W*\w?\W*)\s*\Z", re.IGNORECASE)
_ABOUT = re.compile(
    r"\b(?:see|click\w*|select\w*|press\w*|under|below|above|titled|entitled|called|labell?ed|marked|word|words|phrase|references?"
    r"|section|button|tab|page|heading|link|defined)\b[^.;:]{0,30}\Z",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"\s*(?:section|button|tab|page|heading|link|box|option|menu|tag|field|below|above)\b", re.IGNORECASE
)


class _Marks:
    """How a document marks its terms."""

    def __init__(self, outline: Outline) -> None:
        words = (word for passage in outline.passages for word in named(passage) if word.quoted)
        marked = {word.name: word.bold for word in words if is_proper(word.name)}
        bold = sum(marked.values())
        self.quoted_and_bold = bold >= _FEWEST and bold * 10 >= len(marked) * 8


def marked_like_terms(
    passage: Passage, words: list[Named], outline: Outline, taken: list[tuple[int, int]]
) -> Iterator[Found]:
    """Yield the names of a passage outside brackets that are quoted and bold, if the document marks all terms so.

    Names in the spans `taken`, which other definitions have, are left out.
    """
    text, grammar = passage.text, passage.grammar
    for word in words:
        if not (word.quoted and word.bold and is_proper(word.name) and can_be_name(clean(word.name))):
            continue
        if any(start < word.end and word.start < end for start, end in taken):
            continue  # the most frequent case: what follows counts all words of the document
        before = text[max(0, word.start - 80) : word.start]
        if not grammar.is_english or not grammar.may_be_name(word.name) or before.rfind("(") > before.rfind(")"):
            continue
        if not _OPENS.search(before) or _ABOUT.search(before) or _LABEL.match(text, word.end):
            continue
        if not outline.repeats(word.name.removesuffix("(s)")) or not outline.derived(_Marks).quoted_and_bold:
            continue
        own = sentence_start(text, word.start), sentence_end(text, word.end)
        names, body = distinct_names([word], grammar), " ".join(text[slice(*own)].split())
        yield Found(names, passage, (word.start, word.end), own, Given.RUNNING, body, weak=True)


def is_described(passage: Passage, name: Named, outline: Outline) -> bool:
    """Return whether a paragraph begins with a bold name, says what it is, and the text often uses the name.

    "**Customer Content** is the information that …", "**Service Data** includes: …"
    """
    text, grammar = passage.text, passage.grammar
    if name.quoted or not name.bold or name.italic or " " not in name.name or not is_proper(name.name):
        return False
    if not (grammar.may_be_name(name.name) and can_be_name(name.name)) or grammar.defining.titles.match(name.name):
        return False
    return (
        text[name.end - 1] not in ".:"
        and grammar.defining.is_a.match(text, name.end) is not None
        and outline.is_used_as_term(name.name)
        and outline.text.count(name.name) >= _OFTEN
    )


_FEWEST_ITEMS = 3
_NAME_ITEM = re.compile(r"(?P<name>[^\n:–—]{2,60}?)\s*[:–—]\s*(?P<meaning>\S.*)", re.DOTALL)
# "the price is ten euro" is a sentence; "a person who is asked" is a meaning.
_SENTENCE = re.compile(
    r"[^,;.]{0,40}?\b(?:that|which|who|whose|where|is|are|was|will|shall|must|may|can|has|have|means)\b"
)
_RELATIVE = ("that", "which", "who", "whose", "where")


def lists_meanings(parent: Clause, outline: Outline, grammar: Grammar) -> bool:
    """Return whether each item of a list is a bold name with what it means, and the text uses most as names.

    "**Applicant**: a person who …", "**Subscriber**: an applicant with …", below any heading.
    """
    if parent.kind is not ClauseKind.LIST or len(parent.children) < _FEWEST_ITEMS or not grammar.is_english:
        return False
    names = [_name_with_meaning(item, grammar) for item in parent.children]
    if not all(names):
        return False
    return 3 * sum(_is_used_with_article(name, outline) for name in names) >= 2 * len(names)


def _is_used_with_article(name: str, outline: Outline) -> bool:
    if outline.uses(name) < 2:
        return False
    determined = rf"\b(?i:the|an?|each|every|any|no|all|such)\s+{re.escape(name)}\b"
    return re.search(determined, outline.text) is not None


def _name_with_meaning(item: Clause, grammar: Grammar) -> str:
    """Return the bold name with which an item begins, if its meaning begins with an article; "" for others."""
    found = _NAME_ITEM.match(item.inline.text)
    if not found:
        return ""
    marks, name, meaning = item.inline.marks, found["name"], found["meaning"]
    bold = any(one.kind is MarkKind.STRONG and not one.start and one.end >= found.end("name") for one in marks)
    article = grammar.defining.mark_and_article.match(f": {meaning}")
    verb = _SENTENCE.match(meaning)
    sentence = verb is not None and not verb[0].endswith(_RELATIVE)
    if not bold or not article or not meaning[0].islower() or sentence:
        return ""
    return name if is_proper(name) and can_be_name(name) and not grammar.defining.titles.match(name) else ""
