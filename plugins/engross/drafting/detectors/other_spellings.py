"""Finds defined terms in the spelling of another English: “Authorized User” where “Authorised User” is defined."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from hashlib import sha256
from itertools import islice, product

import engross.common.lazy_re as re
from engross.drafting.detectors.known_names import is_in_english
from engross.drafting.detectors.term_variants import Variant
from engross.drafting.kept_findings import Row, rows_of
from engross.drafting.subject import Reading, Subject
from engross.language import begins_sentence, forms, key
from engross.model import Definition, MarkKind, Scope
from engross.terms import compile_names

# The British spelling of a word and the American one, as pairs of pattern and replacement. Words that mean different
# things (metre, meter; four, for; check, cheque as a term) are not here, or lead only one way.
_COLOURS = r"\A((?:dis|mis)?(?:arm|behavi|col|endeav|fav|harb|hon|hum|lab|neighb|rum|sav|val|vap))"
_ENDS_OUR = r"(ed|ing|able|er|ers|s|al|ite|ites|hood)?\Z"
_ENDS_ISE = r"(e|ed|es|er|ers|ing|ation|ations|able)\Z"
_PAIRS = (
    (rf"(?<=[a-z]{{2}})is{_ENDS_ISE}", r"iz\1"),
    (rf"(?<=[a-z]{{2}})iz{_ENDS_ISE}", r"is\1"),
    (r"(?<=[a-z]{3})ys(e|ed|es|er|ers|ing)\Z", r"yz\1"),
    (r"(?<=[a-z]{3})yz(e|ed|es|er|ers|ing)\Z", r"ys\1"),
    (rf"{_COLOURS}our{_ENDS_OUR}", r"\1or\2"),
    (rf"{_COLOURS}or{_ENDS_OUR}", r"\1our\2"),
    (r"\A((?:sub)?lic|def|off|pret)ence(s?)\Z", r"\1ense\2"),
    (r"\A((?:sub)?lic|def|off|pret)ense(s?)\Z", r"\1ence\2"),
    (r"\Aprogramme(s?)\Z", r"program\1"),
    (r"\Aprogram(s?)\Z", r"programme\1"),
    (r"\Acheque(s?)\Z", r"check\1"),
    (r"\A(cent|epicent|theat|calib|fib)re(s?)\Z", r"\1er\2"),
    (r"\A(cent|epicent|theat|calib|fib)er(s?)\Z", r"\1re\2"),
    (r"\A(catal|anal)ogue(s?)\Z", r"\1og\2"),
    (r"\A(catal|anal)og(s?)\Z", r"\1ogue\2"),
    (r"\A(cancel|counsel|label|level|model|signal|total|travel)l(ed|ing|er|ers|or|ors)\Z", r"\1\2"),
    (r"\A(cancel|counsel|label|level|model|signal|total|travel)(ed|ing|er|ers|or|ors)\Z", r"\1l\2"),
    (r"\A(fulfi|enro|insta)l(|s|ments?)\Z", r"\1ll\2"),
    (r"\A(fulfi|enro|insta)ll(|s|ments?)\Z", r"\1l\2"),
    (r"\A(acknowled|jud|abrid)gement(s?)\Z", r"\1gment\2"),
    (r"\A(acknowled|jud|abrid)gment(s?)\Z", r"\1gement\2"),
    (r"\Aartefact(s?)\Z", r"artifact\1"),
    (r"\Aartifact(s?)\Z", r"artefact\1"),
)
_SPELLINGS = tuple((re.compile(pattern, re.IGNORECASE), replacement) for pattern, replacement in _PAIRS)
_WORD = re.compile(r"[^\W\d_]{5,}")
_MOST_SPELLINGS = 8
_NOT_TEXT = frozenset({MarkKind.CODE, MarkKind.LINK, MarkKind.IMAGE, MarkKind.ADDRESS})
_CACHE_KEY = "other spellings"


def other_spellings(subject: Subject) -> tuple[Variant, ...]:
    """All terms in another spelling, in running text; computed once."""
    found = subject.kept.get(_CACHE_KEY)
    if not isinstance(found, tuple):
        names = _names(subject)
        found = tuple(_found(subject, names)) if names else ()
        subject.kept[_CACHE_KEY] = found
    return found


def _found(subject: Subject, names: Mapping[str, tuple[str, Definition]]) -> Iterator[Variant]:
    """Find the terms in another spelling; those of a document are kept by all names."""
    every = list(names.values())
    numbers = {other: number for number, other in enumerate(names)}
    listed = [(other, form, one.scope, one.place.document) for other, (form, one) in names.items()]
    asked = sha256(repr(listed).encode()).hexdigest()
    for reading in subject.readings:

        def find(reading: Reading = reading) -> list[Row]:
            return [
                [one.passage.index, one.start, one.end, one.words, numbers[key(one.words)]]
                for one in _in_document(reading, names)
            ]

        for index, start, end, words, number in rows_of(subject, reading, _CACHE_KEY, asked, find):
            yield Variant(reading.passage(index), start, end, words, *every[number])


def spelled_otherwise(words: str) -> list[str]:
    """Words in the other spellings, without their own: Authorized User for Authorised User."""
    parts = re.split(r"([^\W\d_]+)", words)
    choices = [[part, *_of_word(part)] for part in parts]
    return ["".join(chosen) for chosen in islice(product(*choices), 1, _MOST_SPELLINGS)]


@lru_cache(maxsize=8192)
def _of_word(word: str) -> tuple[str, ...]:
    """The other spelling of a word, with its capital; none for most words. Names share their words."""
    if not _WORD.fullmatch(word):
        return ()
    for pattern, replacement in _SPELLINGS:
        other, count = pattern.subn(replacement, word)
        if count:
            return (other.upper() if word.isupper() else word[0] + other[1:],)
    return ()


def _names(subject: Subject) -> Mapping[str, tuple[str, Definition]]:
    """The other spellings of all names and their plurals, each with the name and its definition; none that the text
    defines too: Licence and License.
    """
    defined, found = set[str](), dict[str, tuple[str, Definition]]()
    for definition in subject.binding.definitions:
        for name in definition.names:
            every = (key(name), *forms(key(name)))
            defined.update(form.lower() for form in every)
            # Of a verb, only the name itself: nobody defines "Licenced".
            for form in every if name != name.lower() else ():
                if form == key(name) or form.endswith("s"):
                    found |= {other: (form, definition) for other in spelled_otherwise(form) if other not in found}
    return {other: one for other, one in found.items() if other.lower() not in defined}


def _in_document(reading: Reading, names: Mapping[str, tuple[str, Definition]]) -> Iterator[Variant]:
    """The terms in another spelling in one document in English."""
    document = reading.document.id
    usable = {
        other: one for other, one in names.items() if one[1].scope is Scope.SET or one[1].place.document == document
    }
    pattern = compile_names(usable) if usable and is_in_english(reading.document) else None
    if pattern is None:
        return
    for passage in reading.running:
        for match in pattern.finditer(passage.text):
            form, definition = usable.get(key(match[0]), ("", None))
            within = any(
                mark.start < match.end() and match.start() < mark.end
                for mark in passage.clause.inline.marks
                if mark.kind in _NOT_TEXT
            )
            # "License the goods" is a verb.
            begins = " " not in form and begins_sentence(passage.text, match.start())
            if definition and passage.is_words(match.start()) and not (within or begins):
                yield Variant(passage, match.start(), match.end(), match[0], form, definition)
