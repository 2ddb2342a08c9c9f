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
from functools import cached_property

from engross.model import Use
from engross.terms import setting
from engross.terms.found import Bound
from engross.terms.names import key
from engross.terms.outline import Outline, Passage
from engross.terms.plain import Plain, plain
from engross.terms.vocabulary import Meaning, Vocabulary

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
        self._known: dict[str, Meaning] = {}
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
        shielded = tuple(sorted((*passage.shielded, *references))) if references else passage.shielded
        scan = _Scan(passage, text, shielded, self._own(passage))
        found = [*self._matches(scan, pattern), *self._loud_matches(scan)]
        found.sort(key=lambda match: (match[0], -match[1]))
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
        own = list(self._part.get((passage.outline.document.id, passage.index), ()))
        for clause in (*passage.around, passage.clause) if self._whole else ():
            own.extend((bound, (0, len(passage.text))) for bound in self._whole.get(id(clause), ()))
        return own

    def _matches(self, scan: _Scan, pattern: re.Pattern[str]) -> Iterator[tuple[int, int, Meaning]]:
        text, at = scan.text.text, 0
        search = pattern.search
        while match := search(text, at):
            start, end = match.span()
            taken, meaning = self._resolve(text, start, end, scan.passage)
            at = taken
            if meaning is not None:
                yield start, taken, meaning

    def _resolve(self, text: str, start: int, end: int, passage: Passage) -> tuple[int, Meaning | None]:
        """What a match means, and where the scan goes on."""
        raw = text[start:end]
        meaning = self._known.get(raw)
        if meaning is not None:
            return end, meaning
        words = key(raw)
        meaning = self.vocabulary.meaning(words, passage)
        if meaning is not None:
            if self.vocabulary.is_set_wide(words):
                self._known[raw] = meaning
            return end, meaning
        count, shorter = self.vocabulary.longest(words, passage)
        return min(end, _after_words(text, start, max(1, count))), shorter

    def _loud_matches(self, scan: _Scan) -> Iterator[tuple[int, int, Meaning]]:
        """Matches in stretches set in capitals."""
        text = scan.text.text
        if not _LOUD.search(text) or (pattern := self.vocabulary.loud_pattern) is None:
            return
        for match in pattern.finditer(text):
            form = self.vocabulary.loud.get(key(match[0]))
            meaning = self.vocabulary.meaning(form, scan.passage) if form else None
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
        loud = text[start:end].isupper() and setting.is_loud(text, start, end)
        if loud:
            return True

        def known(words: str) -> bool:
            return words in self._actors or self.vocabulary.defined(words, scan.passage)

        if setting.is_part_of_name(text, start, end, known):
            return False
        return not setting.is_ordinary(text, start, end, self._ordinary_words.__contains__)


def _after_words(text: str, start: int, count: int) -> int:
    """Where the first `count` words from `start` end."""
    at = start
    for _ in range(count):
        while at < len(text) and text[at].isspace():
            at += 1
        while at < len(text) and not text[at].isspace():
            at += 1
    return at
