"""What customers look for: what changed since they agreed, and how two versions differ; on the tour's site."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from instant_loading import swap

pytestmark = pytest.mark.slow

POLICY = "section:has(h3:text-is('Acceptable Use Policy'))"


def test_what_is_material_in_a_policy_since_a_day_takes_three_steps_from_home(
    tour_site: Path, serve: Callable, visit: Callable, axe: Callable
) -> None:
    seen = visit(serve(tour_site))
    page: Page = seen.page
    page.get_by_role("article").get_by_role("link", name="What changed since you agreed").click()
    page.get_by_label("Date on which you agreed").fill("2025-12-01")
    page.get_by_role("button", name="Show what changed").click()
    answer = page.locator(POLICY)
    assert answer.get_by_text("3 changes, 3 marked material by the provider").is_visible()
    material = answer.locator("li:visible:has(.eg-material)")
    assert material.count() == 3
    assert all(len(one) > 20 for one in material.locator("a").all_inner_texts())
    # All of it in one redline, in place, and as a page of its own.
    answer.get_by_text("Everything that changed, in one redline").click()
    added = answer.locator(".clause.added")
    added.first.wait_for()
    assert "plan or carry out attacks" in added.first.inner_text()
    assert axe(page) == []
    answer.get_by_role("link", name="Compare versions 1 and 6").click()
    page.locator(".clause.added").first.wait_for()
    assert page.locator(".clause.added").count() == added_in(tour_site, "acceptable-use", 1, 6)
    assert (seen.errors, seen.outside) == ([], [])


def test_on_a_phone_the_answer_is_a_line_for_each_document(tour_site: Path, serve: Callable, visit: Callable) -> None:
    page: Page = visit(f"{serve(tour_site)}since/?on=2025-12-01", viewport={"width": 390, "height": 844}).page
    answer = page.locator(POLICY)
    assert answer.get_by_text("3 changes, 3 marked material by the provider").is_visible()
    assert answer.locator("li:visible").count() == 0
    assert page.evaluate("document.documentElement.scrollHeight") < 3.5 * 844
    answer.locator("summary").first.click()
    assert answer.locator("li:visible:has(.eg-material)").count() == 3


def test_announced_changes_are_counted_and_new_documents_are_named(
    tour_site: Path, serve: Callable, visit: Callable
) -> None:
    page: Page = visit(f"{serve(tour_site)}since/?on=2025-12-01").page
    page.get_by_text("5 changes, 4 marked material by the provider, 1 announced", exact=True).wait_for()
    levels = page.locator("section:has(h3:text-is('Service Levels'))")
    assert levels.get_by_text("Not in force then.").is_visible()
    assert levels.get_by_role("link", name="We commit to answering").is_visible()
    # Before the first posting, nothing is known of any document.
    page.goto(f"{page.url.partition('?')[0]}?on=2020-01-01")
    page.get_by_text("No version is recorded for that date.").first.wait_for()
    assert page.get_by_text("Not in force then.").count() == 0


@pytest.mark.parametrize("day", ["2999-01-01", "yesterday", ""])
def test_a_day_that_is_none_or_to_come_is_not_answered(
    tour_site: Path, serve: Callable, visit: Callable, day: str
) -> None:
    page: Page = visit(f"{serve(tour_site)}since/?on={day}").page
    page.get_by_text("Choose a date that is not in the future.").wait_for()
    assert page.get_by_text("Text now").count() == 0


def test_it_works_after_instant_loading(tour_site: Path, serve: Callable, visit: Callable) -> None:
    seen = visit(f"{serve(tour_site)}since/", alone=True)
    swap(seen.page, ".eg-since")
    seen.page.locator("[type=date]").fill("2026-02-01")
    seen.page.locator(".eg-pick button").click()
    seen.page.locator(".eg-answer h3").first.wait_for()
    assert seen.errors == []


def keys(site: Path, document: str, number: int) -> set[str]:
    data = json.loads((site / document / "versions/clauses.json").read_text("utf-8"))
    runs = data["versions"][str(number)]
    rows = [row for at in range(0, len(runs), 2) for row in data["clauses"][runs[at] : runs[at] + runs[at + 1]]]
    return {f"{clause} {kind}" for clause, kind, *_ in rows}


def added_in(site: Path, document: str, old: int, new: int) -> int:
    return len(keys(site, document, new) - keys(site, document, old))


@pytest.mark.parametrize(("old", "new"), [pytest.param(3, 9, marks=pytest.mark.long), (9, 3), (10, 11)])
def test_any_two_versions_are_compared(tour_site: Path, serve: Callable, visit: Callable, old: int, new: int) -> None:
    base = serve(tour_site)
    seen = visit(base + "agreement/versions/")
    page: Page = seen.page
    page.get_by_role("link", name="Compare any two versions").click()
    page.get_by_label("From", exact=True).select_option(str(old))
    page.get_by_label("To", exact=True).select_option(str(new))
    page.locator(f".clause:visible a[href^='../{new}/#']").first.wait_for()
    assert page.url == f"{base}agreement/versions/compare/?from={old}&to={new}"
    assert page.locator(".clause.added").count() == added_in(tour_site, "agreement", old, new)
    assert page.locator(".clause.removed").count() == added_in(tour_site, "agreement", new, old)
    # Both texts of each changed clause can be read back from its marks.
    data = json.loads((tour_site / "agreement/versions/clauses.json").read_text("utf-8"))
    texts = {text if isinstance(text, str) else text[0] for text in data["texts"]}
    changed = page.locator(".clause.changed p").all()
    assert changed
    for one in changed:
        for other in ("ins", "del"):
            left = one.evaluate(
                """(one, other) => {
                  const copy = one.cloneNode(true);
                  copy.querySelectorAll(`${other}, small`).forEach((part) => part.remove());
                  return copy.textContent;
                }""",
                other,
            )
            assert left in texts
    # Whoever opens the address sees the same.
    again = visit(page.url).page
    again.locator(".clause:visible").first.wait_for()
    assert again.locator(".count").inner_text() == page.locator(".count").inner_text()
    assert (seen.errors, seen.outside) == ([], [])


def test_unchanged_clauses_are_shown_on_demand(tour_site: Path, serve: Callable, visit: Callable) -> None:
    page: Page = visit(serve(tour_site) + "agreement/versions/compare/?from=3&to=9").page
    page.locator(".clause:visible").first.wait_for()
    assert page.locator(".clause.same:visible").count() == 0
    page.get_by_label("Show unchanged clauses too").check()
    page.locator(".clause.same:visible").first.wait_for()
    assert page.locator(".clause:visible").count() == page.locator(".clause").count()


def test_an_address_that_names_no_version_says_so_and_shows_the_last_two(
    tour_site: Path, serve: Callable, visit: Callable
) -> None:
    seen = visit(serve(tour_site) + "agreement/versions/compare/?from=99&to=x")
    seen.page.locator(".clause:visible").first.wait_for()
    assert seen.page.get_by_label("From", exact=True).input_value() == "10"
    assert seen.page.get_by_label("To", exact=True).input_value() == "11"
    said = seen.page.get_by_text("This document has no version 99, x. The last versions are compared instead.")
    assert said.is_visible()
    seen.page.get_by_label("From", exact=True).select_option("9")
    assert not said.is_visible()
    assert seen.errors == []


def test_a_new_name_of_the_provider_is_folded(tour_site: Path, serve: Callable, visit: Callable) -> None:
    page: Page = visit(serve(tour_site) + "agreement/versions/compare/?from=8&to=9").page
    fold = page.locator("details.renamed")
    fold.wait_for()
    named = "25 clauses changed only in a name: “Ostrelle”, formerly “Quillmere”"
    assert fold.locator("summary").inner_text() == named
    assert page.locator(".count").inner_text() == f"2 clauses changed, {named}."
    assert page.locator(".clause:visible").count() == 2
    assert fold.locator(".clause").count() == 25
    # The name in the address of a link differs too, so this clause is not folded.
    assert page.locator(".clause:visible", has_text="prices.ostrelle.example").count() == 1


def test_a_clause_below_a_heading_with_a_new_name_is_not_renumbered(
    tour_site: Path, serve: Callable, visit: Callable
) -> None:
    page: Page = visit(serve(tour_site) + "agreement/versions/compare/?from=4&to=5").page
    page.locator(".count").wait_for()
    assert page.locator(".count").inner_text() == "1 clause changed, 2 clauses moved."


def test_without_scripts_each_version_leads_to_the_redline_from_the_one_before(
    tour_site: Path, serve: Callable, visit: Callable
) -> None:
    page: Page = visit(serve(tour_site) + "agreement/versions/compare/", java_script_enabled=False).page
    assert page.locator("[data-engross-compare] form").is_hidden()
    page.get_by_role("link", name="What changed between versions 8 and 9").click()
    assert page.url.endswith("/agreement/versions/9/from-8/")


def test_lists_that_cannot_be_loaded_are_reported(tour_site: Path, serve: Callable, visit: Callable) -> None:
    page: Page = visit(serve(tour_site)).page
    page.route("**/clauses.json", lambda route: route.fulfill(status=404))
    page.goto(serve(tour_site) + "agreement/versions/compare/")
    page.get_by_text("The versions could not be loaded.").wait_for()
