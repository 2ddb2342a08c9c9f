"""Repositories to publish from, made once in a run; each test has copies of its own."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.workflows.publishing import build, change, git, push

Once = Callable[[str, Callable[[Path], object]], Path]


def fill_place(folder: Path) -> None:
    git(folder, "init", "--quiet", "--bare", "--initial-branch=main", "origin.git")
    git(folder, "clone", "--quiet", "origin.git", "edit")
    # The copy of the clone belongs to the copy of the repository.
    git(folder / "edit", "remote", "set-url", "origin", "../origin.git")
    change(folder, "one")


def fill_posted(folder: Path) -> None:
    fill_place(folder)
    build(folder)
    assert push(folder).returncode == 0
    (folder / "output").unlink()
    change(folder, "two")


@pytest.fixture
def place(once: Once, tmp_path: Path) -> Path:
    """A folder with the repository `origin.git`, and a clone to edit in, as a host has them."""
    return Path(shutil.copytree(once("place", fill_place), tmp_path, dirs_exist_ok=True))


@pytest.fixture
def posted(once: Once, tmp_path: Path) -> Path:
    """A place with a branch on which a first version is posted, and a second change is merged."""
    return Path(shutil.copytree(once("posted", fill_posted), tmp_path, dirs_exist_ok=True))
