"""The small site of the reader's tests, built once in a run, and its agreement in a browser."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page
from reader_site import COPYING, DESK, built


@pytest.fixture(scope="session")
def site(once: Callable[[str, Callable[[Path], object]], Path]) -> Path:
    """The site; no test writes there."""
    return once("reader", built) / "site"


@pytest.fixture
def page(site: Path, serve: Callable, visit: Callable) -> Page:
    opened: Page = visit(serve(site) + "agreement/", viewport=DESK, permissions=COPYING).page
    return opened
