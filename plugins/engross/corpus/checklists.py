"""Checklists: what a law requires of a contract, item by item. Each is a YAML file in `checklist_data/`.

To add one, write a file with this schema; its name, without the suffix, is the name in `documents.yml`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from pydantic import Field, StrictBool, TypeAdapter
from pydantic.dataclasses import dataclass as pydantic_dataclass

from engross.corpus.fields import FORBID, Https, Id, Text
from engross.corpus.yaml import read, require
from engross.text import read_source

_FOLDER = Path(__file__).parent / "checklist_data"


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class ChecklistItem:
    """One item: `cites` is its place in the law, `text` a short paraphrase.

    `may_not_apply`: a document can give a reason why it does not apply. `words` are phrases, by language, by which a
    clause about it can be recognized.
    """

    id: Id
    cites: Text
    text: Text
    may_not_apply: StrictBool = False
    words: Mapping[str, tuple[Text, ...]] = Field(default_factory=dict)

    @property
    def name(self) -> str:
        """The item's id with its place in the law, for messages."""
        return f"{self.id} ({self.cites})"


@pydantic_dataclass(frozen=True, kw_only=True, config=FORBID)
class Checklist:
    """A checklist: its title, the address of its source, and its items in the order of the law."""

    title: Text
    source: Https
    items: tuple[ChecklistItem, ...] = Field(min_length=1)


def checklist_names() -> tuple[str, ...]:
    """The names of all checklists."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.yml")))


@lru_cache(maxsize=16)
def read_checklist(name: str) -> Checklist:
    """Return the checklist with a name of `checklist_names`. Raises EngrossError if its file has mistakes."""
    path = _FOLDER / f"{name}.yml"
    reading = read(read_source(path, path.name), TypeAdapter(Checklist))
    return require(reading, reading.findings)[1]
