"""Sites with a record of version 0.1: releases continue it in format 2, and all entries are shown."""

import hashlib
import json
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from building import Built, build

from engross.corpus.folders import find_folders
from engross.model import READER, ChangeClass, Entry, EntryKind, NoteRef, Sealed, TreeClause, VersionId
from engross.record import Record, open_record, release
from engross.record.addresses import LEDGER_FILE
from engross.record.history import LEDGER
from engross.record.journal import locked
from engross.record.posting.releasing import read_state
from engross.record.posting.sealing import bound, note_files, write
from engross.record.redact.redaction import SUMMARY, NoteOrder, Order, plan_note_redaction, plan_redaction
from engross.record.sealed_files import note_names, sealed_note, sealed_tree, version_names

RELEASED = Path(__file__).parents[1] / "released" / "0.1"
SITES = ("project", "tour")
DOCUMENT, FILE = "acceptable-use", "terms/acceptable-use.md"
POSTED = datetime(2027, 2, 1, 9, tzinfo=UTC)
NOTE = """\
---
documents: [acceptable-use]
class: substantive
material: true
effective: immediately
approved_by: Counsel
title: One more rule
---

One more rule.
"""
pytestmark = pytest.mark.slow


def copy_of(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch, at: datetime = POSTED) -> Path:
    shutil.copytree(RELEASED / name, folder, dirs_exist_ok=True)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(at.timestamp())))
    return folder


def add(folder: Path, entries: list[Entry], files: dict[str, bytes], gone: tuple[str, ...] = ()) -> None:
    record = open_record(folder / "record")
    with locked(record.folder):
        write(record, bound(record, entries, files, gone))


def post(folder: Path) -> tuple[Entry, ...]:
    path = folder / "docs" / FILE
    path.write_text(path.read_text("utf-8") + "\nYou will not paint the servers green.\n", "utf-8")
    (folder / "docs/changes/green.md").write_text(NOTE, "utf-8")
    return release(find_folders(folder), POSTED)


