"""What `documents.yml` requires of a document's text: checklists, text to keep letter for letter, a DMCA agent."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import field
from datetime import date
from typing import TYPE_CHECKING

from engross.common import value_class

if TYPE_CHECKING:
    from engross.model.sets import Document
    from engross.model.text import Clause, Source

SUGGESTED = "?"
"""The first character of a clause that is only suggested: it counts when a person has removed it."""


@value_class(frozen=True, slots=True)
class MappedItem:
    """An item of a checklist, and the clauses that cover it: an anchor or label, or document#anchor.

    `because` is the reason why the item does not apply. `place` is the line and column in `documents.yml`.
    """

    item: str
    clauses: tuple[str, ...] = ()
    because: str = ""
    place: tuple[int, int] = field(default=(0, 0), compare=False)


@value_class(frozen=True, slots=True)
class ChecklistMap:
    """A checklist that a document must meet, by its name, with the items that are mapped."""

    name: str
    items: tuple[MappedItem, ...] = ()
    place: tuple[int, int] = field(default=(0, 0), compare=False)

    def item(self, id: str) -> MappedItem | None:
        """Return the entry of an item, or None."""
        return next((one for one in self.items if one.item == id), None)


@value_class(frozen=True, slots=True)
class Verbatim:
    """Text that must stay letter for letter: the clause with an anchor or label, or with "" the whole document.

    `hash` is the SHA-256 of its lines (see `kept_text`), empty until it is known. `free` are the anchors or labels of
    clauses within it that may differ.
    """

    clause: str = ""
    hash: str = ""
    free: tuple[str, ...] = ()
    place: tuple[int, int] = field(default=(0, 0), compare=False)


@value_class(frozen=True, slots=True)
class DmcaAgent:
    """The designated agent for notices of copyright infringement (17 U.S.C. 512(c)(2)).

    `registered` is the day on which the Copyright Office last registered the agent. `policy` is the clause about repeat
    infringers, empty if it is to be found by its words.
    """

    name: str
    address: str
    telephone: str
    email: str
    registered: date
    policy: str = ""
    place: tuple[int, int] = field(default=(0, 0), compare=False)


@value_class(frozen=True, slots=True)
class Requirements:
    """What is required of one document. `path` is that of `documents.yml` in messages."""

    checklists: tuple[ChecklistMap, ...] = ()
    verbatim: tuple[Verbatim, ...] = ()
    agent: DmcaAgent | None = None
    path: str = field(default="", compare=False)


NO_REQUIREMENTS: Requirements = Requirements()


def clause_called(root: Clause, name: str) -> Clause | None:
    """Return the clause with an anchor (with or without #) or a label; None if there is none."""
    wanted = name.removeprefix("#")
    by_label: Clause | None = None
    for clause in root.walk():
        if clause.anchor and clause.anchor == wanted:
            return clause
        if by_label is None and clause.anchor and clause.label == wanted:
            by_label = clause
    return by_label


def kept_lines(document: Document, part: Verbatim) -> tuple[int, ...]:
    """Return the numbers of the source lines that must stay letter for letter; none if the clause does not exist."""
    root = clause_called(document.root, part.clause) if part.clause else document.root
    if root is None or document.source is None:
        return ()
    free = [_body(document.source, found) for found, _ in _free(document, part)]
    first, last = root.lines if part.clause else (1, document.source.text.count("\n") + 1)
    return tuple(line for line in range(first, last + 1) if not any(start <= line <= end for start, end in free))


def _free(document: Document, part: Verbatim) -> Iterator[tuple[Clause, str]]:
    """The clauses within a part that may differ, with their names."""
    root = clause_called(document.root, part.clause) if part.clause else document.root
    for name in part.free if root else ():
        found = clause_called(root, name) if root else None
        if found and found is not root:
            yield found, name


def _body(source: Source, clause: Clause) -> tuple[int, int]:
    """The first and last line of a clause without its heading, which has its place, level and name."""
    first, last = clause.lines
    if clause.level:
        at = clause.inline.source_offset(max(0, len(clause.inline.text) - 1))
        typed = source.line(first).lstrip().startswith("#")
        # A heading that is underlined ends with the line after its words.
        first = source.position(at)[0] + (1 if typed else 2)
    return first, last


def verbatim_lines(document: Document) -> frozenset[int]:
    """The numbers of all source lines of a document that must stay letter for letter."""
    parts = document.entry.requires.verbatim
    return frozenset(line for part in parts for line in kept_lines(document, part))


def kept_text(document: Document, part: Verbatim) -> tuple[tuple[int, str], ...]:
    """Return the lines that are hashed, each with its number: without white space at their ends, and without the front
    matter, empty lines at the beginning and the end, and more than one empty line in a row.

    A free clause without a heading is a line with its name. After the text follow the targets of its links and the
    words of its footnotes, since both may be defined elsewhere.
    """
    source, kept = document.source, list[tuple[int, str]]()
    if source is None:
        return ()
    begin = document.root.children[0].lines[0] if document.root.children else 1
    numbers = kept_lines(document, part)
    places = {one.lines[0]: f"[{name}]" for one, name in _free(document, part) if not one.level}
    for number in sorted({*numbers, *places}) if numbers else ():
        text = places.get(number) or source.line(number).rstrip()
        if number >= begin and (text or (kept and kept[-1][1])):
            kept.append((number, text))
    text_lines = kept[:-1] if kept and not kept[-1][1] else kept
    return (*text_lines, *_targets(document, frozenset(numbers)))


def _targets(document: Document, numbers: frozenset[int]) -> Iterator[tuple[int, str]]:
    """The targets of links and pictures, and the words of footnotes, in the clauses that begin on these lines."""
    for clause in document.root.walk():
        line = clause.lines[0]
        if line not in numbers or clause.span != (0, 0):
            continue  # a run-in item is part of the text around it
        for mark in clause.inline.marks:
            note = clause_called(document.root, mark.target) if mark.kind == "footnote" else None
            if note:
                yield line, f"footnote: {' '.join(one.inline.text for one in note.walk())}"
            elif mark.target:
                yield line, f"link to {mark.target} {mark.title}".rstrip()


def kept_hash(document: Document, part: Verbatim) -> str:
    """Return the SHA-256 of the lines of `kept_text`, each with a line end."""
    lines = "".join(f"{line}\n" for _, line in kept_text(document, part))
    return hashlib.sha256(lines.encode("utf-8")).hexdigest()
