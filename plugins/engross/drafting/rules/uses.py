"""Rules for how defined terms are used: never, once, too early, or after their definition is deleted.

A use has the capitals of the term, in any form that binding knows, and is not part of a longer term. A single word at
the beginning of a sentence is not a use, because every word has a capital there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from engross.common import shortened
from engross.drafting.detectors.definition_lists import groups
from engross.drafting.detectors.known_names import amendments
from engross.drafting.detectors.other_spellings import other_spellings
from engross.drafting.detectors.other_uses import other_use
from engross.drafting.detectors.term_variants import Variant, variants
from engross.drafting.detectors.use_counts import DefinitionKey, definition_key, families, uses
from engross.drafting.kept_findings import Row, rows_of, rows_of_binding
from engross.drafting.subject import Finding, Passage, Reading, Rule, Subject, at_place
from engross.language import begins_sentence, forms, key
from engross.model import Clause, ClauseKind, Definition, Given, Place, Severity
from engross.terms import PRONOUNS, compile_names, grammar_of

if TYPE_CHECKING:
    from engross.record import PostedTerm

_MIN_LIST = 2
_FEWEST_IN_GLOSSARY = 10
_LONGEST_LABEL = 60


def _check_late_definition(subject: Subject) -> Iterator[Finding]:
    """Each definition outside a list of definitions that is used in an earlier paragraph of its document."""
    used = uses(subject)
    listed = _listed(subject)
    together = families(subject.binding.definitions)
    for definition in subject.binding.definitions:
        place = definition.place
        same_name = any(other is not definition for name in definition.names for other in together[key(name)])
        if (place.document, place.clause) in listed or definition.given is Given.POINTER or same_name:
            continue
        earlier = [use for use in used.places(definition).within(place.document) if use.clause < place.clause]
        if earlier:
            yield _late_finding(definition, earlier[0].line, len(earlier))


def _listed(subject: Subject) -> set[tuple[str, int]]:
    """The clauses of definitions in lists: readers look for these wherever the list is."""
    found = set[tuple[str, int]]()
    for reading in subject.readings:
        defined = subject.defined_in.get(reading.document.id, ())
        together = rows_of_binding(subject, reading, "defined together", "", partial(_together, reading, defined))
        listed = rows_of(subject, reading, "lists", "", partial(_lists, reading))
        for indexes in (*together, *(set(one) for one in listed)):
            found |= {(reading.document.id, index) for index in indexes if len(indexes) >= _MIN_LIST}
    return found


def _together(reading: Reading, definitions: Sequence[tuple[int, Definition]]) -> list[Row]:
    """The indexes of the items, cells and headings that define terms, those of one list or table together."""
    together: dict[int, set[int]] = defaultdict(set)
    for passage in (reading.passage(one.place.clause) for _, one in definitions):
        if passage.clause.kind is not ClauseKind.PARAGRAPH:
            together[id(_container(passage))].add(passage.index)
    return [sorted(indexes) for indexes in together.values()]


def _lists(reading: Reading) -> list[Row]:
    return [[found.passage.index for found in group] for group in groups(reading)]


def _container(passage: Passage) -> Clause:
    return passage.around[-2] if passage.clause.kind is ClauseKind.CELL else passage.around[-1]


def _late_finding(definition: Definition, line: int, count: int) -> Finding:
    first = f", first on line {line}" if line else ""
    times = "once" if count == 1 else f"{count} times"
    message = f"“{definition.term}” is used {times} before it is defined here{first}"
    return at_place(definition.place, message, text=definition.term)


LATE_DEFINITION = Rule(
    name="late-definition",
    severity=Severity.NOTE,
    summary="A term that is used before the sentence that defines it in passing.",
    why="Readers who start at the beginning do not know what the term means, or that it is a term.",
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
    """Each definition without uses. Of several definitions of one name, a use of any counts for all."""
    used, small = uses(subject), _in_small_letters(subject)
    # `term-variant` reports "Third-Party Provider" where “Third Party Provider” is defined.
    spelled = {definition_key(one.definition.place) for one in variants(subject) if not _is_small(one)}
    spelled |= {definition_key(one.definition.place) for one in other_spellings(subject)}
    together = families(subject.binding.definitions)
    unsure = _defining_for_others(subject)
    for definition in subject.binding.definitions:
        if together[key(definition.names[0])][0] is not definition:
            continue
        # “Award” and “Awards” may be defined apart.
        every = {form for name in definition.names for form in (key(name), *forms(key(name)))}
        if any(used.places(other) for name in every for other in together.get(name, ())):
            continue
        if definition_key(definition.place) in spelled or _is_pointer(definition, together):
            continue
        other = other_use(subject, definition)
        if other.known:
            continue
        variant = small.get(definition_key(definition.place))
        if variant is not None:
            written = variant.words, variant.passage.finding(variant.start, "").line
        else:
            written = other.small, other.line
        certain = not (other.small or other.abbreviates or definition.place.document in unsure)
        yield _unused_finding(definition, *written, certain=certain)


def _defining_for_others(subject: Subject) -> frozenset[str]:
    """The documents that define terms for others: amendments of other contracts, and glossaries that are read alone."""
    amending = [one for one in subject.readings if rows_of(subject, one, "amendments", "", partial(amendments, one))]
    alone = subject.readings if len(subject.edition.documents) == 1 else ()
    return frozenset(one.document.id for one in (*amending, *(one for one in alone if _is_glossary(subject, one))))


def _is_glossary(subject: Subject, reading: Reading) -> bool:
    """Whether most paragraphs and items of a document define a term."""
    listed = {
        one.place.clause for _, one in subject.defined_in.get(reading.document.id, ()) if one.given is Given.LISTED
    }
    if len(listed) < _FEWEST_IN_GLOSSARY:
        return False
    clauses = {id(reading.passage(index).clause) for index in listed}
    within = sum(1 for one in reading.running if any(id(clause) in clauses for clause in (*one.around, one.clause)))
    return within * 4 >= 3 * len(reading.running)


def _is_pointer(definition: Definition, together: Mapping[str, Sequence[Definition]]) -> bool:
    """Whether a sentence only says where the term is defined, and that definition is found: it is judged instead."""
    others = (other for name in definition.names for other in together[key(name)])
    return definition.given is Given.POINTER and any(other.given is not Given.POINTER for other in others)


def _in_small_letters(subject: Subject) -> Mapping[DefinitionKey, Variant]:
    """For each definition the first place where its term is written in small letters, within a sentence if possible."""
    found: dict[DefinitionKey, Variant] = {}
    for variant in sorted(filter(_is_small, variants(subject)), key=lambda one: one.words[:1].isupper()):
        found.setdefault(definition_key(variant.definition.place), variant)
    return found


def _is_small(variant: Variant) -> bool:
    """Whether a term is written in small letters, except for the capital that begins a sentence."""
    words = variant.words
    if words[1:] != words[1:].lower():
        return False
    return words[:1].islower() or begins_sentence(variant.passage.text, variant.start)


def _unused_finding(definition: Definition, small: str, line: int, *, certain: bool) -> Finding:
    """The finding about a definition; `small` are its words in small letters on a line, or empty."""
    names = " or ".join(f"“{name}”" for name in definition.names)
    where = f"; “{small}” is written in small letters on line {line}" if small else ""
    found = at_place(definition.place, f"{names} is defined but never used{where}", text=definition.term)
    return found if certain else replace(found, severity=Severity.NOTE)


UNUSED_DEFINITION = Rule(
    name="unused-definition",
    severity=Severity.WARNING,
    summary=(
        "A term that is defined but never used; a note for an abbreviation in brackets after its words, for a term "
        "that its own paragraph, or a text in another language than English, writes in small letters, and in an "
        "amendment of another contract or a glossary that is checked alone."
    ),
    why="Either the definition is obsolete, or the rule that needs it is missing.",
    bad="# Terms\n\n- “Fee” means what Customer pays.\n\nEvery payment is final.",
    good="# Terms\n\n- “Fee” means what Customer pays.\n\nEvery Fee is final. A Fee is due at once.",
    check=_check_unused_definition,
)


def _check_used_once(subject: Subject) -> Iterator[Finding]:
    """Each definition with exactly one use, except of pronouns (“You”), which nobody looks up."""
    used, spelled = uses(subject), {definition_key(one.definition.place) for one in other_spellings(subject)}
    together = families(subject.binding.definitions)
    for definition in subject.binding.definitions:
        if together[key(definition.names[0])][0] is not definition or definition.given is Given.POINTER:
            continue
        if _is_pronoun(subject, definition) or definition_key(definition.place) in spelled:
            continue
        same_name = {id(other): other for name in definition.names for other in together[key(name)]}
        if sum(len(used.places(other)) for other in same_name.values()) == 1:
            place = next(place for other in same_name.values() for place in used.places(other))
            where = _where(subject, place)
            message = f"“{definition.term}” is used only once{where}; consider defining it there"
            yield at_place(definition.place, message, text=definition.term)


def _is_pronoun(subject: Subject, definition: Definition) -> bool:
    """Whether a name of a definition is a pronoun of English, or of the language of its document."""
    reading = subject.by_document.get(definition.place.document)
    foreign = grammar_of(reading.document).pronouns if reading else frozenset()
    return any(name.capitalize() in PRONOUNS or name.lower() in foreign for name in definition.names)


def _where(subject: Subject, place: Place) -> str:
    """The place of a use for a message: its clause, else its line. Uses that do not link have only an offset."""
    passage = subject.passage(place)
    found = passage.finding(place.start, "") if passage else None
    label = place.label or (found.clause if found else "")
    if label:
        return f", in {shortened(label, _LONGEST_LABEL)}"
    return f", on line {found.line}" if found else ""


USED_ONCE = Rule(
    name="used-once",
    severity=Severity.NOTE,
    summary="A term that is defined and used only once.",
    why="Readers must look up words that could be written out in place.",
    bad="# Terms\n\n- “Fee” means what Customer pays.\n\nEvery Fee is final.",
    good="# Terms\n\n- “Fee” means what Customer pays.\n\nEvery Fee is final. A Fee is due at once.",
    check=_check_used_once,
)


_MOST_NAMED = 3
_Use = tuple[Passage, int, str]


def _check_deleted_definition(subject: Subject) -> Iterator[Finding]:
    """Each term that posted texts define and nothing defines now, once, at its first use."""
    defined = {form for one in subject.binding.definitions for name in one.names for form in _forms(name)}
    deleted: dict[str, tuple[str, PostedTerm]] = {}
    for term in subject.posted:
        for name in term.names:
            if key(name) not in defined and name != name.lower():
                deleted |= {form: (key(name), term) for form in _forms(name) if form not in defined}
    if deleted:
        yield from _deleted_findings(deleted, _uses_of_deleted(subject, deleted, defined))


def _forms(name: str) -> tuple[str, ...]:
    """A name, its other forms, and each of them in capitals."""
    each = (key(name), *forms(key(name)))
    return *each, *(form.upper() for form in each if len(form) > _MOST_NAMED)


def _uses_of_deleted(
    subject: Subject, deleted: Mapping[str, tuple[str, PostedTerm]], defined: set[str]
) -> Mapping[str, Sequence[_Use]]:
    """The uses of the deleted names, by name. Defined names are matched too: “Customer Data” is not a use of “Data”."""
    pattern = compile_names({*deleted, *defined})
    assert pattern is not None
    found: dict[str, list[_Use]] = defaultdict(list)
    for passage in subject.running:
        for match in pattern.finditer(passage.text):
            name = deleted.get(key(match[0]), ("", None))[0]
            if name and passage.is_words(match.start()) and _is_use(passage, match.start(), match[0]):
                found[name].append((passage, match.start(), match[0]))
    return found


def _is_use(passage: Passage, at: int, words: str) -> bool:
    if " " in key(words):
        return True
    return not begins_sentence(passage.text, at) and (not words.isupper() or not passage.in_capitals)


def _deleted_findings(
    deleted: Mapping[str, tuple[str, PostedTerm]], uses: Mapping[str, Sequence[_Use]]
) -> Iterator[Finding]:
    for name, term in dict.fromkeys(deleted.values()):
        if places := uses.get(name):
            passage, at, words = places[0]
            where = f" ({shortened(term.label, _LONGEST_LABEL)})" if term.label else ""
            message = (
                f"“{words}” was defined in {term.version}{where} and is no longer defined, but is still used here"
                f"{_other_places(places[1:])}; define it again, or use other words"
            )
            yield passage.finding(at, message, text=name)


def _other_places(places: Sequence[_Use]) -> str:
    if not places:
        return ""
    count = "in 1 more place" if len(places) == 1 else f"in {len(places)} more places"
    labels = dict.fromkeys(passage.finding(at, "").clause for passage, at, _ in places)
    named = "; ".join([shortened(label, _LONGEST_LABEL) for label in labels if label][:_MOST_NAMED])
    return f" and {count} ({named})" if named else f" and {count}"


DELETED_DEFINITION = Rule(
    name="deleted-definition",
    severity=Severity.WARNING,
    summary="A term that the posted text defines, that is no longer defined, and that is still used.",
    why=(
        "The words keep their capitals but lose their meaning. The rule reads the deleted definitions from the record. "
        "It applies to documents whose text differs from the posted one."
    ),
    bad="",
    good="",
    check=_check_deleted_definition,
)
