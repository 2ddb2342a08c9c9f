"""What a name means at a place: every form of every name, and which definition applies there.

What a site decides about linking: which names link, and whether compounds do.

Many names, one pattern: a trie written as a regular expression, which finds the longest name at each place.

* The first character stands in front as a set, so that the search skips to a place where a name may begin; what comes
  before it is looked at next. Neither a letter nor a hyphen may: Sub-Licensee is not Licensee.
* After the longest name the rest of its word is taken along ("Customer Data" in "Customer Dataset"). Such a match is
  no name, and no shorter name is found within it. To look at the boundary afterwards instead would find "Customer".
* White space in a name stands for any run of white space, a line end or no-break space included. The typographic
  apostrophe is punctuation, not a letter: the word ends before it.

What a name means at a place: every form of every name, and which definition holds there.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from engross.common import lazy_value, value_class
from engross.language import forms, key, wordlist
from engross.model import Clause, Definition, Scope
from engross.terms.passages import Bound, Passage

PRONOUNS = wordlist(
    "I Me My Mine Myself We Us Our Ours Ourselves You Your Yours Yourself Yourselves He Him His Himself She Her Hers "
    "Herself It Its Itself They Them Their Theirs Themselves One"
)


@value_class(frozen=True, slots=True)
class TermOptions:
    """Which names of definitions become links.

    A pronoun, or a name without a capital letter (`including`), would drown the page and does not link by itself;
    `link` names those that shall, `unlink` those names that shall not although they would. Names are written as they
    are defined. `compounds` lets a term link after a hyphen ("Non-Customer Data").
    """

    link: frozenset[str] = frozenset()
    unlink: frozenset[str] = frozenset()
    compounds: bool = False

    def links(self, name: str) -> bool:
        """Whether a name of a definition becomes a link where it is used."""
        if name in self.unlink:
            return False
        return name in self.link or (name not in PRONOUNS and name != name.lower())


DEFAULT_OPTIONS = TermOptions()


_WILD: Final = {" ": r"\s+", "-": "[-‐‑]", "'": "['’]"}
_REST_OF_WORD: Final = r"(?:[-‐‑]?\w)*"

_Node = dict[str, "_Node"]
_END: Final = ""


def compile_names(names: Iterable[str], *, after_hyphen: bool = False) -> re.Pattern[str] | None:
    """A pattern that matches the names (keys of `engross.language.word_forms`), each longest first; None without any.

    `after_hyphen` allows a hyphen before a match.
    """
    return _compiled(frozenset(names), after_hyphen)


@lru_cache(maxsize=16)
def _compiled(names: frozenset[str], after_hyphen: bool) -> re.Pattern[str] | None:
    """Edition after edition has the same names: each pattern is made once."""
    root: _Node = {}
    for name in names:
        node = root
        for character in name:
            node = node.setdefault(character, {})
        if name:
            node[_END] = {}
    if not root:
        return None
    first = "".join(re.escape(character) for character in sorted(root))
    branches = "|".join(f"(?<={re.escape(character)}){_written(node)}" for character, node in sorted(root.items()))
    before = r"\w" if after_hyphen else r"\w\-‐‑"
    return re.compile(rf"[{first}](?<![{before}].)(?:{branches}){_REST_OF_WORD}")


def _written(node: _Node) -> str:
    """What may follow a node, the longer way first."""
    chain: list[str] = []
    while len(node) == 1 and _END not in node:
        ((character, node),) = node.items()
        chain.append(_atom(character))
    ways = [_atom(character) + _written(child) for character, child in sorted(node.items()) if character != _END]
    if _END in node:
        if not ways:
            return "".join(chain)
        ways.append("")
    return "".join(chain) + (f"(?:{'|'.join(ways)})" if len(ways) > 1 else ways[0])


def _atom(character: str) -> str:
    return _WILD.get(character) or re.escape(character)


@value_class(frozen=True, slots=True)
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

    @lazy_value
    def pattern(self) -> re.Pattern[str] | None:
        """Matches every form, the longest first."""
        return compile_names(self.by_form, after_hyphen=self.options.compounds)

    @lazy_value
    def loud(self) -> dict[str, str]:
        """Every form in capitals → the form, where the two differ."""
        return {form.upper(): form for form in reversed(self.by_form) if form != form.upper()}

    @lazy_value
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
    if bound.document != passage.document.id:
        return False
    return bound.reach is None or _within(bound.reach, passage)


def _within(reach: Clause, passage: Passage) -> bool:
    return reach is passage.clause or any(clause is reach for clause in passage.around)
