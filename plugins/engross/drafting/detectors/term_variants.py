"""Finds variants of defined terms: other capitals, hyphens or spaces, as in `Open router`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import pairwise

import engross.common.lazy_re as re
from engross.common import value_class
from engross.drafting.kept_findings import Row, rows_of
from engross.drafting.subject import Passage, Reading, Subject
from engross.language import NOUNS, begins_sentence, forms, is_english, key
from engross.model import Definition, MarkKind, Scope
from engross.terms import PRONOUNS

# "Your Content" may also be "your" before "Content".
_NOT_FIRST = PRONOUNS | {"The", "This", "These", "A", "An", "Each", "Any"}
_JOINTS = re.compile(r"[\s‐‑-]+")
_WORD = re.compile(r"[^\W_]+")
_HYPHENS = ("-", "‐", "‑")
_JOINING = " \t\n\u00a0-‐‑"
_BROKEN = re.compile(r"(\w[-‐‑])\s+(?=\w)")
_NEXT = re.compile(r"\s+([^\W\d_]{3,})")
# What distinguishes the two sides of one thing.
_SIDE = re.compile(r"(?:e[er]|or)s?\Z|\A(?:pre|post|un|in|im|ir|non|sub|over|under|inter|intra)-?")
_SIGN = re.compile(r"[®™©]")
_SHORTEST = 3
_TOO_SHORT = 2000
_LONGEST_TITLE = 80
_SMALL_IN_TITLES = frozenset({"of", "and", "or", "for", "the", "in", "to", "a", "an", "on", "by", "with", "from", "at"})
_CACHE_KEY = "variants"


@value_class(frozen=True, slots=True)
class Variant:
    """Words with the same letters as a form of a name. `words` are as written, with single spaces; `form` is that form,
    `definition` its definition.
    """

    passage: Passage
    start: int
    end: int
    words: str
    form: str
    definition: Definition


@value_class(frozen=True, slots=True)
class Names:
    """The names of an edition that can have variants: those of several words, or with a capital inside.

    `exact` are all forms of all names. `of_words` maps the words of a form in small letters, and the same words joined,
    to the form and its definition. `counts` maps a first word to the lengths of such forms in words, longest first.
    """

    exact: frozenset[str]
    of_words: Mapping[tuple[str, ...], tuple[str, Definition]]
    counts: Mapping[str, Sequence[int]]

    def allows(self, written: str) -> bool:
        """Whether words (a key) are a form of a name as defined, or all in capitals."""
        # The singular of "IPRs" keeps its capitals.
        return written in self.exact or written.isupper() or f"{written}s" in self.exact or written[:-1] in self.exact


def variants(subject: Subject) -> tuple[Variant, ...]:
    """All variants in running text; computed once."""
    found = subject.kept.get(_CACHE_KEY)
    if not isinstance(found, tuple):
        names = _names(subject)
        found = tuple(_variants(subject, names)) if names.counts else ()
        subject.kept[_CACHE_KEY] = found
    return found


def _variants(subject: Subject, names: Names) -> Iterator[Variant]:
    """Find all variants; those of a document are kept by the names, and by where in the document they are defined."""
    every = [*names.of_words.items()]
    numbers = {(form, id(definition)): number for number, (_, (form, definition)) in enumerate(every)}
    defined: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for number, (_, (_, definition)) in enumerate(every):
        defined[definition.place.document].append((number, definition.place.clause))
    listed = [(words, form, one.scope, one.place.document) for words, (form, one) in every]
    asked = sha256(repr((sorted(names.exact), listed)).encode()).hexdigest() if subject.cache.folder else ""
    for reading in subject.readings:

        def find(reading: Reading = reading) -> list[Row]:
            """Return the rows of the variants in one document, which are kept in the cache."""
            # Other languages write their terms in small letters within a sentence, or all their nouns with capitals.
            passages = reading.running if _is_english(reading) else ()
            found = (one for passage in passages for one in _in_passage(passage, names))
            return [
                [one.passage.index, one.start, one.end, one.words, numbers[one.form, id(one.definition)]]
                for one in found
            ]

        where = f"{asked} {defined[reading.document.id]}"
        for index, start, end, words, number in rows_of(subject, reading, "variants", where, find):
            yield Variant(reading.passage(index), start, end, words, *every[number][1])


def _is_english(reading: Reading) -> bool:
    """Whether a document is English, or too short to tell."""
    source = reading.document.source
    return source is not None and (len(source.text) < _TOO_SHORT or is_english(source.text))


def _in_passage(passage: Passage, names: Names) -> Iterator[Variant]:
    """The variants of one passage, from left to right; a longer name wins over shorter ones in it.

    Looking up word by word is faster than one pattern of all variants of all names.
    """
    text = passage.text
    lower = text.lower()
    if len(lower) != len(text):
        return  # a letter whose small form has two characters would shift the offsets
    written = _WORD.findall(text)
    # Lower-casing all words at once is faster; it is safe only for ASCII, where it does not depend on the context.
    words = " ".join(written).lower().split() if text.isascii() else _WORD.findall(lower)
    if names.counts.keys().isdisjoint(words):
        return
    known = list(_runs_of_forms(words, names))
    if not known or _all_as_defined(text, written, known, names):
        return
    spans = [found.span() for found in _WORD.finditer(lower)]
    reached = 0
    for first, last, form, definition in known:
        if first >= reached and _is_whole(lower, spans[first:last]):
            reached = last
            start, end = spans[first][0], spans[last - 1][1]
            if not (names.allows(_spelled(text[start:end])) or _is_right_here(text, start, end, form)) and (
                _is_outside_definition(passage, start, end, definition)
            ):
                yield Variant(passage, start, end, " ".join(text[start:end].split()), form, definition)


def _runs_of_forms(words: Sequence[str], names: Names) -> Iterator[tuple[int, int, str, Definition]]:
    """Each run of words that equals a form, from left to right, longer ones first: (first, after last, …)."""
    for at in [at for at, word in enumerate(words) if word in names.counts]:
        for count in names.counts[words[at]]:
            run = tuple(words[at : at + count])
            if len(run) == count and run in names.of_words:
                yield at, at + count, *names.of_words[run]


def _all_as_defined(
    text: str, written: Sequence[str], known: Iterable[tuple[int, int, str, Definition]], names: Names
) -> bool:
    """Whether all such runs are spelled as defined. Most texts have no others and stop here.

    The characters between the words matter only if there may be a hyphen.
    """
    if any(hyphen in text for hyphen in _HYPHENS):
        return False
    return all(names.allows(key(" ".join(written[first:last]))) for first, last, _, _ in known)


def _is_whole(text: str, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether only spaces and hyphens are between the words, and no hyphen joins them to others."""
    start, end = spans[0][0], spans[-1][1]
    if text[start - 1 : start] in _HYPHENS or (text[end : end + 1] in _HYPHENS and text[end + 1 : end + 2].isalnum()):
        return False
    between = [text[left[1] : right[0]] for left, right in pairwise(spans)]
    return not any(one.strip(_JOINING) or "--" in one for one in between)  # "---" is a line that a converter joined


