"""What readers come for, from the home page to the answer; what changed since a day is in test_since_and_compare.py."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.slow


def choose_model(page: Page, name: str) -> None:
    """The first two steps: the list of models, and the model in it."""
    page.get_by_role("article").get_by_role("link", name="Model list").first.click()
    page.get_by_role("row").get_by_role("link", name=name, exact=True).click()


def fact(page: Page, model: str, name: str) -> str:
    """What the entry of a model states; it must be in view."""
    entry = page.locator(f'[data-engross-model="{model}"]')
    value = entry.locator("dl > div", has=page.locator("dt", has_text=name)).locator("dd").first
    assert value.is_visible()
    height = page.viewport_size["height"] if page.viewport_size else 0
    top, bottom = entry.evaluate("one => [one.getBoundingClientRect().top, one.getBoundingClientRect().top]")
    assert -height < top < height, bottom
    return value.inner_text()


@pytest.mark.parametrize("width", [390, 1280])
def test_whether_a_model_may_be_used_commercially_takes_two_steps_from_home(
    tour_site: Path, serve: Callable, visit: Callable, width: int
) -> None:
    seen = visit(serve(tour_site), viewport={"width": width, "height": 800})
    choose_model(seen.page, "Dipper Vision 1")
    assert fact(seen.page, "dipper-vision-1", "Licence").startswith("Fellside Open Licence 1")
    assert "Whoever publishes its completions" in fact(seen.page, "dipper-vision-1", "Licence conditions")
    assert (seen.errors, seen.outside) == ([], [])


@pytest.mark.parametrize("width", [390, 1280])
def test_when_a_model_retires_takes_two_steps_from_home(
    tour_site: Path, serve: Callable, visit: Callable, width: int
) -> None:
    seen = visit(serve(tour_site), viewport={"width": width, "height": 800})
    choose_model(seen.page, "Heron 2 70B")
    assert "1 March 2027" in fact(seen.page, "heron-2-70b", "Retires")
    assert fact(seen.page, "heron-2-70b", "Replacement") == "heron-3-110b"


def test_the_day_on_which_a_model_retires_is_in_the_list_already(
    tour_site: Path, serve: Callable, visit: Callable
) -> None:
    page: Page = visit(serve(tour_site)).page
    page.get_by_role("article").get_by_role("link", name="Model list").first.click()
    assert "1 March 2027" in page.get_by_role("row").filter(has_text="Heron 2 70B").first.inner_text()


def test_a_clause_is_found_by_its_label_and_cited_in_four_steps_from_home(
    site: Path, serve: Callable, visit: Callable
) -> None:
    base = serve(site)
    seen = visit(base, permissions=["clipboard-read", "clipboard-write"])
    page: Page = seen.page
    page.locator("input.md-search__input").click()
    page.keyboard.type("Restrictions (h)(iv)")
    page.locator('.md-search-result a[href*="agreement/"][href*="#restrictions.h.iv"]').first.click()
    page.wait_for_url("**/agreement/**#restrictions.h.iv")
    control = page.locator('[id="restrictions.h.iv"] > .eg-link, [id="restrictions.h.iv"] > p > .eg-link').first
    control.click()
    page.locator('.eg-menu [data-copy="citation"]').click()
    page.locator(".eg-said:not(:empty)").wait_for(state="attached")
    citation = page.evaluate("navigator.clipboard.readText()")
    assert "Restrictions (h)(iv), version 1, in force from" in citation
    assert citation.endswith("/agreement/versions/1/#restrictions.h.iv")
    assert (seen.errors, seen.outside) == ([], [])
