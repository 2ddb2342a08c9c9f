"""Judges by the numbers that a document has whether one that it lacks is a mistake."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence

import engross.common.lazy_re as re
from engross.common import lazy_value
from engross.model import Clause, ClauseKind
from engross.terms.reference_syntax import split
from engross.terms.typed_numbers import INSERTED

_WHOLE = re.compile(r"(.+)[.-]([^.-]+)\Z")

LETTERS_LAST = re.compile(
    r"(?:(?P<base>\d+(?:\.\d+)*(?:[A-Z](?=\.))?)(?P<letters>\.?[a-zA-Z](?:\.[a-zA-Z\d]{1,4})*|\.[ivxl]{2,5}(?:\.[a-zA-Z\d]{1,4})*)"
    r"|(?P<letter>[IVXLC]+|[A-Z])(?P<below>(?:\.[a-zA-Z\d]{1,5})+))(?P<rest>(?:\(\w+\))*)\Z"
)
"""A number with letters after it: "4.b.i", "4b", "III.J"."""

_AFTER_POINT = re.compile(r"\d+\.(0\d|\d{3})(?!\d)")
_INSERTED = re.compile(rf"\d+(?:\.\d+)*(?:[A-Za-z]|{INSERTED})")

Node = tuple[int, Clause, tuple[Clause, ...]]
"""A clause with its index and the clauses around it."""

_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_FAR, _NEAR = 20, 5
_MANY = 6
_SEVERAL, _OFTEN = 3, 3


class KnownNumbers:
    """The numbers of one document, with their clauses."""

    def __init__(self, by_number: Mapping[str, Sequence[Node]], bare: Sequence[int] = ()) -> None:
        self._by_number = by_number
        self._bare = bare  # the levels of the headings without a number

    @lazy_value
    def has_inserted(self) -> bool:
        """Whether a clause was inserted later between two others: 4A, 5a, 6bis."""
        return any(map(is_inserted, self._by_number))

    @lazy_value
    def has_levels(self) -> bool:
        """Whether clauses other than list items have numbers of several levels, such as 4.2."""
        dotted = (nodes for number, nodes in self._by_number.items() if "." in number and number[0].isdigit())
        return any(node[1].kind is not ClauseKind.ITEM for nodes in dotted for node in nodes)

    def has_form(self, number: str) -> bool:
        """Return whether clauses have numbers with as many digits after the point: 2.01 for 10.07."""
        after = _AFTER_POINT.match(number)
        return after is not None and len(after[1]) in self._after_points

    @lazy_value
    def _after_points(self) -> frozenset[int]:
        """How many digits follow the first point of numbers, where a zero is the first or they are three."""
        found = (_AFTER_POINT.match(number) for number in self._by_number)
        return frozenset(len(one[1]) for one in found if one)

    def is_beside(self, number: str) -> bool:
        """Return whether the document has the number's whole and others of its parts: 5.4 and 5.4.1 for 5.4.8."""
        whole = number.rpartition(".")[0]
        items = all(node[1].kind is ClauseKind.ITEM for node in self._by_number.get(whole, ()))
        return not items and any(one.rpartition(".")[0] == whole for one in self._by_number)

    def has_hyphens(self, number: str) -> bool:
        """Return whether sections have numbers that begin with a number and a hyphen: 8-1 and 8-2 for 8."""
        return number in self._before_hyphens

    @lazy_value
    def _before_hyphens(self) -> frozenset[str]:
        return frozenset(one.partition("-")[0] for one in self._by_number if one[0].isdigit() and "-" in one)

    def in_numerals(self, number: str) -> list[Node]:
        """Return the sections whose Roman numeral a number means: "IV. Term" for Section 4, where none has digits."""
        return self._numerals.get(int(number), []) if number.isdigit() else []

    def in_digits(self, number: str) -> str:
        """Return the number that a Roman numeral means where sections count in digits: 4 for Article IV; else ""."""
        if not set(number) <= {"I", "V", "X"} or "I" in self._by_number or "II" in self._by_number:
            return ""
        digits = all(one in self._by_number or f"{one}.1" in self._by_number for one in ("1", "2", "3"))
        return str(_roman(number)) if digits else ""

    @lazy_value
    def _numerals(self) -> dict[int, list[Node]]:
        """The sections with Roman numerals by their values, if the numerals count from I to III at least."""
        found: dict[int, list[Node]] = defaultdict(list)
        for number, nodes in self._by_number.items():
            sections = [node for node in nodes if node[1].kind is ClauseKind.SECTION]
            if sections and number[0].isdigit():
                return {}
            if sections and set(number) <= _ROMAN_VALUES.keys():
                found[_roman(number)] += sections
        return found if {1, 2, 3} <= found.keys() else {}

    @lazy_value
    def restarts(self) -> bool:
        """Whether the sections of one level count again from a number above 1: a converter lost where they go on."""
        again: dict[int, set[str]] = defaultdict(set)
        for number, nodes in self._by_number.items():
            if len(nodes) > 1 and number.isdigit():
                sections = (node for node in nodes if node[1].kind is ClauseKind.SECTION and _begins_with_number(node))
                within = Counter(id(around[-1]) for _, _, around in sections)
                for parent, count in within.items():
                    if count > 1:
                        again[parent].add(number)
        return any(len(numbers) >= _SEVERAL and "1" not in numbers for numbers in again.values())

    def is_hole(self, number: str) -> bool:
        """Return whether a number is between those of the document: a converter lost the number of a heading."""
        first = _first(number)
        return 0 <= first < self._highest and len(self._tops) >= _MANY and first not in self._tops

    @lazy_value
    def generated(self) -> bool:
        """Whether the sections have numbers that are generated."""
        return any(clause.generated for nodes in self._by_number.values() for _, clause, _ in nodes)

    def is_far(self, number: str) -> bool:
        """Return whether a number is far above those of the document, so that it is one of a law or other statutes."""
        return _first(number) > 2 * self._highest + _FAR

    def shows_missing(self, number: str) -> bool:
        """Return whether the numbers around one that the document lacks show that it does not exist.

        They do if others of the same whole end before it (4.1 and 4.2 for 4.3), or the sections count from 1 up to a
        lower number. Between two others (4.2 between 4.1 and 4.3) one may not have been read.
        """
        whole = _WHOLE.match(number)
        if whole is None:
            return self._counts_below(number)
        last, twice = self._parts.get(whole[1], (-1, False))
        if last >= 0:
            return (not whole[2].isdigit() or int(whole[2]) > last) and not twice
        return whole[1] not in self._by_number and self.shows_missing(whole[1])

    @lazy_value
    def _parts(self) -> dict[str, tuple[int, bool]]:
        """By whole number, the last of its parts (0 if they are letters), and whether one of them is used twice."""
        parts: dict[str, tuple[int, bool]] = {}
        for number, nodes in self._by_number.items():
            own = _WHOLE.match(number)
            if own and any(clause.kind is not ClauseKind.CELL for _, clause, _ in nodes):
                last, twice = parts.get(own[1], (0, False))
                value = int(own[2]) if own[2].isdigit() else 0
                parts[own[1]] = max(last, value), twice or self.is_used_twice(number)
        return parts

    def _counts_below(self, number: str) -> bool:
        """Return whether the sections of the document count from 1, without a gap, up to less than a number."""
        tops = [
            one
            for one, nodes in self._by_number.items()
            if one.isdigit() == number.isdigit() and one.isalnum() and any(map(_is_section, nodes))
        ]
        value: Callable[[str], int] = int if number.isdigit() else _letter
        if not number.isdigit():
            tops = [one for one in tops if one.isupper() and one.isalpha()]
            if "I" in tops and all(set(one) <= _ROMAN_VALUES.keys() for one in (number, *tops)):
                value = _roman
        ordinals = {value(one) for one in tops}
        complete = len(ordinals) > 1 and ordinals == set(range(1, len(ordinals) + 1))
        # A number far above may be one of another text.
        return (
            complete
            and self._numbers_all(tops)
            and len(ordinals) < value(number) <= (value(number) if self.generated else 2 * len(ordinals) + _NEAR)
            and not any(map(self.is_used_twice, tops))
        )

    def _numbers_all(self, tops: Sequence[str]) -> bool:
        """Return whether the numbers are those of all sections: none is used again below another heading, and few
        headings of their level have none.
        """
        sections = [[one for _, one, _ in self._by_number[top] if one.kind is ClauseKind.SECTION] for top in tops]
        level = min((one.level for found in sections for one in found), default=0)
        bare = sum(1 < one <= level for one in self._bare)
        return all(len(found) < _OFTEN for found in sections) and 2 * _OFTEN * bare < len(tops)

    def is_used_twice(self, number: str) -> bool:
        """Return whether a number begins more than one clause at one level; items of other lists do not count."""
        nodes = [node for node in self._by_number.get(number, ()) if node[1].kind is not ClauseKind.ITEM]
        within = Counter(id(around[-1]) for _, _, around in nodes)
        return any(count > 1 for count in within.values())

    @lazy_value
    def _tops(self) -> frozenset[int]:
        counted = [(number, nodes) for number, nodes in self._by_number.items() if number[:1].isdigit()]
        # Beside "4. Fees", "Part 2" is of a schedule.
        bare = frozenset(_first(number) for number, nodes in counted if any(map(_begins_with_number, nodes)))
        return bare if len(bare) >= _MANY else frozenset(_first(number) for number, _ in counted)

    @lazy_value
    def _highest(self) -> int:
        return max(self._tops, default=0)


def is_inserted(number: str) -> bool:
    """Return whether a number is one of a clause that was inserted later: 4A, 6bis."""
    return _INSERTED.fullmatch(number) is not None


def _roman(number: str) -> int:
    values = [_ROMAN_VALUES[letter] for letter in number]
    return sum(-one if one < max(values[at + 1 :], default=0) else one for at, one in enumerate(values))


def _letter(number: str) -> int:
    return ord(number[0]) - ord("A") + 1 if len(number) == 1 else 0


def _is_section(node: Node) -> bool:
    """Return whether a clause is a section, a paragraph, or an item of a list that is not below a heading."""
    _, clause, around = node
    return clause.kind is not ClauseKind.ITEM or not any(
        outer.kind is ClauseKind.ITEM or (outer.kind is ClauseKind.SECTION and outer.level > 1) for outer in around
    )


def _first(number: str) -> int:
    """Return the first part of a number, or -1 if it is none of digits."""
    first = split(number)[0].split(".")[0]
    return int(first) if first.isdigit() and len(first) < 4 else -1


def _begins_with_number(node: Node) -> bool:
    return node[1].inline.text.lstrip()[:1].isdigit()
