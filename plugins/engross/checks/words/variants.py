"""Words that are a defined term but for capitals, hyphens or blanks: `confidential information`, `Open router`."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from engross.checks.subject import Passage, Subject
from engross.model import Definition, MarkKind, Scope
from engross.terms.names import forms, key
from engross.terms.options import PRONOUNS
from engross.terms.trie import compile_names

# "Your Content" is as well said of "your Content".
_FIRST = PRONOUNS | {"The", "This", "These", "A", "An", "Each", "Any"}
_JOINTS = re.compile(r"[\s‐‑-]+")
_KEPT = "variants"


@dataclass(frozen=True, slots=True)
class Variant:
    """Words that squeeze to the same letters as a form of a name. `form` is that form, `definition` its definition."""

    passage: Passage
    start: int
    end: int
    form: str
    definition: Definition

    @property
    def words(self) -> str:
        """What stands there."""
        return " ".join(self.passage.text[self.start : self.end].split())


@dataclass(frozen=True)
class Names:
    """The names of an edition that can be miswritten: those of several words, or with a capital inside."""

    exact: frozenset[str]
    squeezed: Mapping[str, tuple[str, Definition]]

    def allows(self, written: str) -> bool:
        """Whether words (a key) are a name as it is defined, in one of its forms, or all in capitals."""
        # The singular of "IPRs" keeps its capitals.
        return written in self.exact or written.isupper() or f"{written}s" in self.exact or written[:-1] in self.exact

    @cached_property
    def pattern(self) -> re.Pattern[str] | None:
        """Matches each in small letters, its words joined, hyphenated or apart."""
        written = set()
        for form, _ in self.squeezed.values():
            words = _words(form)
            written |= {joint.join(words) for joint in (" ", "-", "")}
            written.add(form.lower())
        return compile_names(written)


def variants(subject: Subject) -> tuple[Variant, ...]:
    """All variants in running text that are written as no defined name is; found once for all rules that ask."""
    found = subject.kept.get(_KEPT)
    if not isinstance(found, tuple):
        found = subject.kept[_KEPT] = tuple(_variants(subject))
    return found


def _variants(subject: Subject) -> Iterator[Variant]:
    names = _names(subject)
    pattern = names.pattern
    if pattern is None:
        return
    for passage in subject.running:
        lower = passage.text.lower()
        if len(lower) != len(passage.text):
            continue  # a letter whose small form takes two characters: offsets would not fit
        for found in pattern.finditer(lower):
            start, end = found.span()
            written = passage.text[start:end]
            known = names.squeezed.get(squeezed(found[0]))
            if known is None or names.allows(key(written)):
                continue
            form, definition = known
            if _counts(passage, start, end, definition):
                yield Variant(passage, start, end, form, definition)


def _counts(passage: Passage, start: int, end: int, definition: Definition) -> bool:
    place = definition.place
    if definition.scope is not Scope.SET and place.document != passage.document.id:
        return False
    if passage.document.id == place.document and passage.index == place.clause:
        return False
    if any(mark.start < end and start < mark.end for mark in passage.clause.inline.marks if mark.kind in _NOT_TEXT):
        return False
    around = passage.text[max(0, start - 1) : start], passage.text[end : end + 2]
    return not (around[0] in "/.@#" and around[0]) and not re.match(r"[./@:]\w", around[1])


_NOT_TEXT = frozenset({MarkKind.CODE, MarkKind.LINK, MarkKind.IMAGE})


def _names(subject: Subject) -> Names:
    exact: set[str] = set()
    found: dict[str, list[tuple[str, Definition]]] = defaultdict(list)
    for definition in subject.binding.definitions:
        for name in definition.names:
            every = (key(name), *forms(key(name)))
            exact.update(every)
            if _can_vary(name):
                for form in every:
                    found[squeezed(form)].append((form, definition))
    return Names(frozenset(exact), {letters: pairs[0] for letters, pairs in found.items() if len(letters) > 3})


def _can_vary(name: str) -> bool:
    """Whether a name has a joint, or a capital inside, and is no abbreviation."""
    if name == name.lower() or name == name.upper() or name.split()[0] in _FIRST:
        return False
    return len(_words(name)) > 1


def _words(form: str) -> list[str]:
    """The words of a name in small letters, those of "OpenRouter" included."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", form)
    return [word for word in _JOINTS.split(apart.lower()) if word]


def squeezed(words: str) -> str:
    """Words in small letters without blanks and hyphens."""
    return _JOINTS.sub("", words.lower())
