"""Every change of a record's files is found: of sealed files, links, pipes and journals. The message names the file."""

import json
import os
import re
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from unittest.mock import Mock

import pytest

from engross.common import MOST, Cache, now
from engross.common.errors import EngrossError
from engross.corpus.project import read_project
from engross.record import verification
from engross.record.history import LEDGER
from engross.record.journal import locked
from engross.record.posting.posted_texts import PostedTexts, texts_of_folder
from engross.record.sealed_files import (
    FOR_GIT,
    JOURNAL,
    NEXT_LEDGER,
    sealed_seal,
    sealed_source,
)
from engross.record.verification import open_record, verify

from .playing import Site, complaints
from .tampering import BOM, found_in, mutants


def put(kind: str, path: Path, outside: Path) -> None:
    """Replace a file by something that is not a file."""
    if path.is_dir():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)
    match kind:
        case "pipe":
            os.mkfifo(path)
        case "socket":
            with tempfile.TemporaryDirectory() as short, socket.socket(socket.AF_UNIX) as made:
                # The path of a socket has at most about a hundred characters.
                made.bind(f"{short}/s")
                os.rename(f"{short}/s", path)
        case "folder":
            path.mkdir()
            (path / "file").touch()
        case "empty folder":
            path.mkdir()
        case "huge":
            path.touch()
            os.truncate(path, MOST + 1)
        case _:
            targets = {"link": outside, "link to nothing": outside / "nothing", "link to zeros": Path("/dev/zero")}
            path.symlink_to(targets.get(kind, path))


NO_FILES = [
    "pipe", "socket", "folder", "empty folder", "link", "link to nothing", "link to itself", "link to zeros",
]  # fmt: skip


@pytest.mark.parametrize("kind", [*NO_FILES, "huge"])
@pytest.mark.parametrize("name", [LEDGER, "agreement/1-*.md", "agreement/1-*.seal.json", "changes/*.md"])
def test_what_is_no_file_is_not_waited_for(copied: Site, history: Site, tmp_path: Path, name: str, kind: str) -> None:
    """Every reader of the record reports a file that is not a regular file or is too large."""
    folder, outside, sound = copied.folders.record, tmp_path / "outside", copied.record
    shutil.copytree(history.root / "docs", tmp_path / "docs")
    outside.write_bytes(b"mine")
    put(kind, next(folder.glob(name)), outside)
    found = found_in(copied)
    assert found
    if kind == "huge":
        assert "it has more than 268,435,456 bytes, the most that is read" in found[0]
    assert complaints(copied.release) == found
    assert texts_of_folder(read_project(tmp_path / "docs"), folder) == PostedTexts() or name not in (
        LEDGER,
        "agreement/1-*.seal.json",
    )
    for read in (sealed_source, sealed_seal):
        complaints(lambda read=read: read(sound, sound.versions["agreement"][0]))


@pytest.mark.parametrize("kind", [kind for kind in NO_FILES if kind != "empty folder"])
def test_what_is_no_file_and_that_no_entry_lists(copied: Site, tmp_path: Path, kind: str) -> None:
    put(kind, copied.folders.record / "rules" / "1-0.md", tmp_path)
    assert found_in(copied)


def test_empty_folders_do_not_matter(copied: Site) -> None:
    """Version control keeps no empty folder, and nothing could be in it."""
    for name in ("empty", "changes/empty", "pictures"):
        (copied.folders.record / name).mkdir()
    assert found_in(copied) == []


@pytest.mark.parametrize("kind", NO_FILES)
def test_a_journal_that_is_no_file_is_not_written_to(copied: Site, tmp_path: Path, kind: str) -> None:
    """The target of a link would be overwritten, and reading a pipe would never end."""
    record, outside = copied.folders.record, tmp_path / "outside"
    outside.write_bytes(b"mine")
    put(kind, record / JOURNAL, outside)
    found_in(copied)
    with pytest.raises(EngrossError, match="nothing was released"), locked(record):
        pass
    assert outside.read_bytes() == b"mine"


