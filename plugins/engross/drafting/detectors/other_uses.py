"""Finds where a definition without uses is used after all, in a form that does not link, or needs no use."""

from __future__ import annotations

from functools import partial
from itertools import islice

import engross.common.lazy_re as re
from engross.common import value_class
from engross.drafting.detectors.use_counts import READING_WORDS
from engross.drafting.kept_findings import Row, rows_of, rows_of_binding
from engross.drafting.subject import Passage, Reading, Subject
from engross.language import forms, key
from engross.model import Definition, Given
from engross.terms import PRONOUNS, grammar_of

_LONGEST_TERM = 6
_TITLE_OF_SECTION = re.compile(
    r"(?:(?:\b(?:sections?|clauses?|articles?|paragraphs?)|§+|,|and)\s*\d[\d.]*|\b(?:sections?|clauses?|articles?|paragraphs?|parts?)\s+[IVXLC]+)"
    r"(?:\s+of\s+(?:this|these|the|our)\s+[A-Z]\w+)?\s*\W{1,4}\Z",
    re.IGNORECASE,
)
_SIGN = re.compile(r"[®™©]")
_SENTENCE_END = re.compile(r"[.;?!][”\"»)]*\s+(?=\S)")
_OR_NAME = re.compile(r"[”\"»*]*\s*\((?:or|also)\s+(?:the\s+)?[“\"]?([A-Z][\w’'-]*(?:\s+[A-Z][\w’'-]*){0,4})[”\"]?\)")
_OF_A_PARTY = re.compile(
    r"[”\"’*_\s]*(?:means?|is|shall be),?\s+(?:with respect to|in relation to|in respect of|as to)\s"
)
_FULL_STOP = re.compile(r"\s*[.:]\s+[A-Z“]")
_DEFINITIONS = re.compile(r"defin|interpret|glossar|terms|begriff|définit|defini", re.IGNORECASE)
# “Quorum for Student Senate is defined as …” defines a quorum, and a notice states that it is a “Notice of Default”.
_OF_ONE = re.compile(r"[A-Z][\w’'-]*\s+(?:for|at|in)\s+.*")
_STATES_ITSELF = re.compile(
    r"\b(?:stat(?:e|es|ing)|indicat(?:e|es|ing)|legend|marked)\b[^.;]{0,60}\b(?:is|as)\s+an?\s+[“\"]?\Z", re.IGNORECASE
)
_CALLED = re.compile(r"\b(?:known as|called|named|labell?ed|entitled|titled|so-called)\b[^.;]{0,12}\Z", re.IGNORECASE)
# “3.1 Milestone 6 (Go-Live)”: the title of what has the number.
_TITLE_OF_NUMBER = re.compile(r"\b[A-Z][a-z]+\s+(?:\d[\d.]*|[IVXLC]+)\s*\W?\(\Z")
# as the “Data that we keep” section says; Notice: [ ] yes [ ] no; Term: {term}; “Taxed” shall be construed accordingly
_NAMES_A_PART = re.compile(r"[”\"»’\])*_]*\s+(?:sections?|clauses?|paragraphs?|chapters?|headings?|pages?|tabs?)\b")
_BLANK_VALUE = re.compile(r"[”\"*_\s]*:?\s*[*_]*(?:\[[ xX_]*\]|\{|\[\[|_{3,})")
_ACCORDINGLY = re.compile(
    r"[”\"’*_\s]*(?:(?:shall|will|is|are)\s+(?:to\s+)?(?:be\s+)?(?:construed|interpreted|read)\s+accordingly"
    r"|(?:shall\s+)?ha(?:s|ve)\s+(?:a\s+)?(?:corresponding|correlative|cognate|similar)\s+meanings?)\b"
)
_SMALL = frozenset({"OF", "AND", "OR", "THE", "FOR", "TO", "IN", "ON", "BY", "WITH", "AT", "FROM", "A", "AN"})
_ABBREVIATION = re.compile(r"[^\W\d_]*[A-Z][^\W\d_]{0,4}[A-Z][^\W\d_]{0,2}(?:[/&-][A-Z]{2,6})?")
_EXPLAINS = re.compile(r"[”\"*_]*,?\s+which\s+means?\b")
_QUOTES = tuple("“”\"„«»‘’'")
_IN_BRACKET = re.compile(r"\([^()]*\Z")
# “OCI” means an “Open Client Interface”; MSN (“Mobile Station Number”)
_SPELT_OUT = re.compile(r"[”\"*_]\s+(?:means?|refers\s+to)\s+(?:an?\s+|the\s+)?\W{1,4}\Z|\b[A-Z]{2,}\s+\(\W*\Z")
_SHORT_AFTER = re.compile(r"[”\"»*_\s]*(?:\(|\bor\s+)[“\"«*_\s]*([A-Z][A-Z&-]{1,7})s?\b")
_BRACKET = re.compile(r"\w[’'\w).,]*\s\(\W*\Z")


