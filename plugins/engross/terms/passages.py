"""Lays a document out for binding: the passages to scan, their enclosing clauses and positions, and what is found.

A passage is a clause with text to scan. A run-in item is not a passage but a part of the one whose sentence contains
it; positions inside it have its anchor and label.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from typing import Any, TypeVar

import engross.common.lazy_re as re
from engross.common import lazy_value, value_class
from engross.language import (
    Grammar,
    english,
    grammar_for,
    grammar_of_part,
    grammar_of_text,
    is_title,
    lead_in,
    stated_language,
)
from engross.model import (
    Clause,
    ClauseKind,
    Definition,
    Document,
    Given,
    Inline,
    Mark,
    MarkKind,
    Place,
    Scope,
    clause_called,
    kept_lines,
    verbatim_lines,
)
from engross.terms.acting_names import acting_in
from engross.terms.passage_memory import of_words
from engross.terms.typed_numbers import is_line_title, is_unmarked_heading, says_who_signs
from engross.terms.word_counts import WordCounts

_SCANNED = frozenset({ClauseKind.PARAGRAPH, ClauseKind.ITEM, ClauseKind.CELL})
_NEVER_SCANNED = frozenset({MarkKind.CODE, MarkKind.LINK, MarkKind.IMAGE, MarkKind.ADDRESS})
_ATTACHED = re.compile(r"(?:schedule|annex(?:ure)?|appendix|exhibit|attachment)\b", re.IGNORECASE)
_HEADS_ANYWHERE = re.compile(rf"{_ATTACHED.pattern}|definition|glossary", re.IGNORECASE)
_OPENING = 120  # characters
_GLUED_NUMBER = re.compile(r"\A\s*\(?(?:[a-z]|[ivx]+|\d+(?:\.\d+)*)[.)]\s*", re.IGNORECASE)
_LONGEST_TITLE = 4  # words, of a title that may begin with an article
_ARTICLES = frozenset(("the", "a", "an", "each", "any", "this", "these", "if", "no"))
# The title of a typed number that begins a line: "8.1. Initial Term. The initial term …", "8. Term" above "8.1. …".
_TITLE_TEXT = r"[^\W\d_][^.!?:;()“”\"\n]{1,90}?"
_LINE_TITLE = re.compile(
    rf"(?:\A|\n)[ \t]*\d+(?:\.\d+)*[.)]?[ \t]+(?P<title>{_TITLE_TEXT})(?:[.:](?=\s+[A-Z“\"(])|(?=\n[ \t]*\d|\s*\Z))"
    rf"|\A(?P<first>{_TITLE_TEXT})(?=\n[ \t]*\d+\.\d)"
)


class Passage:
    """A clause with text to scan. `index` counts clauses in the order of `root.walk()`; `around` contains the enclosing
    clauses, the document first; `text` is the visible text with blanks instead of references to footnotes.
    """

    def __init__(self, document: Document, index: int, clause: Clause, around: tuple[Clause, ...]) -> None:
        self.document = document
        self.index = index
        self.clause = clause
        self.around = around
        self.text = clause.inline.words

    @lazy_value
    def grammar(self) -> Grammar:
        """The grammar of the document's language, or that of the passage where a document is in several."""
        source = self.document.source
        part = grammar_of_part(self.text, source.text) if source and source.reader > 1 else None
        return part or grammar_of(self.document)

    @lazy_value
    def lead(self) -> tuple[int, int]:
        """The span of the lead-in before the text ("Data." in `5.1 Data. The …`); empty if there is none."""
        inline = self.clause.inline
        return _lead_in(inline.text, inline.marks, self.clause.name)

    @property
    def _leads_with_sentence(self) -> bool:
        """Whether the lead-in is a sentence that its author stresses, and no title: "**The Buyer accepts that:**"."""
        start, end = self.lead
        words = _GLUED_NUMBER.sub("", self.text[start:end]).split()
        if len(words) <= _LONGEST_TITLE or is_title(" ".join(words).rstrip(".:")):
            return False
        articles = self.grammar.common if not self.grammar.is_english else _ARTICLES
        return len(words) > 2 * _LONGEST_TITLE or words[0].lower() in articles

    @lazy_value
    def links(self) -> tuple[Mark, ...]:
        """The links."""
        return tuple(mark for mark in self.clause.inline.marks if mark.kind is MarkKind.LINK)

    @lazy_value
    def title(self) -> str:
        """The words of the lead-in without number and closing mark."""
        start, end = self.lead
        return " ".join(self.text[start:end].split()).strip(" .:–—-")

    @lazy_value
    def shielded(self) -> tuple[tuple[int, int], ...]:
        """The spans in which nothing is linked: code, links, images and titles of numbers, in order."""
        if is_unmarked_heading(self.clause, self.text, self.around, self.index):
            return ((0, len(self.text)),)
        spans = [(mark.start, mark.end) for mark in self.clause.inline.marks if mark.kind in _NEVER_SCANNED]
        start, end = (0, 0) if self._leads_with_sentence or says_who_signs(self.text, self.grammar) else self.lead
        titles = _LINE_TITLE.finditer(self.text) if "\n" in self.text or self.text[:1].isdigit() else ()
        spans.extend(found.span(found.lastgroup or 0) for found in titles if is_line_title(found, self.grammar))
        return tuple(sorted([*spans, (start, end)] if end > start else spans))

    @lazy_value
    def addressed(self) -> tuple[str, str]:
        """The anchor and label of the nearest clause that has an anchor."""
        for clause in (self.clause, *reversed(self.around)):
            if clause.anchor:
                return clause.anchor, self.clause.label or clause.label
        return "", self.clause.label

    @lazy_value
    def run_in(self) -> tuple[Clause, ...]:
        """All run-in items of the text; an outer item precedes its inner ones."""
        children = [child for child in self.clause.children if child.kind is ClauseKind.RUN_IN]
        return tuple(inner for child in children for inner in child.walk())

    def innermost(self, at: int) -> Clause | None:
        """Return the innermost run-in item that contains an offset, or None."""
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
        """Return the place of `text[start:end]`."""
        item = self.innermost(start) if self.clause.children else None
        anchor, label = (item.anchor, item.label) if item else self.addressed
        source = self.document.source
        path, line, column = "", 0, 0
        if source is not None:
            path = source.path
            line, column = source.position(self.source_offset(start))
        return Place(self.document.id, path, self.index, start, end, anchor, label, line, column)


