"""Decides what a number that was not found is: a mistake, one of another instrument, or one that was not read.

How sure a mistake is depends on the numbers of the document around it. It is sure where they show that the number does
not exist:

* "4.3" where clause 4 has parts with numbers up to 4.2;
* "4(d)" where clause 4 has items of that kind up to (c);
* "14" where the sections of the document count from 1 to 13, or letters and numerals likewise.

It is not where nothing like it exists (a program may have numbered the text, or a converter have lost the numbers), nor
where the number is between others, numbers on one level are used twice, some headings have none, or the text hardly
uses the word before the number for its own parts. Where the document often cites the clauses of another contract, or
much of what it cites is missing, that number may be one of another text.
"""

from __future__ import annotations

from collections.abc import Mapping, Set as AbstractSet

import engross.common.lazy_re as re
from engross.language import key
from engross.model import Clause, ClauseKind, ReferenceKind
from engross.terms.attached_references import Resolved
from engross.terms.cited_words import cited_number, cited_parts, cited_word
from engross.terms.clause_numbers import Numbering, is_lettered
from engross.terms.enumerators import (
    enumerator,
    first_enumerators,
    following_enumerator,
    has_lost_enumerators,
)
from engross.terms.headings import Headings
from engross.terms.instruments import Owner
from engross.terms.known_numbers import LETTERS_LAST, is_inserted
from engross.terms.numbered_titles import NumberedTitles
from engross.terms.own_clause import is_elsewhere
from engross.terms.own_words import OwnWords
from engross.terms.passages import Outline, Passage
from engross.terms.pointer_owners import Owned, under_law
from engross.terms.reference_syntax import BARE, Point, Pointer, split

_PAGE = re.compile(r"[\d\s]*<[A-Z]+>[\d\s]*")  # "## 41 <PAGE>": a converter made a heading of a page's mark


