"""Posted changes from the ledger, and the period in which each version was in force."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from engross.common.cache import Cache
from engross.corpus.catalogue import read_catalogue
from engross.model import (
    Change,
    ChangeClass,
    DocumentEntry,
    DocumentKind,
    Entry,
    EntryKind,
    GroundGiven,
    NoteRef,
    Sealed,
    Source,
    VersionId,
)
from engross.record.encoding import sha256
from engross.record.history import Record
from engross.record.in_force import periods
from engross.record.notes.files import change_bytes, change_from, read_posted
from engross.record.sealed_files import note_name
from engross.record.views.json_files import compare_catalogues
from engross.record.views.posted_changes import ChangeState, posted_changes

START = datetime(2026, 1, 1, tzinfo=UTC)
ENTRY = DocumentEntry("a", "Document A", DocumentKind.POLICY, "a.md", "a/")


def day(number: float) -> datetime:
    return START + timedelta(days=number)


def entry(seq: int, kind: EntryKind, posted: float, *notes: str, **fields: object) -> Entry:
    """An entry about document "a", with the notes of those names."""
    values = {"entry": ENTRY, "change_class": ChangeClass.EDITORIAL} if kind is EntryKind.POST else {}
    return Entry(
        seq=seq,
        kind=kind,
        posted=day(posted),
        document="a",
        previous="0" * 64,
        hash=f"{seq:064}",
        notes=tuple(NoteRef(name, "f" * 64) for name in notes),
        **{"sealed": Sealed("1" * 64, "2" * 64, "3" * 64) if kind is EntryKind.POST else None, **values, **fields},  # type: ignore[arg-type]
    )


def post(seq: int, version: int, posted: float, effective: float, *notes: str, **fields: object) -> Entry:
    return entry(seq, EntryKind.POST, posted, *notes, version=version, effective=day(effective), **fields)


def record(*entries: Entry) -> Record:
    return Record(Path("record"), "record", entries)


def test_a_change_is_a_note_with_its_entries_newest_first() -> None:
    posted = posted_changes(
        record(
            post(1, 1, 0, 0, "first"),
            post(2, 2, 5, 5, "one", "two", supersedes=1),
            entry(3, EntryKind.WITHDRAW, 6, "undone", version=2, effective=day(6)),
        )
    )
    assert [change.slug for change in posted.changes] == ["undone", "one", "two", "first"]
    one = posted.by_slug["one"]
    assert one.entries == posted.by_slug["two"].entries
    assert one.effects[0].superseded == VersionId("a", 1)
    assert one.withdrawn == day(6)


def test_what_has_no_note_is_a_change_of_its_own() -> None:
    redaction = entry(
        2, EntryKind.REDACT, 3, version=1, clause="Names", reason="A court's order",
        sealed=Sealed("4" * 64, "5" * 64, "6" * 64), was=Sealed("1" * 64, "2" * 64, "3" * 64),
    )  # fmt: skip
    moved = entry(3, EntryKind.MOVE, 4, entry=DocumentEntry("a", "Renamed", DocumentKind.POLICY), effective=day(4))
    posted = posted_changes(record(post(1, 1, 0, 0, "first"), redaction, moved))
    assert [change.slug for change in posted.changes] == ["entry.3", "entry.2", "first"]
    effect = posted.by_slug["entry.2"].effects[0]
    assert (effect.document.title, effect.version and effect.version.number) == ("Document A", 1)
    assert posted.by_slug["entry.2"].change_class is None
    assert posted.titles["a"].title == "Renamed"


def test_a_correction_and_what_it_corrects_know_each_other() -> None:
    posted = posted_changes(
        record(post(1, 1, 0, 0, "first", "other"), entry(2, EntryKind.CORRECT, 3, "right", corrects=1))
    )
    assert posted.by_slug["right"].corrects == ("first", "other")
    assert posted.by_slug["first"].corrected_by == ("right",)
    assert posted.by_slug["right"].effective == ()


@pytest.mark.parametrize(
    ("at", "state"),
    [
        (1, ChangeState.ANNOUNCED),
        (10, ChangeState.IN_EFFECT),
        (11, ChangeState.IN_EFFECT),
        (20, ChangeState.WITHDRAWN),
    ],
)
def test_the_state_of_a_change_at_an_instant(at: float, state: ChangeState) -> None:
    undone = entry(2, EntryKind.WITHDRAW, 15, "undone", version=1, effective=day(20))
    changes = posted_changes(record(post(1, 1, 0, 10, "first"), undone))
    assert changes.by_slug["first"].state(day(at)) is state


def test_what_is_withdrawn_before_it_takes_effect_is_announced_no_more() -> None:
    undone = entry(2, EntryKind.WITHDRAW, 2, "undone", version=1, effective=day(3))
    known = posted_changes(record(post(1, 1, 0, 10, "first"), undone))
    assert known.by_slug["first"].state(day(2)) is ChangeState.WITHDRAWN


def test_the_withdrawal_of_what_a_change_replaces_is_not_when_it_applies() -> None:
    again = [
        entry(3, EntryKind.WITHDRAW, 5, "again", version=2, effective=day(5)),
        post(4, 3, 5, 30, "again", supersedes=1),
    ]
    undone = entry(5, EntryKind.WITHDRAW, 6, "undone", version=3, effective=day(6))
    changes = posted_changes(record(post(1, 1, 0, 0, "first"), post(2, 2, 1, 30, "soon", supersedes=1), *again, undone))
    assert changes.by_slug["again"].effective == (day(30),)
    assert changes.by_slug["undone"].effective == (day(6),)


@st.composite
def histories(draw: st.DrawFn) -> Record:
    """A document's versions: effective days never decrease, some are withdrawn, and it may be retired."""
    entries: list[Entry] = []
    effective = 0.0
    for version in range(1, draw(st.integers(1, 8)) + 1):
        effective += draw(st.integers(0, 3))
        entries.append(post(len(entries) + 1, version, 0, effective, f"n{version}"))
    for version in draw(st.lists(st.integers(1, len(entries)), unique=True, max_size=4)):
        gone = draw(st.integers(0, 20))
        entries.append(
            entry(len(entries) + 1, EntryKind.WITHDRAW, 0, f"w{version}", version=version, effective=day(gone))
        )
    if draw(st.booleans()):
        entries.append(entry(len(entries) + 1, EntryKind.RETIRE, 0, "gone", effective=day(draw(st.integers(0, 25)))))
    return record(*entries)


