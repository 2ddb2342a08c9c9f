"""Determines the scope, target and address of a definition.

* Scope: the set, its document, or a section or clause that the definition names ("In this Section, …").
* Target: what a definition points at: "has the meaning stated in Agreement Term", "the terms stated at [a
  document](…)".
* Address: an anchor in the document that stays the same if words move. A definition that is a clause has the clause's
  anchor. One inside a sentence ("(the “Effective Date”)") has the anchor of its section or item plus the term, because
  the ordinal of a paragraph would change with every paragraph added before it.
"""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterable

import engross.common.lazy_re as re
from engross.language import after_number, sentence_start, wordlist
from engross.model import Clause, ClauseKind, Document, Edition, Given, Mark, Reference, Scope
from engross.terms.candidates import introduction
from engross.terms.definition_pointers import pointing
from engross.terms.passages import Bound, Found, Passage
from engross.text import slug

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
# "for the purposes of Sections 8 and 9", after a term or before it.
_NUMBER = re.compile(r"\d+(?:\.\d+)*")
_OF_SECTIONS = re.compile(
    r"[\s,”\"’']*\b(?:for\s+(?:the\s+)?purposes?\s+of|(?:as\s+)?used\s+in|(?P<within>in))\s+(?:sections?|articles?|clauses?)\s+"
    rf"(?P<numbers>{_NUMBER.pattern}(?:(?:,\s+(?:and\s+)?|\s+and\s+){_NUMBER.pattern}){{0,5}})",
    re.IGNORECASE,
)
# What follows if the sections are those of this text, and limit the term alone.
_LISTED = re.compile(r"\s*(?P<only>only|alone)?\s*[),.;]")
# "In this Section 1 and the other provisions of this Agreement": everywhere.
_AND_ELSEWHERE = re.compile(
    r"\s*(?:\([^()]{1,60}\))?,?\s+and\s+(?:(?:the|all|any)\s+(?:other|rest|remainder)\b|elsewhere\b|throughout\b|otherwise\b|generally\b"
    r"|(?:in\s+)?this\s+(?!section|article|part|schedule|exhibit|annex|appendix|clause|paragraph)[a-z])",
    re.IGNORECASE,
)
_LONGEST_LEAD = 80
_LARGE = wordlist("section article part chapter schedule exhibit annex appendix addendum attachment")


def scope_of(found: Found, whole: Scope) -> tuple[Scope, tuple[Clause, ...]]:
    """Return the scope of a definition, and the sections or clauses that limit it.

    `whole` is the scope of definitions of this document that name none.
    """
    passage = found.passage
    limit = _limit_in_sentence(found) or _limit_in_introduction(passage)
    if limit is not None and _AND_ELSEWHERE.match(limit.string, limit.end()):
        return whole, ()
    if limit is None:
        listed = _listed_sections(found)
        return (Scope.SECTION, listed) if listed else (whole, ())
    what, number = limit["what"].lower().replace("-", ""), limit["number"] or ""
    clause = _numbered(passage, number) or (_section(passage) if what in _LARGE else _clause(passage))
    if clause is None or clause.kind is ClauseKind.DOCUMENT:
        return whole, ()
    return (Scope.SECTION if what in _LARGE else Scope.CLAUSE), (clause,)


def _listed_sections(found: Found) -> tuple[Clause, ...]:
    """Return the sections of "(“X” for the purposes of Sections 8 and 9)", of which one contains the definition."""
    text, passage = found.passage.text, found.passage
    named = _OF_SECTIONS.match(text, found.at[1]) or _OF_SECTIONS.search(
        text, max(0, found.at[0] - _LONGEST_LEAD), found.at[0]
    )
    listed = _LISTED.match(text, named.end()) if named is not None else None
    if named is None or listed is None or (named["within"] and not listed["only"]):
        return ()
    numbers = _NUMBER.findall(named["numbers"])
    sections = [_called(passage.document.root, number) for number in numbers]
    known = tuple(section for section in sections if section is not None)
    inside = any(section is one for section in known for one in (*passage.around, passage.clause))
    # A range such as "8 to 10" leaves out the sections between.
    return known if inside and len(known) == len(numbers) else ()


