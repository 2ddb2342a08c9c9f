"""Posted changes in a browser: filters without scripts, the date picker, the size of the script."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from building import AGREEMENT, DAY, build
from posting import START, note, post, write_history

from engross.render.templates import asset

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("posted")
    write_history(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(*next(iter(DAY.items())))
        assert build(folder).status == 0
    return folder / "site"


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


@pytest.mark.parametrize("address", ["changes/", "changes/kinder/", "terms/rules/", "in-force/", "since/"])
def test_pages_ask_nobody_and_do_not_overflow(
    folder: Path, serve: Callable[[Path], str], visit: Callable[..., Any], address: str
) -> None:
    seen = visit(serve(folder) + address, viewport={"width": 1280, "height": 800})
    for width in (1280, 360):
        seen.page.set_viewport_size({"width": width, "height": 800})
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
    assert (seen.errors, seen.outside) == ([], [])


def test_a_day_shows_the_versions_then_and_now_and_every_change_since(
    folder: Path, serve: Callable[[Path], str], visit: Callable[..., Any]
) -> None:
    page = visit(serve(folder) + "since/").page
    page.fill('input[type="date"]', "2025-05-10")
    page.click(".eg-pick button")
    rows = [row.split("\t") for row in page.locator(".eg-pick tbody tr").all_inner_texts()]
    assert rows == [
        ["The Agreement", "2", "4", "2 → 4"],
        ["Rules of Use", "2", "2", "unchanged"],
        ["Model list", "1", "2", "1 → 2"],
    ]
    redlines = [one.get_attribute("href") for one in page.query_selector_all(".eg-pick td:last-child a")]
    assert redlines == ["../agreement/versions/4/from-2/", "../models/versions/2/from-1/"]
    since = [one.get_attribute("href") for one in page.query_selector_all(".eg-pick li a")]
    slugs = ["coming", "typo", "withdrawn", "undone", "prices", "wrong-word", "models"]
    assert since == [f"../changes/{slug}/" for slug in slugs]
    for address in redlines + since:
        assert (folder / f"since/{address}index.html").resolve().is_file()


def test_a_day_before_the_record_is_not_recorded(
    folder: Path, serve: Callable[[Path], str], visit: Callable[..., Any]
) -> None:
    page = visit(serve(folder) + "in-force/").page
    page.fill('input[type="date"]', "2025-03-01")
    page.click(".eg-pick button")
    assert "not recorded" in page.locator(".eg-pick tbody tr").first.inner_text()


def rows(page: Any) -> list[list[str]]:
    page.wait_for_selector(".eg-pick table")
    return [row.split("\t") for row in page.locator(".eg-pick tbody tr").all_inner_texts()]


def hand(page: Any, folder: Path, record: object) -> None:
    """Enter an acceptance record into the page."""
    file = folder / "record.json"
    file.write_text(json.dumps(record), "utf-8")
    page.set_input_files('input[type="file"]', file)


def as_accepted(site: Path, document: str, version: int) -> dict[str, object]:
    """A version of a document as records name it."""
    facts = json.loads((site / f"{document}/versions/{version}.json").read_text("utf-8"))
    return {"document": document, "version": version, "source_sha256": facts["sha256"]["source"]}


@pytest.mark.parametrize("address", ["in-force/", "since/"])
def test_an_acceptance_record_is_used_by_the_versions_it_names(
    folder: Path, tmp_path: Path, serve: Callable[[Path], str], visit: Callable[..., Any], address: str
) -> None:
    page = visit(serve(folder) + address).page
    # The version that was in force at that instant is the second: what the record says goes before.
    hand(page, tmp_path, {"as_of": "2025-05-10T08:59:59Z", "documents": [as_accepted(folder, "agreement", 1)]})
    assert rows(page) == [["The Agreement", "1", "4", "1 → 4"]]
    assert page.locator(".eg-pick p").first.inner_text() == (
        "10 May 2025, 08:59 UTC: versions in your acceptance record, and versions in force now"
    )
    since = [one.get_attribute("href") for one in page.query_selector_all(".eg-pick li a")]
    assert since == [f"../changes/{slug}/" for slug in ("coming", "typo", "withdrawn", "undone", "wrong-word")]


def test_an_acceptance_record_is_known_by_its_seal(
    folder: Path, tmp_path: Path, serve: Callable[[Path], str], visit: Callable[..., Any]
) -> None:
    """After a redaction, only the hash of the old seal file identifies the accepted text."""
    page = visit(serve(folder) + "since/").page
    facts = json.loads((folder / "agreement/versions/1.json").read_text("utf-8"))
    named = {"document": "agreement", "version": 1, "source_sha256": "0" * 64, "seal_sha256": facts["sha256"]["seal"]}
    hand(page, tmp_path, {"as_of": "2025-05-10T08:59:59Z", "documents": [named]})
    assert rows(page) == [["The Agreement", "1", "4", "1 → 4"]]


@pytest.mark.parametrize("other", [{"source_sha256": "0" * 64}, {"version": 9}, {"document": "another"}])
def test_a_text_that_the_site_does_not_have_is_told(
    folder: Path, tmp_path: Path, serve: Callable[[Path], str], visit: Callable[..., Any], other: dict[str, object]
) -> None:
    page = visit(serve(folder) + "since/").page
    hand(page, tmp_path, {"as_of": "2025-05-10T08:59:59Z", "documents": [as_accepted(folder, "rules", 1) | other]})
    page.wait_for_selector(".eg-pick p:has-text('no such text')")
    assert page.locator(".eg-pick table").count() == 0


def test_what_is_no_acceptance_record_is_told(
    folder: Path, tmp_path: Path, serve: Callable[[Path], str], visit: Callable[..., Any]
) -> None:
    page = visit(serve(folder) + "since/").page
    for other in ([], {"as_of": "2025-05-10T08:59:59Z"}, {"as_of": "one day", "documents": []}):
        hand(page, tmp_path, other)
        page.wait_for_selector(".eg-pick p:has-text('not an acceptance record')")


def test_where_no_redline_leads_all_the_way_the_steps_are_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, serve: Callable[[Path], str], visit: Callable[..., Any]
) -> None:
    write_history(tmp_path)
    for day in range(680, 687):
        text = AGREEMENT.replace("Day 1", f"Day {day}")
        post(tmp_path, day, f"day-{day}", note("agreement", "Another day."), agreement_DOT_md=text)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int((START + timedelta(days=700)).timestamp())))
    assert build(tmp_path).status == 0
    base = serve(tmp_path / "site")
    page = visit(base).page
    for address in ("in-force/", "since/"):
        page.goto(base + address)
        page.fill('input[type="date"]', "2025-03-10")
        page.click(".eg-pick button")
        assert rows(page)[0] == ["The Agreement", "1", "12", "1 → 2, 2 → 4, 4 → 5, 5 → 6, 6 → 7, 7 → 12"]
        chain = page.query_selector_all(".eg-pick tbody tr:first-child td:last-child a")
        for link in [one.get_attribute("href") for one in chain]:
            assert (tmp_path / f"site/{address}{link}index.html").resolve().is_file()
        accepted = [as_accepted(tmp_path / "site", "agreement", 3)]
        hand(page, tmp_path, {"as_of": "2025-12-10T00:00:00Z", "documents": accepted})
        page.wait_for_selector(".eg-pick a:has-text('3 ← 2')")
        assert rows(page)[0][3].startswith("3 ← 2, 2 → 4, 4 → 5, ")


def test_the_script_is_small_and_loaded_on_these_pages_only(folder: Path) -> None:
    assert len(asset("engross-dates.js")) <= 4 * 1024
    pages = {
        path.parent.name for path in folder.rglob("*.html") if re.search(r"engross-dates\.\w+\.js", path.read_text())
    }
    assert pages == {"in-force", "since"}
