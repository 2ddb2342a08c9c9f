"""Where each definition can be linked to: an address of its own in its document, which stays while its words move.

A definition that is a clause by itself has that clause's address. One in running text ("(the “Effective Date”)") is
called after the section or item it stands in and its term; a paragraph's ordinal would change with every paragraph put
in before it.
"""

from __future__ import annotations

import re
from collections import defaultdict

from engross.model import Document, Given
from engross.terms.found import Found
from engross.text import slug

_ORDINAL = re.compile(r"\.[pbq]\d+$")


class Addresses:
    """Gives each definition of the documents an address that no clause and no other definition has."""

    def __init__(self) -> None:
        self._taken: dict[str, set[str]] = {}
        self._defined: dict[str, set[str]] = defaultdict(set)

    def take(self, document: Document, found: Found, anchor: str) -> str:
        """The address of a definition; `anchor` is that of the nearest clause with one."""
        if document.id not in self._taken:
            self._taken[document.id] = {clause.anchor for clause in document.root.walk()}
        taken, defined = self._taken[document.id], self._defined[document.id]
        own = found.passage.addressed[0]
        if found.given is not Given.RUNNING and own not in defined:
            defined.add(own)
            return own
        wanted = f"{_ORDINAL.sub('', anchor)}.{slug(found.names[0])}"
        address, ordinal = wanted, 2
        while address in taken:
            address, ordinal = f"{wanted}-{ordinal}", ordinal + 1
        taken.add(address)
        return address