def _called(root: Clause, number: str) -> Clause | None:
    """Return the only section with a number, or the only clause with it; None if there is none or several."""
    found = [clause for clause in root.walk() if number in (clause.number, clause.marker.rstrip(".)"))]
    sections = [clause for clause in found if clause.kind is ClauseKind.SECTION] or found
    return sections[0] if len(sections) == 1 else None


def _limit_in_sentence(found: Found) -> re.Match[str] | None:
    """Return the match of "In this Section 5," before the term in its sentence, or right after its verb."""
    text = found.passage.text
    start = max(sentence_start(text, found.at[0]), after_number(text))
    for limit in _NARROW.finditer(text, start, min(found.at[0], start + 2 * _LONGEST_LEAD)):
        lead = text[start : limit.start()]
        if (
            _ONLY_HERE.search(lead)
            and limit.start() - start < _LONGEST_LEAD
            and _is_lead(text, limit.end(), found.at[0])
        ):
            return limit
    after = re.compile(r"[\s,]*(?:(?:as|when)\s+used|for\s+(?:the\s+)?purposes?)\b", re.IGNORECASE).match(
        text, found.at[1]
    )
    return _NARROW.search(text, found.at[1], found.at[1] + 60) if after else _after_verb(text, found.at[1])


def _is_lead(text: str, start: int, end: int) -> bool:
    """Return whether only the beginning of the clause is between the limit and the term."""
    between = text[start:end].strip()
    return not between or (len(between) <= 60 and between[-1:] not in ";." and "(" not in between.rstrip('(“"'))


def _after_verb(text: str, end: int) -> re.Match[str] | None:
    found = re.compile(
        r"\s*(?:shall\s+)?means?,\s+(?:for\s+(?:the\s+)?purposes?\s+of|in|as\s+used\s+in)\s+this\b", re.IGNORECASE
    ).match(text, end)
    return _NARROW.search(text, end, found.end() + 20) if found else None


def _limit_in_introduction(passage: Passage) -> re.Match[str] | None:
    """Return the match of "In this Section:" before the list that contains the definition."""
    before = introduction(passage)
    found = _NARROW.search(before) if before.rstrip().endswith((":", "–", "—")) else None
    return found if found and found.start() < 60 else None


def _numbered(passage: Passage, number: str) -> Clause | None:
    """Return the enclosing clause with the number after "this Section"."""
    if not number:
        return None
    return next((clause for clause in (*passage.around, passage.clause) if clause.number == number), None)


def _section(passage: Passage) -> Clause | None:
    """Return the innermost enclosing section; in a document of nested lists, the innermost enclosing item."""
    for clause in reversed(passage.around):
        if clause.kind in (ClauseKind.SECTION, ClauseKind.ITEM):
            return clause
    return passage.clause if passage.clause.number else None


def _clause(passage: Passage) -> Clause | None:
    """Return the passage's clause if it has a number or is an item, otherwise the enclosing section."""
    if passage.clause.kind is ClauseKind.ITEM or passage.clause.number:
        return passage.clause
    return _section(passage)


_AT = re.compile(
    r"\b(?:stated|set\s+(?:forth|out)|available|found|located|posted|published|given|contained|provided|described|listed)\s+"
    r"(?:at|in|on|under|by)\s*\Z",
    re.IGNORECASE,
)


_BRACKET = re.compile(r"\s*\(\s*(?:[^\W\d_]{2,4}\s+)?")
_JOINED = re.compile(r"(?:,|&|\b(?:and|or|und|oder|et|ou|y|o))\s+(?:[^\W\d_]{2,4}\s+)?\Z", re.IGNORECASE)
_VERB = re.compile(
    r"[”\"’»*_]*\s+(?:refers\s+to|(?!(?:and|or|in|of|under|see|und|oder|im|von|siehe|et|ou|de|du|voir|y|en|del|ver)\b)[^\W\d_]{2,12})"
    r"\s+(?P<article>[^\W\d_]{2,8}\s+)?"
)
_AFTER_MEANT = re.compile(
    r"[”\"’»*_]*\s*(?:[.;)(]|\Z|,\s+(?:which|as|available)\b"
    r"|(?:between|that|which|as|at|available|attached|incorporated|published|located|set)\b)"
)


