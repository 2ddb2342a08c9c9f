"""Finds the parts of a document that are named by a letter or by a title: "Part A", "this Agreement to Sell"."""

from __future__ import annotations

import engross.common.lazy_re as re
from engross.model import Clause, ClauseKind, MarkKind, ReferenceKind
from engross.terms.passages import Outline, Passage
from engross.terms.reference_syntax import Pointer

_PART = re.compile(r"\W*part\s+(?P<number>[A-Z]|\d{1,2}|[IVXLC]+)(?=\s*[.:–—-]|\s*\Z|\s+[A-Z(\[“\"])", re.IGNORECASE)
_OF = re.compile(r"\s*,?\s*(?:of|in)\s+(?:this|the)\s+", re.IGNORECASE)
_OF_PART = re.compile(r"\s+of\s+Part\s+(?P<number>[A-Z]|\d{1,2}|[IVXLC]+)(?!\w)")
_ARTICLE = re.compile(r"\Athe\s+", re.IGNORECASE)
_LONGEST = 120
_LAW = re.compile(r"\b(?:Act|Code|Directive|Regulation|Law)\W*(?:of\s+)?(?:\d{4})?\W*\Z", re.IGNORECASE)


class Parts:
    """The parts of one document by their letters and numbers, and its sections by their titles."""

    def __init__(self, outline: Outline) -> None:
        self._numbered: dict[str, Clause] = {}
        self._titled: list[tuple[str, Clause]] = []
        for _, clause, _ in outline.nodes:
            if number := number_of_part(clause):
                self._numbered.setdefault(number, clause)
            section = clause.kind is ClauseKind.SECTION and clause.level > 1
            name = clause.name if section else _title_of_item(clause)
            if " " in name:
                self._titled.append((_ARTICLE.sub("", name).casefold(), clause))

    def resolve(
        self, passage: Passage, pointer: Pointer, number: str
    ) -> tuple[ReferenceKind, tuple[str, str] | None, str] | None:
        """Return what "Part A" refers to: kind, target and problem; None if the document has no such parts."""
        part = self._numbered.get(number.upper())
        if part is passage.clause:
            return None
        if part is not None:
            kind = ReferenceKind.SELF if pointer.this else ReferenceKind.HEADING
            return kind, (passage.document.id, part.anchor), ""
        alike = sum(one.isalpha() == number.isalpha() for one in self._numbered)
        problem = f"there is no Part {number} in this document, and the sentence names no other"
        return (ReferenceKind.EXTERNAL, None, problem) if alike > 1 else None

    def whole(self, text: str, at: int) -> Clause | None:
        """Return the part that follows at an offset of a text: that of "of Part 2"."""
        found = _OF_PART.match(text, at) if self._numbered else None
        return self._numbered.get(found["number"].upper()) if found else None

    def titled(self, text: str, at: int) -> Clause | None:
        """Return the section whose whole title follows "of this" or "of the" at an offset of a text."""
        found = _OF.match(text, at)
        if not found or not self._titled:
            return None
        named = text[found.end() : found.end() + _LONGEST].casefold()
        following = (one for one in self._titled if named.startswith(one[0]) and not named[len(one[0]) :][:1].isalpha())
        return max(following, key=lambda one: len(one[0]), default=("", None))[1]


def is_of_law(part: Clause) -> bool:
    """Return whether the name of a section is that of a law, which a reference by that name may mean."""
    return _LAW.search(part.name) is not None


def _title_of_item(clause: Clause) -> str:
    """Return the title of an item of a list that has items or paragraphs of its own; "" for others."""
    if clause.kind is not ClauseKind.ITEM or all(child.kind is ClauseKind.RUN_IN for child in clause.children):
        return ""
    text = clause.inline.text
    return " ".join(text.split()) if len(text) <= _LONGEST and text.rstrip()[-1:] not in (".", ";", ",", ":") else ""


def number_of_part(clause: Clause) -> str:
    """Return the number in the title of a part such as "Part 2", or an empty string."""
    found = _PART.match(title_of_part(clause))
    return found["number"].upper() if found else ""


def title_of_part(clause: Clause) -> str:
    """Return the text of a clause if it can be the title of a part: a heading, or a short bold paragraph."""
    text = clause.inline.text
    if clause.kind is ClauseKind.SECTION:
        return text
    if clause.kind is not ClauseKind.PARAGRAPH or len(text) > _LONGEST or text.rstrip()[-1:] in (".", ";", ","):
        return ""
    bold = any(mark.kind is MarkKind.STRONG and mark.start <= 1 for mark in clause.inline.marks)
    linked = any(mark.kind is MarkKind.LINK for mark in clause.inline.marks)
    return text if bold and not linked else ""
