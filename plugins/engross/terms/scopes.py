"""How far a definition reaches: the set, its document, or a section or clause that it names itself."""

from __future__ import annotations

import re

from engross.model import Clause, ClauseKind, Scope
from engross.terms.candidates import introduction
from engross.terms.found import Found
from engross.terms.outline import Passage
from engross.terms.sentences import after_number, sentence_start
from engross.terms.wordlist import wordlist

_NARROW = re.compile(
    r"\b(?:in|of|under|within|throughout|to)\s+this\s+(?P<what>section|article|part|chapter|schedule|exhibit|annex|appendix"
    r"|addendum|attachment|subsection|sub-section|clause|sub-?clause|paragraph|item)\b"
    r"(?:\s+(?P<number>\d+(?:\.\d+)*(?:\([a-z]+\))*|[IVXLC]+\b|[A-Z]\b|(?:\([a-z]+\))+))?",
    re.IGNORECASE,
)
_ONLY_HERE = re.compile(
    r"(?:\b(?:for|as\s+used|when\s+used|used|where\s+used|the\s+terms?|in\s+this|solely)\b[^.;]{0,60}\Z|\A[\s,(“\"]*\Z|,\s*\Z)",
    re.IGNORECASE,
)
_LARGE = wordlist("section article part chapter schedule exhibit annex appendix addendum attachment")


def scope_of(found: Found, whole: Scope) -> tuple[Scope, Clause | None]:
    """The scope of a definition, and the section or clause that limits it.

    `whole` is how far a definition of this document reaches when it says nothing about it.
    """
    passage = found.passage
    limit = _limit_in_sentence(found) or _limit_in_introduction(passage)
    if limit is None:
        return whole, None
    what, number = limit["what"].lower().replace("-", ""), limit["number"] or ""
    clause = _numbered(passage, number) or (_section(passage) if what in _LARGE else _clause(passage))
    if clause is None or clause.kind is ClauseKind.DOCUMENT:
        return whole, None
    return (Scope.SECTION if what in _LARGE else Scope.CLAUSE), clause


def _limit_in_sentence(found: Found) -> re.Match[str] | None:
    """ "In this Section 5," before the term in its sentence, or right after its verb."""
    text = found.passage.text
    start = max(sentence_start(text, found.at[0]), after_number(text))
    for limit in _NARROW.finditer(text, start, found.at[0]):
        lead = text[start : limit.start()]
        if _ONLY_HERE.search(lead) and limit.start() - start < 80 and _is_lead(text, limit.end(), found.at[0]):
            return limit
    after = re.compile(r"[\s,]*(?:(?:as|when)\s+used|for\s+(?:the\s+)?purposes?)\b", re.IGNORECASE).match(
        text, found.at[1]
    )
    return _NARROW.search(text, found.at[1], found.at[1] + 60) if after else _after_verb(text, found.at[1])


def _is_lead(text: str, start: int, end: int) -> bool:
    """Whether nothing but the beginning of the clause stands between the limit and the term."""
    between = text[start:end].strip()
    return not between or (len(between) <= 60 and between[-1:] not in ";." and "(" not in between.rstrip('(“"'))


def _after_verb(text: str, end: int) -> re.Match[str] | None:
    found = re.compile(
        r"\s*(?:shall\s+)?means?,\s+(?:for\s+(?:the\s+)?purposes?\s+of|in|as\s+used\s+in)\s+this\b", re.IGNORECASE
    ).match(text, end)
    return _NARROW.search(text, end, found.end() + 20) if found else None


def _limit_in_introduction(passage: Passage) -> re.Match[str] | None:
    """ "In this Section:" before the list that the definition stands in."""
    before = introduction(passage)
    found = _NARROW.search(before) if before.rstrip().endswith((":", "–", "—")) else None
    return found if found and found.start() < 60 else None


def _numbered(passage: Passage, number: str) -> Clause | None:
    """The clause around that carries the number given after "this Section"."""
    if not number:
        return None
    return next((clause for clause in (*passage.around, passage.clause) if clause.number == number), None)


def _section(passage: Passage) -> Clause | None:
    """The innermost section around; in a document set as nested lists, the innermost item that has items below."""
    for clause in reversed(passage.around):
        if clause.kind in (ClauseKind.SECTION, ClauseKind.ITEM):
            return clause
    return passage.clause if passage.clause.number else None


def _clause(passage: Passage) -> Clause | None:
    """The passage itself, where it carries a number or is an item; else what is around it."""
    if passage.clause.kind is ClauseKind.ITEM or passage.clause.number:
        return passage.clause
    return _section(passage)
