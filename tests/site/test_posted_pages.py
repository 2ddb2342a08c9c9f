"""Posted changes in a browser: filters without scripts, the date picker, what the script may weigh."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from building import DAY, build
from posting import write_history

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
    """The changes that can be seen."""
    return [one.get_attribute("id") for one in page.query_selector_all("article.eg-change") if one.is_visible()]


def years(page: Any) -> list[str]:
    return [one.inner_text() for one in page.query_selector_all(".eg-year h2") if one.is_visible()]


def test_filters_need_no_script(folder: Path, serve: Callable[[Path], str], visit: Callable[..., Any]) -> None:
    page = visit(serve(folder) + "changes/", java_script_enabled=False).page
    assert len(shown(page)) == 10
    page.select_option('select[name="document"]', "rules")
    assert shown(page) == ["change.kinder", "change.first"]
    assert years(page) == ["2025"]
    page.select_option('select[name="kind"]', "editorial")
    assert shown(page) == []
    assert page.locator(".eg-none").is_visible()
    page.select_option('select[name="document"]', "agreement")
    assert shown(page) == ["change.typo"]
    assert not page.locator(".eg-none").is_visible()
    page.click(".eg-filters button")
    assert len(shown(page)) == 10


def test_filters_work_by_keyboard(folder: Path, serve: Callable[[Path], str], visit: Callable[..., Any]) -> None:
    page = visit(serve(folder) + "changes/").page
    page.focus('select[name="document"]')
    page.keyboard.type("Model")
    assert shown(page) == ["change.models", "change.first"]


@pytest.mark.parametrize("address", ["changes/", "changes/kinder/", "terms/rules/", "in-force/", "since/"])
@pytest.mark.parametrize("width", [360, 1280])
def test_pages_ask_nobody_and_do_not_overflow(
    folder: Path, serve: Callable[[Path], str], visit: Callable[..., Any], address: str, width: int
) -> None:
    seen = visit(serve(folder) + address, viewport={"width": width, "height": 800})
    assert (seen.errors, seen.outside) == ([], [])
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_day_shows_the_versions_then_and_now_and_every_change_since(
    folder: Path, serve: Callable[[Path], str], visit: Callable[..., Any]
) -> None:
    page = visit(serve(folder) + "since/").page
    page.fill('input[type="date"]', "2025-05-10")
    page.click(".eg-pick button")
    rows = [row.split("\t") for row in page.locator(".eg-pick tbody tr").all_inner_texts()]
    assert rows == [
        ["The Agreement", "2", "4", "Redline"],
        ["Rules of Use", "2", "2", "unchanged"],
        ["Model list", "1", "2", "Redline"],
    ]
    redlines = [one.get_attribute("href") for one in page.query_selector_all(".eg-pick td:last-child a")]
    assert redlines == ["../agreement/versions/4/from-2/", "../models/versions/2/from-1/"]
    since = [one.get_attribute("href") for one in page.query_selector_all(".eg-pick li a")]
    slugs = ["coming", "typo", "undone", "withdrawn", "wrong-word", "prices", "models"]
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


def test_an_acceptance_record_stands_for_its_instant(
    folder: Path, tmp_path: Path, serve: Callable[[Path], str], visit: Callable[..., Any]
) -> None:
    kept = json.loads((folder / "acceptance/sets/main.json").read_text("utf-8"))
    record = tmp_path / "main.json"
    record.write_text(json.dumps(kept | {"as_of": "2025-04-30T08:59:59Z"}), "utf-8")
    page = visit(serve(folder) + "since/").page
    page.set_input_files('input[type="file"]', record)
    page.wait_for_selector(".eg-pick table")
    assert page.locator(".eg-pick tbody tr").nth(1).inner_text().split("\t")[1] == "1"
    other = tmp_path / "other.json"
    other.write_text("[]", "utf-8")
    page.set_input_files('input[type="file"]', other)
    page.wait_for_selector(".eg-pick p:has-text('no acceptance record')")


def test_the_script_is_small_and_loaded_on_these_pages_only(folder: Path) -> None:
    assert len(asset("engross-dates.js")) < 3 * 1024
    pages = {
        path.parent.name for path in folder.rglob("*.html") if re.search(r"engross-dates\.\w+\.js", path.read_text())
    }
    assert pages == {"in-force", "since"}
