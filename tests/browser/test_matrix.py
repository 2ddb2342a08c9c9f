"""Every kind of page, at every width, in light and dark: axe finds nothing, nothing goes wrong, nothing leaks out.

What each looks like is written to build/screenshots/, for people to look at.
"""

import re
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.slow

SCREENSHOTS = Path(__file__).parent.parent.parent / "build" / "screenshots"
WIDTHS = {"phone": 390, "tablet": 768, "desk": 1280}
PAGES = {
    "home": "",
    "agreement": "agreement/",
    "lists": "terms/service-specific/",
    "models": "models/",
    "terms": "defined-terms/",
    "changes": "changes/",
    "guide": "guide/reference/",
    "missing": "404.html",
}


def settle(page: Page) -> None:
    """Wait until what slides in has come to rest."""
    page.evaluate("() => Promise.allSettled(document.getAnimations().map(one => one.finished)).then(() => null)")


def open_search(page: Page) -> None:
    page.keyboard.press("/")
    page.keyboard.type("service")
    page.locator(".md-search-result__item").first.wait_for()
    settle(page)


def open_menu(page: Page) -> None:
    page.locator("label.md-header__button[for=__drawer]").click()
    page.locator(".md-sidebar--primary").get_by_role("link", name="Agreement", exact=True).wait_for()
    settle(page)


def choose_nothing(page: Page) -> None:
    page.locator("select[name=modality]").select_option(label="audio")
    page.locator("select[name=provider]").select_option(label="Meta")


# States of pages that a reader brings about: the page, what is done there, and on which widths it can be done.
STATES = {
    "search": ("changes/", open_search, WIDTHS),
    "no-match": ("models/", choose_nothing, WIDTHS),
    "menu": ("changes/", open_menu, ("phone", "tablet")),
}


def test_axe_is_new_enough() -> None:
    script = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
    found = re.search(r"axe v(\d+)\.(\d+)", script)
    assert found
    assert (int(found[1]), int(found[2])) >= (4, 12)


def test_axe_sees_what_is_wrong(serve: Callable, visit: Callable, axe: Callable, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<!doctype html><title>x</title><h1>x</h1><div role='dialog'>y</div>")
    assert {line.partition(":")[0] for line in axe(visit(serve(tmp_path)).page)} >= {
        "html-has-lang",
        "aria-dialog-name",
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("device", WIDTHS)
def test_every_page_is_sound(
    site: Path, serve: Callable, visit: Callable, axe: Callable, device: str, scheme: str
) -> None:
    base = serve(site)
    visited = visit(base, viewport={"width": WIDTHS[device], "height": 900}, color_scheme=scheme)
    page: Page = visited.page
    found: dict[str, list[str]] = {}

    def look_at(name: str) -> None:
        sideways = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        page.screenshot(path=SCREENSHOTS / f"{name}-{device}-{scheme}.png")
        found[name] = [*axe(page), *(["scrolls sideways"] if sideways > 0 else [])]

    for name, address in PAGES.items():
        page.goto(base + address, wait_until="load")
        look_at(name)
    for name, (address, bring_about, devices) in STATES.items():
        if device in devices:
            page.goto(base + address, wait_until="load")
            bring_about(page)
            look_at(name)
    assert {name: wrong for name, wrong in found.items() if wrong} == {}
    # No message at all: a policy that stops something would tell so here.
    assert visited.errors == []
    assert visited.outside == []