@value_class(frozen=True, slots=True)
class OtherUse:
    """What is known of a definition without uses.

    `known`: it is used in another form, or nothing needs to use it; `small`: the words in small letters that its
    paragraph or a text in another language has on `line`; `abbreviates`: it is a bracket with an abbreviation.
    """

    known: bool
    small: str = ""
    line: int = 0
    abbreviates: bool = False


def other_use(subject: Subject, definition: Definition) -> OtherUse:
    """Return how a definition without uses is used after all."""
    if all("(" in name for name in definition.names):
        return OtherUse(known=True)  # "Client(s)" is used without its brackets
    if all(name.lower() in READING_WORDS for name in definition.names):
        return OtherUse(known=True)
    reading, place = subject.by_document.get(definition.place.document), definition.place
    if reading is None:
        return OtherUse(known=False)

    def find() -> list[Row]:
        passage = reading.passage(place.clause)
        known = _only_mentions(passage, definition) or _is_written_otherwise(reading, definition)
        other = _OR_NAME.match(passage.text, place.end) or _SHORT_AFTER.match(passage.text, place.end)
        return [
            [
                known,
                other[1] if other else "",
                *_in_small_letters(reading, passage, definition),
                _abbreviates(passage, definition),
            ]
        ]

    [(known, other, small, line, abbreviates)] = rows_of_binding(
        subject, reading, "other use", f"{place.clause} {place.start}", find
    )
    known = known or (bool(other) and _has_other_name(subject, definition, other))
    return OtherUse(known, small, line, abbreviates)


def _abbreviates(passage: Passage, definition: Definition) -> bool:
    """Whether a definition only adds the abbreviation of a name in brackets: Transport Layer Security (“TLS”)."""
    before = passage.text[max(0, definition.place.start - 40) : definition.place.start]
    short = all(_ABBREVIATION.fullmatch(name) for name in definition.names)
    return short and definition.given is Given.RUNNING and _BRACKET.search(before) is not None


def _in_small_letters(reading: Reading, passage: Passage, definition: Definition) -> tuple[str, int]:
    """The first place where a term is written in small letters before its definition in the same paragraph, or in
    another language anywhere: its words, and its line. What a definition in brackets repeats is no use of it.
    """
    english, start = grammar_of(reading.document).is_english, definition.place.start
    names = [form for name in definition.names for form in (name, *forms(key(name)))]
    names = [re.escape(name.lower()) for name in names if name != name.lower() and not name.isupper()]
    own = () if _IN_BRACKET.search(passage.text, 0, start) else (passage,)
    # A heading of a glossary has a capital as every sentence does: “**Cookies:** small files …”.
    label = definition.given is Given.LISTED and passage.text[max(0, start - 1) : start + 1][:1] not in _QUOTES
    others = () if english and not label else (one for one in reading.running if one.index != passage.index)
    pattern = re.compile(rf"(?<![\w-])(?:{'|'.join(names)})(?![\w-])")
    for one in (*own, *others) if names else ():
        found = pattern.search(one.text, 0, start if one is passage else len(one.text))
        if found:
            return found[0], one.finding(found.start(), "").line
    return "", 0