@pytest.mark.parametrize("name", [pytest.param(one, marks=pytest.mark.full) if one == "tour" else one for one in SITES])
def test_a_record_of_0_1_is_continued_in_format_2(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = copy_of(name, tmp_path, monkeypatch)
    old = (folder / "record" / LEDGER).read_bytes()
    before = {path: path.read_bytes() for path in (folder / "record").rglob("*") if path.is_file()}
    posted = [entry for entry in post(folder) if entry.kind is EntryKind.POST]
    assert [(entry.format, entry.document, entry.reader) for entry in posted] == [(2, DOCUMENT, READER)]
    data = (folder / "record" / LEDGER).read_bytes()
    assert data.startswith(old)
    assert {json.loads(line)["format"] for line in data[len(old) :].splitlines()} == {2}
    assert all(path.read_bytes() == kept for path, kept in before.items() if path.name != LEDGER)
    built = build(folder)
    assert (built.status, built.messages) == (0, [])
    record = open_record(folder / "record")
    version = record.versions[DOCUMENT][-1]
    check_as_customers_do(built, version.id, (2, True))
    check_as_customers_do(built, VersionId(DOCUMENT, 1), (1, False))


def check_as_customers_do(built: Built, version: VersionId, form: tuple[int, bool]) -> None:
    """Follow the steps that the self-contained HTML names, with the files that it names."""
    of_format, has_seal = form
    folder = built.site / version.document / "versions"
    page = (folder / f"{version.number}.html").read_text("utf-8")
    facts = json.loads((folder / f"{version.number}.json").read_text("utf-8"))
    steps = re.findall(r"<li>(.*)</li>", page[page.index('class="eg-verify"') :])
    assert len(steps) == (4 if has_seal else 3)
    hashes = [re.findall(r"[0-9a-f]{64}", step) for step in steps]
    (source,) = (path for path in folder.glob(f"{version.number}.*") if path.suffix in (".md", ".yml"))
    assert hashes[0] == [sha256_of(source)] == [facts["sha256"]["source"]]
    ledger = [json.loads(line) for line in (built.site / LEDGER_FILE).read_text("utf-8").splitlines()]
    line = ledger[int(re.search(r"[Ee]ntry (\d+)", steps[-2])[1]) - 1]  # type: ignore[index]
    assert (line["format"], [line["hash"]]) == (of_format, hashes[-2])
    seal = folder / f"{version.number}.seal.json"
    assert seal.exists() == has_seal
    if has_seal:
        assert "sha256sum 1.seal.json".replace("1", str(version.number)) in re.sub("<[^>]*>", "", steps[1])
        assert hashes[1] == [sha256_of(seal)] == [facts["sha256"]["seal"]] == [line["sealed"]]
        assert json.loads(seal.read_bytes())["source"] == hashes[0][0]
        assert facts["seal"].endswith(f"{version.document}/versions/{version.number}.seal.json")
    else:
        assert line["sealed"]["source"] == hashes[0][0]


def sha256_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.long
def test_a_version_of_format_1_that_is_redacted_gets_a_seal_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = copy_of("tour", tmp_path, monkeypatch)
    version = open_record(folder / "record").versions["preview"][0]
    anchor = next(
        clause.anchor for clause in tree_of(open_record(folder / "record"), version.id) if clause.kind == "paragraph"
    )
    plan = read_state(find_folders(folder), POSTED).plan
    redaction = plan_redaction(plan, Order((version.id,), anchor, "order of a court", only_these=True))
    with locked(plan.record.folder):
        write(plan.record, redaction.sealing)
    record = open_record(folder / "record")
    (entry,) = record.version(version.id).redactions
    assert (entry.format, entry.was) == (2, version.sealed)
    now = record.version(version.id).sealed
    assert now.seal
    assert now.source != version.sealed.source
    there = {path.relative_to(record.folder).as_posix() for path in record.folder.rglob("*")}
    assert not there & set(version_names(version.id, version.sealed, version.entry))
    assert there >= set(version_names(version.id, now, version.entry))
    built = build(folder)
    assert (built.status, built.messages) == (0, [])
    check_as_customers_do(built, version.id, (2, True))


def tree_of(record: Record, id: VersionId) -> tuple[TreeClause, ...]:

    return sealed_tree(record, record.version(id)).clauses


@pytest.mark.long
def test_entries_about_a_set_and_a_note_are_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Entries about no document are in the ledger, lists, feeds and JSON, and nothing fails on them."""
    folder = copy_of("tour", tmp_path, monkeypatch)
    post(folder)
    record = open_record(folder / "record")
    last = record.last_set("corvane")
    assert last is not None
    green, old = record.posted_notes["green"], sealed_note(record, record.posted_notes["green"])
    new, files = note_files("green", old.replace(b"One more rule.", b"[Redacted]"))
    at = {"posted": POSTED, "document": "", "previous": "", "hash": "", "seq": 0}
    redact = Entry(
        kind=EntryKind.REDACT, note="green", was=sealed_as(green), sealed=sealed_as(new), clause="The summary",
        reason="A court said so", **at,
    )  # type: ignore[arg-type] # fmt: skip
    entries = [
        Entry(kind=EntryKind.SET, set=last, effective=POSTED, change_class=ChangeClass.EDITORIAL, **at),  # type: ignore[arg-type]
        redact,
        Entry(kind=EntryKind.CORRECT, corrects=record.entries[-1].seq + 1, about=last.id, **at),  # type: ignore[arg-type]
        Entry(kind=EntryKind.CORRECT, corrects=record.entries[-1].seq + 2, note="green", **at),  # type: ignore[arg-type]
    ]
    add(folder, entries, files, tuple(note_names(green)))
    (folder / "docs/changes/green.md").write_bytes(old.replace(b"One more rule.", b"[Redacted]"))
    after = open_record(folder / "record")
    assert after.posted_notes["green"] == new
    assert sealed_note(after, green) == files[next(iter(files))]
    assert "" not in after.documents
    assert after.as_known(POSTED).posted_notes["green"] == new
    built = build(folder)
    assert (built.status, built.messages) == (0, [])
    number = len(after.versions[DOCUMENT])
    assert "paint" in built.page(f"{DOCUMENT}/versions/{number}/index.html")
    assert not [path for path in built.site.rglob("*") if path.is_file() and b"One more rule." in path.read_bytes()]
    seq = record.entries[-1].seq
    assert last.title in built.page(f"changes/entry.{seq + 1}/index.html")
    assert "Words redacted in the change note" in built.page(f"changes/entry.{seq + 2}/index.html")
    feed = json.loads((built.site / "feeds/changes.json").read_text("utf-8"))
    about = [one for item in feed["items"] for one in item["_engross"]["documents"] if one["entry"] > seq]
    assert [(one["kind"], one.get("document"), one.get("set"), one.get("note")) for one in about] == [
        ("correct", None, None, "green"),
        ("correct", None, last.id, None),
        ("redact", None, None, "green"),
        ("set", None, last.id, None),
    ]


def sealed_as(note: NoteRef) -> Sealed:

    return Sealed(note.sha256, "", "", note.seal)


@pytest.mark.long
def test_words_of_format_1_are_nowhere_once_redacted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The text, its tree and its note; the hashes of whole files stay in the ledger, and can be guessed."""
    folder = copy_of("project", tmp_path, monkeypatch)
    words = b"holds the rules of use of the Services that stand behind"
    hashed = hashlib.sha256((folder / "docs" / FILE).read_bytes().split(b"\n\n")[3]).hexdigest()[:12].encode()
    build(folder)
    places = ("record", "site", ".cache/engross", "docs")
    assert all(with_words(folder / name, words) for name in places)
    assert with_words(folder / "record", hashed)
    plan = read_state(find_folders(folder), POSTED).plan
    redaction = plan_redaction(plan, Order((VersionId(DOCUMENT, 1),), "purpose.p1", "order of a court", draft=True))
    with locked(plan.record.folder):
        write(plan.record, redaction.sealing)
    assert redaction.draft
    (folder / "docs" / FILE).write_bytes(redaction.draft.data)
    (slug,) = open_record(folder / "record").posted_notes
    summary = sealed_note(plan.record, plan.record.posted_notes[slug]).split(b"---\n", 2)[2].strip()
    assert with_words(folder / "record", summary)
    redaction = plan_note_redaction(
        read_state(find_folders(folder), POSTED).plan, NoteOrder(slug, SUMMARY, "order of a court")
    )
    with locked(plan.record.folder):
        write(open_record(folder / "record"), redaction.sealing)
    assert redaction.draft
    (folder / "docs/changes" / f"{slug}.md").write_bytes(redaction.draft.data)
    built = build(folder)
    assert (built.status, built.messages) == (0, [])
    for name in places:
        assert not [
            with_words(folder / name, one) for one in (words, hashed, summary) if with_words(folder / name, one)
        ]


def with_words(folder: Path, words: bytes) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and words in path.read_bytes()]
