"""Finds the uses of defined terms.

A passage is scanned once, longest name first, from left to right. A match counts unless it stands in code, a link, a
lead-in or a cross-reference; in its own definition; in a longer name that is not defined; or at the beginning of a
sentence whose words show the ordinary meaning. Where the longest name does not hold in a passage (it is defined for
another section or document), the next shorter one is tried.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from engross.model import Use
from engross.terms import setting
from engross.terms.found import Bound
from engross.terms.names import key
from engross.terms.outline import Outline, Passage
from engross.terms.plain import Plain, plain
from engross.terms.vocabulary import Meaning, Vocabulary
from engross.values import cached_property

Spans = tuple[tuple[int, int], ...]

_LOUD = re.compile(r"[A-Z]{2,}[^\w]+(?:[A-Z]+[^\w]+)*[A-Z]{2,}")


@dataclass(slots=True)
class _Scan:
    """One passage while it is scanned."""

    passage: Passage
    text: Plain
    shielded: Spans
    own: list[tuple[Bound, tuple[int, int]]]
    starts: list[int] = field(default_factory=list)

    def is_shielded(self, start: int, end: int) -> bool:
        """Whether any of `start` to `end` lies in a stretch where nothing is linked."""
        if not self.shielded:
            return False
        if not self.starts:
            self.starts = [span[0] for span in self.shielded]
        at = bisect_right(self.starts, end - 1) - 1
        return any(span[1] > start for span in self.shielded[: at + 1])

    def defines(self, meaning: Meaning, start: int) -> bool:
        """Whether the term is being defined at `start`."""
        if not self.own:
            return False
        names = meaning.definition.names
        return any(
            (bound is meaning.bound or not set(names).isdisjoint(bound.definition.names)) and span[0] <= start < span[1]
            for bound, span in self.own
        )


class Linker:
    """Finds the uses of an edition's terms."""

    def __init__(self, vocabulary: Vocabulary, bounds: Iterable[Bound], outlines: list[Outline]) -> None:
        self.vocabulary = vocabulary
        self._outlines = outlines
        self._known: dict[str, dict[str, Meaning]] = defaultdict(dict)
        self._whole: dict[int, list[Bound]] = defaultdict(list)
        self._part: dict[tuple[str, int], list[tuple[Bound, tuple[int, int]]]] = defaultdict(list)
        for bound in bounds:
            found = bound.found
            place = (bound.document, found.passage.index)
            self._part[place].append((bound, found.own))
            for clause in found.below:
                self._whole[id(clause)].append(bound)

    @cached_property
    def _ordinary_words(self) -> frozenset[str]:
        return frozenset().union(*(outline.lower_words for outline in self._outlines))

    @cached_property
    def _actors(self) -> frozenset[str]:
        """Names that act in sentences ("Customer will …") and so stand by themselves, defined or not."""
        counted: Counter[str] = Counter()
        for outline in self._outlines:
            counted.update(outline.acting)
        return frozenset(name for name, times in counted.items() if times > 1)

    def uses(self, passage: Passage, references: Spans) -> Iterator[Use]:
        """The uses in a passage, in order; `references` are the stretches that cross-references take up."""
        pattern = self.vocabulary.pattern
        if pattern is None:
            return
        text = plain(passage.text)
        found = self._matches(text.text, passage, pattern)
        loud = list(self._loud_matches(text.text, passage))
        if not found and not loud:
            return
        if loud:
            found = sorted([*found, *loud], key=lambda match: (match[0], -match[1]))
        shielded = tuple(sorted((*passage.shielded, *references))) if references else passage.shielded
        scan = _Scan(passage, text, shielded, self._own(passage))
        reached = 0
        for start, end, meaning in found:
            if start < reached:
                continue
            reached = end
            if self._counts(scan, start, end, meaning):
                first, last = text.span(start, end)
                yield Use(passage.text[first:last], passage.place(first, last), meaning.definition)

    def _own(self, passage: Passage) -> list[tuple[Bound, tuple[int, int]]]:
        """The definitions that the passage is part of, each with the stretch that is."""
        own = list(self._part.get((passage.outline.id, passage.index), ()))
        for clause in (*passage.around, passage.clause) if self._whole else ():
            own.extend((bound, (0, len(passage.text))) for bound in self._whole.get(id(clause), ()))
        return own

    def _matches(self, text: str, passage: Passage, pattern: re.Pattern[str]) -> list[tuple[int, int, Meaning]]:
        """Each match of a name that means something here, the longest first: (start, end, meaning)."""
        found, at = [], 0
        known = self._known[passage.outline.id]
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
        """What a match means, and where the scan goes on; what holds in a whole document is looked up once in it."""
        raw = text[start:end]
        words = key(raw)
        meaning = self.vocabulary.meaning(words, passage)
        if meaning is not None:
            if self.vocabulary.is_document_wide(words):
                self._known[passage.outline.id][raw] = meaning
            return end, meaning
        count, shorter = self.vocabulary.longest(words, passage)
        return min(end, _after_words(text, start, max(1, count))), shorter

    def _loud_matches(self, text: str, passage: Passage) -> Iterator[tuple[int, int, Meaning]]:
        """Matches in stretches set in capitals."""
        if not _LOUD.search(text) or (pattern := self.vocabulary.loud_pattern) is None:
            return
        for match in pattern.finditer(text):
            form = self.vocabulary.loud.get(key(match[0]))
            meaning = self.vocabulary.meaning(form, passage) if form else None
            if meaning is not None and setting.is_loud(text, *match.span()):
                yield match.start(), match.end(), meaning

    def _counts(self, scan: _Scan, start: int, end: int, meaning: Meaning) -> bool:
        """Whether a match is a use."""
        text = scan.text.text
        first, last = scan.text.span(start, end)
        if not meaning.links or scan.is_shielded(first, last) or scan.defines(meaning, first):
            return False
        if setting.is_in_address(text, start, end):
            return False
        shape = setting.shape(text[start:end])
        if shape.stands_by_itself:
            return True
        if shape.capitals and setting.is_loud(text, start, end):
            return True
        if setting.is_part_of_name(text, start, end, shape, lambda words: self._is_known(words, scan.passage)):
            return False
        return not setting.is_ordinary(text, start, end, shape, self._ordinary_words.__contains__)

    def _is_known(self, words: str, passage: Passage) -> bool:
        """Whether words are a name that stands by itself: a term, or somebody who acts in sentences."""
        return words in self._actors or self.vocabulary.defined(words, passage)


def _after_words(text: str, start: int, count: int) -> int:
    """Where the first `count` words from `start` end."""
    at = start
    for _ in range(count):
        while at < len(text) and text[at].isspace():
            at += 1
        while at < len(text) and not text[at].isspace():
            at += 1
    return at
