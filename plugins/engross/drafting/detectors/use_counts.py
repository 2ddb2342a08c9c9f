"""Counts the uses of each defined term, with names that do not link, and finds terms that are defined twice."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from functools import partial

import engross.common.lazy_re as re
from engross.common import value_class
from engross.drafting.kept_findings import Row, rows_of, rows_of_binding
from engross.drafting.subject import Passage, Reading, Subject
from engross.language import Grammar, key, wordlist
from engross.model import ClauseKind, Definition, Given, Place, Places, ReferenceKind, Scope
from engross.terms import NamesInTexts, compile_names, grammar_of

DefinitionKey = tuple[str, int, int]
"""Identifies a definition by its place: document, index of the clause, offset."""

_CACHE_KEY, _FORMS_KEY = "uses", "definition forms"
# "“Recipient” means the person named above", "“Fees” are defined in Section 5": no second meaning.
_POINTS_BACK = re.compile(
    r"\b(?:(?:is|are|as)\s+(?:each\s+)?(?:as\s+)?(?:defined|described|named|identified|set\s+(?:out|forth))|meaning\s+(?:given|set|stated)"
    r"|meanings?\b[^.]{0,40}\bin\b|named|above|this\s+(?:[A-Z][\w-]*\s+(?:and\s+)?){0,5}(?:Agreement|Terms|Policy|Addendum))"
)
# “the terms “Cause”, “Good Reason” and “Disability” have the meanings set forth in Exhibit A”
_MEANT_ELSEWHERE = re.compile(
    r"(?:[\s,]*(?:and|or)?\s*[“\"][^“”\"]{1,60}[”\"])*[\s,”\"]*(?:shall\s+)?(?:each\s+)?(?:have|has)\s+the\s+(?:respective\s+|same\s+)?"
    r"meanings?\s+(?:set\s+(?:forth|out)|given|ascribed|assigned|stated|specified)\b[^.;]{0,30}\b(?:in|by)\b"
)
# "provided that, if …, then the term “Maturity Date” shall mean": a case of the definition before it
_IN_PROVISO = re.compile(r"(?:\bthen\s+the\s+|\A\s*)term\s+[“\"]?\s*\Z")
# "and the term “Lender” or “Lenders” shall, unless the context requires otherwise, include the Agent"
_EXTENDED = re.compile(
    r"(?:[\s,]*(?:and|or)?\s*[“\"][^“”\"]{1,60}[”\"])*[\s,”\"*_]*(?:and\s+[^“”\".;]{1,30}\s)?(?:shall|will)\b[^.;]{0,160}\binclude\b",
    re.IGNORECASE,
)
# “Once the Certificate issues, the Applicant is referred to as the Subscriber.”
_NAMED_LATER = re.compile(r"\b(?:is|are)\s+(?:then\s+)?referred\s+to\s+as\s+(?:the\s+|an?\s+)?[“\"]?\Z")
# "such retention of title shall constitute a “Lien.”"
_CLASSIFIED = re.compile(r"\b(?:constitutes?|(?:be|is|are)\s+deemed(?:\s+to\s+be)?)\s+(?:an?|the)\s+[“\"]?\Z")
# “Threshold” means with respect to Lender: infinity, and with respect to Borrower: zero.
_OF_A_PARTY = re.compile(
    r"[”\"’*_\s]*(?:means?|is|shall be),?\s+(?:with respect to|in relation to|in respect of|as to)\s"
)
_FIRST_WORD = re.compile(r"\W+")
READING_WORDS = wordlist("shall must may will should can including includes include or and herein hereof")
"""Words of which a text says how to read them, wherever it has them: no terms."""
_MAX_COUNT = 3
"""Above this number of uses no rule needs an exact count."""


def definition_key(place: Place) -> DefinitionKey:
    """The key of the definition at a place; comparing whole definitions would be slow."""
    return place.document, place.clause, place.start


@value_class(frozen=True, slots=True)
class Uses:
    """The places in which each definition is used, in the order of the text, by the definition's key."""

    of: Mapping[DefinitionKey, Places] = field(repr=False)

    def places(self, definition: Definition) -> Places:
        """The places in which a definition is used."""
        return self.of.get(definition_key(definition.place), _NONE)


