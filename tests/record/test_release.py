"""When a release posts, what it refuses, and what it leaves if the disk fails."""

import errno
import json
from pathlib import Path

import pytest

from engross.common.errors import EngrossError
from engross.record import journal
from engross.record.history import LEDGER
from engross.record.journal import Step, clean, steps
from engross.record.sealed_files import FOR_GIT, JOURNAL, NEXT_LEDGER, note_name
from engross.record.verification import verify

from .killing import changed_site, full_at
from .playing import complaints, day, make_site, posted_site


def test_when_it_is_posted(tmp_path: Path) -> None:
    site = posted_site(tmp_path)
    site.at(3).post("pricing")
    site.at(9).note("pricing")
    (early,) = complaints(lambda: site.release(posted=day(2)))
    assert early.endswith("2026-01-07T00:00:00Z is before entry 6 (notice pricing), posted 2026-01-08T00:00:00Z")
    (late,) = complaints(lambda: site.release(posted=day(10)))
    assert "2026-01-15T00:00:00Z is in the future" in late
    (entry,) = site.release(posted=day(3).replace(microsecond=999_999))
    assert entry.posted == entry.effective == day(3)
    assert site.record.entries[-1] == entry


def test_dry_run_writes_nothing(tmp_path: Path) -> None:
    site = make_site(tmp_path)
    site.note("agreement, rules, models, pricing")
    assert len(site.release(dry_run=True)) == 5
    assert not site.folders.record.exists()
    assert len(site.release()) == 5
    before = site.files()
    site.note("pricing")
    assert len(site.release(dry_run=True)) == 1
    assert site.files() == before


def test_nothing_ever_posted(tmp_path: Path) -> None:
    site = make_site(tmp_path)
    assert site.findings() == []
    assert site.release() == ()
    assert not site.folders.record.exists()


def test_own_check(tmp_path: Path) -> None:
    site = changed_site(tmp_path)
    before = site.files()

    def refuse(state: object) -> None:
        raise EngrossError([])

    with pytest.raises(EngrossError):
        site.release(check=refuse)
    assert site.files() == before


@pytest.mark.parametrize("number", range(7))
def test_full_disk(tmp_path: Path, number: int) -> None:
    site = changed_site(tmp_path)
    before = site.files()
    (message,) = complaints(lambda: site.release(full_at(number)))
    assert message.endswith("the record is unchanged, since it cannot be written: no space left on device")
    assert site.files() == before
    assert len(site.release()) == 2


def test_last_step_fails(tmp_path: Path) -> None:
    site = changed_site(tmp_path)

    def run(step: Step) -> None:
        if step[0] == "empty the journal":
            raise OSError(errno.EIO, "Input/output error")
        step[1]()

    (message,) = complaints(lambda: site.release(run))
    assert "it was released, but a file could not be written: Input/output error" in message
    assert len(site.record.entries) == 7
    assert not (site.folders.record / JOURNAL).exists()


def test_no_folder_can_be_made(tmp_path: Path) -> None:
    site = make_site(tmp_path)
    site.note("agreement, rules, models, pricing")
    site.folders.record.write_text("a file")
    (message,) = complaints(site.release)
    assert "nothing was released, and the record is unchanged" in message or "not a directory" in message


@pytest.mark.parametrize(
    "problem", [PermissionError(errno.EACCES, "Permission denied"), OSError(errno.EROFS, "Read-only")]
)
def test_read_only_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, problem: OSError) -> None:
    site = changed_site(tmp_path)
    before = site.files()

    def refuse(*args: object) -> int:
        raise problem

    with monkeypatch.context() as patch:
        patch.setattr("engross.record.journal.os.open", refuse)
        (message,) = complaints(site.release)
    assert message.endswith(f"cannot be written: {str(problem.strerror).lower()}")
    assert site.files() == before


def test_journal_names_what_is_not_the_records(tmp_path: Path) -> None:
    """A journal made by hand or by a merge never deletes other files."""
    site = changed_site(tmp_path)
    kept = [tmp_path / "outside.md", site.folders.record / "agreement" / "letter.md", site.folders.docs / "index.md"]
    for path in kept:
        path.write_text("keep me")
    names = ["../outside.md", str(kept[0]), "agreement/letter.md", "../docs/index.md", LEDGER, 5, None]
    (site.folders.record / JOURNAL).write_text(json.dumps(names))
    assert any("letter.md: no entry lists this file" in str(found) for found in verify(site.folders.record)[1])
    kept[1].unlink()
    site.release()
    assert kept[0].exists()
    assert kept[2].exists()


@pytest.mark.parametrize("message", [b"", b"[", b"{}", b"5", b"\xff", b'["a"]'])
def test_any_journal(tmp_path: Path, message: bytes) -> None:
    site = changed_site(tmp_path)
    (site.folders.record / JOURNAL).write_bytes(message)
    (site.folders.record / NEXT_LEDGER).write_bytes(b"half")
    assert len(site.release()) == 2
    assert {name for name in site.files() if name.startswith(".")} == set(FOR_GIT)


def test_same_note_twice(tmp_path: Path) -> None:
    """Two notes with the same bytes have different salts: the ledger does not reveal that they are equal."""
    site = posted_site(tmp_path)
    site.at(1).edit("rules.md", ("Be kind", "Be very kind"))
    site.post("rules", class_="editorial", slug="one", summary="A word.")
    site.at(2).edit("rules.md", ("Be very kind", "Be most kind"))
    site.post("rules", class_="editorial", slug="other", summary="A word.")
    one, other = (site.record.posted_notes[name] for name in ("one", "other"))
    assert one.sha256 == other.sha256
    assert one.seal != other.seal
    assert {note_name(one), note_name(other)} <= set(site.files())


def test_the_same_docs_have_other_seals_each_time(tmp_path: Path) -> None:
    sites = [make_site(tmp_path / name) for name in ("one", "other")]
    for site in sites:
        site.note("agreement, rules, models, pricing", slug="first")
        site.release()
    one, other = (site.record for site in sites)
    assert [entry.sealed and entry.sealed.source for entry in one.entries] == [
        entry.sealed and entry.sealed.source for entry in other.entries
    ]
    assert not {entry.hash for entry in one.entries} & {entry.hash for entry in other.entries}


def test_clean_leaves_what_is_listed(tmp_path: Path) -> None:
    site = posted_site(tmp_path)
    names = sorted(site.files())
    (site.folders.record / JOURNAL).write_text(json.dumps(names))
    clean(site.folders.record, names)
    assert sorted(set(site.files()) - {JOURNAL}) == names
    assert next(name for name, _ in steps(site.folders.record, {}, b"")) == "write the journal"


def test_a_release_writes_no_file_that_is_too_large_to_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = posted_site(tmp_path)
    before = site.files()
    site.at(1).edit("agreement.md", ("thirty days", "sixty days"))
    site.note("agreement")
    largest = max(map(len, before.values()))
    monkeypatch.setattr(journal, "MOST", largest)
    (message,) = complaints(site.release)
    assert message.endswith(
        f"the record is unchanged, since it cannot be written: ledger.jsonl would have more than {largest:,} bytes"
    )
    assert site.files() == before
    monkeypatch.undo()
    assert site.release()
