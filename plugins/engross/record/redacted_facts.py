"""Takes a fact out of a list of models: a tombstone stands in its place, as far as the list's schema lets it."""

from __future__ import annotations

from collections.abc import Iterator

from engross.corpus.nodes import Listing, Mapping, Node, Scalar, compose
from engross.corpus.words import quoted
from engross.errors import EngrossError
from engross.model import Clause, ClauseKind, Document
from engross.record.redaction import AGAIN, Redacted, refusal, remade
from engross.record.splicing import Cut, spliced


def redact_fact(document: Document, clause: Clause, stone: str) -> Redacted:
    """A list of models without the value of a fact. Raises EngrossError where a tombstone cannot stand in its place."""
    source = document.source
    assert source is not None
    if clause.kind is ClauseKind.SECTION:
        facts = ", ".join(child.label for child in clause.children[:3])
        raise _refused(document, f"a model stays in the list; name one of its facts: {facts}…")
    node = _node_at(compose(source)[0], clause.inline.source_offset(0))
    values = [value for value in _values(node) if value.text in clause.inline.text]
    if not values:
        raise _refused(document, f"{clause.label} is made from other facts, and is not written here itself")
    cuts = [_cut(source.text, value, AGAIN if at else stone) for at, value in enumerate(values)]
    try:
        made = remade(spliced(source, cuts), document.entry)
    except EngrossError as refused:
        raise _refused(document, _wants(clause, refused)) from None
    return Redacted(made, clause, tuple(value.text for value in values), frozenset())


def _wants(clause: Clause, refused: EngrossError) -> str:
    wanted = refused.diagnostics[0].message
    return (
        f"{clause.label} cannot hold a tombstone: {wanted}. Redact the facts that hold text, or withdraw the version "
        "and post a list without this one"
    )


def _cut(text: str, value: Scalar, stone: str) -> Cut:
    # What ends a block of text is not part of it: the next key begins there.
    end = value.start + len(text[value.start : value.end].rstrip())
    return Cut(value.start, end, quoted(stone), value.text)


def _node_at(root: Node | None, offset: int) -> Node | None:
    """The single value, or the list of them, that begins at an offset."""
    stack = [root] if root else []
    while stack:
        node = stack.pop()
        if node.start == offset and not isinstance(node, Mapping):
            return node
        if isinstance(node, Mapping):
            stack.extend(entry.value for entry in node.entries.values())
        elif isinstance(node, Listing):
            stack.extend(node.items)
    return None


def _values(node: Node | None) -> Iterator[Scalar]:
    if isinstance(node, Scalar):
        yield node
    elif isinstance(node, Listing):
        for item in node.items:
            yield from _values(item)


def _refused(document: Document, message: str) -> EngrossError:
    return EngrossError([refusal(document.source.path if document.source else "", message)])
