"""Finds the cross-references of a passage: numbers, names of headings, quoted names, titles of documents.

A reference out of the edition (to a statute, a cover page, a separate exhibit) is external. A reference is broken only
if it clearly leads into the edition and finds nothing there: a missed mistake is better than a false report.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import engross.common.lazy_re as re
from engross.common import lazy_value
from engross.language import Grammar, key
from engross.model import MarkKind, Reference, ReferenceKind
from engross.terms import headings as naming
from engross.terms.enumerated_items import ItemIndexes
from engross.terms.enumerator_chains import enumerator_chains
from engross.terms.headings import Headings, Sentence
from engross.terms.instruments import Instruments, titles
from engross.terms.name_patterns import compile_names
from engross.terms.numbered_references import Numbered
from engross.terms.passage_memory import PassageMemory
from engross.terms.passages import Outline, Passage
from engross.terms.reference_syntax import Spot
from engross.terms.unnumbered_references import lone_attachments, lone_spots, neighbours, sibling_positions
from engross.terms.vocabulary import Vocabulary

_CHAIN = re.compile(r"\s*(?:,|,?\s*(?:and|or|and/or|nor))\s+\Z|\s*(?:,\s*)?(?:and|or|and/or|nor)\s+\Z")
_ENUMERATORS = re.compile(r"(?!\((?:s|es|ies)\))(?:\s*\((?:[a-z]|[ivxl]{2,6}|([a-z])\1|[A-Z]|[IVXL]{2,6}|\d{1,3})\))+")
_QUOTED_SECTION = re.compile(
    r"(?:(?P<before>\b(?:section|clause|heading)s?\s+(?:(?:titled|entitled|headed|called|named|on|labell?ed)\s+)?))?"
    r"[“\"‘«](?P<name>[^“”\"‘«»]{2,100}?)[,.]?[”\"’»](?P<after>\s+(?:section|clause|heading|provision)s?\b(?!\s+[\dIVX]))?",
    re.IGNORECASE,
)
_RUN = r"(?:[A-Z][\w’'-]*|to|the|of|and|for|in|on|an?|with)"
_CHILD = re.compile(rf":\s+(?P<name>[A-Z][a-z]*(?:\s+{_RUN})+?)(?=\s*[.,;)]|\s+(?:or|and|of|is|are|appl\w+)\b)")
_QUOTE_ABROAD = re.compile('[„“"«]')
_QUOTE = re.compile('[“”"‘«»]')
_INSIDE = re.compile(
    r"\b(?:described|set\s+(?:forth|out)|stated|defined|provided|specified|subject\s+to|under|pursuant\s+to)\b[^.;]{0,24}\Z",
    re.IGNORECASE,
)
_OF_A_PAGE = re.compile(
    r"\s+(?:of|on|in)\s+(?:your|the|our|its|their|my|an?)\s+(?!\w+\s+(?:agreement|terms|policy))[a-z]"
)
_PATH = re.compile(r"\s+[–—:>-]\s+")
_STYLES = frozenset({MarkKind.STRONG, MarkKind.EMPHASIS})
_CITED = re.compile(r"[^\W\d_]\s+\Z")
_CAPITAL_AFTER = re.compile(r"\s+[A-Z][a-z]")


class Referrer:
    """Finds the references in an edition's passages."""

    def __init__(
        self,
        outlines: list[Outline],
        vocabulary: Vocabulary,
        instruments: Instruments,
        headings: Headings,
        memory: PassageMemory,
    ) -> None:
        self._outlines = outlines
        self._vocabulary = vocabulary
        self._instruments = instruments
        self._headings = headings
        self._memory = memory
        self._numbered = Numbered(outlines, instruments, headings, vocabulary, memory)
        self._by_id = {outline.id: outline for outline in outlines}

    @property
    def consulted(self) -> set[str]:
        """The ids of the documents in which something was looked up, other than by titles, headings and definitions."""
        return self._numbered.consulted

    @lazy_value
    def facts(self) -> int:
        """The number of all that references depend on, besides their passages and the documents in `consulted`."""
        owners, titles = self._numbered.owners_facts, tuple(self._titles.items())
        return self._memory.number((owners, self._vocabulary.facts, self._headings.facts, titles))

    def references(self, passage: Passage) -> list[Reference]:
        """Return the references of a passage in order; of overlapping ones, the first."""
        taken: list[Spot] = []
        text, outline = passage.text, self._by_id[passage.document.id]
        spots = [*self._numbered.spots(passage), *self._quoted(passage)]
        named = self._named(passage, sorted(spots, key=lambda spot: spot.start))
        lone = lone_spots(passage, outline.derived(lone_attachments), self._vocabulary)
        beside = neighbours(passage, outline.derived(sibling_positions))
        found = [
            *spots,
            *named,
            *self._titled(passage),
            *beside,
            *lone,
            *enumerator_chains(passage, outline.derived(ItemIndexes)),
        ]
        if not found:
            return []
        for spot in sorted(found, key=lambda spot: (spot.start, -spot.end)):
            if taken and spot.start < taken[-1].end:
                continue
            if _is_shielded(passage, spot):
                continue
            taken.append(spot)
        places = [passage.place(spot.start, spot.end) for spot in taken]
        return [
            Reference(text[one.start : one.end], one.kind, place, one.target, one.problem, one.sure)
            for one, place in zip(taken, places, strict=True)
        ]

    def _named(self, passage: Passage, before: list[Spot]) -> Iterator[Spot]:
        """Yield the names of headings that the sentence uses as references."""
        pattern = self._headings.pattern
        if pattern is None:
            return
        text = passage.text
        key_of_text = ("no heading", self._headings_number, text)
        if self._memory.get(key_of_text):
            return
        ends = {spot.end for spot in before if spot.kind is not ReferenceKind.EXTERNAL}
        at = 0
        while found := pattern.search(text, at):
            at = found.end()
            spot = self._name_at(passage, found, ends)
            if spot is not None:
                ends.add(spot.end)
                at = spot.end
                yield spot
        if not at:
            self._memory.put(key_of_text, True)

    @lazy_value
    def _headings_number(self) -> int:
        return self._memory.number(self._headings.names)

    def _name_at(self, passage: Passage, found: re.Match[str], ends: set[int]) -> Spot | None:
        text, start, end = passage.text, found.start(), found.end()
        name = key(found[0])
        here = passage.document.id
        if self._headings.find(name, here) is None:
            return None
        sentence = Sentence(passage, start, end, name, _is_chained(text, start, ends))
        if not naming.is_reference(sentence, self._vocabulary):
            return None
        child = _CHILD.match(text, end)
        if child and self._headings.is_parent(name):
            problem = f"“{name}” has no section “{' '.join(child['name'].split())}”"
            return Spot(start, child.end(), ReferenceKind.HEADING, None, problem)
        enumerators = _ENUMERATORS.match(text, end)
        last = enumerators.end() if enumerators else end
        owner = self._instruments.owner(text, last, passage)
        if owner is not None and owner.document is None and owner.certain and ":" not in name:
            return None
        heading = self._headings.find(name, here, owner.document if owner else None) or self._headings.find(name, here)
        if heading is None:
            return None
        parts = tuple(re.findall(r"\([^()]*\)", enumerators[0])) if enumerators else ()
        clause = self._numbered.below(heading, parts) if parts else heading.clause
        if clause is None:
            problem = f"{heading.clause.label} has no item {''.join(parts)}"
            return Spot(start, last, ReferenceKind.HEADING, None, problem)
        return Spot(start, last, ReferenceKind.HEADING, (heading.document, clause.anchor))

    def _quoted(self, passage: Passage) -> Iterator[Spot]:
        """Yield the quoted names next to the word "section"."""
        text = passage.text
        if not passage.grammar.is_english:
            yield from self._quoted_abroad(passage)
            return
        if not _QUOTE.search(text) or ("ection" not in text and "lause" not in text and "eading" not in text):
            return
        here = passage.document.id
        for found in _QUOTED_SECTION.finditer(text):
            if not found["before"] and not found["after"]:
                continue
            owner = self._instruments.owner(text, found.end(), passage)
            document = owner.document if owner else None
            if owner is not None and document is None:
                yield Spot(found.start(), found.end(), ReferenceKind.EXTERNAL, None)
                continue
            name = key(found["name"].strip(" .,"))
            heading = self._headings.find_any(name, here, document)
            heading = heading or self._headings.find_similar(name, document or here)
            target = (heading.document, heading.clause.anchor) if heading else self._begun_with(document or here, name)
            if target is not None:
                yield Spot(found.start(), found.end(), ReferenceKind.HEADING, target)
            elif _OF_A_PAGE.match(text, found.end()):
                continue
            elif "heading" in found[0].lower() and not (owner and owner.certain):
                continue  # of a publication: under the heading “Prices”, in its column “Index”
            elif (owner is not None and owner.certain) or _INSIDE.search(
                text, max(0, found.start() - 60), found.start()
            ):
                problem = f"there is no section “{' '.join(found['name'].split())}”"
                # Without an owner, the section may be one of another contract that the text is an annex to.
                kind = ReferenceKind.HEADING if owner is not None else ReferenceKind.EXTERNAL
                yield Spot(found.start(), found.end(), kind, None, problem, sure=False)

    def _begun_with(self, document: str, name: str) -> tuple[str, str] | None:
        """Return where the only text begins that has a name before its colon: "Price changes: We may …"."""
        self.consulted.add(document)
        begins = re.compile(rf"\W*{re.escape(name)}\s*:\s", re.IGNORECASE)
        passages = self._by_id[document].passages
        found = [one.clause for one in passages if one.clause.anchor and begins.match(one.text)]
        return (document, found[0].anchor) if len(found) == 1 else None

    def _quoted_abroad(self, passage: Passage) -> Iterator[Spot]:
        """Yield the quoted names of headings after a word for a part, in other languages: l’article « Durée »."""
        if not _QUOTE_ABROAD.search(passage.text):
            return
        here = passage.document.id
        for found in _titled_parts(passage):
            name = key(found["name"].strip(" .,\u00a0"))
            own = _own_after(passage.grammar).sub("", name)
            last = _PATH.split(own)[-1]  # « Paiement – Délais »: a section and its part
            every = (self._headings.find_any(one, here, here) for one in dict.fromkeys((name, own, last)))
            heading = next((one for one in every if one), None) or self._headings.find_similar(name, here)
            if heading is not None:
                start = found.start("title") if "title" in found.groupdict() else found.start()
                yield Spot(start, found.end(), ReferenceKind.HEADING, (heading.document, heading.clause.anchor))

    @lazy_value
    def _title_pattern(self) -> re.Pattern[str] | None:
        return compile_names(self._titles)

    @lazy_value
    def _titles(self) -> dict[str, str]:
        """Titles with several words → ids of their documents."""
        found: dict[str, str] = {}
        for outline in self._outlines if len(self._outlines) > 1 else ():
            for title in outline.derived(titles):
                if " " in title and title != title.lower():
                    found.setdefault(key(title), outline.id)
        return found

    def _titled(self, passage: Passage) -> Iterator[Spot]:
        """Yield the titles of other documents of the edition, unless they are also a defined term."""
        pattern = self._title_pattern
        if pattern is None:
            return
        for found in pattern.finditer(passage.text):
            document = self._titles.get(key(found[0]))
            if document is None or document == passage.document.id or _CAPITAL_AFTER.match(passage.text, found.end()):
                continue
            if not self._vocabulary.defined(found[0], passage):
                yield Spot(found.start(), found.end(), ReferenceKind.DOCUMENT, (document, ""))


