"""Entries are read as they were written, and the same history makes the same bytes."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from engross.model import (
    NOT_FIXED,
    AwaitedNotice,
    ChangeClass,
    ClaimedDate,
    DateKind,
    Delivered,
    DocumentEntry,
    DocumentKind,
    Entry,
    EntryKind,
    Ground,
    ImportSource,
    NoteRef,
    NoticeRule,
    NoticeUnit,
    Sealed,
    SetEntry,
    SourceKind,
)
from engross.record.encoding import canonical, format_instant
from engross.record.history import LEDGER
from engross.record.ledger.file import (
    ALWAYS,
    FORMAT,
    FORMS,
    Form,
    chained,
    entry_hash,
    entry_json,
    ledger_bytes,
    line_of,
    read_entry,
    read_ledger,
)
from engross.record.ledger.invariants import check_invariants

from .golden_lines import BOTH, CASES, FORMAT_2, form_of, forms, golden
from .histories import ledger_of
from .playing import Site

RELEASED = Path(__file__).parents[1] / "released" / "0.1"
FORMAT_1 = CASES / "ledger.jsonl"
READER_2 = CASES / "ledger-2-reader-2.jsonl"
"""The same history, read by generation 2 of the parser."""
IMPORTED = CASES / "ledger-2-imported.jsonl"
"""An imported history, and a post that follows it."""
IMPORTED_3 = CASES / "ledger-2-imported-reader-3.jsonl"
"""The same import, read by the third generation of the parser."""
DELIVERED = CASES / "ledger-2-delivered.jsonl"
"""A text that waits for the delivery of its notice, its receipt, and the receipt of a notice about a set."""
TITLES = CASES / "ledger-2-titles.jsonl"
"""The same history, whose notes have titles."""
READER_3 = CASES / "ledger-2-reader-3.jsonl"
"""The same history, whose texts the third generation of the parser read."""
READER_4 = CASES / "ledger-2-reader-4.jsonl"
IMPORTED_4 = CASES / "ledger-2-imported-reader-4.jsonl"
"""The same histories, read by the fourth generation."""
READER_5 = CASES / "ledger-2-reader-5.jsonl"
IMPORTED_5 = CASES / "ledger-2-imported-reader-5.jsonl"
"""The same histories, read by the fifth generation."""
ids = st.text("ab0-", min_size=1, max_size=4).map(lambda text: "x" + text)
shas = st.binary(min_size=32, max_size=32).map(bytes.hex)
texts = st.text(st.characters(codec="utf-8"), max_size=12)
instants = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC)).map(
    lambda at: at.replace(microsecond=0)
)
numbers = st.integers(1, 10**12)
listed_ids = st.lists(ids, max_size=2).map(tuple)
sets = st.builds(SetEntry, ids, texts, ids, listed_ids, st.lists(listed_ids, max_size=2).map(tuple))
seals = shas.map(lambda sha: Sealed("", "", "", sha))
hashes = st.builds(Sealed, shas, shas, shas)
grounds = st.lists(
    st.builds(Ground, ids, texts, texts, st.lists(st.tuples(ids, texts), max_size=2).map(tuple)), max_size=2
).map(tuple)
unknown = st.dictionaries(
    ids, st.recursive(st.integers() | st.booleans() | texts | st.none(), lambda inner: st.lists(inner, max_size=2)),
    max_size=2,
)  # fmt: skip


def documents(grounded: st.SearchStrategy[tuple[str, ...]]) -> st.SearchStrategy[DocumentEntry]:
    return st.builds(
        DocumentEntry, ids, ids, st.sampled_from(DocumentKind), texts, texts, texts, st.booleans(), texts,
        grounds=grounded, policy=texts, notice_days=st.integers(0, 99), text_required=st.booleans(),
    )  # fmt: skip


rules = st.builds(
    NoticeRule, st.integers(1, 10_000), st.sampled_from(NoticeUnit), st.sampled_from(("", "DE", "DE-BY")),
    st.lists(st.dates().map(str), max_size=2).map(tuple), st.booleans(), st.booleans(),
)  # fmt: skip
awaited = st.builds(
    AwaitedNotice,
    st.sampled_from(("UTC", "Europe/Berlin")),
    st.lists(rules, max_size=2).map(lambda some: (*some, NoticeRule(1, from_delivery=True))),
)
VALUES: Mapping[str, st.SearchStrategy[Any]] = {
    "document": ids,
    "version": numbers,
    "effective": instants,
    "change_class": st.sampled_from(ChangeClass),
    "material": st.booleans(),
    "corrects": numbers,
    "clause": texts,
    "reason": texts,
}
BY_FORMAT: Mapping[int, Mapping[str, st.SearchStrategy[Any]]] = {
    1: {
        **VALUES,
        "sealed": hashes,
        "was": hashes,
        "entry": documents(listed_ids),
        "sets": st.lists(sets, max_size=2).map(tuple),
        "notes": st.lists(st.builds(NoteRef, ids, shas), max_size=2).map(tuple),
        "supersedes": st.integers(0, 10**12),
        "restores": st.integers(0, 10**12),
    },
    2: {
        **VALUES,
        "sealed": seals,
        "was": hashes | seals,
        "set": sets,
        "notes": st.lists(st.builds(NoteRef, ids, st.just(""), shas), max_size=2).map(tuple),
        "about": ids,
        "note": ids,
        "reader": numbers,
        "supersedes": numbers,
        "restores": numbers,
        "continues": numbers,
        "notice_from": instants,
        "claimed": st.builds(
            ClaimedDate,
            st.dates().map(str) | instants.map(format_instant),
            st.sampled_from(DateKind),
        ),
        "source": st.builds(ImportSource, st.just(SourceKind.FOLDER), texts.map("x".__add__))
        | st.builds(
            ImportSource,
            st.sampled_from((SourceKind.GIT, SourceKind.OPEN_TERMS_ARCHIVE)),
            texts.map("x".__add__),
            shas.map(lambda sha: sha[:40]) | shas,
            shas | st.just(""),
        ),
        "ended": st.just(True),
        "awaits": awaited,
        "delivered": st.builds(Delivered, shas, instants, st.integers(100, 10**9), st.integers(0, 99)),
        "critical": st.lists(st.sampled_from(sorted(ALWAYS)), min_size=1, max_size=2).map(tuple),
    },
}


@st.composite
def entries_of(draw: st.DrawFn, of_format: int, kind: EntryKind, form: Form) -> Entry:
    names = (form.required | {name for name in form.optional if draw(st.booleans())}) - {"entry"}
    fields = {
        field: draw(BY_FORMAT[of_format][field])
        for field in sorted("change_class" if name == "class" else name for name in names)
    }
    if "entry" in form.required:
        given_grounds = draw(grounds) if of_format > 1 else ()
        named = st.just(tuple(one.id for one in given_grounds)) if of_format > 1 else listed_ids
        fields |= {"grounds": given_grounds, "entry": draw(documents(named))}
    if (of_format, kind) == (1, EntryKind.POST):
        fields["reader"] = 1
    if of_format > 1:
        inner = {about: draw(unknown) for about in ("entry", "set") if about in fields}
        fields["extra"] = draw(unknown) | {name: one for name, one in inner.items() if one}
    posted = draw(instants)
    if "awaits" in fields:
        fields["effective"] = NOT_FIXED
    if kind is EntryKind.IMPORT:
        fields |= {"effective": posted, "supersedes": fields["version"] - 1}
    return Entry(
        draw(numbers), kind, posted, **{"document": "", **fields}, previous=draw(shas), hash=draw(shas),
        format=of_format,
    )  # fmt: skip


any_form = st.sampled_from(list(forms()))
any_entry = any_form.flatmap(lambda form: entries_of(*form))


@given(any_entry)
def test_round_trip(entry: Entry) -> None:
    line = line_of(entry)
    assert read_entry(json.loads(line)) == entry
    assert line == canonical(json.loads(line)) + b"\n"
    assert line.count(b"\n") == 1


@given(st.lists(any_entry, max_size=4))
def test_chain_is_read_back(entries: list[Entry]) -> None:
    made = chained((), sorted(entries, key=lambda entry: (entry.format, entry.posted)))
    in_order = all(one.posted <= other.posted for one, other in pairwise(made))
    found, problems = read_ledger(ledger_of(made), "ledger")
    assert (found == made and not problems) if in_order else "backdated" in problems[0].message


@given(any_form, st.data())
def test_every_value_counts(form: tuple[int, EntryKind, Form], data: st.DataObject) -> None:
    """A changed value changes the hash if it changes the line."""
    entry, other = (data.draw(entries_of(*form)) for _ in range(2))
    same = entry_json(entry, hashed=False) == entry_json(other, hashed=False)
    assert (entry_hash(entry) == entry_hash(other)) == same


@pytest.mark.parametrize(
    "path",
    [
        *(FORMAT_1, FORMAT_2, READER_2, TITLES, READER_3, READER_4, READER_5, DELIVERED, BOTH),
        *(IMPORTED, IMPORTED_3, IMPORTED_4, IMPORTED_5),
    ],
    ids=lambda path: path.stem,
)
def test_golden(path: Path) -> None:
    """Every sealed format stays readable: these files were made once and never change."""
    data = path.read_bytes()
    entries, problems = read_ledger(data, path.name)
    assert problems == []
    assert list(check_invariants(entries, path.name)) == []
    assert ledger_of(entries) == data


@pytest.mark.parametrize("site", ["project", "tour"])
def test_released_ledgers_are_read_and_written_again(site: str) -> None:
    """The lines that version 0.1 wrote are valid, and would be written again byte for byte."""
    data = (RELEASED / site / "record" / LEDGER).read_bytes()
    entries, problems = read_ledger(data, site)
    assert (problems, len(entries)) == ([], data.count(b"\n"))
    assert ledger_bytes(entries) == data


def test_golden_kinds() -> None:
    entries = golden()
    assert BOTH.read_bytes().startswith(FORMAT_1.read_bytes())
    assert {entry.kind for entry in entries if entry.format == 1} == set(EntryKind) - {
        EntryKind.SET, EntryKind.IMPORT, EntryKind.RECEIPT,
    }  # fmt: skip
    for path in (IMPORTED, DELIVERED):
        entries += read_ledger(path.read_bytes(), path.name)[0]
    written = {(entry.kind, form.about) for entry in entries if entry.format == 2 for form in [form_of(entry)]}
    assert written == {(kind, form.about) for of_format, kind, form in forms() if of_format == 2}
    assert {name for entry in entries for name in entry_json(entry)} >= {
        name for _, _, form in forms() for name in form.required | form.optional
    }


def test_the_same_history_makes_the_same_bytes(history: Site) -> None:
    assert ledger_of(history.record.entries) == READER_5.read_bytes()


def test_what_golden_lines_say() -> None:
    """The fields of format 2 as fields of the entry."""
    by_kind = {(entry.kind, form_of(entry).about): entry for entry in golden() if entry.format == 2}
    post = by_kind[EntryKind.POST, "effective"]
    assert post.entry is not None
    assert post.entry.grounds == ("law",)
    assert post.grounds == (Ground("law", "Required by law", "law", (("fair", "It is no wider than the law asks."),)),)
    assert (post.reader, post.continues, post.notice_from) == (1, 15, golden()[14].posted)
    assert post.extra == {"entry": {"seen": [1, None]}, "mood": {"calm": True}}
    assert (post.restores, post.supersedes, post.critical) == (0, 3, ("entry.grounds", "notice_from"))
    ended = by_kind[EntryKind.SET, "set"]
    assert (ended.set_id, ended.ended, ended.document, ended.name) == ("main", True, "", "entry 25 (set main)")
    assert by_kind[EntryKind.CORRECT, "about"].set_id == "main"
    note = by_kind[EntryKind.REDACT, "note"]
    assert (note.note, note.was, note.name) == (
        "second",
        Sealed("", "", "", golden()[14].notes[0].seal),
        "entry 21 (redact second)",
    )


def test_new_entries_are_of_the_newest_format() -> None:
    assert Entry(1, EntryKind.RETIRE, datetime(2026, 1, 1, tzinfo=UTC), "a", "", "").format == FORMAT == max(FORMS)


def test_what_is_left_out_of_documents_yml() -> None:
    """An unset value is absent; a required list may be empty."""
    move = Entry(1, EntryKind.MOVE, datetime(2026, 1, 1, tzinfo=UTC), "a", "", "", format=1)
    value = entry_json(replace(move, entry=DocumentEntry("a", "A", DocumentKind.POLICY, line=7)))
    assert value["entry"] == {"id": "a", "title": "A", "kind": "policy"}
    assert value["sets"] == value["notes"] == []


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {"a": "\ud800"}])
def test_not_canonical(value: object) -> None:
    with pytest.raises(ValueError, match=r"not JSON compliant|surrogates not allowed"):
        canonical(value)
