"""A site whose first versions were imported, as customers see it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page
from states import build_site
from tests.site.imported_history import write_imported_site

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def imported_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("imported")
    write_imported_site(folder)
    return build_site(folder)


def test_what_applied_before_the_import(imported_site: Path, serve: Callable, visit: Callable, axe: Callable) -> None:
    seen = visit(f"{serve(imported_site)}since/?on=2018-06-01")
    page: Page = seen.page
    page.get_by_role("link", name="What applied on that date was not recorded at the time").click()
    page.get_by_role("heading", name="Imported; not recorded at the time").wait_for()
    assert axe(page) == []
    page.get_by_role("link", name="version 1", exact=True).click()
    banner = page.get_by_label("About this version").inner_text()
    assert "published 1 April 2018 according to its source" in banner
    assert "not recorded at the time" in banner
    assert axe(page) == []
    page.get_by_role("link", name="All versions").click()
    page.get_by_role("link", name="Compare any two versions").click()
    page.locator(".clause.changed:visible").first.wait_for()
    assert "not recorded at the time" in page.locator("main").inner_text()
    assert (seen.errors, seen.outside) == ([], [])
