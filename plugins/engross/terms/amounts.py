"""Finds the paragraphs that begin with an amount, a date or a time instead of their own number: "1.5 FTE are assigned."

The parser reads some of them as numbered. Their clauses keep that number, but no reference leads to it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

import engross.common.lazy_re as re
from engross.language import MONTHS
from engross.model import Clause, ClauseKind, MarkKind
from engross.terms.known_numbers import Node
from engross.text import is_amount

_NUMBER = re.compile(r"\s*(?P<number>\d+(?:\.\d+)*)(?![\w(])(?P<mark>[.):]?)")
_COUNTS = re.compile(
    rf"\s+(?:[a-zà-ÿ]|[A-Z]{{2,5}}\s+[a-zà-ÿ]|(?:{'|'.join(name for names in MONTHS for name in names)})\b)"
)
_KINDS = frozenset({ClauseKind.PARAGRAPH, ClauseKind.ITEM, ClauseKind.CELL})
_LONG = 3


def amounts(nodes: Iterable[Node]) -> frozenset[int]:
    """Return the indexes of the clauses that begin with an amount.

    It is one before a unit. Before a small letter, an abbreviation or a month, and with a level of three digits
    ("10.000"), it is one if no clause has the number before or after it.
    """
    known, found, doubtful = set[str](), set[int](), list[tuple[int, str]]()
    for index, clause, _ in nodes:
        begins = _NUMBER.match(clause.inline.text) if clause.kind in _KINDS else None
        if begins is None or begins["mark"] or _is_bold(clause, begins.start("number")):
            known.update(filter(None, (clause.number.rstrip("."), begins["number"] if begins else "")))
        elif is_amount(clause.inline.text, begins.start("number"), begins.end()):
            found.add(index)
        else:
            known.add(begins["number"])
            long = any(len(level) >= _LONG for level in begins["number"].split(".")[1:])
            if long or _COUNTS.match(clause.inline.text, begins.end()):
                doubtful.append((index, begins["number"]))
    found.update(index for index, number in doubtful if not _is_beside(number, known))
    return frozenset(found)


def is_numbered_item(clause: Clause) -> bool:
    """Return whether a clause is an item with a number of its own before what may be an amount: "3. 30 days"."""
    return clause.kind is ClauseKind.ITEM and bool(clause.number)


def _is_bold(clause: Clause, at: int) -> bool:
    return any(mark.kind is MarkKind.STRONG and mark.start <= at < mark.end for mark in clause.inline.marks)


def _is_beside(number: str, known: Collection[str]) -> bool:
    """Return whether one of the numbers is that before or after a number, or what its first part belongs to."""
    return any(one in known for one in _neighbours(number))


def _neighbours(number: str) -> Iterator[str]:
    whole, dot, last = number.rpartition(".")
    if last == "1" and whole:
        yield whole
    for step in (-1, 1):
        yield f"{whole}{dot}{int(last) + step:0{len(last)}}"