def _spelled(words: str) -> str:
    """Words as a key: without the blank that a converter left after a hyphen at the end of a line, "Non- Recourse"."""
    return key(_BROKEN.sub(r"\1", words))


def _is_right_here(text: str, start: int, end: int, form: str) -> bool:
    """Whether grammar asks for another spelling: "Our Services are …" for “our Services”, "Third-Party software"."""
    written = text[start:end]
    if form.endswith(".") and written == form[:-1] and text[end : end + 1] in (".", ","):
        return True  # "Acme Inc." before a comma
    if "'" in form or "’" in form:
        return True  # URL’s and URLs
    begins = begins_sentence(text, start) or text[start - 1 : start] == "\n"
    if written[:1].isupper() and written[:1].lower() + written[1:] == form and begins:
        return True
    if written.lower() == form.lower() and _is_in_title(text, start, end):
        return True  # "4.5 Benefit Following a Change In Control. If …"
    hyphened = _JOINTS.sub(" ", written) == form and any(hyphen in written for hyphen in _HYPHENS)
    following = _NEXT.match(text, end) if hyphened else None
    if following is None:
        return False
    word = following[1]
    return word[0].isupper() or word.endswith("ed") or word in NOUNS or word.removesuffix("s") in NOUNS


def _is_in_title(text: str, start: int, end: int) -> bool:
    """Whether words are part of a title in which every word has a capital, except for a few."""
    before = re.split(r"[.:;\n](?:\s|\Z)", text[max(0, start - _LONGEST_TITLE) : start])[-1]
    after = re.split(r"[.:;\n]", text[end : end + _LONGEST_TITLE])[0]
    if start > _LONGEST_TITLE or len(after) == _LONGEST_TITLE:
        return False
    words = [word for word in _WORD.findall(f"{before} {after}") if word not in _SMALL_IN_TITLES]
    small_within = any(word[0].islower() for word in _WORD.findall(text[start:end]))
    return not small_within and all(not word[0].islower() for word in words) and (not after or len(words) > 0)


