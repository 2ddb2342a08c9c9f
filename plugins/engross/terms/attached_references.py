"""Resolves references to exhibits, schedules, annexes and the like: "Schedule 2", "Annex I(B)"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import engross.common.lazy_re as re
from engross.model import Clause, ReferenceKind
from engross.terms.cited_words import cited_word
from engross.terms.clause_numbers import Numbering
from engross.terms.own_words import OwnWords
from engross.terms.parts import Parts
from engross.terms.passages import Passage
from engross.terms.pointer_owners import Owned
from engross.terms.reference_syntax import ATTACHED, PARTS_OF_WHOLE, Point, Pointer, split
from engross.terms.title_comparison import has_other_title
from engross.terms.vocabulary import Vocabulary

Resolved = tuple[ReferenceKind, tuple[str, str] | None, str]
"""Kind, target (document and anchor) and problem of a reference."""

# Reports to a securities authority have exhibits and schedules of their own: "Exhibit 10.1", "Schedule 13D".
_OF_REPORT = re.compile(r"(?:exhibit (?:[1-9]\d?\.\d+|99)|schedule (?:13[DFG]|14[A-F]|TO))\b", re.IGNORECASE)
_TITLE_NEXT = re.compile(r"\s*(?:[:–—-]|\Z)|\s+(?:[“\"A-Z](?![a-z]*\s+(?:shall|will|may|must)\b)|TO\s)")
_TO_OTHER = re.compile(
    r"\s+(?:to|of)\s+(?:the|that\s+certain)\s+(?P<name>(?:[A-Z][\w&’'-]*\s+){0,5}(?P<last>[A-Z][\w&-]*))(?![\w’'-])(?!\s+[A-Z])"
)
_VERSION = re.compile(r"[A-Z]\.\d+\.\d+")  # the template "Addendum B.1.0" of an authority
_CONTRACTS = frozenset(
    (
        "Agreement",
        "Contract",
        "Indenture",
        "Lease",
        "Plan",
        "Deed",
        "Articles",
        "Bylaws",
        "Letter",
        "Statement",
        "Report",
        "Prospectus",
    )
)
_PLANNED = re.compile(r"\bto\s+be\s+(?:attached|numbered|added|designated|labell?ed|included)\b[^.;]{0,60}\Z")
_ASKS = re.compile(
    r"(?:\b(?:in|of|to|at|as|by|and|or|under|per|on|see|with|from|the|this|that|is|are|our|your|its|called|titled)|[,:(/&])\s*\Z",
    re.IGNORECASE,
)


_HERETO = re.compile(r"[^.;]{0,60}\b(?:hereto|herewith|this\s+Amendment)\b")
_THIS_ONE = re.compile(r"[(“\"]\s*this\s+[“\"]|\bthis\s+(?:\w+\s+){0,4}amendment\b", re.IGNORECASE)


class AttachedReferences:
    """Finds the attachments that references of an edition mean."""

    def __init__(
        self, numberings: Mapping[str, Numbering], words: Mapping[str, OwnWords], vocabulary: Vocabulary
    ) -> None:
        self._numberings = numberings
        self._words = words
        self._vocabulary = vocabulary

    def resolve(self, document: str, pointer: Pointer, point: Point, passage: Passage) -> Resolved | None:
        """Return what one number of a pointer means, or None if the words are the heading of an attachment."""
        base, parts = split(point.number)
        if parts and not passage.grammar.is_english and pointer.family == "annex":
            # "Anlage 1, Ziffer 2"
            part = Owned(replace(pointer, family="item"), None, replace(pointer, points=(replace(point, number=base),)))
            found = self.inside(document, part, "".join(parts).strip("()"), passage) if len(parts) == 1 else None
            if found is not None and found[1] is not None:
                return found
        if clause := self._numberings[document].attachments.find(pointer.family, base):
            if clause is passage.clause and not pointer.this and not passage.text[: pointer.start].strip(" \n="):
                return None
            if self._words[document].is_annex_of_clauses(pointer.family, base) and has_other_title(
                passage.text, point.end, clause
            ):
                return ReferenceKind.EXTERNAL, None, ""
            return ReferenceKind.HEADING, (document, clause.anchor), ""
        for other, numbering in self._numberings.items():
            title = numbering.outline.document.entry.title
            if re.match(rf"{pointer.family}\s+{re.escape(base)}\b", title, re.IGNORECASE):
                return ReferenceKind.DOCUMENT, (other, ""), ""
            if (clause := numbering.attachments.find(pointer.family, base)) is not None:
                return ReferenceKind.HEADING, (other, clause.anchor), ""
        if (
            base[-1:].isalpha()
            and base[:1].isdigit()
            and self._numberings[document].attachments.find(pointer.family, base[:-1])
        ):
            # Schedule 1A is a part of Schedule 1 where it has no heading of its own.
            return self.resolve(document, pointer, replace(point, number=base[:-1]), passage)
        return self._missing(document, pointer, point, passage)

    def inside(self, document: str, owned: Owned, number: str, passage: Passage) -> Resolved | None:
        """Return what "paragraph 2 of Schedule 1" and "section 2 of this Annex" mean; None to search everywhere."""
        whole = owned.within
        if whole is None or not whole.points:
            position = self._position_around(owned, passage)
            return self._inside(passage.document.id, position, owned, number, passage) if position else None
        family, base = whole.family, split(whole.points[0].number)[0]
        for other in dict.fromkeys((document, *self._numberings)):
            if position := self._numberings[other].attachments.position(family, base):
                return self._inside(other, position, owned, number, passage)
        # Of "Exhibit A, Section 4", the section may be one of the agreement.
        part = owned.certain or owned.pointer.family in PARTS_OF_WHOLE
        return (ReferenceKind.EXTERNAL, None, "") if part else None

    def _position_around(self, owned: Owned, passage: Passage) -> int:
        family = owned.within.family if owned.within else ""
        return self._numberings[passage.document.id].attachments.position_of_this(family, passage)

    def _inside(self, document: str, position: int, owned: Owned, number: str, passage: Passage) -> Resolved | None:
        """Return what a number means in the attachment at a position of a document."""
        numbering, whole, family = self._numberings[document], owned.within, owned.pointer.family
        here = passage.index if document == passage.document.id else -1
        clause = numbering.find_in(position, number, owned.part, here)
        clause = clause or (numbering.typed_in(position, number) if not owned.part else None)
        if clause is not None:
            return ReferenceKind.NUMBER, (document, clause.anchor), ""
        if not owned.certain and family not in PARTS_OF_WHOLE:
            return None  # a list: "Exhibit A, Section 4"
        points = whole.points if whole else ()
        word = cited_word(passage, whole) if whole else ""
        name = f"{word} {split(points[0].number)[0]}" if points else f"this {word}"
        return _lacks(numbering, position, name, cited_word(passage, owned.pointer, small=True), number)

    def paragraph_outside(self, passage: Passage, owned: Owned, number: str, found: Clause | None) -> Resolved | None:
        """Return that an attachment lacks "paragraph 5", if only the agreement, which has clauses, has that number."""
        numbering, pointer, owner = self._numberings[passage.document.id], owned.pointer, owned.owner
        position = numbering.attachments.around(passage.index)
        if not position or pointer.family != "paragraph" or (owner is not None and owner.end > pointer.end):
            return None
        if found is None or numbering.attachments.around(numbering.index(found)) == position:
            return None
        if self._words[passage.document.id].body_has_paragraphs or numbering.find_in(position, "1") is None:
            return None
        return _lacks(numbering, position, "this attachment", cited_word(passage, pointer, small=True), number)

    def part(self, passage: Passage, owned: Owned, number: str) -> Resolved | None:
        """Return what "Part 2" means: in the attachment that the words name, or in that around the passage."""
        here, whole = passage.document.id, owned.within
        numbering = self._numberings[here]
        attachments, position, name = numbering.attachments, 0, ""
        if whole is not None and whole.points and whole.family in ATTACHED:
            name = split(whole.points[0].number)[0]
            position = attachments.position(whole.family, name)
        else:
            position = attachments.around(passage.index)
        parts = attachments.parts(position) if position else []
        part = next(iter(attachments.parts(position, number)), None) if parts else None
        if part is not None:
            kind = ReferenceKind.SELF if owned.pointer.this else ReferenceKind.HEADING
            return None if part is passage.clause else (kind, (here, part.anchor), "")
        if parts and whole is not None and name:
            return ReferenceKind.EXTERNAL, None, f"{cited_word(passage, whole)} {name} has no Part {number}"
        return numbering.outline.derived(Parts).resolve(passage, owned.pointer, number)

    def _missing(self, document: str, pointer: Pointer, point: Point, passage: Passage) -> Resolved | None:
        if pointer.this:  # the document is the exhibit: "this Exhibit C"
            return ReferenceKind.SELF, (document, ""), ""
        embedded, base = self._numberings[document].embedded, split(point.number)[0]
        here = self._numberings[passage.document.id].embedded.begins_at(passage.index, pointer.start)
        if here or _is_heading(passage.text, pointer, point):
            return None
        if clause := embedded.attachment(pointer.family, base):
            return ReferenceKind.HEADING, (document, clause.anchor), ""
        name = f"{pointer.family.capitalize()} {base}"
        # "Reference to Tariffs, Schedules 120 Definitions": the number of a page.
        if _is_of_other(passage.text, point.end, self._numberings[document].outline.document.entry.title):
            return ReferenceKind.EXTERNAL, None, ""
        if _VERSION.fullmatch(base):
            return ReferenceKind.EXTERNAL, None, ""
        page = passage.text[pointer.start : point.start].rstrip().endswith("s") and base.isdigit() and len(base) > 1
        planned = _PLANNED.search(passage.text, 0, point.start) is not None
        known = self._numberings[document].attachments.has_in_other_digits(pointer.family, base)
        known = (
            known
            or self._vocabulary.defined(name, passage)
            or self._words[document].is_annex_of_clauses(pointer.family, base)
        )
        if (
            page
            or planned
            or known
            or self._is_amended(passage, point.end)
            or _OF_REPORT.match(f"{pointer.family} {base}")
        ):
            return ReferenceKind.EXTERNAL, None, ""
        return ReferenceKind.ATTACHMENT, None, f"there is no {cited_word(passage, pointer)} {base}"

    def _is_amended(self, passage: Passage, end: int) -> bool:
        """Return whether a document that calls itself an amendment cites an attachment of what it amends."""
        meaning = None if _HERETO.match(passage.text, end) else self._vocabulary.meaning("Amendment", passage)
        return meaning is not None and _THIS_ONE.search(meaning.bound.found.body) is not None


def _lacks(numbering: Numbering, position: int, name: str, word: str, number: str) -> Resolved:
    """Return that an attachment has no such number; it may have been lost unless the numbers around it show that."""
    kind = ReferenceKind.NUMBER if numbering.parts.counts_below(position, number) else ReferenceKind.EXTERNAL
    return kind, None, f"{name} has no {word} {number}"


def _is_of_other(text: str, end: int, title: str) -> bool:
    """Return whether the words after an attachment say that it belongs to another contract: "Exhibit A to the OA"."""
    found = _TO_OTHER.match(text, end)
    if not found or (found["last"] not in _CONTRACTS and not found["last"].isupper()):
        return False
    return (" " in found["name"] and found["name"].casefold() not in title.casefold()) or found["last"].isupper()


def _is_heading(text: str, pointer: Pointer, point: Point) -> bool:
    """Return whether the words are a heading or the label of a page, where a converter lost that it is one.

    They begin a paragraph ("EXHIBIT A Form of Note"), follow a title in capitals, or end a line without a sentence.
    """
    before, after = text[: pointer.start].strip(" \n\t*_"), text[point.end :].rstrip(" \n\t*_")
    if not any(map(str.islower, before)) and (not before or text[pointer.start : pointer.start + 2].isupper()):
        return _TITLE_NEXT.match(after) is not None
    return not after.strip() and not _ASKS.search(before)
