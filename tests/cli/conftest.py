"""A site to play with, as the working folder."""

from pathlib import Path

import pytest
from cli_play import Play


@pytest.fixture
def play(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Play:
    monkeypatch.chdir(tmp_path)
    return Play(tmp_path)
