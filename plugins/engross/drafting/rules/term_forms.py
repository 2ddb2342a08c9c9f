"""Rules for words that look like defined terms.

`case-mismatch`: a defined term in small letters.

A term of several words is meant wherever its words stand, unless the text says them in small letters as often as with
capitals. A single word is ordinary English far too often; it counts only where it acts as the term does ("the customer
shall") and the text otherwise writes it with its capital.

`term-variant`: “Open router” or “OpenRouter” for “Open Router”.

`undefined-term`: words that are capitalised as defined terms are, and defined nowhere.

Capitals alone do not make a term: names have them too. A phrase counts where a determiner makes it a thing ("the
Service Data") or a term is part of it, a single word where a determiner stands before it more than once, or somebody
is said to have it ("Customer’s Account"). An abbreviation counts where it is used twice, or is the last word of a
defined term ("API" where "Open Router API" is defined).

`confusable-term`: a word that looks like one of a defined term, and is written with other letters.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from difflib import get_close_matches

from engross.drafting.subject import Finding, Passage, Rule, Subject
from engross.drafting.words.capitals import Capitals, capitals, ordinary_words
from engross.drafting.words.lookalikes import look_alikes, shown_letters
from engross.drafting.words.uses import spot, uses
from engross.drafting.words.variants import Variant, squeezed, variants
from engross.language import ACRONYMS, key
from engross.model import Definition, Scope, Severity

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


def _check_case_mismatch(subject: Subject) -> Iterator[Finding]:
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


CASE_MISMATCH = Rule(
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
    check=_check_case_mismatch,
)


_COMPANY = re.compile(
    r",?\s+(?:LLC|Inc|Ltd|Limited|GmbH|AG|Corp|Corporation|Company|Co|LP|LLP|PLC|S\.|B\.V|N\.V|Pty|Pte|SE|SAS)\b"
)
_CAPITAL_AFTER = re.compile(r"[ \n\u00a0-]+[A-Z]")


def _check_term_variant(subject: Subject) -> Iterator[Finding]:
    """Each way of writing a term that is neither the term nor plain small letters."""
    for found in variants(subject):
        if found.words != found.words.lower() and not _is_other(found):
            message = f"“{found.words}” is defined as “{found.definition.term}”"
            yield found.passage.finding(found.start, message, text=found.words, fix=found.form)


def _is_other(found: Variant) -> bool:
    """Whether the words are part of another name: a company’s, or a longer one that is not the term."""
    text = found.passage.text
    if _COMPANY.match(text, found.end):
        return True
    if " " not in found.words and "-" not in found.words and found.words[1:] != found.words[1:].lower():
        return False  # OpenRouter is nothing but a way of writing Open Router
    return bool(_CAPITAL_AFTER.match(text, found.end) or _in_name(text, found.start))


def _in_name(text: str, start: int) -> bool:
    """Whether a capitalised word stands right before, one that begins no sentence."""
    before = re.search(r"(\S*)[ \n\u00a0]+([A-Z][\w’'&-]*)[ \n\u00a0]+\Z", text[max(0, start - 80) : start])
    return bool(before and before[1] and before[1][-1] not in '.?!:;)“"' and not before[2].endswith(("’s", "'s", "’")))


TERM_VARIANT = Rule(
    name="term-variant",
    severity=Severity.WARNING,
    summary="A defined term written with other capitals, hyphens or blanks than where it is defined.",
    why="It may be taken for another term, and it does not lead to the definition.",
    bad=(
        "# Terms\n\n- “Open Router” means the service that Customer uses.\n\n"
        "Customer calls Open Router. No Open Router call is free. Every OpenRouter call is logged."
    ),
    good=(
        "# Terms\n\n- “Open Router” means the service that Customer uses.\n\n"
        "Customer calls Open Router. No Open Router call is free. Every Open Router call is logged by OpenRouter LLC."
    ),
    check=_check_term_variant,
)


_ACRONYM = re.compile(r"[A-Z][A-Z&-]*[A-Z]s?\Z")
_LIKENESS = 0.86
_MOST_WORDS = 5


def _check_undefined_term(subject: Subject) -> Iterator[Finding]:
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
            yield _finding_undefined_term(words, places, names)


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


def _finding_undefined_term(words: str, places: Sequence[Capitals], names: Sequence[str]) -> Finding:
    first = places[0]
    more = f" (and {len(places) - 1} more times)" if len(places) > 1 else ""
    close = get_close_matches(first.words, names, n=1, cutoff=_LIKENESS)
    meant = f"; did you mean “{close[0]}”?" if close else ""
    message = f"“{first.words}” is written as a defined term is and defined nowhere{more}{meant}"
    return first.passage.finding(first.start, message, text=words, fix=close[0] if close else "")


UNDEFINED_TERM = Rule(
    name="undefined-term",
    severity=Severity.WARNING,
    summary="Words that are capitalised as defined terms are, and are defined nowhere.",
    why="Capitals promise a definition; without it the parties will each have their own.",
    bad="# Terms\n\nCustomer keeps the Service Data for a year. Nobody may copy the Service Data.",
    good="# Terms\n\nCustomer keeps the data of the service for a year. The Privacy Act of 1974 applies.",
    check=_check_undefined_term,
)


def _check_confusable_term(subject: Subject) -> Iterator[Finding]:
    """Each such word."""
    for word in look_alikes(subject):
        if word.term:
            message = (
                f"“{word.text}” looks like the defined term “{word.term}”, and is written with other letters: "
                f"{shown_letters(word.text)}; write {word.term}"
            )
            yield word.passage.finding(word.start, message, text=word.text, fix=word.term)


CONFUSABLE_TERM = Rule(
    name="confusable-term",
    severity=Severity.WARNING,
    summary="A word that looks like a defined term and is written with letters of another script.",
    why=(
        "Readers take it for the term, and the definition does not hold for it. Known are letters of Cyrillic, Greek "
        "and Armenian that look like Latin ones, full-width letters, and letters of formulas; a small l in place of a "
        "capital I is not found."
    ),
    bad="# Terms\n\n- “Customer” means the buyer.\n\nCustomer pays, and Customer acts. The &#x421;ustomer may sell.",
    good="# Terms\n\n- “Customer” means the buyer.\n\nCustomer pays, and Customer acts. The Customer may sell.",
    check=_check_confusable_term,
)
