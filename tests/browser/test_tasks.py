"""What readers come for, from the home page to the answer; what changed since a day is in test_since_and_compare.py."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.slow


def choose_model(page: Page, name: str) -> None:
    """The first two steps: the list of models, and the model in it."""
    page.get_by_role("article").get_by_role("link", name="Model list").first.click()
    page.get_by_role("row").get_by_role("link", name=name, exact=True).click()


def fact(page: Page, model: str, name: str) -> str:
    """What the entry of a model states, which the last step has brought into view."""
    entry = page.locator(f'[data-engross-model="{model}"]')
    expect(entry.get_by_role("heading").first).to_be_in_viewport()
    label = page.locator("dt", has_text=re.compile(f"^{name}$"))
    return entry.locator("dl > div", has=label).locator("dd").first.inner_text()


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
    stage = fact(seen.page, "heron-2-70b", "Stage")
    assert "Retires: 1 March 2027" in stage
    assert "Replacement: heron-3-110b" in stage
    assert (seen.errors, seen.outside) == ([], [])


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
    page.locator(':is(.eg-link, .eg-marker)[href$="#restrictions.h.iv"]').click()
    page.get_by_role("menuitem", name="Copy citation").click()
    expect(page.get_by_role("status")).to_have_text(re.compile("copied"))
    citation = page.evaluate("navigator.clipboard.readText()")
    assert "Restrictions (h)(iv), version 1, in force from" in citation
    assert citation.endswith("/agreement/versions/1/#restrictions.h.iv")
    assert (seen.errors, seen.outside) == ([], [])
