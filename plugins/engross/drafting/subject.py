"""What a rule is, what it reads (an edition with its binding), and what it returns: findings with edits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from typing import TYPE_CHECKING, Any

import engross.common.lazy_re as re
from engross.common import NO_CACHE, Cache, lazy_value, value_class
from engross.model import (
    Binding,
    Clause,
    ClauseKind,
    Definition,
    Diagnostic,
    Document,
    Edition,
    MarkKind,
    Place,
    Reference,
    Severity,
    verbatim_lines,
)
from engross.terms import (
    DEFAULT_OPTIONS,
    EmbeddedNumbers,
    Passage as BoundPassage,
    TermOptions,
    amounts,
    contents_entries,
    is_numbered_item,
)

if TYPE_CHECKING:  # a check of one file needs no record
    from datetime import datetime

    from engross.record import MovedClause, Original, PostedTerm


@value_class(frozen=True, slots=True)
class Edit:
    """A change to a source: the characters `start` to `end` (offsets in `Source.text`) become `new`."""

    start: int
    end: int
    new: str


@value_class(frozen=True, slots=True)
class Finding:
    """One thing found in a document, before it has the name and the severity of its rule.

    `clause` and `anchor` are the label and the anchor of the clause that contains it. `text` is the words it is about,
    by which an exception may name it; `fix` is the text to paste, empty if there is none. `edits` are set only if
    `--fix` may apply them. `severity` overrides the rule's.
    """

    document: str
    path: str
    line: int
    column: int
    message: str
    clause: str = ""
    anchor: str = ""
    text: str = ""
    fix: str = ""
    edits: tuple[Edit, ...] = ()
    severity: Severity | None = None


@value_class(frozen=True, slots=True)
class Judged:
    """A finding with the rule that made it, as a diagnostic."""

    finding: Finding
    diagnostic: Diagnostic


_TEXTS = frozenset({ClauseKind.PARAGRAPH, ClauseKind.ITEM, ClauseKind.CELL, ClauseKind.SECTION})
_ENOUGH = 600
# "Section 1.2 survives termination" begins with a reference; "Section 1.2 Survival" and "Section 1.2:" are numbers.
_NUMBERED = re.compile(
    r"\s*(?:(?:(?i:section|clause|article)|§)\s*(\d{1,3}(?:\.\d{1,3})*)(?:[.):]|\s(?!\s*[a-zà-ÿ(]))"
    r"|(\d{1,3}(?:\.\d{1,3})*)(?:[.):]|\s))"
)
_NOT_WORDS = frozenset({MarkKind.CODE, MarkKind.IMAGE})


class Passage(BoundPassage):
    """A clause with running text, or a heading, with the facts that rules need and their findings in it."""

    @property
    def is_heading(self) -> bool:
        """Whether it is the heading of a section."""
        return self.clause.kind is ClauseKind.SECTION

    @property
    def section(self) -> Clause:
        """The innermost section that contains the passage, or the document."""
        return next((clause for clause in reversed(self.around) if clause.kind is ClauseKind.SECTION), self.around[0])

    @lazy_value
    def in_capitals(self) -> bool:
        """Whether the beginning of the text is in capitals, except for a few words."""
        begin = self.text[:_ENOUGH]
        small = sum(map(str.islower, begin))
        return small * 5 < sum(map(str.isupper, begin))

    @lazy_value
    def no_words(self) -> tuple[tuple[int, int], ...]:
        """The spans that are not running text: code and images."""
        return tuple((mark.start, mark.end) for mark in self.clause.inline.marks if mark.kind in _NOT_WORDS)

    def is_words(self, at: int) -> bool:
        """Whether the character at an offset is running text."""
        return not any(start <= at < end for start, end in self.no_words)

    def edit(self, start: int, end: int, new: str) -> tuple[Edit, ...]:
        """The edit that replaces `text[start:end]` with `new`; empty if the source has other characters there."""
        source = self.document.source
        if source is None:
            return ()
        first = self.source_offset(start)
        last = self.source_offset(end - 1) + 1 if end > start else first
        return (Edit(first, last, new),) if source.text[first:last] == self.text[start:end] else ()

    def finding(
        self,
        at: int,
        message: str,
        *,
        text: str = "",
        fix: str = "",
        edits: Iterable[Edit] = (),
        severity: Severity | None = None,
    ) -> Finding:
        """A finding at the character `at` of the text."""
        found = at_place(self.place(at, at), message, text=text, fix=fix)
        return replace(found, edits=tuple(edits), severity=severity)


class Reading:
    """One document: its passages and headings in order, and every clause with its ancestors.

    `kept` caches results that several rules share.
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        self.kept: dict[str, object] = {}

    @lazy_value
    def nodes(self) -> tuple[tuple[int, Clause, tuple[Clause, ...]], ...]:
        """Every clause with its index and its ancestors. Where findings are kept, the tree is not read."""
        return tuple(self.document.root.walk_placed())

    @lazy_value
    def passages(self) -> tuple[Passage, ...]:
        """The passages and headings."""
        return tuple(
            Passage(self.document, index, clause, around)
            for index, clause, around in self.nodes
            if clause.kind in _TEXTS and clause.inline.text
        )

    @lazy_value
    def text(self) -> str:
        """The texts of all passages and headings: no passage has a sign that it lacks."""
        return "\n".join(passage.text for passage in self.passages)

    @lazy_value
    def by_index(self) -> Mapping[int, Passage]:
        """The passages by the index of their clause."""
        return {passage.index: passage for passage in self.passages}

    @lazy_value
    def _by_clause(self) -> Mapping[int, Passage]:
        # Comparing clauses compares their whole content; identity is exact and fast.
        return {id(passage.clause): passage for passage in self.passages}

    def passage(self, index: int) -> Passage:
        """The passage with an index, of which is known that there is one: the tree is read when more is asked of it."""
        return self.by_index[index] if "by_index" in self.__dict__ else _LatePassage(self, index)

    def passage_of(self, clause: Clause) -> Passage | None:
        """The passage of a clause of this document; None if the clause has no text of its own."""
        return self._by_clause.get(id(clause))

    @lazy_value
    def running(self) -> tuple[Passage, ...]:
        """The passages without the headings."""
        return tuple(passage for passage in self.passages if not passage.is_heading)

    @lazy_value
    def own_numbers(self) -> tuple[tuple[int, str], ...]:
        """Every number of a clause or at the beginning of a paragraph, with the index of the clause.

        Without those of lists that begin with 1: a list that begins with 3 may continue the numbers of the headings.
        """
        carried = [
            (index, clause.marker.rstrip(".)") or clause.number)
            for index, clause, around in self.nodes
            if not (clause.kind is ClauseKind.ITEM and around[-1].children[0].marker.rstrip(".)") == "1")
        ]
        found = [*self._typed_numbers, *(one for one in carried if one[1][:1].isdigit())]
        return tuple((index, number.partition("(")[0].rstrip(".")) for index, number in found)

    @lazy_value
    def _typed_numbers(self) -> list[tuple[int, str]]:
        numbered = (passage for passage in self.passages if passage.index not in self.amounts)
        found = ((passage.index, _NUMBERED.match(passage.text)) for passage in numbered)
        return [(index, typed[1] or typed[2]) for index, typed in found if typed]

    @lazy_value
    def numbers(self) -> frozenset[str]:
        """Every number of a clause or at the beginning of a paragraph, with its parents (for 13.1 also 13)."""
        carried = (clause.number for index, clause, _ in self.nodes if self._is_numbered(index, clause))
        whole = {number.partition("(")[0] for number in (*(typed for _, typed in self._typed_numbers), *carried)}
        return frozenset(
            ".".join(number.split(".")[:end]) for number in whole for end in range(1, number.count(".") + 2)
        )

    def _is_numbered(self, index: int, clause: Clause) -> bool:
        amount = index in self.amounts and not is_numbered_item(clause)
        return clause.number[:1].isdigit() and not amount

    @lazy_value
    def amounts(self) -> frozenset[int]:
        """The indexes of the clauses that begin with an amount, which may look like their number."""
        return amounts(self.nodes)

    @lazy_value
    def contents(self) -> frozenset[int]:
        """The indexes of the clauses that are entries of a list of contents with page numbers."""
        return contents_entries(self.passages)

    @lazy_value
    def embedded(self) -> EmbeddedNumbers:
        """The numbers that begin a clause in the middle of a paragraph."""
        return EmbeddedNumbers(self.passages)

    @lazy_value
    def headings(self) -> tuple[Passage, ...]:
        """The headings."""
        return tuple(passage for passage in self.passages if passage.is_heading)

    def finding(self, clause: Clause, message: str, *, text: str = "", fix: str = "") -> Finding:
        """A finding at the beginning of a clause."""
        source = self.document.source
        line, column = clause.lines[0], 1
        if clause.inline.text and source:
            line, column = source.position(clause.inline.source_offset(0))
        path = source.path if source else ""
        return Finding(self.document.id, path, line, column, message, clause.label, clause.anchor, text, fix)