def altered_files(data: bytes) -> list[bytes]:
    """The same number of other contents for each sealed file."""
    others = [data[1:], data[:-1], data + b"\n", BOM + data, b"", data.replace(b"\n", b"\r\n")]
    return [*others, *mutants(data, len(data) // 2)]


@pytest.mark.parametrize("seals", [False, True], ids=["files", "seals"])
def test_every_sealed_file(copied: Site, seals: bool) -> None:
    """All files are altered together in the same way, and each is named once; an altered seal hides its file."""
    folder = copied.folders.record
    sealed = {name: data for name, data in copied.files().items() if name not in (LEDGER, *FOR_GIT)}
    sealed = {name: data for name, data in sealed.items() if name.endswith(".seal.json") is seals}
    for others in zip(*map(altered_files, sealed.values()), strict=True):
        for name, other in zip(sealed, others, strict=True):
            (folder / name).write_bytes(other)
        found = found_in(copied)
        assert len(found) == len(sealed)
        for name in sealed:
            named = re.compile(rf"{re.escape(name)}: entry \d+ .* was altered")
            assert len(list(filter(named.search, found))) == 1, name
    for name, data in sealed.items():
        (folder / name).write_bytes(data)
    assert found_in(copied) == []


def test_one_sealed_file(copied: Site) -> None:
    folder = copied.folders.record
    for name, data in copied.files().items():
        if name == LEDGER or name in FOR_GIT:
            continue
        (folder / name).write_bytes(data + b"\n")
        (found,) = found_in(copied)
        assert re.search(rf"{re.escape(name)}: entry \d+ .* was altered", found), found
        (folder / name).unlink()
        (gone,) = found_in(copied)
        assert re.search(rf"{re.escape(name)}: entry \d+ .* is missing", gone)
        (folder / name).write_bytes(data)
    assert found_in(copied) == []


@pytest.mark.parametrize("name", FOR_GIT)
def test_files_for_git(copied: Site, name: str) -> None:
    path = copied.folders.record / name
    path.write_bytes(path.read_bytes() + b"\n")
    (found,) = found_in(copied)
    assert f"record/{name}: this file keeps git from altering sealed files, and was altered" in found
    path.unlink()
    assert found_in(copied) == []


def test_names_exchanged(copied: Site) -> None:
    folder = copied.folders.record
    first, second = sorted(folder.glob("agreement/*.md"))[:2]
    one, other = first.read_bytes(), second.read_bytes()
    first.write_bytes(other)
    second.write_bytes(one)
    assert len(found_in(copied)) == 2


@pytest.mark.parametrize(
    "name", ["notes.txt", "agreement/draft.md", "new/1-000000000000.md", "changes/000000000000.md", ".hidden", "a/b/c"]
)
def test_unlisted_file(copied: Site, name: str) -> None:
    path = copied.folders.record / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"")
    (found,) = found_in(copied)
    assert f"record/{name}: no entry lists this file" in found


def test_links(copied: Site, tmp_path: Path) -> None:
    folder = copied.folders.record
    sealed = sorted(folder.glob("agreement/*.md"))[0]
    elsewhere = tmp_path / "elsewhere.md"
    sealed.rename(elsewhere)
    sealed.symlink_to(elsewhere)
    (found,) = found_in(copied)
    assert f"agreement/{sealed.name}: entry 1 (post agreement@1): its sealed file is a link" in found
    sealed.unlink()
    elsewhere.rename(sealed)
    (folder / "link").symlink_to(folder / "nowhere")
    (folder / "folder").symlink_to(folder / "agreement")
    assert [one.partition("record/")[2].partition(":")[0] for one in found_in(copied)] == ["folder", "link"]


def test_ledger_elsewhere(copied: Site, tmp_path: Path) -> None:
    ledger = copied.folders.record / LEDGER
    ledger.rename(tmp_path / "ledger")
    ledger.symlink_to(tmp_path / "ledger")
    assert "it is a link" in found_in(copied)[0]
    ledger.unlink()
    ledger.mkdir()
    assert "ledger.jsonl: is a directory" in found_in(copied)[0]
    ledger.rmdir()
    gone = "record/ledger.jsonl: the ledger is missing or empty, but there are sealed files; restore the ledger"
    for _ in range(2):
        (found,) = found_in(copied)
        assert gone in found
        ledger.touch()


@pytest.mark.parametrize("empty", [False, True])
@pytest.mark.parametrize("named", ["all", "some"])
def test_no_journal_makes_sealed_files_nobodys(copied: Site, empty: bool, named: str) -> None:
    """Deleting the ledger and writing a journal is detected: a record with sealed files is not empty."""
    before = copied.files()
    folder = copied.folders.record
    (folder / LEDGER).write_bytes(b"") if empty else (folder / LEDGER).unlink()
    names = sorted(set(before) - {LEDGER})
    (folder / JOURNAL).write_text(json.dumps(names if named == "all" else names[:-1]))
    (found,) = found_in(copied)
    assert "record/ledger.jsonl: the ledger is missing or empty, but there are sealed files" in found
    assert found.endswith("and release again") == (named == "all")
    assert complaints(copied.release)
    left = {name: data for name, data in copied.files().items() if name not in (LEDGER, JOURNAL)}
    assert left == {name: data for name, data in before.items() if name != LEDGER}, "nothing is taken away"


def git(folder: Path, *words: str) -> None:
    subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True)