_NONE = Places()


def uses(subject: Subject) -> Uses:
    """The uses in an edition; computed once."""
    found = subject.kept.get(_CACHE_KEY)
    if not isinstance(found, Uses):
        places: dict[DefinitionKey, Places] = defaultdict(Places)
        for number, known in subject.binding.places.items():
            places[definition_key(subject.binding.definitions[number].place)].extend(known)
        _add_unlinked(subject, places)
        _add_in_links(subject, places)
        found = subject.kept[_CACHE_KEY] = Uses(places)
    return found


def _add_unlinked(subject: Subject, places: dict[DefinitionKey, Places]) -> None:
    """Add uses of names that do not link (You, including), up to `_MAX_COUNT`."""
    owners = _unlinked(subject)
    if not owners:
        return
    wanted = set(owners)
    for reading in subject.readings:
        document = reading.document.id
        for name, index, start in rows_of_binding(subject, reading, "unlinked", "", partial(_named, reading, owners)):
            if name not in wanted:
                continue
            for definition in owners[name]:
                if _can_use(definition, document, index):
                    places[definition_key(definition.place)].append(_place(document, index, start))
            if all(len(places[definition_key(definition.place)]) > _MAX_COUNT for definition in owners[name]):
                wanted.discard(name)
        if not wanted:
            return


def _named(reading: Reading, owners: Mapping[str, Sequence[Definition]]) -> list[Row]:
    """Where a document writes names: name, clause, offset; up to `_MAX_COUNT` uses of each definition and one more."""
    counts, wanted, found = Counter[int](), set(owners), list[Row]()
    pattern = compile_names(owners)
    assert pattern is not None
    for passage in reading.running:
        for one in pattern.finditer(passage.text):
            name = key(one[0])
            if name in wanted:
                found.append([name, passage.index, one.start()])
                counts.update(id(own) for own in owners[name] if _can_use(own, reading.document.id, passage.index))
                if all(counts[id(own)] > _MAX_COUNT for own in owners[name]):
                    wanted.discard(name)
        if not wanted:
            break
    return found


def _add_in_links(subject: Subject, places: dict[DefinitionKey, Places]) -> None:
    """Add uses that binding leaves out, of terms without other uses: in links, and abbreviations in longer names."""
    unused = [one for one in subject.binding.definitions if not places.get(definition_key(one.place))]
    owners: dict[str, list[Definition]] = defaultdict(list)
    grammars = _grammars(subject)
    for definition in unused:
        for name in definition.names:
            for form in (key(name), *grammars[definition.place.document].forms(key(name))):
                owners[form].append(definition)
                if " " in form and form[:2].istitle():
                    owners[form[0].lower() + form[1:]].append(definition)
    if not owners:
        return
    _add_references(subject, owners, places)
    _add_compounds(subject, unused, places)
    defined = defaultdict[str, set[int]](set)
    for one in subject.binding.definitions:
        defined[one.place.document].add(one.place.clause)
    names, patterns = repr(sorted(owners)) if subject.cache.folder else "", NamesInTexts(owners)
    for reading in subject.readings:
        document = reading.document.id
        # Where a passage defines terms, an abbreviation may be one of their names.
        defining = sorted(defined[document])
        find = partial(_written, reading, owners, patterns, defining)
        for name, index, start in rows_of(subject, reading, "written", f"{names} {defining}", find):
            for definition in owners.get(name, ()):
                if _can_use(definition, document, index):
                    places[definition_key(definition.place)].append(_place(document, index, start))


