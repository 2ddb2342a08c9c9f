"""The state of a document: version, dates, hash, what is announced; and its card on the home page.

What a document's page says of its state: version, dates, hash, what is announced; and what its clauses have become.

Everything is absolute: a page that is not made again today stays true.

The documents of a site as cards, set by set: on the home page, and on the page for an address that leads nowhere.

An ordinary page says where they go by a comment of its own, `<!-- engross: documents -->`; any page may have one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from jinja2 import Environment

from engross.corpus import VERBATIM_ANCHOR, Settings
from engross.model import Alias, Clause, Document, DocumentEntry, SetEntry, Tree, TreeClause, Version
from engross.record import Record, addressed, addresses, first_announced, format_instant
from engross.render.date_format import ShownDates
from engross.render.pages.inline import escape


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant for machines and for people."""

    sealed: str
    shown: str


@dataclass(frozen=True, slots=True)
class VersionState:
    """A version as a page tells of it; addresses are relative to the site's root. `first_announced` is when the
    announcement that goes on with it was first posted; None where it goes on with no other.
    """

    number: int
    posted: Moment
    effective: Moment
    text: str
    source: str
    page: str
    withdrawn: Moment | None = None
    first_announced: Moment | None = None

    def file(self, suffix: str) -> str:
        """The address of a file of the version, as `addresses.version_file` has it: its source, data, or one file."""
        return f"{self.page.removesuffix('/')}{suffix}"


@dataclass(frozen=True, slots=True)
class DocumentState:
    """What is in force of a document (None: nothing is, yet or any more), what is announced, and where it is recorded.

    `draft` tells that the page shows the draft; `differs` that this is not what is in force, nor announced last.
    """

    in_force: VersionState | None
    announced: tuple[VersionState, ...]
    versions_page: str
    clauses_page: str
    draft: bool = False
    differs: bool = False
    retired: Moment | None = None
    tree: Tree | None = None


def moment(instant: datetime, dates: ShownDates) -> Moment:
    """An instant as pages give it."""
    return Moment(format_instant(instant), dates.instant(instant))


def document_state(record: Record, document: str, at: datetime, dates: ShownDates) -> DocumentState | None:
    """The state of a document at an instant; None where the record does not know it."""
    if not record.versions.get(document):
        return None
    version = record.in_force(document, at)
    retired = record.retired(document)
    return DocumentState(
        version_state(version, dates) if version else None,
        tuple(_announced(record, one, dates) for one in record.announced(document, at)),
        addresses.versions_page(document),
        addresses.clauses_page(document),
        retired=moment(retired.effective, dates) if retired and retired.effective else None,
    )


def _announced(record: Record, version: Version, dates: ShownDates) -> VersionState:
    first = first_announced(record, version.post)
    return replace(version_state(version, dates), first_announced=moment(first, dates) if first else None)


def version_state(version: Version, dates: ShownDates) -> VersionState:
    """A version as pages tell of it."""
    return VersionState(
        version.number,
        moment(version.posted, dates),
        moment(version.effective, dates),
        version.sealed.text,
        version.sealed.source,
        addresses.version_page(version.id),
        moment(version.withdrawn, dates) if version.withdrawn else None,
    )


@dataclass(frozen=True, slots=True)
class ClauseState:
    """What a page says beside a clause: the version that brought or last changed it, and since when its label means it.

    `until` is the last version in which the label meant other words, 0 where it never did.
    """

    clause: str
    since: int
    changed: int
    until: int


def clause_states(tree: Tree, root: Clause) -> dict[int, ClauseState]:
    """What to say beside which clause, by its index in the order of `root.walk()`.

    A clause that is as the document's first version had it has nothing to say.
    """
    by_anchor = {clause.anchor: clause for clause in tree.clauses}
    states = {}
    for index, clause in enumerate(root.walk()):
        known = by_anchor.get(clause.anchor) if clause.anchor else None
        state = clause_state(tree, known, labelled=bool(clause.marker)) if known else None
        if state:
            states[index] = state
    return states


def clause_state(tree: Tree, clause: TreeClause, *, labelled: bool = False) -> ClauseState | None:
    """What to say beside a clause; None where there is nothing. `labelled` tells that its enumerator is its anchor."""
    until = tree.reused.get(clause.anchor, 0) if labelled else 0
    return ClauseState(clause.id, clause.since, clause.changed, until) if clause.changed > 1 or until else None


def clause_notes(
    states: Mapping[int, ClauseState], templates: Environment, words: Mapping[str, str], history: str
) -> dict[int, str]:
    """The HTML beside clauses, by index; `history` is the address of the document's clause history."""
    template = templates.get_template("changed.html")
    return {index: template.render(state=state, words=words, history=history) for index, state in states.items()}