@pytest.mark.parametrize("name", [JOURNAL, NEXT_LEDGER])
def test_journal_in_git(copied: Site, name: str) -> None:
    """A committed journal would make the next release delete the files it names."""
    git(copied.root, "init", "-q")
    git(copied.root, "add", "record")
    (copied.folders.record / name).write_text("[]")
    assert found_in(copied) == []
    git(copied.root, "add", "--force", f"record/{name}")
    (found,) = found_in(copied)
    assert f"record/{name}: git tracks this file, which exists only during a release" in found
    git(copied.root, "rm", "-q", "--cached", "--force", f"record/{name}")
    assert found_in(copied) == []


def test_ledger_that_git_has_is_not_that_of_a_first_release(copied: Site) -> None:
    git(copied.root, "init", "-q")
    git(copied.root, "add", "record")
    folder = copied.folders.record
    (folder / JOURNAL).write_text(json.dumps(sorted(set(copied.files()) - {LEDGER})))
    (folder / LEDGER).unlink()
    (found,) = found_in(copied)
    assert found.endswith("and leave the sealed files as they are")


def test_a_record_that_is_no_folder(copied: Site, tmp_path: Path) -> None:
    """A file or a broken link is not an empty record."""
    folder = copied.folders.record
    folder.rename(tmp_path / "away")
    assert found_in(copied) == []
    folder.write_text("gone")
    (found,) = found_in(copied)
    assert found.endswith("record: it is not a folder, and the record must be one")
    folder.unlink()
    folder.symlink_to(tmp_path / "nowhere")
    assert len(found_in(copied)) == 1
    folder.unlink()
    folder.symlink_to(tmp_path / "away")
    assert found_in(copied) == []


def test_pipes(copied: Site) -> None:
    """Pipes, which could be read for ever, are not files of a record."""
    folder = copied.folders.record
    sealed = sorted(folder.glob("agreement/*.md"))[0]
    sealed.unlink()
    os.mkfifo(sealed)
    (found,) = found_in(copied)
    assert "entry 1 (post agreement@1): its sealed file cannot be read: it is not a regular file" in found
    (folder / LEDGER).unlink()
    os.mkfifo(folder / LEDGER)
    (found,) = found_in(copied)
    assert "record/ledger.jsonl: it is not a regular file" in found


