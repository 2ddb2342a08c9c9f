"""`deleted-definition`: a term that a posted version defines, that is defined no more, and that is still used.

The words of the term count where they are capitalised as it is, in each form that binding knows, and not as a part of
a longer term. A single word at the beginning of a sentence alone is no use: every word has a capital there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from engross.checks.findings import Finding
from engross.checks.rules.rule import Rule
from engross.checks.subject import Passage, Subject
from engross.model import Severity
from engross.record.posted_terms import PostedTerm
from engross.terms.names import forms, key
from engross.terms.sentences import begins_sentence
from engross.terms.trie import compile_names

_MOST_NAMED = 3
Place = tuple[Passage, int, str]


def check(subject: Subject) -> Iterator[Finding]:
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


RULE = Rule(
    name="deleted-definition",
    severity=Severity.WARNING,
    summary="A term that the posted text defines, that nothing defines any more, and that is still used.",
    why=(
        "The words keep their capitals and lose their meaning. The record knows what was defined, so that this is "
        "found whatever the words are. It is asked of documents whose text differs from what was posted."
    ),
    bad="",
    good="",
    check=check,
)
