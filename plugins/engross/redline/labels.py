"""The words that a redline says of its own, in English unless others are handed in: every page in a site's language has
them from the site's catalogue of words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Labels:
    """What is said of changes. Each field is a word of the catalogue, where its name begins with "redline_"."""

    inserted: str = "inserted"
    deleted: str = "deleted"
    changed: str = "changed"
    moved: str = "moved"
    moved_away: str = "moved away"
    moved_here: str = "moved here"
    moved_from: str = "moved from {place}"
    moved_to: str = "moved to {place}"
    words_changed: str = "words changed"
    spacing_changed: str = "spacing changed"
    row_inserted: str = "row inserted"
    row_deleted: str = "row deleted"
    column_inserted: str = "column inserted"
    column_deleted: str = "column deleted"
    definition_added: str = "definition added"
    definition_dropped: str = "definition dropped"
    emphasis: str = "emphasis"
    link_target: str = "link leads to"
    image: str = "image"
    heading_level: str = "heading level"
    renumbered: str = "renumbered"
    list_kind: str = "list"
    alignment: str = "alignment"
    code_language: str = "language of code"
    line_break: str = "line breaks"
    split: str = "split"
    joined: str = "joined"
    none: str = "none"
    opening: str = "Opening"
    end_of: str = "end {what}"
    was: str = "was"
    now: str = "now"
    change: str = "change"
    break_inserted: str = "paragraph break inserted"
    break_deleted: str = "paragraph break deleted"
    clauses: str = "Clauses: {counts}."
    words: str = "Words: {counts}."
    only_layout: str = "Only numbering or layout changed."
    nothing: str = "No change that a reader would see."
    source_only: str = (
        "The source texts differ only in what is not shown: line breaks, blanks, comments or order of keys."
    )
    key: str = "Key:"
    key_number: str = "a number leads back to the list of changes."
    fold: str = "Show only what changed"
    changes: str = "Changes"
    count_one: str = "1 change"
    count_many: str = "{count} changes"


ENGLISH = Labels()


def labels_of(words: Mapping[str, str]) -> Labels:
    """The labels as a catalogue of words has them."""
    return Labels(**{one.name: words[f"redline_{one.name}"] for one in fields(Labels)})


def catalogue() -> dict[str, str]:
    """The English labels, as the catalogue of words has them."""
    return {f"redline_{one.name}": getattr(ENGLISH, one.name) for one in fields(Labels)}