@of_words
def _lead_in(text: str, marks: tuple[Mark, ...], name: str) -> tuple[int, int]:
    return lead_in(Inline(text, marks), name)


_Derived = TypeVar("_Derived")


class KnownPassage(Passage):
    """A passage of which an earlier build knows the text: its tree is read only if more is needed."""

    def __init__(self, outline: Outline, index: int, text: str, links: tuple[Mark, ...]) -> None:
        self.document = outline.document
        self.index = index
        self.text = text
        self.links = links
        self._outline = outline

    def __getattr__(self, name: str) -> Any:
        if name not in ("clause", "around"):
            raise AttributeError(name)
        _, self.clause, self.around = self._outline.nodes[self.index]
        return self.__dict__[name]


class Outline(WordCounts):
    """One document: its passages in text order, and every clause with its enclosing clauses."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.id = document.id
        self._known: dict[int, Passage] = {}
        self._derived: dict[Callable[[Outline], Any], Any] = {}

    @lazy_value
    def nodes(self) -> list[tuple[int, Clause, tuple[Clause, ...]]]:
        """Every clause with its index and its enclosing clauses. After one edit, most trees are never needed."""
        return list(self.document.root.walk_placed())

    @lazy_value
    def passages(self) -> list[Passage]:
        """The passages in the order of the text."""
        return [
            self._known.get(index) or Passage(self.document, index, clause, around)
            for index, clause, around in self.nodes
            if clause.kind in _SCANNED and clause.inline.text
        ]

    @lazy_value
    def passage_of(self) -> dict[int, Passage]:
        """The passages by the index of their clause; with those of `known_passage`, which may be headings."""
        return {one.index: one for one in self.passages}

    def known_passage(self, index: int, text: str, links: tuple[Mark, ...]) -> Passage:
        """Return the passage of the clause with an index, of which an earlier build knows the text and its links; its
        clause is looked up in the tree if it is needed.
        """
        if "passages" in self.__dict__:
            return self.passage_of.get(index) or Passage(self.document, *self.nodes[index])
        if index not in self._known:
            self._known[index] = KnownPassage(self, index, text, links)
        return self._known[index]

    @lazy_value
    def linked(self) -> list[Passage]:
        """The passages that may have links; text that must stay letter for letter has none."""
        kept = verbatim_lines(self.document)
        return [one for one in self.passages if one.clause.lines[0] not in kept] if kept else self.passages

    def kept_within(self, passage: Passage) -> Clause | None:
        """Return the clause that must stay letter for letter and contains a passage; None if there is none, or if the
        whole document must.
        """
        for part in self.document.entry.requires.verbatim:
            if part.clause and passage.clause.lines[0] in kept_lines(self.document, part):
                return clause_called(self.document.root, part.clause)
        return None

    def derived(self, make: Callable[[Outline], _Derived]) -> _Derived:
        """Return what `make` finds in this document alone, made once for all editions that contain it."""
        if make not in self._derived:
            self._derived[make] = make(self)
        found: _Derived = self._derived[make]
        return found

    def know(self, make: Callable[[Outline], _Derived], found: _Derived) -> None:
        """Set what `make` finds in this document, where it is known from an earlier build."""
        self._derived[make] = found

    def forget(self) -> None:
        """Delete everything derived, which refers to the outline: the collector does not run in a build."""
        self._derived.clear()
        self._known.clear()

    @lazy_value
    def text(self) -> str:
        """The visible text of all passages, one per line."""
        return "\n".join(passage.text for passage in self.passages)

    @lazy_value
    def opening(self) -> str:
        """The first words of the text."""
        return self.passages[0].text[:_OPENING] if self.passages else ""

    @lazy_value
    def titles(self) -> frozenset[str]:
        """The names of all sections and lead-ins, without capitals."""
        return frozenset(clause.name.casefold() for _, clause, _ in self.nodes if clause.name)

    @lazy_value
    def lead_titles(self) -> dict[int, str]:
        """The words of the bold paragraph that heads the clauses after it like a heading, by the identity of each.

        `**2 DEFINITIONS**` heads the paragraphs and lists of its section up to the next such paragraph, and
        `**Schedule 1**` up to the next schedule or list of definitions.
        """
        heads: dict[int, str] = {}
        titles: dict[int, str] = {}
        for _, clause, around in self.nodes:
            if not around:
                continue
            parent = id(around[-1])
            if clause.kind is ClauseKind.PARAGRAPH and _is_title(clause):
                within = _ATTACHED.match(heads.get(parent, "")) and not _HEADS_ANYWHERE.search(clause.name)
                heads[parent] = heads[parent] if within else clause.name
            title = heads.get(parent) or titles.get(parent)
            if title:
                titles[id(clause)] = title
        return titles

    @lazy_value
    def acting(self) -> Counter[str]:
        """The names of one word that act in sentences ("Customer will …"), with their counts."""
        return Counter(name for passage in self.passages for name in acting_in(passage.text))


def grammar_of(document: Document) -> Grammar:
    """Return the grammar of a document's language: the one that is stated, else the one that its words show.

    Texts of generation 1 are read as English, as they were sealed.
    """
    source = document.source
    if source is None or source.reader == 1:
        return english.GRAMMAR
    stated = stated_language(document.entry, source)
    return grammar_for(stated) if stated else grammar_of_text(source.text)


def is_attachment(title: str) -> bool:
    """Return whether a title is that of a schedule, annex or exhibit."""
    return _ATTACHED.match(title) is not None


def _is_title(paragraph: Clause) -> bool:
    """Return whether a paragraph consists of its lead-in alone, all of it bold."""
    text = paragraph.inline.text
    if not paragraph.name or paragraph.name != text.strip(" .:"):
        return False
    return any(mark.kind is MarkKind.STRONG and mark.end >= len(text) - 1 for mark in paragraph.inline.marks)


@value_class(frozen=True, slots=True)
class Found:
    """A definition found in a passage, before it is bound to the edition.

    `at` is the span of the first name with its marks. `own` is the span of the passage in which the term is being
    defined, so that no use counts there. `below` are the clauses that continue the definition. `weak` definitions apply
    only if no other exists ("X includes …"). `small`: the text uses the names with a small first letter only.
    """

    names: tuple[str, ...]
    passage: Passage
    at: tuple[int, int]
    own: tuple[int, int]
    given: Given
    body: str
    weak: bool = False
    below: tuple[Clause, ...] = ()
    small: bool = False


class KnownFound(Found):
    """A definition that an earlier build found: the clauses that continue it are looked up if they are needed.

    `offered` is the hash of what documents read of it, besides its names and its target.
    """

    offered: str
    _outline: Outline
    _indexes: tuple[int, ...]

    @lazy_value
    def below(self) -> tuple[Clause, ...]:
        """The clauses that continue the definition."""
        return tuple(self._outline.nodes[index][1] for index in self._indexes)

    @staticmethod
    def of(outline: Outline, below: Iterable[int], offered: str, fields: Mapping[str, object]) -> KnownFound:
        """Return a definition with the `fields` of `Found`, except `below`."""
        made = KnownFound.__new__(KnownFound)
        made.__dict__ |= {"offered": offered, "_outline": outline, "_indexes": tuple(below)}
        for name, value in fields.items():
            setattr(made, name, value)
        return made


@value_class(frozen=True, slots=True)
class Bound:
    """A definition of the edition with its position and the clauses that limit its scope (none: no limit)."""

    definition: Definition
    found: Found
    reaches: tuple[Clause, ...]
    _derived: dict[Callable[[Bound], Any], Any] = field(init=False, compare=False, repr=False, default_factory=dict)

    def derived(self, make: Callable[[Bound], _Derived]) -> _Derived:
        """Return what `make` finds in this definition alone, made once for all editions that contain it."""
        if make not in self._derived:
            self._derived[make] = make(self)
        found: _Derived = self._derived[make]
        return found

    @property
    def document(self) -> str:
        """The id of the document that contains it."""
        return self.definition.place.document

    @property
    def rank(self) -> tuple[int, int, int]:
        """The rank among several definitions of a name that apply at a place: the lowest wins."""
        order = {Scope.CLAUSE: 0, Scope.SECTION: 1, Scope.DOCUMENT: 2, Scope.SET: 3}
        lines = sum(clause.lines[1] - clause.lines[0] for clause in self.reaches)
        return order[self.definition.scope], lines, self.definition.given is Given.POINTER
