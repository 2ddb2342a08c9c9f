"""`undefined-term`: words that are capitalised as defined terms are, and defined nowhere.

Capitals alone do not make a term: names have them too. A phrase counts where a determiner makes it a thing ("the
Service Data") or a term is part of it, a single word where a determiner stands before it more than once, or somebody
is said to have it ("Customer’s Account"). An abbreviation counts where it is used twice, or is the last word of a
defined term ("API" where "Open Router API" is defined).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from difflib import get_close_matches

from engross.checks.findings import Finding
from engross.checks.rules.rule import Rule
from engross.checks.subject import Subject
from engross.checks.words.capitals import Capitals, capitals, ordinary_words
from engross.checks.words.proper_names import ACRONYMS
from engross.checks.words.variants import squeezed
from engross.model import Severity

_ACRONYM = re.compile(r"[A-Z][A-Z&-]*[A-Z]s?\Z")
_LIKENESS = 0.86
_MOST_WORDS = 5


def check(subject: Subject) -> Iterator[Finding]:
    """Each such phrase once, at its first place."""
    found: dict[str, list[Capitals]] = defaultdict(list)
    for one in capitals(subject):
        found[_singular(one.words)].append(one)
    names = [name for definition in subject.binding.definitions for name in definition.names]
    lasts = {name.split()[-1] for name in names if " " in name}
    joined = {squeezed(name) for name in names}
    ordinary = ordinary_words(subject)
    for words, places in found.items():
        # What is a term but for capitals, hyphens or blanks is a matter of `term-variant`.
        if squeezed(words) not in joined and _is_term(words, places, lasts, ordinary):
            yield _finding(words, places, names)


def _singular(words: str) -> str:
    return words[:-1] if words.endswith("s") and not words.endswith("ss") else words


def _is_term(words: str, places: Sequence[Capitals], lasts: set[str], ordinary: Collection[str]) -> bool:
    if _ACRONYM.match(places[0].words):
        base = words.rstrip("s")
        if base in ACRONYMS or words in ACRONYMS:
            return False
        return len(places) > 1 or base in lasts
    parts = words.split()
    if len(parts) > _MOST_WORDS or any(_ACRONYM.match(part) and part in ACRONYMS for part in parts):
        return False
    # A brand is no word of the language: the text itself, or contracts at large, must know the last word as one.
    if _singular(parts[-1].lower()) not in ordinary:
        return False
    determined = [one for one in places if one.determined]
    if len(parts) > 1:
        return bool(determined) or any(one.kin for one in places)
    return (len(determined) > 1 and 3 * len(determined) > len(places)) or any(one.owned for one in places)


def _finding(words: str, places: Sequence[Capitals], names: Sequence[str]) -> Finding:
    first = places[0]
    more = f" (and {len(places) - 1} more times)" if len(places) > 1 else ""
    close = get_close_matches(first.words, names, n=1, cutoff=_LIKENESS)
    meant = f"; did you mean “{close[0]}”?" if close else ""
    message = f"“{first.words}” is written as a defined term is and defined nowhere{more}{meant}"
    return first.passage.finding(first.start, message, text=words, fix=close[0] if close else "")


RULE = Rule(
    name="undefined-term",
    severity=Severity.WARNING,
    summary="Words that are capitalised as defined terms are, and are defined nowhere.",
    why="Capitals promise a definition; without it the parties will each have their own.",
    bad="# Terms\n\nCustomer keeps the Service Data for a year. Nobody may copy the Service Data.",
    good="# Terms\n\nCustomer keeps the data of the service for a year. The Privacy Act of 1974 applies.",
    check=check,
)
