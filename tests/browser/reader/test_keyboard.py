"""The page can be read by keys alone."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from reader_site import (
    DESK,
    control,
    definition,
    focused,
    options,
    term,
)

pytestmark = pytest.mark.slow


# Keys


def test_by_keys_alone_a_clause_is_reached_a_definition_read_and_followed_and_a_citation_copied(page: Page) -> None:
    press = page.keyboard.press
    for key in ("J", "J", "J"):
        press(key)
    assert focused(page) == "#use"
    press("j")
    assert focused(page) == "#use.p1"
    press("ArrowRight")
    assert focused(page) == "#opening.customer"
    press("ArrowRight")
    box = definition(page, "Services")
    expect(box).to_be_visible()
    expect(box).to_contain_text("↓")
    press("ArrowDown")
    assert focused(page).endswith("#opening.customer")
    press("Tab")
    assert focused(page).endswith("#definitions.affiliate")
    inner = definition(page, "Affiliate")
    expect(inner).to_be_visible()
    press("Escape")
    expect(inner).to_have_count(0)
    press("Escape")
    expect(box).to_have_count(0)
    assert focused(page) == "#definitions.services"
    press("Enter")
    page.wait_for_url("**#definitions.services")
    page.go_back()
    page.wait_for_url(re.compile("/agreement/$"))
    press("k")
    press("j")
    press("Enter")
    expect(page.get_by_role("menuitem", name="Copy link")).to_be_focused()
    press("ArrowDown")
    press("Enter")
    expect(page.get_by_role("status")).to_have_text("Citation copied")
    assert page.evaluate("navigator.clipboard.readText()").startswith("The Agreement, ")


def test_tab_leaves_a_definition_for_the_term_it_belongs_to(page: Page) -> None:
    page.keyboard.press("J")
    term(page, "use.p1", "Services").focus()
    box = definition(page, "Services")
    expect(box).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+Tab")
    assert focused(page) == "#definitions.services"
    expect(box).to_be_visible()
    page.keyboard.press("Tab")
    expect(box).to_have_count(0)


def test_the_controls_of_clauses_are_one_tab_stop_and_arrows_move_along_them(page: Page) -> None:
    stops = page.locator('.eg-text :is(.eg-link, .eg-marker)[tabindex="0"]')
    expect(stops).to_have_count(1)
    page.keyboard.press("j")
    for key, clause in [("End", "further-6.p1"), ("Home", "the-agreement"), ("ArrowDown", "opening.p1")]:
        page.keyboard.press(key)
        assert focused(page) == f"#{clause}"
        expect(stops).to_have_count(1)
    page.keyboard.press(" ")
    expect(page.get_by_role("menu")).to_be_visible()


def test_a_paragraph_comes_before_the_items_in_it(page: Page) -> None:
    control(page, "ending").focus()
    order = ["ending.p1", "ending.a", "ending.b", "ending.notice"]
    for key, clauses in [("j", order), ("k", [*order[-2::-1], "ending"]), ("ArrowDown", order[:3])]:
        for clause in clauses:
            page.keyboard.press(key)
            assert focused(page) == f"#{clause}"


def test_the_tab_stop_is_at_the_clause_that_was_linked_to(site: Path, serve: Callable, visit: Callable) -> None:
    page: Page = visit(serve(site) + "agreement/#restrictions.b.i", viewport=DESK).page
    expect(page.locator('.eg-text [tabindex="0"]')).to_have_attribute("href", "#restrictions.b.i")


def test_keys_go_on_from_where_the_reader_has_scrolled_to(page: Page) -> None:
    page.locator("h2#further-3").evaluate("element => element.scrollIntoView({behavior: 'instant'})")
    page.keyboard.press("j")
    assert focused(page) == "#further-3"
    page.keyboard.press("K")
    assert focused(page) == "#further-2"
    box = page.locator("h2#further-2").bounding_box()
    header = page.locator(".md-header").bounding_box()
    assert box
    assert header
    assert header["y"] + header["height"] <= box["y"] < 800


def test_letters_typed_into_a_field_are_letters_and_can_be_turned_off(page: Page) -> None:
    page.locator("input.md-search__input").click()
    page.keyboard.type("jk")
    expect(page.locator("input.md-search__input")).to_have_value("jk")
    page.reload()
    options(page)
    page.get_by_role("button", name="Keyboard shortcuts").click()
    page.get_by_label("Use the letter keys").uncheck()
    page.keyboard.press("Escape")
    page.reload()
    page.keyboard.press("j")
    assert focused(page) == "BODY"
    expect(page.get_by_label("Use the letter keys", exact=True)).not_to_be_checked()