class _LatePassage(Passage):
    """A passage that is looked up in the tree of its document when its text or its clause is needed."""

    def __init__(self, reading: Reading, index: int) -> None:
        self.document = reading.document
        self.index = index
        self._reading = reading

    def __getattr__(self, name: str) -> Any:
        if name not in ("text", "clause", "around"):
            raise AttributeError(name)
        found = self._reading.by_index[self.index]
        self.text, self.clause, self.around = found.text, found.clause, found.around
        return self.__dict__[name]


@value_class(frozen=True)
class Subject:
    """An edition, its binding and its readings. `refused` are, by rule, the findings of reading a lone file
    that a site would refuse.
    Catalogues are not among the readings. `posted` are the terms that posted texts define and that differ from these;
    `moved` the clauses of posted texts that are not here under their anchor, by document and anchor or label;
    `originals` the posted texts of what must stay letter for letter and differs. `at` is the instant of the check, by
    default now. The `cache` keeps what is found in single documents.
    """

    binding: Binding
    options: TermOptions = DEFAULT_OPTIONS
    refused: tuple[tuple[str, Finding], ...] = ()
    kept: dict[str, object] = field(default_factory=dict, repr=False)
    posted: tuple[PostedTerm, ...] = ()
    moved: Mapping[tuple[str, str], MovedClause] = field(default_factory=dict)
    originals: tuple[Original, ...] = ()
    at: datetime | None = None
    cache: Cache = NO_CACHE

    @lazy_value
    def verbatim(self) -> Mapping[str, frozenset[int]]:
        """The lines that must stay letter for letter, by the path of their file."""
        found = {one.document.source.path: verbatim_lines(one.document) for one in self.readings if one.document.source}
        return {path: lines for path, lines in found.items() if lines}

    @property
    def edition(self) -> Edition:
        """The edition that was bound."""
        return self.binding.edition

    @lazy_value
    def readings(self) -> tuple[Reading, ...]:
        """Every document that has a source, except catalogues."""
        return tuple(
            Reading(document)
            for document in self.edition.documents
            if document.source is not None and not document.entry.kind.has_rows
        )

    @lazy_value
    def by_document(self) -> Mapping[str, Reading]:
        """The readings by the id of their document."""
        return {reading.document.id: reading for reading in self.readings}

    @lazy_value
    def passages(self) -> tuple[Passage, ...]:
        """All passages and headings, document by document."""
        return tuple(passage for reading in self.readings for passage in reading.passages)

    @lazy_value
    def running(self) -> tuple[Passage, ...]:
        """All passages without the headings."""
        return tuple(passage for reading in self.readings for passage in reading.running)

    @lazy_value
    def defined(self) -> tuple[tuple[Definition, Passage], ...]:
        """Each definition with its passage, if that is running text."""
        found = ((definition, self.passage(definition.place)) for definition in self.binding.definitions)
        return tuple((definition, passage) for definition, passage in found if passage is not None)

    @lazy_value
    def defined_in(self) -> Mapping[str, Sequence[tuple[int, Definition]]]:
        """The definitions of each document, with their numbers in the binding."""
        found: dict[str, list[tuple[int, Definition]]] = defaultdict(list)
        for number, definition in enumerate(self.binding.definitions):
            found[definition.place.document].append((number, definition))
        return found

    @lazy_value
    def references_in(self) -> Mapping[str, Sequence[Reference]]:
        """The references in each document."""
        found: dict[str, list[Reference]] = defaultdict(list)
        for reference in self.binding.references:
            found[reference.place.document].append(reference)
        return found

    def passage(self, place: Place) -> Passage | None:
        """The passage that contains a place which binding found; None in a document that is not read."""
        reading = self.by_document.get(place.document)
        return reading.passage(place.clause) if reading else None


