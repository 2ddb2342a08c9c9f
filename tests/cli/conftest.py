"""A site to play with, as the working folder, and branches of it that are reviewed."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cli_play import Play, git

NOW = datetime(2026, 11, 28, 9, 30, tzinfo=UTC)


@pytest.fixture
def play(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Play:
    monkeypatch.chdir(tmp_path)
    return Play(tmp_path)


@pytest.fixture
def review_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """A day on which notes and notice periods are counted, and no CI."""
    monkeypatch.setattr("engross.cli.review.now", lambda: NOW)
    monkeypatch.setattr("engross.cli.site_check.now", lambda: NOW)
    for name in [name for name in os.environ if name.startswith(("GITHUB_", "GITLAB_", "CI_"))]:
        monkeypatch.delenv(name)


@pytest.fixture
def branch(play: Play) -> Play:
    """A repository with a posted base, and a branch on which nothing changed yet."""
    play.posted()
    (play.root / ".gitignore").write_text("/.cache/\n")  # as `engross init` writes it
    git(play.root, "init", "-b", "main")
    git(play.root, "add", ".")
    git(play.root, "commit", "-m", "posted")
    git(play.root, "checkout", "-b", "change")
    return play


@pytest.fixture
def merged(branch: Play) -> Play:
    """On top of the base, the merge of a change that is under review."""
    branch.change("at once", "within a month")
    branch.note("later")
    git(branch.root, "add", ".")
    git(branch.root, "commit", "-m", "change")
    git(branch.root, "checkout", "-b", "merge", "main")
    git(branch.root, "merge", "--no-ff", "--no-edit", "change")
    return branch
