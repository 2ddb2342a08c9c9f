"""Search entries from the tree: one for every section, and for every clause that has a name, a number or an enumerator.

A paragraph without any of these belongs to the entry of the clause it stands in: a reader looks for "Restrictions",
not for its second paragraph. Every word of the text is in exactly one entry, save that an item inside a sentence is
found both by itself and with its sentence.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from engross.model import Clause, ClauseKind
from engross.render.clauses import shown_number
from engross.render.documents import title_clause


@dataclass(slots=True)
class SearchEntry:
    """`anchor` is where the entry leads within its page ("" for the page), `title` what it is called there."""

    anchor: str
    title: str
    parts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The words that are searched, as plain text."""
        return " ".join(" ".join(self.parts).split())


def search_entries(root: Clause, title: str) -> list[SearchEntry]:
    """The entries of one document, in the order of the text; the first is the page's own.

    The page is called by the document's own title, and by `title` where the text has none.
    """
    heading = title_clause(root)
    entries = [SearchEntry("", " ".join(heading.inline.text.split()) if heading else title)]
    _gather(root, entries[0], entries, heading)
    return entries


def _gather(clause: Clause, entry: SearchEntry, entries: list[SearchEntry], heading: Clause | None) -> None:
    for child in clause.children:
        own = entry
        if child is heading:
            own = entries[0]
        elif child.anchor and _has_entry(child):
            own = SearchEntry(child.anchor, _title(child))
            entries.append(own)
        own.parts.extend(_words(child))
        _gather(child, own, entries, heading)


def _has_entry(clause: Clause) -> bool:
    if clause.kind is ClauseKind.SECTION:
        return True
    if clause.kind in (ClauseKind.ITEM, ClauseKind.RUN_IN):
        return bool(clause.marker[:1] == "(" or clause.marker[:1].isalnum() or clause.name)
    return clause.kind is ClauseKind.PARAGRAPH and bool(clause.name or clause.number)


def _title(clause: Clause) -> str:
    if clause.kind is ClauseKind.SECTION:
        return f"{shown_number(clause) or clause.number} {clause.label}".lstrip()
    return clause.label


def _words(clause: Clause) -> Iterator[str]:
    if clause.kind is ClauseKind.SECTION or not clause.inline.text:
        return
    if clause.name and not clause.anchor:
        # A fact of a catalogue, whose name is no part of its text.
        yield f"{clause.name}: {clause.inline.text}."
    else:
        yield clause.inline.text
