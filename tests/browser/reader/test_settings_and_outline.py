"""Settings of readers, the outline, instant navigation, and preferences of the system."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from reader_site import (
    COPYING,
    DESK,
    PHONE,
    built,
    copied,
    definition,
    focused,
    options,
    term,
)

pytestmark = pytest.mark.slow


# Settings


def linked(page: Page) -> int:
    return page.locator(".eg-text a.eg-term[href]").count()


def test_links_to_definitions_can_be_fewer_or_none_and_the_choice_is_remembered(
    site: Path, serve: Callable, visit: Callable
) -> None:
    base = serve(site)
    page: Page = visit(base + "agreement/", viewport=DESK).page
    options(page)
    choice = page.get_by_label("Links to definitions")
    everything = linked(page)
    choice.select_option("first")
    first = linked(page)
    assert 0 < first < everything
    choice.select_option("off")
    assert linked(page) == 0
    page.goto(base + "rules/")
    assert linked(page) == 0
    options(page)
    expect(page.get_by_label("Links to definitions")).to_have_value("off")
    page.get_by_label("Links to definitions").select_option("all")
    page.goto(base + "agreement/")
    assert linked(page) == everything


def test_marks_of_changes_can_be_turned_off_and_the_choice_is_remembered(
    states: Path, serve: Callable, visit: Callable
) -> None:
    base = serve(states / "site-in-force")
    page: Page = visit(base + "agreement/", viewport=DESK, alone=True).page
    mark = page.locator(".eg-text .eg-changed a").first
    expect(mark).to_be_visible()
    name = mark.get_attribute("aria-label") or ""
    assert re.fullmatch(r"(Changed|New) in version \d+, \d+ \w+ \d{4}: .+", name)
    options(page)
    page.get_by_label("Marks of changes in the margin").uncheck()
    expect(mark).to_be_hidden()
    page.reload()
    expect(mark).to_be_hidden()


def test_the_choice_works_where_nothing_can_be_remembered(site: Path, serve: Callable, visit: Callable) -> None:
    visited = visit(serve(site), alone=True, viewport=DESK)
    page: Page = visited.page
    page.add_init_script("Storage.prototype.getItem = Storage.prototype.setItem = () => { throw new Error('refused') }")
    page.evaluate("document.querySelector('a[href*=agreement]').href")
    page.goto(page.url + "agreement/")
    options(page)
    page.get_by_label("Links to definitions").select_option("off")
    assert linked(page) == 0


# The outline


def test_on_a_phone_the_outline_shows_where_the_reader_is(site: Path, serve: Callable, visit: Callable) -> None:
    page: Page = visit(serve(site) + "agreement/", **PHONE).page
    outline = page.locator(".eg-outline")
    expect(outline).to_be_visible()
    page.locator("h2#further-3").evaluate("element => element.scrollIntoView({behavior: 'instant'})")
    expect(outline.locator(".eg-here")).to_have_text("6. Further 3")
    box = outline.bounding_box()
    assert box
    assert box["y"] < 100
    outline.locator("summary").tap()
    outline.get_by_role("link", name="2.2 Restrictions").tap()
    page.wait_for_url("**#restrictions")
    expect(outline).not_to_have_attribute("open", "")
    expect(outline.locator(".eg-here")).to_have_text("2.2 Restrictions")
    heading = page.locator("h3#restrictions").bounding_box()
    box = outline.bounding_box()
    assert heading
    assert box
    assert heading["y"] >= box["y"] + box["height"]


def test_on_a_desk_the_contents_at_the_side_are_enough(page: Page) -> None:
    expect(page.locator(".eg-outline")).to_be_hidden()


# Instant navigation


def test_everything_works_after_the_theme_has_swapped_the_page(
    tmp_path: Path, serve: Callable, visit: Callable
) -> None:
    base = serve(built(tmp_path, ", features: [navigation.instant]"))
    sitemap = (tmp_path / "site/sitemap.xml").read_text("utf-8")
    # Before any page is open: the theme could read half a file, and Chromium shows that mistake with an inline style.
    (tmp_path / "site/sitemap.xml").write_text(sitemap.replace("https://example.com/", base), encoding="utf-8")
    visited = visit(base, viewport=DESK, permissions=COPYING)
    page: Page = visited.page
    # Without the sitemap the theme follows a link as a browser does.
    with page.expect_response("**/sitemap.xml"):
        page.reload(wait_until="networkidle")
    page.locator("html.js").wait_for(state="attached")
    page.wait_for_load_state("networkidle")
    page.evaluate("window.same = true")
    page.get_by_role("link", name="Agreement", exact=True).first.click()
    page.wait_for_url("**/agreement/")
    options(page)
    expect(page.get_by_label("Links to definitions")).to_be_visible()
    assert page.evaluate("window.same")
    expect(page.locator('.eg-text :is(.eg-link, .eg-marker)[tabindex="0"]')).to_have_count(1)
    assert copied(page, "restrictions.a", "citation").startswith("The Agreement, Restrictions (a), ")
    term(page, "use.p1", "Services").hover()
    expect(definition(page, "Services")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("J")
    assert "/agreement/#" in focused(page)
    page.get_by_role("link", name="Rules", exact=True).first.click()
    page.wait_for_url("**/rules/")
    expect(page.locator(".eg-definition")).to_have_count(0)
    page.locator("a.eg-term", has_text="Services").first.hover()
    expect(definition(page, "Services")).to_be_visible()
    assert page.evaluate("window.same")
    assert visited.errors == []


# Preferences of the system


def test_in_forced_colours_boxes_keep_a_border(site: Path, serve: Callable, visit: Callable) -> None:
    page: Page = visit(serve(site) + "agreement/", viewport=DESK, forced_colors="active").page
    term(page, "use.p1", "Services").hover()
    box = definition(page, "Services")
    expect(box).to_be_visible()
    assert box.evaluate("element => getComputedStyle(element).borderTopStyle") == "solid"
    underlined = term(page, "restrictions.a", "Services").evaluate("link => getComputedStyle(link).textDecorationLine")
    assert underlined == "underline"


def test_nothing_of_the_reader_moves_by_itself(site: Path) -> None:
    style = next((site / "assets").glob("engross.*.css")).read_text("utf-8")
    # What takes motion away from readers who ask for none is no motion.
    style = re.sub(r"@media \(prefers-reduced-motion: reduce\) \{.*?\n\}", "", style, flags=re.DOTALL)
    # The theme's menu slides, and is out of the way of keys when it has.
    style = re.sub(r"\.md-sidebar--primary \{[^}]*\}", "", style)
    assert not re.search(r"animation|@keyframes|transition:(?! none)|(?<!over)scroll-behavior", style)
