"""Finds the uses of defined terms in passages.

A passage is scanned once from left to right, the longest name first. A match counts except in code, a link, a lead-in
or a cross-reference; in its own definition; as part of a longer name that is not defined; or at the beginning of a
sentence that uses the ordinary word. If the longest name is not defined at that place (its scope is another section or
document), the next shorter name is tried.

In the middle of a sentence, a capital distinguishes a term from the ordinary word. At the beginning of a sentence and
in a paragraph in capitals it does not, so the following words decide.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import field
from typing import Final

import engross.common.lazy_re as re
from engross.common import lazy_value, value_class
from engross.language import Grammar, Plain, begins_sentence, key, plain, sentence_end
from engross.model import Use
from engross.terms.acting_names import acting
from engross.terms.definition_bodies import is_one_thing
from engross.terms.instruments import titles
from engross.terms.match_context import (
    AFTER_NAME,
    Shape,
    begins_with_term,
    is_about_words,
    is_act,
    is_another_thing,
    is_definite,
    is_in_address,
    is_in_capitals,
    is_in_law_of_territory,
    is_in_long_form,
    is_in_outside_name,
    is_in_stock_phrase,
    is_label,
    is_ordinary,
    is_part_of_name,
    match_shape,
)
from engross.terms.owner_phrases import names_itself, owner_phrases
from engross.terms.passage_memory import PassageMemory, of_words
from engross.terms.passages import Bound, Found, Outline, Passage
from engross.terms.vocabulary import Meaning, Vocabulary

# "Terms of Service" is one name, whatever Services are.
_TERMS_OF = re.compile(r"\b(?:Terms|TERMS|Conditions|CONDITIONS)\s+(?:of|OF)\s+\Z")
_CONTRACT_AFTER = re.compile(r"\s+(Agreement|Addendum|Contract|Licen[cs]e|Policy|Terms)\b")
_BEFORE_TRANSFER = re.compile(r"\bInternational\s+\Z")  # the "International Data Transfer Addendum" of an authority
_SHOP = re.compile(r"\s+Stores?\b")  # "App Store" is no App
_OPTIONAL_ENDING = re.compile(r"\(-?(?:s|es|ies|ren)\)", re.IGNORECASE)
_LONGEST_BLANK = 60
_WORD_END = re.compile(r"\W")
_DOUBLE_QUOTES: Final = frozenset('“"„«‟')
_QUOTES: Final = _DOUBLE_QUOTES | frozenset("‘'")

Spans = tuple[tuple[int, int], ...]

_CAPITALS = re.compile(r"[A-Z]{2,}[^\w]+(?:[A-Z]+[^\w]+)*[A-Z]{2,}")


@value_class(slots=True)
class _Scan:
    """The state of scanning one passage."""

    passage: Passage
    text: Plain
    shielded: Spans
    own: list[tuple[Bound, tuple[int, int]]]
    starts: list[int] = field(default_factory=list)

    def is_shielded(self, start: int, end: int) -> bool:
        """Return whether any part of `start` to `end` is in a span where nothing is linked."""
        if not self.shielded:
            return False
        if not self.starts:
            self.starts = [span[0] for span in self.shielded]
        at = bisect_right(self.starts, end - 1) - 1
        return any(span[1] > start for span in self.shielded[: at + 1])

    def defines(self, meaning: Meaning, start: int) -> bool:
        """Return whether the term is being defined at `start`."""
        names = meaning.definition.names
        return any(
            span[0] <= start < span[1]
            and (bound is meaning.bound or not set(names).isdisjoint(bound.definition.names))
            and self._is_part_of_definition(bound.found, start)
            for bound, span in self.own
        )

    def _is_part_of_definition(self, found: Found, start: int) -> bool:
        """Return whether `start` is in the sentence that defines, not in one after it that only mentions the term."""
        if found.passage is not self.passage:
            return True
        text = self.passage.text
        return text[start - 1 : start] in _QUOTES or start < sentence_end(text, found.at[1])


class Linker:
    """Finds the uses of an edition's terms in its documents that are `wanted`, by id."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        bounds: Sequence[Bound],
        outlines: list[Outline],
        wanted: Collection[str],
        memory: PassageMemory,
    ) -> None:
        self.vocabulary = vocabulary
        self._bounds = bounds
        self._numbers = {id(bound.definition): number for number, bound in enumerate(bounds)}
        self._outlines = {outline.id: outline for outline in outlines}
        self._memory = memory
        self.asked: dict[str, bool] = {}
        """The words that were asked for, and whether the edition writes them in small letters."""
        self._known: dict[str, dict[str, Meaning]] = defaultdict(dict)
        self._of_document: dict[str, list[Bound]] = defaultdict(list)
        self._part: dict[tuple[str, int], list[tuple[Bound, tuple[int, int]]]] = defaultdict(list)
        self._narrow: dict[int, list[int]] = defaultdict(list)
        for number, bound in enumerate(bounds):
            if bound.document not in wanted:
                continue
            for clause in bound.reaches:
                self._narrow[id(clause)].append(number)
            self._of_document[bound.document].append(bound)
            self._part[bound.document, bound.found.passage.index].append((bound, bound.found.own))
        self._continued: dict[str, dict[int, list[Bound]]] = {}

    def _whole(self, document: str) -> Mapping[int, list[Bound]]:
        """Return the definitions that each clause of a document continues; other documents are not looked into."""
        found = self._continued.get(document)
        if found is None:
            found = self._continued[document] = defaultdict(list)
            for bound in self._of_document[document]:
                for clause in bound.found.below if _continues(bound.found.passage.text, bound.found.at[1]) else ():
                    found[id(clause)].append(bound)
        return found

    @lazy_value
    def _facts(self) -> int:
        """The number of all facts that uses depend on, besides the passage and the words that are looked up."""
        facts = (self.vocabulary.facts, self._actors, tuple(self._titles.items()), tuple(self._unique.items()))
        return self._memory.number(facts)

    @lazy_value
    def _unique(self) -> dict[int, bool]:
        """The numbers of definitions of one thing, das Programm, and whether that is their document: der Vertrag."""
        if not any(names.has_nouns for names in self.vocabulary.names):
            return {}
        unique = dict[int, bool]()
        for number, bound in enumerate(self._bounds):
            itself, grammar = bound.derived(names_itself), bound.found.passage.grammar
            if itself or is_one_thing(bound.definition.term, self._outlines[bound.document], grammar):
                unique[number] = itself
        return unique

    @lazy_value
    def _titles(self) -> dict[str, str]:
        """The titles of each document, and the words it begins with, in small letters."""
        return {
            name: "\n".join([*one.derived(titles), *filter(None, [one.opening])]).casefold()
            for name, one in self._outlines.items()
        }

    @lazy_value
    def _ordinary_words(self) -> frozenset[str]:
        return frozenset().union(*(outline.lower_words for outline in self._outlines.values()))

    def _is_ordinary_word(self, word: str) -> bool:
        self.asked[word] = word in self._ordinary_words
        return self.asked[word]

    @lazy_value
    def _actors(self) -> frozenset[str]:
        """The names that act in sentences ("Customer will …"), which are complete names, defined or not."""
        return acting(outline.acting for outline in self._outlines.values())

    def uses(self, passage: Passage, references: Spans) -> Iterator[Use]:
        """Yield the uses in a passage in order; `references` are the spans of its cross-references.

        What was found in the same words among the same definitions is found again.
        """
        key = (self._facts, *self._facts_of(passage), references)
        known = self._memory.get(key)
        if known is None or any((word in self._ordinary_words) != answer for word, answer in known[0].items()):
            before, self.asked = self.asked, {}
            found = [
                (start, end, self._numbers[id(meaning.definition)])
                for start, end, meaning in self._find(passage, references)
            ]
            known = (self.asked, found)
            self.asked = before
            self._memory.put(key, known)
        self.asked |= known[0]
        for start, end, number in known[1]:
            yield Use(passage.text[start:end], passage.place(start, end), self._bounds[number].definition)

    def _facts_of(self, passage: Passage) -> tuple[object, ...]:
        """Return all that the uses in a passage depend on, besides its edition and its references."""
        clauses = (*passage.around, passage.clause) if self._narrow else ()
        narrow = tuple(number for one in clauses for number in self._narrow.get(id(one), ()))
        own = tuple(
            (self._numbers[id(bound.definition)], span, bound.found.at if bound.found.passage is passage else None)
            for bound, span in self._own(passage)
        )
        return passage.document.id, passage.text, passage.grammar, passage.shielded, narrow, own

    def _find(self, passage: Passage, references: Spans) -> Iterator[tuple[int, int, Meaning]]:
        """Yield the start, the end and the meaning of each use in a passage, in order."""
        pattern = self.vocabulary.pattern_in(self._outlines[passage.document.id])
        text = plain(passage.text)
        found = self._matches(text.text, passage, pattern) if pattern else []
        in_capitals = list(self._capital_matches(text.text, passage))
        if not found and not in_capitals:
            return
        if in_capitals:
            found = sorted([*found, *in_capitals], key=lambda match: (match[0], -match[1]))
        shielded = tuple(sorted((*passage.shielded, *references))) if references else passage.shielded
        scan = _Scan(passage, text, shielded, self._own(passage))
        reached = 0
        for start, end, meaning in found:
            if start < reached:
                continue
            reached = end
            if self._counts(scan, start, end, meaning):
                ending = _OPTIONAL_ENDING.match(text.text, end) if text.text[end : end + 1] == "(" else None
                first, last = text.span(start, ending.end() if ending else end)
                yield first, last, meaning

    def _own(self, passage: Passage) -> list[tuple[Bound, tuple[int, int]]]:
        """Return the definitions that the passage is part of, each with the span that belongs to it."""
        own = list(self._part.get((passage.document.id, passage.index), ()))
        whole = self._whole(passage.document.id)
        for clause in (*passage.around, passage.clause) if whole else ():
            own.extend((bound, (0, len(passage.text))) for bound in whole.get(id(clause), ()))
        return own

    def _matches(self, text: str, passage: Passage, pattern: re.Pattern[str]) -> list[tuple[int, int, Meaning]]:
        """Return the matches of names that mean something here, the longest first: (start, end, meaning)."""
        found, at = [], 0
        known = self._known[passage.document.id]
        search = pattern.search
        while match := search(text, at):
            start, at = match.span()
            meaning = known.get(match[0])
            if meaning is None:
                at, meaning = self._resolve(text, start, at, passage)
            if meaning is not None:
                found.append((start, at, meaning))
        return found

    def _resolve(self, text: str, start: int, end: int, passage: Passage) -> tuple[int, Meaning | None]:
        """Return where the scan continues and what a match means; document-wide meanings are cached."""
        raw = text[start:end]
        words = key(raw)
        meaning = self.vocabulary.meaning(words, passage)
        if meaning is not None:
            if self.vocabulary.is_document_wide(words):
                self._known[passage.document.id][raw] = meaning
            return end, meaning
        count, shorter = self.vocabulary.longest(words, passage)
        return min(end, _after_words(text, start, max(1, count))), shorter

    def _capital_matches(self, text: str, passage: Passage) -> Iterator[tuple[int, int, Meaning]]:
        """Yield the matches in text in capitals."""
        if not _CAPITALS.search(text) or (pattern := self.vocabulary.capitals_pattern) is None:
            return
        for match in pattern.finditer(text):
            form = self.vocabulary.in_capitals.get(key(match[0]))
            meaning = self.vocabulary.meaning(form, passage) if form else None
            if meaning is not None and is_in_capitals(text, *match.span()):
                yield match.start(), match.end(), meaning

    def _counts(self, scan: _Scan, start: int, end: int, meaning: Meaning) -> bool:
        """Return whether a match is a use."""
        text = scan.text.text
        first, last = scan.text.span(start, end)
        if not meaning.links or scan.is_shielded(first, last) or scan.defines(meaning, first):
            return False
        if is_in_address(text, start, end) or (text[start - 1 : start] in _DOUBLE_QUOTES and text[start].islower()):
            return False
        if text[start:end].isupper() and _is_in_blank(text, start, end):
            return False  # a blank to fill in: "to the address of [BUYER]", "[NOM DU CLIENT]"
        shape, grammar = match_shape(text[start:end]), scan.passage.grammar
        noun = shape.single and meaning.bound.found.small and meaning.definition.term.islower()
        if noun and not is_definite(text, start, grammar):
            return False
        if shape.single and not noun and self._begins_with_small(text, start, meaning, grammar):
            return False
        if text[end + 1 : end + 2].isupper() and self._is_in_longer_name(text, start, end, scan.passage):
            return False
        if shape.is_complete or (noun and text[start].islower()):
            return True
        return self._counts_here(scan, start, end, meaning, shape)

    def _begins_with_small(self, text: str, start: int, meaning: Meaning, grammar: Grammar) -> bool:
        """Return whether a sentence begins with a word that only its capital could show to be a term (“members”).

        In other languages so does one of which the term is in capitals: Empresas que …, of the EMPRESA.
        """
        term = meaning.definition.term
        if term.isupper() and not grammar.is_english and text[start + 1].islower() and begins_sentence(text, start):
            return self._is_ordinary_word(text[start].lower() + _WORD_END.split(text[start + 1 : start + 40], 1)[0])
        return term.islower() and not self.vocabulary.options.links(term, grammar) and begins_sentence(text, start)

    def _counts_here(self, scan: _Scan, start: int, end: int, meaning: Meaning, shape: Shape) -> bool:
        """Return whether the words around a match, which may be another name or an ordinary word, make it a use."""
        text, grammar = scan.text.text, scan.passage.grammar
        if shape.capitals and is_in_capitals(text, start, end):
            return not is_in_stock_phrase(text, start, end) and self._is_meant_in_capitals(text, start, end, grammar)
        itself = self._unique.get(self._numbers[id(meaning.definition)]) if grammar.capitalises_nouns else None
        if itself is not None and is_another_thing(text, start, grammar, itself=itself):
            return False
        of_law = shape.capitals and is_in_law_of_territory(text, start, end)
        if of_law or (grammar.is_english and is_in_outside_name(text, start, end)):
            return False
        if text[start - 3 : start].lower() == "of " and _TERMS_OF.search(text, max(0, start - 16), start):
            return False
        if not grammar.is_english and self._is_of_another(text, start, end, scan.passage):
            return False
        if meaning.verbal and is_act(text, start, end):
            return True
        joined = grammar.capitalises_nouns and AFTER_NAME.match(text, end) and not _SHOP.match(text, end)
        if joined and not shape.law:
            shape = shape._replace(single=False)
        if is_part_of_name(text, start, end, shape, lambda words: self._is_known(words, scan.passage), grammar):
            return False
        if (meaning.verbal and is_label(text, start)) or is_about_words(text, start, end):
            return False
        return not is_ordinary(text, start, end, shape, self._is_ordinary_word, grammar)

    def _is_in_longer_name(self, text: str, start: int, end: int, passage: Passage) -> bool:
        """Return whether a match and the word after it are in the title of the document, "Library Card Agreement", or
        in what an abbreviation stands for.
        """
        found = _CONTRACT_AFTER.match(text, end)
        if found and _BEFORE_TRANSFER.search(text, max(0, start - 16), start) and text[start:end] == "Data Transfer":
            return True
        if found is None:
            return is_in_long_form(text, start, end)
        return f"{text[start:end]} {found[1]}".casefold() in self._titles.get(passage.document.id, "")

    def _is_meant_in_capitals(self, text: str, start: int, end: int, grammar: Grammar) -> bool:
        """Return whether a word in a text in capitals is no ordinary one: LES CONDITIONS, unlike AUCUNE CONDITION.

        It has an article of one thing there, or the text has no such ordinary word. This is not asked in English.
        """
        if grammar.is_english or is_definite(text, start, grammar):
            return True
        word = text[start:end].lower()
        return not any(self._is_ordinary_word(form) for form in (word, *grammar.forms(word)))

    def _is_of_another(self, text: str, start: int, end: int, passage: Passage) -> bool:
        """Return whether a name after the match that is no term makes it the thing of another: Servidores de Google.

        So does the name of a law before it: Código de Comercio.
        """
        grammar, phrases = passage.grammar, owner_phrases(passage.grammar)
        if phrases.law_of.search(text, max(0, start - 40), start):
            return True
        found = None if grammar.capitalises_nouns else phrases.of_name.match(text, end)
        return found is not None and not begins_with_term(
            text, found.end(), lambda words: self._is_known(words, passage)
        )

    def _is_known(self, words: str, passage: Passage) -> bool:
        """Return whether words are a complete name: a term, or a party that acts in sentences."""
        return words in self._actors or self.vocabulary.defined(words, passage)


@of_words
def _continues(text: str, end: int) -> bool:
    """Return whether the clauses below a definition that ends there continue its sentence, not one after it that
    mentions the term.
    """
    return not text.rstrip().endswith(":") or sentence_end(text, end) >= len(text.rstrip())


def _is_in_blank(text: str, start: int, end: int) -> bool:
    """Return whether square brackets around some words have nothing but capitals in them."""
    before, after = text.rfind("[", max(0, start - _LONGEST_BLANK), start), text.find("]", end, end + _LONGEST_BLANK)
    return before >= 0 and after >= 0 and text[before:after].isupper() and "]" not in text[before:start]


def _after_words(text: str, start: int, count: int) -> int:
    """Return where the first `count` words from `start` end."""
    at = start
    for _ in range(count):
        while at < len(text) and text[at].isspace():
            at += 1
        while at < len(text) and not text[at].isspace():
            at += 1
    return at