def _pointing(bound: Bound) -> re.Match[str] | None:
    return pointing(bound.found.passage, bound.found.at[1])


def points(bound: Bound) -> bool:
    """Return whether the words of a definition may only point at another place."""
    return bound.derived(_pointing) is not None


def target_of(bound: Bound, references: Iterable[Reference]) -> tuple[str, str] | None:
    """Return the target of a definition that only points elsewhere, (document id, anchor), or None.

    `references` are those of its passage, in order.
    """
    found, points = bound.found, bound.derived(_pointing)
    if points is None:
        return None
    near = (one for one in references if found.at[1] <= one.place.start <= points.end() + 60)
    return next((one.target for one in near if one.target is not None), None)


def linked_document(found: Found, edition: Edition) -> tuple[str, str] | None:
    """Return (document id, "") of the edition's document that a link after "stated at" names, or that the term means:
    “DPA” means the [processing terms](dpa.md), the [Security Rules](rules.md) (the “Rules”). None if there is no such.
    """
    text, links = found.passage.text, found.passage.links
    if not links:
        return None
    for mark in links:
        inside = found.own[0] <= mark.start < found.own[1]
        if inside and _AT.search(text, found.own[0], mark.start):
            document = _document(mark, found, edition)
            return None if document is None else (document, "")
    meant = [mark for mark in links if "#" not in mark.target and _is_meant(found, mark)]
    document = _document(meant[0], found, edition) if len(meant) == 1 else None
    return None if document in (None, found.passage.document.id) else (str(document), "")


def _is_meant(found: Found, mark: Mark) -> bool:
    """Return whether a link is all that a term means, or is right before the bracket that defines it."""
    text, (start, end) = found.passage.text, found.at
    if mark.end <= start:
        alone = _JOINED.search(text, max(0, mark.start - 12), mark.start) is None
        return alone and _BRACKET.fullmatch(text, mark.end, start) is not None
    between = _VERB.fullmatch(text, end, mark.start) if mark.start >= end else None
    if between is None or not _AFTER_MEANT.match(text, mark.end):
        return False
    article = between["article"]
    return not article or found.passage.grammar.defining.article.match(f"{article.strip()} X") is not None


def _document(mark: Mark, found: Found, edition: Edition) -> str | None:
    """Return the id of the document whose file or address a link names, or None."""
    target = mark.target.partition("#")[0]
    if not target:
        return None
    base = posixpath.dirname(found.passage.document.entry.file)
    file = posixpath.normpath(posixpath.join(base, target))
    for document in edition.documents:
        entry = document.entry
        if file == entry.file or (entry.published and target.rstrip("/") == entry.published.rstrip("/")):
            return document.id
    return None


_ORDINAL = re.compile(r"\.[pbq]\d+$")


class Addresses:
    """Assigns each definition of the documents an address that no clause and no other definition has."""

    def __init__(self) -> None:
        self._taken: dict[str, set[str]] = {}
        self._defined: dict[str, set[str]] = defaultdict(set)
        self._last: dict[tuple[str, str], int] = {}

    def take(self, document: Document, found: Found, anchor: str) -> str:
        """Return the address of a definition; `anchor` is that of the nearest clause with an anchor."""
        if document.id not in self._taken:
            self._taken[document.id] = {clause.anchor for clause in document.root.walk()}
        taken, defined = self._taken[document.id], self._defined[document.id]
        own = found.passage.addressed[0]
        if found.given is not Given.RUNNING and own not in defined:
            defined.add(own)
            return own
        wanted = f"{_ORDINAL.sub('', anchor)}.{slug(found.names[0])}"
        ordinal = self._last.get((document.id, wanted), 1)
        address = wanted if ordinal == 1 else f"{wanted}-{ordinal}"
        while address in taken:
            ordinal += 1
            address = f"{wanted}-{ordinal}"
        self._last[document.id, wanted] = ordinal
        taken.add(address)
        return address