def _written(reading: Reading, names: Iterable[str], patterns: NamesInTexts, defining: Sequence[int]) -> list[Row]:
    """Where a document writes names in links, or abbreviations outside text in capitals: name, clause, offset."""
    # Outside links only abbreviations count, so that most texts need not be searched.
    in_capitals = {_FIRST_WORD.split(name, maxsplit=1)[0] for name in names if name.isupper()}
    found: list[Row] = []
    pattern = None
    for passage in reading.running:
        links = [(mark.start, mark.end) for mark in passage.links]
        if not links and not any(word in passage.text for word in in_capitals):
            continue
        # To compile thousands of names takes as long as to search many texts.
        pattern = pattern or patterns.pattern(reading.document.id, lambda: (one.text for one in reading.running))
        if pattern is None:
            return []
        for one in pattern.finditer(passage.text):
            inside = any(start <= one.start() and one.end() <= end for start, end in links)
            if inside or (one[0].isupper() and not passage.in_capitals and passage.index not in defining):
                found.append([key(one[0]), passage.index, one.start()])
    return found


def _add_compounds(subject: Subject, unused: Sequence[Definition], places: dict[DefinitionKey, Places]) -> None:
    """Add uses as the first part of a compound: "an AAA-certified arbitrator"."""
    owners = {name: definition for definition in unused for name in definition.names if name != name.lower()}
    if not owners:
        return
    names = "|".join(sorted(map(re.escape, owners), key=len, reverse=True))
    pattern = re.compile(rf"(?<![\w-])({names})[-‐‑](?=[a-z])")
    for reading in subject.readings:
        find = partial(_compounds, reading, pattern)
        for name, index, start in rows_of(subject, reading, "compounds", names, find):
            place = _place(reading.document.id, index, start)
            places[definition_key(owners[name].place)].append(place)


def _compounds(reading: Reading, pattern: re.Pattern[str]) -> list[Row]:
    """Where a document writes names as the first part of a compound: name, clause, offset."""
    return [
        [found[1], passage.index, found.start()]
        for passage in reading.running
        if "-" in passage.text or "‑" in passage.text
        for found in pattern.finditer(passage.text)
    ]


def _add_references(
    subject: Subject, owners: Mapping[str, list[Definition]], places: dict[DefinitionKey, Places]
) -> None:
    """Add references by a defined name: "This Schedule applies …", "under Section 409A", which is that of a law."""
    for reference in subject.binding.references:
        if reference.kind not in (ReferenceKind.SELF, ReferenceKind.EXTERNAL):
            continue
        for definition in owners.get(key(reference.text).removeprefix("this ").removeprefix("This "), ()):
            same = reference.place.clause == definition.place.clause and reference.kind is ReferenceKind.EXTERNAL
            if reference.place.document == definition.place.document and not same:
                places[definition_key(definition.place)].append(reference.place)


def _unlinked(subject: Subject) -> Mapping[str, list[Definition]]:
    """The definitions by each form of their names that do not link."""
    owners: dict[str, list[Definition]] = defaultdict(list)
    grammars = _grammars(subject)
    for definition in subject.binding.definitions:
        grammar = grammars[definition.place.document]
        for name in definition.names:
            if not subject.options.links(name, grammar):
                for form in (key(name), *grammar.forms(key(name))):
                    owners[form].append(definition)
    return owners


def _grammars(subject: Subject) -> dict[str, Grammar]:
    """The grammar of each document by its id."""
    return {document.id: grammar_of(document) for document in subject.edition.documents}


def _can_use(definition: Definition, document: str, clause: int) -> bool:
    """Whether a clause is in the scope of a definition and is not the one that contains it."""
    place = definition.place
    if place.document != document:
        return definition.scope is Scope.SET
    return place.clause != clause


def _place(document: str, clause: int, at: int) -> Place:
    return Place(document, "", clause, at, at, "", "", 0, 0)


def families(definitions: Iterable[Definition]) -> Mapping[str, list[Definition]]:
    """Group definitions by each of their names (keys)."""
    found: dict[str, list[Definition]] = defaultdict(list)
    for definition in definitions:
        for name in dict.fromkeys(map(key, definition.names)):
            found[name].append(definition)
    return found


