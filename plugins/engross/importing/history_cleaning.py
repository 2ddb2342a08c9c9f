"""Cleans the texts of a history that the parser refuses: Markdown of other generators, web pages, Word files.

The readers are those of `engross import`, with their check that no visible word is lost or added. A text that fails the
check is not cleaned.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from pathlib import Path, PurePosixPath

from engross.common import EngrossError, error, shown, value_class
from engross.importing.importer import finish, has_title, reader_of
from engross.importing.values import RULE, Choices
from engross.model import DocumentEntry

_LONG = 60


@value_class(frozen=True, slots=True)
class Cleaned:
    """A text as contract Markdown, and the pictures in it by their targets."""

    data: bytes = field(repr=False)
    pictures: Mapping[str, bytes] = field(default_factory=dict, repr=False)


def clean_text(data: bytes, path: str, entry: DocumentEntry) -> Cleaned:
    """Turn the bytes of a file into contract Markdown; `path` is its name, whose suffix says what it is.

    A source without a title gets none. Raises EngrossError if it cannot be read, or if words would be lost or added.
    """
    choices = Choices(title=entry.title)
    reading = reader_of(Path(path), data)(data, path, choices)
    imported = finish(reading, path, PurePosixPath(entry.file).stem, choices)
    if imported.report.differences:
        first = imported.report.differences[0]
        what, words = ("lost", first.lost) if first.lost else ("added", first.added)
        message = f"words would be {what} after “{shown(first.after, _LONG)}”: “{shown(words, _LONG)}”"
        raise EngrossError([error(RULE, path, 0, 0, message)])
    text = imported.markdown
    if not has_title(reading):
        # The title is the first block; the texts before and after this one have none either.
        text = text.partition("\n\n")[2]
    return Cleaned(text.encode(), imported.pictures)
