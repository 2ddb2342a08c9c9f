"""Tables with an entry for each document of an edition: they compute entries on demand and note which were read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeVar

Entry = TypeVar("Entry")


class NotedLookups(Mapping[str, Entry]):
    """An entry for each document, by its id. Reading an entry adds the id to `noted`; listing the ids does not.

    `make` computes the entry of a document when it is first read. After one edit, most are never needed.
    """

    def __init__(self, documents: Iterable[str], make: Callable[[str], Entry], noted: set[str]) -> None:
        self._documents = dict.fromkeys(documents)
        self._make = make
        self._made: dict[str, Entry] = {}
        self._noted = noted

    def __getitem__(self, document: str) -> Entry:
        if document not in self._made:
            if document not in self._documents:
                raise KeyError(document)
            self._made[document] = self._make(document)
        self._noted.add(document)
        return self._made[document]

    def __iter__(self) -> Iterator[str]:
        return iter(self._documents)

    def __len__(self) -> int:
        return len(self._documents)

    def __contains__(self, document: object) -> bool:
        return document in self._documents
