"""`circular-definition`: terms that are defined by each other."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from engross.checks.findings import Finding
from engross.checks.rules.rule import Rule
from engross.checks.subject import Passage, Subject, at_place
from engross.checks.words.uses import Spot, spot
from engross.model import Definition, Given, Place, Severity
from engross.terms.names import forms, key

_VERB = re.compile(
    r"\b(?:means?|(?:has|have|shall have)\s+the\s+meaning|refers?\s+to|is\s+defined\s+as|are\s+defined\s+as"
    r"|is|are)\b[,:]?\s*",
    re.IGNORECASE,
)
# A term that is only told apart from another, or stands in an example, does not depend on it.
_APART = re.compile(
    r"\b(?:not|other than|except|excluding|excludes?|without|unless|instead of|rather than|includ(?:e|es|ing)|such as"
    r"|for example|e\.g)\b|[.;]\s",
    re.IGNORECASE,
)
_LONGER = re.compile(r"[\w-]|\s+(?:of\s|[A-Z])|,?\s+(?:Inc|LLC|L\.L\.C|Ltd|Limited|GmbH|Corp|PLC|plc|AG|SE|S\.|B\.V)\b")
_ARTICLE = re.compile(r"(?:(?:the|an?|any|each|all|every|such|of|one|or|more)\s+)+")
_FAR = 120
_NEAR = 5
_LONGEST_CIRCLE = 3


def check(subject: Subject) -> Iterator[Finding]:
    """Each circle of up to three definitions, told at the first of them, and each term defined by itself."""
    definitions = {spot(item.place): (item, passage) for item, passage in subject.defined if item.given is Given.LISTED}
    edges = _edges(subject, definitions)
    told: set[frozenset[Spot]] = set()
    for start, (definition, passage) in definitions.items():
        if _by_itself(definition, passage):
            yield at_place(definition.place, f"“{definition.term}” is defined by itself", text=definition.term)
        for circle in _circles(start, edges):
            if frozenset(circle) not in told:
                told.add(frozenset(circle))
                terms = [definitions[at][0].term for at in (*circle, start)]
                chain = " by ".join(f"“{term}”" for term in terms)
                yield at_place(definition.place, f"defined in a circle: {chain}", text=definition.term)


def _edges(subject: Subject, definitions: Mapping[Spot, tuple[Definition, Passage]]) -> Mapping[Spot, set[Spot]]:
    """From each definition to those whose terms its first words rest on."""
    by_clause: dict[tuple[str, int], list[Spot]] = defaultdict(list)
    for at in definitions:
        by_clause[at[:2]].append(at)
    edges: dict[Spot, set[Spot]] = defaultdict(set)
    for use in subject.binding.uses:
        target = spot(use.definition.place)
        if target not in definitions:
            continue
        for at in by_clause.get((use.place.document, use.place.clause), ()):
            if at != target and _rests_on(*definitions[at], use.place):
                edges[at].add(target)
    return edges


def _rests_on(definition: Definition, passage: Passage, use: Place) -> bool:
    """Whether a use stands among the first words of what a term means, and is not told apart there."""
    verb = _VERB.search(passage.text, definition.place.end)
    if verb is None or use.start < verb.end():
        return False
    before = passage.text[verb.end() : use.start]
    return len(before.split()) <= _NEAR and not _APART.search(before)


def _by_itself(definition: Definition, passage: Passage) -> bool:
    """Whether the first thing that a term is said to be is the term."""
    verb = _VERB.search(passage.text, definition.place.end, definition.place.end + _FAR)
    if verb is None:
        return False
    article = _ARTICLE.match(passage.text, verb.end())
    rest = " ".join(passage.text[article.end() if article else verb.end() :][:_FAR].split())
    every = {form for name in definition.names for form in (key(name), *forms(key(name)))}
    return any(rest.startswith(form) and not _LONGER.match(rest, len(form)) for form in every)


def _circles(start: Spot, edges: Mapping[Spot, set[Spot]]) -> Iterator[tuple[Spot, ...]]:
    """The ways of at most `_LONGEST_CIRCLE` steps that lead back to where they began."""
    ways: list[tuple[Spot, ...]] = [(start,)]
    while ways:
        way = ways.pop()
        for following in sorted(edges.get(way[-1], ())):
            if following == start:
                yield way
            elif following not in way and len(way) < _LONGEST_CIRCLE:
                ways.append((*way, following))


RULE = Rule(
    name="circular-definition",
    severity=Severity.WARNING,
    summary="Terms that are defined by each other, or a term that is defined by itself.",
    why="Whoever looks either up learns nothing.",
    bad=(
        "# Terms\n\n- “Goods” means all Wares.\n- “Wares” means the Goods that are sold.\n\n"
        "Goods are sold. Wares are sold. The price of Goods and Wares is fixed."
    ),
    good=(
        "# Terms\n\n- “Goods” means all Wares.\n- “Wares” means things that are sold.\n\n"
        "Goods are sold. Wares are sold. The price of Goods and Wares is fixed."
    ),
    check=check,
)
