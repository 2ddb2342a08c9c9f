"""A record to tamper with, made once."""

from pathlib import Path

import pytest

from .histories import full_history
from .playing import Site, write_files


@pytest.fixture(scope="session")
def history(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A site with an entry of every kind; it is only read."""
    return full_history(tmp_path_factory.mktemp("history"))


@pytest.fixture
def copied(history: Site, tmp_path: Path) -> Site:
    """A copy of its record, to do anything with."""
    write_files(tmp_path / "record", history.files())
    return Site(tmp_path, history.now)
