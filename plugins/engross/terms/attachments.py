"""Finds the exhibits, schedules, annexes and the like in a document, and which of them contains a passage."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from operator import itemgetter

import engross.common.lazy_re as re
from engross.common import lazy_value
from engross.language import Grammar, is_title
from engross.model import Clause, ClauseKind, MarkKind
from engross.terms.known_numbers import Node
from engross.terms.parts import number_of_part
from engross.terms.passages import Outline, Passage, grammar_of
from engross.terms.reference_syntax import ATTACHED

_WORDS = "exhibit|schedule|annex|annexure|annexe|appendix|attachment|addendum|anlage|anhang|anexo"
_TITLED = re.compile(r"[\s*_]*(?:[.:–—=-]|\(|\Z|[A-Z“\"])|[ \t]*\n(?:to|of)\n")
_LONGEST = 120


@lru_cache(maxsize=32)
def _name(grammar: Grammar) -> re.Pattern[str]:
    """Return the pattern of a name in one language; the words of English are known in all."""
    words = _WORDS if grammar.is_english else f"{_WORDS}|{grammar.referring.words_of('annex')}"
    return re.compile(
        rf"\W*(?P<word>{words})\s+(?:no\.?\s*|number\s+)?"
        r"(?P<quote>[“\"])?(?P<number>[A-Z](?:-?\d+)?|\d+(?:\.\d+)*[A-Z]?|[IVXLC]+)(?(quote)[”\"])(?![\w’'])",
        re.IGNORECASE,
    )


@lru_cache(maxsize=32)
def _name_last(grammar: Grammar) -> re.Pattern[str]:
    """Return the pattern of a name that ends a heading, after a dash or in brackets."""
    return re.compile(rf"(?:\s[–—-]|\()\s*{_name(grammar).pattern}[)\s]*\Z", re.IGNORECASE)


def attached_name(clause: Clause, grammar: Grammar) -> tuple[str, str] | None:
    """Return the family and number in the name of an exhibit, schedule or the like, or None."""
    text = clause.inline.text if clause.kind is ClauseKind.SECTION else clause.name
    if not text and clause.kind is ClauseKind.PARAGRAPH and _is_title(clause, grammar):
        text = clause.inline.text
    if not text and clause.kind is ClauseKind.ITEM and _is_entry(clause.inline.text, grammar):
        text = clause.inline.text
    found = _name(grammar).match(text) if text else None
    if not found and clause.kind is ClauseKind.SECTION:
        found = _name_last(grammar).search(text)  # "Members – Schedule 1", "Form of Notice (Exhibit B)"
    if not found:
        return None
    word = found["word"].lower()
    return word if word in ATTACHED else "annex", found["number"].upper()


def _is_entry(text: str, grammar: Grammar) -> bool:
    """Return whether the item of a list begins with an attachment and a colon: "* Appendix 1: Prices"."""
    found = _name(grammar).match(text)
    return found is not None and text[found.end() :].lstrip()[:1] == ":"


def _is_title(clause: Clause, grammar: Grammar) -> bool:
    """Return whether a paragraph consists of the name and title of an attachment, and of nothing else."""
    text = _first_line(clause.inline.text, grammar)
    if len(text) > _LONGEST or any(mark.kind is MarkKind.LINK for mark in clause.inline.marks):
        return False
    found = _name(grammar).match(text)
    if not found or not _TITLED.match(text, found.end()):
        return False
    # "EXHIBIT A." alone is a title with a full stop.
    rest = text[found.end() :].strip()
    return rest == "." or text.rstrip()[-1:] not in (".", ";", ",")


def _first_line(text: str, grammar: Grammar) -> str:
    """Return the first line of a text if it is the title of the lines below it: "Annex A. Delivery"; else the text."""
    line, _, rest = text.partition("\n")
    found = _name(grammar).match(line)
    title = line[found.end() :].strip(" .:–—-") if found and rest[:1].isupper() and len(line) <= _LONGEST // 2 else ""
    alone = found is not None and line[found.end() :].strip() == "." and rest[:1].isupper()
    return line if alone or (title[:1].isupper() and is_title(title)) else text


class Attachments:
    """The attachments of one document."""

    def __init__(self, outline: Outline) -> None:
        self._named: dict[tuple[str, str], tuple[int, Clause]] = {}
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._clauses: list[Clause] = []
        self._parts: list[tuple[int, str, Clause]] = []
        self._outline = outline
        self._cited: dict[tuple[str, str], bool] = {}
        self._find(outline)

    def _find(self, outline: Outline) -> None:
        grammar = grammar_of(outline.document)
        found = [
            (index, clause, name)
            for index, clause, _ in outline.nodes
            if _begins_name(clause) and (name := attached_name(clause, grammar))
        ]
        for index, clause, name in found:
            earlier = self._named.get(name)
            # Of equal paragraphs, the first may be an entry of a list of contents.
            if earlier is None or (_rank(clause), _rank(clause) != 1) <= (_rank(earlier[1]), False):
                self._named[name] = index, clause
        begins = {index: clause for index, clause in self._named.values() if _rank(clause) < 2}
        self._place(outline, begins)
        self._parts = [
            (index, number, clause) for index, clause, _ in outline.nodes if (number := number_of_part(clause))
        ]

    def _place(self, outline: Outline, begins: dict[int, Clause]) -> None:
        """Compute where each attachment ends: at the next one, or at a heading of a higher level."""
        level = None
        for index, clause, _ in outline.nodes:
            if index in begins:
                if level is not None:
                    self._ends.append(index)
                level = clause.level if clause.kind is ClauseKind.SECTION else 99
                self._starts.append(index)
                self._clauses.append(clause)
            elif clause.kind is ClauseKind.SECTION and clause.inline.text and clause.level < (level or 0) != 99:
                self._ends.append(index)
                level = None
        if level is not None:
            self._ends.append(len(outline.nodes))

    def find(self, family: str, number: str) -> Clause | None:
        """Return the clause with the name of an exhibit, schedule or the like."""
        found = self._find_named(family, number.upper())
        return found[1] if found else None

    def _find_named(self, family: str, number: str) -> tuple[int, Clause] | None:
        other = _other_digits(number)
        found = self._named.get((family, number))
        if found is None and other and not self._is_cited(family, other):
            found = self._named.get((family, other))
        return found

    def has_in_other_digits(self, family: str, number: str) -> bool:
        """Return whether an attachment has the number in other digits."""
        return (family, _other_digits(number.upper())) in self._named

    def _is_cited(self, family: str, number: str) -> bool:
        """Return whether the text cites an attachment in these digits: its "Annex I" is that of another contract."""
        if (family, number) not in self._cited:
            pattern = re.compile(rf"\b{family}\s+{number}(?!\w)", re.IGNORECASE)
            self._cited[family, number] = len(pattern.findall(self._outline.text)) > 2
        return self._cited[family, number]

    def position(self, family: str, number: str) -> int:
        """Return the position of an attachment from 1, or 0 if the document does not contain it."""
        found = self._find_named(family, number.upper())
        return self.around(found[0]) if found else 0

    def position_of_this(self, family: str, passage: Passage) -> int:
        """Return the position of the attachment around a passage that "this Schedule" means, or 0 if there is none."""
        position = self.around(passage.index)
        around = ([self._clauses[position - 1]] if position else []) + list(reversed(passage.around))
        return next((self._begun[family, id(one)] for one in around if (family, id(one)) in self._begun), 0)

    @lazy_value
    def _begun(self) -> dict[tuple[str, int], int]:
        """The positions of the attachments, by the family of their name and the id of the clause that begins them."""
        positions = {id(clause): at for at, clause in enumerate(self._clauses, 1)}
        named = ((family, id(clause)) for (family, _), (_, clause) in self._named.items())
        return {(family, one): positions[one] for family, one in named if one in positions}

    def lines_of(self, position: int) -> tuple[int, int]:
        """Return the first and the last line of the attachment at a position."""
        last = self._outline.nodes[self._ends[position - 1] - 1][1]
        return self._clauses[position - 1].lines[0], last.lines[1]

    def parts(self, position: int, number: str = "") -> list[Clause]:
        """Return the headings such as "Part 2" of the attachment at a position: all, or that with a number."""
        return [
            one
            for at, name, one in self._parts
            if self.around(at) == position and (not number or name == number.upper())
        ]

    def inside_part(self, position: int, number: str, index: int) -> range:
        """Return the indexes of the clauses in a part of the attachment at a position: that with a number, or without a
        number that around the clause with an index; an empty range if there is none.
        """
        starts = [(at, name) for at, name, _ in self._parts if self.around(at) == position]
        ends = [*(at for at, _ in starts[1:]), self._ends[position - 1] if position else 0]
        spans = [(range(at + 1, end), name) for (at, name), end in zip(starts, ends, strict=False)]
        return next((span for span, name in spans if (name == number.upper() if number else index in span)), range(0))

    def clause_around(self, index: int) -> Clause | None:
        """Return the clause that begins the attachment around the clause with an index, or None outside all of them."""
        position = self.around(index)
        return self._clauses[position - 1] if position else None

    def around(self, index: int) -> int:
        """Return which attachment contains the clause with an index: its position from 1, or 0 outside all of them."""
        at = bisect_right(self._starts, index)
        return at if at and index < self._ends[at - 1] else 0


class OwnNumbers:
    """The parts of a document that count their clauses from 1 by themselves: the agreement, its addenda, others."""

    def __init__(self, outline: Outline, attachments: Attachments, by_number: Mapping[str, Sequence[Node]]) -> None:
        self._attachments = attachments
        self._titles = [node for node in outline.nodes if node[1].level == 1]
        self._by_number = by_number

    @lazy_value
    def _tops(self) -> dict[tuple[int, int], set[str]]:
        """The first levels of the numbers of each part."""
        tops: dict[tuple[int, int], set[str]] = defaultdict(set)
        for number, nodes in self._by_number.items():
            for index, clause, _ in nodes if number[0].isdigit() else ():
                if clause.kind is not ClauseKind.CELL:
                    tops[self._part(index)].add(_top(number))
        return tops

    @lazy_value
    def _within(self) -> dict[tuple[int, str], set[str]]:
        """The last levels of the numbers in each attachment, by its position and the number that they are parts of."""
        within: dict[tuple[int, str], set[str]] = defaultdict(set)
        for number, nodes in self._by_number.items():
            whole, _, last = number.rpartition(".")
            for index, clause, _ in nodes if number[0].isdigit() else ():
                if clause.kind is not ClauseKind.CELL:
                    within[self._attachments.around(index), whole].add(last)
        return within

    @lazy_value
    def _last(self) -> dict[tuple[int, str], int]:
        """The last of these levels where they count from 1 without a gap, or else 0."""
        counted = {place: {int(one) for one in levels if one.isdigit()} for place, levels in self._within.items()}
        return {place: len(one) if one == set(range(1, len(one) + 1)) else 0 for place, one in counted.items()}

    def counts_below(self, position: int, number: str) -> bool:
        """Return whether the attachment at a position counts from 1, without a gap, up to less than a number: from 2.1
        to 2.3, but not to 2.4.
        """
        whole, _, last = number.partition("(")[0].rpartition(".")
        if last in self._within.get((position, whole), ()):
            return False
        if whole and not self._last.get((position, whole)):
            return self.counts_below(position, whole)
        return last.isdigit() and 0 < self._last.get((position, whole), 0) < int(last)

    def _part(self, index: int) -> tuple[int, int]:
        return self._attachments.around(index), bisect_right(self._titles, index, key=itemgetter(0))

    def around_other(self, index: int, number: str, at: int) -> Clause | None:
        """Return the later part around the clause with an index and a number, if text at another index cannot mean it:
        both parts count from 1.
        """
        other, own = self._part(index), self._part(at)
        if index < at or other == own or own[0] or not number[:1].isdigit():
            return None
        if "1" not in self._tops[own] or "1" not in self._tops[other]:
            return None
        return self._attachments.clause_around(index) or self._titles[other[1] - 1][1]


def _top(number: str) -> str:
    """Return the first level of a number: "4" of 4.2(b)."""
    return re.split(r"[.(-]", number, maxsplit=1)[0]


_ROMAN = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


def _other_digits(number: str) -> str:
    """Return a number in Roman digits where it is in Arabic ones, and the other way round: Annex 2 is Annex II."""
    if number.isdigit():
        return _ROMAN[int(number)] if int(number) < len(_ROMAN) else ""
    return str(_ROMAN.index(number)) if number in _ROMAN else ""


def _begins_name(clause: Clause) -> bool:
    return clause.kind in (ClauseKind.SECTION, ClauseKind.PARAGRAPH, ClauseKind.ITEM) or bool(clause.name)


def _rank(clause: Clause) -> int:
    """Return how surely a clause is the attachment itself: a heading, a paragraph, or an entry of a list."""
    if clause.kind is ClauseKind.SECTION:
        return 0
    return 1 if clause.kind is ClauseKind.PARAGRAPH else 2
