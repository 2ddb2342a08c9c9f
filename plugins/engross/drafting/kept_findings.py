"""What rules find in each document by itself, kept in the cache between checks: findings, and words."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from engross.common import Cache, fill, key_of
from engross.drafting.subject import Edit, Finding, OfDocument, Reading, Rule, Subject
from engross.model import Severity
from engross.terms import document_hash

Row = list[Any]
"""A value of JSON for something found in a document."""

_HASH = "hash"
_MADE_BY = ("engross.drafting.rules", "engross.text.parser")


def findings_of_documents(subject: Subject, rules: Iterable[Rule]) -> Mapping[str, list[Finding]]:
    """Return the findings of those rules that read each document by itself, by the name of the rule.

    Without a cache the result is empty: nothing is gained by asking these rules in another order than the others.
    """
    own = {rule.name: rule.check for rule in rules if isinstance(rule.check, OfDocument)}
    found: dict[str, list[Finding]] = {name: [] for name in own}
    if not own or subject.cache.folder is None:
        return {}
    names = " ".join(own)
    fill(
        subject.cache,
        subject.readings,
        lambda reading: subject.cache.has(_key(reading, names)),
        lambda reading: _of_document(reading, own, subject.cache),
    )
    for reading in subject.readings:
        for name, findings in _of_document(reading, own, subject.cache).items():
            found[name] += findings
    return found


def words_of_documents(subject: Subject, name: str, find: Callable[[Reading], Iterable[str]]) -> frozenset[str]:
    """Return the words that `find` finds in each document by itself; `name` is theirs in the cache."""
    return frozenset().union(*(_words_of(reading, name, find, subject.cache) for reading in subject.readings))


def _words_of(reading: Reading, name: str, find: Callable[[Reading], Iterable[str]], cache: Cache) -> list[str]:
    known = _hash_of(reading) if cache.folder else ""
    if not known:
        return list(find(reading))
    key = key_of(_MADE_BY, "words", name, known)
    words: list[str] = json.loads(cache.made(key, lambda: json.dumps(sorted(set(find(reading)))).encode()))
    return words


def rows_of(reading: Reading, cache: Cache, name: str, asked: str, find: Callable[[], list[Row]]) -> list[Row]:
    """Return what `find` finds in one document, as rows of plain values; `name` is theirs in the cache.

    `asked` is all that decides the result besides the text and the entry of the document.
    """
    known = _hash_of(reading) if cache.folder else ""
    if not known:
        return find()
    key = key_of(_MADE_BY, "rows", name, known, asked)
    rows: list[Row] = json.loads(cache.made(key, lambda: json.dumps(find()).encode()))
    return rows


def findings_of(
    reading: Reading, cache: Cache, name: str, asked: str, find: Callable[[], Iterable[Finding]]
) -> list[Finding]:
    """Return the findings that `find` finds in one document, kept as `rows_of` keeps rows."""
    return [*map(_read, rows_of(reading, cache, name, asked, lambda: [*map(_fields, find())]))]


def _of_document(reading: Reading, rules: Mapping[str, OfDocument], cache: Cache) -> Mapping[str, list[Finding]]:
    key = _key(reading, " ".join(rules))
    stored = cache.get(key) if key else None
    if stored is not None:
        return {name: list(map(_read, found)) for name, found in json.loads(stored).items()}
    found = {name: list(rule.check(reading)) for name, rule in rules.items()}
    if key:
        fields = {name: list(map(_fields, findings)) for name, findings in found.items() if findings}
        cache.put(key, json.dumps(fields).encode())
    return found


def _key(reading: Reading, rules: str) -> str:
    known = _hash_of(reading)
    return known and key_of(_MADE_BY, "findings", rules, known)


def _hash_of(reading: Reading) -> str:
    """The hash of the document of a reading; computed once."""
    known = reading.kept.get(_HASH)
    if not isinstance(known, str):
        known = reading.kept[_HASH] = document_hash(reading.document)
    return known


def _fields(one: Finding) -> list[Any]:
    edits = [(edit.start, edit.end, edit.new) for edit in one.edits]
    return [
        one.document, one.path, one.line, one.column, one.message, one.clause, one.anchor, one.text, one.fix, edits,
        one.severity,
    ]  # fmt: skip


def _read(fields: list[Any]) -> Finding:
    document, path, line, column, message, clause, anchor, text, fix, edits, severity = fields
    level = None if severity is None else Severity(severity)
    changes = tuple(Edit(*one) for one in edits)
    return Finding(document, path, line, column, message, clause, anchor, text, fix, changes, level)
