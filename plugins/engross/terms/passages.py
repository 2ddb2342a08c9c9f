"""The passages of a document, and the definitions and references that binding finds in them.

A passage is a clause with text of its own. A run-in item is not a passage but a stretch of the passage around it; a
place in it has its anchor and label.
"""

from __future__ import annotations

import re
from collections import Counter

from engross.common import lazy_value, value_class
from engross.language import lead_in
from engross.model import Clause, ClauseKind, Definition, Document, Given, MarkKind, Place, ReferenceKind, Scope

_SCANNED = frozenset({ClauseKind.PARAGRAPH, ClauseKind.ITEM, ClauseKind.CELL})
_NEVER_SCANNED = frozenset({MarkKind.CODE, MarkKind.LINK, MarkKind.IMAGE})
_ACTS = re.compile(r"([A-Z](?<![\w’'-].)\w+) (?:will|shall|may|must|agrees)\b")
_LOWER_WORD = re.compile(r"(?<![\w/.@-])[a-z]{2,}(?![\w@])")


class Passage:
    """A clause with text. `index` counts clauses in the order of `root.walk()`; `around` holds the clauses around it,
    the outermost (the document) first; `text` is the visible text.
    """

    def __init__(self, document: Document, index: int, clause: Clause, around: tuple[Clause, ...]) -> None:
        self.document = document
        self.index = index
        self.clause = clause
        self.around = around
        self.text = clause.inline.text

    @lazy_value
    def lead(self) -> tuple[int, int]:
        """The stretch before the text that is a heading ("Data." in `5.1 Data. The …`); empty if there is none."""
        return lead_in(self.clause.inline, self.clause.name)

    @lazy_value
    def title(self) -> str:
        """The words of the lead-in, without number and closing mark."""
        start, end = self.lead
        return " ".join(self.text[start:end].split()).strip(" .:–—-")

    @lazy_value
    def shielded(self) -> tuple[tuple[int, int], ...]:
        """The stretches in which nothing is linked: code, links, images and the lead-in, in order."""
        spans = [(mark.start, mark.end) for mark in self.clause.inline.marks if mark.kind in _NEVER_SCANNED]
        start, end = self.lead
        return tuple(sorted([*spans, (start, end)] if end > start else spans))

    @lazy_value
    def addressed(self) -> tuple[str, str]:
        """The anchor and label of the nearest clause that can be addressed."""
        for clause in (self.clause, *reversed(self.around)):
            if clause.anchor:
                return clause.anchor, self.clause.label or clause.label
        return "", self.clause.label

    @lazy_value
    def run_in(self) -> tuple[Clause, ...]:
        """All run-in items of the text, an outer one before those within it."""
        children = [child for child in self.clause.children if child.kind is ClauseKind.RUN_IN]
        return tuple(inner for child in children for inner in child.walk())

    def innermost(self, at: int) -> Clause | None:
        """The innermost run-in item around an offset."""
        found = None
        for item in self.run_in:
            if item.span[0] <= at < item.span[1]:
                found = item
        return found

    def source_offset(self, at: int) -> int:
        """The offset in the source of the character at `at`; after the text, the offset of its end."""
        if at and at >= len(self.text):
            return self.clause.inline.source_offset(len(self.text) - 1) + 1
        return self.clause.inline.source_offset(at)

    def place(self, start: int, end: int) -> Place:
        """The place of `text[start:end]`."""
        item = self.innermost(start) if self.clause.children else None
        anchor, label = (item.anchor, item.label) if item else self.addressed
        source = self.document.source
        path, line, column = "", 0, 0
        if source is not None:
            path = source.path
            line, column = source.position(self.source_offset(start))
        return Place(self.document.id, path, self.index, start, end, anchor, label, line, column)


class Outline:
    """One document: its passages in the order of the text, and every clause with what is around it."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.id = document.id
        self.passages: list[Passage] = []
        self.nodes = list(document.root.walk_placed())
        self.passage_of: dict[int, Passage] = {}
        for index, clause, around in self.nodes:
            if clause.kind in _SCANNED and clause.inline.text:
                passage = Passage(document, index, clause, around)
                self.passages.append(passage)
                self.passage_of[index] = passage

    @lazy_value
    def text(self) -> str:
        """All visible text of the passages, one a line."""
        return "\n".join(passage.text for passage in self.passages)

    @lazy_value
    def lower_words(self) -> frozenset[str]:
        """Every word of it that stands in lower case somewhere."""
        # Looked for in what stands between white space, each once: a text has few such, and all that a word is told by.
        return frozenset(_LOWER_WORD.findall("\n".join(set(self.text.split()))))

    @lazy_value
    def acting(self) -> Counter[str]:
        """The names that act in its sentences ("Customer will …"), and how often."""
        return Counter(_ACTS.findall(self.text))


@value_class(frozen=True, slots=True)
class Found:
    """A definition where it stands.

    `at` is the stretch of the first name with its marks; `own` the stretch of the passage in which no use of the term
    counts, since it is being defined there; `below` are the clauses that go on with the definition. `weak` marks what
    defines only where nothing else does ("X includes …").
    """

    names: tuple[str, ...]
    passage: Passage
    at: tuple[int, int]
    own: tuple[int, int]
    given: Given
    body: str
    weak: bool = False
    below: tuple[Clause, ...] = ()


@value_class(frozen=True, slots=True)
class Bound:
    """A definition of the edition with what linking needs to know: where it stands and how far it reaches."""

    definition: Definition
    found: Found
    reach: Clause | None

    @property
    def document(self) -> str:
        """The id of the document that it stands in."""
        return self.definition.place.document

    @property
    def rank(self) -> tuple[int, int, int]:
        """Which of several definitions of one name that all hold here prevails: the least."""
        order = {Scope.CLAUSE: 0, Scope.SECTION: 1, Scope.DOCUMENT: 2, Scope.SET: 3}
        lines = self.reach.lines[1] - self.reach.lines[0] if self.reach else 0
        return order[self.definition.scope], lines, self.definition.given is Given.POINTER


@value_class(frozen=True, slots=True)
class Spot:
    """`text[start:end]` of a passage refers to `target`: (document id, anchor), or None (outside, or broken)."""

    start: int
    end: int
    kind: ReferenceKind
    target: tuple[str, str] | None
    problem: str = ""
