"""The ledger as bytes: what is written is read back, and nothing else is read."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engross.model import ChangeClass, DocumentEntry, DocumentKind, Entry, EntryKind, NoteRef, Sealed, SetEntry
from engross.record.canonical import canonical
from engross.record.entries import FIELDS, document_json, entry_hash, entry_json, read_entry
from engross.record.ledger import chained, line_of, read_ledger

from .histories import ledger_of
from .playing import Site

GOLDEN = Path(__file__).parent / "cases" / "ledger.jsonl"

ids = st.text("ab0-", min_size=1, max_size=4).map(lambda text: "x" + text)
shas = st.binary(min_size=32, max_size=32).map(bytes.hex)
texts = st.text(st.characters(codec="utf-8"), max_size=12)
instants = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC)).map(
    lambda at: at.replace(microsecond=0)
)
numbers = st.integers(1, 10**12)
sealed = st.builds(Sealed, shas, shas, shas)
listed_ids = st.lists(ids, max_size=2).map(tuple)
document_entries = st.builds(
    DocumentEntry, ids, ids, st.sampled_from(DocumentKind), texts, texts, texts, st.booleans(), texts,
    grounds=listed_ids, policy=texts, notice_days=st.integers(0, 99), text_required=st.booleans(),
)  # fmt: skip
sets = st.lists(
    st.builds(SetEntry, ids, texts, ids, listed_ids, st.lists(listed_ids, max_size=2).map(tuple)), max_size=2
).map(tuple)
VALUES: Mapping[str, st.SearchStrategy[Any]] = {
    "version": numbers,
    "effective": instants,
    "sealed": sealed,
    "was": sealed,
    "entry": document_entries,
    "sets": sets,
    "change_class": st.sampled_from(ChangeClass),
    "material": st.booleans(),
    "notes": st.lists(st.builds(NoteRef, ids, shas), max_size=2).map(tuple),
    "supersedes": st.integers(0, 10**12),
    "restores": st.integers(0, 10**12),
    "corrects": numbers,
    "clause": texts,
    "reason": texts,
}


def entries_of(kind: EntryKind) -> st.SearchStrategy[Entry]:
    names = ["change_class" if name == "class" else name for name in FIELDS[kind]]
    fields = {name: VALUES[name] for name in names}
    return st.builds(Entry, numbers, st.just(kind), instants, ids, shas, shas, **fields)


any_entry = st.sampled_from(EntryKind).flatmap(entries_of)


@given(any_entry)
def test_round_trip(entry: Entry) -> None:
    line = line_of(entry)
    assert read_entry(json.loads(line)) == entry
    assert line == canonical(json.loads(line)) + b"\n"
    assert line.count(b"\n") == 1


@given(st.lists(any_entry, max_size=4))
def test_chain_is_read_back(entries: list[Entry]) -> None:
    made = chained((), sorted(entries, key=lambda entry: entry.posted))
    assert read_ledger(ledger_of(made), "ledger") == (made, [])


@given(any_entry, st.data())
def test_every_value_counts(entry: Entry, data: st.DataObject) -> None:
    """Whatever another value makes another line makes another hash as well."""
    other = data.draw(entries_of(entry.kind))
    same = entry_json(entry, hashed=False) == entry_json(other, hashed=False)
    assert (entry_hash(entry) == entry_hash(other)) == same


def test_golden(history: Site) -> None:
    """What is sealed once is read for ever: this file is made by an old release, and never made again."""
    data = GOLDEN.read_bytes()
    entries, problems = read_ledger(data, "ledger.jsonl")
    assert problems == []
    assert {entry.kind for entry in entries} == set(EntryKind)
    assert ledger_of(entries) == data
    assert ledger_of(history.record.entries) == data, "the same history no longer makes the same bytes"


@pytest.mark.parametrize("kind", list(EntryKind))
def test_no_field_is_optional(history: Site, kind: EntryKind) -> None:
    value = entry_json(next(entry for entry in history.record.entries if entry.kind is kind))
    for name in value:
        less = {key: one for key, one in value.items() if key != name}
        with pytest.raises(ValueError, match=name):
            read_entry(less)
        for wrong in (None, 1.5, [1], {"a": 1}):
            with pytest.raises(ValueError, match=name):
                read_entry({**value, name: wrong})
    with pytest.raises(ValueError, match="it has a more, which no"):
        read_entry({**value, "more": 1})


def test_no_json_object() -> None:
    with pytest.raises(ValueError, match="no JSON object"):
        read_entry([])


def test_what_is_left_out_of_documents_yml() -> None:
    assert document_json(DocumentEntry("a", "A", DocumentKind.POLICY)) == {"id": "a", "title": "A", "kind": "policy"}


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {"a": "\ud800"}])
def test_not_canonical(value: object) -> None:
    with pytest.raises(ValueError, match=r"not JSON compliant|surrogates not allowed"):
        canonical(value)
