"""Indexes the headings of an edition by name and path, and decides whether a sentence uses such a name as a reference.

A name is a reference only with its capitals and in a suitable sentence. The evidence needed depends on the name. A name
of several capitalised words needs none, unless defined terms make it up or an article precedes it ("the Governing
Law"). Other names need a cue ("subject to Restrictions"). A name that is also a term needs an unambiguous cue ("section
Software", "Restrictions (h)").
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import engross.common.lazy_re as re
from engross.common import lazy_value, value_class
from engross.language import after_number, begins_sentence, is_title, key, wordlist
from engross.model import Clause, ClauseKind
from engross.terms.instruments import titles
from engross.terms.name_patterns import compile_names
from engross.terms.passages import Outline, Passage
from engross.terms.vocabulary import Vocabulary

_POINTING = re.compile(
    r"(?:\b(?:stated|set\s+(?:forth|out|down)|described|provided|specified|defined|listed|detailed|given|contained|found"
    r"|mentioned|referred\s+to|outlined|addressed|except\s+as|as)\s+(?:in|under|by|at)|\bsee(?:\s+also)?|\bpursuant\s+to"
    r"|\bnotwithstanding|\bsubject\s+(?:always\s+|only\s+)?to|\b(?:obligations?|rights?|remed(?:y|ies)|liability|claims?)\s+under"
    r"|\bin\s+accordance\s+with|\b(?:breach(?:es)?|violations?|infringements?)\s+of|\bcovered\s+by)\s+\Z",
    re.IGNORECASE,
)
_WEAK_CUE = re.compile(
    r"\b(?:under|see|per|in|terms\s+of|provisions?\s+of|conditions?\s+of|limits?\s+of|comply\s+with|complies\s+with"
    r"|violates?|breach(?:es|ed)?|despite)\s+\Z",
    re.IGNORECASE,
)
_SECTION_BEFORE = re.compile(
    r"\b(?:sections?|clauses?|articles?|headings?|(?:titled|entitled|headed|called))\s+[“\"‘«]?\Z", re.IGNORECASE
)
_SECTION_AFTER = re.compile(r"[”\"’»]?\s+(?:sections?|clauses?|articles?|provisions?|headings?)\b", re.IGNORECASE)
_ENUMERATORS_AFTER = re.compile(r"(?!\((?:s|es|ies)\))\s*\((?:[a-z]{1,5}|\d{1,3})\)")
_STATES = re.compile(
    r"(?:\s+of\s+(?:the|this|these)\s+[A-Z]\w*(?:\s+[A-Z]\w*)*)?\s+(?:therefore\s+|also\s+|also,?\s+|further\s+)?"
    r"(?:states?|says?|provides?(?=\s+(?:that|for|how|when|what|which|as|otherwise)\b)|sets?\s+(?:out|forth)|describes?|governs?|controls?|appl(?:y|ies)\s+(?:to|unless|if|only)"
    r"|does\s+not\s+apply|do\s+not\s+apply|prevails?|survives?)\b"
)
_DETERMINER = re.compile(
    r"\b(?:the|an?|any|each|every|all|both|such|this|these|that|those|its|their|your|our|his|her|no|other|applicable|relevant"
    r"|certain|same|[\w]+[’']s|[\w]+s[’'])\s+\Z",
    re.IGNORECASE,
)
_CAPITAL_BEFORE = re.compile(r"([A-Z][\w.’'&-]*)\s+\Z")
_CAPITAL_AFTER = re.compile(r"\s+([A-Z][a-z]\w*)")
_PREPOSITION_AFTER = re.compile(r"\s+(?:of|with|to|for|from)\b")
_CLAUSE_HEADS: Final = wordlist(
    "obligations obligation liabilities liability restrictions rights conditions exclusions remedies disclosure "
    "violations indemnification indemnity warranties provisions disclaimers disclaimer limitations limitation "
    "compliance confidentiality termination survival assignment entities modifications responsibilities exceptions "
    "covenants representations undertakings prohibitions"
)
_LONGEST_TITLE = 100
_ROMAN = re.compile(r"\A\s*[IVXLC]+[.)]\s+")
_IN_BRACKETS = re.compile(r"\s*\([^()]*\)")
_LEAST_SIMILAR = 12
_WORDS = re.compile(r"\w+")
_PLURAL = re.compile(r"(?:y|ies|s)\Z")
_SMALL_START = wordlist("a an and at by for from how if in of on or our the this to what when where who why your")


@value_class(frozen=True)
class Heading:
    """A heading: its document and clause."""

    document: str
    clause: Clause


class _KnownHeading(Heading):
    """A heading that an earlier build found: its clause is looked up in the tree if it is needed."""

    def __init__(self, outline: Outline, index: int) -> None:
        self.document = outline.id  # type: ignore[misc] # a value class is immutable for others
        self._outline, self._index = outline, index

    @lazy_value
    def clause(self) -> Clause:
        return self._outline.nodes[self._index][1]


Rows = list[list[Any]]
"""Names, each with the index of a clause or of several: as values of JSON."""


class OwnHeadings:
    """The headings, lead-ins and short paragraphs of one document, by name."""

    def __init__(self, outline: Outline) -> None:
        self.by_name: dict[str, Heading] = {}
        self.lead_ins: dict[str, list[Heading]] = defaultdict(list)
        self.titles: dict[str, list[Heading]] = defaultdict(list)
        self.parents: set[str] = set()
        known = outline.derived(kept_rows)
        if known is None:
            self._find(outline)
        else:
            self._read(outline, known)

    def _find(self, outline: Outline) -> None:
        document = outline.id
        own = set(map(key, outline.derived(titles)))
        for _, clause, around in outline.nodes:
            if clause.kind is not ClauseKind.SECTION or not clause.name:
                continue
            name = key(clause.name)
            if name in own and not any(outer.kind is ClauseKind.SECTION for outer in around):
                continue
            self.by_name.setdefault(name, Heading(document, clause))
            parent = around[-1]
            if parent.kind is ClauseKind.SECTION and parent.name and key(parent.name) not in own:
                self.by_name.setdefault(f"{key(parent.name)}: {name}", Heading(document, clause))
                self.parents.add(key(parent.name))
        items: dict[str, list[Heading]] = defaultdict(list)
        for passage in outline.passages:
            if passage.title and passage.clause.anchor:
                self.lead_ins[key(passage.title)].append(Heading(document, passage.clause))
            elif passage.clause.anchor and _may_title(passage.text):
                title = key(_ROMAN.sub("", passage.text[after_number(passage.text) :]).removesuffix("."))
                found = self.titles if passage.clause.kind is ClauseKind.PARAGRAPH else items
                found[title].append(Heading(document, passage.clause))
        for title, found_items in items.items():
            self.titles[title] += found_items  # after paragraphs: an item may be an entry of a list of contents

    def _read(self, outline: Outline, known: list[Rows]) -> None:
        """Take what another build found."""
        by_name, lead_ins, short, parents = known
        self.by_name = {name: _KnownHeading(outline, index) for name, index in by_name}
        for table, rows in ((self.lead_ins, lead_ins), (self.titles, short)):
            table.update((name, [_KnownHeading(outline, one) for one in found]) for name, found in rows)
        self.parents = {name for (name,) in parents}

    def rows(self, indexes: Mapping[int, int]) -> list[Rows]:
        """Return what was found, with the `indexes` of clauses by their identity."""
        lead_ins, short = (
            [[name, [indexes[id(one.clause)] for one in found]] for name, found in table.items()]
            for table in (self.lead_ins, self.titles)
        )
        by_name = [[name, indexes[id(one.clause)]] for name, one in self.by_name.items()]
        return [by_name, lead_ins, short, [[name] for name in sorted(self.parents)]]

    @lazy_value
    def searched(self) -> frozenset[str]:
        """The names and paths that a text may use: those that begin with a capital or a digit."""
        return frozenset(name for name in self.by_name if name[:1].isupper() or name[:1].isdigit())

    @lazy_value
    def facts(self) -> list[object]:
        """All that a reference from another document depends on."""
        tables = ({name: [one] for name, one in self.by_name.items()}, self.lead_ins, self.titles)
        named = [[(name, [_facts(one.clause) for one in found]) for name, found in table.items()] for table in tables]
        return [*named, sorted(self.parents)]

    @lazy_value
    def shown_facts(self) -> str:
        """The same as text, to compare headings of editions."""
        return repr(self.facts)


def kept_rows(_: Outline) -> list[Rows] | None:
    """What another build found in a document: nothing, unless the outline knows it (`Outline.know`)."""
    return None


def _facts(clause: Clause) -> tuple[object, ...]:
    return clause.kind, clause.anchor, clause.label, clause.level, clause.number, clause.name


class Headings:
    """All headings of an edition."""

    def __init__(self, outlines: list[Outline]) -> None:
        self._own = [outline.derived(OwnHeadings) for outline in outlines]
        self._by_name = {outline.id: own.by_name for outline, own in zip(outlines, self._own, strict=True)}
        self._parents = frozenset().union(*(own.parents for own in self._own))

    @lazy_value
    def pattern(self) -> re.Pattern[str] | None:
        """A pattern that matches every name and path, the longest first."""
        return compile_names(self.names)

    @lazy_value
    def names(self) -> frozenset[str]:
        """The names and paths (keys) that a text may use."""
        return frozenset().union(*(own.searched for own in self._own))

    @lazy_value
    def facts(self) -> object:
        """All that references depend on."""
        return tuple((name, own.shown_facts) for name, own in zip(self._by_name, self._own, strict=True))

    def is_parent(self, name: str) -> bool:
        """Return whether the heading with that name (a key) has headings below it."""
        return name in self._parents

    def find(self, name: str, here: str, owner: str | None = None) -> Heading | None:
        """Return the heading with a name (a key) or path: in the document `owner`, or in `here`, then in the set."""
        if owner is not None:
            return self._by_name.get(owner, {}).get(name)
        own = self._by_name.get(here, {}).get(name)
        return own or next((found[name] for found in self._by_name.values() if name in found), None)

    def find_similar(self, name: str, here: str) -> Heading | None:
        """Return the only heading of a document whose name, without brackets, contains a name (a key), or None."""
        every = ((_IN_BRACKETS.sub("", known), found) for known, found in self._by_name.get(here, {}).items())
        similar = {id(one.clause): one for known, one in every if name in known or _same_words(name, known)}
        return next(iter(similar.values())) if len(similar) == 1 and len(name) >= _LEAST_SIMILAR else None

    def find_any(self, name: str, here: str, owner: str | None = None) -> Heading | None:
        """Like `find`, but also search lead-ins and ignore case."""
        found = self.find(name, here, owner)
        if found is not None:
            return found
        found_any = self._folded.get(_folded(name), ())
        fitting = next((one for one in found_any if one.document == (owner or here)), None)
        return fitting or (found_any[0] if found_any and owner is None else None)

    @lazy_value
    def _folded(self) -> dict[str, list[Heading]]:
        """Headings, lead-ins and short paragraphs that may be headings, by their names without case and end marks."""
        folded: dict[str, list[Heading]] = defaultdict(list)
        for name, lead_ins in _joined(own.lead_ins for own in self._own).items():
            folded[_folded(name)] += lead_ins
        tables = ({name: [one] for name, one in found.items()} for found in self._by_name.values())
        for name, named in _joined(tables).items():
            folded[_folded(name)] += named
        for name, short in _joined(own.titles for own in self._own).items():
            folded[_folded(name)] += short
        return folded


def _joined(tables: Iterable[Mapping[str, Sequence[Heading]]]) -> dict[str, list[Heading]]:
    """Join the tables of several documents: names in the order of their first heading."""
    joined: dict[str, list[Heading]] = defaultdict(list)
    for table in tables:
        for name, headings in table.items():
            joined[name] += headings
    return joined


def _folded(name: str) -> str:
    return name.casefold().rstrip(" ?!.:")


def _same_words(one: str, other: str) -> bool:
    """Return whether two names have the same words in any order and number: “Description of Service”."""
    left, right = (
        {_PLURAL.sub("", word.casefold()) for word in _WORDS.findall(name) if word.casefold() not in _SMALL_START}
        for name in (one, other)
    )
    return len(left) > 1 and left == right


def _may_title(text: str) -> bool:
    """Return whether a paragraph is short enough for a heading that the source does not mark as one.

    A full stop may end it after a number: "14.4. Notice of Dispute."
    """
    text = text.rstrip()
    if len(text) > _LONGEST_TITLE or text[-1:] in (";", ",", ":"):
        return False
    return text[-1:] != "." or (after_number(text) > 0 and is_title(text[after_number(text) : -1]))


@value_class(frozen=True, slots=True)
class Sentence:
    """A heading's name in a text: `text[start:end]`. `chained`: it is joined to a reference right before it."""

    passage: Passage
    start: int
    end: int
    name: str
    chained: bool

    @property
    def text(self) -> str:
        """The text of the passage."""
        return self.passage.text


