"""Any YAML → a tree of clauses, for texts that are no catalogue: a clause for each key, with what it holds.

Keys are put in the order of the alphabet, since their order says nothing; items of a list keep theirs. Comments are
not part of it. What is not YAML at all is read line by line.
"""

from __future__ import annotations

from collections.abc import Iterator

from engross.corpus.nodes import Listing, Mapping, Node, Scalar, compose
from engross.model import NO_TEXT, Clause, ClauseKind, Inline, ListKind, Source


def keys_tree(source: Source) -> Clause:
    """The tree of a YAML text; never refuses."""
    node, _ = compose(source)
    if node is None or isinstance(node, Scalar):
        return _root(source, tuple(_lines(source)))
    return _root(source, (_container(source, node, ""),))


def _root(source: Source, children: tuple[Clause, ...]) -> Clause:
    return Clause(ClauseKind.DOCUMENT, (1, len(source.line_starts)), children=children)


def _container(source: Source, node: Mapping | Listing, path: str) -> Clause:
    if isinstance(node, Mapping):
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
    if isinstance(node, Scalar):
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
