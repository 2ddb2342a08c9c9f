"""Names that may be given once only: the ids of documents, sets and models, files, addresses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engross.corpus.words import shown
from engross.corpus.yaml import KeyPath, YamlFile
from engross.model import Diagnostic


def written(file: YamlFile, key: str, name: str) -> Iterator[tuple[KeyPath, str]]:
    """The text that each item of a list has under a name, with its path; items that have none are left out."""
    for path in file.items((key,)):
        yield from file.texts((*path, name))


def repeated(file: YamlFile, named: Iterable[tuple[KeyPath, str]]) -> Iterator[Diagnostic]:
    """A diagnostic for each name that was given before; upper and lower case count as one, as some disks hold them."""
    first: dict[str, int] = {}
    for path, name in named:
        if name.casefold() in first:
            yield file.mistake(path, f"{shown(name)} is taken already, on line {first[name.casefold()]}")
        first.setdefault(name.casefold(), file.place(path)[0])
