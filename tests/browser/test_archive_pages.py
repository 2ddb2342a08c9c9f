"""The pages of the record's versions in a browser: they fit, ask nobody for anything, and pass axe."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent.parent / "site"))
from building import DAY, build
from posting import write_history

pytestmark = pytest.mark.slow

PAGES = (
    "agreement/versions/",
    "agreement/versions/2/",
    "agreement/versions/2/from-1/",
    "agreement/versions/2.html",
    "agreement/versions/clauses/",
    "models/versions/1/",
)


@pytest.fixture(scope="module")
def posted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("posted")
    write_history(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(*next(iter(DAY.items())))
        assert build(folder).status == 0
    return folder / "site"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_they_fit_pass_axe_and_ask_nobody(
    posted: Path, serve: Callable, visit: Callable, axe: Callable, width: int, scheme: str
) -> None:
    base = serve(posted)
    visited = visit(base + PAGES[0], viewport={"width": width, "height": 800}, color_scheme=scheme)
    for address in PAGES:
        visited.page.goto(base + address, wait_until="load")
        sideways = visited.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert sideways <= 0, address
        assert axe(visited.page) == [], address
    assert visited.errors == []
    assert visited.outside == []


def test_without_scripts_what_is_unchanged_folds_away(posted: Path, serve: Callable, visit: Callable) -> None:
    page = visit(serve(posted) + "agreement/versions/2/from-1/", java_script_enabled=False).page
    unchanged = page.get_by_text("Either party may end it.")
    assert unchanged.is_visible()
    page.get_by_text("Show only what changed").click()
    assert not unchanged.is_visible()
    assert page.locator("ins", has_text="must").first.is_visible()


def test_the_first_tab_leads_past_the_frame(posted: Path, serve: Callable, visit: Callable) -> None:
    page = visit(serve(posted) + "agreement/versions/2/").page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    assert page.locator(".skip").bounding_box()["y"] >= 0
