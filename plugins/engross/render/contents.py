"""The sections of a document, for the contents that a printed one begins with."""

from __future__ import annotations

from dataclasses import dataclass

from engross.model import Clause, ClauseKind
from engross.render.clauses import shown_number


@dataclass(frozen=True, slots=True)
class ContentsEntry:
    """A section in the contents: where it is, its generated number ("" without), its heading, what stands below it."""

    anchor: str
    number: str
    title: str
    sections: tuple[ContentsEntry, ...] = ()


def contents(root: Clause, title: Clause | None) -> tuple[ContentsEntry, ...]:
    """The contents of a document; the heading that is its title is not listed, what stands below it is."""
    found: list[ContentsEntry] = []
    for clause in root.children:
        if clause is title:
            found += contents(clause, None)
        elif clause.kind is ClauseKind.SECTION:
            words = " ".join(clause.inline.text.split())
            found.append(ContentsEntry(clause.anchor, shown_number(clause), words, contents(clause, None)))
    return tuple(found)
