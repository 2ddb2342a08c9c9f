"""The inputs of a redline: two source texts, each with its tree of clauses.

Any YAML → a tree of clauses, for texts that are no catalogue: a clause for each key, with what it holds.

Keys are put in the order of the alphabet, since their order says nothing; items of a list keep theirs. Comments are
not part of it. What is not YAML at all is read line by line.

What `redline` is given → one side each: the source text as it stands, and its tree of clauses.

Markdown is read as a lone file is, through HTML tags; YAML is read as a catalogue of models where it is one, and else
as a tree of keys (`keys`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from engross.common import EngrossError, value_class
from engross.corpus import MappingNode, Node, ScalarNode, SequenceNode, catalogue_tree, compose, read_catalogue
from engross.model import NO_TEXT, Clause, ClauseKind, Document, Inline, ListKind, Source
from engross.text import decode, parse


def keys_tree(source: Source) -> Clause:
    """The tree of a YAML text; never refuses."""
    node, _ = compose(source)
    if node is None or isinstance(node, ScalarNode):
        return _root(source, tuple(_lines(source)))
    return _root(source, (_container(source, node, ""),))


def _root(source: Source, children: tuple[Clause, ...]) -> Clause:
    return Clause(ClauseKind.DOCUMENT, (1, len(source.line_starts)), children=children)


def _container(source: Source, node: MappingNode | SequenceNode, path: str) -> Clause:
    if isinstance(node, MappingNode):
        named = sorted((name, entry.value) for name, entry in node.entries.items())
        items = tuple(_item(source, value, f"{path}.{name}".strip("."), f"{name}:") for name, value in named)
    else:
        items = tuple(_item(source, value, f"{path}.{at}".strip("."), "") for at, value in enumerate(node.items, 1))
    return Clause(
        ClauseKind.LIST, _span(source, node), label=path, children=items, list_kind=ListKind.BULLET, tight=True
    )


def _item(source: Source, node: Node, path: str, marker: str) -> Clause:
    """One key or list item. A key's path is its anchor: it is the same key in both texts, whatever its value."""
    lines = _span(source, node)
    anchor = path if marker else ""
    if isinstance(node, ScalarNode):
        inline = Inline(node.text, (), ((0, node.start),)) if node.text else NO_TEXT
        return Clause(ClauseKind.ITEM, lines, anchor, path, inline, marker=marker, name=marker)
    children = (_container(source, node, path),)
    return Clause(ClauseKind.ITEM, lines, anchor, path, children=children, marker=marker, name=marker)


def _span(source: Source, node: Node) -> tuple[int, int]:
    return source.position(node.start)[0], source.position(max(node.start, node.end - 1))[0]


def _lines(source: Source) -> Iterator[Clause]:
    for number, line in enumerate(source.text.split("\n"), 1):
        words = line.strip()
        if words and not words.startswith("#"):
            inline = Inline(words, (), ((0, source.offset(number) + line.find(words)),))
            yield Clause(ClauseKind.PARAGRAPH, (number, number), label=f"line {number}", inline=inline)


Text: TypeAlias = "str | Source | Document | Side"
"""What can be compared: a source text, a `Source`, a document with a source, or a side made from a tree."""

_YAML_NAMES = (".yml", ".yaml")


@value_class(frozen=True)
class Side:
    """One side of a redline: what messages call it, its source text character for character, its tree."""

    name: str
    text: str
    root: Clause


def read_side(given: Text, name: str, yaml: bool | None) -> Side:
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