def alias_notes(tree: Tree, document: Document) -> dict[int, str]:
    """Empty elements under the anchors that clauses had in earlier versions, by the index of the clause.

    A definition in running text is no clause: what leads to it stands at the clause around it.
    """
    earlier = earlier_anchors(tree)
    indexes = {clause.anchor: index for index, clause in enumerate(document.root.walk()) if clause.anchor}
    within = {} if indexes.keys() >= earlier.keys() else {one.anchor: one.within for one in addressed(document)}
    notes: dict[int, str] = defaultdict(str)
    for anchor, old in earlier.items():
        index = indexes.get(anchor, indexes.get(within.get(anchor, "")))
        if index is not None:
            notes[index] += "".join(f'<span id="{escape(one)}" data-engross-generated></span>' for one in old)
    return dict(notes)


def earlier_anchors(tree: Tree) -> Mapping[str, list[str]]:
    """The anchors of earlier versions that lead to a clause of this one, by that clause's own."""
    by_id = {clause.id: clause.anchor for clause in tree.clauses}
    found: dict[str, list[str]] = defaultdict(list)
    for alias in tree.aliases:
        if alias.clause in by_id:
            found[by_id[alias.clause]].append(alias.anchor)
    return found


def sealed_anchors(tree: Tree | None) -> Iterator[str]:
    """The anchors that the clauses of a version have and had, for a page that shows no clauses: what leads to them
    leads to the page.
    """
    if tree:
        yield from (clause.anchor for clause in tree.clauses if clause.anchor != VERBATIM_ANCHOR)
        yield from (anchor for anchors in earlier_anchors(tree).values() for anchor in anchors)


def gone_anchors(tree: Tree) -> Iterator[Alias]:
    """The anchors of earlier versions that no clause of this one answers to."""
    kept = {clause.id for clause in tree.clauses}
    return (alias for alias in tree.aliases if alias.clause not in kept)


_MARKER = re.compile(r"<!--\s*engross:\s*documents\s*-->")
StateOf = Callable[[str], DocumentState | None]


def _unknown(_document: str) -> None:
    """Nothing is recorded."""


_MARKED_PARAGRAPH = re.compile(rf"<p>\s*{_MARKER.pattern}\s*</p>")


@dataclass(frozen=True, slots=True)
class Card:
    """A document as its card shows it: its rank in the set's order of precedence, 1 being the highest, and how many
    ranks there are; 0 where the order does not name it. `alone` says that no set has it; `state` is what the record
    says of it.
    """

    entry: DocumentEntry
    rank: int = 0
    ranks: int = 0
    alone: bool = False
    state: DocumentState | None = None


@dataclass(frozen=True, slots=True)
class CardGroup:
    """The cards of one set, the agreement first; `set` is None for documents that are in no set."""

    set: SetEntry | None
    cards: tuple[Card, ...]


def card_groups(settings: Settings, state: StateOf = _unknown) -> tuple[CardGroup, ...]:
    """The cards of all documents, in the order of `documents.yml`; those in no set come last.

    `state` gives what the record says of the document with an id.
    """
    groups = [
        CardGroup(found, tuple(_card(settings, found, name, state) for name in found.documents))
        for found in settings.sets
    ]
    alone = tuple(
        Card(entry, alone=True, state=state(entry.id))
        for entry in settings.documents
        if not settings.sets_with(entry.id)
    )
    return tuple(group for group in (*groups, CardGroup(None, alone)) if group.cards)


def _card(settings: Settings, found: SetEntry, id: str, state: StateOf) -> Card:
    rank = next((place for place, rank in enumerate(found.precedence, start=1) if id in rank), 0)
    return Card(settings.document(id), rank, len(found.precedence), state=state(id))


def render_cards(
    settings: Settings,
    templates: Environment,
    words: Mapping[str, str],
    document_url: Callable[[DocumentEntry], str],
    state: StateOf = _unknown,
) -> str:
    """The cards as HTML; `document_url` gives the address of a document as seen from the page they are for, `state`
    what the record says of it.
    """
    return templates.get_template("cards.html").render(
        groups=card_groups(settings, state), several=len(settings.sets) > 1, words=words, document_url=document_url
    )


def with_cards(html: str, make_cards: Callable[[], str]) -> str:
    """A page's HTML with the cards wherever it asks for them."""
    if not _MARKER.search(html):
        return html
    cards = make_cards()
    return _MARKER.sub(lambda _: cards, _MARKED_PARAGRAPH.sub(lambda _: cards, html))