def _is_outside_definition(passage: Passage, start: int, end: int, definition: Definition) -> bool:
    place = definition.place
    if definition.scope is not Scope.SET and place.document != passage.document.id:
        return False
    if passage.document.id == place.document and passage.index == place.clause:
        return False
    if any(mark.start < end and start < mark.end for mark in passage.clause.inline.marks if mark.kind in _NOT_TEXT):
        return False
    around = passage.text[max(0, start - 1) : start], passage.text[end : end + 2]
    return not (around[0] in "/.@#" and around[0]) and not re.match(r"[./@:]\w", around[1])


_NOT_TEXT = frozenset({MarkKind.CODE, MarkKind.LINK, MarkKind.IMAGE, MarkKind.ADDRESS})


def _names(subject: Subject) -> Names:
    exact: set[str] = set()
    found: dict[tuple[str, ...], tuple[str, Definition]] = {}
    for definition in subject.binding.definitions:
        # READY FOR USE does not show how small words are written.
        in_capitals = any(name.isupper() and " " in name for name in definition.names)
        for name in definition.names:
            every = (key(name), *forms(key(name)))
            exact.update(every)
            exact.update(_SIGN.sub("", form) for form in every)
            if in_capitals:
                exact.update(_with_small_words(form) for form in every)
            for form in every if _can_vary(name) else ():
                words = _words(form)
                for parts in (words, ("".join(words),)):
                    if len("".join(parts)) > _SHORTEST:
                        found.setdefault(parts, (form, definition))
    counts: dict[str, set[int]] = defaultdict(set)
    for parts in found:
        counts[parts[0]].add(len(parts))
    return Names(frozenset(exact), found, {first: sorted(lengths, reverse=True) for first, lengths in counts.items()})


def _with_small_words(form: str) -> str:
    return " ".join(
        word.lower() if at and word.lower() in _SMALL_IN_TITLES else word for at, word in enumerate(form.split())
    )


def _can_vary(name: str) -> bool:
    """Whether a name has several words or a capital inside, and is not an abbreviation."""
    if name == name.lower() or name == name.upper() or name.split()[0] in _NOT_FIRST or not name[0].isalnum():
        return False
    # "Personal information" at the beginning of a sentence does not show how it is written elsewhere.
    return len(_words(name)) > 1 and (name[1:] != name[1:].lower() or (" " not in name and "-" in name))


def _words(form: str) -> tuple[str, ...]:
    """The words of a name in small letters, those of "OpenRouter" included."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", form)
    return tuple(_WORD.findall(apart.lower()))


def squeezed(words: str) -> str:
    """Words in small letters without spaces, hyphens and signs of trade marks."""
    return _JOINTS.sub("", _SIGN.sub("", words.lower()))


def are_opposites(words: str, name: str) -> bool:
    """Whether two names with nearly the same letters mean different things: Licensor and Licensee, Pre- and Post-…"""
    pairs = zip(words.lower().split(), name.lower().split(), strict=False)
    return any(one != other and _of_no_side(one) == _of_no_side(other) for one, other in pairs)


def _of_no_side(word: str) -> str:
    return _SIDE.sub("", word)
