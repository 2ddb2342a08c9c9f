"""A build that the machine stops, because its disk is full for example: a message, and the site of before."""

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from building import DAY, build, write_site
from mkdocs import utils

from engross.site import staging

pytestmark = pytest.mark.slow

NEW = f".site.{'a' * 16}.new"
FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
"""The error has no name where a file was opened before the disk was full."""
FULL_COPY = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/theirs/a.js", None, f"{NEW}/a.js")


def fail(error: OSError) -> Any:
    def call(*_: object, **__: object) -> None:
        raise error

    return call


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(*next(iter(DAY.items())))
    write_site(tmp_path)
    assert build(tmp_path).status == 0
    (tmp_path / "docs/new.txt").write_text("new")
    return tmp_path


def denied(path: str) -> OSError:
    return PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)


@pytest.mark.parametrize(
    ("where", "name", "error", "message"),
    [
        (utils, "write_file", FULL, "site: no space left on device; {free}"),
        (utils, "copy_file", denied("/theirs/new.txt"), "/theirs/new.txt: permission denied; {allow}"),
        (
            utils,
            "copy_file",
            denied(f"/theirs/{NEW}/a.js"),
            "/theirs/site/a.js: permission denied; {allow}",
        ),
        (utils, "copy_file", FULL_COPY, "site/a.js: no space left on device; {free}"),
        (staging, "_swap", FULL, "site: no space left on device; {free}"),
        (staging, "recover", denied("/parent"), "/parent: permission denied; {allow}"),
    ],
)
def test_a_failure_of_the_machine_is_a_message(
    folder: Path, monkeypatch: pytest.MonkeyPatch, where: Any, name: str, error: OSError, message: str
) -> None:
    before = {path: path.read_bytes() for path in (folder / "site").rglob("*") if path.is_file()}
    with monkeypatch.context() as patch:
        patch.setattr(where, name, fail(error))
        built = build(folder)
    free, allow = "free some space, and build again", "allow it, and build again"
    assert (built.status, built.raised) == (1, message.format(free=free, allow=allow))
    assert {path: path.read_bytes() for path in (folder / "site").rglob("*") if path.is_file()} == before
    assert sorted(path.name for path in folder.iterdir() if path.name.startswith(".site")) == []
    assert build(folder).status == 0


@pytest.mark.parametrize(
    ("put", "reason"),
    [
        (Path.touch, "it is no folder"),
        (lambda path: path.symlink_to(path.name), "too many levels of symbolic links"),
        (lambda path: path.symlink_to("mkdocs.yml"), "it is no folder"),
    ],
)
def test_a_site_that_is_no_folder(folder: Path, put: Callable[[Path], None], reason: str) -> None:
    shutil.rmtree(folder / "site")
    put(folder / "site")
    built = build(folder)
    assert built.status == 1
    assert f"site: the site cannot be written there: {reason}; remove it, or name another" in "".join(built.messages)
    assert [path.name for path in folder.iterdir() if path.name.startswith(".site")] == []


def test_a_link_to_a_site_that_is_not_there_yet(folder: Path) -> None:
    shutil.rmtree(folder / "site")
    (folder / "site").symlink_to("public/site")
    assert build(folder).status == 0
    assert (folder / "public/site/index.html").is_file()
