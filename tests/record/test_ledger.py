"""The bytes of the ledger: both formats are read as they were written, and nothing else is accepted."""

import json
from collections.abc import Iterator, Mapping
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

from .histories import ledger_of
from .playing import Site

CASES = Path(__file__).parent / "cases"
RELEASED = Path(__file__).parents[1] / "released" / "0.1"
FORMAT_1 = CASES / "ledger.jsonl"
BOTH = CASES / "ledger-1-and-2.jsonl"
FORMAT_2 = CASES / "ledger-2.jsonl"
READER_2 = CASES / "ledger-2-reader-2.jsonl"
"""The same history, read by generation 2 of the parser."""
IMPORTED = CASES / "ledger-2-imported.jsonl"
"""An imported history, and a post that follows it."""
DELIVERED = CASES / "ledger-2-delivered.jsonl"
"""A text that waits for the delivery of its notice, its receipt, and the receipt of a notice about a set."""
TITLES = CASES / "ledger-2-titles.jsonl"
"""The same history, whose notes have titles."""

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


def forms() -> Iterator[tuple[int, EntryKind, Form]]:
    for of_format, kinds in FORMS.items():
        for kind, of_kind in kinds.items():
            yield from ((of_format, kind, form) for form in of_kind)


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
    "path", [FORMAT_1, FORMAT_2, READER_2, TITLES, IMPORTED, DELIVERED, BOTH], ids=lambda path: path.stem
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


def golden() -> tuple[Entry, ...]:
    return read_ledger(BOTH.read_bytes(), BOTH.name)[0]


def form_of(entry: Entry) -> Form:
    """The form of an entry, by its subject."""
    forms = FORMS[entry.format][entry.kind]
    given = "awaits" if entry.awaits else ""
    return next(form for form in forms if form.about == given or (not given and getattr(entry, form.about)))


def test_the_same_history_makes_the_same_bytes(history: Site) -> None:
    assert ledger_of(history.record.entries) == TITLES.read_bytes()


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


VALUES_OF_ANOTHER_TYPE: tuple[object, ...] = (None, 1.5, [1], {"a": 1})


@pytest.mark.parametrize(
    "entry", [pytest.param(entry, id=f"{entry.format} {entry.name}") for entry in read_ledger(BOTH.read_bytes(), "")[0]]
)
def test_fields(entry: Entry) -> None:
    """A required field that is missing, and any field of another type or another kind, is refused by its name."""
    value, form = entry_json(entry), form_of(entry)
    for name in value:
        less = {key: one for key, one in value.items() if key != name}
        if name in ALWAYS | form.required:
            with pytest.raises(ValueError, match=f"{name}|it has no"):
                read_entry(less)
        else:
            assert name not in entry_json(read_entry(less))
        for wrong in () if name in entry.extra else VALUES_OF_ANOTHER_TYPE:
            with pytest.raises(ValueError, match=rf"\b{name}\b"):
                read_entry({**value, name: wrong})
    for other in sorted({"sets", "corrects", "note", "ended", "claimed", "key"} - form.required - form.optional):
        with pytest.raises(ValueError, match=rf"it has the field {other}, which no {entry.kind}"):
            read_entry({**value, other: 1})


@pytest.mark.parametrize("entry", golden(), ids=lambda entry: f"{entry.format}-{entry.kind}-{entry.seq}")
def test_fields_that_are_not_known(entry: Entry) -> None:
    value = {**entry_json(entry), "weather": [{"b": 1, "a": "é"}]}
    if entry.format == 1:
        with pytest.raises(ValueError, match="it has the field weather, which no"):
            read_entry(value)
        return
    assert canonical(entry_json(read_entry(value))) == canonical(value)
    with pytest.raises(ValueError, match=r"^has a weather, which this version .* does not read; update Engross$"):
        read_entry({**value, "critical": ["weather"]})
    for name in {"entry", "set"} & set(value):
        inner = {**value, name: {**value[name], "weather": "fine"}}
        assert canonical(entry_json(read_entry(inner))) == canonical(inner)
        with pytest.raises(ValueError, match=f"^has a {name}.weather, which this version"):
            read_entry({**inner, "critical": [f"{name}.weather"]})


def line_with(**fields: object) -> bytes:
    """The first line of a ledger in format 2, with other fields and a new hash."""
    value = {name: one for name, one in json.loads(FORMAT_2.read_bytes().split(b"\n")[0]).items() if name != "hash"}
    for name, one in fields.items():
        if one is None:
            del value[name]
        else:
            value[name] = one
    return canonical({**value, "hash": "0" * 64}) + b"\n"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        *(
            ({"kind": kind}, f"entry 1 is of kind {kind}, which this version of Engross does not read; update Engross")
            for kind in ("site", "key", "signature", "something")
        ),
        *(
            ({name: "x"}, f"entry 1 has a {name}, which this version of Engross does not read; update Engross")
            for name in ("language", "governing", "translations")
        ),
        *(
            (
                {"entry": {"id": "agreement", "title": "A", "kind": "policy", name: {}}},
                f"entry 1 has a {name}, which this version of Engross does not read; update Engross",
            )
            for name in ("languages", "consumer")
        ),
        (
            {"effective": None},
            "entry 1 cannot be read: it has no effective",
        ),
        ({"format": 3}, "entry 1 is of format 3, which this version of Engross does not read; update Engross"),
        ({"format": "2"}, "entry 1 cannot be read: its format is '2', and this Engross reads formats 1 to 2"),
        ({"kind": 5}, "entry 1 cannot be read: its kind is 5, and no entry has that kind"),
        ({"mood": 1.5}, "entry 1 cannot be read: 1.5 is not a whole number"),
        ({"critical": ["mood"]}, "entry 1 has a mood, which this version of Engross does not read"),
        ({"critical": []}, "entry 1 cannot be read: its bytes are not as Engross writes them"),
        ({"critical": [5]}, "entry 1 cannot be read: its critical is not valid"),
        ({"supersedes": 0}, "entry 1 cannot be read: its supersedes is not valid"),
        ({"sealed": {}}, "entry 1 cannot be read: its sealed is not valid"),
        ({"mood": 1}, "entry 1 (post agreement@1): it was altered: its hash does not match its content"),
    ],
)
def test_what_is_refused(fields: Mapping[str, object], message: str) -> None:
    """Fields of later versions and unknown fields are refused by name."""
    (found,) = read_ledger(line_with(**fields), "ledger.jsonl")[1]
    assert found.message.startswith(message)


def test_a_line_written_otherwise_is_refused() -> None:
    data = BOTH.read_bytes()
    lines = data.splitlines(keepends=True)
    for number, line in enumerate(lines):
        spaced = json.dumps(json.loads(line), ensure_ascii=False, sort_keys=True).encode() + b"\n"
        (found,) = read_ledger(b"".join([*lines[:number], spaced, *lines[number + 1 :]]), "l")[1]
        assert found.message == f"entry {number + 1} cannot be read: its bytes are not as Engross writes them"


def test_no_json_object() -> None:
    with pytest.raises(ValueError, match="not a JSON object"):
        read_entry([])


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
