"""Finds the uses of defined terms in passages.

A passage is scanned once from left to right, the longest name first. A match counts except in code, a link, a lead-in
or a cross-reference; in its own definition; as part of a longer name that is not defined; or at the beginning of a
sentence that uses the ordinary word. If the longest name is not defined at that place (its scope is another section or
document), the next shorter name is tried.

In the middle of a sentence, a capital distinguishes a term from the ordinary word. At the beginning of a sentence and
in a paragraph in capitals it does not, so the following words decide.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, NamedTuple

from engross.common import lazy_value
from engross.language import Plain, begins_sentence, english, key, plain, sentence_end, wordlist
from engross.model import Use
from engross.terms.owner_phrases import owner_phrases
from engross.terms.passages import Bound, Found, Outline, Passage, acting
from engross.terms.vocabulary import Meaning, Vocabulary

_AFTER = re.compile(r"[ \t\n\u00a0]+(No\.|[A-Z][\w’'&/-]*|of\s+(?:19|20)\d\d\b)")
_NEXT_WORD = re.compile(r"[ \t\n\u00a0]+([a-z]+)")
# "Terms of Service" is one name, whatever Services are.
_TERMS_OF = re.compile(r"\b(?:Terms|TERMS|Conditions|CONDITIONS)\s+(?:of|OF)\s+\Z")
_WORD_BREAK = re.compile(r"[’'](?:s\b|(?!\w))|[,.;:)”\"]")
_LONG_WORD = re.compile(r"\b[^\W\d_]{2,}\b")
_OPTIONAL_ENDING = re.compile(r"\((?:s|es|ies)\)", re.IGNORECASE)
_LONGEST_ABBREVIATION: Final = 6
_ABBREVIATION_BEFORE: Final = re.compile(r"(?<![\w-])(?!(?:THE|AND|OR|OF|IN|TO|IS|ARE|NO|NOT)\b)[A-Z]{2,6}[ \u00a0]\Z")
_ABBREVIATION_AFTER: Final = re.compile(r"[ \u00a0](?!(?:THE|AND|OR|OF|IN|TO|IS|ARE|NO|NOT)\b)[A-Z]{2,6}(?![\w-])")
_WINDOW: Final = 60
_ADDRESS_MARKS: Final = (".", "@")
_DOUBLE_QUOTES: Final = frozenset("“\"„«‟")
_QUOTES: Final = _DOUBLE_QUOTES | frozenset("‘'")
_OPENING: Final = "“\"‘'«„(["

# Last words of the names of laws and instruments: "National Road Traffic Act" is not an Act of the agreement.
_INSTRUMENTS = wordlist(
    "act acts code codes regulation regulations directive directives statute statutes ordinance ordinances treaty "
    "convention conventions constitution rule rules bill decree law laws agreement agreements"
)
# Capitalised words that are not part of a name: they point, count, or begin a clause after a colon.
_NOT_NAMES = wordlist(
    "a an the this that these those each every any all both either neither no not such if when where while until "
    "unless upon on in at by for from to with within without under of or and but nor as per via is are was were be "
    "been has have had may shall will must can could would should does do did it its he she they we us our you "
    "your their his her my i some most many few several only certain also however therefore once because since "
    "although whether who which what how why please section sections article articles clause clauses paragraph "
    "paragraphs subsection schedule exhibit annex appendix subject notwithstanding except during after before other "
    "said"
)
_PLAIN_FOLLOWERS = wordlist("from by over about to the a an your its their any all each this that such these those")


class Shape(NamedTuple):
    """Properties of a match that do not depend on its context: a single word, the name of a law, all capitals."""

    single: bool
    law: bool
    capitals: bool

    @property
    def is_complete(self) -> bool:
        """Whether no context can make it part of another name or an ordinary word."""
        return not self.single and not self.law


@lru_cache(maxsize=16384)
def match_shape(words: str) -> Shape:
    """Return the shape of a match's words."""
    parts = words.split()
    return Shape(len(parts) == 1, parts[-1].lower() in _INSTRUMENTS, words.isupper())


def is_part_of_name(text: str, start: int, end: int, shape: Shape, known: Callable[[str], bool]) -> bool:
    """Return whether capitalised words on either side make the match part of a longer name that is not defined.

    `known` returns whether words are a term. A name of several words is complete unless it is the name of a law.
    """
    if shape.is_complete:
        return False
    return _has_name_before(text, start, known, shape.law) or _has_name_after(text, end, known, shape)


def _has_name_before(text: str, start: int, known: Callable[[str], bool], law: bool) -> bool:
    """Return whether a capitalised word that is not a term comes right before."""
    if not text[start - 1 : start].isspace():
        return False
    words = text[max(0, start - _WINDOW) : start].rsplit(None, 1)
    word = words[-1].lstrip(_OPENING) if words else ""
    if not word[:1].isupper() or _cannot_precede_name(word) or (word.isupper() and not law and len(word) > 1):
        return False
    begin = text.rindex(word, 0, start)
    return not begins_sentence(text, begin) and not _ends_with_term(text, begin + len(word), known)


