"""What the reader's controls are given: the outline of a document, and the labels under which its clauses are cited.

A clause's label never changes when text is added further down, so the first of two sections of one name is called by
that name alone. Who cites it afterwards has to say which of the two is meant.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from engross.model import Clause, ClauseKind
from engross.render.clauses import shown_number


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """A section in the outline: its address on the page, its words, and its depth, 1 being the outermost."""

    anchor: str
    words: str
    depth: int


_DEEPEST = 3


def outline(root: Clause) -> tuple[OutlineEntry, ...]:
    """The sections of a document, three levels deep, without its title."""
    outermost = _sections(root)
    titled = len(outermost) == 1 and outermost[0].level == 1
    return tuple(_outline(outermost[0] if titled else root, 1))


def _outline(clause: Clause, depth: int) -> Iterator[OutlineEntry]:
    for section in _sections(clause) if depth <= _DEEPEST else ():
        words = " ".join(section.inline.text.split())
        yield OutlineEntry(section.anchor, f"{shown_number(section)} {words}".lstrip(), depth)
        yield from _outline(section, depth + 1)


def _sections(clause: Clause) -> list[Clause]:
    return [child for child in clause.children if child.kind is ClauseKind.SECTION]


def cited_labels(root: Clause) -> dict[str, str]:
    """The labels to cite by, for clauses whose own label leaves it open which section is meant; by their anchors."""
    names = Counter(clause.name for clause in root.walk() if clause.kind is ClauseKind.SECTION)
    return dict(_cited(root, "", names))


def _cited(clause: Clause, parent: str, names: Counter[str]) -> Iterator[tuple[str, str]]:
    """`parent` is the label of the section around, empty in the document and under its title."""
    for section in _sections(clause):
        if parent and section.label == section.name and names[section.name] > 1:
            for inner in section.walk():
                if inner.anchor and inner.label.startswith(section.name):
                    yield inner.anchor, f"{parent}: {inner.label}"
        yield from _cited(section, "" if section.level == 1 else section.label, names)
