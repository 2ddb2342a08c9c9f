"""The pages of the record's versions in a browser: they fit the narrowest window, and need neither script nor mouse.

What axe says of them, the matrix asks.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page
from states import build_site, write_states
from test_matrix import LOOKS

from engross.render.archive import paging
from engross.render.pages import defined_terms

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


def _build_in_parts(folder: Path) -> None:
    """Build the small site as if its lists were long: each entry of a list is a page."""
    write_states(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paging, "LIMIT", 1)
        patch.setattr(defined_terms, "LIMIT", 1_000)
        build_site(folder)


@pytest.fixture
def in_parts(once: Callable) -> Path:
    return once("lists in parts", _build_in_parts) / "site-in-force"


VERSION, NOTE = r"agreement/versions/\d+/", r"changes/(?!posted/)[^/#]+/"
LISTS = {
    "versions": ("agreement/versions/", r"agreement/versions/posted/[\w-]+/", VERSION),
    "clauses": ("agreement/versions/clauses/", r"agreement/versions/clauses/[\w-]+/", VERSION + "#.+"),
    "posted changes": ("changes/", r"changes/posted/[\w-]+/", NOTE),
    "since": ("since/", r"since/[\w-]+/", NOTE),
    "terms": ("defined-terms/", r"defined-terms/[\w-]+/[\w-]+/", r"agreement/#definitions.*"),
}


def led_from(page: Page, base: str, address: str) -> set[str]:
    """The addresses within the site to which a page leads, none of them dead."""
    answer = page.goto(base + address)
    assert answer is not None
    assert answer.ok, address
    links = page.locator("a[href]").evaluate_all("links => links.map(link => link.href)")
    return {link.removeprefix(base) for link in links if link.startswith(base)}


@pytest.mark.parametrize("kind", LISTS)
def test_without_scripts_links_lead_to_every_entry_of_a_long_list(
    in_parts: Path, serve: Callable, visit: Callable, kind: str
) -> None:
    main, part, entry = LISTS[kind]
    base = serve(in_parts)
    visited = visit(base + main, java_script_enabled=False)
    led = led_from(visited.page, base, main)
    parts = {link.partition("#")[0] for link in led if re.match(part, link)}
    assert parts
    for address in parts:
        led |= led_from(visited.page, base, address)
    made = {path.parent.relative_to(in_parts).as_posix() + "/" for path in in_parts.rglob("index.html")}
    found = {link for link in led if re.fullmatch(entry, link)}
    assert parts == {address for address in made if re.fullmatch(part, address)}
    assert found
    assert {link.partition("#")[0] for link in found} <= made
    if "#" not in entry:
        assert found == {address for address in made if re.fullmatch(entry, address)}
    assert visited.errors == []
    assert visited.outside == []


@pytest.mark.parametrize("kind", LISTS)
def test_pages_of_long_lists_fit_the_narrowest_window(
    in_parts: Path, serve: Callable, visit: Callable, kind: str
) -> None:
    main, part, _ = LISTS[kind]
    base = serve(in_parts)
    page = visit(base + main, viewport={"width": 320, "height": 700}).page
    for address in (main, *(link for link in led_from(page, base, main) if re.fullmatch(part, link))):
        page.goto(base + address)
        sideways = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert sideways <= 0, address