class MissingNumbers:
    """Judges the numbers that the documents of an edition do not have."""

    def __init__(self, numberings: Mapping[str, Numbering], words: Mapping[str, OwnWords], headings: Headings) -> None:
        self._numberings = numberings
        self._words = words
        self._headings = headings
        self._found: dict[tuple[int, str], tuple[AbstractSet[str], int, bool]] = {}

    def resolve(self, passage: Passage, owned: Owned, document: str, point: Point) -> Resolved | None:
        """Treat a number that was not found as broken if only this document can be meant, otherwise as external.

        An external reference that names no other document has a problem: it may be a mistake.
        """
        numbering, pointer = self._numberings.get(document), owned.pointer
        if numbering is None or owned.beside_outside:
            return ReferenceKind.EXTERNAL, None, ""
        if pointer.family == "item" or (is_lettered(point.number) and not numbering.has_lettered):
            return None  # "section M3" of a form
        outside = not _is_named(owned) and self._words[document].is_cited_outside(pointer.family, point.number)
        base, items = split(point.number)
        # Of a section that is also here, it may be an item here: 4.2(vi) beside "Section 4.2(i) of the Plan".
        lettered = bool(items) and items[0][1:2].isalpha() and numbering.find(base) is not None
        if outside and not lettered:
            return ReferenceKind.EXTERNAL, None, ""
        word, number = cited_word(passage, pointer), cited_number(passage, point)
        if not outside and self._is_certain(passage, owned, numbering, point):
            base, parts = _known_base(numbering, point.number)
            title = numbering.outline.document.entry.title if document != passage.document.id else ""
            of = f" in “{title}”" if title else ""
            other = self.elsewhere(document, point, passage)
            if parts and not other:
                problem = f"{word} {base} has no {cited_parts(passage, point, base, parts)}{of}".strip()
                # Converters drop enumerators: where a section has other lists, the mistake may be theirs.
                whole = None if _keeps_enumerators(numbering, base, parts) else numbering.find(base)
                return ReferenceKind.NUMBER, (document, whole.anchor) if whole else None, problem
            problem = f"there is no {f'{word} {number}'.strip()}{of}{other}"
            return ReferenceKind.NUMBER, None, problem
        if not pointer.this and self._words[document].is_known_outside(pointer.family, point.number):
            return ReferenceKind.EXTERNAL, None, ""
        problem = f"there is no {f'{word} {number}'.strip()}"
        if not pointer.this:
            other = self.elsewhere(document, point, passage)
            problem += other or " in this document, and the sentence names no other"
        return ReferenceKind.EXTERNAL, None, problem

    def item(self, passage: Passage, owned: Owned, number: str, section: Clause | None) -> Resolved | None:
        """Treat an item near a passage that was not found as broken, or as one that may be elsewhere or was not read.

        `section` is the section around the passage, if any.
        """
        part, within = split(number)[1][0], section or passage.around[0]
        items = self._numberings[passage.document.id].items_below(within)
        marks, written, lost = self._items(within, part)
        if lost or written > passage.text.count(f"{part} ") or owned.beside_outside:
            return None
        problem = f"there is no item {number} here"
        # A list whose first item is not there was cut by a page, or a converter lost its letters.
        begun = not marks.isdisjoint(first_enumerators(part))
        english, family = passage.grammar.is_english, owned.pointer.family
        if english and family != "item":
            return ReferenceKind.NUMBER if begun and items.has_any else ReferenceKind.EXTERNAL, None, problem
        if english and marks.isdisjoint(first_enumerators(part)):
            # "See paragraph (1)" in a section without any item.
            bare = owned.owner is None and owned.within is None and not items.has_any
            bare = bare and passage.text[owned.pointer.start :][:9].lower() == "paragraph"
            return (ReferenceKind.EXTERNAL, None, problem) if bare or _is_named(owned) else None
        point = family == "subsection" and part[1:-1].isdigit() and not passage.grammar.capitalises_nouns
        shown = not marks.isdisjoint(first_enumerators(part)) or items.lone_paragraphs > 1
        if (point and not shown) or _counts_as_many_paragraphs(within, part) or self._is_beside_law(passage):
            return None  # los puntos 1 y 2 del orden del día
        if english and not marks.isdisjoint((part, following_enumerator(part))):
            return None
        return ReferenceKind.EXTERNAL, None, problem

    def _is_beside_law(self, passage: Passage) -> bool:
        """Return whether a passage cites another text, of which an item may be a part."""
        every = self._words[passage.document.id].owners.of(passage)
        return under_law(passage) or any(one.owner is not None and one.owner.document is None for one in every)

    def _items(self, within: Clause, part: str) -> tuple[AbstractSet[str], int, bool]:
        """Return the enumerators of the items below a clause, how often its text has one such as "(f)" before a blank,
        and whether a converter may have lost that. Each clause is read once for each enumerator.
        """
        known = self._found.get((id(within), part))
        if known is None:
            marks = frozenset(enumerator(inner) for inner in within.walk())
            written = sum(inner.inline.text.count(f"{part} ") for inner in within.walk())
            known = self._found[id(within), part] = marks, written, has_lost_enumerators(within, part)
        return known

    def is_sure(self, passage: Passage, owned: Owned, point: Point, resolved: Resolved) -> bool:
        """Return whether a number without a target is surely a mistake of the text and not of its reading."""
        kind, target, problem = resolved
        if target is not None and problem:
            return _is_named(owned) or not self._words[passage.document.id].cites_contracts
        if kind is not ReferenceKind.NUMBER or target is not None:
            return True
        if (owned.within is not None and owned.within.points) or owned.pointer.family == BARE:
            return False
        document = (owned.owner.document if owned.owner else None) or passage.document.id
        if not self._words[document].is_established(owned.pointer.family):
            return False
        number, first = point.number, owned.pointer.points[0].number
        if first.startswith("("):
            return False  # an item near the passage
        if number.startswith("("):
            number = f"{split(first)[0]}{''.join(split(first)[1][:-1])}{number}"
        return _shows_missing(self._numberings[document], number)

    def _is_certain(self, passage: Passage, owned: Owned, numbering: Numbering, point: Point) -> bool:
        """Return whether only this document can be meant by a number that it does not have."""
        pointer, owner, document = owned.pointer, owned.owner, numbering.outline.id
        words = self._words[document]
        if pointer.this and not _is_mistaken(numbering, passage, point.number):
            return False
        if (
            numbering.outline.derived(_is_cut_by_pages)
            or words.loses_numbers
            or numbering.known.is_hole(point.number)
            or words.loses_level(point.number)
        ):
            return False
        # "Section 83(b)" is one of a law, unlike "Section 99 (Fees)".
        of_law = words.may_be_of_law(pointer.family, point.number)
        if (of_law or words.cites_contracts or words.loses(pointer.family)) and not _is_named(owned):
            return False
        bare = (owner is None or pointer.this) and not point.title
        far = numbering.known.is_far(point.number) and (pointer.family == "article" or bare)
        # Numbers that Engross generates have no gaps: "Section 99" is a mistake there.
        far = far and (pointer.family == "article" or not numbering.known.generated)
        if far or numbering.known.restarts or numbering.embedded.is_usual:
            return False
        if numbering.attachments.around(passage.index) and document == passage.document.id and not pointer.this:
            # An attachment has its own numbering, possibly in another style than the agreement.
            return False
        if not pointer.this and point.number[:1].isalpha() and not numbering.counts_like(point.number):
            return False
        if owner is not None and owner.certain and not (point.number[:1].isdigit() and numbering.leaves_numbers_out):
            return True
        if (
            is_inserted(base := split(point.number)[0])
            and not numbering.known.has_inserted
            and numbering.find(base) is None
        ):
            return False
        if not numbering.counts_like(point.number) or self.is_foreign(document, pointer, owner):
            return False
        return self._words[document].is_own(pointer.family, point.number)

    def is_foreign(self, document: str, pointer: Pointer, owner: Owner | None) -> bool:
        """Return whether a word means the parts of another instrument, unless the sentence surely names a document."""
        certain = owner is not None and owner.certain
        if certain or document not in self._words:
            return False
        number = pointer.points[0].number if pointer.points else ""
        return self._words[document].is_foreign(pointer.family, number)

    def elsewhere(self, document: str, point: Point, passage: Passage) -> str:
        """Return what to add to a problem if the title in brackets is that of another section, or if another part of
        the document has the number.
        """
        numbering = self._numberings[document]
        if document == passage.document.id and (found := numbering.find(point.number)) is not None:
            part = numbering.parts.around_other(numbering.index(found), point.number, passage.index)
            if part is not None:
                return f" outside “{part.name or part.inline.text}”"
        if not point.title:
            return ""
        heading = self._headings.find_any(key(point.title), document, document)
        number = heading.clause.number if heading is not None else ""
        number = number or numbering.outline.derived(NumberedTitles).number_of(point.title)
        return f"; “{point.title}” is {number}" if number else ""


