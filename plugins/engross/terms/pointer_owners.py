"""Decides for each numbered pointer of a passage which instrument, and which attachment, its numbers belong to.

Pointers are read together, because one decides for its neighbours: "Clause 8.1 and Clause 8.5 of the SCCs", "paragraph
2 of Schedule 1", "Exhibit A, Section 4".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import engross.common.lazy_re as re
from engross.common import lazy_value, value_class
from engross.language import Grammar
from engross.model import ClauseKind, MarkKind, ReferenceKind
from engross.terms.instruments import INCLUDING, Instruments, Owner
from engross.terms.owner_phrases import owner_phrases
from engross.terms.passage_memory import PassageMemory
from engross.terms.passages import Outline, Passage
from engross.terms.reference_patterns import patterns_of
from engross.terms.reference_syntax import ATTACHED, BARE, OF_HEADINGS, PARTS_OF_WHOLE, Pointer, Spot, pointers
from engross.terms.split_references import pointers_after, split_words
from engross.terms.vocabulary import Vocabulary

_OWN_ATTACHMENT = re.compile(rf"\b(?:{'|'.join(sorted(ATTACHED))})\b", re.IGNORECASE)
BEFORE_NAME = re.compile(r"\A\s*,?\s*(?:of|to|in|under|from|on)?\s*(?:the\s+)?")
"""What precedes the name of the owner of a reference."""
_CONTRACT = re.compile(
    r"\b(?:Agreement|Addendum|Contract|Deed|DPA|Lease|MSA|Order|Plan|SOW|Terms|Contrat|Vertrag(?:es|s)?|Contrato)"
    r"[”\"’)*,\s]*\Z"
)
_WIDEST = 60
_OF_SECTIONS = ("section", "article", "clause")
_EXCLUDING = re.compile(
    r"[”\")]*,?\s*\(?(?:excluding|except(?:\s+for)?|other\s+than|with\s+the\s+exception\s+of|including|namely)\s+",
    re.IGNORECASE,
)
_AFTER_LINK = re.compile(r"[”\"’]?,?\s*\(?(?:(?:in|under|at)\s+)?")
_ABBREVIATED = re.compile(r"[Aa]rts?\.")
_AFTER_BRACKET = re.compile(r"(?:\s*\([^()]{1,200}\))?\s*,?\s*(?:and|or)\s+")
_AFTER_ATTACHED = re.compile(r"\s*[,(]?\s*")
_TITLE_AFTER = re.compile(r"\s*(?:\([^()]{1,90}\)|\[[^\[\]]{1,90}\]|[“«„\"][^“”«»„\"]{1,90}[”»“\"])")
_AND_IN = re.compile(r"[”\")]?\s*,?\s+(?:and|or)\s+(?:also\s+)?(?:(?:in|under)\s+)?")
_AFTER_TITLED = re.compile(r"\s*,?\s*(?:[“«„\"][^“”«»„\"]{1,90}[”»“\"])?\s*[,(]?\s*")


@value_class(frozen=True, slots=True)
class Owned:
    """A pointer with the instrument it belongs to (None: unnamed) and what its numbers are a part of by the words
    around it: an attachment ("paragraph 2 of Schedule 1") or a section ("paragraph 2 of Article 3").

    `certain` is false if the attachment only precedes the pointer, as in a list: "Exhibit A, Section 4". `part` is the
    number of a part of the attachment: "paragraph 2 of Part 1 of Schedule 3". `named_at` is where the words begin that
    name the owner; 0 if they are right after the pointer. `beside_outside` is true after a reference to another
    contract: "Section 7 of the Lease, and in Section 9".
    """

    pointer: Pointer
    owner: Owner | None
    within: Pointer | None = None
    certain: bool = True
    part: str = ""
    named_at: int = 0
    beside_outside: bool = False

    def outside(self, owner: Owner, vocabulary: Vocabulary, passage: Passage) -> Spot:
        """Return the reference out of the edition; it includes the name of its owner unless that is a defined term."""
        end = self.pointer.end
        if owner.end > end and owner.certain:
            words = BEFORE_NAME.sub("", passage.text[self.named_at or end : owner.end])
            if not vocabulary.defined(words.strip('“”"'), passage):
                end = owner.end
        return Spot(self.pointer.start, end, ReferenceKind.EXTERNAL, None)


class PointerOwners:
    """The pointers of an edition's passages with their owners. Each passage is read once, also for other editions with
    the same instruments.
    """

    def __init__(self, outlines: Iterable[Outline], instruments: Instruments, memory: PassageMemory) -> None:
        self._instruments = instruments
        self._memory = memory
        self._before = split_words(outlines)
        self._read: dict[tuple[str, int], list[Owned]] = {}

    @lazy_value
    def facts(self) -> int:
        """The number of all that owners depend on."""
        return self._memory.number(self._instruments.facts)

    def of(self, passage: Passage) -> list[Owned]:
        """Return the pointers of a passage in order."""
        place = (passage.document.id, passage.index)
        if place not in self._read:
            before = self._before.get(place)
            law, links = under_law(passage), _links_outside(passage)
            key = ("owned", self.facts, passage.document.id, passage.grammar.code, before, law, links, passage.text)
            found = self._memory.get(key)
            if found is None:
                found = self._owned(passage, before)
                self._memory.put(key, found)
            self._read[place] = found
        return self._read[place]

    def _owned(self, passage: Passage, before: str | None) -> list[Owned]:
        text = passage.text
        read = pointers_after(before, text, passage.grammar) if before else pointers(text, passage.grammar)
        found = [_of_this_attachment(text, self._with_owner(passage, one), passage.grammar) for one in read]
        for at in range(len(found) - 2, -1, -1):
            found[at] = _with_attachment_after(text, found[at], found[at + 1], passage.grammar)
            found[at] = _with_part_after(text, *found[at : at + 3])
            found[at] = _of_outside(text, found[at], found[at + 1], passage.grammar)
            found[at + 1] = _with_attachment_before(text, found[at], found[at + 1])
        for at in range(len(found) - 2, -1, -1):
            found[at] = _joined(text, found[at], found[at + 1], patterns_of(passage.grammar).joined)
        for at in range(1, len(found)):
            found[at] = _after_uncertain(text, found[at - 1], found[at], patterns_of(passage.grammar).joined)
            found[at] = _in_part_before(text, found[at - 1], found[at])
            found[at] = _excluded(text, found[at - 1], found[at])
            found[at] = _beside(text, found[at - 1], found[at])
        return found

    def _with_owner(self, passage: Passage, pointer: Pointer) -> Owned:
        """Return a pointer and its owner, which may be named after a title: § 7 (“Audit rights”) of the Lease."""
        text, owner = passage.text, self._owner(passage, pointer)
        aside = _TITLE_AFTER.match(text, pointer.end) if owner is None and pointer.points else None
        if aside is None or not patterns_of(passage.grammar).of_whole.match(text, aside.end()):
            return Owned(pointer, owner)
        owner = self._instruments.owner(text, aside.end(), passage)
        return Owned(pointer, owner, named_at=aside.end() if owner is not None else 0)

    def _owner(self, passage: Passage, pointer: Pointer) -> Owner | None:
        text = passage.text
        if pointer.this:
            return Owner(passage.document.id, True, pointer.end)
        if any(_AFTER_LINK.fullmatch(text, end, pointer.start) for end in _links_outside(passage)):
            return Owner(None, True, pointer.end)
        after = self._instruments.owner(text, pointer.end, passage)
        if (after is None or passage.grammar.is_english) and self._instruments.is_outside(text, pointer.start, passage):
            return Owner(None, True, pointer.end)
        after = after or self._instruments.owner_before(text, pointer.start, passage)
        if after is None and _ABBREVIATED.match(text, pointer.start) and under_law(passage):
            return Owner(None, True, pointer.end)
        return after


def under_law(passage: Passage) -> bool:
    """Return whether a heading around a passage names a law by its abbreviation: "7.2 Rôles RGPD (Art. 26, 28)".

    Below it, "Art. 32" is one of the law, in languages other than English.
    """
    laws = None if passage.grammar.is_english else owner_phrases(passage.grammar).law_named
    headings = (
        around.inline.text for around in passage.around if around.kind is ClauseKind.SECTION and around.level > 1
    )
    return laws is not None and any(laws.search(heading) is not None for heading in headings)


def _links_outside(passage: Passage) -> tuple[int, ...]:
    """Return where the links of a passage to other sites end: "[NIST SP 800-56A](https://…) Section 5.6"."""
    links = (mark for mark in passage.clause.inline.marks if mark.kind is MarkKind.LINK)
    return tuple(mark.end for mark in links if "://" in mark.target)


def _with_attachment_after(text: str, one: Owned, following: Owned, grammar: Grammar) -> Owned:
    """Return "paragraph 2" of "paragraph 2 of Schedule 1" or "of Article 3" with what it is a part of."""
    pointer, whole = one.pointer, following.pointer
    if pointer.family in ATTACHED or not pointer.points or not _is_part(pointer, grammar):
        return one
    parts = ("paragraph",) if grammar.is_english else ("paragraph", "item", "subsection")
    if whole.family not in ATTACHED and (pointer.family not in parts or whole.family in (*parts, BARE)):
        return one
    if not patterns_of(grammar).of_whole.fullmatch(text, one.pointer.end, following.pointer.start):
        return one
    if pointer.family in ("article", "section", "clause") and "," in text[pointer.end : whole.start]:
        return one  # a list: aux articles 2 et 3, à l'Annexe 1
    if following.within is not None and text[whole.start : whole.start + 4] == "Part" and whole.points:
        return Owned(one.pointer, following.owner, following.within, part=whole.points[0].number)
    return Owned(one.pointer, following.owner, following.pointer)


def _of_this_attachment(text: str, one: Owned, grammar: Grammar) -> Owned:
    """Return "Ziffer 2" of "Ziffer 2 dieser Anlage" with that attachment; in English, its words are a pointer too."""
    pointer = one.pointer
    if not pointer.points or pointer.this or pointer.family in ATTACHED or not pointer.points[0].number[0].isdigit():
        return one
    found = patterns_of(grammar).of_this_attached.match(text, pointer.end)
    return replace(one, within=Pointer("annex", True, found.start(), found.end(), ())) if found else one


def _with_part_after(text: str, one: Owned, attachment: Owned, part: Owned | None = None) -> Owned:
    """Return "paragraph 4" of "paragraph 4 of Appendix 1, Part B" with that part."""
    if part is None or not part.pointer.points or part.within is not attachment.pointer or one.part:
        return one
    named = one.within is attachment.pointer and text[part.pointer.start : part.pointer.start + 4] == "Part"
    return replace(one, part=part.pointer.points[0].number) if named else one


def _of_outside(text: str, one: Owned, following: Owned, grammar: Grammar) -> Owned:
    """Return "clause (b)" of "clause (b) of Section 5 of the Act" with the owner of that section, outside the set."""
    owner, pointer = following.owner, one.pointer
    if owner is None or owner.document is not None or one.owner or one.within or not pointer.points or pointer.this:
        return one
    if pointer.points[0].number[0] != "(" or not grammar.is_english:
        return one
    between = patterns_of(grammar).of_whole.fullmatch(text, pointer.end, following.pointer.start)
    return replace(one, owner=replace(owner, end=pointer.end)) if between else one


def _is_part(pointer: Pointer, grammar: Grammar) -> bool:
    """Return whether a number can be that of a part of another: "2" of Schedule 1; in other languages also "(a)"."""
    first = pointer.points[0].number[0]
    return first.isdigit() or (first == "(" and not grammar.is_english)


def _with_attachment_before(text: str, before: Owned, one: Owned) -> Owned:
    """Return "Section 4" of "Exhibit A, Section 4" or "Article 4, Section 4" with its attachment or article."""
    in_article = before.pointer.family in ("article", *OF_HEADINGS) and one.pointer.family == "section"
    in_article = in_article or (before.pointer.family not in PARTS_OF_WHOLE and one.pointer.family in PARTS_OF_WHOLE)
    if not (before.pointer.family in ATTACHED or in_article) or one.pointer.family in ATTACHED:
        return one
    if not before.pointer.points:
        return one
    other = one.owner is not None and not (in_article and one.owner.document is not None)
    if one.within is not None or other or not one.pointer.points:
        return one
    if not _AFTER_TITLED.fullmatch(text, before.pointer.end, one.pointer.start):
        return one
    return Owned(one.pointer, before.owner or one.owner, before.pointer, certain=False)


def _joined(text: str, one: Owned, following: Owned, joined: re.Pattern[str]) -> Owned:
    """Return a pointer with the owner of the pointer that it is joined to, if it has none itself."""
    if one.owner is not None or one.within is not None or not one.pointer.points or following.pointer.this:
        return one
    both = one.pointer.family in _OF_SECTIONS and following.pointer.family in _OF_SECTIONS
    contract = (
        both and following.owner is not None and following.owner.document is None and names_contract(text, following)
    )
    if one.pointer.family != following.pointer.family and not contract:
        return one  # "Section 4 and Article 6 of the GDPR", "clause 3 and paragraph 2 of Schedule 1"
    if not joined.fullmatch(text, one.pointer.end, following.pointer.start):
        return one
    if following.within is not None and following.certain:
        return replace(one, owner=following.owner, within=following.within)
    if following.owner is None or following.within is not None:
        return one
    return replace(one, owner=replace(following.owner, end=one.pointer.end))


def _in_part_before(text: str, before: Owned, one: Owned) -> Owned:
    """Return "paragraph 3" of "Appendix 1, Part B, paragraph 3" with its attachment and part."""
    if before.within is None or not before.pointer.points or one.within is not None or one.owner is not None:
        return one
    if text[before.pointer.start : before.pointer.start + 4] != "Part" or not one.pointer.points:
        return one
    if not _AFTER_ATTACHED.fullmatch(text, before.pointer.end, one.pointer.start):
        return one
    return Owned(one.pointer, before.owner, before.within, part=before.pointer.points[0].number)


def _after_uncertain(text: str, before: Owned, one: Owned, joined: re.Pattern[str]) -> Owned:
    """Return "Section 3" of "Under the DPA, Section 2 and Section 3 apply" with the owner of the section before it."""
    owner = before.owner
    if owner is None or one.owner is not None or one.within is not None:
        return one
    listed = INCLUDING.search(text, max(0, before.pointer.start - _WIDEST), before.pointer.start) is not None
    if listed and owner.certain and owner.document is None:
        # "the Plan, including Section 11.1 (which permits this) and Section 11.2"
        listed = _AFTER_BRACKET.fullmatch(text, before.pointer.end, one.pointer.start) is not None
        return replace(one, owner=replace(owner, end=one.pointer.start)) if listed and not one.pointer.this else one
    if owner.certain or not owner.document:
        return one
    if one.pointer.this or not joined.fullmatch(text, before.pointer.end, one.pointer.start):
        return one
    return replace(one, owner=replace(owner, end=one.pointer.start))


def _excluded(text: str, before: Owned, one: Owned) -> Owned:
    """Return "Section 1(d)" of "Section 1 of the DPA, excluding Section 1(d)" with the owner of the section before."""
    owner, pointer = before.owner, one.pointer
    if owner is None or (owner.document and not owner.certain) or pointer.this:
        return one
    if (
        one.owner is not None
        or one.within is not None
        or owner.end <= before.pointer.end
        or not _EXCLUDING.fullmatch(text, owner.end, pointer.start)
    ):
        return one
    return replace(one, owner=owner, named_at=before.named_at or before.pointer.end)


def _beside(text: str, before: Owned, one: Owned) -> Owned:
    """Return "Section 9" of "Section 7 of the Lease, and in Section 9", which may be one of the lease too."""
    owner = before.owner
    if owner is None or owner.document or owner.end <= before.pointer.end or one.pointer.this:
        return one
    if one.owner is not None or one.within is not None or not one.pointer.points:
        return one
    return replace(one, beside_outside=_AND_IN.fullmatch(text, owner.end, one.pointer.start) is not None)


def names_contract(text: str, owned: Owned) -> bool:
    """Return whether the words beside a pointer name a contract, and not a law: "Section 2 of the Parent SOW"."""
    end = max(owned.pointer.start, owned.owner.end if owned.owner else 0)
    return _CONTRACT.search(text[max(0, owned.pointer.start - _WIDEST) : end]) is not None


def names_agreement(text: str, owned: Owned) -> bool:
    """Return whether the words after a pointer name the whole document: "Section 2 of the Agreement" in a schedule."""
    owner, pointer = owned.owner, owned.pointer
    if owner is None or pointer.this or owner.document is None or owner.end <= pointer.end:
        return False
    return not _OWN_ATTACHMENT.search(text, pointer.end, owner.end)


def is_part_of_section(text: str, pointer: Pointer) -> bool:
    """Return whether the word of a pointer is one such as "subsection" or "sub-rule"."""
    return text[pointer.start : pointer.start + 3].lower() == "sub"
