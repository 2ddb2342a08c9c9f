"""Decides whether a reference that seems to describe its target wrongly is right after all.

Texts number their parts more than once, name clauses of other documents, and lose numbers when they are converted.
"""

from __future__ import annotations

from collections.abc import Iterable

import engross.common.lazy_re as re
from engross.drafting.subject import Passage, Reading, Subject
from engross.model import Clause, ClauseKind, Inline, Reference, Severity

_NUMBER = re.compile(r"\d+(?:\.\d+)*")
_TITLE = re.compile(r"\((?:[“\"‘]\s*)?([A-Z][^()“”\"]{2,80}?)[”\"’]?\)")
_TITLES = re.compile(r" is “([^”]+)”, not “([^”]+)”(?P<moved>; )?")
_HAS_NO_ITEM = re.compile(r" has no \S+")
_HERE = re.compile(r"“this” refers to (?P<cited>[^\s,]+), but the text is in (?P<own>\S+)\Z")
_ORDINALS = re.compile(r"\d+|(?<![A-Za-z])[A-Za-z](?![A-Za-z])")
_MODEL_CLAUSES = re.compile(r"\b(?:SCCs?|Standard Contractual Clauses|Model Clauses)\b")
# The name of another document right before the reference: "the Network Security Requirements Section 3".
_OF_ANOTHER = re.compile(r"\b(?:[A-Z]\w+\s+){1,6}(?:Requirements|Guidelines|Standards?|Rules|Policies)\s+\Z")
_SAME_LETTERS = 5


def is_right_after_all(subject: Subject, reference: Reference) -> bool:
    """Return whether a reference with a problem is nevertheless right, or cannot be judged."""
    # "Section 4.3 is “A”, not “B”; “B” is 4.3": two clauses have the number.
    number = _NUMBER.search(reference.text)
    if number and reference.problem.endswith(f" is {number[0]}"):
        return True
    passage, reading = subject.passage(reference.place), subject.by_document.get(reference.place.document)
    if passage is None or reading is None or reference.target is None:
        return False
    if reference.text.lower().startswith("this ") and (
        _is_about_another(passage, reference)
        or _continues(reading, reference)
        or _is_headed(reading, passage, reference.target[1])
        or _is_relative(reference)
    ):
        return True
    return _is_of_clauses(subject, passage, reference) or _has_title(reading, passage, reference)


def mismatch_severity(subject: Subject, reference: Reference) -> Severity | None:
    """Return the severity of a reference that describes its target wrongly; None for that of the rule.

    A title that no other section has is a note: it may be a paraphrase.
    """
    if not reference.sure or _HAS_NO_ITEM.search(reference.problem):
        return Severity.NOTE
    if here := _HERE.search(reference.problem):
        siblings = "." in here["own"] and here["own"].rpartition(".")[0] == here["cited"].rpartition(".")[0]
        return Severity.WARNING if siblings else None
    found = _TITLES.search(reference.problem)
    if found is None:
        return None
    if not found["moved"]:
        return Severity.NOTE
    # In the section with the title, a bracket after another number names what the section is about.
    passage, number = subject.passage(reference.place), reference.problem.rpartition(" is ")[2]
    around = (*passage.around, passage.clause) if passage else ()
    return Severity.NOTE if any(clause.number == number for clause in around) else None


def _is_about_another(passage: Passage, reference: Reference) -> bool:
    """Whether "this Section 5" is in a table, or repeats a number that the text has just named."""
    if passage.clause.kind is ClauseKind.CELL:
        return True
    named = " ".join(reference.text.split()).partition(" ")[2]
    return named in " ".join(passage.text[: reference.place.start].split())


def _is_relative(reference: Reference) -> bool:
    """Whether "this Section 3(e)" counts from a part around it: the text is in 1.3.5."""
    here = _HERE.search(reference.problem)
    number = _ORDINALS.findall(reference.text.partition(" ")[2])
    wanted, own = [
        [_ordinal(part) for part in parts] for parts in (number, _ORDINALS.findall(here["own"] if here else ""))
    ]
    return len(own) > len(wanted) > 1 and own[-len(wanted) :] == wanted


def _ordinal(part: str) -> int:
    return int(part) if part.isdigit() else ord(part.lower()) - ord("a") + 1


def _is_headed(reading: Reading, passage: Passage, anchor: str) -> bool:
    """Whether the target is a heading before the text in the same item or quotation, where headings contain nothing."""
    for _, clause, around in reading.nodes:
        if clause.anchor == anchor and clause.kind is ClauseKind.SECTION:
            within = around[-1]
            return within.kind in (ClauseKind.ITEM, ClauseKind.QUOTE) and _is_one_of(within, passage)
    return False


def _is_one_of(clause: Clause, passage: Passage) -> bool:
    return any(outer is clause for outer in passage.around)


def _has_title(reading: Reading, passage: Passage, reference: Reference) -> bool:
    """Whether the title is a form of the target's, that of a further clause with the number, or of another text."""
    found, number = _TITLES.search(reference.problem), _NUMBER.search(reference.text)
    if not found or not number:
        return False
    one, other = (title.casefold().split() for title in (found[1], found[2]))
    if len(one) == len(other) and all(
        left[:_SAME_LETTERS] == right[:_SAME_LETTERS] for left, right in zip(one, other, strict=True)
    ):
        return True
    begins = re.compile(rf"{re.escape(number[0])}[.):]?\s*{re.escape(found[2])}\b", re.IGNORECASE)
    if any(begins.match(f"{one.clause.marker} {one.text}".lstrip()) for one in reading.passages):
        return True
    return _OF_ANOTHER.search(passage.text, 0, reference.place.start) is not None


def _continues(reading: Reading, reference: Reference) -> bool:
    """Whether the target is the last clause with a number of its kind before the text: paragraphs after a numbered one
    belong to it.
    """
    anchor = reference.target[1] if reference.target else ""
    target = next((clause for _, clause, _ in reading.nodes if clause.anchor == anchor), None)
    if target is None or not target.number:
        return False
    kind = _kind_of(target.number)
    before = (clause for index, clause, _ in reading.nodes if index <= reference.place.clause and clause.number)
    last: list[Clause] = [clause for clause in before if _kind_of(clause.number) == kind]
    return bool(last) and last[-1] is target


def _kind_of(number: str) -> tuple[bool, ...]:
    """For each part of a number whether it is in figures."""
    return tuple(part.isdigit() for part in number.strip(".").split("."))


def _is_of_clauses(subject: Subject, passage: Passage, reference: Reference) -> bool:
    """Whether a title is that of a clause within the target ("Section 15(8) (Mass Filings)"), or of a clause of the
    Standard Contractual Clauses, which the paragraph or the section names.
    """
    title = _TITLE.search(reference.text)
    if title is None or reference.target is None:
        return False
    if reference.text.lower().startswith("clause"):
        around = [*(clause.name for clause in passage.around if clause.level > 1), passage.text]
        around += [above.text for above in _siblings_before(passage)]
        if any(map(_MODEL_CLAUSES.search, around)):
            return True
    target = subject.by_document.get(reference.target[0])
    name = title[1].casefold()
    return target is not None and any(
        clause.name.casefold().strip(" .") == name and any(above.anchor == reference.target[1] for above in around)
        for _, clause, around in target.nodes
    )


def _siblings_before(passage: Passage) -> Iterable[Inline]:
    parent = passage.around[-1]
    return (child.inline for child in parent.children[:12] if child is not passage.clause)
