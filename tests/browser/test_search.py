"""The search box: an exact name comes first in the results, visible and linked."""

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.browser.search_queries import PROJECT, TOUR

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

# Asks the worker of the site, as the theme's search box does; the hits of a query, best first.
ASK = """async ({worker, index, queries}) => {
    // The worker starts when a reader is in the search box.
    document.querySelector(".md-search__input").dispatchEvent(new FocusEvent("focusin", {bubbles: true}));
    const search = new Worker(worker);
    const ask = message => new Promise(answer => {
        search.addEventListener("message", event => answer(event.data), {once: true});
        search.postMessage(message);
    });
    await ask({type: 0, data: {config: index.config, docs: index.docs, options: {suggest: true}}});
    const found = [];
    for (const query of queries) {
        const {data} = await ask({type: 2, data: query});
        const hits = data.items.flat().filter(item => item.score > 0).sort((a, b) => b.score - a.score);
        found.push({hits, suggest: data.suggest});
    }
    return found;
}"""


def ask(page: Page, built: Path, queries: Iterable[str], docs: Sequence[object] = ()) -> list[dict[str, Any]]:
    """Ask the search of a built site, which loads its entries itself where no `docs` are given."""
    (worker,) = built.glob("assets/engross-search.*.js")
    asked = {"worker": worker.relative_to(built).as_posix(), "queries": list(queries)}
    found: list[dict[str, Any]] = page.evaluate(ASK, asked | {"index": {"config": {}, "docs": list(docs)}})
    return found


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


@pytest.mark.long
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
        page = visit(serve(built)).page
        found = [[hit["location"] for hit in one["hits"]] for one in ask(page, built, named)]
        astray = [(name, best[:1]) for name, best in zip(named, found, strict=True) if not set(best[:1]) & named[name]]
        assert astray == []


def test_what_readers_look_for_is_found(site: Path, tour_site: Path, serve: Callable, visit: Callable) -> None:
    ranks = {}
    for built, queries in ((site, PROJECT), (tour_site, TOUR)):
        page = visit(serve(built)).page
        found = ask(page, built, [query for query, _ in queries])
        for (query, places), one in zip(queries, found, strict=True):
            locations = [hit["location"] for hit in one["hits"]]
            ranks[built, query] = min((locations.index(place) for place in places if place in locations), default=99)
    assert len(ranks) == 40
    assert {key: rank for key, rank in ranks.items() if rank > 2} == {}
    assert sum(rank == 0 for rank in ranks.values()) >= 36, {key: rank for key, rank in ranks.items() if rank}


LIABILITY = {
    "location": "terms/#liability",
    "title": "Liability",
    "text": "The cap is $35,000,000 (HandsOn) after “termination for cause”, R&amp;D of a sub-processor &lt;b&gt;.",
}
PAGE = {"location": "terms/", "title": "Terms of Service", "text": ""}


@pytest.mark.parametrize(
    "query",
    [
        "35,000,000", "$35,000,000", "35", "HandsOn", "handson", "termination", "terminate", "“termination", "cap",
        "subprocessor", "sub-processors", "sub processor", "R&D", "liabilty", "liability limit", "Terminated for cause",
    ],
)  # fmt: skip
def test_words_are_found_behind_signs_in_other_forms_and_misspelt(
    site: Path, serve: Callable, visit: Callable, query: str
) -> None:
    (found,) = ask(visit(serve(site)).page, site, [query], [PAGE, LIABILITY])
    assert [hit["location"] for hit in found["hits"]][:1] == ["terms/#liability"]


def test_what_is_found_is_marked_and_markup_stays_text(site: Path, serve: Callable, visit: Callable) -> None:
    page = visit(serve(site)).page
    found = ask(page, site, ["terminate the R&D", "liab", "nothing of this kind", "  "], [PAGE, LIABILITY])
    (hit,) = found[0]["hits"]
    assert "“<mark>termination</mark> for cause”, <mark>R</mark>&amp;<mark>D</mark> of" in hit["text"]
    assert "&lt;b>" in hit["text"]
    assert found[1]["suggest"] == ["liability"]
    assert [one["hits"] for one in found[2:]] == [[], []]


def test_the_entries_are_loaded_with_the_first_query(site: Path, serve: Callable, visit: Callable) -> None:
    page: Page = visit(serve(site), viewport={"width": 1280, "height": 900}, alone=True).page
    loaded: list[str] = []
    page.on("request", lambda request: loaded.append(request.url.rpartition("/")[2]))
    page.reload()
    page.locator("html.js").wait_for(state="attached")
    page.locator(".md-search__form").wait_for()
    page.wait_for_function("document.querySelector('script[data-engross-late]')?.src && window.document$")
    page.wait_for_timeout(500)
    asked = [name for name in loaded if name.startswith("engross-search.") or name.endswith(".json")]
    assert asked == [], "the search begins when a reader uses it"
    assert address(look_for(page, "DMCA")).endswith(("copyright/", "agreement/#copyright"))
    assert loaded.count("search_index.json") == 1


def address(link: Locator) -> str:
    href: str = link.evaluate("link => link.href")
    return plain(href)


def plain(url: str) -> str:
    """An address without what the theme adds to it for highlighting."""
    before, sign, anchor = url.partition("#")
    return before.partition("?")[0] + sign + anchor