def is_reference(sentence: Sentence, vocabulary: Vocabulary) -> bool:
    """Return whether the sentence uses the name of a heading to refer to it."""
    text, start, end = sentence.text, sentence.start, sentence.end
    if _is_marked(text, start, end, sentence.name):
        return True
    if not sentence.passage.grammar.is_english:
        return False  # the words below are English: "Positionierung in Suchmaschinen" names no section
    if vocabulary.defined(sentence.name, sentence.passage) or _is_in_longer_name(text, start, end):
        return False
    before = text[max(0, start - 60) : start]
    made_of_terms = _is_made_of_terms(sentence, vocabulary)
    if sentence.chained or _POINTING.search(before):
        return not (_PREPOSITION_AFTER.match(text, end) and not _STATES.match(text, end) and " " not in sentence.name)
    if _STATES.match(text, end) and not _DETERMINER.search(before) and not made_of_terms:
        return " " in sentence.name or begins_sentence(text, start) or not _PREPOSITION_AFTER.match(text, end)
    if made_of_terms or _DETERMINER.search(before):
        return False
    return _refers_without_cue(sentence) if " " in sentence.name else _with_weak_cue(sentence, before)


def _is_marked(text: str, start: int, end: int, name: str) -> bool:
    """Return whether nearby words mark a heading: "section X", "the X section", "X (h)(iv)", "Parent: Child"."""
    if ": " in name or _SECTION_BEFORE.search(text, max(0, start - 40), start):
        return True
    if _ENUMERATORS_AFTER.match(text, end) and not _DETERMINER.search(text, max(0, start - 40), start):
        return True
    return bool(_SECTION_AFTER.match(text, end)) and bool(
        re.search(r"\bthe\s+[“\"‘«]?\Z", text[max(0, start - 20) : start])
    )


