"""Finds the parts of a document that may define terms for themselves: attachments, and agreements joined in a file."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence

import engross.common.lazy_re as re
from engross.drafting.detectors.use_counts import Repeat
from engross.drafting.subject import Passage, Reading, Subject
from engross.language import Grammar
from engross.model import ClauseKind, Definition, Given, MarkKind
from engross.terms import grammar_of

_KEY = "parts with definitions of their own"
_ATTACHED = re.compile(
    r"\W*(?:appendix|schedule|annex(?:e|ure)?|exhibit|attachment|addendum|anlage|anhang|anexo|apéndice)\s+(?:[A-Z]|\d{1,2}|[IVX]+)"
    r"(?![\w’'])(?!\.\d)(?:\W|\Z)(?!.*[.;,]\Z)",
    re.IGNORECASE,
)
_LONGEST_HEAD = 100
_NEXT_PASSAGES = 14
_FIRST_NUMBER = re.compile(r"(?:article\s+|section\s+|§\s*)?\(?(?:1|I)(?:\.[01])?[.):]?(?![\w.])", re.IGNORECASE)
_SEVERAL, _WINDOW = 5, 10


def own_part(subject: Subject, passage: Passage, found: Sequence[Repeat]) -> int:
    """The index of the passage that begins the attachment or the joined agreement of a passage; -1 outside all.

    `found` are all repeated definitions.
    """
    known = subject.kept.get(_KEY)
    if not isinstance(known, dict):
        lists = _second_lists(found)
        known = subject.kept[_KEY] = {
            name: sorted({*_heads(subject, reading), *lists[name]}) for name, reading in subject.by_document.items()
        }
    heads = known[passage.document.id]
    at = bisect_right(heads, passage.index)
    return heads[at - 1] if at else -1


def _heads(subject: Subject, reading: Reading) -> Iterator[int]:
    """The passages that begin an attachment or, in a text that joins several agreements, one of these."""
    grammar = grammar_of(reading.document)
    named = _agreement_names(subject, reading, grammar)
    for at, passage in enumerate(reading.passages):
        if len(passage.text) > _LONGEST_HEAD:
            continue
        if _ATTACHED.match(passage.text):
            yield passage.index
        elif _is_title(passage, grammar):
            following = reading.passages[at + 1 : at + 1 + _NEXT_PASSAGES]
            if any(one.index in named or _begins_numbers(one) for one in following):
                yield passage.index


def _agreement_names(subject: Subject, reading: Reading, grammar: Grammar) -> frozenset[int]:
    """The clauses in which a text names itself: "These terms and conditions (these “Terms”) govern …"."""
    definitions = (one for _, one in subject.defined_in.get(reading.document.id, ()))
    return frozenset(one.place.clause for one in definitions if _names_agreement(one, grammar))


def _names_agreement(definition: Definition, grammar: Grammar) -> bool:
    named = re.compile(rf"(?:\S+\s+){{0,4}}(?:{grammar.referring.agreements})", re.IGNORECASE)
    return definition.given is Given.RUNNING and any(named.fullmatch(name) for name in definition.names)


def _is_title(passage: Passage, grammar: Grammar) -> bool:
    """Whether a passage is a title that names an agreement: "# Developer Policy", "**KEYWORD ADVERTISING TERMS**"."""
    text, clause = passage.text.strip(), passage.clause
    titled = re.compile(rf"[^\W\d_](?:[^.;]*[^\w.;])?(?:{grammar.referring.agreements})\b[^.;:]{{0,40}}", re.IGNORECASE)
    if not titled.fullmatch(text) or clause.number:
        return False
    if clause.kind is ClauseKind.SECTION:
        return clause.level == 1
    strong = (mark for mark in clause.inline.marks if mark.kind is MarkKind.STRONG)
    bold = any(mark.start <= 1 and mark.end >= len(text) - 1 for mark in strong)
    return clause.kind is ClauseKind.PARAGRAPH and bold and len(passage.around) <= 3 and text.upper() == text


def _begins_numbers(passage: Passage) -> bool:
    """Whether a numbered section or paragraph is the first of its text: "1. Acceptance", "1.1 …"."""
    clause = passage.clause
    if clause.kind not in (ClauseKind.SECTION, ClauseKind.PARAGRAPH):
        return False
    return _FIRST_NUMBER.match(clause.number or passage.text) is not None


def _second_lists(found: Sequence[Repeat]) -> defaultdict[str, list[int]]:
    """By document, the clauses that begin a second list of definitions: several terms of another list in its order."""
    starts: defaultdict[str, list[int]] = defaultdict(list)
    of_document: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for one in found:
        first, again = one.first.place, one.again.place
        if one.slip and first.document == again.document:
            of_document[again.document].append((again.clause, first.clause))
    for document, pairs in of_document.items():
        pairs.sort()
        origin = -1
        for at, (begin, first) in enumerate(pairs):
            window = [one for _, one in pairs[at : at + _WINDOW] if first <= one < begin]
            if (origin < 0 or first <= origin) and _longest_increase(window) >= _SEVERAL:
                starts[document].append(begin)
                origin = first
    return starts


def _longest_increase(numbers: Sequence[int]) -> int:
    """The length of the longest increasing sequence among numbers."""
    best: list[int] = []
    for at, number in enumerate(numbers):
        best.append(1 + max((best[one] for one in range(at) if numbers[one] < number), default=0))
    return max(best, default=0)
