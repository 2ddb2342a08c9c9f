"""Resolves numbered references to clauses, and separates broken references from those that lead out of the edition."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import engross.common.lazy_re as re
from engross.language import key
from engross.model import Clause, ClauseKind, ReferenceKind
from engross.terms.attached_references import AttachedReferences, Resolved
from engross.terms.cited_words import cited_word
from engross.terms.clause_numbers import Numbering
from engross.terms.enumerated_items import ItemIndexes, item_of_definition
from engross.terms.enumerators import lists_before
from engross.terms.headings import Heading, Headings
from engross.terms.instruments import Instruments, Owner
from engross.terms.known_numbers import is_inserted
from engross.terms.missing_numbers import MissingNumbers
from engross.terms.noted_lookups import NotedLookups
from engross.terms.numbered_titles import NumberedTitles
from engross.terms.own_clause import (
    clause_around,
    contains,
    is_of_other_word,
    is_own_heading,
    misplaced,
    paragraph_below,
    shorter_number_around,
)
from engross.terms.own_words import own_words
from engross.terms.parts import Parts, is_of_law, number_of_part
from engross.terms.passage_memory import PassageMemory
from engross.terms.passages import Outline, Passage
from engross.terms.pointer_owners import BEFORE_NAME, Owned, PointerOwners, is_part_of_section, names_agreement
from engross.terms.reference_patterns import patterns_of
from engross.terms.reference_syntax import (
    ATTACHED,
    BARE,
    OF_HEADINGS,
    PART_WORDS,
    PARTS_OF_WHOLE,
    Point,
    Pointer,
    Spot,
    is_followed,
    next_start,
    split,
    with_hyphens,
)
from engross.terms.title_comparison import is_title_inside, same_title
from engross.terms.typed_numbers import heading_family
from engross.terms.vocabulary import Vocabulary

_OF_DEFINITION = re.compile(
    r"\s+of\s+(?:that|this|the)\s+definition\b(?:\s+of\s+[“\"]?(?P<term>[^”\".,;]{2,60})[”\"])?"
)
_ZERO = re.compile(r"\.0(?=\d)")
_LEVELS = re.compile(r"\d{1,2}\.\d{1,2}")
_LAST_LEVEL = re.compile(r"\.(\d+)\Z")
_OF_ITSELF = re.compile(r"this\s+[A-Z]\w+")


class Numbered:
    """Finds the numbered references in an edition's passages."""

    def __init__(
        self,
        outlines: list[Outline],
        instruments: Instruments,
        headings: Headings,
        vocabulary: Vocabulary,
        memory: PassageMemory,
    ) -> None:
        self.consulted = set[str]()  # the documents in which something was looked up
        by_id = {outline.id: outline for outline in outlines}
        self._outlines = NotedLookups(by_id, by_id.__getitem__, self.consulted)
        self._numberings = NotedLookups(by_id, lambda one: by_id[one].derived(Numbering), self.consulted)
        self._headings = headings
        self._vocabulary = vocabulary
        self._owners = owners = PointerOwners(outlines, instruments, memory)
        # The tables do not refer to this object: a cycle would keep the edition in memory while collection is off.
        self._words = NotedLookups(by_id, lambda one: own_words(by_id[one], owners), self.consulted)
        self._attached = AttachedReferences(self._numberings, self._words, vocabulary)
        self._missing = MissingNumbers(self._numberings, self._words, headings)

    @property
    def owners_facts(self) -> int:
        """The number of all that the owners of references depend on."""
        return self._owners.facts

    def spots(self, passage: Passage) -> Iterator[Spot]:
        """Yield the numbered references of a passage, in order."""
        yield from (spot for owned in self._owners.of(passage) for spot in self._spots(passage, owned))

    def below(self, heading: Heading, parts: tuple[str, ...]) -> Clause | None:
        """Return the item of a section that enumerators name."""
        self.consulted.add(heading.document)
        items = self._outlines[heading.document].derived(ItemIndexes)
        found = items.descend(heading.clause, parts)
        if found is None and not items.of(heading.clause).has_any:
            return heading.clause
        return found

    def _spots(self, passage: Passage, owned: Owned) -> Iterator[Spot]:
        pointer, owner = owned.pointer, owned.owner
        if not pointer.points:
            if own := self._bare_self(passage, pointer):
                yield own
            return
        if owner is not None and owner.document is None:
            here, end = passage.document.id, owned.named_at or pointer.end
            if owner.end <= end or self._outlines[here].derived(Parts).titled(passage.text, end) is None:
                yield owned.outside(owner, self._vocabulary, passage)
                return
            owned = replace(owned, owner=replace(owner, document=here))
        pointer = with_hyphens(pointer, passage.text, self._numberings[passage.document.id].known.has_hyphens)
        owned, start = replace(owned, pointer=pointer), pointer.start
        for point in pointer.points:
            one = self._spot(passage, owned, point)
            if one is not None:
                whole = owned.certain and point is pointer.points[-1] and one[1] is not None
                end = max(point.end, owned.within.end) if whole and owned.within else point.end
                yield Spot(start, end, *one, sure=self._missing.is_sure(passage, owned, point, one))
            start = next_start(pointer, point)

    def _bare_self(self, passage: Passage, pointer: Pointer) -> Spot | None:
        """Resolve "this Section" to the enclosing section, and "this clause" to the enclosing item or paragraph."""
        here = passage.document.id
        if pointer.family == "article" and not passage.grammar.is_english and not self._words[here].is_used("article"):
            return None  # goods: dieser Artikel, cet article
        numbering = self._numberings[here]
        attachment = numbering.attachments.clause_around(passage.index) if pointer.family in ATTACHED else None
        clause = attachment or clause_around(passage, pointer)
        if pointer.family in OF_HEADINGS and heading_family(clause, passage.grammar) != pointer.family:
            return None  # "this By-law" is the whole text
        flat = clause is passage.clause or (clause.kind is ClauseKind.SECTION and clause.level == 1)
        if flat and not clause.number and pointer.family not in ATTACHED:
            clause = numbering.preceding(passage) or clause
        return Spot(pointer.start, pointer.end, ReferenceKind.SELF, (here, clause.anchor))

    def _spot(self, passage: Passage, owned: Owned, point: Point) -> Resolved | None:
        """Return kind, target and problem of one number, or None if it is not a reference."""
        pointer, owner, first = owned.pointer, owned.owner, owned.pointer.points[0]
        document = (owner.document if owner else None) or passage.document.id
        number = point.number
        if pointer.family in (*ATTACHED, *OF_HEADINGS) and number.startswith("("):
            return None  # an item of the sentence: "end any Addendum (i) if …"; division (A) of a law
        if number.startswith("(") and not first.number.startswith("("):
            number = split(first.number)[0] + "".join(split(first.number)[1][:-1]) + number
        if self._is_relative(passage, owned, number):
            return self._relative(passage, owned, re.sub(r"\A\w+", r"(\g<0>)", number))
        if pointer.family in ATTACHED:
            return self._attached.resolve(document, pointer, point, passage)
        if pointer.family == "item" and passage.text[pointer.start : first.start].split()[-1] in PART_WORDS:
            return self._attached.part(passage, owned, number)
        if owned.within is not None and (found := self._within(passage, owned, document, number)) is not None:
            return found
        if owner is not None and owner.document and not owner.certain:
            return self._of_either(passage, owned, owner.document, replace(point, number=number))
        return self._by_digits(passage, owned, document, replace(point, number=number))

    def _of_either(self, passage: Passage, owned: Owned, other: str, point: Point) -> Resolved | None:
        """Resolve "Under the DPA, Section 3 applies": in the passage's document, else in the other."""
        for document, owner in ((passage.document.id, None), (other, Owner(other, True, owned.pointer.start))):
            if self._find(document, point.number, passage) is not None:
                return self._by_digits(passage, replace(owned, owner=owner), document, point)
        title = self._outlines[other].document.entry.title
        problem = f"there is no {cited_word(passage, owned.pointer)} {point.number} in this document or in “{title}”"
        return ReferenceKind.EXTERNAL, None, problem

    def _is_relative(self, passage: Passage, owned: Owned, number: str) -> bool:
        """Return whether a number is that of an item near the passage: (b), and "Absatz 2" in other languages."""
        if owned.within is not None:
            # "apartado 1 de este artículo"
            of_this = not owned.within.points and owned.within.family not in ATTACHED and "." not in number
            return of_this or (number.startswith("(") and passage.grammar.is_english)
        absolute = {*number, *owned.pointer.points[0].number} & {".", "-"}  # Nr. 2.1 und 3
        if number.startswith("(") or absolute or passage.grammar.is_english:
            return number.startswith("(")
        family = owned.pointer.family
        here = owned.owner is None and family == "subsection"
        return family == "paragraph" or (here and not self._words[passage.document.id].is_of_heading(family))

    def _by_digits(self, passage: Passage, owned: Owned, document: str, point: Point) -> Resolved | None:
        """Return kind, target and problem of a number that begins with a digit or a letter."""
        pointer, owner, number = owned.pointer, owned.owner, point.number
        begins = self._numberings[passage.document.id].embedded.begins_at(passage.index, pointer.start)
        if begins or (pointer.family in OF_HEADINGS and not self._words[document].means_parts(pointer.family)):
            return None  # a clause; Chapter 3 of a book, Rule 144
        if (part := self._part(passage, owned, document)) is not None:
            clause = self._numberings[document].find_below(part, number)
            if clause is not None:
                return ReferenceKind.NUMBER, (document, clause.anchor), ""
            problem = f"there is no {cited_word(passage, pointer)} {number} in “{part.name or part.label}”"
            return ReferenceKind.EXTERNAL, None, "" if is_of_law(part) else problem
        if pointer.family == BARE and not self._numberings[document].has_exact(number):
            return self._lost(passage, document, pointer, number)
        clause = self._below_section(passage, owned, number) or self._search(passage, owned, document, number)
        if (lost := self._attached.paragraph_outside(passage, owned, number, clause)) is not None:
            return lost
        if clause is not None and pointer.this and number_of_part(clause):
            clause = None  # "this Paragraph 3" is not "PART 3"
        other_word = owner is None and is_of_other_word(passage, pointer, clause)
        if (
            other_word
            or is_own_heading(passage, pointer, clause)
            or (pointer.family == BARE and clause is passage.clause)
        ):
            return None
        if clause is not None and point.title:
            clause = self._with_title(document, clause, point)
        elif clause is not None and not point.number.startswith("("):
            part = self._outlines[document].derived(Parts).whole(passage.text, pointer.end)
            clause = self._numberings[document].with_word(pointer.family, number, clause, passage, part)
        if clause is not None and not self._missing.is_foreign(document, pointer, owner):
            return self._resolved(passage, owned, document, clause, point)
        return self._missing.resolve(passage, owned, document, point)

    def _resolved(self, passage: Passage, owned: Owned, document: str, clause: Clause, point: Point) -> Resolved:
        """Return the clause that a number means, with what is wrong with its words."""
        pointer = owned.pointer
        this = pointer.this and point.start == pointer.points[0].start
        kind = ReferenceKind.SELF if this else ReferenceKind.NUMBER
        if this and pointer.family != "item":
            problem = misplaced(self._numberings[passage.document.id], clause, point.number, passage)
        else:
            problem = self._mismatch(document, clause, passage, pointer, point)
            if problem and (owned.beside_outside or self._words[document].may_be_standard(pointer.family)):
                return ReferenceKind.EXTERNAL, None, ""
        return kind, (document, clause.anchor), problem

    def _lost(self, passage: Passage, document: str, pointer: Pointer, number: str) -> Resolved | None:
        """Return that a number without a word is missing: "in 5.4.8" where 5.4 has other parts.

        With two levels, it may be an amount.
        """
        lost = number.count(".") + number.count("-") > 1 and self._numberings[document].known.is_beside(number)
        cited = not passage.grammar.is_english or is_followed(passage.text, pointer.end, passage.grammar)
        return (ReferenceKind.NUMBER, None, f"there is no {number}") if lost and cited else None

    def _below_section(self, passage: Passage, owned: Owned, number: str) -> Clause | None:
        """Return the part with a number in the section of a passage: "subrule 2" in rule 13 is 13(2)."""
        if not number[0].isdigit() or owned.owner or not is_part_of_section(passage.text, owned.pointer):
            return None
        section = next((one for one in reversed(passage.around) if one.kind is ClauseKind.SECTION), None)
        return self._numberings[passage.document.id].find_below(section, number) if section is not None else None

    def _search(self, passage: Passage, owned: Owned, document: str, number: str) -> Clause | None:
        """Return the clause with a number, also as other languages and parts of a clause write it."""
        pointer, words = owned.pointer, self._words[passage.document.id]
        if pointer.family in ("§", "article") and passage.grammar.capitalises_nouns and is_inserted(number):
            known = bool(self._numberings[document].titled(number))  # § 5a is no item of § 5
            return self._find(document, number, passage) if known else None
        body = names_agreement(passage.text, owned) or words.means_body(pointer.family, passage.index)
        clause = self._find(document, number, passage, body=body)
        clause = clause or self._find(document, _ZERO.sub(".", number), passage, body=body)  # "Section 5.04" is 5.4
        if clause is None and not passage.grammar.is_english:
            # § 11.1 may be item 1 of § 11, and apartado 1 of cláusula 2 may be 2.1.
            others = (_LAST_LEVEL.sub(r"(\1)", number), re.sub(r"\((\d+)\)", r".\1", number))
            every = (self._find(document, one, passage, body=body) for one in others if one != number)
            clause = next((one for one in every if one is not None), None)
            part, _, inner = number.partition(".")  # II.2 is 2 in part II
            whole = self._find(document, part, passage) if part.isalpha() and inner.isdigit() else None
            clause = clause or (self._numberings[document].find_below(whole, inner) if whole is not None else None)
        if clause is None and _LEVELS.fullmatch(number) and not self._numberings[document].known.has_levels:
            item = _LAST_LEVEL.sub(r"(\1)", number)  # item 1 of "§16" is 16.1
            clause = self._find(document, item, passage, body=body)
        if document != passage.document.id:
            return clause
        if pointer.this and (own := shorter_number_around(passage, number)):
            return self._find(document, own, passage) or clause
        if clause is None and (pointer.this or pointer.family in PARTS_OF_WHOLE):
            clause = self._below_own(passage, number)
        return clause

    def _find(self, document: str, number: str, passage: Passage, *, body: bool = False) -> Clause | None:
        """Return the clause of a document with a number: near the passage, or with `body` outside all attachments."""
        if document not in self._numberings:
            return None
        if document == passage.document.id and not body:
            return self._numberings[document].find(number, passage)
        return self._numberings[document].find(number)

    def _below_own(self, passage: Passage, number: str) -> Clause | None:
        """Return the clause that a short number means in a longer one: "paragraph 2.3" in 18 is 18.2.3."""
        wholes = (
            split(one.number)[0] for one in reversed((*passage.around, passage.clause)) if one.number[:1].isdigit()
        )
        found = (self._find(passage.document.id, f"{whole}.{number}", passage) for whole in dict.fromkeys(wholes))
        return next((one for one in found if one is not None), None)

    def _part(self, passage: Passage, owned: Owned, document: str) -> Clause | None:
        """Return the part of a document that the words after a pointer name: "Section 2(f) of the General Terms"."""
        end, owner = owned.named_at or owned.pointer.end, owned.owner
        if owner is None or owned.pointer.this or owner.end <= end or document != passage.document.id:
            return None
        if titled := self._outlines[document].derived(Parts).titled(passage.text, end):
            return titled
        name = BEFORE_NAME.sub("", passage.text[end : owner.end]).strip('“”" .,')
        if _OF_ITSELF.fullmatch(name):
            return None
        heading = self._headings.find_any(key(name), document, document) if name else None
        return heading.clause if heading is not None and heading.clause.level != 1 else None

    def _with_title(self, document: str, clause: Clause, point: Point) -> Clause:
        """Return the clause with the number of a point that has its title too, or the nearest if none has."""
        others = (one for one in self._numberings[document].titled(point.number) if one is not clause)
        fitting = (one for one in (clause, *others) if same_title(point.title, self._title(document, one) or " "))
        return next(fitting, clause)

    def _within(self, passage: Passage, owned: Owned, document: str, number: str) -> Resolved | None:
        """Resolve a number in the attachment or section that the words name; None to search for it everywhere."""
        within = owned.within
        if within is not None and within.family in ATTACHED:
            return self._attached.inside(document, owned, number, passage)
        if within is None or not within.points:
            return None
        if (clause := self._within_article(passage, owned, document, number)) is not None:
            return ReferenceKind.NUMBER, (document, clause.anchor), ""
        known = self._find(document, within.points[0].number, passage) is not None
        problem = f"{cited_word(passage, within)} {within.points[0].number} has no {number}" if known else ""
        part = known and owned.pointer.family in PARTS_OF_WHOLE and not passage.grammar.is_english
        if part and not owned.certain:
            return ReferenceKind.EXTERNAL, None, ""  # artículo 11, inciso 3º, which only its author counts
        return (ReferenceKind.EXTERNAL, None, problem) if owned.certain else None

    def _within_article(self, passage: Passage, owned: Owned, document: str, number: str) -> Clause | None:
        """Resolve "paragraph 2 of Article 3", and "Article 4, Section 1", where Article 4 has sections of its own."""
        parent = owned.within.points[0].number if owned.within else ""
        part = number if number.startswith("(") else f"({number})"
        if owned.certain and (item := self._find(document, parent + part, passage)) is not None:
            return item
        if number.startswith(f"{parent}."):
            return self._find(document, number, passage)
        clause = self._find(document, f"{parent}.{number}", passage)
        if clause is None and not owned.certain and (above := self._find(document, parent, passage)) is not None:
            return self._numberings[document].find_below(above, number)
        return clause

    def _mismatch(self, document: str, clause: Clause, passage: Passage, pointer: Pointer, point: Point) -> str:
        """Return the problem of a number that exists but has another title in brackets, or an empty string."""
        title = self._title(document, clause)
        # The title after a range is that of any of its sections, or of what they have in common.
        if (
            not point.title
            or not title
            or (point.number.isdigit() and clause not in self._numberings[document].titled(point.number))
            or self._numberings[document].embedded.find(point.number) is clause
            or point.ends_range
            or same_title(point.title, title)
            or is_title_inside(point.title, clause)
        ):
            return ""
        other = self._missing.elsewhere(document, point, passage)
        return f"{cited_word(passage, pointer)} {point.number} is “{title}”, not “{point.title}”{other}"

    def _title(self, document: str, clause: Clause) -> str:
        return self._outlines[document].derived(NumberedTitles).of(clause)

    def _of_definition(
        self, passage: Passage, pointer: Pointer, term: str | None, parts: tuple[str, ...]
    ) -> Resolved | None:
        """Resolve "item (b) of that definition" within the term named last."""
        found = item_of_definition(self._vocabulary, passage, term, pointer.start, parts)
        self.consulted.update(self._numberings if found is None else (found[0],))
        return (ReferenceKind.NUMBER, found, "") if found else None

    def _relative(self, passage: Passage, owned: Owned, number: str) -> Resolved | None:
        """Resolve bare enumerators within the section, definition or item that the sentence names or is part of."""
        text, here, pointer = passage.text, passage.document.id, owned.pointer
        _, parts = split(number)
        if found := _OF_DEFINITION.match(text, pointer.end):
            return self._of_definition(passage, pointer, found["term"], parts)
        if (found := patterns_of(passage.grammar).of_number.match(text, pointer.end)) and found["number"]:
            absolute = "." in found["number"] or self._words[here].is_of_heading("subsection")
            nested = "" if passage.grammar.is_english or absolute else found["number"]
            clause = self._numberings[here].relative(passage, (f"({nested})", *parts)) if nested else None
            clause = clause or self._numberings[here].find(found["number"] + number, passage)
            clause = clause or (self._numberings[here].relative(passage, parts) if found["this"] else None)
        else:
            clause = self._numberings[here].relative(passage, parts)
        section = next((outer for outer in reversed(passage.around) if outer.kind is ClauseKind.SECTION), None)
        if not passage.grammar.is_english and not (clause and found and "." in (found["number"] or "")):
            clause = clause if section is not None else paragraph_below(self._numberings[here], passage, number)
            if clause is None or (section is not None and not contains(section, clause)):
                return self._missing.item(passage, owned, number, section)
        if clause is not None:
            return ReferenceKind.SELF if pointer.this else ReferenceKind.NUMBER, (here, clause.anchor), ""
        if clause is None and passage.clause.anchor and lists_before(text, pointer.start, parts):
            return ReferenceKind.SELF, (here, passage.clause.anchor), ""
        if found and found["number"]:
            whole = self._numberings[here].find(found["number"], passage)
            missing = whole is not None and self._numberings[here].section_items(whole).has_any
            return (ReferenceKind.NUMBER, None, f"{found['number']} has no {number}") if missing else None
        return self._missing.item(passage, owned, number, section)
