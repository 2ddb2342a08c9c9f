"""A site with a history of postings, built once in a run."""

from collections.abc import Callable
from pathlib import Path

import pytest
from archive_parts import build_for_day
from building import Built
from posting import write_history


def build_history(folder: Path) -> None:
    write_history(folder)
    built = build_for_day(folder)
    assert (built.status, built.messages) == (0, [])


@pytest.fixture(scope="session")
def history(once: Callable[[str, Callable[[Path], object]], Path]) -> Path:
    """The folder of a site with the history of `posting`, which is built there; no test writes there."""
    return once("history", build_history)


@pytest.fixture(scope="session")
def site(history: Path) -> Built:
    """That site."""
    return Built(0, [], history / "site")
