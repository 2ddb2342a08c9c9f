"""Rules for words that look like defined terms: other capitals, spellings or letters, and undefined terms."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from functools import partial
from typing import Final

import engross.common.lazy_re as re
from engross.drafting.detectors.capitals import Capitals, capitals, has_articles, ordinary_words
from engross.drafting.detectors.known_names import defined_elsewhere, is_in_english
from engross.drafting.detectors.lookalikes import look_alikes, shown_letters
from engross.drafting.detectors.misspelled_terms import misspelled
from engross.drafting.detectors.named_things import names_thing
from engross.drafting.detectors.other_spellings import other_spellings, spelled_otherwise
from engross.drafting.detectors.term_variants import Variant, are_opposites, squeezed, variants
from engross.drafting.detectors.use_counts import definition_key, uses
from engross.drafting.kept_findings import Row, rows_of
from engross.drafting.subject import Finding, Passage, Reading, Rule, Subject
from engross.language import NOUNS, begins_sentence, forms, key, words
from engross.model import ClauseKind, Definition, Scope, Severity

# The pattern begins with a set of letters, so that the search can skip.
_DUTY_SUBJECT = re.compile(
    r"[TtEeNn](?<!\w.)(?:(?<=[Tt])he|(?<=[Ee])ach|(?<=[Nn])either)"
    r"[ \n]([a-z]{4,})[ \n](?:shall|will|may|must|agrees|acknowledges|represents"
    r"|warrants|undertakes|covenants|consents|is responsible|is liable|has the right)\b"
)
# Words that are ordinary even if a term of the same letters is defined.
_PLAIN = frozenset(
    {"effective date", "third party", "third parties", "good faith", "applicable law", "applicable laws"}
)
# Names of documents are ordinary words unless they mean this document or another one of the same party.
_DOCUMENT_WORDS: Final = {*words("agreement agreements policy policies terms use service notice statement conditions")}
_OWN = re.compile(r"\b(?:this|these|our|the present)[ \n]+\Z", re.IGNORECASE)
_OTHERS = re.compile(
    r"(?:\b(?:an?|their|other|others|another|additional|different|similar|separate|third[- ]party|following|various"
    r"|whose|certain|public|general|ordinary)|[’']s|s[’'])[ \n]+\Z",
    re.IGNORECASE,
)
_OF_OTHERS = re.compile(
    r"[ \n]+(?:of[ \n](?:or[ \n]|an?[ \n]|any[ \n]|another|its|their|one|third|other)"
    r"|providers?\b|protection\b|legislation\b|laws?\b|officers?\b)"
)
_DIFFERENT = re.compile(r"\b(?:others?|another|different|additional)[ \n]+\Z", re.IGNORECASE)
_LAW_BEFORE = re.compile(r"\b(?:Directive|Regulation|Decision|Act|Convention|Law|GDPR|CCPA|Code)\b[^.;]{0,120}\Z")
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
    if found.words != found.form.lower() or found.words in _PLAIN:
        return False
    before = found.passage.text[max(0, found.start - 60) : found.start]
    if found.words.split()[-1] in _DOCUMENT_WORDS:
        # "our privacy policy" may be the term; "their privacy policy" and "additional terms of use" are others.
        return bool(_OWN.search(before))
    if _OTHERS.search(before) or _OF_OTHERS.match(found.passage.text, found.end):
        return False
    return not _is_listed(found)


def _is_listed(found: Variant) -> bool:
    """Whether words are in the name of a law or a decision, or in the definition of another term."""
    text = found.passage.text
    return bool(
        _LAW_BEFORE.search(text, max(0, found.start - 160), found.start)
        or re.match(r"[^.;]{0,40}\(EU\)|[ \n]*\(“?[A-Z]", text[found.end : found.end + 60])
    )


def _case_finding(passage: Passage, at: int, words: str, form: str) -> Finding:
    message = f"the defined term is “{form}”, not “{words}”; write {form} if you mean the term"
    return passage.finding(at, message, text=words)


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
    for reading in subject.readings:
        for index, word, start in rows_of(subject, reading, "subjects", "", partial(_subjects, reading)):
            known, passage = names.get(word), reading.passage(index)
            if known and _can_use(known[1], passage):
                found[word].append((passage, start))
    used = uses(subject)
    for word, places in found.items():
        form, definition = names[word]
        count = len(used.places(definition))
        if count >= _FEWEST_USES and 10 * len(places) <= count + 10:
            for passage, at in places:
                yield _case_finding(passage, at, word, form)


def _subjects(reading: Reading) -> list[Row]:
    """The words in small letters that have a duty: the index of their passage, the word, where it begins."""
    return [
        [passage.index, match[1], match.start(1)]
        for passage in reading.running
        for match in _DUTY_SUBJECT.finditer(passage.text)
    ]


def _can_use(definition: Definition, passage: Passage) -> bool:
    place = definition.place
    if place.document == passage.document.id:
        return place.clause != passage.index
    return definition.scope is Scope.SET


CASE_MISMATCH = Rule(
    name="case-mismatch",
    severity=Severity.NOTE,
    summary="A defined term in small letters.",
    why=(
        "In small letters the words have their ordinary meaning, which may not be the agreed one. Often the "
        "ordinary one is "
        "meant, so this is a note."
    ),
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


# The beginning of a cell, a line, a quotation, or an item that is typed in running text.
_BEGINS_ITEM = re.compile(r"(?:\A|[\n*•;:“\"„«–—-]|\d[\d.]*[ \t\u00a0])[ \t\u00a0]*\Z")
_COMPANY = re.compile(
    r",?\s+(?:LLC|Inc|Ltd|Limited|GmbH|AG|Corp|Corporation|Company|Co|LP|LLP|PLC|S\.|B\.V|N\.V|Pty|Pte|SE|SAS)\b"
)
# "ISO 21188:2006, Public key infrastructure for financial services": the title of a standard.
_STANDARD = re.compile(r"\b(?:ISO|IEC|IEEE|ETSI|NIST|FIPS|ITU-T|RFC)[\w/ :.-]*\d[\w:.-]*,\s*\Z")
_SMALL_FIRST = re.compile(r"\A(?:[a-zà-ÿ][\w’'-]*\s+)+")
_CAPITAL_AFTER = re.compile(r"[ \n\u00a0-]+[A-Z]")


def _check_term_variant(subject: Subject) -> Iterator[Finding]:
    """Each other spelling of a term than the defined one, unless all in small letters, and each with one slip."""
    every = {key(name) for one in subject.binding.definitions for name in one.names}
    every |= {form for name in every for form in forms(name)}
    for found in (*variants(subject), *other_spellings(subject)):
        # "any other Lender" is a Lender, and not the “Other Lender”.
        # In "mobile device ID" only the abbreviation has capitals.
        rest = _SMALL_FIRST.sub("", found.words)
        if rest in every or (rest != found.words and _ACRONYM.match(rest)):
            continue
        if found.words != found.words.lower() and not _is_other_name(found) and not _is_small_at_start(found):
            message = f"the defined term is “{_defined_name(found)}”, not “{found.words}”"
            yield found.passage.finding(found.start, message, text=found.words, fix=found.form)
    for slip in (one for one in misspelled(subject) if one.words not in spelled_otherwise(one.form)):
        message = f"the defined term is “{slip.form}”, not “{slip.words}”"
        yield slip.passage.finding(slip.start, message, text=slip.words, fix=slip.form)


def _defined_name(found: Variant) -> str:
    """The name of the definition of which the words are a form."""
    names = found.definition.names
    return next((name for name in names if found.form in (key(name), *forms(key(name)))), found.definition.term)


def _is_small_at_start(found: Variant) -> bool:
    """Whether words have one capital only because they begin a sentence or a heading."""
    text, start = found.passage.text, found.start
    begins = begins_sentence(text, start) or _BEGINS_ITEM.search(text, max(0, start - 12), start)
    return bool(begins) and found.words[1:] == found.words[1:].lower()


def _is_other_name(found: Variant) -> bool:
    """Whether the words are part of another name, of a company or a longer one, or only have more capitals than the
    one word of the term: Sub-Processor.
    """
    text = found.passage.text
    if " " not in found.form and found.words.lower() == found.form.lower():
        return True
    if _STANDARD.search(text, max(0, found.start - 60), found.start):
        return True
    if _COMPANY.match(text, found.end) or _DIFFERENT.search(text, max(0, found.start - 24), found.start):
        return True
    if " " not in found.words and "-" not in found.words and found.words[1:] != found.words[1:].lower():
        # OpenRouter can only be a spelling of Open Router; CertificatePolicies and keyUsage are names of fields.
        plural = found.form not in map(key, found.definition.names)
        field = plural or found.form.count(" ") > 1 or found.passage.clause.kind is ClauseKind.CELL
        return " " in found.form and (found.words[0].islower() or field)
    return bool(_CAPITAL_AFTER.match(text, found.end) or _in_name(text, found.start))


def _in_name(text: str, start: int) -> bool:
    """Whether a capitalised word that does not begin a sentence is right before the words."""
    before = re.search(r"(\S*)[ \n\u00a0]+[“\"‘]?([A-Z][\w’'&-]*)[ \n\u00a0]+\Z", text[max(0, start - 80) : start])
    return bool(before and before[1] and before[1][-1] not in '.?!:;)“"' and not before[2].endswith(("’s", "'s", "’")))


TERM_VARIANT = Rule(
    name="term-variant",
    severity=Severity.WARNING,
    summary="A defined term with other capitals, hyphens, spaces or spelling (-ise, -ize), or with one wrong letter.",
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
_GERUND = re.compile(r"[a-z]{3}ing\Z")
_LIKENESS = 0.86
_MOST_WORDS = 4
_FEWEST_PLACES, _FEWEST_CERTAIN = 2, 3
# The last words of names of what a firm keeps or offers, where the text names it once: "its Quality Management System",
# "our Design Service".
_KEPT_THINGS: Final = frozenset(words("plan procedure register system process service"))


def _check_undefined_term(subject: Subject) -> Iterator[Finding]:
    """Each phrase that is capitalised like a term and not defined, once, at its first place.

    Names have capitals too. So a phrase counts only if it is used twice, mostly with a determiner ("the Service Data"),
    if its words are ordinary words or it is used five times with an article, and if its last word names no document,
    law, body or part of a screen.
    One use is enough if each of several words is a noun that contracts often define, if the last one is and a
    determiner is before them, or if such a noun follows the possessive of another term. Abbreviations do not count.
    Documents in other languages than English are not judged.
    """
    found: dict[str, list[Capitals]] = defaultdict(list)
    elsewhere = {
        reading.document.id
        for reading in subject.readings
        if rows_of(subject, reading, "elsewhere", "", partial(defined_elsewhere, reading))
        or not is_in_english(reading.document)
    }
    for one in capitals(subject):
        if one.passage.document.id not in elsewhere:
            found[_singular(one.words)].append(one)
    names = [name for definition in subject.binding.definitions for name in definition.names]
    joined = {squeezed(words) for name in names for words in (name, *spelled_otherwise(name))}
    known = ordinary_words(subject)
    for phrase, places in found.items():
        # Other capitals, hyphens or spaces of a defined term are for `term-variant`.
        # So are “Virtual Goods”, of which the words are the singular.
        if joined.isdisjoint((squeezed(phrase), f"{squeezed(phrase)}s")) and _is_term(phrase, places, known):
            yield _undefined_finding(phrase, places, names)


def _formerly_undefined(subject: Subject) -> Iterator[Finding]:
    """All capitalised words that are not defined; version 0.1 found many of them."""
    for one in capitals(subject):
        yield one.passage.finding(one.start, "", text=_singular(one.words))


def _singular(phrase: str) -> str:
    return phrase[:-1] if phrase.endswith("s") and not phrase.endswith("ss") else phrase


def _is_term(phrase: str, places: Sequence[Capitals], known: frozenset[str]) -> bool:
    parts = [_singular(part.lower()) for part in phrase.split()]
    if len(parts) > _MOST_WORDS or "and" in parts or any(map(_ACRONYM.match, phrase.split())):
        return False
    # A brand is not an ordinary word; it seldom has an article.
    ordinary = all(part in known or _GERUND.search(part) or part == "of" for part in parts)
    if names_thing(parts) or not (ordinary or has_articles(places)):
        return False
    if len(places) < _FEWEST_PLACES and len(parts) > 1 and parts[-1] in _KEPT_THINGS:
        return False
    if "for" in parts or "in" in parts:
        return False  # two names: the Customer for the Service
    if any(one.stated for one in places):
        return False  # "the Effective Date of this Agreement shall be 1 January": the sentence says what it is
    free = [one for one in places if not one.named]
    if NOUNS.issuperset(parts) and (len(parts) > 1 or any(one.of_term for one in free)):
        return bool(free)
    determined = [one for one in free if one.determined]
    if len(parts) > 1 and parts[-1] in NOUNS and any(not one.denied for one in determined):
        return True
    return len(determined) >= _FEWEST_PLACES and 2 * len(determined) >= len(places)


def _undefined_finding(words: str, places: Sequence[Capitals], names: Sequence[str]) -> Finding:
    first = places[0]
    uses = f" ({len(places)} uses)" if len(places) > 1 else ""
    close = get_close_matches(first.words, names, n=1, cutoff=_LIKENESS)
    suggestion = f"; did you mean “{close[0]}”?" if close and not are_opposites(first.words, close[0]) else ""
    message = f"“{first.words}” is capitalised like a defined term but is not defined{uses}{suggestion}"
    # A name with few uses may be that of a thing. No fix: only the author knows whether another thing is meant.
    severity = Severity.NOTE if len(places) < _FEWEST_CERTAIN else None
    return first.passage.finding(first.start, message, text=words, severity=severity)


UNDEFINED_TERM = Rule(
    name="undefined-term",
    severity=Severity.WARNING,
    summary=(
        "Words that are capitalised like defined terms but are not defined; a note below three uses. Words that occur "
        "once are found only if contracts often define them, such as “Confidential Information”."
    ),
    why="Capitals promise a definition; without one, each party will use its own.",
    bad="# Terms\n\nCustomer keeps the Service Data for a year. Nobody may copy the Service Data.",
    good="# Terms\n\nCustomer keeps the data of the service for a year. The Privacy Act of 1974 applies.",
    check=_check_undefined_term,
    formerly=_formerly_undefined,
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
