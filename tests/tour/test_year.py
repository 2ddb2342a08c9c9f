"""The tour's record: that its history makes it, that it verifies, and that every state a document can be in occurs."""

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from examples.tour.replay import HISTORY, TOUR, play, replay, steps

from engross.common.clock import as_of
from engross.corpus.folders import find_folders
from engross.corpus.project import read_project
from engross.model import Change, ChangeClass, EntryKind, Tree, VersionId
from engross.record import Record, open_record, read_state, verify
from engross.record.notes.reader import posted_note
from engross.record.posting.drafts import sealed_document
from engross.record.sealed_files import sealed_note, sealed_tree
from engross.redline import redline
from engross.redline.script import State

DAY = datetime(2026, 11, 20, 12, tzinfo=UTC)


@cache
def tour() -> Record:
    return open_record(TOUR / "record")


@cache
def notes() -> dict[str, Change]:
    """The posted notes, by slug."""
    zone = ZoneInfo("UTC")
    return {
        slug: posted_note(sealed_note(tour(), ref), f"changes/{slug}.md", slug, zone)
        for slug, ref in tour().posted_notes.items()
    }


def tree_of(document: str, number: int) -> Tree:
    return sealed_tree(tour(), tour().version(VersionId(document, number)))


def trees() -> Iterator[Tree]:
    for versions in tour().versions.values():
        for version in versions:
            yield sealed_tree(tour(), version)


def kinds(document: str) -> list[EntryKind]:
    return [entry.kind for entry in tour().entries if entry.document == document]


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_history_makes_the_docs_and_the_texts_that_were_posted(tmp_path: Path) -> None:
    """Step by step: each text and note in the record equals the file that the history has made by then."""
    posted, record = [], tour()
    for step, entries in replay(tmp_path):
        posted.append(step.folder.name)
        assert entries
        docs = tmp_path / "docs"
        for entry in entries:
            for note in entry.notes:
                assert (docs / f"changes/{note.slug}.md").read_bytes() == sealed_note(record, note)
            if entry.kind is EntryKind.POST:
                version = record.version(VersionId(entry.document, entry.version))
                if not version.redactions:
                    assert (docs / version.entry.file).read_bytes() == sealed_document(record, version).source.data  # type: ignore[union-attr]
    assert posted == [step.folder.name for step in steps()]
    assert {entry.posted for entry in record.entries} == {step.posted for step in steps()}
    for name in ("docs", "record"):
        made, kept = files(tmp_path / name), files(TOUR / name)
        assert sorted(made) == sorted(kept)
        assert [path for path in made if made[path] != kept[path]] == []


def test_a_new_step_is_added_to_the_record(tmp_path: Path) -> None:
    """A step that was not posted yet is posted, in format 2, after everything that was."""
    history = tmp_path / "history"
    shutil.copytree(HISTORY, history)
    new = history / "99-friendly"
    (new / "docs/changes").mkdir(parents=True)
    (new / "docs/changes/friendly.md").write_text(
        "---\ndocuments: [copyright]\nclass: substantive\nmaterial: false\n"
        "effective: immediately\napproved_by: General Counsel\n"
        "title: Notices are answered\n---\n\nNotices are answered.\n",
        "utf-8",
    )
    (new / "step.yml").write_text('posted: "2026-12-20T09:00:00Z"\n', "utf-8")
    text = (TOUR / "docs/copyright.md").read_text("utf-8")
    (new / "docs/copyright.md").write_text(f"{text}\nOstrelle answers each notice within five days.\n", "utf-8")
    root = tmp_path / "played"
    root.mkdir()
    *_, (step, entries) = replay(root, history)
    assert step.folder == new
    assert [(entry.format, entry.document) for entry in entries if entry.kind is EntryKind.POST] == [(2, "copyright")]
    record, problems = verify(root / "record")
    assert problems == []
    assert record.entries[: len(tour().entries)] == tour().entries


def test_an_edit_that_does_not_fit_is_reported(tmp_path: Path) -> None:
    first, second = list(steps())[:2]
    play(first, tmp_path)
    page = tmp_path / "docs/agreement.md"
    page.write_text("It recieves reports. It recieves reports.", "utf-8")
    with pytest.raises(ValueError, match=r"agreement\.md has 2 times: It recieves reports"):
        play(second, tmp_path)


