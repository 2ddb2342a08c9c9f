"""One page of each kind in Firefox: it says nothing to the console, asks nobody else, fits, and axe finds nothing."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from axe_script import RULES_OF_AXE, axe_script
from browser_firefox import Firefox, firefox

pytestmark = [pytest.mark.full, pytest.mark.slow]

KINDS = {
    "home": "",
    "document": "agreement/",
    "models": "models/",
    "changes": "changes/",
    "change": "changes/coming/",
    "since": "since/",
    "terms": "defined-terms/",
    "retired": "previews/",
    "version": "agreement/versions/1/",
    "version-to-keep": "agreement/versions/4.html",
    "versions": "agreement/versions/",
    "compare": "agreement/versions/compare/",
    "redline": "agreement/versions/2/from-1/",
    "clauses": "agreement/versions/clauses/",
    "missing": "404.html",
}
WIDTHS = (390, 1280)
SIDEWAYS = "JSON.stringify(document.documentElement.scrollWidth - document.documentElement.clientWidth)"
# The theme comes when the page has loaded.
SETTLED = """new Promise((done) => {
    const late = document.querySelector("script[data-engross-theme]");
    const ready = () => !late || document.documentElement.matches(".js");
    const look = () => (ready() ? setTimeout(() => done("true"), 200) : setTimeout(look, 50));
    look();
})"""
VIOLATIONS = """axe.run(document, {runOnly: RULES, reporter: "no-passes"}).then((found) => JSON.stringify(
    found.violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.target}: ${node.html}`))
))"""


@pytest.fixture(scope="module")
def browser_of_mozilla(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    with firefox(tmp_path_factory.mktemp("firefox")) as browser:
        yield browser


def violations(browser: Firefox) -> list[str]:
    browser.evaluate(f"{axe_script()}; 'true'")
    found: list[str] = browser.evaluate(VIOLATIONS.replace("RULES", json.dumps(RULES_OF_AXE)))
    return found


def test_axe_sees_what_is_wrong(browser_of_mozilla: Firefox, serve: Callable, tmp_path: Path) -> None:
    wrong = "<!doctype html><title>x</title><h1 style='width: 3000px'>x</h1><p style='color: #aaa'>Hard to read.</p>"
    script = "<script>console.error('wrong'); fetch('https://elsewhere.example/')</script>"
    (tmp_path / "index.html").write_text(wrong + script)
    browser_of_mozilla.open(serve(tmp_path), 390)
    assert {line.partition(":")[0] for line in violations(browser_of_mozilla)} >= {"html-has-lang", "color-contrast"}
    assert browser_of_mozilla.evaluate(SIDEWAYS) > 0
    assert "error: wrong" in browser_of_mozilla.messages
    assert "https://elsewhere.example/" in browser_of_mozilla.requests


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_page_is_sound_in_firefox(
    browser_of_mozilla: Firefox, states: Path, serve: Callable, kind: str, width: int
) -> None:
    base, browser = serve(states / "site-in-force"), browser_of_mozilla
    browser.open(base + KINDS[kind], width)
    browser.evaluate(SETTLED)
    assert browser.evaluate(SIDEWAYS) <= 0
    assert violations(browser) == []
    assert browser.messages == []
    assert browser.failures == []
    assert [url for url in browser.requests if not url.startswith((base, "data:", "blob:"))] == []
