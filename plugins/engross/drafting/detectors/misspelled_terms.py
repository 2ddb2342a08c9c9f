"""Finds names of several words that differ from a defined term in one letter: Confidental Information."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import engross.common.lazy_re as re
from engross.common import value_class
from engross.drafting.detectors.capitals import capitals
from engross.drafting.detectors.term_variants import are_opposites
from engross.drafting.subject import Passage, Subject
from engross.language import forms, key
from engross.model import Definition, Scope

_SHORTEST = 6
_MOST_SLIPS, _FEWEST_RIGHT = 2, 3

_Slots = Mapping[tuple[str, ...], Sequence[tuple[str, str, Definition]]]
"""Names with one word left out → that word, the name, and its definition."""


@value_class(frozen=True, slots=True)
class Misspelled:
    """Words that differ in one letter from `form`, a form of a defined name."""

    passage: Passage
    start: int
    words: str
    form: str


def misspelled(subject: Subject) -> Iterator[Misspelled]:
    """Find names with a slip: the word is written so once or twice, and mostly as in the term."""
    slots = _slots(subject)
    for one in capitals(subject) if slots else ():
        parts = key(one.words).split()
        for at, word in enumerate(parts) if len(parts) > 1 else ():
            for right, form, definition in slots.get(_without(parts, at), ()):
                if _can_mean(definition, one.passage) and _is_slip(word, right, _text(one.passage)):
                    yield Misspelled(one.passage, one.start, one.words, form)


def _slots(subject: Subject) -> _Slots:
    found: dict[tuple[str, ...], list[tuple[str, str, Definition]]] = defaultdict(list)
    for definition in subject.binding.definitions:
        for name in definition.names if " " in definition.term else ():
            for form in (key(name), *forms(key(name))):
                parts = form.split()
                for at, word in enumerate(parts) if len(parts) > 1 else ():
                    if len(word) >= _SHORTEST and word[0].isupper() and word.isalpha():
                        found[_without(parts, at)].append((word, form, definition))
    return found


def _without(parts: Sequence[str], at: int) -> tuple[str, ...]:
    return (*parts[:at], "", *parts[at + 1 :])


def _can_mean(definition: Definition, passage: Passage) -> bool:
    return definition.scope is Scope.SET or definition.place.document == passage.document.id


def _text(passage: Passage) -> str:
    source = passage.document.source
    return source.text if source else ""


def _is_slip(word: str, right: str, text: str) -> bool:
    """Whether a word is a slip for another: one letter more, less or other, or two in another order."""
    from rapidfuzz.distance import OSA  # few texts have such words

    if not word.isalpha() or (word[0], word[-1]) != (right[0], right[-1]) or OSA.distance(word, right) != 1:
        return False
    if are_opposites(word, right):
        return False
    written = len(re.findall(rf"(?i)(?<!\w){re.escape(word)}(?!\w)", text))
    return written <= _MOST_SLIPS and len(re.findall(rf"(?i)(?<!\w){re.escape(right)}(?!\w)", text)) >= _FEWEST_RIGHT
