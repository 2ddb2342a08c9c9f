"""The state of a document (version, dates, hash, announcements, changes of clauses), and its card on the home page.

All dates are absolute, so that a page stays true if it is not built again.

Cards list the documents of a site, set by set, on the 404 page and on each page with the comment
`<!-- engross: documents -->`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from jinja2 import Environment
from markupsafe import Markup

import engross.common.lazy_re as re
from engross.common import value_class
from engross.corpus import VERBATIM_ANCHOR, Settings
from engross.model import Alias, Clause, Document, DocumentEntry, SetEntry, Tree, TreeClause, Version
from engross.record import Record, addressed, addresses, first_announced
from engross.render.date_format import Moment, ShownDates
from engross.render.languages import PageLanguage
from engross.render.pages.inline import escape


@value_class(frozen=True, slots=True)
class VersionState:
    """A version for templates; addresses are relative to the site's root. `first_announced` is when the announcement
    that this version continues was first posted; None if it continues none. `includes` are announced material versions
    for the same instant, which this one, not material itself, continues. `imported`: it was imported, and is on
    record since `effective`; nobody recorded whether it was in force before.
    """

    number: int
    posted: Moment
    effective: Moment
    text: str
    source: str
    page: str
    withdrawn: Moment | None = None
    first_announced: Moment | None = None
    includes: tuple[VersionState, ...] = ()
    imported: bool = False

    @property
    def since(self) -> str:
        """The UI string before the instant from which it is in force, within a line."""
        return "imported_since" if self.imported else "in_force_since_lower"

    def file(self, suffix: str) -> str:
        """The address of a file of the version (see `addresses.version_file`): its source, JSON, or HTML copy."""
        return f"{self.page.removesuffix('/')}{suffix}"


@value_class(frozen=True, slots=True)
class DocumentState:
    """The version of a document in force (None if there is none), the announced ones, and the pages of the record.

    `draft`: the page shows the draft; `differs`: the draft differs from the version in force and the last announced
    one; `redline` is the address of the redline to the draft, in a preview.
    """

    in_force: VersionState | None
    announced: tuple[VersionState, ...]
    versions_page: str
    clauses_page: str
    compare_page: str = ""
    draft: bool = False
    differs: bool = False
    retired: Moment | None = None
    tree: Tree | None = None
    redline: str = ""


def document_state(record: Record, document: str, at: datetime, dates: ShownDates) -> DocumentState | None:
    """The state of a document at an instant; None if it was never posted."""
    if not record.versions.get(document):
        return None
    version = record.in_force(document, at)
    retired = record.retired(document)
    return DocumentState(
        version_state(version, dates) if version else None,
        tuple(_announced(record, one, at, dates) for one in record.announced(document, at)),
        addresses.versions_page(document),
        addresses.clauses_page(document),
        addresses.compare_page(document),
        retired=dates.moment(retired.effective) if retired and retired.effective else None,
    )


def _announced(record: Record, version: Version, at: datetime, dates: ShownDates) -> VersionState:
    first = first_announced(record, version.post)
    hidden = (
        version_state(one, dates)
        for one in record.scheduled(version.id.document, at)
        if one.effective == version.effective and one is not version and one.post.material and not version.post.material
    )
    found = version_state(version, dates)
    return replace(found, first_announced=dates.moment(first) if first else None, includes=tuple(hidden))


def version_state(version: Version, dates: ShownDates) -> VersionState:
    """A version in the form that templates need."""
    return VersionState(
        version.number,
        dates.moment(version.posted),
        dates.moment(version.effective),
        version.sealed.text,
        version.sealed.source,
        addresses.version_page(version.id),
        dates.moment(version.withdrawn) if version.withdrawn else None,
        imported=version.imported,
    )


@value_class(frozen=True, slots=True)
class ClauseState:
    """The note beside a clause: the version that added or last changed it, and since when its label means it.

    `until` is the last version in which the label meant another clause; 0 if it never did. `labels` are the enumerators
    of the list for which that is shown here, at the first of them.
    """

    clause: str
    since: int
    changed: int
    until: int
    labels: tuple[str, ...] = ()


def clause_states(tree: Tree, root: Clause) -> dict[int, ClauseState]:
    """The notes beside clauses, by index in the order of `root.walk()`.

    A clause that is unchanged since the first version has none.
    """
    by_anchor = {clause.anchor: clause for clause in tree.clauses}
    states: dict[int, ClauseState] = {}
    reused: dict[tuple[str, int], list[tuple[int, str]]] = defaultdict(list)
    for index, clause in enumerate(root.walk()):
        known = by_anchor.get(clause.anchor) if clause.anchor else None
        state = clause_state(tree, known, labelled=bool(clause.marker)) if known else None
        if state:
            states[index] = state
            if state.until:
                reused[clause.anchor.rpartition(".")[0], state.until].append((index, clause.marker))
    for found in reused.values():
        (first, _), *others = found
        states[first] = replace(states[first], labels=tuple(marker for _, marker in found))
        for index, _ in others:
            states[index] = replace(states[index], until=0)
    return {index: state for index, state in states.items() if state.changed > 1 or state.until}


def clause_state(tree: Tree, clause: TreeClause, *, labelled: bool = False) -> ClauseState | None:
    """The note beside a clause, or None. `labelled`: its enumerator is its anchor."""
    until = tree.reused.get(clause.anchor, 0) if labelled else 0
    return ClauseState(clause.id, clause.since, clause.changed, until) if clause.changed > 1 or until else None


def row_states(state: DocumentState | None) -> dict[str, Mapping[str, object]]:
    """What templates show of the rows of a list, by id: as `changed` the version that added or last changed each, as
    `earlier` the anchors that it had.
    """
    tree = state.tree if state else None
    if tree is None:
        return {"changed": {}, "earlier": {}}
    states = ((clause.anchor, clause_state(tree, clause)) for clause in tree.clauses)
    return {"changed": {anchor: one for anchor, one in states if one}, "earlier": _earlier_anchors(tree)}


def clause_notes(
    states: Mapping[int, ClauseState],
    templates: Environment,
    language: PageLanguage,
    history: str,
    changes: Mapping[int, tuple[str, str]],
) -> dict[int, str]:
    """The HTML of the notes beside clauses, by index; `history` is the address of the clause history, `changes` the day
    and title of each version.
    """
    template = templates.get_template("changed.html")
    context = {"words": language.words, "of_words": language.of_words, "history": history, "changes": changes}
    return {index: template.render(context, state=state) for index, state in states.items()}


def alias_notes(tree: Tree, document: Document) -> dict[int, str]:
    """Empty elements with the anchors that clauses had in earlier versions, by the index of the clause.

    A definition in running text has no clause of its own: its old anchors are at the clause that contains it.
    """
    earlier = _earlier_anchors(tree)
    indexes = {clause.anchor: index for index, clause in enumerate(document.root.walk()) if clause.anchor}
    within = {} if indexes.keys() >= earlier.keys() else {one.anchor: one.within for one in addressed(document)}
    notes: dict[int, str] = defaultdict(str)
    for anchor, old in earlier.items():
        index = indexes.get(anchor, indexes.get(within.get(anchor, "")))
        if index is not None:
            notes[index] += "".join(f'<span id="{escape(one)}" data-engross-generated></span>' for one in old)
    return dict(notes)


def _earlier_anchors(tree: Tree) -> Mapping[str, list[str]]:
    """The earlier anchors of each clause, by its current anchor."""
    by_id = {clause.id: clause.anchor for clause in tree.clauses}
    found: dict[str, list[str]] = defaultdict(list)
    for alias in tree.aliases:
        if alias.clause in by_id:
            found[by_id[alias.clause]].append(alias.anchor)
    return found


def sealed_anchors(tree: Tree | None) -> Iterator[str]:
    """All current and earlier anchors of a version, for a page that shows no clauses: links to them must reach the
    page.
    """
    if tree:
        yield from (clause.anchor for clause in tree.clauses if clause.anchor != VERBATIM_ANCHOR)
        yield from (anchor for anchors in _earlier_anchors(tree).values() for anchor in anchors)


def gone_anchors(tree: Tree) -> Iterator[Alias]:
    """The earlier anchors that lead to no clause of this version."""
    kept = {clause.id for clause in tree.clauses}
    return (alias for alias in tree.aliases if alias.clause not in kept)


_MARKER = re.compile(r"<!--\s*engross:\s*documents\s*-->")
StateOf = Callable[[str], DocumentState | None]


def _unknown(_document: str) -> None:
    """The state of a document without a record: None."""


_MARKED_PARAGRAPH = re.compile(rf"<p>\s*{_MARKER.pattern}\s*</p>")


@value_class(frozen=True, slots=True)
class Card:
    """The card of a document.

    `rank` is its rank in the set's order of precedence (1 is the highest), 0 if the order does not name it. `alone`: it
    is in no set. `state` is its state in the record.
    """

    entry: DocumentEntry
    rank: int = 0
    alone: bool = False
    state: DocumentState | None = None


@value_class(frozen=True, slots=True)
class CardGroup:
    """The cards of one set, the agreement first; `set` is None for documents that are in no set."""

    set: SetEntry | None
    cards: tuple[Card, ...]


def card_groups(settings: Settings, state: StateOf = _unknown) -> tuple[CardGroup, ...]:
    """The cards of all documents, in the order of `documents.yml`; those in no set come last.

    `state` returns the state of a document by id.
    """
    groups = [
        CardGroup(found, tuple(_card(settings, found, name, state) for name in _with_translations(settings, found)))
        for found in settings.sets
    ]
    listed = {card.entry.id for group in groups for card in group.cards}
    alone = tuple(
        Card(entry, alone=True, state=state(entry.id)) for entry in settings.documents if entry.id not in listed
    )
    return tuple(group for group in (*groups, CardGroup(None, alone)) if group.cards)


def _with_translations(settings: Settings, found: SetEntry) -> Iterator[str]:
    """The documents of a set, each followed by its translations that no set names."""
    for name in found.documents:
        yield name
        yield from (
            one.id for one in settings.documents if one.translation_of == name and not settings.sets_with(one.id)
        )


def _card(settings: Settings, found: SetEntry, id: str, state: StateOf) -> Card:
    rank = next((place for place, rank in enumerate(found.precedence, start=1) if id in rank), 0)
    return Card(settings.document(id), rank, state=state(id))


def render_cards(
    settings: Settings,
    templates: Environment,
    words: Mapping[str, str],
    document_url: Callable[[DocumentEntry], str],
    of_text: Callable[[str], Markup],
    state: StateOf = _unknown,
    since: str = "",
) -> str:
    """Render the cards; `document_url` returns a document's address relative to the page. `of_text` gives the
    attributes of an element with text of a document, and `state` its state, by id. `since` is the address of "What
    changed since you agreed", if there is anything posted.
    """
    return templates.get_template("cards.html").render(
        groups=card_groups(settings, state),
        several=len(settings.sets) > 1,
        words=words,
        document_url=document_url,
        since=since,
        of_text=of_text,
    )


def with_cards(html: str, make_cards: Callable[[], str]) -> str:
    """Replace the comments for cards in a page's HTML."""
    if not _MARKER.search(html):
        return html
    cards = make_cards()
    return _MARKER.sub(lambda _: cards, _MARKED_PARAGRAPH.sub(lambda _: cards, html))
