"""The site of this checkout in a browser: no errors, no requests to other hosts, no need for scripts."""

import gzip
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

ADDRESSES = (
    "",
    "agreement/",
    "terms/acceptable-use/",
    "terms/data-processing/",
    "terms/service-specific/",
    "models/",
    "copyright/",
    "changes/",
    "since/",
)

pytestmark = pytest.mark.slow


def test_every_page_of_the_site_is_visited_here(site: Path) -> None:
    found = {path.parent.relative_to(site).as_posix() for path in site.rglob("index.html")}
    known = {address.rstrip("/") or "." for address in ADDRESSES}
    ordinary = {"help", "defined-terms", "for-programs", "in-force", "verify-document"}
    recorded = {address for address in found if "/versions" in address or address.startswith("changes/")}
    assert found - ordinary - recorded == known


def kind_of(address: str) -> str:
    """Pages of the record that differ in their document, version or change alone are of one kind."""
    if address.startswith("changes/"):
        return "changes/a-change/" if address != "changes/" else address
    before, versions, rest = address.partition("versions/")
    return versions + re.sub(r"\d+", "N", rest) if versions else before


# Every page, or in a sample every page of the documents and the first of each kind of the record's; pages of each kind
# are looked at in all settings by the matrix.
@pytest.mark.long
def test_pages_load_without_errors_or_outside_requests_and_fit(
    site: Path, serve: Callable, visit: Callable, whole: bool
) -> None:
    base = serve(site)
    visited = visit(base, viewport={"width": 1280, "height": 900}, color_scheme="dark")
    pages = sorted(path.parent.relative_to(site).as_posix() + "/" for path in site.rglob("index.html"))
    kinds = {kind_of(address): address for address in reversed(pages)}
    for address in pages if whole else kinds.values():
        visited.page.goto(base + address.removeprefix("./"), wait_until="load")
        for width in (1280, 390):
            visited.page.set_viewport_size({"width": width, "height": 900})
            # What the theme does about another width takes some pictures: the menu slides out of the page.
            sideways = visited.page.evaluate(
                """() => new Promise(done => {
                    const wide = (left) => {
                        const more = document.documentElement.scrollWidth - document.documentElement.clientWidth;
                        if (more <= 0 || left === 0) done(more);
                        else requestAnimationFrame(() => wide(left - 1));
                    };
                    requestAnimationFrame(() => requestAnimationFrame(() => wide(60)));
                })"""
            )
            assert sideways <= 0, f"{address} at {width}"
    assert visited.errors == []
    assert visited.outside == []


def test_a_clause_that_is_linked_to_is_in_view_and_highlighted(site: Path, serve: Callable, visit: Callable) -> None:
    page: Page = visit(serve(site) + "agreement/#restrictions.h.iv", viewport={"width": 1280, "height": 700}).page
    clause = page.locator('[id="restrictions.h.iv"]')
    box = clause.bounding_box()
    header = page.locator(".md-header").bounding_box()
    assert box
    assert header
    assert header["y"] + header["height"] <= box["y"] < 700
    other = page.locator('[id="restrictions.h.iii"]')
    assert background(clause) != background(other)
    assert clause.inner_text().startswith("(iv)")


def background(clause: object) -> str:
    found: str = clause.evaluate("element => getComputedStyle(element).backgroundColor")  # type: ignore[attr-defined]
    return found


def test_an_item_inside_a_sentence_can_be_linked_to(site: Path, serve: Callable, visit: Callable) -> None:
    page: Page = visit(serve(site) + "agreement/", java_script_enabled=False).page
    item = page.locator('[id="definitions.third-party-offerings.b"]')
    plain = background(item)
    item.locator("a.eg-marker").click()
    assert page.url.endswith("#definitions.third-party-offerings.b")
    assert background(item) != plain


# A stop is what Tab comes to: it can be seen, and takes the focus in its turn.
STOPS = """() => [...document.querySelectorAll("[data-engross-text] :is(a[href], button, summary, [tabindex])")]
    .filter(element => element.tabIndex >= 0 && element.checkVisibility({visibilityProperty: true})).length"""
