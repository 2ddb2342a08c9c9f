"""Search entries from the tree: one for every section, every definition, and every clause with a number or enumerator.

A paragraph without any of these belongs to the entry of the clause it stands in: a reader looks for "Restrictions",
not for its second paragraph. Every word of the text is in exactly one entry, save that an item or a definition inside
a sentence is found both by itself and with its sentence.

What is looked for by its name is to be found first: a definition stands under the names of its term and weighs most; of
clauses, the one whose label says no more than what was asked weighs more than those within it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from engross.model import Clause, ClauseKind, Definition, ListKind
from engross.render.pages.clauses import shown_number
from engross.render.pages.documents import title_clause

# Above any heading that has the term among its words, and above the title of a page, which the theme's search weighs
# two and a half times as much as what stands on the page; not so far above that one word of a longer label, asked for
# whole, leads to a definition. What names more words than were asked counts a little less.
_DEFINITION = 2.5
_WORDIER = 0.01
# A heading counts less by so much for each level, and an item for each character of its enumerators: "(h)(i)" comes
# before "(h)(ii)", since those who type "h i" are shown every item whose last enumerator begins with i.
_LOWER = 0.97
_DEEPER = 0.93
_ENUMERATED = 3
# So much more of the number with which a clause begins: "2.2" is asked for by itself, and the labels of all items in
# the clause hold it too ("2.2, 2.2").
_AGAIN = 6
_SHORT = 3
_ENUMERATOR = re.compile(r"\(([^\W_]{1,6})\)")


@dataclass(slots=True)
class SearchEntry:
    """`anchor` is where the entry leads within its page ("" for the page), `title` what it is called there.

    `also` are words that it is found by as if they stood in its title, `weight` how much it counts (1 is the measure).
    """

    anchor: str
    title: str
    parts: list[str] = field(default_factory=list)
    also: tuple[str, ...] = ()
    weight: float = 1.0

    @property
    def text(self) -> str:
        """The words that are searched, as plain text."""
        return " ".join(" ".join(self.parts).split())


def search_entries(root: Clause, title: str, definitions: Iterable[Definition] = ()) -> list[SearchEntry]:
    """The entries of one document, in the order of the text; the first is the page's own.

    The page is called by the document's own title, and by `title` where the text has none. `definitions` are those that
    the document gives; one in running text, which no clause stands for, comes after all clauses.
    """
    heading = title_clause(root)
    entries = [SearchEntry("", " ".join(heading.inline.text.split()) if heading else title)]
    defined = {one.anchor: one for one in definitions if one.anchor}
    _gather(root, entries[0], entries, heading, defined)
    found = {entry.anchor for entry in entries}
    entries += [_defined(one, [_body(one)]) for one in defined.values() if one.anchor not in found]
    return entries


def _gather(
    clause: Clause,
    entry: SearchEntry,
    entries: list[SearchEntry],
    heading: Clause | None,
    defined: Mapping[str, Definition],
) -> None:
    for child in clause.children:
        own = entry
        if child is heading:
            own = entries[0]
        elif child.anchor and _has_entry(child):
            own = _defined(defined[child.anchor], []) if _is_its_own(child, defined) else _called(child, clause)
            entries.append(own)
        own.parts.extend(_words(child))
        _gather(child, own, entries, heading, defined)


def _is_its_own(clause: Clause, defined: Mapping[str, Definition]) -> bool:
    """Whether a clause is but a definition; a section that gives one is still looked for by its heading."""
    return clause.anchor in defined and clause.kind is not ClauseKind.SECTION


def _defined(definition: Definition, parts: list[str]) -> SearchEntry:
    # Twice, since a title is but one of many; with a mark behind it, a name is none of the words that search passes
    # over, such as "you".
    again = tuple(name if " " in name else f"{name}," for name in definition.names)
    weight = round(_DEFINITION * (1 - _WORDIER * min(len(definition.term.split()), 9)), 3)
    return SearchEntry(definition.anchor, ", ".join(definition.names), parts, again, weight)


def _body(definition: Definition) -> str:
    return definition.body or definition.term


def _called(clause: Clause, parent: Clause) -> SearchEntry:
    """A clause under its label, found also by its number, its enumerators or the heading above it."""
    title = _title(clause)
    if clause.kind is ClauseKind.SECTION:
        return SearchEntry(clause.anchor, title, [], _heading_also(clause, parent), round(_LOWER**clause.level, 3))
    enumerators = _ENUMERATOR.findall(clause.label)
    typed = clause.kind is ClauseKind.PARAGRAPH and bool(clause.number)
    counted = clause.list_kind is ListKind.ORDERED and bool(clause.number)
    again = _AGAIN if typed else int(clause.number not in title)
    lower = clause.number.count(".") if counted else 0
    deep = 1 if typed else _ENUMERATED * (1 + lower) + sum(map(len, enumerators))
    weight = round(_DEEPER**deep, 3)
    return SearchEntry(clause.anchor, title, [], (*[clause.number] * again, *enumerators * 3), weight)


def _heading_also(clause: Clause, parent: Clause) -> tuple[str, ...]:
    """The heading above, unless that is the page's title. And what follows a word such as "To" or "the", as one word
    with it: by itself search passes over it, and "To the Agreement" would be but one more "Agreement".
    """
    above = parent.label if parent.kind is ClauseKind.SECTION and parent.level > 1 else ""
    words = clause.inline.text.split()
    joined = ("_".join(words[at:]) for at, word in enumerate(words[:-1]) if word.isalpha() and len(word) <= _SHORT)
    return tuple(filter(None, ("" if above in clause.label else above, *joined)))


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