def test_sealed_file_is_a_folder(copied: Site) -> None:
    path = sorted(copied.folders.record.glob("agreement/*.md"))[0]
    path.unlink()
    path.mkdir()
    (found,) = found_in(copied)
    assert "entry 1 (post agreement@1): its sealed file cannot be read" in found


def same_size(path: Path) -> None:
    """Change a byte, and set the times as they were."""
    before = path.stat()
    data = path.read_bytes()
    path.write_bytes(bytes([data[0] ^ 1]) + data[1:])
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)


def other_file(path: Path) -> None:
    """Put another file of the same size and times in its place."""
    beside = path.with_name("beside")
    shutil.copy2(path, beside)
    same_size(beside)
    beside.rename(path)


def to_link(path: Path) -> None:
    moved = path.rename(path.parents[2] / "elsewhere")
    path.symlink_to(moved)


def add_file(path: Path) -> None:
    path.with_name("new.md").touch()


CHANGES: list[Callable[[Path], object]] = [
    same_size, other_file, to_link, Path.unlink, add_file,
]  # fmt: skip


@pytest.mark.skipif(os.name != "posix", reason="the time of creation does not show changes")
class TestKnownRecords:
    """A record in which nothing was wrong is not read again until a file is touched."""

    @pytest.fixture
    def cache(self, copied: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cache:
        """A cache that knows the record, some seconds after it was written."""
        later = now() + timedelta(minutes=1)
        monkeypatch.setattr(verification, "now", lambda: later)
        cache = Cache(tmp_path / "cache")
        assert open_record(copied.folders.record, cache) == verify(copied.folders.record)[0]
        return cache

    def test_it_is_the_same_record(self, copied: Site, cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
        wanted = verify(copied.folders.record)[0]
        monkeypatch.setattr(verification, "verify", lambda _: pytest.fail("it is read again"))
        assert open_record(copied.folders.record, cache) == wanted
        assert open_record(copied.folders.record, cache).redactions == wanted.redactions

    @pytest.mark.parametrize("change", CHANGES, ids=range(len(CHANGES)))
    def test_each_touched_file_is_found(self, copied: Site, cache: Cache, change: Callable[[Path], object]) -> None:
        """With the messages of a full verification."""
        folder = copied.folders.record
        for path in sorted(folder.glob("*/*.*")):
            before = path.read_bytes()
            change(path)
            with pytest.raises(EngrossError) as failure:
                open_record(folder, cache)
            assert list(failure.value.diagnostics) == verify(folder)[1]
            path.unlink(missing_ok=True)
            path.write_bytes(before)
            path.with_name("new.md").unlink(missing_ok=True)
        assert open_record(folder, cache) == verify(folder)[0]

    def test_another_ledger(self, copied: Site, cache: Cache) -> None:
        same_size(copied.folders.record / LEDGER)
        with pytest.raises(EngrossError):
            open_record(copied.folders.record, cache)

    def test_a_journal(self, copied: Site, cache: Cache) -> None:
        (copied.folders.record / JOURNAL).touch()
        assert verification._State.of(copied.folders.record) is None
        assert open_record(copied.folders.record, cache) == verify(copied.folders.record)[0]

    def test_a_file_written_just_now_is_read_again(
        self, copied: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """It may be written again in the same tick of the clock."""
        folder, cache = copied.folders.record, Cache(tmp_path / "cache")
        (folder / next(iter(FOR_GIT))).touch()
        open_record(folder, cache)
        assert not (tmp_path / "cache").exists()

    def test_nothing_wrong_is_known(self, copied: Site, cache: Cache) -> None:
        folder = copied.folders.record
        (folder / "changes/new.md").touch()
        for _ in range(2):
            with pytest.raises(EngrossError):
                open_record(folder, cache)

    def test_no_cache(self, copied: Site, cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
        class ReadError(Exception):
            pass

        monkeypatch.setattr(verification, "verify", Mock(side_effect=ReadError))
        with pytest.raises(ReadError):
            open_record(copied.folders.record)
