"""Findings and words of rules that read one document at a time, kept in the cache between checks."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from typing import Any

from engross.common import Cache, fill, key_of, tracked, value_class
from engross.drafting.subject import Edit, Finding, OfDocument, Reading, Rule, Subject
from engross.model import Severity
from engross.terms import document_hash

Row = Any
"""A value of JSON for something found in a document."""

_HASH, _ROWS = "hash", "rows"
_MOST_OTHERS = 4
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
    made = fill(
        subject.cache,
        subject.readings,
        lambda reading: subject.cache.has(_key(reading, names)),
        lambda reading: _of_document(reading, own, subject.cache),
        "Checking documents",
    )
    for index, reading in enumerate(tracked("Checking documents", subject.readings)):
        of_document = made[index] if index in made else _of_document(reading, own, subject.cache)
        for name, findings in of_document.items():
            found[name] += findings
    return found


def words_of_documents(subject: Subject, name: str, find: Callable[[Reading], Iterable[str]]) -> frozenset[str]:
    """Return the words that `find` finds in each document by itself; `name` is theirs in the cache."""

    def of(reading: Reading) -> list[str]:
        return rows_of(subject, reading, name, "", lambda: sorted(set(find(reading))))

    return frozenset().union(*map(of, subject.readings))


def rows_of(subject: Subject, reading: Reading, name: str, asked: str, find: Callable[[], list[Row]]) -> list[Row]:
    """Return what `find` finds in one document, as values of JSON; `name` is theirs in the cache.

    `asked` is all that decides the result besides the text and the entry of the document. What is found under all names
    is one entry of the cache, which `keep_rows` writes.
    """
    rows = _rows(subject, reading)
    if rows is None:
        return find()
    at = f"{name} {hashlib.sha256(asked.encode(errors='surrogatepass')).hexdigest()}"
    if at not in rows.used:
        rows.used[at] = rows.stored[at] if at in rows.stored else find()
    return rows.used[at]


def rows_of_binding(
    subject: Subject, reading: Reading, name: str, asked: str, find: Callable[[], list[Row]]
) -> list[Row]:
    """Like `rows_of`, for what depends also on the definitions of the edition, and on the uses and references in the
    document. Rows may name definitions by their numbers.
    """
    known = subject.binding.keys.get(reading.document.id)
    return rows_of(subject, reading, name, f"{known} {asked}", find) if known else find()


def keep_rows(subject: Subject) -> None:
    """Write what `rows_of` has found into the cache; to be called when all rules are done.

    What other checks found is kept beside it, because a site checks a document in several editions; but not if it is
    more than `_MOST_OTHERS` times as much, because each edit of the set adds to it.
    """
    for reading in subject.readings:
        rows = reading.kept.get(_ROWS)
        if isinstance(rows, _Rows) and not rows.used.keys() <= rows.stored.keys():
            others = rows.stored if len(rows.stored) <= _MOST_OTHERS * len(rows.used) else {}
            rows.stored = others | rows.used
            subject.cache.put(rows.key, json.dumps(rows.stored).encode())


@value_class
class _Rows:
    """What was found in a document by other checks, and by this one."""

    key: str
    stored: dict[str, list[Row]]
    used: dict[str, list[Row]] = field(default_factory=dict)


def _rows(subject: Subject, reading: Reading) -> _Rows | None:
    """Return what was found in a document; None where nothing is kept of it."""
    rows = reading.kept.get(_ROWS)
    known = _hash_of(reading) if rows is None and subject.cache.folder else ""
    if known:
        key = key_of(_MADE_BY, "rows", subject.edition.set.id, known)
        stored = subject.cache.get(key)
        rows = reading.kept[_ROWS] = _Rows(key, {} if stored is None else json.loads(stored))
    return rows if isinstance(rows, _Rows) else None


def findings_of(
    subject: Subject, reading: Reading, name: str, asked: str, find: Callable[[], Iterable[Finding]]
) -> list[Finding]:
    """Return the findings that `find` finds in one document, kept as `rows_of` keeps rows."""
    return [*map(_read, rows_of(subject, reading, name, asked, lambda: [*map(_fields, find())]))]


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
