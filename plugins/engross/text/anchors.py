"""Turns nodes into frozen clauses and assigns each one its anchor, label and number.

* A section's anchor is the slug of its heading (`restrictions`). A later heading with the same name gets its parent's
  anchor as a prefix (`feedback.general`) or, if that is in use too, a number. The earlier anchor never changes.
* The anchor of anything inside a section extends the section's anchor: `restrictions.h.iv`,
  `definitions.customer-data`, `restrictions.p2`.
* Text before the first heading, or directly under the document's title, is labelled "Opening".

Anchors are assigned in text order without looking ahead, so text added at the end changes no existing anchor. There is
one exception: the first heading stops being the title if the next heading turns out to have the same level.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field
from typing import NamedTuple

import engross.common.lazy_re as re
from engross.common import value_class
from engross.model import READER, Clause, ClauseKind, ListKind
from engross.text.nesting import Node

_APOSTROPHES = re.compile(r"['’‘ʼ`\"“”«».]")
_NOT_SLUG = re.compile(r"[^\w]+")
# The headings of parts that are numbered by themselves: "Schedule 1: Prices", "Appendix A", "Annex", "Exhibit B-1".
_ATTACHMENT = re.compile(
    r"(?:schedule|annex(?:ure)?|appendix|exhibit|attachment|addendum|anhang|anlage|annexe|anexo)"
    r"(?:\s+(?:\d[\w.-]*|[A-Z]|[IVXLC]+)(?:[\W_]*\d+)?)?(?:\s*[:.–—-].*)?",
    re.IGNORECASE,
)


def slug(words: str) -> str:
    """Turn words into part of an address: lower case, letters and digits of any script, hyphens between words.

    "U.S. Law" becomes "us-law". Words without a letter or digit become "section".
    """
    plain = _APOSTROPHES.sub("", unicodedata.normalize("NFKC", words).lower())
    return _NOT_SLUG.sub("-", plain.replace("_", "-")).strip("-") or "section"


class _Context(NamedTuple):
    """The enclosing clause: its anchor, label and number are the prefix of those of the clauses inside it.

    The path of an enumerated item counts from the clause that contains the outermost item. Inside such an item, `base`
    is that clause.
    """

    anchor: str
    label: str
    number: str = ""
    base: _Context | None = None


_OPENING = _Context("", "Opening")
_CLOSING = _Context("closing", "Closing note")


_TYPED_NUMBER = re.compile(r"[0-9]{1,3}[.)]?\s")


@value_class(slots=True)
class Freezer:
    """Freezes the nodes of one document. `numbering` numbers its sections, unless the text already has numbers.

    `reader` is the generation of the parser whose rules apply: from 2 on, schedules are numbered by themselves.
    """

    numbering: bool
    reader: int = READER
    _taken: set[str] = field(default_factory=set)
    _labels: set[str] = field(default_factory=set)
    _counts: Counter[tuple[str, ClauseKind]] = field(default_factory=Counter)
    _repeats: Counter[str] = field(default_factory=Counter)
    _ordinals: Counter[str] = field(default_factory=Counter)
    # The latest anchor of each item, by the anchor of its base clause and the item's path.
    _items: dict[tuple[str, tuple[str, ...]], str] = field(default_factory=dict)
    _generate: bool = False
    _title: Node | None = None
    _opening: _Context = _OPENING

    def freeze(self, nodes: list[Node], last_line: int, footnotes: Sequence[Node] = ()) -> Clause:
        """Freeze a whole document. `nodes` are its top-level nodes after `arrange`, `footnotes` those of its notes."""
        headings = list(_headings(nodes))
        # Anchors that headings set for themselves are theirs wherever they are in the text.
        self._taken |= {node.anchor for node in (*headings, *footnotes) if node.anchor}
        self._title = _title(headings)
        if self._title and len(headings) == 1:
            # With no other heading, the title covers the whole document, so its text is not an opening.
            self._opening = _Context("", self._title.name)
        self._generate = self.numbering and not any(heading.number for heading in headings)
        children = self._children(nodes, self._opening, "")
        if footnotes:
            lines = min(note.lines[0] for note in footnotes), max(note.lines[1] for note in footnotes)
            notes = Node(ClauseKind.LIST, lines, children=[*footnotes], list_kind=ListKind.FOOTNOTES, tight=True)
            children += (self._block(notes, _Context("", "Footnotes")),)
        return Clause(ClauseKind.DOCUMENT, (1, max(1, last_line)), children=children)

    def _children(self, nodes: list[Node], around: _Context, number: str) -> tuple[Clause, ...]:
        clauses: list[Clause] = []
        within = around
        for node in nodes:
            if node.kind is ClauseKind.SECTION:
                clauses.append(self._section(node, around, number))
                continue
            if clauses and clauses[-1].kind is ClauseKind.SECTION:
                # A block that follows sections but is not inside the last one is the closing note.
                within = around = _CLOSING
            if self.reader > 2 and _is_beside(node, within.number):
                within = around
            clause = self._block(node, around if node.kind is ClauseKind.PARAGRAPH else within)
            clauses.append(clause)
            if node.kind is ClauseKind.PARAGRAPH and (node.number or (node.name and not node.quoted)):
                # Items that follow a numbered or named paragraph belong to it, as in 5.1(a).
                within = _Context(clause.anchor, clause.label, clause.number)
        return tuple(clauses)

    def _section(self, node: Node, around: _Context, number: str) -> Clause:
        is_title = node is self._title
        plain = slug(node.name)
        anchor = node.anchor or self._reserve(plain, f"{around.anchor}.{plain}" if around.anchor else "")
        alone = self.reader > 1 and self._generate and _ATTACHMENT.fullmatch(node.name) is not None
        if self._generate and not (is_title or alone or node.unnumbered):
            self._ordinals[number] += 1
            ordinal = str(self._ordinals[number])
            node.number, node.generated = f"{number}.{ordinal}" if number else ordinal, True
        elif node.number.startswith("(") and around.number:
            node.number = around.number + node.number
        label = node.name if node.name not in self._labels or not around.anchor else f"{around.label}: {node.name}"
        self._labels.add(node.name)
        inside = self._opening if is_title else _Context(anchor, label, node.number)
        ordinals, generate = self._ordinals, self._generate
        if not is_title and not node.generated:
            # The headings within a schedule count from 1; those within a heading without a number have none.
            self._ordinals, self._generate = Counter(), generate and not node.unnumbered
        children = self._children(node.children, inside, node.number if node.generated else "")
        self._ordinals, self._generate = ordinals, generate
        return _clause(node, anchor, label, children)

    def _block(self, node: Node, around: _Context) -> Clause:
        match node.kind:
            case ClauseKind.PARAGRAPH:
                return self._paragraph(node, around)
            case ClauseKind.LIST:
                return _clause(node, "", around.label, tuple(self._item(item, around) for item in node.children))
            case ClauseKind.TABLE:
                return self._table(node, around)
            case ClauseKind.QUOTE:
                anchor, ordinal = self._reserve_next(node.kind, around)
                inside = _Context(anchor, f"{around.label}, quotation {ordinal}", around.number)
                return _clause(node, anchor, inside.label, self._children(node.children, inside, ""))
            case ClauseKind.CODE:
                return _clause(node, self._reserve_next(node.kind, around)[0], around.label)
            case _:
                return _clause(node, "", around.label)

    def _paragraph(self, node: Node, around: _Context) -> Clause:
        plain, ordinal = self._next(ClauseKind.PARAGRAPH, around)
        if node.quoted and node.name:
            anchor, label = _sub_anchor(around, slug(node.name)), self._named(f"“{node.name}”", around, " ")
        elif node.number or node.name:
            number = _number_slug(node.number.lower() if self.reader > 4 else node.number)
            anchor = _sub_anchor(around, slug(node.name) if node.name else number)
            label = f"{node.number} {node.name}".strip() if node.number else self._named(node.name, around)
        else:
            anchor, label = plain, around.label if ordinal == 1 else f"{around.label}, paragraph {ordinal}"
        anchor = self._reserve(anchor)
        here = _Context(anchor, label, node.number or around.number) if node.number or node.name else around
        return _clause(node, anchor, label, self._run_ins(node.children, here))

    def _named(self, name: str, around: _Context, between: str = ": ") -> str:
        """The label of a paragraph by its name; from generation 4 on, without a title that covers the whole document,
        and without "Opening" if its name begins with a number.
        """
        whole = around is self._opening and (around is not _OPENING or _TYPED_NUMBER.match(name) is not None)
        return name if self.reader > 3 and whole else f"{around.label}{between}{name}"

    def _item(self, node: Node, around: _Context) -> Clause:
        if node.list_kind is ListKind.FOOTNOTES:
            inside = here = _Context(node.anchor, f"Footnote {node.marker.rstrip('.')}")
        else:
            inside = here = self._enumerated(node, around) if node.enumerator else self._bullet(node, around)
        if node.enumerator:
            node.number = here.number
            inside = here._replace(base=around.base or around)
        run_in = [child for child in node.children if child.kind is ClauseKind.RUN_IN]
        children = self._run_ins(run_in, here) + self._children(node.children[len(run_in) :], inside, "")
        return _clause(node, here.anchor, here.label, children)

    def _bullet(self, node: Node, around: _Context) -> _Context:
        if node.name:
            label = f"{around.label} “{node.name}”" if node.quoted else f"{around.label}: {node.name}"
            return _Context(self._reserve(_sub_anchor(around, slug(node.name))), label, around.number)
        anchor, ordinal = self._reserve_next(ClauseKind.ITEM, around)
        return _Context(anchor, f"{around.label}, item {ordinal}", around.number)

    def _enumerated(self, node: Node, around: _Context) -> _Context:
        base = around.base or around
        outer = self._items.get((base.anchor, node.path[:-1]), base.anchor)
        anchor = self._reserve(f"{outer or 'opening'}.{node.path[-1].strip('()')}")
        self._items[base.anchor, node.path] = anchor
        return _Context(anchor, _label_with_path(base.label, node.path), _append_path(base.number, node.path))

    def _run_ins(self, nodes: list[Node], around: _Context) -> tuple[Clause, ...]:
        return tuple(self._run_in(node, around) for node in nodes)

    def _run_in(self, node: Node, around: _Context) -> Clause:
        here = self._enumerated(node, around)
        node.number = here.number
        return _clause(node, here.anchor, here.label, self._run_ins(node.children, around))

    def _table(self, node: Node, around: _Context) -> Clause:
        anchor, _ = self._reserve_next(ClauseKind.TABLE, around)
        rows = tuple(self._row(row, at, anchor, around) for at, row in enumerate(node.children))
        return _clause(node, anchor, around.label, rows)

    def _row(self, row: Node, at: int, table: str, around: _Context) -> Clause:
        name = " ".join(row.children[0].inline.text.split())[:60] if row.children else ""
        called = "table head" if at == 0 else f"row “{name}”" if name else f"row {at}"
        here = _Context(self._reserve(f"{table}.r{at}"), f"{around.label}, {called}")
        cells = (_clause(cell, "", here.label, self._run_ins(cell.children, here)) for cell in row.children)
        return _clause(row, here.anchor, here.label, tuple(cells))

    def _next(self, kind: ClauseKind, around: _Context) -> tuple[str, int]:
        """Return the next anchor for a kind without a name of its own (`restrictions.p2`), and its ordinal."""
        self._counts[around.anchor, kind] += 1
        ordinal = self._counts[around.anchor, kind]
        return _sub_anchor(around, f"{_LETTERS[kind]}{ordinal}"), ordinal

    def _reserve_next(self, kind: ClauseKind, around: _Context) -> tuple[str, int]:
        anchor, ordinal = self._next(kind, around)
        return self._reserve(anchor), ordinal

    def _reserve(self, *wanted: str) -> str:
        """Reserve the first wanted anchor that is free; otherwise the last one with the lowest free numeric suffix."""
        for anchor in wanted:
            if anchor and anchor not in self._taken:
                break
        else:
            last = wanted[-1] or wanted[0]
            ordinal = self._repeats[last] + 2
            while f"{last}-{ordinal}" in self._taken:
                ordinal += 1
            self._repeats[last] = ordinal - 1
            anchor = f"{last}-{ordinal}"
        self._taken.add(anchor)
        return anchor


_LETTERS = {
    ClauseKind.PARAGRAPH: "p", ClauseKind.ITEM: "b", ClauseKind.TABLE: "t", ClauseKind.QUOTE: "q", ClauseKind.CODE: "c",
}  # fmt: skip


def _clause(node: Node, anchor: str, label: str, children: tuple[Clause, ...] = ()) -> Clause:
    return Clause(
        node.kind, node.lines, anchor, label, node.inline, children, node.level, node.marker, node.number,
        node.generated, node.name, node.list_kind, node.tight, node.span, node.align, node.language,
    )  # fmt: skip


def _headings(nodes: Iterable[Node]) -> Iterator[Node]:
    """Yield all sections in text order."""
    for node in nodes:
        if node.kind is ClauseKind.SECTION:
            yield node
            yield from _headings(node.children)


def _title(headings: list[Node]) -> Node | None:
    """Return the first heading if it has level 1 and no number, and the next heading has a deeper level."""
    if not headings or headings[0].level != 1 or headings[0].number:
        return None
    return headings[0] if len(headings) == 1 or headings[1].level > 1 else None


def _is_beside(node: Node, number: str) -> bool:
    """Return whether a list counts on after the sections, and is not in the paragraph before: "2. Orders" after 1.1."""
    first = node.children[0].enumerator if node.kind is ClauseKind.LIST and node.children else None
    section = number.partition(".")[0]
    if first is None or first.form == "()" or not (first.inner.isdigit() and section.isdigit()):
        return False
    return int(first.inner) > max(1, int(section))


def _sub_anchor(around: _Context, words: str) -> str:
    return f"{around.anchor or 'opening'}.{words}"


def _number_slug(number: str) -> str:
    """Turn a number into part of an address: "5.3(a)" becomes "5-3.a"."""
    return number.replace(".", "-").replace("(", ".").replace(")", "")


def _append_path(number: str, path: tuple[str, ...]) -> str:
    for part in path:
        number += f".{part}" if part[0].isdigit() and number else part
    return number


def _label_with_path(label: str, path: tuple[str, ...]) -> str:
    path_text = _append_path("", path)
    if path_text.startswith("("):
        return f"{label}{'' if label[-1:] == ')' or label[-1:].isdigit() else ' '}{path_text}"
    return f"{label}, {path_text}" if label[-1:].isdigit() else f"{label} {path_text}"
