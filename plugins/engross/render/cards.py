"""The documents of a site as cards, set by set: on the home page, and on the page for an address that leads nowhere.

An ordinary page says where they go by a comment of its own, `<!-- engross: documents -->`; any page may have one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from jinja2 import Environment

from engross.corpus.documents import Settings
from engross.model import DocumentEntry, SetEntry
from engross.render.state import DocumentState

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
