"""Remove values and titles from registers and model lists: a tombstone replaces a value if its schema allows it."""

from __future__ import annotations

from collections.abc import Iterator

from engross.common import EngrossError, quoted
from engross.corpus import MappingNode, Node, ScalarNode, SequenceNode, compose
from engross.model import Clause, ClauseKind, Document
from engross.record.redact.tombstones import AGAIN, Cut, Redacted, refusal, remade, spliced


def redact_fact(document: Document, clause: Clause, stone: str) -> Redacted:
    """Return a model list or another register without the value of a fact, or without the title of a row.

    Raises EngrossError if a tombstone cannot replace it.
    """
    source = document.source
    assert source is not None
    node = _node_at(compose(source)[0], clause.inline.source_offset(0))
    values = [value for value in _values(node) if value.text in clause.inline.text]
    if not values:
        raise _refused(document, f"{clause.label} is computed from other facts; redact those")
    cuts = [_cut(source.text, value, AGAIN if at else stone) for at, value in enumerate(values)]
    try:
        made = remade(spliced(source, cuts), document.entry)
    except EngrossError as refused:
        raise _refused(document, _wants(clause, refused)) from None
    is_name = clause.kind is ClauseKind.SECTION
    return Redacted(made, clause, tuple(value.text for value in values), frozenset(), is_name)


def _wants(clause: Clause, refused: EngrossError) -> str:
    wanted = refused.diagnostics[0].message
    return (
        f"{clause.label} cannot hold a tombstone: {wanted}. Redact the facts that hold text, or withdraw the version "
        "and post a list without this one"
    )


def _cut(text: str, value: ScalarNode, stone: str) -> Cut:
    # The end of a text block is not part of it: the next key begins there.
    end = value.start + len(text[value.start : value.end].rstrip())
    return Cut(value.start, end, quoted(stone), value.text)


def _node_at(root: Node | None, offset: int) -> Node | None:
    """Return the single value, or the list of values, that begins at an offset."""
    stack = [root] if root else []
    while stack:
        node = stack.pop()
        if node.start == offset and not isinstance(node, MappingNode):
            return node
        if isinstance(node, MappingNode):
            stack.extend(entry.value for entry in node.entries.values())
        elif isinstance(node, SequenceNode):
            stack.extend(node.items)
    return None


def _values(node: Node | None) -> Iterator[ScalarNode]:
    if isinstance(node, ScalarNode):
        yield node
    elif isinstance(node, SequenceNode):
        for item in node.items:
            yield from _values(item)


def _refused(document: Document, message: str) -> EngrossError:
    return EngrossError([refusal(document.source.path if document.source else "", message)])