WORDS = """() => {
    const text = document.querySelector("[data-engross-text]").cloneNode(true);
    for (const generated of text.querySelectorAll("[data-engross-generated]")) generated.remove();
    return text.textContent.trim().split(/\\s+/).length;
}"""


@pytest.mark.parametrize("address", ["agreement/", "terms/data-processing/", "terms/service-specific/"])
def test_tab_stops_in_a_text_are_at_most_25_in_1000_words(
    site: Path, serve: Callable, visit: Callable, address: str
) -> None:
    page: Page = visit(serve(site) + address, viewport={"width": 1280, "height": 900}).page
    stops, words = page.evaluate(STOPS), page.evaluate(WORDS)
    assert stops > 0
    assert stops <= max(25, words * 25 / 1000), f"{stops} stops in {words} words"


@pytest.mark.parametrize("kind", ["js", "css"])
def test_scripts_and_styles_of_a_page_weigh_at_most_14_kb_compressed(site: Path, kind: str) -> None:
    weights = {}
    for path in site.rglob("*.html"):
        named = set(re.findall(rf"(?:src|href)=\"[^\"]*assets/(engross[^/\"]*\.{kind})\"", path.read_text("utf-8")))
        # The search is a worker, which is loaded when a reader is in its box; the theme's weighs 13 kB.
        loaded = [site / "assets" / name for name in named if not name.startswith("engross-search.")]
        weights[path] = sum(len(gzip.compress(one.read_bytes(), 9)) for one in loaded)
    assert max(weights.values()) <= 14_000, max(weights, key=lambda path: weights[path])
    assert min(weights[site / name / "index.html"] for name in ("agreement", "models")) > 1000


@pytest.mark.parametrize("words", ["Restrictions (h)(iv)", "telecommunications service"])
def test_search_finds_a_clause_by_its_label_and_by_its_words(
    site: Path, serve: Callable, visit: Callable, words: str
) -> None:
    visited = visit(serve(site), viewport={"width": 1280, "height": 900})
    page: Page = visited.page
    page.locator("input.md-search__input").click()
    page.locator("input.md-search__input").press_sequentially(words)
    hit = page.locator('.md-search-result a[href*="agreement/"][href*="#restrictions.h.iv"]').first
    hit.wait_for(state="attached")
    assert "(h)(iv)" in (hit.text_content() or "")
    assert visited.errors == []


