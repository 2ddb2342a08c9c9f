"""`case-mismatch`: a defined term in small letters.

A term of several words is meant wherever its words stand, unless the text says them in small letters as often as with
capitals. A single word is ordinary English far too often; it counts only where it acts as the term does ("the customer
shall") and the text otherwise writes it with its capital.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

from engross.checks.findings import Finding
from engross.checks.rules.rule import Rule
from engross.checks.subject import Passage, Subject
from engross.checks.words.uses import spot, uses
from engross.checks.words.variants import Variant, variants
from engross.model import Definition, Scope, Severity
from engross.terms.names import key

# A set of first letters stands in front, so that the search skips to where a word may begin.
_ACTS = re.compile(
    r"[TtSsEeNn](?<!\w.)(?:(?<=[Tt])he|(?<=[Ss])uch|(?<=[Ee])ach|(?<=[Nn])either)"
    r"[ \n]([a-z]{4,})[ \n](?:shall|will|may|must|agrees|acknowledges|represents"
    r"|warrants|undertakes|covenants|consents|is responsible|is liable|has the right)\b"
)
# Words that are ordinary even where a term of the same letters is defined.
_PLAIN = frozenset(
    {"effective date", "third party", "third parties", "good faith", "applicable law", "applicable laws"}
)
_FEWEST_USES = 5


def check(subject: Subject) -> Iterator[Finding]:
    """Each term in small letters that is meant as the term, as far as its words allow to tell."""
    small = [found for found in variants(subject) if _is_small(found)]
    counts = Counter(spot(found.definition.place) for found in small)
    used = uses(subject)
    for found in small:
        if counts[spot(found.definition.place)] <= len(used.places(found.definition)):
            yield _finding(found.passage, found.start, found.words, found.form)
    yield from _single_words(subject)


def _is_small(found: Variant) -> bool:
    return found.words == found.form.lower() and found.words not in _PLAIN


def _finding(passage: Passage, at: int, words: str, form: str) -> Finding:
    return passage.finding(at, f"“{words}” is defined as “{form}”; is the term meant?", text=words, fix=form)


def _single_words(subject: Subject) -> Iterator[Finding]:
    names = {
        key(name).lower(): (key(name), definition)
        for definition in subject.binding.definitions
        for name in definition.names
        if " " not in name and "-" not in name and name.istitle()
    }
    if not names:
        return
    found: dict[str, list[tuple[Passage, int]]] = defaultdict(list)
    for passage in subject.running:
        for match in _ACTS.finditer(passage.text):
            known = names.get(match[1])
            if known and _may_mean(known[1], passage):
                found[match[1]].append((passage, match.start(1)))
    used = uses(subject)
    for word, places in found.items():
        form, definition = names[word]
        count = len(used.places(definition))
        if count >= _FEWEST_USES and 10 * len(places) <= count + 10:
            for passage, at in places:
                yield _finding(passage, at, word, form)


def _may_mean(definition: Definition, passage: Passage) -> bool:
    place = definition.place
    if place.document == passage.document.id:
        return place.clause != passage.index
    return definition.scope is Scope.SET


RULE = Rule(
    name="case-mismatch",
    severity=Severity.WARNING,
    summary="A defined term in small letters.",
    why="In small letters the words have their ordinary meaning, which may not be the one that was agreed.",
    bad=(
        "# Terms\n\n- “Confidential Information” means what a party marks as secret.\n\n"
        "Each party protects Confidential Information. Neither party copies confidential information. "
        "All Confidential Information is returned."
    ),
    good=(
        "# Terms\n\n- “Confidential Information” means what a party marks as secret.\n\n"
        "Each party protects Confidential Information. Neither party copies any information. "
        "All Confidential Information is returned."
    ),
    check=check,
)
