"""Decides which words ("Section", "Clause", "Article") a document uses for its own parts, and what others refer to."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

import engross.common.lazy_re as re
from engross.common import lazy_value
from engross.model import ClauseKind
from engross.terms.clause_numbers import Numbering
from engross.terms.passages import Outline, grammar_of
from engross.terms.pointer_owners import PointerOwners, names_contract
from engross.terms.reference_syntax import BARE, OF_HEADINGS, Pointer, split
from engross.terms.typed_numbers import heading_family

_CLAUSES_OUTSIDE = re.compile(
    r"\b(?:[Ss]tandard (?:[Cc]ontractual|[Dd]ata [Pp]rotection) [Cc]lauses|SCCs|[Mm]odel [Cc]lauses"
    r"|Standardvertragsklauseln|[Cc]lauses contractuelles types|[Cc]láusulas [Cc]ontractuales [Tt]ipo)\b"
)
_LAWS = re.compile(
    r"\b(?:GDPR|RGPD|DSGVO|DS-GVO|Datenschutz-?[Gg]rundverordnung|Data Protection Regulation|CCPA|DSA"
    r"|Digital Services Act|Directive|Code|Act|Loi|Gesetz|Ley|Reglamento|Règlement)\b"
)
_DATA_PROTECTION = re.compile(r"\b(?:GDPR|RGPD|DSGVO|Data Protection Regulation|DSG)\b")
_OF_LAWS = re.compile(r"\d{3}|\d+\.(?:0\d|\d{3})")
_MANY, _SEVERAL = 4, 3
_OF_LEVELS = ("section", "clause", "subsection")


_WIDEST = 100


def _ranges(pointer: Pointer) -> Iterator[Iterable[str]]:
    """Yield the numbers of a pointer, and those between the ends of a range: 15, 16 … 22."""
    before = ""
    for point in pointer.points:
        base = split(point.number)[0]
        if point.ends_range and before.isdigit() and base.isdigit() and int(base) - int(before) <= _WIDEST:
            yield map(str, range(int(before), int(base) + 1))
        yield (base,)
        before = base


def own_words(outline: Outline, owners: PointerOwners) -> OwnWords:
    """Return the words of a document; those of another edition where these owners are found by the same facts."""
    last = outline.derived(_Last)
    if last.words is None or last.facts != owners.facts:
        last.facts, last.words = owners.facts, OwnWords(outline, outline.derived(Numbering), owners)
    last.words.owners = owners  # those of the other edition would keep its texts in memory
    return last.words


class _Last:
    """The words of a document in the last edition that needed them."""

    def __init__(self, _: Outline) -> None:
        self.facts = 0
        self.words: OwnWords | None = None


class OwnWords:
    """The words that a document puts before the numbers of its own parts."""

    def __init__(self, outline: Outline, numbering: Numbering, owners: PointerOwners) -> None:
        self._outline = outline
        self._numbering = numbering
        self.owners = owners

    @lazy_value
    def _cited(self) -> Counter[tuple[str, bool]]:
        """How often each word precedes numbers that may be the document's, by whether the document has them."""
        return Counter(
            (owned.pointer.family, self._numbering.find(point.number) is not None)
            for passage in self._outline.passages
            for owned in self.owners.of(passage)
            if owned.owner is None or owned.owner.document == self._outline.id
            for point in owned.pointer.points
            if not point.number.startswith("(")
        )

    @lazy_value
    def _found(self) -> Counter[str]:
        """How often each word precedes a number that the document has, or begins a heading."""
        return self._headed + Counter({family: count for (family, found), count in self._cited.items() if found})

    @lazy_value
    def loses_numbers(self) -> bool:
        """Whether most numbers that the text cites are missing, as where a converter lost those of headings."""
        found, lost = (sum(self._cited[family, has] for family in _OF_LEVELS) for has in (True, False))
        return lost >= _MANY and lost > 2 * found

    def loses(self, family: str) -> bool:
        """Return whether many of the numbers after a word are missing: it may precede those of another text too."""
        found, lost = self._cited[family, True], self._cited[family, False]
        return lost > _MANY and 2 * lost > found

    def is_established(self, family: str) -> bool:
        """Return whether the text uses a word for its own parts: it precedes several numbers that are there, and at
        least twice as many as those that are not.
        """
        return self._cited[family, True] >= max(_SEVERAL, 2 * self._cited[family, False])

    @lazy_value
    def cites_contracts(self) -> bool:
        """Whether the text often cites the clauses of another contract, as an addendum or a report about one does."""
        owned = (
            (passage, one)
            for passage in self._outline.passages
            for one in self.owners.of(passage)
            if one.pointer.points and one.owner is not None and one.owner.document is None
        )
        return sum(names_contract(passage.text, one) for passage, one in owned) >= _SEVERAL

    def loses_level(self, number: str) -> bool:
        """Return whether a number is that of a part of a section, and a converter lost the numbers of such parts."""
        whole = number.rpartition(".")[0]
        return bool(whole) and self._loses_levels and self._numbering.find(whole) is not None

    @lazy_value
    def _loses_levels(self) -> bool:
        """Whether all lists have bullets, and no number has two levels."""
        items = [clause for _, clause, _ in self._outline.nodes if clause.kind is ClauseKind.ITEM]
        bullets = any(clause.marker in ("*", "-", "+") for clause in items)
        return bullets and not self._numbering.known.has_levels and not any(one.number[:1].isdigit() for one in items)

    @lazy_value
    def _of_itself(self) -> frozenset[str]:
        """The words that "this" precedes, with a number that the document has: "this Article 10"."""
        owned = (one.pointer for passage in self._outline.passages for one in self.owners.of(passage))
        return frozenset(
            pointer.family
            for pointer in owned
            if pointer.this and any(self._numbering.find(point.number) for point in pointer.points)
        )

    @lazy_value
    def _outside(self) -> frozenset[tuple[str, str]]:
        """The words and numbers that somewhere lead outside: "Article 28 of the GDPR", "Articles 15 to 22"."""
        found: set[tuple[str, str]] = set()
        for passage in self._outline.passages:
            for owned in self.owners.of(passage):
                if owned.owner is not None and owned.owner.document is None and owned.owner.certain:
                    numbers = (number for point in _ranges(owned.pointer) for number in point)
                    found.update((owned.pointer.family, number) for number in numbers)
        return frozenset(found)

    @lazy_value
    def _headed(self) -> Counter[str]:
        """How often each word begins a heading with a number."""
        grammar = grammar_of(self._outline.document)
        families = grammar.referring.families
        heads = (
            heading_family(clause, grammar)
            for _, clause, _ in self._outline.nodes
            if clause.kind is ClauseKind.SECTION or self._numbering.is_typed(clause)
        )
        embedded = (families.get(word, word) for word in self._numbering.embedded.words)
        return Counter((*filter(None, heads), *embedded))

    @lazy_value
    def _names_clauses(self) -> bool:
        return bool(_CLAUSES_OUTSIDE.search(self._outline.text))

    @lazy_value
    def _names_laws(self) -> bool:
        return bool(_LAWS.search(self._outline.text))

    @lazy_value
    def _names_data_protection(self) -> bool:
        return bool(_DATA_PROTECTION.search(self._outline.text))

    @lazy_value
    def _with_paragraphs(self) -> frozenset[int]:
        """The attachments whose numbers the text calls paragraphs: "paragraph 4 below", in Schedule 2."""
        around = self._numbering.attachments.around
        return frozenset(
            around(passage.index)
            for passage in self._outline.passages
            for owned in self.owners.of(passage)
            if owned.pointer.family == "paragraph"
            and owned.owner is None
            and owned.within is None
            and owned.pointer.points[0].number[0].isdigit()
        )

    def means_body(self, family: str, index: int) -> bool:
        """Return whether "clause 3" in an attachment, whose own numbers are paragraphs, means the agreement."""
        around = self._numbering.attachments.around(index)
        return bool(around) and family in ("clause", "section") and around in self._with_paragraphs

    @property
    def body_has_paragraphs(self) -> bool:
        """Whether the text outside all attachments cites numbers as paragraphs."""
        return 0 in self._with_paragraphs

    def is_used(self, family: str) -> bool:
        """Return whether a word precedes a number that the document has, or begins a heading."""
        return self._found[family] > 0

    def heads(self, family: str) -> bool:
        """Return whether a word begins headings."""
        return self._headed[family] > 0

    def means_parts(self, family: str) -> bool:
        """Return whether a word such as "Rule" means parts of this document: several headings begin with it, or it
        precedes the numbers of several parts, and few others. A clause about "Rule 144" of a law is one.
        """
        if self._headed[family] > 1:
            return True
        numbers = self._numbers_cited[family]
        found = sum(self._numbering.find(number) is not None for number in numbers)
        return found >= _SEVERAL and 3 * found >= 2 * len(numbers)

    @lazy_value
    def _numbers_cited(self) -> dict[str, set[str]]:
        """The numbers, without enumerators, after each word that names no other text."""
        cited: dict[str, set[str]] = defaultdict(set)
        for passage in self._outline.passages:
            for owned in self.owners.of(passage):
                if owned.owner is None:
                    cited[owned.pointer.family].update(split(point.number)[0] for point in owned.pointer.points)
        return cited

    def is_of_heading(self, family: str) -> bool:
        """Return whether a word begins headings, or none does: Artículo 4, and its apartado 2."""
        return self.heads(family) or not self._headed

    def _is_of_law(self, number: str) -> bool:
        """Return whether a number has a form that those of laws have, and none of the document: 101, 2.05, 36.001."""
        return _OF_LAWS.match(number) is not None and not self._numbering.known.has_form(number)

    def is_own(self, family: str, number: str) -> bool:
        """Return whether a word before a number means a part of the document, whether it has this number or not."""
        if self._is_of_law(number):
            return False
        if self._found[family]:
            return True
        if family in _OF_LEVELS and "." in number and self._numbering.known.has_levels:
            return True  # a law is rarely cited like that, and contracts mix these words
        if family in ("article", "§", *OF_HEADINGS):
            return False
        return not any(count for other, count in self._found.items() if other not in (family, BARE))

    def is_foreign(self, family: str, number: str = "") -> bool:
        """Return whether "Clause 7" means the standard clauses, or "Article 6" the law on data protection.

        That is so in a document that names these and calls its own parts by another word. In French and Spanish a
        contract has articles whatever its headings say: l’article 13.3, if the text has a part with that number.
        """
        if family == "article":
            if self._headed["article"] or "article" in self._of_itself:
                return False
            grammar = grammar_of(self._outline.document)
            if not (grammar.is_english or grammar.capitalises_nouns) and "." in number and not self._found["section"]:
                return False
            sections, articles = self._found["section"], self._found["article"]
            # A text that names no law may call its own parts by both words.
            others = 0 < sections >= articles and (self._names_laws or sections > _MANY * articles)
            return others or (self._names_data_protection and self._is_article_of_law(number))
        own = self._found["section"] or self._found["§"] or self._headed["article"]
        return family == "clause" and bool(own) and self._names_clauses and not self._headed["clause"]

    def may_be_of_law(self, family: str, number: str) -> bool:
        """Return whether a missing "Article 9" may be one of the law on data protection, which the text names."""
        own = self._headed["article"] or "article" in self._of_itself or "." in number
        return family == "article" and self._names_data_protection and not own

    def _is_article_of_law(self, number: str) -> bool:
        """Return whether "Article 6" is one of a law that the text names: another word begins its headings, it cites
        the number elsewhere with the name of a law, or it has few of the articles that it cites without one.
        """
        if self._headed:
            return True
        outside = {one for family, one in self._outside if family == "article"}
        cited = self._numbers_cited["article"] - outside
        found = sum(self._numbering.find(one) is not None for one in cited)
        return split(number)[0] in outside or not found or found < 2 * (len(cited) - found)

    def may_be_standard(self, family: str) -> bool:
        """Return whether "Clause 11 (Redress)" may be one of the standard contractual clauses, which the text names."""
        return family == "clause" and self._names_clauses

    def is_cited_outside(self, family: str, number: str) -> bool:
        """Return whether the text cites a word and a number elsewhere with the name of a law or another contract."""
        return (family, split(number)[0]) in self._outside

    def is_known_outside(self, family: str, number: str) -> bool:
        """Return whether a number without an instrument is that of a law or of the standard contractual clauses."""
        if self._is_of_law(number):
            return True
        if self._found[family] > self._found["section"]:
            return False
        if family == "clause":
            return self._names_clauses
        return family in ("article", "§") and self._names_laws

    def is_annex_of_clauses(self, family: str, number: str) -> bool:
        """Return whether an annex is one of the standard contractual clauses: "Annex I", "Annex 1A", "Appendix 2"."""
        if family not in ("annex", "appendix") or not re.fullmatch(r"[IV]{1,3}(?:\.[A-C])?|[1-4][AB]?", number):
            return False
        return self._names_clauses
