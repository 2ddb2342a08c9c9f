"""The sites of the browser tests, each built once in a run: the project's own, and a small one in all states."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from states import build_site, write_draft, write_states

ROOT = Path(__file__).parent.parent.parent

Once = Callable[[str, Callable[[Path], object]], Path]


def build_project(folder: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder / "site")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr


def build_states(folder: Path) -> None:
    write_states(folder)
    build_site(folder)
    write_draft(folder)
    build_site(folder, "draft")


@pytest.fixture(scope="session")
def site(once: Once) -> Path:
    """The project's own site; no test writes there."""
    return once("project", build_project) / "site"


@pytest.fixture(scope="session")
def states(once: Once) -> Path:
    """The folder of a small provider's sites: site-in-force, and site-draft with a text that is not posted yet."""
    return once("states", build_states)
