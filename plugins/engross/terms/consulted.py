"""Tables of an edition's documents that note whose entry was read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

Entry = TypeVar("Entry")


class Consulted(Mapping[str, Entry]):
    """What is known of each document, by its id. Reading an entry adds the id to `noted`; asking for ids does not."""

    def __init__(self, entries: Iterable[tuple[str, Entry]], noted: set[str]) -> None:
        self._entries = dict(entries)
        self._noted = noted

    def __getitem__(self, document: str) -> Entry:
        entry = self._entries[document]
        self._noted.add(document)
        return entry

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, document: object) -> bool:
        return document in self._entries
