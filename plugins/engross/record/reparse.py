"""What today's parser reads otherwise than the one that sealed a version: a report, in which nothing is tampered with.

A version's hash of its text, and the anchors and labels of its clauses, were made by the parser of its day.
"""

from __future__ import annotations

from collections.abc import Iterator

from engross.errors import EngrossError
from engross.model import Version
from engross.record.archive import sealed_source, sealed_tree
from engross.record.canonical import SHORT
from engross.record.drafts import read_tree_of, sealed_document
from engross.record.fingerprints import text_hash
from engross.record.history import Record
from engross.record.trees import addressed

_MOST = 5
"""Anchors that a line names."""


def reparsed(record: Record) -> Iterator[str]:
    """A line for each difference, version by version. Raises EngrossError where a sealed file is not what it was."""
    for versions in record.versions.values():
        for version in versions:
            yield from (f"{version.id}: {line}" for line in _of_version(record, version))


def _of_version(record: Record, version: Version) -> Iterator[str]:
    tree = sealed_tree(record, version)
    document = sealed_document(record, version)
    try:
        read_tree_of(sealed_source(record, version), version.entry)
    except EngrossError as refusal:
        yield f"the parser of today refuses it: {refusal.diagnostics[0].message}"
        return
    text = text_hash(document.root)
    if text != version.sealed.text:
        yield f"its text has the hash {text[:SHORT]} now, and {version.sealed.text[:SHORT]} when it was posted"
    now = {one.anchor: one.label for one in addressed(document)}
    then = {clause.anchor: clause.label for clause in tree.clauses}
    yield from _listed("it has these anchors no longer", [name for name in then if name not in now])
    yield from _listed("it has these anchors now", [name for name in now if name not in then])
    called = [f"{then[name]} → {label}" for name, label in now.items() if then.get(name, label) != label]
    yield from _listed("these clauses are called otherwise", called)


def _listed(what: str, names: list[str]) -> Iterator[str]:
    if names:
        more = f" and {len(names) - _MOST} more" if len(names) > _MOST else ""
        yield f"{what}: {', '.join(names[:_MOST])}{more}"
