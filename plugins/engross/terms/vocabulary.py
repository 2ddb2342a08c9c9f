"""What a name means at a place: every form of every name, and which definition holds there."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from engross.model import Clause, Definition, Scope
from engross.terms.found import Bound
from engross.terms.names import forms, key
from engross.terms.options import TermOptions
from engross.terms.outline import Passage
from engross.terms.trie import compile_names
from engross.values import cached_property, dataclass


@dataclass(frozen=True, slots=True)
class Meaning:
    """A definition under one form of one of its names.

    `exact` tells that the form is the name itself and not derived from it; `links` is what the options say of the name.
    """

    bound: Bound
    exact: bool
    links: bool

    @property
    def definition(self) -> Definition:
        """The definition itself."""
        return self.bound.definition


class Vocabulary:
    """All names of an edition, by the forms in which they are used."""

    def __init__(self, bounds: Iterable[Bound], options: TermOptions) -> None:
        self.options = options
        self.by_form: dict[str, list[Meaning]] = defaultdict(list)
        for bound in bounds:
            for name in bound.definition.names:
                self._add(name, bound)
        for meanings in self.by_form.values():
            # An exact form wins over a derived one; then the narrowest scope; then what stands first in the text.
            meanings.sort(key=lambda meaning: (not meaning.exact, *meaning.bound.rank))
        self._set_wide = {form: found[0] for form, found in self.by_form.items() if all(map(_is_set_wide, found))}
        self._narrow = {form for form, found in self.by_form.items() if any(map(_is_narrow, found))}

    def _add(self, name: str, bound: Bound) -> None:
        exact = key(name)
        links = self.options.links(name)
        self.by_form[exact].append(Meaning(bound, True, links))
        derived = forms(exact) if links else ()
        for form in (*derived, *_calm(exact)):
            self.by_form[form].append(Meaning(bound, False, links))

    @cached_property
    def pattern(self) -> re.Pattern[str] | None:
        """Matches every form, the longest first."""
        return compile_names(self.by_form, after_hyphen=self.options.compounds)

    @cached_property
    def loud(self) -> dict[str, str]:
        """Every form in capitals → the form, where the two differ."""
        return {form.upper(): form for form in reversed(self.by_form) if form != form.upper()}

    @cached_property
    def loud_pattern(self) -> re.Pattern[str] | None:
        """Matches every form that stands in capitals, those that always do included."""
        capitals = (form for form in self.by_form if form == form.upper())
        return compile_names([*self.loud, *capitals], after_hyphen=self.options.compounds)

    def meaning(self, form: str, passage: Passage) -> Meaning | None:
        """What a form means in a passage; None where no definition of it holds there."""
        found = self._set_wide.get(form)
        if found is not None:
            return found
        return next((one for one in self.by_form.get(form, ()) if holds(one.bound, passage)), None)

    def is_document_wide(self, form: str) -> bool:
        """Whether a form means the same everywhere in a document."""
        return form not in self._narrow

    def defined(self, name: str, passage: Passage) -> bool:
        """Whether words are a form of a term that holds in a passage."""
        return self.meaning(key(name), passage) is not None

    def longest(self, words: str, passage: Passage) -> tuple[int, Meaning | None]:
        """The longest run of the first words that is a term in a passage: (how many words, what they mean).

        Words that only begin like a term of as many ("Customer Dataset" like Customer Data) are taken up and mean
        nothing; (0, None) where no first word is anything.
        """
        parts = words.split(" ")
        for count in range(len(parts), 0, -1):
            run = " ".join(parts[:count])
            found = self.meaning(run, passage)
            if found is not None or self._nearly(run, passage):
                return count, found
        return 0, None

    def _nearly(self, words: str, passage: Passage) -> bool:
        last = words.rfind(" ") + 2
        return any(self.meaning(words[:end], passage) is not None for end in range(len(words) - 1, last - 1, -1))


def _is_set_wide(meaning: Meaning) -> bool:
    return meaning.definition.scope is Scope.SET


def _is_narrow(meaning: Meaning) -> bool:
    return meaning.bound.reach is not None and not _is_set_wide(meaning)


def _calm(name: str) -> Iterator[str]:
    """A long name in capitals ("AGREEMENT") as it is written elsewhere; an abbreviation stays as it is."""
    if name.isupper() and len(name) > 6:
        yield " ".join(
            word.lower() if word in ("OF", "AND", "OR", "THE") else word.capitalize() for word in name.split()
        )


def holds(bound: Bound, passage: Passage) -> bool:
    """Whether a definition reaches a passage."""
    if bound.definition.scope is Scope.SET:
        return True
    if bound.document != passage.outline.id:
        return False
    return bound.reach is None or _within(bound.reach, passage)


def _within(reach: Clause, passage: Passage) -> bool:
    return reach is passage.clause or any(clause is reach for clause in passage.around)
