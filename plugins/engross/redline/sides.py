"""What `redline` is given → one side each: the source text as it stands, and its tree of clauses.

Markdown is read as a lone file is, through HTML tags; YAML is read as a catalogue of models where it is one, and else
as a tree of keys (`keys`).
"""

from __future__ import annotations

from typing import TypeAlias

from engross.corpus.catalogue import read_catalogue
from engross.corpus.published import catalogue_tree
from engross.errors import EngrossError
from engross.model import Clause, Document, Source
from engross.redline.keys import keys_tree
from engross.text import decode, parse
from engross.values import dataclass

Text: TypeAlias = "str | Source | Document | Side"
"""What can be compared: a source text, a `Source`, a document with a source, or a side made from a tree."""

_YAML_NAMES = (".yml", ".yaml")


@dataclass(frozen=True)
class Side:
    """One side of a redline: what messages call it, its source text character for character, its tree."""

    name: str
    text: str
    root: Clause


def side(given: Text, name: str, yaml: bool | None) -> Side:
    """The side of what was given; `name` is used where it has none. `yaml` None means: as the name's ending says.

    Raises EngrossError with all that the parser refuses; ValueError for a document that has no source.
    """
    match given:
        case Side():
            return given
        case Document(source=None):
            raise ValueError(f"{given.id} is published elsewhere: there is no source to compare")
        case Document():
            assert given.source is not None
            return Side(given.source.path, _text(given.source), given.root)
        case Source():
            return _read(given, yaml)
        case str():
            return _read(_source(given, name), yaml)


def _source(text: str, name: str) -> Source:
    # A lone surrogate cannot be encoded; the bytes that stand for it are then refused as not UTF-8.
    return decode(text.encode("utf-8", "surrogatepass"), name, sealed=True)


def _text(source: Source) -> str:
    return source.data.decode("utf-8") if source.data else source.text


def _read(source: Source, yaml: bool | None) -> Side:
    is_yaml = source.path.lower().endswith(_YAML_NAMES) if yaml is None else yaml
    root = _yaml_tree(source) if is_yaml else parse(source, through_html=True)
    return Side(source.path, _text(source), root)


def _yaml_tree(source: Source) -> Clause:
    try:
        return catalogue_tree(read_catalogue(source), source)
    except EngrossError:
        return keys_tree(source)
