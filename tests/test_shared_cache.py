"""A cache on shared storage: a folder, or what fsspec can address."""

import sys
from pathlib import Path

import pytest

from engross.common import NO_CACHE, Cache, EngrossError, get_file, key_of, put_file, shared_cache

KEY = key_of("engross.text.parser", "kind", b"made from")


@pytest.fixture(params=["", "file://", "memory://"])
def cache(request: pytest.FixtureRequest, tmp_path: Path) -> Cache:
    return shared_cache(f"{request.param}{tmp_path}/cache")


def test_what_was_put_is_found_and_nothing_else(cache: Cache) -> None:
    assert not cache.has(KEY)
    assert cache.get(KEY) is None
    cache.put(KEY, b"made\n\0")
    assert cache.has(KEY)
    assert cache.get(KEY) == b"made\n\0"


def test_a_folder_and_its_address_are_one_cache(tmp_path: Path) -> None:
    shared_cache(str(tmp_path)).put(KEY, b"made")
    assert shared_cache(f"file://{tmp_path}").get(KEY) == b"made"


def test_what_is_damaged_is_not_found(tmp_path: Path) -> None:
    cache = shared_cache(f"file://{tmp_path}/cache")
    cache.put(KEY, b"made")
    (file,) = (path for path in tmp_path.rglob("*") if path.is_file())
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    assert cache.get(KEY) is None


def test_storage_that_cannot_be_written_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    cache = shared_cache(f"file://{tmp_path}/file")
    cache.put(KEY, b"made")
    assert not cache.has(KEY)


def test_unknown_storage_and_a_missing_extra_are_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(EngrossError, match=r"nothing://x: .*nothing"):
        shared_cache("nothing://x")
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    with pytest.raises(EngrossError, match=r'pip install "engross\[cluster\]"'):
        shared_cache("memory://other")


def test_a_damaged_file_is_refused_and_replaced(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    sha = put_file(cache, b"text", check=True)
    assert get_file(cache, sha) == b"text"
    (stored,) = (path for path in tmp_path.rglob("*") if path.is_file())
    stored.write_bytes(stored.read_bytes() + b"!")
    with pytest.raises(EngrossError, match="not in the cache, or damaged there"):
        get_file(cache, sha)
    assert put_file(cache, b"text", check=True) == sha
    assert get_file(cache, sha) == b"text"


def test_a_cache_that_keeps_nothing_is_an_error_where_files_are_checked() -> None:
    put_file(NO_CACHE, b"text")
    with pytest.raises(EngrossError, match="it cannot be written to: what was written there cannot be read"):
        put_file(NO_CACHE, b"text", check=True)
