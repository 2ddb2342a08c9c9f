"""Resolves a name at a place: all forms of all names, the definition that applies there, and which names link."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final

import engross.common.lazy_re as re
from engross.common import lazy_value, value_class
from engross.language import Grammar, key, plain, verb_forms, wordlist
from engross.model import Clause, Definition, Scope, Verbatim
from engross.terms.name_patterns import NamesInTexts, compile_names
from engross.terms.passages import Bound, Outline, Passage

PRONOUNS = wordlist(
    "I Me My Mine Myself We Us Our Ours Ourselves You Your Yours Yourself Yourselves He Him His Himself She Her Hers "
    "Herself It Its Itself They Them Their Theirs Themselves One"
)


# Pronouns in capitals, and the words of RFC 2119, which documents define but readers know.
_CAPITALS = wordlist("YOU YOUR YOURS WE OUR OURS MUST REQUIRED SHALL SHOULD RECOMMENDED MAY OPTIONAL") | {
    "MUST NOT",
    "SHALL NOT",
    "SHOULD NOT",
    "NOT RECOMMENDED",
}


@value_class(frozen=True, slots=True)
class TermOptions:
    """The names of definitions that become links.

    Pronouns, single words without a capital (`including`) and requirement words (MUST) would link too often, so they
    do not link by default, except nouns that mostly follow "the" (the licensor). `link` lists such names to link
    anyway, `unlink` names not to link. Names are written as in their definition. `compounds` lets a term link after a
    hyphen ("Non-Customer Data"). `verbatim` are the parts of documents that must stay letter for letter, by id, for
    sealed texts, whose own settings do not name them.
    """

    link: frozenset[str] = frozenset()
    unlink: frozenset[str] = frozenset()
    compounds: bool = False
    verbatim: tuple[tuple[str, tuple[Verbatim, ...]], ...] = ()

    def links(self, name: str, grammar: Grammar) -> bool:
        """Return whether uses of a name become links; `grammar` is that of the document that defines it."""
        if name in self.unlink:
            return False
        if name in self.link:
            return True
        if name in PRONOUNS or name in _CAPITALS or name.lower() in grammar.pronouns:
            return False
        return name != name.lower() or _names_thing(name, grammar)


_FIRST_OF_OTHERS = wordlist(
    "a an and any as at by each every for from if in including its of on or other our such that the their these this "
    "those to under without with your"
)


_OWNERS = wordlist("our their your")
"""What may begin a name of three words or more: “your confidential information”."""


def _names_thing(name: str, grammar: Grammar) -> bool:
    """Return whether a name in small letters is a noun of several words (“personal data”), unlike “such as”."""
    words = name.split()
    if len(words) < 2 or not all(word.isalpha() for word in words):
        return False
    if grammar.is_english:
        return words[0] not in _FIRST_OF_OTHERS or (words[0] in _OWNERS and _names_thing(" ".join(words[1:]), grammar))
    # « données personnelles », unlike « tels que » and « y compris »; a German noun has a capital.
    return not grammar.capitalises_nouns and len(words[0]) > 1 and grammar.common.isdisjoint((words[0], words[-1]))


DEFAULT_OPTIONS = TermOptions()


_MEANS_TO: Final = re.compile(r"\A[^.;]{0,80}\bmeans?,?\s+to\s+[a-z]")


@value_class(frozen=True, slots=True)
class Meaning:
    """A definition with one form of one of its names.

    `exact` is true if the form is the name itself and not derived from it; `links` is whether the name becomes a link;
    `verbal` is true for a derived form of a verb (Submitting).
    """

    bound: Bound
    exact: bool
    links: bool
    verbal: bool = False

    @property
    def definition(self) -> Definition:
        """The definition."""
        return self.bound.definition


SHORTEST_WORD = 5
"""The fewest letters of a name in capitals that is a word and not an abbreviation."""
_MANY = 8
"""More meanings of a form than these are indexed by where they apply."""


class Names:
    """The names of some definitions, such as those of one document, by the forms in which they are used."""

    def __init__(self, bounds: Sequence[Bound], options: TermOptions) -> None:
        self.bounds = bounds
        self.options = options
        self.by_form: dict[str, list[Meaning]] = defaultdict(list)
        for bound in bounds:
            self._add(bound)
        for meanings in self.by_form.values():
            if len(meanings) > 1:
                meanings.sort(key=_rank)
        self.set_wide = {form: found[0] for form, found in self.by_form.items() if all(map(_is_set_wide, found))}
        self.narrow = {form for form, found in self.by_form.items() if any(map(_is_narrow, found))}

    @lazy_value
    def facts(self) -> object:
        """All that the meaning of a form depends on, besides the clauses in which narrow definitions apply."""
        return tuple(
            (
                bound.definition.names,
                bound.document,
                bound.rank,
                bound.definition.scope,
                not bound.reaches,
                bound.found.passage.grammar,
                bound.found.small,
                _means_to(bound),
            )
            for bound in self.bounds
        )

    @lazy_value
    def has_nouns(self) -> bool:
        """Whether a definition is in a language that capitalises nouns."""
        return any(bound.found.passage.grammar.capitalises_nouns for bound in self.bounds)

    def _add(self, bound: Bound) -> None:
        definition, found = bound.definition, bound.found
        meanings: dict[tuple[bool, bool, bool], Meaning] = {}
        for form, kind in _forms(definition.names, found.passage.grammar, self.options, found.small, _means_to(bound)):
            if kind not in meanings:
                meanings[kind] = Meaning(bound, *kind)
            self.by_form[form].append(meanings[kind])


def _rank(meaning: Meaning) -> tuple[object, ...]:
    """Exact forms precede derived ones, then narrower scopes, then earlier definitions."""
    return not meaning.exact, *meaning.bound.rank


class Vocabulary:
    """All names of an edition by the forms in which they are used, made of those of each document."""

    def __init__(self, names: Iterable[Names], options: TermOptions) -> None:
        self.options = options
        self.names = tuple(names)
        self.by_form: dict[str, list[Meaning]] = {}
        self._indexes: dict[str, dict[object, list[int]]] = {}
        self._set_wide: dict[str, Meaning] = {}
        self._narrow = frozenset().union(*(one.narrow for one in self.names))
        for one in self.names:
            shared = self.by_form.keys() & one.by_form.keys()
            joined = {form: sorted(self.by_form[form] + one.by_form[form], key=_rank) for form in shared}
            self.by_form |= one.by_form
            self.by_form |= joined
            self._set_wide |= one.set_wide
            for form, found in joined.items():
                if all(map(_is_set_wide, found)):
                    self._set_wide[form] = found[0]
                else:
                    self._set_wide.pop(form, None)

    @lazy_value
    def facts(self) -> object:
        """All that the meaning of a form depends on, besides the clauses in which narrow definitions apply."""
        return self.options, tuple(one.facts for one in self.names)

    @lazy_value
    def pattern(self) -> re.Pattern[str] | None:
        """A pattern that matches every form, the longest first."""
        return compile_names(self.by_form, after_hyphen=self.options.compounds)

    @lazy_value
    def _in_texts(self) -> NamesInTexts:
        return NamesInTexts(self.by_form, after_hyphen=self.options.compounds)

    def pattern_in(self, outline: Outline) -> re.Pattern[str] | None:
        """Return a pattern that matches every form in the passages of a document, the longest first."""
        return self._in_texts.pattern(outline.id, lambda: (plain(one.text).text for one in outline.passages))

    @lazy_value
    def in_capitals(self) -> dict[str, str]:
        """Every form in capitals → the form, where they differ."""
        return {form.upper(): form for form in reversed(self.by_form) if form != form.upper()}

    @lazy_value
    def capitals_pattern(self) -> re.Pattern[str] | None:
        """A pattern that matches every form in capitals, including forms that always are."""
        capitals = (form for form in self.by_form if form == form.upper())
        return compile_names([*self.in_capitals, *capitals], after_hyphen=self.options.compounds)

    def meaning(self, form: str, passage: Passage) -> Meaning | None:
        """Return what a form means in a passage, or None if no definition of it applies there."""
        found = self._set_wide.get(form)
        if found is not None:
            return found
        known: Sequence[Meaning] = self.by_form.get(form, ())
        if len(known) > _MANY:
            known = self._near(form, known, passage)
        return next((one for one in known if applies(one.bound, passage)), None)

    def _near(self, form: str, known: Sequence[Meaning], passage: Passage) -> Sequence[Meaning]:
        """Return those of many meanings of a form that may apply in a passage, in their order."""
        index = self._indexes.get(form)
        if index is None:
            index = self._indexes[form] = defaultdict(list)
            for at, one in enumerate(known):
                for reach in _reaches_of(one.bound):
                    index[reach].append(at)
        reaches = (None, passage.document.id, id(passage.clause), *map(id, passage.around))
        return [known[at] for at in sorted({at for reach in reaches for at in index.get(reach, ())})]

    def is_document_wide(self, form: str) -> bool:
        """Return whether a form has one meaning in a whole document."""
        return form not in self._narrow

    def defined(self, name: str, passage: Passage) -> bool:
        """Return whether words are a form of a term that applies in a passage."""
        return self.meaning(key(name), passage) is not None

    def longest(self, words: str, passage: Passage) -> tuple[int, Meaning | None]:
        """Return the longest run of first words that is a term in a passage: (number of words, meaning).

        Words that only begin like a term of the same length ("Customer Dataset" like Customer Data) count as a run
        without meaning. The result is (0, None) if no first word matches.
        """
        parts = words.split(" ")
        for count in range(len(parts), 0, -1):
            run = " ".join(parts[:count])
            found = self.meaning(run, passage)
            if found is not None or self._begins_like_term(run, passage):
                return count, found
        return 0, None

    def _begins_like_term(self, words: str, passage: Passage) -> bool:
        last = words.rfind(" ") + 2
        return any(self.meaning(words[:end], passage) is not None for end in range(len(words) - 1, last - 1, -1))


_PARTS = re.compile(r"[ -](?:[a-z]{1,2}[’'])?(?P<word>(?P<first>[^\W\d_])\w*)")


def _raised(part: re.Match[str]) -> str:
    """A blank or hyphen with the word after it, in a capital: " d’Utilisation"."""
    at = part.start("first") - part.start()
    return part[0][:at] + part["first"].upper() + part[0][at + 1 :]


def _means_to(bound: Bound) -> bool:
    """Return whether a definition is that of a verb: “Onboard” means to …."""
    body = bound.found.body
    return " to " in body and _MEANS_TO.match(body) is not None


@lru_cache(maxsize=16384)
def _forms(
    names: tuple[str, ...], grammar: Grammar, options: TermOptions, small: bool, any_verb: bool
) -> tuple[tuple[str, tuple[bool, bool, bool]], ...]:
    """Return the forms of the names of a definition, each with the kind of its meaning: exact, links, verbal.

    A definition that stays is in the vocabulary of each version of its set.
    """
    found = []
    for name in names:
        noun = small and name.islower() and name not in options.unlink and not _is_pronoun(name, grammar)
        exact, links = key(name), noun or options.links(name, grammar)
        found.append((exact, (True, links, False)))
        found += [(form, (False, links, verbal)) for form, verbal in _derived(exact, grammar, links, small, any_verb)]
        if not links and _is_small_word(name, grammar, options):
            # (the “administrator”), later "the Administrator": in the middle of a sentence, the capital shows the term.
            found += [(form, (False, True, False)) for form in _at_start(exact, grammar)]
    return tuple(found)


def _is_small_word(name: str, grammar: Grammar, options: TermOptions) -> bool:
    """Return whether a name is one English word in small letters that is no pronoun."""
    word = grammar.is_english and name.isalpha() and name.islower() and not name.endswith("ing")
    return word and not _is_pronoun(name, grammar) and name not in options.unlink


def _is_pronoun(name: str, grammar: Grammar) -> bool:
    return name.capitalize() in PRONOUNS or name.lower() in grammar.pronouns


def _derived(name: str, grammar: Grammar, links: bool, small: bool, any_verb: bool) -> tuple[tuple[str, bool], ...]:
    """Return the forms of a name besides itself, and whether each is one of a verb."""
    verbal = _participles(name, any_verb) if links and grammar.is_english else ()
    derived = [*grammar.forms(name), *_at_start(name, grammar), *_other_capitals(name, grammar)] if links else []
    if links and small:
        derived += [form[0].lower() + form[1:] for form in (name, *derived)]
    every = dict.fromkeys((*derived, *verbal, *_without_capitals(name, grammar)))
    return tuple((form, form in verbal) for form in every)


def _participles(name: str, any_verb: bool) -> tuple[str, ...]:
    """Return the forms of a verb other than that in -s, which may also be the plural of a noun (Updates)."""
    return tuple(form for form in verb_forms(name, any_verb=any_verb) if not form.endswith("s"))


def _at_start(name: str, grammar: Grammar) -> Iterator[str]:
    """Yield the forms of a name in small letters at the beginning of a sentence."""
    if name.islower():
        yield from (form[0].upper() + form[1:] for form in (name, *grammar.forms(name)))


def _other_capitals(name: str, grammar: Grammar) -> Iterator[str]:
    """Yield a name with a capital in each word: "Responsable de Traitement", "Sub-Processor".

    Fewer capitals than in the definition may be the ordinary words at the beginning of a sentence.
    """
    if not name[:1].isupper() or name.isupper() or not _PARTS.search(name):
        return
    small = ("of", "and", "or", "the", *grammar.common)
    raised = _PARTS.sub(lambda part: part[0] if part["word"] in small else _raised(part), name)
    if raised != name:
        yield from (raised, *grammar.forms(raised))


def _is_set_wide(meaning: Meaning) -> bool:
    return meaning.definition.scope is Scope.SET


def _is_narrow(meaning: Meaning) -> bool:
    return bool(meaning.bound.reaches) and not _is_set_wide(meaning)


_SMALL_IN_TITLES: Final = ("for", "to", "in", "on", "by", "with", "at", "from", "a", "an")


def _without_capitals(name: str, grammar: Grammar) -> Iterator[str]:
    """Yield the forms of a name in capitals ("AGREEMENT") in ordinary case; abbreviations have no such forms.

    Where all nouns have a capital, the ordinary word has one too: der KUNDE, jeder Kunde. See `as_used`.
    """
    if name.isupper() and len(name) >= SHORTEST_WORD and not grammar.capitalises_nouns:
        small = ("of", "and", "or", "the", *grammar.common)
        # READY FOR USE is Ready for Use or Ready For Use elsewhere.
        for left in (small, (*small, *_SMALL_IN_TITLES)) if grammar.is_english else (small,):
            written = " ".join(word if word in left else word.capitalize() for word in name.lower().split())
            yield from (written, *grammar.forms(written))


def _reaches_of(bound: Bound) -> Iterator[object]:
    """Yield where a definition applies: None (the set), the id of its document, or the identities of clauses."""
    if bound.definition.scope is Scope.SET:
        yield None
    elif not bound.reaches:
        yield bound.document
    else:
        yield from map(id, bound.reaches)


def applies(bound: Bound, passage: Passage) -> bool:
    """Return whether a definition applies in a passage."""
    if bound.definition.scope is Scope.SET:
        return True
    if bound.document != passage.document.id:
        return False
    return not bound.reaches or any(_within(reach, passage) for reach in bound.reaches)


def _within(reach: Clause, passage: Passage) -> bool:
    return reach is passage.clause or any(clause is reach for clause in passage.around)
