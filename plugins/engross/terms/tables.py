"""Definitions in tables: one row a term, its first cell the term, the next one what it means."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engross.model import Clause, ClauseKind, Given
from engross.terms import verbs
from engross.terms.candidates import can_be_name, in_definitions, is_proper, is_title_name
from engross.terms.found import Found
from engross.terms.outline import Outline, Passage
from engross.terms.quotes import Named, clean, named

_TERM = re.compile(
    r"(?:defined\s+|key\s+|capitali[sz]ed\s+)?(?:terms?|expressions?|words?(?:\s+or\s+phrases?)?|phrases?|names?|acronyms?"
    r"|abbreviations?)(?:\s+used)?",
    re.IGNORECASE,
)
_MEANING = re.compile(
    r"(?:\w+\s+)?(?:definitions?|meanings?|means|what\s+(?:it|this)\s+means|explanation)", re.IGNORECASE
)
_OR = re.compile(r"\s*(?:,|/|;|\bor\b)\s*")


def rows(outline: Outline) -> Iterator[list[Found]]:
    """The definitions of each table row that holds any."""
    for index, clause, _ in outline.nodes:
        if clause.kind is ClauseKind.TABLE and clause.children:
            yield from _table(outline, index, clause)


def _table(outline: Outline, index: int, table: Clause) -> Iterator[list[Found]]:
    titled = _is_titled(table.children[0])
    at = index + 1
    for ordinal, row in enumerate(table.children):
        if len(row.children) >= 2:
            first = outline.passage_of.get(at + 1)
            second = outline.passage_of.get(at + 1 + sum(1 for _ in row.children[0].walk()))
            if first is not None and second is not None and (ordinal or not titled):
                yield _row(first, second, titled)
        at += sum(1 for _ in row.walk())


def _is_titled(head: Clause) -> bool:
    cells = [clean(cell.inline.text) for cell in head.children]
    return len(cells) >= 2 and bool(_TERM.fullmatch(cells[0]) and _MEANING.fullmatch(cells[1]))


def _row(first: Passage, second: Passage, titled: bool) -> list[Found]:
    words = named(first.clause.inline)
    verb = bool(verbs.MEANS.match(second.text)) and not second.text.lower().startswith(("is ", "are "))
    if not (titled or verb or (words and in_definitions(first))):
        return []
    names = _names(first, words)
    if not names:
        return []
    body = " ".join(f"{names[0]} {second.text}".split()) if verb else " ".join(second.text.split())
    return [Found(names, first, (0, len(first.text)), (0, len(first.text)), Given.LISTED, body, below=(second.clause,))]


def _names(cell: Passage, words: list[Named]) -> tuple[str, ...]:
    """The names in a term's cell: those set apart, else all its words."""
    found = [name.name for name in words] if words and words[0].start == 0 else _OR.split(clean(cell.text))
    whole = clean(cell.text)
    if not words and not all(is_title_name(name) for name in found):
        found = [whole]
    names = [name for name in dict.fromkeys(found) if can_be_name(name)]
    return tuple(names) if names and (words or is_proper(names[0])) else ()