def at_place(place: Place, message: str, *, text: str = "", fix: str = "") -> Finding:
    """A finding at a place that binding found."""
    return Finding(
        place.document, place.path, place.line, place.column, message, place.label, place.anchor, text, fix
    )  # fmt: skip


@value_class(frozen=True, slots=True)
class OfDocument:
    """The check of a rule that reads each document by itself, so that its findings are kept with the document."""

    check: Callable[[Reading], Iterable[Finding]]

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Yield the findings in all documents of an edition."""
        for reading in subject.readings:
            yield from self.check(reading)


@value_class(frozen=True, slots=True)
class Rule:
    """One rule of the drafting check.

    `summary` describes in a sentence what the rule finds, `why` the harm it does. `bad` and `good` are Markdown: the
    check of `bad` finds this rule and no other, the check of `good` does not find it. `fixes`: `--fix` can fix it.
    `settings` are lines of the document's entry in documents.yml that both examples need; `good_settings` replaces them
    for the second. `formerly` yields what earlier versions found: an exception for it is not stale. `by_day`: what it
    finds comes with time and not from a change, so it stops no release.
    """

    name: str
    severity: Severity
    summary: str
    why: str
    bad: str
    good: str
    check: Callable[[Subject], Iterable[Finding]]
    fixes: bool = False
    settings: str = ""
    good_settings: str = ""
    formerly: Callable[[Subject], Iterable[Finding]] | None = None
    by_day: bool = False