@given(histories(), st.integers(-1, 30))
def test_periods_say_what_the_record_says_at_every_instant(known: Record, number: int) -> None:
    found = periods(known, "a")
    at = day(number)
    (holding,) = [one for one in found if one.start <= at and (one.end is None or at < one.end)] or [None]
    assert (holding.version if holding else None) == known.in_force("a", at)
    assert [one.end for one in found[:-1]] == [one.start for one in found[1:]]


def test_a_posted_note_is_read_once_and_comes_back_whole(tmp_path: Path) -> None:
    text = """\
---
documents: [a, b]
class: substantive
material: true
effective: 2026-02-01
approved_by: General Counsel
title: A title
grounds: [{ground: law, cites: Act 1, conditions: {fair: It is.}}]
withdraws: [a@2]
restores: a@1
corrects: 3
notice_days: 9
anchors: {"a#x": "a#y"}
text: {a: 0123456789ab}
own_text: [a]
reuses: ["a#x.c"]
continues: first
notice_kept_because: A slip.
sooner_because: Customers asked for it.
---

Summary.
"""
    data, sha = text.encode(), sha256(text.encode())
    known = Record(tmp_path, "record")
    path = tmp_path / note_name(NoteRef("it", sha))
    path.parent.mkdir()
    path.write_bytes(data)
    note, zone, cache = NoteRef("it", sha), ZoneInfo("Europe/Berlin"), Cache(tmp_path / "cache")
    read = read_posted(known, note, zone, cache)
    again = read_posted(known, note, zone, cache)
    assert read.slug == again.slug == "it"
    assert again.grounds == (GroundGiven("law", "Act 1", (("fair", "It is."),)),)
    assert again == read
    assert again == change_from(change_bytes(read), again.source, note)
    assert change_bytes(again) == change_bytes(read)
    assert isinstance(again, Change)
    assert again.effective == datetime(2026, 1, 31, 23, tzinfo=UTC)


MODEL = """\
models:
  - id: m
    name: {name}
    provider: P
    eula: {{spdx: MIT}}
    modalities: {{in: [text], out: [text]}}
"""


def catalogue(text: str):  # type: ignore[no-untyped-def]
    return read_catalogue(Source("models.yml", text, text.encode()))


def test_facts_of_models_that_changed_came_or_went() -> None:
    one, two = MODEL.format(name="One"), MODEL.format(name="Two")
    assert list(compare_catalogues(catalogue(one), catalogue(two))) == [("m", "name", "One", "Two")]
    other = one.replace("id: m", "id: n")
    found = list(compare_catalogues(catalogue(one), catalogue(other)))
    assert ("n", "id", None, "n") in found
    assert ("m", "id", "m", None) in found
    assert ("n", "modalities.in", None, ["text"]) in found
    assert not list(compare_catalogues(catalogue(one), catalogue(one)))