def _is_in_longer_name(text: str, start: int, end: int) -> bool:
    found = _CAPITAL_BEFORE.search(text, max(0, start - 40), start)
    if found and not begins_sentence(text, found.start()) and not begins_sentence(text, start):
        return True
    return bool(_CAPITAL_AFTER.match(text, end))


def _is_made_of_terms(sentence: Sentence, vocabulary: Vocabulary) -> bool:
    """Return whether the whole name consists of defined terms ("Customer Feedback") and may mean those."""
    words = key(sentence.name)
    while words:
        count, meaning = vocabulary.longest(words, sentence.passage)
        if meaning is None:
            return False
        words = " ".join(words.split(" ")[count:])
    return True


def _refers_without_cue(sentence: Sentence) -> bool:
    """Return whether a name of several words refers by its capitals or by a word before it."""
    words = sentence.name.split()
    capitals = sum(word[:1].isupper() for word in words)
    first = begins_sentence(sentence.text, sentence.start)
    if words[0].lower() in _SMALL_START or capitals < 2:
        return False
    if words[-1].strip(".").lower() in _CLAUSE_HEADS and all(not word[:1].islower() or len(word) < 4 for word in words):
        return True
    return not first and bool(_WEAK_CUE.search(sentence.text[max(0, sentence.start - 40) : sentence.start]))


def _with_weak_cue(sentence: Sentence, before: str) -> bool:
    text = sentence.text
    return bool(_WEAK_CUE.search(before)) and not _PREPOSITION_AFTER.match(text, sentence.end)
