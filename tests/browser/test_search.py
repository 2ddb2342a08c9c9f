"""The search box: an exact name comes first in the results, visible and linked."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.slow

# What a reader types, and where the best of what is found leads.
LOOKED_FOR = (
    ("Affiliate", "agreement/#definitions.affiliate"),
    ("Customer Data", "agreement/#definitions.customer-data"),
    ("Suspend", "agreement/#definitions.suspend"),
    ("suspension", "agreement/#definitions.suspend"),
    ("You", "agreement/#opening.customer"),
    ("Customer", "agreement/#opening.customer"),
    ("Customer Personal Data", "terms/data-processing/#definitions.customer-personal-data"),
    ("Restrictions (h)(iv)", "agreement/#restrictions.h.iv"),
    ("restrictions h iv", "agreement/#restrictions.h.iv"),
    ("5.3(h)(iv)", "agreement/#restrictions.h.iv"),
    ("Section 5.3", "agreement/#restrictions"),
    ("Restrictions", "agreement/#restrictions"),
    ("Modifications: To the Agreement", "agreement/#to-the-agreement"),
)

# Asks the theme's own search, in its own process, as its search box does.
ASK = """async ({worker, index, queries}) => {
    const search = new Worker(worker);
    const ask = message => new Promise(answer => {
        search.onmessage = event => answer(event.data);
        search.postMessage(message);
    });
    await ask({type: 0, data: {config: index.config, docs: index.docs, options: {suggest: false}}});
    const found = [];
    for (const query of queries) {
        const {data} = await ask({type: 2, data: query});
        const best = data.items[0]?.[0]?.score;
        found.push((data.items[0] ?? []).filter(item => item.score === best).map(item => item.location));
    }
    return found;
}"""


def look_for(page: Page, words: str) -> Locator:
    """Put words into the search box, and return the first result within a page.

    What was looked for before goes first, with what was found: a page that is loaded anew takes seconds to make its
    index. The words are looked for once, when the last of them is there.
    """
    box = page.locator("input.md-search__input")
    if box.input_value():
        box.press("ControlOrMeta+a")
        box.press("Delete")
        expect(page.locator(".md-search-result__item")).to_have_count(0)
    else:
        page.keyboard.press("/")
    expect(box).to_be_focused()
    page.keyboard.insert_text(words)
    page.keyboard.press("Shift")
    first = page.locator(".md-search-result__item").first.locator(".md-search-result__link:not(:has(h1))").first
    first.wait_for(state="visible")
    return first


def test_what_has_the_name_is_found_first(site: Path, serve: Callable, visit: Callable) -> None:
    base = serve(site)
    visited = visit(base, viewport={"width": 1280, "height": 900})
    visited.page.goto(base + "models/")
    found = {}
    for words, place in LOOKED_FOR:
        first = look_for(visited.page, words)
        first.locator("mark").first.wait_for(state="attached")
        assert address(first) == base + place, words
        found[place] = first.evaluate("link => link.href")
    first.click()
    visited.page.wait_for_url(lambda url: plain(url) == base + place)
    for place, href in found.items():
        visited.page.goto(href)
        visited.page.wait_for_url(lambda url, wanted=base + place: plain(url) == wanted)
        assert visited.page.locator(f'[id="{place.partition("#")[2]}"]').is_visible()
    assert visited.errors == []


def test_return_leads_to_the_definition(site: Path, serve: Callable, visit: Callable) -> None:
    base = serve(site)
    page: Page = visit(base, viewport={"width": 1280, "height": 900}).page
    look_for(page, "Affiliate").locator("mark").first.wait_for(state="attached")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: plain(url) == base + "agreement/#definitions.affiliate")


def test_every_name_of_every_term_leads_to_a_definition_of_it(
    site: Path, tour_site: Path, serve: Callable, visit: Callable
) -> None:
    for built in (site, tour_site):
        index = json.loads((built / "search/search_index.json").read_text("utf-8"))
        named: dict[str, set[str]] = {}
        for entry in index["docs"]:
            if entry.get("boost", 1) > 2:
                for name in entry["title"].partition("<i hidden>")[0].split(", "):
                    named.setdefault(name, set()).add(entry["location"])
        assert len(named) > 20
        (worker,) = built.rglob("workers/search.*.min.js")
        page = visit(serve(built), bypass_csp=True).page
        asked = {"worker": worker.relative_to(built).as_posix(), "index": index, "queries": list(named)}
        found = page.evaluate(ASK, asked)
        astray = [(name, best) for name, best in zip(named, found, strict=True) if not set(best) & named[name]]
        assert astray == []


def address(link: Locator) -> str:
    href: str = link.evaluate("link => link.href")
    return plain(href)


def plain(url: str) -> str:
    """An address without what the theme adds to it for highlighting."""
    before, sign, anchor = url.partition("#")
    return before.partition("?")[0] + sign + anchor
