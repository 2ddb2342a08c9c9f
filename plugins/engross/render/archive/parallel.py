"""Makes the pages of versions on all cores, where a record is long and its pages were not made before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engross.common import processes_for, spread
from engross.render.archive.page_cache import Store
from engross.render.archive.sealed_texts import SealedTexts

if TYPE_CHECKING:
    from engross.render.archive.writer import Archive


def by_processes(archive: Archive, store: Store) -> None:
    """Have processes put the pages of versions into the store's cache, if it lacks those of many versions.

    Each makes versions that follow one another, because these share most of the texts that are read for them.
    """
    missing = [version for version in archive.in_order if not store.has(archive.first_key(version))]
    count = processes_for(missing)
    if count < 2:
        return
    size = -(-len(missing) // count)
    parts = [missing[start : start + size] for start in range(0, len(missing), size)]
    texts = SealedTexts(archive.record, archive.options)
    for made in spread(parts, lambda one: store.made_here(archive.pieces_of(texts, one)), "Making pages of versions"):
        store.add_made(made)
