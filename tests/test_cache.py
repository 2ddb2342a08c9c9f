"""The cache between builds, in files and in packs: incomplete entries are ignored, and a lost entry changes nothing."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from engross.common.cache import FOLDER, Cache, checksum_of, forget_erased, key_of
from engross.common.packed_cache import PackedCache

KEY = key_of("engross.text.parser", "kind", b"made from")
BOTH = pytest.mark.parametrize("store", [Cache, PackedCache])


@BOTH
def test_what_was_put_is_found(tmp_path: Path, store: type[Cache]) -> None:
    store(tmp_path / "new" / "folder").put(KEY, b"made")
    assert store(tmp_path / "new" / "folder").get(KEY) == b"made"


@BOTH
def test_what_was_never_put_is_not_found(tmp_path: Path, store: type[Cache]) -> None:
    assert store(tmp_path).get(KEY) is None


@BOTH
def test_no_folder_keeps_nothing(store: type[Cache]) -> None:
    store().put(KEY, b"made")
    assert store().get(KEY) is None


@BOTH
@pytest.mark.parametrize("damage", [b"", b"short", b"\0" * 40])
def test_what_is_damaged_is_not_found(tmp_path: Path, store: type[Cache], damage: bytes) -> None:
    store(tmp_path).put(KEY, b"made")
    (file,) = (path for path in tmp_path.rglob("*") if path.is_file())
    file.write_bytes(damage)
    assert store(tmp_path).get(KEY) is None


@BOTH
def test_a_folder_that_cannot_be_written_does_no_harm(tmp_path: Path, store: type[Cache]) -> None:
    (tmp_path / "file").write_text("no folder")
    store(tmp_path / "file").put(KEY, b"made")
    assert store(tmp_path / "file").get(KEY) is None


@BOTH
def test_what_is_missing_is_made_once_and_then_found(tmp_path: Path, store: type[Cache]) -> None:
    made: list[bytes] = []

    def make() -> bytes:
        made.append(b"made")
        return b"made"

    assert [store(tmp_path).made(KEY, make) for _ in range(2)] == [b"made"] * 2
    assert made == [b"made"]


def test_nothing_is_left_beside_what_is_kept(tmp_path: Path) -> None:
    Cache(tmp_path).put(KEY, b"one")
    Cache(tmp_path).put(KEY, b"two")
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1
    assert Cache(tmp_path).get(KEY) == b"two"


def test_parts_do_not_run_into_each_other() -> None:
    assert key_of("engross.text.parser", "a", "bc") != key_of("engross.text.parser", "ab", "c")
    assert key_of("engross.text.parser", b"b") == key_of("engross.text.parser", "b")


def test_results_of_other_code_are_not_found() -> None:
    assert key_of("engross.text.parser", "a") != key_of("engross.terms.binding", "a")
    assert key_of(("engross.text.parser", "engross.terms.binding"), "a") != key_of("engross.text.parser", "a")


def test_the_entries_that_were_not_used_for_longest_are_deleted(tmp_path: Path) -> None:
    kept = Cache(tmp_path)
    keys = [key_of("engross.text.parser", str(number)) for number in range(8)]
    for age, key in enumerate(reversed(keys)):
        kept.put(key, b"x" * 68)  # 100 bytes with the checksum
        os.utime(tmp_path / key[:2] / key[2:], (age, age))
    assert kept.get(keys[7]) is not None  # used now, so that it is the newest
    kept.trim(800)
    assert all(map(kept.get, keys))
    os.utime(tmp_path / keys[0][:2] / keys[0][2:], (0, 0))
    kept.trim(799)
    assert kept.get(keys[0]) is None
    assert len(list(filter(None, map(kept.get, keys)))) == 5


def test_trimming_keeps_what_is_no_entry(tmp_path: Path) -> None:
    (tmp_path / "archive").mkdir()
    (tmp_path / "archive" / "index").write_bytes(b"x" * 1000)
    (tmp_path / "redactions").write_bytes(b"x" * 1000)
    Cache(tmp_path).put(KEY, b"x" * 1000)
    Cache(tmp_path).trim(1)
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file()) == ["index", "redactions"]
    Cache(tmp_path / "missing").trim(1)
    Cache().trim(1)


def test_bytes_under_another_key_are_damaged(tmp_path: Path) -> None:
    cache, one, two = Cache(tmp_path), key_of("engross", "one"), key_of("engross", "two")
    cache.put(one, b"1")
    cache.put(two, b"2")
    paths = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert len(paths) == 2
    for path, data in zip(paths, reversed(paths.values()), strict=True):
        path.write_bytes(data)
    assert (cache.get(one), cache.get(two)) == (None, None)


def hostile(path: Path, what: str) -> None:
    path.unlink()
    match what:
        case "pipe":
            os.mkfifo(path)
        case "folder":
            path.mkdir()
        case _:
            path.symlink_to(path if what == "itself" else what)


@BOTH
@pytest.mark.skipif(sys.platform == "win32", reason="there are no pipes in folders")
@pytest.mark.parametrize("what", ["pipe", "folder", "itself", "/dev/zero", "/etc/hostname", "nothing"])
def test_what_is_no_file_is_not_found_and_nothing_waits_for_it(tmp_path: Path, store: type[Cache], what: str) -> None:
    store(tmp_path).put(KEY, b"made")
    (file,) = (path for path in tmp_path.rglob("*") if path.is_file())
    hostile(file, what)
    assert store(tmp_path).made(KEY, lambda: b"again") == b"again"
    assert store(tmp_path).get(KEY) == (None if what == "folder" and store is Cache else b"again")


@pytest.mark.parametrize("linked", [False, True])
@pytest.mark.parametrize("mark", ["", "other", None])
def test_a_cache_from_before_a_redaction_is_emptied_also_behind_a_link(
    tmp_path: Path, linked: bool, mark: str | None
) -> None:
    folder = tmp_path / FOLDER
    if linked:
        (tmp_path / "elsewhere").mkdir()
        folder.parent.mkdir()
        folder.symlink_to(tmp_path / "elsewhere")
    Cache(folder).put(KEY, b"words")
    (tmp_path / "kept").write_text("kept")
    (folder / "link").symlink_to(tmp_path)
    if mark is None:
        (folder / "redactions").mkdir()
    elif mark:
        (folder / "redactions").write_text(mark)
    forget_erased(tmp_path, "hash")
    assert [path.name for path in folder.iterdir()] == ["redactions"]
    assert (tmp_path / "kept").read_text() == "kept"
    Cache(folder).put(KEY, b"new")
    forget_erased(tmp_path, "hash")
    assert Cache(folder).get(KEY) == b"new"


def test_what_cannot_be_deleted_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Cache(tmp_path / FOLDER).put(KEY, b"words")
    monkeypatch.setattr("shutil.rmtree", lambda path, ignore_errors: None)
    with pytest.raises(OSError, match="is still there"):
        forget_erased(tmp_path, "hash")


def packs(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_process_writes_one_pack_and_finds_those_of_others(tmp_path: Path) -> None:
    keys = [key_of("engross", str(number)) for number in range(6)]
    cache = PackedCache(tmp_path)
    cache.put(keys[0], b"first")
    for batch in (keys[1:3], keys[3:5]):
        write_elsewhere(tmp_path, *batch)
        assert all(cache.get(key) == key.encode() for key in batch)
        assert cache.has(batch[0])
    assert not cache.has(keys[5])
    assert len(packs(tmp_path)) == 3


def test_an_incomplete_entry_hides_only_itself(tmp_path: Path) -> None:
    one, two, three = (key_of("engross", name) for name in ("one", "two", "three"))
    write_elsewhere(tmp_path, one, two)
    (pack,) = packs(tmp_path)
    pack.write_bytes(pack.read_bytes()[:-1])
    cache = PackedCache(tmp_path)
    assert (cache.get(one), cache.get(two), cache.has(two)) == (one.encode(), None, False)
    cache.put(two, b"again")
    cache.put(three, b"more")
    assert (cache.get(two), cache.get(three)) == (b"again", b"more")


def test_packs_that_are_deleted_meanwhile_are_missed_and_written_again(tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    cache, other = PackedCache(folder), key_of("engross", "other")
    for _ in range(2):
        cache.put(other, b"other")
        cache.put(KEY, b"made")
        assert cache.get(KEY) == b"made"
        shutil.rmtree(folder)
        assert (cache.get(KEY), cache.has(KEY)) == (None, False)
    cache.put(KEY, b"again")
    assert (cache.get(KEY), cache.get(other)) == (b"again", None)


def test_the_packs_that_were_not_used_for_longest_are_deleted(tmp_path: Path) -> None:
    keys = [key_of("engross", str(number)) for number in range(4)]
    for age, key in enumerate(keys):
        before = packs(tmp_path)
        write_elsewhere(tmp_path, key)
        (pack,) = set(packs(tmp_path)) - set(before)
        os.utime(pack, (age, age))
    (tmp_path / "ab").mkdir()
    (tmp_path / "ab" / "entry").write_bytes(b"as it was kept before there were packs")
    cache = PackedCache(tmp_path)
    assert cache.get(keys[0]) == keys[0].encode()  # used now, so that its pack is the newest
    size = sum(path.stat().st_size for path in packs(tmp_path) if path.suffix == ".pack")
    cache.trim(size)
    assert len(packs(tmp_path)) == 4
    cache.trim(size - 1)
    assert [cache.get(key) is not None for key in keys] == [True, False, False, True]


def test_many_small_packs_are_joined(tmp_path: Path) -> None:
    keys = [key_of("engross", str(number)) for number in range(40)]
    cache = PackedCache(tmp_path)
    cache.put(KEY, b"made")
    source = packs(tmp_path)[0].read_bytes()
    for key in keys:
        entry = (64 + 32 + 1).to_bytes(8, "big") + key.encode() + checksum_of(key, b"x") + b"x"
        (tmp_path / f"{key}.pack").write_bytes(entry)
    (tmp_path / f"{keys[0]}.pack").write_bytes(source[:100])
    assert not cache.has(key_of("engross", "none"))
    cache.trim()
    assert len(packs(tmp_path)) == 1
    assert [cache.get(key) for key in (*keys, KEY)] == [None, *[b"x"] * 39, b"made"]


def write_elsewhere(folder: Path, *keys: str) -> None:
    """Have another process store each key under itself."""
    code = (
        "import sys; from pathlib import Path; from engross.common.packed_cache import PackedCache\n"
        "for key in sys.argv[2:]: PackedCache(Path(sys.argv[1])).put(key, key.encode())"
    )
    subprocess.run([sys.executable, "-c", code, folder, *keys], check=True)