@value_class(frozen=True, slots=True)
class Repeat:
    """A definition of a name that was defined before.

    `slip`: both state its meaning, for the same scope. `in_passing`: so does one, and a sentence elsewhere names the
    other thing in passing ("a credit of 5 % (a “Credit”)"), for the same scope.
    """

    name: str
    first: Definition
    again: Definition
    slip: bool
    in_passing: bool = False


def repeats(subject: Subject) -> Iterator[Repeat]:
    """Each repeated definition of a name, with the earlier one of the same scope, else with the first."""
    for name, definitions in families(subject.binding.definitions).items():
        first_of: dict[object, Definition] = {}
        first_stating: dict[object, Definition] = {}
        for again in definitions if len(definitions) > 1 and name.lower() not in READING_WORDS else ():
            scope, states = _scope(again), _states_meaning(subject, again)
            slip, same = first_stating.get(scope) if states else None, first_of.get(scope)
            first = slip or same or definitions[0]
            pointer = any(_is_pointer(subject, one) for one in (first, again))
            if first is not again and not pointer:
                in_passing = slip is None and same is not None and _mixed(subject, first, again)
                yield Repeat(name, first, again, slip is not None, in_passing)
            first_of.setdefault(scope, again)
            if states:
                first_stating.setdefault(scope, again)


def _is_pointer(subject: Subject, definition: Definition) -> bool:
    """Whether a sentence only names a term: it says where its meaning is, or what a thing is called later."""
    return definition.given is Given.POINTER or _forms_of(subject)[id(definition)][0]


def _forms_of(subject: Subject) -> Mapping[int, tuple[bool, bool]]:
    """For each definition, by its identity, whether its sentence only names it, and whether it states a meaning."""
    known = subject.kept.get(_FORMS_KEY)
    if isinstance(known, dict):
        return known
    found: dict[int, tuple[bool, bool]] = defaultdict(lambda: (False, False))
    for reading in subject.readings:
        own = subject.defined_in.get(reading.document.id, ())
        rows = rows_of_binding(subject, reading, _FORMS_KEY, "", partial(_definition_forms, reading, own))
        found |= {id(definition): (names, states) for (_, definition), (names, states) in zip(own, rows, strict=True)}
    subject.kept[_FORMS_KEY] = found
    return found


def _definition_forms(reading: Reading, definitions: Sequence[tuple[int, Definition]]) -> list[Row]:
    return [
        [_only_names(reading.passage(one.place.clause), one), _is_stated(reading.passage(one.place.clause), one)]
        for _, one in definitions
    ]


def _only_names(passage: Passage, definition: Definition) -> bool:
    start, end = definition.place.start, definition.place.end
    before = max(0, start - 40)
    named = (
        _NAMED_LATER.search(passage.text, before, start)
        or _IN_PROVISO.search(passage.text, before, start)
        or _CLASSIFIED.search(passage.text, before, start)
        or _OF_A_PARTY.match(passage.text, end)
    )
    return bool(named or _MEANT_ELSEWHERE.match(passage.text, end) or _EXTENDED.match(passage.text, end))


def _mixed(subject: Subject, one: Definition, other: Definition) -> bool:
    """Whether one definition states a meaning of its own, and the other is part of a sentence in another clause."""
    if one.place.clause == other.place.clause or {one.given, other.given} != {Given.LISTED, Given.RUNNING}:
        return False
    listed = one if one.given is Given.LISTED else other
    return _states_meaning(subject, listed) and not _POINTS_BACK.search(listed.body)


def _scope(definition: Definition) -> tuple[str, Scope, tuple[str, ...]]:
    # A definition for the set and one for a single document do not conflict: the narrower prevails there.
    return definition.place.document, definition.scope, definition.scope_anchors


def _states_meaning(subject: Subject, definition: Definition) -> bool:
    """Whether a definition states what its term means. A row of a cover page only fills in a value."""
    return definition.given is Given.LISTED and _forms_of(subject)[id(definition)][1]


def _is_stated(passage: Passage, definition: Definition) -> bool:
    return passage.clause.kind is not ClauseKind.CELL or passage.text[definition.place.start] in '“"„«'
