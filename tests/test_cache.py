"""The cache between builds: incomplete entries are ignored, and a lost entry changes nothing."""

from pathlib import Path

import pytest

import engross
from engross.common import cache
from engross.common.cache import Cache, key_of

KEY = key_of("kind", b"made from")


def test_what_was_put_is_found(tmp_path: Path) -> None:
    Cache(tmp_path / "new" / "folder").put(KEY, b"made")
    assert Cache(tmp_path / "new" / "folder").get(KEY) == b"made"


def test_what_was_never_put_is_not_found(tmp_path: Path) -> None:
    assert Cache(tmp_path).get(KEY) is None


def test_no_folder_keeps_nothing() -> None:
    Cache().put(KEY, b"made")
    assert Cache().get(KEY) is None


@pytest.mark.parametrize("damage", [b"", b"short", b"\0" * 40])
def test_what_is_damaged_is_not_found(tmp_path: Path, damage: bytes) -> None:
    Cache(tmp_path).put(KEY, b"made")
    (file,) = (path for path in tmp_path.rglob("*") if path.is_file())
    file.write_bytes(damage)
    assert Cache(tmp_path).get(KEY) is None


def test_a_folder_that_cannot_be_written_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    Cache(tmp_path / "file").put(KEY, b"made")
    assert Cache(tmp_path / "file").get(KEY) is None


def test_what_is_missing_is_made_once_and_then_found(tmp_path: Path) -> None:
    made: list[bytes] = []

    def make() -> bytes:
        made.append(b"made")
        return b"made"

    assert [Cache(tmp_path).made(KEY, make) for _ in range(2)] == [b"made"] * 2
    assert made == [b"made"]


def test_nothing_is_left_beside_what_is_kept(tmp_path: Path) -> None:
    Cache(tmp_path).put(KEY, b"one")
    Cache(tmp_path).put(KEY, b"two")
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1
    assert Cache(tmp_path).get(KEY) == b"two"


def test_parts_do_not_run_into_each_other() -> None:
    assert key_of("a", "bc") != key_of("ab", "c")
    assert key_of("a", b"b") == key_of("a", "b")


def test_the_key_covers_the_sources_of_the_whole_package(monkeypatch: pytest.MonkeyPatch) -> None:
    read: set[Path] = set()
    read_bytes = Path.read_bytes

    def note(path: Path) -> bytes:
        read.add(path)
        return read_bytes(path)

    cache._code.cache_clear()
    monkeypatch.setattr(Path, "read_bytes", note)
    key_of("kind")
    assert read == set(Path(engross.__file__).resolve().parent.rglob("*.py"))
    assert {path.parent.name for path in read} >= {"text", "redline", "pages"}
