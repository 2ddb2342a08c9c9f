"""The pages of the record's versions in a browser: they fit the narrowest window, and need neither script nor mouse.

What axe says of them, the matrix asks.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page
from test_matrix import LOOKS

pytestmark = pytest.mark.slow

PAGES = sorted({look.address for look in LOOKS.values() if "versions/" in look.address})


@pytest.fixture
def posted(states: Path) -> Path:
    return states / "site-in-force"


def test_they_fit_the_narrowest_window(posted: Path, serve: Callable, visit: Callable) -> None:
    base = serve(posted)
    visited = visit(base + PAGES[0], viewport={"width": 320, "height": 800})
    for address in PAGES:
        visited.page.goto(base + address, wait_until="load")
        sideways = visited.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert sideways <= 0, address
    assert visited.errors == []
    assert visited.outside == []


def test_without_scripts_what_is_unchanged_folds_away(posted: Path, serve: Callable, visit: Callable) -> None:
    page = visit(serve(posted) + "agreement/versions/2/from-1/", java_script_enabled=False).page
    unchanged = page.get_by_text("Customer will not")
    assert not unchanged.is_visible()
    page.get_by_text("Show only what changed").click()
    assert unchanged.is_visible()
    assert page.locator("ins", has_text="law").first.is_visible()


def test_the_first_tab_leads_past_the_frame(posted: Path, serve: Callable, visit: Callable) -> None:
    page = visit(serve(posted) + "agreement/versions/2/").page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    assert page.locator(".skip").bounding_box()["y"] >= 0


def test_light_and_dark_are_those_of_the_site_and_can_be_switched(
    posted: Path, serve: Callable, visit: Callable
) -> None:
    base = serve(posted)
    page: Page = visit(base + "agreement/", color_scheme="light", alone=True).page
    paper = "getComputedStyle(document.body).backgroundColor"
    page.locator("label[for=__palette_0], label[for=__palette_1]").locator("visible=true").first.click()
    dark = page.evaluate(paper)
    page.goto(base + "agreement/versions/1/")
    assert page.evaluate(paper) == dark != "rgb(255, 255, 255)"
    page.get_by_role("button", name="Switch between light and dark").click()
    assert page.evaluate(paper) == "rgb(255, 255, 255)"
    page.goto(base + "agreement/")
    assert page.locator("body").get_attribute("data-md-color-scheme") == "default"


def test_the_frame_leads_to_the_documents_and_to_the_search(posted: Path, serve: Callable, visit: Callable) -> None:
    base = serve(posted)
    page: Page = visit(base + "agreement/versions/1/").page
    page.get_by_text("Menu", exact=True).click()
    page.locator(".menu").get_by_role("link", name="Model list").click()
    assert page.url == base + "models/"
    page.goto(base + "agreement/versions/1/")
    page.get_by_role("searchbox", name="Search all documents").fill("governing")
    page.keyboard.press("Enter")
    page.wait_for_url(base + "?q=governing")
    page.locator(".md-search-result__meta").wait_for()