def _is_named(owned: Owned) -> bool:
    """Return whether the words around a number name the document that it belongs to."""
    return owned.pointer.this or (owned.owner is not None and owned.owner.certain)


def _is_mistaken(numbering: Numbering, passage: Passage, number: str) -> bool:
    """Return whether "this Section 6(d)" is a mistake: 6 has items up to (c), or the text is in another section."""
    return ("(" in number and _shows_missing(numbering, number)) or is_elsewhere(numbering, passage, number)


def _known_base(numbering: Numbering, number: str) -> tuple[str, str]:
    """Split a number after the longest beginning that exists: "4(b)(ix)" → ("4", "(b)(ix)"); ("4", "") if none.

    "4A" is no part of 4.
    """
    base = split(number)[0]
    found = LETTERS_LAST.fullmatch(number) if numbering.find(base) is None and not is_inserted(base) else None
    if found:
        base = found["base"] or found["letter"]
    return (base, number[len(base) :]) if numbering.find(base) is not None else (number, "")


def _shows_missing(numbering: Numbering, number: str) -> bool:
    """Return whether the numbers around one that was not found show that it does not exist: 4(a) and 4(b) for 4(d)."""
    base, parts = split(number)
    if not parts and (found := LETTERS_LAST.fullmatch(number)) and found["base"] and found["letters"]:
        base, parts = found["base"], tuple(f"({one})" for one in found["letters"].strip(".").split("."))
    clause = numbering.find(base)
    if clause is None:
        return numbering.known.shows_missing(base)
    for part in parts:
        below = numbering.item(clause, (part,))
        if below is None:
            marks = numbering.section_items(clause).marks
            between = following_enumerator(part) in marks
            begun = not marks.isdisjoint(first_enumerators(part))
            return begun and not between and not numbering.known.is_used_twice(base)
        clause = below
    return False


def _counts_as_many_paragraphs(section: Clause, part: str) -> bool:
    """Return whether a section has as many blocks as a number counts: "Absatz 3" of three without numbers."""
    return part[1:-1].isdigit() and int(part[1:-1]) <= len(section.children)


def _keeps_enumerators(numbering: Numbering, number: str, parts: str) -> bool:
    """Return whether enumerators such as "(a)" or "(1)" were not lost in a section: it has some, or no lists."""
    clause = numbering.find(number)
    if clause is None:
        return False
    items = numbering.section_items(clause)
    digits = parts.strip("(.")[:1].isdigit()
    if any(mark[1:2].isdigit() == digits for mark in items.marks):
        return True
    return not items.has_lists and bool(clause.number) and digits in numbering.outline.derived(_kinds)


def _kinds(outline: Outline) -> frozenset[bool]:
    """Return whether the enumerators in brackets of a text are numbers (True), letters (False) or both."""
    marks = ((enumerator(clause), clause.marker) for _, clause, _ in outline.nodes)
    return frozenset(found[1:2].isdigit() for found, marker in marks if found and marker[:1] in ("", "("))


def _is_cut_by_pages(outline: Outline) -> bool:
    """Return whether marks of pages became headings: what follows them is no part of the section that it belongs to."""
    return any(clause.kind is ClauseKind.SECTION and _PAGE.fullmatch(clause.name) for _, clause, _ in outline.nodes)
