"""Changes to the theme: its script loads last, its menu works with keys, its table of contents is short."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.site.building import MKDOCS, build, write_site

PHONE = {"width": 390, "height": 800}
DESK = {"width": 1280, "height": 900}
CONTENTS = "[data-engross-contents] a:visible"


def theme_is_there(page: Page) -> None:
    page.locator("html.js").wait_for(state="attached")


def test_the_theme_comes_after_the_page_and_misses_nothing(site: Path, serve: Callable, visit: Callable) -> None:
    visited = visit(serve(site) + "agreement/#restrictions.h.ii", viewport=DESK)
    page: Page = visited.page
    theme_is_there(page)
    ready, theme = page.evaluate(
        """() => [performance.getEntriesByName("engross-ready")[0].startTime,
            performance.getEntriesByType("resource").find(({ name }) => name.includes("/bundle.")).startTime]"""
    )
    assert ready < theme
    expect(page.locator("[data-engross-contents] .md-nav__link--active")).to_contain_text("Restrictions")
    assert page.locator("script[src*=bundle]").count() == 1
    assert visited.errors == []


def test_the_first_key_is_not_lost(site: Path, serve: Callable, visit: Callable) -> None:
    base = serve(site)
    page: Page = visit(base, alone=True, viewport=DESK).page
    # Nothing but the key asks for the theme.
    page.add_init_script("window.requestIdleCallback = () => 0")
    page.goto(base + "agreement/", wait_until="load")
    assert page.evaluate("window.document$ === undefined")
    page.keyboard.press("/")
    expect(page.locator("input.md-search__input")).to_be_focused()


ASKS = """document.addEventListener("DOMContentLoaded", () => {
  document$.subscribe(() => { window.asked = (window.asked ?? 0) + 1; });
});"""
IN_PAGE = f"<script>{ASKS}</script>"


def test_a_key_is_not_lost_while_the_theme_is_fetched(site: Path, serve: Callable, visit: Callable) -> None:
    base = serve(site)
    page: Page = visit(base, viewport=DESK).page
    held = []
    page.route("**/bundle.*.js", lambda route: held.append(route))
    page.goto(base + "agreement/", wait_until="load")
    page.locator("script[data-engross-late]").wait_for(state="attached")
    page.keyboard.press("/")
    for route in held:
        route.continue_()
    expect(page.locator("input.md-search__input")).to_be_focused()


@pytest.mark.long
@pytest.mark.parametrize(
    "changed",
    [
        {"mkdocs.yml": f"{MKDOCS}extra_javascript: [own.js]\n", "docs/own.js": ASKS},
        {"docs/changes.md": f"# Changes\n\n{IN_PAGE}\n"},
        {
            "mkdocs.yml": MKDOCS.replace("name: material", "name: material, custom_dir: ours"),
            "ours/main.html": f'{{% extends "base.html" %}}{{% block extrahead %}}{IN_PAGE}{{% endblock %}}',
        },
    ],
    ids=["of the site", "of a page", "in the head"],
)
def test_a_theme_that_other_scripts_ask_for_stays_where_it_is(
    tmp_path: Path, serve: Callable, visit: Callable, changed: dict[str, str]
) -> None:
    write_site(tmp_path, changed)
    built = build(tmp_path)
    assert built.status == 0
    visited = visit(serve(built.site) + "changes/", viewport=DESK)
    visited.page.wait_for_timeout(600)
    assert visited.page.evaluate("window.asked") == 1
    assert visited.errors == []


def test_long_contents_show_what_is_in_the_section_that_is_read(site: Path, serve: Callable, visit: Callable) -> None:
    page: Page = visit(serve(site) + "agreement/", viewport=DESK).page
    theme_is_there(page)
    assert all(re.fullmatch(r"\s*\d+\. .*\s*", name) for name in page.locator(CONTENTS).all_text_contents())
    page.get_by_role("link", name="5. Customer Obligations").click()
    expect(page.locator("[data-engross-contents]").get_by_role("link", name="5.3 Restrictions")).to_be_visible()
    expect(page.locator("[data-engross-contents]").get_by_role("link", name="3.1 To the Agreement")).to_be_hidden()


def test_without_scripts_contents_are_whole(site: Path, serve: Callable, visit: Callable) -> None:
    page: Page = visit(serve(site) + "agreement/", viewport=DESK, java_script_enabled=False).page
    expect(page.locator("[data-engross-contents]").get_by_role("link", name="5.3 Restrictions")).to_be_visible()


def test_keys_open_the_menu_of_a_small_window_and_pass_a_closed_one(
    site: Path, serve: Callable, visit: Callable
) -> None:
    page: Page = visit(serve(site) + "changes/", viewport=PHONE).page
    theme_is_there(page)
    sign = page.get_by_role("button", name="Menu")
    entry = page.locator(".md-sidebar--primary").get_by_role("link", name="Agreement", exact=True)
    expect(sign).to_have_attribute("aria-expanded", "false")
    expect(entry).to_be_hidden()
    for key in ("Enter", " "):
        sign.press(key)
        expect(sign).to_have_attribute("aria-expanded", "true")
        expect(entry).to_be_visible()
        sign.press(key)
        expect(entry).to_be_hidden()


def test_keys_open_the_search_of_a_small_window(site: Path, serve: Callable, visit: Callable) -> None:
    page: Page = visit(serve(site) + "changes/", viewport=PHONE).page
    theme_is_there(page)
    page.locator("label[data-engross-name=Search] > [role=button]").press(" ")
    expect(page.locator("input.md-search__input")).to_be_focused()
