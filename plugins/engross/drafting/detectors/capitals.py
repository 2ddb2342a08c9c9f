"""Finds capitalised words within sentences that are no definition, use, reference or link."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from hashlib import sha256
from itertools import accumulate, chain

import engross.common.lazy_re as re
from engross.common import value_class
from engross.drafting.detectors.known_names import known_names
from engross.drafting.kept_findings import Row, rows_of_binding, words_of_documents
from engross.drafting.subject import Passage, Reading, Subject
from engross.language import NOUNS, begins_sentence, is_name, key
from engross.model import ClauseKind, MarkKind
from engross.terms import PRONOUNS

_ENOUGH = 600
_FEWEST_SMALL = 2
_MOST_BOLD = 4
_CONNECTORS = frozenset({"of", "and", "or", "for", "the", "in", "to", "a", "an", "on", "by", "with"})
# The pattern begins with the capital, so that the search can skip from capital to capital.
_PHRASE = re.compile(
    r"[A-Z](?<![\w’'.@/#$€£-].)[\w’'-]*"
    r"(?:(?:[ \n\u00a0]|[ \n\u00a0](?:of|and|for|in)[ \n\u00a0](?:the[ \n\u00a0])?)[A-Z][\w’'-]*)*"
)
_SMALL_WORD = re.compile(r"(?<![\w/.@-])[a-z]{3,}(?![\w@]|\.\w)")
# "The Service Data …" at the beginning of a sentence: the article has a capital too, and the term follows.
_BEGINS = re.compile(
    r"(?:The|Any|Each|Every|All|Such|No|An?|Our|Your|Its|Their|These|Those|Other|Certain)[ \n\u00a0]+(?=[A-Z])"
)
_POSSESSIVE = re.compile(r"[’']s?\Z")
_DETERMINED = re.compile(
    r"(?:\b(?:the|an?|any|each|every|all|such|this|that|these|those|no|either|both|applicable|relevant|other|another|additional"
    r"|certain|said|new|more|its|their|our|your|his|her|own)|\w[’']s|s[’'])[ \n\u00a0]+\Z",
    re.IGNORECASE,
)
_OWNED = re.compile(r"(?:\w[’']s|s[’']|\b(?:its|their|your|our|own))[ \n\u00a0]+\Z", re.IGNORECASE)
_NOT_TEXT = frozenset({MarkKind.CODE, MarkKind.IMAGE, MarkKind.LINK, MarkKind.ADDRESS, MarkKind.STRONG, MarkKind.BREAK})
# A name that an abbreviation or a defined term follows: International Traffic in Arms Regulations (“ITAR”).
_ABBREVIATED = re.compile(
    r"[ \n\u00a0]\((?:(?:the |an? |collectively,? |together,? )*[“\"„«A-Z]|as defined)"
    r"|,?[ \n\u00a0]as[ \n\u00a0]defined"
)
# Words after a proper name that say what kind of thing it names: "the Manage Booking service", "the Tax authority".
_NAMED = re.compile(
    r"[ \n\u00a0](?:accounts?|apps?|applications?|area|authorit(?:y|ies)|badge|block|box|button|categor(?:y|ies)"
    r"|chapter|clauses?|collection|community|contributions?|department|devices?|email|family|features?|fields?|files?|filter|folders?|form|framework"
    r"|functions?|icon|initiative|librar(?:y|ies)|link|list|menu|mode|network|numbers?|option|pages?|panel|paragraph|payments?|platform|plug-?in"
    r"|podcast|polic(?:y|ies)|portal|procedures?|products?|programme?|projects?|provisions?|roles?|screen|sdk|sections?|services?|settings?|sites?|software|standards?"
    r"|store|tab|team|trusted|technolog(?:y|ies)|tools?|users?|websites?|widgets?|window)\b"
    r"|[ \n\u00a0]to[ \n\u00a0][A-Z]"
)
_SIGN = re.compile(r"[®™©]")
_OF_TERM = re.compile(r"\b[A-Z][\w-]*(?:[’']s|s[’'])[ \n\u00a0]+\Z")
# "Performance of a Contract": the last part of a longer name.
_PART_OF_NAME = re.compile(r"(?<![\w-])[A-Z][a-z]+[ \n\u00a0]of[ \n\u00a0]an?[ \n\u00a0]+\Z")
_NEXT_SMALL = re.compile(r"[ \n\u00a0]([a-z]{3,})(?![\w-])")
# "the Nomination, Campaign and Voting Periods": the noun is at the end.
_SHARED_NOUN = re.compile(
    r"(?:,[ \n][A-Z][\w’-]*){0,4},?[ \n](?:and|or|and/or)[ \n][A-Z][\w’-]*[ \n]([A-Z][\w’-]*)(?![ \n][A-Z])"
)
_WORDS_BEFORE, _LONGEST_BEFORE, _FEWEST_OFTEN = 3, 40, 5
_ENDS = re.compile(r"[.,;)]|[ \n]\(")
# "you, the Licensee, may …", "the date of payment will be the Activation Date."
_STATES_BEFORE = re.compile(
    r"\b(?:[Yy]ou|[Ww]e|us|me|I),[ \n]the[ \n]\Z"
    r"|\b(?:will|shall|would)[ \n]be[ \n](?:deemed[ \n]|considered[ \n])?the[ \n]\Z"
)
_NONE = re.compile(r"\bno[ \n\u00a0]+\Z", re.IGNORECASE)
_STATES = re.compile(
    r"(?:\s+(?:of|under|for|in)\s+this\s+[A-Z]\w+)?\s+(?:shall|will)\s+(?:initially\s+)?(?:be\s+(?:the\b|an?\b|[A-Z\d])|mean\b)"
    # "the Base Salary described in Section 3", "the Services set forth in the Order Form"
    r"|,?\s+(?:described|specified|identified|established|set\s+(?:forth|out)|provided\s+for|referred\s+to)\s+(?:in|on|by|under|above|below)\b"
    r"|,\s+(?:namely|i\.e\.|that\s+is|being)\b|—(?!incl)[a-z]+\s+that\b"
    # “The Minimum Age is (i) sixteen in …”, “The Closing Date is the date on which …”
    r"|\s+(?:is|are)(?::|\s+(?:\((?:i|a|1)\)|\d|defined\b|(?:the|any|each)\s+(?:date|day|period|time|amount|sum|number"
    r"|percentage|rate|price|place|person)s?\b))"
)
_VERSION = re.compile(r",[ \n\u00a0](?:Version|Revision)[ \n\u00a0]\d")
_STEP, _STEPS = re.compile(r"[ \n\u00a0]*[>→›]"), (">", "→", "›")
_INITIAL = re.compile(r"\.[A-Z]")
_BULLET = re.compile(r"[*•·–-][ \n\u00a0]*\Z")
# "Separation from Service", "Program for Women": a part of a longer name.
_LONGER_NAME = re.compile(r"[ \n\u00a0](?:from|for|at)[ \n\u00a0][A-Z][a-z]")
_JOINED = re.compile(r"[ \n]?&[ \n]|/[A-Z]")
_OPENING = '“"„«‘'
_CLOSES = re.compile('[”»"“]')
_NO_WORDS_AFTER = tuple('“"„«‘[{<')


@value_class(frozen=True, slots=True)
class Capitals:
    """Capitalised words.

    `determined`: a determiner is before them; `owned`: a possessive is before them; `has_term`: one of the words is a
    defined term ("Service Data"); `named`: the word after them says what they name ("the Manage Booking service");
    `of_term`: a possessive of another term is before them ("Customer’s Account"); `denied`: "no" is before them;
    `stated`: the sentence says what they are ("the Effective Date shall be the 1st").
    """

    passage: Passage
    start: int
    words: str
    determined: bool
    owned: bool
    has_term: bool
    named: bool
    of_term: bool
    denied: bool
    stated: bool


def capitals(subject: Subject) -> Iterator[Capitals]:
    """Find capitalised words that could be terms, in the order of the text."""
    known = known_names(subject)
    names = "\n".join(sorted(known)) if subject.binding.keys else ""
    asked = sha256(names.encode(errors="surrogatepass")).hexdigest()
    for reading in subject.readings:
        find = partial(_rows_in, subject, reading, known)
        for index, *found in rows_of_binding(subject, reading, "capitals", asked, find):
            yield Capitals(reading.passage(index), *found)


def _rows_in(subject: Subject, reading: Reading, known: frozenset[str]) -> list[Row]:
    """The capitalised words of a document, each as the index of its passage and the other fields of `Capitals`."""
    bound = _bound_spans(subject, reading.document.id)
    return [
        [
            *(passage.index, one.start, one.words, one.determined, one.owned, one.has_term, one.named),
            *(one.of_term, one.denied, one.stated),
        ]
        for passage in reading.running
        for one in _in_passage(passage, bound, known)
    ]


def _in_passage(passage: Passage, bound: _SpansOf, known: frozenset[str]) -> Iterator[Capitals]:
    spans = _Spans(bound.get(passage.index, ()))
    for found in _PHRASE.finditer(passage.text):
        yield from _candidate(passage, found, spans, known) if found[0] not in known else ()


def ordinary_words(subject: Subject) -> frozenset[str]:
    """Ordinary words, without a plural s: those that the text writes in small letters, and the nouns of contracts."""
    found = words_of_documents(subject, "small", _small_words_in)
    return frozenset(word[:-1] if word.endswith("s") and not word.endswith("ss") else word for word in found | NOUNS)


def _small_words_in(reading: Reading) -> list[str]:
    # The pattern never looks past white space, so each distinct piece is searched once.
    pieces = {piece for passage in reading.running for piece in passage.text.split()}
    found: list[str] = _SMALL_WORD.findall("\n".join(pieces))
    return found


_SpansOf = Mapping[int, Sequence[tuple[int, int]]]
"""Spans by the index of their passage in a document."""


def _bound_spans(subject: Subject, document: str) -> _SpansOf:
    """The spans of a document that are uses, references or definitions."""
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    places = chain(
        (place for _, _, make in subject.binding.used_in.get(document, ()) for place in make()),
        (reference.place for reference in subject.references_in.get(document, ())),
        (definition.place for _, definition in subject.defined_in.get(document, ())),
    )
    for place in places:
        found[place.clause].append((place.start, place.end))
    return found


class _Spans:
    """Spans of a text, to look up for each of its phrases."""

    def __init__(self, spans: Sequence[tuple[int, int]]) -> None:
        ordered = sorted(spans)
        self._starts = [start for start, _ in ordered]
        self._reach = list(accumulate((end for _, end in ordered), max))

    def reached(self, start: int, end: int) -> int:
        """Return the greatest end of the spans that overlap with `start` to `end`; 0 if none does."""
        before = bisect_left(self._starts, end)
        reach = self._reach[before - 1] if before else 0
        return reach if reach > start else 0


def _candidate(passage: Passage, found: re.Match[str], spans: _Spans, known: frozenset[str]) -> Iterator[Capitals]:
    start, end = found.span()
    article = _BEGINS.match(passage.text, start, end)
    if article and begins_sentence(passage.text, start):
        start = article.end()
    if spans.reached(start, end) or _is_marked_off(passage, start, end):
        # The words after a bound span may be a term of their own.
        yield from _remainder(passage, start, end, spans, known)
        return
    yield from _if_candidate(passage, start, end, known)


def _remainder(passage: Passage, start: int, end: int, spans: _Spans, known: frozenset[str]) -> Iterator[Capitals]:
    """The words after the last bound span in a phrase ("Account" in "Customer’s Account")."""
    reached = spans.reached(start, end) or end
    after = re.match(r"[’']s?[ \n\u00a0]+(?=[A-Z])", passage.text[reached:end])
    if after and not _is_marked_off(passage, reached, end):
        yield from _if_candidate(passage, reached + after.end(), end, known)


def _if_candidate(passage: Passage, start: int, end: int, known: frozenset[str]) -> Iterator[Capitals]:
    text = passage.text
    words = _POSSESSIVE.sub("", text[start:end])
    parts = words.split()
    if not parts or not PRONOUNS.isdisjoint(parts) or text[max(0, start - 1) : start] in _NO_WORDS_AFTER:
        return
    if _JOINED.match(text, end) or text[max(0, start - 2) : start] == "& ":
        return  # a part of a longer name: "Products & Services", "Delivery/Pickup Area"
    if begins_sentence(text, start) or _BULLET.search(text, max(0, start - 4), start) or not _is_prose(passage):
        return
    if (
        _is_known(parts, known)
        or is_name(parts, text[end : end + 12])
        or "".join(part[0] for part in parts if part[0].isupper()) in known  # a defined abbreviation has this long form
        or _INITIAL.match(text, end)
        or _ABBREVIATED.match(text, end)
        or _VERSION.match(text, end)
        or _is_in_path(text, start, end)
        or _is_within_known(words, text, start, end, known)
        or (text[start - 1 : start] == "\n" and text[end : end + 1] == "\n")  # a line of a list in a cell
    ):
        return
    if len(parts) == 1 and _LONGER_NAME.match(text, end):
        return
    before = text[max(0, start - 24) : start]
    has_term = any(_POSSESSIVE.sub("", part) in known for part in parts)
    determined, owned = bool(_DETERMINED.search(before)), bool(_OWNED.search(before))
    named = bool(_NAMED.match(text, end) or _PART_OF_NAME.search(text, max(0, start - 40), start))
    shown = " ".join(parts)
    of_term = bool(_OF_TERM.search(text, max(0, start - 40), start))
    denied, stated = bool(_NONE.search(text, 0, start)), _is_stated(text, start, start + len(shown))
    yield Capitals(passage, start, shown, determined, owned, has_term, named, of_term, denied, stated)


def _is_stated(text: str, start: int, end: int) -> bool:
    if _STATES.match(text, end):
        return True
    return _ENDS.match(text, end) is not None and _STATES_BEFORE.search(text, max(0, start - 24), start) is not None


def _is_within_known(words: str, text: str, start: int, end: int, known: frozenset[str]) -> bool:
    """Whether words with the next or the previous ones are a known name: "the Cooling Off period", which `term-variant`
    reports, "Content of your Messages".
    """
    following = _NEXT_SMALL.match(text, end)
    if following is not None and key(f"{words} {following[1].capitalize()}") in known:
        return True
    shared = _SHARED_NOUN.match(text, end)
    if shared is not None and not {
        key(f"{words} {noun}") for noun in (shared[1], shared[1].removesuffix("s"))
    }.isdisjoint(known):
        return True
    before = text[max(0, start - _LONGEST_BEFORE) : start].split()[-_WORDS_BEFORE:]
    return any(key(" ".join((*before[at:], words))) in known for at in range(len(before)))


def _is_in_path(text: str, start: int, end: int) -> bool:
    """Whether words are a step of a path through menus: "Settings > Privacy > Location Services"."""
    return bool(_STEP.match(text, end)) or text[max(0, start - 3) : start].rstrip()[-1:] in _STEPS


def _is_known(parts: Sequence[str], known: frozenset[str]) -> bool:
    """Whether words are a sequence of known names, with small words between them."""
    reach = {0}
    for at in range(len(parts)):
        if at not in reach:
            continue
        if parts[at] in ("of", "and", "for", "in", "the"):
            reach.add(at + 1)
        for end in range(at + 1, len(parts) + 1):
            if key(_POSSESSIVE.sub("", " ".join(parts[at:end]))) in known:
                reach.add(end)
    return len(parts) in reach


def _is_marked_off(passage: Passage, start: int, end: int) -> bool:
    """Whether words are in a link, in code, in the run-in heading, or in quotation marks."""
    inline = passage.clause.inline
    if any(mark.start < end and start < mark.end for mark in inline.marks if mark.kind in _NOT_TEXT):
        return True
    left, right = passage.lead
    if left < end and start < right:
        return True
    opened = max(passage.text.rfind(mark, 0, start) for mark in _OPENING[:4])
    if opened < 0 or _CLOSES.search(passage.text, opened + 1, start):
        return False
    # A mark that never closes quotes nothing: the missing mark is for `unpaired-quote`.
    return _CLOSES.search(passage.text, end) is not None


def _is_prose(passage: Passage) -> bool:
    """Whether a passage is a sentence, not a title, list of names or signature line."""
    if passage.in_capitals:
        return False
    words = passage.text[:_ENOUGH].split()
    if passage.clause.kind is ClauseKind.CELL and len(words) < 6:
        return False
    small = len([word for word in words if "a" <= word[0] <= "z" and word not in _CONNECTORS])
    return small >= _FEWEST_SMALL and 5 * small >= len(words)


def has_articles(places: Sequence[Capitals]) -> bool:
    """Return whether words are used often and nearly always with an article, as one thing among others: no brand is."""
    plain = sum(one.determined and not (one.owned or one.named) for one in places)
    return len(places) >= _FEWEST_OFTEN and 5 * plain >= 4 * len(places)