def test_the_record_verifies() -> None:
    record, problems = verify(TOUR / "record")
    assert list(problems) == []
    assert len(record.entries) > 50


def test_nothing_is_left_to_post() -> None:
    state = read_state(find_folders(TOUR), DAY)
    # 0.1 recorded grounds by their ids: a note asks to compare their words once.
    assert [one.rule for one in state.findings()] == ["unrecorded-grounds"]
    assert state.plan.postings == ()


def moved_section() -> bool:
    old, new = (sealed_document(tour(), tour().version(VersionId("agreement", number))) for number in (4, 5))
    return any(block.state is State.MOVED_HERE for block in redline(old, new).blocks)


def grounds_given() -> set[str]:
    about = [note for note in notes().values() if "data-processing" in note.documents]
    return {ground.id for note in about for ground in note.grounds}


def reads_the_same(document: str, one: int, other: int) -> bool:
    old, new = (tour().version(VersionId(document, number)).sealed for number in (one, other))
    return old.text == new.text and old.source != new.source


STATES: dict[str, Callable[[], object]] = {
    "a clause reworded": lambda: any(
        clause.kind == "paragraph" and clause.since < clause.changed for clause in tree_of("agreement", 3).clauses
    ),
    "a definition added": lambda: any(
        clause.anchor == "definitions.batch" and clause.since == 4 for clause in tree_of("agreement", 4).clauses
    ),
    "a section moved": moved_section,
    "a heading renamed": lambda: any(
        alias.anchor == "duties-of-customer.information-for-end-users"
        or (alias.anchor == "information-for-end-users" and alias.clause)
        for alias in tree_of("agreement", 5).aliases
    ),
    "a heading removed that leads elsewhere": lambda: any(
        alias.anchor == "trial-credit" and alias.clause for alias in tree_of("agreement", 10).aliases
    ),
    "an enumerator reused": lambda: tree_of("acceptable-use", 2).reused,
    "a model deprecated": lambda: "sparrow-1-retires" in notes(),
    "a model retired": lambda: any(alias.anchor == "sparrow-1-8b" for alias in tree_of("models", 6).aliases),
    "a price notice": lambda: kinds("pricing").count(EntryKind.NOTICE) > 3,
    "a corrected note": lambda: EntryKind.CORRECT in kinds("pricing"),
    "a data-processing change on each ground": lambda: grounds_given() == {"law", "permitted", "reasonable"},
    "a change on several grounds": lambda: any(len(note.grounds) > 1 for note in notes().values()),
    "an approved text named by its hash": lambda: all(
        note.text for note in notes().values() if "data-processing" in note.documents
    ),
    "an announced change withdrawn": lambda: EntryKind.WITHDRAW in kinds("service-specific"),
    "a text redacted": lambda: tour().version(VersionId("copyright", 1)).redactions,
    "a text restored": lambda: tour().version(VersionId("service-specific", 3)).post.restores == 1,
    "a document moved": lambda: EntryKind.MOVE in kinds("acceptable-use"),
    "a document added later": lambda: tour().versions["service-levels"][0].post.seq > 20,
    "a document retired": lambda: kinds("preview")[-1] is EntryKind.RETIRE,
    "the provider renamed": lambda: (
        tour().versions["agreement"][0].entry.title.replace("Quillmere", "Ostrelle")
        == tour().versions["agreement"][-1].entry.title
    ),
    "several notes, one version": lambda: len(tour().version(VersionId("models", 3)).post.notes) == 2,
    "a note about several documents": lambda: max(len(note.documents) for note in notes().values()) > 5,
    "a change of format": lambda: (
        reads_the_same("copyright", 2, 3)
        and tour().version(VersionId("copyright", 3)).post.change_class is ChangeClass.FORMAT
    ),
    "an editorial change": lambda: any(entry.change_class is ChangeClass.EDITORIAL for entry in tour().entries),
    "an emergency": lambda: notes()["echo-attack"].emergency,
    "an emergency that withdraws an announced version": lambda: notes()["echo-attack"].withdraws,
    "a register changed without a note": lambda: tour().version(VersionId("subprocessors", 2)).post.notes == (),
    "a row announced, objected to and replaced": lambda: (
        "objected" in notes()["lantern-words"].summary
        and tour().version(VersionId("subprocessors", 3)).withdrawn
        and not tour().version(VersionId("subprocessors", 4)).withdrawn
    ),
    "a version announced while another was": lambda: any(
        len(tour().announced("agreement", version.posted)) > 1 for version in tour().versions["agreement"]
    ),
    "a note with more notice than usual": lambda: any(note.notice_days > 30 for note in notes().values()),
    "changes announced on the day of the tour": lambda: (
        {version.id.document for name in tour().versions for version in tour().announced(name, DAY)}
        == {"agreement", "models", "subprocessors"}
    ),
}


