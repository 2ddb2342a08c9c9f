"""The rule for definitions that explain nothing: by their own term, or by each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import partial
from itertools import permutations

import engross.common.lazy_re as re
from engross.drafting.detectors.use_counts import DefinitionKey, definition_key
from engross.drafting.kept_findings import Row, rows_of_binding
from engross.drafting.subject import Finding, Passage, Reading, Rule, Subject, at_place
from engross.language import forms, key
from engross.model import Definition, Given, Place, Severity
from engross.terms import PRONOUNS

_VERB = re.compile(
    r"\b(?:means?|(?:has|have|shall have)\s+the\s+meaning|refers?\s+to|is\s+defined\s+as|are\s+defined\s+as"
    r"|is|are)\b[,:]?\s*",
    re.IGNORECASE,
)
# A definition that only contrasts its term with another, or names another as an example, does not depend on it.
_CONTRAST = re.compile(
    r"\b(?:not|other than|except|excluding|excludes?|without|unless|instead of|rather than|includ(?:e|es|ing)|such as"
    r"|for example|e\.g)\b|[.;]\s",
    re.IGNORECASE,
)
_LONGER = re.compile(
    r"[\w–—-]|\s+&|\s+(?:of\s|[A-Z])|(?:,|,?\s+and)\s+[A-Z]|\s+(?:portal|services?|platform|website|site|apps?|applications?|programme?|software|group"
    r"|companies)\b|,?\s+(?:company|Inc|LLC|L\.L\.C|Ltd|Limited|GmbH|Corp|PLC|plc|AG|SE|S\.|B\.V)\b"
)
_LONGER_NAME = re.compile(r"[\w-]|\s+[A-Z&]")
# "Order Form means the Order Form attached to this Agreement" leads to a text.
_LEADS = re.compile(
    r",\s+an?\s|,?\s+(?:(?:the\s+)?(?:current|latest|most\s+recent)\s+version|attached|annexed|set\s+(?:out|forth)|contained|published|available|located|posted|signed|as"
    r"|appointed|created|established|constituted|designated|described|defined|specified|identified|listed|referred\s+to|stated|(?:substantially\s+)?in\s+(?:a|the)\s+form|dated|entered|made|executed|issued|adopted|promulgated|in\s+effect|(?:by\s+and\s+)?between|by\s+and\s+among|of\s+even\s+date|for(?=\s+[A-Z]))\b|\s+\((?=[^)]*\d)|[’']s\s"
)
# "Services means the Services described in the Order Form" explains nothing, unless the term is the name of a text.
_DESCRIBED = re.compile(
    r",?\s+(?:described|(?:listed|set\s+(?:forth|out)|specified|stated|identified)\s+(?:above|below|here(?:in|under)?))\b"
)
_TEXT = re.compile(
    r"(?:Addend|Agreement|Annex|Appendi|Certificate|Condition|Contract|Deed|Document|Exhibit|Form|Guideline|Instruction|Lease|License"
    r"|Licence|List|Manual|Notice|Order|Plan|Polic|Procedure|Protocol|Rule|Schedule|Specification|Statement|Terms)[a-z]*\Z"
)
# "Group means, for a party, its Group".
_OF_A_PARTY = re.compile(
    r"(?:for|as\s+to|in\s+relation\s+to|in\s+respect\s+of|with\s+respect\s+to)\s+[^,.;“”\"]{1,60},\s+"
)
# "iOS means the iOS operating system": the name of a product.
_PRODUCT = re.compile(r"\S*[a-z][A-Z]\S*\Z")
_INDEFINITE = re.compile(r"\b(?:an?|any|each|every)\b")
_ARTICLE = re.compile(r"(?:(?:the|an?|any|each|all|every|such|of|one|or|more|its|their|his|her)\s+)+")
_MEANS = re.compile(r"[”\"’*_\s]*(?:shall\s+)?means?\b")
_NAME_OF = re.compile(r"[A-Z][\w’'-]*\s+of\s+\Z")
_MAX_DISTANCE = 120
_FIRST_WORDS = 5
_LONGEST_CIRCLE = 3
_MOST_BESIDE = 12
"""In a longer list in one paragraph, circles are not looked for."""


def _check_circular_definition(subject: Subject) -> Iterator[Finding]:
    """Each circle of up to three definitions, at the first of them, and each definition that uses its own term."""
    definitions = {definition_key(item.place): item for item, _ in subject.defined}
    edges, own = _dependencies(subject)
    seen: set[frozenset[DefinitionKey]] = set()
    for start, definition in definitions.items():
        if start in own:
            yield at_place(
                definition.place,
                f"the definition of “{definition.term}” uses the term itself; use other words",
                text=definition.term,
            )
        for circle in _circles(start, edges):
            if frozenset(circle) not in seen:
                seen.add(frozenset(circle))
                terms = [definitions[at].term for at in (*circle, start)]
                chain = " by ".join(f"“{term}”" for term in terms)
                yield at_place(definition.place, f"defined in a circle: {chain}", text=definition.term)


def _dependencies(subject: Subject) -> tuple[Mapping[DefinitionKey, set[DefinitionKey]], set[DefinitionKey]]:
    """Map each definition in a list to those whose terms its first words depend on; and those that begin with their
    own term.
    """
    keys = [definition_key(one.place) for one in subject.binding.definitions]
    edges: dict[DefinitionKey, set[DefinitionKey]] = defaultdict(set)
    own: set[DefinitionKey] = set()
    for reading in subject.readings:
        find = partial(_dependencies_in, subject, reading)
        for number, uses_own, others in rows_of_binding(subject, reading, "dependencies", "", find):
            edges[keys[number]] |= {keys[other] for other in others} - {keys[number]}
            own |= {keys[number]} if uses_own else set()
    return edges, own


def _dependencies_in(subject: Subject, reading: Reading) -> list[Row]:
    """For each definition of a document in a list or with "means": its number, whether it uses its own term, and the
    numbers of those on which it depends; only where there is any.
    """
    listed = {
        number: (one, reading.passage(one.place.clause), set[int]())
        for number, one in subject.defined_in.get(reading.document.id, ())
        if one.given is Given.LISTED
        or (one.given is Given.RUNNING and _MEANS.match(reading.passage(one.place.clause).text, one.place.end))
    }
    by_clause: dict[int, list[int]] = defaultdict(list)
    for number, (definition, _, _) in listed.items():
        by_clause[definition.place.clause].append(number)
    for target, _, make in subject.binding.used_in.get(reading.document.id, ()):
        if target in listed or subject.binding.definitions[target].given is Given.LISTED:
            for use in make():
                for number in by_clause.get(use.clause, ()):
                    definition, passage, others = listed[number]
                    if number != target and _depends_on(definition, passage, use):
                        others.add(target)
    for numbers in by_clause.values():
        for number, other in permutations(numbers, 2) if len(numbers) <= _MOST_BESIDE else ():
            if _depends_beside(*listed[number][:2], listed[other][0]):
                listed[number][2].add(other)
    found = ((number, _uses_own_term(one, passage), others) for number, (one, passage, others) in listed.items())
    return [[number, uses_own, sorted(others)] for number, uses_own, others in found if uses_own or others]


def _depends_on(definition: Definition, passage: Passage, use: Place) -> bool:
    """Whether a use is among the first words of a definition, and not as a contrast or example."""
    verb = _VERB.search(passage.text, definition.place.end)
    if verb is None or use.start < verb.end():
        return False
    return _is_among_first(passage.text[verb.end() : use.start])


def _is_among_first(before: str) -> bool:
    """Whether a word with these words of a definition before it is one of the first, and no contrast or example.

    Directors are not what the Board of Directors depends on.
    """
    words = len(before.split())
    return words <= _FIRST_WORDS and not _CONTRAST.search(before) and not _NAME_OF.search(before)


def _depends_beside(definition: Definition, passage: Passage, other: Definition) -> bool:
    """Whether a sentence defines a term by that of another sentence of its paragraph: no use counts there."""
    verb = _MEANS.match(passage.text, definition.place.end)
    if verb is None:
        return False
    stop = verb.end() + _MAX_DISTANCE
    meaning = passage.text[verb.end() : min(stop, other.place.start) if other.place.start > verb.end() else stop]
    names = [name for name in other.names if name != name.lower()]
    forms_of_other = "|".join(re.escape(form) for name in names for form in (key(name), *forms(key(name))))
    used = re.search(rf"(?<![\w-])(?:{forms_of_other or '(?!)'})(?![\w-]|\s+[A-Z&])", meaning)
    return used is not None and _is_among_first(meaning[: used.start()])


def _uses_own_term(definition: Definition, passage: Passage) -> bool:
    """Whether a definition begins with the term itself."""
    verb = _VERB.search(passage.text, definition.place.end, definition.place.end + _MAX_DISTANCE)
    # "“including” means including but not limited to" is about how to read a word.
    if verb is None or definition.term.islower() or any(name.title() in PRONOUNS for name in definition.names):
        return False
    party = _OF_A_PARTY.match(passage.text, verb.end())
    start = party.end() if party else verb.end()
    article = _ARTICLE.match(passage.text, start)
    # "Board means the Board of Directors" names it; "Affiliate means an Affiliate of Provider" explains nothing.
    longer = _LONGER_NAME if article and _INDEFINITE.search(article[0]) else _LONGER
    if longer is _LONGER and _PRODUCT.match(definition.term):
        return False
    rest = " ".join(passage.text[article.end() if article else start :][:_MAX_DISTANCE].split())
    every = {form for name in definition.names for form in (key(name), *forms(key(name)))}
    return any(
        rest.startswith(form) and not longer.match(rest, len(form)) and not _leads(rest, len(form), definition.term)
        for form in every
    )


def _leads(text: str, at: int, term: str) -> bool:
    """Whether the words at an offset lead from a term to what has its name: "the Order Form attached hereto"."""
    at += text.startswith((".,", ". "), at)  # Acme, Inc., located at
    if _DESCRIBED.match(text, at) and not _TEXT.search(term):
        return False
    return _LEADS.match(text, at) is not None


def _circles(
    start: DefinitionKey, edges: Mapping[DefinitionKey, set[DefinitionKey]]
) -> Iterator[tuple[DefinitionKey, ...]]:
    """The paths of at most `_LONGEST_CIRCLE` steps that lead back to their start."""
    paths: list[tuple[DefinitionKey, ...]] = [(start,)]
    while paths:
        path = paths.pop()
        for following in sorted(edges.get(path[-1], ())):
            if following == start:
                yield path
            elif following not in path and len(path) < _LONGEST_CIRCLE:
                paths.append((*path, following))


CIRCULAR_DEFINITION = Rule(
    name="circular-definition",
    severity=Severity.NOTE,
    summary="A definition that uses its own term, or terms that are defined by each other.",
    why="Readers who look them up learn nothing. Define one of them in other words, unless it means the ordinary word.",
    bad=(
        "# Terms\n\n- “Goods” means all Wares.\n- “Wares” means the Goods that are sold.\n\n"
        "Goods are sold. Wares are sold. The price of Goods and Wares is fixed."
    ),
    good=(
        "# Terms\n\n- “Goods” means all Wares.\n- “Wares” means things that are sold.\n\n"
        "Goods are sold. Wares are sold. The price of Goods and Wares is fixed."
    ),
    check=_check_circular_definition,
)
