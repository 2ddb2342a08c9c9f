"""The address that a document had before it moved: a page of the site's own, with a script and without."""

from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

OLD = "acceptable-use/"


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_it_leads_to_where_the_document_is_now(
    tour_site: Path, serve: Callable, visit: Callable, scripts: bool
) -> None:
    base = serve(tour_site)
    visited = visit(f"{base}{OLD}#reports", java_script_enabled=scripts)
    visited.page.wait_for_url(f"{base}terms/acceptable-use/{'#reports' if scripts else '*'}")
    assert visited.errors == []
    assert visited.outside == []


def test_what_is_seen_until_then_has_the_sites_style(
    tour_site: Path, serve: Callable, visit: Callable, axe: Callable
) -> None:
    base = serve(tour_site)
    page = visit(base, viewport={"width": 390, "height": 800}).page
    html = (tour_site / OLD / "index.html").read_text("utf-8")
    still = "".join(line for line in html.splitlines(keepends=True) if "refresh" not in line and "<script" not in line)
    page.route(f"{base}{OLD}", lambda route: route.fulfill(body=still, content_type="text/html"))
    page.goto(base + OLD)
    top = page.locator("header.top")
    assert top.evaluate("one => getComputedStyle(one).backgroundColor") != "rgba(0, 0, 0, 0)"
    assert axe(page) == []