@pytest.mark.parametrize("state", STATES)
def test_the_year_shows(state: str) -> None:
    assert STATES[state]()


IN_FORCE = {
    "2025-11-17T08:59:59": {},
    "2025-11-17T09:00:00": {"agreement": 1, "acceptable-use": 1, "data-processing": 1, "preview": 1, "models": 1},
    # Two changes of the agreement are announced, and take effect one after the other.
    "2026-01-19T23:59:59": {"agreement": 2},
    "2026-01-20T00:00:00": {"agreement": 3},
    "2026-02-16T00:00:00": {"agreement": 4},
    # Posted in error, and undone.
    "2026-03-04T00:00:00": {"service-specific": 2},
    "2026-03-05T08:30:00": {"service-specific": 3},
    # Posted, and not yet in force.
    "2026-05-20T00:00:00": {"agreement": 6, "service-levels": 0, "service-specific": 3},
    "2026-06-08T00:00:00": {"agreement": 7, "service-levels": 1},
    # The emergency, the version it withdrew, and the new announcement.
    "2026-06-12T21:39:59": {"acceptable-use": 2},
    "2026-06-12T21:40:00": {"acceptable-use": 4},
    "2026-07-10T00:00:00": {"acceptable-use": 5},
    "2026-06-22T12:00:00": {"service-specific": 3, "preview": 1},
    "2026-06-23T09:00:00": {"preview": 0, "agreement": 8},
    "2026-11-20T12:00:00": {"agreement": 10, "models": 7, "data-processing": 6},
    "2027-01-04T00:00:00": {"agreement": 11, "models": 8},
}


@pytest.mark.parametrize("at", IN_FORCE)
def test_what_was_in_force(at: str) -> None:
    instant = datetime.fromisoformat(at).replace(tzinfo=UTC)
    expected = IN_FORCE[at] or dict.fromkeys(tour().versions, 0)
    found = {name: version.number if (version := tour().in_force(name, instant)) else 0 for name in expected}
    assert found == expected


def test_the_day_of_the_tour_is_that_of_its_tests() -> None:
    makefile = (TOUR.parent.parent / "Makefile").read_text("utf-8")
    epoch = next(line.split(":= ")[1] for line in makefile.splitlines() if line.startswith("TOUR_DAY :="))
    assert as_of({**os.environ, "SOURCE_DATE_EPOCH": epoch}) == DAY


def test_no_note_speaks_in_the_names_of_documents_that_there_are_not() -> None:
    known = {*read_project(TOUR / "docs").documents, "preview"}
    assert {name for note in notes().values() for name in note.documents} <= known


def test_the_renaming_changes_the_name_and_nothing_else() -> None:
    old, new = (sealed_document(tour(), tour().version(VersionId("agreement", number))) for number in (8, 9))
    assert old.source
    assert new.source
    assert old.source.text.replace("Quillmere", "Ostrelle").replace("quillmere", "ostrelle") == new.source.text


def test_what_was_redacted_is_nowhere_in_the_record_and_a_tombstone_replaces_it() -> None:
    held = [path for path in (TOUR / "record").rglob("*") if path.is_file() and b"Varndell" in path.read_bytes()]
    assert held == []
    source = sealed_document(tour(), tour().version(VersionId("copyright", 1))).source
    assert source
    assert "[Redacted on 2026-09-29: order of the court of Port Sallow of 25 September 2026]" in source.text
