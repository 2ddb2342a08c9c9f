"""Judges by the numbers that a document has whether one that it lacks is a mistake."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from engross.common import lazy_value
from engross.model import Clause, ClauseKind
from engross.terms.reference_syntax import split

Node = tuple[int, Clause, tuple[Clause, ...]]
"""A clause with its index and the clauses around it."""

_FAR = 20
_MANY = 6
_SEVERAL = 3


class KnownNumbers:
    """The numbers of one document, with their clauses."""

    def __init__(self, by_number: Mapping[str, Sequence[Node]]) -> None:
        self._by_number = by_number

    @lazy_value
    def has_levels(self) -> bool:
        """Whether clauses other than list items have numbers of several levels, such as 4.2."""
        dotted = (nodes for number, nodes in self._by_number.items() if "." in number and number[0].isdigit())
        return any(node[1].kind is not ClauseKind.ITEM for nodes in dotted for node in nodes)

    def is_beside(self, number: str) -> bool:
        """Return whether the document has the number's whole and others of its parts: 5.4 and 5.4.1 for 5.4.8."""
        whole = number.rpartition(".")[0]
        items = all(node[1].kind is ClauseKind.ITEM for node in self._by_number.get(whole, ()))
        return not items and any(one.rpartition(".")[0] == whole for one in self._by_number)

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

    def is_far(self, number: str) -> bool:
        """Return whether a number is far above those of the document, so that it is one of a law or other statutes."""
        return _first(number) > 2 * self._highest + _FAR

    @lazy_value
    def _tops(self) -> frozenset[int]:
        counted = [(number, nodes) for number, nodes in self._by_number.items() if number[:1].isdigit()]
        # Beside "4. Fees", "Part 2" is of a schedule.
        bare = frozenset(_first(number) for number, nodes in counted if any(map(_begins_with_number, nodes)))
        return bare if len(bare) >= _MANY else frozenset(_first(number) for number, _ in counted)

    @lazy_value
    def _highest(self) -> int:
        return max(self._tops, default=0)


def _first(number: str) -> int:
    """Return the first part of a number, or -1 if it is none of digits."""
    first = split(number)[0].split(".")[0]
    return int(first) if first.isdigit() and len(first) < 4 else -1


def _begins_with_number(node: Node) -> bool:
    return node[1].inline.text.lstrip()[:1].isdigit()
