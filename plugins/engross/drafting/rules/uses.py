"""Rules for how defined terms are used: not at all, once, too early, after the definition is deleted.

`late-definition`: a term that is used before the sentence that defines it in passing.

`unused-definition`: a term that is defined and used nowhere.

`used-once`: a term that is defined for a single use.

`deleted-definition`: a term that a posted version defines, that is defined no more, and that is still used.

The words of the term count where they are capitalised as it is, in each form that binding knows, and not as a part of
a longer term. A single word at the beginning of a sentence alone is no use: every word has a capital there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from engross.drafting.subject import Finding, Passage, Rule, Subject, at_place
from engross.drafting.words.definition_lists import groups
from engross.drafting.words.uses import families, uses
from engross.language import begins_sentence, forms, key
from engross.model import Clause, ClauseKind, Definition, Given, Severity
from engross.record import PostedTerm
from engross.terms import compile_names

_FEWEST = 2


def _check_late_definition(subject: Subject) -> Iterator[Finding]:
    """Each definition outside a list of definitions with a use in an earlier paragraph of its document."""
    used = uses(subject)
    listed = _listed(subject)
    together = families(subject.binding.definitions)
    for definition in subject.binding.definitions:
        place = definition.place
        kin = [other for name in definition.names for other in together[key(name)] if other is not definition]
        if (place.document, place.clause) in listed or definition.given is Given.POINTER or kin:
            continue
        earlier = [
            use for use in used.places(definition) if use.document == place.document and use.clause < place.clause
        ]
        if earlier:
            yield _finding(definition, earlier[0].line, len(earlier))


def _listed(subject: Subject) -> set[tuple[str, int]]:
    """The clauses of all definitions that stand together: readers know to look for them wherever the list is."""
    together: dict[int, set[tuple[str, int]]] = defaultdict(set)
    for _, passage in subject.defined:
        if passage.clause.kind is not ClauseKind.PARAGRAPH:
            together[id(_home(passage))].add((passage.document.id, passage.index))
    for reading in subject.readings:
        for group in groups(reading):
            together[id(group)] = {(reading.document.id, found.passage.index) for found in group}
    return {place for places in together.values() if len(places) >= _FEWEST for place in places}


def _home(passage: Passage) -> Clause:
    return passage.around[-2] if passage.clause.kind is ClauseKind.CELL else passage.around[-1]


def _finding(definition: Definition, line: int, count: int) -> Finding:
    first = f", first on line {line}" if line else ""
    times = "once" if count == 1 else f"{count} times"
    message = f"“{definition.term}” is used {times} before it is defined here{first}"
    return at_place(definition.place, message, text=definition.term)


LATE_DEFINITION = Rule(
    name="late-definition",
    severity=Severity.NOTE,
    summary="A term that is used before the sentence that defines it in passing.",
    why="Whoever reads from the beginning does not know what the term means, nor that it is one.",
    bad=(
        "# Terms\n\n## Payment\n\nEvery Fee is final, and no Fee is paid back.\n\n## Price\n\n"
        "Customer pays what the order states (the “Fee”)."
    ),
    good=(
        "# Terms\n\n## Price\n\nCustomer pays what the order states (the “Fee”).\n\n## Payment\n\n"
        "Every Fee is final, and no Fee is paid back."
    ),
    check=_check_late_definition,
)


def _check_unused_definition(subject: Subject) -> Iterator[Finding]:
    """Each definition without uses; of two that give one term, one may point at the other, and both count as used."""
    used = uses(subject)
    together = families(subject.binding.definitions)
    for definition in subject.binding.definitions:
        kin = [other for name in definition.names for other in together[key(name)]]
        if kin[0] is definition and not any(used.places(other) for other in kin):
            names = " or ".join(f"“{name}”" for name in definition.names)
            yield at_place(definition.place, f"{names} is defined and used nowhere", text=definition.term)


UNUSED_DEFINITION = Rule(
    name="unused-definition",
    severity=Severity.WARNING,
    summary="A term that is defined and used nowhere.",
    why="Either the definition is left over, or the rule for which it was written is missing.",
    bad="# Terms\n\n- “Fee” means what Customer pays.\n\nEvery payment is final.",
    good="# Terms\n\n- “Fee” means what Customer pays.\n\nEvery Fee is final. A Fee is due at once.",
    check=_check_unused_definition,
)


def _check_used_once(subject: Subject) -> Iterator[Finding]:
    """Each definition with one use in all."""
    used = uses(subject)
    together = families(subject.binding.definitions)
    for definition in subject.binding.definitions:
        kin = {id(other): other for name in definition.names for other in together[key(name)]}
        places = [place for other in kin.values() for place in used.places(other)]
        if len(places) == 1 and next(iter(kin.values())) is definition:
            label = next((place.label for place in places if place.label), "")
            where = f", in {label}" if label else ""
            message = f"“{definition.term}” is used only once{where}; the definition could stand there"
            yield at_place(definition.place, message, text=definition.term)


USED_ONCE = Rule(
    name="used-once",
    severity=Severity.NOTE,
    summary="A term that is defined and used only once.",
    why="Readers must look up what could be said in place.",
    bad="# Terms\n\n- “Fee” means what Customer pays.\n\nEvery Fee is final.",
    good="# Terms\n\n- “Fee” means what Customer pays.\n\nEvery Fee is final. A Fee is due at once.",
    check=_check_used_once,
)


_MOST_NAMED = 3
Place = tuple[Passage, int, str]


def _check_deleted_definition(subject: Subject) -> Iterator[Finding]:
    """Each such term once, at its first use."""
    defined = {form for one in subject.binding.definitions for name in one.names for form in _forms(name)}
    lost: dict[str, tuple[str, PostedTerm]] = {}
    for term in subject.posted:
        for name in term.names:
            if key(name) not in defined and name != name.lower():
                lost |= {form: (key(name), term) for form in _forms(name) if form not in defined}
    if lost:
        yield from _findings(lost, _uses(subject, lost, defined))


def _forms(name: str) -> tuple[str, ...]:
    """A name, its other forms, and all of them in capitals."""
    each = (key(name), *forms(key(name)))
    return *each, *(form.upper() for form in each if len(form) > _MOST_NAMED)


def _uses(
    subject: Subject, lost: Mapping[str, tuple[str, PostedTerm]], defined: set[str]
) -> Mapping[str, Sequence[Place]]:
    """Where the lost names are used, by name. What is defined is matched too: “Customer Data” is no use of “Data”."""
    pattern = compile_names({*lost, *defined})
    assert pattern is not None
    found: dict[str, list[Place]] = defaultdict(list)
    for passage in subject.running:
        for match in pattern.finditer(passage.text):
            name = lost.get(key(match[0]), ("", None))[0]
            if name and passage.is_words(match.start()) and _is_use(passage, match.start(), match[0]):
                found[name].append((passage, match.start(), match[0]))
    return found


def _is_use(passage: Passage, at: int, words: str) -> bool:
    if " " in key(words):
        return True
    return not begins_sentence(passage.text, at) and (not words.isupper() or not passage.in_capitals)


def _findings(lost: Mapping[str, tuple[str, PostedTerm]], uses: Mapping[str, Sequence[Place]]) -> Iterator[Finding]:
    for name, term in dict.fromkeys(lost.values()):
        if places := uses.get(name):
            passage, at, words = places[0]
            where = f" ({term.label})" if term.label else ""
            message = (
                f"“{words}” was defined in {term.version}{where}, is defined no more, and is still used here"
                f"{_others(places[1:])}; define it again, or write other words"
            )
            yield passage.finding(at, message, text=name)


def _others(places: Sequence[Place]) -> str:
    if not places:
        return ""
    count = "in 1 more place" if len(places) == 1 else f"in {len(places)} more places"
    labels = dict.fromkeys(passage.finding(at, "").clause for passage, at, _ in places)
    named = "; ".join([label for label in labels if label][:_MOST_NAMED])
    return f" and {count} ({named})" if named else f" and {count}"


DELETED_DEFINITION = Rule(
    name="deleted-definition",
    severity=Severity.WARNING,
    summary="A term that the posted text defines, that nothing defines any more, and that is still used.",
    why=(
        "The words keep their capitals and lose their meaning. The record knows what was defined, so that this is "
        "found whatever the words are. It is asked of documents whose text differs from what was posted."
    ),
    bad="",
    good="",
    check=_check_deleted_definition,
)