def _is_written_otherwise(reading: Reading, definition: Definition) -> bool:
    """Whether another clause writes a term in a form that does not link.

    BOARD DISPUTE is Board Dispute there; a name with the sign of a trade mark lacks it; a name is part of a reference
    (“Clauses 8.9”); a verb has an ending (“Beneficially Owned”); a name in which only the first word has a capital has
    none within a sentence, and other languages write later words with or without capitals.
    """
    names = definition.names
    written = [_SIGN.sub("", name) for name in names if _SIGN.search(name)]
    written += [f"{name}s" for name in names if name.endswith(("sh", "ch"))]  # SuperCrushs
    patterns = [rf"\b{re.escape(name)}(?:s|es)?\b" for name in written]
    patterns += [_in_title_case(name) for name in names if name.isupper()]
    patterns += [rf"\b{re.escape(name)}(?:e?d|ing)\b" for name in names if " " in name]
    patterns += [rf"\b{_spaced(name)}\b" for name in names if definition.scope_anchors and " " in name]
    patterns += [rf"\b{re.escape(name)}(?=\s\d)" for name in names]
    patterns += [rf"\b{_spaced(name)}\b" for name in names if any(map(str.isdigit, name))]
    patterns += [rf"\b(?i:{_spaced(name)})(?:s|es)?\b" for name in names if _is_in_sentence_case(name)]
    if not grammar_of(reading.document).is_english:
        patterns += [rf"\b{name[0]}(?i:{re.escape(name[1:])})(?:s|es)?\b" for name in names if " " in name]
    pattern = re.compile("|".join(patterns))
    return any(pattern.search(one.text) for one in reading.running if one.index != definition.place.clause)


def _in_title_case(name: str) -> str:
    """The pattern of a name in capitals where it is written in title case, with or without its abbreviations."""
    words = r"\s+".join(
        rf"(?:(?=[A-Z\d])(?i:{re.escape(word)})|{re.escape(word.lower()) if word in _SMALL else '(?!)'})"
        for word in name.split()
    )
    return rf"\b(?!{_spaced(name)}\b){words}(?:s|es|S|ES)?\b"


def _spaced(name: str) -> str:
    return r"\s+".join(map(re.escape, name.split()))


def _is_in_sentence_case(name: str) -> bool:
    """Whether only the first of several words has a capital, which may be that of a sentence."""
    return " " in name and name[:1].isupper() and name[1:] == name[1:].lower()


def _only_mentions(passage: Passage, definition: Definition) -> bool:
    """Whether quoted words are a name that something has elsewhere (“known as the “right to erasure””), and no term."""
    if _is_used_after_it(passage, definition):
        return True
    after = (_OF_A_PARTY, _EXPLAINS, _NAMES_A_PART, _BLANK_VALUE, _ACCORDINGLY)
    if any(one.match(passage.text, definition.place.end) for one in after):
        return True  # a schedule states what the terms of another text mean for a party; a form has a field
    before = passage.text[max(0, definition.place.start - 60) : definition.place.start]
    if _TITLE_OF_NUMBER.search(before) or (" " in definition.term and _SPELT_OUT.search(before)):
        return True
    if _STATES_ITSELF.search(before) or _OF_ONE.fullmatch(definition.term):
        return True
    if definition.given is Given.LISTED:
        return _is_lead_in(passage, definition)
    if len(definition.term.split()) > _LONGEST_TERM or definition.term[:1].islower():
        return True
    return bool(_CALLED.search(before) or _TITLE_OF_SECTION.search(before))


def _is_used_after_it(passage: Passage, definition: Definition) -> bool:
    """Whether a later sentence of the paragraph writes the term as defined, in a form that does not link."""
    ends = _SENTENCE_END.search(passage.text, definition.place.end)
    names = [re.escape(name) for name in definition.names if name != name.lower() and name not in PRONOUNS]
    if ends is None or not names:
        return False
    return re.search(rf"(?<![\w“\"«„]){'|'.join(names)}(?!\w)", passage.text[ends.end() :]) is not None


def _has_other_name(subject: Subject, definition: Definition, other: str) -> bool:
    """Whether the text uses the name that follows in brackets: "Processor (or Service Provider) means"."""
    name, place = re.compile(rf"(?<!\w){re.escape(other)}(?:s|es)?(?!\w)"), definition.place

    def written(reading: Reading) -> list[Row]:
        return [[one.index] for one in islice((one for one in reading.running if name.search(one.text)), 2)]

    return any(
        (reading.document.id, index) != (place.document, place.clause)
        for reading in subject.readings
        for (index,) in rows_of(subject, reading, "other name", other, partial(written, reading))
    )


def _is_lead_in(passage: Passage, definition: Definition) -> bool:
    """Whether a bold title outside a section of definitions is that of a clause or a row: “5. **Fines**. A party …”."""
    titled = passage.clause.number or passage.clause.marker or passage.text[definition.place.end :][:1] == ":"
    if not titled or not _FULL_STOP.match(passage.text, definition.place.end):
        return False
    return not _DEFINITIONS.search(passage.section.name)
