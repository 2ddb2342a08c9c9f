"""Histories of repositories whose commits, settings or names try to change what is read."""

import os
import subprocess
from pathlib import Path

import pytest

from engross.importing.history_sources import folder_history, git_history


def git(folder: Path, *words: str, sent: bytes = b"") -> str:
    names = ("-c", "user.name=A", "-c", "user.email=a@example.com")
    done = subprocess.run(["git", *names, *words], cwd=folder, input=sent, capture_output=True, check=True)
    return done.stdout.decode("utf-8", "replace").strip()


def repository(folder: Path, subject: bytes) -> str:
    git(folder, "init", "-q")
    (folder / "a.md").write_bytes(b"# T\n")
    git(folder, "add", "a.md")
    git(folder, "commit", "-q", "-F", "-", sent=subject)
    return git(folder, "rev-parse", "HEAD")


@pytest.mark.parametrize("subject", [b"a\x01" + b"0" * 40 + b"\x021\x021\x02x", b"a\x01b", b":0 1 2 3 M", b"\xff"])
def test_a_subject_forges_nothing(tmp_path: Path, subject: bytes) -> None:
    commit = repository(tmp_path, subject)
    assert [(one.source.commit, one.data) for one in git_history(tmp_path, "a.md").states] == [(commit, b"# T\n")]


@pytest.mark.parametrize(
    ("name", "value"),
    [("log.showRoot", "false"), ("i18n.logOutputEncoding", "UTF-16"), ("log.diffMerges", "off"), ("diff.renames", "0")],
)
def test_settings_change_nothing(tmp_path: Path, name: str, value: str) -> None:
    repository(tmp_path, b"one")
    git(tmp_path, "mv", "a.md", "b.md")
    git(tmp_path, "commit", "-q", "-m", "two")
    git(tmp_path, "config", name, value)
    assert [one.source.path for one in git_history(tmp_path, "b.md").states] == ["a.md", "b.md"]


def test_replaced_objects_are_not_read(tmp_path: Path) -> None:
    repository(tmp_path, b"one")
    forged = git(tmp_path, "hash-object", "-w", "--stdin", sent=b"# Forged\n")
    git(tmp_path, "replace", git(tmp_path, "rev-parse", "HEAD:a.md"), forged)
    assert [one.data for one in git_history(tmp_path, "a.md").states] == [b"# T\n"]


def test_names_that_are_not_utf_8_are_refused(tmp_path: Path) -> None:
    for name in (b"2020-01-01-\xff.md", b"2020-01-02.md"):
        (tmp_path / os.fsdecode(name)).write_bytes(b"# T\n")
    bad, good = folder_history(tmp_path).states
    assert (bad.source.path, bad.refused[:22], good.refused) == ("2020-01-01-\ufffd.md", "its name is not UTF-8;", "")
