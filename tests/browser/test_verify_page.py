"""The page "Verify a document" and the page for programs, on the tour's site."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from instant_loading import swap

pytestmark = pytest.mark.slow


DROP = """() => {
    const dropped = new DataTransfer(), options = { dataTransfer: dropped, bubbles: true, cancelable: true };
    dropped.items.add(new File(["other words"], "dropped.txt"));
    document.querySelector(".eg-kept").dispatchEvent(new DragEvent("drop", options));
}"""


def answered(page: Page, *files: Path) -> str:
    """What the page says about files."""
    page.get_by_label("File to verify").set_input_files(list(files))
    page.locator(f".eg-answer section:nth-of-type({len(files)})").wait_for()
    return page.get_by_role("status").inner_text().replace("\n\n", "\n")


def test_a_published_file_is_known_and_nothing_is_uploaded(
    tour_site: Path, serve: Callable, visit: Callable, axe: Callable
) -> None:
    seen = visit(f"{serve(tour_site)}agreement/")
    page: Page = seen.page
    page.get_by_role("link", name="Verify a document").click()
    page.get_by_role("heading", level=1, name="Verify a document").wait_for()
    asked: list[tuple[str, str | None]] = []
    page.on("request", lambda request: asked.append((request.method, request.post_data)))
    versions = tour_site / "agreement/versions"
    said = answered(page, versions / "3.html", versions / "10.md")
    assert "3.html\nThis file is exactly as published here:\nOstrelle Corvane Terms of Service, version 3" in said
    assert (
        "(Self-contained HTML copy)\nIt applied from 20 January 2026. The version in force now is version 10." in said
    )
    assert "It has applied since 26 October 2026 and is the version in force now." in said
    assert {method for method, _ in asked} == {"GET"}
    assert {body for _, body in asked} == {None}
    assert axe(page) == []
    page.get_by_role("link", name="What changed up to the version in force").click()
    page.locator(".clause.changed").first.wait_for()
    assert page.url.endswith("agreement/versions/compare/?from=3&to=10")
    assert (seen.errors, seen.outside) == ([], [])


def test_a_version_that_waits_for_the_delivery_of_its_notice(tour_site: Path, serve: Callable, visit: Callable) -> None:
    page: Page = visit(f"{serve(tour_site)}verify-document/", alone=True).page
    listed = json.loads((tour_site / "agreement/versions/versions.json").read_text("utf-8"))
    del listed["versions"][-1]["effective"]
    page.route("**/agreement/versions/versions.json", lambda route: route.fulfill(json=listed))
    said = answered(page, tour_site / f"agreement/versions/{len(listed['versions'])}.md")
    assert "It is announced; its effective date follows delivery of the notice." in said
    page.get_by_role("link", name="What changed up to the version in force").wait_for()


def test_other_files_are_not_called_altered(
    tour_site: Path, serve: Callable, visit: Callable, axe: Callable, tmp_path: Path
) -> None:
    page: Page = visit(f"{serve(tour_site)}verify-document/").page
    saved, empty = tmp_path / "saved.md", tmp_path / "empty.md"
    saved.write_bytes((tour_site / "agreement/versions/3.md").read_bytes().replace(b"\n", b"\r\n"))
    empty.write_bytes(b"")
    said = answered(page, saved, empty, tour_site / "acceptance/agreement.json")
    assert "saved.md\nThis is not one of the files published here." in said
    assert "To compare its words, use the command line." in said
    assert "altered" not in said
    assert "empty.md\nThe file is empty." in said
    assert "This is an acceptance record." in said
    assert axe(page) == []


def test_it_is_used_with_the_keyboard_and_by_dropping_files(tour_site: Path, serve: Callable, visit: Callable) -> None:
    page: Page = visit(f"{serve(tour_site)}verify-document/").page
    # Only a page in front, which has finished loading, opens a chooser.
    page.bring_to_front()
    page.wait_for_load_state()
    with page.expect_file_chooser() as chooser:
        page.get_by_label("File to verify").press("Space")
    chooser.value.set_files(tour_site / "models/versions/1.yml")
    page.get_by_role("status").get_by_text("Model list, version 1").wait_for()
    page.evaluate(DROP)
    page.get_by_role("status").get_by_role("heading", name="dropped.txt").wait_for()


def test_without_a_script_or_https_the_page_says_so(tour_site: Path, serve: Callable, visit: Callable) -> None:
    address = f"{serve(tour_site)}verify-document/"
    plain: Page = visit(address, java_script_enabled=False).page
    assert plain.get_by_text("This page needs JavaScript to compute a hash.").is_visible()
    page: Page = visit(address, alone=True).page
    page.add_init_script("Object.defineProperty(Crypto.prototype, 'subtle', { get: () => undefined })")
    page.reload()
    page.get_by_text("Browsers compute hashes only on pages whose address begins with https.").wait_for()
    assert page.locator("input[type=file]").count() == 0


def test_a_list_that_does_not_load_is_no_verdict(tour_site: Path, serve: Callable, visit: Callable) -> None:
    page: Page = visit(f"{serve(tour_site)}verify-document/", alone=True).page
    page.route("**/record/hashes.json", lambda route: route.abort())
    assert "The list of hashes could not be loaded." in answered(page, tour_site / "agreement/versions/3.md")


def test_it_works_after_instant_loading(tour_site: Path, serve: Callable, visit: Callable) -> None:
    seen = visit(f"{serve(tour_site)}verify-document/", alone=True)
    swap(seen.page, ".eg-kept")
    assert "exactly as published here" in answered(seen.page, tour_site / "agreement/versions/3.md")
    assert seen.errors == []


def test_the_beginning_of_a_hash_is_not_enough(tour_site: Path, serve: Callable, visit: Callable) -> None:
    """Another file with the same beginning of the hash is not called the published one."""
    page: Page = visit(f"{serve(tour_site)}verify-document/", alone=True).page
    page.route("**/agreement/versions/3.md", lambda route: route.fulfill(body="other words"))
    said = answered(page, tour_site / "agreement/versions/3.md")
    assert "This is not one of the files published here." in said


def test_the_page_for_programs(tour_site: Path, serve: Callable, visit: Callable, axe: Callable) -> None:
    for width in (1280, 390):
        seen = visit(f"{serve(tour_site)}for-programs/", viewport={"width": width, "height": 900})
        page: Page = seen.page
        assert page.get_by_role("link", name="Description of all files (OpenAPI 3.1)").is_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert axe(page) == []
        assert (seen.errors, seen.outside) == ([], [])
