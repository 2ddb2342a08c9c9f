"""A record to tamper with, made once."""

from pathlib import Path

import pytest

from engross.record import seals

from .histories import full_history
from .playing import Site, write_files

SALT = "5a" * 32


@pytest.fixture(scope="session")
def history(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A site with an entry of every kind; it is only read. Its salts are all the same, so that its bytes are too."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(seals, "new_salt", lambda: SALT)
        return full_history(tmp_path_factory.mktemp("history"))


@pytest.fixture
def same_salt(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two records that are made in the same way have the same bytes."""
    monkeypatch.setattr(seals, "new_salt", lambda: SALT)


@pytest.fixture
def copied(history: Site, tmp_path: Path) -> Site:
    """A copy of its record, which tests may change."""
    write_files(tmp_path / "record", history.files())
    return Site(tmp_path, history.now)
