"""Rules for words that look like defined terms: other capitals, spellings or letters, and undefined terms."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from difflib import get_close_matches

from engross.drafting.detectors.capitals import Capitals, capitals, ordinary_words
from engross.drafting.detectors.lookalikes import look_alikes, shown_letters
from engross.drafting.detectors.term_variants import Variant, squeezed, variants
from engross.drafting.detectors.use_counts import definition_key, uses
from engross.drafting.subject import Finding, Passage, Rule, Subject
from engross.language import ACRONYMS, key
from engross.model import Definition, Scope, Severity

# The pattern begins with a set of letters, so that the search can skip.
_DUTY_SUBJECT = re.compile(
    r"[TtSsEeNn](?<!\w.)(?:(?<=[Tt])he|(?<=[Ss])uch|(?<=[Ee])ach|(?<=[Nn])either)"
    r"[ \n]([a-z]{4,})[ \n](?:shall|will|may|must|agrees|acknowledges|represents"
    r"|warrants|undertakes|covenants|consents|is responsible|is liable|has the right)\b"
)
# Words that are ordinary even if a term of the same letters is defined.
_PLAIN = frozenset(
    {"effective date", "third party", "third parties", "good faith", "applicable law", "applicable laws"}
)
_FEWEST_USES = 5


def _check_case_mismatch(subject: Subject) -> Iterator[Finding]:
    """Each term in small letters that probably means the term.

    A term of several words counts unless the text has it in small letters more often than with capitals. A single word
    counts only as the subject of a duty ("the customer shall"), and only if the text usually capitalises it.
    """
    small = [found for found in variants(subject) if _is_small(found)]
    counts = Counter(definition_key(found.definition.place) for found in small)
    used = uses(subject)
    for found in small:
        if counts[definition_key(found.definition.place)] <= len(used.places(found.definition)):
            yield _case_finding(found.passage, found.start, found.words, found.form)
    yield from _check_single_words(subject)


def _is_small(found: Variant) -> bool:
    return found.words == found.form.lower() and found.words not in _PLAIN


def _case_finding(passage: Passage, at: int, words: str, form: str) -> Finding:
    return passage.finding(
        at, f"the defined term is “{form}”, not “{words}”; write {form} if you mean the term", text=words, fix=form
    )


def _check_single_words(subject: Subject) -> Iterator[Finding]:
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
        for match in _DUTY_SUBJECT.finditer(passage.text):
            known = names.get(match[1])
            if known and _can_use(known[1], passage):
                found[match[1]].append((passage, match.start(1)))
    used = uses(subject)
    for word, places in found.items():
        form, definition = names[word]
        count = len(used.places(definition))
        if count >= _FEWEST_USES and 10 * len(places) <= count + 10:
            for passage, at in places:
                yield _case_finding(passage, at, word, form)


def _can_use(definition: Definition, passage: Passage) -> bool:
    place = definition.place
    if place.document == passage.document.id:
        return place.clause != passage.index
    return definition.scope is Scope.SET


CASE_MISMATCH = Rule(
    name="case-mismatch",
    severity=Severity.WARNING,
    summary="A defined term in small letters.",
    why="In small letters the words have their ordinary meaning, which may not be the agreed one.",
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
    """Each spelling of a term that is neither the defined one nor all in small letters."""
    for found in variants(subject):
        if found.words != found.words.lower() and not _is_other_name(found):
            message = f"the defined term is “{found.definition.term}”, not “{found.words}”"
            yield found.passage.finding(found.start, message, text=found.words, fix=found.form)


def _is_other_name(found: Variant) -> bool:
    """Whether the words are part of another name: of a company, or a longer one."""
    text = found.passage.text
    if _COMPANY.match(text, found.end):
        return True
    if " " not in found.words and "-" not in found.words and found.words[1:] != found.words[1:].lower():
        return False  # OpenRouter can only be a spelling of Open Router
    return bool(_CAPITAL_AFTER.match(text, found.end) or _in_name(text, found.start))


def _in_name(text: str, start: int) -> bool:
    """Whether a capitalised word that does not begin a sentence is right before the words."""
    before = re.search(r"(\S*)[ \n\u00a0]+([A-Z][\w’'&-]*)[ \n\u00a0]+\Z", text[max(0, start - 80) : start])
    return bool(before and before[1] and before[1][-1] not in '.?!:;)“"' and not before[2].endswith(("’s", "'s", "’")))


TERM_VARIANT = Rule(
    name="term-variant",
    severity=Severity.WARNING,
    summary="A defined term with other capitals, hyphens or spaces than in its definition.",
    why="Readers may take it for another term, and it has no link to the definition.",
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
    """Each phrase that is capitalised like a term and not defined, once, at its first place.

    Names have capitals too. So a phrase counts only with a determiner ("the Service Data") or a defined term in it.
    A single word counts with a determiner more than once, or with a possessive ("Customer’s Account"). An abbreviation
    counts if it is used twice, or is the last word of a defined term ("API" in "Open Router API").
    """
    found: dict[str, list[Capitals]] = defaultdict(list)
    for one in capitals(subject):
        found[_singular(one.words)].append(one)
    names = [name for definition in subject.binding.definitions for name in definition.names]
    lasts = {name.split()[-1] for name in names if " " in name}
    joined = {squeezed(name) for name in names}
    ordinary = ordinary_words(subject)
    for words, places in found.items():
        # Other capitals, hyphens or spaces of a defined term are for `term-variant`.
        if squeezed(words) not in joined and _is_term(words, places, lasts, ordinary):
            yield _undefined_finding(words, places, names)


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
    # A brand is not an ordinary word: the last word must be one in this text or in contracts in general.
    if _singular(parts[-1].lower()) not in ordinary:
        return False
    determined = [one for one in places if one.determined]
    if len(parts) > 1:
        return bool(determined) or any(one.has_term for one in places)
    return (len(determined) > 1 and 3 * len(determined) > len(places)) or any(one.owned for one in places)


def _undefined_finding(words: str, places: Sequence[Capitals], names: Sequence[str]) -> Finding:
    first = places[0]
    uses = f" ({len(places)} uses)" if len(places) > 1 else ""
    close = get_close_matches(first.words, names, n=1, cutoff=_LIKENESS)
    suggestion = f"; did you mean “{close[0]}”?" if close else ""
    message = f"“{first.words}” is capitalised like a defined term but is not defined{uses}{suggestion}"
    return first.passage.finding(first.start, message, text=words, fix=close[0] if close else "")


UNDEFINED_TERM = Rule(
    name="undefined-term",
    severity=Severity.WARNING,
    summary="Words that are capitalised like defined terms but are not defined.",
    why="Capitals promise a definition; without one, each party will use its own.",
    bad="# Terms\n\nCustomer keeps the Service Data for a year. Nobody may copy the Service Data.",
    good="# Terms\n\nCustomer keeps the data of the service for a year. The Privacy Act of 1974 applies.",
    check=_check_undefined_term,
)


def _check_confusable_term(subject: Subject) -> Iterator[Finding]:
    """Each word that looks like a word of a defined term but has other letters."""
    for word in look_alikes(subject):
        if word.term:
            message = (
                f"“{word.text}” looks like the defined term “{word.term}” but has other letters: "
                f"{shown_letters(word.text)}; write {word.term}"
            )
            yield word.passage.finding(word.start, message, text=word.text, fix=word.term)


CONFUSABLE_TERM = Rule(
    name="confusable-term",
    severity=Severity.WARNING,
    summary="A word that looks like a defined term but has letters of another script.",
    why=(
        "Readers take it for the term, but the definition does not apply to it. The rule knows the letters of "
        "Cyrillic, Greek and Armenian that look like Latin ones, full-width letters, and letters of formulas. It does "
        "not find a small l in place of a capital I."
    ),
    bad="# Terms\n\n- “Customer” means the buyer.\n\nCustomer pays, and Customer acts. The &#x421;ustomer may sell.",
    good="# Terms\n\n- “Customer” means the buyer.\n\nCustomer pays, and Customer acts. The Customer may sell.",
    check=_check_confusable_term,
)
