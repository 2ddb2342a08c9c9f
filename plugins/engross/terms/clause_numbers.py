"""Finds the clause that a number means in one document.

The numbers are those the document carries: generated, typed in headings, in bold before a paragraph, or those of nested
lists. What the parser has not read as a number is still looked for as text at the start of a line before a reference
counts as broken.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from engross.common import lazy_value
from engross.model import Clause, ClauseKind
from engross.terms.passages import Outline, Passage
from engross.terms.reference_syntax import ATTACHED, split

Node = tuple[int, Clause, tuple[Clause, ...]]

_TYPED = re.compile(
    r"\s*(?:(?:section|article|clause|§)\s*)?(?P<number>\d+(?:\.\d+)*)[.):]?(?=[\s.]|\Z)", re.IGNORECASE
)
_LINE = re.compile(
    r"^(?P<markup>[\s>#*_|+-]*(?:<[^>\n]*>[\s*_]*)*)(?P<word>(?i:section|article|clause|§)\s*)?(?P<number>\d+(?:\.\d+)*)"
    r"(?!\w|\.\d)(?P<mark>[.):*_]*)(?=[\s<|]|$)(?P<name>\s+[“\"*_]*[A-Z])?",
    re.MULTILINE,
)
_ATTACHED_NAME = re.compile(
    r"\W*(?P<word>exhibit|schedule|annex|annexure|appendix|attachment|addendum)\s+(?:no\.?\s*)?"
    r"(?P<number>[A-Z](?:-?\d+)?|\d+(?:\.\d+)*|[IVXLC]+)\b",
    re.IGNORECASE,
)
_ENUMERATOR = re.compile(r"\(?([A-Za-z]{1,5}|\d{1,3})[.)]\Z")


class Numbering:
    """The numbers of one document."""

    def __init__(self, outline: Outline) -> None:
        self.outline = outline
        self._by_number: dict[str, list[Node]] = defaultdict(list)
        self._attached: dict[tuple[str, str], Clause] = {}
        for node in outline.nodes:
            for number in _numbers(node):
                self._by_number[number].append(node)
            if (found := attached_name(node[1])) is not None:
                self._attached.setdefault(found, node[1])
        self.carries = any(number[0].isdigit() for number in self._by_number)
        self._carries_letters = len(self._lettered()) > 1

    def find(self, number: str, passage: Passage | None = None) -> Clause | None:
        """The clause that carries a number, enumerators included; the nearest to `passage` where several do."""
        number = number.rstrip(".")
        nodes = self._by_number.get(number)
        if nodes:
            return _nearest(nodes, passage)
        base, parts = split(number)
        if not parts:
            return self._as_typed(base) if base[:1].isdigit() else None
        clause = self.find(base, passage) if base else None
        return self._below(clause, parts) if clause is not None else None

    def _lettered(self) -> set[str]:
        """The letters and roman figures that sections are counted with."""
        return {
            number
            for number, nodes in self._by_number.items()
            if re.fullmatch(r"[A-Z]+", number) and any(node[1].kind is ClauseKind.SECTION for node in nodes)
        }

    def counts_like(self, number: str) -> bool:
        """Whether the document counts its clauses as the number does: with figures, or with letters and romans."""
        return self.carries if number[:1].isdigit() else self._carries_letters

    def has(self, number: str) -> bool:
        """Whether the part of a number before its enumerators is known."""
        base, _ = split(number)
        return bool(base) and self.find(base) is not None

    def attached(self, family: str, number: str) -> Clause | None:
        """The section that is an exhibit, schedule or the like, by its name."""
        return self._attached.get((family, number.upper()))

    def attaches(self, family: str) -> bool:
        """Whether the document itself holds any exhibit, schedule … of this family."""
        return any(one == family for one, _ in self._attached)

    def _below(self, clause: Clause, parts: tuple[str, ...]) -> Clause | None:
        """The item below a clause, or the clause itself where its text has the item only as plain characters."""
        within = [clause, *self._continuing(clause)]
        found = descend(within, parts)
        if found is not None:
            return found
        typed = (one for one in within if all(self._is_typed(one, part) for part in parts))
        return next((one if one.anchor else clause for one in typed), None)

    def _is_typed(self, clause: Clause, part: str) -> bool:
        """Whether an enumerator stands in the text of a clause, though no item was made of it."""
        source = self.outline.document.source
        if source is None or f"{part} " in _all_text(clause):
            return True
        begins = re.compile(rf"[\s>*_-]*\(?{re.escape(part.strip('()'))}[.)]")
        return any(begins.match(source.line(line)) for line in range(clause.lines[0], clause.lines[1] + 1))

    def _continuing(self, clause: Clause) -> list[Clause]:
        """What follows a numbered paragraph up to the next numbered one."""
        node = next((node for node in self.outline.nodes if node[1] is clause), None)
        if node is None or clause.kind is not ClauseKind.PARAGRAPH:
            return []
        siblings = node[2][-1].children
        at = next(at for at, sibling in enumerate(siblings) if sibling is clause)
        following = []
        for sibling in siblings[at + 1 :]:
            if sibling.kind is ClauseKind.SECTION or (sibling.kind is ClauseKind.PARAGRAPH and sibling.number):
                break
            following.append(sibling)
        return following

    def _as_typed(self, number: str) -> Clause | None:
        """The clause on a line that begins with the number, as a last resort."""
        line = self._typed_lines.get(number)
        if line is None:
            return None
        inside = [
            node for node in self.outline.nodes if node[1].anchor and node[1].lines[0] <= line <= node[1].lines[1]
        ]
        return inside[-1][1] if inside else None

    @lazy_value
    def _typed_lines(self) -> dict[str, int]:
        """Numbers at the start of lines of the source, whatever the parser made of them → the first such line."""
        source, found = self.outline.document.source, dict[str, int]()
        for match in _LINE.finditer(source.text) if source is not None else ():
            # A line of running text may begin with "Section 4 applies", or with the 4.2 of "Section 4.2".
            if match["mark"] or match["markup"].strip() or (match["name"] and not match["word"]):
                found.setdefault(match["number"], match.start("number"))
        return {number: source.position(at)[0] for number, at in found.items()} if source is not None else {}


def _numbers(node: Node) -> Iterator[str]:
    """The numbers a clause may be referred to by."""
    _, clause, around = node
    number = clause.number
    if not number and clause.kind in (ClauseKind.PARAGRAPH, ClauseKind.ITEM):
        found = _TYPED.match(clause.name or "") if clause.name else None
        number = found["number"] if found else ""
    number = number.replace(" ", "").rstrip(".")
    if not number or number.startswith("("):
        return
    yield number
    parent = next((outer.number for outer in reversed(around) if outer.number), "")
    if parent and not number.startswith(parent) and clause.kind is ClauseKind.SECTION:
        yield f"{parent.rstrip('.')}.{number}"


def attached_name(clause: Clause) -> tuple[str, str] | None:
    """The family and number of an exhibit, schedule or the like, by the name of the clause; else None."""
    if clause.kind is not ClauseKind.SECTION and not clause.name:
        return None
    found = _ATTACHED_NAME.match(clause.inline.text if clause.kind is ClauseKind.SECTION else clause.name)
    if not found:
        return None
    word = found["word"].lower()
    family = word if word in ATTACHED else "annex"
    return family, found["number"].upper()


def _nearest(nodes: list[Node], passage: Passage | None) -> Clause:
    if len(nodes) == 1 or passage is None:
        return min(nodes, key=lambda node: node[1].kind is not ClauseKind.SECTION)[1]

    def distance(node: Node) -> tuple[int, bool]:
        shared = 0
        for mine, other in zip((*passage.around, passage.clause), (*node[2], node[1]), strict=False):
            if mine is not other:
                break
            shared += 1
        return -shared, node[1].kind is not ClauseKind.SECTION

    return min(nodes, key=distance)[1]


def spoken_marker(marker: str) -> str:
    """An enumerator as a reference says it: `a.`, `a)` and `(a)` are all "(a)"."""
    found = _ENUMERATOR.match(marker)
    return f"({found[1]})" if found else marker


def descend(clauses: Iterable[Clause], parts: tuple[str, ...]) -> Clause | None:
    """The item with these enumerators, one below the other, below any of the clauses; the least deep one."""
    level = list(clauses)
    for part in parts:
        found = _least_deep(level, part)
        if found is None:
            return None
        level = [found]
    return level[0] if parts else None


def _least_deep(clauses: list[Clause], part: str) -> Clause | None:
    level = [child for clause in clauses for child in clause.children]
    while level:
        for clause in level:
            if clause.marker and spoken_marker(clause.marker) == part:
                return clause
        level = [child for clause in level for child in clause.children]
    return None


def has_items(clause: Clause) -> bool:
    """Whether anything enumerated stands below a clause."""
    return any(inner.marker and inner is not clause for inner in clause.walk())


def _all_text(clause: Clause) -> str:
    return " ".join(inner.inline.text for inner in clause.walk() if inner.kind is not ClauseKind.RUN_IN) + " "


def relative(passage: Passage, parts: tuple[str, ...]) -> Clause | None:
    """The item that bare enumerators mean where they stand: in the same sentence, list, section, going outwards."""
    within: list[Clause] = [passage.clause, *reversed(passage.around)]
    for clause in within:
        if clause.kind is ClauseKind.DOCUMENT and len(within) > 2:
            return None
        found = descend([clause], parts)
        if found is not None:
            return found
    return None
