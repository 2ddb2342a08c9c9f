"""Search entries from the tree: for every section, every definition, and every clause with a number or enumerator.

Other paragraphs belong to the entry of the clause that contains them: readers search for "Restrictions", not for its
second paragraph. Every word of the text is in exactly one entry, but an item or a definition inside a sentence has an
entry of its own and is also part of its sentence's.

A search for a name must find that thing first. A definition has the names of its term as title and the highest weight;
a clause weighs more than the clauses within it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from functools import cache
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]

import engross.common.lazy_re as re
from engross.common import value_class
from engross.model import Clause, ClauseKind, Definition, ListKind
from engross.render.pages.clauses import shown_number
from engross.render.pages.document_page import title_clause

# Above any heading that contains the term, and above the title of a page, which the theme's search weighs 2.5 times as
# much as the page's text. It must not be so high that a search for a longer label finds a definition of one of its
# words. A name with more words than the query counts a little less.
_DEFINITION = 2.5
_WORDIER = 0.01
# The factor for each level of a heading, and for each character of an item's enumerators: "(h)(i)" comes before
# "(h)(ii)", because a search for "h i" finds every item whose last enumerator begins with i.
_LOWER = 0.97
_DEEPER = 0.93
_ENUMERATED = 3
# How often the number of a clause is repeated: a search for "2.2" must find the clause before its items, whose labels
# contain the number too ("2.2, 2.2").
_AGAIN = 6
_SHORT = 3
_SYNONYMS = Path(__file__).with_name("synonyms.yml")
_ENUMERATOR = re.compile(r"\(([^\W_]{1,6})\)")


@value_class(slots=True)
class SearchEntry:
    """An entry of the search index: `anchor` is its target on the page ("" for the page), `title` its title.

    `also` are words that count as part of the title; `weight` is relative to 1.
    """

    anchor: str
    title: str
    parts: list[str] = field(default_factory=list)
    also: tuple[str, ...] = ()
    weight: float = 1.0

    @property
    def text(self) -> str:
        """The searched words as plain text."""
        return " ".join(" ".join(self.parts).split())


def search_words(language: str, synonyms: Sequence[Sequence[str]] = ()) -> dict[str, list[Any]]:
    """The words that the search of a site knows: `synonyms`, the site's own first, and `ordinary` words."""
    known = _synonyms().get(language.partition("-")[0], {"synonyms": [], "ordinary": ""})
    return {
        "synonyms": [*(list(group) for group in synonyms), *known["synonyms"]],
        "ordinary": known["ordinary"].split(),
    }


@cache
def _synonyms() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(_SYNONYMS.read_text("utf-8"))
    return found


def search_entries(root: Clause, title: str, definitions: Iterable[Definition] = ()) -> list[SearchEntry]:
    """The entries of one document, in the order of the text; the first is the page's own.

    The page's entry has the document's own title, or `title` if the text has none. `definitions` are those of the
    document; definitions in running text, which have no clause of their own, come last.
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
    """Whether a clause is only a definition; a section with a definition is still found by its heading."""
    return clause.anchor in defined and clause.kind is not ClauseKind.SECTION


def _defined(definition: Definition, parts: list[str]) -> SearchEntry:
    # Repeated, to outweigh other titles; the comma keeps search from ignoring a name as a stop word, such as "you".
    again = tuple(name if " " in name else f"{name}," for name in definition.names)
    weight = round(_DEFINITION * (1 - _WORDIER * min(len(definition.term.split()), 9)), 3)
    return SearchEntry(definition.anchor, ", ".join(definition.names), parts, again, weight)


def _body(definition: Definition) -> str:
    return definition.body or definition.term


def _called(clause: Clause, parent: Clause) -> SearchEntry:
    """The entry of a clause: its label, and as further words its number, its enumerators or the heading above."""
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
    """The heading above, unless it is the page's title. Stop words such as "To" or "the" are joined with the next word:
    search ignores them alone, and "To the Agreement" would match like any "Agreement".
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
        # A fact of a catalogue; its name is not part of its text.
        yield f"{clause.name}: {clause.inline.text}."
    else:
        yield clause.inline.text
