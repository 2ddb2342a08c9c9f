"""A year of changes is found on a few screens: the tour's page of posted changes in a browser."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow

SCREENS = [((1280, 800), 5), ((390, 844), 9)]


@pytest.mark.parametrize(("size", "most"), SCREENS)
def test_40_changes_are_on_a_few_screens(
    tour_site: Path, serve: Callable[[Path], str], visit: Callable[..., Any], size: tuple[int, int], most: int
) -> None:
    width, height = size
    seen = visit(serve(tour_site) + "changes/", viewport={"width": width, "height": height})
    assert seen.page.locator(".eg-change > summary").filter(visible=True).count() == 40
    assert seen.page.evaluate("document.documentElement.scrollHeight") <= most * height
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
    assert (seen.errors, seen.outside) == ([], [])


@pytest.mark.long
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_open_digest_has_no_faults(
    tour_site: Path,
    serve: Callable[[Path], str],
    visit: Callable[..., Any],
    axe: Callable[[Any], list[str]],
    scheme: str,
) -> None:
    page = visit(serve(tour_site) + "changes/?material=1", color_scheme=scheme).page
    for summary in page.locator(".eg-alerts > summary, .eg-change > summary").filter(visible=True).all()[:4]:
        summary.click()
    assert page.locator(".eg-change[open]").count() == 3
    assert axe(page) == []
    box = page.evaluate(
        "[...document.querySelectorAll('.eg-changes *')].filter(one => one.scrollHeight > one.clientHeight "
        "+ 1 && getComputedStyle(one).overflowY.match(/auto|scroll/)).length"
    )
    assert box == 0, "nothing scrolls within the page"
