"""Finds the clause of a document that a number means.

The numbers are those generated, typed in headings, typed before a paragraph, or those of nested lists. Numbers that the
parser did not recognise are searched for at the start of source lines before a reference counts as broken.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator

import engross.common.lazy_re as re
from engross.common import lazy_value
from engross.model import Clause, ClauseKind
from engross.terms.amounts import amounts, is_numbered_item
from engross.terms.attachments import Attachments, OwnNumbers, attached_name
from engross.terms.contents_lists import contents_entries
from engross.terms.continuing_blocks import ContinuingBlocks
from engross.terms.enumerated_items import ItemIndexes, Items
from engross.terms.enumerators import is_typed_inside, normalize_marker, shared_clauses
from engross.terms.known_numbers import LETTERS_LAST, KnownNumbers, Node
from engross.terms.passages import Outline, Passage, grammar_of
from engross.terms.reference_syntax import OF_HEADINGS, split
from engross.terms.split_references import lone_references, words_before
from engross.terms.typed_numbers import (
    bracketed_sections,
    clause_numbers,
    has_typed_word,
    heading_family,
    is_heading_like,
    title_number,
    typed_number,
    with_brackets,
)
from engross.terms.unread_numbers import EmbeddedNumbers, TypedLines

_SEVERAL, _SHORT = 3, 80


def is_lettered(number: str) -> bool:
    """Return whether a number is a letter and digits, such as A4."""
    return number[:1].isalpha() and number[1:2].isdigit()


class Numbering:
    """The clause numbers of one document."""

    def __init__(self, outline: Outline) -> None:
        self.outline = outline
        self._unnumbered: set[int] = set()
        self.attachments = Attachments(outline)
        self._items = outline.derived(ItemIndexes)
        self._sections: dict[int, Items] = {}
        self._lines = TypedLines(outline, self._unnumbered)
        self._by_number: dict[str, list[Node]] = defaultdict(list)
        self._typed: dict[int, str] = {}
        self._titles: set[int] = set()  # the ids of the items that are headings typed as plain lines
        self._blocks = ContinuingBlocks(outline, self._titles, self._unnumbered, self._typed)
        self._typed_at: list[int] = []
        self._runs: list[int] = []
        self._headed = Counter(
            self.attachments.around(index)
            for index, clause, _ in outline.nodes
            if clause.kind is ClauseKind.SECTION and clause.number.isdigit()
        )
        levels = ((one.level, one.number) for _, one, _ in outline.nodes if one.kind is ClauseKind.SECTION)
        bare = [level for level, number in levels if level > 1 and not number]
        self._bare_headings = len(bare)
        sums = {at for at in amounts(outline.nodes) if not is_numbered_item(outline.nodes[at][1])}
        self._unnumbered.update(id(outline.nodes[at][1]) for at in sums)
        no_clauses = (
            contents_entries(outline.passages) | outline.derived(words_before).keys() | sums | lone_references(outline)
        )
        read = [(node, self._typed_number(node)) for node in outline.nodes if node[0] not in no_clauses]
        for node, number in read:
            self._take(node, number)
        for number in [one for one in self._by_number if one.endswith(".0")]:
            # "Section 9" is "9.0 Termination", unless a clause has the number 9.
            self._by_number.setdefault(number.removesuffix(".0"), self._by_number[number])
        self._bracketed = {} if self._headed else bracketed_sections(outline.nodes)
        for index, number in self._bracketed.items():
            self._by_number[number].append(outline.nodes[index])
        self._blocks.bracketed = tuple(self._bracketed)
        self.known = KnownNumbers(self._by_number, bare)
        self.parts = OwnNumbers(outline, self.attachments, self._by_number)
        self.has_numbers = any(number[0].isdigit() for number in self._by_number)
        self._letters_sections = len(self._lettered()) > 1

    @lazy_value
    def has_lettered(self) -> bool:
        """Whether a clause has a number such as A4."""
        return any(map(is_lettered, self._by_number))

    @lazy_value
    def embedded(self) -> EmbeddedNumbers:
        """The numbers in the middle of paragraphs. Read on demand, since most documents need none."""
        return EmbeddedNumbers(self.outline.passages)

    def _take(self, node: Node, typed: str) -> None:
        index, clause, _ = node
        if typed:
            self._typed[id(clause)] = typed
            self._typed_at.append(index)
            for one in filter(None, (typed.removesuffix(".0"), with_brackets(typed))):
                self._by_number[one].append(node)
            if typed.isdigit() and is_heading_like(clause):
                self._headed[self.attachments.around(index)] += 1
        if titled := title_number(clause, node[2]):
            self._titles.add(id(clause))
            self._by_number[titled].append(node)
        if not self._may_number(node):
            self._unnumbered.add(id(clause))
        for number in clause_numbers(*node[1:]) if id(clause) not in self._unnumbered else ():
            if number != typed:
                self._by_number[number].append(node)
        if "1" in (typed, clause.number) and clause.kind is not ClauseKind.ITEM:
            self._runs.append(index)

    def _may_number(self, node: Node) -> bool:
        """Return whether a clause with a number can be a section: not the item of a mere list below a bare heading."""
        index, clause, _ = node
        if clause.kind is not ClauseKind.ITEM or not clause.number.isdigit() or self.attachments.around(index):
            return True
        if not self._is_of_list(node):
            return True
        text = clause.inline.text.rstrip()
        short = len(text) <= _SHORT and text[:1].isupper() and text[-1:] not in (".", ";", ",")
        return short or bool(clause.name) or any(child.kind is not ClauseKind.RUN_IN for child in clause.children)

    def _typed_number(self, node: Node) -> str:
        """Return the number typed before a clause that the parser gave none, if it can be the number of a section."""
        index, clause, around = node
        grammar = grammar_of(self.outline.document)
        number = "" if clause.number or attached_name(clause, grammar) else typed_number(clause, grammar)
        if number.isdigit() and not has_typed_word(clause, grammar):
            here = self.attachments.around(index)
            numbered = (outer for outer in around if outer.number)
            if self._headed[here] > 1 or any(self._attachment(outer) == here for outer in numbered):
                return ""
        return number

    def is_typed(self, clause: Clause) -> bool:
        """Return whether the number of a clause is typed before its text and unknown to the parser."""
        return id(clause) in self._typed

    def sections(self) -> Iterator[tuple[str, Clause]]:
        """Yield the numbers without enumerators, each with its first clause."""
        return ((number, nodes[0][1]) for number, nodes in self._by_number.items() if nodes and "(" not in number)

    def index(self, clause: Clause) -> int:
        """Return the index of a clause of the document in the order of `root.walk()`."""
        return self._blocks.indexes[id(clause)]

    def _attachment(self, clause: Clause) -> int:
        return self.attachments.around(self._blocks.indexes[id(clause)])

    def find(self, number: str, passage: Passage | None = None) -> Clause | None:
        """Return the clause with a number, which may include enumerators; the nearest to `passage` of several."""
        found = self._find(number.rstrip("."), passage, self.attachments.around(passage.index) if passage else 0)
        hidden = found and passage and self.parts.around_other(self.index(found), number, passage.index)
        return None if hidden else found

    def _find(self, number: str, passage: Passage | None, attachment: int) -> Clause | None:
        """Like `find`; of several, prefer those in the attachment at a position (0: outside all)."""
        nodes = self._by_number.get(number)
        base, parts = split(number)
        if not parts:
            if nodes:
                return self._nearest(nodes, passage, attachment)
            as_typed = (self._lines.clause(base) or self.embedded.find(base)) if base[:1].isalnum() else None
            if as_typed is None and number[:1].isalpha() and (nodes := self._by_number.get(number.replace("-", "."))):
                return self._nearest(nodes, passage, attachment)  # "Section F-8.3" is "F.8.3."
            if as_typed is None and number.endswith(".0"):
                return self._find(number.removesuffix(".0"), passage, attachment)  # "Sections 4.0-12.0" of 12
            found = as_typed or self._by_letters(number, passage, attachment)
            found = found or self._whole(number, passage, attachment)
            if not found and passage and passage.grammar.is_english and (digits := self.known.in_digits(number)):
                return self._find(digits, passage, attachment)
            numerals = self.known.in_numerals(number)
            return found or (self._nearest(numerals, passage, attachment) if numerals else None)
        clause = self._find(base, passage, attachment) if base else None
        if clause is None:
            return self._nearest(nodes, passage, attachment) if nodes else None
        inside = [node for node in nodes or () if any(outer is clause for outer in node[2])]
        if inside:
            return self._nearest(inside, passage, attachment)
        found = self.item(clause, parts)
        # Section 2 without an item (a) does not have that of Section 2 in an addendum.
        outside = (0, attachment, self._attachment(clause))
        nodes = [node for node in nodes or () if self.attachments.around(node[0]) in outside]
        if found is None and nodes:
            return self._nearest(nodes, passage, attachment)
        return found or self._below(clause, parts) or (self._around(base, parts, passage) if passage else None)

    def _whole(self, number: str, passage: Passage | None, attachment: int) -> Clause | None:
        """Return the section without a number of its own that begins with number 1 of a section: 7.1 is in 7."""
        first = self._by_number.get(f"{number}.1") if number.isdigit() else None
        part = self._nearest(first, passage, attachment) if first else None
        around = self.outline.nodes[self.index(part)][2] if part is not None else ()
        section = around[-1] if around and around[-1].kind is ClauseKind.SECTION else None
        return section if section is not None and section.level > 1 and not section.number else None

    def _around(self, base: str, parts: tuple[str, ...], passage: Passage) -> Clause | None:
        """Return the item in the clause around a passage, where another clause with its number lacks such an item."""
        clauses = (clause for _, clause, _ in self._by_number.get(base, ()))
        around = next((one for one in clauses if self.section_items(one).contains(passage)), None)
        return self.item(around, parts) if around is not None else None

    def find_below(self, clause: Clause, number: str) -> Clause | None:
        """Return the clause with a number inside another clause ("2(f)" inside "General Terms"), or None."""
        base, parts = split(number)
        if clause.kind is ClauseKind.ITEM and (inside := self._items.descend(clause, (f"({base})", *parts))):
            return inside
        nodes = [node for node in self._by_number.get(base, ()) if any(outer is clause for outer in node[2])]
        if normalize_marker(clause.marker) == f"({base})" or clause.number == base:
            found = clause
        elif nodes:
            found = min(nodes, key=lambda node: len(node[2]))[1]
        else:
            return self._items.descend(clause, (f"({base})", *parts))
        return self.section_items(found).descend(parts, self._items.of) if parts else found

    def _by_letters(self, number: str, passage: Passage | None, attachment: int) -> Clause | None:
        """Return the item that a number with letters means: "4.b.i" and "4b" are 4(b)(i) and 4(b)."""
        found = LETTERS_LAST.fullmatch(number)
        if not found:
            return None
        base, letters = found["base"] or found["letter"], (found["letters"] or found["below"]).strip(".")
        parts = "".join(f"({part})" for part in letters.split("."))
        clause = self._find(base + parts + found["rest"], passage, attachment)
        if clause is None and base.isalpha() and letters[0].isalpha():
            # "III.J" is section J where the parts of a document only have headings.
            clause = self._find(letters + found["rest"], passage, attachment)
        return clause

    def titled(self, number: str) -> list[Clause]:
        """Return all clauses with a number."""
        return [clause for _, clause, _ in self._by_number.get(number.rstrip("."), ())]

    def with_word(self, family: str, number: str, found: Clause, passage: Passage, part: Clause | None) -> Clause:
        """Return the clause whose heading has the word of a family, or that is in a part: Division 1 of Part 2."""
        other = heading_family(found, passage.grammar)
        if part is None and (other == family or not (other or family in OF_HEADINGS)):
            return found
        every = (node for node in self._by_number.get(number, ()) if part is None or id(part) in map(id, node[2]))
        nodes = [node for node in every if heading_family(node[1], passage.grammar) == family]
        return self._nearest(nodes, passage, self.attachments.around(passage.index)) if nodes else found

    def find_in(self, position: int, number: str, part: str = "", index: int = -1) -> Clause | None:
        """Return the clause with a number in the attachment at a position, in a part of it or first in the part around
        the clause with an index.
        """
        base, parts = split(number.rstrip("."))
        every, marks = self.attachments.parts(position, part), (f"({base})", *parts)
        if every and (span := self.attachments.inside_part(position, part, index)):
            inside = [clause for at, clause, _ in self._by_number.get(base, ()) if at in span]
            if inside or part:
                if not inside:
                    return Items(every).descend(marks, self._items.of)
                return self.section_items(inside[0]).descend(parts, self._items.of) if parts else inside[0]
        found = self._find(number.rstrip("."), None, position) if position else None
        clause = (Items(every).descend(marks, self._items.of) or found) if found in every else found
        return clause if clause is not None and self._attachment(clause) == position else None

    def typed_in(self, position: int, number: str) -> Clause | None:
        """Return the clause on the first line of the attachment at a position that begins with a number."""
        return self._lines.clause_between(number, *self.attachments.lines_of(position))

    def relative(self, passage: Passage, parts: tuple[str, ...]) -> Clause | None:
        """Return the item that enumerators alone mean: in a text without headings, below the same number."""
        owner = self.preceding(passage)
        if owner is None:
            return self._items.relative(passage, parts)
        parent = self.outline.nodes[self.index(owner)][2][-1]
        outside = next(at for at, outer in enumerate(passage.around) if outer is parent)
        near = (passage.clause, *reversed(passage.around[outside + 1 :]))
        inner = (self._items.descend(clause, parts, exact=exact) for exact in (True, False) for clause in near)
        found = next((clause for clause in inner if clause is not None), None)
        return found or self.item(owner, parts)

    def typed_before(self, passage: Passage) -> str:
        """Return the number of the paragraph that `preceding` finds, or an empty string."""
        clause = self.preceding(passage)
        return self._typed[id(clause)] if clause is not None else ""

    def preceding(self, passage: Passage) -> Clause | None:
        """Return the paragraph with a typed number that a passage belongs to in a text without headings, or None."""
        at = bisect_right(self._typed_at, passage.index) - 1
        if at < 0:
            return None
        _, clause, around = self.outline.nodes[self._typed_at[at]]
        return clause if any(outer is around[-1] for outer in passage.around) else None

    def _lettered(self) -> list[str]:
        """Return the letters and Roman numerals that number sections."""
        letters = [(number, nodes) for number, nodes in self._by_number.items() if re.fullmatch(r"[A-Z]+", number)]
        titles = self._titles
        return [
            one for one, nodes in letters if any(n[1].kind is ClauseKind.SECTION or id(n[1]) in titles for n in nodes)
        ]

    def counts_like(self, number: str) -> bool:
        """Return whether the document numbers its clauses like this number: with digits, or letters and numerals.

        Where only list items below headings without numbers are numbered, a program numbers the headings.
        """
        if not number[:1].isdigit():
            return self._letters_sections
        return self.has_numbers and self._numbers_sections

    @property
    def leaves_numbers_out(self) -> bool:
        """Whether only lists below headings without numbers have some: a program numbers the headings."""
        return self.has_numbers and not self._numbers_sections

    @lazy_value
    def _numbers_sections(self) -> bool:
        counted = (node for number, nodes in self._by_number.items() if number[0].isdigit() for node in nodes)
        return not all(map(self._is_of_list, counted))

    def _is_of_list(self, node: Node) -> bool:
        """Return whether a clause is an item below a heading without a number, in a text of such headings."""
        _, clause, around = node
        section = next((outer for outer in reversed(around) if outer.kind is ClauseKind.SECTION), None)
        bare = section is not None and section.level > 1 and not section.number
        return clause.kind is ClauseKind.ITEM and bare and self._bare_headings >= _SEVERAL

    def has_exact(self, number: str) -> bool:
        """Return whether a clause other than a list item has this number."""
        found = LETTERS_LAST.fullmatch(number)
        nodes = self._by_number.get((found["base"] or found["letter"]) if found else split(number)[0], ())
        return any(clause.kind is not ClauseKind.ITEM for _, clause, _ in nodes)

    @lazy_value
    def _searched(self) -> dict[tuple[int, tuple[str, ...]], Clause | None]:
        """What `_below` has found."""
        return {}

    def _below(self, clause: Clause, parts: tuple[str, ...]) -> Clause | None:
        """Return the clause whose text contains an item as plain characters; the clause itself if it has no address.

        Each text is searched once for each item.
        """
        if (place := (id(clause), parts)) not in self._searched:
            source, within = self.outline.document.source, self.section_items(clause).clauses
            typed = (one for one in within if all(is_typed_inside(one, part, source) for part in parts))
            self._searched[place] = next((one if one.anchor else clause for one in typed), None)
        return self._searched[place]

    def items_below(self, clause: Clause) -> Items:
        """Return the items below a clause."""
        return self._items.of(clause)

    def section_items(self, clause: Clause) -> Items:
        """Return the items of a numbered clause and of the blocks that continue it."""
        items = self._sections.get(id(clause))
        if items is None:
            items = self._sections[id(clause)] = Items((clause, *self.continuing(clause)))
        return items

    def item(self, clause: Clause, parts: tuple[str, ...]) -> Clause | None:
        """Return the item with nested enumerators in a numbered clause or the blocks that continue it."""
        items = self.section_items(clause)
        return items.descend(parts, self._items.of) or items.descend_flat(parts)

    def continuing(self, clause: Clause) -> list[Clause]:
        """Return the blocks after a numbered paragraph up to the next numbered paragraph."""
        return self._blocks.continuing(clause)

    def _nearest(self, nodes: list[Node], passage: Passage | None, mine: int) -> Clause:
        """Return the clause that a number most likely means, of several with that number."""
        if len(nodes) == 1:
            return nodes[0][1]
        own_run = bisect_right(self._runs, passage.index) if passage else 0
        path = (*passage.around, passage.clause) if passage else ()

        def distance(node: Node) -> tuple[int, bool, int, bool, bool, bool]:
            index, clause, around = node
            attachment = self.attachments.around(index)
            elsewhere = 0 if attachment == mine else 1 if attachment == 0 else 2
            # Where headings have numbers, the numbers of lists are not those of sections.
            only_item = clause.kind is ClauseKind.ITEM and clause.number.isdigit() and self._headed[attachment] > 1
            other_run = passage is not None and bisect_right(self._runs, index) != own_run
            return (
                elsewhere,
                only_item,
                -shared_clauses(path, (*around, clause)),
                clause.kind is not ClauseKind.SECTION,
                not (clause.kind is ClauseKind.SECTION or is_heading_like(clause)),
                other_run,
            )

        return min(nodes, key=distance)[1]