def _cannot_precede_name(word: str) -> bool:
    """Return whether a word cannot be part of the name after it: it ends in punctuation or ’s, or is a determiner."""
    if word[-1] == ".":
        return not re.fullmatch(r"(?:[A-Z]\.)+|No\.", word)
    return not word[-1].isalnum() or word.endswith(("’s", "'s")) or word.lower() in _NOT_NAMES


def _ends_with_term(text: str, end: int, known: Callable[[str], bool]) -> bool:
    """Return whether the words right before `end` are a term that is not itself part of a longer name."""
    before = text[max(0, end - _WINDOW) : end].split()
    for count in range(min(6, len(before)), 0, -1):
        run = " ".join(before[-count:]).lstrip(_OPENING)
        if known(run):
            begin = text.rfind(before[-count].lstrip(_OPENING), 0, end)
            return count > 1 or not _has_name_before(text, begin, known, False)
    return False


def _has_name_after(text: str, end: int, known: Callable[[str], bool], shape: Shape) -> bool:
    """Return whether a capitalised word that is not a term comes right after, or the year or number of a law."""
    found = _AFTER.match(text, end)
    if not found:
        return False
    word = found[1]
    if not word[0].isupper() or word == "No.":
        return shape.law
    if not shape.single or word.isupper() or word.lower() in _NOT_NAMES:
        return False
    return not _begins_with_term(text, found.start(1), known)


def _begins_with_term(text: str, start: int, known: Callable[[str], bool]) -> bool:
    """Return whether the words from `start` are a term that is not itself part of a longer name."""
    stop = start + _WINDOW
    words = _WORD_BREAK.sub(" ,", text[start:stop]).split()
    if not text[stop - 1 : stop].isspace() and not text[stop : stop + 1].isspace() and stop < len(text):
        words.pop()  # The last word is cut.
    while words:
        count = next((count for count in range(min(6, len(words)), 0, -1) if known(" ".join(words[:count]))), 0)
        following = words[count : count + 1]
        if count != 1 or not following or not following[0][0].isupper():
            return count > 0
        if following[0].isupper() or following[0].lower() in _NOT_NAMES:
            return True
        words = words[1:]
    return False


def is_ordinary(text: str, start: int, end: int, shape: Shape, ordinary: Callable[[str], bool]) -> bool:
    """Return whether a single word at the beginning of a sentence is the ordinary word.

    "Control of the account stays with …", "Input from readers is welcome" and "Price lists are …" use the ordinary
    words; "Models are …" uses the term. `ordinary` returns whether a word also occurs in lower case.
    """
    if not shape.single or (shape.capitals and end - start > 1):
        return False
    if english.PLURAL_SUBJECT.match(text, end) and begins_sentence(text, start):
        return ordinary(text[start:end].lower())
    if english.NOUN_LIST.match(text, end) and begins_sentence(text, start):
        return True
    following = _NEXT_WORD.match(text, end)
    if not following or (following[1] != "of" and following[1] not in _PLAIN_FOLLOWERS):
        return False
    if not begins_sentence(text, start):
        return False
    word = text[start:end]
    if following[1] == "of" and english.OF_OTHERS.match(text, end):
        return True
    if following[1] == "of":
        return not word.endswith("s") or ordinary(word.lower())
    return ordinary(word.lower())


def is_label(text: str, start: int) -> bool:
    """Return whether a form of a verb is capitalised because of its place: "Using the site, …", "Last Updated: …"."""
    if begins_sentence(text, start):
        return True
    before = text[max(0, start - _WINDOW) : start].split()
    return bool(before) and before[-1][:1].isupper() and begins_sentence(text, text.rindex(before[-1], 0, start))


def is_about_words(text: str, start: int, end: int) -> bool:
    """Return whether a word means words of the document: "Terms not defined here", "Capitalised Terms"."""
    if text[start:end].lower() not in english.WORDS_ABOUT_WORDS:
        return False
    if english.DEFINED_BEFORE.search(text, max(0, start - 14), start):
        return True
    return begins_sentence(text, start) and english.ABOUT_WORDS.match(text, end) is not None


def is_in_capitals(text: str, start: int, end: int) -> bool:
    """Return whether the words around are mostly in capitals."""
    around = f"{text[max(0, start - _WINDOW) : start]} {text[end : end + _WINDOW]}"
    words: list[str] = _LONG_WORD.findall(around)[1 if start > _WINDOW else 0 :]
    in_capitals = sum(word.isupper() for word in words)
    return in_capitals >= 3 and in_capitals * 10 >= len(words) * 6


def is_among_abbreviations(text: str, start: int, end: int) -> bool:
    """Return whether an abbreviation is part of the name of another thing with an abbreviation beside it: UK GDPR."""
    if end - start > _LONGEST_ABBREVIATION:
        return False
    return bool(_ABBREVIATION_BEFORE.search(text, max(0, start - 9), start) or _ABBREVIATION_AFTER.match(text, end))