class ModelList:
    """The model list's page: what its filters show."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def choose(self, **chosen: str) -> None:
        for name, title in chosen.items():
            self.page.locator(f'select[name="{name}"]').select_option(label=title)

    @property
    def rows(self) -> list[str]:
        return self._seen(".eg-table tbody tr", ".eg-table tbody tr:visible th a")

    @property
    def entries(self) -> list[str]:
        return self._seen(".eg-model", ".eg-model:visible h2")

    def _seen(self, everything: str, seen: str) -> list[str]:
        assert self.page.locator(everything).count() > 12
        return [words.strip() for words in self.page.locator(seen).all_text_contents()]


@pytest.fixture(params=[False, True], ids=["without scripts", "with scripts"])
def models(site: Path, serve: Callable, visit: Callable, request: pytest.FixtureRequest) -> ModelList:
    return ModelList(visit(serve(site) + "models/", java_script_enabled=request.param).page)


def test_filters_show_what_matches_in_the_table_and_below_it(models: ModelList) -> None:
    everything = models.rows
    assert models.entries == everything
    models.choose(modality="audio")
    assert models.rows == ["Whisper large-v3", "Parakeet TDT 0.6B v2"]
    assert models.entries == models.rows
    models.choose(modality="All")
    assert models.rows == everything


def test_filters_combine(models: ModelList) -> None:
    models.choose(modality="image", licence="Apache License 2.0")
    both = models.rows
    assert models.entries == both
    models.choose(provider="Allen Institute for AI")
    assert models.rows == ["olmOCR 7B 0225 preview"]
    assert set(models.rows) < set(both)


def test_where_nothing_matches_the_list_says_so(models: ModelList) -> None:
    nothing = models.page.get_by_text("Nothing matches all filters.")
    assert not nothing.is_visible()
    models.choose(modality="audio", provider="Meta")
    assert models.rows == models.entries == []
    assert nothing.is_visible()
    models.page.get_by_role("button", name="Show all").click()
    assert not nothing.is_visible()
    assert len(models.rows) > 12


def test_a_model_that_is_gone_to_is_shown_whatever_is_chosen(models: ModelList) -> None:
    models.choose(modality="audio")
    others = models.rows
    models.page.goto(f"{models.page.url.partition('#')[0]}#gemma-3-27b-it")
    heading = models.page.locator('[id="gemma-3-27b-it"]')
    expect(heading).to_be_in_viewport()
    assert len(models.entries) == len(others) + 1


def test_an_address_with_filters_shows_its_model_and_keeps_only_what_the_list_has(
    site: Path, serve: Callable, visit: Callable
) -> None:
    page: Page = visit(serve(site) + "models/?modality=audio&stage=foo&other=1#gemma-3-27b-it").page
    expect(page.locator('[id="gemma-3-27b-it"]')).to_be_in_viewport()
    assert page.url.endswith("/models/?modality=audio&other=1#gemma-3-27b-it")


def test_models_are_searched_and_sorted_and_the_address_keeps_it(site: Path, serve: Callable, visit: Callable) -> None:
    page: Page = visit(serve(site) + "models/").page
    models = ModelList(page)
    everything = models.rows
    page.get_by_role("searchbox", name="Find a model").fill("APACHE mistral")
    assert models.rows == models.entries == ["Mistral Small 3 24B Instruct"]
    page.get_by_role("searchbox", name="Find a model").fill("no such model")
    assert models.rows == []
    assert page.get_by_text("Nothing matches all filters.").is_visible()
    page.get_by_role("button", name="Show all").click()
    expect(page.locator(".eg-as-cards tbody tr:visible")).to_have_count(len(everything))
    assert models.rows == everything

    head = page.locator("th[data-column=context_tokens]")
    head.get_by_role("button").click()
    assert head.get_attribute("aria-sort") == "ascending"
    head.get_by_role("button").click()
    assert head.get_attribute("aria-sort") == "descending"
    shown = page.locator(".eg-as-cards td[data-label='Context window']").all_text_contents()
    sizes = [int(text.replace(",", "") or 0) for text in shown]
    assert sizes == sorted(sizes, reverse=True)
    page.reload()
    assert models.rows != everything
    assert sorted(models.rows) == sorted(everything)
    head.get_by_role("button").click()
    assert models.rows == everything
    assert page.url.endswith("/models/")


def test_models_are_compared_side_by_side(site: Path, serve: Callable, visit: Callable) -> None:
    page: Page = visit(serve(site) + "models/").page
    for name in ("Phi-4", "Gemma 3 27B IT"):
        page.get_by_role("checkbox", name=f"Compare {name}").check()
    page.get_by_role("button", name="Compare 2 models").click()
    table = page.get_by_role("region", name="Comparison of models").get_by_role("table")
    assert table.get_by_role("columnheader").all_text_contents() == ["Gemma 3 27B IT", "Phi-4"]
    labels = table.get_by_role("rowheader").all_text_contents()
    assert labels == sorted(labels, key=["ID", "Provider", "Task", "Base model", "Version", "Licence",
        "Licence conditions", "Input", "Output", "Context window", "Model source"].index)  # fmt: skip
    assert table.get_by_role("row", name="Provider").get_by_role("cell").all_text_contents() == ["Google", "Microsoft"]
    page.reload()
    assert table.is_visible()
    for name in ("OLMo 2 32B", "BGE-M3"):
        page.get_by_role("checkbox", name=f"Compare {name}").check()
    assert page.get_by_text("At most 4 models can be compared.").is_visible()
    assert page.get_by_role("checkbox", name="Compare Whisper large-v3").is_disabled()
    assert len(table.get_by_role("columnheader").all()) == 4
    page.get_by_role("button", name="Clear the choice").click()
    assert not table.is_visible()
    assert page.url.endswith("/models/")


def test_the_id_that_requests_contain_is_copied(states: Path, serve: Callable, visit: Callable) -> None:
    page: Page = visit(
        serve(states / "site-in-force") + "models/", permissions=["clipboard-read", "clipboard-write"]
    ).page
    page.get_by_role("button", name="Copy the API model ID tern/small-1").first.click()
    page.get_by_text("API model ID copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == "tern/small-1-instruct-0425-with-a-name-that-is-long"


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1280, 900)])
@pytest.mark.parametrize("address", ["agreement/", "terms/data-processing/", "models/", "copyright/"])
def test_the_title_is_on_the_first_screen(
    site: Path, serve: Callable, visit: Callable, address: str, width: int, height: int
) -> None:
    page: Page = visit(serve(site) + address, viewport={"width": width, "height": height}).page
    title = page.locator("h1").last.bounding_box()
    text = page.locator(".eg-text p, .eg-models td").first.bounding_box()
    assert title
    assert title["y"] + title["height"] < height
    assert text
    assert width < 1280 or text["y"] < height


def test_each_model_can_be_linked_to(site: Path, serve: Callable, visit: Callable) -> None:
    page: Page = visit(serve(site) + "models/#gemma-3-27b-it", viewport={"width": 1280, "height": 900}).page
    box = page.locator('[id="gemma-3-27b-it"]').bounding_box()
    assert box
    assert 0 < box["y"] < 900


def test_without_scripts_a_page_can_be_read_and_links_followed(site: Path, serve: Callable, visit: Callable) -> None:
    page: Page = visit(serve(site) + "agreement/", java_script_enabled=False).page
    assert page.locator('[id="restrictions.h.iv"]').is_visible()
    page.get_by_role("link", name="the model list").first.click()
    page.locator("h1", has_text="Model list").wait_for()
    assert page.url.endswith("/models/")


def test_a_model_has_the_control_of_a_clause(site: Path, serve: Callable, visit: Callable) -> None:
    base = serve(site)
    visited = visit(base + "models/", permissions=["clipboard-read", "clipboard-write"])
    page: Page = visited.page
    controls = page.locator(".eg-models .eg-link[role=button]")
    assert controls.count() == page.locator(".eg-model").count() > 3
    assert page.locator(".eg-models :is(.eg-link, .eg-changed a)[tabindex='0']").count() == 1
    controls.first.focus()
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.getAttribute('href')") == controls.nth(1).get_attribute("href")
    model = controls.first.get_attribute("href")
    copied = {}
    for what in ("link", "citation", "text"):
        controls.first.press("Enter")
        page.locator(f".eg-menu [data-copy={what}]").click()
        page.locator(".eg-said:not(:empty)").wait_for()
        copied[what] = page.evaluate("navigator.clipboard.readText()")
    assert copied["link"] == f"{base}models/versions/1/{model}"
    name = page.locator(f'.eg-model h2:has(> [href="{model}"])').inner_text().strip()
    assert copied["citation"].startswith(f"Model list, {name}, version 1, in force from ")
    lines = copied["text"].splitlines()
    assert lines[0] == name
    assert any(line.startswith("Provider: ") for line in lines)
    assert any(line.startswith("Licence: ") and "(https://" in line for line in lines)
    assert visited.errors == []


def test_what_a_filter_hides_is_no_stop_of_the_keyboard(site: Path, serve: Callable, visit: Callable) -> None:
    page: Page = visit(serve(site) + "models/").page
    page.locator(".eg-filters select[name=provider]").select_option(index=2)
    stop = page.locator(".eg-models .eg-link[tabindex='0']")
    assert stop.count() == 1
    assert stop.is_visible()
    stop.focus()
    page.keyboard.press("End")
    assert page.locator(".eg-link:focus").is_visible()