@lru_cache(maxsize=32)
def _own_after(grammar: Grammar) -> re.Pattern[str]:
    return re.compile(rf"\s+(?:{grammar.referring.own})\s*\Z", re.IGNORECASE)


@lru_cache(maxsize=32)
def _titled_part(grammar: Grammar) -> re.Pattern[str]:
    words = grammar.referring.words_of("section", "subsection", "clause", "article", "paragraph", "item")
    return re.compile(
        rf"(?<!\w)(?:{words})\s+(?:(?:intitulée?|titulad[oa]|denominad[oa]|dénommée?|über|zu[rm]?)\s+)?"
        r"[„“\"«]\s*(?P<name>[^„“”\"«»]{3,100}?)\s*[”“\"»]",
        re.IGNORECASE,
    )


def _titled_parts(passage: Passage) -> Iterator[re.Match[str]]:
    """Yield the quoted titles after a word for a part, and those joined to them: articles « Durée » et « Prix »."""
    further = _further_title(passage.grammar)
    for found in _titled_part(passage.grammar).finditer(passage.text):
        yield found
        last: re.Match[str] | None = found
        while last and (last := further.match(passage.text, last.end())):
            yield last


@lru_cache(maxsize=32)
def _further_title(grammar: Grammar) -> re.Pattern[str]:
    joins = rf"\s*,\s*|\s*,?\s+(?:{grammar.referring.joins})\s+"
    return re.compile(rf"(?:{joins})(?P<title>[„“\"«]\s*(?P<name>[^„“”\"«»]{{3,100}}?)\s*[”“\"»])", re.IGNORECASE)


def _is_shielded(passage: Passage, spot: Spot) -> bool:
    """Return whether a reference is where nothing is linked. The title before a text is such a place, except after
    words that cite: "Pay under Section 9. The buyer …".
    """
    around = [span for span in passage.shielded if spot.start < span[1] and span[0] < spot.end]
    if not around:
        return False
    marks = (mark for mark in passage.clause.inline.marks if mark.kind not in _STYLES)
    kept = {(0, len(passage.text)), *((mark.start, mark.end) for mark in marks)}
    start = min(around)[0]
    cites = start < spot.start and _CITED.search(passage.text, start, spot.start) is not None
    return not cites or any(span in kept or span[1] < spot.end for span in around)


def _is_chained(text: str, start: int, ends: set[int]) -> bool:
    """Return whether only a conjunction separates the name from a reference right before it."""
    found = _CHAIN.search(text, max(0, start - 12), start)
    return found is not None and found.start() in ends