def is_in_stock_phrase(text: str, start: int, end: int) -> bool:
    """Return whether a word in capitals belongs to a phrase of disclaimers: "FITNESS FOR A PARTICULAR PURPOSE"."""
    phrases = english.STOCK_PHRASES.finditer(text, max(0, start - _WINDOW), end + _WINDOW)
    return any(found.start() <= start and end <= found.end() for found in phrases)


def is_in_address(text: str, start: int, end: int) -> bool:
    """Return whether the match is part of an address such as GitHub.com or help@Crusoe."""
    if text[start - 1 : start].isspace() and text[end : end + 1] not in _ADDRESS_MARKS:
        return False
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    if before[-1:] in ("@", "_", "\\") or (before[-1:] == "." and before[:1].isalnum()):
        return True
    return after[:1] in (".", "@") and after[1:].isalpha() and (after[0] == "@" or after[1].islower())


Spans = tuple[tuple[int, int], ...]

_CAPITALS = re.compile(r"[A-Z]{2,}[^\w]+(?:[A-Z]+[^\w]+)*[A-Z]{2,}")


@dataclass(slots=True)
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
    """Finds the uses of an edition's terms."""

    def __init__(self, vocabulary: Vocabulary, bounds: Iterable[Bound], outlines: list[Outline]) -> None:
        self.vocabulary = vocabulary
        self._outlines = outlines
        self.asked: dict[str, bool] = {}
        """The words that were asked for, and whether the edition writes them in small letters."""
        self._known: dict[str, dict[str, Meaning]] = defaultdict(dict)
        self._whole: dict[int, list[Bound]] = defaultdict(list)
        self._part: dict[tuple[str, int], list[tuple[Bound, tuple[int, int]]]] = defaultdict(list)
        for bound in bounds:
            found = bound.found
            self._part[bound.document, found.passage.index].append((bound, found.own))
            for clause in found.below:
                self._whole[id(clause)].append(bound)

    @lazy_value
    def _ordinary_words(self) -> frozenset[str]:
        return frozenset().union(*(outline.lower_words for outline in self._outlines))

    def _is_ordinary_word(self, word: str) -> bool:
        self.asked[word] = word in self._ordinary_words
        return self.asked[word]

    @lazy_value
    def _actors(self) -> frozenset[str]:
        """The names that act in sentences ("Customer will …"), which are complete names, defined or not."""
        return acting(outline.acting for outline in self._outlines)

    def uses(self, passage: Passage, references: Spans) -> Iterator[Use]:
        """Yield the uses in a passage in order; `references` are the spans of its cross-references."""
        pattern = self.vocabulary.pattern
        if pattern is None:
            return
        text = plain(passage.text)
        found = self._matches(text.text, passage, pattern)
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
                yield Use(passage.text[first:last], passage.place(first, last), meaning.definition)

    def _own(self, passage: Passage) -> list[tuple[Bound, tuple[int, int]]]:
        """Return the definitions that the passage is part of, each with the span that belongs to it."""
        own = list(self._part.get((passage.document.id, passage.index), ()))
        for clause in (*passage.around, passage.clause) if self._whole else ():
            own.extend((bound, (0, len(passage.text))) for bound in self._whole.get(id(clause), ()))
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
        shape, grammar = match_shape(text[start:end]), scan.passage.grammar
        if shape.is_complete:
            return True
        if shape.capitals and is_in_capitals(text, start, end):
            return not is_in_stock_phrase(text, start, end)
        if shape.capitals and is_among_abbreviations(text, start, end):
            return False
        if text[start - 3 : start].lower() == "of " and _TERMS_OF.search(text, max(0, start - 16), start):
            return False
        if not grammar.is_english and self._is_of_another(text, end, scan.passage):
            return False
        if grammar.capitalises_nouns and _AFTER.match(text, end) and not shape.law:
            shape = shape._replace(single=False)
        if is_part_of_name(text, start, end, shape, lambda words: self._is_known(words, scan.passage)):
            return False
        if (meaning.verbal and is_label(text, start)) or is_about_words(text, start, end):
            return False
        return not is_ordinary(text, start, end, shape, self._is_ordinary_word)

    def _is_of_another(self, text: str, end: int, passage: Passage) -> bool:
        """Return whether a name after the match that is no term makes it the thing of another: Servidores de Google."""
        grammar = passage.grammar
        found = None if grammar.capitalises_nouns else owner_phrases(grammar).of_name.match(text, end)
        return found is not None and not _begins_with_term(
            text, found.end(), lambda words: self._is_known(words, passage)
        )

    def _is_known(self, words: str, passage: Passage) -> bool:
        """Return whether words are a complete name: a term, or a party that acts in sentences."""
        return words in self._actors or self.vocabulary.defined(words, passage)


def _after_words(text: str, start: int, count: int) -> int:
    """Return where the first `count` words from `start` end."""
    at = start
    for _ in range(count):
        while at < len(text) and text[at].isspace():
            at += 1
        while at < len(text) and not text[at].isspace():
            at += 1
    return at
