"""The windows that browser tests share: what goes wrong on a page is recorded, and nothing is left for the next."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser

from browser_windows import Visit, Windows

ASKING = """<!doctype html><title>x</title><img src="https://other.example/x.png">
<script>fetch("http://127.0.0.1:9/").catch(() => 0)</script><img src="missing.png">"""


def test_what_a_page_asks_others_for_is_recorded_and_does_not_come(
    tmp_path: Path, serve: Callable[[Path], str], visit: Callable[..., Visit]
) -> None:
    (tmp_path / "index.html").write_text(ASKING, "utf-8")
    base = serve(tmp_path)
    visited = visit(base)
    visited.page.wait_for_load_state("networkidle")
    assert set(visited.outside) == {"https://other.example/x.png", "http://127.0.0.1:9/"}
    assert f"404: {base}missing.png" in visited.errors
    assert any("ERR_NAME_NOT_RESOLVED" in error for error in visited.errors)


def test_nothing_is_left_for_the_next_test(tmp_path: Path, serve: Callable[[Path], str], browser: Browser) -> None:
    (tmp_path / "index.html").write_text("<!doctype html><title>x</title><p>One</p>", "utf-8")
    base, windows = serve(tmp_path), Windows(browser)
    options = {"viewport": {"width": 800, "height": 600}}
    first = Visit(windows.open(options), base)
    page = first.page
    page.goto(base)
    page.evaluate("localStorage.setItem('one', '1'); sessionStorage.setItem('one', '1'); window.one = 1")
    page.set_viewport_size({"width": 300, "height": 300})
    page.emulate_media(media="print")
    page.route("**/*", lambda route: route.abort())
    page.evaluate("window.open('about:blank')")
    windows.give_back(first, options)

    second = Visit(windows.open(options), base)
    assert second.page is page
    page.goto(base)
    left = "[localStorage.length, sessionStorage.length, typeof window.one, innerWidth, matchMedia('print').matches]"
    assert page.evaluate(left) == [0, 0, "undefined", 800, False]
    assert page.context.pages == [page]
    page.goto(f"{base}missing")
    assert f"404: {base}missing" in second.errors
    assert first.errors == []
    windows.give_back(second, options)
    other = windows.open({})
    assert other is not page
    other.context.close()
    windows.close()
