"""Posted changes in a browser: filters without scripts, the date picker, the size of the script."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engross.render.templates import asset

pytestmark = pytest.mark.slow


@pytest.fixture
def folder(history: Path) -> Path:
    return history / "site"


def shown(page: Any) -> list[str]:
    """The changes with a visible row."""
    rows = page.locator(".eg-change").filter(visible=True)
    return rows.evaluate_all("rows => rows.map(row => row.querySelector('[id]').id)")


def years(page: Any) -> list[str]:
    return [one.inner_text() for one in page.query_selector_all(".eg-year h2") if one.is_visible()]


def test_filters_need_no_script(folder: Path, serve: Callable[[Path], str], visit: Callable[..., Any]) -> None:
    page = visit(serve(folder) + "changes/?document=rules", java_script_enabled=False).page
    assert len(shown(page)) == 10
    page.select_option('select[name="document"]', "rules")
    assert shown(page) == ["change.kinder", "change.first"]
    assert years(page) == ["2025"]
    page.select_option('select[name="document"]', "models")
    page.check('input[name="material"]')
    assert shown(page) == ["change.first"]
    page.select_option('select[name="document"]', "agreement")
    # What withdraws or corrects a material change is shown with it.
    slugs = ("coming", "undone", "withdrawn", "wrong-word", "reworded", "first")
    assert shown(page) == [f"change.{slug}" for slug in slugs]
    assert not page.locator(".eg-none").is_visible()
    page.click(".eg-filters button")
    assert len(shown(page)) == 10


def test_filters_work_by_keyboard_and_are_kept_in_the_address(
    folder: Path, serve: Callable[[Path], str], visit: Callable[..., Any]
) -> None:
    page = visit(serve(folder) + "changes/?from=mail#posted-2025").page
    page.focus('select[name="document"]')
    page.keyboard.type("Model")
    assert shown(page) == ["change.models", "change.first"]
    assert page.url.endswith("/changes/?from=mail&document=models#posted-2025")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert shown(page) == ["change.first"]
    kept = page.url
    assert kept.endswith("?from=mail&document=models&material=1#posted-2025")
    # The address leads anybody else to the same list.
    page.goto("about:blank")
    page.goto(kept)
    assert shown(page) == ["change.first"]
    page.keyboard.press("Tab")
    page.click(".eg-filters button")
    assert len(shown(page)) == 10
    page.wait_for_url("**/changes/?from=mail#posted-2025")


def test_an_unknown_document_in_the_address_hides_nothing(
    folder: Path, serve: Callable[[Path], str], visit: Callable[..., Any]
) -> None:
    page = visit(serve(folder) + "changes/?document=%22%5D%7B&material=yes").page
    assert len(shown(page)) == 10


def test_details_open_in_place_and_by_their_address(
    folder: Path, serve: Callable[[Path], str], visit: Callable[..., Any]
) -> None:
    page = visit(serve(folder) + "changes/#change.kinder").page
    body = page.locator('[id="change.kinder"]')
    assert body.is_visible()
    assert page.locator(".eg-change[open]").count() == 1
    row = page.locator('.eg-change:has([id="change.typo"]) > summary')
    row.focus()
    page.keyboard.press("Enter")
    assert page.locator('[id="change.typo"]').is_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.locator('[id="change.typo"]').get_by_text("All details of this change").click()
    assert page.locator("h1").all_inner_texts() == ["A typo & https://example.com/"]
    assert "Why it was posted as an emergency" in page.inner_text("main")


@pytest.mark.parametrize("address", ["changes/", "changes/kinder/", "terms/rules/", "since/?on=2025-05-10"])
def test_pages_ask_nobody_and_do_not_overflow(
    folder: Path, serve: Callable[[Path], str], visit: Callable[..., Any], address: str
) -> None:
    seen = visit(serve(folder) + address, viewport={"width": 1280, "height": 800})
    for width in (1280, 360):
        seen.page.set_viewport_size({"width": width, "height": 800})
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
    assert (seen.errors, seen.outside) == ([], [])


def answers(page: Any) -> dict[str, list[str]]:
    """The lines of the answer for each document; "" has the unchanged ones."""
    page.wait_for_selector(".eg-answer > *")
    found = {one.inner_text().partition("\n")[0]: one for one in page.query_selector_all(".eg-answer > section")}
    lines = {title: [line for line in one.inner_text().split("\n")[1:] if line] for title, one in found.items()}
    same = page.locator(".eg-answer > p")
    return lines | ({"": same.first.inner_text().split(", ")} if same.count() else {})


def ask(page: Any, day: str) -> dict[str, list[str]]:
    page.fill('input[type="date"]', day)
    page.click(".eg-pick button")
    return answers(page)


def test_a_day_is_answered_for_each_document(
    folder: Path, serve: Callable[[Path], str], visit: Callable[..., Any]
) -> None:
    base = serve(folder)
    page = visit(base + "since/").page
    found = ask(page, "2025-05-10")
    assert list(found) == ["The Agreement", "Model list", ""]
    assert found[""] == ["Unchanged: Rules of Use"]
    assert found["Model list"][0] == "1 change"
    agreement = " ".join(found["The Agreement"])
    assert "No substantive change" in agreement
    assert "Announced, from 1 January 2027" in agreement
    assert "Editorial changes, corrections and withdrawn announcements (4)" in agreement
    for link in page.query_selector_all(".eg-answer a"):
        address = link.get_attribute("href").partition("?")[0]
        assert (folder / f"since/{address}index.html").resolve().is_file(), address
    # The address has the question: whoever opens it sees the same answer.
    assert page.url == f"{base}since/?on=2025-05-10"
    assert answers(visit(page.url).page) == found


def test_one_redline_has_everything_since_a_day(
    folder: Path, serve: Callable[[Path], str], visit: Callable[..., Any]
) -> None:
    seen = visit(serve(folder) + "since/?on=2025-03-10")
    seen.page.click("section:has(h3:text-is('The Agreement')) .eg-redline summary")
    changed = seen.page.locator(".eg-redline .clause.changed")
    changed.first.wait_for()
    texts = changed.all_inner_texts()
    assert any("You willmust not" in text for text in texts), texts
    assert (seen.errors, seen.outside) == ([], [])


def test_a_day_before_the_record_is_not_recorded(
    folder: Path, serve: Callable[[Path], str], visit: Callable[..., Any]
) -> None:
    found = ask(visit(serve(folder) + "since/").page, "2025-03-01")
    assert found["The Agreement"] == [
        "No version is recorded for that date. The first one is from 1 March 2025, 09:00 UTC."
    ]


def hand(page: Any, folder: Path, record: object) -> None:
    """Enter an acceptance record into the page."""
    file = folder / "record.json"
    file.write_text(json.dumps(record), "utf-8")
    page.set_input_files('input[type="file"]', file)


def as_accepted(site: Path, document: str, version: int) -> dict[str, object]:
    """A version of a document as records name it."""
    facts = json.loads((site / f"{document}/versions/{version}.json").read_text("utf-8"))
    return {"document": document, "version": version, "source_sha256": facts["sha256"]["source"]}


def test_an_acceptance_record_is_used_by_the_versions_it_names(
    folder: Path, tmp_path: Path, serve: Callable[[Path], str], visit: Callable[..., Any]
) -> None:
    page = visit(serve(folder) + "since/").page
    # The version that was in force at that instant is the second: what the record says goes before.
    hand(page, tmp_path, {"as_of": "2025-05-10T08:59:59Z", "documents": [as_accepted(folder, "agreement", 1)]})
    found = answers(page)
    assert list(found) == ["The Agreement"]
    assert "Text then (version 1) · Text now (version 4)" in found["The Agreement"][-1]
    assert page.locator(".eg-answer h2").inner_text() == "Since your acceptance record of 10 May 2025, 08:59 UTC"
    assert page.url.endswith("?accepted=agreement%401&at=2025-05-10+08%3A59%3A59")
    assert answers(visit(page.url).page) == found


def test_an_acceptance_record_is_known_by_its_seal(
    folder: Path, tmp_path: Path, serve: Callable[[Path], str], visit: Callable[..., Any]
) -> None:
    """After a redaction, only the hash of the old seal file identifies the accepted text."""
    page = visit(serve(folder) + "since/").page
    facts = json.loads((folder / "agreement/versions/1.json").read_text("utf-8"))
    named = {"document": "agreement", "version": 1, "source_sha256": "0" * 64, "seal_sha256": facts["sha256"]["seal"]}
    hand(page, tmp_path, {"as_of": "2025-05-10T08:59:59Z", "documents": [named]})
    assert "version 1" in answers(page)["The Agreement"][-1]


@pytest.mark.parametrize("other", [{"source_sha256": "0" * 64}, {"version": 9}, {"document": "another"}])
def test_a_text_that_the_site_does_not_have_is_reported(
    folder: Path, tmp_path: Path, serve: Callable[[Path], str], visit: Callable[..., Any], other: dict[str, object]
) -> None:
    page = visit(serve(folder) + "since/").page
    hand(page, tmp_path, {"as_of": "2025-05-10T08:59:59Z", "documents": [as_accepted(folder, "rules", 1) | other]})
    page.wait_for_selector(".eg-answer p:has-text('no such text')")
    assert page.locator(".eg-answer section").count() == 0


@pytest.mark.parametrize(
    "asked", ["accepted=another%401&at=2025-05-10+08%3A59%3A59", "accepted=x&at=2025-05-10+08%3A59%3A59"]
)
def test_an_address_that_names_no_text_of_the_site_is_reported(
    folder: Path, serve: Callable[[Path], str], visit: Callable[..., Any], asked: str
) -> None:
    seen = visit(f"{serve(folder)}since/?{asked}")
    seen.page.wait_for_selector(".eg-answer p:has-text('no such text')")
    assert seen.errors == []


def test_what_is_no_acceptance_record_is_reported(
    folder: Path, tmp_path: Path, serve: Callable[[Path], str], visit: Callable[..., Any]
) -> None:
    page = visit(serve(folder) + "since/").page
    for other in ([], {"as_of": "2025-05-10T08:59:59Z"}, {"as_of": "one day", "documents": []}):
        hand(page, tmp_path, other)
        page.wait_for_selector(".eg-answer p:has-text('not an acceptance record')")


def test_without_scripts_every_change_is_listed(
    folder: Path, serve: Callable[[Path], str], visit: Callable[..., Any]
) -> None:
    page = visit(serve(folder) + "since/", java_script_enabled=False).page
    assert page.locator(".eg-pick").count() == 0
    assert page.locator(".eg-list-intro").is_visible()
    assert page.locator(".eg-steps > li").count() == 10


def test_the_former_page_leads_to_the_one_that_replaced_it(
    folder: Path, serve: Callable[[Path], str], visit: Callable[..., Any]
) -> None:
    base = serve(folder)
    page = visit(base + "in-force/").page
    page.wait_for_url(base + "since/")


def test_the_scripts_are_small_and_loaded_on_these_pages_only(folder: Path) -> None:
    for name, pages in {
        "engross-dates.js": {"since"},
        "engross-compare.js": {"since", *(f"{name}/versions/compare" for name in ("agreement", "rules", "models"))},
    }.items():
        assert len(asset(name)) <= 9 * 1024
        loaded = re.compile(rf"{name.removesuffix('.js')}\.\w+\.js")
        found = {path for path in folder.rglob("*.html") if loaded.search(path.read_text("utf-8"))}
        assert {path.parent.relative_to(folder).as_posix() for path in found} == pages
