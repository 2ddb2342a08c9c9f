"""Trees of clauses as bytes, for the cache between builds: reading one takes a fraction of the time of parsing."""

from __future__ import annotations

import json
from typing import Any

from engross.common import Cache, key_of
from engross.model import Clause, ClauseKind, Inline, ListKind, Mark, MarkKind, Source
from engross.model.text import NO_TEXT
from engross.text.parser import parse

_CLAUSES = {str(kind): kind for kind in ClauseKind}
_LISTS = {str(kind): kind for kind in ListKind} | {None: None}
_MARKS = {str(kind): kind for kind in MarkKind}


def parse_cached(source: Source, cache: Cache, *, numbering: bool = False) -> Clause:
    """Parse a contract as `parse` does, or take the tree of the same text from the `cache`.

    Neither mistakes nor empty trees are kept.
    """
    key = _key(source, numbering)
    stored = cache.get(key)
    if stored is not None:
        return read_tree(stored)
    root = parse(source, numbering=numbering)
    if root.children:
        cache.put(key, tree_bytes(root))
    return root


def is_tree_kept(source: Source, cache: Cache, *, numbering: bool = False) -> bool:
    """Return whether `parse_cached` need not parse a text, so that its tree is not empty."""
    return cache.has(_key(source, numbering))


def _key(source: Source, numbering: bool) -> str:
    return key_of(__name__, "tree", f"{numbering} {source.sealed} {source.reader}", source.text_sha256)


def tree_bytes(root: Clause) -> bytes:
    """Return a tree as JSON: for each clause the list of its fields."""
    return json.dumps(_fields(root), ensure_ascii=False, separators=(",", ":")).encode()


def read_tree(data: bytes) -> Clause:
    """Return the tree that `tree_bytes` was given."""
    return _clause(json.loads(data))


def _fields(clause: Clause) -> list[Any]:
    inline = clause.inline
    text: list[Any] | None = None
    if inline is not NO_TEXT:
        marks = [[one.start, one.end, one.kind, one.target, one.title] for one in inline.marks]
        text = [inline.text, marks, inline.origin]
    return [
        clause.kind, clause.lines, clause.anchor, clause.label, text, list(map(_fields, clause.children)),
        clause.level, clause.marker, clause.number, clause.generated, clause.name, clause.list_kind, clause.tight,
        clause.span, clause.align, clause.language,
    ]  # fmt: skip


def _clause(fields: list[Any]) -> Clause:
    kind, lines, anchor, label, text, children, *rest = fields
    level, marker, number, generated, name, list_kind, tight, span, align, language = rest
    return Clause(
        _CLAUSES[kind], tuple(lines), anchor, label, _inline(*text) if text else NO_TEXT,
        tuple(map(_clause, children)) if children else (), level, marker, number, generated, name, _LISTS[list_kind],
        tight, tuple(span), align, language,
    )  # fmt: skip


def _inline(text: str, marks: list[Any], origin: list[Any]) -> Inline:
    found = tuple([Mark(start, end, _MARKS[kind], target, title) for start, end, kind, target, title in marks])
    return Inline(text, found, tuple(map(tuple, origin)))
