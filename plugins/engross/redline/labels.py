"""The words that a redline says of its own, in English unless others are handed in: every page in a site's language has
them from the site's catalogue of words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache

from engross.corpus.ui_strings import ui_strings


@dataclass(frozen=True, slots=True)
class Labels:
    """What is said of changes. Each field is a word of the catalogue, where its name begins with "redline_"."""

    inserted: str
    deleted: str
    changed: str
    moved: str
    moved_away: str
    moved_here: str
    moved_from: str
    moved_to: str
    words_changed: str
    spacing_changed: str
    row_inserted: str
    row_deleted: str
    column_inserted: str
    column_deleted: str
    definition_added: str
    definition_dropped: str
    emphasis: str
    link_target: str
    image: str
    heading_level: str
    renumbered: str
    list_kind: str
    alignment: str
    code_language: str
    line_break: str
    split: str
    joined: str
    none: str
    opening: str
    end_of: str
    was: str
    now: str
    change: str
    break_inserted: str
    break_deleted: str
    clauses: str
    words: str
    only_layout: str
    nothing: str
    source_only: str
    key: str
    key_number: str
    fold: str
    unchanged: str
    changes: str
    count_one: str
    count_many: str


def labels_of(words: Mapping[str, str]) -> Labels:
    """The labels as a catalogue of words has them."""
    return Labels(**{one.name: words[f"redline_{one.name}"] for one in fields(Labels)})


@cache
def english() -> Labels:
    """The labels in English; read only when a redline is first made."""
    return labels_of(ui_strings("en"))
